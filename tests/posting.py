"""The carrier's side of the webhooks: requests signed and posted, answers read strictly."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from furniture import CALLER, NUMBER, PUBLIC_URL, TOKEN, rows, sid
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from hotline.desk import FrontDesk
from hotline.lab import twiml
from hotline.lab.signing import signature
from hotline.lab.twiml import Verb
from hotline.language.gsm import to_gsm7
from hotline.store.engine import utcnow
from hotline.store.schema import messages
from hotline.vault import Vault


class Clock:
    """The desk's time, to be moved on."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return utcnow() + self._ahead

    def passes(self, **span: float) -> None:
        self._ahead += timedelta(**span)


@dataclass
class Carrier:
    """Signs and posts; reads the answers strictly. What was kept is opened with the house's keys."""

    app: Flask
    client: FlaskClient
    engine: Engine
    vault: Vault

    @property
    def desk(self) -> FrontDesk:
        found: FrontDesk = self.app.extensions["front_desk"]
        return found

    def posts(self, path: str, form: Mapping[str, str], *, token: str = TOKEN, **options: Any) -> TestResponse:
        url = path if path.startswith("http") else f"{PUBLIC_URL}{path}"
        given = signature(token, url, list(form.items()))
        headers = options.pop("headers", {"X-Twilio-Signature": given})
        return self.client.post(url.removeprefix(PUBLIC_URL), data=dict(form), headers=headers, **options)

    def texts(self, body: str | None = None, *, sender: str = CALLER, id: str | None = None, **more: str) -> list[str]:
        """Sends a text; the texts that answer it."""
        form = {"MessageSid": id or sid(), "From": sender, "To": NUMBER, "NumMedia": "0", **more}
        if body is not None:
            form["Body"] = body
        answer = self.posts("/sms", form)
        assert answer.status_code == 200, answer.status_code
        return [verb.text for verb in twiml.messaging(answer.data, answer.content_type)]

    def steps(self, path: str, call: str, *, sender: str = CALLER, **more: str) -> tuple[Verb, ...]:
        """One request of a call; the verbs that answer it."""
        answer = self.posts(path, {"CallSid": call, "From": sender, "To": NUMBER, "CallStatus": "in-progress", **more})
        assert answer.status_code == 200, answer.status_code
        return twiml.voice(answer.data, answer.content_type)

    def kept(self) -> dict[str, dict[str, Any]]:
        """id → contents of everything that waits, opened."""
        found = rows(self.engine, select(messages).where(messages.c.sealed.is_not(None)))
        return {row["id"]: json.loads(self.vault.open(row["sealed"])) for row in found}


def said(verbs: tuple[Verb, ...]) -> str:
    """Every word that a voice document speaks."""
    return " ".join(verb.text for outer in verbs for verb in (outer, *outer.children) if verb.name == "Say")


def clave_in(text: str) -> str:
    found = re.search(r"\d{3} \d{3} \d{4}", text)
    assert found, text
    return found[0].replace(" ", "")


def reply(carrier: Carrier, key: str, language: str = "es", **values: str) -> str:
    """The profile's text `sms.KEY` as it leaves by SMS."""
    return to_gsm7(carrier.desk.profile.text(f"sms.{key}", language, **values))
