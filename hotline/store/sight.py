"""Which cases a liaison may see and act on: one rule for texts and console, asked of the database in one condition."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, false, func, or_, select, true

from hotline.store import clocks
from hotline.store.schema import ENDED, deliveries, digest_entries, liaisons, reports

_TOLD = ("urgent", "update", "passed", "answer")


def visible(connection: Connection, liaison_id: str) -> ColumnElement[bool]:
    """A condition over `reports`: what this liaison covers, owns, was told of or was asked to take over, without the
    complaints about the body they serve in. Nothing for who is off or unknown."""
    query = select(liaisons).where(liaisons.c.id == liaison_id, liaisons.c.active.is_(True))
    liaison = connection.execute(query).one_or_none()
    if liaison is None:
        return false()
    told = (
        select(deliveries.c.id)
        .where(
            deliveries.c.subject == reports.c.id,
            deliveries.c.liaison_id == liaison_id,
            deliveries.c.purpose.in_(_TOLD),
        )
        .exists()
    )
    digested = (
        select(digest_entries.c.report_id)
        .where(digest_entries.c.report_id == reports.c.id, digest_entries.c.liaison_id == liaison_id)
        .exists()
    )
    mine = or_(reports.c.acknowledged_by == liaison_id, reports.c.passed_to == liaison_id)
    return and_(hearable(liaison.body), or_(covered(liaison), mine, told, digested))


def covered(liaison: Row[Any]) -> ColumnElement[bool]:
    """What the liaison of this row answers for. A supervisor also sees what has neither place nor kind yet."""
    kinds = reports.c.kind.in_(liaison.kinds) if liaison.kinds else true()
    if not liaison.areas and not liaison.states:
        return kinds
    place = or_(reports.c.area.in_(liaison.areas), reports.c.state.in_(liaison.states))
    if liaison.role == "supervisor":
        place = or_(place, reports.c.state.is_(None))
    return and_(kinds, place)


def hearable(body: str | None) -> ColumnElement[bool]:
    """The same rule as `hotline.profile.duty.may_hear`, as a condition."""
    if body is None:
        return true()
    if body.startswith("~"):
        return reports.c.against.is_(None)
    other = and_(reports.c.against != "?", reports.c.against.not_like(f"%,{body},%"))
    return or_(reports.c.against.is_(None), other)


def by_code(connection: Connection, liaison_id: str, code: str) -> Row[Any] | None:
    """The row of the visible report with this code."""
    query = select(reports).where(reports.c.code == code.upper(), visible(connection, liaison_id))
    return connection.execute(query).one_or_none()


def open_codes(connection: Connection, liaison_id: str, limit: int = 200) -> list[str]:
    """The codes of the visible cases that are not closed, those told last first."""
    query = (
        select(reports.c.code)
        .where(visible(connection, liaison_id), reports.c.status.not_in(ENDED))
        .order_by(reports.c.opened_at.desc())
        .limit(limit)
    )
    return list(connection.scalars(query))


def in_hand(connection: Connection, liaison_id: str) -> list[str]:
    """The codes of the open cases that are this liaison's, oldest first."""
    mine = (reports.c.acknowledged_by == liaison_id) & (reports.c.status == "acknowledged")
    return list(connection.scalars(select(reports.c.code).where(mine).order_by(reports.c.opened_at)))


def _may_be_taken(connection: Connection, row: Row[Any], liaison_id: str) -> bool:
    if row.acknowledged_by is None or row.passed_to == liaison_id:
        return True
    return (
        row.passed_to is not None and row.acknowledged_by != liaison_id and clocks.woke(connection, row.id, liaison_id)
    )


def waiting_for(connection: Connection, liaison_id: str) -> list[str]:
    """The codes of the urgent cases this liaison was told of at once and nobody has taken, newest first."""
    told = (
        select(deliveries.c.subject)
        .where(deliveries.c.liaison_id == liaison_id, deliveries.c.purpose.in_(("urgent", "passed")))
        .group_by(deliveries.c.subject)
        .order_by(func.max(deliveries.c.created_at).desc())
        .limit(20)
    )
    # Picked out here: asked of the database too, it might walk all cases that nobody has taken.
    query = select(reports).where(reports.c.id.in_(list(connection.scalars(told)))).order_by(reports.c.opened_at.desc())
    return [
        row.code
        for row in connection.execute(query)
        if row.status not in ENDED and _may_be_taken(connection, row, liaison_id)
    ]
