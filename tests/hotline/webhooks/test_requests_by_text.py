"""Everything that may be asked for by text, from the request to the answer and the row."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from furniture import CALLER, OTHER_CALLER, add_liaison, change, count_of, only_case, open_office, rows, sid
from posting import Carrier, Clock, clave_in, reply
from sqlalchemy import insert, select, update

from hotline.language.gsm import segments
from hotline.personal import Phone
from hotline.store.engine import utcnow
from hotline.store.public_tables import (
    guesses,
    jornadas,
    known_numbers,
    opinions,
    patrol_requests,
    subscriptions,
    volunteers,
)
from hotline.store.schema import (
    claves,
    conversations,
    deliveries,
    digest_entries,
    erasures,
    evidence,
    messages,
    reports,
)
from workers import filing, housekeeping

STORY = "me extorsionan en Iztapalapa desde el 55 8765 4321"


def reported(carrier: Carrier, keys: Path, story: str = STORY, *, sender: str = CALLER) -> str:
    """A report that was filed; its clave."""
    [answer] = carrier.texts(story, sender=sender)
    filing.drain(open_office(carrier.engine, keys))
    return clave_in(answer)


# Answers that look nothing up


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("ayuda", "help"), ("como funciona esto?", "help"), ("DENUNCIAR", "formal"), ("es anonimo?", "privacy"),
        ("quienes son", "who"), ("estado", "status_ask"), ("numero", "number_ask"), ("opinion", "opinion_ask"),
        ("idioma", "language_ask"), ("consejos", "advice_menu"), ("voluntario", "volunteer"),
        ("jornadas", "jornadas_none_anywhere"), ("hablan nahuatl?", "language_none"),
    ],
)  # fmt: skip
def test_it_is_answered_and_is_no_report(carrier: Carrier, keys: Path, text: str, key: str) -> None:
    assert carrier.texts(text, id="SM1") == [reply(carrier, key)]
    filing.drain(open_office(carrier.engine, keys))
    assert count_of(carrier.engine, reports) == 0 and carrier.kept() == {}
    assert {row["carrier_id"] for row in rows(carrier.engine, select(erasures))} == {"SM1"}


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("consejo extorsion", "extorsion"), ("consejos para no caer en fraudes por telefono", "fraude"),
        ("consejo secuestro virtual", "secuestro_virtual"), ("consejo secuestro", "secuestro"),
        ("consejo montadeudas", "montadeudas"), ("tips contra el robo", "robo"), ("consejo retenes", "reten"),
        ("consejos sobre sextorsion", "sextorsion"), ("como prevenir el cobro de piso", "cobro_de_piso"),
    ],
)  # fmt: skip
def test_advice_by_its_theme(carrier: Carrier, text: str, slug: str) -> None:
    from hotline.language.gsm import to_gsm7

    [theme] = [theme for theme in carrier.desk.profile.services.advice if theme.slug == slug]
    assert carrier.texts(text) == [to_gsm7(theme.texts["es"])]


def test_two_requests_within_a_minute_get_two_answers(carrier: Carrier) -> None:
    assert len(carrier.texts("privacidad")) == len(carrier.texts("quienes son")) == 1


# Status


@pytest.mark.parametrize(
    ("status", "key"),
    [("filed", "filed"), ("held", "filed"), ("acknowledged", "acknowledged"), ("closed", "closed")],
)
def test_how_a_report_stands(carrier: Carrier, keys: Path, status: str, key: str) -> None:
    clave = reported(carrier, keys)
    change(carrier.engine, update(reports).values(status=status))
    answer = reply(carrier, f"status_{key}")
    for text in (f"ESTADO {clave}", f"estado {clave[:3]} {clave[3:6]} {clave[6:]}", clave, f"hola mi clave es {clave}"):
        assert carrier.texts(text, sender=OTHER_CALLER) == [answer], text


def test_a_report_that_waits_to_be_filed_is_there_for_its_own_phone(carrier: Carrier) -> None:
    [answer] = carrier.texts(STORY)
    assert carrier.texts(clave_in(answer)) == [reply(carrier, "status_received")]


def test_wrong_and_unknown_claves_sound_alike_and_guessing_ends(carrier: Carrier, keys: Path, clock: Clock) -> None:
    clave = reported(carrier, keys)
    wrong = f"{clave[:9]}{(int(clave[9]) + 1) % 10}"
    for tried in (wrong, "0045523258", "123", "0045523258", wrong):
        assert carrier.texts(f"estado {tried}", sender=OTHER_CALLER) == [reply(carrier, "clave_wrong")]
    locked = [reply(carrier, "clave_locked")]
    assert carrier.texts(f"estado {clave}", sender=OTHER_CALLER) == locked
    assert carrier.texts(f"borrar {clave}", sender=OTHER_CALLER) == locked
    assert carrier.texts(f"estado {clave}") == [reply(carrier, "status_filed")], "another phone is not locked out"
    clock.passes(minutes=61)
    assert carrier.texts(f"estado {clave}", sender=OTHER_CALLER) == [reply(carrier, "status_filed")]
    assert CALLER not in repr(rows(carrier.engine, select(guesses)))


def test_ten_digits_that_open_nothing_are_somebodys_words(carrier: Carrier) -> None:
    [answer] = carrier.texts("0045523258", id="SM1")
    assert "Su clave" in answer and carrier.kept()["SM1"]["body"] == "0045523258"


# Alerts


def test_alerts_are_signed_up_for_and_off_again(carrier: Carrier) -> None:
    assert carrier.texts("alta tlalpan") == [reply(carrier, "alerts_on", place="Tlalpan")]
    assert carrier.texts("ALTA TLALPAN") == [reply(carrier, "alerts_on", place="Tlalpan")]
    assert carrier.texts("alta") == [reply(carrier, "alerts_on_everywhere")]
    found = rows(carrier.engine, select(subscriptions).order_by(subscriptions.c.place))
    assert [row["place"] for row in found] == ["*", "09012"]
    assert CALLER not in repr(found)
    assert carrier.vault.open(found[0]["phone"]).decode() == CALLER
    assert carrier.texts("baja tlalpan") == [reply(carrier, "alerts_off")]
    assert [row["place"] for row in rows(carrier.engine, select(subscriptions))] == ["*"]
    assert carrier.texts("BAJA") == [reply(carrier, "alerts_off")]
    assert count_of(carrier.engine, subscriptions) == 0


def test_the_carriers_own_stop_ends_alerts_too(carrier: Carrier) -> None:
    carrier.texts("alta tlalpan")
    assert carrier.texts("HELP", OptOutType="HELP") == [] and count_of(carrier.engine, subscriptions) == 1
    assert carrier.texts("STOP", OptOutType="STOP") == [] and count_of(carrier.engine, subscriptions) == 0


def test_no_more_alerts_silences_no_case(carrier: Carrier, clock: Clock) -> None:
    carrier.texts(STORY, id="SM1")
    carrier.texts("BAJA")
    clock.passes(minutes=2)
    assert carrier.texts("son dos", id="SM2") == [reply(carrier, "added")]
    found = {row["id"]: row["report_id"] for row in rows(carrier.engine, select(messages))}
    assert found["SM2"] == found["SM1"]


# What people bring


def test_a_volunteer_is_noted_once(carrier: Carrier) -> None:
    carrier.texts("quiero ser voluntaria en coyoacan")
    carrier.texts("voluntario tlalpan")
    [row] = rows(carrier.engine, select(volunteers))
    assert row["place"] == "09012" and carrier.vault.open(row["phone"]).decode() == CALLER


def test_an_opinion_is_kept_sealed(carrier: Carrier) -> None:
    assert carrier.texts("OPINION que contesten más rápido", id="SM1") == [reply(carrier, "opinion")]
    [row] = rows(carrier.engine, select(opinions))
    assert row["id"] == "SM1" and b"contesten" not in row["words"]
    assert carrier.vault.open(row["words"]).decode() == "que contesten más rápido"


def test_a_wish_for_a_patrol_is_counted_and_read_by_somebody(carrier: Carrier, keys: Path) -> None:
    text = "mas patrullas en tlalpan por las noches"
    assert carrier.texts(text, id="SM1") == [reply(carrier, "patrol", place="Tlalpan")]
    assert carrier.kept()["SM1"]["body"] == text
    carrier.texts("patrullaje", sender=OTHER_CALLER)
    assert {row["place"]: row["count"] for row in rows(carrier.engine, select(patrol_requests))} == {"09012": 1, "*": 1}


# What is looked up


def test_dates_soonest_first_and_of_the_place_asked_for(carrier: Carrier, clock: Clock) -> None:
    local = utcnow() - timedelta(hours=6)

    def date(days: int, area: str, title: str) -> dict[str, object]:
        starts = (local + timedelta(days=days)).replace(hour=10, minute=0, second=0, microsecond=0)
        return {"id": sid(), "area": area, "starts": starts, "title": title, "place": "Deportivo"}

    change(
        carrier.engine,
        insert(jornadas).values(
            [
                date(9, "09012", "Taller"),
                date(3, "09012", "Jornada"),
                date(-2, "09012", "Ayer"),
                date(4, "09007", "Otra"),
            ]
        ),
    )
    [answer] = carrier.texts("jornadas tlalpan")
    assert answer.index("Jornada") < answer.index("Taller") and "Ayer" not in answer and "Otra" not in answer
    assert segments(answer) <= 2
    [everywhere] = carrier.texts("jornadas")
    assert "Tlalpan" in everywhere and "Iztapalapa" in everywhere
    assert carrier.texts("jornadas coyoacan") == [reply(carrier, "jornadas_none", place="Coyoacán")]


def test_what_is_known_of_a_number(carrier: Carrier, keys: Path) -> None:
    profile = carrier.desk.profile
    assert carrier.texts("numero 55 8765 4321") == [reply(carrier, "number_unknown")]
    for n in range(profile.services.number_told_from - 1):
        reported(carrier, keys, sender=f"+52551234100{n}")
    assert carrier.texts("numero 55 8765 4321") == [reply(carrier, "number_unknown")], "few could point at somebody"
    reported(carrier, keys, sender="+525512341009")
    assert carrier.texts("numero 044 55 8765 4321") == [reply(carrier, "number_reported", count="3")]
    print_ = carrier.vault.fingerprint("TELEFONO", "+525587654321")
    for standing in ("bad", "good"):
        change(carrier.engine, known_numbers.delete())
        row = {"fingerprint": print_, "standing": standing, "added_at": utcnow()}
        change(carrier.engine, insert(known_numbers).values(row))
        assert carrier.texts("numero 55 8765 4321") == [reply(carrier, f"number_{standing}")]


def test_figures_and_that_few_are_not_told(carrier: Carrier, keys: Path) -> None:
    days = str(carrier.desk.profile.services.figures_days)
    for n in range(6):
        reported(carrier, keys, "me extorsionan en Tlalpan", sender=f"+52551234200{n}")
    reported(carrier, keys, "me extorsionan en Coyoacan", sender=OTHER_CALLER)
    assert carrier.texts("cifras tlalpan") == [reply(carrier, "figures", days=days, count="6", place="Tlalpan")]
    assert carrier.texts("cifras coyoacan") == [reply(carrier, "figures_few", days=days, count="5", place="Coyoacán")]
    assert carrier.texts("cifras") == [reply(carrier, "figures_all", days=days, count="7")]


# Language


def test_the_language_of_a_phone_is_remembered(carrier: Carrier, clock: Clock) -> None:
    assert carrier.texts("english please") == [reply(carrier, "language_set", "en")]
    [answer] = carrier.texts("me extorsionan")
    assert answer.startswith("Received. Your code:")
    assert carrier.texts("privacidad") == [reply(carrier, "privacy", "en")]
    clock.passes(hours=3)
    assert "Your code" in carrier.texts("otra vez")[0]
    assert "Su clave" in carrier.texts("hola", sender=OTHER_CALLER)[0]
    assert carrier.texts("español") == [reply(carrier, "language_set", "es")]
    clock.passes(minutes=2)
    assert carrier.texts("y son dos") == [reply(carrier, "added")]


# Erasing


def test_erased_at_once_and_everywhere(carrier: Carrier, keys: Path) -> None:
    add_liaison(carrier.engine, carrier.vault)
    office = open_office(carrier.engine, keys)
    [answer] = carrier.texts(STORY, id="SM1")
    clave = clave_in(answer)
    carrier.texts("alta tlalpan")
    carrier.texts("voluntario")
    filing.drain(office)
    code = only_case(office).code
    assert count_of(carrier.engine, deliveries) + count_of(carrier.engine, digest_entries) > 0
    change(carrier.engine, erasures.delete())
    assert carrier.texts("BORRAR", id="SM2") == [reply(carrier, "erased")]
    case = only_case(office)
    assert case.code == code and case.parts == () and case.erased
    [row] = rows(carrier.engine, select(reports))
    assert row["status"] == "erased" and row["return_address"] is row["text"] is row["kind"] is row["area"] is None
    for table in (claves, evidence, conversations, subscriptions, volunteers, deliveries, digest_entries):
        left = rows(carrier.engine, select(table))
        assert [each for each in left if "command" not in repr(each) and table is not conversations] == [], table.name
    sender = carrier.vault.pseudonym(Phone(CALLER))
    assert count_of(carrier.engine, conversations, conversations.c.sender == sender) == 0
    assert "SM1" in {row["carrier_id"] for row in rows(carrier.engine, select(erasures))}
    assert carrier.texts(f"estado {clave}") == [reply(carrier, "clave_wrong")]


def test_an_erased_case_that_nobody_was_told_of_is_told_to_nobody(carrier: Carrier, keys: Path) -> None:
    office = open_office(carrier.engine, keys)
    reported(carrier, keys)
    carrier.texts("borrar")
    add_liaison(carrier.engine, carrier.vault)
    assert housekeeping.route_left_over(office) == 0
    assert count_of(carrier.engine, deliveries) == count_of(carrier.engine, digest_entries) == 0


def test_what_is_not_filed_yet_is_never_filed(carrier: Carrier, keys: Path) -> None:
    carrier.texts(STORY, id="SM1")
    carrier.texts("borrenlo por favor")
    filing.drain(open_office(carrier.engine, keys))
    assert count_of(carrier.engine, reports) == 0 and carrier.kept() == {}


def test_an_older_report_is_erased_by_its_clave(carrier: Carrier, keys: Path, clock: Clock) -> None:
    clave = reported(carrier, keys)
    clock.passes(days=3)
    assert carrier.texts("borrar mi reporte") == [reply(carrier, "erased_phone")]
    assert rows(carrier.engine, select(reports))[0]["status"] == "filed"
    assert carrier.texts(f"borrar {clave}") == [reply(carrier, "erased")]
    assert rows(carrier.engine, select(reports))[0]["status"] == "erased"


def test_after_erasing_a_new_text_is_a_new_report(carrier: Carrier, keys: Path) -> None:
    carrier.texts(STORY, id="SM1")
    carrier.texts("borrar")
    [answer] = carrier.texts("me volvieron a marcar", id="SM2")
    assert "Su clave" in answer
    filing.drain(open_office(carrier.engine, keys))
    assert [row["status"] for row in rows(carrier.engine, select(reports))] == ["filed"]


# Without a database


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("ayuda", "help"), ("privacidad", "privacy"), ("consejos", "advice_menu"), ("denunciar", "formal"),
        ("jornadas", "jornadas_none_anywhere"), ("alta tlalpan", "try_again"), ("borrar", "try_again"),
        ("estado 0045523259", "try_again"), ("cifras", "try_again"), ("opinion muy buen servicio", "try_again"),
    ],
)  # fmt: skip
def test_without_a_database_what_can_be_said_is_said(carrier: Carrier, tmp_path: Path, text: str, key: str) -> None:
    (tmp_path / "hotline.db").rename(tmp_path / "elsewhere.db")
    carrier.desk.engine.dispose()
    assert carrier.texts(text) == [reply(carrier, key)]
    assert carrier.desk.spool.count() == 1


def test_without_a_database_a_clave_alone_is_kept_as_words(carrier: Carrier, tmp_path: Path) -> None:
    (tmp_path / "hotline.db").rename(tmp_path / "elsewhere.db")
    carrier.desk.engine.dispose()
    assert "Su clave" in carrier.texts("0045523258")[0]
