"""The console with real processes: in by an operator's invitation, a case read within a second, Redis there or not."""

from __future__ import annotations

import re

import pyotp
import pytest
import requests
from harness.house import REDIS_AWAY, House
from harness.waiting import until

from hotline.lab.records import new_sid

PASSWORD = "un perro azul duerme en la azotea"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Browser:
    """A browser at the house's own address."""

    def __init__(self, house: House) -> None:
        self._session = requests.Session()
        self._base = house.address
        self.page = ""

    def opens(self, path: str) -> str:
        self.page = self._session.get(f"{self._base}{path}", timeout=15).text
        return self.page

    def sends(self, path: str, **fields: str) -> str:
        found = _TOKEN.search(self.page)
        token = found[1] if found else ""
        self.page = self._session.post(f"{self._base}{path}", {"csrf_token": token, **fields}, timeout=15).text
        return self.page


@pytest.fixture
def browser(house: House) -> Browser:
    """Signed in as somebody who covers everything."""
    house.forgiven += REDIS_AWAY
    ana = house.liaison("Ana Paz")
    address = house.flask("liaison", "invite", ana.id).split()[0].partition("/consola/")[2]
    browser = Browser(house)
    found = re.search(r'id="clave">([A-Z2-7 ]+)<', browser.opens(f"/consola/{address}"))
    assert found, browser.page
    code = pyotp.TOTP(found[1].replace(" ", "")).now()
    page = browser.sends(f"/consola/{address}", contrasena=PASSWORD, repetida=PASSWORD, codigo=code)
    assert "Ana Paz" in page
    return browser


def reports(house: House, words: str) -> str:
    sid = new_sid("SM")
    house.caller().texts(words, sid=sid)
    return str(house.case_of(sid).code)


def reads(browser: Browser, code: str, words: str) -> None:
    """Follows the page as a browser does until the words are there."""

    def there() -> bool:
        if words in browser.page:
            return True
        later = re.search(r'hx-get="([^"]+/relato[^"]*)"', browser.page)
        browser.opens(later[1].replace("&amp;", "&") if later else f"/consola/casos/{code}")
        return words in browser.page

    browser.opens(f"/consola/casos/{code}")
    until(there, 15, "the words of the case")


def test_a_case_is_read_and_nothing_of_it_stays_behind(house: House, browser: Browser) -> None:
    code = reports(house, "me extorsionan en Tlalpan, marcan del 55 0412 7788, soy Ludivina Cervantes")
    assert code in browser.opens("/consola/")
    reads(browser, code, "me extorsionan")
    assert "Ludivina" not in browser.page and "7788" not in browser.page
    assert "7788" in browser.sends(f"/consola/casos/{code}/evidencia", motivo="para el MP").replace(" ", "")
    browser.opens(f"/consola/casos/{code}")
    assert "a su cargo" in browser.sends(f"/consola/casos/{code}/atender")
    assert "unchanged" in house.flask("audit", "verify")
    for name, contents in house.surrendered():
        for secret in (PASSWORD, "Ludivina", "me extorsionan", "para el MP"):
            assert secret.encode() not in contents, name
    assert house.count("console_requests") == 0


def test_a_case_is_read_while_redis_is_gone(house: House, browser: Browser) -> None:
    code = reports(house, "me cobran piso en Tlalpan cada viernes")
    house.valkey.dies()
    try:
        reads(browser, code, "me cobran piso")
        assert "a su cargo" in browser.sends(f"/consola/casos/{code}/atender")
    finally:
        house.valkey.start()
