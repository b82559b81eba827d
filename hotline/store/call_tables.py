"""The tables of calls: whom to ring back, and who waits for a person."""

from __future__ import annotations

from sqlalchemy import JSON, Column, DateTime, Integer, LargeBinary, String, Table

from hotline.store.schema import metadata

# Who rang and hung up, one row a phone. The number is sealed and emptied once it was rung.
ring_backs = Table(
    "ring_backs",
    metadata,
    Column("sender", String(32), primary_key=True),
    Column("phone", LargeBinary),
    Column("asked_at", DateTime, nullable=False),
    Column("due_at", DateTime, nullable=False),
    Column("state", String(8), nullable=False),  # waiting, rung, failed
    Column("times", Integer, nullable=False),  # since times_since, at most a day ago
    Column("times_since", DateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease", String(32)),
    Column("lease_until", DateTime),
)

# A caller who waits for a person. `position` is where the call goes on when nobody can be had.
bridges = Table(
    "bridges",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("call_id", String(64), nullable=False),
    Column("report_id", String(64), nullable=False),
    Column("position", String(200), nullable=False),
    Column("kind", String(32)),
    Column("state", String(8), nullable=False),  # waiting, dialling, talking, nobody, ended
    Column("tried", JSON, nullable=False),
    Column("asked_at", DateTime, nullable=False),
    Column("due_at", DateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease", String(32)),
    Column("lease_until", DateTime),
)

# A story told to a recorder, where no machine understands the language. The audio is encrypted, kept until somebody has
# written down what it says or its time is up, and told to no liaison.
recordings = Table(
    "recordings",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("call_id", String(64), nullable=False),
    Column("report_id", String(64), nullable=False),
    Column("language", String(3), nullable=False),
    Column("state", String(8), nullable=False),  # waiting, kept, written, failed
    Column("audio", LargeBinary),  # field-encrypted
    Column("created_at", DateTime, nullable=False),
    Column("due_at", DateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease", String(32)),
    Column("lease_until", DateTime),
)
