"""The clock: rings for what waits, and does it itself when nobody answers."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from furniture import Bell, add_liaison, rung
from sqlalchemy import Connection, Engine

from hotline.queues import JOBS, JobName
from hotline.store.engine import connect, utcnow
from workers import clock, jobs
from workers.clock import Clock, Errand
from workers.office import Office

NOW = utcnow()


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[JobName]:
    """The errands the clock has done itself; they do nothing else here."""
    found: list[JobName] = []
    for name in JOBS:
        monkeypatch.setitem(jobs.ERRANDS, name, partial(found.append, name))
    return found


def waiting_since(since: datetime | None, every: timedelta = timedelta(seconds=1)) -> Errand:
    return Errand("drain_inbox", every, lambda _, __, ___: since)


# how long it has waited, whether the bell can be rung, whether the clock does it itself
@pytest.mark.parametrize(
    ("waited", "bell_works", "itself"),
    [
        (None, True, False),
        (None, False, False),
        (0, True, False),
        (3, True, False),
        (11, True, True),
        (3600, True, True),
        (0, False, True),
        (11, False, True),
    ],
)
def test_who_does_it(office: Office, done: list[JobName], waited: int | None, bell_works: bool, itself: bool) -> None:
    office = replace(office, bell=Bell(broken=not bell_works))  # type: ignore[arg-type]
    since = None if waited is None else NOW - timedelta(seconds=waited)
    Clock(office, [waiting_since(since)]).tick(NOW)
    assert rung(office) == ([] if waited is None else ["drain_inbox"])
    assert done == (["drain_inbox"] if itself else [])


def test_a_long_errand_keeps_no_other_waiting_and_is_begun_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[JobName] = []
    over = threading.Event()

    def hangs() -> None:
        begun.append("deliver")
        over.wait(30)

    monkeypatch.setattr(clock, "LONGEST_SECONDS", 0.01)
    monkeypatch.setitem(jobs.ERRANDS, "deliver", hangs)
    monkeypatch.setitem(jobs.ERRANDS, "escalate", partial(begun.append, "escalate"))
    office = replace(office, bell=Bell(broken=True))  # type: ignore[arg-type]
    late = [replace(waiting_since(NOW), job="deliver"), replace(waiting_since(NOW), job="escalate")]
    ticking = Clock(office, late)
    for second in range(3):
        ticking.tick(NOW + timedelta(seconds=second))
    over.set()
    assert begun.count("deliver") == 1 and begun.count("escalate") == 3


def test_each_errand_is_looked_at_in_its_own_time(office: Office, done: list[JobName]) -> None:
    ticking = Clock(office, [waiting_since(NOW), replace(waiting_since(NOW, timedelta(seconds=5)), job="erase")])
    for second in range(11):
        ticking.tick(NOW + timedelta(seconds=second))
    assert rung(office).count("drain_inbox") == 11
    assert rung(office).count("erase") == 3


def test_an_errand_that_fails_does_not_stop_the_clock(
    office: Office, done: list[JobName], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise jobs.JobFailed("drain_inbox: KeyError at nowhere.py:1")

    monkeypatch.setitem(jobs.ERRANDS, "drain_inbox", fails)
    office = replace(office, bell=Bell(broken=True))  # type: ignore[arg-type]
    Clock(office, [waiting_since(NOW), replace(waiting_since(NOW), job="deliver")]).tick(NOW)
    assert done == ["deliver"]


def test_a_database_that_is_away_is_looked_at_again(office: Office, done: list[JobName], sqlite: Engine) -> None:
    def look(connection: Connection, _: Office, now: datetime) -> datetime:
        return now

    away = replace(office, engine=connect("sqlite:////nowhere/at/all.db"))
    errands = [Errand("drain_inbox", timedelta(seconds=1), look)]
    Clock(away, errands).tick(NOW)
    assert rung(away) == [] and done == []
    Clock(office, errands).tick(NOW + timedelta(seconds=1))
    assert rung(office) == ["drain_inbox"]


def test_a_digest_nobody_makes_is_made_by_the_clock(office: Office, done: list[JobName]) -> None:
    """Redis answers, but no worker: the bell rings and rings."""
    add_liaison(office.engine, office.vault, since=NOW - timedelta(days=2))
    ticking = Clock(office, [errand for errand in clock.timetable() if errand.job == "send_digests"])
    for seconds in range(0, 121, 15):
        ticking.tick(NOW + timedelta(seconds=seconds))
    assert "send_digests" in rung(office)
    assert "send_digests" in done


def test_an_empty_house_keeps_still(office: Office, done: list[JobName]) -> None:
    ticking = Clock(office, [errand for errand in clock.timetable() if errand.every < timedelta(minutes=1)])
    ticking.tick(NOW)
    assert rung(office) == [] and done == []


def test_every_job_is_on_the_timetable() -> None:
    assert {errand.job for errand in clock.timetable()} == set(JOBS)
