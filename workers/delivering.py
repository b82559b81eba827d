"""Delivering: takes what is due to be told and tells it, by text, mail or call.

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

from sqlalchemy import ColumnElement, Connection, Row, case, update
from sqlalchemy.exc import SQLAlchemyError

from hotline.carrier.client import CALL_OVER, Later, Refused, Sent, Unknown
from hotline.language.gsm import to_gsm7
from hotline.logs import describe, log
from hotline.personal import Phone
from hotline.store import unreached, waiting
from hotline.store.engine import reading, utcnow
from hotline.store.receipts import KEEP_DELIVERED, erase_copy
from hotline.store.schema import deliveries
from workers import mail, reporters, ringing, roster, telling
from workers.leases import claim
from workers.mail import MailError
from workers.office import Office
from workers.roster import Liaison
from workers.telling import Impossible

# All that is claimed is begun at once, so that the lease need only cover one look-up and one send at their timeouts.
AT_ONCE = 16
MAILS_AT_ONCE = 8
LEASE = timedelta(seconds=25)
# How soon a free hand looks again while others are still busy.
_LOOK_SECONDS = 0.03
_NOTE_AGAIN_SECONDS = 0.25
_FIRST_WAIT = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(seconds=60)
# Stands as a mail's id from the moment in which its server may have taken it.
_HANDED_OVER = "handed over"


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
    busy: dict[Future[bool], str] = {}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="deliver") as pool:
        while True:
            mails = sum(channel == "mail" for channel in busy.values())
            claimed = _claim(office, AT_ONCE - len(busy), MAILS_AT_ONCE - mails)
            if claimed is not None:
                rows, people = claimed
                for row in rows:
                    busy[pool.submit(_one, office, row, people.get(row.liaison_id))] = row.channel
            elif not busy:
                return left
            done, _ = wait(busy, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED)
            left += sum(job.result() for job in done)
            busy = {job: channel for job, channel in busy.items() if job not in done}


def _claim(office: Office, hands: int, mails: int) -> tuple[list[Row[Any]], dict[str, Liaison]] | None:
    """Up to `hands` due deliveries under a lease, `mails` of them mails, and whom they are for; None when nothing is
    due. A mail server that takes its time holds no hand that a phone may need."""
    now = utcnow()
    if hands < 1:
        return None
    with reading(office.engine) as connection:
        # Asked without the lock on writing, for which those wait who have something to write.
        if not waiting.outbox(connection, now).count:
            return None
    with office.engine.begin() as connection:
        rows = _take(connection, deliveries.c.channel != "mail", hands, now)
        rows += _take(connection, deliveries.c.channel == "mail", min(hands - len(rows), mails), now)
    if not rows:
        return None
    with reading(office.engine) as connection:
        people = [row.liaison_id for row in rows if row.liaison_id is not None]
        return rows, roster.read(connection, office.vault, people, serving=True)


def _take(connection: Connection, which: ColumnElement[bool], limit: int, now: datetime) -> list[Row[Any]]:
    if limit < 1:
        return []
    return claim(
        connection,
        deliveries,
        key="id",
        where=(deliveries.c.state == "waiting") & (deliveries.c.due_at <= now) & which,
        order=[
            # Somebody holds the line for what is said into a call.
            case(
                (deliveries.c.channel.in_(("speak", "join")), 0),
                # Texts before calls: while one phone rings, the next has read already.
                ((deliveries.c.purpose == "urgent") & (deliveries.c.channel == "sms"), 1),
                (deliveries.c.channel.in_(("call", "ring")), 2),
                (deliveries.c.purpose == "update", 3),
                else_=4,
            ),
            deliveries.c.created_at,
            deliveries.c.id,
        ],
        limit=limit,
        lease=LEASE,
        now=now,
    )[1]


def _one(office: Office, row: Row[Any], to: Liaison | None) -> bool:
    """One delivery, whole: made, and what became of it written. True when it left."""
    try:
        if to is None and row.liaison_id is not None:
            raise Impossible("liaison is gone")
        outcome = _SEND[row.channel](office, row, to)
    except Impossible as error:
        outcome = Outcome({"state": "failed"})
        log("delivering").error("delivery impossible", delivery=row.id, cause=str(error))
    except Exception as error:
        outcome = _again(row, utcnow())
        log("delivering").error("delivery not made", delivery=row.id, cause=describe(error))
    _note(office, row.lease, row.id, outcome)
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
                if outcome.values["state"] == "failed":
                    unreached.note_failure(connection, delivery_id, utcnow())
                if outcome.carrier_id:
                    erase_copy(connection, outcome.carrier_id, utcnow() + KEEP_DELIVERED)
            return
        except SQLAlchemyError as error:
            if time.monotonic() > patience:
                log("delivering").error("outcome not noted", delivery=delivery_id, cause=describe(error))
                return
        time.sleep(_NOTE_AGAIN_SECONDS)


def _by_text(office: Office, row: Row[Any], to: Liaison | None) -> Outcome:
    assert to is not None
    body = to_gsm7(telling.text_of(office, row))
    outcome = _text(office, row, to.phone, body)
    if row.purpose == "passed" and outcome.values["state"] == "sent":
        # It told the whole case: the next update begins after it.
        outcome.values["round"] = telling.parts_of(office, row.subject)
    return outcome


def _to_reporter(office: Office, row: Row[Any], _: Liaison | None) -> Outcome:
    """A liaison's question. The phone is opened here, for the length of one send."""
    asked = reporters.question(office, row.subject)
    outcome = _text(office, row, asked.phone, asked.body)
    if outcome.values["state"] == "sent":
        reporters.question_sent(office, row.subject)
    return outcome


