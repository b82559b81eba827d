"""The answer to a text message: one short SMS, or silence."""

from __future__ import annotations

from dataclasses import dataclass

from hotline.dialogue.intents import Understood
from hotline.profile import Profile


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a text stands once it is kept: the report's clave, whether it opened the report, whether its place was
    known before, whether its sender has had enough answers for now or this is the network's echo."""

    clave: str
    fresh: bool
    had_place: bool
    silent: bool


def answer(
    understood: Understood, standing: Standing, profile: Profile, language: str, *, empty: bool, media: bool
) -> str | None:
    """What to text back about a kept message; None for silence."""
    if standing.silent:
        return None
    if standing.fresh:
        clave = grouped(standing.clave)
        if media:
            return profile.text("sms.received_media", language, clave=clave)
        if empty:
            return profile.text("sms.received_empty", language, clave=clave)
        key = "sms.received" if understood.names_place else "sms.received_asking_place"
        return profile.text(key, language, clave=clave)
    if media:
        return profile.text("sms.added_media", language)
    if understood.names_place and not standing.had_place:
        place = profile.place_name(understood.area, understood.state) or ""
        return profile.text("sms.place_noted", language, place=place)
    return profile.text("sms.added", language)


def grouped(clave: str) -> str:
    """Ten digits as they are easiest to copy: `123 456 7890`."""
    return f"{clave[:3]} {clave[3:6]} {clave[6:]}"


def spelt(clave: str) -> str:
    """Ten digits as they are read out: digit by digit, in groups with a rest between."""
    return ". ".join(", ".join(group) for group in (clave[:3], clave[3:6], clave[6:]))
