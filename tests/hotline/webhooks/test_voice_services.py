"""What may be had by telephone besides reporting: how a report stands, dates, alerts, and being called back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from furniture import CALLER, NUMBER, change, count_of, rows, sid
from posting import Carrier
from sqlalchemy import insert, select, update
from stdnum import damm
from walking import Caller

from hotline.desk import FrontDesk
from hotline.lab import twiml
from hotline.profile.menu import RingBack
from hotline.store.call_tables import ring_backs
from hotline.store.engine import utcnow
from hotline.store.public_tables import guesses, jornadas, subscriptions
from hotline.store.schema import claves, messages, reports

CLAVE = "5512340987"[:9] + damm.calc_check_digit("551234098")


@pytest.fixture
def caller(carrier: Carrier) -> Caller:
    return Caller(carrier)


@pytest.fixture
def away(carrier: Carrier, tmp_path: Path) -> Callable[[], None]:
    def take_away() -> None:
        (tmp_path / "hotline.db").rename(tmp_path / "elsewhere.db")
        carrier.desk.engine.dispose()

    return take_away


def file_report(carrier: Carrier, status: str) -> None:
    """A report that `CLAVE` opens."""
    row = {
        "id": "r" * 32, "code": "K7M2P", "channel": "voz", "opened_at": utcnow(), "filed_at": utcnow(),
        "status": status, "kind": "extorsion",
    }  # fmt: skip
    change(carrier.engine, insert(reports).values(**row))
    change(carrier.engine, insert(claves).values(hash=carrier.vault.clave_hash(CLAVE), report_id="r" * 32))


# How a report stands


@pytest.mark.parametrize(
    ("status", "hears"),
    [
        ("filed", "lo va a leer"),
        ("held", "lo va a leer"),
        ("acknowledged", "está a cargo"),
        ("closed", "está cerrado"),
    ],
)
def test_how_a_report_stands(carrier: Carrier, caller: Caller, status: str, hears: str) -> None:
    file_report(carrier, status)
    caller.dials().presses("2").hears("diez números").presses(CLAVE).hears(hears)
    caller.does_not_hear("extorsión", "K7M2P").presses("*").hears("Para reportar")
    assert not any(CLAVE[:4] in path for path in caller.visited)


def test_a_report_that_nobody_has_filed_yet_stands_well(carrier: Carrier) -> None:
    """With no worker all night its clave stands in no table; its caller is not to be told that it is wrong."""
    caller = Caller(carrier).dials().presses("1").presses("1").presses("09").says("me piden dinero").stays_silent()
    Caller(carrier).dials().presses("2").presses(caller.clave).hears("Su reporte está guardado")
    assert count_of(carrier.engine, guesses) == 0


def test_a_slip_of_the_finger_is_forgiven(carrier: Carrier, caller: Caller) -> None:
    file_report(carrier, "acknowledged")
    caller.dials().presses("2").presses("55*").hears("Borrado").presses("123").hears("Faltaron")
    caller.presses(CLAVE).hears("está a cargo")
    assert count_of(carrier.engine, guesses) == 0


def test_a_wrong_check_digit_and_a_clave_that_is_nobodys_sound_alike(carrier: Carrier) -> None:
    nobodys = "000000001" + damm.calc_check_digit("000000001")
    wrong = CLAVE[:9] + str((int(CLAVE[9]) + 1) % 10)
    heard = [Caller(carrier).dials().presses("2").presses(digits).heard for digits in (nobodys, wrong)]
    assert heard[0] == heard[1] and "No encontramos esa clave" in heard[0]


def test_five_wrong_claves_lock_the_phone_out_for_an_hour(carrier: Carrier) -> None:
    file_report(carrier, "closed")
    for _ in range(2):
        guesser = Caller(carrier).dials().presses("2")
        for _ in range(3):
            if guesser.question == "clave":
                guesser.presses("0000000012")
    Caller(carrier).dials().presses("2").presses(CLAVE).hears("espere una hora").does_not_hear("cerrado")
    Caller(carrier, number="+525599990000").dials().presses("2").presses(CLAVE).hears("está cerrado")
    change(carrier.engine, update(guesses).values(since=utcnow() - timedelta(minutes=61)))
    Caller(carrier).dials().presses("2").presses(CLAVE).hears("está cerrado")


def test_a_hidden_guesser_has_five_tries_a_call(carrier: Carrier) -> None:
    guesser = Caller(carrier, number="anonymous").dials().presses("2")
    for _ in range(4):
        guesser.presses("0000000012").hears("No encontramos")
    guesser.presses("0000000012").hears("espere una hora")
    assert guesser.question == "leaf"


# Dates and alerts


def test_the_next_dates_of_a_place_by_its_name_or_code(carrier: Carrier) -> None:
    starts = (utcnow() + timedelta(days=5)).replace(hour=10, minute=30, second=0, microsecond=0)
    row = {"id": "j1", "area": "09015", "starts": starts, "title": "Jornada de Convivencia", "place": "el parque"}
    change(carrier.engine, insert(jornadas).values(**row))
    for answer in ("keys", "words"):
        caller = Caller(carrier).dials().presses("4").presses("1").hears("alcaldía")
        caller = caller.presses("06#") if answer == "keys" else caller.says("la cuauhtemoc")
        caller.hears("Jornada de Convivencia, en el parque", f"{starts.day} de", "10:30", "Para volver")
    Caller(carrier).dials().presses("4").presses("1").presses("09").hears("no hay fechas para Iztapalapa")


def test_alerts_by_key(carrier: Carrier, caller: Caller) -> None:
    caller.dials().presses("4").presses("2").presses("00").hears("No conocemos").presses("09")
    caller.hears("alertas de Iztapalapa")
    [row] = rows(carrier.engine, select(subscriptions))
    assert CALLER[3:] not in str(row)
    caller.presses("*").presses("3").hears("Ya no le llegarán")
    assert not any(row.get("active", True) for row in rows(carrier.engine, select(subscriptions)))


def test_who_hides_cannot_be_written_to(carrier: Carrier) -> None:
    Caller(carrier, number="anonymous").dials().presses("4").presses("2").presses("09").hears("está oculto")
    assert count_of(carrier.engine, subscriptions) == 0


def test_nothing_of_this_files_a_report(carrier: Carrier, caller: Caller) -> None:
    caller.dials().presses("4").presses("1").says("iztapalapa").presses("*").presses("2").says("coyoacan")
    caller.presses("*").presses("*").presses("2").presses("0000000012").presses("9")
    assert count_of(carrier.engine, messages) == 0


def test_without_the_database_everything_has_an_answer(
    carrier: Carrier, caller: Caller, away: Callable[[], None]
) -> None:
    away()
    caller.dials().presses("2").presses(CLAVE).hears("Ahora no podemos").presses("*")
    caller.presses("4").presses("1").presses("09").hears("no hay fechas").presses("*")
    caller.presses("2").presses("09").hears("Ahora no pudimos").presses("*").presses("3").hears("Ahora no pudimos")
    caller.presses("0").hears("nadie pudo contestar", "Cuénteme")
    assert caller.question == "story"


# Ring and hang up


@pytest.fixture
def rings_back(carrier: Carrier) -> Carrier:
    """A hotline whose number is not answered but called back."""
    desk = carrier.desk
    rule = RingBack(frozenset({NUMBER}), every_minutes=10, a_day=2, countries=frozenset({"MX"}))
    menu = replace(desk.profile.menu, ring_back=rule)
    altered: FrontDesk = replace(desk, profile=replace(desk.profile, menu=menu))
    carrier.app.extensions["front_desk"] = altered
    return carrier


def first_verb(carrier: Carrier, **form: str) -> str:
    answer = carrier.posts("/voice", {"CallSid": sid("CA"), "From": CALLER, "To": NUMBER, **form})
    verbs = twiml.voice(answer.data, answer.content_type)
    return verbs[0].name


def asked(carrier: Carrier) -> list[dict[str, Any]]:
    return rows(carrier.engine, select(ring_backs))


def test_who_rings_is_not_answered_and_will_be_called_back(rings_back: Carrier) -> None:
    assert first_verb(rings_back) == "Reject"
    [row] = asked(rings_back)
    assert rings_back.vault.open(row["phone"]).decode() == CALLER
    assert (row["state"], row["times"]) == ("waiting", 1) and CALLER[3:] not in str(row)


def test_once_in_ten_minutes(rings_back: Carrier) -> None:
    assert [first_verb(rings_back) for _ in range(3)] == ["Reject"] * 3
    [row] = asked(rings_back)
    assert row["times"] == 1
    change(rings_back.engine, update(ring_backs).values(asked_at=utcnow() - timedelta(minutes=11), state="rung"))
    assert first_verb(rings_back) == "Reject"
    [row] = asked(rings_back)
    assert (row["times"], row["state"]) == (2, "waiting")


@pytest.mark.parametrize(
    "form",
    [
        {"From": "anonymous"},
        {"From": "+12025550123"},
        {"From": "+34911234567"},
        {"To": "+525588000922"},
        {"From": "089"},
    ],
)
def test_who_cannot_be_called_back_is_answered(rings_back: Carrier, form: dict[str, str]) -> None:
    assert first_verb(rings_back, **form) == "Gather"
    assert asked(rings_back) == []


def test_when_the_days_calls_are_used_up_callers_are_answered(rings_back: Carrier) -> None:
    verbs = [first_verb(rings_back, From=f"+52551234000{number}") for number in range(3)]
    assert verbs == ["Reject", "Reject", "Gather"]


def test_without_the_database_they_are_answered(rings_back: Carrier, away: Callable[[], None]) -> None:
    away()
    assert first_verb(rings_back) == "Gather"


def test_whoever_picks_up_hears_nothing_of_a_report_before_the_key(carrier: Carrier) -> None:
    outbound = {"Direction": "outbound-api", "From": NUMBER, "To": CALLER}
    call = sid("CA")
    answer = carrier.posts("/voice", {"CallSid": call, **outbound})
    caller = Caller(carrier, call=call, verbs=twiml.voice(answer.data, answer.content_type))
    caller.hears("Le devolvemos su llamada").does_not_hear("reporte", "Observatorio", "clave")
    caller.presses("1").hears("Observatorio", "Para reportar").presses("1").presses("1", **outbound)
    [kept] = carrier.kept().values()
    assert kept["from"] == CALLER
