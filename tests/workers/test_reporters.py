"""What a liaison's question may say: nothing by which somebody would know who asks."""

from __future__ import annotations

from typing import Any

import pytest
from furniture import CALLER, add_liaison, admit, arrival, change, only_case, rows
from sqlalchemy import insert, select

from hotline.store import actions
from hotline.store.duty_tables import questions
from hotline.store.engine import utcnow
from hotline.store.schema import conversations, deliveries
from workers import filing, reporters, telling
from workers.office import Office
from workers.telling import Impossible

ANA = "+525510000001"


@pytest.fixture
def asked(office: Office) -> Office:
    """A case that came by text, and a liaison, Ana Prima, who has it."""
    liaison = add_liaison(office.engine, office.vault, "Ana Prima", phone=ANA)
    admit(office.engine, office.vault, arrival(office.vault, "me estan extorsionando en Iztapalapa"))
    filing.drain(office)
    case = only_case(office)
    with office.engine.begin() as connection:
        actions.acknowledge(connection, liaison, case.id, utcnow())
    return office


def ask(office: Office, words: str) -> str:
    case = only_case(office)
    liaison = rows(office.engine, select(deliveries))[0]["liaison_id"]
    row: dict[str, Any] = {"id": "q1", "report_id": case.id, "liaison_id": liaison, "asked_at": utcnow()}
    change(office.engine, insert(questions).values(**row, words=office.vault.seal(words.encode()), state="waiting"))
    return "q1"


@pytest.mark.parametrize(
    "words",
    [
        "¿A qué hora fue? Márqueme al 55 1000 0001",
        "mi cel es cincuenta y cinco diez cero cero cero cero cero uno",
        "Escríbame a ana@enlace.example",
        "Soy Ana, ¿está usted bien?",
        "Le saluda Ana Prima. ¿A qué hora fue?",
    ],
)
def test_a_question_that_says_who_asks_stays_here(asked: Office, words: str) -> None:
    with pytest.raises(Impossible):
        reporters.question(asked, ask(asked, words))
    assert rows(asked.engine, select(questions.c.state)) == [{"state": "refused"}]
    assert rows(asked.engine, select(conversations.c.asked_about))[0]["asked_about"] is None
    with asked.engine.connect() as connection:
        told = connection.execute(select(deliveries).where(deliveries.c.purpose == "private")).one()
    assert "No la enviamos" in telling.text_of(asked, told)


@pytest.mark.parametrize(
    "words",
    [
        "¿A qué hora fue?",
        "¿Está usted a salvo? Si no, marque al 911 o al 089",
        "¿El carro era ABC-123-A?",
        "¿Su prima vio algo?",
        "¿Ramiro Soto es quien le cobra?",
    ],
)
def test_what_is_asked_about_the_case_leaves(asked: Office, words: str) -> None:
    question = reporters.question(asked, ask(asked, words))
    assert question.phone.reveal() == CALLER and question.body.startswith("Sobre lo que nos cont")
