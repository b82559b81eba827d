"""Counters and gauges in Prometheus' format, read from the database at each scrape: true for all processes at once."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from hotline.store import cases, status, waiting
from hotline.store.engine import Unavailable, reading, utcnow
from hotline.store.waiting import Waiting

if TYPE_CHECKING:
    from hotline.desk import FrontDesk


def exposition(desk: FrontDesk) -> bytes:
    """The exposition text: cases by status, and how much waits where and for how long. No personal data by kind."""
    registry = CollectorRegistry()
    spooled = Gauge(
        "hotline_spooled_messages", "Arrivals on this host's disk, waiting for the database", registry=registry
    )
    reachable = Gauge("hotline_database_up", "1 when the database answers", registry=registry)
    by_status = Gauge("hotline_cases", "Cases by status", ["status"], registry=registry)
    count = Gauge("hotline_waiting", "Rows due and in nobody's hands", ["queue"], registry=registry)
    age = Gauge("hotline_waiting_seconds", "Age of the oldest such row", ["queue"], registry=registry)
    guesses = Gauge("hotline_wrong_claves", "Claves tried lately that open nothing, of all phones", registry=registry)
    spooled.set(desk.spool.count())
    try:
        now = utcnow()
        with reading(desk.engine) as connection:
            for name, number in cases.counts_by_status(connection).items():
                by_status.labels(name).set(number)
            for queue, question in (
                ("inbox", waiting.inbox),
                ("outbox", waiting.outbox),
                ("erasures", waiting.to_erase),
            ):
                found = question(connection, now)
                count.labels(queue).set(found.count)
                age.labels(queue).set(_age(found, now))
            guesses.set(status.wrong_guesses(connection))
        reachable.set(1)
    except Unavailable:
        reachable.set(0)
    return generate_latest(registry)


def _age(found: Waiting, now: datetime) -> float:
    return (now - found.oldest).total_seconds() if found.oldest else 0.0
