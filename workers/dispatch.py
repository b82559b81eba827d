"""From a filed case to what is to be told to whom. Writes intentions only; sending is another errand.

Called inside the filing's transaction, so that no case is filed without its deliveries. Every intention has a key
(purpose, case, recipient, channel, round): dispatching the same case again adds nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from hotline.store.engine import insert, new_id
from hotline.store.schema import deliveries, digest_entries, liaisons, reports
from workers.casebook import Case
from workers.routing import Coverage, recipients


def on_duty(connection: Connection) -> list[Coverage]:
    """The active liaisons and what they cover."""
    rows = connection.execute(
        select(liaisons.c.id, liaisons.c.role, liaisons.c.areas, liaisons.c.states, liaisons.c.kinds)
        .where(liaisons.c.active.is_(True))
        .order_by(liaisons.c.created_at, liaisons.c.id)
    )
    return [
        Coverage(row.id, row.role, frozenset(row.areas), frozenset(row.states), frozenset(row.kinds)) for row in rows
    ]


def dispatch(
    connection: Connection, cases: Sequence[Case], duty: Sequence[Coverage], now: datetime, *, unheard: bool = False
) -> int:
    """Notes what each liaison is to be told of `cases`; how many texts are to leave at once.

    Urgent: to those on duty at once; who was told before gets what is new as an update. Not urgent: into the digests,
    again if something was added since. With no liaison at all the case stays unrouted until housekeeping finds one.
    `unheard`: whoever was told before was not reached, so that the case goes to others.
    """
    if not duty or not cases:
        return 0
    told = _told_before(connection, [case.id for case in cases])
    texts: list[dict[str, object]] = []
    entries: list[dict[str, object]] = []
    for case in cases:
        before = told.get(case.id, {})
        within = [one for one in duty if one.id not in before] if unheard else duty
        chosen = recipients(case.kind, case.area, case.state, within)
        if case.urgent or before:
            fresh = [one for one in chosen if one not in before]
            # A place that arrives late may bring other liaisons in; they get the whole, the earlier ones the rest.
            texts += [_text("urgent", case, one, now) for one in fresh if case.urgent]
            texts += [_text("update", case, one, now) for one, rounds in before.items() if rounds < len(case.parts)]
        else:
            entries += [{"liaison_id": one, "report_id": case.id, "digest_id": None} for one in chosen]
    if texts:
        connection.execute(insert(connection, deliveries).on_conflict_do_nothing(), texts)
    if entries:
        statement = insert(connection, digest_entries)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["liaison_id", "report_id"], set_={"digest_id": statement.excluded.digest_id}
            ),
            entries,
        )
    connection.execute(update(reports).where(reports.c.id.in_([case.id for case in cases])).values(routed_at=now))
    return len(texts)


def _told_before(connection: Connection, ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """report → liaison → the round up to which they were told at once."""
    rows = connection.execute(
        select(deliveries.c.subject, deliveries.c.liaison_id, deliveries.c.round).where(
            deliveries.c.subject.in_(ids), deliveries.c.purpose.in_(("urgent", "update"))
        )
    )
    told: dict[str, dict[str, int]] = {}
    for subject, liaison, round_ in rows:
        rounds = told.setdefault(subject, {})
        rounds[liaison] = max(rounds.get(liaison, 0), round_)
    return told


def _text(purpose: str, case: Case, liaison_id: str, now: datetime) -> dict[str, object]:
    return {
        "id": new_id(),
        "purpose": purpose,
        "subject": case.id,
        "liaison_id": liaison_id,
        "channel": "sms",
        "round": len(case.parts),
        "state": "waiting",
        "created_at": now,
        "due_at": now,
        "attempts": 0,
    }
