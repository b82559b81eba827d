"""What a liaison does to a case: take, leave to the next, pass on, ask, call, close. Phone and console do it here.

Each works within the caller's transaction on a report that the caller has found visible (see `sight`). Doing the same
again changes nothing, so that a command which the carrier delivers twice is carried out once. Asking, calling and
closing take the case first: who does them attends to it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, func, select, update

from hotline.profile.duty import DutyRules, may_hear
from hotline.store import clocks, errands, events
from hotline.store.duty_tables import questions
from hotline.store.engine import insert, is_postgres, new_id
from hotline.store.schema import ENDED, conversations, deliveries, digest_entries, liaisons, reports
from hotline.vault import Vault

Acknowledged = Literal["yours", "taken", "closed"]
Passed = Literal["passed", "taken", "closed", "not_allowed", "away"]
Closed = Literal["closed", "taken"]
Asked = Literal["asked", "taken", "closed", "no_texts", "no_address"]
Called = Literal["calling", "taken", "closed", "no_calls", "night", "no_address"]

# A second wish to call within this time is the same wish.
_SAME_CALL = timedelta(minutes=2)


def acknowledge(connection: Connection, liaison_id: str, report_id: str, now: datetime) -> Acknowledged:
    """The liaison takes the case. Who it was passed to takes it from its owner, who is told; so does who was woken
    since because nobody took it; its owner takes it back."""
    report = _locked(connection, report_id)
    if report.status in ENDED:
        return "closed"
    before = report.acknowledged_by
    if before == liaison_id and report.passed_to is None:
        return "yours"
    if before is not None and before != liaison_id and not may_take_over(connection, report, liaison_id):
        return "taken"
    values = {"acknowledged_by": liaison_id, "acknowledged_at": now, "status": "acknowledged", "passed_to": None}
    connection.execute(update(reports).where(reports.c.id == report_id).values(**values))
    clocks.heard(connection, report_id)
    events.note(connection, report_id, "acknowledged", now, liaison_id=liaison_id)
    if before not in (None, liaison_id):
        step = errands.times(connection, "handed", report_id)
        errands.add(connection, [errands.delivery("handed", report_id, before, "sms", now, step=step)])
    return "yours"


def is_anothers(connection: Connection, report: Row[Any], liaison_id: str) -> bool:
    """Whether somebody else attends to the case, or nobody need any more."""
    if report.status in ENDED:
        return True
    return report.acknowledged_by not in (None, liaison_id) and not may_take_over(connection, report, liaison_id)


def may_take_over(connection: Connection, report: Row[Any], liaison_id: str) -> bool:
    """Whether a case that another has may be taken from them: it was passed to this liaison, or to somebody who did
    not take it, and this one was woken instead."""
    if report.passed_to is None:
        return False
    return report.passed_to == liaison_id or clocks.woke(connection, report.id, liaison_id)


def decline(connection: Connection, liaison_id: str, report_id: str, now: datetime) -> None:
    """The liaison leaves the case to the next in line, who is woken now."""
    clocks.hasten(connection, report_id, now)
    events.note(connection, report_id, "declined", now, liaison_id=liaison_id)


def pass_on(
    connection: Connection, liaison_id: str, report_id: str, to_liaison_id: str, *, rules: DutyRules, now: datetime
) -> Passed:
    """Asks another liaison to take the case; it stays where it is until they do. A supervisor may pass any.

    An urgent case has a clock then as a new one has: when it is not taken in time, others are woken. One that is not
    urgent stands in the other's next digest."""
    report = _locked(connection, report_id)
    if report.status in ENDED:
        return "closed"
    role = connection.scalar(select(liaisons.c.role).where(liaisons.c.id == liaison_id))
    if report.acknowledged_by not in (None, liaison_id) and role != "supervisor":
        return "taken"
    to = connection.execute(select(liaisons).where(liaisons.c.id == to_liaison_id, liaisons.c.active.is_(True))).one()
    if not may_hear(to.body, report.against):
        return "not_allowed"
    if to.away_since is not None:
        return "away"
    if report.passed_to == to_liaison_id:
        return "passed"
    connection.execute(update(reports).where(reports.c.id == report_id).values(passed_to=to_liaison_id))
    step = errands.times(connection, "passed", report_id)
    pace = rules.escalation.get(report.urgency)
    channels = ("sms", "call") if pace is not None and pace.call else ("sms",)
    errands.add(connection, [errands.delivery("passed", report_id, to_liaison_id, c, now, step=step) for c in channels])
    if pace is None:
        _into_digest(connection, to_liaison_id, report_id)
    elif report.acknowledged_by is None and clocks.runs(connection, report_id):
        clocks.give_time(connection, report_id, now + pace.wait)
    else:
        clocks.start_again(connection, report_id, report.urgency, now, now + pace.wait)
    events.note(connection, report_id, "passed", now, liaison_id=liaison_id, to_liaison=to_liaison_id)
    return "passed"


