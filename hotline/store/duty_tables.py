"""The tables of duty: who serves when, what became of each case, what was asked, what is still to be heard."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, DateTime, ForeignKey, Index, Integer, LargeBinary, String, Table

from hotline.store.schema import metadata

__all__ = ["case_events", "escalations", "metadata", "patterns", "questions", "shifts"]

_id = String(64)

# A liaison's hours, local. One without any is always on duty.
shifts = Table(
    "shifts",
    metadata,
    Column("id", _id, primary_key=True),
    Column("liaison_id", _id, ForeignKey("liaisons.id"), nullable=False, index=True),
    Column("days", JSON, nullable=False),  # of the week, Monday is 0
    Column("starts", String(5), nullable=False),
    Column("ends", String(5), nullable=False),  # at or before `starts`: on the next day
    Column("holidays", Boolean, nullable=False),  # serves on holidays too
)

# What happened to a case, in order. `words` is sealed to the workers' key.
case_events = Table(
    "case_events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("report_id", _id, nullable=False, index=True),
    Column("at", DateTime, nullable=False),
    Column("what", String(16), nullable=False),
    Column("liaison_id", _id),  # who did it; null: the hotline
    Column("to_liaison", _id),
    Column("detail", String(32)),
    Column("words", LargeBinary),
)

# A liaison's question to a reporter. The answer is the masked parts of the report from `from_part` on.
questions = Table(
    "questions",
    metadata,
    Column("id", _id, primary_key=True),
    Column("report_id", _id, nullable=False, index=True),
    Column("liaison_id", _id, ForeignKey("liaisons.id"), nullable=False),
    Column("asked_at", DateTime, nullable=False),
    Column("words", LargeBinary, nullable=False),  # sealed
    Column("state", String(10), nullable=False),  # waiting, sent, answered, failed, refused
    Column("from_part", Integer),
    Column("sent_at", DateTime),
    Column("answered_at", DateTime),
)

# An urgent case that nobody has taken yet: which step of waking people it is at, and when the next one is due.
escalations = Table(
    "escalations",
    metadata,
    Column("report_id", _id, primary_key=True),
    Column("urgency", String(2), nullable=False),
    Column("step", Integer, nullable=False),
    Column("state", String(10), nullable=False),  # open, heard, exhausted, over
    Column("started_at", DateTime, nullable=False),
    Column("next_at", DateTime, nullable=False),
    Index("ix_escalations_next_at", "state", "next_at"),
)

# Evidence that several cases share.
patterns = Table(
    "patterns",
    metadata,
    Column("fingerprint", String(32), primary_key=True),
    Column("type", String(20), nullable=False),
    Column("cases", Integer, nullable=False),
    Column("areas", Integer, nullable=False),
    Column("found_at", DateTime, nullable=False),
    Column("grown_at", DateTime, nullable=False, index=True),
)
