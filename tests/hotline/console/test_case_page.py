"""What a case's page says of wishes, of messages that were let out, and of what was erased."""

from __future__ import annotations

import pytest
from consoles import Browser, Console
from furniture import change, rows
from sqlalchemy import select, update

from hotline.store.duty_tables import questions
from hotline.store.engine import utcnow
from hotline.store.erasing import erase_report
from hotline.store.schema import reports
from workers import casebook
from workers.casebook import Part


@pytest.fixture
def browser(place: Console) -> Browser:
    return place.enrolled(place.liaison("Ana Paz", areas=("09007",)))


@pytest.fixture
def code(place: Console, browser: Browser) -> str:
    return place.report("me estan extorsionando en iztapalapa, marcan del 55 0412 7788")


def test_where_a_message_was_let_out_no_empty_bubble_stays(place: Console, browser: Browser) -> None:
    code = place.report("me extorsionan en iztapalapa")
    row = rows(place.engine, select(reports.c.id).where(reports.c.code == code))[0]
    parts = casebook.lock_parts(place.vault, row["id"], [Part("uno"), Part(""), Part(None), Part("dos")])
    change(place.engine, update(reports).where(reports.c.code == code).values(text=parts))
    page = browser.open(f"/consola/casos/{code}").text
    thread = page[page.index('class="bubbles"') : page.index("</ol>")]
    assert thread.count('class="bubble"') == 2 and thread.count("bubble--held") == 1


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("no_calls", "Que no le llamen."),
        ("no_texts", "Que no le manden mensajes."),
        ("asks_erasure", "Que se borre lo que contó."),
    ],
)
def test_what_the_reporter_asked_for_is_seen(
    place: Console, browser: Browser, code: str, column: str, words: str
) -> None:
    assert words not in browser.open(f"/consola/casos/{code}").text
    change(place.engine, update(reports).where(reports.c.code == code).values({column: True}))
    assert words in browser.open(f"/consola/casos/{code}").text


def test_an_erased_case_says_only_that(place: Console, browser: Browser, code: str) -> None:
    browser.open(f"/consola/casos/{code}")
    browser.send(f"/consola/casos/{code}/atender")
    row = rows(place.engine, select(reports.c.id).where(reports.c.code == code))[0]
    with place.engine.begin() as connection:
        erase_report(connection, row["id"], utcnow())
    page = browser.open(f"/consola/casos/{code}").text
    assert "Borrado a petición" in page and "Cerrado" not in page and "Qué hacer" not in page
    assert "extorsion" not in page.lower() and "Coincidencias" not in page
    assert "Borrado" in browser.open("/consola/").text
    assert code not in browser.open("/consola/?vista=mios").text


def test_a_question_that_never_left_stands_where_it_was_asked(place: Console, browser: Browser) -> None:
    code = place.report("me estan extorsionando en iztapalapa", sender="+525512340079")
    address = f"/consola/casos/{code}"
    for words, state, part in (("¿Uno, primera?", "refused", None), ("¿Dos, segunda?", "answered", 1)):
        browser.send(f"{address}/preguntar", {"pregunta": words}, page=address)
        waiting = questions.c.state == "waiting"
        change(place.engine, update(questions).where(waiting).values(state=state, from_part=part))
    place.report("como a las nueve", sender="+525512340079")
    page = browser.open(address).text
    said = [page.index(words) for words in ("me estan extors", "¿Uno", "¿Dos", "como a las nueve")]
    assert said == sorted(said)
