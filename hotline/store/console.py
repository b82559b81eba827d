"""Sessions, invitations and questions of the console, as the store keeps them.

The web process writes questions and ends sessions. Only the workers can make a session or accept an invitation: both
carry a proof encrypted with the field key, which the web process does not hold.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, func, or_, select, update

from hotline.store.console_tables import accounts, invitations, requests, sessions
from hotline.store.engine import new_id
from hotline.store.schema import liaisons
from hotline.store.waiting import Waiting, free
from hotline.vault import CannotOpen, Vault

Errand = Literal["enter", "enrol", "look", "evidence", "people", "invite", "notes", "mailbox"]

INVITATION_KEPT = timedelta(hours=48)
# An answer is fetched within seconds; whatever nobody fetched is not kept.
REQUESTS_KEPT = timedelta(minutes=5)
# A question older than this has nobody waiting for it any more.
PATIENCE = timedelta(minutes=1)
# Sign-ins waiting at once: each costs the workers some 50 ms and 64 MB.
MOST_ENTERING = 40


@dataclass(frozen=True, slots=True)
class Session:
    """A liaison signed in, as the web process knows one. `card` is sealed to the session's key."""

    id: str
    liaison_id: str
    role: str
    card: bytes
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime


# Sessions


def session(connection: Connection, session_id: str, now: datetime, idle: timedelta) -> Session | None:
    """The session with this id, if it is open, was used within `idle`, and its liaison still serves."""
    row = connection.execute(
        select(sessions, liaisons.c.role)
        .join(liaisons, liaisons.c.id == sessions.c.liaison_id)
        .where(
            sessions.c.id == session_id,
            sessions.c.ended_at.is_(None),
            sessions.c.expires_at > now,
            sessions.c.seen_at > now - idle,
            liaisons.c.active.is_(True),
        )
    ).one_or_none()
    if row is None:
        return None
    return Session(row.id, row.liaison_id, row.role, row.card, row.opened_at, row.seen_at, row.expires_at)


def touch(connection: Connection, session_id: str, now: datetime) -> None:
    connection.execute(update(sessions).where(sessions.c.id == session_id).values(seen_at=now))


def end_session(connection: Connection, liaison_id: str, session_id: str, now: datetime) -> bool:
    """Ends one of the liaison's own sessions. False when it was none or had ended."""
    done = connection.execute(
        update(sessions)
        .where(sessions.c.id == session_id, sessions.c.liaison_id == liaison_id, sessions.c.ended_at.is_(None))
        .values(ended_at=now)
    )
    return bool(done.rowcount)


def end_sessions(connection: Connection, liaison_id: str, now: datetime, *, but: str = "") -> int:
    """Ends every session of a liaison except `but`; how many."""
    done = connection.execute(
        update(sessions)
        .where(sessions.c.liaison_id == liaison_id, sessions.c.ended_at.is_(None), sessions.c.id != but)
        .values(ended_at=now)
    )
    return done.rowcount


def open_sessions(connection: Connection, liaison_id: str, now: datetime) -> list[Row[Any]]:
    query = select(sessions.c.id, sessions.c.opened_at, sessions.c.seen_at).where(
        sessions.c.liaison_id == liaison_id, sessions.c.ended_at.is_(None), sessions.c.expires_at > now
    )
    return list(connection.execute(query.order_by(sessions.c.seen_at.desc())))


def all_open(connection: Connection, now: datetime) -> list[Row[Any]]:
    """Every open session."""
    query = select(sessions.c.id, sessions.c.liaison_id, sessions.c.public_key)
    return list(connection.execute(query.where(sessions.c.ended_at.is_(None), sessions.c.expires_at > now)))


def hand_card(connection: Connection, session_id: str, card: bytes) -> None:
    """Replaces what a session knows of names; sealed to it."""
    connection.execute(update(sessions).where(sessions.c.id == session_id).values(card=card))


def grant(
    connection: Connection,
    vault: Vault,
    *,
    session_id: str,
    public_key: bytes,
    liaison_id: str,
    card: bytes,
    now: datetime,
    length: timedelta,
) -> None:
    """Opens a session. Needs the field key. A question repeated after its answer was lost opens no second one."""
    connection.execute(delete(sessions).where(sessions.c.id == session_id, sessions.c.liaison_id == liaison_id))
    connection.execute(
        sessions.insert().values(
            id=session_id,
            liaison_id=liaison_id,
            public_key=public_key,
            grant=vault.encrypt(_granted(liaison_id, public_key, now + length), about=f"session:{session_id}"),
            card=card,
            opened_at=now,
            seen_at=now,
            expires_at=now + length,
        )
    )


def granted(connection: Connection, vault: Vault, session_id: str, now: datetime) -> Row[Any] | None:
    """The open session whose grant is genuine, with its liaison's row; None for any other. Needs the field key."""
    row = connection.execute(
        select(sessions, liaisons.c.role, liaisons.c.active)
        .join(liaisons, liaisons.c.id == sessions.c.liaison_id)
        .where(sessions.c.id == session_id, sessions.c.ended_at.is_(None), sessions.c.expires_at > now)
    ).one_or_none()
    if row is None or not row.active:
        return None
    try:
        plain = vault.decrypt(row.grant, about=f"session:{session_id}")
    except CannotOpen:
        return None
    return row if plain == _granted(row.liaison_id, bytes(row.public_key), row.expires_at) else None


