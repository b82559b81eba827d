"""Text messages."""

from __future__ import annotations

from flask import Response, request

from hotline.carrier.inbound import InboundText
from hotline.carrier.twiml import SILENCE, text_answer
from hotline.desk import front_desk
from hotline.texts_desk import answer_text
from hotline.webhooks import signed_by_carrier, twiml, webhooks


@webhooks.post("/sms")
@signed_by_carrier
def sms() -> Response:
    desk = front_desk()
    answer = answer_text(desk, InboundText.from_form(request.form, country=desk.profile.country))
    return twiml(SILENCE if answer is None else text_answer(answer, desk.url("/receipts/sms")))
