"""The answer to a text message: one short SMS, or silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hotline.dialogue.intents import Understood
from hotline.language.gsm import segments, to_gsm7
from hotline.language.sounds import sounds
from hotline.profile import Profile
from hotline.profile.catalogue import CATALOGUE
from hotline.profile.services import Jornada

# Nothing but a place, or little more, is the answer to our question for it.
_FEW_WORDS = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a text stands once it is kept: the report's clave, whether it opened the report, whether its place was
    known before, whether its sender has had enough answers for now or this is the network's echo. `is_part`: it came so
    soon after an answered text that it is the rest of it. `erasable`: its sender wants it erased some day."""

    clave: str
    fresh: bool
    had_place: bool
    silent: bool
    is_part: bool = False
    erasable: bool = False


def answer(
    understood: Understood, standing: Standing, profile: Profile, language: str, *, empty: bool, media: bool
) -> str | None:
    """What to text back about a kept message; None for silence."""
    if standing.silent:
        return None
    if standing.is_part and not standing.fresh:
        return None
    if understood.intent == "patrulla":
        return _patrol(understood, profile, language)
    if standing.fresh:
        clave = grouped(standing.clave)
        if media:
            return profile.text("sms.received_media", language, clave=clave)
        if empty:
            return profile.text("sms.received_empty", language, clave=clave)
        if standing.erasable:
            return profile.text("sms.received_erasable", language, clave=clave)
        key = "sms.received" if understood.names_place else "sms.received_asking_place"
        return profile.text(key, language, clave=clave)
    if media:
        return profile.text("sms.added_media", language)
    if understood.names_place and not standing.had_place:
        place = profile.place_name(understood.area, understood.state) or ""
        return profile.text("sms.place_noted", language, place=place)
    return profile.text("sms.added", language)


def answers_question(body: str, understood: Understood) -> bool:
    """Whether a text is so short that it answers where it was, and is no part of the text before."""
    return understood.names_place and len(body.split()) <= _FEW_WORDS


def _patrol(understood: Understood, profile: Profile, language: str) -> str:
    place = profile.place_name(understood.area, understood.state)
    if place is None:
        return profile.text("sms.patrol_asking_place", language)
    return profile.text("sms.patrol", language, place=place)


def advice(body: str, profile: Profile, language: str) -> str:
    """Advice on the theme that `body` names; the list of themes when it names none."""
    heard = set(profile.intents.book.read(body).words)
    for theme in profile.services.advice:
        if not theme.words.isdisjoint(heard):
            return theme.texts.get(language) or theme.texts[profile.languages[0]]
    return profile.text("sms.advice_menu", language)


def dates(found: Sequence[Jornada], place: str | None, profile: Profile, language: str) -> str:
    """The next dates, as many as fit; that there is none when there is none."""
    if not found:
        if place is None:
            return profile.text("sms.jornadas_none_anywhere", language)
        return profile.text("sms.jornadas_none", language, place=place)
    said = ""
    for jornada in found:
        area = "" if place else f" {profile.areas[jornada.area].name}"
        line = f"{jornada.starts:%d/%m %H:%M}{area}: {jornada.title}, {jornada.place}"
        longer = profile.text("sms.jornadas", language, dates=f"{said}; {line}" if said else line)
        if segments(to_gsm7(longer)) > CATALOGUE["sms.jornadas"].segments:
            break
        said = f"{said}; {line}" if said else line
    return profile.text("sms.jornadas", language, dates=said)


def figures(count: int, place: str | None, profile: Profile, language: str) -> str:
    """How many reports came in lately; a small count is not given, for it could point at somebody."""
    services = profile.services
    few = count < services.figures_told_from
    values = {"days": str(services.figures_days), "count": str(services.figures_told_from if few else count)}
    key = ("sms.figures" if place else "sms.figures_all") + ("_few" if few else "")
    return profile.text(key, language, **values, **({"place": place} if place else {}))


def words_after(body: str) -> str:
    """What follows the first word of a text: an opinion without the word for it."""
    first, _, rest = body.strip().partition(" ")
    return rest.strip() if sounds(first.lower())[:4] in ("opin", "suje") else body.strip()


def grouped(clave: str) -> str:
    """Ten digits as they are easiest to copy: `123 456 7890`."""
    return f"{clave[:3]} {clave[3:6]} {clave[6:]}"


def spelt(clave: str) -> str:
    """Ten digits as they are read out: digit by digit, in groups with a rest between."""
    return ". ".join(", ".join(group) for group in (clave[:3], clave[3:6], clave[6:]))
