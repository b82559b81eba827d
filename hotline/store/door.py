"""What the front desk writes: whatever came in, committed before its sender is answered.

One transaction admits a whole batch with four statements, for at the door each one is paid by a waiting caller. Per
phone it takes a lock on the running conversation, so that the parts of a long text that arrive together on two
processes still join one report. The report itself is the filing's to make.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Connection, TextClause, bindparam, select, text, update
from sqlalchemy.sql.base import Executable

from hotline.store.engine import insert_for
from hotline.store.schema import claves, messages

# Two deliveries of one message this close together are the network's echo; later ones are the carrier trying again
# because our answer did not reach it, and are answered again.
ECHO = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One text, or one step of a call, sealed. `id` is the carrier's and makes it one; `report_id` is the report it
    opens unless its phone has one running. `sender` is a pseudonym, None for a hidden caller.
    `joins` is False for a call, which always is a report of its own. `supersedes`: a later arrival of the same id
    replaces this one while nobody has taken it up."""

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


@dataclass(frozen=True, slots=True)
class _Standing:
    """A conversation as an arrival left it."""

    report_id: str
    had_place: bool
    answers: int


ClaveHash = Callable[[str, int], str]


def admit(
    connection: Connection, arrivals: Sequence[Arrival], rules: DoorRules, clave_hash: ClaveHash
) -> list[Admission]:
    """Admits `arrivals` in order within the caller's transaction; one `Admission` each.

    Admitting the same id again changes nothing. `clave_hash(report_id, attempt)` is the hash of a possible clave.
    Raises SQLAlchemy's errors; then nothing was admitted.
    """
    sql = _Statements.of(connection.dialect.name)
    standings = _converse(connection, sql, arrivals, rules)
    # Asked after the conversations are locked: what another process admitted meanwhile is seen.
    rows = connection.execute(sql.known, {"ids": [arrival.id for arrival in arrivals]})
    known = {row.id: (row.report_id, row.received_at) for row in rows}
    opened = {arrival.report_id for arrival in arrivals} | {report_id for report_id, _ in known.values()}
    attempts = _attempts(connection, sql, opened, clave_hash)
    admissions: list[Admission] = []
    new: list[dict[str, object]] = []
    superseding: list[dict[str, object]] = []
    for arrival, standing in zip(arrivals, standings, strict=True):
        earlier = known.get(arrival.id)
        if earlier is not None:
            report_id, at = earlier
            # A repeated call step is Twilio asking again for its next instruction: it is always answered.
            echo = arrival.joins and abs(arrival.received_at - at) < ECHO
            fresh, had_place, silent = report_id == arrival.report_id, False, False
        else:
            report_id = standing.report_id
            known[arrival.id] = (report_id, arrival.received_at)
            echo, fresh, had_place = False, report_id == arrival.report_id, standing.had_place
            silent = standing.answers > rules.answers_per_hour
        admissions.append(Admission(report_id, fresh, echo, had_place, silent, attempts.get(report_id, 0)))
        if earlier is None:
            new.append(_message_row(arrival, report_id))
        elif arrival.supersedes:
            superseding.append({"b_id": arrival.id, "b_sealed": arrival.sealed, "b_ready_at": arrival.ready_at})
    if new:
        connection.execute(sql.add_messages, new)
    if superseding:
        connection.execute(sql.supersede, superseding)
    return admissions


def hasten(connection: Connection, report_id: str, now: datetime) -> None:
    """Makes what waits for the rest of a call ready at once: the call has ended."""
    connection.execute(
        update(messages)
        .where(messages.c.report_id == report_id, messages.c.state == "waiting", messages.c.ready_at > now)
        .values(ready_at=now)
    )


def _converse(
    connection: Connection, sql: _Statements, arrivals: Sequence[Arrival], rules: DoorRules
) -> list[_Standing]:
    """Each arrival's conversation after it, in the order of `arrivals`. A statement may touch a row once only, so that
    several arrivals of one phone take turns."""
    standings = [_Standing(arrival.report_id, False, 0) for arrival in arrivals]
    turns: list[dict[str, int]] = []
    seen: set[str] = set()
    for index, arrival in enumerate(arrivals):
        if arrival.sender is not None and arrival.id not in seen:
            seen.add(arrival.id)
            turn = next((turn for turn in turns if arrival.sender not in turn), None)
            if turn is None:
                turn = {}
                turns.append(turn)
            turn[arrival.sender] = index
    for turn in turns:
        rows = [_conversation_row(sender, arrivals[index]) for sender, index in turn.items()]
        values = {"rows": json.dumps(rows), "join": rules.join.total_seconds()}
        for sender, report_id, had_place, answers in connection.execute(sql.converse, values):
            standings[turn[sender]] = _Standing(report_id, bool(had_place), answers)
    return standings


def _conversation_row(sender: str, arrival: Arrival) -> dict[str, object]:
    return {
        "sender": sender,
        "id": arrival.id,
        "report_id": arrival.report_id,
        "at": arrival.received_at.isoformat(" ", "microseconds"),
        "place": int(arrival.names_place),
        "asks": int(arrival.wants_answer),
        "by_call": int(not arrival.joins),
    }


