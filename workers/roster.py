"""Who the liaisons are: their sealed details, opened in the memory of one job."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from hotline.personal import Personal, Phone
from hotline.store.schema import liaisons
from hotline.vault import Vault


@dataclass(frozen=True, slots=True)
class Liaison:
    """A liaison as the errands address one."""

    id: str
    name: Personal
    phone: Phone
    email: Personal | None


def read(connection: Connection, vault: Vault, ids: Sequence[str]) -> dict[str, Liaison]:
    """The liaisons with these ids, by id. Raises `CannotOpen` when the details were sealed with a key not here."""
    rows = connection.execute(select(liaisons.c.id, liaisons.c.details).where(liaisons.c.id.in_(ids)))
    return {row.id: unseal(vault, row.id, row.details) for row in rows}


def unseal(vault: Vault, liaison_id: str, details: bytes) -> Liaison:
    fields = json.loads(vault.open(details))
    email = Personal(fields["email"]) if fields.get("email") else None
    return Liaison(liaison_id, Personal(fields["name"]), Phone(fields["phone"]), email)
