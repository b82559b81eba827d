"""The console's inbox: a liaison's cases, filtered and paged, from plain columns only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select

from hotline.store.duty_tables import case_events, questions
from hotline.store.schema import deliveries, messages, reports
from hotline.store.sight import visible

View = Literal["todos", "mios", "esperan", "urgentes"]
VIEWS: tuple[View, ...] = ("esperan", "urgentes", "mios", "todos")
PAGE = 40
_COLUMNS = (
    reports.c.id,
    reports.c.code,
    reports.c.channel,
    reports.c.opened_at,
    reports.c.status,
    reports.c.kind,
    reports.c.urgency,
    reports.c.area,
    reports.c.state,
    reports.c.acknowledged_by,
    reports.c.acknowledged_at,
    reports.c.passed_to,
    reports.c.closed_at,
    reports.c.outcome,
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the inbox is shown. Times are UTC; `until` is not included."""

    view: View = "todos"
    area: str | None = None
    state: str | None = None
    kind: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    page: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """One page of cases, whether there are more, and how many each view would show."""

    rows: list[Row[Any]]
    more: bool
    counts: dict[str, int]


def find(connection: Connection, liaison_id: str, filters: Filters) -> Found:
    """The cases to show: urgent ones that wait come first, then the newest."""
    seen = visible(connection, liaison_id)
    narrowed = and_(seen, *_narrowing(filters))
    first = _waiting() & reports.c.urgency.in_(("P1", "P2"))
    order = [first.desc(), reports.c.opened_at.desc(), reports.c.id]
    query = select(*_COLUMNS).where(narrowed, _of_view(filters.view, liaison_id)).order_by(*order)
    rows: list[Row[Any]] = list(connection.execute(query.limit(PAGE + 1).offset(filters.page * PAGE)))
    counts: dict[str, int] = {
        view: connection.scalar(
            select(func.count()).select_from(
                select(reports.c.id).where(narrowed, _of_view(view, liaison_id)).limit(1000).subquery()
            )
        )
        or 0
        for view in VIEWS
        if view != "todos"
    }
    return Found(rows[:PAGE], len(rows) > PAGE, counts)


def own(connection: Connection, liaison_id: str) -> list[Row[Any]]:
    """Every case the liaison has taken, oldest first."""
    query = select(*_COLUMNS).where(reports.c.acknowledged_by == liaison_id)
    return list(connection.execute(query.order_by(reports.c.opened_at, reports.c.id)))


def pulse(connection: Connection, report_id: str) -> tuple[int, ...]:
    """Numbers that change whenever anything about the case does."""
    counts = (
        select(func.count()).select_from(case_events).where(case_events.c.report_id == report_id),
        select(func.count())
        .select_from(messages)
        .where(messages.c.report_id == report_id, messages.c.state != "waiting"),
        select(func.count())
        .select_from(questions)
        .where(questions.c.report_id == report_id, questions.c.state == "answered"),
        select(func.count())
        .select_from(deliveries)
        .where(deliveries.c.subject == report_id, deliveries.c.state.in_(("sent", "delivered"))),
    )
    return tuple(connection.scalar(query) or 0 for query in counts)


def _waiting() -> ColumnElement[bool]:
    return and_(reports.c.acknowledged_by.is_(None), reports.c.status != "closed")


def _of_view(view: str, liaison_id: str) -> ColumnElement[bool]:
    if view == "mios":
        mine = or_(reports.c.acknowledged_by == liaison_id, reports.c.passed_to == liaison_id)
        return and_(mine, reports.c.status != "closed")
    if view == "esperan":
        return or_(_waiting(), and_(reports.c.passed_to == liaison_id, reports.c.status != "closed"))
    if view == "urgentes":
        return and_(reports.c.urgency.in_(("P1", "P2")), reports.c.status != "closed")
    return reports.c.id.is_not(None)


def _narrowing(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.area is not None:
        found.append(reports.c.area == filters.area)
    if filters.state is not None:
        found.append(reports.c.state == filters.state)
    if filters.kind is not None:
        found.append(reports.c.kind == filters.kind)
    if filters.since is not None:
        found.append(reports.c.opened_at >= filters.since)
    if filters.until is not None:
        found.append(reports.c.opened_at < filters.until)
    return found
