"""The pattern of the tutorials, to compare with: check the signature, enqueue the text, answer. It stores nothing."""

from __future__ import annotations

import os

from flask import Flask, Response, request
from redis import Redis
from rq import Queue
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse

app = Flask(__name__)
queue = Queue("tutorial", connection=Redis.from_url(os.environ["REDIS_URL"]))
validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
url = os.environ["PUBLIC_URL"] + "/sms"


@app.get("/healthz")
def hello() -> str:
    return "hello"


@app.post("/sms")
def sms() -> Response:
    if not validator.validate(url, request.form, request.headers.get("X-Twilio-Signature", "")):
        return Response("", status=403)
    queue.enqueue("workers.jobs.drain_inbox", request.form["From"], request.form["Body"])
    response = MessagingResponse()
    response.message("Gracias por su mensaje.")
    return Response(str(response), mimetype="text/xml")
