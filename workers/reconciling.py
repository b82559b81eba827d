"""Reconciling with the carrier's log: what came in and we never saw is kept like any other text, what we sent and
have lost sight of is erased.

A webhook that could not be answered leaves the message in the carrier's log; everything we did take is deleted there
within minutes, so what is still listed and unknown here is what was missed. An answer whose receipt never came is
known to nobody here, and it holds a clave.
"""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import select

from hotline import phones
from hotline.carrier.client import CarrierError
from hotline.logs import log
from hotline.store.door import Arrival, DoorRules, admit
from hotline.store.engine import reading, utcnow
from hotline.store.receipts import erase_copy
from hotline.store.schema import deliveries, messages
from workers import listening
from workers.office import Office

# The carrier may still be trying to hand over what is younger.
_SETTLED = timedelta(minutes=2)
# A delivery in doubt is looked up by its copy at the carrier for as long as it is tried.
_FORGOTTEN = timedelta(hours=2)
_LOOK_BACK = timedelta(days=2)


def reconcile(office: Office) -> None:
    """All of it, recorded stories too. A carrier that does not answer is asked next time."""
    try:
        take_in_missed(office)
        erase_forgotten(office)
        listening.take_in_missed(office)
    except CarrierError as error:
        log("reconciling").warning("carrier not asked", status=error.status, code=error.code)


def erase_forgotten(office: Office) -> int:
    """Asks for the erasure of texts of ours that no delivery accounts for; how many. Raises `CarrierError`."""
    now = utcnow()
    listed = office.carrier.sent_texts(now - _LOOK_BACK, now - _FORGOTTEN)
    with office.engine.begin() as connection:
        query = select(deliveries.c.carrier_id).where(deliveries.c.carrier_id.in_(listed))
        told = set(connection.scalars(query))
        forgotten = [carrier_id for carrier_id in listed if carrier_id not in told]
        for carrier_id in forgotten:
            erase_copy(connection, carrier_id, now)
    return len(forgotten)


def take_in_missed(office: Office) -> int:
    """Takes in what the carrier holds and nobody took; how many. Raises `CarrierError`."""
    now = utcnow()
    listed = office.carrier.received_texts(now - _LOOK_BACK, now - _SETTLED)
    with reading(office.engine) as connection:
        query = select(messages.c.id).where(messages.c.id.in_([text.id for text in listed]))
        known = set(connection.scalars(query))
    missed = [text for text in listed if text.id not in known]
    arrivals = []
    for text in missed:
        sender = phones.identity(text.sender, country=office.profile.country)
        contents = {"message": text.id, "from": sender.reveal() if sender else None, "body": text.body.reveal()}
        arrivals.append(
            Arrival(
                id=text.id,
                report_id=office.vault.report_id(text.id),
                sender=office.vault.pseudonym(sender) if sender else None,
                channel="sms",
                received_at=text.sent_at,
                ready_at=now,
                sealed=office.vault.seal(json.dumps(contents, ensure_ascii=False).encode()),
                wants_answer=False,
            )
        )
    if arrivals:
        clocks = office.profile.clocks
        rules = DoorRules(timedelta(minutes=clocks.join_minutes), clocks.answers_per_hour)
        with office.engine.begin() as connection:
            admit(connection, arrivals, rules, office.vault.hash_of_clave)
        office.bell.ring("drain_inbox")
        log("reconciling").warning("missed texts taken in", messages=len(arrivals))
    return len(arrivals)
