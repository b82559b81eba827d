"""When a digest is due, and that there is one a (liaison, period)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from furniture import add_liaison, change, count_of, open_office, rows, rung
from sqlalchemy import Engine, insert, select, update

from hotline.store import actions, duty
from hotline.store.engine import utcnow
from hotline.store.schema import deliveries, digest_entries, digests, liaisons, reports
from workers.casebook import Part, lock_parts
from workers.digests import composing, schedule
from workers.office import Office

MEXICO, NEW_YORK, TIJUANA = (ZoneInfo(name) for name in ("America/Mexico_City", "America/New_York", "America/Tijuana"))


# hours, zone, now (UTC), the local hour that struck last
@pytest.mark.parametrize(
    ("hours", "zone", "now", "struck"),
    [
        ([], MEXICO, "2026-11-23 14:00", None),
        (["08:00"], MEXICO, "2026-11-23 13:59", "2026-11-22 08:00"),
        (["08:00"], MEXICO, "2026-11-23 14:00", "2026-11-23 08:00"),
        (["08:00"], MEXICO, "2026-11-24 05:59", "2026-11-23 08:00"),
        (["08:00", "18:00"], MEXICO, "2026-11-23 23:59", "2026-11-23 08:00"),
        (["08:00", "18:00"], MEXICO, "2026-11-24 00:00", "2026-11-23 18:00"),
        (["18:00", "08:00"], MEXICO, "2026-11-24 13:59", "2026-11-23 18:00"),
        # Midnight, and the minute before it.
        (["00:00"], MEXICO, "2026-11-24 05:59", "2026-11-23 00:00"),
        (["00:00"], MEXICO, "2026-11-24 06:00", "2026-11-24 00:00"),
        (["23:59"], MEXICO, "2026-11-24 05:59", "2026-11-23 23:59"),
        # New Year.
        (["23:59"], MEXICO, "2027-01-01 06:30", "2026-12-31 23:59"),
        # 8 March 2026: New York's clocks jump from 2:00 to 3:00 (7:00 UTC).
        (["02:30"], NEW_YORK, "2026-03-08 06:59", "2026-03-07 02:30"),
        (["02:30"], NEW_YORK, "2026-03-08 07:30", "2026-03-08 02:30"),
        (["03:00"], NEW_YORK, "2026-03-08 07:00", "2026-03-08 03:00"),
        # 1 November 2026: they go back from 2:00 to 1:00 (6:00 UTC). 1:30 is at 5:30 and at 6:30 UTC.
        (["01:30"], NEW_YORK, "2026-11-01 05:29", "2026-10-31 01:30"),
        (["01:30"], NEW_YORK, "2026-11-01 05:30", "2026-11-01 01:30"),
        (["01:30"], NEW_YORK, "2026-11-01 06:30", "2026-11-01 01:30"),
        (["01:30"], TIJUANA, "2026-11-01 08:30", "2026-11-01 01:30"),
    ],
)
def test_the_hour_that_struck_last(hours: list[str], zone: ZoneInfo, now: str, struck: str | None) -> None:
    last = schedule.last_hour([time.fromisoformat(hour) for hour in hours], zone, datetime.fromisoformat(now))
    assert (last and f"{last:%Y-%m-%d %H:%M}") == struck


def case(office: Office, id: str, liaison: str, urgency: str = "P3", at: datetime | None = None) -> None:
    """A filed case that waits for the liaison's digest."""
    row: dict[str, Any] = {
        "id": id, "code": f"K{id:0>4}"[:5].upper(), "channel": "sms", "opened_at": at or utcnow(), "status": "filed",
        "filed_at": utcnow(), "kind": "fraude", "urgency": urgency, "area": "09007", "state": "09",
        "text": lock_parts(office.vault, id, [Part("me vendieron algo que no existe")]),
    }  # fmt: skip
    change(office.engine, insert(reports).values(row))
    change(office.engine, insert(digest_entries).values(liaison_id=liaison, report_id=id))


def made(office: Office) -> list[tuple[str, list[str], int]]:
    """period, channels, number of cases of every digest that leaves."""
    found = []
    for digest in rows(office.engine, select(digests).order_by(digests.c.created_at)):
        sent = rows(office.engine, select(deliveries).where(deliveries.c.subject == digest["id"]))
        inside = count_of(office.engine, digest_entries, digest_entries.c.digest_id == digest["id"])
        found.append((digest["period"], sorted(row["channel"] for row in sent), inside))
    return found


NOON = datetime(2026, 11, 23, 18, 0)  # noqa: DTZ001 - the tables' times; 12:00 in Mexico City
LONG_AGO = NOON - timedelta(days=30)
TUESDAY = NOON + timedelta(days=1)


def test_one_digest_a_period_however_often_it_is_asked_for(engine: Engine, keys: Path) -> None:
    office = open_office(engine, keys)
    liaison = add_liaison(engine, office.vault, email="uno@enlace.example", since=LONG_AGO)
    case(office, "1", liaison)
    assert [schedule.send_due(office, NOON) for _ in range(5)] == [1, 0, 0, 0, 0]
    assert made(office) == [("2026-11-23T08:00", ["mail", "sms"], 1)]
    assert rung(office) == ["deliver"]
    case(office, "2", liaison)
    assert schedule.send_due(office, NOON + timedelta(hours=5)) == 0
    assert schedule.send_due(office, NOON + timedelta(hours=6)) == 1
    assert made(office)[1] == ("2026-11-23T18:00", ["mail", "sms"], 1)


