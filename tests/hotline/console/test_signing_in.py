"""Getting in: an invitation once, a password and a code each time; sessions that end; limits told kindly."""

from __future__ import annotations

from datetime import timedelta

import pytest
from consoles import PASSWORD, Browser, Console
from furniture import change, count_of, rows
from sqlalchemy import insert, select, update

from hotline.console import limits
from hotline.store import people
from hotline.store.console_tables import accounts, audit, invitations, requests, sessions
from hotline.store.engine import utcnow
from hotline.vault import SessionKey

DOORS = ["/consola/", "/consola/guardia", "/consola/bitacora", "/consola/cuenta", "/consola/mis-casos.csv"]


def is_in(browser: Browser) -> bool:
    return browser.open("/consola/").status_code == 200


@pytest.mark.parametrize("door", [*DOORS, "/consola/personas", "/consola/casos/K7M2P", "/consola/novedades"])
def test_a_stranger_is_sent_to_the_sign_in(place: Console, door: str) -> None:
    answer = place.browser().open(door)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/consola/entrar")


def test_a_fragment_sends_the_whole_page_to_the_sign_in(place: Console) -> None:
    answer = place.browser().open("/consola/novedades", headers={"HX-Request": "true"})
    assert (answer.headers["HX-Redirect"], answer.text) == ("/consola/entrar", "")


def test_an_invitation_makes_an_account_and_serves_once(place: Console) -> None:
    ana = place.liaison("Ana Paz")
    address = f"/consola/invitacion/{place.invitation(ana)}"
    browser = place.enrolled(ana)  # with a newer invitation, which ends the first
    assert "Ana Paz" in browser.open("/consola/").text
    assert place.browser().open(address).status_code == 410
    kept = rows(place.engine, select(accounts))[0]
    assert PASSWORD.encode() not in kept["credentials"]
    assert place.secrets[ana].encode() not in kept["credentials"]


def test_a_used_invitation_is_over(place: Console) -> None:
    ana = place.liaison("Ana Paz")
    token = place.invitation(ana)
    first, second = place.browser(), place.browser()
    for browser in (first, second):
        browser.open(f"/consola/invitacion/{token}")
    secret = place.secret_shown(first)
    fields = {"contrasena": PASSWORD, "repetida": PASSWORD, "codigo": place.code(secret)}
    assert first.send(f"/consola/invitacion/{token}", fields).status_code == 303
    assert second.send(f"/consola/invitacion/{token}", fields).status_code == 410
    assert not is_in(second)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"contrasena": "corta", "repetida": "corta"}, "al menos 12"),
        ({"contrasena": "a" * 14, "repetida": "a" * 14}, "fácil de adivinar"),
        ({"repetida": PASSWORD + "x"}, "no son iguales"),
        ({"codigo": "000000"}, "no coincide"),
        ({"codigo": "abc"}, "no coincide"),
    ],
)
def test_what_is_wrong_with_an_enrolment_is_said(place: Console, changed: dict[str, str], said: str) -> None:
    ana = place.liaison("Ana Paz")
    address = f"/consola/invitacion/{place.invitation(ana)}"
    browser = place.browser()
    browser.open(address)
    fields = {"contrasena": PASSWORD, "repetida": PASSWORD, "codigo": place.code(place.secret_shown(browser))}
    answer = browser.send(address, fields | changed)
    assert answer.status_code == 422
    assert said in answer.text
    assert count_of(place.engine, accounts) == 0
    assert browser.open(address).status_code == 200, "a slip does not use the invitation up"


def test_an_invitation_ends_by_itself(place: Console) -> None:
    token = place.invitation(place.liaison("Ana Paz"))
    change(place.engine, update(invitations).values(expires_at=utcnow() - timedelta(seconds=1)))
    assert place.browser().open(f"/consola/invitacion/{token}").status_code == 410


def test_password_and_code_let_in(place: Console) -> None:
    ana = place.liaison("Ana Paz")
    place.enrolled(ana)
    browser = place.browser()
    answer = place.signs_in(browser, ana)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/consola/")
    assert is_in(browser)
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/consola" in cookie


def test_one_goes_on_to_the_page_one_wanted_and_never_elsewhere(place: Console) -> None:
    ana = place.liaison("Ana Paz")
    place.enrolled(ana)
    for wanted, lands in (
        ("/consola/guardia", "/consola/guardia"),
        ("https://ladron.example/consola/", "/consola/"),
        ("//ladron.example/consola/", "/consola/"),
        ("/consola/\\ladron.example", "/consola/"),
    ):
        change(place.engine, update(accounts).values(last_step=0))
        browser = place.browser()
        browser.open("/consola/entrar", query_string={"destino": wanted})
        fields = {
            "telefono": place.phones[ana],
            "contrasena": PASSWORD,
            "codigo": place.code(place.secrets[ana]),
            "destino": wanted,
        }
        assert browser.send("/consola/entrar", fields).headers["Location"] == lands


