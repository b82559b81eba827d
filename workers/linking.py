"""Patterns: the same phone, account, plate or alias in several cases, found by its keyed print and never opened here.

New evidence is compared once. A pattern over the profile's threshold is kept, its cases are marked by it, and the
liaisons it concerns are told: each once a pattern, however it grows; the digest says how it goes on. Nobody is woken
for it: who is off shift or sleeps is told when they serve again, who is on duty at once where a life is at stake.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select, union, update

from hotline.logs import log
from hotline.profile import Profile
from hotline.store import duty, errands, events
from hotline.store.duty_tables import case_events, patterns
from hotline.store.engine import insert, utcnow
from hotline.store.schema import ENDED, deliveries, digest_entries, evidence, liaisons, reports
from workers.office import Office

BATCH = 500


def link(office: Office, now: datetime | None = None) -> int:
    """Compares what was not compared yet; how many patterns were found or grew."""
    now = now or utcnow()
    found = 0
    while True:
        with office.engine.begin() as connection:
            fresh = connection.execute(
                select(evidence.c.report_id, evidence.c.fingerprint, evidence.c.type)
                .where(evidence.c.linked_at.is_(None))
                .order_by(evidence.c.report_id, evidence.c.fingerprint)
                .limit(BATCH)
            ).all()
            if not fresh:
                break
            found += _compare(office.profile, connection, fresh, now)
            # Whatever has these prints is compared now: taking them all at once leaves no case of a batch out.
            connection.execute(
                update(evidence)
                .where(
                    evidence.c.linked_at.is_(None),
                    evidence.c.report_id.in_({row.report_id for row in fresh}),
                    evidence.c.fingerprint.in_({row.fingerprint for row in fresh}),
                )
                .values(linked_at=now)
            )
    if found:
        log("linking").info("patterns found or grown", patterns=found)
        office.bell.ring("deliver")
    return found


def _compare(profile: Profile, connection: Connection, fresh: Sequence[Any], now: datetime) -> int:
    rules = profile.duty
    types = {row.fingerprint: row.type for row in fresh if row.type in rules.pattern_cases}
    if not types:
        return 0
    since = now - timedelta(days=rules.pattern_days)
    counted = connection.execute(
        select(
            evidence.c.fingerprint,
            func.count(func.distinct(evidence.c.report_id)).label("cases"),
            func.count(func.distinct(func.coalesce(reports.c.area, reports.c.state))).label("areas"),
        )
        .join(reports, reports.c.id == evidence.c.report_id)
        .where(evidence.c.fingerprint.in_(types), reports.c.opened_at >= since)
        .group_by(evidence.c.fingerprint)
    )
    found = 0
    for row in counted:
        if row.cases >= rules.pattern_cases[types[row.fingerprint]]:
            new = {each.report_id for each in fresh if each.fingerprint == row.fingerprint}
            cases = _keep(connection, row, types[row.fingerprint], new, now)
            _tell(profile, connection, row.fingerprint, cases, new=new, now=now)
            found += 1
    return found


def _keep(connection: Connection, row: Row[Any], type_: str, new: set[str], now: datetime) -> set[str]:
    """Keeps the pattern and marks its new cases (all of them when it is new itself); all its cases."""
    known = connection.scalar(select(patterns.c.cases).where(patterns.c.fingerprint == row.fingerprint))
    statement = insert(connection, patterns)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["fingerprint"],
            set_={"cases": row.cases, "areas": row.areas, "grown_at": now},
        ),
        {
            "fingerprint": row.fingerprint,
            "type": type_,
            "cases": row.cases,
            "areas": row.areas,
            "found_at": now,
            "grown_at": now,
        },
    )
    query = select(evidence.c.report_id).where(evidence.c.fingerprint == row.fingerprint)
    cases = set(connection.scalars(query))
    connection.execute(
        case_events.insert(),
        [events.row(case, "pattern", now, detail=type_) for case in sorted(cases if known is None else new)],
    )
    return cases


def _tell(
    profile: Profile, connection: Connection, fingerprint: str, cases: set[str], *, new: set[str], now: datetime
) -> None:
    """Has the liaisons told whom it concerns, each in their hours."""
    grave = select(reports.c.id).where(reports.c.id.in_(new), reports.c.urgency == "P1", reports.c.status.not_in(ENDED))
    nights = connection.execute(grave.limit(1)).first() is None
    people = _concerned(connection, cases)
    standings, moment = duty.standings(connection, people, now), duty.local(profile, now)
    texts = []
    for liaison_id, standing in standings.items():
        due = duty.stored(standing.rests_until(moment, profile.duty, nights=nights))
        texts.append(errands.delivery("pattern", fingerprint, liaison_id, "sms", now, due=max(due, now)))
    errands.add(connection, texts)


def _concerned(connection: Connection, cases: set[str]) -> Sequence[Row[Any]]:
    """The active liaisons who were told of any of these cases or have taken one."""
    told = union(
        select(deliveries.c.liaison_id).where(
            deliveries.c.subject.in_(cases), deliveries.c.purpose.in_(("urgent", "update", "passed"))
        ),
        select(digest_entries.c.liaison_id).where(digest_entries.c.report_id.in_(cases)),
        select(reports.c.acknowledged_by).where(reports.c.id.in_(cases)),
    ).subquery()
    query = select(liaisons).where(liaisons.c.active.is_(True), liaisons.c.id.in_(select(told.c[0])))
    return connection.execute(query.order_by(liaisons.c.id)).all()
