"""Filing: opens what waits sealed, anonymises and triages it, keeps the masked text and the evidence apart.

The one transaction that files a message also destroys its sealed original, asks for the carrier's copy to be erased
and notes who is to be told. So a message is filed once or not at all, whatever dies in between.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, or_, select, update

from hotline.dialogue.wishes import NONE, Wishes, only_thanks, wishes
from hotline.logs import describe, log
from hotline.personal import Phone
from hotline.store.engine import insert, is_postgres, utcnow
from hotline.store.schema import claves, erasures, messages, reports
from hotline.store.waiting import free
from workers import casebook, evidence, quarantine
from workers.anonymise import Masked, Span
from workers.casebook import Case, Part, free_codes, lock_parts
from workers.dispatch import dispatch, on_duty
from workers.joining import Story
from workers.leases import claim, still_held, take
from workers.office import Office
from workers.triage import Triaged

BATCH = 100
# Far longer than a batch takes; after a worker's death its messages wait this long.
LEASE = timedelta(seconds=10)
# A message that failed this often is taken up alone; one that failed this often alone is held unopened.
_SUSPECT_AFTER = 3
_HOLD_AFTER = 6
# The carrier's record of a call whose end it never told us.
_CALL_RECORD_KEPT = timedelta(minutes=10)
_NO_TRIAGE = "otro"
# What filing writes of a report.
_KEPT = (
    "kind", "urgency", "area", "state", "status", "closed_at", "outcome", "text", "masks", "loose_end", "no_calls",
    "no_texts", "asks_erasure", "return_address")  # fmt: skip
_URGENCIES = ("P1", "P2", "P3", "P4")


@dataclass(slots=True)
class _Opened:
    """One message, opened and masked in memory."""

    row: Row[Any]
    contents: dict[str, Any] = field(default_factory=dict)
    masked: Masked | None = None
    cleared: bool = False
    spans: tuple[Span, ...] = ()
    outdated: tuple[Span, ...] = ()
    held: bool = False
    part: int | None = None
    triaged: Triaged | None = None
    wished: Wishes = NONE

    @property
    def words(self) -> str:
        return str(self.contents.get("body", ""))

    @property
    def has_words(self) -> bool:
        return "body" in self.contents or self.held

    @property
    def superseded_by(self) -> str | None:
        """The id of the whole utterance of which this row holds the beginning."""
        row_id = str(self.row.id)
        return row_id.removesuffix(":partial") if row_id.endswith(":partial") else None


def drain(office: Office) -> int:
    """Files whatever waits, oldest first, until nothing does; how many messages. Two at once file each message once."""
    total = 0
    # What failed before is taken up last and alone, so that a message that kills its worker drags no other along.
    for doubtful in (False, True):
        while batch := _claim(office, doubtful=doubtful):
            total += _file_or_split(office, *batch)
    return total


def _claim(office: Office, *, doubtful: bool) -> tuple[str, list[Row[Any]]] | None:
    """A lease over the next batch: ready rows, and with them whatever else of their reports has come in already."""
    now = utcnow()
    of_this_sort = messages.c.attempts >= _SUSPECT_AFTER if doubtful else messages.c.attempts < _SUSPECT_AFTER
    with office.engine.begin() as connection:
        lease, rows = claim(
            connection,
            messages,
            key="id",
            where=and_(messages.c.state == "waiting", of_this_sort, messages.c.ready_at <= now),
            order=[messages.c.ready_at, messages.c.id],
            limit=1 if doubtful else BATCH,
            lease=LEASE,
            now=now,
        )
        if not rows:
            return None
        # The beginning of an utterance that still goes on is left until it stops or is whole.
        rest = take(
            connection,
            messages,
            key="id",
            chosen=select(messages.c.id).where(
                messages.c.state == "waiting",
                # A call that ends at this moment makes ready what was not: it is of the rest all the same.
                or_(messages.c.ready_at > now, of_this_sort),
                messages.c.report_id.in_({row.report_id for row in rows}),
                messages.c.id.not_like("%:partial"),
                free(messages, now),
            ),
            name=lease,
            lease=LEASE,
            now=now,
        )
        rows = [*rows, *rest]
    return lease, sorted(rows, key=lambda row: (row.received_at, row.id))


def _file_or_split(office: Office, lease: str, rows: Sequence[Row[Any]]) -> int:
    """Files `rows` in one transaction; if that fails for a reason of one row's own, report by report."""
    opened = [_open(office, row) for row in rows]
    try:
        return _file(office, lease, opened)
    except Exception as error:  # whatever it is, it must not cost the other reports of the batch
        if len({item.row.report_id for item in opened}) == 1:
            log("filing").error("not filed, will be tried again", cause=describe(error), report=rows[0].report_id)
            return 0
    by_report: dict[str, list[_Opened]] = {}
    for item in opened:
        by_report.setdefault(item.row.report_id, []).append(item)
    filed = 0
    for group in by_report.values():
        try:
            filed += _file(office, lease, group)
        except Exception as error:
            log("filing").error("not filed, will be tried again", cause=describe(error), report=group[0].row.report_id)
    return filed


