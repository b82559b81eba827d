"""The console's inbox: a liaison's cases, filtered and paged, from plain columns only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select

from hotline.store.console_tables import audit
from hotline.store.duty_tables import case_events, questions
from hotline.store.schema import ENDED, deliveries, messages, reports
from hotline.store.sight import visible

View = Literal["todos", "mios", "esperan", "urgentes"]
VIEWS: tuple[View, ...] = ("esperan", "urgentes", "mios", "todos")
PAGE = 40
# Badges count to a hundred and look back three months; the lists themselves go back to the beginning.
MOST_COUNTED = 100
_COUNTED_FOR = timedelta(days=90)
# For so long an urgent case that nobody has taken stands above newer ones.
_FIRST_FOR = timedelta(days=14)
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


def find(connection: Connection, liaison_id: str, filters: Filters, now: datetime) -> Found:
    """The cases to show: recent urgent ones that wait come first, the gravest and longest waiting; then the newest."""
    seen = and_(visible(connection, liaison_id), *_narrowing(filters))
    wanted = and_(seen, _of_view(filters.view, liaison_id))
    longest = (reports.c.urgency, reports.c.opened_at, reports.c.id)
    newest = (reports.c.opened_at.desc(), reports.c.id)
    recent = reports.c.opened_at > now - _FIRST_FOR
    urgent = and_(_waiting(), reports.c.urgency.in_(("P1", "P2")), recent)
    first: list[Row[Any]] = list(
        connection.execute(select(*_COLUMNS).where(wanted, urgent).order_by(*longest).limit(PAGE))
    )
    begin = filters.page * PAGE
    rest = select(*_COLUMNS).where(wanted, reports.c.id.not_in([row.id for row in first])).order_by(*newest)
    shown: list[Row[Any]] = list(first[begin : begin + PAGE])
    found = connection.execute(rest.limit(PAGE + 1 - len(shown)).offset(max(0, begin - len(first))))
    rows = [*shown, *found]
    counts: dict[str, int] = {}
    for view in ("esperan", "urgentes", "mios"):
        some = select(reports.c.id).where(seen, _of_view(view, liaison_id), reports.c.opened_at > now - _COUNTED_FOR)
        query = select(func.count()).select_from(some.limit(MOST_COUNTED).subquery())
        counts[view] = connection.scalar(query) or 0
    return Found(rows[:PAGE], len(rows) > PAGE, counts)


def stir(connection: Connection) -> tuple[object, ...]:
    """Values that change whenever any case may have: cheap to ask for, whatever is stored."""
    queries = (
        select(func.max(case_events.c.id)),
        select(func.max(reports.c.opened_at)),
        select(func.max(audit.c.seq)),
        select(func.count()).select_from(messages).where(messages.c.state == "waiting"),
    )
    return tuple(connection.scalar(query) for query in queries)


def own(connection: Connection, liaison_id: str) -> list[Row[Any]]:
    """Every case the liaison has taken, oldest first."""
    query = select(*_COLUMNS).where(reports.c.acknowledged_by == liaison_id)
    return list(connection.execute(query.order_by(reports.c.opened_at, reports.c.id)))


def asked(connection: Connection, report_id: str) -> list[Row[Any]]:
    """The questions put to a case's reporter, oldest first, without their words."""
    columns = (questions.c.id, questions.c.liaison_id, questions.c.asked_at, questions.c.state, questions.c.from_part)
    return list(connection.execute(select(*columns).where(questions.c.report_id == report_id).order_by(columns[2])))


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
    return and_(reports.c.acknowledged_by.is_(None), reports.c.status.not_in(ENDED))


def _of_view(view: str, liaison_id: str) -> ColumnElement[bool]:
    if view == "mios":
        mine = or_(reports.c.acknowledged_by == liaison_id, reports.c.passed_to == liaison_id)
        return and_(mine, reports.c.status.not_in(ENDED))
    if view == "esperan":
        return or_(_waiting(), and_(reports.c.passed_to == liaison_id, reports.c.status.not_in(ENDED)))
    if view == "urgentes":
        return and_(reports.c.urgency.in_(("P1", "P2")), reports.c.status.not_in(ENDED))
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
