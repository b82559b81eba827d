"""Loading a profile: every file of its folder read, each part held against the others, the whole frozen."""

from __future__ import annotations

import gc
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from hotline.profile.catalogue import FIXED_PROMPTS
from hotline.profile.duty import load_duty
from hotline.profile.intents import load_intents
from hotline.profile.menu import load_menu
from hotline.profile.model import Clocks, Kind, Profile, Quarantine, Retention
from hotline.profile.reader import ProfileError, Reader
from hotline.profile.services import load_services
from hotline.profile.territory import load_territory
from hotline.profile.texts import load_texts
from hotline.profile.triage import URGENCIES, load_triage

_BUILT_IN = Path(__file__).parent
_FILES = (
    "profile",
    "territory",
    "places",
    "kinds",
    "triage",
    "phrases",
    "leanings",
    "menu",
    "intents",
    "services",
    "duty",
)


def folder_of(name: str) -> Path:
    """The folder of the profile called `name`. Raises ProfileError when there is none."""
    built_in = re.fullmatch(r"[a-z][a-z0-9_]*", name) and (_BUILT_IN / name / "profile.toml").exists()
    folder = _BUILT_IN / name if built_in else Path(name).absolute()
    if not folder.is_dir():
        known = ", ".join(sorted(path.parent.name for path in _BUILT_IN.glob("*/profile.toml")))
        raise ProfileError(f"profile {name!r}: no built-in profile ({known}) and no folder of this name; correct it")
    return folder


@lru_cache(maxsize=64)
def load(name: str) -> Profile:
    """The profile called `name`: a built-in one ("osc") or the path of a folder. Cached; the same object each time.

    Raises ProfileError, one line that names the file, the key, the reason and how to mend it.
    """
    # All that is made here stays: the collector would walk it again and again while it grows.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _load(folder_of(name))
    finally:
        if collecting:
            gc.enable()


def _load(folder: Path) -> Profile:
    main = Reader.open(folder / "profile.toml")
    languages = main.strings("languages")
    for language in languages:
        if not re.fullmatch(r"[a-z]{2,3}", language):
            main.fail("languages", f'must hold codes of two or three letters, as in ["es", "en"], not {language!r}')
    if not languages or len(set(languages)) != len(languages):
        main.fail("languages", "must name at least one language, and each once")
    _refuse_strangers(folder, languages)
    numbers = _numbers(main.table("numbers"))
    public = main.table("public")
    listed = public.strings("numbers")
    public.done()
    public_numbers = frozenset(form for number in (*numbers.values(), *listed) for form in _digits(number))
    territory = load_territory(folder, public_numbers)
    kinds = _kinds(folder, languages)
    places = (*(s.name for s in territory.states.values()), *(a.name for a in territory.areas.values()))
    texts = {
        language: MappingProxyType(
            load_texts(
                folder,
                language,
                numbers=numbers,
                places=places,
                kinds=tuple(kind.names[language] for kind in kinds.values()),
            )
        )
        for language in languages
    }
    profile = Profile(
        name=main.matching("name", r"[a-z][a-z0-9_]*", "osc"),
        organisation=main.string("organisation"),
        short_name=main.string("short_name"),
        timezone=_timezone(main),
        country=main.matching("country", r"[A-Z]{2}", "MX"),
        languages=languages,
        states=MappingProxyType(territory.states),
        areas=MappingProxyType(territory.areas),
        kinds=MappingProxyType(kinds),
        numbers=MappingProxyType(numbers),
        public_numbers=public_numbers,
        retention=_retention(main.table("retention")),
        quarantine=_quarantine(main.table("quarantine")),
        clocks=_clocks(main.table("clocks")),
        places=territory.places,
        triage=load_triage(folder, kinds),
        intents=load_intents(folder),
        services=load_services(folder, languages, territory.areas, numbers),
        duty=load_duty(folder, kinds, languages),
        texts=MappingProxyType(texts),
        menu=load_menu(folder, languages, kinds=frozenset(kinds), numbers=numbers, fixed_prompts=FIXED_PROMPTS),
    )
    main.done()
    return profile


def _refuse_strangers(folder: Path, languages: tuple[str, ...]) -> None:
    expected = {f"{stem}.toml" for stem in (*_FILES, *(f"texts.{language}" for language in languages))}
    for path in sorted(folder.glob("*.toml")):
        if path.name not in expected:
            hint = "add its language to languages in profile.toml or " if path.name.startswith("texts.") else ""
            raise ProfileError(f"{folder.name}/{path.name}: no part of a profile; {hint}correct its name or remove it")


def _timezone(main: Reader) -> ZoneInfo:
    name = main.string("timezone")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        main.fail("timezone", f'there is no time zone {name!r}; write one as in "America/Mexico_City"')


def _numbers(reader: Reader) -> dict[str, str]:
    """Numbers as they are to be printed, by the name that texts use for them."""
    numbers = {}
    for key in reader.names():
        if not re.fullmatch(r"[a-z_]+", key):
            reader.fail(key, "the name of a number is of small letters, as in cyber_police")
        numbers[key] = reader.matching(key, r"[*+]?\d[\d ]*\d(?: ext\. \d+)?", "55 5533 5533")
    reader.done()
    return numbers


def _digits(number: str) -> tuple[str, ...]:
    """The digits of a number, without and with its extension."""
    main, _, extension = number.partition(" ext. ")
    digits = re.sub(r"\D", "", main)
    return (digits, digits + extension) if extension else (digits,)


def _kinds(folder: Path, languages: tuple[str, ...]) -> dict[str, Kind]:
    file = Reader.open(folder / "kinds.toml")
    kinds: dict[str, Kind] = {}
    for slug, reader in file.table("kinds").tables():
        if not re.fullmatch(r"[a-z][a-z_]*", slug):
            reader.fail("", "a kind's name is of small letters and underscores, as in cobro_de_piso")
        names = reader.table("names")
        kinds[slug] = Kind(slug, _names(names, languages), reader.choice("urgency", URGENCIES))
        reader.done()
    file.done()
    if "otro" not in kinds:
        file.fail("kinds.otro", "is missing; reports that fit no other kind need it")
    return kinds


def _names(reader: Reader, languages: tuple[str, ...]) -> Mapping[str, str]:
    names = MappingProxyType({language: reader.string(language) for language in languages})
    reader.done()
    return names


def _retention(reader: Reader) -> Retention:
    retention = Retention(
        report_days=reader.whole("report_days", 1, 3650),
        evidence_days=reader.whole("evidence_days", 1, 3650),
        return_address_days=reader.whole("return_address_days", 1, 365),
        quarantine_days=reader.whole("quarantine_days", 1, 365),
    )
    reader.done()
    return retention


def _quarantine(reader: Reader) -> Quarantine:
    quarantine = Quarantine(unknown_spans=reader.whole("unknown_spans", 1, 100))
    reader.done()
    return quarantine


def _clocks(reader: Reader) -> Clocks:
    clocks = Clocks(
        join_minutes=reader.whole("join_minutes", 1, 1440),
        digest_hours=reader.hours("digest_hours"),
        answers_per_hour=reader.whole("answers_per_hour", 1, 60),
    )
    reader.done()
    return clocks
