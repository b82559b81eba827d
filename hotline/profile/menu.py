"""The telephone menu of a profile: languages, menus, options, recordings, and the rules of the call.

`menu.toml` says what is offered under which key; a new option that does something known needs no code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from hotline.profile.reader import Reader

Action = Literal["menu", "report", "status", "say", "jornadas", "alerts_on", "alerts_off", "person"]

ACTIONS: tuple[Action, ...] = ("report", "status", "say", "jornadas", "alerts_on", "alerts_off", "person")
BACK, AGAIN, PERSON = "*", "9", "0"
# In the first menu, when there are more than two languages.
LANGUAGES = "8"
# More than this at once and nobody remembers the first.
MOST_OPTIONS = 5
# Keys until an option is reached; a place or a clave comes after.
DEEPEST = 3
_MONTHS = range(1, 13)
SOUNDS: Mapping[str, str] = MappingProxyType({".mp3": "audio/mpeg", ".wav": "audio/wav"})


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language of the call: the `key` that picks it, and the carrier's language `tag` and `voice`; both None where
    it is spoken by recordings only. `invitation` offers it in its own words; `months` are the names of the twelve.
    `records`: no machine understands it, so that stories are recorded."""

    code: str
    key: str
    tag: str | None
    voice: str | None
    invitation: str | None
    months: tuple[str, ...]
    records: bool


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a menu. `says` offers it, by language, the key filled in. `does` an action; "menu" opens `menu`."""

    key: str
    says: Mapping[str, str]
    does: Action
    menu: str | None = None
    kind: str | None = None
    text: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Menu:
    """Choices that are read out together. `hears`: spoken words are a report. `parent` is where * leads."""

    name: str
    intro: Mapping[str, str] | None
    options: tuple[Option, ...]
    hears: bool
    parent: str

    def option(self, key: str) -> Option | None:
        return next((option for option in self.options if option.key == key), None)


@dataclass(frozen=True, slots=True)
class RingBack:
    """Which of our numbers are not answered but called back, and how often: once a phone in `every_minutes`, at most
    `a_day` altogether, to the ISO `countries` only."""

    numbers: frozenset[str]
    every_minutes: int
    a_day: int
    countries: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sound:
    """A recorded prompt: the file, relative to the recordings' folder, and what changes when the file does."""

    file: str
    version: str


@dataclass(frozen=True, slots=True)
class CallMenu:
    """Everything a profile says about calls. `tongues` are those declared, `offered` those complete."""

    first: str
    menus: Mapping[str, Menu]
    tongues: Mapping[str, Tongue]
    folder: Path
    sounds: Mapping[tuple[str, str], Sound]
    missing: Mapping[str, tuple[str, ...]]
    resume_minutes: int
    claves_a_call: int
    recording_days: int
    ring_back: RingBack

    @property
    def offered(self) -> tuple[Tongue, ...]:
        """The languages that can be spoken from beginning to end."""
        return tuple(tongue for tongue in self.tongues.values() if not self.missing.get(tongue.code))

    def voice(self, language: str) -> tuple[str, str]:
        """The carrier's language tag and voice for `language`; for one that only has recordings those of the first."""
        tongue = next(each for each in (self.tongues[language], *self.tongues.values()) if each.tag and each.voice)
        assert tongue.tag and tongue.voice
        return tongue.tag, tongue.voice

    def sound(self, language: str, prompt: str) -> Sound | None:
        return self.sounds.get((language, prompt))


def load_menu(
    folder: Path,
    languages: tuple[str, ...],
    *,
    kinds: frozenset[str],
    numbers: Mapping[str, str],
    fixed_prompts: tuple[str, ...],
) -> CallMenu:
    """The menu of `folder`. `languages` are those with texts; `fixed_prompts` the names of prompts that every recorded
    language must have besides the menus' own. Raises ProfileError with file, key and reason."""
    file = Reader.open(folder / "menu.toml")
    tongues = _tongues(file.table("languages"), languages)
    spoken = tuple(tongue.code for tongue in tongues.values() if tongue.tag)
    first = file.matching("first", r"[a-z_]+", "main")
    raw = {name: _menu(name, reader, spoken, kinds, numbers) for name, reader in file.table("menus").tables()}
    if first not in raw:
        file.fail("first", f"there is no menu {first!r}; the menus are {', '.join(raw)}")
    menus = _with_parents(file, first, raw)
    _refuse_clashes(file, menus[first], tongues)
    clocks = file.table("clocks")
    resume, claves = clocks.whole("resume_minutes", 1, 120), clocks.whole("claves_a_call", 1, 50)
    recording_days = clocks.whole("recording_days", 1, 365)
    clocks.done()
    ring_back = _ring_back(file.table("ring_back"))
    file.done()
    prompts = (*fixed_prompts, *menu_prompts(menus, tongues))
    sounds = _sounds(folder / "recordings", tongues, prompts, file)
    missing = {
        tongue.code: tuple(name for name in prompts if (tongue.code, name) not in sounds)
        for tongue in tongues.values()
        if tongue.tag is None
    }
    return CallMenu(
        first=first,
        menus=MappingProxyType(menus),
        tongues=MappingProxyType(tongues),
        folder=folder / "recordings",
        sounds=MappingProxyType(sounds),
        missing=MappingProxyType(missing),
        resume_minutes=resume,
        claves_a_call=claves,
        recording_days=recording_days,
        ring_back=ring_back,
    )


