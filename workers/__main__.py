"""Starts the workers of this machine: `python -m workers`.

Everything slow to load is loaded here, once; then the worker processes are forked, and each forks again for every job.
So a job begins with everything in memory and takes whatever it opened with it when it ends. Each worker serves exactly
one queue: with several, a job taken in the instant of a shutdown is lost (RQ's intermediate list needs a single one).
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from itertools import cycle, islice
from types import FrameType

from rq import Queue, Worker
from rq.serializers import JSONSerializer

from hotline import logs, queues
from hotline.logs import log
from hotline.profile import ProfileError
from hotline.settings import Settings, SettingsError
from hotline.vault import VaultError
from workers import jobs

RESTART_SECONDS = 1.0
STOP_SECONDS = 25.0
# Every queue has a worker however few processes are asked for; further ones go where the load is.
_FURTHER = ("intake", "dispatch")


def plan(processes: int) -> list[str]:
    """The queue each worker process serves."""
    further = max(0, processes - len(queues.QUEUES))
    return [*queues.QUEUES, *islice(cycle(_FURTHER), further)]


class Supervisor:
    """Keeps one worker process a place alive, until told to stop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._places: dict[int, str] = {}
        self._stopping = False

    def run(self) -> int:
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        for queue in plan(self._settings.worker_processes):
            self._start(queue)
        log("workers").info("started", workers=len(self._places))
        while self._places:
            try:
                pid, _ = os.wait()
            except InterruptedError:
                continue
            queue = self._places.pop(pid)
            if not self._stopping:
                log("workers").warning("worker ended, starting another", queue=queue)
                time.sleep(RESTART_SECONDS)
                if not self._stopping:
                    self._start(queue)
        return 0

    def _start(self, queue: str) -> None:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            try:
                _work(self._settings, queue)
            finally:
                os._exit(0)
        self._places[pid] = queue

    def _stop(self, _: int, __: FrameType | None) -> None:
        if self._stopping:
            return
        self._stopping = True
        self._signal_all(signal.SIGTERM)
        timer = threading.Timer(STOP_SECONDS, self._signal_all, (signal.SIGKILL,))
        timer.daemon = True
        timer.start()

    def _signal_all(self, number: signal.Signals) -> None:
        for pid in list(self._places):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue


def _work(settings: Settings, queue: str) -> None:
    """One worker's life: until it is stopped, its parent dies, or Redis stays away and the parent starts it afresh."""
    assert settings.redis_url
    _die_with_parent(os.getppid())
    url = settings.redis_url.get_secret_value()
    try:
        connection = queues.connect(url)
        worker = Worker(
            [Queue(queue, connection=connection, serializer=JSONSerializer)],
            connection=connection,
            serializer=JSONSerializer,
            maintenance_interval=15,
            worker_ttl=45,
        )
        worker.max_connection_wait_time = 2.0
        worker.work(logging_level="WARNING")
    except Exception as error:
        log("workers").warning("worker cannot work", queue=queue, cause=logs.describe(error))


def _die_with_parent(parent: int) -> None:
    """A worker whose parent was killed outright is nobody's: it finishes its job and goes."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def main() -> int:
    logs.configure()
    try:
        office = jobs.office()
    except (SettingsError, ProfileError, VaultError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return Supervisor(office.settings).run()


if __name__ == "__main__":
    sys.exit(main())
