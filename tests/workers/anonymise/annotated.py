"""Reads the annotated messages beside it: `{R NOMBRE|lupita hdez}` marks what must go and whose it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from workers.anonymise import Masked

_MARK = re.compile(r"\{([RSU]) (\w+)\|([^}]*)\}")
_CALLER = re.compile(r"caller (\S+) ")


@dataclass(frozen=True)
class Wanted:
    start: int
    end: int
    side: str
    type: str


@dataclass(frozen=True)
class Message:
    text: str
    caller: str | None
    wanted: tuple[Wanted, ...]


@dataclass
class Score:
    """What came of a set of messages; `wrong` tells each failure in words."""

    spans: int = 0
    missed: int = 0
    suspects: int = 0
    suspects_told: int = 0
    words: int = 0
    words_lost: int = 0
    accused: int = 0
    wrong: tuple[str, ...] = ()


def parse(line: str) -> Message:
    caller = _CALLER.match(line)
    if caller:
        line = line[caller.end() :]
    text, wanted, at = "", [], 0
    for mark in _MARK.finditer(line):
        text += line[at : mark.start()]
        wanted.append(Wanted(len(text), len(text) + len(mark[3]), mark[1], mark[2]))
        text += mark[3]
        at = mark.end()
    return Message(text + line[at:], caller[1] if caller else None, tuple(wanted))


def read(name: str) -> list[Message]:
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    return [parse(line) for line in lines if line and not line.startswith("#")]


def judge(message: Message, masked: Masked, score: Score) -> None:
    """Adds one message to `score`: coverage, owners and ordinary words lost."""
    covered = {i for span in masked.spans for i in range(span.start, span.end)}
    expected: set[int] = set()
    for want in message.wanted:
        places = range(want.start, want.end)
        expected.update(places)
        words = message.text[want.start : want.end]
        owners = {span.owner for span in masked.spans if span.start < want.end and want.start < span.end}
        score.spans += 1
        score.suspects += want.side == "S"
        if not all(i in covered or not message.text[i].isalnum() for i in places):
            score.missed += 1
            score.wrong += (f"missed {want.type} {words!r} in {message.text!r}",)
        elif want.side == "R" and "suspect" in owners:
            score.accused += 1
            score.wrong += (f"reporter's {words!r} called the suspect's in {message.text!r}",)
        elif want.side == "S":
            if owners == {"suspect"}:
                score.suspects_told += 1
            else:
                score.wrong += (f"suspect's {words!r} called {owners} in {message.text!r}",)
    for word in re.finditer(r"\w+", message.text):
        if word.start() not in expected:
            score.words += 1
            if any(i in covered for i in range(word.start(), word.end())):
                score.words_lost += 1
                score.wrong += (f"word {word.group()!r} lost in {message.text!r}",)
