"""What the same evidence says of several cases, without opening any of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from hotline.store.duty_tables import patterns
from hotline.store.schema import evidence


@dataclass(frozen=True, slots=True)
class Pattern:
    """Evidence of one `type` that stands in so many `cases` of so many `areas`."""

    fingerprint: str
    type: str
    cases: int
    areas: int


def patterns_of(connection: Connection, report_id: str) -> list[Pattern]:
    """The patterns that a case belongs to, the widest first."""
    query = (
        select(patterns.c.fingerprint, patterns.c.type, patterns.c.cases, patterns.c.areas)
        .join(evidence, evidence.c.fingerprint == patterns.c.fingerprint)
        .where(evidence.c.report_id == report_id)
        .order_by(patterns.c.cases.desc(), patterns.c.fingerprint)
    )
    return [Pattern(*row) for row in connection.execute(query)]


def marked(connection: Connection, report_ids: Sequence[str]) -> set[str]:
    """Which of these cases belong to a pattern."""
    query = (
        select(evidence.c.report_id)
        .join(patterns, patterns.c.fingerprint == evidence.c.fingerprint)
        .where(evidence.c.report_id.in_(report_ids))
    )
    return set(connection.scalars(query))
