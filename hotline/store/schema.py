"""The tables. What a thief of the database reads here is pseudonyms, kinds, areas, times; the rest is ciphertext.

Times are UTC without zone, to the second at most where nothing needs finer. Ids are opaque: the carrier's for what
came in, random or keyed hashes for what is ours.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    }
)

_id = String(64)
# SQLite: the rows in the primary key's own tree, so that an insert at a random key touches one page instead of two.
_BY_KEY: dict[str, Any] = {"sqlite_with_rowid": False}

# One phone's running conversation: which report its next text joins, and how often it was answered lately.
conversations = Table(
    "conversations",
    metadata,
    Column("sender", String(32), primary_key=True),
    Column("report_id", _id, nullable=False),
    Column("last_at", DateTime, nullable=False),
    Column("by_call", Boolean, nullable=False),
    Column("asked_about", _id),  # the report a liaison asked about: the next text answers, however late
    Column("had_place", Boolean, nullable=False),
    Column("has_place", Boolean, nullable=False),
    Column("answers", Integer, nullable=False),
    Column("answers_since", DateTime, nullable=False),
    Column("answered_at", DateTime),  # when a text of its report was last answered
    Column("is_part", Boolean, nullable=False),  # the last text is a part of the one before
    Column("is_long", Boolean, nullable=False),  # the last text may have been cut by the network
    Column("after_long", Boolean, nullable=False),  # so was the one before it
    Column("hushed", Boolean, nullable=False),  # its owner asked for no answers
    Column("language", String(3)),  # that its owner chose
    **_BY_KEY,
)

# One case, made by the filing of its first message.
reports = Table(
    "reports",
    metadata,
    Column("id", _id, primary_key=True),
    Column("code", String(8), nullable=False, unique=True),
    Column("channel", String(8), nullable=False),
    Column("opened_at", DateTime, nullable=False),
    Column("status", String(16), nullable=False),  # filed, held, acknowledged, closed, erased
    Column("kind", String(32)),
    Column("urgency", String(2)),
    Column("area", String(8)),
    Column("state", String(4)),
    Column("text", LargeBinary),  # field-encrypted JSON: the masked parts, oldest first
    Column("masks", LargeBinary),  # field-encrypted JSON: prints of what was masked, with the number each carries
    Column("loose_end", LargeBinary),  # field-encrypted: the last words, when they may begin an identifier; for a day
    Column("return_address", LargeBinary),  # field-encrypted phone, until the case closes or its time is up
    Column("filed_at", DateTime, nullable=False),
    Column("routed_at", DateTime),
    Column("acknowledged_by", _id),
    Column("acknowledged_at", DateTime),
    Column("no_calls", Boolean, nullable=False, server_default=text("false")),
    Column("no_texts", Boolean, nullable=False, server_default=text("false")),
    Column("asks_erasure", Boolean, nullable=False, server_default=text("false")),
    Index("ix_reports_opened_at", "opened_at"),
    **_BY_KEY,
)

claves = Table(
    "claves",
    metadata,
    Column("hash", String(32), primary_key=True),
    Column("report_id", _id, nullable=False),
    **_BY_KEY,
)

# What came in, one row a MessageSid or step of a call. `sealed` is emptied when the message is filed; the row stays,
# so that the same message is never taken twice.
messages = Table(
    "messages",
    metadata,
    Column("id", _id, primary_key=True),
    Column("report_id", _id, nullable=False),
    Column("promised", _id),  # another report id whose clave its sender was given
    Column("channel", String(8), nullable=False),
    Column("received_at", DateTime, nullable=False),
    Column("ready_at", DateTime, nullable=False),
    Column("state", String(8), nullable=False),  # waiting, filed, held
    Column("sealed", LargeBinary),
    Column("part", Integer),  # of a held message: which part of its report stands for it
    Column("attempts", Integer, nullable=False),
    Column("lease", String(32)),
    Column("lease_until", DateTime),
)
# Few rows wait at any time: an index over those alone stays small, and the door writes no other.
_waiting = messages.c.state == "waiting"
Index("ix_messages_ready_at", messages.c.ready_at, sqlite_where=_waiting, postgresql_where=_waiting)

# What identifies the other side, or nobody knows which: apart from the text, opened on purpose only.
evidence = Table(
    "evidence",
    metadata,
    Column("report_id", _id, primary_key=True),
    Column("fingerprint", String(32), primary_key=True),
    Column("type", String(20), nullable=False),
    Column("owner", String(8), nullable=False),  # suspect, unknown
    Column("value", LargeBinary, nullable=False),
    Index("ix_evidence_fingerprint", "fingerprint"),
)

# Who looked at a held message and what was decided: the message's id, never what it says.
quarantine_looks = Table(
    "quarantine_looks",
    metadata,
    Column("id", _id, primary_key=True),
    Column("message_id", _id, nullable=False, index=True),
    Column("at", DateTime, nullable=False),
    Column("operator", String(64), nullable=False),
    Column("act", String(12), nullable=False),  # shown, released, masked, expired
)

liaisons = Table(
    "liaisons",
    metadata,
    Column("id", _id, primary_key=True),
    Column("sender", String(32), nullable=False, unique=True),
    Column("details", LargeBinary, nullable=False),  # sealed JSON: name, phone, email
    Column("role", String(12), nullable=False),
    Column("areas", JSON, nullable=False),
    Column("states", JSON, nullable=False),
    Column("kinds", JSON, nullable=False),
    Column("digest_hours", JSON, nullable=False),
    Column("has_email", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", DateTime, nullable=False),
)

# One thing to be told to one liaison. The unique constraint is what makes telling it twice impossible by mistake.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", _id, primary_key=True),
    Column("purpose", String(12), nullable=False),  # urgent, update, digest
    Column("subject", _id, nullable=False),  # the report or digest it is about
    Column("liaison_id", _id, ForeignKey("liaisons.id"), nullable=False),
    Column("channel", String(5), nullable=False),  # sms, mail
    Column("round", Integer, nullable=False),
    Column("state", String(10), nullable=False),  # waiting, sent, delivered, failed
    Column("created_at", DateTime, nullable=False),
    Column("due_at", DateTime, nullable=False),
    Column("tried_at", DateTime),
    Column("attempts", Integer, nullable=False),
    Column("lease", String(32)),
    Column("lease_until", DateTime),
    Column("carrier_id", _id, index=True),
    Column("error_code", Integer),
    UniqueConstraint("purpose", "subject", "liaison_id", "channel", "round"),
    Index("ix_deliveries_due", "state", "due_at"),
)

digests = Table(
    "digests",
    metadata,
    Column("id", _id, primary_key=True),
    Column("liaison_id", _id, ForeignKey("liaisons.id"), nullable=False),
    Column("period", String(24), nullable=False),
    Column("created_at", DateTime, nullable=False),
    UniqueConstraint("liaison_id", "period"),
)

# What waits for a liaison's next digest (digest_id empty) or went into one.
digest_entries = Table(
    "digest_entries",
    metadata,
    Column("liaison_id", _id, ForeignKey("liaisons.id"), primary_key=True),
    Column("report_id", _id, ForeignKey("reports.id"), primary_key=True),
    Column("digest_id", _id, index=True),
)

# Copies at the carrier that are still to be deleted.
erasures = Table(
    "erasures",
    metadata,
    Column("carrier_id", _id, primary_key=True),
    Column("due_at", DateTime, nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("lease", String(32)),
    Column("lease_until", DateTime),
)
