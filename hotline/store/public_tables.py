"""The tables of what people ask for besides reporting: alerts, joining in, opinions, patrols, dates, known numbers.

Phones and words are sealed to the workers' key; a pseudonym says that it is the same phone and no more.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, DateTime, Integer, LargeBinary, String, Table

from hotline.store.schema import metadata

_sender = String(32)
# An area's code, a state's, or "*" for everywhere.
_place = String(8)

# Who wants alerts, and for where.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("sender", _sender, primary_key=True),
    Column("place", _place, primary_key=True),
    Column("phone", LargeBinary, nullable=False),  # sealed
    Column("language", String(3), nullable=False),
    Column("created_at", DateTime, nullable=False),
)

volunteers = Table(
    "volunteers",
    metadata,
    Column("sender", _sender, primary_key=True),
    Column("place", _place, nullable=False),
    Column("phone", LargeBinary, nullable=False),  # sealed
    Column("created_at", DateTime, nullable=False),
)

opinions = Table(
    "opinions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("sender", _sender, nullable=False, index=True),
    Column("place", _place, nullable=False),
    Column("words", LargeBinary, nullable=False),  # sealed
    Column("created_at", DateTime, nullable=False),
)

# Wishes for a patrol, counted by place and day; what was written is a report like any other.
patrol_requests = Table(
    "patrol_requests",
    metadata,
    Column("place", _place, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("count", Integer, nullable=False),
)

# Dates that neighbours may come to, besides those of the profile. Local time.
jornadas = Table(
    "jornadas",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("area", _place, nullable=False),
    Column("starts", DateTime, nullable=False, index=True),
    Column("title", String(60), nullable=False),
    Column("place", String(60), nullable=False),
)

# Numbers known from elsewhere, by the print that evidence has too: good (a bank's own) or bad (published as a swindle).
known_numbers = Table(
    "known_numbers",
    metadata,
    Column("fingerprint", String(32), primary_key=True),
    Column("standing", String(4), nullable=False),  # good, bad
    Column("added_at", DateTime, nullable=False),
)

# How often a phone tried claves that are nobody's, and since when.
guesses = Table(
    "guesses",
    metadata,
    Column("sender", _sender, primary_key=True),
    Column("wrong", Integer, nullable=False),
    Column("since", DateTime, nullable=False),
)
