"""Sends e-mail. The message's id is ours and constant, so that a mail sent twice is recognised as one."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from typing import Any

from hotline.settings import SmtpAddress

TIMEOUT_SECONDS = 15
_END = b"\r\n.\r\n"


class MailError(Exception):
    """The mail did not leave. `permanent`: it never will. The message holds SMTP codes only."""

    def __init__(self, what: str, *, permanent: bool) -> None:
        super().__init__(what)
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail in both forms."""

    subject: str
    text: str
    html: str


def send(
    address: SmtpAddress,
    sender: str,
    to: str,
    letter: Letter,
    message_id: str,
    *,
    at_last: Callable[[], None] | None = None,
) -> None:
    """Hands `letter` to the mail server, or raises `MailError`. `at_last` is called when only the sign is missing by
    which the server takes it for good: what it raises keeps it from being taken."""
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = letter.subject, sender, to
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = f"<{message_id}@{sender.rpartition('@')[2].strip('>') or 'hotline'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    try:
        with _connected(address, at_last) as server:
            server.send_message(message, from_addr=sender, to_addrs=[to])
    except smtplib.SMTPAuthenticationError as error:  # our password, not the letter, is wrong: somebody will mend it
        raise MailError(f"SMTP {error.smtp_code} at login", permanent=False) from None
    except smtplib.SMTPResponseException as error:
        raise MailError(f"SMTP {error.smtp_code}", permanent=500 <= error.smtp_code < 600) from None
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise MailError(f"SMTP {codes}", permanent=all(500 <= code < 600 for code in codes)) from None
    except (smtplib.SMTPException, OSError) as error:
        raise MailError(type(error).__name__, permanent=False) from None


class _Pausing:
    """Stops before the end of a message (RFC 5321 4.1.1.4: until then the server has taken nothing)."""

    at_last: Callable[[], None] | None = None

    def send(self, s: Any) -> None:
        whole = isinstance(s, bytes) and s.endswith(_END)
        if not whole or self.at_last is None:
            super().send(s)  # type: ignore[misc]
            return
        super().send(s[: -len(_END) + 2])  # type: ignore[misc]
        self.at_last()
        super().send(_END[2:])  # type: ignore[misc]


class _Plain(_Pausing, smtplib.SMTP):
    """Without TLS, or with it from the middle on."""


class _Encrypted(_Pausing, smtplib.SMTP_SSL):
    """With TLS from the beginning."""


def _connected(address: SmtpAddress, at_last: Callable[[], None] | None) -> smtplib.SMTP:
    server: _Plain | _Encrypted
    if address.tls:
        server = _Encrypted(address.host, address.port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
    else:
        server = _Plain(address.host, address.port, timeout=TIMEOUT_SECONDS)
        if address.starttls:
            server.starttls(context=ssl.create_default_context())
    if address.user:
        server.login(address.user, address.password)
    server.at_last = at_last
    return server
