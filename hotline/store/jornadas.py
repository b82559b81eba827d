"""Dates that neighbours may come to: those of the profile, and those that were entered since."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, select

from hotline.profile import Profile
from hotline.profile.services import Jornada
from hotline.store.public_tables import jornadas


def upcoming(
    connection: Connection | None, profile: Profile, area: str | None, state: str | None, now: datetime
) -> list[Jornada]:
    """What begins after `now` (UTC), soonest first: of an area, else of a state, else everywhere. Without a connection
    only what the profile says."""
    local = now.replace(tzinfo=UTC).astimezone(profile.timezone).replace(tzinfo=None)
    found = [each for each in profile.services.jornadas if each.starts >= local]
    if connection is not None:
        rows = connection.execute(select(jornadas).where(jornadas.c.starts >= local))
        found += [Jornada(row.area, row.starts, row.title, row.place) for row in rows]
    chosen = [each for each in found if _is_in(each.area, area, state)]
    return sorted(chosen, key=lambda each: (each.starts, each.title))


def _is_in(where: str, area: str | None, state: str | None) -> bool:
    if area is not None:
        return where == area
    return state is None or where.startswith(state)
