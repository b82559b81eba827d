"""Reaching who reported, on a liaison's behalf: their phone is opened for one send or call, and for nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update

from hotline.language.fold import plain
from hotline.language.gsm import to_gsm7
from hotline.personal import Phone
from hotline.store import errands, events
from hotline.store.duty_tables import questions
from hotline.store.engine import insert, reading, utcnow
from hotline.store.schema import ENDED, conversations, reports
from hotline.vault import CannotOpen
from workers import casebook, roster
from workers.office import Office
from workers.roster import Liaison
from workers.telling import Impossible

# By which somebody who asks could be reached.
_WAYS_BACK = ("TELEFONO", "CORREO", "URL")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on its way: to which phone, and what it says."""

    phone: Phone
    body: str


def question(office: Office, question_id: str) -> Asked:
    """The question as it is sent. Before it leaves, the phone's next text is made to join its report: an answer may be
    faster than the carrier's word. Raises `Impossible` when the reporter may or can no longer be texted, or when the
    question would say who asks it."""
    with reading(office.engine) as connection:
        row = connection.execute(select(questions).where(questions.c.id == question_id)).one_or_none()
        if row is None or row.state not in ("waiting", "sent"):
            raise Impossible("question is withdrawn")
        asker = roster.read(connection, office.vault, [row.liaison_id]).get(row.liaison_id)
    words = office.vault.open(row.words).decode()
    if _reveals(office, words, asker):
        _refuse(office, row)
        raise Impossible("question says who asks")
    with office.engine.begin() as connection:
        report = _report(connection, row.report_id)
        if report.no_texts:
            raise Impossible("reporter wants no texts")
        phone = _phone(office, report)
        _await_answer(connection, office.vault.pseudonym(phone), row.report_id)
    return Asked(phone, to_gsm7(office.profile.text("liaison.to_reporter", office.language, words=_ended(words))))


def _reveals(office: Office, words: str, asker: Liaison | None) -> bool:
    """Whether a question holds its asker's phone, in any spelling, their address or their name. Somebody else may read
    it, and no liaison is to be known to whom they serve."""
    own = set(plain(asker.name.reveal()).split()) if asker else set()
    for span in office.anonymiser.mask(words).spans:
        if span.type in _WAYS_BACK and (span.owner != "suspect" or (asker and span.value == asker.phone.reveal())):
            return True
        if span.type == "NOMBRE" and (span.owner == "reporter" or own & set(span.value.split())):
            return True
    return False


def _refuse(office: Office, row: Row[Any]) -> None:
    """The question stays here, and whoever asked is told why."""
    now = utcnow()
    with office.engine.begin() as connection:
        waiting = (questions.c.id == row.id) & (questions.c.state == "waiting")
        if connection.execute(update(questions).where(waiting).values(state="refused")).rowcount:
            step = errands.times(connection, "private", row.report_id)
            told = errands.delivery("private", row.report_id, row.liaison_id, "sms", now, step=step)
            errands.add(connection, [told])
            events.note(connection, row.report_id, "unsent_question", now, to_liaison=row.liaison_id)


def question_sent(office: Office, question_id: str) -> None:
    """The question left: what the report gains from here on is its answer."""
    now = utcnow()
    with office.engine.begin() as connection:
        row = connection.execute(select(questions).where(questions.c.id == question_id)).one_or_none()
        if row is None:
            return  # its case was erased in this moment
        report = _report(connection, row.report_id)
        parts = len(casebook.open_parts(office.vault, report.id, report.text))
        waiting = (questions.c.id == question_id) & (questions.c.state == "waiting")
        values = {"state": "sent", "sent_at": now, "from_part": parts}
        if connection.execute(update(questions).where(waiting).values(**values)).rowcount:
            events.note(connection, row.report_id, "sent_question", now, to_liaison=row.liaison_id)


def phone_to_call(office: Office, report_id: str) -> Phone:
    """The phone to ring up. Raises `Impossible` when the reporter may or can no longer be called."""
    with reading(office.engine) as connection:
        report = _report(connection, report_id)
    if report.no_calls:
        raise Impossible("reporter wants no calls")
    return _phone(office, report)


def _report(connection: Connection, report_id: str) -> Row[Any]:
    report = connection.execute(select(reports).where(reports.c.id == report_id)).one_or_none()
    if report is None or report.status in ENDED:
        raise Impossible("case is over or gone")
    return report


def _phone(office: Office, report: Row[Any]) -> Phone:
    if report.return_address is None:
        raise Impossible("no return address")
    try:
        about = f"report:{report.id}:return_address"
        return Phone(office.vault.decrypt(report.return_address, about=about).decode())
    except CannotOpen:
        raise Impossible("return address cannot be opened") from None


def _await_answer(connection: Connection, sender: str, report_id: str) -> None:
    """The next text from this phone joins this report, however late."""
    now = utcnow()
    row = {"sender": sender, "report_id": report_id, "last_at": now, "by_call": False, "asked_about": report_id}
    row |= {"had_place": True, "has_place": True, "answers": 0, "answers_since": now}
    statement = insert(connection, conversations)
    connection.execute(statement.on_conflict_do_update(index_elements=["sender"], set_={"asked_about": report_id}), row)


def _ended(words: str) -> str:
    """With a full stop where the liaison left it out, for another sentence follows."""
    words = " ".join(words.split())
    return words if words.endswith((".", "?", "!")) else f"{words}."
