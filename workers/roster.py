"""Who the liaisons are: their sealed details, opened in the memory of one job."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from hotline.logs import describe, log
from hotline.personal import Personal, Phone
from hotline.store.schema import liaisons
from hotline.vault import CannotOpen, Vault


@dataclass(frozen=True, slots=True)
class Liaison:
    """A liaison as the errands address one."""

    id: str
    name: Personal
    phone: Phone
    email: Personal | None


def read(connection: Connection, vault: Vault, ids: Sequence[str], *, serving: bool = False) -> dict[str, Liaison]:
    """The liaisons with these ids, by id; `serving`: without those who were switched off. Whoever cannot be opened is
    left out and logged: the others must be told."""
    found: dict[str, Liaison] = {}
    query = select(liaisons.c.id, liaisons.c.details).where(liaisons.c.id.in_(ids))
    if serving:
        query = query.where(liaisons.c.active.is_(True))
    for row in connection.execute(query):
        try:
            found[row.id] = unseal(vault, row.id, row.details)
        except CannotOpen as error:
            log("roster").error("liaison cannot be opened", liaison=row.id, cause=describe(error))
    return found


def unseal(vault: Vault, liaison_id: str, details: bytes) -> Liaison:
    fields = json.loads(vault.open(details))
    email = Personal(fields["email"]) if fields.get("email") else None
    return Liaison(liaison_id, Personal(fields["name"]), Phone(fields["phone"]), email)
