"""How long digests take over a generated database: `PYTHONPATH=.:tests python -m benchmarks.digests REPORTS LIAISONS`.

Fills a SQLite file with reports of two years, tells liaisons of them in digests as the years went by, adds one day's
new ones, and times what the clock does at the hour: making every liaison's digest, and composing each as mail and text.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from furniture import add_liaison, open_office, rows
from sqlalchemy import Engine, insert, select

from hotline.store import errands, migrating
from hotline.store.engine import connect, utcnow
from hotline.store.schema import deliveries, digest_entries, digests, reports
from hotline.vault import new_keys
from workers import casebook, telling
from workers.casebook import Part, lock_parts
from workers.digests import schedule
from workers.office import Office

_NEW = 2_000
_BATCH = 20_000


def main(stored: int, people: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        keys, path = Path(folder) / "keys", Path(folder) / "hotline.db"
        new_keys(keys)
        migrating.upgrade(f"sqlite:///{path}")
        office = open_office(connect(f"sqlite:///{path}"), keys)
        fill(office, stored, people)
        began = time.perf_counter()
        with office.engine.connect() as connection:
            schedule.due_since(connection, office, utcnow())
        looked = time.perf_counter()
        made = schedule.send_due(office)
        done = time.perf_counter()
        sent = rows(office.engine, select(deliveries).where(deliveries.c.state == "waiting"))
        for row in sent:
            tell(office, row["id"])
        told = time.perf_counter()
        sys.stdout.write(
            f"{stored} reports, {people} liaisons: look {looked - began:.2f} s, {made} digests made in "
            f"{done - looked:.2f} s, {len(sent)} messages composed in {told - done:.2f} s\n"
        )


def tell(office: Office, delivery: str) -> None:
    with office.engine.connect() as connection:
        row = connection.execute(select(deliveries).where(deliveries.c.id == delivery)).one()
    if row.channel == "mail":
        telling.letter_of(office, row)
    else:
        telling.text_of(office, row)


def fill(office: Office, stored: int, people: int) -> None:
    now, chance = utcnow(), random.Random(7)
    areas, kinds = list(office.profile.areas), list(office.profile.kinds)
    two_years = now - timedelta(days=730)
    who = [
        add_liaison(
            office.engine, office.vault, areas=(areas[n % len(areas)],), email=f"e{n}@enlace.example", since=two_years
        )
        for n in range(people)
    ]
    of_area = {area: [one for n, one in enumerate(who) if areas[n % len(areas)] == area] for area in areas}
    story = [Part("me vendieron un coche que no existe y no contestan")]
    old = lock_parts(office.vault, "r", story)  # the past is never opened: one ciphertext serves for all of it
    past = [(f"d{n}-{k}", who[n], now - timedelta(days=k + 1)) for n in range(people) for k in range(1, 700, 2)]
    with office.engine.begin() as connection:
        connection.execute(
            insert(digests),
            [{"id": i, "liaison_id": o, "period": i, "created_at": at, "weekly": False} for i, o, at in past],
        )
        yesterday = [(i, o) for i, o, _ in past if i.endswith("-1")]
        sent = [
            errands.delivery("digest", i, o, "mail", now - timedelta(days=2)) | {"state": "sent"} for i, o in yesterday
        ]
        errands.add(connection, sent)
    written = 0
    codes = (casebook._code(n) for n in range(10**6, 10**7))
    while written < stored + _NEW:
        batch = min(_BATCH, stored + _NEW - written)
        fresh = written >= stored
        one: list[dict[str, Any]] = []
        entries: list[dict[str, Any]] = []
        for n in range(written, written + batch):
            area = chance.choice(areas)
            minutes = chance.randrange(60, 600) if fresh else chance.randrange(2 * 1440, 730 * 1440)
            at = now - timedelta(minutes=minutes)
            cipher = lock_parts(office.vault, f"r{n}", story) if fresh else old
            one.append(report(f"r{n}", next(codes), at, area, chance.choice(kinds), cipher))
            told = None if fresh else f"d{minutes}"
            entries += [
                {"liaison_id": person, "report_id": f"r{n}", "digest_id": told} for person in of_area[area][: 1 + fresh]
            ]
        write(office.engine, one, entries)
        written += batch
        if not fresh and written + _BATCH > stored:
            stored = written


def report(id: str, code: str, at: object, area: str, kind: str, cipher: bytes) -> dict[str, Any]:
    return {
        "id": id, "code": code, "channel": "sms", "opened_at": at, "status": "filed", "kind": kind, "urgency": "P3",
        "area": area, "state": area[:2], "text": cipher, "filed_at": at, "routed_at": at,
    }  # fmt: skip


def write(engine: Engine, one: list[dict[str, Any]], entries: list[dict[str, Any]]) -> None:
    with engine.begin() as connection:
        connection.execute(insert(reports), one)
        if entries:
            connection.execute(insert(digest_entries), entries)


if __name__ == "__main__":
    main(*(int(value) for value in (sys.argv[1:] + ["10000", "200"][len(sys.argv) - 1 :])))
