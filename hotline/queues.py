"""The names of the jobs and the one door to the back office.

Redis is a doorbell: a job carries nothing, it drains whatever the database says is waiting. A bell that is already
ringing is not rung again; the job silences it first and drains after, so no ring is lost. A bell whose job was lost
falls silent by itself after `BELL_SECONDS`, and the clock rings for whatever still waits.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Literal

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry as RedisRetry
from rq import Queue
from rq.job import Retry as JobRetry
from rq.serializers import JSONSerializer

from hotline.logs import describe, log

JobName = Literal[
    "drain_inbox", "deliver", "escalate", "find_patterns", "send_digests", "erase", "housekeep", "reconcile",
    "answer_console", "connect", "ring_back", "listen",
]  # fmt: skip

BELL_SECONDS = 15
# How long one process leaves Redis alone after it failed: a frozen one would cost every caller its timeout.
PAUSE_SECONDS = 3.0
_IMPATIENT = 0.25


@dataclass(frozen=True, slots=True)
class JobSpec:
    """Where a job lives, the queue it waits in, and after how many seconds a worker gives it up."""

    function: str
    queue: str
    timeout: int


JOBS: dict[JobName, JobSpec] = {
    "drain_inbox": JobSpec("workers.jobs.drain_inbox", "intake", 120),
    "deliver": JobSpec("workers.jobs.deliver", "dispatch", 240),
    "connect": JobSpec("workers.jobs.connect", "dispatch", 60),
    "ring_back": JobSpec("workers.jobs.ring_back", "dispatch", 120),
    "escalate": JobSpec("workers.jobs.escalate", "dispatch", 60),
    "find_patterns": JobSpec("workers.jobs.find_patterns", "errands", 120),
    "listen": JobSpec("workers.jobs.listen", "errands", 600),
    "send_digests": JobSpec("workers.jobs.send_digests", "errands", 300),
    "erase": JobSpec("workers.jobs.erase", "errands", 240),
    "housekeep": JobSpec("workers.jobs.housekeep", "errands", 300),
    "reconcile": JobSpec("workers.jobs.reconcile", "errands", 120),
    # A liaison looks at the screen and waits: a queue of its own, behind nothing.
    "answer_console": JobSpec("workers.jobs.answer_console", "console", 60),
}
QUEUES: tuple[str, ...] = tuple(dict.fromkeys(spec.queue for spec in JOBS.values()))


def connect(url: str, *, impatient: bool = False) -> Redis:
    """A client that never retries by itself. `impatient`: for a bell, which nobody must wait for."""
    patience = _IMPATIENT if impatient else 5.0
    return Redis.from_url(
        url, socket_timeout=patience, socket_connect_timeout=patience, retry=RedisRetry(NoBackoff(), 0)
    )


def bell_key(name: JobName) -> str:
    return f"hotline:bell:{name}"


class Bell:
    """Rings for jobs. Never raises and never waits long: what was not rung for is found by the clock."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._queues = {name: Queue(name, connection=redis, serializer=JSONSerializer) for name in QUEUES}
        self._quiet_until = 0.0
        self._lock = threading.Lock()

    def ring(self, name: JobName) -> bool:
        """Asks for the job unless it has been asked for. False when Redis did not take it."""
        if time.monotonic() < self._quiet_until:
            return False
        spec = JOBS[name]
        try:
            if self._redis.set(bell_key(name), "1", nx=True, ex=BELL_SECONDS):
                self._queues[spec.queue].enqueue(
                    spec.function,
                    description=name,
                    job_timeout=spec.timeout,
                    result_ttl=0,
                    failure_ttl=3600,
                    retry=JobRetry(max=2),
                )
        except (RedisError, OSError) as error:
            self._leave_alone()
            log("queues").warning("bell not rung", job=name, cause=describe(error))
            return False
        return True

    def silence(self, name: JobName) -> None:
        """Called by the job as its first act. A bell that cannot be reached falls silent by itself."""
        if time.monotonic() < self._quiet_until:
            return
        try:
            self._redis.delete(bell_key(name))
        except (RedisError, OSError) as error:
            self._leave_alone()
            log("queues").warning("bell not silenced", job=name, cause=describe(error))

    def others_wait(self, name: JobName) -> bool:
        """Whether another job was rung for that only starts once `name` is done. True when Redis cannot say."""
        others = [bell_key(other) for other, spec in JOBS.items() if other != name and spec.queue == JOBS[name].queue]
        if not others:
            return False
        try:
            return bool(self._redis.exists(*others))
        except (RedisError, OSError):
            return True

    def _leave_alone(self) -> None:
        with self._lock:
            self._quiet_until = time.monotonic() + PAUSE_SECONDS
