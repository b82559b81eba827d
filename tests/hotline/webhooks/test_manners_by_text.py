"""How a conversation by text goes on: parts of one text, floods, machines, wishes, anything at all."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from furniture import count_of, open_office, rows, sid
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from posting import Carrier, Clock, reply
from sqlalchemy import select

from hotline.language.gsm import is_gsm7, segments
from hotline.store.schema import messages, reports
from workers import filing

STORY = "me extorsionan en Iztapalapa desde el 55 8765 4321"

# Parts, floods, machines, wishes

LONG = (
    "buenas tardes les escribo porque desde hace tres semanas unos sujetos pasan por los puestos del mercado y nos "
    "piden dinero a todos los que vendemos ahi, dicen que si no les damos cada viernes van a quemar todo "
    "y golpearon al de las verduras y nadie quiere decir nada porque conocen a las familias y saben a que hora "
    "salen los hijos de cada quien y ya no sabemos que hacer"
)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0), (2, 1, 0)])
def test_the_parts_of_one_text_make_one_report_and_one_answer(carrier: Carrier, order: tuple[int, ...]) -> None:
    story = [LONG[:153], LONG[153:306], "eso pasa en Iztapalapa"]
    answers = [carrier.texts(story[part]) for part in order]
    assert [len(answer) for answer in answers] == [1, 0, 0]
    assert len({row["report_id"] for row in rows(carrier.engine, select(messages))}) == 1
    assert len(carrier.kept()) == 3


def test_a_minute_later_it_is_answered_again(carrier: Carrier, clock: Clock) -> None:
    carrier.texts("me extorsionan")
    clock.passes(seconds=59)
    assert carrier.texts("son tres") == []
    clock.passes(seconds=2)
    assert carrier.texts("traen una moto") == [reply(carrier, "added")]


def test_a_flood_costs_few_answers_and_loses_nothing(carrier: Carrier, clock: Clock) -> None:
    answers = 0
    for n in range(120):
        answers += len(carrier.texts(f"texto {n}"))
        clock.passes(seconds=5)
    assert answers <= 10 and len(carrier.kept()) == 120


@pytest.mark.parametrize(
    "text",
    [
        "Este es un mensaje automático, no responda a este mensaje.", "Su saldo es de $12.50 vigencia hasta 01/12",
        "El mensaje no pudo ser entregado", "Estoy manejando, te llamo mas tarde", "Out of office: back on Monday",
    ],
)  # fmt: skip
def test_a_machine_is_heard_and_not_answered(carrier: Carrier, text: str) -> None:
    assert carrier.texts(text, id="SM1") == []
    assert carrier.kept()["SM1"]["body"] == text


def test_a_short_code_is_never_answered(carrier: Carrier) -> None:
    assert carrier.texts("ayuda", sender="2222", id="SM1") == [] and "SM1" in carrier.kept()


def test_two_machines_do_not_talk_for_ever(carrier: Carrier, clock: Clock) -> None:
    """The other answers every answer of ours, word for word."""
    spoken, rounds = ["me interesa su producto"], 0
    while spoken:
        spoken = carrier.texts(spoken[0])
        rounds += 1
        clock.passes(minutes=2)
        assert rounds < 40
    assert len(carrier.kept()) >= 1


@pytest.mark.parametrize(
    ("text", "no_calls", "no_texts", "asks_erasure", "answered"),
    [
        (f"{STORY}, no me llamen", True, False, False, True),
        (f"no me marquen por favor. {STORY}", True, False, False, True),
        (f"{STORY} no me contesten por favor", False, True, False, False),
        (f"{STORY}. No me escriban, me revisa el celular", False, True, False, False),
        (f"{STORY} ni me llamen ni me contesten, no me llamen, no contesten", True, True, False, False),
        (f"{STORY}, luego borrenlo", False, False, True, True),
        (STORY, False, False, False, True),
        ("no me llamaron a tiempo, me robaron en Tlalpan", False, False, False, True),
    ],
)
def test_what_is_wished_for_in_a_report_is_understood_and_kept(
    carrier: Carrier, keys: Path, text: str, no_calls: bool, no_texts: bool, asks_erasure: bool, answered: bool
) -> None:
    answers = carrier.texts(text)
    assert bool(answers) is answered
    assert not asks_erasure or "BORRAR" in answers[0]
    filing.drain(open_office(carrier.engine, keys))
    [row] = rows(carrier.engine, select(reports))
    assert (row["no_calls"], row["no_texts"], row["asks_erasure"]) == (no_calls, no_texts, asks_erasure)


def test_who_wants_no_answers_gets_none_until_they_ask(carrier: Carrier, clock: Clock) -> None:
    assert carrier.texts("me extorsionan, no me contesten") == []
    for hours in (0.1, 1, 20):
        clock.passes(hours=hours)
        assert carrier.texts("siguen viniendo") == []
    assert carrier.texts("AYUDA") == [reply(carrier, "help")], "this was asked for"


# Anything at all

_PIECES = st.sampled_from(
    ["alta", "baja", "estado", "0045523258", "borrar", "no me contesten", "iztapalapa", "english", "español", "numero",
     "5512345678", "me extorsionan", "ayuda", "jornadas", "consejo fraude", "opinion", "gracias", "💥", "", "OK K7M2P"]
)  # fmt: skip


@given(st.lists(st.tuples(st.lists(_PIECES, min_size=1, max_size=4), st.integers(0, 4000)), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_of_texts_ends_in_a_valid_answer(
    carrier: Carrier, clock: Clock, turns: list[tuple[list[str], int]]
) -> None:
    for pieces, seconds in turns:
        id = sid()
        answers = carrier.texts(" ".join(pieces), id=id)
        assert len(answers) <= 1
        for answer in answers:
            assert is_gsm7(answer) and 1 <= segments(answer) <= 2 and "{" not in answer
        assert count_of(carrier.engine, messages, messages.c.id == id) == 1
        clock.passes(seconds=seconds)
    assert isinstance(clock(), datetime)
