"""Redis is a doorbell: killed, emptied or frozen while texts come in, callers notice nothing and all are filed."""

from __future__ import annotations

import pytest
from harness.crowd import Crowd
from harness.house import REDIS_AWAY, House, Liaison
from harness.waiting import until

from hotline.lab.records import new_sid

NOTICED = 2.0


@pytest.fixture(scope="module")
def on_duty(one_house: House) -> Liaison:
    one_house.forgiven += REDIS_AWAY
    return one_house.liaison("Ana Paz")


@pytest.fixture
def crowd(one_house: House) -> Crowd:
    return Crowd(one_house)


def the_workers_still_work(house: House) -> None:
    """Sooner or later it is they who file the next text, and not the clock in their place."""
    filed = house.words("worker").count('"filed"')

    def by_a_worker() -> bool:
        sid = new_sid("SM")
        house.caller().texts("venden droga en el parque de Tlalpan", sid=sid)
        house.case_of(sid, timeout=15)
        return house.words("worker").count('"filed"') > filed

    until(by_a_worker, 40, "a worker to file a text", every=0.5)


def test_killed_and_started_again_empty(one_house: House, on_duty: Liaison, crowd: Crowd) -> None:
    valkey = one_house.valkey
    crowd.texts(30, {10: valkey.dies, 22: lambda: void(valkey.start())})
    crowd.was_answered_within(NOTICED)
    crowd.is_filed_once(timeout=20)
    crowd.urgent_ones_reached(on_duty, timeout=20)
    the_workers_still_work(one_house)


def test_emptied(one_house: House, on_duty: Liaison, crowd: Crowd) -> None:
    valkey = one_house.valkey
    crowd.texts(30, dict.fromkeys((1, 4, 8, 12, 16, 20, 24, 28, 30), valkey.empties))
    crowd.was_answered_within(NOTICED)
    crowd.is_filed_once(timeout=20)
    crowd.urgent_ones_reached(on_duty, timeout=20)
    the_workers_still_work(one_house)


def test_frozen_and_thawed(one_house: House, on_duty: Liaison, crowd: Crowd) -> None:
    """While it is frozen the clock does what nobody can be rung for."""
    crowd.texts(10, {5: one_house.valkey.freeze})
    late = crowd.texts(20)[0]
    crowd.was_answered_within(NOTICED)
    case = one_house.case_of(late.sid, timeout=15)
    on_duty.phone.wait_for_text(timeout=15, containing=f"caso {case.code}")
    one_house.valkey.thaw()
    crowd.is_filed_once(timeout=20)
    crowd.urgent_ones_reached(on_duty, timeout=20)
    the_workers_still_work(one_house)


def test_gone_all_night(one_house: House, on_duty: Liaison, crowd: Crowd) -> None:
    """Reports are filed, liaisons woken, OK taken, copies erased: all without a bell."""
    one_house.valkey.dies()
    crowd.texts(6)
    crowd.was_answered_within(NOTICED)
    crowd.is_filed_once(timeout=20)
    crowd.urgent_ones_reached(on_duty, timeout=20)
    code = on_duty.phone.inbox[-1].body.partition("caso ")[2][:5]
    (answer,) = on_duty.phone.texts(f"ok {code}")
    assert "a su cargo" in answer.body
    crowd.leaves_nothing_at_the_carrier(timeout=30)
    one_house.valkey.start()
    the_workers_still_work(one_house)


def void(_: object) -> None:
    return
