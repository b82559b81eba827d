"""The quarantine: held messages, the operator who looks at them on record, and what is decided.

A message let out waits again like any other, with the operator's spans beside its words under the workers' own key;
filing puts it into its report. Nothing here is decided twice: only what is held can be let out.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from hotline.language.fold import fold, plain
from hotline.personal import Words
from hotline.store import audit
from hotline.store.engine import new_id
from hotline.store.schema import messages, quarantine_looks, reports
from hotline.vault import CannotOpen, Vault
from workers.anonymise import Anonymiser, Masked, Span
from workers.anonymise.masks import apply
from workers.anonymise.model import LABELS

_SEALED_AGAIN = 200
_LINE = re.compile(r"(?:(?P<type>[A-Z_]+)(?P<suspect> suspect)?: *)?(?P<what>.+)")
_RANGE = re.compile(r"(\d+)-(\d+)")


class QuarantineError(Exception):
    """What was asked cannot be done. One line, without a word of any message."""


@dataclass(frozen=True, slots=True)
class Held:
    """One held message as the list shows it: nothing that was said."""

    id: str
    code: str
    kind: str | None
    area: str | None
    state: str | None
    channel: str
    received_at: datetime
    looks: int


def held(connection: Connection) -> list[Held]:
    """Everything in quarantine, oldest first."""
    looks = (
        select(func.count())
        .select_from(quarantine_looks)
        .where(quarantine_looks.c.message_id == messages.c.id)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(
            messages.c.id, reports.c.code, reports.c.kind, reports.c.area, reports.c.state,
            messages.c.channel, messages.c.received_at, looks,
        )
        .join(reports, reports.c.id == messages.c.report_id)
        .where(messages.c.state == "held")
        .order_by(messages.c.received_at, messages.c.id)
    )  # fmt: skip
    return [Held(*row) for row in rows]


def find(connection: Connection, which: str) -> Held:
    """The held message that `which` names: an id, its beginning, or a case code with one message held."""
    found = [one for one in held(connection) if one.id.startswith(which) or one.code == which.upper()] if which else []
    if not found:
        raise QuarantineError("nothing held has this id or case code; see: flask --app hotline quarantine list")
    if len(found) > 1:
        raise QuarantineError(f"{len(found)} held messages fit; give more of the id")
    return found[0]


def record(connection: Connection, vault: Vault, one: Held, operator: str, act: str, *, now: datetime) -> None:
    """Writes down who did what to a held message, and when; in the audit log too, which nobody can change."""
    row = {"id": new_id(), "message_id": one.id, "at": now, "operator": operator[:64], "act": act}
    connection.execute(insert(quarantine_looks).values(row))
    audit.append(connection, vault, now, audit.OPERATOR, f"quarantine.{act}", one.code)


@dataclass(frozen=True, slots=True)
class Look:
    """A held message opened in memory: its words, what the machine would make of them (None: it fails on them)."""

    contents: dict[str, Any]
    words: Words
    machine: Masked | None


def look(connection: Connection, vault: Vault, anonymiser: Anonymiser, one: Held) -> Look:
    """Opens a held message. Call `record` in the same transaction. Raises QuarantineError when it cannot be opened."""
    sealed = connection.scalar(select(messages.c.sealed).where(messages.c.id == one.id))
    try:
        contents = json.loads(vault.open(sealed or b""))
    except (CannotOpen, ValueError):
        raise QuarantineError("this message cannot be opened with the keys here; it stays held") from None
    words = str(contents.get("body", ""))
    try:
        machine: Masked | None = anonymiser.mask(words, contents.get("from"))
    except Exception:  # it may be held because the machine breaks on it
        machine = None
    return Look(contents, Words(words), machine)


def by_hand(words: str, machine: Sequence[Span], lines: Iterable[str]) -> tuple[Span, ...]:
    """The machine's spans and the operator's: lines of words, or of ranges "12-20" in code points, each masked wherever
    it stands; "NOMBRE: …" says the type, "NOMBRE suspect: …" that it is the other side's. Raises QuarantineError."""
    folded = fold(words)
    spans: list[Span] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip())
        kind = match["type"] or "OTRO" if match else ""
        if match is None or kind not in LABELS:
            raise QuarantineError(f"line {number}: no such type; known are {', '.join(LABELS)}")
        owner = "suspect" if match["suspect"] else "reporter"
        places = _places(folded.text, match["what"], len(words))
        if not places:
            raise QuarantineError(f"line {number}: this is not in the text; nothing was changed")
        for place in places:
            start, end = place if _RANGE.fullmatch(match["what"]) else folded.span(*place)
            spans.append(Span(start, end, kind, owner, plain(words[start:end])))  # type: ignore[arg-type]
    spans += machine
    told: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        begin = max(span.start, told[-1].end if told else 0)
        if begin < span.end:
            told.append(replace(span, start=begin))
    return tuple(told)


