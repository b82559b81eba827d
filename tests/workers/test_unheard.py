"""An urgent case whose every message failed goes to the next in line, and to nobody twice."""

from __future__ import annotations

import pytest
from furniture import add_liaison, admit, arrival, change, rows, rung
from sqlalchemy import Engine, select, update

from hotline.store import waiting
from hotline.store.schema import deliveries, reports
from workers import filing, housekeeping
from workers.office import Office

STORY = "me extorsionan en Iztapalapa, que deposite hoy"


@pytest.fixture
def told(office: Office) -> dict[str, str]:
    """A first and a second liaison and a supervisor; an urgent case was told to the first."""
    people = {role: add_liaison(office.engine, office.vault, role=role) for role in ("first", "second", "supervisor")}
    admit(office.engine, office.vault, arrival(office.vault, STORY))
    filing.drain(office)
    return people


def reached(office: Office) -> list[str]:
    return [row["liaison_id"] for row in rows(office.engine, select(deliveries).order_by(deliveries.c.created_at))]


def is_unheard(engine: Engine) -> bool:
    with engine.connect() as connection:
        return waiting.unheard(connection) is not None


@pytest.mark.parametrize(
    ("state", "unheard"), [("waiting", False), ("sent", False), ("delivered", False), ("failed", True)]
)
def test_only_what_failed_is_unheard(office: Office, told: dict[str, str], state: str, unheard: bool) -> None:
    change(office.engine, update(deliveries).values(state=state))
    assert is_unheard(office.engine) is unheard
    assert housekeeping.tell_others(office) == int(unheard)
    assert reached(office) == [told["first"], *([told["second"]] if unheard else [])]


def test_one_after_the_other_until_nobody_is_left(office: Office, told: dict[str, str]) -> None:
    for _ in range(5):
        change(office.engine, update(deliveries).values(state="failed"))
        housekeeping.housekeep(office)
    assert reached(office) == [told["first"], told["second"], told["supervisor"]]
    assert not is_unheard(office.engine), "it would be rung for ever"
    assert rung(office).count("deliver") == 3


def test_what_somebody_has_taken_is_heard(office: Office, told: dict[str, str]) -> None:
    change(office.engine, update(deliveries).values(state="failed"))
    change(office.engine, update(reports).values(acknowledged_by=told["first"], status="acknowledged"))
    assert not is_unheard(office.engine)
    assert housekeeping.tell_others(office) == 0


def test_one_of_two_who_was_reached_is_enough(office: Office) -> None:
    one, two = (add_liaison(office.engine, office.vault) for _ in range(2))
    admit(office.engine, office.vault, arrival(office.vault, STORY))
    filing.drain(office)
    change(office.engine, update(deliveries).where(deliveries.c.liaison_id == one).values(state="failed"))
    change(office.engine, update(deliveries).where(deliveries.c.liaison_id == two).values(state="delivered"))
    assert housekeeping.tell_others(office) == 0
