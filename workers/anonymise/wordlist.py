"""Lists of words written as one string."""

from __future__ import annotations


def bag(*texts: str) -> frozenset[str]:
    """The words of `texts`, separated by blanks."""
    return frozenset(word for text in texts for word in text.split())


def in_order(text: str) -> list[str]:
    """The words of `text` in their order."""
    return text.split()
