"""Calls that we made: one route a step. The delivery's opaque id and a count are all that a URL carries."""

from __future__ import annotations

from flask import Response, request

from hotline.carrier.inbound import CallStep
from hotline.desk import front_desk
from hotline.ringing_desk import Ringing
from hotline.webhooks import signed_by_carrier, twiml, webhooks


@webhooks.post("/voice/aviso")
@signed_by_carrier
def notice_waits() -> Response:
    return twiml(_ringing().notice())


@webhooks.post("/voice/aviso/espera")
@signed_by_carrier
def notice_is_fetched() -> Response:
    return twiml(_ringing().waits("aviso/espera"))


@webhooks.post("/voice/aviso/decide")
@signed_by_carrier
def notice_heard() -> Response:
    return twiml(_ringing().choice())


@webhooks.post("/voice/enlace")
@signed_by_carrier
def reporter_answers() -> Response:
    return twiml(_ringing().consent())


@webhooks.post("/voice/enlace/espera")
@signed_by_carrier
def liaison_is_fetched() -> Response:
    return twiml(_ringing().waits("enlace/espera"))


@webhooks.post("/voice/enlace/fin")
@signed_by_carrier
def talk_is_over() -> Response:
    return twiml(_ringing().ends())


def _ringing() -> Ringing:
    desk = front_desk()
    step = CallStep.from_form(request.form, country=desk.profile.country)
    tries = min(max(request.args.get("tries", 0, type=int), 0), 99)
    return Ringing(desk, step, request.args.get("delivery", "")[:64], tries)
