"""What the tests of single rooms share: keys, both databases, a carrier, a back office, and people who write in."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from harness.postgres import PostgresServer
from pydantic import SecretStr
from sqlalchemy import ColumnElement, Delete, Engine, Insert, Select, Table, Update, func, select, update

from hotline.lab import Lab
from hotline.personal import Phone
from hotline.profile import load
from hotline.queues import JobName
from hotline.settings import Settings
from hotline.store import door, migrating, people
from hotline.store.door import Admission, Arrival, DoorRules
from hotline.store.engine import connect, utcnow
from hotline.store.people import NewLiaison
from hotline.store.schema import liaisons, messages, reports
from hotline.vault import Vault, new_keys
from workers import casebook
from workers.casebook import Case
from workers.office import Office

PUBLIC_URL = "https://linea.example/osc"
ACCOUNT, TOKEN = "AC" + "7b" * 16, "5c" * 16
NUMBER, ALERTS = "+525588000911", "+525588000922"
CALLER, OTHER_CALLER = "+525512340001", "+525512340002"
# Nobody listens there: a connection is refused at once.
NOWHERE = "127.0.0.1:9"
RULES = DoorRules(join=timedelta(minutes=30), answers_per_hour=6)
_ids = count(1)
_phones = count(5598760000)


class Bell:
    """Remembers who was rung for; `broken` is a Redis that does not answer."""

    def __init__(self, *, broken: bool = False) -> None:
        self.rung: list[JobName] = []
        self.broken = broken

    def ring(self, name: JobName) -> bool:
        self.rung.append(name)
        return not self.broken

    def silence(self, name: JobName) -> None:
        return

    def others_wait(self, name: JobName) -> bool:
        return self.broken


def environment(database: str, keys: Path, var: Path, **more: str) -> dict[str, str]:
    """The contract's variables, complete."""
    return {
        "DATABASE_URL": database,
        "REDIS_URL": f"redis://{NOWHERE}/0",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_URL": f"http://{NOWHERE}",
        "PUBLIC_URL": PUBLIC_URL,
        "HOTLINE_NUMBER": NUMBER,
        "HOTLINE_ALERTS_SENDER": ALERTS,
        "MAIL_FROM": "avisos@linea.example",
        "HOTLINE_KEYS": str(keys),
        "HOTLINE_VAR": str(var),
        **more,
    }


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    new_keys(folder)
    return folder


@pytest.fixture(scope="session")
def vault(keys: Path) -> Vault:
    return Vault.open_folder(keys)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "hotline.db"
    migrating.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres: PostgresServer) -> str:
    """The name of a migrated database, to be copied."""
    url = _for_driver(postgres.database())
    migrating.upgrade(url)
    return url.rpartition("/")[2]


def _for_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture
def sqlite(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Engine]:
    """An empty migrated database in a file."""
    shutil.copy(migrated_sqlite, tmp_path / "hotline.db")
    engine = connect(f"sqlite:///{tmp_path / 'hotline.db'}")
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An empty migrated database, one of each sort in turn."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite")
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    engine = connect(_for_driver(server.database(request.getfixturevalue("migrated_postgres"))))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def _carrier_lab() -> Iterator[Lab]:
    with Lab(
        hotline_url=PUBLIC_URL,
        reach=f"http://{NOWHERE}",
        account_sid=ACCOUNT,
        auth_token=TOKEN,
        hotline_number=NUMBER,
        alerts_sender=ALERTS,
    ) as lab:
        yield lab


@pytest.fixture
def carrier_lab(_carrier_lab: Lab) -> Iterator[Lab]:
    """A pretend carrier and mail server. Its receipts go nowhere: tests bring them themselves."""
    _carrier_lab.carrier.drop_receipts = True
    yield _carrier_lab
    _carrier_lab.reset()


@cache
def _furnished(keys: Path) -> Office:
    """What takes long to load, once a run; every test gets its own engine, bell and settings with it."""
    return Office.open(Settings.read(environment("sqlite:////nowhere/hotline.db", keys, Path("/nowhere"))))


