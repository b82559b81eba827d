"""The routes the carrier calls: all POST, all signed. Each reads, decides, keeps, answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Blueprint, Response, request

from hotline.carrier.inbound import NotUnderstood
from hotline.desk import front_desk
from hotline.logs import log
from hotline.spool import SpoolError

webhooks = Blueprint("webhooks", __name__)

P = ParamSpec("P")


def signed_by_carrier(view: Callable[P, Response]) -> Callable[P, Response]:
    """Lets only the carrier's own requests through: anything else gets 403 and an empty body."""

    @wraps(view)
    def checked(*args: P.args, **kwargs: P.kwargs) -> Response:
        desk = front_desk()
        query = request.query_string.decode("latin-1")
        path = request.path + (f"?{query}" if query else "")
        with desk.intake.expecting():
            if desk.signature.accepts(path, request.form, request.headers.get("X-Twilio-Signature")):
                return view(*args, **kwargs)
        log("webhooks").warning("signature refused", path=request.path)
        return Response("", status=403)

    checked.signed = True  # type: ignore[attr-defined]
    return checked


def twiml(body: object) -> Response:
    return Response(str(body), mimetype="text/xml")


@webhooks.errorhandler(NotUnderstood)
def _without_id(error: NotUnderstood) -> Response:
    log("webhooks").warning("request without what makes it usable", cause=str(error))
    return Response("", status=400)


@webhooks.errorhandler(SpoolError)
def _cannot_keep(error: SpoolError) -> Response:
    """Neither database nor disk: a failure makes the carrier try again, use its fallback, and keep the message."""
    log("webhooks").critical("message not kept", cause=str(error))
    return Response("", status=503)


from hotline.webhooks import receipts, ringing, sms, voice  # noqa: E402, F401 - they register their routes
