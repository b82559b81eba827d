"""Questions about calls: whether one broke off a little while ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from hotline.store.schema import conversations, messages


@dataclass(frozen=True, slots=True)
class BrokenOff:
    """A call that ended before its report was told to its end: the report, and what is known of it already."""

    report_id: str
    has_place: bool
    has_words: bool


def broken_off(connection: Connection, sender: str, since: datetime) -> BrokenOff | None:
    """The last call of `sender` (a pseudonym), if it came after `since` and broke off; nothing that was said."""
    report_id: str | None = connection.scalar(
        select(conversations.c.report_id).where(
            conversations.c.sender == sender, conversations.c.by_call.is_(True), conversations.c.last_at >= since
        )
    )
    if report_id is None:
        return None
    ids = connection.scalars(
        select(messages.c.id).where(messages.c.report_id == report_id, messages.c.received_at >= since)
    )
    steps = {step for _, _, step in (str(id).partition(":") for id in ids)}
    if "end" in steps or not steps:
        return None
    return BrokenOff(report_id, "place" in steps, any(step.startswith("story") for step in steps))
