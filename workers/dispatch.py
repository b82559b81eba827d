"""From a filed case to what is to be told to whom. Writes intentions only; sending is another errand.

Called inside the filing's transaction, so that no case is filed without its deliveries. Every intention has a key
(purpose, case, recipient, channel, round, step): dispatching the same case again adds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update
from sqlalchemy import case as sql_case

from hotline.profile import Profile, steps
from hotline.profile.duty import DutyRules, never_fewer
from hotline.profile.shifts import Standing
from hotline.store import duty as hours
from hotline.store import errands, events
from hotline.store.duty_tables import case_events, escalations, questions
from hotline.store.engine import insert
from hotline.store.schema import ENDED, ERASED, deliveries, digest_entries, liaisons, reports
from workers.casebook import Case
from workers.routing import Coverage, Matter, recipients

# What the hotline tells a liaison of a case's words by itself, up to the part that its round says.
TELLING = ("urgent", "update", "answer", "passed")
# The step of an update that tells of a case which was closed.
REOPENED = 1


@dataclass(frozen=True, slots=True)
class Duty:
    """The active liaisons, what they cover, who of them serves now, and the rules."""

    people: tuple[Coverage, ...]
    rules: DutyRules
    standings: Mapping[str, Standing]
    moment: datetime

    def unhurried_at(self, liaison_id: str, now: datetime) -> datetime:
        """When (UTC) the liaison may be told what does not hurry: in their shift."""
        return max(now, hours.stored(self.standings[liaison_id].rests_until(self.moment, self.rules)))

    @property
    def unhurried(self) -> tuple[Coverage, ...]:
        """The same for what waits for a digest: a shift that begins later is soon enough."""
        return tuple(replace(one, serves=not one.away) for one in self.people)


@dataclass(slots=True)
class _Notes:
    """What one dispatch is going to write."""

    texts: list[dict[str, Any]]
    entries: list[dict[str, Any]]
    escalating: list[dict[str, Any]]
    answered: list[dict[str, Any]]
    events: list[dict[str, Any]]
    against: list[dict[str, Any]]
    asked_again: list[dict[str, Any]]
    freed: list[dict[str, Any]]
    routed: list[str]


def on_duty(connection: Connection, profile: Profile, now: datetime) -> Duty:
    """Who there is at `now` (UTC)."""
    query = select(liaisons).where(liaisons.c.active.is_(True)).order_by(liaisons.c.created_at, liaisons.c.id)
    rows = connection.execute(query).all()
    standings, moment = hours.standings(connection, rows, now), hours.local(profile, now)
    people = [
        Coverage(
            row.id,
            row.role,
            frozenset(row.areas),
            frozenset(row.states),
            frozenset(row.kinds),
            body=row.body,
            serves=standings[row.id].serves(moment, profile.duty),
            away=standings[row.id].away,
        )
        for row in rows
    ]
    return Duty(tuple(people), profile.duty, standings, moment)


def dispatch(connection: Connection, cases: Sequence[Case], duty: Duty, now: datetime) -> int:
    """Notes what each liaison is to be told of `cases`; how many messages are to leave at once.

    Urgent: to those on duty at once, and a clock starts that wakes the next. Whoever has taken a case, or was told of
    it while nobody has, gets what is new as an update, and who asked gets the answer. Not urgent: into the digests,
    again if something was added since. A case that nobody may be told of stays unrouted until housekeeping finds one.
    """
    if not cases:
        return 0
    ids = [case.id for case in cases]
    known = {row.id: row for row in connection.execute(select(reports).where(reports.c.id.in_(ids)))}
    told, asked, clocks = _told_before(connection, ids), _asked(connection, ids), _clocks(connection, ids)
    notes = _Notes([], [], [], [], [], [], [], [], [])
    for case in cases:
        if case.id in known and known[case.id].status != ERASED:
            past = _Past(known[case.id], told.get(case.id, {}), asked.get(case.id, []), clocks.get(case.id))
            _one(case, past, duty, now, notes)
    _write(connection, notes, now)
    return len(notes.texts)


@dataclass(frozen=True, slots=True)
class _Past:
    """What was before: the report's row, who was told up to which part, what was asked, the clock that runs."""

    report: Row[Any]
    told: dict[str, int]
    asked: Sequence[Row[Any]]
    clock: Row[Any] | None


