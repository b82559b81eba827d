"""Letters through a real SMTP server: both forms, our own id, and errors of codes only."""

from __future__ import annotations

import socket

import pytest

from hotline.lab import Lab
from hotline.settings import SmtpAddress
from workers import mail
from workers.mail import Letter, MailError

LETTER = Letter("Casos nuevos: 1, 23 de noviembre", "texto: ñandú\n.\nfin", "<p>hipertexto: ñandú</p>")
TO, FROM = "enlace@ejemplo.example", "Avisos <avisos@linea.example>"


def at(port: int, query: str = "") -> SmtpAddress:
    return SmtpAddress.parse(f"smtp://127.0.0.1:{port}{query}")


def test_a_letter_arrives_in_both_forms(carrier_lab: Lab) -> None:
    mail.send(at(carrier_lab.smtp_port), FROM, TO, LETTER, "d1")
    [found] = carrier_lab.mailbox.mails
    assert (found.subject, found.to, found.recipients) == (LETTER.subject, TO, (TO,))
    assert "ñandú" in found.text and "\n.\n" in found.text and "<p>hipertexto: ñandú</p>" in found.html
    assert found.headers["Message-ID"] == "<d1@linea.example>"
    assert found.headers["Auto-Submitted"] == "auto-generated"
    assert found.headers["Date"].endswith(("-0000", "+0000"))


@pytest.mark.parametrize(("code", "permanent"), [(421, False), (450, False), (452, False), (550, True), (553, True)])
def test_a_refusal_is_for_now_or_for_good_and_names_nobody(carrier_lab: Lab, code: int, permanent: bool) -> None:
    carrier_lab.mailbox.refuse(code, reason=f"no mailbox {TO}")
    with pytest.raises(MailError) as refused:
        mail.send(at(carrier_lab.smtp_port), FROM, TO, LETTER, "d1")
    assert refused.value.permanent is permanent
    assert str(code) in str(refused.value) and "enlace" not in str(refused.value)
    assert refused.value.__suppress_context__


@pytest.mark.parametrize(("code", "permanent"), [(451, False), (554, True)])
def test_words_that_are_refused_are_so_for_now_or_for_good(
    carrier_lab: Lab, monkeypatch: pytest.MonkeyPatch, code: int, permanent: bool
) -> None:
    async def refuses(*_: object) -> str:
        return f"{code} not these words for {TO}"

    monkeypatch.setattr(carrier_lab.mailbox, "handle_DATA", refuses)
    with pytest.raises(MailError) as refused:
        mail.send(at(carrier_lab.smtp_port), FROM, TO, LETTER, "d1")
    assert refused.value.permanent is permanent
    assert str(refused.value) == f"SMTP {code}"


def test_until_the_last_moment_nothing_is_taken(carrier_lab: Lab) -> None:
    def dies() -> None:
        assert carrier_lab.mailbox.mails == []
        raise MailError("died", permanent=False)

    with pytest.raises(MailError):
        mail.send(at(carrier_lab.smtp_port), FROM, TO, LETTER, "d1", at_last=dies)
    called: list[str] = []
    mail.send(at(carrier_lab.smtp_port), FROM, TO, LETTER, "d2", at_last=lambda: called.append("once"))
    [found] = carrier_lab.mailbox.mails
    assert called == ["once"] and found.headers["Message-ID"].startswith("<d2@") and "\n.\nfin" in found.text


def test_a_server_that_is_away_is_for_now() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(MailError) as away:
            mail.send(at(taken.getsockname()[1]), FROM, TO, LETTER, "d1")
    assert not away.value.permanent


def test_a_server_without_the_encryption_asked_for_gets_nothing(carrier_lab: Lab) -> None:
    with pytest.raises(MailError) as plain:
        mail.send(at(carrier_lab.smtp_port, "?starttls=1"), FROM, TO, LETTER, "d1")
    assert not plain.value.permanent
    assert carrier_lab.mailbox.mails == []


def test_our_own_wrong_password_is_not_the_letters_fault(carrier_lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """535 says that SMTP_URL is wrong: once it is mended the letter can leave, so it must wait."""
    import smtplib

    def login(*_: object, **__: object) -> None:
        raise smtplib.SMTPAuthenticationError(535, b"5.7.8 bad credentials for user")

    monkeypatch.setattr(smtplib.SMTP, "login", login)
    address = SmtpAddress.parse(f"smtp://somebody:wrong@127.0.0.1:{carrier_lab.smtp_port}")
    with pytest.raises(MailError) as refused:
        mail.send(address, FROM, TO, LETTER, "d1")
    assert not refused.value.permanent
