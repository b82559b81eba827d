"""The people: who may invite, cover and let go; shifts; being out of service; the log as each one sees it."""

from __future__ import annotations

import re

import pytest
from consoles import PASSWORD, Browser, Console
from furniture import count_of, rows
from sqlalchemy import select

from hotline.store.console_tables import audit, invitations
from hotline.store.duty_tables import shifts
from hotline.store.schema import liaisons

SUPERVISORS_FORMS = [
    "/consola/personas/invitar",
    "/consola/personas/agregar",
    "/consola/personas/cubrir",
    "/consola/personas/baja",
    "/consola/guardia/turnos",
    "/consola/guardia/turnos/quitar",
    "/consola/bitacora/motivos",
]


@pytest.fixture
def ana(place: Console) -> str:
    return place.liaison("Ana Paz", areas=("09007",))


@pytest.fixture
def ines(place: Console) -> Browser:
    return place.enrolled(place.liaison("Inés Vila", role="supervisor"))


def liaison(place: Console, liaison_id: str) -> dict[str, object]:
    return rows(place.engine, select(liaisons).where(liaisons.c.id == liaison_id))[0]


@pytest.mark.parametrize("form", SUPERVISORS_FORMS)
def test_only_supervisors_decide_about_people(place: Console, ana: str, form: str) -> None:
    browser = place.enrolled(ana)
    answer = browser.send(form, {"persona": ana, "dia": "0", "de": "08:00", "a": "20:00"}, page="/consola/cuenta")
    assert answer.status_code == 403
    assert "quien supervisa" in answer.text
    assert liaison(place, ana)["active"] is True
    assert count_of(place.engine, shifts) == 0


def test_the_page_of_people_is_the_supervisors(place: Console, ana: str, ines: Browser) -> None:
    browser = place.enrolled(ana)
    assert browser.open("/consola/personas").status_code == 403
    assert "/consola/personas" not in browser.open("/consola/").text
    page = ines.open("/consola/personas").text
    assert "Ana Paz" in page and f"terminado en {place.phones[ana][-4:]}" in page
    assert place.phones[ana][-8:] not in page


def test_a_supervisor_invites_and_the_invited_gets_in(place: Console, ana: str, ines: Browser) -> None:
    page = ines.send("/consola/personas/invitar", {"persona": ana}, page="/consola/personas").text
    found = re.search(r'id="enlace">http://linea\.example(/consola/invitacion/[^<]+)<', page)
    assert found
    fresh = place.browser()
    fresh.open(found[1])
    fields = {"contrasena": PASSWORD, "repetida": PASSWORD, "codigo": place.code(place.secret_shown(fresh))}
    assert fresh.send(found[1], fields).status_code == 303
    assert "Ana Paz" in fresh.open("/consola/").text
    assert rows(place.engine, select(audit.c.act, audit.c.subject))[-3:][0]["act"] in ("people.look", "liaison.invite")


def test_the_authority_somebody_serves_in_is_asked_for_shown_and_kept(place: Console, ines: Browser) -> None:
    fields = {"nombre": "Beto Ruiz", "telefono": "55 4444 3333", "autoridad": "ssc"}
    page = ines.send("/consola/personas/agregar", fields, page="/consola/personas").text
    [beto] = [row for row in rows(place.engine, select(liaisons)) if row["body"]]
    assert beto["body"] == "ssc" and "sirve en: Secretaría de Seguridad Ciudadana" in page
    cover = {"persona": beto["id"], "funcion": "second"}
    ines.send("/consola/personas/cubrir", cover, page="/consola/personas")
    assert liaison(place, beto["id"])["body"] == "ssc", "a form without the field leaves it as it is"
    ines.send("/consola/personas/cubrir", {**cover, "autoridad": "invented"}, page="/consola/personas")
    assert liaison(place, beto["id"])["body"] == "ssc"
    ines.send("/consola/personas/cubrir", {**cover, "autoridad": ""}, page="/consola/personas")
    assert liaison(place, beto["id"])["body"] is None


def test_who_is_added_is_called_by_name_at_once_and_everywhere(place: Console, ana: str, ines: Browser) -> None:
    browser = place.enrolled(ana)
    fields = {"nombre": "Beto Ruiz", "telefono": "55 4444 3333"}
    ines.send("/consola/personas/agregar", fields, page="/consola/personas")
    for each in (browser, ines):
        assert "Beto Ruiz" in each.open("/consola/guardia").text


