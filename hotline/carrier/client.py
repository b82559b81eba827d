"""The carrier's REST API: send, look up, erase. Bounded in time, never retried here, and its errors carry no words.

The SDK has neither timeout nor another base URL by itself, so its HTTP client is wrapped to have both.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from hotline.personal import Words
from hotline.settings import Settings

TIMEOUT_SECONDS = 10
# Kept open between requests: at least as many as are sent at once.
_CONNECTIONS = 32
# Five minutes of speech at the telephone's quality, and some room.
_LARGEST_RECORDING = 16 * 1024 * 1024
# How long a phone that we call back rings.
RING_SECONDS = 30
# What the carrier says of a call that has ended: https://www.twilio.com/docs/api/errors/21220
CALL_OVER = 21220
# https://www.twilio.com/docs/api/errors: what no retry of the same request cures.
_PERMANENT = frozenset(
    {21211, 21217, CALL_OVER, 21401, 21408, 21421, 21601, 21606, 21610, 21612, 21614, 21617, 21635, 30006}
)
_TOO_EARLY = 20009
# Before most mailboxes pick up.
_GONE = 20404


class CarrierError(Exception):
    """The carrier did not do it. The message holds codes only."""

    def __init__(self, what: str, *, status: int | None = None, code: int | None = None) -> None:
        super().__init__(f"{what}: status {status}, code {code}")
        self.status, self.code = status, code


class Refused(CarrierError):
    """It never will: the same request again would fail again."""


class Later(CarrierError):
    """It may, later. `after` is how long the carrier asked us to wait, if it did. Nothing was done."""

    def __init__(self, what: str, *, status: int | None, code: int | None, after: timedelta | None) -> None:
        super().__init__(what, status=status, code=code)
        self.after = after


class Unknown(CarrierError):
    """It may or may not have been done: the answer never came. Look it up before trying again."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message the carrier has: its id and its status in Twilio's words."""

    id: str
    status: str


@dataclass(frozen=True, slots=True)
class Received:
    """A text the carrier holds: its id, who sent it as the carrier puts it, what it says, when it came (UTC)."""

    id: str
    sender: str
    body: Words
    sent_at: datetime


