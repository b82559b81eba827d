"""Where a caller stands in a call, what they did, and what follows from it.

A position travels in the URL of the next step, and nothing else does: what the caller tells is kept at once and never
needed again to go on. So a call works with the database away, and who hangs up has reported all they said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from hotline.dialogue.prompts import Prompt

Question = Literal[
    "menu",  # of `at`
    "language",
    "place",  # where it happened
    "story",
    "kept",  # the clave was told
    "clave",
    "locality",  # of events or alerts: `at` is the option
    "leaf",  # something was said: `at` is the option
    "resume",  # a call broke off: `at` is the question it stopped at
    "back",  # we called back
    "person",  # waiting for one
    "end",
]
QUESTIONS: tuple[Question, ...] = get_args(Question)
HELPS = 2
ROUNDS = 8
# A call that has had this many steps is a stuck key or a machine.
STEPS = 120
Asks = Literal["", "status", "jornadas", "alerts_on", "alerts_off", "person", "waiting"]

_AT = re.compile(r"[a-z_]{1,24}(\.[0-9])?")
_OPAQUE = re.compile(r"[0-9a-f]{32}")
_NOTE = re.compile(r"[a-z_]{1,24}(\.[0-9]{2,5})?")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class Position:
    """Which question was asked last, and all that is needed to understand the answer.

    `at`: the menu, or the option such as `advice.2`. `tries`: the helps given to this question. `round`: the story's
    rounds so far. `told`: words were heard. `step`: how many steps the call has had. `language`: a code, "" for the
    first. `report`: the opaque id of an earlier call's report that this one goes on with. `bridge`: of what the caller
    waits for. `note`: which text was said, and of what place, such as `alerts_on.09007`, to say it again."""

    question: Question
    at: str = ""
    tries: int = 0
    round: int = 1
    told: bool = False
    step: int = 0
    language: str = ""
    report: str = ""
    bridge: str = ""
    note: str = ""

    def query(self) -> dict[str, str]:
        """The position as a URL's parameters, nothing that is as usual among them."""
        usual = {"tries": "0", "round": "1", "told": "0", "step": "0"}
        values = {
            "at": self.at,
            "tries": str(self.tries),
            "round": str(self.round),
            "told": str(int(self.told)),
            "step": str(self.step),
            "lang": self.language,
            "report": self.report,
            "bridge": self.bridge,
            "note": self.note,
        }
        return {name: value for name, value in values.items() if value and value != usual.get(name)}

    @classmethod
    def read(cls, question: Question, query: Mapping[str, str]) -> Position:
        """A position from the parameters that `query` made; whatever is not of that shape is as usual."""
        return cls(
            question,
            at=_matching(_AT, query.get("at", "")),
            tries=_within(query.get("tries", ""), 0, HELPS),
            round=_within(query.get("round", ""), 1, ROUNDS),
            told=query.get("told") == "1",
            step=_within(query.get("step", ""), 0, STEPS),
            language=_matching(_LANGUAGE, query.get("lang", "")),
            report=_matching(_OPAQUE, query.get("report", "")),
            bridge=_matching(_OPAQUE, query.get("bridge", "")),
            note=_matching(_NOTE, query.get("note", "")),
        )


@dataclass(frozen=True, slots=True)
class Heard:
    """What the caller keyed or said in answer. `erased`: the entry was ended with * to begin anew.
    `recorded`: a recorder heard it."""

    digits: str = ""
    words: str = ""
    erased: bool = False
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Codes of the place that was keyed or said."""

    area: str | None
    state: str | None


@dataclass(frozen=True, slots=True)
class Turn:
    """What happens next: `prompts` are said, then `position` is asked; with "end" the call ends.

    What it leaves: `kind` and `place` are facts to keep, `keeps_words` that what was said is to be kept. `ends`: the
    report is told to its end. `asks`: what the desk has to find out or do before the caller can be answered; the
    answer is another turn. `tells_clave`: the clave is to be said before the prompts."""

    prompts: tuple[Prompt, ...]
    position: Position
    kind: str | None = None
    place: Place | None = None
    keeps_words: bool = False
    ends: bool = False
    tells_clave: bool = False
    asks: Asks = ""
    digits: str = field(default="", repr=False)


def _matching(pattern: re.Pattern[str], value: str) -> str:
    return value if pattern.fullmatch(value) else ""


def _within(value: str, low: int, high: int) -> int:
    return min(max(int(value), low), high) if value.isascii() and value.isdigit() and len(value) < 6 else low
