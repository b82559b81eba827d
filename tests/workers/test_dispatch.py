"""From a case to what is to be told to whom: once, however often it is dispatched."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from furniture import add_liaison, change, count_of, rows
from sqlalchemy import Engine, insert, select, update

from hotline.profile import load
from hotline.store import actions, duty, errands
from hotline.store.duty_tables import escalations, questions
from hotline.store.engine import utcnow
from hotline.store.schema import deliveries, digest_entries, liaisons, reports
from hotline.vault import Vault
from workers.casebook import Case, Part
from workers.dispatch import dispatch, on_duty

NOW = utcnow()
CASE = Case("r1", "K7M2P", "extorsion", "P2", "09007", "09", NOW, (Part("uno"),))


@pytest.fixture
def filed(engine: Engine) -> Engine:
    """A database in which the case stands."""
    row = {"id": "r1", "code": "K7M2P", "channel": "sms", "opened_at": NOW, "filed_at": NOW, "status": "filed"}
    change(engine, insert(reports).values(row))
    return engine


def goes_out(engine: Engine, case: Case) -> int:
    with engine.begin() as connection:
        return dispatch(connection, [case], on_duty(connection, load("osc"), NOW), NOW)


def told(engine: Engine) -> list[tuple[str, str, int]]:
    """liaison, purpose, round of every text, in order of round."""
    query = (
        select(deliveries)
        .where(deliveries.c.channel == "sms")
        .order_by(deliveries.c.round, deliveries.c.purpose, deliveries.c.liaison_id)
    )
    return [(row["liaison_id"], row["purpose"], row["round"]) for row in rows(engine, query)]


@pytest.mark.parametrize("urgency", ["P1", "P2"])
def test_an_urgent_case_is_told_at_once_and_only_once(filed: Engine, vault: Vault, urgency: str) -> None:
    one, two = add_liaison(filed, vault, areas=("09007",)), add_liaison(filed, vault, kinds=("extorsion",))
    add_liaison(filed, vault, areas=("09012",))
    case = replace(CASE, urgency=urgency)
    assert goes_out(filed, case) == (4 if urgency == "P1" else 2), "for life and limb they are rung up too"
    assert sorted(told(filed)) == sorted([(one, "urgent", 1), (two, "urgent", 1)])
    before = rows(filed, select(deliveries).order_by(deliveries.c.id))
    for _ in range(3):
        goes_out(filed, case)
    assert rows(filed, select(deliveries).order_by(deliveries.c.id)) == before
    assert count_of(filed, digest_entries) == 0
    assert rows(filed, select(reports))[0]["routed_at"] == NOW


@pytest.mark.parametrize("urgency", ["P3", "P4", None])
def test_what_is_not_urgent_waits_for_the_digest(filed: Engine, vault: Vault, urgency: str | None) -> None:
    liaison = add_liaison(filed, vault)
    for _ in range(2):
        assert goes_out(filed, replace(CASE, urgency=urgency)) == 0
    assert told(filed) == []
    [entry] = rows(filed, select(digest_entries))
    assert (entry["liaison_id"], entry["report_id"], entry["digest_id"]) == (liaison, "r1", None)


def test_what_was_added_after_a_digest_stands_in_the_next(filed: Engine, vault: Vault) -> None:
    add_liaison(filed, vault)
    case = replace(CASE, urgency="P3")
    goes_out(filed, case)
    change(filed, update(digest_entries).values(digest_id="d1"))
    goes_out(filed, replace(case, parts=(*case.parts, Part("dos"))))
    assert [row["digest_id"] for row in rows(filed, select(digest_entries))] == [None]


def test_who_was_told_gets_what_is_new_as_an_update(filed: Engine, vault: Vault) -> None:
    liaison = add_liaison(filed, vault)
    for parts in ((Part("uno"),), (Part("uno"), Part("dos")), (Part("uno"), Part("dos"))):
        goes_out(filed, replace(CASE, parts=parts))
    assert told(filed) == [(liaison, "urgent", 1), (liaison, "update", 2)]


def test_a_place_that_comes_late_brings_others_in_for_the_whole(filed: Engine, vault: Vault) -> None:
    everywhere = add_liaison(filed, vault, role="supervisor")
    local = add_liaison(filed, vault, areas=("09007",))
    goes_out(filed, replace(CASE, area=None, state=None))
    assert told(filed) == [(everywhere, "urgent", 1)]
    goes_out(filed, replace(CASE, parts=(Part("uno"), Part("en iztapalapa"))))
    assert sorted(told(filed)) == sorted([(everywhere, "urgent", 1), (local, "urgent", 2), (everywhere, "update", 2)])


def test_a_case_that_turns_urgent_after_the_digest_is_told_at_once(filed: Engine, vault: Vault) -> None:
    liaison = add_liaison(filed, vault)
    goes_out(filed, replace(CASE, urgency="P3"))
    goes_out(filed, replace(CASE, urgency="P1", parts=(Part("uno"), Part("dos"))))
    assert told(filed) == [(liaison, "urgent", 2)]


def test_with_no_liaison_a_case_stays_to_be_routed(filed: Engine, vault: Vault) -> None:
    assert goes_out(filed, CASE) == 0
    assert rows(filed, select(reports))[0]["routed_at"] is None


def test_who_is_off_is_told_nothing(filed: Engine, vault: Vault) -> None:
    from hotline.store import people

    off, on = add_liaison(filed, vault), add_liaison(filed, vault)
    with filed.begin() as connection:
        people.switch_off(connection, vault, off)
    goes_out(filed, CASE)
    assert [who for who, *_ in told(filed)] == [on]


def test_several_cases_at_once(filed: Engine, vault: Vault) -> None:
    liaison = add_liaison(filed, vault)
    other: dict[str, Any] = {"id": "r2", "code": "B3B3B", "channel": "sms", "opened_at": NOW, "status": "filed"}
    change(filed, insert(reports).values(other | {"filed_at": NOW}))
    quiet = replace(CASE, id="r2", code="B3B3B", urgency="P4")
    with filed.begin() as connection:
        assert dispatch(connection, [CASE, quiet], on_duty(connection, load("osc"), NOW), NOW) == 1
    assert told(filed) == [(liaison, "urgent", 1)]
    assert [row["report_id"] for row in rows(filed, select(digest_entries))] == ["r2"]


def test_who_read_a_case_by_themselves_keeps_the_others_in_their_digests(filed: Engine, vault: Vault) -> None:
    one, two = add_liaison(filed, vault), add_liaison(filed, vault)
    case = replace(CASE, urgency="P3")
    goes_out(filed, case)
    change(filed, update(digest_entries).values(digest_id="d1"))
    change(filed, insert(deliveries).values(errands.delivery("story", "r1", one, "sms", NOW)))
    goes_out(filed, replace(case, parts=(*case.parts, Part("dos"))))
    assert {row["liaison_id"] for row in rows(filed, select(digest_entries)) if row["digest_id"] is None} == {one, two}


def test_what_is_added_to_a_taken_case_goes_to_who_took_it(filed: Engine, vault: Vault) -> None:
    one, _ = add_liaison(filed, vault), add_liaison(filed, vault)
    goes_out(filed, CASE)
    change(filed, update(reports).values(acknowledged_by=one, status="acknowledged"))
    goes_out(filed, replace(CASE, parts=(Part("uno"), Part("dos"))))
    assert [row for row in told(filed) if row[1] == "update"] == [(one, "update", 2)]


# How grave it was and becomes, whether it was closed, whether whoever has it serves: who is woken, who gets an update.
@pytest.mark.parametrize(
    ("before", "after", "closed", "serves", "woken", "updated"),
    [
        ("P3", "P3", False, True, [], ["ana"]),
        ("P3", "P3", True, True, [], ["ana"]),
        ("P3", "P2", False, True, ["ana"], []),
        ("P3", "P1", False, False, ["ana", "beto"], []),
        ("P2", "P2", False, True, [], ["ana"]),
        ("P2", "P1", False, True, ["ana"], []),
        ("P2", "P2", True, True, ["ana"], []),
        ("P1", "P1", True, False, ["ana", "beto"], []),
    ],
)
def test_who_has_a_case_that_goes_on_takes_it_again_if_it_is_urgent(
    filed: Engine,
    vault: Vault,
    before: str,
    after: str,
    closed: bool,
    serves: bool,
    woken: list[str],
    updated: list[str],
) -> None:
    ana, beto = add_liaison(filed, vault, "ana"), add_liaison(filed, vault, "beto")
    names = {ana: "ana", beto: "beto"}
    goes_out(filed, replace(CASE, urgency=before))
    with filed.begin() as connection:
        actions.acknowledge(connection, ana, "r1", NOW)
        if not serves:
            local = duty.local(load("osc"), NOW)
            day = f"{['lun', 'mar', 'mie', 'jue', 'vie', 'sab', 'dom'][(local.weekday() + 3) % 7]}"
            duty.add_shift(connection, ana, duty.checked_shift(day, "10:00", "10:30"))
    known = rows(filed, select(deliveries.c.id))
    goes_out(filed, replace(CASE, urgency=after, parts=(Part("uno"), Part("dos")), reopened=closed))
    new = [row for row in rows(filed, select(deliveries)) if {"id": row["id"]} not in known and row["channel"] == "sms"]
    assert sorted(names[row["liaison_id"]] for row in new if row["purpose"] == "urgent") == woken
    assert [names[row["liaison_id"]] for row in new if row["purpose"] == "update"] == updated
    [clock] = rows(filed, select(escalations)) or [{"state": "none"}]
    assert clock["state"] == ("open" if woken else "none" if before == "P3" else "heard")
    with filed.begin() as connection:
        assert actions.acknowledge(connection, beto, "r1", NOW) == ("yours" if "beto" in woken else "taken")
        assert actions.acknowledge(connection, ana, "r1", NOW) == ("taken" if "beto" in woken else "yours")
    assert rows(filed, select(reports.c.passed_to)) == [{"passed_to": None}]


def test_what_does_not_hurry_is_added_in_the_shift_of_who_has_it(filed: Engine, vault: Vault) -> None:
    ana = add_liaison(filed, vault)
    goes_out(filed, replace(CASE, urgency="P3"))
    with filed.begin() as connection:
        actions.acknowledge(connection, ana, "r1", NOW)
        duty.go_off(connection, ana, NOW)
    goes_out(filed, replace(CASE, urgency="P3", parts=(Part("uno"), Part("dos"))))
    [row] = rows(filed, select(deliveries))
    assert row["purpose"] == "update" and row["due_at"] > NOW


def test_a_case_whose_liaison_was_switched_off_is_everybodys_again(filed: Engine, vault: Vault) -> None:
    ana, beto = add_liaison(filed, vault), add_liaison(filed, vault)
    goes_out(filed, CASE)
    change(filed, update(reports).values(acknowledged_by=ana, status="acknowledged"))
    change(filed, update(liaisons).where(liaisons.c.id == ana).values(active=False))
    goes_out(filed, replace(CASE, parts=(Part("uno"), Part("dos"))))
    assert [who for who, purpose, round_ in told(filed) if round_ == 2] == [beto]
    assert rows(filed, select(reports.c.acknowledged_by, reports.c.status)) == [
        {"acknowledged_by": None, "status": "filed"}
    ]


def test_an_answer_goes_to_who_asked_once(filed: Engine, vault: Vault) -> None:
    asker, _ = add_liaison(filed, vault), add_liaison(filed, vault)
    goes_out(filed, CASE)
    asked = {"id": "q1", "report_id": "r1", "liaison_id": asker, "asked_at": NOW, "words": b"x", "state": "sent"}
    change(filed, insert(questions).values(**asked, from_part=1))
    change(filed, update(reports).values(acknowledged_by=asker, status="acknowledged"))
    for _ in range(2):
        goes_out(filed, replace(CASE, parts=(Part("uno"), Part("dos"))))
    assert [row for row in told(filed) if row[2] == 2] == [(asker, "answer", 2)]
    [question] = rows(filed, select(questions))
    assert (question["state"], question["answered_at"]) == ("answered", NOW)
