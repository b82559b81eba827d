"""What the carrier tells us about messages and calls of ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, select, update

from hotline.store import unreached
from hotline.store.engine import insert
from hotline.store.schema import deliveries, erasures

# The carrier's copy of what a liaison got stays a while, for it is looked up when a send is in doubt.
KEEP_DELIVERED = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The fate of a message of ours: the carrier's id, and for a liaison's text the delivery and what became of it.
    `ended` says that it is a call, and that it is over."""

    carrier_id: str
    delivery: str = ""
    arrived: bool = False
    error: int | None = None
    ended: bool = False


def noted(connection: Connection, receipt: Receipt, now: datetime) -> bool:
    """Whether there is nothing to write down: of an answer whose copy is being deleted."""
    asked = erasures.c.carrier_id == receipt.carrier_id, erasures.c.due_at <= now
    return not receipt.delivery and connection.scalar(select(erasures.c.carrier_id).where(*asked)) is not None


def note(connection: Connection, receipt: Receipt, now: datetime) -> None:
    """Writes down a receipt. An answer of ours, known by nothing else, is to be erased now. Repeating is harmless."""
    if receipt.delivery:
        delivery_receipt(
            connection, receipt.delivery, receipt.carrier_id, arrived=receipt.arrived, error=receipt.error, now=now
        )
    else:
        erase_copy(connection, receipt.carrier_id, now)


def erase_copy(connection: Connection, carrier_id: str, due_at: datetime) -> None:
    """Asks for the carrier's copy to be deleted at `due_at`, or earlier if that was asked for before."""
    statement = insert(connection, erasures)
    sooner = case((statement.excluded.due_at < erasures.c.due_at, statement.excluded.due_at), else_=erasures.c.due_at)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["carrier_id"], set_={"due_at": sooner}),
        {"carrier_id": carrier_id, "due_at": due_at, "attempts": 0},
    )


def delivery_receipt(
    connection: Connection, delivery_id: str, carrier_id: str, *, arrived: bool, error: int | None, now: datetime
) -> None:
    """A delivery reached its phone, or failed to. Receipts come twice and out of order: arrived stays arrived."""
    query = update(deliveries).where(deliveries.c.id == delivery_id, deliveries.c.state != "delivered")
    if arrived:
        values: dict[str, object] = {"state": "delivered", "carrier_id": carrier_id, "error_code": None}
    else:
        # A receipt may come before the sender has written down that it sent: then the row is still in its hands.
        being_sent = (deliveries.c.state == "waiting") & deliveries.c.lease.is_not(None)
        query = query.where((deliveries.c.state == "sent") | being_sent)
        values = {"state": "failed", "carrier_id": carrier_id, "error_code": error}
    changed = connection.execute(query.values(**values)).rowcount > 0
    if changed and not arrived:
        unreached.note_failure(connection, delivery_id, now)
    elif changed:
        # A call that was answered and ended without a key that joins the two has come to nothing too.
        unreached.call_failed(connection, delivery_id, now)
    erase_copy(connection, carrier_id, now + KEEP_DELIVERED)
