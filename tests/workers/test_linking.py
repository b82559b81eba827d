"""When whom a pattern concerns is told of it: in their hours, and at night only where a life is at stake."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from furniture import add_liaison, change, open_office, rows
from sqlalchemy import Engine, insert, select

from hotline.store import duty
from hotline.store.schema import deliveries, digest_entries, evidence, reports
from workers import linking
from workers.office import Office

# A Monday, 14:00 in Mexico City; night is from 21:00 to 09:00.
START = datetime(2026, 11, 23, 20, 0)  # noqa: DTZ001 - as the tables hold times
THREE_AT_NIGHT = START + timedelta(hours=13)


def shared(office: Office, report: str, liaison: str, at: datetime, **facts: Any) -> None:
    """A case of the liaison's digest in which the same phone stands as in all others."""
    row = {
        "id": report, "code": f"K{report:0>4}", "channel": "sms", "opened_at": at, "filed_at": at, "kind": "fraude",
        "status": "filed", "urgency": "P3", "area": "09007", "state": "09",
    }  # fmt: skip
    change(office.engine, insert(reports).values(row | facts))
    change(office.engine, insert(digest_entries).values(liaison_id=liaison, report_id=report))
    found = {"report_id": report, "fingerprint": "f", "type": "TELEFONO", "owner": "suspect", "value": b"-"}
    change(office.engine, insert(evidence).values(found))


# When the third case comes, how grave it is, the liaison's shift, and how many hours later they are told.
@pytest.mark.parametrize(
    ("at", "urgency", "shift", "hours"),
    [
        (START, "P3", None, 0),
        (START, "P3", ("08:00", "20:00"), 0),
        (START, "P3", ("20:00", "08:00"), 6),
        (THREE_AT_NIGHT, "P3", None, 6),
        (THREE_AT_NIGHT, "P2", None, 6),
        (THREE_AT_NIGHT, "P1", None, 0),
        (THREE_AT_NIGHT, "P3", ("20:00", "08:00"), 0),
        (THREE_AT_NIGHT, "P1", ("20:00", "08:00"), 0),
        # Off shift: the case itself wakes whom it must, the pattern nobody.
        (THREE_AT_NIGHT, "P1", ("08:00", "20:00"), 5),
    ],
)
def test_nobody_is_woken_for_a_pattern(
    engine: Engine, keys: Path, at: datetime, urgency: str, shift: tuple[str, str] | None, hours: float
) -> None:
    office = open_office(engine, keys)
    liaison = add_liaison(office.engine, office.vault, "Ana", since=START - timedelta(days=9))
    if shift:
        with office.engine.begin() as connection:
            duty.add_shift(connection, liaison, duty.checked_shift("all", *shift, holidays=True))
    for number, grave in enumerate(("P1", "P3", urgency)):
        shared(office, str(number), liaison, at - timedelta(hours=2 - number), urgency=grave)
        linking.link(office, at)
    [told] = rows(office.engine, select(deliveries).where(deliveries.c.purpose == "pattern"))
    assert told["due_at"] - at == timedelta(hours=hours)


def test_who_comes_back_hears_at_once_what_waited_for_their_shift(engine: Engine, keys: Path) -> None:
    office = open_office(engine, keys)
    liaison = add_liaison(office.engine, office.vault, "Ana", since=START)
    with office.engine.begin() as connection:
        duty.go_off(connection, liaison, START)
    for number in range(3):
        shared(office, str(number), liaison, START)
    linking.link(office, START)
    [held] = rows(office.engine, select(deliveries))
    assert held["due_at"] == START + timedelta(days=7)
    with office.engine.begin() as connection:
        duty.go_on(connection, liaison, START + timedelta(hours=1))
    assert [row["due_at"] for row in rows(office.engine, select(deliveries))] == [START + timedelta(hours=1)]
