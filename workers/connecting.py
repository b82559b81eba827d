"""Connecting a caller who waits with a liaison: one phone rings after the other, until one says yes.

The liaisons' numbers are opened here only. Neither side sees the other's number, and nothing is recorded. The caller's
own call is told over REST to dial; a caller who has hung up meanwhile is refused by the carrier, and that is all.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from hotline.carrier.client import Later, Refused, Unknown
from hotline.carrier.twiml import bridge as joining
from hotline.carrier.twiml import redirect
from hotline.logs import describe, log
from hotline.profile import Profile
from hotline.profile.duty import may_hear
from hotline.store.bridges import STALE
from hotline.store.call_tables import bridges
from hotline.store.engine import reading, utcnow
from hotline.store.schema import messages, reports
from hotline.vault import CannotOpen
from workers import roster
from workers.dispatch import on_duty
from workers.leases import claim
from workers.office import Office
from workers.routing import ROLES, Matter, recipients

LEASE = timedelta(seconds=25)
RING_SECONDS = 20
# Nobody is kept waiting for more than this many phones.
MOST_PHONES = 5
_AGAIN = timedelta(seconds=3)


def connect(office: Office) -> int:
    """Calls the next liaison for everyone who waits; for how many a phone rings now."""
    ringing = 0
    while True:
        now = utcnow()
        with office.engine.begin() as connection:
            _, rows = claim(
                connection,
                bridges,
                key="id",
                where=(bridges.c.state == "waiting") & (bridges.c.due_at <= now) & (bridges.c.asked_at > now - STALE),
                order=[bridges.c.asked_at],
                limit=1,
                lease=LEASE,
                now=now,
            )
        if not rows:
            return ringing
        ringing += _one(office, rows[0])


def next_in_line(
    connection: Connection, profile: Profile, matter: Matter, tried: list[str], now: datetime
) -> str | None:
    """The liaison to be called now: of those on duty, the one that a report of this kind and place would go to; while
    the place is not known, whoever answers first, wherever."""
    people = [one for one in on_duty(connection, profile, now).people if one.id not in tried]
    if len(tried) >= MOST_PHONES:
        return None
    if matter.area is not None or matter.state is not None:
        return next(iter(recipients(matter, people)), None)
    able = [one for one in people if one.serves and may_hear(one.body, matter.against)]
    willing = [one for one in able if one.takes_kind(matter.kind)] or able
    nearest = min(willing, key=lambda one: (ROLES.index(one.role), not one.everywhere), default=None)
    return nearest.id if nearest else None


def _one(office: Office, row: Row[Any]) -> bool:
    with reading(office.engine) as connection:
        matter = _known(office, connection, row.report_id)
        liaison_id = next_in_line(connection, office.profile, matter, row.tried, utcnow())
        person = roster.read(connection, office.vault, [liaison_id]).get(liaison_id) if liaison_id else None
    if liaison_id is None:
        _note(office, row.id, state="nobody")
        return _tell(office, row, redirect(_url(office, "person", row)))
    tried = [*row.tried, liaison_id]
    if person is None:  # cannot be opened: the next one then
        _note(office, row.id, tried=tried, due_at=utcnow())
        return False
    # Written before it is done: a caller must never be dialled for twice at once.
    _note(office, row.id, state="dialling", tried=tried, kind=matter.kind)
    document = joining(
        person.phone.reveal(),
        shown=str(office.settings.hotline_number),
        action=_url(office, "talked", row),
        whisper=f"{office.settings.public_url}/voice/whisper?bridge={row.id}",
        seconds=RING_SECONDS,
    )
    return _tell(office, row, document)


def _tell(office: Office, row: Row[Any], document: str) -> bool:
    """Gives the caller's call another document. One that has ended needs nothing more."""
    try:
        office.carrier.change_call(row.call_id, document)
    except Refused:
        _note(office, row.id, state="ended")
        return False
    except Later as error:
        log("connecting").warning("carrier said later", status=error.status, code=error.code)
        _note(office, row.id, state="waiting", tried=row.tried, due_at=utcnow() + (error.after or _AGAIN))
        return False
    except Unknown as error:
        # It may ring. If it does not, the caller's own next step says so.
        log("connecting").warning("carrier gave no answer", cause=describe(error))
    return True


def _known(office: Office, connection: Connection, report_id: str) -> Matter:
    """What the caller has told already, filed or not."""
    row = connection.execute(
        select(reports.c.kind, reports.c.area, reports.c.state, reports.c.against).where(reports.c.id == report_id)
    ).one_or_none()
    kind, area, state = (row.kind, row.area, row.state) if row else (None, None, None)
    waiting = select(messages.c.sealed).where(messages.c.report_id == report_id, messages.c.state == "waiting")
    for sealed in connection.scalars(waiting):
        try:
            told = json.loads(office.vault.open(sealed))
        except (CannotOpen, ValueError) as error:
            log("connecting").warning("step not opened", cause=describe(error))
            continue
        kind = told.get("kind", kind)
        if told.get("area") or told.get("state"):
            area, state = told.get("area"), told.get("state")
    against = row.against if row and row.kind == kind else office.profile.duty.complained_of(kind, "")
    return Matter(kind, area, state, against)


def _url(office: Office, step: str, row: Row[Any]) -> str:
    position = f"{row.position}&" if row.position else ""
    return f"{office.settings.public_url}/voice/{step}?{position}bridge={row.id}"


def _note(office: Office, bridge: str, **values: Any) -> None:
    with office.engine.begin() as connection:
        connection.execute(
            update(bridges)
            .where(bridges.c.id == bridge, bridges.c.state.in_(("waiting", "dialling")))
            .values(lease=None, lease_until=None, **values)
        )
