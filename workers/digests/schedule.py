"""When a digest is due and what goes into it. One digest a (liaison, period), whatever crashes.

A period is a liaison's own hour of a local day. Its row is made in the transaction that puts the waiting cases into it
and notes what is to leave; a second attempt finds the row and does nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, select, update

from hotline.logs import log
from hotline.store import errands
from hotline.store.engine import insert, new_id, reading, utcnow
from hotline.store.schema import digest_entries, digests, liaisons, reports
from workers.digests import composing
from workers.office import Office

# More cases than this stand in the next digest: nobody reads a longer one.
MOST_CASES = 200
# Without mail the stories travel in the text itself, and this many fit.
MOST_BY_TEXT = 5
# Who is out of service gets theirs when they are back.
_IN_SERVICE = select(liaisons).where(liaisons.c.active.is_(True), liaisons.c.away_since.is_(None))


def last_hour(hours: Sequence[time], zone: ZoneInfo, now: datetime) -> datetime | None:
    """The latest of `hours` that has struck by `now` (UTC), today or yesterday, as local time; None without hours.

    An hour that daylight saving skips strikes when the clock jumps; one it repeats strikes the first time only.
    """
    local = now.replace(tzinfo=UTC).astimezone(zone)
    struck = [
        moment
        for day in (local.date(), local.date() - timedelta(days=1))
        for hour in hours
        if (moment := datetime.combine(day, hour, tzinfo=zone)).astimezone(UTC) <= local.astimezone(UTC)
    ]
    return max(struck, default=None)


def send_due(office: Office, now: datetime | None = None) -> int:
    """Makes the digests whose hour has struck; how many have something to say."""
    now = now or utcnow()
    made = 0
    with reading(office.engine) as connection:
        people = list(connection.execute(_IN_SERVICE))
    for liaison in people:
        hour = _hour(office, liaison, now)
        if hour is not None:
            with office.engine.begin() as connection:
                made += _make(connection, liaison, _period(hour), now, weekly=_weekly(office, liaison, hour))
    return _rung(office, made)


def send_everything(office: Office) -> int:
    """Makes a digest of whatever waits for anybody, whatever the hour; how many."""
    now = utcnow()
    made = 0
    with reading(office.engine) as connection:
        people = list(connection.execute(select(liaisons).where(liaisons.c.active.is_(True))))
    for liaison in people:
        with office.engine.begin() as connection:
            if _waiting(connection, liaison):
                made += _make(connection, liaison, f"{now:%Y%m%dT%H%M%S.%f}"[:24], now)
    return _rung(office, made)


def _rung(office: Office, made: int) -> int:
    if made:
        log("digests").info("digests made", digests=made)
        office.bell.ring("deliver")
    return made


def _waiting(connection: Connection, liaison: Row[Any]) -> list[str]:
    limit = MOST_CASES if liaison.has_email else MOST_BY_TEXT
    return list(
        connection.scalars(
            select(digest_entries.c.report_id)
            .join(reports, reports.c.id == digest_entries.c.report_id)
            .where(composing.waits_for(liaison.id))
            .order_by(reports.c.urgency, reports.c.opened_at, reports.c.id)
            .limit(limit)
        )
    )


def _make(connection: Connection, liaison: Row[Any], period: str, now: datetime, *, weekly: bool = False) -> bool:
    """The digest of one (liaison, period), once. True when it will leave: it has cases, or is the week's."""
    digest_id = new_id()
    since = composing.began(connection, liaison.id)
    made = connection.execute(
        insert(connection, digests).on_conflict_do_nothing().returning(digests.c.id),
        {
            "id": digest_id,
            "liaison_id": liaison.id,
            "period": period,
            "created_at": now,
            "since": since,
            "weekly": weekly,
        },
    ).first()
    report_ids = _waiting(connection, liaison) if made is not None else []
    if made is None or not (report_ids or weekly):
        return False
    if report_ids:
        connection.execute(
            update(digest_entries)
            .where(digest_entries.c.liaison_id == liaison.id, digest_entries.c.report_id.in_(report_ids))
            .values(digest_id=digest_id)
        )
    channels = ("mail", "sms") if liaison.has_email else ("sms",)
    errands.add(connection, [errands.delivery("digest", digest_id, liaison.id, channel, now) for channel in channels])
    return True


def due_since(connection: Connection, office: Office, now: datetime) -> datetime | None:
    """When (UTC) the first hour struck whose digest is not made yet; None when all are."""
    recent = digests.c.created_at > now - timedelta(days=3)
    known = {(row.liaison_id, row.period) for row in connection.execute(select(digests).where(recent))}
    people = connection.execute(_IN_SERVICE)
    struck = [(liaison.id, hour) for liaison in people if (hour := _hour(office, liaison, now)) is not None]
    undone = [hour for liaison_id, hour in struck if (liaison_id, _period(hour)) not in known]
    return min((hour.astimezone(UTC).replace(tzinfo=None) for hour in undone), default=None)


def _weekly(office: Office, liaison: Row[Any], hour: datetime) -> bool:
    """Whether the digest of this hour is the week's: it comes although nothing is new."""
    return hour.weekday() == office.profile.duty.weekly_day and hour.time() == min(_hours(office, liaison))


def _hours(office: Office, liaison: Row[Any]) -> list[time]:
    return [time.fromisoformat(hour) for hour in liaison.digest_hours] or list(office.profile.clocks.digest_hours)


def _hour(office: Office, liaison: Row[Any], now: datetime) -> datetime | None:
    """The liaison's latest hour that has struck, local; None before the first since they joined."""
    hour = last_hour(_hours(office, liaison), office.profile.timezone, now)
    if hour is None or hour.astimezone(UTC).replace(tzinfo=None) <= liaison.created_at:
        return None
    return hour


def _period(hour: datetime) -> str:
    """The name of the period that ends at `hour`: `2026-11-23T08:00`, local."""
    return f"{hour:%Y-%m-%dT%H:%M}"
