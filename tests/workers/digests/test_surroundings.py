"""What a digest tells besides its cases: what waits, how counts moved, what repeats, what others closed."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from furniture import add_liaison, change, open_office, rows
from sqlalchemy import Engine, insert, select, update

from hotline.store import actions
from hotline.store.schema import deliveries, digest_entries, digests, evidence, reports
from workers import linking, telling
from workers.casebook import Part, lock_parts
from workers.digests import composing, schedule
from workers.digests.surroundings import Surroundings, age, look_around
from workers.office import Office

NOW = datetime(2026, 11, 24, 18, 0)  # noqa: DTZ001 - a Tuesday, as the tables hold times
SINCE = NOW - timedelta(hours=12)
IZTAPALAPA, TLALPAN = "09007", "09012"


def case(office: Office, id: str, *, hours: float = 1, area: str | None = IZTAPALAPA, **more: Any) -> str:
    """A filed case that came in so many hours ago."""
    at = NOW - timedelta(hours=hours)
    row = {
        "id": id, "code": f"K{id:0>4}"[:5].upper(), "channel": "sms", "opened_at": at, "filed_at": at, "kind": "fraude",
        "status": "filed", "urgency": "P3", "area": area, "state": area[:2] if area else None,
        "text": lock_parts(office.vault, id, [Part("algo")]),
    }  # fmt: skip
    change(office.engine, insert(reports).values(row | more))
    return id


def around(office: Office, liaison: str, **options: Any) -> Surroundings:
    with office.engine.connect() as connection:
        return look_around(office, connection, liaison, SINCE, NOW, **options)


@pytest.fixture
def office(engine: Engine, keys: Path) -> Office:
    """Over SQLite and PostgreSQL in turn: these questions are asked of all that is stored."""
    return open_office(engine, keys)


@pytest.fixture
def ana(office: Office) -> str:
    return add_liaison(office.engine, office.vault, "Ana", areas=(IZTAPALAPA,), email="ana@enlace.example")


def test_what_waits_is_what_is_mine_was_passed_to_me_or_woke_me(office: Office, ana: str) -> None:
    other = add_liaison(office.engine, office.vault, "Beto", areas=(IZTAPALAPA,))
    case(office, "1", hours=50, acknowledged_by=ana, status="acknowledged", acknowledged_at=NOW - timedelta(hours=49))
    case(office, "2", hours=3, urgency="P1")
    case(office, "3", hours=2, acknowledged_by=other, status="acknowledged", passed_to=ana)
    case(office, "4", acknowledged_by=other, status="acknowledged")
    case(office, "5", acknowledged_by=ana, status="closed")
    row = {"id": "d", "purpose": "urgent", "subject": "2", "liaison_id": ana, "channel": "sms", "round": 1}
    change(office.engine, insert(deliveries).values(**row, state="sent", created_at=NOW, due_at=NOW, attempts=1))
    assert [(one.code, one.why, one.age) for one in around(office, ana).waiting] == [
        ("K0001", "a su cargo", "hace 2 días"),
        ("K0002", "nadie lo ha tomado", "hace 3 horas"),
        ("K0003", "se lo pasan a usted", "hace 2 horas"),
    ]


@pytest.mark.parametrize(
    ("hours", "said"), [(0.9, "hace menos de una hora"), (1, "hace 1 hora"), (47, "hace 47 horas"), (49, "hace 2 días")]
)
def test_ages_are_coarse(hours: float, said: str) -> None:
    assert age(timedelta(hours=hours)) == said


def test_counts_stand_against_the_period_before(office: Office, ana: str) -> None:
    for n, hours in enumerate((1, 2, 13, 25)):
        case(office, str(n), hours=hours)
    case(office, "8", hours=1, kind="extorsion")
    found = around(office, ana)
    assert [(bar.label, bar.count, bar.before) for bar in found.kinds] == [("Fraude", 2, 1), ("Extorsión", 1, 0)]
    assert [(bar.label, bar.count, bar.before) for bar in found.places] == [("Iztapalapa", 3, 1)]


@pytest.mark.parametrize(("count", "said"), [(1, "menos de 5"), (4, "menos de 5"), (5, "5")])
def test_small_counts_elsewhere_are_not_told(office: Office, ana: str, count: int, said: str) -> None:
    for n in range(count):
        case(office, str(n), area=TLALPAN)
    found = around(office, ana)
    assert (found.kinds, found.elsewhere) == ((), (("Fraude", said),))


def test_what_others_closed_is_told_with_how(office: Office, ana: str) -> None:
    beto = add_liaison(office.engine, office.vault, "Beto")
    for id in ("1", "2", "3"):
        case(office, id, area=TLALPAN if id == "3" else IZTAPALAPA)
    with office.engine.begin() as connection:
        for id, who in (("1", beto), ("2", ana), ("3", beto)):
            actions.close(connection, who, id, "denuncia", NOW - timedelta(minutes=5))
    assert [(one.code, one.outcome) for one in around(office, ana).closed] == [("K0001", "denuncia hecha")]


# Patterns


def shares(office: Office, report: str, value: str, type_: str = "TELEFONO") -> str:
    print_ = office.vault.fingerprint(type_, value)
    sealed = office.vault.encrypt(value.encode(), about=f"evidence:{report}:{print_}")
    row = {"report_id": report, "fingerprint": print_, "type": type_, "owner": "suspect", "value": sealed}
    change(office.engine, insert(evidence).values(row))
    return print_


def tell(office: Office, liaison: str, report: str) -> None:
    change(office.engine, insert(digest_entries).values(liaison_id=liaison, report_id=report))


def test_a_pattern_alerts_whom_it_concerns_once_and_stands_in_the_digest(office: Office, ana: str) -> None:
    beto, caro = (add_liaison(office.engine, office.vault, name, areas=(TLALPAN,)) for name in ("Beto", "Caro"))
    for n, (area, who) in enumerate([(IZTAPALAPA, ana), (TLALPAN, beto), (IZTAPALAPA, ana)], 1):
        case(office, str(n), area=area)
        tell(office, who, str(n))
        shares(office, str(n), "5512345678")
        assert linking.link(office, NOW) == int(n == 3)
    told = rows(office.engine, select(deliveries).where(deliveries.c.purpose == "pattern"))
    assert {row["liaison_id"] for row in told} == {ana, beto}
    with office.engine.connect() as connection:
        row = connection.execute(select(deliveries).where(deliveries.c.liaison_id == ana)).one()
    said = telling.text_of(office, row)
    assert "3 casos" in said and "K0001" in said and "K0003" in said
    assert "K0002" not in said and "5512345678" not in said, "another's case, and the evidence itself, are not told"
    # It grows: who was told is not told again, who is new is.
    case(office, "4", area=TLALPAN)
    tell(office, caro, "4")
    shares(office, "4", "5512345678")
    linking.link(office, NOW)
    told = rows(office.engine, select(deliveries).where(deliveries.c.purpose == "pattern"))
    assert sorted(row["liaison_id"] for row in told) == sorted([ana, beto, caro])
    [shared] = around(office, ana).patterns
    assert (shared.what, shared.cases, shared.areas) == ("el teléfono 55…", 4, 2)
    assert set(shared.codes) == {"K0001", "K0003"}


@pytest.mark.parametrize(
    ("type_", "cases", "found"),
    [("TELEFONO", 2, 0), ("TELEFONO", 3, 1), ("PLACA", 2, 1), ("ALIAS", 2, 0), ("ALIAS", 3, 1), ("NOMBRE", 9, 0)],
)
def test_what_makes_a_pattern_is_the_profiles_to_say(office: Office, type_: str, cases: int, found: int) -> None:
    for n in range(cases):
        case(office, str(n))
        shares(office, str(n), "x", type_)
    assert linking.link(office, NOW) == found
    assert linking.link(office, NOW) == 0
    assert not rows(office.engine, select(evidence).where(evidence.c.linked_at.is_(None)))


def test_what_is_too_old_makes_no_pattern(office: Office) -> None:
    for n in range(3):
        shares(office, case(office, str(n), hours=24 * 200), "x")
    assert linking.link(office, NOW) == 0


# The week's


def test_the_weeks_digest_comes_although_nothing_is_new(office: Office, ana: str) -> None:
    monday = NOW + timedelta(days=6)
    case(office, "1", hours=20, acknowledged_by=ana, status="acknowledged", acknowledged_at=NOW)
    change(office.engine, update(digests).values(created_at=NOW))
    assert schedule.send_due(office, NOW + timedelta(hours=12)) == 0
    assert [schedule.send_due(office, monday) for _ in range(3)] == [1, 0, 0]
    [digest] = rows(office.engine, select(digests).where(digests.c.weekly))
    with office.engine.connect() as connection:
        letter = composing.letter(office, connection, digest["id"])
        said = composing.summary(office, connection, digest["id"])
    assert letter.subject == "Su semana, 30 de noviembre" and "K0001" in letter.text and "K0001" in letter.html
    assert "esta semana" in letter.text and "Sin casos nuevos desde el último resumen" in letter.text
    assert said.startswith("Su semana: sin casos nuevos") and "K0001" in said
