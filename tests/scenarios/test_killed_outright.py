"""Workers and the web process are killed with -9, at any moment: each text is filed once, told at least once."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import suppress

import pytest
from harness.crowd import Crowd
from harness.house import House, Liaison, clave_in
from harness.waiting import until

from hotline.lab.records import new_sid

# RQ's report of a work-horse that was killed.
PROVOKED = ["Traceback", "rq.worker"]
CHANCE = random.Random(20261123)
# A killed worker's rows are taken over when their leases end: 30 s for filing, 60 s for delivering.
TAKEN_OVER, DELIVERED = 45, 75


@pytest.fixture(scope="module")
def on_duty(house: House) -> Liaison:
    house.forgiven += PROVOKED
    return house.liaison("Ana Paz")


def everyone_dies(house: House) -> None:
    """Parent, workers and whatever job they are in, a random moment after a text was answered."""
    time.sleep(CHANCE.uniform(0, 0.08))
    house.running["worker"].kill_all()
    house.starts("worker")


def a_job_dies(house: House) -> None:
    """One job's own process, in the act."""
    deadline = time.monotonic() + 1
    while time.monotonic() < deadline:
        if jobs := house.running["worker"].grandchildren():
            with suppress(ProcessLookupError):
                os.kill(CHANCE.choice(jobs), signal.SIGKILL)
            return


def test_workers_killed_while_texts_come_in(house: House, on_duty: Liaison) -> None:
    crowd = Crowd(house)
    for incident in (everyone_dies, a_job_dies, everyone_dies, a_job_dies):
        crowd.texts(15, {CHANCE.randint(2, 14): lambda happens=incident: happens(house)}, hands=2)  # type: ignore[misc]
    crowd.was_answered_within(2.0)
    crowd.is_filed_once(timeout=TAKEN_OVER)
    crowd.urgent_ones_reached(on_duty, timeout=DELIVERED)


def test_the_web_process_killed_right_after_an_answer(house: House, on_duty: Liaison) -> None:
    sid = new_sid("SM")
    (answer,) = house.caller().texts("hay un incendio ahorita en el mercado de Iztapalapa", sid=sid)
    house.running["web"].kill_all()
    assert house.count("messages", f"id = '{sid}'") == 1, "what was answered is in the store"
    house.starts("web")
    case = house.case_of(sid)
    assert house.opens(clave_in(answer.body)) == case.id
    (thanks,) = house.caller().texts("gracias por atender lo del incendio")
    assert clave_in(thanks.body)


def test_the_clock_killed_and_started_again(house: House, on_duty: Liaison) -> None:
    house.running["clock"].kill_all()
    (told,) = Crowd(house).texts(1)
    until(lambda: house.case_of(told.sid), 10, "a text to be filed without a clock")
    house.starts("clock")


def test_two_clocks_do_no_harm(house: House, on_duty: Liaison) -> None:
    first = house.running["clock"]
    house.starts("clock")
    crowd = Crowd(house)
    crowd.texts(12)
    crowd.is_filed_once(timeout=20)
    crowd.urgent_ones_reached(on_duty, timeout=20, most=1)
    assert first.stops() == 0