def _text(office: Office, row: Row[Any], to: Phone, body: str) -> Outcome:
    """Sends `body`, once as far as can be known."""

    def send() -> Sent:
        # The claim counts the attempt, so that the first one is number 1.
        found = office.carrier.find_text(to.reveal(), body, row.created_at) if row.attempts > 1 else None
        return found or office.carrier.send_text(to.reveal(), body, receipt=row.id)

    return _at_carrier(row, send)


def _by_call(office: Office, row: Row[Any], to: Liaison | None) -> Outcome:
    """Rings a liaison up: an urgent notice waits."""
    assert to is not None
    telling.still_waits(office, row)
    return _ring_up(office, row, to.phone, ringing.notice(office, row))


def _ring_reporter(office: Office, row: Row[Any], _: Liaison | None) -> Outcome:
    """Rings up who reported, to join them with the liaison."""
    return _ring_up(office, row, reporters.phone_to_call(office, row.subject), ringing.consent(office, row))


def _ring_up(office: Office, row: Row[Any], to: Phone, document: str) -> Outcome:
    def call() -> Sent:
        found = office.carrier.find_call(to.reveal(), row.created_at) if row.attempts > 1 else None
        return found or office.carrier.ring_up(to.reveal(), document, receipt=row.id)

    return _at_carrier(row, call)


def _into_call(office: Office, row: Row[Any], to: Liaison | None) -> Outcome:
    """Says the case into a liaison's running call, or joins it with the liaison's phone. Twice is only heard twice."""
    assert to is not None
    document = ringing.reading(office, row) if row.channel == "speak" else ringing.joining(office, row, to)

    def say() -> Sent:
        office.carrier.change_call(row.carrier_id, document)
        return Sent(row.carrier_id, "in-progress")

    return _at_carrier(row, say)


def _at_carrier(row: Row[Any], attempt: Callable[[], Sent]) -> Outcome:
    """What became of asking the carrier for something."""
    now = utcnow()
    try:
        sent = attempt()
    except Refused as error:
        # Who hung up meanwhile is nobody's mistake.
        say = log("delivering").info if error.code == CALL_OVER else log("delivering").error
        say("carrier refused", delivery=row.id, status=error.status, code=error.code)
        return Outcome({"state": "failed", "error_code": error.code})
    except Later as error:
        log("delivering").warning("carrier said later", delivery=row.id, status=error.status, code=error.code)
        return _again(row, now, error.after)
    except Unknown as error:
        log("delivering").warning("carrier gave no answer", delivery=row.id, status=error.status)
        return _again(row, now)
    return Outcome({"state": "sent", "carrier_id": sent.id, "tried_at": now}, sent.id)


def _by_mail(office: Office, row: Row[Any], to: Liaison | None) -> Outcome:
    now = utcnow()
    address, sender = office.settings.smtp, office.settings.mail_from
    whom = to.email.reveal() if to is not None and to.email is not None else None
    if row.purpose == "watch":
        whom = office.settings.operator_email or sender
    if address is None or sender is None or whom is None:
        raise Impossible("no mail server, no sender or no address: SMTP_URL, MAIL_FROM, liaison")
    if row.carrier_id == _HANDED_OVER:
        # Whoever had it died in the instant in which the server took it: one digest a period, whatever dies.
        return Outcome({"state": "sent", "tried_at": now})
    letter = telling.letter_of(office, row)

    def at_last() -> None:
        with office.engine.begin() as connection:
            mine = (deliveries.c.id == row.id) & (deliveries.c.lease == row.lease) & (deliveries.c.state == "waiting")
            if not connection.execute(update(deliveries).where(mine).values(carrier_id=_HANDED_OVER)).rowcount:
                raise MailError("lease ran out", permanent=False)

    # What cries for the operator is rather sent twice than never.
    try:
        mail.send(address, sender, whom, letter, row.id, at_last=None if row.purpose == "watch" else at_last)
    except MailError as error:
        log("delivering").warning("mail not taken", delivery=row.id, cause=str(error))
        return Outcome({"state": "failed"}) if error.permanent else _again(row, now)
    return Outcome({"state": "sent", "tried_at": now})


_SEND: dict[str, Callable[[Office, Row[Any], Liaison | None], Outcome]] = {
    "sms": _by_text,
    "mail": _by_mail,
    "call": _by_call,
    "speak": _into_call,
    "ask": _to_reporter,
    "ring": _ring_reporter,
    "join": _into_call,
}


def _again(row: Row[Any], now: datetime, after: timedelta | None = None) -> Outcome:
    pause = after if after is not None else min(_FIRST_WAIT * 2 ** min(row.attempts - 1, 10), _LONGEST_WAIT)
    values = {"state": "waiting", "due_at": now + pause, "tried_at": now}
    return Outcome(values | {"carrier_id": None} if row.channel == "mail" else values)
