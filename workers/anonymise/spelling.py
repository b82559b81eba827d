"""Mexican hurried spelling: words that sound alike share a key, words one slip apart share a deletion."""

from __future__ import annotations

import re

# A pattern is tried where its sign stands in the word.
_SOUNDS = (
    ("h", re.compile(r"h(?!u[aeio])"), ""),
    ("q", re.compile(r"qu(?=[ei])|q"), "c"),
    ("k", re.compile(r"k"), "c"),
    ("gu", re.compile(r"gu(?=[ei])"), "g"),
    ("g", re.compile(r"g(?=[ei])"), "j"),
    ("x", re.compile(r"x(?=[aeiou])"), "j"),
    ("c", re.compile(r"c(?=[ei])"), "s"),
    ("z", re.compile(r"z"), "s"),
    ("ll", re.compile(r"ll"), "y"),
    ("y", re.compile(r"y(?![aeiou])"), "i"),
    ("v", re.compile(r"v"), "b"),
    ("w", re.compile(r"w"), "b"),
)
_DOUBLED = re.compile(r"(.)\1+")


def key(word: str) -> str:
    """How `word` (folded) sounds: h silent, s/z/c, b/v, ll/y, k/qu/c, g/j and doubled letters folded together."""
    word = word.replace("ch", "\x01")
    for sign, pattern, sound in _SOUNDS:
        if sign in word:
            word = pattern.sub(sound, word)
    return _DOUBLED.sub(_once, word).replace("\x01", "ch")


def _once(doubled: re.Match[str]) -> str:
    return doubled[1]


def deletions(word: str) -> list[str]:
    """`word` with each one of its letters left out, the first kept: people rarely miss the first letter."""
    return [word[:i] + word[i + 1 :] for i in range(1, len(word))]
