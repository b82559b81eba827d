"""Forgiving one slip of the hand: a letter too many, missing, wrong, or two neighbours swapped.

A deletion index (SymSpell's idea): two words one slip apart have a spelling in common once each may lose a letter.
"""

from __future__ import annotations

from collections.abc import Iterable

_SHORTEST = 7
_LONGEST = 24
# One slip cannot touch both ends of a long word: at least one of them is as it should be.
_END = 3


class Slips:
    """`words`: those that may be meant, a slip being forgiven in those of `shortest` letters or more.

    `spared`: words that are right as they are. All as `sounds` gives them.
    """

    def __init__(self, words: Iterable[str], spared: Iterable[str] = (), *, shortest: int = _SHORTEST) -> None:
        self._shortest = shortest
        known = sorted(word for word in set(words) if shortest <= len(word) <= _LONGEST)
        self._meant: dict[str, str] = {}
        for word in known:
            for shorter in _deletions(word):
                self._meant.setdefault(shorter, word)
        self._meant.update((word, word) for word in known)
        self._spared = frozenset(spared)
        self._heads = frozenset(word[:_END] for word in known)
        self._tails = frozenset(word[-_END:] for word in known)

    def meant(self, word: str) -> str:
        """The known word that `word` misses by one slip, else `word` itself. Constant time."""
        if not self._shortest - 1 <= len(word) <= _LONGEST or word in self._spared:
            return word
        if word[:_END] not in self._heads and word[-_END:] not in self._tails:
            return word
        for shorter in (word, *_deletions(word)):
            meant = self._meant.get(shorter)
            if meant is not None and _one_slip(word, meant):
                return meant
        return word


def _deletions(word: str) -> list[str]:
    return [word[:index] + word[index + 1 :] for index in range(len(word))]


def _one_slip(word: str, meant: str) -> bool:
    if len(word) != len(meant):
        return abs(len(word) - len(meant)) == 1
    wrong = [index for index in range(len(word)) if word[index] != meant[index]]
    if len(wrong) == 2:
        one, two = wrong
        return two == one + 1 and word[one] == meant[two] and word[two] == meant[one]
    return len(wrong) <= 1
