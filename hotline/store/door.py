"""What the front desk writes: whatever came in, committed before its sender is answered.

One transaction admits a whole batch with four statements, for at the door each one is paid by a waiting caller. Per
phone it takes a lock on the running conversation, so that the parts of a long text that arrive together on two
processes still join one report. The report itself is the filing's to make.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Connection, bindparam, select, update

from hotline.store.schema import messages

# Two deliveries of one message this close together are the network's echo; later ones are the carrier trying again
# because our answer did not reach it, and are answered again.
ECHO = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One text, or one step of a call, sealed. `id` is the carrier's and makes it one; `report_id` is the report it
    opens unless its phone has one running. `sender` is a pseudonym, None for a hidden caller.
    `joins` is False for a call, which always is a report of its own. `supersedes`: a later arrival of the same id
    replaces this one while nobody has taken it up. `stands_alone`: is no part of the text before it, however soon after
    it comes; `is_long`: the network may have cut it. `hushes`: its sender wants no answers from here on."""

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
    stands_alone: bool = False
    is_long: bool = False
    hushes: bool = False


@dataclass(frozen=True, slots=True)
class Admission:
    """What became of an arrival. `fresh`: it opened its report. `echo`: taken before, nothing to say.
    `had_place`: the place was known before this arrival. `silent`: its phone was answered often enough for now, or
    wants no answers. `is_part`: it came so soon after an answered text that it is a part of it; `after_long`: that was
    long. `language`: that its phone chose. `attempt`: which of the report's possible claves is its own (see
    `Vault.clave`)."""

    report_id: str
    fresh: bool
    echo: bool
    had_place: bool
    silent: bool
    attempt: int
    is_part: bool = False
    after_long: bool = False
    language: str | None = None


@dataclass(frozen=True, slots=True)
class DoorRules:
    """How long a conversation stays open, how many answers a phone gets in an hour, and how soon after an answered text
    another is a part of it."""

    join: timedelta
    answers_per_hour: int
    part: timedelta = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Standing:
    """A conversation as an arrival left it."""

    report_id: str
    had_place: bool
    answers: int
    is_part: bool = False
    after_long: bool = False
    hushed: bool = False
    language: str | None = None


ClaveHash = Callable[[str, int], str]


def admit(
    connection: Connection, arrivals: Sequence[Arrival], rules: DoorRules, clave_hash: ClaveHash
) -> list[Admission]:
    """Admits `arrivals` in order within the caller's transaction; one `Admission` each.

    Admitting the same id again changes nothing. `clave_hash(report_id, attempt)` is the hash of a possible clave.
    Raises SQLAlchemy's errors; then nothing was admitted.
    """
    sql = _Sql.of(connection.dialect.name)
    standings = _converse(connection, sql, arrivals, rules)
    added = _add(connection, sql, arrivals, standings)
    known: dict[str, tuple[str, datetime]] = {}
    if len(added) < len(arrivals):
        # Asked after they would not be added: what another process admitted meanwhile is seen.
        query = select(messages.c.id, messages.c.report_id, messages.c.received_at)
        rows = connection.execute(query.where(messages.c.id.in_([arrival.id for arrival in arrivals])))
        known = {row.id: (row.report_id, row.received_at) for row in rows}
    opened = {arrival.report_id for arrival in arrivals} | {report_id for report_id, _ in known.values()}
    attempts = _attempts(connection, sql, opened, clave_hash)
    admissions: list[Admission] = []
    superseding: list[dict[str, object]] = []
    for arrival, standing in zip(arrivals, standings, strict=True):
        if arrival.id in added:
            added.remove(arrival.id)
            report_id, echo, had_place = standing.report_id, False, standing.had_place
            silent = standing.answers > rules.answers_per_hour or standing.hushed
        else:
            report_id, at = known[arrival.id]
            # A repeated call step is Twilio asking again for its next instruction: it is always answered.
            echo = arrival.joins and abs(arrival.received_at - at) < ECHO
            had_place, silent = False, arrival.hushes
            if arrival.supersedes:
                superseding.append({"b_id": arrival.id, "b_sealed": arrival.sealed, "b_ready_at": arrival.ready_at})
        fresh = report_id == arrival.report_id
        attempt = attempts.get(report_id, 0)
        admissions.append(
            Admission(
                report_id=report_id,
                fresh=fresh,
                echo=echo,
                had_place=had_place,
                silent=silent,
                attempt=attempt,
                is_part=standing.is_part,
                after_long=standing.after_long,
                language=standing.language,
            )
        )
    if superseding:
        connection.execute(_SUPERSEDE, superseding)
    return admissions