def open_office(engine: Engine, keys: Path, **settings: Any) -> Office:
    """A back office over `engine` whose bell is a `Bell`."""
    furnished = _furnished(keys)
    return replace(
        furnished,
        engine=engine,
        settings=furnished.settings.model_copy(update=settings),
        bell=Bell(),  # type: ignore[arg-type]  # it has all that is asked of one
    )


def with_carrier(office: Office, lab: Lab) -> Office:
    """`office` with the lab as carrier and mail server."""
    from hotline.carrier.client import Carrier

    smtp = SecretStr(f"smtp://127.0.0.1:{lab.smtp_port}")
    settings = office.settings.model_copy(update={"api_url": lab.api_url, "smtp_url": smtp})
    return replace(office, settings=settings, carrier=Carrier(settings))


def rung(office: Office) -> list[JobName]:
    assert isinstance(office.bell, Bell)
    return office.bell.rung


def sid(prefix: str = "SM") -> str:
    """A new id of the carrier's."""
    return f"{prefix}{next(_ids):032x}"


def arrival(
    vault: Vault,
    contents: Mapping[str, Any] | str,
    *,
    id: str | None = None,
    sender: str | None = CALLER,
    report: str | None = None,
    at: datetime | None = None,
    **fields: Any,
) -> Arrival:
    """Something that came in, sealed. `contents` may be a text's words; `report` is the carrier's id it belongs to."""
    id = id or sid()
    at = at or utcnow()
    words = {"body": contents} if isinstance(contents, str) else dict(contents)
    return Arrival(
        id=id,
        report_id=vault.report_id(report or id),
        sender=vault.pseudonym(Phone(sender)) if sender else None,
        channel=fields.pop("channel", "sms"),
        received_at=at,
        ready_at=fields.pop("ready_at", at),
        sealed=vault.seal(json.dumps({"from": sender, **words}).encode()),
        **fields,
    )


def admit(engine: Engine, vault: Vault, *arrivals: Arrival, rules: DoorRules = RULES) -> list[Admission]:
    """Lets `arrivals` in through the door, in one transaction."""
    with engine.begin() as connection:
        return door.admit(
            connection, arrivals, rules, lambda report, attempt: vault.clave_hash(vault.clave(report, attempt))
        )


def add_liaison(
    engine: Engine, vault: Vault, name: str = "Enlace Uno", *, since: datetime | None = None, **options: Any
) -> str:
    """A new liaison's id. `since` is when they joined, an hour ago unless it is given."""
    phone = options.pop("phone", None) or f"+52{next(_phones)}"
    person = NewLiaison.checked(name, profile=load("osc"), phone=phone, **options)
    joined = since or utcnow() - timedelta(hours=1)
    with engine.begin() as connection:
        liaison_id = people.add(connection, vault, person)
        connection.execute(update(liaisons).where(liaisons.c.id == liaison_id).values(created_at=joined))
    return liaison_id


def cases(office: Office) -> list[Case]:
    """Every case, oldest first, its parts opened."""
    ids = [row["id"] for row in rows(office.engine, select(reports).order_by(reports.c.opened_at, reports.c.id))]
    with office.engine.connect() as connection:
        found = casebook.read(connection, office.vault, ids)
    return [found[id] for id in ids]


def only_case(office: Office) -> Case:
    [case] = cases(office)
    return case


def message_states(engine: Engine) -> dict[str, tuple[str, bool]]:
    """id → state and whether a sealed original is still there."""
    return {row["id"]: (row["state"], row["sealed"] is not None) for row in rows(engine, select(messages))}


def rows(engine: Engine, query: Select[Any]) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(query)]


def count_of(engine: Engine, table: Table, *where: ColumnElement[bool]) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table).where(*where)) or 0


def change(engine: Engine, statement: Insert | Update | Delete) -> None:
    with engine.begin() as connection:
        connection.execute(statement)


def lapse(engine: Engine, table: Table) -> None:
    """Lets every lease of `table` run out."""
    past = utcnow() - timedelta(hours=1)
    change(engine, update(table).where(table.c.lease.is_not(None)).values(lease_until=past))
