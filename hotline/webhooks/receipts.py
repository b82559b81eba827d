"""What became of messages and calls: the carrier's status callbacks. It makes them once: what cannot be noted now is
spooled like an arrival."""

from __future__ import annotations

from flask import Response, request

from hotline.carrier.inbound import CallReceipt, MessageReceipt
from hotline.desk import front_desk
from hotline.store.receipts import Receipt
from hotline.webhooks import signed_by_carrier, webhooks

_DONE = 204


@webhooks.post("/receipts/sms")
@signed_by_carrier
def message_receipt() -> Response:
    """A message's status. Without `delivery` it is of an answer of ours, whose id we learn here only."""
    receipt = MessageReceipt.from_form(request.form)
    delivery = request.args.get("delivery", "")
    if not delivery or receipt.final:
        front_desk().note_receipt(Receipt(receipt.id, delivery, receipt.arrived, receipt.error))
    if delivery and receipt.final and not receipt.arrived:
        front_desk().bell.ring("escalate")
    return Response("", status=_DONE)


@webhooks.post("/receipts/call")
@signed_by_carrier
def call_receipt() -> Response:
    """A call's end. With `delivery` it is one that we made."""
    receipt = CallReceipt.from_form(request.form)
    delivery = request.args.get("delivery", "")
    if receipt.final and delivery:
        front_desk().note_receipt(Receipt(receipt.id, delivery, arrived=receipt.status == "completed"))
        front_desk().bell.ring("deliver")
    if receipt.final:
        front_desk().call_ended(receipt.id)
    return Response("", status=_DONE)