def menu_prompts(menus: Mapping[str, Menu], tongues: Mapping[str, Tongue]) -> tuple[str, ...]:
    """The names of the prompts that the menus themselves bring: invitations, intros, options, what `say` says."""
    names = [f"invitation.{code}" for code in tongues]
    for menu in menus.values():
        names += [f"menu.{menu.name}"] if menu.intro else []
        for option in menu.options:
            names.append(f"menu.{menu.name}.{option.key}")
            names += [f"menu.{menu.name}.{option.key}.text"] if option.text else []
    return tuple(names)


def _tongues(reader: Reader, languages: tuple[str, ...]) -> dict[str, Tongue]:
    tongues: dict[str, Tongue] = {}
    for code, table in reader.tables():
        if not re.fullmatch(r"[a-z]{2,3}", code):
            table.fail("", "a language's code is of two or three small letters, as in es or nah")
        tag = table.matching("tag", r"[a-z]{2,3}-[A-Z0-9]{2,3}", "es-MX") if table.has("tag") else None
        voice = table.string("voice") if tag else None
        key = table.matching("key", r"[1-8]", "8")
        if any(other.key == key for other in tongues.values()):
            table.fail("key", f"{key} picks another language already; choose another digit")
        if tag and code not in languages:
            table.fail("", f"is spoken by a voice but has no texts; add {code} to languages in profile.toml")
        invitation = _with_key(table, "invitation", key) if tag else None
        months = table.words("months") if tag else ()
        if tag and len(months) != len(_MONTHS):
            table.fail("months", f"must name the twelve months, parted by commas, not {len(months)}")
        records = table.flag("records") if tag else True
        tongues[code] = Tongue(code, key, tag, voice, invitation, months, records)
        table.done()
    for code in languages:
        if code not in tongues:
            reader.fail(code, "is missing; profile.toml names this language")
    return {code: tongues[code] for code in (*languages, *(each for each in tongues if each not in languages))}


def _with_key(reader: Reader, name: str, key: str) -> str:
    text = reader.string(name)
    if "{key}" not in text:
        reader.fail(name, "must say the key to press: write {key} where it is said")
    return text.replace("{key}", key)


def _menu(
    name: str, reader: Reader, spoken: tuple[str, ...], kinds: frozenset[str], numbers: Mapping[str, str]
) -> Menu:
    if not re.fullmatch(r"[a-z_]+", name):
        reader.fail("", "a menu's name is of small letters, as in main")
    intro = _texts(reader.table("intro"), spoken, numbers) if reader.has("intro") else None
    options: list[Option] = []
    for row in reader.rows("options"):
        option = _option(row, spoken, kinds, numbers)
        if any(other.key == option.key for other in options):
            row.fail("key", f"{option.key} is pressed for another option of this menu already")
        options.append(option)
    if not 1 <= len(options) <= MOST_OPTIONS:
        reader.fail("options", f"must be 1 to {MOST_OPTIONS}, not {len(options)}; nobody remembers more")
    menu = Menu(name, intro, tuple(options), reader.flag("hears"), "")
    reader.done()
    return menu


