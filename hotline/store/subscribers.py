"""Who wants alerts, and for where. Signing off from alerts touches no case."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete

from hotline.store.engine import insert
from hotline.store.public_tables import subscriptions

EVERYWHERE = "*"


def sign_up(
    connection: Connection,
    sender: str,
    sealed_phone: bytes,
    *,
    area: str | None,
    state: str | None,
    language: str,
    now: datetime,
) -> None:
    """Signs a phone (its pseudonym, and itself sealed) up for the alerts of an area, else a state, else everywhere.
    Doing it again changes its language only."""
    row = {
        "sender": sender,
        "place": area or state or EVERYWHERE,
        "phone": sealed_phone,
        "language": language,
        "created_at": now,
    }
    statement = insert(connection, subscriptions)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["sender", "place"], set_={"language": statement.excluded.language}
        ),
        row,
    )


def sign_off(connection: Connection, sender: str, place: str | None = None) -> bool:
    """Signs a phone off, from one place or, without one, from all; False when there was nothing to sign off from."""
    query = delete(subscriptions).where(subscriptions.c.sender == sender)
    if place is not None:
        query = query.where(subscriptions.c.place == place)
    return bool(connection.execute(query).rowcount)