def _granted(liaison_id: str, public_key: bytes, expires_at: datetime) -> bytes:
    return f"{liaison_id}:{public_key.hex()}:{expires_at.isoformat()}".encode()


# Invitations


def invite(connection: Connection, vault: Vault, liaison_id: str, now: datetime) -> str:
    """Makes the token of a new invitation; earlier ones of this liaison end. Needs the field key (`VaultError`)."""
    token = secrets.token_urlsafe(24)
    invitation_id = _hash(token)
    connection.execute(
        delete(invitations).where(invitations.c.liaison_id == liaison_id, invitations.c.used_at.is_(None))
    )
    connection.execute(
        invitations.insert().values(
            id=invitation_id,
            liaison_id=liaison_id,
            proof=vault.encrypt(liaison_id.encode(), about=f"invitation:{invitation_id}"),
            made_at=now,
            expires_at=now + INVITATION_KEPT,
        )
    )
    return token


def invited(connection: Connection, token: str, now: datetime) -> bool:
    """Whether this token's invitation is still open."""
    return _open_invitation(connection, token, now) is not None


def accept(connection: Connection, vault: Vault, token: str, now: datetime) -> str | None:
    """Uses the invitation up and gives its liaison's id; None when it is no (longer an) invitation of ours."""
    row = _open_invitation(connection, token, now)
    if row is None:
        return None
    try:
        if vault.decrypt(row.proof, about=f"invitation:{row.id}") != row.liaison_id.encode():
            return None
    except CannotOpen:
        return None
    used = connection.execute(
        update(invitations).where(invitations.c.id == row.id, invitations.c.used_at.is_(None)).values(used_at=now)
    )
    return str(row.liaison_id) if used.rowcount else None


def _open_invitation(connection: Connection, token: str, now: datetime) -> Row[Any] | None:
    return connection.execute(
        select(invitations)
        .join(liaisons, liaisons.c.id == invitations.c.liaison_id)
        .where(
            invitations.c.id == _hash(token),
            invitations.c.used_at.is_(None),
            invitations.c.expires_at > now,
            liaisons.c.active.is_(True),
        )
    ).one_or_none()


def enrolled(connection: Connection) -> set[str]:
    """The ids of the liaisons who have an account."""
    return set(connection.scalars(select(accounts.c.liaison_id)))


def colleagues(connection: Connection) -> list[Row[Any]]:
    """The liaisons who serve, oldest first: everything about them that is not sealed."""
    query = select(liaisons).where(liaisons.c.active.is_(True))
    return list(connection.execute(query.order_by(liaisons.c.created_at, liaisons.c.id)))


def _hash(token: str) -> str:
    return hashlib.blake2b(token.encode(), digest_size=16, person=b"hotline-invite").hexdigest()


# Questions to the workers


def ask(
    connection: Connection,
    vault: Vault,
    *,
    session_id: str,
    errand: Errand,
    question: dict[str, Any],
    now: datetime,
) -> str:
    """Writes a question, sealed to the workers; its id."""
    request_id = new_id()
    connection.execute(
        requests.insert().values(
            id=request_id,
            session_id=session_id,
            errand=errand,
            question=vault.seal(json.dumps(question, ensure_ascii=False).encode()),
            state="waiting",
            made_at=now,
            attempts=0,
        )
    )
    return request_id


def answer(connection: Connection, session_id: str, request_id: str) -> tuple[str, bytes | None] | None:
    """State and sealed answer of a question of this session; None when there is none."""
    row = connection.execute(
        select(requests.c.state, requests.c.answer).where(
            requests.c.id == request_id, requests.c.session_id == session_id
        )
    ).one_or_none()
    return (row.state, row.answer) if row else None


def entering(connection: Connection, session_id: str) -> str | None:
    """The id of the sign-in that is under way under this id."""
    query = select(requests.c.id).where(requests.c.session_id == session_id, requests.c.errand.in_(("enter", "enrol")))
    found: str | None = connection.scalar(query.order_by(requests.c.made_at.desc()).limit(1))
    return found


def crowded(connection: Connection, now: datetime) -> bool:
    """Whether so many sign-ins wait that another would only make all of them wait longer."""
    query = select(func.count()).where(
        requests.c.state == "waiting",
        requests.c.errand.in_(("enter", "enrol")),
        requests.c.made_at > now - PATIENCE,
    )
    return (connection.scalar(query) or 0) >= MOST_ENTERING


def forget(connection: Connection, request_id: str) -> None:
    connection.execute(delete(requests).where(requests.c.id == request_id))


def sweep(connection: Connection, now: datetime) -> None:
    """Forgets questions and answers that nobody waits for any more, and sessions and invitations long over."""
    connection.execute(
        delete(requests).where(
            or_(
                requests.c.made_at < now - REQUESTS_KEPT,
                (requests.c.state == "waiting") & (requests.c.made_at < now - PATIENCE),
            )
        )
    )
    long_ago = now - timedelta(days=30)
    connection.execute(delete(sessions).where(sessions.c.expires_at < long_ago))
    connection.execute(delete(invitations).where(invitations.c.expires_at < long_ago))


def waiting(connection: Connection, now: datetime) -> Waiting:
    """Questions that nobody has taken up yet."""
    query = select(func.count(), func.min(requests.c.made_at)).where(requests.c.state == "waiting", free(requests, now))
    count, oldest = connection.execute(query).one()
    return Waiting(count, oldest)
