"""What the store knows of calls, on both databases: who broke off, who is called back, who waits, what was told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from furniture import CALLER, OTHER_CALLER, admit, arrival, change, count_of, rows
from sqlalchemy import Engine, insert, select

from hotline.personal import Phone
from hotline.profile.menu import RingBack
from hotline.store import bridges, recordings, ring_backs, unfiled
from hotline.store.call_tables import bridges as bridge_rows
from hotline.store.call_tables import recordings as recording_rows
from hotline.store.call_tables import ring_backs as ring_back_rows
from hotline.store.calls import BrokenOff, broken_off
from hotline.store.schema import reports
from hotline.vault import Vault

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC).replace(tzinfo=None)
RULE = RingBack(frozenset({"+525588000911"}), every_minutes=10, a_day=3, countries=frozenset({"MX"}))


# A call that broke off


def call(engine: Engine, vault: Vault, *steps: str, id: str = "CA1", at: datetime = NOW) -> None:
    for step in steps:
        admit(engine, vault, arrival(vault, {"x": 1}, id=f"{id}:{step}", report=id, at=at, joins=False))


def look(engine: Engine, vault: Vault, *, minutes: int = 15, sender: str = CALLER) -> BrokenOff | None:
    with engine.connect() as connection:
        return broken_off(connection, vault.pseudonym(Phone(sender)), NOW + timedelta(minutes=10 - minutes))


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        (("kind",), (False, False)),
        (("kind", "place"), (True, False)),
        (("kind", "place", "story:1"), (True, True)),
        (("story:1:partial",), (False, True)),
        (("kind", "story:1", "end"), None),
    ],
)
def test_where_a_call_stopped(
    engine: Engine, vault: Vault, steps: tuple[str, ...], found: tuple[bool, bool] | None
) -> None:
    call(engine, vault, *steps)
    assert look(engine, vault) == (BrokenOff(vault.report_id("CA1"), *found) if found else None)


def test_only_the_same_phones_last_call_and_only_a_little_while(engine: Engine, vault: Vault) -> None:
    call(engine, vault, "kind")
    assert look(engine, vault, sender=OTHER_CALLER) is None
    assert look(engine, vault, minutes=9) is None
    admit(engine, vault, arrival(vault, "un mensaje", at=NOW + timedelta(minutes=1)))
    assert look(engine, vault) is None, "a text came since"
    call(engine, vault, "kind", "end", id="CA2", at=NOW + timedelta(minutes=2))
    assert look(engine, vault) is None


# Who rang and hung up


def ask(engine: Engine, sender: str, minutes: float = 0) -> bool:
    with engine.begin() as connection:
        return ring_backs.ask(connection, sender, b"sealed", RULE, NOW + timedelta(minutes=minutes))


def test_once_in_ten_minutes_and_so_many_a_day(engine: Engine) -> None:
    assert ask(engine, "a") and ask(engine, "a", 5)
    [row] = rows(engine, select(ring_back_rows))
    assert (row["times"], row["asked_at"]) == (1, NOW)
    assert ask(engine, "a", 10) and ask(engine, "b", 10)
    assert not ask(engine, "c", 11), "three a day"
    assert ask(engine, "c", 24 * 60 + 11)
    with engine.connect() as connection:
        assert ring_backs.due(connection, NOW).count == 0
        assert ring_backs.due(connection, NOW + timedelta(days=2)).count == 3


def test_phones_are_forgotten_once_they_were_called(engine: Engine) -> None:
    for sender in ("a", "b"):
        ask(engine, sender)
    change(engine, ring_back_rows.update().where(ring_back_rows.c.sender == "a").values(state="rung"))
    with engine.begin() as connection:
        ring_backs.forget(connection, NOW + timedelta(hours=25))
    assert [row["sender"] for row in rows(engine, select(ring_back_rows))] == ["b"]


# Who waits for a person


def test_a_caller_waits_until_somebody_is_found_or_nobody(engine: Engine) -> None:
    with engine.begin() as connection:
        bridge = bridges.ask(connection, "CA1", "r", "at=main&step=1", NOW)
        assert bridges.state_of(connection, bridge) == ("waiting", None)
        assert bridges.state_of(connection, "x") is None
        assert bridges.due(connection, NOW).count == 1
        assert bridges.due(connection, NOW + bridges.STALE).count == 0, "nobody waits that long"
        bridges.becomes(connection, bridge, "talking", NOW)
        bridges.becomes(connection, bridge, "ended", NOW, unless=("talking",))
        assert bridges.state_of(connection, bridge) == ("talking", None)
        assert bridges.due(connection, NOW).count == 0
        bridges.becomes(connection, bridge, "ended", NOW)
        bridges.forget(connection, NOW + timedelta(hours=25))
    assert count_of(engine, bridge_rows) == 0


# Recorded stories, and claves of what is not filed yet


def test_a_recording_noted_twice_is_one(engine: Engine) -> None:
    with engine.begin() as connection:
        for _ in range(2):
            recordings.note(connection, "RE1", call_id="CA1", report_id="r", language="nah", now=NOW)
        assert recordings.due(connection, NOW).count == 0, "the carrier needs a moment"
        assert recordings.due(connection, NOW + timedelta(seconds=5)).count == 1
        assert [each.id for each in recordings.listed(connection)] == ["RE1"]
        recordings.forget(connection, NOW + timedelta(days=31), 30)
    assert count_of(engine, recording_rows) == 0


def test_the_clave_of_what_waits_is_known(engine: Engine, vault: Vault) -> None:
    text = arrival(vault, "me roban", at=NOW)
    admit(engine, vault, text)
    mine, other = vault.hash_of_clave(text.report_id, 0), vault.hash_of_clave("somebody else's", 0)

    def known(hashed: str) -> bool:
        with engine.connect() as connection:
            return unfiled.is_unfiled(connection, hashed, vault.hash_of_clave)

    assert known(mine) and not known(other)
    filed = {"id": text.report_id, "code": "K7M2P", "channel": "sms", "opened_at": NOW, "filed_at": NOW}
    change(engine, insert(reports).values(**filed, status="filed"))
    assert not known(mine), "it is for the table of claves to say"