def _one(case: Case, past: _Past, duty: Duty, now: datetime, notes: _Notes) -> None:
    report, active = past.report, {one.id for one in duty.people}
    before = {one: round_ for one, round_ in past.told.items() if one in active}
    told = "\n".join(part.text or "" for part in case.parts)
    against = never_fewer(report.against, duty.rules.complained_of(case.kind, told))
    if against != report.against:
        notes.against.append({"b_id": case.id, "b_against": against})
    matter = Matter(case.kind, case.area, case.state, against)
    parts = len(case.parts)
    owner = report.acknowledged_by if report.acknowledged_by in active else None
    if report.acknowledged_by != owner and report.status not in ENDED:
        held = any(part.text is None for part in case.parts)
        notes.freed.append({"b_id": case.id, "b_status": "held" if held else "filed"})
    curious = {one: before.get(one, 0) for one in (owner, report.passed_to) if one in active} if owner else dict(before)
    for question in past.asked:
        if (question.from_part or 0) < parts:
            notes.answered.append({"b_id": question.id, "b_at": now})
            notes.events.append(events.row(case.id, "answered", now, to_liaison=question.liaison_id))
            if question.liaison_id in active:
                notes.texts.append(errands.delivery("answer", case.id, question.liaison_id, "sms", now, round=parts))
            curious.pop(question.liaison_id, None)
    if case.reopened:
        notes.events.append(events.row(case.id, "reopened", now, to_liaison=owner))
    graver = past.clock is None or past.clock.urgency > str(case.urgency)
    if report.status in ENDED:
        notes.routed.append(case.id)
    elif case.urgent and (owner is None or case.reopened or graver):
        _wake(case, past, duty, matter, owner=owner, now=now, notes=notes, curious=curious)
    elif owner is None and (not before or report.routed_at is None):
        chosen = recipients(matter, duty.unhurried)
        notes.entries += [{"liaison_id": one, "report_id": case.id, "digest_id": None} for one in chosen]
        if chosen:
            notes.routed.append(case.id)
    for one, rounds in curious.items():
        if rounds < parts and report.status not in ENDED:
            again, due = REOPENED if case.reopened else 0, now if case.urgent else duty.unhurried_at(one, now)
            notes.texts.append(errands.delivery("update", case.id, one, "sms", now, round=parts, step=again, due=due))


def _wake(
    case: Case,
    past: _Past,
    duty: Duty,
    matter: Matter,
    *,
    owner: str | None,
    now: datetime,
    notes: _Notes,
    curious: dict[str, int],
) -> None:
    """Whom an urgent case wakes now, and the clock that wakes the next. A case that somebody has is theirs to take
    again: it turned graver, or was closed; while they do not serve, others are woken with them."""
    parts, pace = len(case.parts), duty.rules.escalation[str(case.urgency)]
    serving = next((one for one in duty.people if one.id == owner), None)
    at, again = _step(past.clock)
    chosen = [] if serving and serving.serves else recipients(matter, duty.people)
    if serving and not serving.away:
        chosen = list(dict.fromkeys([serving.id, *chosen]))
    fresh = [one for one in chosen if again or owner or one not in past.told]
    for one in fresh:
        curious.pop(one, None)
    notes.texts += [errands.delivery("urgent", case.id, one, "sms", now, round=parts, step=at) for one in fresh]
    if pace.call:
        # A case that turned graver rings up those too who only got a text before.
        graver = past.clock is not None and past.clock.urgency > str(case.urgency)
        ringing = dict.fromkeys([*fresh, *(one for one in past.told if graver and owner is None)])
        active = {one.id for one in duty.people}
        notes.texts += [
            errands.delivery("urgent", case.id, one, "call", now, step=at) for one in ringing if one in active
        ]
    notes.events += [events.row(case.id, "told", now, to_liaison=one) for one in fresh]
    notes.escalating.append(
        {
            "report_id": case.id,
            "urgency": case.urgency,
            "step": at if chosen else at + steps.EVERYONE,
            "state": "open",
            "started_at": now,
            "next_at": now + pace.wait,
        }
    )
    if owner is not None and past.report.passed_to is None:
        notes.asked_again.append({"b_id": case.id, "b_to": owner})
    if chosen:
        notes.routed.append(case.id)


