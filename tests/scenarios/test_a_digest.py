"""What is not urgent waits for the digest: by mail in text and HTML, by SMS, at the liaison's own hours."""

from __future__ import annotations

from datetime import datetime

import pytest
from harness.house import REDIS_AWAY, House, Liaison
from harness.waiting import until

from hotline.lab.records import new_sid
from hotline.language import gsm

TLALPAN, IZTACALCO = "09012", "09006"
CALM = "hay un carro sospechoso afuera de la escuela, soy Ludivina Cervantes, en {}"
URGENT = "hay balazos ahorita en la avenida en {}"


@pytest.fixture(scope="module")
def by_mail(house: House) -> Liaison:
    return house.liaison("Ana Paz", areas=(TLALPAN,), email="ana@enlace.example", digests=("03:00",))


@pytest.fixture(scope="module")
def by_text(house: House) -> Liaison:
    return house.liaison("Beto Ruiz", areas=(IZTACALCO,), digests=("03:00",))


def reports(house: House, words: str) -> str:
    sid = new_sid("SM")
    house.caller().texts(words, sid=sid)
    return str(house.case_of(sid).code)


def test_sent_now(house: House, by_mail: Liaison, by_text: Liaison) -> None:
    mailbox = house.lab.mailbox
    calm = [reports(house, CALM.format("Tlalpan")) for _ in range(3)]
    other = reports(house, CALM.format("Iztacalco"))
    urgent = reports(house, URGENT.format("Tlalpan"))
    by_mail.phone.wait_for_text(timeout=10, containing=f"caso {urgent}")
    assert mailbox.mails == []

    previewed = house.flask("digest", "preview", by_mail.id)
    assert all(code in previewed for code in calm)
    house.flask("digest", "send", "--now")
    mail = mailbox.wait_for(timeout=15, to=str(by_mail.email))
    for code in calm:
        assert code in mail.text
        assert code in mail.html
    assert mail.text.index("LE ESPERAN") < mail.text.index(urgent) < mail.text.index(calm[0]), (
        "told already, still waits"
    )
    for absent in (other, "Ludivina", "Cervantes", *(number[-10:] for number in house.lab.carrier.handsets)):
        assert absent not in mail.text + mail.html + mail.subject
    assert "carro sospechoso" in mail.text
    assert "Tlalpan" in mail.html
    assert "3" in mail.subject
    assert "<script" not in mail.html and "http" not in mail.html.replace("http://www.w3.org", "")

    summary = by_mail.phone.wait_for_text(timeout=15, containing="Casos nuevos")
    assert gsm.segments(summary.body) == 1
    assert "correo" in summary.body
    whole = by_text.phone.wait_for_text(timeout=15, containing="Casos nuevos")
    assert other in whole.body
    assert "carro sospechoso" in whole.body
    assert "Ludivina" not in whole.body
    assert gsm.is_gsm7(whole.body)

    assert house.flask("digest", "send", "--now").startswith("0 digests")
    assert len(mailbox.mails) == 1


def test_a_digest_case_is_acknowledged_too(house: House, by_mail: Liaison, by_text: Liaison) -> None:
    code = reports(house, CALM.format("Tlalpan"))
    house.flask("digest", "send", "--now")
    house.lab.mailbox.wait_for(timeout=15, containing=code)
    (answer,) = by_mail.phone.texts(f"Ok {code}")
    assert "a su cargo" in answer.body


def test_sent_by_the_clock_at_the_liaisons_hour_once(house: House, by_mail: Liaison, by_text: Liaison) -> None:
    """The hour that has just struck is made the liaison's, who has been one since yesterday."""
    code = reports(house, CALM.format("Tlalpan"))
    first = house.running["clock"]
    house.starts("clock")
    hour = f"{datetime.now(house.profile.timezone):%H:%M}"
    assert house.database.rows(
        f"UPDATE liaisons SET digest_hours = '[\"{hour}\"]', created_at = '2020-01-01 00:00:00.000000'"
        f" WHERE id = '{by_mail.id}' RETURNING id"
    )
    mail = house.lab.mailbox.wait_for(timeout=30, containing=code)
    assert code in mail.html
    by_mail.phone.wait_for_text(timeout=15, containing="Casos nuevos")
    until(lambda: house.count("deliveries", "state = 'waiting'") == 0, 15, "all to have left")
    assert house.count("digests", f"liaison_id = '{by_mail.id}' AND period LIKE '%T{hour}'") == 1
    assert len([mail for mail in house.lab.mailbox.mails if code in mail.text]) == 1
    assert first.stops() == 0


def test_with_redis_dead_digests_leave_all_the_same(house: House, by_mail: Liaison, by_text: Liaison) -> None:
    house.forgiven += REDIS_AWAY
    code = reports(house, CALM.format("Tlalpan"))
    house.valkey.dies()
    house.flask("digest", "send", "--now")
    assert code in house.lab.mailbox.wait_for(timeout=15, containing=code).text
    house.valkey.start()
