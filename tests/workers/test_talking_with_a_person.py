"""Callers and liaisons on the phone: web and worker over one database, a strict carrier between them, over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from furniture import (
    ACCOUNT,
    ALERTS,
    CALLER,
    NUMBER,
    PUBLIC_URL,
    TOKEN,
    add_liaison,
    change,
    environment,
    lapse,
    open_office,
    rows,
    with_carrier,
)  # fmt: skip
from sqlalchemy import Engine, select, update
from werkzeug.serving import make_server

from hotline import create_app
from hotline.desk import FrontDesk
from hotline.lab import Lab, Phone
from hotline.profile.menu import RingBack
from hotline.settings import Settings
from hotline.store.call_tables import bridges, ring_backs
from hotline.store.engine import utcnow
from hotline.store.schema import messages
from workers import connecting, ringing_back
from workers.office import Office
from workers.routing import Matter

FIRST, SECOND = "+525598700001", "+525598700002"


@dataclass
class Talk:
    """A caller's phone, two liaisons' phones, and the back office that can ring them."""

    office: Office
    lab: Lab
    app: Any

    def phone(self, number: str = CALLER) -> Phone:
        return self.lab.phone(number)

    def bridge(self) -> dict[str, Any]:
        [row] = rows(self.office.engine, select(bridges))
        return row


@pytest.fixture
def talk(sqlite: Engine, keys: Path, tmp_path: Path) -> Iterator[Talk]:
    settings = Settings.read(environment(f"sqlite:///{tmp_path / 'hotline.db'}", keys, tmp_path / "var"))
    app = create_app(settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        with Lab(
            hotline_url=PUBLIC_URL,
            reach=f"http://127.0.0.1:{server.server_port}",
            account_sid=ACCOUNT,
            auth_token=TOKEN,
            hotline_number=NUMBER,
            alerts_sender=ALERTS,
        ) as lab:
            office = with_carrier(open_office(sqlite, keys), lab)
            yield Talk(office, lab, app)
            assert [alert for alert in lab.carrier.alerts if alert.code != 11200] == []
    finally:
        server.shutdown()
        server.server_close()
        app.extensions["front_desk"].engine.dispose()


@pytest.fixture
def on_duty(talk: Talk) -> tuple[Phone, Phone]:
    """Two liaisons, in the order in which they are called."""
    add_liaison(talk.office.engine, talk.office.vault, "Ana", phone=FIRST)
    add_liaison(talk.office.engine, talk.office.vault, "Beto", phone=SECOND, role="second")
    return talk.phone(FIRST), talk.phone(SECOND)


def test_0_brings_the_caller_to_the_liaison_and_neither_sees_the_others_number(
    talk: Talk, on_duty: tuple[Phone, Phone]
) -> None:
    call = talk.phone().dials().presses("0").hears("Le comunico", "no verá su número")
    assert connecting.connect(talk.office) == 1
    leg = on_duty[0].answers().hears("Para tomar la llamada, marque 1").does_not_hear(CALLER)
    leg.presses("1")
    call.says("tengo miedo, me estan siguiendo")
    assert "tengo miedo, me estan siguiendo" in leg.heard
    records = talk.lab.carrier.calls.values()
    assert {record.sender for record in records if record.direction == "outbound-dial"} == {NUMBER}
    assert talk.bridge()["state"] == "talking" and not talk.lab.carrier.recordings
    leg.hangs_up()
    call.waits_to_hear("Gracias por llamar")
    assert call.listening_for == {"dtmf"} and talk.bridge()["state"] == "ended"
    assert connecting.connect(talk.office) == 0
    assert not any(number in posted.url for posted in talk.lab.carrier.webhooks for number in (FIRST[3:], CALLER[3:]))


@pytest.mark.parametrize("how", ["declines", "ignores", "machine", "wrong key"])
def test_when_the_first_does_not_take_it_the_next_is_called_and_then_the_report_is_taken(
    talk: Talk, on_duty: tuple[Phone, Phone], how: str
) -> None:
    call = talk.phone().dials().presses("0")
    for phone in on_duty:
        assert connecting.connect(talk.office) == 1
        if how == "machine":
            phone.answers().stays_silent().waits_until_ended()
        elif how == "wrong key":
            phone.answers().presses("5").waits_until_ended()
        else:
            getattr(phone, how)()
        call.waits_to_hear("Seguimos llamando")
        talk.lab.settle()
    connecting.connect(talk.office)
    call.waits_to_hear("nadie pudo contestar").hears("Cuénteme qué pasa")
    call.says("me siguen dos hombres en Tlalpan").stays_silent().hears("Su clave es")
    assert len(talk.bridge()["tried"]) == 2 and talk.bridge()["state"] == "ended"


def test_a_person_from_the_middle_of_a_report(talk: Talk, on_duty: tuple[Phone, Phone]) -> None:
    """Who asks for a person has reported what they told before, and the liaison hears of what kind it is."""
    call = talk.phone().dials().presses("1").presses("3").presses("0").hears("Le comunico")
    connecting.connect(talk.office)
    on_duty[0].answers().hears("Es sobre secuestro").hangs_up()
    call.waits_to_hear("Seguimos llamando").presses("1").hears("Cuénteme")
    assert talk.bridge()["state"] == "ended"
    assert connecting.connect(talk.office) == 0, "who tells it now is not to be interrupted"
    call.says("se llevaron a mi hijo").stays_silent().hears("Su clave es")
    reports = {row["report_id"] for row in rows(talk.office.engine, select(messages))}
    assert len(reports) == 1


def test_who_is_called_first(talk: Talk) -> None:
    """Of an unknown place the first line is called, not its supervisor; of a known one whoever covers it."""
    engine, vault = talk.office.engine, talk.office.vault
    supervisor = add_liaison(engine, vault, "Dora", role="supervisor")
    here = add_liaison(engine, vault, "Ana", areas=("09007",))
    there = add_liaison(engine, vault, "Beto", areas=("09012",))
    fraud = add_liaison(engine, vault, "Caro", kinds=("fraude",))

    def line(kind: str | None, area: str | None) -> list[str]:
        tried: list[str] = []
        with engine.connect() as connection:
            matter = Matter(kind, area, area and area[:2])
            while found := connecting.next_in_line(connection, talk.office.profile, matter, tried, utcnow()):
                tried.append(found)
        return tried

    assert line(None, None) == [fraud, here, there, supervisor]
    assert line("secuestro", None) == [here, there, supervisor, fraud]
    assert line("secuestro", "09012")[0] == there
    assert line("fraude", "09003")[0] == fraud


def test_with_nobody_on_duty_the_report_is_taken(talk: Talk) -> None:
    call = talk.phone().dials().presses("0").hears("Le comunico")
    connecting.connect(talk.office)
    call.waits_to_hear("nadie pudo contestar").hears("Cuénteme")


def test_with_no_worker_at_all_the_report_is_taken(talk: Talk, on_duty: tuple[Phone, Phone]) -> None:
    talk.phone().dials().presses("0").stays_silent().hears("Seguimos").stays_silent().hears("nadie pudo contestar")
    assert talk.bridge()["state"] == "ended" and connecting.connect(talk.office) == 0


def test_a_caller_who_has_gone_is_not_dialled_for(talk: Talk, on_duty: tuple[Phone, Phone]) -> None:
    talk.phone().dials().presses("0").hangs_up()
    connecting.connect(talk.office)
    assert talk.bridge()["state"] == "ended"
    assert not on_duty[0].rings


def test_a_carrier_that_gives_no_answer_is_not_asked_twice_while_it_rings(
    talk: Talk, on_duty: tuple[Phone, Phone]
) -> None:
    talk.lab.carrier.fail("calls.update", status=500, perform=True)
    call = talk.phone().dials().presses("0")
    connecting.connect(talk.office)
    assert connecting.connect(talk.office) == 0
    on_duty[0].answers().presses("1")
    call.says("hola")
    assert talk.bridge()["state"] == "talking"


def test_a_dial_that_never_began_is_made_when_the_caller_still_waits(talk: Talk, on_duty: tuple[Phone, Phone]) -> None:
    talk.lab.carrier.fail("calls.update", status=500)
    call = talk.phone().dials().presses("0")
    connecting.connect(talk.office)
    call.stays_silent().hears("Seguimos llamando")
    assert connecting.connect(talk.office) == 1
    on_duty[1].answers().presses("1")


# Ring and hang up


@pytest.fixture
def ringing(talk: Talk) -> Talk:
    """A hotline whose number is not answered but called back."""
    desk: FrontDesk = talk.app.extensions["front_desk"]
    rule = RingBack(frozenset({NUMBER}), every_minutes=10, a_day=50, countries=frozenset({"MX"}))
    profile = replace(desk.profile, menu=replace(desk.profile.menu, ring_back=rule))
    talk.app.extensions["front_desk"] = replace(desk, profile=profile)
    return talk


def due(talk: Talk) -> None:
    lapse(talk.office.engine, ring_backs)
    change(talk.office.engine, update(ring_backs).values(due_at=utcnow() - timedelta(seconds=1)))


def calls_made(talk: Talk) -> int:
    return len([record for record in talk.lab.carrier.calls.values() if record.direction == "outbound-api"])


def test_who_rings_is_called_back_and_may_report(ringing: Talk) -> None:
    rang = ringing.phone().dials()
    assert rang.ended and rang.status == "no-answer" and not rang.heard, "not answered and not charged"
    assert ringing_back.ring_back(ringing.office) == 0, "the line is not free yet"
    due(ringing)
    assert ringing_back.ring_back(ringing.office) == 1
    call = ringing.phone().answers().hears("Le devolvemos su llamada").does_not_hear("reporte")
    call.presses("1").hears("Para reportar").presses("1").presses("3").hears("alcaldía")
    [row] = rows(ringing.office.engine, select(ring_backs))
    assert (row["state"], row["phone"]) == ("rung", None)
    due(ringing)
    assert ringing_back.ring_back(ringing.office) == 0


def test_a_machine_that_answers_hears_nothing_and_the_call_ends(ringing: Talk) -> None:
    ringing.phone().dials()
    due(ringing)
    ringing_back.ring_back(ringing.office)
    call = ringing.phone().answers(by="machine_start").stays_silent(3)
    assert call.ended and not any(word in " ".join(call.heard) for word in ("Observatorio", "clave", "su reporte"))


@pytest.mark.parametrize("made", [True, False])
def test_a_call_of_unknown_outcome_is_looked_up_before_it_is_made_again(ringing: Talk, made: bool) -> None:
    ringing.phone().dials()
    due(ringing)
    ringing.lab.carrier.fail("calls.create", status=500, perform=made)
    assert ringing_back.ring_back(ringing.office) == 0
    due(ringing)
    assert ringing_back.ring_back(ringing.office) == 1
    assert calls_made(ringing) == 1
    ringing.phone().answers()


def test_a_refused_number_is_given_up(ringing: Talk) -> None:
    ringing.phone().dials()
    due(ringing)
    ringing.lab.carrier.fail("calls.create", status=400, code=21211)
    assert ringing_back.ring_back(ringing.office) == 0
    [row] = rows(ringing.office.engine, select(ring_backs))
    assert (row["state"], row["phone"]) == ("failed", None)


def test_nobody_is_called_back_in_the_middle_of_the_night_for_an_old_ring(ringing: Talk) -> None:
    ringing.phone().dials()
    change(ringing.office.engine, update(ring_backs).values(asked_at=utcnow() - timedelta(minutes=16)))
    due(ringing)
    assert ringing_back.ring_back(ringing.office) == 0 and calls_made(ringing) == 0
