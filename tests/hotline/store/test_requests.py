"""What the store knows of requests: claves, alerts, numbers, figures, language, dates, erasing. On both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from furniture import CALLER, OTHER_CALLER, RULES, admit, arrival, count_of, rows
from sqlalchemy import Engine, insert, select

from hotline.personal import Phone
from hotline.profile import load
from hotline.store import erasing, jornadas, neighbours, status, subscribers
from hotline.store.call_tables import recordings
from hotline.store.engine import utcnow
from hotline.store.public_tables import guesses, known_numbers, patrol_requests, subscriptions, volunteers
from hotline.store.public_tables import jornadas as dates
from hotline.store.schema import claves, conversations, erasures, evidence, messages, reports
from hotline.vault import Vault

NOW = utcnow()
OSC = load("osc")


def case(engine: Engine, id: str = "r1", *, area: str | None = None, stands: str = "filed") -> None:
    row = {"id": id, "code": id.upper(), "channel": "sms", "opened_at": NOW, "status": stands, "area": area}
    with engine.begin() as connection:
        connection.execute(insert(reports).values(row | {"state": area and area[:2], "filed_at": NOW}))
        connection.execute(insert(claves).values({"hash": f"hash-{id}", "report_id": id}))


@pytest.mark.parametrize("stands", ["filed", "held", "acknowledged", "closed"])
def test_a_report_by_its_clave(engine: Engine, stands: str) -> None:
    case(engine, stands=stands)
    with engine.begin() as connection:
        found = status.status_of(connection, "hash-r1")
        assert found is not None and (found.report_id, found.status) == ("r1", stands)
        assert status.status_of(connection, "hash-r2") is None


def test_an_erased_report_has_no_clave(engine: Engine) -> None:
    case(engine, stands="erased")
    with engine.begin() as connection:
        assert status.status_of(connection, "hash-r1") is None


def test_guessing_locks_one_phone_for_an_hour(engine: Engine) -> None:
    with engine.begin() as connection:
        for n in range(status.MOST_WRONG):
            assert not status.locked(connection, "a", NOW)
            status.note_wrong(connection, "a", NOW + timedelta(minutes=n))
        assert status.locked(connection, "a", NOW + timedelta(minutes=59))
        assert not status.locked(connection, "b", NOW)
        assert not status.locked(connection, "a", NOW + timedelta(minutes=61))
        assert status.wrong_guesses(connection) == status.MOST_WRONG
        status.note_wrong(connection, "a", NOW + timedelta(minutes=61))
        assert not status.locked(connection, "a", NOW + timedelta(minutes=61))
    assert [row["wrong"] for row in rows(engine, select(guesses))] == [1]


def test_alerts_of_several_places(engine: Engine) -> None:
    with engine.begin() as connection:
        for area, state in (("09007", "09"), (None, "21"), (None, None), ("09007", "09")):
            subscribers.sign_up(connection, "a", b"x", area=area, state=state, language="es", now=NOW)
        subscribers.sign_up(connection, "b", b"x", area="09007", state="09", language="en", now=NOW)
        assert subscribers.sign_off(connection, "a", "21") and not subscribers.sign_off(connection, "a", "21")
    assert sorted(row["place"] for row in rows(engine, select(subscriptions))) == ["*", "09007", "09007"]
    with engine.begin() as connection:
        assert subscribers.sign_off(connection, "a") and not subscribers.sign_off(connection, "a")
    assert [row["sender"] for row in rows(engine, select(subscriptions))] == ["b"]


def test_patrols_are_counted_by_place_and_day(engine: Engine) -> None:
    with engine.begin() as connection:
        for place in ("09007", "09007", "*"):
            neighbours.wish_for_patrol(connection, place, NOW)
        neighbours.wish_for_patrol(connection, "09007", NOW + timedelta(days=1))
    found = rows(engine, select(patrol_requests))
    assert sorted((row["place"], row["count"]) for row in found) == [("*", 1), ("09007", 1), ("09007", 2)]


def test_a_number_by_its_print(engine: Engine) -> None:
    with engine.begin() as connection:
        for report in ("r1", "r2"):
            row = {"report_id": report, "fingerprint": "p", "type": "TELEFONO", "owner": "suspect", "value": b"x"}
            connection.execute(insert(evidence).values(row))
        assert neighbours.known_number(connection, "p") == neighbours.Known(None, 2)
        connection.execute(insert(known_numbers).values({"fingerprint": "q", "standing": "good", "added_at": NOW}))
        assert neighbours.known_number(connection, "q") == neighbours.Known("good", 0)


def test_figures_by_place(engine: Engine) -> None:
    for n, area in enumerate(("09007", "09007", "09012", None)):
        case(engine, f"r{n}", area=area)
    case(engine, "gone", area="09007", stands="erased")
    with engine.begin() as connection:
        since = NOW - timedelta(days=1)
        assert neighbours.reports_since(connection, since, "09007", "09") == 2
        assert neighbours.reports_since(connection, since, None, "09") == 3
        assert neighbours.reports_since(connection, since, None, None) == 4
        assert neighbours.reports_since(connection, NOW + timedelta(days=1), None, None) == 0


def test_dates_to_come(engine: Engine) -> None:
    local = NOW.replace(microsecond=0) - timedelta(hours=6)
    with engine.begin() as connection:
        for n, (ahead, area) in enumerate(((5, "09012"), (1, "09012"), (2, "09007"), (-1, "09012"), (1, "21114"))):
            row = {"id": str(n), "area": area, "starts": local + timedelta(days=ahead), "title": "t", "place": "p"}
            connection.execute(insert(dates).values(row))

        def days(area: str | None, state: str | None) -> list[int]:
            return [(each.starts - local).days for each in jornadas.upcoming(connection, OSC, area, state, NOW)]

        assert days("09012", "09") == [1, 5]
        assert days(None, "09") == [1, 2, 5]
        assert days(None, None) == [1, 1, 2, 5]
        assert days("09003", "09") == []
    assert jornadas.upcoming(None, OSC, None, None, NOW) == []


def test_a_language_is_remembered_with_and_without_a_conversation(engine: Engine, vault: Vault) -> None:
    sender = vault.pseudonym(Phone(CALLER))
    with engine.begin() as connection:
        neighbours.choose_language(connection, sender, "en", NOW)
        assert neighbours.language_of(connection, sender) == "en"
    [first] = admit(engine, vault, arrival(vault, "uno", at=NOW))
    assert first.fresh and first.language == "en"
    with engine.begin() as connection:
        neighbours.choose_language(connection, sender, "es", NOW)
    [second] = admit(engine, vault, arrival(vault, "dos", at=NOW + timedelta(minutes=5)))
    assert (second.fresh, second.language, second.report_id) == (False, "es", first.report_id)
    [other] = admit(engine, vault, arrival(vault, "tres", sender=OTHER_CALLER, at=NOW))
    assert other.language is None


def test_silence_holds_from_the_text_that_wishes_for_it(engine: Engine, vault: Vault) -> None:
    [first] = admit(engine, vault, arrival(vault, "uno", at=NOW))
    [wish] = admit(engine, vault, arrival(vault, "no me contesten", hushes=True, at=NOW + timedelta(minutes=2)))
    [later] = admit(engine, vault, arrival(vault, "otro", at=NOW + timedelta(hours=9)))
    assert [first.silent, wish.silent, later.silent] == [False, True, True]
    assert later.fresh


@pytest.mark.parametrize(("seconds", "is_part"), [(0, True), (59, True), (60, False), (300, False)])
def test_what_comes_within_a_minute_of_an_answer_is_a_part(
    engine: Engine, vault: Vault, seconds: int, is_part: bool
) -> None:
    [first, second] = admit(
        engine,
        vault,
        arrival(vault, "uno", at=NOW, is_long=True),
        arrival(vault, "dos", at=NOW + timedelta(seconds=seconds)),
    )
    assert (first.is_part, second.is_part, second.after_long) == (False, is_part, True)


def test_parts_are_counted_from_the_answer_and_cost_none(engine: Engine, vault: Vault) -> None:
    came = [
        admission
        for n in range(40)
        for admission in admit(engine, vault, arrival(vault, str(n), at=NOW + timedelta(seconds=20 * n)))
    ]
    assert [each.is_part for each in came] == ([False, True, True] * 14)[:40]
    [row] = rows(engine, select(conversations))
    assert row["answers"] == 14 > RULES.answers_per_hour
    assert [each.silent for each in came].index(True) == 3 * RULES.answers_per_hour


def test_erasing_leaves_code_and_time_and_nothing_else(engine: Engine, vault: Vault) -> None:
    [one] = admit(engine, vault, arrival(vault, "uno", id="SMone", at=NOW))
    case(engine, one.report_id[:6])
    sender = vault.pseudonym(Phone(CALLER))
    with engine.begin() as connection:
        connection.execute(insert(volunteers).values(sender=sender, place="*", phone=b"x", created_at=NOW))
        recorded = {"id": "RE1", "call_id": "CA1", "report_id": one.report_id, "language": "nah", "state": "kept"}
        connection.execute(
            insert(recordings).values(recorded | {"audio": b"x", "created_at": NOW, "due_at": NOW, "attempts": 1})
        )
        for _ in range(2):
            erasing.erase_report(connection, one.report_id, NOW)
            erasing.erase_phone(connection, sender)
    assert count_of(engine, messages, messages.c.sealed.is_not(None)) == 0
    assert count_of(engine, conversations) == count_of(engine, volunteers) == count_of(engine, recordings) == 0
    assert {row["carrier_id"] for row in rows(engine, select(erasures))} == {"SMone", "RE1"}
