"""How good the anonymiser is on annotated messages: `figures(anonymiser, "tuning")`, `figures(anonymiser, "unseen")`.

A set is a list of messages beside the names that are put into them: `data/tuning.txt` with `data/tuning_names.txt`,
`data/unseen.txt` with `data/unseen_names.txt`. `data/hands.txt` and `data/other_hands.txt` are whole messages of many
hands, judged as they stand; the latter were kept apart. `{R NOMBRE|lupita hdez}` marks what must go and whose it is:
R the reporter's side, S the suspect's, U either. Rules are made looking at the tuning set only.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from workers.anonymise import Masked
from workers.anonymise.wordlist import bag

DATA = Path(__file__).parent / "data"
SETS = ("tuning", "unseen")
HANDS = ("hands", "other_hands")
NUMERIC = frozenset({"TELEFONO", "TARJETA", "CLABE", "CUENTA", "CURP", "RFC", "NSS", "CLAVE_ELECTOR", "PLACA"})
_MARK = re.compile(r"\{([RSU]) (\w+)\|([^}]*)\}")
_CALLER = re.compile(r"caller (\S+) ")
# Words at the border of a span whose masking is nobody's fault either way.
_EDGE = bag(
    "el la los las un una de del al a en y con su mi don dona sr sra senor senora srita lic licenciado licenciada "
    "comandante oficial ing ingeniero doctor doctora maestro maestra tel cel calle av avenida num numero no cuarto "
    "habitacion casa primaria secundaria prepa local puesto placa placas"
)
_ACCENTS = str.maketrans("áéíóúüñ", "aeiouun")


class Masker(Protocol):
    """What is judged."""

    def mask(self, text: str, caller: str | None = None) -> Masked: ...


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
class Figures:
    """Counts over a set; `wrong` tells each failure in words."""

    messages: int = 0
    clean: int = 0
    spans: int = 0
    missed: int = 0
    numeric: int = 0
    numeric_missed: int = 0
    names: int = 0
    names_missed: int = 0
    suspects: int = 0
    suspects_told: int = 0
    reporters: int = 0
    accused: int = 0
    words: int = 0
    words_lost: int = 0
    wrong: list[str] = field(default_factory=list)

    def rows(self) -> list[tuple[str, float, float]]:
        """(what, percent, goal) for a table; of the last two less is better."""
        return [
            ("messages that leak nothing", _percent(self.clean, self.messages), 95),
            ("numeric identifiers masked", 100 - _percent(self.numeric_missed, self.numeric), 99.5),
            ("names masked", 100 - _percent(self.names_missed, self.names), 95),
            ("suspect's kept apart as the suspect's", _percent(self.suspects_told, self.suspects), 92),
            ("reporter's or victim's called the suspect's", _percent(self.accused, self.reporters), 0),
            ("other words masked", _percent(self.words_lost, self.words), 1.5),
        ]


def _percent(part: int, whole: int) -> float:
    return 100 * part / max(whole, 1)


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


def lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def read(path: Path) -> list[Message]:
    return [parse(line) for line in lines(path)]


def figures(masker: Masker, name: str, rounds: int = 3) -> Figures:
    """The figures of one set: its messages as written, then `rounds` times with other names and numbers put in."""
    templates = lines(DATA / f"{name}.txt")
    if name in HANDS:
        names, rounds = [], 0
    else:
        names = lines(DATA / f"{name}_names.txt")
    chance = random.Random(7)
    told = Figures()
    for turn in range(rounds + 1):
        for template in templates:
            message = parse(_filled(template, names, chance) if turn else template)
            judge(message, masker.mask(message.text, message.caller), told)
    return told


def _filled(template: str, names: list[str], chance: random.Random) -> str:
    """The template with other values in its marks; the same value is replaced by the same one."""
    given = dict[str, str]()

    def other(mark: re.Match[str]) -> str:
        side, kind, value = mark.groups()
        if value not in given:
            given[value] = value
            if kind == "NOMBRE" and all(word.isalpha() for word in value.split()) and len(value.split()) <= 2:
                given[value] = _name(value, names, chance)
            elif kind in ("TELEFONO", "TARJETA", "CLABE", "CUENTA"):
                given[value] = _digits(value, chance)
        return f"{{{side} {kind}|{given[value]}}}"

    return _MARK.sub(other, template)


def _name(value: str, names: list[str], chance: random.Random) -> str:
    name = " ".join(chance.choice(names).split()[: len(value.split())])
    return name.upper() if value.isupper() and len(value) > 1 else name.lower() if value.islower() else name


def _digits(value: str, chance: random.Random) -> str:
    """Other digits in the same layout; the area code stays."""
    seen = 0
    filled = ""
    for character in value:
        seen += character.isdigit()
        plain = character.isdigit() and seen > (4 if value.startswith("+") else 3)
        filled += str(chance.randrange(10)) if plain else character
    return filled


def judge(message: Message, masked: Masked, told: Figures) -> None:
    """Adds one message to `told`: coverage, owners and ordinary words lost."""
    covered = {i for span in masked.spans for i in range(span.start, span.end)}
    expected: set[int] = set()
    missed = told.missed
    for want in message.wanted:
        places = range(want.start, want.end)
        expected.update(places)
        words = message.text[want.start : want.end]
        owners = {span.owner for span in masked.spans if span.start < want.end and want.start < span.end}
        told.spans += 1
        told.suspects += want.side == "S"
        told.reporters += want.side == "R"
        told.numeric += want.type in NUMERIC
        told.names += want.type == "NOMBRE"
        if not _hidden(message.text, places, covered):
            told.missed += 1
            told.numeric_missed += want.type in NUMERIC
            told.names_missed += want.type == "NOMBRE"
            told.wrong.append(f"missed {want.type} {words!r} in {message.text!r}")
        elif want.side == "S":
            told.suspects_told += owners == {"suspect"}
            if owners != {"suspect"}:
                told.wrong.append(f"suspect's {words!r} called {owners} in {message.text!r}")
        if want.side == "R" and "suspect" in owners:
            told.accused += 1
            told.wrong.append(f"reporter's {words!r} called the suspect's in {message.text!r}")
    if message.wanted:
        told.messages += 1
        told.clean += told.missed == missed
    _count_lost(message.text, expected, covered, told)


def _hidden(text: str, places: range, covered: set[int]) -> bool:
    tokens = [(m.start() + places.start, m.group()) for m in re.finditer(r"\w+", text[places.start : places.stop])]
    core = [token for token in tokens if _plain(token[1]) not in _EDGE] or tokens
    return all(i in covered for start, word in core for i in range(start, start + len(word)))


def _count_lost(text: str, expected: Iterable[int], covered: set[int], told: Figures) -> None:
    for word in re.finditer(r"[^\W_]+", text):
        places = range(word.start(), word.end())
        if all(i in expected for i in places):
            continue
        told.words += 1
        if any(i in covered and i not in expected for i in places) and _plain(word.group()) not in _EDGE:
            told.words_lost += 1
            told.wrong.append(f"word {word.group()!r} lost in {text!r}")


def _plain(word: str) -> str:
    return word.lower().translate(_ACCENTS)
