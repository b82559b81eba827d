"""The mailbox, over SMTP."""

from __future__ import annotations

import smtplib
import socket
from email.message import EmailMessage

import pytest

from hotline.lab import Lab


def mail(subject: str = "Resumen de las 8:00") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "Línea <linea@osc.example>"
    message["To"] = "ana@osc.example"
    message.set_content("Tres reportes en Iztapalapa.\n")
    message.add_alternative("<p>Tres reportes en <b>Iztapalapa</b>.</p>", subtype="html")
    return message


def send(lab: Lab, message: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", lab.smtp_port, timeout=5) as smtp:
        smtp.send_message(message)


def test_a_mail_is_kept_in_parts(lab: Lab) -> None:
    send(lab, mail())
    kept = lab.mailbox.wait_for(containing="tres reportes", to="ana@osc.example")
    assert (kept.subject, kept.sender, kept.recipients) == (
        "Resumen de las 8:00",
        "linea@osc.example",
        ("ana@osc.example",),
    )
    assert kept.from_ == "Línea <linea@osc.example>"
    assert kept.text == "Tres reportes en Iztapalapa.\n"
    assert "<b>Iztapalapa</b>" in kept.html
    assert kept.received.tzinfo is not None


@pytest.mark.parametrize("code", [450, 550])
def test_a_refusal(lab: Lab, code: int) -> None:
    lab.mailbox.refuse(code)
    with pytest.raises(smtplib.SMTPRecipientsRefused) as raised:
        send(lab, mail())
    assert raised.value.recipients["ana@osc.example"][0] == code
    assert lab.mailbox.mails == []
    send(lab, mail())
    assert len(lab.mailbox.mails) == 1


def test_what_did_not_come_is_told(lab: Lab) -> None:
    send(lab, mail("otro asunto"))
    with pytest.raises(AssertionError, match="otro asunto"):
        lab.mailbox.wait_for(timeout=0.01, containing="nada de eso")


def test_a_port_that_is_taken(lab: Lab) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError):
        Lab(
            hotline_url="http://127.0.0.1:1",
            account_sid="AC" + "0" * 32,
            auth_token="t",
            hotline_number="+525555550100",
            alerts_sender="+525555550199",
            smtp_port=taken.getsockname()[1],
        )
