"""What identifies the other side, or nobody knows whom: encrypted, and kept apart from the text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete

from hotline.store.engine import insert
from hotline.store.schema import evidence
from hotline.vault import Vault
from workers.anonymise import Span


@dataclass(frozen=True, slots=True)
class Finds:
    """What one message of a report held. `outdated`: pieces kept before of what is known whole now."""

    report_id: str
    words: str
    spans: tuple[Span, ...]
    outdated: tuple[Span, ...] = ()


def keep(vault: Vault, connection: Connection, finds: Iterable[Finds]) -> None:
    """Keeps what is the suspect's or of unknown owner, once a report. The reporter's are not kept."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for each in finds:
        for span in each.outdated:
            print_ = vault.fingerprint(span.type, span.value)
            rows.pop((each.report_id, print_), None)
            connection.execute(
                delete(evidence).where(evidence.c.report_id == each.report_id, evidence.c.fingerprint == print_)
            )
        for span in each.spans:
            if span.owner == "reporter":
                continue
            value = span.value or each.words[span.start : span.end]
            print_ = vault.fingerprint(span.type, value)
            known = rows.get((each.report_id, print_))
            rows[each.report_id, print_] = {
                "report_id": each.report_id,
                "fingerprint": print_,
                "type": span.type,
                "owner": "suspect" if known and known["owner"] == "suspect" else span.owner,
                "value": vault.encrypt(value.encode(), about=f"evidence:{each.report_id}:{print_}"),
            }
    if not rows:
        return
    statement = insert(connection, evidence)
    # A later message may tell whose it is.
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["report_id", "fingerprint"],
            # Compared with other cases' anew: whose it is decides whom it concerns.
            set_={"owner": statement.excluded.owner, "linked_at": None},
            where=(evidence.c.owner == "unknown") & (statement.excluded.owner != "unknown"),
        ),
        list(rows.values()),
    )