def _step(clock: Row[Any] | None) -> tuple[int, bool]:
    """The step at which whoever is new is told, and whether all are told as if they were: nobody took the case."""
    if clock is None:
        return 0, False
    if clock.state != "open":
        return steps.next_wave(clock.step), True
    return (clock.step if steps.within(clock.step) < steps.EVERYONE else steps.first_of(clock.step)), False


def _write(connection: Connection, notes: _Notes, now: datetime) -> None:
    errands.add(connection, notes.texts)
    if notes.entries:
        statement = insert(connection, digest_entries)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["liaison_id", "report_id"], set_={"digest_id": statement.excluded.digest_id}
            ),
            notes.entries,
        )
    if notes.escalating:
        _start_clocks(connection, notes.escalating)
    if notes.answered:
        connection.execute(
            update(questions)
            .where(questions.c.id == bindparam("b_id"), questions.c.state == "sent")
            .values(state="answered", answered_at=bindparam("b_at")),
            notes.answered,
        )
    if notes.events:
        connection.execute(case_events.insert(), notes.events)
    if notes.against:
        connection.execute(
            update(reports).where(reports.c.id == bindparam("b_id")).values(against=bindparam("b_against")),
            notes.against,
        )
    if notes.asked_again:
        connection.execute(
            update(reports).where(reports.c.id == bindparam("b_id")).values(passed_to=bindparam("b_to")),
            notes.asked_again,
        )
    if notes.freed:
        nobodys: dict[str, Any] = {"acknowledged_by": None, "acknowledged_at": None, "status": bindparam("b_status")}
        connection.execute(update(reports).where(reports.c.id == bindparam("b_id")).values(nobodys), notes.freed)
    if notes.routed:
        connection.execute(update(reports).where(reports.c.id.in_(notes.routed)).values(routed_at=now))


def _start_clocks(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Starts each case's clock. One that runs goes on, the sooner if the case turned graver; one that ran out starts
    afresh: there is something new to tell, or somebody new to tell it to."""
    statement = insert(connection, escalations)
    new, old = statement.excluded, escalations.c
    again = old.state != "open"
    sooner = sql_case((again | (new.next_at < old.next_at), new.next_at), else_=old.next_at)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["report_id"],
            set_={
                "urgency": new.urgency,
                "step": sql_case((again, new.step), else_=old.step),
                "state": "open",
                "started_at": sql_case((again, new.started_at), else_=old.started_at),
                "next_at": sooner,
            },
            where=again | (new.urgency < old.urgency),
        ),
        list(rows),
    )


def _clocks(connection: Connection, ids: Sequence[str]) -> dict[str, Row[Any]]:
    """report → its clock."""
    found = connection.execute(select(escalations).where(escalations.c.report_id.in_(ids)))
    return {row.report_id: row for row in found}


def _told_before(connection: Connection, ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """report → liaison → the round up to which they were told at once."""
    rows = connection.execute(
        select(deliveries.c.subject, deliveries.c.liaison_id, deliveries.c.round).where(
            deliveries.c.subject.in_(ids), deliveries.c.purpose.in_(TELLING), deliveries.c.channel == "sms"
        )
    )
    told: dict[str, dict[str, int]] = {}
    for subject, liaison, round_ in rows:
        rounds = told.setdefault(subject, {})
        rounds[liaison] = max(rounds.get(liaison, 0), round_)
    return told


def _asked(connection: Connection, ids: Sequence[str]) -> dict[str, list[Row[Any]]]:
    """report → the questions that wait for an answer."""
    found: dict[str, list[Row[Any]]] = {}
    open_ = questions.c.report_id.in_(ids) & (questions.c.state == "sent")
    for row in connection.execute(select(questions).where(open_)):
        found.setdefault(row.report_id, []).append(row)
    return found
