"""What stands around a digest's cases: what waits and how long, counts against the period before, patterns, what others
closed. Everything is asked for by time or by liaison, so that it costs what is new, not what is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Row, func, select, union

from hotline.logs import describe, log
from hotline.profile.duty import may_hear
from hotline.store import sight
from hotline.store.duty_tables import patterns
from hotline.store.schema import ENDED, ERASED, deliveries, digest_entries, digests, evidence, liaisons, reports
from hotline.vault import CannotOpen
from workers.casebook import Case, Wording
from workers.office import Office

# Outside one's own cases a count below this could point at somebody.
SMALLEST = 5
_LISTED = 8
_BARS = 6
# Of more patterns in one period, or more cases of one, nobody is told in a digest.
_MOST_PATTERNS = 50
_MOST_HOLDING = 500
_UNTAKEN_DAYS = 7
_NO_TIME = datetime(1970, 1, 1)  # noqa: DTZ001 - as the tables hold times
_WEEK = timedelta(days=7)
# Who joined or was quiet long ago is not told of more than this.
_LONGEST = timedelta(days=31)
# Of these the beginning says nothing of whose it is, and is enough to know it again.
_SHOWN = {"TELEFONO": 2, "PLACA": 1, "CLABE": 3, "TARJETA": 4}


@dataclass(frozen=True, slots=True)
class Waits:
    """A case that waits for the liaison: why, since how long ago, coarsely."""

    code: str
    kind: str
    place: str
    urgency: str
    why: str
    age: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of counts: now and in the period before, and how long its bars are, in per cent of the longest."""

    label: str
    count: int
    before: int
    width: int
    width_before: int


@dataclass(frozen=True, slots=True)
class Shared:
    """A pattern, said: what is shared, in how many cases of how many areas, which of them are the liaison's."""

    what: str
    cases: int
    areas: int
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """A case that somebody else closed, and how."""

    code: str
    kind: str
    place: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All of it. `elsewhere`: kinds and how many, in words, outside what the liaison covers."""

    waiting: tuple[Waits, ...] = ()
    waiting_more: int = 0
    untaken: int = 0
    kinds: tuple[Bar, ...] = ()
    places: tuple[Bar, ...] = ()
    patterns: tuple[Shared, ...] = ()
    closed: tuple[Closed, ...] = ()
    closed_more: int = 0
    elsewhere: tuple[tuple[str, str], ...] = field(default=())
    weekly: bool = False


def look_around(
    office: Office, connection: Connection, liaison_id: str, since: datetime, until: datetime, *, weekly: bool = False
) -> Surroundings:
    """What the liaison's digest of `since` to `until` (UTC) tells besides its cases. A weekly one counts the week."""
    me = connection.execute(select(liaisons).where(liaisons.c.id == liaison_id)).one()
    teller = _Teller(office)
    since = max(min(since, until - _WEEK) if weekly else since, until - _LONGEST)
    waiting, more = _waiting(connection, teller, liaison_id, until)
    closed, closed_more = _closed(connection, teller, liaison_id, since, until)
    own, elsewhere = _counts(connection, me, since, until)
    return Surroundings(
        waiting=waiting,
        waiting_more=more,
        untaken=_untaken(connection, liaison_id, until),
        kinds=_bars(own, lambda row: teller.kind(row.kind)),
        places=_bars(own, lambda row: teller.place(row.area, row.state)),
        patterns=_patterns(office, connection, liaison_id, since, until),
        closed=closed,
        closed_more=closed_more,
        elsewhere=_small(elsewhere, teller),
        weekly=weekly,
    )