def close(
    connection: Connection, liaison_id: str, report_id: str, outcome: str, now: datetime, *, words: bytes | None = None
) -> Closed:
    """Ends the case with an outcome of the profile's. The reporter's address goes with it, and no answer is awaited.

    `words`: what the liaison said about it, sealed."""
    report = _locked(connection, report_id)
    if report.acknowledged_by not in (None, liaison_id):
        return "taken"
    if report.status in ENDED:
        return "closed"
    connection.execute(
        update(reports)
        .where(reports.c.id == report_id)
        .values(
            status="closed",
            closed_at=now,
            outcome=outcome,
            acknowledged_by=liaison_id,
            acknowledged_at=report.acknowledged_at or now,
            passed_to=None,
            return_address=None,
        )
    )
    clocks.heard(connection, report_id)
    asked = (questions.c.report_id == report_id) & questions.c.state.in_(("waiting", "sent"))
    connection.execute(update(questions).where(asked).values(state="failed"))
    awaited = conversations.c.asked_about == report_id
    connection.execute(update(conversations).where(awaited).values(asked_about=None))
    events.note(connection, report_id, "closed", now, liaison_id=liaison_id, detail=outcome, words=words)
    return "closed"


def ask(
    connection: Connection,
    vault: Vault,
    liaison_id: str,
    report_id: str,
    words: str,
    *,
    now: datetime,
    question_id: str | None = None,
) -> Asked:
    """Notes a question to the reporter, sealed; the back office sends it. The same `question_id` asks once."""
    report = _locked(connection, report_id)
    refused = _reachable(report)
    if report.no_texts and refused is None:
        return "no_texts"
    if refused is not None:
        return refused
    taken = acknowledge(connection, liaison_id, report_id, now)
    if taken != "yours":
        return taken
    sealed = vault.seal(words.encode())
    row = {"id": question_id or new_id(), "report_id": report_id, "liaison_id": liaison_id, "asked_at": now}
    added = connection.execute(
        insert(connection, questions).on_conflict_do_nothing().returning(questions.c.id),
        {**row, "words": sealed, "state": "waiting"},
    ).first()
    if added is not None:
        errands.add(connection, [errands.delivery("question", added.id, liaison_id, "ask", now)])
        events.note(connection, report_id, "asked", now, liaison_id=liaison_id, words=sealed)
    return "asked"


def call(connection: Connection, liaison_id: str, report_id: str, now: datetime, *, night: bool) -> Called:
    """Has the reporter rung up and, if they press a key, joined with the liaison. At night for life and limb only."""
    report = _locked(connection, report_id)
    refused = _reachable(report)
    if report.no_calls and refused is None:
        return "no_calls"
    if refused is not None:
        return refused
    if night and report.urgency != "P1":
        return "night"
    taken = acknowledge(connection, liaison_id, report_id, now)
    if taken != "yours":
        return taken
    same = (deliveries.c.subject == report_id) & (deliveries.c.purpose == "bridge")
    lately = connection.scalar(select(func.max(deliveries.c.created_at)).where(same))
    if lately is None or lately < now - _SAME_CALL:
        step = errands.times(connection, "bridge", report_id, "ring")
        errands.add(connection, [errands.delivery("bridge", report_id, liaison_id, "ring", now, step=step)])
        events.note(connection, report_id, "call", now, liaison_id=liaison_id)
    return "calling"


def owner(connection: Connection, report_id: str) -> str | None:
    """Who has taken the case."""
    found: str | None = connection.scalar(select(reports.c.acknowledged_by).where(reports.c.id == report_id))
    return found


def _into_digest(connection: Connection, liaison_id: str, report_id: str) -> None:
    row = {"liaison_id": liaison_id, "report_id": report_id, "digest_id": None}
    keys = ["liaison_id", "report_id"]
    statement = insert(connection, digest_entries)
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_={"digest_id": None}), row)


def _reachable(report: Row[Any]) -> Literal["closed", "no_address"] | None:
    if report.status in ENDED:
        return "closed"
    return None if report.return_address is not None else "no_address"


def _locked(connection: Connection, report_id: str) -> Row[Any]:
    """The report's row, held until the transaction ends: two who take it at once take turns."""
    query = select(reports).where(reports.c.id == report_id)
    return connection.execute(query.with_for_update() if is_postgres(connection) else query).one()
