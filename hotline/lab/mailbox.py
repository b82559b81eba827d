"""A real SMTP server on loopback that keeps what it is sent, or refuses it on demand."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from hotline.lab.records import now

MAX_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True)
class Mail:
    """`sender` and `recipients` are the envelope's, `from_` and `to` the header's; `html` is empty for plain mails."""

    sender: str
    recipients: tuple[str, ...]
    subject: str
    from_: str
    to: str
    text: str
    html: str
    headers: dict[str, str]
    received: datetime = field(default_factory=now)


def _mail(envelope: Envelope) -> Mail:
    content = envelope.original_content or b""
    message = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
    parts = {kind: message.get_body((kind,)) for kind in ("plain", "html")}
    words = {kind: str(part.get_content()).replace("\r\n", "\n") if part else "" for kind, part in parts.items()}
    return Mail(
        envelope.mail_from or "",
        tuple(envelope.rcpt_tos),
        str(message.get("Subject", "")),
        str(message.get("From", "")),
        str(message.get("To", "")),
        words["plain"],
        words["html"],
        {name: str(value) for name, value in message.items()},
    )


class _Controller(Controller):
    """Listens on a socket that is bound before, so that the port is known and no other process can take it."""

    def __init__(self, handler: Mailbox, listening: socket.socket) -> None:
        host, port = listening.getsockname()
        super().__init__(handler, hostname=host, port=port, data_size_limit=MAX_BYTES, ready_timeout=5.0)
        self._listening = listening

    def _create_server(self) -> Coroutine[Any, Any, asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._listening)


class Mailbox:
    """`mails` is everything accepted, oldest first. `refuse` plans refusals."""

    def __init__(self, port: int = 0, noticed: Callable[[], None] = lambda: None) -> None:
        """Binds the port (0: any free one). Raises OSError when it is taken."""
        self._noticed = noticed
        self._news = threading.Condition()
        self._mails: list[Mail] = []
        self._refusals: list[str] = []
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", port))
        except OSError:
            listening.close()
            raise
        self.port: int = listening.getsockname()[1]
        self._controller = _Controller(self, listening)

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    @property
    def mails(self) -> list[Mail]:
        with self._news:
            return list(self._mails)

    def clear(self) -> None:
        with self._news:
            self._mails.clear()
            self._refusals.clear()

    def refuse(self, code: int = 450, times: int = 1, reason: str = "planned refusal") -> None:
        """The next `times` recipients are answered with `code`: 450 is worth another try, 550 is not."""
        with self._news:
            self._refusals += [f"{code} {reason}"] * times

    def wait_for(self, timeout: float = 5.0, containing: str = "", to: str | None = None) -> Mail:
        """The oldest mail with `containing` in its subject or words (in any case), to that address if one is given."""

        def found() -> Mail | None:
            for mail in self._mails:
                words = f"{mail.subject}\n{mail.text}\n{mail.html}".casefold()
                if containing.casefold() in words and (to is None or to in mail.recipients):
                    return mail
            return None

        with self._news:
            self._news.wait_for(lambda: found() is not None, timeout)
            mail = found()
            assert mail is not None, f"no mail with {containing!r} came; there are {[m.subject for m in self._mails]}"
            return mail

    # What aiosmtpd calls

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        with self._news:
            if self._refusals:
                return self._refusals.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        mail = await asyncio.get_running_loop().run_in_executor(None, _mail, envelope)
        with self._news:
            self._mails.append(mail)
            self._news.notify_all()
        self._noticed()
        return "250 OK"