def _open(office: Office, row: Row[Any]) -> _Opened:
    """Opens and masks one message. Whatever goes wrong holds it: sealed, in quarantine, never shown, never dropped."""
    item = _Opened(row)
    if row.attempts > _HOLD_AFTER:
        item.held = True
        return item
    try:
        item.contents = json.loads(office.vault.open(row.sealed))
        if "body" in item.contents:
            item.wished = wishes(item.words, office.profile)
            item.triaged = office.triage.classify(item.words)
            item.masked = _masked(office, item)
    except Exception as error:
        log("filing").error("held in quarantine", cause=describe(error), message=row.id)
        item.held = True
    return item


def _masked(office: Office, item: _Opened) -> Masked:
    """A message masked alone. One that names many of whom nobody knows whose they are is doubtful."""
    spans = quarantine.cleared(office.vault, item.row.id, item.contents)
    if spans is not None:
        item.cleared = True
        return Masked("", spans, False)
    masked = office.anonymiser.mask(item.words, caller=item.contents.get("from"))
    unknown = sum(span.owner == "unknown" for span in masked.spans)
    return replace(masked, doubtful=masked.doubtful or unknown >= office.profile.quarantine.unknown_spans)


def _file(office: Office, lease: str, opened: Sequence[_Opened]) -> int:
    now = utcnow()
    with office.engine.begin() as connection:
        held_ids = still_held(connection, messages, key="id", ids=[item.row.id for item in opened], lease=lease)
        mine = [item for item in opened if item.row.id in held_ids]
        if not mine:
            return 0
        whole = {item.row.id for item in mine if item.contents} | _filed_whole(connection, mine)
        useful = [item for item in mine if item.superseded_by not in whole and "command" not in item.contents]
        cases = _merge(office, connection, useful, now)
        evidence.keep(office.vault, connection, [_finds(item) for item in useful])
        _put_away(connection, mine)
        _ask_for_erasure(connection, mine, now)
        leaving = dispatch(connection, cases, on_duty(connection, office.profile, now), now)
    if leaving:
        office.bell.ring("deliver")
    office.bell.ring("erase")
    unknown = sum(span.owner == "unknown" for item in mine for span in item.spans)
    log("filing").info("filed", messages=len(mine), cases=len(cases), leaving=leaving, unknown_owners=unknown)
    return len(mine)


def _filed_whole(connection: Connection, mine: Sequence[_Opened]) -> set[str]:
    """Which utterances were filed whole before the last of their beginnings came in."""
    ids = [item.superseded_by for item in mine if item.superseded_by]
    if not ids:
        return set()
    return set(connection.scalars(select(messages.c.id).where(messages.c.id.in_(ids), messages.c.state != "waiting")))


