"""accept(): seal, commit or spool, ring. What the front desk answers, it has kept."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DataError, IntegrityError

from hotline.logs import describe, log
from hotline.queues import Bell
from hotline.spool import Spool
from hotline.store import door, receipts
from hotline.store.door import Admission, Arrival, DoorRules
from hotline.store.engine import Unavailable, Watchdog, utcnow
from hotline.store.receipts import Receipt
from hotline.vault import Vault

_BATCH = 64
# A batch waits this long at most for requests that are on their way to it: one commit for many costs each of them
# less. In a quiet hour nobody else is coming and nobody waits.
_GATHER_SECONDS = 0.03
_GATHER_LOOKS = 30
# The bell is rung at once, then at most this often: one drain serves all that came meanwhile.
_RING_EVERY_SECONDS = 0.1
# A caller's answer waits this long for the database at most, then the spool keeps the message.
_PATIENCE_SECONDS = 6.0
# After a failure the database is left alone this long, so that not every caller waits for it.
_PAUSE_SECONDS = 2.0
_DRAIN_EVERY_SECONDS = 1.0


@dataclass(slots=True)
class _Ticket:
    """An arrival on its way into the database. `admission` stays None when the database did not take it."""

    arrival: Arrival
    admission: Admission | None = None
    done: threading.Lock = field(default_factory=threading.Lock)  # held until then; lighter than an event

    def __post_init__(self) -> None:
        self.done.acquire()


@dataclass(frozen=True, slots=True)
class Kept:
    """An accepted arrival and what to tell its sender. `clave` opens its report; `spooled` says the database was
    away, so that `fresh` is a guess on the safe side: the caller gets a clave, and it will work."""

    report_id: str
    clave: str
    fresh: bool
    echo: bool
    had_place: bool
    silent: bool
    spooled: bool = False
    is_part: bool = False
    after_long: bool = False
    language: str | None = None


class Intake:
    """The door of one process. What arrives while one batch is committed makes the next: one fsync serves many.

    `accept` raises `SpoolError` when neither the database nor the disk takes the message: only then may a webhook fail.
    """

    def __init__(self, engine: Engine, vault: Vault, spool: Spool, bell: Bell, rules: DoorRules) -> None:
        self._engine, self._vault, self._spool, self._bell, self._rules = engine, vault, spool, bell, rules
        self._arriving: SimpleQueue[_Ticket] = SimpleQueue()
        self._closed_until = 0.0
        self._watchdog = Watchdog()
        self._to_ring = threading.Event()
        self._coming: set[int] = set()
        self._starting = threading.Lock()
        self._started = False

    def start(self) -> None:
        """Starts the threads that commit, ring and drain. After the server's fork: threads do not survive it."""
        with self._starting:
            if not self._started:
                self._started = True
                for work in (self._commit_next, self._ring_next, self._drain_next):
                    threading.Thread(target=_for_ever, args=(work,), name=work.__name__, daemon=True).start()

    @property
    def shut(self) -> bool:
        """Whether the database failed a moment ago: then nobody is to wait for it."""
        return time.monotonic() < self._closed_until

    @contextmanager
    def expecting(self) -> Iterator[None]:
        """For the length of the block this thread may bring an arrival; the next commit may wait for it a little."""
        me = threading.get_ident()
        self._coming.add(me)
        try:
            yield
        finally:
            self._coming.discard(me)

    def seal(self, contents: Mapping[str, Any]) -> bytes:
        """The contents of an arrival, JSON, locked for the workers."""
        return self._vault.seal(json.dumps(contents, ensure_ascii=False, separators=(",", ":")).encode())

    def accept(self, arrival: Arrival) -> Kept:
        """Keeps `arrival` for good, or raises `SpoolError`."""
        if not self._started:
            self.start()
        admission = self._await_commit(arrival) if time.monotonic() >= self._closed_until else None
        if admission is None:
            return self._keep_in_spool(arrival)
        return Kept(
            report_id=admission.report_id,
            clave=self._vault.clave(admission.report_id, admission.attempt),
            fresh=admission.fresh,
            echo=admission.echo,
            had_place=admission.had_place,
            silent=admission.silent,
            is_part=admission.is_part,
            after_long=admission.after_long,
            language=admission.language,
        )

    def drain_spool(self) -> int:
        """Moves what this host spooled into the database; how many. The spool's lock lets one process at a time."""
        moved = 0
        with self._spool.draining() as mine:
            while mine:
                # Read before the arrivals: a call's end is noted after every step that was spooled before it.
                noted = self._spool.receipts(_BATCH)
                batch = self._spool.waiting(_BATCH)
                if not batch and not noted:
                    break
                try:
                    moved += self._take_in(batch)
                    if len(batch) < _BATCH:
                        self._note([receipt for _, receipt in noted])
                        self._spool.discard([path for path, _ in noted])
                except Unavailable:
                    break
        if moved:
            log("intake").info("spool drained", messages=moved)
            self._bell.ring("drain_inbox")
        return moved

    def _take_in(self, batch: list[tuple[Path, Arrival]]) -> int:
        """Admits what was spooled and forgets its files; how many were admitted."""
        admissions = self._admit([arrival for _, arrival in batch]) if batch else []
        taken = [path for (path, _), admission in zip(batch, admissions, strict=True) if admission]
        self._spool.discard(taken)
        for path, _ in batch:
            if path not in taken:
                self._spool.set_aside(path)
                log("intake").critical("arrival refused by the database, set aside", file=path.name)
        return len(taken)

    def _note(self, spooled: Iterable[Receipt]) -> None:
        now = utcnow()
        with self._engine.begin() as connection:
            for receipt in spooled:
                receipts.note(connection, receipt, now)
                if receipt.ended:
                    door.hasten(connection, receipt.carrier_id, now)

    def _await_commit(self, arrival: Arrival) -> Admission | None:
        """The arrival's admission, or None when the database is away or too slow. A commit that ends after all is
        found by its id when the spool is drained."""
        ticket = _Ticket(arrival)
        self._arriving.put(ticket)
        self._coming.discard(threading.get_ident())
        if not ticket.done.acquire(timeout=_PATIENCE_SECONDS):
            self._close(TimeoutError())
        return ticket.admission

    def _commit_next(self) -> None:
        """Commits the next batch: the first arrival to come and all that came with it."""
        batch = [self._arriving.get()]
        for _ in range(_GATHER_LOOKS):
            if not self._coming:
                break
            time.sleep(_GATHER_SECONDS / _GATHER_LOOKS)
        with suppress(Empty):
            while len(batch) < _BATCH:
                batch.append(self._arriving.get_nowait())
        try:
            if time.monotonic() < self._closed_until:
                return
            admissions = self._admit([ticket.arrival for ticket in batch])
            for ticket, admission in zip(batch, admissions, strict=True):
                ticket.admission = admission
        except Exception as error:
            self._close(error)
            return
        finally:
            for ticket in batch:
                ticket.done.release()
        self._to_ring.set()

    def _ring_next(self) -> None:
        self._to_ring.wait()
        self._to_ring.clear()
        self._bell.ring("drain_inbox")
        time.sleep(_RING_EVERY_SECONDS)

    def _drain_next(self) -> None:
        time.sleep(_DRAIN_EVERY_SECONDS)
        try:
            self.drain_spool()
        except Exception as error:
            log("intake").error("spool not drained", cause=describe(error))

    def _keep_in_spool(self, arrival: Arrival) -> Kept:
        kept = self._spool.put(arrival)
        return Kept(
            report_id=arrival.report_id,
            clave=self._vault.clave(arrival.report_id),
            fresh=True,
            echo=not kept and arrival.joins,
            had_place=False,
            silent=arrival.hushes,
            spooled=True,
        )

    def _admit(self, arrivals: list[Arrival]) -> Sequence[Admission | None]:
        """Each arrival's admission; None for one that the database refuses for what it is, which harms no other."""
        try:
            return self._admit_together(arrivals)
        except (DataError, IntegrityError) as error:
            if len(arrivals) == 1:
                log("intake").error("arrival refused by the database", cause=describe(error))
                return [None]
            return [self._admit([arrival])[0] for arrival in arrivals]

    def _admit_together(self, arrivals: list[Arrival]) -> list[Admission]:
        with self._engine.connect() as connection, self._watchdog.guarding(connection), connection.begin():
            return door.admit(connection, arrivals, self._rules, self._vault.hash_of_clave)

    def _close(self, error: BaseException) -> None:
        self._closed_until = time.monotonic() + _PAUSE_SECONDS
        log("intake").warning("database away, spooling", cause=describe(error))


def _for_ever(work: Callable[[], None]) -> None:
    while True:
        work()
