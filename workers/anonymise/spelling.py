"""Mexican hurried spelling: words that sound alike share a key, words one slip apart share a deletion."""

from __future__ import annotations

import re

# Where the sign stands in the word, these parts of it become those, one after the other. The signs \x01 to \x03 keep
# apart what must not change.
_SOUNDS = (
    ("ch", (("ch", "\x01"),)),
    ("h", (("hua", "\x02ua"), ("hue", "\x02ue"), ("hui", "\x02ui"), ("huo", "\x02uo"), ("h", ""), ("\x02", "h"))),
    ("q", (("que", "ce"), ("qui", "ci"), ("q", "c"))),
    ("k", (("k", "c"),)),
    ("gu", (("gue", "ge"), ("gui", "gi"))),
    ("g", (("ge", "je"), ("gi", "ji"))),
    ("x", (("xa", "ja"), ("xe", "je"), ("xi", "ji"), ("xo", "jo"), ("xu", "ju"))),
    ("c", (("ce", "se"), ("ci", "si"))),
    ("z", (("z", "s"),)),
    ("ll", (("ll", "y"),)),
    (
        "y",
        (
            ("ya", "\x03a"),
            ("ye", "\x03e"),
            ("yi", "\x03i"),
            ("yo", "\x03o"),
            ("yu", "\x03u"),
            ("y", "i"),
            ("\x03", "y"),
        ),
    ),
    ("v", (("v", "b"),)),
    ("w", (("w", "b"),)),
)
_DOUBLED = re.compile(r"(.)\1+")


def key(word: str) -> str:
    """How `word` (folded) sounds: h silent, s/z/c, b/v, ll/y, k/qu/c, g/j and doubled letters folded together."""
    for sign, changes in _SOUNDS:
        if sign in word:
            for part, sound in changes:
                word = word.replace(part, sound)
    return _DOUBLED.sub(_once, word).replace("\x01", "ch")


def _once(doubled: re.Match[str]) -> str:
    return doubled[1]


def deletions(word: str) -> list[str]:
    """`word` with each one of its letters left out, the first kept: people rarely miss the first letter."""
    return [word[:i] + word[i + 1 :] for i in range(1, len(word))]
