"""Mexican hurried spelling: words that sound alike share a key, words one slip apart share a deletion."""

from __future__ import annotations

import re

_SOUNDS = (
    (re.compile(r"h(?!u[aeio])"), ""),
    (re.compile(r"qu(?=[ei])|k|q"), "c"),
    (re.compile(r"gu(?=[ei])"), "g"),
    (re.compile(r"g(?=[ei])|x(?=[aeiou])"), "j"),
    (re.compile(r"c(?=[ei])|z"), "s"),
    (re.compile(r"ll"), "y"),
    (re.compile(r"y$|y(?![aeiou])"), "i"),
    (re.compile(r"v|w"), "b"),
    (re.compile(r"(.)\1+"), r"\1"),
)
_NOTHING_TO_DO = re.compile(r"[hqkgxczlyvw]|(.)\1")


def key(word: str) -> str:
    """How `word` (folded) sounds: h silent, s/z/c, b/v, ll/y, k/qu/c, g/j and doubled letters folded together."""
    if not _NOTHING_TO_DO.search(word):
        return word
    word = word.replace("ch", "\x01")
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word.replace("\x01", "ch")


def deletions(word: str) -> list[str]:
    """`word` with each one of its letters left out, the first kept: people rarely miss the first letter."""
    return [word[:i] + word[i + 1 :] for i in range(1, len(word))]
