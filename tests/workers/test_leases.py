"""Claims on both databases: what one works on, no other does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from furniture import change, count_of, rows
from sqlalchemy import Engine, insert, select, true, update

from hotline.store.engine import utcnow
from hotline.store.schema import erasures
from workers.leases import claim, still_held

NOW = utcnow()
LEASE = timedelta(seconds=30)


def claimed(engine: Engine, *, limit: int = 10, now: datetime = NOW, **also: Any) -> tuple[str, list[str]]:
    with engine.begin() as connection:
        lease, found = claim(
            connection,
            erasures,
            key="carrier_id",
            where=true(),
            order=[erasures.c.due_at, erasures.c.carrier_id],
            limit=limit,
            lease=LEASE,
            now=now,
            **also,
        )
    return lease, [row.carrier_id for row in found]


@pytest.fixture
def waiting(engine: Engine) -> Engine:
    """A hundred rows to work on."""
    change(
        engine, insert(erasures).values([{"carrier_id": f"SM{n:03}", "due_at": NOW, "attempts": 0} for n in range(100)])
    )
    return engine


def test_a_claim_takes_the_first_ones_and_counts_the_attempt(waiting: Engine) -> None:
    lease, found = claimed(waiting, limit=3)
    assert sorted(found) == ["SM000", "SM001", "SM002"]
    taken = rows(waiting, select(erasures).where(erasures.c.lease == lease))
    assert {(row["attempts"], row["lease_until"]) for row in taken} == {(1, NOW + LEASE)}
    assert count_of(waiting, erasures, erasures.c.attempts > 0) == 3


def test_what_is_taken_is_not_taken_again_until_its_lease_has_run_out(waiting: Engine) -> None:
    _, first = claimed(waiting, limit=60)
    _, second = claimed(waiting, limit=60, now=NOW + LEASE - timedelta(seconds=1))
    assert len(first) == 60 and len(second) == 40
    assert not set(first) & set(second)
    _, third = claimed(waiting, limit=60, now=NOW + LEASE + timedelta(seconds=1))
    assert set(third) == set(first) - set(second)
    assert {row["attempts"] for row in rows(waiting, select(erasures).where(erasures.c.carrier_id.in_(third)))} == {2}


def test_two_at_once_never_take_the_same_row(waiting: Engine) -> None:
    def work(_: int) -> list[str]:
        mine: list[str] = []
        while batch := claimed(waiting, limit=7)[1]:
            mine += batch
        return mine

    with ThreadPoolExecutor(4) as pool:
        found = [row for batch in pool.map(work, range(4)) for row in batch]
    assert len(found) == len(set(found))
    # Somebody may have been in the middle of a claim when another found nothing; what is left is free.
    found += work(0)
    assert sorted(found) == [f"SM{n:03}" for n in range(100)]


def test_a_lease_is_held_until_another_takes_it_over(waiting: Engine) -> None:
    lease, found = claimed(waiting, limit=4)
    change(waiting, update(erasures).where(erasures.c.carrier_id == found[0]).values(lease="another"))
    with waiting.begin() as connection:
        held = still_held(connection, erasures, key="carrier_id", ids=[*found, "SM099"], lease=lease)
    assert held == set(found[1:])
