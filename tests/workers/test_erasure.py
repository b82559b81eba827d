"""The carrier's copies go, now or later, and what is gone is gone."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from furniture import change, count_of, rows, rung
from sqlalchemy import event, insert, select, update

from hotline.lab import Lab
from hotline.store import waiting
from hotline.store.engine import utcnow
from hotline.store.receipts import erase_copy
from hotline.store.schema import erasures
from workers import erasure
from workers.office import Office

PHONE = "+525598765432"


def asked(office: Office, *ids: str) -> None:
    with office.engine.begin() as connection:
        for id in ids:
            erase_copy(connection, id, utcnow())


def due_again(office: Office) -> None:
    change(office.engine, update(erasures).values(due_at=utcnow()))


def received(lab: Lab) -> str:
    """The id of a text somebody sent to the hotline, which nobody answered."""
    with pytest.raises(Exception, match=r"11205|11200"):
        lab.phone(PHONE).texts("hola")
    return next(id for id, message in lab.carrier.messages.items() if message.direction == "inbound")


def test_a_copy_goes(connected: Office, carrier_lab: Lab) -> None:
    sid = received(carrier_lab)
    asked(connected, sid, sid)
    assert erasure.erase(connected) == 1
    assert sid not in carrier_lab.carrier.messages
    assert count_of(connected.engine, erasures) == 0


@pytest.mark.parametrize("id", ["SM" + "0" * 32, "CA" + "0" * 32])
def test_what_the_carrier_does_not_have_counts_as_gone(connected: Office, carrier_lab: Lab, id: str) -> None:
    asked(connected, id)
    assert erasure.erase(connected) == 1
    assert [request.operation for request in carrier_lab.carrier.log] == [
        "calls.delete" if id.startswith("CA") else "messages.delete"
    ]


def test_too_early_is_asked_again_later_and_later(connected: Office, carrier_lab: Lab) -> None:
    carrier_lab.carrier.deletable_after = 60
    sid = received(carrier_lab)
    asked(connected, sid)
    waits = []
    for _ in range(4):
        before = utcnow()
        assert erasure.erase(connected) == 0
        [row] = rows(connected.engine, select(erasures))
        assert row["lease_until"] is None
        waits.append(round((row["due_at"] - before).total_seconds()))
        due_again(connected)
    assert waits == [5, 10, 20, 40]
    carrier_lab.carrier.deletable_after = 0
    assert erasure.erase(connected) == 1


@pytest.mark.parametrize("fault", [{"status": 429, "headers": {"Retry-After": "3"}}, {"status": 500}, {"status": 401}])
def test_a_carrier_that_fails_is_asked_again(connected: Office, carrier_lab: Lab, fault: dict[str, Any]) -> None:
    sid = received(carrier_lab)
    asked(connected, sid)
    carrier_lab.carrier.fail("messages.delete", **fault)
    assert erasure.erase(connected) == 0
    due_again(connected)
    assert erasure.erase(connected) == 1


def test_one_that_cannot_go_does_not_keep_the_others(connected: Office, carrier_lab: Lab) -> None:
    sid = received(carrier_lab)
    carrier_lab.carrier.fail("messages.delete", status=500)
    asked(connected, *[f"SM{n:032}" for n in range(erasure.AT_ONCE + 5)], sid)
    assert erasure.erase(connected) == erasure.AT_ONCE + 5
    assert count_of(connected.engine, erasures) == 1


def test_while_the_carrier_refuses_what_is_young_the_others_are_asked_for_when_they_are_not(
    connected: Office, carrier_lab: Lab
) -> None:
    carrier_lab.carrier.deletable_after = 60
    asked(connected, received(carrier_lab))
    assert erasure.erase(connected) == 0
    known = len(carrier_lab.carrier.log)
    asked(connected, "SM" + "1" * 32)
    with connected.engine.connect() as connection:
        assert waiting.to_erase(connection, utcnow()).count == 0
        assert waiting.to_erase(connection, utcnow() + timedelta(seconds=61)).count == 2
    assert erasure.erase(connected) == 0 and len(carrier_lab.carrier.log) == known
    change(connected.engine, update(erasures).values(due_at=utcnow() - timedelta(seconds=61)))
    carrier_lab.carrier.deletable_after = 0
    assert erasure.erase(connected) == 2


def test_whoever_waits_behind_it_waits_for_one_handful(connected: Office, carrier_lab: Lab) -> None:
    asked(connected, *[f"SM{n:032}" for n in range(erasure.AT_ONCE * 3)])
    assert erasure.erase(connected, lambda: True) == erasure.AT_ONCE
    assert count_of(connected.engine, erasures) == erasure.AT_ONCE * 2
    assert "erase" in rung(connected), "the rest comes behind whoever waits"


def test_what_is_not_due_yet_stays(connected: Office) -> None:
    change(
        connected.engine,
        insert(erasures).values(carrier_id="SM1", due_at=utcnow().replace(year=2099), attempts=0),
    )
    assert erasure.erase(connected) == 0
    assert rows(connected.engine, select(erasures))[0]["attempts"] == 0


def test_who_has_something_urgent_to_write_waits_for_few_turns(connected: Office, carrier_lab: Lab) -> None:
    """Erasing is most of what is written on a busy night: one transaction takes a whole handful off the list."""
    begun: list[object] = []
    asked(connected, *[f"SM{n:032}" for n in range(erasure.AT_ONCE)])
    event.listen(connected.engine, "begin", begun.append)
    assert erasure.erase(connected) == erasure.AT_ONCE
    assert len(begun) <= 3, "one to take them up, one to note them, one to find no more"


def test_it_leaves_half_the_machine_to_whoever_is_to_be_woken(
    connected: Office, carrier_lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    rests: list[float] = []
    computed = count(start=0, step=0.2)
    monkeypatch.setattr(erasure, "time", SimpleNamespace(process_time=lambda: next(computed), sleep=rests.append))
    asked(connected, *[f"SM{n:032}" for n in range(erasure.AT_ONCE + 1)])
    assert erasure.erase(connected) == erasure.AT_ONCE + 1
    assert rests == pytest.approx([0.2, 0.2])
