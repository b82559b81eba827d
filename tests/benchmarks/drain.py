"""Reports a second, committed to filed, by one worker, against RQ's SimpleWorker that does nothing per job."""

from __future__ import annotations

import logging
import secrets
import sys
import time
from datetime import timedelta

from benchmarks.stage import BODY, median, stage
from rq import Queue, SimpleWorker, Worker
from rq.serializers import JSONSerializer

from hotline import logs, queues
from hotline.intake import Intake
from hotline.spool import Spool
from hotline.store import waiting
from hotline.store.door import Arrival, DoorRules, admit
from hotline.store.engine import utcnow
from workers import jobs
from workers.office import Office


def main(rounds: int = 5, reports: int = 2000) -> None:
    logs.configure(logging.ERROR)
    jobs.STAYS_SECONDS = 0.0  # for whatever comes next: nothing does
    with stage() as environment:
        office = jobs.office()
        # In turns, so that a machine that slows down slows both.
        pairs = [(_drain(office, environment, reports), _do_nothing(environment, reports)) for _ in range(rounds)]
    ratios = [ours / theirs for ours, theirs in pairs]
    listed = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    sys.stdout.write(f"one worker, committed to filed {median([ours for ours, _ in pairs]):7.0f} reports/s\n")
    sys.stdout.write(f"SimpleWorker, doing nothing    {median([theirs for _, theirs in pairs]):7.0f} jobs/s\n")
    sys.stdout.write(f"hotline / SimpleWorker: {median(ratios):.2f}  (rounds: {listed})\n")


def _drain(office: Office, environment: dict[str, str], count: int) -> float:
    _commit(office, count)
    connection = queues.connect(environment["REDIS_URL"])
    queue = Queue("intake", connection=connection, serializer=JSONSerializer)
    office.bell.ring("drain_inbox")
    started = time.perf_counter()
    Worker([queue], connection=connection, serializer=JSONSerializer).work(burst=True, logging_level="ERROR")
    elapsed = time.perf_counter() - started
    with office.engine.connect() as database:
        left = waiting.inbox(database, utcnow()).count
    office.engine.dispose()
    if left:
        sys.exit(f"{left} reports were not filed")
    return count / elapsed


def _commit(office: Office, count: int) -> None:
    vault = office.vault
    intake = Intake(office.engine, vault, Spool(office.settings.spool_folder), office.bell, _rules())
    for _ in range(0, count, 100):
        now = utcnow()
        batch = []
        for _ in range(100):
            sid = f"SM{secrets.token_hex(16)}"
            sealed = intake.seal({"message": sid, "from": f"+5255{secrets.randbelow(10**8):08d}", "body": BODY})
            sender = secrets.token_hex(16)
            batch.append(Arrival(sid, vault.report_id(sid), sender, "sms", now, now, sealed))
        with office.engine.begin() as connection:
            admit(connection, batch, _rules(), vault.hash_of_clave)
    office.engine.dispose()


def _rules() -> DoorRules:
    return DoorRules(timedelta(minutes=30), 6)


def _do_nothing(environment: dict[str, str], count: int) -> float:
    connection = queues.connect(environment["REDIS_URL"])
    queue = Queue("nothing", connection=connection)
    queue.enqueue_many([Queue.prepare_data("builtins.bool", description="nothing") for _ in range(count)])
    started = time.perf_counter()
    SimpleWorker([queue], connection=connection).work(burst=True, logging_level="ERROR")
    return count / (time.perf_counter() - started)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
