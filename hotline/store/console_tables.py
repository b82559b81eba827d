"""The console's tables: accounts, invitations, sessions, what is asked of the workers, and the audit log.

A thief of the database reads here who was signed in when and which case was looked at; neither passwords nor the
secrets of second factors, encrypted with a key that only the workers hold, nor any answer, sealed to a key that only
the liaison's browser holds.
"""

from __future__ import annotations

from sqlalchemy import Column, DateTime, ForeignKey, Index, Integer, LargeBinary, String, Table

from hotline.store.duty_tables import metadata

__all__ = ["accounts", "audit", "invitations", "metadata", "requests", "sessions"]

_id = String(64)

accounts = Table(
    "console_accounts",
    metadata,
    Column("liaison_id", _id, ForeignKey("liaisons.id"), primary_key=True),
    Column("credentials", LargeBinary, nullable=False),  # field-encrypted JSON: argon2 hash, TOTP secret
    Column("last_step", Integer, nullable=False),  # the newest TOTP step used: no code serves twice
    Column("made_at", DateTime, nullable=False),
)

invitations = Table(
    "console_invitations",
    metadata,
    Column("id", _id, primary_key=True),  # hash of the link's token
    Column("liaison_id", _id, ForeignKey("liaisons.id"), nullable=False),
    Column("proof", LargeBinary, nullable=False),  # field-encrypted: only workers and operators can invite
    Column("made_at", DateTime, nullable=False),
    Column("expires_at", DateTime, nullable=False),
    Column("used_at", DateTime),
)

sessions = Table(
    "console_sessions",
    metadata,
    Column("id", _id, primary_key=True),  # hash of the cookie's token
    Column("liaison_id", _id, ForeignKey("liaisons.id"), nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("grant", LargeBinary, nullable=False),  # field-encrypted: only workers can make a session
    Column("card", LargeBinary, nullable=False),  # sealed to the session: names to show
    Column("opened_at", DateTime, nullable=False),
    Column("seen_at", DateTime, nullable=False),
    Column("expires_at", DateTime, nullable=False),
    Column("ended_at", DateTime),
    Index("ix_console_sessions_liaison_id", "liaison_id"),
)

# What the web process asks of the workers and what they answer. Rows live for minutes.
requests = Table(
    "console_requests",
    metadata,
    Column("id", _id, primary_key=True),
    Column("session_id", _id, nullable=False, index=True),
    Column("errand", String(12), nullable=False),
    Column("question", LargeBinary, nullable=False),  # sealed JSON
    Column("answer", LargeBinary),  # JSON sealed to the session
    Column("state", String(8), nullable=False),  # waiting, answered
    Column("made_at", DateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease", String(32)),
    Column("lease_until", DateTime),
    Index("ix_console_requests_state", "state", "made_at"),
)

# Only ever added to. Each row's chain value depends on the row before.
audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", DateTime, nullable=False),
    Column("actor", _id, nullable=False),
    Column("act", String(32), nullable=False),
    Column("subject", _id, nullable=False),
    Column("note", LargeBinary),  # sealed
    Column("chain", String(32), nullable=False),
    Index("ix_audit_actor", "actor", "seq"),
)
