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
    Column(
        "is_part", Boolean, nullable=False, server_default=text("false")
    ),  # the last text is a part of the one before
    Column(
        "is_long", Boolean, nullable=False, server_default=text("false")
    ),  # the last text may have been cut by the network
    Column("after_long", Boolean, nullable=False, server_default=text("false")),  # so was the one before it
    Column("hushed", Boolean, nullable=False, server_default=text("false")),  # its owner asked for no answers
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
    Column("passed_to", _id),  # the liaison asked to take it over, until they have
    Column("closed_at", DateTime),
    Column("outcome", String(24)),
    # A complaint: the bodies complained of, as ",ssc,fgj,", or "?" while nobody can tell. Null: no complaint.
    Column("against", String(200)),
    Column("no_calls", Boolean, nullable=False, server_default=text("false")),
    Column("no_texts", Boolean, nullable=False, server_default=text("false")),
    Column("asks_erasure", Boolean, nullable=False, server_default=text("false")),
    Index("ix_reports_opened_at", "opened_at"),
    Index("ix_reports_acknowledged_by", "acknowledged_by", "status"),
    Index("ix_reports_passed_to", "passed_to"),
    Index("ix_reports_closed_at", "closed_at"),
    **_BY_KEY,
)

# What housekeeping looks for among all that is stored, and the clock every few seconds: few rows at any time.
for _name, _few in (
    ("loose_end", reports.c.loose_end.is_not(None)),
    ("return_address", reports.c.return_address.is_not(None)),
    ("unrouted", reports.c.routed_at.is_(None)),
):
    Index(f"ix_reports_{_name}", reports.c.opened_at, sqlite_where=_few, postgresql_where=_few)

ERASED = "erased"
# Nothing more is done about a case that stands so.
ENDED = ("closed", ERASED)

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
_held = messages.c.state == "held"
Index("ix_messages_held", messages.c.report_id, sqlite_where=_held, postgresql_where=_held)
# Written when a message is filed, not at the door.
_filed = messages.c.state == "filed"
Index("ix_messages_filed", messages.c.received_at, sqlite_where=_filed, postgresql_where=_filed)

# What identifies the other side, or nobody knows which: apart from the text, opened on purpose only.
evidence = Table(
    "evidence",
    metadata,
    Column("report_id", _id, primary_key=True),
    Column("fingerprint", String(32), primary_key=True),
    Column("type", String(20), nullable=False),
    Column("owner", String(8), nullable=False),  # suspect, unknown
    Column("value", LargeBinary, nullable=False),
    Column("linked_at", DateTime),  # when it was compared with that of other cases; null: not yet
    Index("ix_evidence_fingerprint", "fingerprint"),
)
_unlinked = evidence.c.linked_at.is_(None)
Index("ix_evidence_linked_at", evidence.c.linked_at, sqlite_where=_unlinked, postgresql_where=_unlinked)

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
    Column("name_prints", JSON, nullable=False),  # keyed prints of the name's words, to be found by without opening
    Column("role", String(12), nullable=False),
    Column("body", String(40)),  # the authority they serve in: never told of complaints about it
    Column("areas", JSON, nullable=False),
    Column("states", JSON, nullable=False),
    Column("kinds", JSON, nullable=False),
    Column("digest_hours", JSON, nullable=False),
    Column("has_email", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("away_since", DateTime),  # said to be out of service, until they say otherwise
    Column("on_until", DateTime),  # said to be in service outside their shifts, until then
    Column("created_at", DateTime, nullable=False),
)

# One thing to be told to one liaison. The unique constraint is what makes telling it twice impossible by mistake.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", _id, primary_key=True),
    # urgent, update, answer, passed, story, taken, handed, unheard, unpassed, pattern, digest, watch; question and
    # bridge: on a liaison's behalf to the reporter; unsent, private, uncalled, unjoined: what became of these
    Column("purpose", String(12), nullable=False),
    Column("subject", _id, nullable=False),  # the report, digest, question or pattern it is about
    Column("liaison_id", _id, ForeignKey("liaisons.id")),  # null: the operator
    Column("channel", String(5), nullable=False),  # sms, mail, call, speak; to the reporter: ask, ring, join
    Column("round", Integer, nullable=False),  # how many parts of the report it tells
    Column("step", Integer, nullable=False, server_default="0"),  # of the escalation, or which time it is asked for
    Column("state", String(10), nullable=False),  # waiting, sent, delivered, failed
    Column("created_at", DateTime, nullable=False),
    Column("due_at", DateTime, nullable=False),
    Column("tried_at", DateTime),
    Column("attempts", Integer, nullable=False),
    Column("lease", String(32)),
    Column("lease_until", DateTime),
    Column("carrier_id", _id, index=True),
    Column("error_code", Integer),
    UniqueConstraint("purpose", "subject", "liaison_id", "channel", "round", "step"),
    Index("ix_deliveries_due", "state", "due_at"),
    Index("ix_deliveries_liaison_id", "liaison_id", "created_at"),
    Index("ix_deliveries_subject", "subject"),
)

digests = Table(
    "digests",
    metadata,
    Column("id", _id, primary_key=True),
    Column("liaison_id", _id, ForeignKey("liaisons.id"), nullable=False),
    Column("period", String(24), nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("since", DateTime),  # what it tells of began here: the digest before it, or the liaison's joining
    Column("weekly", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("liaison_id", "period"),
    Index("ix_digests_created_at", "created_at"),
    Index("ix_digests_liaison_id", "liaison_id", "created_at"),
)

# What waits for a liaison's next digest (digest_id empty) or went into one.
digest_entries = Table(
    "digest_entries",
    metadata,
    Column("liaison_id", _id, ForeignKey("liaisons.id"), primary_key=True),
    Column("report_id", _id, ForeignKey("reports.id"), primary_key=True),
    Column("digest_id", _id, index=True),
    Index("ix_digest_entries_report_id", "report_id"),
)
# A liaison's past entries are many, those that wait few.
_undigested = digest_entries.c.digest_id.is_(None)
Index(
    "ix_digest_entries_waiting",
    digest_entries.c.liaison_id,
    sqlite_where=_undigested,
    postgresql_where=_undigested,
)

# Copies at the carrier that are still to be deleted.
erasures = Table(
    "erasures",
    metadata,
    Column("carrier_id", _id, primary_key=True),
    Column("due_at", DateTime, nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("lease", String(32), index=True),
    Column("lease_until", DateTime),
)