@pytest.mark.parametrize("wrong", ["password", "code", "phone"])
def test_whatever_is_wrong_the_answer_is_the_same(place: Console, wrong: str) -> None:
    ana = place.liaison("Ana Paz")
    place.enrolled(ana)
    browser = place.browser()
    fields = {
        "telefono": "5511112222" if wrong == "phone" else place.phones[ana],
        "contrasena": "otra contraseña larga" if wrong == "password" else PASSWORD,
        "codigo": "000000" if wrong == "code" else place.code(place.secrets[ana], 1),
    }
    answer = browser.send("/consola/entrar", fields, page="/consola/entrar")
    assert answer.status_code == 401
    assert "no coinciden" in answer.text
    assert PASSWORD not in answer.text
    assert not is_in(browser)


def test_no_code_serves_twice(place: Console) -> None:
    ana = place.liaison("Ana Paz")
    place.enrolled(ana)
    code = place.code(place.secrets[ana], 1)
    assert place.signs_in(place.browser(), ana, code=code).status_code == 303
    again = place.signs_in(place.browser(), ana, code=code)
    assert again.status_code == 401
    assert "ya se usó" in again.text


def test_leaving_ends_the_session_on_the_server(place: Console) -> None:
    browser = place.enrolled(place.liaison("Ana Paz"))
    cookie = browser.client.get_cookie("consola", path="/consola")
    browser.send("/consola/salir", page="/consola/")
    assert not is_in(browser)
    assert cookie is not None
    browser.client.set_cookie("consola", cookie.value, path="/consola")
    assert not is_in(browser), "the old cookie opens nothing"


def test_sessions_end_when_idle_or_old_or_revoked_or_when_the_liaison_is_off(place: Console) -> None:
    settings = place.office.settings
    ana = place.liaison("Ana Paz")
    browser = place.enrolled(ana)
    now = utcnow()
    fresh = {"seen_at": now, "expires_at": now + timedelta(hours=1), "ended_at": None}
    for values in (
        {"seen_at": now - timedelta(minutes=settings.console_idle_minutes, seconds=1)},
        {"expires_at": now - timedelta(seconds=1)},
        {"ended_at": now},
    ):
        change(place.engine, update(sessions).values(**fresh, **{}).values(**values))
        assert not is_in(browser), values
    change(place.engine, update(sessions).values(**fresh))
    assert is_in(browser)
    with place.engine.begin() as connection:
        people.switch_off(connection, place.vault, ana)
    assert not is_in(browser)


def test_news_asked_for_by_the_page_itself_keep_nobody_signed_in(place: Console) -> None:
    browser = place.enrolled(place.liaison("Ana Paz"))
    earlier = utcnow() - timedelta(minutes=5)
    change(place.engine, update(sessions).values(seen_at=earlier))
    browser.open("/consola/novedades", headers={"X-Console-Poll": "1"})
    assert rows(place.engine, select(sessions))[0]["seen_at"] == earlier
    browser.open("/consola/")
    assert rows(place.engine, select(sessions))[0]["seen_at"] > earlier


def test_one_ends_ones_other_sessions_and_nobody_elses(place: Console) -> None:
    ana, beto = place.liaison("Ana Paz"), place.liaison("Beto Ruiz")
    here, there = place.enrolled(ana), place.browser()
    place.signs_in(there, ana)
    other = place.enrolled(beto)
    others_id = rows(place.engine, select(sessions).where(sessions.c.liaison_id == beto))[0]["id"]
    here.send("/consola/cuenta/cerrar", {"sesion": others_id}, page="/consola/cuenta")
    assert is_in(other)
    here.send("/consola/cuenta/cerrar", page="/consola/cuenta")
    assert (is_in(here), is_in(there), is_in(other)) == (True, False, True)


def test_a_session_that_somebody_wrote_into_the_database_opens_no_text(place: Console) -> None:
    """A stolen web process may write rows; the proof in them it cannot make."""
    ana = place.liaison("Ana Paz")
    place.enrolled(ana)
    code = place.report("me estan extorsionando en iztapalapa")
    token = b"t" * 32
    key = SessionKey(token)
    genuine = rows(place.engine, select(sessions))[0]
    change(place.engine, insert(sessions).values(**genuine | {"id": key.id, "public_key": key.public}))
    with place.app.test_request_context():
        from hotline.console.counter import answer

        assert answer(key, "look", {"code": code}) == {"refused": "failed"}
    assert not rows(place.engine, select(audit).where(audit.c.act == "case.look"))


