"""accept(): committed, or spooled and committed later, once; and never answered without one of the two."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from furniture import OTHER_CALLER, RULES, Bell, admit, arrival, count_of, rows
from harness.waiting import until
from sqlalchemy import Engine, select

from hotline import intake as intake_module
from hotline.intake import Intake
from hotline.queues import Bell as RealBell
from hotline.spool import Spool, SpoolError
from hotline.store.engine import connect
from hotline.store.schema import messages
from hotline.vault import Vault


class Front:
    """An intake over a database that can be taken away and brought back."""

    def __init__(self, folder: Path, migrated: Path, vault: Vault) -> None:
        self._migrated = migrated
        self.path = folder / "hotline.db"
        self.engine = connect(f"sqlite:///{self.path}")
        self.spool = Spool(folder / "spool")
        self.bell = Bell()
        self.intake = Intake(self.engine, vault, self.spool, self.bell, RULES)  # type: ignore[arg-type]

    def comes_back(self) -> None:
        shutil.copy(self._migrated, self.path)
        self.intake._closed_until = 0.0


@pytest.fixture
def front(tmp_path: Path, migrated_sqlite: Path, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> Iterator[Front]:
    # The draining thread keeps still: the tests drain themselves.
    monkeypatch.setattr(intake_module, "_DRAIN_EVERY_SECONDS", 3600)
    front = Front(tmp_path, migrated_sqlite, vault)
    yield front
    front.engine.dispose()


def test_what_is_accepted_is_committed_and_rung_for(front: Front, vault: Vault) -> None:
    front.comes_back()
    one = arrival(vault, "hola")
    kept = front.intake.accept(one)
    assert (kept.fresh, kept.spooled, kept.report_id) == (True, False, one.report_id)
    assert kept.clave == vault.clave(one.report_id)
    assert count_of(front.engine, messages) == 1 and front.spool.count() == 0
    until(lambda: front.bell.rung, 5, "the bell")
    assert set(front.bell.rung) == {"drain_inbox"}


def test_many_at_once_are_all_kept(front: Front, vault: Vault) -> None:
    front.comes_back()
    many = [arrival(vault, f"n {n}", sender=f"+5255444{n:05d}") for n in range(200)]
    with ThreadPoolExecutor(32) as pool:
        kept = list(pool.map(front.intake.accept, many))
    assert [each.report_id for each in kept] == [each.report_id for each in many]
    assert all(each.fresh and not each.spooled for each in kept)
    assert count_of(front.engine, messages) == 200


def test_the_same_message_ten_times_at_once_is_answered_once(front: Front, vault: Vault) -> None:
    front.comes_back()
    one = arrival(vault, "diez veces")
    with ThreadPoolExecutor(10) as pool:
        kept = list(pool.map(front.intake.accept, [one] * 10))
    assert sorted(each.echo for each in kept) == [False] + [True] * 9
    assert count_of(front.engine, messages) == 1


def test_without_a_database_it_is_spooled_and_the_clave_will_work(front: Front, vault: Vault) -> None:
    one = arrival(vault, "sin base de datos")
    kept = front.intake.accept(one)
    assert (kept.fresh, kept.echo, kept.spooled, kept.clave) == (True, False, True, vault.clave(one.report_id))
    assert front.intake.accept(one).echo
    assert front.spool.count() == 1
    assert front.intake.drain_spool() == 0, "the database is still away"
    assert front.spool.count() == 1
    front.comes_back()
    assert front.intake.drain_spool() == 1
    assert front.intake.drain_spool() == 0
    assert [row["id"] for row in rows(front.engine, select(messages))] == [one.id]
    assert front.spool.count() == 0
    assert "drain_inbox" in front.bell.rung


def test_a_caller_waits_for_a_database_that_is_away_once_and_the_next_ones_do_not(front: Front, vault: Vault) -> None:
    front.intake.accept(arrival(vault, "uno"))
    shutil.copy(front._migrated, front.path)
    assert front.intake.accept(arrival(vault, "dos")).spooled, "it is left alone for a while"
    front.intake._closed_until = 0.0
    assert not front.intake.accept(arrival(vault, "tres")).spooled


def test_who_died_after_the_commit_and_before_the_discard_admits_once(front: Front, vault: Vault) -> None:
    one = arrival(vault, "dos veces")
    front.intake.accept(one)
    front.comes_back()
    admit(front.engine, vault, one)
    assert front.intake.drain_spool() == 1
    assert count_of(front.engine, messages) == 1 and front.spool.count() == 0


def test_two_processes_that_drain_at_once_admit_once(front: Front, vault: Vault) -> None:
    for n in range(150):
        front.spool.put(arrival(vault, f"n {n}", sender=f"+5255444{n:05d}"))
    front.comes_back()
    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(lambda _: front.intake.drain_spool(), range(3))) == 150
    assert count_of(front.engine, messages) == 150


def test_one_arrival_the_database_refuses_harms_no_other(front: Front, vault: Vault, engine: Engine) -> None:
    """PostgreSQL measures what it is given: an id that is too long fails the statement it stands in."""
    intake = Intake(engine, vault, front.spool, front.bell, RULES)  # type: ignore[arg-type]
    bad = arrival(vault, "demasiado largo", id="X" * 100, sender=OTHER_CALLER)
    good = [arrival(vault, f"bien {n}", sender=f"+5255444{n:05d}") for n in range(5)]
    for each in (good[0], bad, *good[1:]):
        front.spool.put(each)
    intake.drain_spool()
    assert {row["id"] for row in rows(engine, select(messages))} >= {each.id for each in good}
    assert front.spool.count() == 0
    kept = [intake.accept(arrival(vault, "y otro más", sender=OTHER_CALLER)), intake.accept(bad)]
    assert not kept[0].spooled


def test_only_when_neither_takes_it_does_it_fail(front: Front, vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("no folder")
    with pytest.raises(SpoolError):
        front.intake.accept(arrival(vault, "nadie me guarda"))


def test_a_database_that_is_locked_keeps_nobody_longer_than_its_patience(
    front: Front, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_module, "_PATIENCE_SECONDS", 0.2)
    front.comes_back()
    held, free = threading.Event(), threading.Event()

    def hold() -> None:
        with front.engine.begin():
            held.set()
            free.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(5)
    one = arrival(vault, "alguien más tiene la base")
    try:
        kept = front.intake.accept(one)
    finally:
        free.set()
        holder.join()
    assert kept.spooled and kept.clave == vault.clave(one.report_id)
    # Its commit may yet come through: both ways together make one message.
    until(lambda: count_of(front.engine, messages) == 1 or front.intake.drain_spool(), 5, "the message")
    front.intake.drain_spool()
    assert count_of(front.engine, messages) == 1


def test_a_bell_that_is_dead_is_no_callers_matter(front: Front, vault: Vault) -> None:
    from hotline.queues import connect as redis_at

    front.comes_back()
    bell = RealBell(redis_at("redis://127.0.0.1:9/0", impatient=True))
    kept = Intake(front.engine, vault, front.spool, bell, RULES).accept(arrival(vault, "hola"))
    assert not kept.spooled and kept.fresh


def test_texts_join_through_the_spool_too(front: Front, vault: Vault) -> None:
    first = arrival(vault, "uno")
    second = arrival(vault, "dos", at=first.received_at + timedelta(seconds=5))
    front.intake.accept(first)
    front.intake.accept(second)
    front.comes_back()
    front.intake.drain_spool()
    assert {row["report_id"] for row in rows(front.engine, select(messages))} == {first.report_id}
    promised = {row["promised"] for row in rows(front.engine, select(messages))}
    assert promised == {None, second.report_id}
