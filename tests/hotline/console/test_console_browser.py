"""The console in a browser: by keyboard alone, at both widths, in both schemes, and what axe finds (WCAG 2.2 AA)."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from consoles import PASSWORD, Console
from werkzeug.serving import WSGIRequestHandler, make_server

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else shutil.which("chromium")
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")]
AXE = Path(__file__).parents[2] / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        return


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
        yield browser
        browser.close()


@pytest.fixture
def url(place: Console) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, place.app, threaded=True, request_handler=_Quiet)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def open_page(browser: Any, complaints: list[str], **options: Any) -> Any:
    page = browser.new_context(reduced_motion="reduce", **options).new_page()
    page.set_default_timeout(8000)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    return page


def enrols(page: Any, place: Console, url: str, liaison_id: str) -> None:
    """Sets the account up with keys alone."""
    page.goto(f"{url}/consola/invitacion/{place.invitation(liaison_id)}")
    secret = page.inner_text("#clave").replace(" ", "")
    place.secrets[liaison_id] = secret
    page.focus("[name=contrasena]")
    for typed in (PASSWORD, PASSWORD):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.focus("[name=codigo]")
    page.keyboard.type(place.code(secret))
    page.keyboard.press("Enter")
    page.wait_for_url("**/consola/")


def test_a_case_is_taken_asked_about_and_closed_with_keys_alone(browser: Any, place: Console, url: str) -> None:
    complaints: list[str] = []
    page = open_page(browser, complaints, viewport={"width": 1440, "height": 900})
    enrols(page, place, url, place.liaison("Ana Paz", areas=("09007",)))

    code = place.report("me estan extorsionando en iztapalapa, marcan del 55 0412 7788, soy Lupita")
    page.locator(f"#caso-{code}").wait_for()  # by itself, without a reload
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.focus(f"#caso-{code}")
    page.keyboard.press("Enter")
    page.get_by_text("me estan extorsionando").wait_for()
    assert "Lupita" not in page.content() and "7788" not in page.content()

    page.get_by_role("button", name="Atender este caso").press("Enter")
    page.get_by_text("Este caso está a su cargo").wait_for()
    page.locator("#acto-preguntar summary").press("Enter")
    page.locator("[name=pregunta]").press_sequentially("¿A qué hora le marcan?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".bubble--ours", has_text="¿A qué hora le marcan?").wait_for()

    page.locator("[name=motivo]").press_sequentially("denuncia ante el MP")
    page.keyboard.press("Enter")
    page.locator(".items").wait_for()
    assert "7788" in page.inner_text(".items").replace(" ", "")

    page.locator("#acto-cerrar summary").press("Enter")
    page.locator("[name=resultado]").select_option("denuncia")
    page.get_by_role("button", name="Cerrar el caso").press("Enter")
    page.get_by_text("denuncia hecha").first.wait_for()
    page.context.close()
    assert complaints == []


def test_a_draft_survives_the_news(browser: Any, place: Console, url: str) -> None:
    complaints: list[str] = []
    page = open_page(browser, complaints, viewport={"width": 1440, "height": 900})
    enrols(page, place, url, place.liaison("Ana Paz", areas=("09007",)))
    code = place.report("me estan extorsionando en iztapalapa", sender="+525512340077")
    page.goto(f"{url}/consola/casos/{code}")
    page.locator("#acto-preguntar summary").click()
    page.locator("[name=pregunta]").press_sequentially("¿Sigue ah")
    place.report("ahora estan afuera de mi casa", sender="+525512340077")
    page.get_by_text("ahora estan afuera").wait_for()
    page.keyboard.type("í?")
    assert page.locator("[name=pregunta]").input_value() == "¿Sigue ahí?"
    page.context.close()
    assert complaints == []


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (375, "dark")])
def test_everybody_can_use_every_page(browser: Any, place: Console, url: str, width: int, scheme: str) -> None:
    complaints: list[str] = []
    # The checker itself is not of our pages: it is let in past their policy.
    page = open_page(
        browser, complaints, viewport={"width": width, "height": 812}, color_scheme=scheme, bypass_csp=True
    )
    ines = place.liaison("Inés Vila", role="supervisor")
    code = place.report("me estan extorsionando en iztapalapa, marcan del 55 0412 7788")
    found: list[str] = []

    def check(name: str) -> None:
        page.evaluate(AXE.read_text(encoding="utf-8"))
        result = page.evaluate("rules => axe.run({ runOnly: rules })", RULES)
        found.extend(
            f"{name}: {issue['id']}: {node['html'][:120]}" for issue in result["violations"] for node in issue["nodes"]
        )
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{name}: wider than the screen")

    page.goto(f"{url}/consola/invitacion/{place.invitation(ines)}")
    check("invitation")
    enrols(page, place, url, ines)
    for name, path in {
        "inbox": "/consola/?lugar=09007",
        "case": f"/consola/casos/{code}",
        "duty": "/consola/guardia",
        "people": "/consola/personas",
        "log": "/consola/bitacora",
        "account": "/consola/cuenta",
        "nothing there": "/consola/casos/ZZZZZ",
    }.items():
        page.goto(f"{url}{path}")
        page.evaluate("document.querySelectorAll('details:not([name])').forEach((one) => one.open = true)")
        check(name)
    page.context.clear_cookies()
    page.goto(f"{url}/consola/entrar")
    check("sign-in")
    page.context.close()
    assert found == []
    assert [words for words in complaints if "404" not in words] == []


def test_on_a_phone_the_code_of_a_waiting_case_is_whole(browser: Any, place: Console, url: str) -> None:
    complaints: list[str] = []
    page = open_page(browser, complaints, viewport={"width": 375, "height": 812})
    enrols(page, place, url, place.liaison("Ana Paz", areas=("09007",)))
    code = place.report("hay balazos ahorita en iztapalapa")
    page.locator(f"#caso-{code}").wait_for()
    edges = page.evaluate(
        """id => { const row = document.getElementById(id), text = document.createRange();
        text.selectNodeContents(row.querySelector('.row__code').lastChild);
        const waits = row.querySelector('.row__waits').getBoundingClientRect();
        return [text.getBoundingClientRect(), row.getBoundingClientRect(), waits] }""",
        f"caso-{code}",
    )
    words, row, waits = edges
    assert words["right"] <= row["right"] and words["left"] >= waits["right"], edges
    page.context.close()
    assert complaints == []
