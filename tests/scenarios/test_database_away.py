"""The database is away: callers are answered, what they said is spooled, drained later, once; their claves work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from harness.crowd import Crowd
from harness.databases import Postgres, Sqlite, everything
from harness.house import DATABASE_AWAY, House, Liaison, clave_in
from harness.waiting import until

# A database that accepts connections and never answers is given up after some seconds; the carrier waits 15.
ANSWERED = 9.0


@pytest.fixture(scope="module")
def on_duty(house: House) -> Liaison:
    house.forgiven += DATABASE_AWAY
    return house.liaison("Ana Paz")


def away(house: House, how: str) -> AbstractContextManager[None]:
    database = house.database
    if how == "gone":
        return gone(house)
    if isinstance(database, Sqlite):
        return database.locked()
    assert isinstance(database, Postgres)
    return frozen(database)


@contextmanager
def gone(house: House) -> Iterator[None]:
    house.database.goes_away()
    try:
        yield
    finally:
        house.database.comes_back()


@contextmanager
def frozen(database: Postgres) -> Iterator[None]:
    database.server.freeze()
    try:
        yield
    finally:
        database.server.thaw()


def test_a_sqlite_file_moved_under_open_connections(house: House, on_duty: Liaison) -> None:
    """What is written through them goes with the file, and comes back with it."""
    if not isinstance(house.database, Sqlite):
        pytest.skip("a server's files are its own")
    crowd = Crowd(house)
    crowd.texts(4)
    house.database.moves()
    crowd.texts(12)
    house.database.moves_back()
    crowd.was_answered_within(ANSWERED)
    crowd.is_filed_once(timeout=40)


@pytest.mark.parametrize("how", ["gone", "stuck"])
def test_texts_are_spooled_and_drained_once(house: House, on_duty: Liaison, how: str) -> None:
    crowd = Crowd(house)
    crowd.texts(4)
    with away(house, how):
        during = crowd.texts(16)
        # The carrier tries again: the answer may be the same or none, and nothing is doubled.
        for told in during[:3]:
            for answer in told.phone.texts(told.body, sid=told.sid):
                assert clave_in(answer.body) == clave_in(told.answer)
        held = house.spooled()
    crowd.texts(4)
    crowd.was_answered_within(ANSWERED)
    assert held > 0, "nothing was spooled: the database was not away"
    crowd.is_filed_once(timeout=40)
    crowd.urgent_ones_reached(on_duty, timeout=40)
    assert house.spooled() == 0
    crowd.leaves_nothing_at_the_carrier(timeout=15)


def test_a_call_goes_through_to_its_clave(house: House, on_duty: Liaison) -> None:
    with gone(house):
        caller = house.caller()
        call = caller.dials().presses("1").presses("3").presses("09800")
        call.says("se llevaron a mi hermana de su casa").stays_silent()
        clave = "".join(filter(str.isdigit, next(words for words in call.heard if "clave es" in words)))
        call.stays_silent().waits_until_ended()
        assert house.spooled() > 0
    case = house.case_of(call.sid, timeout=40)
    assert "se llevaron a mi hermana" in case.story
    assert (case.kind, case.area) == ("secuestro", "09007")
    assert house.opens(clave) == case.id
    on_duty.phone.wait_for_text(timeout=40, containing="se llevaron a mi hermana")
    house.all_filed()


def test_the_spool_outlives_the_web_process(house: House, on_duty: Liaison) -> None:
    crowd = Crowd(house)
    with gone(house):
        crowd.texts(3)
        house.running["web"].kill_all()
        held = house.spooled()
    assert held == 3
    house.starts("web")
    crowd.is_filed_once(timeout=40)


def test_what_is_spooled_is_sealed(house: House, on_duty: Liaison) -> None:
    with gone(house):
        phone = house.caller()
        phone.texts("soy Hortensia Robledo y me siguen")
        spool = b"".join(path.read_bytes() for path in (house.var / "spool").iterdir() if path.is_file())
        names = " ".join(path.name for path in (house.var / "spool").iterdir())
    assert b"Hortensia" not in spool
    assert phone.number[-10:].encode() not in spool
    assert phone.number[-10:] not in names
    house.all_filed(timeout=40)
    assert b"Hortensia" not in everything(house.database)


def test_neither_database_nor_disk(house: House, on_duty: Liaison) -> None:
    """Only then does the webhook fail, so that the carrier tries again; and then nothing is doubled."""
    house.forgiven += ["message not kept", "spool"]
    spool = house.var / "spool"
    with gone(house):
        spool.rename(spool.with_name("elsewhere"))
        spool.touch()
        sid, phone = "SM" + "d1" * 16, house.caller()
        with pytest.raises(Exception, match="503"):
            phone.texts("nadie puede guardar esto", sid=sid)
        spool.unlink()
        spool.with_name("elsewhere").rename(spool)
    (answer,) = until(lambda: phone.texts("nadie puede guardar esto", sid=sid), 20, "an answer to the second try")
    case = house.case_of(sid)
    assert case.texts == ("nadie puede guardar esto",)
    assert house.opens(clave_in(answer.body)) == case.id


def test_nothing_is_ready_while_it_is_away(house: House, on_duty: Liaison) -> None:
    if isinstance(house.database, Sqlite):
        pytest.skip("who has a SQLite file open reads it wherever it is moved")
    with gone(house):
        assert "database" in house.not_ready()
        assert house.lives()
    until(lambda: house.not_ready() == [], 20, "everything to be ready again")
