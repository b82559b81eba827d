"""What is opened for a liaison at the console, each look on record: a case's masked words, its evidence, names."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from hotline.logs import describe, log
from hotline.store import audit, console, events, sight
from hotline.store.console_tables import audit as audit_table
from hotline.store.duty_tables import case_events, questions
from hotline.store.schema import evidence, liaisons, reports
from hotline.vault import CannotOpen
from workers import roster
from workers.casebook import open_parts
from workers.console import accounts
from workers.office import Office

_MOST_NOTES = 200
_MOST_AN_HOUR = {"case.look": 600, "case.evidence": 120}


def look(
    office: Office, connection: Connection, session: Row[Any], question: dict[str, Any], now: datetime
) -> dict[str, Any]:
    """The masked words of a case, and what was asked and said about it by liaisons."""
    report = _visible(connection, session.liaison_id, question["code"])
    if report is None or _too_many(connection, session.liaison_id, "case.look", now):
        return {"refused": "unknown" if report is None else "often"}
    try:
        parts = [part.text for part in open_parts(office.vault, report.id, report.text)]
    except CannotOpen as error:
        log("counter").error("case cannot be opened", report=report.id, cause=describe(error))
        parts = [None]
    asked = connection.execute(select(questions.c.id, questions.c.words).where(questions.c.report_id == report.id))
    said = connection.execute(
        select(case_events.c.id, case_events.c.words).where(
            case_events.c.report_id == report.id, case_events.c.words.is_not(None)
        )
    )
    audit.append(connection, office.vault, now, session.liaison_id, "case.look", report.code)
    return {
        "parts": parts,
        "questions": {row.id: _opened(office, row.words) for row in asked},
        "words": {row.id: _opened(office, row.words) for row in said},
    }


def evidence_of(
    office: Office, connection: Connection, session: Row[Any], question: dict[str, Any], now: datetime
) -> dict[str, Any]:
    """The evidence of a case, for the `reason` given; both go on record."""
    report = _visible(connection, session.liaison_id, question["code"])
    reason = str(question.get("reason", "")).strip()
    if report is None or not reason:
        return {"refused": "unknown" if report is None else "reason"}
    if _too_many(connection, session.liaison_id, "case.evidence", now):
        return {"refused": "often"}
    rows = connection.execute(
        select(evidence).where(evidence.c.report_id == report.id).order_by(evidence.c.type, evidence.c.fingerprint)
    )
    found = []
    for row in rows:
        about = f"evidence:{report.id}:{row.fingerprint}"
        try:
            value = office.vault.decrypt(row.value, about=about).decode()
        except CannotOpen as error:
            log("counter").error("evidence cannot be opened", report=report.id, cause=describe(error))
            continue
        found.append({"type": row.type, "owner": row.owner, "value": value, "print": row.fingerprint})
    note = office.vault.seal(reason.encode())
    audit.append(connection, office.vault, now, session.liaison_id, "case.evidence", report.code, note)
    events.note(connection, report.id, "evidence", now, liaison_id=session.liaison_id)
    return {"evidence": found}


def people(
    office: Office, connection: Connection, session: Row[Any], question: dict[str, Any], now: datetime
) -> dict[str, Any]:
    """For supervisors: who the liaisons are. Of a phone, its last digits only."""
    if session.role != "supervisor":
        return {"refused": "role"}
    ids = list(connection.scalars(select(liaisons.c.id)))
    audit.append(connection, office.vault, now, session.liaison_id, "people.look", session.liaison_id)
    found = roster.read(connection, office.vault, ids)
    return {
        "people": {
            one.id: {"name": one.name.reveal(), "phone": one.phone.reveal()[-4:], "email": one.email is not None}
            for one in found.values()
        }
    }


def invite(
    office: Office, connection: Connection, session: Row[Any], question: dict[str, Any], now: datetime
) -> dict[str, Any]:
    """For supervisors: a one-time invitation for a liaison."""
    if session.role != "supervisor":
        return {"refused": "role"}
    known = connection.scalar(
        select(liaisons.c.id).where(liaisons.c.id == question["liaison"], liaisons.c.active.is_(True))
    )
    if known is None:
        return {"refused": "unknown"}
    audit.append(connection, office.vault, now, session.liaison_id, "liaison.invite", known)
    accounts.refresh_cards(office, connection, now)
    return {"token": console.invite(connection, office.vault, known, now)}


def notes(
    office: Office, connection: Connection, session: Row[Any], question: dict[str, Any], now: datetime
) -> dict[str, Any]:
    """For supervisors: the reasons given for looks at evidence, by number of the log's entry."""
    if session.role != "supervisor":
        return {"refused": "role"}
    wanted = [int(seq) for seq in question["entries"]][:_MOST_NOTES]
    rows = connection.execute(
        select(audit_table.c.seq, audit_table.c.note).where(
            audit_table.c.seq.in_(wanted), audit_table.c.note.is_not(None)
        )
    )
    return {"notes": {str(row.seq): _opened(office, row.note) for row in rows}}


def _too_many(connection: Connection, liaison_id: str, act: str, now: datetime) -> bool:
    """More in an hour than anybody reads: whoever stole a session, or the process that holds it, gets no archive."""
    return audit.often(connection, liaison_id, act, _MOST_AN_HOUR[act], now - timedelta(hours=1))


def _visible(connection: Connection, liaison_id: str, code: str) -> Row[Any] | None:
    seen = sight.visible(connection, liaison_id)
    return connection.execute(select(reports).where(reports.c.code == code, seen)).one_or_none()


def _opened(office: Office, sealed: bytes | None) -> str | None:
    if sealed is None:
        return None
    try:
        return office.vault.open(sealed).decode()
    except CannotOpen as error:
        log("counter").error("words cannot be opened", cause=describe(error))
        return None