class _Http(TwilioHttpClient):  # type: ignore[misc]  # the SDK carries no types
    """Sends the SDK's requests to another base URL, and keeps what its errors leave out: the Retry-After header."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=TIMEOUT_SECONDS, pool_connections=True)
        parts = urlsplit(base)
        self._scheme, self._host, self._prefix = parts.scheme, parts.netloc, parts.path.rstrip("/")
        self.last = threading.local()
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, HTTPAdapter(pool_maxsize=_CONNECTIONS))

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        parts = urlsplit(url)
        moved = urlunsplit((self._scheme, self._host, self._prefix + parts.path, parts.query, ""))
        self.last.retry_after = None
        response = super().request(method, moved, *args, **kwargs)
        headers = response.headers or {}
        self.last.retry_after = headers.get("Retry-After")
        return response


class Carrier:
    """One account at the carrier. Thread-safe. Every method raises `Refused`, `Later` or `Unknown` when it fails."""

    def __init__(self, settings: Settings) -> None:
        settings.require("account_sid", "auth_tokens", "public_url", "hotline_number")
        self._http = _Http(settings.api_url)
        self._client = Client(settings.account_sid, settings.auth_tokens[0].get_secret_value(), http_client=self._http)
        self._from = settings.hotline_number
        self._base = settings.api_url.rstrip("/")
        self._login = (str(settings.account_sid), settings.auth_tokens[0].get_secret_value())
        self._receipts = f"{settings.public_url}/receipts/sms"
        self._voice = f"{settings.public_url}/voice"
        self._call_receipts = f"{settings.public_url}/receipts/call"

    def send_text(self, to: str, body: str, *, receipt: str) -> Sent:
        """Sends `body` from the hotline's number. `receipt` is the opaque id its receipts will carry."""
        with _translated("send", self._http):
            message = self._client.messages.create(
                to=to, from_=self._from, body=body, status_callback=f"{self._receipts}?delivery={receipt}"
            )
        return Sent(str(message.sid), str(message.status))

    def find_text(self, to: str, body: str, since: datetime) -> Sent | None:
        """The message with this very body that went to `to` since `since` (UTC), if the carrier has one."""
        with _translated("look up", self._http):
            # A message still queued has no sending date and would be filtered out by it: compare the creation date.
            candidates = self._client.messages.list(to=to, from_=self._from, limit=100)
        for message in candidates:
            created = message.date_created
            old = created is not None and created.replace(tzinfo=None) < since - timedelta(minutes=1)
            if message.body == body and not old and str(message.status) not in ("failed", "undelivered", "canceled"):
                return Sent(str(message.sid), str(message.status))
        return None

    def call(self, to: str) -> str:
        """Calls `to` from the hotline's number; who picks up is answered like a caller. The call's id."""
        with _translated("call", self._http):
            call = self._client.calls.create(
                to=to,
                from_=self._from,
                url=self._voice,
                method="POST",
                status_callback=self._call_receipts,
                status_callback_method="POST",
                timeout=RING_SECONDS,
            )
        return str(call.sid)

    def ring_up(self, to: str, document: str, *, receipt: str) -> Sent:
        """Calls `to` from the hotline's number; who answers hears `document` (TwiML). Never recorded."""
        with _translated("call", self._http):
            call = self._client.calls.create(
                to=to,
                from_=self._from,
                twiml=document,
                timeout=RING_SECONDS,
                status_callback=f"{self._call_receipts}?delivery={receipt}",
                status_callback_event=["completed"],
                status_callback_method="POST",
            )
        return Sent(str(call.sid), str(call.status))

    def find_call(self, to: str, since: datetime) -> Sent | None:
        """The newest call we made to `to` since `since` (UTC), if the carrier has one."""
        with _translated("look up", self._http):
            candidates = self._client.calls.list(to=to, from_=self._from, limit=20)
        for call in candidates:
            created = call.date_created or call.start_time
            if created is not None and created.replace(tzinfo=None) >= since - timedelta(seconds=2):
                return Sent(str(call.sid), str(call.status))
        return None

    def change_call(self, call_id: str, document: str) -> None:
        """Gives a call under way another TwiML document. `Refused` when it is over."""
        with _translated("change", self._http):
            self._client.calls(call_id).update(twiml=document)

    def recording(self, recording: str) -> bytes:
        """The audio of a recording, a WAV file. `Refused` when it is not there (yet)."""
        account = f"{self._base}/2010-04-01/Accounts/{self._login[0]}"
        with _translated("fetch", self._http):
            answer = requests.get(
                f"{account}/Recordings/{recording}.wav", auth=self._login, timeout=TIMEOUT_SECONDS, allow_redirects=True
            )
        if answer.status_code == 200 and len(answer.content) <= _LARGEST_RECORDING:
            return bytes(answer.content)
        kind = Refused if answer.status_code in (400, 404, 410) else Unknown
        raise kind("fetch", status=answer.status_code)

    def recordings_since(self, since: datetime) -> list[tuple[str, str]]:
        """The recordings that the carrier holds from `since` (UTC) on: their ids and their calls'."""
        with _translated("list", self._http):
            found = self._client.recordings.list(date_created_after=since, limit=1000)
        return [(str(each.sid), str(each.call_sid)) for each in found]

    def received_texts(self, since: datetime, until: datetime) -> list[Received]:
        """The texts that came in for our number between `since` and `until` (UTC) and that the carrier still has."""
        with _translated("list", self._http):
            found = self._client.messages.list(to=self._from, date_sent_after=since, limit=1000)
        texts = []
        for message in found:
            at = (message.date_sent or message.date_created or until).replace(tzinfo=None)
            if str(message.direction) == "inbound" and since <= at <= until:
                texts.append(Received(str(message.sid), message.from_ or "", Words(message.body or ""), at))
        return texts

    def sent_texts(self, since: datetime, until: datetime) -> list[str]:
        """The ids of texts we sent between `since` and `until` (UTC) and that the carrier still has."""
        with _translated("list", self._http):
            found = self._client.messages.list(from_=self._from, date_sent_after=since, limit=1000)
        moments = ((str(m.sid), (m.date_sent or m.date_created or until).replace(tzinfo=None)) for m in found)
        return [sid for sid, at in moments if since <= at <= until]

    def erase(self, carrier_id: str) -> bool:
        """Deletes the carrier's copy of a message, call or recording. False when it is too early; gone is done."""
        try:
            with _translated("erase", self._http):
                if carrier_id.startswith("CA"):
                    self._client.calls(carrier_id).delete()
                elif carrier_id.startswith("RE"):
                    self._client.recordings(carrier_id).delete()
                else:
                    self._client.messages(carrier_id).delete()
        except CarrierError as error:
            if error.code == _GONE or error.status == 404:
                return True
            if error.code == _TOO_EARLY:
                return False
            raise
        return True

    def ping(self) -> None:
        """Asks the carrier for one message's metadata: do address and credentials work?"""
        with _translated("ping", self._http):
            self._client.messages.list(to=self._from, limit=1)


class _translated:
    """Turns the SDK's and the network's errors into ours, dropping their messages, which may quote numbers."""

    def __init__(self, what: str, http: _Http) -> None:
        self._what, self._http = what, http

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if error is None:
            return
        status, code = _codes(error)
        if status is not None:
            if status == 429 or code == 20429:
                raise Later(self._what, status=status, code=code, after=_seconds(self._http)) from None
            if status >= 500:
                # The carrier failed in the middle of it: nobody knows.
                raise Unknown(self._what, status=status, code=code) from None
            if code in _PERMANENT or status in (400, 404):
                raise Refused(self._what, status=status, code=code) from None
            raise Later(self._what, status=status, code=code, after=None) from None
        if isinstance(error, requests.exceptions.ConnectTimeout):
            raise Later(self._what, status=None, code=None, after=None) from None
        if isinstance(error, requests.exceptions.RequestException | TwilioException | OSError | ValueError):
            raise Unknown(self._what) from None


def _codes(error: BaseException) -> tuple[int | None, int | None]:
    """The HTTP status and Twilio's code in one of the SDK's errors. Its list calls wrap the bare response."""
    if isinstance(error, TwilioRestException | TwilioServiceException):
        return error.status, error.code
    response = error.args[1] if isinstance(error, TwilioException) and len(error.args) > 1 else None
    if not isinstance(response, Response):
        return None, None
    try:
        code = json.loads(response.text).get("code")
    except (ValueError, AttributeError):
        code = None
    return response.status_code, code if isinstance(code, int) else None


def _seconds(http: _Http) -> timedelta | None:
    value = getattr(http.last, "retry_after", None)
    return timedelta(seconds=min(int(value), 600)) if value and str(value).isdigit() else None
