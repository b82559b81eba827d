"""Carries webhooks to the hotline the way Twilio does: signed, timed, retried only where Twilio retries."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

import urllib3

from hotline.lab.errors import WebhookFailed
from hotline.lab.records import Posted
from hotline.lab.signing import signature

Parameters = list[tuple[str, str]]
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Answer:
    """What the hotline answered; `url` is the public one, against which relative addresses are resolved."""

    url: str
    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True)
class Patience:
    """Twilio's defaults, "connection overrides": connect 5 s, total 15 s, one retry and only on connection failure.

    A URL may ask for more by fragment: `#rc=2&rp=5xx` retries twice after a 5xx, `rp` being any of `4xx`, `5xx`, `ct`
    (connect), `rt` (read) and `all`.
    """

    connect: float = 5.0
    total: float = 15.0

    def policy(self, fragment: str) -> tuple[int, frozenset[str]]:
        asked = dict(parse_qsl(fragment))
        causes = asked.get("rp", "ct").split(",")
        return int(asked.get("rc", "1")), frozenset({"4xx", "5xx", "ct", "rt"} if "all" in causes else causes)


class Courier:
    """Posts to one hotline.

    `public_url` is the address that is signed, `reach` the one that is connected to: they differ behind a proxy.
    Only the hotline and loopback addresses are ever contacted, so that a lab sends nothing out of the machine.
    """

    def __init__(self, public_url: str, token: str, reach: str | None = None, patience: Patience | None = None) -> None:
        self.public_url = public_url.rstrip("/")
        self._reach = (reach or public_url).rstrip("/")
        self._token = token
        self._pool = urllib3.PoolManager(maxsize=32, retries=False)
        self.patience = patience or Patience()
        self.noticed: Callable[[Posted], None] = lambda posted: None

    def send(self, url: str, parameters: Iterable[tuple[str, str]], method: str = "POST") -> Answer:
        """Makes one webhook and returns the hotline's 2xx answer.

        `url` is absolute, with the query that the hotline gave it. Raises `WebhookFailed` with Twilio's code: 11100
        for an address of another machine, 11205 when no connection was made, 11220 when the answer took too long, and
        11200 for any status but 2xx.
        """
        address, _, fragment = url.partition("#")
        form = list(parameters)
        if method == "GET":
            query = urlencode(form)
            address, signed = f"{address}{'&' if urlsplit(address).query else '?'}{query}", []
        else:
            signed = form
        headers = {
            "X-Twilio-Signature": signature(self._token, address, signed),
            "I-Twilio-Idempotency-Token": str(uuid.uuid4()),
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
            "Connection": "close",
        }
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        tries, causes = self.patience.policy(fragment)
        while True:
            try:
                answer = self._once(address, method, headers, urlencode(signed).encode() if signed else None)
            except WebhookFailed as failure:
                self.noticed(Posted(address, method, dict(form), None, str(failure)))
                if tries > 0 and {11205: "ct", 11220: "rt"}.get(failure.code) in causes:
                    tries -= 1
                    continue
                raise
            if 200 <= answer.status < 300:
                self.noticed(Posted(address, method, dict(form), answer.status))
                return answer
            reason = f"HTTP retrieval failure: status {answer.status} from {address}"
            self.noticed(Posted(address, method, dict(form), answer.status, f"11200: {reason}"))
            if tries > 0 and f"{answer.status // 100}xx" in causes:
                tries -= 1
                continue
            raise WebhookFailed(11200, reason)

    def _once(self, address: str, method: str, headers: dict[str, str], body: bytes | None) -> Answer:
        timeout = urllib3.Timeout(connect=self.patience.connect, read=self.patience.total, total=self.patience.total)
        try:
            answer = self._pool.request(
                method, self._reachable(address), headers=headers, body=body, timeout=timeout, redirect=False
            )
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError) as error:
            raise WebhookFailed(11205, f"HTTP connection failure: {address}") from error
        except urllib3.exceptions.TimeoutError as error:
            raise WebhookFailed(11220, f"no answer within {self.patience.total:g} s: {address}") from error
        except urllib3.exceptions.HTTPError as error:
            raise WebhookFailed(11206, f"HTTP protocol violation: {address}") from error
        return Answer(address, answer.status, answer.headers.get("Content-Type", ""), answer.data)

    def _reachable(self, address: str) -> str:
        if address == self.public_url or address.startswith((self.public_url + "/", self.public_url + "?")):
            return self._reach + address[len(self.public_url) :]
        parts = urlsplit(address)
        if parts.scheme == "http" and parts.hostname in _LOOPBACK:
            return address
        raise WebhookFailed(11100, f"{address} is neither under {self.public_url} nor on this machine")

    def close(self) -> None:
        self._pool.clear()
