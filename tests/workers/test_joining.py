"""Several messages of one report are masked as one: numbers, owners, and identifiers cut by a border."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest

from hotline.profile import load
from workers.anonymise import Anonymiser
from workers.joining import Story

ANONYMISER = Anonymiser(load("osc"))
CALLER = "+525512340001"


def told(*messages: str) -> tuple[list[str | None], dict[tuple[str, str], str]]:
    """The masked parts and what is kept of other sides, (type, value) → owner; each message filed on its own."""
    parts: list[str | None] = []
    memory: dict[str, Any] = {}
    loose: dict[str, str] | None = None
    kept: dict[tuple[str, str], str] = {}
    for words in messages:
        story = Story(ANONYMISER, parts, memory, loose, lambda label, value: f"{label}:{value}")
        added = story.add(words, ANONYMISER.mask(words, CALLER), CALLER)
        for span in added.outdated:
            kept.pop((span.type, span.value), None)
        kept.update({(s.type, s.value): s.owner for s in added.spans if s.owner != "reporter" and not added.held})
        parts, memory, loose = story.parts, story.memory, story.loose_end
    return parts, kept


WHOLE = ("TELEFONO", "+525531880966")


# messages, the parts in the end, and whose the whole identifier is (None: the reporter's, and not kept)
@pytest.mark.parametrize(
    ("messages", "parts", "owner"),
    [
        (["el numero es 55 31", "88 09 66"], ["el numero es [TELÉFONO]", "[TELÉFONO]"], "unknown"),
        (
            ["me marcan del 55 31", "88 09 66 y piden dinero"],
            ["me marcan del [TELÉFONO DEL SOSPECHOSO]", "[TELÉFONO DEL SOSPECHOSO] y piden dinero"],
            "suspect",
        ),
        (
            ["me marcan del 55 31 ahorita le paso lo demas", "y luego 88 09 66 ese es"],
            [
                "me marcan del [TELÉFONO DEL SOSPECHOSO] ahorita le paso lo demas",
                "y luego [TELÉFONO DEL SOSPECHOSO] ese es",
            ],
            "suspect",
        ),
        (
            ["me marcan del 55318809", "66"],
            ["me marcan del [TELÉFONO DEL SOSPECHOSO]", "[TELÉFONO DEL SOSPECHOSO]"],
            "suspect",
        ),
        (
            ["me marcan del 55 31", "88 09", "66 y ya"],
            ["me marcan del [TELÉFONO DEL SOSPECHOSO]", "[TELÉFONO DEL SOSPECHOSO]", "[TELÉFONO DEL SOSPECHOSO] y ya"],
            "suspect",
        ),
        (
            ["el numero es cincuenta y cinco treinta y uno", "ochenta y ocho cero nueve sesenta y seis"],
            ["el numero es [TELÉFONO]", "[TELÉFONO]"],
            "unknown",
        ),
    ],
)
def test_an_identifier_cut_in_two_is_masked_in_both_parts_and_kept_whole(
    messages: list[str], parts: list[str], owner: str | None
) -> None:
    masked, kept = told(*messages)
    assert masked == parts
    assert kept == {WHOLE: owner}


def test_the_callers_own_number_cut_in_two_is_nobodys_evidence() -> None:
    parts, kept = told("mi cel es 55 12 34", "00 01 marquen")
    assert parts == ["mi cel es [TELÉFONO]", "[TELÉFONO] marquen"]
    assert kept == {}


@pytest.mark.parametrize(
    "messages",
    [
        ("el numero es 55 31", "88 09 66"),
        ("me llaman del numero 55", "31 88 09 66"),
        ("la cuenta es 0121 8000 1123", "4567 89 a nombre de juan perez"),
    ],
)
def test_the_first_half_never_leaves_once_it_was_announced(messages: tuple[str, ...]) -> None:
    first, _ = told(messages[0])
    assert first[0] is not None
    assert not re.search(r"\d\d", first[0]), "it would be dispatched before the rest comes"
    both, _ = told(*messages)
    assert not re.search(r"\d\d", " ".join(part or "" for part in both))


@pytest.mark.parametrize(
    "messages",
    [
        ("piden 15 mil", "20 mil mañana a las 10 30"),
        ("fue a las 10", "30 mil pesos querian"),
        ("soy de la colonia morelos", "5 hombres armados"),
        ("la ruta es la 57", "va por insurgentes"),
        ("nos cobran 500", "cada semana desde hace 2 años"),
    ],
)
def test_neighbours_that_are_no_identifier_are_left_alone(messages: tuple[str, ...]) -> None:
    parts, kept = told(*messages)
    assert parts == list(messages)
    assert kept == {}


# messages, and the masks of each part in order
@pytest.mark.parametrize(
    ("messages", "masks"),
    [
        (["me marcan del 5587654321", "otra vez del 5587654321"], [["SOSPECHOSO"], ["SOSPECHOSO"]]),
        (
            ["me marcan del 5587654321", "ahora me marcan del 5544332211", "y el 5587654321 me marca otra vez"],
            [["SOSPECHOSO 1"], ["SOSPECHOSO 2"], ["SOSPECHOSO 1"]],
        ),
        (["soy lupita hernandez", "soy lupita otra vez"], [["NOMBRE"], ["NOMBRE"]]),
        (["soy lupita", "mi vecina rosa perez", "soy lupita hernandez"], [["NOMBRE 1"], ["NOMBRE 2"], ["NOMBRE 1"]]),
    ],
)
def test_the_same_thing_has_the_same_number_throughout(messages: list[str], masks: list[list[str]]) -> None:
    parts, _ = told(*messages)
    found = [re.findall(r"\[[A-ZÉ ]*?((?:SOSPECHOSO|NOMBRE)(?: \d)?)\]", part or "") for part in parts]
    assert found == masks


def test_whose_a_thing_is_is_remembered() -> None:
    parts, kept = told("me marcan del 5587654321 y me amenazan", "el 5587654321")
    assert parts[1] == "el [TELÉFONO DEL SOSPECHOSO]"
    assert set(kept.values()) == {"suspect"}


class Blind(Anonymiser):
    """A masker that is broken: it finds nothing. The second look still works."""

    def mask(self, text: str, caller: str | None = None) -> Any:
        masked = super().mask(text, caller)
        return type(masked)(text, (), False)


@pytest.mark.parametrize("messages", [("5587654321",), ("el 55 87", "65 43 21 es"), ("escriba a ana@example.org",)])
def test_the_second_look_holds_what_a_broken_masker_leaves(messages: tuple[str, ...]) -> None:
    blind = Blind(load("osc"))
    story = Story(blind, [], {}, None, lambda label, value: value)
    held = [story.add(words, blind.mask(words), None).held for words in messages]
    assert held == [False] * (len(messages) - 1) + [True]
    assert story.parts[-1] is None


def test_a_long_report_is_told_in_time() -> None:
    words = "me marcan del 5587654321 y piden dinero, el numero es 55 31"
    parts, _ = told(*[words] * 60)
    assert all(one == other for one, other in pairwise(parts[1:]))
