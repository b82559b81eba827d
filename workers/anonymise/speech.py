"""Reported speech: "me dijo: soy tu primo Juan" is not the reporter speaking of himself."""

from __future__ import annotations

from collections.abc import Sequence

from workers.anonymise.wordlist import bag

_SAYING = bag(
    "dijo dice dise diciendo disiendo dicen disen dijeron decia decian desia msj mensaje mensage sms "
    "texto escribio puso ponia contesto hola tia tio abuela abuelita"
)
_REACH = 4


def quoted(words: Sequence[str], index: int) -> bool:
    """Whether a verb of saying in the third person, or a greeting to a relative, stands right before `index`."""
    if words[max(0, index - 1) : index] == ['"']:
        return True
    for word in reversed(words[max(0, index - _REACH) : index]):
        if word in _SAYING:
            return True
        if word in (".", ";", "yo"):
            return False
    return False


VIOLENT = bag(
    "amenaza amenazo amenasa amenaso amenazaba golpea golpeo golpeaba pega pego pegaba acosa acoso "
    "acosaba viola violo abusa abuso maltrata maltrato extorsiona extorsiono cobra agrede agredio "
    "hostiga"
)


def assaults(following: Sequence[str]) -> bool:
    """Whether what stands right behind a name makes its bearer the aggressor: "me golpea", "nos amenaza"."""
    return any(
        word in ("me", "nos") and following[turn + 1] in VIOLENT
        for turn, word in enumerate(following[:3])
        if turn + 1 < len(following)
    )
