"""Who is woken, in which order, at which minute of a frozen clock, until somebody takes the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from furniture import add_liaison, change, open_office, rows
from sqlalchemy import Engine, insert, select, update

from hotline.store import actions, duty, handing, waiting
from hotline.store.duty_tables import case_events, escalations
from hotline.store.receipts import delivery_receipt
from hotline.store.schema import deliveries, digest_entries, liaisons, reports
from workers.casebook import Case, Part
from workers.dispatch import dispatch, on_duty
from workers.escalating import escalate
from workers.housekeeping import route_left_over
from workers.office import Office

# A Monday, 14:00 in Mexico City.
START = datetime(2026, 11, 23, 20, 0)  # noqa: DTZ001
IZTAPALAPA = "09007"
CASE = Case("r1", "K7M2P", "secuestro", "P1", IZTAPALAPA, "09", START, (Part("uno"),))


class Night:
    """A case comes in at minute 0; the clock is moved by hand."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.names: dict[str | None, str] = {None: "operator"}

    def has(self, name: str, **options: Any) -> str:
        liaison = add_liaison(self.office.engine, self.office.vault, name, **options)
        self.names[liaison] = name
        return liaison

    def comes(self, case: Case = CASE, minute: float = 0) -> None:
        row = {"id": case.id, "code": case.code, "channel": "sms", "opened_at": START, "filed_at": START}
        facts = {"kind": case.kind, "urgency": case.urgency, "area": case.area, "state": case.state}
        now = START + timedelta(minutes=minute)
        with self.office.engine.begin() as connection:
            if connection.execute(select(reports).where(reports.c.id == case.id)).first() is None:
                connection.execute(insert(reports).values(**row, **facts, status="filed"))
            else:
                connection.execute(update(reports).where(reports.c.id == case.id).values(**facts))
            dispatch(connection, [case], on_duty(connection, self.office.profile, now), now)

    def passes(self, minutes: int, begins: int = 0) -> None:
        """Looks every half minute, as the clock of the house does more often."""
        for half in range(begins * 2, minutes * 2 + 1):
            escalate(self.office, START + timedelta(seconds=half * 30))

    def woken(self, channel: str = "sms", purpose: str = "urgent") -> list[tuple[float, str]]:
        """Minute and name of everything that was to be told by `channel` for `purpose`, in order."""
        query = select(deliveries).where(deliveries.c.channel == channel).order_by(deliveries.c.created_at)
        query = query.where(deliveries.c.purpose.in_((purpose, "watch")))
        found = [(_minute(row["created_at"]), self.names[row["liaison_id"]]) for row in rows(self.office.engine, query)]
        return sorted(found)

    def fails(self, name: str, minute: float, purpose: str = "urgent") -> None:
        """The receipt of the text to `name` says that it did not arrive."""
        texts = select(deliveries).where(deliveries.c.channel == "sms", deliveries.c.purpose == purpose)
        [row] = [row for row in rows(self.office.engine, texts) if self.names[row["liaison_id"]] == name]
        change(self.office.engine, update(deliveries).where(deliveries.c.id == row["id"]).values(state="sent"))
        with self.office.engine.begin() as connection:
            now = START + timedelta(minutes=minute)
            delivery_receipt(connection, row["id"], "SM1", arrived=False, error=30003, now=now)

    def takes(self, liaison: str, minute: float) -> str:
        with self.office.engine.begin() as connection:
            return actions.acknowledge(connection, liaison, "r1", START + timedelta(minutes=minute))

    def passed(self, by: str, to: str, minute: float) -> str:
        with self.office.engine.begin() as connection:
            now = START + timedelta(minutes=minute)
            return actions.pass_on(connection, by, "r1", to, rules=self.office.profile.duty, now=now)

    def goes(self, liaison: str, minute: float) -> None:
        """The liaison serves no more."""
        with self.office.engine.begin() as connection:
            connection.execute(update(liaisons).where(liaisons.c.id == liaison).values(active=False))
            handing.set_free(connection, liaison, START + timedelta(minutes=minute))


def _minute(at: datetime) -> float:
    return (at - START).total_seconds() / 60


@pytest.fixture
def night(engine: Engine, keys: Path) -> Night:
    return Night(open_office(engine, keys))


@pytest.fixture
def town(night: Night) -> dict[str, str]:
    """A first and a second in Iztapalapa, one elsewhere, a supervisor."""
    return {
        "first": night.has("first", areas=(IZTAPALAPA,)),
        "second": night.has("second", areas=(IZTAPALAPA,), role="second"),
        "elsewhere": night.has("elsewhere", areas=("09012",)),
        "supervisor": night.has("supervisor", role="supervisor"),
    }


