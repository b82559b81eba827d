"""The counter: each question answered once, to whoever asked it, whatever happens to workers in between."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from furniture import add_liaison, admit, arrival, change, count_of, only_case, rows
from sqlalchemy import select, update

from hotline.store import console
from hotline.store.console_tables import audit, requests, sessions
from hotline.store.engine import utcnow
from hotline.vault import CannotOpen, SessionKey
from workers import filing
from workers.console import counter, looks
from workers.office import Office

KEY = SessionKey(b"k" * 32)


@pytest.fixture
def supervisor(office: Office) -> str:
    """A supervisor with a session under `KEY`."""
    liaison_id = add_liaison(office.engine, office.vault, "Inés Vila", role="supervisor")
    with office.engine.begin() as connection:
        console.grant(
            connection,
            office.vault,
            session_id=KEY.id,
            public_key=KEY.public,
            liaison_id=liaison_id,
            card=b"",
            now=utcnow(),
            length=timedelta(hours=1),
        )
    return liaison_id


def ask(office: Office, errand: Any = "people", question: dict[str, Any] | None = None) -> str:
    with office.engine.begin() as connection:
        return console.ask(
            connection, office.vault, session_id=KEY.id, errand=errand, question=question or {}, now=utcnow()
        )


def answer(office: Office, request_id: str, key: SessionKey = KEY) -> Any:
    [row] = rows(office.engine, select(requests).where(requests.c.id == request_id))
    if row["state"] != "answered" or row["answer"] is None:
        return row["state"]
    return json.loads(key.open(row["answer"]))


def test_a_question_is_answered_to_the_session_that_asked(office: Office, supervisor: str) -> None:
    request_id = ask(office)
    assert counter.serve(office) == 1
    assert answer(office, request_id)["people"][supervisor]["name"] == "Inés Vila"
    with pytest.raises(CannotOpen):
        answer(office, request_id, SessionKey(b"o" * 32))


def test_two_workers_answer_each_question_once(office: Office, supervisor: str) -> None:
    asked = [ask(office) for _ in range(12)]
    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(lambda _: counter.serve(office), range(2))) == 12
    assert all("people" in answer(office, one) for one in asked)
    assert count_of(office.engine, audit, audit.c.act == "people.look") == 12


def test_what_fails_is_tried_again_and_given_up_in_the_end(
    office: Office, supervisor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> dict[str, object]:
        raise RuntimeError

    monkeypatch.setitem(counter._IN_SESSION, "people", fail)
    request_id = ask(office)
    for _ in range(3):
        assert answer(office, request_id) == "waiting"
        counter.serve(office)
        change(office.engine, update(requests).values(lease_until=utcnow() - timedelta(seconds=1)))
    assert answer(office, request_id) == "answered"
    monkeypatch.setitem(counter._IN_SESSION, "people", looks.people)
    assert counter.serve(office) == 0


@pytest.mark.parametrize("spoiled", ["ended", "expired", "other key", "no grant", "off"])
def test_no_answer_without_a_genuine_open_session(office: Office, supervisor: str, spoiled: str) -> None:
    values: dict[str, dict[str, object]] = {
        "ended": {"ended_at": utcnow()},
        "expired": {"expires_at": utcnow()},
        "other key": {"public_key": SessionKey(b"o" * 32).public},
        "no grant": {"grant": b"x" * 80},
    }
    if spoiled == "off":
        from hotline.store.schema import liaisons

        change(office.engine, update(liaisons).values(active=False))
    else:
        change(office.engine, update(sessions).values(**values[spoiled]))
    request_id = ask(office)
    counter.serve(office)
    assert answer(office, request_id) == "answered", "answered with nothing"
    assert count_of(office.engine, audit) == 0


def test_a_longer_life_written_into_the_database_is_none(office: Office, supervisor: str) -> None:
    change(office.engine, update(sessions).values(expires_at=utcnow() + timedelta(days=365)))
    request_id = ask(office)
    counter.serve(office)
    assert answer(office, request_id) == "answered"
    assert count_of(office.engine, audit) == 0


def test_what_nobody_fetched_is_forgotten(office: Office, supervisor: str) -> None:
    ask(office)
    counter.serve(office)
    assert count_of(office.engine, requests) == 1
    change(office.engine, update(requests).values(made_at=utcnow() - console.REQUESTS_KEPT - timedelta(seconds=1)))
    counter.serve(office)
    assert count_of(office.engine, requests) == 0


def test_what_waits_is_seen_by_the_clock(office: Office, supervisor: str) -> None:
    ask(office)
    with office.engine.connect() as connection:
        assert console.waiting(connection, utcnow()).count == 1
    counter.serve(office)
    with office.engine.connect() as connection:
        assert console.waiting(connection, utcnow()).count == 0


@pytest.mark.parametrize(("errand", "act"), [("look", "case.look"), ("evidence", "case.evidence")])
def test_no_session_empties_the_archive(
    office: Office, supervisor: str, monkeypatch: pytest.MonkeyPatch, errand: str, act: str
) -> None:
    """Whatever the web process lets through: the workers count by themselves."""
    admit(office.engine, office.vault, arrival(office.vault, "me extorsionan en iztapalapa"))
    filing.drain(office)
    question = {"code": only_case(office).code, "reason": "para la denuncia"}
    monkeypatch.setitem(looks._MOST_AN_HOUR, act, 3)
    asked = [ask(office, errand, question) for _ in range(5)]
    counter.serve(office)
    refused = [answer(office, one).get("refused") for one in asked]
    assert sorted(map(str, refused)) == ["None"] * 3 + ["often"] * 2
    assert count_of(office.engine, audit, audit.c.act == act) == 3
