"""The liaisons in the store: sealed, replaced when added again, found by id or phone, switched off."""

from __future__ import annotations

from typing import Any

import pytest
from furniture import add_liaison, count_of, rows
from sqlalchemy import Engine, select

from hotline.profile import load
from hotline.store import people
from hotline.store.people import NewLiaison, PersonError
from hotline.store.schema import liaisons
from hotline.vault import Vault

PHONE = "+525598760001"


@pytest.mark.parametrize(
    ("wrong", "names"),
    [
        ({"phone": "hola"}, "--phone"),
        ({"phone": ""}, "--phone"),
        ({"phone": "anonymous"}, "--phone"),
        ({"email": "nadie"}, "--email"),
        ({"email": "a@b"}, "--email"),
        ({"email": "a b@c.mx"}, "--email"),
        ({"email": "a@c.mx\nBcc: x@y.mx"}, "--email"),
        ({"areas": ("09007", "99999")}, "--area: 99999"),
        ({"states": ("77",)}, "--state: 77"),
        ({"kinds": ("robo",)}, "--kind: robo"),
        ({"digests": ("25:00",)}, "--digest: 25:00"),
        ({"digests": ("8:00",)}, "--digest: 8:00"),
        ({"digests": ("08:00:30",)}, "--digest: 08:00:30"),
        ({"digests": ("08:00", "nunca")}, "--digest: nunca"),
    ],
)
def test_what_is_wrong_is_named_in_one_line(wrong: dict[str, Any], names: str) -> None:
    with pytest.raises(PersonError) as error:
        NewLiaison.checked("Ana", profile=load("osc"), **({"phone": PHONE} | wrong))
    assert str(error.value).startswith(names) and "\n" not in str(error.value)


def test_a_liaison_is_sealed(engine: Engine, vault: Vault) -> None:
    add_liaison(
        engine,
        vault,
        "Ana Pérez",
        phone=PHONE,
        email="ana@enlace.example",
        areas=("09007",),
        digests=("20:00", "07:30"),
    )
    [row] = rows(engine, select(liaisons))
    shown = repr(row)
    for secret in ("Ana", "Pérez", PHONE, "5598760001", "enlace.example"):
        assert secret not in shown
    assert (row["areas"], row["digest_hours"], row["has_email"], row["active"]) == (
        ["09007"],
        ["07:30", "20:00"],
        True,
        True,
    )
    with engine.connect() as connection:
        [listed] = people.everyone(connection, vault)
    assert (listed.name, listed.areas, listed.digest_hours) == ("Ana Pérez", ("09007",), ("07:30", "20:00"))


def test_without_the_private_key_the_name_stays_sealed(engine: Engine, vault: Vault, keys: Any, tmp_path: Any) -> None:
    import shutil

    add_liaison(engine, vault)
    web = shutil.copytree(keys, tmp_path / "web")
    for path in web.glob("*.private"):
        path.unlink()
    with engine.connect() as connection:
        assert [one.name for one in people.everyone(connection, Vault.open_folder(web))] == [None]


@pytest.mark.parametrize("spelling", [PHONE, "55 9876 0001", "+5215598760001"])
def test_the_same_phone_again_replaces_what_was_known(engine: Engine, vault: Vault, spelling: str) -> None:
    first = add_liaison(engine, vault, "Ana", phone=PHONE, email="ana@enlace.example", areas=("09007",))
    with engine.begin() as connection:
        people.switch_off(connection, vault, first)
    again = add_liaison(engine, vault, "Ana María", phone=spelling, kinds=("fraude",), role="second")
    assert again == first and count_of(engine, liaisons) == 1
    with engine.connect() as connection:
        [one] = people.everyone(connection, vault)
    assert (one.name, one.areas, one.kinds, one.role, one.active) == ("Ana María", (), ("fraude",), "second", True)
    assert rows(engine, select(liaisons))[0]["has_email"] is False


def test_who_is_meant(engine: Engine, vault: Vault) -> None:
    one, two = add_liaison(engine, vault, phone=PHONE), add_liaison(engine, vault)
    with engine.connect() as connection:
        for who in (one, one[:6], PHONE, "55 9876 0001", "+5215598760001"):
            assert people.find(connection, vault, who) == one
        assert people.find(connection, vault, two) == two
        for nobody in ("zzzz", "+525500000000", "%", "_", ""):
            with pytest.raises(PersonError, match="liaison list"):
                people.find(connection, vault, nobody)


def test_nobody_in_particular_is_nobody_even_if_there_is_only_one(engine: Engine, vault: Vault) -> None:
    add_liaison(engine, vault)
    with engine.begin() as connection, pytest.raises(PersonError):
        people.switch_off(connection, vault, "")


def test_off(engine: Engine, vault: Vault) -> None:
    one, two = add_liaison(engine, vault, phone=PHONE), add_liaison(engine, vault)
    with engine.begin() as connection:
        assert people.switch_off(connection, vault, PHONE) == one
    assert {row["id"]: row["active"] for row in rows(engine, select(liaisons))} == {one: False, two: True}