def _merge(office: Office, connection: Connection, opened: Iterable[_Opened], now: datetime) -> list[Case]:
    """Adds the opened messages to their reports and writes what is now known of each."""
    by_report: dict[str, list[_Opened]] = {}
    for item in opened:
        by_report.setdefault(item.row.report_id, []).append(item)
    if not by_report:
        return []
    cases: list[Case] = []
    rows: list[dict[str, Any]] = []
    fresh: list[str] = []
    for report in _opened_reports(connection, by_report, now):
        added = by_report[report.id]
        story = casebook.open_story(office.vault, office.anonymiser, report)
        earlier = "\n".join(text for text in story.parts if text)
        _tell(office, story, added)
        case = _with_added(office, report, added, earlier, story.parts)
        sender = next((item.contents["from"] for item in added if item.contents.get("from")), None)
        cases.append(case)
        if report.text is None:
            fresh.append(report.id)
        rows.append(
            {
                "b_id": report.id,
                "b_kind": case.kind,
                "b_urgency": case.urgency,
                "b_area": case.area,
                "b_state": case.state,
                "b_status": _status(report.status, case),
                "b_closed_at": None if case.reopened else report.closed_at,
                "b_outcome": None if case.reopened else report.outcome,
                "b_text": lock_parts(office.vault, report.id, case.parts),
                "b_masks": casebook.lock_memory(office.vault, report.id, story.memory),
                "b_loose_end": casebook.lock_loose_end(office.vault, report.id, story.loose_end),
                "b_no_calls": report.no_calls or any(item.wished.no_calls for item in added),
                "b_no_texts": report.no_texts or any(item.wished.no_texts for item in added),
                "b_asks_erasure": report.asks_erasure or any(item.wished.erase for item in added),
                "b_return_address": report.return_address or _return_address(office, report.id, sender),
            }
        )
    if rows:
        kept: dict[str, Any] = {name: bindparam(f"b_{name}") for name in _KEPT}
        connection.execute(update(reports).where(reports.c.id == bindparam("b_id")).values(kept), rows)
    _keep_claves(office, connection, opened, fresh)
    return cases


def _opened_reports(connection: Connection, by_report: dict[str, list[_Opened]], now: datetime) -> list[Row[Any]]:
    """The rows of these reports, made where there was none, locked until the transaction ends: two workers that file
    two messages of one report take turns."""
    codes = free_codes(connection, len(by_report))
    blank = [
        {
            "id": report_id,
            "code": next(codes),
            "channel": added[0].row.channel,
            "opened_at": added[0].row.received_at,
            "filed_at": now,
            "status": "filed",
        }
        for report_id, added in sorted(by_report.items())
    ]
    connection.execute(insert(connection, reports).on_conflict_do_nothing(index_elements=["id"]), blank)
    query = select(reports).where(reports.c.id.in_(by_report)).order_by(reports.c.id)
    if is_postgres(connection):
        query = query.with_for_update()
    return list(connection.execute(query))


def _keep_claves(office: Office, connection: Connection, opened: Iterable[_Opened], fresh: Sequence[str]) -> None:
    """Makes the claves that callers were given open their reports: each report's own, and those promised while the
    database was away for a message that joined another report."""
    wanted = {report_id: report_id for report_id in fresh}
    wanted.update({item.row.promised: item.row.report_id for item in opened if item.row.promised})
    for attempt in (0, 1, 2):
        if not wanted:
            return
        hashes = {office.vault.hash_of_clave(given, attempt): given for given in wanted}
        rows = [{"hash": hashed, "report_id": wanted[given]} for hashed, given in hashes.items()]
        connection.execute(insert(connection, claves).on_conflict_do_nothing(), rows)
        kept = connection.execute(select(claves.c.hash, claves.c.report_id).where(claves.c.hash.in_(hashes)))
        for row in kept:
            given = hashes[row.hash]
            if row.report_id == wanted[given]:
                del wanted[given]


def _tell(office: Office, story: Story, added: Sequence[_Opened]) -> None:
    """Goes on with the report's story by the new messages. One that breaks the telling is held."""
    for item in added:
        if item.contents.get("expired"):
            story.say(office.profile.text("liaison.held_expired", office.language))
        elif item.held or (item.masked is None and item.has_words):
            story.hold()
        elif item.masked is not None:
            try:
                told = story.add(item.words, item.masked, item.contents.get("from"), cleared=item.cleared)
                item.spans, item.outdated, item.held = told.spans, told.outdated, told.held
            except Exception as error:
                log("filing").error("held in quarantine", cause=describe(error), message=item.row.id)
                story.hold()
                item.held = True
        else:
            continue
        item.part = len(story.parts) - 1
        if item.row.part is not None:
            # It was held, and its place in the story with it; now it comes at the end, for who was told before.
            story.parts[item.row.part] = ""


