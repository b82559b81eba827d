"""What a liaison does to a case: take, leave to the next, pass on, ask, call, close. Phone and console do it here.

Each works within the caller's transaction on a report that the caller has found visible (see `sight`). Doing the same
again changes nothing, so that a command which the carrier delivers twice is carried out once. Asking, calling and
closing take the case first: who does them attends to it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, func, select, update

from hotline.profile.duty import may_hear
from hotline.store import errands, events
from hotline.store.duty_tables import escalations, questions
from hotline.store.engine import insert, is_postgres, new_id
from hotline.store.schema import ENDED, conversations, deliveries, liaisons, reports
from hotline.vault import Vault

Acknowledged = Literal["yours", "taken", "closed"]
Passed = Literal["passed", "taken", "closed", "not_allowed", "away"]
Closed = Literal["closed", "taken"]
Asked = Literal["asked", "taken", "closed", "no_texts", "no_address"]
Called = Literal["calling", "taken", "closed", "no_calls", "night", "no_address"]

# A second wish to call within this time is the same wish.
_SAME_CALL = timedelta(minutes=2)


def acknowledge(connection: Connection, liaison_id: str, report_id: str, now: datetime) -> Acknowledged:
    """The liaison takes the case. Who it was passed to takes it from its owner. The first time stays on record."""
    report = _locked(connection, report_id)
    if report.status in ENDED:
        return "closed"
    if report.acknowledged_by == liaison_id:
        return "yours"
    if report.acknowledged_by is not None and report.passed_to != liaison_id:
        return "taken"
    values = {"acknowledged_by": liaison_id, "acknowledged_at": now, "status": "acknowledged", "passed_to": None}
    connection.execute(update(reports).where(reports.c.id == report_id).values(**values))
    heard(connection, report_id)
    events.note(connection, report_id, "acknowledged", now, liaison_id=liaison_id)
    return "yours"


def heard(connection: Connection, report_id: str) -> None:
    """Nobody further is to be woken for this case."""
    open_ = (escalations.c.report_id == report_id) & (escalations.c.state == "open")
    connection.execute(update(escalations).where(open_).values(state="heard"))


def decline(connection: Connection, liaison_id: str, report_id: str, now: datetime) -> None:
    """The liaison leaves the case to the next in line, who is woken now."""
    hasten(connection, report_id, now)
    events.note(connection, report_id, "declined", now, liaison_id=liaison_id)


def hasten(connection: Connection, report_id: str, now: datetime) -> None:
    """The next in line is woken now instead of when the clock says."""
    later = (escalations.c.report_id == report_id) & (escalations.c.state == "open") & (escalations.c.next_at > now)
    connection.execute(update(escalations).where(later).values(next_at=now))


def pass_on(connection: Connection, liaison_id: str, report_id: str, to_liaison_id: str, now: datetime) -> Passed:
    """Asks another liaison to take the case; it stays where it is until they do. A supervisor may pass any."""
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
    step = _count(connection, "passed", report_id, "sms")
    channels = ("sms", "call") if report.urgency == "P1" else ("sms",)
    errands.add(connection, [errands.delivery("passed", report_id, to_liaison_id, c, now, step=step) for c in channels])
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
    heard(connection, report_id)
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
        step = _count(connection, "bridge", report_id, "ring")
        errands.add(connection, [errands.delivery("bridge", report_id, liaison_id, "ring", now, step=step)])
        events.note(connection, report_id, "call", now, liaison_id=liaison_id)
    return "calling"


def owner(connection: Connection, report_id: str) -> str | None:
    """Who has taken the case."""
    found: str | None = connection.scalar(select(reports.c.acknowledged_by).where(reports.c.id == report_id))
    return found


def _reachable(report: Row[Any]) -> Literal["closed", "no_address"] | None:
    if report.status in ENDED:
        return "closed"
    return None if report.return_address is not None else "no_address"


def _count(connection: Connection, purpose: str, subject: str, channel: str) -> int:
    query = select(func.count()).where(
        deliveries.c.purpose == purpose, deliveries.c.subject == subject, deliveries.c.channel == channel
    )
    return connection.scalar(query) or 0


def _locked(connection: Connection, report_id: str) -> Row[Any]:
    """The report's row, held until the transaction ends: two who take it at once take turns."""
    query = select(reports).where(reports.c.id == report_id)
    return connection.execute(query.with_for_update() if is_postgres(connection) else query).one()
