"""The audit log: only ever added to, and telling when somebody who has the database did otherwise."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import pytest
from furniture import change, rows
from sqlalchemy import Engine, delete, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from hotline.store import audit
from hotline.store.audit import AuditError
from hotline.store.console_tables import audit as table
from hotline.store.engine import is_postgres, utcnow
from hotline.vault import Vault


def write(engine: Engine, vault: Vault, *subjects: str, note: bytes | None = None) -> None:
    for subject in subjects:
        with engine.begin() as connection:
            audit.append(connection, vault, utcnow(), "ana", "case.look", subject, note)


def tamper(engine: Engine, statement: str) -> None:
    """As somebody who owns the database would: the guards put aside."""
    with engine.begin() as connection:
        if is_postgres(connection):
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER ALL"))
        else:
            for name in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER audit_no_{name}"))
        connection.execute(text(statement))


def test_a_log_that_is_whole(engine: Engine, vault: Vault) -> None:
    with engine.connect() as connection:
        assert dataclasses.astuple(audit.verify(connection, vault)) == (0, "")
    write(engine, vault, "K7M2P", "B3B3B", note=b"sealed")
    with engine.connect() as connection:
        found = audit.verify(connection, vault)
        assert found.entries == 2
        assert audit.holds(connection, found.newest) and not audit.holds(connection, "0" * 32)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE audit SET subject = 'XXXXX' WHERE seq = 2", "entry 2 was changed"),
        ("UPDATE audit SET actor = 'beto' WHERE seq = 1", "entry 1 was changed"),
        ("UPDATE audit SET note = NULL WHERE seq = 3", "entry 3 was changed"),
        ("UPDATE audit SET at = '2020-01-01 00:00:00' WHERE seq = 2", "entry 2 was changed"),
        ("DELETE FROM audit WHERE seq = 2", "entry 2 is missing"),
        ("DELETE FROM audit WHERE seq = 1", "entry 1 is missing"),
        ("UPDATE audit SET chain = '00000000000000000000000000000000' WHERE seq = 1", "entry 1 was changed"),
    ],
)
def test_a_log_that_is_not(engine: Engine, vault: Vault, statement: str, said: str) -> None:
    write(engine, vault, "A2A2A", "B3B3B", "C4C4C", note=b"sealed")
    tamper(engine, statement)
    with engine.connect() as connection, pytest.raises(AuditError, match=said):
        audit.verify(connection, vault)


def test_the_end_cut_off_shows_by_the_value_noted_before(engine: Engine, vault: Vault) -> None:
    write(engine, vault, "A2A2A", "B3B3B")
    with engine.connect() as connection:
        newest = audit.verify(connection, vault).newest
    tamper(engine, "DELETE FROM audit WHERE seq = 2")
    with engine.connect() as connection:
        assert audit.verify(connection, vault).entries == 1
        assert not audit.holds(connection, newest)


def test_the_database_itself_refuses(engine: Engine, vault: Vault) -> None:
    write(engine, vault, "A2A2A")
    for statement in (update(table).values(actor="beto"), delete(table)):
        with pytest.raises(SQLAlchemyError):
            change(engine, statement)
    assert [row["actor"] for row in rows(engine, select(table))] == ["ana"]


def test_several_at_once_make_one_chain(engine: Engine, vault: Vault) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda number: write(engine, vault, f"{number:05d}"), range(24)))
    with engine.connect() as connection:
        assert audit.verify(connection, vault).entries == 24
