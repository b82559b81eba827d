"""Sorting a report: what kind, how urgent, where. Pure: text in, decision out; every word and rule is the profile's.

`python -m workers.triage` is a filter: one JSON object a line with "text" in, one with "kind", "urgency", "area" and
"state" out, in order and at once; a line that is no such object gives {"error": …} and the filter goes on.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Set
from itertools import pairwise
from typing import NamedTuple

from hotline.language.phrases import Match, Read
from hotline.profile import Profile, ProfileError, load
from hotline.profile.triage import UrgencyRule

# A text of so many words tells nothing by itself; one that names a place may only be the answer to our question.
_BRIEF = 3
_BRIEF_WITH_PLACE = 6
# How far "no" reaches over pronouns and auxiliaries: "no me lo han dicho".
_CARRIED = 4
# Phrases weigh in points, leanings in quarters; below two points a kind is a guess.
_POINT = 4
_LEAST = 2 * _POINT


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
        read = self._tables.book.read(text)
        place = self._places.find(text)
        brief = len(read.words) <= (_BRIEF_WITH_PLACE if place.state else _BRIEF)
        signs, scores = self._weighed(read, {"breve"} if brief else set())
        kind, score = max(scores.items(), key=lambda item: item[1], default=("otro", 0))
        if score < _LEAST:
            kind = "otro"
            signs.add("sin_tipo")
        urgency = next((rule.urgency for rule in self._tables.rules if _fits(rule, kind, signs)), None)
        return Triaged(kind, urgency or self._kinds[kind].urgency, place.area, place.state)

    def _weighed(self, read: Read, given: Set[str]) -> tuple[set[str], dict[str, int]]:
        """All signs, those `given` and those in the text, and what speaks for each kind, in quarters of a point.

        A word speaks for a kind once, in the weightiest phrase that it is part of; all that speaks against it counts.
        """
        tables = self._tables
        signs = set(given)
        scores: defaultdict[str, int] = defaultdict(int)
        heard: defaultdict[str, list[tuple[int, int, int]]] = defaultdict(list)
        for match in tables.book.find(read):
            meaning = tables.meanings[match.phrase]
            if self._denied(read, match):
                continue
            signs |= meaning.signs
            for kind, weight in meaning.weights.items():
                heard[kind].append((-weight, match.start, match.end))
        for kind, phrases in heard.items():
            taken: set[int] = set()
            for minus, start, end in sorted(phrases):
                if minus > 0 or taken.isdisjoint(range(start, end)):
                    taken.update(range(start, end))
                    scores[kind] -= _POINT * minus
        words = ["#" if word.isdigit() else word for word in read.words]
        for hint in {*words, *map(" ".join, pairwise(words))}:
            for kind, weight in tables.leanings.get(hint, {}).items():
                scores[kind] += weight
        for sign in signs:
            for kind, weight in tables.sign_weights.get(sign, {}).items():
                scores[kind] += _POINT * weight
        for together in tables.together:
            if together.every <= signs and not together.never & signs:
                scores[together.kind] += _POINT * together.weight
        # The profile's order decides between equals, not the order in which words were found.
        return signs, {kind: scores[kind] for kind in self._kinds if kind in scores}

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