def test_who_is_out_of_service_gets_theirs_when_they_are_back(engine: Engine, keys: Path) -> None:
    office = open_office(engine, keys)
    liaison = add_liaison(engine, office.vault, since=LONG_AGO)
    with engine.begin() as connection:
        duty.go_off(connection, liaison, NOON - timedelta(days=1))
    case(office, "1", liaison)
    with engine.connect() as connection:
        assert schedule.due_since(connection, office, NOON) is None
    assert schedule.send_due(office, NOON) == 0
    with engine.begin() as connection:
        duty.go_on(connection, liaison, NOON)
    assert schedule.send_due(office, NOON) == 1


def test_what_is_closed_or_ones_own_already_is_not_new(engine: Engine, keys: Path) -> None:
    office = open_office(engine, keys)
    ana = add_liaison(engine, office.vault, since=LONG_AGO)
    beto = add_liaison(engine, office.vault, since=LONG_AGO)
    case(office, "1", ana)
    change(engine, insert(digest_entries).values(liaison_id=beto, report_id="1"))
    case(office, "2", beto)
    with engine.begin() as connection:
        actions.acknowledge(connection, ana, "1", NOON)
        actions.close(connection, ana, "2", "atendido", NOON)
    with engine.connect() as connection:
        assert composing.preview(office, connection, ana) is None
    assert schedule.send_due(office, NOON + timedelta(days=1)) == 1
    assert [row["liaison_id"] for row in rows(engine, select(deliveries).where(deliveries.c.purpose == "digest"))] == [
        beto
    ]


def test_one_digest_a_period_from_several_threads_at_once(engine: Engine, keys: Path) -> None:
    office = open_office(engine, keys)
    for n in range(5):
        case(office, str(n), add_liaison(engine, office.vault, since=LONG_AGO))
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: schedule.send_due(office, NOON), range(4))) == 5
    assert made(office) == [("2026-11-23T08:00", ["sms"], 1)] * 5


def test_nothing_to_say_is_not_said_and_not_asked_again(office: Office) -> None:
    liaison = add_liaison(office.engine, office.vault, since=LONG_AGO)
    with office.engine.connect() as connection:
        assert schedule.due_since(connection, office, TUESDAY) == datetime(2026, 11, 24, 14, 0)  # noqa: DTZ001
    assert schedule.send_due(office, TUESDAY) == 0
    assert count_of(office.engine, deliveries) == 0 and rung(office) == []
    with office.engine.connect() as connection:
        assert schedule.due_since(connection, office, TUESDAY) is None
    case(office, "1", liaison)
    assert schedule.send_due(office, TUESDAY + timedelta(hours=5)) == 0, "the period's digest is made"
    assert schedule.send_due(office, TUESDAY + timedelta(hours=7)) == 1


@pytest.mark.parametrize(
    ("hours", "since", "due"),
    [
        ((), LONG_AGO, "2026-11-23T08:00"),
        (("12:00",), LONG_AGO, "2026-11-23T12:00"),
        (("06:30", "20:00"), LONG_AGO, "2026-11-23T06:30"),
        (("20:00",), LONG_AGO, "2026-11-22T20:00"),
        # Who joined after the hour waits for the next.
        ((), NOON - timedelta(hours=1), None),
        ((), NOON - timedelta(hours=5), "2026-11-23T08:00"),
    ],
)
def test_each_liaison_has_hours_of_their_own(
    office: Office, hours: tuple[str, ...], since: datetime, due: str | None
) -> None:
    case(office, "1", add_liaison(office.engine, office.vault, digests=hours, since=since))
    schedule.send_due(office, NOON)
    assert [period for period, *_ in made(office)] == ([due] if due else [])


def test_who_is_off_gets_no_digest(office: Office) -> None:
    case(office, "1", add_liaison(office.engine, office.vault, since=LONG_AGO))
    change(office.engine, update(liaisons).values(active=False))
    assert schedule.send_due(office, NOON) == schedule.send_everything(office) == 0


def test_a_clock_that_slept_for_days_sends_one_digest(office: Office) -> None:
    liaison = add_liaison(office.engine, office.vault, since=LONG_AGO)
    case(office, "1", liaison)
    schedule.send_due(office, NOON)
    case(office, "2", liaison)
    assert schedule.send_due(office, NOON + timedelta(days=4)) == 1
    assert len(made(office)) == 2


def test_without_mail_only_a_few_cases_go_into_a_text_the_gravest_and_oldest_first(office: Office) -> None:
    liaison = add_liaison(office.engine, office.vault, since=LONG_AGO)
    for n in range(1, 10):
        case(office, str(n), liaison, at=NOON - timedelta(minutes=n))
    case(office, "0", liaison, urgency="P4", at=NOON - timedelta(days=9))
    schedule.send_due(office, NOON)
    inside = rows(office.engine, select(digest_entries).where(digest_entries.c.digest_id.is_not(None)))
    assert sorted(row["report_id"] for row in inside) == ["5", "6", "7", "8", "9"]


def test_everything_now_leaves_whatever_the_hour_and_only_what_waits(office: Office) -> None:
    one, two = (add_liaison(office.engine, office.vault, since=LONG_AGO) for _ in range(2))
    case(office, "1", one)
    assert schedule.send_everything(office) == 1
    assert schedule.send_everything(office) == 0
    assert {row["liaison_id"] for row in rows(office.engine, select(deliveries))} == {one}
    case(office, "2", two)
    assert schedule.send_everything(office) == 1


def test_the_time_of_a_period_is_the_profiles_not_the_machines(office: Office) -> None:
    add_liaison(office.engine, office.vault, since=LONG_AGO)
    schedule.send_due(office, datetime(2026, 11, 24, 5, 0))  # noqa: DTZ001 - 23:00 of the 23rd there
    assert [row["period"] for row in rows(office.engine, select(digests))] == ["2026-11-23T18:00"]
