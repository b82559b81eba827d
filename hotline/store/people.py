"""The liaisons in the store. Who they are is sealed to the workers' key; what they cover is in clear."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.exc import IntegrityError

from hotline import phones
from hotline.language.fold import plain
from hotline.language.sounds import sounds
from hotline.personal import Phone
from hotline.profile import Profile
from hotline.store import handing
from hotline.store.engine import new_id, utcnow
from hotline.store.schema import liaisons
from hotline.vault import CannotOpen, Vault

ROLES = ("first", "second", "supervisor")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class PersonError(Exception):
    """A liaison cannot be added or found as asked. One line: what, and how to mend it."""


@dataclass(frozen=True, slots=True)
class NewLiaison:
    """A liaison to be added, checked against the profile."""

    name: str
    phone: Phone
    email: str | None
    areas: tuple[str, ...]
    states: tuple[str, ...]
    kinds: tuple[str, ...]
    role: str
    digest_hours: tuple[str, ...]
    body: str | None = None

    @classmethod
    def checked(
        cls,
        name: str,
        *,
        profile: Profile,
        phone: str,
        email: str | None = None,
        areas: tuple[str, ...] = (),
        states: tuple[str, ...] = (),
        kinds: tuple[str, ...] = (),
        role: str = "first",
        digests: tuple[str, ...] = (),
        body: str | None = None,
    ) -> NewLiaison:
        """Raises `PersonError` naming the first option that is wrong."""
        identity = phones.identity(phone, country=profile.country)
        if identity is None:
            raise PersonError("--phone: is not a phone number; write it like +525512345678")
        if email is not None and not _EMAIL.fullmatch(email):
            raise PersonError("--email: is not an address; write it like nombre@ejemplo.mx")
        demand_known(profile, areas, states, kinds)
        for hour in digests:
            try:
                if not re.fullmatch(r"\d\d:\d\d", hour):
                    raise ValueError
                time.fromisoformat(hour)
            except ValueError:
                raise PersonError(f"--digest: {hour} is not an hour; write it like 08:00") from None
        serves_in = profile.duty.body(body) if body and body.strip() else None
        return cls(name, identity, email, areas, states, kinds, role, tuple(sorted(digests)), serves_in)


def demand_known(profile: Profile, areas: tuple[str, ...], states: tuple[str, ...], kinds: tuple[str, ...]) -> None:
    """Raises `PersonError` for the first area, state or kind that the profile lacks."""
    for option, given, known in (
        ("--area", areas, profile.areas),
        ("--state", states, profile.states),
        ("--kind", kinds, profile.kinds),
    ):
        unknown = [value for value in given if value not in known]
        if unknown:
            examples = ", ".join(list(known)[:4])
            raise PersonError(f"{option}: {unknown[0]} is not in the profile; it has {examples}, …")


@dataclass(frozen=True, slots=True)
class ListedLiaison:
    """A liaison as the operator's list shows one. `name` is None where the private key is not at hand."""

    id: str
    name: str | None
    role: str
    areas: tuple[str, ...]
    states: tuple[str, ...]
    kinds: tuple[str, ...]
    digest_hours: tuple[str, ...]
    active: bool
    body: str | None
    away: bool


def add(connection: Connection, vault: Vault, person: NewLiaison) -> str:
    """Adds `person` and gives the new id. Adding the same phone again replaces what was known of it."""
    details = {"name": person.name, "phone": person.phone.reveal(), "email": person.email}
    row = {
        "details": vault.seal(json.dumps(details, ensure_ascii=False).encode()),
        "name_prints": _prints(vault, person.name),
        "role": person.role,
        "body": person.body,
        "areas": list(person.areas),
        "states": list(person.states),
        "kinds": list(person.kinds),
        "digest_hours": list(person.digest_hours),
        "has_email": person.email is not None,
        "active": True,
        "away_since": None,
    }
    sender = vault.pseudonym(person.phone)
    known: str | None = connection.scalar(select(liaisons.c.id).where(liaisons.c.sender == sender))
    if known is not None:
        connection.execute(update(liaisons).where(liaisons.c.id == known).values(**row))
        return known
    liaison_id = new_id()[:12]
    try:
        connection.execute(liaisons.insert().values(id=liaison_id, sender=sender, created_at=utcnow(), **row))
    except IntegrityError:
        raise PersonError("--phone: was added by somebody else just now; look with: liaison list") from None
    return liaison_id


def everyone(connection: Connection, vault: Vault) -> list[ListedLiaison]:
    """All liaisons, oldest first."""
    rows = connection.execute(select(liaisons).order_by(liaisons.c.created_at, liaisons.c.id))
    return [
        ListedLiaison(
            id=row.id,
            name=_name(vault, row.details),
            role=row.role,
            areas=tuple(row.areas),
            states=tuple(row.states),
            kinds=tuple(row.kinds),
            digest_hours=tuple(row.digest_hours),
            active=row.active,
            body=row.body,
            away=row.away_since is not None,
        )
        for row in rows
    ]


