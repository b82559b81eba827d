"""Signing in: the password, the second factor, and what a liaison chose when they were invited.

Only here are they compared, so that neither the web process nor the database can let anybody in.
"""

from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Row, select, update

from hotline.store import audit, console
from hotline.store.console_tables import accounts
from hotline.store.engine import insert
from hotline.store.schema import liaisons
from hotline.vault import seal_for
from workers import roster
from workers.office import Office

STEP_SECONDS = 30
# Clocks of phones are off by some seconds: the code before and the code after are taken too.
_WINDOW = (0, -1, 1)


@cache
def _hasher() -> PasswordHasher:
    # RFC 9106's second recommended option (64 MiB, 3 passes), with one lane: nobody else waits for the cores.
    return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)


@cache
def _nobodys() -> str:
    """A hash to compare with where there is no account, so that the time taken tells nothing."""
    return _hasher().hash("nobody's password")


def enter(office: Office, connection: Connection, question: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Signs a liaison in: `sender` (the phone's pseudonym), `password`, `code`, and the new session's `public` key."""
    found = connection.execute(
        select(accounts, liaisons.c.active)
        .join(liaisons, liaisons.c.id == accounts.c.liaison_id)
        .where(liaisons.c.sender == question["sender"], liaisons.c.active.is_(True))
    ).one_or_none()
    known = _credentials(office, found) if found else {"password": _nobodys(), "totp": ""}
    right = _matches(known["password"], question["password"])
    if found is None:
        return {"refused": "wrong"}
    step = _step(known["totp"], question["code"], now)
    if not right or step is None:
        audit.append(connection, office.vault, now, found.liaison_id, "console.refused", found.liaison_id)
        return {"refused": "wrong"}
    used = connection.execute(
        update(accounts)
        .where(accounts.c.liaison_id == found.liaison_id, accounts.c.last_step < step)
        .values(last_step=step)
    )
    if not used.rowcount:
        return {"refused": "used"}
    return _let_in(office, connection, found.liaison_id, question, now=now, act="console.enter")


def enrol(office: Office, connection: Connection, question: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Uses an invitation up: keeps the chosen `password` and the `totp` secret whose `code` was shown, and signs in."""
    step = _step(question["totp"], question["code"], now)
    if step is None:
        return {"refused": "code"}
    liaison_id = console.accept(connection, office.vault, question["token"], now)
    if liaison_id is None:
        return {"refused": "invitation"}
    secret = {"password": _hasher().hash(question["password"]), "totp": question["totp"]}
    row = {
        "credentials": office.vault.encrypt(json.dumps(secret).encode(), about=f"account:{liaison_id}"),
        "last_step": step,
        "made_at": now,
    }
    connection.execute(
        insert(connection, accounts)
        .values(liaison_id=liaison_id, **row)
        .on_conflict_do_update(index_elements=["liaison_id"], set_=row)
    )
    console.end_sessions(connection, liaison_id, now)
    return _let_in(office, connection, liaison_id, question, now=now, act="console.enrol")


def _let_in(
    office: Office, connection: Connection, liaison_id: str, question: dict[str, Any], *, now: datetime, act: str
) -> dict[str, Any]:
    public_key = bytes.fromhex(question["public"])
    console.grant(
        connection,
        office.vault,
        session_id=question["session"],
        public_key=public_key,
        liaison_id=liaison_id,
        card=seal_for(public_key, json.dumps(card(office, connection, liaison_id), ensure_ascii=False).encode()),
        now=now,
        length=timedelta(hours=office.settings.console_hours),
    )
    audit.append(connection, office.vault, now, liaison_id, act, liaison_id)
    return {"welcome": True}


def card(office: Office, connection: Connection, liaison_id: str) -> dict[str, Any]:
    """The names a liaison's pages show: their own and those of the others."""
    ids = list(connection.scalars(select(liaisons.c.id)))
    names = {one.id: one.name.reveal() for one in roster.read(connection, office.vault, ids).values()}
    return {"name": names.get(liaison_id, ""), "names": names}


def refresh_cards(office: Office, connection: Connection, now: datetime) -> None:
    """Gives every open session the names as they are now."""
    cards: dict[str, bytes] = {}
    for session in console.all_open(connection, now):
        if session.liaison_id not in cards:
            written = card(office, connection, session.liaison_id)
            cards[session.liaison_id] = json.dumps(written, ensure_ascii=False).encode()
        console.hand_card(connection, session.id, seal_for(bytes(session.public_key), cards[session.liaison_id]))


def _credentials(office: Office, row: Row[Any]) -> dict[str, str]:
    found: dict[str, str] = json.loads(office.vault.decrypt(row.credentials, about=f"account:{row.liaison_id}"))
    return found


def _matches(hashed: str, password: str) -> bool:
    try:
        return _hasher().verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def _step(secret: str, code: str, now: datetime) -> int | None:
    """The TOTP step whose code this is, near `now` (UTC)."""
    digits = "".join(code.split())
    if not secret or not digits.isascii() or not digits.isdigit():
        return None
    moment = int(now.replace(tzinfo=UTC).timestamp())
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    for offset in _WINDOW:
        if hmac.compare_digest(totp.at(moment, counter_offset=offset), digits):
            return moment // STEP_SECONDS + offset
    return None
