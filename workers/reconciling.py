"""Reconciling: texts the carrier has and we never saw are fetched and kept like any other.

A webhook that could not be answered leaves the message in the carrier's log; everything we did take is deleted there
within minutes, so what is still listed and unknown here is what was missed.
"""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import select

from hotline import phones
from hotline.carrier.client import CarrierError
from hotline.logs import log
from hotline.store.door import Arrival, DoorRules, admit
from hotline.store.engine import utcnow
from hotline.store.schema import messages
from workers.office import Office

# The carrier may still be trying to hand over what is younger.
_SETTLED = timedelta(minutes=2)
_LOOK_BACK = timedelta(days=2)


def reconcile(office: Office) -> int:
    """Takes in what the carrier holds and nobody took; how many. A carrier that does not answer is asked next time."""
    now = utcnow()
    try:
        listed = office.carrier.received_texts(now - _LOOK_BACK, now - _SETTLED)
    except CarrierError as error:
        log("reconciling").warning("carrier not asked", status=error.status, code=error.code)
        return 0
    with office.engine.connect() as connection:
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