def find(connection: Connection, vault: Vault, who: str) -> str:
    """The id of the liaison whose id is or begins with `who`, whose phone it is, or whose name alone has these words.
    Raises `PersonError`."""
    if not who.strip():
        raise PersonError("LIAISON: is empty; look with: flask --app hotline liaison list")
    phone = phones.identity(who)
    by_phone = liaisons.c.sender == vault.pseudonym(phone) if phone else liaisons.c.id == who
    ids = list(
        connection.scalars(select(liaisons.c.id).where(by_phone | liaisons.c.id.startswith(who, autoescape=True)))
    )
    if not ids:
        ids = named(connection, vault, who)
    if len(ids) != 1:
        reason = "several liaisons begin or are called so" if ids else "no liaison has this id, phone or name"
        raise PersonError(f"LIAISON: {reason}; look with: flask --app hotline liaison list")
    return str(ids[0])


def switch_off(connection: Connection, vault: Vault, who: str) -> str:
    """Nothing more is told to the liaison, and their open cases go to others; what was told stays on record. Gives the
    id. Raises `PersonError`."""
    liaison_id = find(connection, vault, who)
    connection.execute(update(liaisons).where(liaisons.c.id == liaison_id).values(active=False))
    handing.set_free(connection, liaison_id, utcnow())
    return liaison_id


def cover(
    connection: Connection,
    liaison_id: str,
    *,
    areas: tuple[str, ...],
    states: tuple[str, ...],
    kinds: tuple[str, ...],
    role: str,
    body: str | None,
) -> None:
    """Changes what a liaison answers for; values as `NewLiaison.checked` leaves them."""
    values = {"areas": list(areas), "states": list(states), "kinds": list(kinds), "role": role, "body": body}
    connection.execute(update(liaisons).where(liaisons.c.id == liaison_id).values(**values))


def named(connection: Connection, vault: Vault, words: str) -> list[str]:
    """The ids of the active liaisons who are meant by `words`: their phone, their role, or words of their name, as it
    sounds. Names are not opened for this: their words are kept as keyed prints."""
    everyone_on = select(liaisons).where(liaisons.c.active.is_(True)).order_by(liaisons.c.created_at, liaisons.c.id)
    phone = phones.identity(words)
    if phone is not None:
        return list(
            connection.scalars(
                everyone_on.with_only_columns(liaisons.c.id).where(liaisons.c.sender == vault.pseudonym(phone))
            )
        )
    rows = connection.execute(everyone_on).all()
    if is_role(words):
        return [row.id for row in rows if row.role == "supervisor"]
    spoken = re.findall(r"[a-z]+", plain(words))
    found = _called(vault, rows, spoken)
    if found:
        return found
    # "Bteo": one name with two letters swapped.
    first = spoken[0] if spoken and len(spoken[0]) > 3 else ""
    slips = [_called(vault, rows, [_swapped(first, at), *spoken[1:]]) for at in range(len(first) - 1)]
    meant = {liaison_id for ids in slips for liaison_id in ids}
    return [row.id for row in rows if row.id in meant]


def without_reason(words: str) -> str:
    """`words` up to where they say why instead of who: "Beto porque voy lejos" is Beto."""
    said = words.split()
    return " ".join(said[: next((at for at, word in enumerate(said) if at and plain(word) in _REASONS), len(said))])


def _called(vault: Vault, rows: Sequence[Row[Any]], said: Sequence[str]) -> list[str]:
    wanted = set(_prints(vault, " ".join(said)))
    return [row.id for row in rows if wanted and wanted <= set(row.name_prints)]


def _swapped(word: str, at: int) -> str:
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


_SUPERVISOR = frozenset(sounds(word) for word in ("supervisor", "supervisora", "supervision", "jefe", "jefa"))
_SHORTEST_NAME = 2
# What follows whom to pass a case to, and is no part of their name.
_REASONS = frozenset(
    {"porque", "pq", "xq", "por", "para", "ya", "que", "gracias", "plis", "pls", "no", "es", "esta", "ella", "el", "yo"}
)


def is_role(words: str) -> bool:
    """Whether `words` mean whoever is supervisor, not somebody by name."""
    return sounds(plain(words).strip()) in _SUPERVISOR


def _prints(vault: Vault, name: str) -> list[str]:
    words = re.findall(r"[a-z]+", plain(name))
    return sorted({vault.fingerprint("name", sounds(word)) for word in words if len(word) >= _SHORTEST_NAME})


def _name(vault: Vault, details: bytes) -> str | None:
    try:
        return str(json.loads(vault.open(details))["name"])
    except CannotOpen:
        return None
