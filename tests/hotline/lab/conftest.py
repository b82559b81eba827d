"""A hotline of a few lines, real over HTTP, that answers what a test puts on its desk and checks every signature."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask, Response, request
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from werkzeug.serving import make_server

from hotline.lab import Lab
from hotline.lab.courier import Patience
from hotline.lab.people import people

ACCOUNT = "AC" + "0" * 31 + "1"
TOKEN = "a-token-of-the-lab"
HOTLINE = "+525555550100"
ALERTS = "+525555550199"


class Desk:
    """`answers[path]` is a document, a response, or a function of the form; `seen` is every webhook received."""

    def __init__(self) -> None:
        self.answers: dict[str, str | Response | Callable[[dict[str, str]], str | Response]] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.tokens: list[str] = []
        self.unsigned: list[str] = []
        self.url = "https://linea.example"
        app = Flask("little-hotline")
        app.add_url_rule("/<path:path>", view_func=self._answer, methods=["GET", "POST"])
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        self.reach = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def _answer(self, path: str) -> Response:
        public = self.url + request.full_path.rstrip("?")
        signed = RequestValidator(TOKEN).validate(public, request.form, request.headers.get("X-Twilio-Signature", ""))
        if not signed:
            self.unsigned.append(public)
            return Response(status=403)
        form = request.values.to_dict()
        self.seen.append(("/" + path, form))
        self.tokens.append(request.headers["I-Twilio-Idempotency-Token"])
        answer = self.answers.get("/" + path, "<Response/>")
        answer = answer(form) if callable(answer) and not isinstance(answer, Response) else answer
        return answer if isinstance(answer, Response) else Response(answer, mimetype="text/xml")

    def forms(self, path: str) -> list[dict[str, str]]:
        return [form for seen, form in self.seen if seen == path]

    def clear(self) -> None:
        self.answers.clear()
        self.seen.clear()
        self.tokens.clear()
        self.unsigned.clear()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="session")
def _desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.stop()


@pytest.fixture(scope="session")
def _lab(_desk: Desk) -> Iterator[Lab]:
    with Lab(
        hotline_url=_desk.url,
        reach=_desk.reach,
        account_sid=ACCOUNT,
        auth_token=TOKEN,
        hotline_number=HOTLINE,
        alerts_sender=ALERTS,
        patience=Patience(connect=1.0, total=2.0),
    ) as lab:
        yield lab


@pytest.fixture
def desk(_desk: Desk) -> Iterator[Desk]:
    _desk.clear()
    yield _desk
    assert _desk.unsigned == []


@pytest.fixture
def lab(_lab: Lab, desk: Desk) -> Iterator[Lab]:
    yield _lab
    _lab.reset()


@pytest.fixture
def peopled(desk: Desk) -> Iterator[Lab]:
    """A lab with the people of the page, which the shared one has not."""
    with Lab(
        hotline_url=desk.url,
        reach=desk.reach,
        account_sid=ACCOUNT,
        auth_token=TOKEN,
        hotline_number=HOTLINE,
        alerts_sender=ALERTS,
        people=people(),
    ) as lab:
        yield lab


class _Rewriting(TwilioHttpClient):  # type: ignore[misc]
    """Twilio's client, sent to the lab instead."""

    def __init__(self, api_url: str, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self._api_url = api_url

    def request(self, method: str, url: str, *args: object, **kwargs: object) -> object:
        parts = urlsplit(url)
        assert parts.netloc == "api.twilio.com"
        return super().request(method, self._api_url + url.partition(parts.netloc)[2], *args, **kwargs)


@pytest.fixture
def twilio(lab: Lab) -> Client:
    return Client(ACCOUNT, TOKEN, http_client=_Rewriting(lab.api_url, timeout=2.0))
