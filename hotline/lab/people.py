"""The people of the page, from `people.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

ROLES = frozenset({"caller", "liaison"})
KINDS = frozenset({"mobile", "landline"})
_FILE = Path(__file__).with_name("people.toml")


@dataclass(frozen=True)
class Person:
    """`phone` is E.164; `duty` (first, second or supervisor), `email` and `areas` (INEGI codes) are a liaison's.

    `show` is what the called party sees instead of the number, None where it is not hidden. No areas means all.
    """

    id: str
    name: str
    role: str
    phone: str
    kind: str
    note: str
    show: str | None = None
    duty: str | None = None
    email: str | None = None
    areas: tuple[str, ...] = ()


def people(path: Path = _FILE) -> list[Person]:
    """Everybody, in the order of the file. Raises ValueError naming the person and the key that is wrong."""
    found: list[Person] = []
    for entry in tomllib.loads(path.read_text(encoding="utf-8"))["person"]:
        try:
            person = Person(**{**entry, "areas": tuple(entry.get("areas", ()))})
        except TypeError as error:
            raise ValueError(f"{path.name}: {entry.get('id', '?')}: {error}") from error
        if person.role not in ROLES or person.kind not in KINDS:
            raise ValueError(f"{path.name}: {person.id}: role {person.role!r}, kind {person.kind!r}")
        found.append(person)
    return found
