"""Sorting a report: what kind, how urgent, where. Pure: text in, decision out; every word and rule is the profile's.

`python -m workers.triage` is a filter: one JSON object a line with "text" in, one with "kind", "urgency", "area" and
"state" out, in order and at once; a line that is no such object gives {"error": …} and the filter goes on.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Mapping, Set
from itertools import combinations, pairwise
from typing import NamedTuple

from hotline.language.phrases import Match, Read
from hotline.profile import Profile, ProfileError, load
from hotline.profile.triage import LIFE, URGENT, TriageTables, UrgencyRule

# A text of so many words tells nothing by itself; one that names a place may only be the answer to our question.
_BRIEF = 3
_BRIEF_WITH_PLACE = 6
# How far "no" reaches over pronouns and auxiliaries: "no me lo han dicho".
_CARRIED = 4
# Phrases weigh in points, leanings in quarters of them.
_POINT = 4


class Triaged(NamedTuple):
    """A kind's slug, P1 to P4, and the INEGI codes of area and state, each None where the text names none."""

    kind: str
    urgency: str
    area: str | None
    state: str | None


class Triage:
    """Sorts texts by one profile's tables. Immutable, safe to share between threads, keeps no word of what it reads."""

    def __init__(self, profile: Profile) -> None:
        self._tables = profile.triage
        self._tables.book.prepare()
        self._places = profile.places
        self._kinds = profile.kinds

    def classify(self, text: str) -> Triaged:
        """Sorts one report of any length. Nothing is raised: what cannot be understood is of kind "otro"."""
        tables = self._tables
        read = tables.book.read(text)
        place = self._places.find(text)
        brief = len(read.words) <= (_BRIEF_WITH_PLACE if place.state else _BRIEF)
        signs, spoken, denied = self._spoken(read, {"breve"} if brief else set())
        leant = self._leant(read, signs, denied)
        # The profile's order decides between equals, not the order in which words were found.
        scores = {kind: spoken[kind] + leant[kind] for kind in self._kinds}
        kind = max(scores, key=lambda kind: scores[kind])
        if kind == "otro" and spoken[kind] < _POINT:
            signs.add("sin_tipo")
        signs |= {sign for sign, least in tables.urges.items() if leant[LIFE if sign == "vida" else URGENT] >= least}
        urgency = next((rule.urgency for rule in tables.rules if _fits(rule, kind, signs)), None)
        return Triaged(kind, urgency or self._kinds[kind].urgency, place.area, place.state)

    def _spoken(self, read: Read, given: Set[str]) -> tuple[set[str], Mapping[str, int], set[int]]:
        """All signs, those `given` and those in the text; what phrases say for each kind, in quarters of a point; and
        which words, by index, are only denied.

        A word speaks for a kind once, in the weightiest phrase that it is part of; all that speaks against it counts.
        """
        tables = self._tables
        signs = set(given)
        scores: defaultdict[str, int] = defaultdict(int)
        heard: defaultdict[str, list[tuple[int, int, int]]] = defaultdict(list)
        said: set[int] = set()
        denied: set[int] = set()
        for match in tables.book.find(read):
            meaning = tables.meanings[match.phrase]
            if self._denied(read, match):
                denied.update(range(match.start, match.end))
                continue
            said.update(range(match.start, match.end))
            signs |= meaning.signs
            for kind, weight in meaning.weights.items():
                heard[kind].append((-weight, match.start, match.end))
        for kind, phrases in heard.items():
            taken: set[int] = set()
            for minus, start, end in sorted(phrases):
                if minus > 0 or taken.isdisjoint(range(start, end)):
                    taken.update(range(start, end))
                    scores[kind] -= _POINT * minus
        for together in tables.together:
            if together.every <= signs and not together.never & signs:
                scores[together.kind] += _POINT * together.weight
        return signs, scores, denied - said

    def _leant(self, read: Read, signs: Set[str], denied: Set[int]) -> Mapping[str, int]:
        """How much the hints of a text lean to each kind, to URGENT and to LIFE; `denied` words give none."""
        tables = self._tables
        scores = defaultdict(int, tables.leans_anyway)
        for hint in _hints(read, signs, denied, tables):
            for leant_to, weight in tables.leanings.get(hint, {}).items():
                scores[leant_to] += weight
        return scores

    def _denied(self, read: Read, match: Match) -> bool:
        """Whether "no", "nunca"… stands right before the phrase; "si no" threatens instead of denying."""
        tables = self._tables
        index = match.start - 1
        while index >= max(0, match.start - _CARRIED) and read.words[index] in tables.carried:
            index -= 1
        if index < 0 or read.words[index] not in tables.negators:
            return False
        threat = index > 0 and read.words[index - 1] == "si"
        return not threat and read.sentences[index] == read.sentences[match.start]


def _hints(read: Read, signs: Set[str], denied: Set[int], tables: TriageTables) -> set[str]:
    """All that leanings may be listed for: as leanings.toml writes it, but as it is heard."""
    heard = [word for at, word in enumerate(read.words) if at not in denied] if denied else read.words
    words = ["#" if word.isdigit() else word for word in heard]
    begun = {f"{word[:length]}*" for word in words for length in tables.stem_lengths if len(word) >= length}
    ordered = sorted(signs)
    return {
        *words,
        *map(" ".join, pairwise(words)),
        *begun,
        *tables.book.lists_of(heard),
        *(f"+{sign}" for sign in ordered),
        *(f"+{one} +{other}" for one, other in combinations(ordered, 2)),
    }


def _fits(rule: UrgencyRule, kind: str, signs: set[str]) -> bool:
    return (
        (not rule.kinds or kind in rule.kinds)
        and rule.every <= signs
        and (not rule.some or bool(rule.some & signs))
        and not rule.never & signs
    )


def main() -> int:
    """Filters standard input to standard output, line by line. Gives the exit status."""
    from hotline.settings import Settings, SettingsError

    try:
        triage = Triage(load(Settings.read().profile))
    except (SettingsError, ProfileError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for number, line in enumerate(sys.stdin.buffer, 1):
        try:
            text = json.loads(line)["text"]
            if not isinstance(text, str):
                raise TypeError
        except (ValueError, TypeError, KeyError, RecursionError):
            answer: dict[str, str | None] = {"error": f'line {number}: not an object with a string "text"'}
        else:
            answer = triage.classify(text)._asdict()
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
