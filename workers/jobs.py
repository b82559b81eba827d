"""The entry points of the queues. A job has no arguments: it does whatever the database says is waiting.

Running any of them twice, or two at once, is harmless: rows are claimed under leases, effects have keys.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from datetime import datetime
from functools import cache

from rq import get_current_job
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from hotline.logs import describe, log
from hotline.queues import JobName
from hotline.settings import Settings
from hotline.store import waiting
from hotline.store.engine import reading, utcnow
from workers import (
    connecting,
    delivering,
    erasure,
    escalating,
    filing,
    housekeeping,
    linking,
    listening,
    reconciling,
    ringing_back,
)
from workers.console import counter
from workers.digests import schedule
from workers.office import Office

# Taking a job from Redis and forking for it takes longer than filing a text or telling of it. So a worker that is at it
# stays this long for what comes next, and goes after so long at most: whoever stops it waits for it.
STAYS_SECONDS = 0.5
_LONGEST_SECONDS = 10.0
_LOOK_SECONDS = 0.03

# What is due of an errand.
_Due = Callable[[Connection, datetime], waiting.Waiting]


class JobFailed(Exception):
    """A job ended badly. RQ stores and logs this text, so it holds a type and a place, never a value."""


@cache
def office() -> Office:
    """This process's back office: made before the fork by whoever starts the workers."""
    opened = Office.open(Settings.read())
    # What was loaded lives for ever: the collector need not walk it in every job, and its pages stay shared.
    gc.collect()
    gc.freeze()
    return opened


def drain_inbox() -> None:
    """File whatever waits, oldest first. A message is filed once, whoever dies in between."""
    _run("drain_inbox", filing.drain, waiting.inbox)


def deliver() -> None:
    """Tell whatever is due to be told. Each delivery is claimed before it is made, looked up before it is repeated."""
    _run("deliver", delivering.deliver, waiting.outbox)


def connect() -> None:
    """Call the next liaison for callers who wait for a person. Only who is still waiting is dialled for."""
    _run("connect", connecting.connect)


def ring_back() -> None:
    """Call back who rang and hung up. Looked up at the carrier before it is tried again."""
    _run("ring_back", ringing_back.ring_back)


def escalate() -> None:
    """Wake the next in line for urgent cases nobody has taken. A step is taken once."""
    _run("escalate", escalating.escalate)


def find_patterns() -> None:
    """Compare new evidence with that of other cases. Each liaison is told of a pattern once."""
    _run("find_patterns", linking.link)


def listen() -> None:
    """Take in recorded stories. What is written down is admitted once, under the recording's id."""
    _run("listen", listening.listen)


def send_digests() -> None:
    """Make the digests whose hour has struck. One a (liaison, period)."""
    _run("send_digests", schedule.send_due)


def erase() -> None:
    """Delete the carrier's copies that are due. Deleting what is gone already is done."""
    _run("erase", _erase)


def _erase(office: Office) -> None:
    """What is left when others wait in the same queue is rung for again, behind them."""
    in_queue = get_current_job() is not None
    erasure.erase(office, give_way=lambda: in_queue and office.bell.others_wait("erase"))


def housekeep() -> None:
    """Offer left-over cases again, forget what has had its time."""
    _run("housekeep", housekeeping.housekeep)


def reconcile() -> None:
    """Take in texts that the carrier has and we never saw. A text is taken in once."""
    _run("reconcile", reconciling.reconcile)


def answer_console() -> None:
    """Answer what liaisons at the console ask. A question is answered once; who asked is checked here again."""
    _run("answer_console", counter.serve)


def _run(name: JobName, errand: Callable[[Office], object], due: _Due | None = None) -> None:
    """`due`: what the job stays for, where a worker does it. The clock, when it does it itself, has more to do."""
    # Silenced first: whatever is committed from here on rings again.
    office().bell.silence(name)
    try:
        errand(office())
        if due is not None and get_current_job() is not None:
            _stay(name, errand, due)
    except Exception as error:
        log("jobs").error("job failed", job=name, cause=describe(error))
        raise JobFailed(f"{name}: {describe(error)}") from None


def _stay(name: JobName, errand: Callable[[Office], object], due: _Due) -> None:
    """Goes on with the errand while there is more of it, unless other jobs wait behind it. The bell stays as it is:
    rung meanwhile, the next job waits and takes over. A database that is away ends it, as it would the next job."""
    began = last = time.monotonic()
    while (now := time.monotonic()) < min(last + STAYS_SECONDS, began + _LONGEST_SECONDS):
        if office().bell.others_wait(name):
            return
        try:
            with reading(office().engine) as connection:
                found = due(connection, utcnow()).count
        except SQLAlchemyError:
            return
        if found:
            errand(office())
            last = now
        time.sleep(_LOOK_SECONDS)


ERRANDS: dict[JobName, Callable[[], None]] = {
    "drain_inbox": drain_inbox,
    "deliver": deliver,
    "connect": connect,
    "ring_back": ring_back,
    "escalate": escalate,
    "find_patterns": find_patterns,
    "listen": listen,
    "send_digests": send_digests,
    "erase": erase,
    "housekeep": housekeep,
    "reconcile": reconcile,
    "answer_console": answer_console,
}
