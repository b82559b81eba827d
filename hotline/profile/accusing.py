"""Whether a report says that people of an authority did it. Pure.

Liaisons may serve in an authority. Whoever is told that a patrol took somebody away must not be of that patrol,
whatever the report is about. Merely naming the police ("I called them and they do not come") accuses nobody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hotline.language.fold import plain
from hotline.profile.reader import Reader

_NOT_WORD = re.compile(r"[^a-z0-9]+")
# How many words may stand between whoever did it and the deed.
_BETWEEN = 6


@dataclass(frozen=True, slots=True)
class Body:
    """An authority whose people may be liaisons, and the folded words that name it."""

    slug: str
    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Accusing:
    """How a deed, what may stand beside it, who is sought and a disguise are told: patterns over folded words."""

    deed: str
    unsought: str
    beside: str
    disguised: str

    def of(self, words: str, bodies: Mapping[str, Body]) -> str | None:
        """The bodies whose people are said to have done it: ",ssc,fgj,"; None: of none."""
        said = spaced(words)
        named = [body.slug for body in bodies.values() if any(self._did_it(said, word) for word in body.words)]
        return f",{','.join(named)}," if named else None

    def _did_it(self, said: str, who: str) -> bool:
        if f" {who} " not in said:
            return False
        body = rf"{self.unsought} {re.escape(who)}(?= )"
        between = rf"(?: (?:{self.beside})(?= )){{0,{_BETWEEN}}}"
        patterns = (
            rf"{body}{between} {self.deed}",
            rf" {self.deed}(?: \w+){{0,3}}?{body}",
            rf" (?:{self.disguised}) {re.escape(who)}(?= )",
        )
        return any(re.search(pattern, said) for pattern in patterns)


def spaced(words: str) -> str:
    """`words` folded, parted by single blanks, one before and after."""
    return f" {_NOT_WORD.sub(' ', plain(words)).strip()} "


def load_accusing(file: Reader) -> Accusing:
    """Reads `[accusing]`."""
    deeds, taking, us, beside, disguised = (
        _either(file.words(key)) for key in ("deeds", "taking", "against_us", "beside", "disguised")
    )
    unsought = "".join(f"(?<! {re.escape(spaced(word).strip())})" for word in file.words("sought"))
    file.done()
    taken = rf"(?:(?:{us}) (?:{taking})|(?:{taking})(?: \w+)?? (?:{us}))(?= )"
    return Accusing(rf"(?:(?:{deeds})\w*|{taken})", unsought, beside, disguised)


def _either(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(spaced(word).strip()) for word in words) or "(?!)"
