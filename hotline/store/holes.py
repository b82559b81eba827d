"""Holes in coverage, before they happen: when and for what nobody who may hear of it would be on duty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from hotline.profile import Profile
from hotline.profile.duty import may_hear
from hotline.profile.shifts import half_hours
from hotline.store import duty
from hotline.store.schema import liaisons

_DAYS = 14
_STATES_NAMED = 4


@dataclass(frozen=True, slots=True)
class Hole:
    """From `begins` until `ends` (local) nobody on duty covers `what` (nothing at all when empty): areas, states, and
    complaints that whoever serves may not hear. Whoever is off shift would be woken then."""

    begins: datetime
    ends: datetime
    what: tuple[str, ...]


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
    moment_now = duty.local(profile, now).replace(tzinfo=None)
    first = moment_now.date()
    found: list[Hole] = []
    known: dict[frozenset[str], tuple[str, ...] | None] = {}
    for moment in half_hours(first, _DAYS):
        if moment <= moment_now - timedelta(minutes=30):
            continue
        serving = frozenset(one for one, standing in standings.items() if standing.serves(moment, profile.duty))
        if serving not in known:
            known[serving] = _uncovered(profile, [row for row in people if row.id in serving])
        missing = known[serving]
        if missing is None:
            continue
        end = moment + timedelta(minutes=30)
        if found and found[-1].ends == moment and found[-1].what == missing:
            found[-1] = Hole(found[-1].begins, end, missing)
        else:
            found.append(Hole(moment, end, missing))
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
    """What nobody of `serving` answers for; empty when it is everything, None when it is nothing."""
    if not serving:
        return ()
    missing: list[str] = []
    if not any(row.role == "supervisor" for row in serving):
        missing = [one.name for code, one in profile.areas.items() if not any(_covers(row, code) for row in serving)]
        whole = {area[:2] for area in profile.areas}  # a state whose areas are told apart is covered by these
        states = [one for code, one in profile.states.items() if code not in whole]
        away = [one.name for one in states if not any(_covers_state(row, one.code) for row in serving)]
        missing += away if len(away) <= _STATES_NAMED else [f"{len(away)} other states"]
    # Supervisors hear what nobody covers, but not what complains of the body they serve in.
    for slug, body in profile.duty.bodies.items():
        if not any(may_hear(row.body, f",{slug},") for row in serving):
            missing.append(f"complaints about {body.name}")
    return tuple(missing) or None


def _covers(row: Row[Any], area: str) -> bool:
    everywhere = not row.areas and not row.states
    return not row.kinds and (everywhere or area in row.areas or area[:2] in row.states)


def _covers_state(row: Row[Any], state: str) -> bool:
    return not row.kinds and (state in row.states or (not row.areas and not row.states))
