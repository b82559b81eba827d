"""The carrier or the mail server fails: what is urgent arrives at least once, and not more than twice."""

from __future__ import annotations

from typing import Any

import pytest
from harness.house import House, Liaison
from harness.waiting import until

from hotline.lab.records import new_sid

CALM = "hay un carro sospechoso afuera de la escuela en Tlalpan"
FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("429 and when to come back", {"status": 429, "headers": {"Retry-After": "2"}}),
    ("429 with a date", {"status": 429, "headers": {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}}),
    ("500", {"status": 500}),
    ("503 twice", {"status": 503, "times": 2}),
    ("500 although it was done", {"status": 500, "perform": True}),
    ("no answer and nothing done", {"hang": 12}),
    ("no answer although it was done", {"hang": 12, "perform": True}),
]


@pytest.fixture(scope="module")
def on_duty(one_house: House) -> Liaison:
    one_house.forgiven += ["carrier", "mail not taken"]
    return one_house.liaison("Ana Paz", email="ana@enlace.example")


def reports(house: House, words: str) -> str:
    """Somebody texts; the code of the case."""
    sid = new_sid("SM")
    house.caller().texts(words, sid=sid)
    return str(house.case_of(sid).code)


def times_told(liaison: Liaison, code: str) -> int:
    return sum(f"caso {code}" in text.body for text in liaison.phone.inbox)


@pytest.mark.parametrize("fault", [fault for _, fault in FAULTS], ids=[name for name, _ in FAULTS])
def test_an_urgent_text_arrives_all_the_same(one_house: House, on_duty: Liaison, fault: dict[str, Any]) -> None:
    one_house.lab.carrier.fail("messages.create", **fault)
    code = reports(one_house, "estan asaltando la tienda de la esquina ahorita con pistola en Tlalpan")
    on_duty.phone.wait_for_text(timeout=40, containing=f"caso {code}")
    settled = f"subject = (SELECT id FROM reports WHERE code = '{code}') AND state IN ('sent', 'delivered')"
    until(lambda: one_house.count("deliveries", settled) == 1, 40, "the delivery to be settled")
    assert times_told(on_duty, code) == 1


def test_one_who_does_not_answer_keeps_nobody_waiting(one_house: House, on_duty: Liaison) -> None:
    """While one text hangs at the carrier, the next case's leaves."""
    one_house.lab.carrier.fail("messages.create", hang=30)
    first = reports(one_house, "se metieron a mi casa ahorita unos hombres armados en Tlalpan")
    under_way = f"subject = (SELECT id FROM reports WHERE code = '{first}') AND lease IS NOT NULL"
    until(lambda: one_house.count("deliveries", under_way) == 1, 10, "the first text to be under way")
    second = reports(one_house, "hay balazos ahorita frente al mercado en Tlalpan")
    on_duty.phone.wait_for_text(timeout=8, containing=f"caso {second}")
    on_duty.phone.wait_for_text(timeout=40, containing=f"caso {first}")


def test_receipts_lost_doubled_and_upside_down(one_house: House, on_duty: Liaison) -> None:
    carrier = one_house.lab.carrier
    carrier.duplicate_receipts = carrier.reverse_receipts = True
    code = reports(one_house, "me estan amenazando de muerte por telefono ahorita en Tlalpan")
    on_duty.phone.wait_for_text(timeout=10, containing=f"caso {code}")
    delivered = f"subject = (SELECT id FROM reports WHERE code = '{code}') AND state = 'delivered'"
    until(lambda: one_house.count("deliveries", delivered) == 1, 10, "the delivery to be known as delivered")
    carrier.duplicate_receipts = carrier.reverse_receipts = False
    carrier.drop_receipts = True
    code = reports(one_house, "me siguen unos hombres armados ahorita en Tlalpan")
    on_duty.phone.wait_for_text(timeout=10, containing=f"caso {code}")
    carrier.drop_receipts = False
    assert times_told(on_duty, code) == 1


def test_a_phone_that_is_off_and_a_landline_stop_nobody_else(one_house: House, on_duty: Liaison) -> None:
    other = one_house.liaison("Beto Ruiz", areas=("09012",))
    landline = one_house.liaison("Caro Gil", areas=("09012",))
    other.phone.switches_off()
    one_house.lab.phone(landline.phone.number, kind="landline")
    code = reports(one_house, "quieren llevarse a un muchacho ahorita a la fuerza en Tlalpan")
    on_duty.phone.wait_for_text(timeout=10, containing=f"caso {code}")
    failed = f"subject = (SELECT id FROM reports WHERE code = '{code}') AND channel = 'sms' AND state = 'failed'"
    until(lambda: one_house.count("deliveries", failed) == 2, 10, "the two failures to be known")
    for gone in (other, landline):
        one_house.flask("liaison", "off", gone.id)


@pytest.mark.parametrize("code", [421, 450])
def test_the_mail_server_refuses_and_then_accepts(one_house: House, on_duty: Liaison, code: int) -> None:
    case = reports(one_house, CALM)
    one_house.lab.mailbox.refuse(code)
    one_house.flask("digest", "send", "--now")
    mail = one_house.lab.mailbox.wait_for(timeout=30, containing=case, to="ana@enlace.example")
    assert "carro sospechoso" in mail.text
    assert len([mail for mail in one_house.lab.mailbox.mails if case in mail.text]) == 1
