"""GSM-7 (3GPP TS 23.038): what fits into a text message, and how to make it fit.

One character outside the alphabet turns the whole message into UCS-2 at 70 characters a segment instead of 160, and
á í ó ú are outside it (é, ñ, ü, ¿ and ¡ are inside). Everything we send is folded into the alphabet first.
"""

from __future__ import annotations

import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")

_REPLACED = {
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "´": "'", "`": "'",
    "–": "-", "—": "-", "−": "-", "•": "-", "…": "...", "\u00a0": " ", "\t": " ", "ª": "a", "º": "o", "°": "o",
    "[": "(", "]": ")", "{": "(", "}": ")", "~": "-", "|": "/", "^": "", "\\": "/",
}  # fmt: skip


_REMEMBERED = 1000


class _Fold(dict[int, str]):
    """What each character becomes; those of the alphabet are found at once, the others are worked out."""

    def __missing__(self, code: int) -> str:
        plain = "".join(c for c in unicodedata.normalize("NFKD", chr(code)) if c in BASIC)
        if len(self) < _REMEMBERED:
            self[code] = plain
        return plain


_FOLD = _Fold({ord(c): c for c in BASIC} | {ord(c): plain for c, plain in _REPLACED.items()})


def to_gsm7(text: str) -> str:
    """`text` in the basic alphabet: accents that it lacks taken off, typographic signs made plain, the rest dropped."""
    return unicodedata.normalize("NFC", text).translate(_FOLD)


def is_gsm7(text: str) -> bool:
    return all(c in BASIC or c in EXTENDED for c in unicodedata.normalize("NFC", text))


def segments(text: str) -> int:
    """How many segments a network bills for `text`: 160 septets or 153 in parts, 70 UTF-16 units or 67 in parts.

    A two-septet character and a surrogate pair never straddle two parts, so that a part may end one unit early.
    An empty text is one segment.
    """
    text = unicodedata.normalize("NFC", text)
    if is_gsm7(text):
        costs = [2 if c in EXTENDED else 1 for c in text]
        single, part = 160, 153
    else:
        costs = [2 if ord(c) > 0xFFFF else 1 for c in text]
        single, part = 70, 67
    if sum(costs) <= single:
        return 1
    count, room = 1, part
    for cost in costs:
        if cost > room:
            count, room = count + 1, part
        room -= cost
    return count