def test_an_invitation_that_somebody_wrote_into_the_database_invites_nobody(place: Console) -> None:
    ana = place.liaison("Ana Paz")
    token = place.invitation(ana)
    change(place.engine, update(invitations).values(proof=b"x" * 64))
    browser = place.browser()
    browser.open(f"/consola/invitacion/{token}")
    fields = {"contrasena": PASSWORD, "repetida": PASSWORD, "codigo": place.code(place.secret_shown(browser))}
    browser.send(f"/consola/invitacion/{token}", fields)
    assert count_of(place.engine, accounts) == 0
    assert not is_in(browser)


def test_guessing_is_stopped_and_told_kindly_and_others_still_get_in(place: Console) -> None:
    """Redis is away throughout: the limits hold in memory, and lock nobody else out."""
    ana, beto = place.liaison("Ana Paz"), place.liaison("Beto Ruiz")
    place.enrolled(ana)
    place.enrolled(beto)
    guesser = place.browser()
    allowed = int(limits.PER_PERSON_AND_PLACE.split()[0])
    answers = [place.signs_in(guesser, ana, password="adivinando contraseñas").status_code for _ in range(allowed + 2)]
    assert answers == [401] * allowed + [429] * 2
    assert guesser.last is not None and "Su cuenta está bien" in guesser.last.text
    assert place.signs_in(guesser, beto).status_code == 303


def test_when_the_workers_are_away_one_is_told_and_let_in_when_they_are_back(
    place: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotline.console.counter.PATIENCE", 0.05)
    monkeypatch.setattr("hotline.console.entering.wait.__defaults__", (0.05,))
    ana = place.liaison("Ana Paz")
    place.enrolled(ana)
    place.bell.away = True
    browser = place.browser()
    answer = place.signs_in(browser, ana)
    assert answer.headers["Location"] == "/consola/espera"
    waiting = browser.open("/consola/espera")
    assert waiting.status_code == 503
    assert "Seguimos intentando" in waiting.text
    place.workers_return()
    assert browser.open("/consola/espera").status_code == 303
    assert is_in(browser)


def test_forms_of_other_sites_do_nothing(place: Console) -> None:
    browser = place.enrolled(place.liaison("Ana Paz"))
    assert browser.client.post("/consola/salir").status_code == 400
    assert is_in(browser)


def test_nothing_that_was_typed_stays_behind(place: Console) -> None:
    ana = place.liaison("Ana Paz")
    place.enrolled(ana)
    place.signs_in(place.browser(), ana)
    assert count_of(place.engine, requests) == 0
    acts = [row["act"] for row in rows(place.engine, select(audit.c.act).order_by(audit.c.seq))]
    assert acts == ["console.enrol", "console.enter"]


@pytest.mark.parametrize(
    ("public", "seen_at", "secure", "path"),
    [
        ("https://linea.example", "https://linea.example", True, "/consola"),
        ("https://linea.example", "http://linea.example", True, "/consola"),  # TLS ends at a proxy that does not say so
        ("https://linea.example/osc", "https://linea.example", True, "/osc/consola"),
        ("https://linea.example/osc", "http://127.0.0.1:8000", False, "/consola"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000", False, "/consola"),
    ],
)
def test_links_and_cookies_are_right_wherever_the_console_is_reached(
    place: Console, public: str, seen_at: str, secure: bool, path: str
) -> None:
    app = place.at(public)
    answer = app.test_client().get("/consola/entrar", base_url=seen_at)
    cookie = answer.headers["Set-Cookie"]
    assert ("Secure" in cookie, f"Path={path};" in f"{cookie};") == (secure, True)
    assert f'href="{path}/archivos/consola.css"' in answer.text
    assert app.test_client().get("/consola/", base_url=seen_at).headers["Location"] == f"{path}/entrar"


def test_every_page_allows_nothing_from_elsewhere_and_nothing_inline(place: Console) -> None:
    browser = place.enrolled(place.liaison("Ana Paz", role="supervisor"))
    code = place.report("me estan extorsionando en iztapalapa")
    pages = [*DOORS[:-1], "/consola/personas", f"/consola/casos/{code}", "/consola/entrar"]
    for page in pages:
        answer = browser.open(page)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert " style=" not in answer.text and "<style" not in answer.text
        assert " onclick=" not in answer.text and "hx-on" not in answer.text
        assert "<script>" not in answer.text and "http://" not in answer.text.replace("http://www.w3.org", "")
