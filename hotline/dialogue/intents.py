"""What a text message wants. Whatever is not plainly something else is a report: nobody must learn a keyword."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from hotline.language.fold import plain
from hotline.profile import Profile

Intent = Literal["reporte", "ayuda"]

_NOT_WORD = re.compile(r"[^a-z0-9]+")
_HELP = frozenset({"ayuda", "help", "info", "informacion", "instrucciones"})
# OK and a case code, as people type it on a keypad: "ok k7m2p", "OK: K7M2P.", "okk7m2p". A code has five signs and no
# vowel; with a digit in it a mistyped one is recognised too, and words ("ok voy") stay what they are.
_ACKNOWLEDGE = re.compile(r"^\W*o\W?k(?:ey|ay)?\W*((?=[a-z]*\d|[^aeiou]{5}\W*$)[a-z0-9]{5})\W*$")


@dataclass(frozen=True, slots=True)
class Understood:
    """One text: its intent, the place it names (INEGI codes) and the argument of a command."""

    intent: Intent
    area: str | None = None
    state: str | None = None
    argument: str | None = None

    @property
    def names_place(self) -> bool:
        return self.area is not None or self.state is not None


def understand(text: str, profile: Profile) -> Understood:
    """What `text` wants and which place it names. Never raises; any text that is no command is a report."""
    word = _NOT_WORD.sub("", plain(text)) if len(text) <= 40 else ""
    if word in _HELP:
        return Understood("ayuda")
    place = profile.places.find(text)
    return Understood("reporte", place.area, place.state)


def acknowledged_code(text: str) -> str | None:
    """The case code of a liaison's `OK CODE`, in capitals, or None when the text is anything else."""
    if len(text) > 40:
        return None
    match = _ACKNOWLEDGE.match(plain(text))
    return match[1].upper() if match else None
