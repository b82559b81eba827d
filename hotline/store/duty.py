"""Who serves when, as the store has it: shifts, being out of service and back, the calendar."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from hotline.profile import Profile
from hotline.profile.shifts import Shift, Standing
from hotline.store import handing, sight
from hotline.store.duty_tables import shifts
from hotline.store.engine import new_id
from hotline.store.people import PersonError
from hotline.store.schema import deliveries, liaisons

# Who says "in service" outside their shifts is on duty this long.
CALLED_IN = timedelta(hours=12)
_DAYS = {
    "lun": 0, "mar": 1, "mie": 2, "jue": 3, "vie": 4, "sab": 5, "dom": 6,
    "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6,
}  # fmt: skip
_RANGE = re.compile(r"([a-z]{3})[a-z]*(?:-([a-z]{3})[a-z]*)?")


@dataclass(frozen=True, slots=True)
class Watch:
    """One liaison's hours on one day of the calendar; without shifts the whole day."""

    liaison_id: str
    role: str
    starts: time
    ends: time
    away: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the calendar, local."""

    day: date
    holiday: bool
    watches: tuple[Watch, ...]


def checked_shift(days: str, starts: str, ends: str, *, holidays: bool = False) -> Shift:
    """A shift from words: days like "lun-vie,dom" or "all", hours like 08:00. Raises `PersonError`."""
    try:
        hours = [time.fromisoformat(hour) for hour in (starts, ends) if re.fullmatch(r"\d\d:\d\d", hour)]
    except ValueError:
        hours = []
    if len(hours) != 2:
        raise PersonError("--from, --to: hours are written like 08:00")
    return Shift(_days(days), hours[0], hours[1], holidays)


def _days(words: str) -> frozenset[int]:
    found: set[int] = set()
    for piece in words.lower().replace("á", "a").replace("é", "e").split(","):
        match = _RANGE.fullmatch(piece.strip())
        first, last = (match[1], match[2] or match[1]) if match else ("", "")
        if piece.strip() in ("all", "todos"):
            found |= set(range(7))
        elif first in _DAYS and last in _DAYS:
            span = (_DAYS[last] - _DAYS[first]) % 7
            found |= {(_DAYS[first] + n) % 7 for n in range(span + 1)}
        else:
            raise PersonError(f"--days: {piece.strip() or words!r} is no day; write them like lun-vie,dom or all")
    return frozenset(found)


def add_shift(connection: Connection, liaison_id: str, shift: Shift) -> str:
    """Gives the liaison a shift; its id. The same one again is the one they have."""
    row = {
        "liaison_id": liaison_id,
        "days": sorted(shift.days),
        "starts": f"{shift.starts:%H:%M}",
        "ends": f"{shift.ends:%H:%M}",
        "holidays": shift.holidays,
    }
    for known in connection.execute(select(shifts).where(shifts.c.liaison_id == liaison_id)):
        if all(getattr(known, name) == value for name, value in row.items()):
            return str(known.id)
    shift_id = new_id()[:8]
    connection.execute(shifts.insert().values(id=shift_id, **row))
    return shift_id


def remove_shift(connection: Connection, shift_id: str) -> bool:
    """Takes a shift away; whether there was one."""
    return connection.execute(delete(shifts).where(shifts.c.id == shift_id)).rowcount > 0


def clear_shifts(connection: Connection, liaison_id: str) -> int:
    """Takes all of a liaison's shifts away: then they are always on duty. How many there were."""
    return connection.execute(delete(shifts).where(shifts.c.liaison_id == liaison_id)).rowcount


def shifts_of(connection: Connection, ids: Iterable[str] | None = None) -> dict[str, list[tuple[str, Shift]]]:
    """liaison → their shifts, each with its id; of all liaisons unless `ids` are given."""
    query = select(shifts).order_by(shifts.c.starts, shifts.c.id)
    if ids is not None:
        query = query.where(shifts.c.liaison_id.in_(list(ids)))
    found: dict[str, list[tuple[str, Shift]]] = {}
    for row in connection.execute(query):
        hours = time.fromisoformat(row.starts), time.fromisoformat(row.ends)
        found.setdefault(row.liaison_id, []).append((row.id, Shift(frozenset(row.days), *hours, row.holidays)))
    return found


def standings(connection: Connection, people: Iterable[Row[Any]], now: datetime) -> dict[str, Standing]:
    """liaison → when they serve, of these rows of `liaisons`."""
    hours = shifts_of(connection)
    return {row.id: _standing(row, hours, now) for row in people}


def _standing(row: Row[Any], hours: Mapping[str, list[tuple[str, Shift]]], now: datetime) -> Standing:
    called_in = row.on_until is not None and row.on_until > now
    return Standing(tuple(shift for _, shift in hours.get(row.id, ())), row.away_since is not None, called_in)


def local(profile: Profile, now: datetime) -> datetime:
    """`now` (UTC, without zone) as the clocks of the place show it."""
    return now.replace(tzinfo=UTC).astimezone(profile.timezone)


def stored(moment: datetime) -> datetime:
    """A local moment as the tables hold times: UTC, without zone."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def on_duty_at(connection: Connection, profile: Profile, now: datetime) -> set[str]:
    """The ids of the active liaisons who are on duty at `now` (UTC)."""
    people = connection.execute(select(liaisons).where(liaisons.c.active.is_(True))).all()
    serving, moment = standings(connection, people, now), local(profile, now)
    return {liaison_id for liaison_id, one in serving.items() if one.serves(moment, profile.duty)}


def go_off(connection: Connection, liaison_id: str, now: datetime) -> list[str]:
    """Out of service until further notice; the codes of the open cases that are still theirs. What they were only told
    of goes to others."""
    values = {"away_since": now, "on_until": None}
    connection.execute(
        update(liaisons).where(liaisons.c.id == liaison_id, liaisons.c.away_since.is_(None)).values(**values)
    )
    handing.leave(connection, liaison_id, now)
    return sight.in_hand(connection, liaison_id)


def go_on(connection: Connection, liaison_id: str, now: datetime) -> list[str]:
    """Back in service, outside their shifts for `CALLED_IN`; the codes of the open cases that are theirs."""
    values = {"away_since": None, "on_until": now + CALLED_IN}
    connection.execute(update(liaisons).where(liaisons.c.id == liaison_id).values(**values))
    # What waited for their shift has waited long enough.
    held = (deliveries.c.liaison_id == liaison_id) & (deliveries.c.state == "waiting") & deliveries.c.tried_at.is_(None)
    connection.execute(update(deliveries).where(held, deliveries.c.due_at > now).values(due_at=now))
    return sight.in_hand(connection, liaison_id)


def calendar(connection: Connection, profile: Profile, first: date, days: int) -> list[Day]:
    """Who serves on each of `days` days from `first` (local)."""
    query = select(liaisons).where(liaisons.c.active.is_(True)).order_by(liaisons.c.created_at, liaisons.c.id)
    people = connection.execute(query).all()
    hours = shifts_of(connection)
    found = []
    for number in range(days):
        day = first + timedelta(days=number)
        watches: list[Watch] = []
        for row in people:
            away = row.away_since is not None
            if row.id not in hours:
                watches.append(Watch(row.id, row.role, time(0), time(0), away))
            on = [shift for _, shift in hours.get(row.id, ()) if shift.on(day, profile.duty)]
            watches += [Watch(row.id, row.role, shift.starts, shift.ends, away) for shift in on]
        found.append(Day(day, profile.duty.is_holiday(day), tuple(watches)))
    return found