EVERYBODY = ["elsewhere", "first", "second", "supervisor"]


@pytest.mark.parametrize(("urgency", "wait", "calls"), [("P1", 3, True), ("P2", 10, False)])
def test_the_next_the_supervisor_everyone_the_operator(
    night: Night, town: dict[str, str], urgency: str, wait: int, calls: bool
) -> None:
    night.comes(replace(CASE, urgency=urgency))
    night.passes(60)
    told = [(0.0, "first"), (wait, "second"), (2 * wait, "supervisor"), *((3 * wait, name) for name in EVERYBODY)]
    assert night.woken() == told
    assert night.woken("call") == (told if calls else [])
    assert night.woken("mail") == [(4 * wait, "operator")]
    assert [row["state"] for row in rows(night.office.engine, select(escalations))] == ["exhausted"]


# Whoever passes it on: who has taken it, who was only told. Who is told then, at which minute.
@pytest.mark.parametrize("taken", [True, False])
def test_a_case_passed_on_and_not_taken_wakes_others(night: Night, town: dict[str, str], taken: bool) -> None:
    beto = night.has("beto", areas=("09012",))
    night.comes()
    if taken:
        assert night.takes(town["first"], 1) == "yours"
    assert night.passed(town["first"], beto, 2) == "passed"
    night.passes(20, 2)
    again = [name for name in (*EVERYBODY, "beto") if name not in (() if taken else ("first",))]
    assert night.woken("sms", "passed") == [(2.0, "beto")] == night.woken("call", "passed")
    told = [(0.0, "first"), (5.0, "beto"), (5.0, "second"), (8.0, "supervisor")]
    assert night.woken() == [*told, *((11.0, name) for name in sorted([*again, *(() if taken else ("first",))]))]
    assert night.woken("sms", "unheard") == ([(5.0, "first")] if taken else [])
    assert night.woken("mail") == [(14.0, "operator")]
    # Somebody who was woken instead takes it from who passed it on, and that one hears of it.
    assert night.takes(town["second"], 20) == "yours"
    assert night.woken("sms", "handed") == ([(20.0, "first")] if taken else [])


def test_who_was_asked_takes_it_in_time(night: Night, town: dict[str, str]) -> None:
    night.comes()
    night.takes(town["first"], 1)
    assert night.passed(town["first"], town["second"], 2) == "passed"
    assert night.takes(town["elsewhere"], 3) == "taken", "nobody else was asked"
    assert night.takes(town["second"], 4) == "yours"
    night.passes(60, 2)
    assert night.woken() == [(0.0, "first")]
    assert night.woken("sms", "handed") == [(4.0, "first")]


def test_who_passed_it_on_may_take_it_back(night: Night, town: dict[str, str]) -> None:
    night.comes()
    night.takes(town["first"], 1)
    night.passed(town["first"], town["second"], 2)
    assert night.takes(town["first"], 3) == "yours"
    assert night.takes(town["second"], 4) == "taken"
    night.passes(60, 2)
    assert night.woken() == [(0.0, "first")]


@pytest.mark.parametrize("urgency", ["P1", "P3"])
def test_who_is_asked_and_cannot_be_reached_is_made_up_for(night: Night, town: dict[str, str], urgency: str) -> None:
    night.comes(replace(CASE, urgency=urgency))
    night.takes(town["first"], 1)
    night.passed(town["first"], town["second"], 2)
    night.fails("second", 2.5, "passed")
    night.passes(3, 2)
    assert night.woken()[1:] == ([(2.5, "second"), (2.5, "supervisor")] if urgency == "P1" else [])
    assert night.woken("sms", "unpassed") == ([] if urgency == "P1" else [(2.5, "first")])


def test_what_is_passed_without_hurry_stands_in_the_next_digest(night: Night, town: dict[str, str]) -> None:
    night.comes(replace(CASE, urgency="P3"))
    night.takes(town["first"], 1)
    night.passed(town["first"], town["elsewhere"], 2)
    entries = rows(night.office.engine, select(digest_entries))
    assert {night.names[row["liaison_id"]] for row in entries} == {"first", "elsewhere"}
    night.passes(60)
    assert night.woken() == []


# Liaisons who go


def test_who_goes_hurries_nobody_while_another_was_told_too(night: Night) -> None:
    ana, beto = night.has("ana"), night.has("beto")
    night.has("dora", role="supervisor")
    night.comes()
    night.goes(ana, 1)
    night.passes(2)
    assert night.woken() == [(0.0, "ana"), (0.0, "beto")]
    with night.office.engine.begin() as connection:
        duty.go_off(connection, beto, START + timedelta(minutes=2))
    night.passes(3, 2)
    assert night.woken()[2:] == [(2.0, "dora")]


