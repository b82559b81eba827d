"""The entry points: the bell is silenced first, and what fails says where and never what."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hotline.queues import JOBS, JobName
from hotline.store import waiting
from hotline.store.waiting import Waiting
from workers import (
    connecting,
    delivering,
    erasure,
    escalating,
    filing,
    housekeeping,
    jobs,
    linking,
    listening,
    reconciling,
    ringing_back,
)
from workers.console import counter
from workers.digests import schedule
from workers.office import Office

ERRANDS = {
    "drain_inbox": (filing, "drain"),
    "deliver": (delivering, "deliver"),
    "connect": (connecting, "connect"),
    "ring_back": (ringing_back, "ring_back"),
    "listen": (listening, "listen"),
    "send_digests": (schedule, "send_due"),
    "erase": (erasure, "erase"),
    "housekeep": (housekeeping, "housekeep"),
    "reconcile": (reconciling, "reconcile"),
    "escalate": (escalating, "escalate"),
    "find_patterns": (linking, "link"),
    "answer_console": (counter, "serve"),
}


class Bell:
    def __init__(self, happened: list[str]) -> None:
        self._happened = happened
        self.waits = False

    def silence(self, name: JobName) -> None:
        self._happened.append(f"silence {name}")

    def others_wait(self, _: JobName) -> bool:
        return self.waits


@pytest.mark.parametrize("name", JOBS)
def test_a_job_silences_its_bell_and_then_does_its_errand(
    office: Office, name: JobName, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []
    belled = replace(office, bell=Bell(happened))  # type: ignore[arg-type]
    monkeypatch.setattr(jobs, "office", lambda: belled)
    module, function = ERRANDS[name]
    monkeypatch.setattr(module, function, lambda *_, **__: happened.append(f"do {name}"))
    jobs.ERRANDS[name]()
    assert happened == [f"silence {name}", f"do {name}"]


@pytest.mark.parametrize(
    ("name", "in_a_worker", "times"),
    [("drain_inbox", True, 3), ("drain_inbox", False, 1), ("deliver", True, 3), ("escalate", True, 1)],
)
def test_a_worker_that_is_at_it_stays_for_what_comes_next(
    office: Office, name: JobName, in_a_worker: bool, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that who is in danger need not wait for a new process. The clock, doing it itself, has other errands too."""
    done: list[JobName] = []
    more = iter([True, False, True])
    module, function = ERRANDS[name]
    monkeypatch.setattr(module, function, lambda _: done.append(name))
    monkeypatch.setattr(jobs, "office", lambda: office)
    monkeypatch.setattr(jobs, "get_current_job", lambda: object() if in_a_worker else None)
    monkeypatch.setattr(jobs, "_LOOK_SECONDS", 0.0)
    for due in ("inbox", "outbox"):
        monkeypatch.setattr(waiting, due, lambda *_: Waiting(int(next(more, False)), None))
    monkeypatch.setattr(jobs, "STAYS_SECONDS", 0.1)
    jobs.ERRANDS[name]()
    assert len(done) == times


def test_a_worker_does_not_stay_while_another_job_waits_behind_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A caller who waits for a person is not to wait for texts that may still come."""
    done: list[str] = []
    bell = Bell([])
    bell.waits = True
    monkeypatch.setattr(delivering, "deliver", lambda _: done.append("deliver"))
    monkeypatch.setattr(jobs, "office", lambda: replace(office, bell=bell))  # type: ignore[arg-type]
    monkeypatch.setattr(jobs, "get_current_job", object)
    monkeypatch.setattr(waiting, "outbox", lambda *_: Waiting(1, None))
    jobs.ERRANDS["deliver"]()
    assert done == ["deliver"]


@pytest.mark.parametrize("name", JOBS)
def test_a_job_that_fails_tells_no_words(office: Office, name: JobName, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: Office, **__: object) -> None:
        raise ValueError("le marcan a Lupita del 5512345678")

    monkeypatch.setattr(jobs, "office", lambda: office)
    monkeypatch.setattr(*ERRANDS[name], fails)
    with pytest.raises(jobs.JobFailed) as failure:
        jobs.ERRANDS[name]()
    text = str(failure.value)
    assert name in text and "ValueError" in text
    assert "Lupita" not in text and "5512345678" not in text
    assert failure.value.__cause__ is None and failure.value.__suppress_context__