class _Teller:
    """Says kinds and places of bare rows."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._wording = Wording(office.profile, office.language)

    def kind(self, kind: str | None) -> str:
        return self._wording.kind(_bare(kind, None, None)).capitalize()

    def place(self, area: str | None, state: str | None) -> str:
        return self._wording.place(_bare(None, area, state))

    def outcome(self, slug: str | None) -> str:
        known = self._office.profile.duty.outcomes
        return known.get(slug or "otro", known["otro"]).names[self._office.language]


def _bare(kind: str | None, area: str | None, state: str | None) -> Case:
    return Case("", "", kind, None, area, state, _NO_TIME, ())


def _waiting(connection: Connection, teller: _Teller, liaison_id: str, now: datetime) -> tuple[tuple[Waits, ...], int]:
    """What is in the liaison's hands, was passed to them, or woke them and was taken by nobody; oldest first."""
    # One question a reason, each by an index of its own: asked as one, all that is stored might be walked.
    ids = union(
        select(reports.c.id).where(reports.c.acknowledged_by == liaison_id, reports.c.status == "acknowledged"),
        select(reports.c.id).where(reports.c.passed_to == liaison_id),
        select(deliveries.c.subject).where(
            deliveries.c.liaison_id == liaison_id,
            deliveries.c.purpose == "urgent",
            deliveries.c.created_at > now - timedelta(days=_UNTAKEN_DAYS),
        ),
    )
    known = list(connection.scalars(ids))
    query = select(reports).where(reports.c.id.in_(known)).order_by(reports.c.opened_at)
    rows = [
        row
        for row in connection.execute(query)
        if row.status not in ENDED and (row.acknowledged_by in (None, liaison_id) or row.passed_to == liaison_id)
    ]
    found = []
    for row in rows[:_LISTED]:
        why, at = "a su cargo", row.acknowledged_at or row.opened_at
        if row.passed_to == liaison_id:
            why, at = "se lo pasan a usted", row.opened_at
        elif row.acknowledged_by is None:
            why, at = "nadie lo ha tomado", row.opened_at
        place = teller.place(row.area, row.state)
        found.append(Waits(row.code, teller.kind(row.kind), place, row.urgency or "", why, age(now - at)))
    return tuple(found), max(0, len(rows) - _LISTED)


def _untaken(connection: Connection, liaison_id: str, now: datetime) -> int:
    """How many cases of the last week's digests before this one nobody has taken."""
    recent = select(digests.c.id).where(
        digests.c.liaison_id == liaison_id,
        digests.c.created_at > now - timedelta(days=_UNTAKEN_DAYS),
        digests.c.created_at < now,
    )
    query = (
        select(func.count())
        .select_from(digest_entries)
        .join(reports, reports.c.id == digest_entries.c.report_id)
        .where(
            digest_entries.c.digest_id.in_(recent),
            digest_entries.c.liaison_id == liaison_id,
            reports.c.acknowledged_by.is_(None),
            reports.c.status.not_in(ENDED),
        )
    )
    return connection.scalar(query) or 0