def hasten(connection: Connection, call_id: str, now: datetime) -> None:
    """Makes what waits for the rest of a call ready at once: the call has ended."""
    connection.execute(
        update(messages)
        .where(
            messages.c.id.startswith(f"{call_id}:", autoescape=True),
            messages.c.state == "waiting",
            messages.c.ready_at > now,
        )
        .values(ready_at=now)
    )


def _converse(connection: Connection, sql: _Sql, arrivals: Sequence[Arrival], rules: DoorRules) -> list[_Standing]:
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
    join, part = rules.join.total_seconds(), rules.part.total_seconds()
    for turn in turns:
        values: list[object] = []
        for sender, index in turn.items():
            arrival = arrivals[index]
            at, asks = sql.time(arrival.received_at), int(arrival.wants_answer)
            answered = at if arrival.wants_answer and not arrival.stands_alone else None
            values += (sender, arrival.id, arrival.report_id, at, not arrival.joins, arrival.names_place, asks)
            values += (answered, arrival.hushes, arrival.is_long)
        for sender, report_id, had_place, answers, is_part, after_long, hushed, language in connection.exec_driver_sql(
            sql.converse(len(turn), join, part), tuple(values)
        ):
            flags = bool(is_part), bool(after_long), bool(hushed)
            standings[turn[sender]] = _Standing(report_id, bool(had_place), answers, *flags, language)
    return standings


def _add(connection: Connection, sql: _Sql, arrivals: Sequence[Arrival], standings: Sequence[_Standing]) -> set[str]:
    """Writes down the arrivals that are not there yet; their ids."""
    values: list[object] = []
    seen: set[str] = set()
    for arrival, standing in zip(arrivals, standings, strict=True):
        if arrival.id not in seen:
            seen.add(arrival.id)
            # A clave may have been given out for this arrival while the database was away: it must open the report.
            promised = arrival.report_id if arrival.report_id != standing.report_id else None
            received_at, ready_at = sql.time(arrival.received_at), sql.time(arrival.ready_at)
            values += (arrival.id, standing.report_id, promised, arrival.channel, received_at, ready_at, arrival.sealed)
    return {row[0] for row in connection.exec_driver_sql(sql.add(len(seen)), tuple(values))}


def _attempts(connection: Connection, sql: _Sql, report_ids: set[str], clave_hash: ClaveHash) -> dict[str, int]:
    """Per report the first attempt whose clave is its own or nobody's; reports at attempt 0 are left out."""
    first = {clave_hash(report_id, 0): report_id for report_id in report_ids}
    rows = connection.exec_driver_sql(sql.claves(len(first)), tuple(first)).all()
    attempts: dict[str, int] = {}
    for report_id in (first[hashed] for hashed, owner in rows if owner != first[hashed]):
        attempt = 1
        while True:
            row = connection.exec_driver_sql(sql.claves(1), (clave_hash(report_id, attempt),)).first()
            if row is None or row.report_id == report_id:
                break
            attempt += 1
        attempts[report_id] = attempt
    return attempts


@dataclass(frozen=True)
class _Sql:
    """The door's SQL in one dialect, spelt out: what SQLAlchemy does to put a statement together would cost the
    waiting callers more than running it. Each is made once for each number of rows."""

    mark: str
    values: str
    later: str
    goes_on: str
    same_hour: str
    same_text: str
    time: Callable[[datetime], object]

    @staticmethod
    def of(dialect: str) -> _Sql:
        return _DIALECTS[dialect]

    @cache  # noqa: B019 - there are two of these, for ever
    def converse(self, count: int, join: float, part: float) -> str:
        values, goes_on = ", ".join([self.values] * count), self.goes_on.format(join=join)
        is_part = f"coalesce({goes_on} AND {self.same_text.format(part=part)}, false)"
        return _CONVERSE.format(
            values=values,
            later=self.later,
            answers_question=_ANSWERS_QUESTION,
            goes_on=goes_on,
            same_hour=self.same_hour,
            is_part=is_part,
        )

    @cache  # noqa: B019
    def add(self, count: int) -> str:
        row = f"({', '.join([self.mark] * 6)}, 'waiting', {self.mark}, 0)"
        return _ADD.format(values=", ".join([row] * count))

    @cache  # noqa: B019
    def claves(self, count: int) -> str:
        return _CLAVES.format(values=", ".join([self.mark] * count))


