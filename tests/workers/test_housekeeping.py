"""What has had its time is forgotten; what found no liaison is offered again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from furniture import CALLER, add_liaison, admit, arrival, change, count_of, open_office, rows, rung
from sqlalchemy import Engine, Table, event, insert, select, update

from hotline.store.engine import utcnow
from hotline.store.schema import claves, conversations, deliveries, digest_entries, evidence, messages, reports
from workers import filing, housekeeping
from workers.digests import schedule
from workers.office import Office

STORY = "me extorsionan en Iztapalapa desde el 5587654321 y piden que deposite"


def filed(office: Office, sender: str = CALLER) -> str:
    text = arrival(office.vault, STORY, sender=sender)
    admit(office.engine, office.vault, text)
    filing.drain(office)
    return text.report_id


def aged(office: Office, days: float) -> None:
    """Everything is this many days old."""
    then = utcnow() - timedelta(days=days)
    change(office.engine, update(reports).values(opened_at=then))
    change(office.engine, update(messages).values(received_at=then))
    change(office.engine, update(conversations).values(last_at=then))


def counts(office: Office) -> dict[str, int]:
    tables: tuple[Table, ...] = (reports, claves, evidence, messages, conversations, deliveries)
    return {table.name: count_of(office.engine, table) for table in tables}


# The profile keeps reports and evidence 730 days, return addresses 90; the ids of messages are known for 120 days.
@pytest.mark.parametrize(
    ("days", "kept", "address"),
    [
        (0, {"reports", "claves", "evidence", "messages", "conversations", "deliveries"}, True),
        (2, {"reports", "claves", "evidence", "messages", "deliveries"}, True),
        (89, {"reports", "claves", "evidence", "messages", "deliveries"}, True),
        (91, {"reports", "claves", "evidence", "messages", "deliveries"}, False),
        (121, {"reports", "claves", "evidence", "deliveries"}, False),
        (729, {"reports", "claves", "evidence", "deliveries"}, False),
        (731, set(), False),
    ],
)
def test_what_is_kept_how_long(office: Office, days: float, kept: set[str], address: bool) -> None:
    add_liaison(office.engine, office.vault)
    filed(office)
    assert all(counts(office).values())
    aged(office, days)
    for _ in range(2):
        housekeeping.forget(office, utcnow())
    assert {name for name, count in counts(office).items() if count} == kept
    assert any(row["return_address"] for row in rows(office.engine, select(reports))) is address


def test_a_closed_case_has_no_return_address(office: Office) -> None:
    filed(office)
    change(office.engine, update(reports).values(status="closed"))
    housekeeping.forget(office, utcnow())
    assert [row["return_address"] for row in rows(office.engine, select(reports))] == [None]


def test_only_what_is_old_goes(office: Office) -> None:
    old = filed(office, sender="+525511110001")
    new = filed(office, sender="+525511110002")
    then = utcnow() - timedelta(days=800)
    change(office.engine, update(reports).where(reports.c.id == old).values(opened_at=then))
    housekeeping.forget(office, utcnow())
    for table in (reports, claves, evidence):
        column = table.c.id if table is reports else table.c.report_id
        assert {row[column.name] for row in rows(office.engine, select(table))} == {new}


@pytest.mark.parametrize("state", ["held", "waiting"])
def test_what_nobody_has_looked_at_is_never_forgotten(office: Office, state: str) -> None:
    filed(office)
    change(office.engine, update(messages).values(state=state, sealed=b"x"))
    aged(office, 800)
    housekeeping.forget(office, utcnow())
    assert count_of(office.engine, reports) == count_of(office.engine, messages) == 1


def test_a_report_that_went_into_digests_can_be_forgotten(office: Office) -> None:
    add_liaison(office.engine, office.vault, since=utcnow() - timedelta(days=900))
    text = arrival(office.vault, "cuándo es la próxima jornada")
    admit(office.engine, office.vault, text)
    filing.drain(office)
    schedule.send_everything(office)
    aged(office, 800)
    housekeeping.forget(office, utcnow())
    assert count_of(office.engine, reports) == count_of(office.engine, digest_entries) == 0


def test_cases_without_liaison_are_offered_again_once_there_is_one(office: Office) -> None:
    report = filed(office)
    assert housekeeping.route_left_over(office) == 0
    liaison = add_liaison(office.engine, office.vault)
    assert housekeeping.route_left_over(office) == 1
    [told] = rows(office.engine, select(deliveries))
    assert (told["subject"], told["liaison_id"], told["purpose"]) == (report, liaison, "urgent")
    assert "deliver" in rung(office)
    assert housekeeping.route_left_over(office) == 0
    assert count_of(office.engine, deliveries) == 1


def test_one_case_that_cannot_be_opened_does_not_keep_the_others_unrouted(office: Office) -> None:
    bad, good = filed(office, sender="+525511110001"), filed(office, sender="+525511110002")
    change(office.engine, update(reports).where(reports.c.id == bad).values(text=b"damaged" * 9))
    add_liaison(office.engine, office.vault)
    housekeeping.housekeep(office)
    assert good in {row["subject"] for row in rows(office.engine, select(deliveries))}


def test_the_place_of_a_command_among_the_messages_is_forgotten_too(office: Office) -> None:
    then = utcnow() - timedelta(days=121)
    row = {"id": "SM1", "report_id": "command", "channel": "sms", "received_at": then, "ready_at": then}
    change(office.engine, insert(messages).values(**row, state="filed", attempts=0))
    housekeeping.forget(office, utcnow())
    assert count_of(office.engine, messages) == 0


def test_nothing_that_grows_is_walked_as_a_whole(sqlite: Engine, keys: Path) -> None:
    """Over a million reports a walk holds everybody up: what is looked for has an index."""
    office = open_office(sqlite, keys)
    walked: list[str] = []
    add_liaison(sqlite, office.vault)

    def explain(_: object, cursor: Any, statement: str, parameters: Any, *__: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE")):
            plan = cursor.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = [str(step[3]) for step in plan]
            walked.extend(
                step for step in steps if step.startswith(("SCAN reports", "SCAN messages")) and "USING" not in step
            )

    event.listen(sqlite, "before_cursor_execute", explain)
    housekeeping.housekeep(office)
    assert walked == []
