"""Questions asked of the cases: who may take which, and what the operator's list shows."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from furniture import add_liaison, admit, arrival, change, count_of
from sqlalchemy import Engine, insert, update

from hotline.store import cases
from hotline.store.engine import utcnow
from hotline.store.schema import deliveries, digest_entries, messages, reports
from hotline.vault import Vault

NOW = utcnow()
ONE, TWO, STRANGER = "+525598760001", "+525598760002", "+525598760003"


def told(engine: Engine, liaison: str, report: str, purpose: str = "urgent") -> None:
    row: dict[str, Any] = {"id": f"{liaison}{report}{purpose}"[:60], "purpose": purpose, "subject": report}
    row |= {"liaison_id": liaison, "channel": "sms", "round": 1, "state": "sent", "created_at": NOW, "due_at": NOW}
    change(engine, insert(deliveries).values(**row, attempts=1))


@pytest.fixture
def house(engine: Engine, vault: Vault) -> Engine:
    """Two liaisons and three cases: K7M2P was texted to both, B3B3B is in One's digest, C4C4C was told to nobody."""
    one, two = (add_liaison(engine, vault, phone=phone) for phone in (ONE, TWO))
    for id, code in (("r1", "K7M2P"), ("r2", "B3B3B"), ("r3", "C4C4C")):
        row = {"id": id, "code": code, "channel": "sms", "opened_at": NOW, "status": "filed", "filed_at": NOW}
        change(engine, insert(reports).values(row))
    told(engine, one, "r1")
    told(engine, two, "r1", "update")
    change(engine, insert(digest_entries).values(liaison_id=one, report_id="r2"))
    return engine


def test_a_command_is_known_when_it_comes_again(engine: Engine) -> None:
    with engine.begin() as connection:
        assert cases.note_command(connection, "SM1", NOW) is None
    with engine.begin() as connection:
        assert cases.note_command(connection, "SM1", NOW + timedelta(seconds=9)) == NOW
    assert count_of(engine, messages) == 1
    assert count_of(engine, messages, messages.c.state == "waiting") == 0


def test_the_list_shows_the_newest_first_and_nothing_that_was_said(house: Engine, vault: Vault) -> None:
    for n, id in enumerate(("r1", "r2", "r3")):
        change(house, update(reports).where(reports.c.id == id).values(opened_at=NOW - timedelta(minutes=n)))
    change(house, update(reports).where(reports.c.id == "r2").values(kind="fraude", urgency="P3", area="09007"))
    with house.connect() as connection:
        found = cases.list_cases(connection, 2)
    assert [case.code for case in found] == ["K7M2P", "B3B3B"]
    assert asdict(found[1]) == {
        "code": "B3B3B", "kind": "fraude", "urgency": "P3", "area": "09007", "state": None, "channel": "sms",
        "status": "filed", "opened": NOW - timedelta(minutes=1),
    }  # fmt: skip


def test_what_is_not_filed_yet_is_listed_once_a_report(house: Engine, vault: Vault) -> None:
    at = NOW + timedelta(minutes=1)
    admit(house, vault, *[arrival(vault, "x", at=at + timedelta(seconds=n)) for n in range(3)])
    with house.connect() as connection:
        found = cases.list_cases(connection, 10)
        counted = cases.counts_by_status(connection)
    assert [case.code for case in found[1:]] == ["K7M2P", "B3B3B", "C4C4C"] or len(found) == 4
    first = found[0]
    assert (first.code, first.status, first.channel, first.opened) == (None, "received", "sms", at)
    assert counted["filed"] == 3
