"""What neighbours sent besides reports, opened for supervisors: opinions masked, volunteers' phones to call them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from hotline.logs import describe, log
from hotline.store import audit
from hotline.store.public_tables import opinions, volunteers
from hotline.vault import CannotOpen
from workers.office import Office

_NEWEST = 100


def mailbox(
    office: Office, connection: Connection, session: Row[Any], question: dict[str, Any], now: datetime
) -> dict[str, Any]:
    """The newest opinions and volunteers. Words that may still show somebody are None."""
    if session.role != "supervisor":
        return {"refused": "role"}
    audit.append(connection, office.vault, now, session.liaison_id, "mailbox.look", session.liaison_id)
    said = connection.execute(select(opinions).order_by(opinions.c.created_at.desc()).limit(_NEWEST))
    help_ = connection.execute(select(volunteers).order_by(volunteers.c.created_at.desc()).limit(_NEWEST))
    return {
        "opinions": [_facts(row) | {"words": _masked(office, row.words)} for row in said],
        "volunteers": [_facts(row) | {"phone": _opened(office, row.phone) or ""} for row in help_],
    }


def _facts(row: Row[Any]) -> dict[str, str]:
    return {"place": row.place, "at": row.created_at.isoformat()}


def _masked(office: Office, sealed: bytes) -> str | None:
    words = _opened(office, sealed)
    if words is None:
        return None
    masked = office.anonymiser.mask(words)
    return None if masked.doubtful else masked.text


def _opened(office: Office, sealed: bytes) -> str | None:
    try:
        return office.vault.open(sealed).decode()
    except CannotOpen as error:
        log("counter").error("mailbox cannot be opened", cause=describe(error))
        return None
