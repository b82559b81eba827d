"""What became of messages and calls: the carrier's status callbacks."""

from __future__ import annotations

from flask import Response, request

from hotline.carrier.inbound import CallReceipt, MessageReceipt
from hotline.desk import front_desk
from hotline.logs import describe, log
from hotline.store import receipts
from hotline.store.engine import Unavailable, utcnow
from hotline.webhooks import signed_by_carrier, webhooks

_DONE = 204


@webhooks.post("/receipts/sms")
@signed_by_carrier
def message_receipt() -> Response:
    """A message's status. Without `delivery` it is an answer of ours, known by nothing else, and to be erased."""
    desk, receipt, now = front_desk(), MessageReceipt.from_form(request.form), utcnow()
    delivery = request.args.get("delivery", "")
    try:
        with desk.engine.begin() as connection:
            if not delivery:
                receipts.erase_copy(connection, receipt.id, now)
            elif receipt.final:
                receipts.delivery_receipt(
                    connection, delivery, receipt.id, arrived=receipt.arrived, error=receipt.error, now=now
                )
    except Unavailable as error:
        # Failing lets the carrier try again where its URL asks for it.
        log("webhooks").warning("receipt not noted", cause=describe(error))
        return Response("", status=503)
    return Response("", status=_DONE)


@webhooks.post("/receipts/call")
@signed_by_carrier
def call_receipt() -> Response:
    receipt = CallReceipt.from_form(request.form)
    if receipt.final:
        front_desk().call_ended(receipt.id)
    return Response("", status=_DONE)
