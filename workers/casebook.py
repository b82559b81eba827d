"""A case as liaisons may see it: its masked parts, opened from the store; and how each thing about it is put."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from hotline.logs import describe, log
from hotline.profile import Profile
from hotline.store.schema import ERASED, reports
from hotline.vault import CannotOpen, Vault
from workers.anonymise import Anonymiser
from workers.joining import Story

URGENT = ("P1", "P2")
# No vowels, so that no word comes out; no 0 1 I L O, so that it can be read over the phone.
CODE_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One message or utterance of a report, masked. `text` is None while it is held in quarantine, and empty where a
    message stood that was let out and follows as a part of its own."""

    text: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """What a liaison may know of a report. `reopened`: it was closed, and who reported has gone on just now."""

    id: str
    code: str
    kind: str | None
    urgency: str | None
    area: str | None
    state: str | None
    opened_at: datetime
    parts: tuple[Part, ...]
    erased: bool = False
    reopened: bool = False

    @property
    def urgent(self) -> bool:
        return self.urgency in URGENT


def free_codes(connection: Connection, count: int) -> Iterator[str]:
    """`count` case codes that no case has, at random. Another process may take one meanwhile: then the filing fails on
    its unique constraint and is tried again with others."""
    drawn = {_code(secrets.randbelow(len(CODE_ALPHABET) ** CODE_LENGTH)) for _ in range(count + count // 8 + 8)}
    taken = set(connection.scalars(select(reports.c.code).where(reports.c.code.in_(drawn))))
    return iter(drawn - taken)


def _code(number: int) -> str:
    signs = []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(CODE_ALPHABET))
        signs.append(CODE_ALPHABET[place])
    return "".join(signs)


def open_parts(vault: Vault, report_id: str, cipher: bytes | None) -> tuple[Part, ...]:
    if not cipher:
        return ()
    texts = json.loads(vault.decrypt(cipher, about=f"report:{report_id}:text"))
    return tuple(Part(text) for text in texts)


def lock_parts(vault: Vault, report_id: str, parts: Sequence[Part]) -> bytes:
    texts = json.dumps([part.text for part in parts], ensure_ascii=False).encode()
    return vault.encrypt(texts, about=f"report:{report_id}:text")


def open_story(vault: Vault, anonymiser: Anonymiser, report: Row[Any]) -> Story:
    """The story of a report's row, to be told on."""
    parts = [part.text for part in open_parts(vault, report.id, report.text)]
    memory = json.loads(vault.decrypt(report.masks, about=f"report:{report.id}:masks")) if report.masks else {}
    loose = None
    if report.loose_end:
        loose = json.loads(vault.decrypt(report.loose_end, about=f"report:{report.id}:loose_end"))

    def print_of(label: str, value: str) -> str:
        # Bound to the report: prints of two reports never meet.
        return vault.fingerprint(f"mask:{report.id}:{label}", value)[:16]

    return Story(anonymiser, parts, memory, loose, print_of)


def lock_memory(vault: Vault, report_id: str, memory: dict[str, Any]) -> bytes | None:
    if not any(memory.values()):
        return None
    return vault.encrypt(json.dumps(memory).encode(), about=f"report:{report_id}:masks")


def lock_loose_end(vault: Vault, report_id: str, loose: dict[str, str] | None) -> bytes | None:
    return vault.encrypt(json.dumps(loose).encode(), about=f"report:{report_id}:loose_end") if loose else None


def read(connection: Connection, vault: Vault, ids: Sequence[str]) -> dict[str, Case]:
    """The cases with these report ids, by id."""
    rows = connection.execute(select(reports).where(reports.c.id.in_(ids)))
    return {row.id: _case(row, vault) for row in rows}


def _case(row: Any, vault: Vault) -> Case:
    """The case of a row. One whose text cannot be opened is told with kind and place, its text as held."""
    try:
        parts = open_parts(vault, row.id, row.text)
    except CannotOpen as error:
        log("casebook").error("case cannot be opened", report=row.id, cause=describe(error))
        parts = (Part(None),)
    erased = row.status == ERASED
    return Case(row.id, row.code, row.kind, row.urgency, row.area, row.state, row.opened_at, parts, erased)


class Wording:
    """How a case's facts are said to liaisons, in one language of the profile."""

    def __init__(self, profile: Profile, language: str) -> None:
        self.profile, self.language = profile, language

    def kind(self, case: Case) -> str:
        return self.kind_name(case.kind)

    def kind_name(self, kind: str | None) -> str:
        if kind is None:
            return self.profile.text("liaison.no_kind", self.language)
        return self.profile.kinds[kind].names[self.language]

    def place(self, case: Case) -> str:
        name = self.profile.place_name(case.area, case.state)
        return name if name is not None else self.profile.text("liaison.no_place", self.language)

    def moment(self, case: Case) -> datetime:
        """When the report came in, local time, to the quarter hour: an exact time would point at a call record."""
        minute = case.opened_at.minute - case.opened_at.minute % 15
        rounded = case.opened_at.replace(minute=minute, second=0, microsecond=0, tzinfo=UTC)
        return rounded.astimezone(self.profile.timezone)

    def story(self, case: Case, since: int = 0) -> str:
        """The parts from `since` on, one a line. Held ones are said to be held; a wordless call is said to be one."""
        if case.erased:
            return self.profile.text("liaison.erased", self.language)
        if not case.parts:
            return self.profile.text("liaison.no_words", self.language)
        held = self.profile.text("liaison.held_story", self.language)
        told = (held if part.text is None else part.text for part in case.parts[since:])
        return "\n".join(text for text in told if text)
