"""What a liaison's text does and is answered: over the signed webhook and a real database, with no key that opens."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from furniture import CALLER, add_liaison, change, count_of, rows
from posting import Carrier
from sqlalchemy import insert, select, update

from hotline import liaison_desk
from hotline.language.gsm import is_gsm7, segments
from hotline.store import audit
from hotline.store.duty_tables import case_events, escalations, questions
from hotline.store.schema import conversations, deliveries, liaisons, reports

ANA, BETO, DORA, LUIS = "+525598760001", "+525598760002", "+525598760003", "+525598760004"
NOON = datetime(2026, 11, 23, 18, 0)  # noqa: DTZ001 - in Mexico City
NIGHT = datetime(2026, 11, 24, 4, 0)  # noqa: DTZ001 - 22:00 there


@pytest.fixture
def town(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Ana and Beto in Iztapalapa, Dora over all, Luis of the police; case K7M2P woke Ana and Beto."""
    monkeypatch.setattr(liaison_desk, "utcnow", lambda: NOON)
    engine, vault = carrier.engine, carrier.vault
    people = {
        "ana": add_liaison(engine, vault, "Ana López", phone=ANA, areas=("09007",)),
        "beto": add_liaison(engine, vault, "Beto Ruiz", phone=BETO, areas=("09007",)),
        "dora": add_liaison(engine, vault, "Dora Sol", phone=DORA, role="supervisor"),
        "luis": add_liaison(engine, vault, "Luis Paz", phone=LUIS, areas=("09007",), body="ssc"),
    }
    case(carrier, "r1", "K7M2P")
    row = {"report_id": "r1", "urgency": "P1", "step": 0, "state": "open", "started_at": NOON}
    change(engine, insert(escalations).values(**row, next_at=NOON + timedelta(minutes=3)))
    for who in ("ana", "beto"):
        sent = {"id": who, "purpose": "urgent", "subject": "r1", "liaison_id": people[who], "channel": "sms"}
        times = {"created_at": NOON, "due_at": NOON}
        change(engine, insert(deliveries).values(**sent, **times, round=1, state="sent", attempts=1))
    return people


def case(carrier: Carrier, id: str, code: str, **more: Any) -> None:
    row: dict[str, Any] = {"id": id, "code": code, "channel": "sms", "opened_at": NOON, "status": "filed"}
    row |= {"filed_at": NOON, "kind": "secuestro", "urgency": "P1", "area": "09007", "state": "09"}
    row |= {"return_address": b"sealed"} | more
    change(carrier.engine, insert(reports).values(**row))


def report(carrier: Carrier, code: str = "K7M2P") -> dict[str, Any]:
    [row] = rows(carrier.engine, select(reports).where(reports.c.code == code))
    return row


def says(carrier: Carrier, who: str, words: str, **more: str) -> str:
    """The one answer, "" for silence."""
    answers = carrier.texts(words, sender=who, **more)
    assert len(answers) <= 1 and all(is_gsm7(one) and segments(one) == 1 for one in answers)
    return answers[0] if answers else ""


def noted(carrier: Carrier, purpose: str) -> list[dict[str, Any]]:
    query = select(deliveries).where(deliveries.c.purpose == purpose).order_by(deliveries.c.created_at)
    return rows(carrier.engine, query)


def test_ok_takes_the_case_and_lets_the_others_sleep(carrier: Carrier, town: dict[str, str]) -> None:
    assert "queda a su cargo" in says(carrier, ANA, "ok k7m2p")
    assert report(carrier)["acknowledged_by"] == town["ana"]
    assert [row["state"] for row in rows(carrier.engine, select(escalations))] == ["heard"]
    assert "queda a su cargo" in says(carrier, ANA, "OK K7M2P")
    # Who has it is said by the back office, for the name is sealed.
    assert says(carrier, BETO, "OK K7M2P") == ""
    assert [(row["liaison_id"], row["subject"]) for row in noted(carrier, "taken")] == [(town["beto"], "r1")]
    assert count_of(carrier.engine, case_events, case_events.c.what == "acknowledged") == 1


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("OK", "queda a su cargo"),
        ("OK ZZZZ9", "No encontramos el caso ZZZZ9"),
        ("OK K7M2B", "Es el K7M2P"),
        ("CERRAR", "Falta el codigo"),
        ("PREGUNTA K7M2P", "PREGUNTA K7M2P y el texto"),
        ("PASAR K7M2P", "quién?"),
        ("PASAR K7M2P a Zenobio", "No encontramos a Zenobio"),
        ("PASAR K7M2P a Beto Sosa", "No encontramos a Beto Sosa"),
        ("PASAR K7M2P a bteo", "avisamos a Bteo"),
        ("PASAR K7M2P a beto porque estoy lejos", "avisamos a Beto para"),
        ("Enterado K7M2P", "queda a su cargo"),
        ("K7M2P", "OK K7M2P para tomarlo"),
        ("PREGUNTA K7M2P " + "a" * 241, "muy larga"),
        ("AYUDA", "PREGUNTA, LLAMAR, CERRAR o PASAR"),
        ("VER K7M2P", "en un momento le llega"),
    ],
)
def test_clear_answers(carrier: Carrier, town: dict[str, str], words: str, answer: str) -> None:
    assert answer in says(carrier, ANA, words)
    assert carrier.kept() == {}


