"""Delivering: takes what is due to be told and tells it, by text or mail.

A delivery is claimed under a lease before it is made. Whatever may have left already (a send whose answer never came,
a worker that died in the middle) is looked up at the carrier before it is tried again: urgent things rather arrive
twice than never, but not five times.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, case, func, select, update
from sqlalchemy.exc import SQLAlchemyError

from hotline.carrier.client import Later, Refused, Unknown
from hotline.language.gsm import to_gsm7
from hotline.logs import describe, log
from hotline.store.engine import reading, utcnow
from hotline.store.receipts import KEEP_DELIVERED, erase_copy
from hotline.store.schema import deliveries
from workers import casebook, mail, roster
from workers.casebook import Wording
from workers.digests import composing
from workers.leases import claim
from workers.mail import MailError
from workers.office import Office
from workers.roster import Liaison

# All that is claimed is begun at once, so that the lease need only cover one look-up and one send at their timeouts.
AT_ONCE = 16
LEASE = timedelta(seconds=25)
# How soon a free hand looks again while others are still busy.
_LOOK_SECONDS = 0.25
_FIRST_WAIT = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(seconds=60)
# Ten segments in parts: what the longest text may take. The end of a longer story stands in the digest's mail.
_LONGEST_TEXT = 1530


class Impossible(Exception):
    """This delivery can never be made; the reason in a word, for the log."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt, as the columns to write."""

    values: dict[str, Any]
    carrier_id: str | None = None


def deliver(office: Office) -> int:
    """Makes every delivery that is due, urgent ones first; how many left.

    Hands that are free take what is due at once: one text that hangs at the carrier keeps no other waiting.
    """
    left = 0
    busy: set[Future[bool]] = set()
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="deliver") as pool:
        while True:
            claimed = _claim(office, AT_ONCE - len(busy)) if len(busy) < AT_ONCE else None
            if claimed is not None:
                lease, rows, people = claimed
                busy |= {pool.submit(_one, office, lease, row, people.get(row.liaison_id)) for row in rows}
            elif not busy:
                return left
            done, busy = wait(busy, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED)
            left += sum(job.result() for job in done)


def _claim(office: Office, hands: int) -> tuple[str, list[Row[Any]], dict[str, Liaison]] | None:
    """Up to `hands` due deliveries under a lease, and whom they are for; None when nothing is due."""
    now = utcnow()
    with office.engine.begin() as connection:
        lease, rows = claim(
            connection,
            deliveries,
            key="id",
            where=(deliveries.c.state == "waiting") & (deliveries.c.due_at <= now),
            order=[
                case((deliveries.c.purpose == "urgent", 0), (deliveries.c.purpose == "update", 1), else_=2),
                deliveries.c.created_at,
                deliveries.c.id,
            ],
            limit=hands,
            lease=LEASE,
            now=now,
        )
    if not rows:
        return None
    with reading(office.engine) as connection:
        return lease, rows, roster.read(connection, office.vault, [row.liaison_id for row in rows])


def _one(office: Office, lease: str, row: Row[Any], to: Liaison | None) -> bool:
    """One delivery, whole: made, and what became of it written. True when it left."""
    try:
        if to is None:
            raise Impossible("liaison is gone")
        outcome = _SEND[row.channel](office, row, to)
    except Impossible as error:
        outcome = Outcome({"state": "failed"})
        log("delivering").error("delivery impossible", delivery=row.id, cause=str(error))
    except Exception as error:
        outcome = _again(row, utcnow())
        log("delivering").error("delivery not made", delivery=row.id, cause=describe(error))
    _note(office, lease, row.id, outcome)
    return bool(outcome.values["state"] == "sent")


def _note(office: Office, lease: str, delivery_id: str, outcome: Outcome) -> None:
    """Writes down what became of a delivery. A database that is away is asked again for as long as the lease holds;
    after that the next attempt finds at the carrier what this one sent."""
    patience = time.monotonic() + LEASE.total_seconds()
    while True:
        try:
            with office.engine.begin() as connection:
                # A receipt may have come before this line: what it says is later than what we know.
                connection.execute(
                    update(deliveries)
                    .where(deliveries.c.id == delivery_id, deliveries.c.lease == lease, deliveries.c.state == "waiting")
                    .values(lease=None, lease_until=None, **outcome.values)
                )
                if outcome.carrier_id:
                    erase_copy(connection, outcome.carrier_id, utcnow() + KEEP_DELIVERED)
            return
        except SQLAlchemyError as error:
            if time.monotonic() > patience:
                log("delivering").error("outcome not noted", delivery=delivery_id, cause=describe(error))
                return
        time.sleep(_LOOK_SECONDS)