def test_an_urgent_case_whose_liaison_goes_is_told_to_others_at_once(night: Night, town: dict[str, str]) -> None:
    night.comes()
    night.takes(town["first"], 1)
    night.goes(town["first"], 2)
    night.passes(60, 2)
    told = [(2.0, "second"), (5.0, "supervisor"), (8.0, "elsewhere"), (8.0, "second"), (8.0, "supervisor")]
    assert night.woken() == [(0.0, "first"), *told]
    assert night.woken("mail") == [(11.0, "operator")]


def test_what_does_not_hurry_goes_into_the_digests_of_others(night: Night, town: dict[str, str]) -> None:
    quiet = replace(CASE, urgency="P3")
    night.comes(quiet)
    night.takes(town["first"], 1)
    night.goes(town["first"], 2)
    assert rows(night.office.engine, select(reports))[0]["acknowledged_by"] is None
    route_left_over(night.office)
    waiting_ = rows(night.office.engine, select(digest_entries).where(digest_entries.c.digest_id.is_(None)))
    assert [night.names[row["liaison_id"]] for row in waiting_] == ["second"]


def test_who_goes_out_of_service_leaves_what_they_were_told_to_the_next(night: Night, town: dict[str, str]) -> None:
    night.comes()
    night.comes(replace(CASE, id="r2", code="B3B3B", urgency="P3"))
    with night.office.engine.begin() as connection:
        duty.go_off(connection, town["first"], START + timedelta(minutes=1))
    night.passes(3)
    assert night.woken() == [(0.0, "first"), (1.0, "second")]
    route_left_over(night.office)
    assert [night.names[row["liaison_id"]] for row in rows(night.office.engine, select(digest_entries))] == ["second"]


@pytest.mark.parametrize(("minute", "woken"), [(2, 1), (4, 2), (8, 3), (10, 7)])
def test_who_takes_it_lets_the_others_sleep(night: Night, town: dict[str, str], minute: int, woken: int) -> None:
    night.comes()
    night.passes(minute)
    assert night.takes(town["supervisor"], minute) == "yours"
    night.passes(60, minute)
    assert len(night.woken()) == woken
    assert night.woken("mail") == []
    with night.office.engine.connect() as connection:
        assert waiting.to_escalate(connection, START + timedelta(hours=9)).count == 0


def test_what_did_not_arrive_wakes_the_next_at_once(night: Night, town: dict[str, str]) -> None:
    night.comes()
    night.fails("first", 0.5)
    night.passes(3)
    assert night.woken() == [(0.0, "first"), (0.5, "second")]


def test_one_of_two_who_was_reached_is_waited_for(night: Night) -> None:
    night.has("ana"), night.has("beto"), night.has("dora", role="supervisor")
    night.comes()
    night.fails("ana", 1)
    night.passes(2)
    assert night.woken() == [(0.0, "ana"), (0.0, "beto")]
    night.fails("beto", 2)
    night.passes(3, 2)
    assert night.woken()[2:] == [(2.0, "dora")]


def test_who_leaves_it_to_the_next_is_taken_at_their_word(night: Night, town: dict[str, str]) -> None:
    night.comes()
    with night.office.engine.begin() as connection:
        actions.decline(connection, town["first"], "r1", START + timedelta(minutes=1))
    night.passes(3)
    assert night.woken() == [(0.0, "first"), (1.0, "second")]


def test_a_case_that_turns_graver_is_called_and_hurries(night: Night, town: dict[str, str]) -> None:
    night.comes(replace(CASE, urgency="P2"))
    night.comes(replace(CASE, parts=(Part("uno"), Part("dos"))), minute=2)
    assert night.woken("call") == [(2.0, "first")]
    night.passes(6)
    assert [minute for minute, name in night.woken() if name == "second"] == [5.0]


@pytest.mark.parametrize(
    ("who", "hour", "order"),
    [
        # 14:00: the day's people; whoever is off shift is not woken while somebody on duty can be.
        ("day", 0, ["day", "boss"]),
        ("night", 10, ["night", "boss"]),
    ],
)
def test_whoever_is_on_shift_is_woken(night: Night, who: str, hour: int, order: list[str]) -> None:
    people = {"day": night.has("day"), "night": night.has("night"), "boss": night.has("boss", role="supervisor")}
    with night.office.engine.begin() as connection:
        duty.add_shift(connection, people["day"], duty.checked_shift("all", "08:00", "20:00", holidays=True))
        duty.add_shift(connection, people["night"], duty.checked_shift("all", "20:00", "08:00", holidays=True))
    night.comes(minute=hour * 60)
    escalate(night.office, START + timedelta(hours=hour, minutes=3))
    assert [name for _, name in night.woken()] == order
    # Everyone means everyone, who sleeps too.
    escalate(night.office, START + timedelta(hours=hour, minutes=6))
    assert sorted({name for _, name in night.woken()}) == ["boss", "day", "night"]


