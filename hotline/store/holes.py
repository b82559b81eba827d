"""Holes in coverage, before they happen: when and for what nobody who may hear of it would be on duty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from hotline.profile import Profile
from hotline.profile.shifts import half_hours
from hotline.store import duty
from hotline.store.schema import liaisons

_DAYS = 14


@dataclass(frozen=True, slots=True)
class Hole:
    """From `begins` until `ends` (local) nobody on duty covers `areas` (all of them when empty), no supervisor either.

    Whoever is off shift would be woken then."""

    begins: datetime
    ends: datetime
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was found of the coming two weeks. `supervisors_only`: areas that no first or second covers.
    `complaints`: kinds of complaint that nobody could hear, because everybody serves in some authority."""

    people: int
    holes: tuple[Hole, ...]
    supervisors_only: tuple[str, ...]
    no_supervisor: bool
    complaints: tuple[str, ...]


def look_ahead(connection: Connection, profile: Profile, now: datetime) -> Coverage:
    """Looks at the two weeks from `now` (UTC) on, to the half hour."""
    people = connection.execute(select(liaisons).where(liaisons.c.active.is_(True))).all()
    standings = duty.standings(connection, people, now)
    first = duty.local(profile, now).date()
    found: list[Hole] = []
    known: dict[frozenset[str], tuple[str, ...] | None] = {}
    for moment in half_hours(first, _DAYS):
        serving = frozenset(one for one, standing in standings.items() if standing.serves(moment, profile.duty))
        if serving not in known:
            known[serving] = _uncovered(profile, [row for row in people if row.id in serving])
        areas = known[serving]
        if areas is None:
            continue
        end = moment + timedelta(minutes=30)
        if found and found[-1].ends == moment and found[-1].areas == areas:
            found[-1] = Hole(found[-1].begins, end, areas)
        else:
            found.append(Hole(moment, end, areas))
    workers = [row for row in people if row.role != "supervisor"]
    lonely = tuple(profile.areas[area].name for area in profile.areas if not any(_covers(one, area) for one in workers))
    hearing = any(row.body is None for row in people)
    return Coverage(
        people=len(people),
        holes=tuple(found),
        supervisors_only=lonely if len(lonely) < len(profile.areas) or not workers else (),
        no_supervisor=not any(row.role == "supervisor" for row in people),
        complaints=() if hearing else tuple(profile.duty.complaints),
    )


def _uncovered(profile: Profile, serving: Sequence[Row[Any]]) -> tuple[str, ...] | None:
    """The areas that nobody of `serving` answers for; empty when it is all of them, None when it is none."""
    if not serving:
        return ()
    if any(row.role == "supervisor" for row in serving):
        return None
    missing = [area for area in profile.areas if not any(_covers(row, area) for row in serving)]
    return tuple(profile.areas[area].name for area in missing) if missing else None


def _covers(row: Row[Any], area: str) -> bool:
    everywhere = not row.areas and not row.states
    return not row.kinds and (everywhere or area in row.areas or area[:2] in row.states)