def _attempts(connection: Connection, sql: _Statements, report_ids: set[str], clave_hash: ClaveHash) -> dict[str, int]:
    """Per report the first attempt whose clave is its own or nobody's; reports at attempt 0 are left out."""
    first = {clave_hash(report_id, 0): report_id for report_id in report_ids}
    rows = connection.execute(sql.claves, {"hashes": list(first)})
    collided = [first[row.hash] for row in rows if row.report_id != first[row.hash]]
    attempts: dict[str, int] = {}
    for report_id in collided:
        attempt = 1
        while True:
            row = connection.execute(sql.claves, {"hashes": [clave_hash(report_id, attempt)]}).first()
            if row is None or row.report_id == report_id:
                break
            attempt += 1
        attempts[report_id] = attempt
    return attempts


def _message_row(arrival: Arrival, report_id: str) -> dict[str, object]:
    return {
        "id": arrival.id,
        "report_id": report_id,
        # A clave may have been given out for this arrival while the database was away: it must open the report.
        "promised": arrival.report_id if arrival.report_id != report_id else None,
        "channel": arrival.channel,
        "received_at": arrival.received_at,
        "ready_at": arrival.ready_at,
        "state": "waiting",
        "sealed": arrival.sealed,
        "attempts": 0,
    }


@dataclass(frozen=True, slots=True)
class _Statements:
    """The door's SQL for one dialect, put together once: building it anew for each batch costs more than running it."""

    converse: TextClause
    known: Executable
    claves: Executable
    add_messages: Executable
    supersede: Executable

    @classmethod
    @cache
    def of(cls, dialect: str) -> _Statements:
        return cls(
            converse=text(_CONVERSE.format(**_DIALECTS[dialect])),
            known=select(messages.c.id, messages.c.report_id, messages.c.received_at).where(
                messages.c.id.in_(bindparam("ids", expanding=True))
            ),
            claves=select(claves.c.hash, claves.c.report_id).where(
                claves.c.hash.in_(bindparam("hashes", expanding=True))
            ),
            add_messages=insert_for(dialect)(messages).on_conflict_do_nothing(),
            supersede=update(messages)
            .where(messages.c.id == bindparam("b_id"), messages.c.state == "waiting", messages.c.lease.is_(None))
            .values(sealed=bindparam("b_sealed"), ready_at=bindparam("b_ready_at")),
        )


# Opens or goes on with each phone's conversation, all in one statement, in one order for all processes (no deadlock).
# It goes on when the arrival is of the same report, or is a text within the time to join. A message taken before
# changes nothing; one that the spool brings late does not turn the clock back.
_CONVERSE = """
INSERT INTO conversations (sender, report_id, last_at, by_call, had_place, has_place, answers, answers_since)
{rows} ORDER BY 1
ON CONFLICT (sender) DO UPDATE SET
  report_id = CASE WHEN {goes_on} THEN conversations.report_id ELSE excluded.report_id END,
  had_place = CASE WHEN {goes_on} THEN conversations.has_place ELSE {false} END,
  has_place = CASE WHEN {goes_on} AND conversations.has_place THEN conversations.has_place ELSE excluded.has_place END,
  answers = CASE WHEN {same_hour} THEN conversations.answers + excluded.answers ELSE excluded.answers END,
  answers_since = CASE WHEN {same_hour} THEN conversations.answers_since ELSE excluded.answers_since END,
  last_at = {later}(conversations.last_at, excluded.last_at),
  by_call = excluded.by_call
RETURNING sender, report_id, had_place, answers
"""
_DIALECTS = {
    "sqlite": {
        "rows": """
SELECT json_extract(value, '$.sender'), json_extract(value, '$.report_id'), json_extract(value, '$.at'),
  json_extract(value, '$.by_call'), 0, json_extract(value, '$.place'), json_extract(value, '$.asks'),
  json_extract(value, '$.at')
FROM json_each(:rows)
WHERE NOT EXISTS (SELECT 1 FROM messages WHERE messages.id = json_extract(value, '$.id'))""",
        "later": "max",
        "goes_on": "(conversations.report_id = excluded.report_id OR (NOT excluded.by_call AND "
        "round((julianday(excluded.last_at) - julianday(conversations.last_at)) * 86400.0, 3) <= :join))",
        "same_hour": "round((julianday(excluded.last_at) - julianday(conversations.answers_since)) * 86400.0, 3) "
        "<= 3600.0",
        "false": "0",
    },
    "postgresql": {
        "rows": """
SELECT r.sender, r.report_id, at, by_call = 1, false, place = 1, asks, at
FROM jsonb_to_recordset(CAST(:rows AS jsonb))
  AS r(sender text, id text, report_id text, at timestamp, by_call int, place int, asks int)
WHERE NOT EXISTS (SELECT 1 FROM messages WHERE messages.id = r.id)""",
        "later": "greatest",
        "goes_on": "(conversations.report_id = excluded.report_id OR (NOT excluded.by_call AND "
        "excluded.last_at - conversations.last_at <= CAST(:join AS float) * interval '1 second'))",
        "same_hour": "excluded.last_at - conversations.answers_since <= interval '1 hour'",
        "false": "false",
    },
}