def _places(text: str, what: str, length: int) -> list[tuple[int, int]]:
    if span := _RANGE.fullmatch(what):
        start, end = int(span[1]), int(span[2])
        return [(start, end)] if start < end <= length else []
    return [match.span() for match in re.finditer(re.escape(plain(what)), text)]


def preview(words: str, spans: Sequence[Span]) -> str:
    return apply(words, spans)


def let_out(
    connection: Connection, vault: Vault, one: Held, opened: Look, spans: Sequence[Span], *, now: datetime
) -> None:
    """Sends a held message on its way with these spans masked. Ring for the inbox after the commit."""
    fields = [[span.start, span.end, span.type, span.owner, span.value] for span in spans]
    cleared = vault.encrypt(json.dumps(fields).encode(), about=f"message:{one.id}:cleared")
    contents = {**opened.contents, "cleared": base64.b64encode(cleared).decode()}
    _file_again(connection, vault, one.id, contents, now)


def cleared(vault: Vault, message_id: str, contents: dict[str, Any]) -> tuple[Span, ...] | None:
    """The spans an operator decided for a message, None for one that nobody has looked at. Raises CannotOpen."""
    if "cleared" not in contents:
        return None
    # Under the workers' key: who can only seal cannot say that somebody has looked.
    fields = vault.decrypt(base64.b64decode(contents["cleared"]), about=f"message:{message_id}:cleared")
    return tuple(Span(*each) for each in json.loads(fields))


def expire(connection: Connection, vault: Vault, before: datetime, now: datetime) -> int:
    """Destroys held originals that came in before `before`; how many. Filing then tells those who know of the case."""
    due = list(
        connection.execute(
            select(messages.c.id, reports.c.code)
            .join(reports, reports.c.id == messages.c.report_id)
            .where(messages.c.state == "held", messages.c.received_at < before)
            .order_by(messages.c.received_at)
            .limit(_SEALED_AGAIN)
        )
    )
    for message_id, code in due:
        _file_again(connection, vault, message_id, {"expired": True}, now)
        look_at = {"id": new_id(), "message_id": message_id, "at": now, "operator": "clock", "act": "expired"}
        connection.execute(insert(quarantine_looks).values(look_at))
        audit.append(connection, vault, now, audit.HOTLINE, "quarantine.expired", code)
    return len(due)


def _file_again(connection: Connection, vault: Vault, message_id: str, contents: dict[str, Any], now: datetime) -> None:
    changed = connection.execute(
        update(messages)
        .where(messages.c.id == message_id, messages.c.state == "held")
        .values(sealed=vault.seal(json.dumps(contents).encode()), state="waiting", ready_at=now, attempts=0)
    )
    if not changed.rowcount:
        raise QuarantineError("somebody else has let it out meanwhile; nothing was changed")


def days_left(one: Held, quarantine_days: int, now: datetime) -> int:
    return max(0, (one.received_at + timedelta(days=quarantine_days) - now).days)
