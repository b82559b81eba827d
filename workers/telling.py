"""What a delivery says. Composed at sending from what the store holds: nothing of it is kept with it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, func, select

from hotline.language.gsm import to_gsm7
from hotline.profile.catalogue import CATALOGUE
from hotline.store import actions, sight
from hotline.store.duty_tables import patterns, questions
from hotline.store.engine import reading, utcnow
from hotline.store.schema import deliveries, evidence, reports
from workers import casebook, roster
from workers.casebook import Case, Wording
from workers.digests import composing
from workers.dispatch import REOPENED, TELLING
from workers.mail import Letter
from workers.office import Office

# Ten segments in parts: what the longest text may take. The end of a longer story stands in the digest's mail.
_LONGEST_TEXT = 1530
_LONGEST_NAME = 30
_CODES = 5

# The text of each purpose that tells a case's words.
_STORIES = {
    "urgent": "liaison.urgent",
    "update": "liaison.update",
    "answer": "liaison.answer",
    "passed": "liaison.passed_to_you",
    "story": "liaison.story",
}
_NEWS = ("update", "answer")
# What became of something asked for on a liaison's behalf.
_FAILED = {
    "unsent": "question_failed",
    "private": "question_private",
    "uncalled": "call_failed",
    "unjoined": "call_missed",
}


class Impossible(Exception):
    """This delivery can never be made; the reason in a word, for the log."""


def text_of(office: Office, row: Row[Any]) -> str:
    """The text of a delivery to a liaison's phone. Raises `Impossible`."""
    with reading(office.engine) as connection:
        if row.purpose == "digest":
            return composing.summary(office, connection, row.subject)
        if row.purpose == "pattern":
            return _pattern(office, connection, row)
        case = _case(office, connection, row.subject)
        if case.erased and row.purpose in TELLING:
            raise Impossible("case was erased")
        if row.purpose == "urgent" and _is_over(connection, row):
            raise Impossible("case was taken meanwhile")
        if row.purpose in _STORIES:
            again = row.purpose == "urgent" and _is_theirs(connection, row)
            since = _told_until(connection, row) if again or row.purpose in _NEWS else 0
            key = _STORIES[row.purpose]
            if again:
                key = "liaison.again"
            elif row.purpose == "update" and row.step == REOPENED:
                key = "liaison.reopened"
            return _told(office, case, key, since)
        if row.purpose in ("unheard", "unpassed"):
            return _say(office, row.purpose, code=case.code, who=_asked(office, connection, case.id))
        if row.purpose in ("taken", "handed"):
            return _say(office, row.purpose, code=case.code, who=_owner(office, connection, case.id))
        return _say(office, _FAILED[row.purpose], code=case.code)


