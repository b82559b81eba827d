"""Liaisons woken, asking and calling, with real processes: who hears what, from which number, and who sees none."""

from __future__ import annotations

import pytest
from harness.house import House, Liaison
from harness.waiting import until

IZTAPALAPA = "09007"
STORY = "se acaban de llevar a mi hermano unos hombres armados en Iztapalapa, piden rescate"


@pytest.fixture(scope="module")
def ana(one_house: House) -> Liaison:
    return one_house.liaison("Ana Paz", areas=(IZTAPALAPA,))


@pytest.fixture(scope="module")
def dora(one_house: House) -> Liaison:
    return one_house.liaison("Dora Sol", role="supervisor")


def code_in(text: str) -> str:
    return text.split("caso ")[1][:5]


def test_a_call_says_that_something_waits_and_tells_it_to_who_presses_1(
    one_house: House, ana: Liaison, dora: Liaison
) -> None:
    one_house.caller().texts(STORY)
    code = code_in(ana.phone.wait_for_text(timeout=10, containing="URGENTE").body)
    call = ana.phone.answers(timeout=10).waits_to_hear("marque 1")
    call.does_not_hear("hermano", code, "Iztapalapa")
    call.presses("1").waits_to_hear("hermano", timeout=10)
    call.hears("Iztapalapa", "secuestro", "Para atender, marque 1")
    call.presses("2").waits_to_hear("siguiente")
    # The next in line is woken at once, not when the clock says.
    assert code in dora.phone.wait_for_text(timeout=10, containing=code).body
    call = dora.phone.answers(timeout=10).waits_to_hear("marque 1")
    call.presses("1").waits_to_hear("hermano", timeout=10)
    call.presses("9")
    until(lambda: sum("hermano" in said for said in call.heard) == 2, 10, "the case to be read again")
    call.presses("1").waits_to_hear("a su cargo")
    assert one_house.count("reports", f"code = '{code}' AND acknowledged_by = '{dora.id}'") == 1
    said = ana.phone.texts(f"OK {code}")
    assert said == []
    assert "Dora Sol" in ana.phone.wait_for_text(timeout=10, containing="ya lo atiende").body


def test_a_question_and_its_answer_show_no_number(one_house: House, ana: Liaison) -> None:
    caller = one_house.caller()
    caller.texts("me amenazan por telefono y piden que deposite hoy, en Iztapalapa cerca del mercado de abastos")
    code = code_in(ana.phone.wait_for_text(timeout=10, containing="mercado de abastos").body)
    (noted,) = ana.phone.texts(f"Pregunta {code} ¿A qué hora marcaron?")
    assert "su pregunta va en camino" in noted.body
    asked = caller.wait_for_text(timeout=10, containing="hora marcaron")
    assert asked.from_ == one_house.environment["HOTLINE_NUMBER"]
    assert ana.phone.number[-10:] not in asked.body and code not in asked.body
    caller.texts("a las 9 de la noche, soy Rosalba Quintero")
    answer = ana.phone.wait_for_text(timeout=10, containing="respondieron")
    assert code in answer.body and "9 de la noche" in answer.body
    assert "Rosalba" not in answer.body and caller.number[-10:] not in answer.body
    (closed,) = ana.phone.texts(f"CERRAR {code} ya denunció")
    assert "denuncia hecha" in closed.body
    (refused,) = ana.phone.texts(f"PREGUNTA {code} otra cosa")
    assert "cerrado" in refused.body


def test_two_who_talk_see_the_hotlines_number(one_house: House, ana: Liaison) -> None:
    caller = one_house.caller()
    caller.texts("balazos ahorita afuera de mi casa en Iztapalapa, hay un herido grave en la tienda de la esquina")
    code = code_in(ana.phone.wait_for_text(timeout=10, containing="tienda de la esquina").body)
    ana.phone.answers(timeout=10).hangs_up()
    (noted,) = ana.phone.texts(f"LLAMAR {code}")
    assert "marcando" in noted.body
    reporter = caller.answers(timeout=10).waits_to_hear("marque 1")
    reporter.does_not_hear("Observatorio", code, "Ana")
    reporter.presses("1").waits_to_hear("comunicamos")
    ana.phone.answers(timeout=10)
    numbers = {call.sender for call in one_house.lab.carrier.calls.values() if call.to == ana.phone.number}
    assert numbers == {one_house.environment["HOTLINE_NUMBER"]}
    assert caller.number not in numbers
