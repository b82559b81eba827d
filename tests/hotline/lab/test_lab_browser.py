"""The page in a browser: a text, a call and a liaison's answer, made with keys alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hotline.lab import Lab

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else shutil.which("chromium")
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Any, peopled: Lab) -> Iterator[Any]:
    page = browser.new_page(viewport={"width": 1440, "height": 960}, reduced_motion="reduce")
    page.set_default_timeout(8000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(peopled.api_url)
    page.wait_for_selector(".card")
    yield page
    page.close()
    assert complaints == []


def key(page: Any, role: str, name: str) -> None:
    page.locator(f'[data-role={role}] [data-key="{name}"]').click()


def sees(page: Any, role: str, words: str) -> None:
    page.locator(f"[data-role={role}] .lcd", has_text=words).wait_for()


def test_a_text_written_with_the_keyboard(page: Any, desk: Any) -> None:
    desk.answers["/sms"] = "<Response><Message>Recibimos su reporte</Message></Response>"
    key(page, "caller", "right")
    page.keyboard.type("me piden cuota")
    page.keyboard.press("Enter")
    sees(page, "caller", "1 mensaje nuevo")
    assert desk.forms("/sms")[0]["Body"] == "me piden cuota"
    key(page, "caller", "left")
    key(page, "caller", "left")
    sees(page, "caller", "Recibimos su reporte")


def test_a_text_written_with_twelve_keys(page: Any, desk: Any) -> None:
    key(page, "caller", "right")
    for pressed in ("2", "0", "5", "5", "5"):
        key(page, "caller", pressed)
    key(page, "caller", "green")
    sees(page, "caller", "Mensaje enviado")
    assert desk.forms("/sms")[0]["Body"] == "a l"


def test_a_call_with_keys_and_speech(page: Any, desk: Any) -> None:
    desk.answers["/voice"] = (
        '<Response><Gather numDigits="1" action="/voice/menu"><Say>Para reportar marque 1</Say></Gather></Response>'
    )
    desk.answers["/voice/menu"] = (
        '<Response><Gather input="speech" action="/voice/said"><Say>Cuéntenos</Say></Gather></Response>'
    )
    desk.answers["/voice/said"] = "<Response><Say>Gracias</Say></Response>"
    key(page, "caller", "green")
    sees(page, "caller", "la línea")
    key(page, "caller", "green")
    sees(page, "caller", "Para reportar marque 1")
    key(page, "caller", "1")
    sees(page, "caller", "Cuéntenos")
    page.keyboard.type("se llevaron mi camioneta")
    page.keyboard.press("Enter")
    sees(page, "caller", "Llamada terminada")
    assert desk.forms("/voice/said")[0]["SpeechResult"] == "se llevaron mi camioneta"


def test_a_liaison_is_told_and_answers(page: Any, peopled: Lab, desk: Any) -> None:
    nayeli = peopled.phone("+525500002101")
    form = {"To": nayeli.number, "From": peopled.carrier.hotline_number, "Body": "Reporte K7M2P"}
    peopled.carrier.create_message(form)
    sees(page, "liaison", "1 mensaje nuevo")
    key(page, "liaison", "left")
    key(page, "liaison", "left")
    sees(page, "liaison", "Reporte K7M2P")
    key(page, "liaison", "left")
    page.keyboard.type("OK K7M2P")
    page.keyboard.press("Enter")
    sees(page, "liaison", "Mensaje enviado")
    assert (desk.forms("/sms")[0]["From"], desk.forms("/sms")[0]["Body"]) == (nayeli.number, "OK K7M2P")


def test_a_phone_rings_and_is_answered(page: Any, peopled: Lab, desk: Any) -> None:
    desk.answers["/voice/liaison"] = "<Response><Gather><Say>Reporte urgente</Say></Gather></Response>"
    peopled.carrier.switchboard.create(
        {"To": "+525500002101", "From": "+525555550100", "Url": f"{desk.url}/voice/liaison"}, frozenset()
    )
    sees(page, "liaison", "Contestar")
    key(page, "liaison", "green")
    sees(page, "liaison", "Reporte urgente")
    key(page, "liaison", "red")
    sees(page, "liaison", "Llamada terminada")


@pytest.mark.parametrize("width", [1440, 375])
def test_nothing_sticks_out(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_screens_have_their_own_letters(page: Any) -> None:
    loaded = "document.fonts.ready.then(() => document.fonts.check('20px \"Lab LCD\"') && [...document.fonts].length)"
    assert page.evaluate(loaded) == 2
    assert page.evaluate("[...document.fonts].map((font) => font.status)") == ["loaded", "loaded"]
