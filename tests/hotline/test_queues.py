"""The bell, at a real Valkey: rung once until it is answered, never waited for, and nothing but a name in it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness.valkey import Monitor, Valkey
from harness.waiting import Stopwatch
from rq import Queue
from rq.serializers import JSONSerializer

from hotline import queues
from hotline.queues import BELL_SECONDS, JOBS, Bell, JobName, bell_key


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    server = Valkey(tmp_path_factory.mktemp("valkey")).start()
    yield server
    server.stop()


@pytest.fixture
def bell(valkey: Valkey) -> Bell:
    valkey.empties()
    return Bell(queues.connect(valkey.url, impatient=True))


def jobs(valkey: Valkey, name: JobName) -> list[object]:
    return list(Queue(JOBS[name].queue, connection=valkey.client, serializer=JSONSerializer).jobs)


@pytest.mark.parametrize("name", JOBS)
def test_a_ring_is_one_job_until_it_is_silenced(valkey: Valkey, bell: Bell, name: JobName) -> None:
    assert [bell.ring(name) for _ in range(5)] == [True] * 5
    assert len(jobs(valkey, name)) == 1
    bell.silence(name)
    assert bell.ring(name)
    assert len(jobs(valkey, name)) == 2


def test_a_job_is_its_name_and_nothing_else(valkey: Valkey, bell: Bell) -> None:
    bell.ring("drain_inbox")
    [job] = jobs(valkey, "drain_inbox")
    assert (job.func_name, list(job.args), job.kwargs) == ("workers.jobs.drain_inbox", [], {})  # type: ignore[attr-defined]
    assert job.description == "drain_inbox" and job.retries_left == 2  # type: ignore[attr-defined]
    assert (job.timeout, job.result_ttl, job.failure_ttl) == (120, 0, 3600)  # type: ignore[attr-defined]


def test_a_lost_jobs_bell_falls_silent_by_itself(valkey: Valkey, bell: Bell) -> None:
    bell.ring("deliver")
    assert 0 < valkey.client.ttl(bell_key("deliver")) <= BELL_SECONDS


def test_a_bell_that_rings_costs_one_word(valkey: Valkey, bell: Bell) -> None:
    bell.ring("deliver")
    with Monitor(valkey) as monitor:
        bell.ring("deliver")
    assert monitor.heard.count(b'"SET"') == 1 and b"HSET" not in monitor.heard


def test_a_dead_redis_is_not_waited_for_and_then_left_alone(tmp_path: Path) -> None:
    bell = Bell(queues.connect("redis://127.0.0.1:9/0", impatient=True))
    with Stopwatch() as first:
        assert bell.ring("deliver") is False
    with Stopwatch() as later:
        assert not any(bell.ring("deliver") for _ in range(1000))
        bell.silence("deliver")
    assert first.seconds < 1 and later.seconds < 0.5


def test_a_frozen_redis_costs_one_caller_a_moment_and_the_others_nothing(valkey: Valkey, bell: Bell) -> None:
    valkey.freeze()
    try:
        with Stopwatch() as first:
            assert bell.ring("deliver") is False
        with Stopwatch() as later:
            assert not any(bell.ring("deliver") for _ in range(100))
    finally:
        valkey.thaw()
    assert first.seconds < 1.5 and later.seconds < 0.2


def test_it_is_tried_again_after_a_while(valkey: Valkey, bell: Bell, monkeypatch: pytest.MonkeyPatch) -> None:
    valkey.freeze()
    try:
        assert bell.ring("deliver") is False
    finally:
        valkey.thaw()
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + queues.PAUSE_SECONDS + 0.1)
    assert bell.ring("deliver") is True


def test_who_waits_behind_a_job_is_known(valkey: Valkey, bell: Bell) -> None:
    assert not bell.others_wait("deliver")
    bell.ring("deliver")
    bell.ring("drain_inbox")
    assert not bell.others_wait("deliver") and not bell.others_wait("drain_inbox")
    bell.ring("connect")
    assert bell.others_wait("deliver") and bell.others_wait("connect") and not bell.others_wait("drain_inbox")
    bell.silence("connect")
    assert not bell.others_wait("deliver")