@pytest.mark.parametrize("verb", ["OK", "VER", "PREGUNTA", "LLAMAR", "CERRAR", "PASAR"])
def test_anothers_case_is_as_good_as_none(carrier: Carrier, town: dict[str, str], verb: str) -> None:
    case(carrier, "r2", "B3B3B", area="09012", kind="fraude")
    case(carrier, "r3", "C4C4C", kind="queja_autoridad", against=",ssc,")
    before = rows(carrier.engine, select(deliveries))
    for who, code in ((ANA, "B3B3B"), (LUIS, "C4C4C")):
        assert f"No encontramos el caso {code}" in says(carrier, who, f"{verb} {code} algo")
    assert rows(carrier.engine, select(deliveries)) == before
    assert report(carrier, "B3B3B")["status"] == report(carrier, "C4C4C")["status"] == "filed"
    assert count_of(carrier.engine, questions) == 0


def test_a_question_is_sealed_and_sent_once_however_often_the_carrier_brings_it(
    carrier: Carrier, town: dict[str, str]
) -> None:
    for _ in range(3):
        says(carrier, ANA, "Pregunta K7M2P ¿a qué hora?", id="SM1")
    [asked] = rows(carrier.engine, select(questions))
    assert (asked["liaison_id"], asked["state"]) == (town["ana"], "waiting")
    assert carrier.vault.open(asked["words"]).decode() == "¿a qué hora?" and b"hora" not in asked["words"]
    assert [(row["subject"], row["channel"]) for row in noted(carrier, "question")] == [(asked["id"], "ask")]
    assert report(carrier)["acknowledged_by"] == town["ana"], "who asks attends to it"


@pytest.mark.parametrize(
    ("words", "state", "answer"),
    [
        ("PREGUNTA K7M2P x", {"no_texts": True}, "pidio que no le escriban"),
        ("LLAMAR K7M2P", {"no_calls": True}, "pidio que no le llamen"),
        ("PREGUNTA K7M2P x", {"return_address": None}, "ya no hay forma"),
        ("LLAMAR K7M2P", {"return_address": None}, "ya no hay forma"),
        ("PREGUNTA K7M2P x", {"status": "closed"}, "ya esta cerrado"),
        ("LLAMAR K7M2P", {"no_texts": True}, "estamos marcando"),
        ("PREGUNTA K7M2P x", {"no_calls": True}, "su pregunta va en camino"),
    ],
)
def test_what_the_reporter_did_not_want_is_not_done(
    carrier: Carrier, town: dict[str, str], words: str, state: dict[str, Any], answer: str
) -> None:
    change(carrier.engine, update(reports).values(**state))
    assert answer in says(carrier, ANA, words)
    reached = len(noted(carrier, "question")) + len(noted(carrier, "bridge"))
    assert reached == int("marcando" in answer or "en camino" in answer)


@pytest.mark.parametrize(
    ("now", "urgency", "calls"),
    [(NOON, "P3", 1), (NOON, "P1", 1), (NIGHT, "P3", 0), (NIGHT, "P2", 0), (NIGHT, "P1", 1)],
)
def test_nobody_is_called_at_night_but_for_life_and_limb(
    carrier: Carrier, town: dict[str, str], monkeypatch: pytest.MonkeyPatch, now: datetime, urgency: str, calls: int
) -> None:
    monkeypatch.setattr(liaison_desk, "utcnow", lambda: now)
    change(carrier.engine, update(reports).values(urgency=urgency))
    for _ in range(2):
        answer = says(carrier, ANA, "LLAMAR K7M2P")
        assert ("marcando" in answer) is bool(calls) and ("a esta hora" in answer) is not bool(calls)
    assert len(noted(carrier, "bridge")) == calls