def letter_of(office: Office, row: Row[Any]) -> Letter:
    """The e-mail of a delivery: a liaison's digest, or the operator's notice. Raises `Impossible`."""
    with reading(office.engine) as connection:
        if row.purpose == "digest":
            return composing.letter(office, connection, row.subject)
        case = _case(office, connection, row.subject)
    wording, profile = Wording(office.profile, office.language), office.profile
    text = profile.text(
        "watch.text",
        office.language,
        urgency=case.urgency or "",
        code=case.code,
        kind=wording.kind(case),
        place=wording.place(case),
        minutes=str(int((utcnow() - case.opened_at).total_seconds()) // 60),
    )
    subject = profile.text("watch.subject", office.language, code=case.code)
    return Letter(subject, text, f'<p style="font-family:Helvetica,Arial,sans-serif">{text}</p>')


def parts_of(office: Office, report_id: str) -> int:
    """How many parts a case has."""
    with reading(office.engine) as connection:
        return len(_case(office, connection, report_id).parts)


def _case(office: Office, connection: Connection, report_id: str) -> Case:
    found = casebook.read(connection, office.vault, [report_id]).get(report_id)
    if found is None:
        raise Impossible("case is gone")
    return found


def _told(office: Office, case: Case, key: str, since: int) -> str:
    wording = Wording(office.profile, office.language)
    known = {
        "code": case.code,
        "kind": wording.kind(case).capitalize(),
        "place": wording.place(case),
        "urgency": case.urgency or "",
        "hour": f"{wording.moment(case):%H:%M}",
    }
    values = {name: known[name] for name in CATALOGUE[key].values if name != "story"}
    story = to_gsm7(wording.story(case, since))
    room = _LONGEST_TEXT - len(to_gsm7(office.profile.text(key, office.language, story="", **values)))
    if len(story) > room:
        story = story[: room - 3] + "..."
    return office.profile.text(key, office.language, story=story, **values)


def still_waits(office: Office, row: Row[Any]) -> None:
    """Raises `Impossible` when there is nobody to be rung up for it any more."""
    with reading(office.engine) as connection:
        if _is_over(connection, row):
            raise Impossible("case was taken meanwhile")


def _is_over(connection: Connection, row: Row[Any]) -> bool:
    """Whether somebody has taken the case while this was on its way to others."""
    report = connection.execute(select(reports).where(reports.c.id == row.subject)).one_or_none()
    return report is None or actions.is_anothers(connection, report, row.liaison_id)


def _is_theirs(connection: Connection, row: Row[Any]) -> bool:
    """Whether this liaison has the case and is woken again for it."""
    owner = connection.scalar(select(reports.c.acknowledged_by).where(reports.c.id == row.subject))
    return row.liaison_id is not None and owner == row.liaison_id


def _told_until(connection: Connection, row: Row[Any]) -> int:
    """Up to which part this liaison was told by the deliveries before this one; for an answer, what came before the
    question was told too, or is not what they asked."""
    told = connection.scalar(
        select(func.max(deliveries.c.round)).where(
            deliveries.c.subject == row.subject,
            deliveries.c.liaison_id == row.liaison_id,
            deliveries.c.purpose.in_(TELLING),
            deliveries.c.channel == "sms",
            deliveries.c.round < row.round,
        )
    )
    if row.purpose != "answer":
        return told or 0
    asked = select(func.max(questions.c.from_part)).where(
        questions.c.report_id == row.subject,
        questions.c.liaison_id == row.liaison_id,
        questions.c.from_part < row.round,
    )
    return max(told or 0, connection.scalar(asked) or 0)


def _owner(office: Office, connection: Connection, report_id: str) -> str:
    owner = connection.scalar(select(reports.c.acknowledged_by).where(reports.c.id == report_id))
    return _name(office, connection, owner)


def _asked(office: Office, connection: Connection, report_id: str) -> str:
    """Who was asked to take the case over. Raises `Impossible` when somebody has taken it meanwhile."""
    asked = connection.scalar(select(reports.c.passed_to).where(reports.c.id == report_id))
    if asked is None:
        raise Impossible("case was taken meanwhile")
    return _name(office, connection, asked)


def _name(office: Office, connection: Connection, liaison_id: str | None) -> str:
    person = roster.read(connection, office.vault, [liaison_id]).get(liaison_id) if liaison_id else None
    return person.name.reveal()[:_LONGEST_NAME] if person else _say(office, "somebody")


def _pattern(office: Office, connection: Connection, row: Row[Any]) -> str:
    """Which of the liaison's cases share something; of the thing itself nothing but its type."""
    found = connection.execute(select(patterns).where(patterns.c.fingerprint == row.subject)).one_or_none()
    if found is None:
        raise Impossible("pattern is gone")
    codes = connection.scalars(
        select(reports.c.code)
        .join(evidence, evidence.c.report_id == reports.c.id)
        .where(evidence.c.fingerprint == row.subject, sight.visible(connection, row.liaison_id))
        .order_by(reports.c.opened_at.desc())
        .limit(_CODES)
    )
    areas = f"{found.areas} alcaldías o estados" if found.areas > 1 else "la misma zona"
    return _say(
        office,
        "pattern",
        what=composing.thing(found.type).capitalize(),
        count=str(found.cases),
        codes=", ".join(codes),
        places=areas,
    )


def _say(office: Office, key: str, **values: str) -> str:
    return office.profile.text(f"liaison.{key}", office.language, **values)
