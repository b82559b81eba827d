"""The lab as one thing: the carrier's REST API and the page over HTTP, the mailbox over SMTP, all on loopback."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping, Sequence

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from hotline.lab.carrier import Carrier
from hotline.lab.courier import Patience
from hotline.lab.mailbox import Mailbox
from hotline.lab.page import page
from hotline.lab.people import Person
from hotline.lab.phones import Phone
from hotline.lab.rest import rest

HOST = "127.0.0.1"


class _Quiet(WSGIRequestHandler):
    """Says nothing on standard error: the page shows what passes."""

    def log(self, type: str, message: str, *args: object) -> None:
        return


class Lab:
    """A pretend carrier, with phones, for one hotline.

    `hotline_url` is the hotline's public address, which webhooks are signed for; `reach` where it really listens if
    that is elsewhere. `people` are on the page at `/`; `consoles` are links to the console, by liaison's name.
    Ports of 0 mean any free one. The constructor raises OSError when a port is taken.
    """

    def __init__(
        self,
        *,
        hotline_url: str,
        account_sid: str,
        auth_token: str,
        hotline_number: str,
        alerts_sender: str,
        reach: str | None = None,
        port: int = 0,
        smtp_port: int = 0,
        patience: Patience | None = None,
        people: Sequence[Person] = (),
        consoles: Mapping[str, str] | None = None,
    ) -> None:
        self.carrier = Carrier(
            account_sid=account_sid,
            auth_token=auth_token,
            public_url=hotline_url,
            hotline_number=hotline_number,
            alerts_sender=alerts_sender,
            reach=reach,
            patience=patience,
        )
        self._people = people
        self._consoles = dict(consoles or {})
        self._phones: dict[int, Phone] = {}
        self._socket = socket.create_server((HOST, port), backlog=128)
        try:
            self.mailbox = Mailbox(smtp_port, self.carrier.changed)
        except OSError:
            self._socket.close()
            raise
        self._server: BaseWSGIServer | None = None

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    @property
    def api_url(self) -> str:
        """What `TWILIO_API_URL` is to be, without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    @property
    def smtp_port(self) -> int:
        return self.mailbox.port

    def start(self) -> Lab:
        self.carrier.api_url = self.api_url
        app = Flask(__name__, static_folder=None)
        app.register_blueprint(rest(self.carrier))
        app.register_blueprint(page(self.carrier, self.mailbox, self._people, self._consoles))
        self._server = make_server(
            HOST, self.port, app, threaded=True, request_handler=_Quiet, fd=self._socket.fileno()
        )
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.mailbox.start()
        return self

    def stop(self) -> None:
        self.carrier.stop()
        self.mailbox.stop()
        if self._server:
            self._server.shutdown()
            self._server.server_close()
        self._socket.close()

    def __enter__(self) -> Lab:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()

    def phone(self, number: str, kind: str | None = None, *, shows: str | None = None) -> Phone:
        """The phone with that number; the same one however often and however spelled it is asked for.

        `kind` is mobile (as everybody is at first) or landline; `shows` what a call's From says instead of the number
        (`anonymous`, `+266696687` or nothing). What is left out stays as it was.
        """
        if kind not in {None, "mobile", "landline"}:
            raise ValueError(f"kind is mobile or landline, not {kind!r}")
        handset = self.carrier.handset(number)
        handset.kind = kind or handset.kind
        handset.shows = handset.shows if shows is None else shows
        return self._phones.setdefault(id(handset), Phone(self.carrier, handset))

    def settle(self, timeout: float = 20.0) -> None:
        """Waits until every receipt under way has been answered."""
        self.carrier.settle(timeout)

    def reset(self) -> None:
        """Forgets everything, between two tests: phones, texts, calls, logs, mails, faults and knobs."""
        self.carrier.reset()
        self.mailbox.clear()
        self._phones.clear()