def test_a_supervisor_adds_somebody_who_is_invited_at_once(place: Console, ines: Browser) -> None:
    fields = {"nombre": "Beto Ruiz", "telefono": "55 4444 3333", "correo": "", "lugar": ["09012", "99999"]}
    page = ines.send("/consola/personas/agregar", fields, page="/consola/personas").text
    assert "Invitación para Beto Ruiz" in page
    added = rows(place.engine, select(liaisons).where(liaisons.c.role == "first"))[0]
    assert (added["areas"], added["states"]) == (["09012"], [])
    assert b"Beto" not in added["details"]
    assert count_of(place.engine, invitations, invitations.c.liaison_id == added["id"]) == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"telefono": "123"}, "diez dígitos"), ({"telefono": "5544443333", "correo": "no es"}, "Revise el correo")],
)
def test_what_is_wrong_is_said(place: Console, ines: Browser, fields: dict[str, str], said: str) -> None:
    ines.send("/consola/personas/agregar", {"nombre": "Beto"} | fields, page="/consola/personas")
    assert said in ines.open("/consola/personas").text
    assert count_of(place.engine, liaisons) == 1


def test_covering_and_letting_go(place: Console, ana: str, ines: Browser) -> None:
    browser = place.enrolled(ana)
    fields = {"persona": ana, "funcion": "second", "lugar": ["09012", "21"], "tipo": ["extorsion"]}
    ines.send("/consola/personas/cubrir", fields, page="/consola/personas")
    after = liaison(place, ana)
    assert (after["role"], after["areas"], after["states"], after["kinds"]) == (
        "second",
        ["09012"],
        ["21"],
        ["extorsion"],
    )
    ines.send("/consola/personas/baja", {"persona": ana}, page="/consola/personas")
    assert liaison(place, ana)["active"] is False
    assert browser.open("/consola/").status_code == 303, "the sessions of who is off have ended"
    acts = [row["act"] for row in rows(place.engine, select(audit.c.act).order_by(audit.c.seq))]
    assert [act for act in acts if act.startswith("liaison.")] == ["liaison.cover", "liaison.off"]


def test_nobody_lets_themselves_go(place: Console, ines: Browser) -> None:
    me = rows(place.engine, select(liaisons.c.id))[0]["id"]
    ines.send("/consola/personas/baja", {"persona": me}, page="/consola/personas")
    assert liaison(place, me)["active"] is True


def test_shifts(place: Console, ana: str, ines: Browser) -> None:
    fields = {"persona": ana, "dia": ["0", "4"], "de": "20:00", "a": "08:00"}
    ines.send("/consola/guardia/turnos", fields, page="/consola/guardia")
    page = ines.open("/consola/guardia").text
    assert "lun, vie de 20:00 a 08:00" in page
    shift = rows(place.engine, select(shifts))[0]
    assert (shift["days"], shift["starts"], shift["ends"]) == ([0, 4], "20:00", "08:00")
    ines.send("/consola/guardia/turnos/quitar", {"turno": shift["id"]}, page="/consola/guardia")
    assert count_of(place.engine, shifts) == 0


@pytest.mark.parametrize("fields", [{"dia": [], "de": "08:00", "a": "20:00"}, {"dia": ["1"], "de": "ocho", "a": ""}])
def test_half_a_shift_is_none(place: Console, ana: str, ines: Browser, fields: dict[str, object]) -> None:
    ines.send("/consola/guardia/turnos", {"persona": ana} | fields, page="/consola/guardia")
    assert count_of(place.engine, shifts) == 0


def test_out_of_service_and_back(place: Console, ana: str) -> None:
    browser = place.enrolled(ana)
    browser.send("/consola/guardia/servicio", {"estado": "fuera"}, page="/consola/guardia")
    assert liaison(place, ana)["away_since"] is not None
    assert "Nadie está de guardia" in browser.open("/consola/guardia").text
    browser.send("/consola/guardia/servicio", {"estado": "dentro"}, page="/consola/guardia")
    assert liaison(place, ana)["away_since"] is None


def test_each_sees_their_own_lines_of_the_log_and_the_supervisor_all(place: Console, ana: str, ines: Browser) -> None:
    browser = place.enrolled(ana)
    code = place.report("me extorsionan en iztapalapa, marcan del 55 0412 7788")
    address = f"/consola/casos/{code}"
    browser.send(f"{address}/evidencia", {"motivo": "para la carpeta del MP"}, page=address)
    own = browser.open("/consola/bitacora").text
    assert "Abrió la evidencia" in own and "Inés Vila" not in own
    everything = ines.open("/consola/bitacora").text
    assert "Ana Paz" in everything and "Abrió la evidencia" in everything
    assert "carpeta del MP" not in everything
    seqs = re.findall(r'name="entrada" value="(\d+)"', everything)
    assert "para la carpeta del MP" in ines.send("/consola/bitacora/motivos", {"entrada": seqs}).text