def _option(row: Reader, spoken: tuple[str, ...], kinds: frozenset[str], numbers: Mapping[str, str]) -> Option:
    key = row.matching("key", r"[0-8]", "1")
    offers = row.table("says")
    says = MappingProxyType({code: _with_key(offers, code, key) for code in spoken})
    offers.done()
    if row.has("menu"):
        option = Option(key, says, "menu", menu=row.string("menu"))
    else:
        does = row.choice("does", ACTIONS)
        kind = row.choice("kind", tuple(sorted(kinds))) if does == "report" and row.has("kind") else None
        text = _texts(row.table("text"), spoken, numbers) if does == "say" else None
        option = Option(key, says, does, kind=kind, text=text)  # type: ignore[arg-type]  # one of ACTIONS
    if (key == PERSON) is not (option.does == "person"):
        row.fail("key", f"{PERSON} asks for a person, everywhere, and nothing else does")
    row.done()
    return option


def _texts(reader: Reader, spoken: tuple[str, ...], numbers: Mapping[str, str]) -> Mapping[str, str]:
    texts = {}
    for code in spoken:
        text = reader.string(code)
        for name in re.findall(r"\{([^}]*)\}", text):
            if name not in numbers:
                reader.fail(code, f"the placeholder {{{name}}} is unknown here; known are {', '.join(numbers)}")
        texts[code] = text.format_map(numbers)
    reader.done()
    return MappingProxyType(texts)


def _with_parents(file: Reader, first: str, raw: Mapping[str, Menu]) -> dict[str, Menu]:
    """Every menu with its way back. Refuses menus that nothing opens, that several open, or that lie too deep."""
    menus = {first: raw[first]}
    depth = {first: 1}
    waiting = [first]
    while waiting:
        name = waiting.pop()
        for option in menus[name].options:
            if option.menu is None:
                continue
            where = f"menus.{name}"
            if option.menu not in raw:
                file.fail(where, f"opens {option.menu!r}, which is no menu; the menus are {', '.join(raw)}")
            if option.menu in menus:
                file.fail(where, f"opens {option.menu!r}, which another option opens already; * would lead to one only")
            depth[option.menu] = depth[name] + 1
            if depth[option.menu] > DEEPEST:
                file.fail(where, f"opens {option.menu!r} more than {DEEPEST} keys deep; bring it nearer")
            found = raw[option.menu]
            menus[option.menu] = Menu(found.name, found.intro, found.options, found.hears, parent=name)
            waiting.append(option.menu)
    for name in raw:
        if name not in menus:
            file.fail(f"menus.{name}", "no option opens this menu; add one or take it out")
    return menus


def _refuse_clashes(file: Reader, first: Menu, tongues: Mapping[str, Tongue]) -> None:
    for tongue in tongues.values():
        if len(tongues) > 1 and first.option(tongue.key):
            file.fail(f"languages.{tongue.code}.key", f"{tongue.key} is pressed for an option of {first.name} already")
    if len(tongues) > 2 and first.option(LANGUAGES):
        file.fail(f"menus.{first.name}", f"{LANGUAGES} lists the languages when there are more than two; take another")


def _ring_back(reader: Reader) -> RingBack:
    for number in reader.strings("numbers"):
        if not re.fullmatch(r"\+[1-9]\d{6,14}", number):
            reader.fail("numbers", f'must hold numbers like "+525512345678", not {number!r}')
    for country in reader.strings("countries"):
        if not re.fullmatch(r"[A-Z]{2}", country):
            reader.fail("countries", f'must hold codes like "MX", not {country!r}')
    ring_back = RingBack(
        frozenset(reader.strings("numbers")),
        reader.whole("every_minutes", 1, 1440),
        reader.whole("a_day", 1, 100_000),
        frozenset(reader.strings("countries")),
    )
    reader.done()
    return ring_back


def _sounds(
    folder: Path, tongues: Mapping[str, Tongue], prompts: tuple[str, ...], file: Reader
) -> dict[tuple[str, str], Sound]:
    """The recordings that are there. Refuses one that no prompt bears the name of: it would never be heard."""
    sounds: dict[tuple[str, str], Sound] = {}
    if not folder.is_dir():
        return sounds
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")):
        shown = f"recordings/{path.relative_to(folder)}"
        code = path.parent.name
        if path.parent.parent != folder or code not in tongues:
            file.fail("languages", f"{shown} belongs to no language of the menu; correct its folder or remove it")
        if path.suffix not in SOUNDS:
            file.fail(f"languages.{code}", f"{shown} is no {' or '.join(SOUNDS)}; convert it")
        if path.stem not in prompts:
            file.fail(f"languages.{code}", f"{shown} is no prompt's; the names are those of: menu show")
        stat = path.stat()
        sounds[code, path.stem] = Sound(f"{code}/{path.name}", f"{stat.st_size:x}{int(stat.st_mtime):x}")
    return sounds
