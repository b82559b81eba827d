"""The counter: liaisons' browsers ask through the database, the workers answer, sealed to the browser's own key.

The web process can lock and cannot unlock, so whatever is locked is opened here, after it was seen here that the
session is genuine and that the liaison may see what is asked for. A stolen web process or database can ask nothing in
the name of a liaison who has not signed in through it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, update

from hotline.logs import describe, log
from hotline.store import console
from hotline.store.console_tables import requests
from hotline.store.engine import utcnow
from hotline.vault import VaultError, seal_for
from workers.console import accounts, looks, mailbox
from workers.leases import claim, still_held
from workers.office import Office

BATCH = 8
LEASE = timedelta(seconds=10)
# A question that failed this often is answered with a failure.
_MOST_ATTEMPTS = 3

Answer = dict[str, Any]
_IN_SESSION: dict[str, Callable[[Office, Connection, Row[Any], dict[str, Any], datetime], Answer]] = {
    "look": looks.look,
    "evidence": looks.evidence_of,
    "people": looks.people,
    "notes": looks.notes,
    "invite": looks.invite,
    "mailbox": mailbox.mailbox,
}
_AT_THE_DOOR: dict[str, Callable[[Office, Connection, dict[str, Any], datetime], Answer]] = {
    "enter": accounts.enter,
    "enrol": accounts.enrol,
}


@dataclass(frozen=True, slots=True)
class _Answered:
    public_key: bytes
    answer: Answer


def serve(office: Office) -> int:
    """Answers whatever is asked, oldest first, until nothing is; how many. Two at once answer each question once."""
    total = 0
    while True:
        now = utcnow()
        with office.engine.begin() as connection:
            lease, rows = claim(
                connection,
                requests,
                key="id",
                where=(requests.c.state == "waiting") & (requests.c.made_at > now - console.PATIENCE),
                order=[requests.c.made_at, requests.c.id],
                limit=BATCH,
                lease=LEASE,
                now=now,
            )
            if not rows:
                console.sweep(connection, now)
                return total
        for row in rows:
            total += _serve_one(office, lease, row)


def _serve_one(office: Office, lease: str, row: Row[Any]) -> bool:
    try:
        with office.engine.begin() as connection:
            if not still_held(connection, requests, key="id", ids=[row.id], lease=lease):
                return False
            answered = _answer(office, connection, row)
            _hand_over(connection, row.id, answered)
    except Exception as error:
        log("counter").error("not answered", errand=row.errand, cause=describe(error))
        if row.attempts >= _MOST_ATTEMPTS:
            with office.engine.begin() as connection:
                _hand_over(connection, row.id, None)
        return False
    return True


def _answer(office: Office, connection: Connection, row: Row[Any]) -> _Answered | None:
    """None when it is nobody's question: no genuine session, or not sealed by us."""
    now = utcnow()
    try:
        question = json.loads(office.vault.open(row.question))
    except VaultError:
        return None
    if row.errand in _AT_THE_DOOR:
        answer = _AT_THE_DOOR[row.errand](office, connection, question | {"session": row.session_id}, now)
        return _Answered(bytes.fromhex(question["public"]), answer)
    session = console.granted(connection, office.vault, row.session_id, now)
    if session is None or row.errand not in _IN_SESSION:
        return None
    return _Answered(bytes(session.public_key), _IN_SESSION[row.errand](office, connection, session, question, now))


def _hand_over(connection: Connection, request_id: str, answered: _Answered | None) -> None:
    sealed = (
        seal_for(answered.public_key, json.dumps(answered.answer, ensure_ascii=False).encode()) if answered else None
    )
    connection.execute(
        update(requests)
        .where(requests.c.id == request_id)
        .values(state="answered", answer=sealed, lease=None, lease_until=None)
    )
