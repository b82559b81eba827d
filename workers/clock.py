"""The timetable and the night watch: `python -m workers.clock`.

Every second it asks the database what waits, and rings for it. When the bell cannot be rung, or nobody answers it, the
clock does the errand itself: with Redis gone all night, reports are still filed and liaisons still woken. Two clocks
do no harm: every errand is claimed row by row, every digest has its period.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from hotline import logs
from hotline.logs import describe, log
from hotline.profile import ProfileError
from hotline.queues import JobName
from hotline.settings import SettingsError
from hotline.store import bridges, console, recordings, ring_backs, waiting
from hotline.store.engine import reading, utcnow
from hotline.vault import VaultError
from workers import jobs
from workers.digests import schedule
from workers.jobs import JobFailed
from workers.office import Office

TICK_SECONDS = 1.0
# What has waited this long although the bell was rung has nobody to answer it.
PATIENCE = timedelta(seconds=4)
# What the clock does itself holds up its other errands for no longer.
LONGEST_SECONDS = 1.0

# What a look at the database found due since when; None for nothing.
Look = Callable[[Connection, Office, datetime], datetime | None]


@dataclass(slots=True)
class Errand:
    """One line of the timetable: which job, how often to look, how to see that it is due."""

    job: JobName
    every: timedelta
    look: Look
    next_look: datetime | None = None


def _oldest(question: Callable[[Connection, datetime], waiting.Waiting]) -> Look:
    return lambda connection, _, now: question(connection, now).oldest


def timetable() -> list[Errand]:
    second, quarter, hour = timedelta(seconds=1), timedelta(seconds=15), timedelta(hours=1)
    return [
        Errand("drain_inbox", second, _oldest(waiting.inbox)),
        Errand("escalate", second, _oldest(waiting.to_escalate)),
        Errand("deliver", second, _oldest(waiting.outbox)),
        Errand("connect", second, _oldest(bridges.due)),
        Errand("ring_back", second, _oldest(ring_backs.due)),
        Errand("find_patterns", timedelta(seconds=5), _oldest(waiting.to_link)),
        Errand("answer_console", second, _oldest(console.waiting)),
        Errand("listen", quarter, _oldest(recordings.due)),
        Errand("erase", timedelta(seconds=5), _oldest(waiting.to_erase)),
        Errand("send_digests", quarter, schedule.due_since),
        Errand("housekeep", hour, lambda _, __, now: now),
        Errand("reconcile", timedelta(minutes=10), lambda _, __, now: now),
        # Cases that nobody could be told of are offered again soon after the first liaison is added.
        Errand("housekeep", quarter, lambda connection, _, __: waiting.unrouted(connection)),
    ]


class Clock:
    """Looks at the database and sees that what is due is done."""

    def __init__(self, office: Office, errands: list[Errand] | None = None) -> None:
        self._office = office
        self._errands = timetable() if errands is None else errands
        self._at_it: dict[JobName, threading.Thread] = {}

    def tick(self, now: datetime) -> None:
        """One look at everything whose time has come. A database that is away is looked at again next time."""
        for errand in self._errands:
            if errand.next_look is not None and errand.next_look > now:
                continue
            errand.next_look = now + errand.every
            try:
                with reading(self._office.engine) as connection:
                    since = errand.look(connection, self._office, now)
            except SQLAlchemyError as error:
                log("clock").warning("database away", cause=describe(error))
                return
            if since is not None:
                self._see_to(errand.job, since, now)

    def _see_to(self, job: JobName, since: datetime, now: datetime) -> None:
        rung = self._office.bell.ring(job)
        if rung and now - since < PATIENCE:
            return
        if job in self._at_it and self._at_it[job].is_alive():
            return
        log("clock").warning("doing it myself", job=job, bell="rung" if rung else "dead")
        doing = threading.Thread(target=_do, args=(job,), name=f"clock-{job}", daemon=True)
        self._at_it[job] = doing
        doing.start()
        # A long one must not keep from being woken whoever is next in line: it goes on beside the other errands.
        doing.join(LONGEST_SECONDS)


def _do(job: JobName) -> None:
    try:
        jobs.ERRANDS[job]()
    except JobFailed:
        return  # logged where it failed; what it left is due again


def main() -> int:
    logs.configure()
    try:
        office = jobs.office()
    except (SettingsError, ProfileError, VaultError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    clock = Clock(office)
    log("clock").info("started")
    while not stop.is_set():
        clock.tick(utcnow())
        stop.wait(TICK_SECONDS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
