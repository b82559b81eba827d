"""Calling back whoever rang and hung up for want of credit.

A call that may have been made already is looked up at the carrier before it is made again: nobody's phone rings twice
for one ring.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, update

from hotline.carrier.client import CarrierError, Refused
from hotline.logs import describe, log
from hotline.store.call_tables import ring_backs
from hotline.store.engine import utcnow
from hotline.store.ring_backs import STALE
from hotline.vault import CannotOpen
from workers.leases import claim
from workers.office import Office

LEASE = timedelta(seconds=30)
_FIRST_WAIT = timedelta(seconds=5)
_MOST_ATTEMPTS = 6


def ring_back(office: Office) -> int:
    """Calls everyone who is due; how many phones ring."""
    rung = 0
    while True:
        now = utcnow()
        with office.engine.begin() as connection:
            _, rows = claim(
                connection,
                ring_backs,
                key="sender",
                where=(ring_backs.c.state == "waiting") & (ring_backs.c.due_at <= now),
                order=[ring_backs.c.asked_at],
                limit=1,
                lease=LEASE,
                now=now,
            )
        if not rows:
            return rung
        rung += _one(office, rows[0])


def _one(office: Office, row: Row[Any]) -> bool:
    now = utcnow()
    if row.asked_at < now - STALE or row.attempts > _MOST_ATTEMPTS:
        _note(office, row, state="failed", phone=None)
        return False
    try:
        to = office.vault.open(row.phone).decode()
        # The claim counts the attempt, so that the first one is number 1.
        if row.attempts == 1 or office.carrier.find_call(to, row.asked_at) is None:
            office.carrier.call(to)
    except (CannotOpen, Refused) as error:
        log("ringing_back").warning("cannot be called back", cause=describe(error))
        _note(office, row, state="failed", phone=None)
        return False
    except CarrierError as error:
        log("ringing_back").warning("not called back yet", status=error.status, code=error.code)
        _note(office, row, due_at=now + _FIRST_WAIT * row.attempts)
        return False
    _note(office, row, state="rung", phone=None)
    return True


def _note(office: Office, row: Row[Any], **values: Any) -> None:
    mine = (ring_backs.c.sender == row.sender) & (ring_backs.c.lease == row.lease)
    with office.engine.begin() as connection:
        connection.execute(update(ring_backs).where(mine).values(lease=None, lease_until=None, **values))
