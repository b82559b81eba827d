"""Requests to the web process made by hand: signed as the carrier signs, or not, or wrongly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import urllib3

from harness.house import ACCOUNT, NUMBER, PUBLIC_URL, TOKEN
from hotline.lab.records import new_sid
from hotline.lab.signing import signature

FORM = "application/x-www-form-urlencoded; charset=UTF-8"
Form = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def says_nothing(self) -> bool:
        """Valid TwiML that makes the carrier send no message."""
        return b"<Response" in self.body and b"<Message" not in self.body

    @property
    def text(self) -> str:
        return self.body.decode()


def a_text(sender: str, body: str | None, **replaced: str | None) -> list[tuple[str, str]]:
    """The form of a text as the carrier posts it. `None` leaves a parameter out."""
    form: dict[str, str | None] = {
        "MessageSid": new_sid("SM"),
        "AccountSid": ACCOUNT,
        "From": sender,
        "To": NUMBER,
        "Body": body,
        "NumMedia": "0",
        "NumSegments": "1",
    }
    return [(name, value) for name, value in (form | replaced).items() if value is not None]


def a_call(sender: str, **added: str | None) -> list[tuple[str, str]]:
    form: dict[str, str | None] = {
        "CallSid": new_sid("CA"),
        "AccountSid": ACCOUNT,
        "From": sender,
        "To": NUMBER,
        "CallStatus": "in-progress",
    }
    return [(name, value) for name, value in (form | added).items() if value is not None]


class Poster:
    """Posts to the web process at `address`, past any lab; `public` is the address that is signed."""

    def __init__(self, address: str, *, public: str = PUBLIC_URL, token: str = TOKEN) -> None:
        self._address, self._public, self._token = address, public, token
        self._pool = urllib3.PoolManager(maxsize=16, retries=False, timeout=30)

    def signed(self, path: str, form: Form, content_type: str = FORM) -> Answer:
        return self.raw("POST", path, urlencode(form).encode(), self.signature(path, form), content_type)

    def signature(self, path: str, form: Form) -> str:
        return signature(self._token, self._public + path, form)

    def raw(
        self, method: str, path: str, body: bytes = b"", signed: str | None = None, content_type: str | None = FORM
    ) -> Answer:
        headers: dict[str, Any] = {"Content-Type": content_type} if content_type else {}
        if signed is not None:
            headers["X-Twilio-Signature"] = signed
        answer = self._pool.request(method, self._address + path, body=body, headers=headers)
        return Answer(answer.status, answer.data, answer.headers)