def age(passed: timedelta) -> str:
    """How long ago, coarsely: hours, then days."""
    hours = int(passed.total_seconds() // 3600)
    if hours < 1:
        return "hace menos de una hora"
    if hours < 48:
        return "hace 1 hora" if hours == 1 else f"hace {hours} horas"
    return f"hace {hours // 24} días"


@dataclass(frozen=True, slots=True)
class _Count:
    """How many cases of one kind, place and complaint came in this period (`now`) or in the one before."""

    kind: str | None
    area: str | None
    state: str | None
    against: str | None
    now: bool
    many: int


# The same hour strikes for many liaisons: what came in between two hours is counted once for all of them.
_counted: WeakKeyDictionary[Engine, dict[tuple[datetime, datetime], list[_Count]]] = WeakKeyDictionary()
_REMEMBERED = 8


def _counts(
    connection: Connection, me: Row[Any], since: datetime, until: datetime
) -> tuple[list[_Count], list[_Count]]:
    """What came in, of this period and of the one before: the liaison's to cover, and elsewhere."""
    known = _counted.setdefault(connection.engine, {})
    if (since, until) not in known:
        if len(known) >= _REMEMBERED:
            known.clear()
        known[since, until] = _count(connection, since, until)
    rows = [row for row in known[since, until] if may_hear(me.body, row.against)]
    ours = [row for row in rows if _covers(me, row)]
    return ours, [row for row in rows if row.now and not _covers(me, row)]


def _count(connection: Connection, since: datetime, until: datetime) -> list[_Count]:
    facts = (reports.c.kind, reports.c.area, reports.c.state, reports.c.against)
    counted: list[_Count] = []
    for begins, ends, now in ((since, until, True), (since - (until - since), since, False)):
        period = (reports.c.opened_at >= begins) & (reports.c.opened_at < ends) & (reports.c.status != ERASED)
        rows = connection.execute(select(*facts, func.count()).where(period).group_by(*facts))
        counted += [_Count(kind, area, state, against, now, many) for kind, area, state, against, many in rows]
    return counted


def _covers(me: Row[Any], count: _Count) -> bool:
    """The same as `sight.covered`, of a count instead of a case."""
    if me.kinds and count.kind not in me.kinds:
        return False
    if not me.areas and not me.states:
        return True
    placeless = me.role == "supervisor" and count.state is None
    return count.area in me.areas or count.state in me.states or placeless


def _bars(rows: Iterable[_Count], label: Callable[[_Count], str]) -> tuple[Bar, ...]:
    now: Counter[str] = Counter()
    before: Counter[str] = Counter()
    for row in rows:
        (now if row.now else before)[label(row)] += row.many
    labels = sorted({*now, *before}, key=lambda one: (-now[one], -before[one], one))[:_BARS]
    most = max((*now.values(), *before.values()), default=1)
    return tuple(
        Bar(one, now[one], before[one], round(now[one] * 100 / most), round(before[one] * 100 / most)) for one in labels
    )


def _small(rows: Sequence[_Count], teller: _Teller) -> tuple[tuple[str, str], ...]:
    """Counts outside the liaison's own cases, small ones not told."""
    kinds: Counter[str] = Counter()
    for row in rows:
        kinds[teller.kind(row.kind)] += row.many
    return tuple(
        (kind, str(count) if count >= SMALLEST else f"menos de {SMALLEST}") for kind, count in kinds.most_common(_BARS)
    )


# The patterns that grew in a period, and in which cases they stand, are the same for all liaisons.
_grown: WeakKeyDictionary[Engine, dict[tuple[datetime, datetime], list[_Grown]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class _Grown:
    """A pattern, and the reports that hold it."""

    fingerprint: str
    type: str
    cases: int
    areas: int
    reports: tuple[str, ...]


def _patterns(
    office: Office, connection: Connection, liaison_id: str, since: datetime, until: datetime
) -> tuple[Shared, ...]:
    """The patterns found or grown in this period that the liaison has a case of, the widest first."""
    found: list[Shared] = []
    for pattern in _grown_in(connection, since, until):
        seen = select(reports.c.id, reports.c.code).where(
            reports.c.id.in_(pattern.reports), sight.visible(connection, liaison_id)
        )
        rows = connection.execute(seen.order_by(reports.c.opened_at.desc()).limit(_LISTED)).all()
        if rows:
            codes = tuple(row.code for row in rows)
            hint = _hint(office, connection, pattern, rows[0].id)
            found.append(Shared(hint, pattern.cases, pattern.areas, codes))
        if len(found) == _LISTED:
            break
    return tuple(found)


def _grown_in(connection: Connection, since: datetime, until: datetime) -> list[_Grown]:
    """Two questions, each by an index: which patterns, then where their evidence stands."""
    known = _grown.setdefault(connection.engine, {})
    if (since, until) not in known:
        if len(known) >= _REMEMBERED:
            known.clear()
        lately = select(patterns).where(patterns.c.grown_at >= since).order_by(patterns.c.cases.desc())
        rows = connection.execute(lately.order_by(patterns.c.fingerprint).limit(_MOST_PATTERNS)).all()
        known[since, until] = [
            _Grown(row.fingerprint, row.type, row.cases, row.areas, _holding(connection, row.fingerprint))
            for row in rows
        ]
    return known[since, until]


def _holding(connection: Connection, fingerprint: str) -> tuple[str, ...]:
    query = select(evidence.c.report_id).where(evidence.c.fingerprint == fingerprint)
    return tuple(connection.scalars(query.limit(_MOST_HOLDING)))


def _hint(office: Office, connection: Connection, pattern: _Grown, report_id: str) -> str:
    """What is shared, with its beginning where that is of use: "el teléfono 55…"."""
    shown = _SHOWN.get(pattern.type, 0)
    mine = (evidence.c.report_id == report_id) & (evidence.c.fingerprint == pattern.fingerprint)
    sealed = connection.scalar(select(evidence.c.value).where(mine)) if shown else None
    if sealed is not None:
        try:
            value = office.vault.decrypt(sealed, about=f"evidence:{report_id}:{pattern.fingerprint}").decode()
            return f"{_THE[pattern.type]} {value.removeprefix('+52').strip()[:shown]}…"
        except CannotOpen as error:
            log("digests").error("evidence cannot be opened", report=report_id, cause=describe(error))
    return f"{_THE.get(pattern.type, 'el mismo dato')}"


_THE = {
    "TELEFONO": "el teléfono",
    "CUENTA": "la misma cuenta",
    "CLABE": "la CLABE",
    "TARJETA": "la tarjeta",
    "PLACA": "la placa",
    "ALIAS": "el mismo alias",
    "CORREO": "el mismo correo",
    "URL": "la misma página",
}


def _closed(
    connection: Connection, teller: _Teller, liaison_id: str, since: datetime, until: datetime
) -> tuple[tuple[Closed, ...], int]:
    query = (
        select(reports)
        .where(
            reports.c.closed_at >= since,
            reports.c.closed_at < until,
            reports.c.acknowledged_by != liaison_id,
            sight.visible(connection, liaison_id),
        )
        .order_by(reports.c.closed_at.desc())
        .limit(200)
    )
    rows = connection.execute(query).all()
    found = [
        Closed(row.code, teller.kind(row.kind), teller.place(row.area, row.state), teller.outcome(row.outcome))
        for row in rows[:_LISTED]
    ]
    return tuple(found), max(0, len(rows) - _LISTED)
