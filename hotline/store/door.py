"""What the front desk writes: whatever came in, committed before its sender is answered.

One transaction admits a whole batch. Per phone it takes a lock on the running conversation, so that the parts of a
long text that arrive together on two processes still join one report.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.sql.base import Executable

from hotline.store.engine import insert_for
from hotline.store.schema import claves, conversations, messages, reports

# Two deliveries of one message this close together are the network's echo; later ones are the carrier trying again
# because our answer did not reach it, and are answered again.
ECHO = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One text, or one step of a call, sealed. `id` is the carrier's and makes it one; `report_id` is the report it
    opens unless its phone has one running. `sender` is a pseudonym, None for a hidden caller.
    `joins` is False for a call, which always is a report of its own."""

    id: str
    report_id: str
    sender: str | None
    channel: str
    received_at: datetime
    ready_at: datetime
    sealed: bytes
    names_place: bool = False
    joins: bool = True
    supersedes: bool = False
    wants_answer: bool = True


@dataclass(frozen=True, slots=True)
class Admission:
    """What became of an arrival. `fresh`: it opened its report. `echo`: taken before, nothing to say.
    `had_place`: the place was known before this arrival. `silent`: its phone was answered often enough for now.
    `attempt`: which of the report's possible claves is its own (see `Vault.clave`)."""

    report_id: str
    fresh: bool
    echo: bool
    had_place: bool
    silent: bool
    attempt: int


@dataclass(frozen=True, slots=True)
class DoorRules:
    """How long a conversation stays open, and how many answers a phone gets in an hour."""

    join: timedelta
    answers_per_hour: int


@dataclass(slots=True)
class _Conversation:
    report_id: str | None
    last_at: datetime
    has_place: bool
    answers: int
    answers_since: datetime


@dataclass(frozen=True, slots=True)
class _Statements:
    """The door's SQL for one dialect, put together once: building it anew for each batch costs more than running it."""

    meet: Executable
    lock: Executable
    known: Executable
    claves: Executable
    add_reports: Executable
    add_claves: Executable
    add_messages: Executable
    supersede: Executable
    remember: Executable

    @classmethod
    @cache
    def of(cls, dialect: str) -> _Statements:
        insert = insert_for(dialect)
        lock = (
            select(conversations)
            .where(conversations.c.sender.in_(bindparam("senders", expanding=True)))
            .order_by(conversations.c.sender)
        )
        return cls(
            meet=insert(conversations).on_conflict_do_nothing(),
            lock=lock.with_for_update() if dialect == "postgresql" else lock,
            known=select(messages.c.id, messages.c.report_id, messages.c.received_at).where(
                messages.c.id.in_(bindparam("ids", expanding=True))
            ),
            claves=select(claves.c.hash, claves.c.report_id).where(
                claves.c.hash.in_(bindparam("hashes", expanding=True))
            ),
            add_reports=insert(reports).on_conflict_do_nothing(),
            add_claves=insert(claves).on_conflict_do_nothing(),
            add_messages=insert(messages).on_conflict_do_nothing(),
            supersede=update(messages)
            .where(messages.c.id == bindparam("b_id"), messages.c.state == "waiting", messages.c.lease.is_(None))
            .values(sealed=bindparam("b_sealed"), ready_at=bindparam("b_ready_at")),
            remember=update(conversations)
            .where(conversations.c.sender == bindparam("b_sender"))
            .values({name: bindparam(f"b_{name}") for name in _CONVERSATION}),
        )


_CONVERSATION = ("report_id", "last_at", "has_place", "answers", "answers_since")

ClaveHash = Callable[[str, int], str]


def admit(
    connection: Connection, arrivals: Sequence[Arrival], rules: DoorRules, clave_hash: ClaveHash
) -> list[Admission]:
    """Admits `arrivals` in order within the caller's transaction; one `Admission` each.

    Admitting the same id again changes nothing. `clave_hash(report_id, attempt)` is the hash of a possible clave.
    Raises SQLAlchemy's errors; then nothing was admitted.
    """
    sql = _Statements.of(connection.dialect.name)
    running = _lock_conversations(connection, sql, arrivals)
    known = _known_messages(connection, sql, arrivals)
    met = {arrival.report_id for arrival in arrivals} | {report_id for report_id, _ in known.values()}
    met.update(found.report_id for found in running.values() if found.report_id)
    taken = _claves_of(connection, sql, met, clave_hash)
    admissions: list[Admission] = []
    new_reports: dict[str, dict[str, object]] = {}
    new_claves: dict[str, str] = {}
    new_messages: list[dict[str, object]] = []
    superseding: list[dict[str, object]] = []
    for arrival in arrivals:
        earlier = known.get(arrival.id)
        if earlier is not None and not arrival.supersedes:
            report_id, at = earlier
            # A repeated call step is Twilio asking again for its next instruction: it is always answered.
            echo = arrival.joins and abs(arrival.received_at - at) < ECHO
            attempt = _attempt(report_id, taken, clave_hash)
            admissions.append(Admission(report_id, report_id == arrival.report_id, echo, False, False, attempt))
            continue
        report_id, had_place, silent = _place_in_conversation(arrival, running, rules)
        fresh = report_id == arrival.report_id
        attempt = _attempt(report_id, taken, clave_hash)
        hashed = clave_hash(report_id, attempt)
        if taken.get(hashed) != report_id:
            taken[hashed] = report_id
            new_claves[hashed] = report_id
        if fresh:
            new_reports.setdefault(report_id, _report_row(arrival))
        elif arrival.report_id != report_id:
            # A clave may have been given out for this arrival while the database was away: it must open the report.
            own = clave_hash(arrival.report_id, 0)
            if own not in taken:
                taken[own] = report_id
                new_claves[own] = report_id
        row = _message_row(arrival, report_id)
        if earlier is not None:
            superseding.append({"b_id": row["id"], "b_sealed": row["sealed"], "b_ready_at": row["ready_at"]})
        else:
            known[arrival.id] = (report_id, arrival.received_at)
            new_messages.append(row)
        admissions.append(Admission(report_id, fresh, False, had_place, silent, attempt))
    for statement, rows in (
        (sql.add_reports, list(new_reports.values())),
        (sql.add_claves, [{"hash": hashed, "report_id": report_id} for hashed, report_id in new_claves.items()]),
        (sql.add_messages, new_messages),
        (sql.supersede, superseding),
        (sql.remember, [_conversation_row(sender, found) for sender, found in running.items()]),
    ):
        if rows:
            connection.execute(statement, rows)
    return admissions