def _by_text(office: Office, row: Row[Any], to: Liaison) -> Outcome:
    now = utcnow()
    body = to_gsm7(text_of(office, row))
    try:
        # The claim counts the attempt, so that the first one is number 1.
        found = office.carrier.find_text(to.phone.reveal(), body, row.created_at) if row.attempts > 1 else None
        sent = found or office.carrier.send_text(to.phone.reveal(), body, receipt=row.id)
    except Refused as error:
        log("delivering").error("carrier refused", delivery=row.id, status=error.status, code=error.code)
        return Outcome({"state": "failed", "error_code": error.code})
    except Later as error:
        log("delivering").warning("carrier said later", delivery=row.id, status=error.status, code=error.code)
        return _again(row, now, error.after)
    except Unknown as error:
        log("delivering").warning("carrier gave no answer", delivery=row.id, status=error.status)
        return _again(row, now)
    return Outcome({"state": "sent", "carrier_id": sent.id, "tried_at": now}, sent.id)


def _by_mail(office: Office, row: Row[Any], to: Liaison) -> Outcome:
    now = utcnow()
    address, sender = office.settings.smtp, office.settings.mail_from
    if address is None or sender is None or to.email is None:
        raise Impossible("no mail server, no sender or no address: SMTP_URL, MAIL_FROM, liaison")
    with reading(office.engine) as connection:
        letter = composing.letter(office, connection, row.subject)
    try:
        mail.send(address, sender, to.email.reveal(), letter, row.id)
    except MailError as error:
        log("delivering").warning("mail not taken", delivery=row.id, cause=str(error))
        return Outcome({"state": "failed"}) if error.permanent else _again(row, now)
    return Outcome({"state": "sent", "tried_at": now})


_SEND: dict[str, Callable[[Office, Row[Any], Liaison], Outcome]] = {"sms": _by_text, "mail": _by_mail}


def _again(row: Row[Any], now: datetime, after: timedelta | None = None) -> Outcome:
    pause = after if after is not None else min(_FIRST_WAIT * 2 ** min(row.attempts - 1, 10), _LONGEST_WAIT)
    return Outcome({"state": "waiting", "due_at": now + pause, "tried_at": now})


def text_of(office: Office, row: Row[Any]) -> str:
    """What this delivery says. Composed at sending, from what the store holds: nothing of it is kept with it."""
    with reading(office.engine) as connection:
        if row.purpose == "digest":
            return composing.summary(office, connection, row.subject)
        found = casebook.read(connection, office.vault, [row.subject]).get(row.subject)
        if found is None:
            raise Impossible("case is gone")
        since = _told_until(connection, row) if row.purpose == "update" else 0
    wording = Wording(office.profile, office.language)
    values = {"code": found.code, "kind": wording.kind(found).capitalize(), "place": wording.place(found)}
    if row.purpose == "urgent":
        moment = wording.moment(found)
        values |= {"urgency": found.urgency or "", "hour": f"{moment:%H:%M}"}
    story = wording.story(found, since)
    empty = office.profile.text(f"liaison.{row.purpose}", office.language, story="", **values)
    room = _LONGEST_TEXT - len(to_gsm7(empty))
    story = to_gsm7(story)
    if len(story) > room:
        story = story[: room - 3] + "..."
    return office.profile.text(f"liaison.{row.purpose}", office.language, story=story, **values)


def _told_until(connection: Connection, row: Row[Any]) -> int:
    """Up to which part this liaison was told by the deliveries before this one."""
    return (
        connection.scalar(
            select(func.max(deliveries.c.round)).where(
                deliveries.c.subject == row.subject,
                deliveries.c.liaison_id == row.liaison_id,
                deliveries.c.purpose.in_(("urgent", "update")),
                deliveries.c.round < row.round,
            )
        )
        or 0
    )