def test_who_is_out_of_service_is_let_be_while_there_are_others(night: Night, town: dict[str, str]) -> None:
    with night.office.engine.begin() as connection:
        duty.go_off(connection, town["first"], START)
    night.comes()
    night.passes(30)
    assert "first" not in {name for _, name in night.woken()}
    assert night.woken()[0] == (0.0, "second")


def test_without_anybody_the_operator_hears_of_it(night: Night) -> None:
    night.comes()
    night.passes(10)
    assert (night.woken(), night.woken("mail")) == ([], [(3.0, "operator")])


# A complaint, of whom, and who serves there: who may hear of it.
@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("unos policias me golpearon ahorita", ["everyman", "prosecutor"]),
        ("los del ministerio publico me amenazan ahorita", ["commander", "everyman", "officer"]),
        ("policias y el ministerio publico", ["everyman"]),
        ("me amenazan unos de uniforme", ["everyman"]),
    ],
)
def test_nobody_hears_a_complaint_about_the_body_they_serve_in(night: Night, words: str, heard: list[str]) -> None:
    night.has("everyman"), night.has("officer", body="SSC"), night.has("prosecutor", body="fgj")
    night.has("fireman", body="Bomberos")
    night.has("commander", body="ssc", role="supervisor")
    night.comes(replace(CASE, kind="queja_autoridad", parts=(Part(words),)))
    night.passes(60)
    assert sorted({name for _, name in night.woken()}) == heard


def test_a_complaint_that_only_the_body_itself_could_hear_is_told_to_the_operator(night: Night) -> None:
    night.has("officer", body="ssc")
    night.comes(replace(CASE, kind="conduce_sin_alcohol", parts=(Part("me pidieron dinero"),)))
    night.passes(10)
    assert (night.woken(), night.woken("mail")) == ([], [(3.0, "operator")])
    assert rows(night.office.engine, select(reports))[0]["routed_at"] is None


# How long after the operator was told it begins again: by day, and at night, for which urgencies.
@pytest.mark.parametrize(("urgency", "told_at", "again_at"), [("P1", 12, 72), ("P2", 40, 40 + 720)])
def test_a_case_that_nobody_took_wakes_everybody_again_until_somebody_does(
    night: Night, town: dict[str, str], urgency: str, told_at: int, again_at: int
) -> None:
    night.comes(replace(CASE, urgency=urgency))
    night.passes(again_at - 1)
    assert night.woken("mail") == [(told_at, "operator")]
    known = len(night.woken())
    # 14:00 and 12:40 hours: 02:40 at night, when nobody is woken for what does not cost a life.
    later = again_at if urgency == "P1" else 19 * 60
    for minute in range(again_at, later + 15):
        escalate(night.office, START + timedelta(minutes=minute))
        escalate(night.office, START + timedelta(minutes=minute))
    minute_, name = night.woken()[known]
    assert later <= minute_ < later + 15 and name == "first"
    assert night.takes(town["first"], later + 15) == "yours"
    known = len(night.woken())
    for hour in range(20, 24 * 5):
        escalate(night.office, START + timedelta(hours=hour))
    assert len(night.woken()) == known


def test_after_three_days_it_is_the_digests_to_tell_of(night: Night, town: dict[str, str]) -> None:
    night.comes()
    for minute in range(0, 60 * 24 * 4, 3):
        escalate(night.office, START + timedelta(minutes=minute))
    assert rows(night.office.engine, select(escalations))[0]["state"] == "over"


def test_two_clocks_at_once_take_each_step_once(night: Night, town: dict[str, str]) -> None:
    night.comes()
    for _ in range(2):
        night.passes(4)
    assert night.woken() == [(0.0, "first"), (3.0, "second")]
    assert len(rows(night.office.engine, select(case_events))) == 2


def test_who_comes_back_is_on_duty_though_no_shift_is(night: Night) -> None:
    liaison, profile = night.has("ana"), night.office.profile
    with night.office.engine.begin() as connection:
        duty.add_shift(connection, liaison, duty.checked_shift("sab", "08:00", "09:00"))
        assert duty.on_duty_at(connection, profile, START) == set()
        duty.go_on(connection, liaison, START)
        assert duty.on_duty_at(connection, profile, START) == {liaison}
        assert duty.on_duty_at(connection, profile, START + timedelta(hours=13)) == set()
        connection.execute(update(liaisons).values(active=False))
        assert duty.on_duty_at(connection, profile, START) == set()