def hasten(connection: Connection, report_id: str, now: datetime) -> None:
    """Makes what waits for the rest of a call ready at once: the call has ended."""
    connection.execute(
        update(messages)
        .where(messages.c.report_id == report_id, messages.c.state == "waiting", messages.c.ready_at > now)
        .values(ready_at=now)
    )


def _lock_conversations(
    connection: Connection, sql: _Statements, arrivals: Sequence[Arrival]
) -> dict[str, _Conversation]:
    first_seen: dict[str, datetime] = {}
    for arrival in arrivals:
        if arrival.sender is not None:
            first_seen.setdefault(arrival.sender, arrival.received_at)
    if not first_seen:
        return {}
    senders = sorted(first_seen)  # one order for all processes: no deadlock
    connection.execute(
        sql.meet,
        [
            {"sender": s, "last_at": first_seen[s], "has_place": False, "answers": 0, "answers_since": first_seen[s]}
            for s in senders
        ],
    )
    return {
        row.sender: _Conversation(row.report_id, row.last_at, row.has_place, row.answers, row.answers_since)
        for row in connection.execute(sql.lock, {"senders": senders})
    }


def _known_messages(
    connection: Connection, sql: _Statements, arrivals: Sequence[Arrival]
) -> dict[str, tuple[str, datetime]]:
    rows = connection.execute(sql.known, {"ids": [arrival.id for arrival in arrivals]})
    return {row.id: (row.report_id, row.received_at) for row in rows}


def _claves_of(
    connection: Connection,
    sql: _Statements,
    ids: set[str],
    clave_hash: ClaveHash,
) -> dict[str, str]:
    """hash → report for every clave of these reports: two attempts each, for collisions are rare."""
    hashes = [clave_hash(report_id, attempt) for report_id in ids for attempt in (0, 1)]
    rows = connection.execute(sql.claves, {"hashes": hashes})
    return {row.hash: row.report_id for row in rows}


def _attempt(report_id: str, taken: dict[str, str], clave_hash: ClaveHash) -> int:
    """The first attempt whose clave is the report's own or nobody's."""
    attempt = 0
    while taken.get(clave_hash(report_id, attempt), report_id) != report_id:
        attempt += 1
    return attempt


def _place_in_conversation(
    arrival: Arrival, running: dict[str, _Conversation], rules: DoorRules
) -> tuple[str, bool, bool]:
    """The report this arrival belongs to, whether its place was known before, whether to keep silent."""
    conversation = running.get(arrival.sender) if arrival.sender else None
    if conversation is None:
        return arrival.report_id, False, False
    at = arrival.received_at
    current = conversation.report_id
    joining = arrival.joins or current == arrival.report_id
    if current is None or not joining or at - conversation.last_at > rules.join:
        conversation.report_id = current = arrival.report_id
        conversation.has_place = False
    had_place = conversation.has_place
    conversation.has_place = had_place or arrival.names_place
    conversation.last_at = max(conversation.last_at, at)
    if at - conversation.answers_since > timedelta(hours=1):
        conversation.answers, conversation.answers_since = 0, at
    silent = conversation.answers >= rules.answers_per_hour
    if arrival.wants_answer and not silent:
        conversation.answers += 1
    return current, had_place, silent


def _report_row(arrival: Arrival) -> dict[str, object]:
    return {
        "id": arrival.report_id,
        "channel": arrival.channel,
        "opened_at": arrival.received_at,
        "status": "received",
    }


def _message_row(arrival: Arrival, report_id: str) -> dict[str, object]:
    return {
        "id": arrival.id,
        "report_id": report_id,
        "received_at": arrival.received_at,
        "ready_at": arrival.ready_at,
        "state": "waiting",
        "sealed": arrival.sealed,
        "attempts": 0,
    }


def _conversation_row(sender: str, found: _Conversation) -> dict[str, object]:
    return {"b_sender": sender, **{f"b_{name}": getattr(found, name) for name in _CONVERSATION}}
