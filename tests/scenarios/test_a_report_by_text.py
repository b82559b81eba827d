"""The main road: somebody texts, a liaison reads it, answers OK, and the carrier's copies are gone."""

from __future__ import annotations

import json

import pytest
from harness.house import House, Liaison, clave_in
from harness.waiting import until

from hotline.lab.records import new_sid
from hotline.language import gsm

IZTAPALAPA, COYOACAN = "09007", "09003"
STORY = "me llamo Rosalba Quintero y unos tipos me estan cobrando piso en mi tienda, vienen hoy por 5 mil, me amenazan"


@pytest.fixture(scope="module")
def on_duty(house: House) -> dict[str, Liaison]:
    return {
        "Iztapalapa": house.liaison("Ana Paz", areas=(IZTAPALAPA,)),
        "Iztapalapa, fraude": house.liaison("Beto Ruiz", areas=(IZTAPALAPA,), kinds=("fraude",)),
        "Coyoacan": house.liaison("Caro Gil", areas=(COYOACAN,)),
        "supervisor": house.liaison("Dora Sol", role="supervisor"),
    }


def test_an_urgent_report_reaches_the_liaison_on_duty_and_nobody_else(
    house: House, on_duty: dict[str, Liaison]
) -> None:
    caller, ana = house.caller(), on_duty["Iztapalapa"]
    house.lab.carrier.fail("messages.delete", status=409, code=20009, times=2)
    (answer,) = caller.texts(f"{STORY}, en Iztapalapa", sid=(sid := new_sid("SM")))
    told = ana.phone.wait_for_text(timeout=10)
    case = house.case_about("cobrando piso")

    assert gsm.segments(answer.body) == 1
    assert gsm.is_gsm7(answer.body)
    assert house.opens(clave_in(answer.body)) == case.id
    assert (case.kind, case.urgency, case.area, case.status) == ("cobro_de_piso", "P2", IZTAPALAPA, "filed")
    assert case.code is not None
    for words in (case.code, "Cobro de piso", "Iztapalapa", "P2", f"OK {case.code}", "vienen hoy por 5 mil"):
        assert words in told.body
    for hidden in ("Rosalba", "Quintero", caller.number[-10:]):
        assert hidden not in told.body
        assert hidden not in case.story
    assert gsm.is_gsm7(told.body)

    (taken,) = ana.phone.texts(f"ok {case.code.lower()}")
    assert case.code in taken.body
    assert house.case_of(sid).status == "acknowledged"
    (row,) = house.database.rows(f"SELECT acknowledged_by FROM reports WHERE id = '{case.id}'")
    assert row["acknowledged_by"] == ana.id

    until(lambda: house.erased(sid) and house.erased(answer.sid), 25, "the carrier's copies to be deleted")
    assert len([asked for asked in house.asked("messages.delete") if asked.code == 20009]) == 2
    others = [other for name, other in on_duty.items() if name != "Iztapalapa"]
    assert [other.phone.inbox for other in others] == [[], [], []]


def test_the_place_is_asked_for_and_joins_the_report(house: House, on_duty: dict[str, Liaison]) -> None:
    caller = house.caller()
    (asks,) = caller.texts("se acaban de llevar a mi hermano unos hombres armados, piden rescate")
    assert "alcaldia o codigo postal" in asks.body
    clave = clave_in(asks.body)
    first = house.case_about("llevar a mi hermano")
    assert (first.urgency, first.area) == ("P1", None)
    # Nobody covers a report without a place: it wakes the supervisor rather than nobody.
    on_duty["supervisor"].phone.wait_for_text(timeout=10, containing=str(first.code))

    (noted,) = caller.texts("04000")
    assert "Coyoacan" in noted.body
    assert "clave" not in noted.body
    told = on_duty["Coyoacan"].phone.wait_for_text(timeout=10, containing=str(first.code))
    assert "llevar a mi hermano" in told.body
    assert "Coyoac" in told.body
    whole = house.case_about("llevar a mi hermano")
    assert (whole.id, whole.area, len(whole.texts)) == (first.id, COYOACAN, 2)
    assert house.opens(clave) == first.id


def test_what_is_added_reaches_who_was_told(house: House, on_duty: dict[str, Liaison]) -> None:
    caller, ana = house.caller(), on_duty["Iztapalapa"]
    caller.texts("me piden deposito ya o matan a mi familia, estoy en iztapalapa")
    case = house.case_about("me piden deposito ya")
    ana.phone.wait_for_text(timeout=10, containing=str(case.code))
    # So soon after the first it is taken for the rest of it: heard, and not answered again.
    assert caller.texts("traen una camioneta gris sin placas") == []
    update = ana.phone.wait_for_text(timeout=10, containing="camioneta gris")
    assert str(case.code) in update.body
    assert "me piden deposito" not in update.body, "an update tells what is new"


@pytest.mark.parametrize("who", ["Coyoacan", "Iztapalapa, fraude"])
def test_a_case_is_acknowledged_only_by_who_was_told(house: House, on_duty: dict[str, Liaison], who: str) -> None:
    caller, ana = house.caller(), on_duty["Iztapalapa"]
    caller.texts(f"hay balazos ahorita afuera de mi casa en Iztapalapa, calle {who[:3]}")
    code = ana.phone.wait_for_text(timeout=10, containing=f"calle {who[:3]}").body.split("caso ")[1][:5]
    (refused,) = on_duty[who].phone.texts(f"OK {code}")
    assert "No encontramos" in refused.body
    assert house.count("reports", f"code = '{code}' AND status = 'acknowledged'") == 0
    (yours,) = ana.phone.texts(f"OK {code}")
    assert "a su cargo" in yours.body
    assert house.count("reports", f"code = '{code}' AND acknowledged_by = '{ana.id}'") == 1


def test_help_is_answered_and_opens_nothing(house: House) -> None:
    before = house.count("reports")
    (answer,) = house.caller().texts(" ¡Ayuda! ")
    assert gsm.segments(answer.body) <= 2
    assert "911" in answer.body
    assert house.count("reports") == before


def test_the_operator_adds_a_liaison_sees_the_cases_and_no_words(house: House, on_duty: dict[str, Liaison]) -> None:
    added = house.flask("liaison", "add", "Eva Luz", "--phone", house.caller().number, "--area", "09013")
    assert "Xochimilco" in added
    listed = house.flask("liaison", "list")
    assert all(other.id in listed for other in on_duty.values())
    house.caller().texts("ola nos robaron el estereo del carro anoche en xochimilco")
    case = house.case_about("estereo")
    lines = [json.loads(line) for line in house.flask("report", "list", "--json").splitlines()]
    (line,) = [line for line in lines if line["code"] == case.code]
    assert set(line) == {"code", "kind", "urgency", "area", "state", "channel", "status", "opened"}
    assert (line["area"], line["channel"], line["status"]) == ("09013", "sms", "filed")
    assert "ok" in house.flask("doctor")
