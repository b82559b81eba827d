"""Folding: one plain spelling for what people write in many, with a way back to the original.

`fold` lowers the case, takes accents off (ñ becomes n), turns full-width and other compatibility characters into
their plain ones and every white space into a blank. Each folded character knows the index of the original it came
from, so that what is found in the folded text can be marked in the original.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Folded:
    """`text`, and for each of its characters the code-point index in the original; one more entry closes the list."""

    text: str
    origins: tuple[int, ...] | range

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open range of the original that `text[start:end]` came from."""
        if start >= end:
            return self.origins[start], self.origins[start]
        return self.origins[start], self.origins[end - 1] + 1


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    if character.isspace():
        return " "
    decomposed = unicodedata.normalize("NFKD", character)
    return "".join(c for c in decomposed.lower() if not unicodedata.combining(c))


def plain(text: str) -> str:
    """The folded text alone, when no way back is needed."""
    if text.isascii():
        return text.lower().translate(_ASCII_SPACES)
    return "".join(map(_plain, text))


_ASCII_SPACES = {ord(c): " " for c in "\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f"}


def fold(text: str) -> Folded:
    """Folds `text`, any Unicode of any length, in linear time. A combining mark alone folds to nothing."""
    if text.isascii():
        return Folded(text.lower().translate(_ASCII_SPACES), range(len(text) + 1))
    pieces: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(text):
        piece = _plain(character)
        pieces.append(piece)
        origins.extend([index] * len(piece))
    origins.append(len(text))
    return Folded("".join(pieces), tuple(origins))