def test_closing_ends_it_and_forgets_where_the_reporter_is(carrier: Carrier, town: dict[str, str]) -> None:
    says(carrier, ANA, "PREGUNTA K7M2P ¿dónde?")
    waits = {"sender": "x" * 32, "report_id": "r1", "last_at": NOON}
    flags = {"by_call": False, "had_place": True, "has_place": True, "answers": 0, "answers_since": NOON}
    change(carrier.engine, insert(conversations).values(**waits, **flags, asked_about="r1"))
    assert "cerrado: denuncia hecha" in says(carrier, ANA, "Cierra K7M2P ya denunció en el MP")
    row = report(carrier)
    assert (row["status"], row["outcome"], row["closed_at"], row["return_address"]) == (
        "closed",
        "denuncia",
        NOON,
        None,
    )
    assert [row["asked_about"] for row in rows(carrier.engine, select(conversations))] == [None]
    assert [row["state"] for row in rows(carrier.engine, select(questions))] == ["failed"]
    assert "ya esta cerrado" in says(carrier, BETO, "OK K7M2P")
    [event] = rows(carrier.engine, select(case_events).where(case_events.c.what == "closed"))
    assert event["detail"] == "denuncia" and b"MP" not in event["words"]


def test_passing_leaves_it_where_it_is_until_it_is_taken(carrier: Carrier, town: dict[str, str]) -> None:
    says(carrier, ANA, "OK K7M2P")
    assert "avisamos a Beto Ruis" in says(carrier, ANA, "PASAR K7M2P a beto ruis")
    row = report(carrier)
    assert (row["acknowledged_by"], row["passed_to"]) == (town["ana"], town["beto"])
    assert {row["channel"] for row in noted(carrier, "passed")} == {"sms", "call"}
    assert "queda a su cargo" in says(carrier, BETO, "OK K7M2P")
    row = report(carrier)
    assert (row["acknowledged_by"], row["passed_to"]) == (town["beto"], None)
    assert says(carrier, ANA, "CERRAR K7M2P") == ""
    assert "avisamos a Supervisor" in says(carrier, BETO, "pasar k7m2p al supervisor")
    assert report(carrier)["passed_to"] == town["dora"]


def test_a_complaint_is_not_passed_to_the_body_complained_of(carrier: Carrier, town: dict[str, str]) -> None:
    case(carrier, "r3", "C4C4C", kind="queja_autoridad", against=",ssc,")
    assert "no puede pasar a alguien de esa autoridad" in says(carrier, ANA, "PASAR C4C4C a Luis")
    assert report(carrier, "C4C4C")["passed_to"] is None


def test_out_of_service_and_back(carrier: Carrier, town: dict[str, str]) -> None:
    says(carrier, ANA, "OK K7M2P")
    assert "Siguen a su cargo: K7M2P" in says(carrier, ANA, "FUERA")
    assert [row["id"] for row in rows(carrier.engine, select(liaisons).where(liaisons.c.away_since == NOON))] == [
        town["ana"]
    ]
    assert "Avisamos a Beto" in says(carrier, ANA, "fuera beto")
    assert report(carrier)["passed_to"] == town["beto"]
    assert "en servicio" in says(carrier, ANA, "en servicio")
    assert count_of(carrier.engine, liaisons, liaisons.c.away_since.is_not(None)) == 0


@pytest.mark.parametrize(
    "words", ["me robaron en Tlalpan", "ok gracias", "fuera de mi casa hay gente armada", "fuera Zenobio"]
)
def test_a_liaisons_other_words_are_a_report(carrier: Carrier, town: dict[str, str], words: str) -> None:
    assert "Su clave" in says(carrier, ANA, words, id="SM1")
    assert carrier.kept()["SM1"]["body"] == words


@pytest.mark.parametrize("words", ["OK K7M2P", "CERRAR K7M2P", "FUERA", "PREGUNTA K7M2P x", "PASAR K7M2P a Ana"])
def test_who_is_no_liaison_reports_whatever_they_write(carrier: Carrier, town: dict[str, str], words: str) -> None:
    assert "Su clave" in says(carrier, CALLER, words, id="SM1")
    assert carrier.kept()["SM1"]["body"] == words
    assert report(carrier)["status"] == "filed"


def test_everything_done_by_phone_is_on_record(carrier: Carrier, town: dict[str, str]) -> None:
    for words in (
        "OK K7M2P",
        "VER K7M2P",
        "PREGUNTA K7M2P x",
        "LLAMAR K7M2P",
        "PASAR K7M2P Beto",
        "CERRAR K7M2P",
        "FUERA",
    ):
        says(carrier, ANA, words)
    with carrier.engine.connect() as connection:
        found = [(row.actor, row.act, row.subject) for row in reversed(audit.entries(connection))]
        assert audit.verify(connection, carrier.vault).entries == len(found)
    acts = ["acknowledge", "read", "ask", "call", "pass", "close"]
    expected = [(town["ana"], f"case.{act}", "K7M2P") for act in acts]
    assert found == [*expected, (town["ana"], "liaison.away", town["ana"])]