_SUPERSEDE = (
    update(messages)
    .where(messages.c.id == bindparam("b_id"), messages.c.state == "waiting", messages.c.lease.is_(None))
    .values(sealed=bindparam("b_sealed"), ready_at=bindparam("b_ready_at"))
)
_ADD = """
INSERT INTO messages (id, report_id, promised, channel, received_at, ready_at, state, sealed, attempts)
VALUES {values} ON CONFLICT (id) DO NOTHING RETURNING id
"""
_CLAVES = "SELECT hash, report_id FROM claves WHERE hash IN ({values})"
_ANSWERS_QUESTION = "NOT excluded.by_call AND conversations.asked_about IS NOT NULL"
# Opens or goes on with each phone's conversation, all in one statement, in one order for all processes (no deadlock).
# A text that a liaison's question waits for joins the report asked about. Else the conversation goes on when the
# arrival is of the same report, or is a text within the time to join. A message taken before
# changes nothing; one that the spool brings late does not turn the clock back.
_CONVERSE = """
WITH came (sender, id, report_id, at, by_call, place, asks, answered, hush, long) AS (VALUES {values})
INSERT INTO conversations (
  sender, report_id, last_at, by_call, had_place, has_place, answers, answers_since, answered_at, is_part, hushed,
  is_long, after_long)
SELECT sender, report_id, at, by_call, false, place, asks, at, answered, false, hush, long, false FROM came
WHERE NOT EXISTS (SELECT 1 FROM messages WHERE messages.id = came.id)
ORDER BY sender
ON CONFLICT (sender) DO UPDATE SET
  report_id = CASE WHEN {answers_question} THEN conversations.asked_about
    WHEN {goes_on} THEN conversations.report_id ELSE excluded.report_id END,
  had_place = CASE WHEN {answers_question} THEN true WHEN {goes_on} THEN conversations.has_place ELSE false END,
  has_place = excluded.has_place OR {answers_question} OR ({goes_on} AND conversations.has_place),
  answers = CASE WHEN NOT ({same_hour}) THEN excluded.answers
    WHEN {is_part} THEN conversations.answers ELSE conversations.answers + excluded.answers END,
  answered_at = CASE WHEN {is_part} THEN conversations.answered_at ELSE excluded.answered_at END,
  is_part = {is_part},
  is_long = excluded.is_long,
  after_long = conversations.is_long,
  hushed = conversations.hushed OR excluded.hushed,
  answers_since = CASE WHEN {same_hour} THEN conversations.answers_since ELSE excluded.answers_since END,
  last_at = {later}(conversations.last_at, excluded.last_at),
  by_call = excluded.by_call,
  asked_about = CASE WHEN excluded.by_call THEN conversations.asked_about END
RETURNING sender, report_id, had_place, answers, is_part, after_long, hushed, language
"""
_DIALECTS = {
    "sqlite": _Sql(
        mark="?",
        values="(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        later="max",
        goes_on="(conversations.report_id = excluded.report_id OR (NOT excluded.by_call AND "
        "round((julianday(excluded.last_at) - julianday(conversations.last_at)) * 86400.0, 3) <= {join:f}))",
        same_hour="round((julianday(excluded.last_at) - julianday(conversations.answers_since)) * 86400.0, 3) "
        "<= 3600.0",
        same_text="round((julianday(excluded.last_at) - julianday(conversations.answered_at)) * 86400.0, 3) < {part:f}",
        time=lambda at: at.isoformat(" ", "microseconds"),
    ),
    "postgresql": _Sql(
        mark="%s",
        values="(%s::text, %s::text, %s::text, %s::timestamp, %s::bool, %s::bool, %s::int, %s::timestamp, %s::bool, "
        "%s::bool)",
        later="greatest",
        goes_on="(conversations.report_id = excluded.report_id OR (NOT excluded.by_call AND "
        "excluded.last_at - conversations.last_at <= {join:f} * interval '1 second'))",
        same_hour="excluded.last_at - conversations.answers_since <= interval '1 hour'",
        same_text="excluded.last_at - conversations.answered_at < {part:f} * interval '1 second'",
        time=lambda at: at,
    ),
}