def _with_added(
    office: Office, report: Row[Any], added: Sequence[_Opened], earlier: str, texts: Sequence[str | None]
) -> Case:
    """The case with the new messages in it: `earlier` is what it said before, `texts` all its parts now."""
    words = "\n".join(item.words for item in added if item.words)
    kind, urgency, area, state = report.kind, report.urgency, report.area, report.state
    keyed = next((item.contents["kind"] for item in added if "kind" in item.contents), None)
    alone = added[0].triaged if len(added) == 1 and not earlier else None
    if words:
        found = alone or office.triage.classify(f"{earlier}\n{words}" if earlier else words)
        if kind is None or (found.kind != _NO_TRIAGE and not _milder(office, found.kind, kind)):
            kind = found.kind
        urgency = _graver(urgency, found.urgency)
        area, state = (found.area or area, found.state or state) if found.area or not area else (area, state)
    if keyed is not None:
        # The key was pressed on purpose; the words say how grave it is, if they say anything.
        kind = keyed
        if urgency is None or urgency == "P4":
            urgency = office.profile.kinds[keyed].urgency
    for item in added:
        if item.contents.get("area") or item.contents.get("state"):
            area, state = item.contents.get("area"), item.contents["state"]
    if urgency is None and any(item.held for item in added):
        urgency = "P2"  # nobody could read it: it may be anything, so somebody looks now
    parts = tuple(Part(text) for text in texts)
    # Whoever closed it did not know this: it is open again, and theirs.
    tells = (item.held or (item.words and not only_thanks(item.words, office.profile)) for item in added)
    reopened = report.status == "closed" and any(tells)
    return Case(report.id, report.code, kind, urgency, area, state, report.opened_at, parts, reopened=reopened)


def _milder(office: Office, new: str, known: str) -> bool:
    """What is added to a case may make it graver, never milder."""
    return known in (kinds := office.profile.kinds) and kinds[new].urgency > kinds[known].urgency


def _graver(one: str | None, other: str | None) -> str | None:
    known = [urgency for urgency in (one, other) if urgency in _URGENCIES]
    return min(known, default=None)


def _status(before: str, case: Case) -> str:
    if case.reopened:
        return "acknowledged"
    if before in ("acknowledged", "closed"):
        return before
    return "held" if any(part.text is None for part in case.parts) else "filed"


def _return_address(office: Office, report_id: str, sender: str | None) -> bytes | None:
    if sender is None:
        return None
    return office.vault.encrypt(Phone(sender).reveal().encode(), about=f"report:{report_id}:return_address")


def _finds(item: _Opened) -> evidence.Finds:
    return evidence.Finds(item.row.report_id, item.words, () if item.held else item.spans, item.outdated)


def _put_away(connection: Connection, mine: Sequence[_Opened]) -> None:
    """Destroys the sealed originals of what is filed; what is held keeps its own, closed, and its place."""
    ids = [item.row.id for item in mine if not item.held]
    if ids:
        filed = {"state": "filed", "sealed": None, "part": None, "lease": None, "lease_until": None}
        connection.execute(update(messages).where(messages.c.id.in_(ids)).values(filed))
    held = [{"b_id": item.row.id, "b_part": item.part} for item in mine if item.held]
    if held:
        connection.execute(
            update(messages)
            .where(messages.c.id == bindparam("b_id"))
            .values(state="held", part=bindparam("b_part"), lease=None, lease_until=None),
            held,
        )


def _ask_for_erasure(connection: Connection, mine: Sequence[_Opened], now: datetime) -> None:
    """The carrier's copies of texts go at once; of a call, at its end or when that was never told."""
    rows: dict[str, datetime] = {}
    for item in mine:
        call, colon, _ = str(item.row.id).partition(":")
        rows[call] = now + _CALL_RECORD_KEPT if colon else now
    connection.execute(
        insert(connection, erasures).on_conflict_do_nothing(),
        [{"carrier_id": key, "due_at": due, "attempts": 0} for key, due in rows.items()],
    )
