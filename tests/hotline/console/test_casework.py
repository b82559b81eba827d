"""Cases at the console: who sees which, what is opened and noted, what one can do, what a file of one's cases holds."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from consoles import Browser, Console
from furniture import change, count_of, rows
from sqlalchemy import select, update

from hotline.console import limits
from hotline.console.export import harmless
from hotline.console.wording import local, waited
from hotline.profile import load
from hotline.store.console_tables import audit
from hotline.store.duty_tables import case_events, patterns, questions
from hotline.store.engine import utcnow
from hotline.store.schema import evidence, reports

IZTAPALAPA, TLALPAN = "09007", "09012"
EXTORTION = "me estan extorsionando en iztapalapa, marcan del 55 0412 7788, soy Lupita Arriaga"
ACTS = ["atender", "siguiente", "pasar", "preguntar", "llamar", "cerrar", "evidencia"]


@pytest.fixture
def ana(place: Console) -> str:
    place.liaison("Inés Vila", role="supervisor")  # what nobody covers goes to her, and not to Ana
    return place.liaison("Ana Paz", areas=(IZTAPALAPA,))


@pytest.fixture
def browser(place: Console, ana: str) -> Browser:
    return place.enrolled(ana)


@pytest.fixture
def code(place: Console) -> str:
    return place.report(EXTORTION)


def acts(place: Console) -> list[tuple[str, str]]:
    query = select(audit.c.act, audit.c.subject).where(audit.c.act.like("case.%")).order_by(audit.c.seq)
    return [(row["act"], row["subject"]) for row in rows(place.engine, query)]


def report(place: Console, code: str) -> dict[str, object]:
    return rows(place.engine, select(reports).where(reports.c.code == code))[0]


# Who sees what


def test_a_liaison_sees_the_cases_of_their_area_and_no_others(place: Console, browser: Browser, code: str) -> None:
    other = place.report("hay balazos ahorita en tlalpan")
    inbox = browser.open("/consola/").text
    assert code in inbox and other not in inbox
    assert browser.open(f"/consola/casos/{code}").status_code == 200


@pytest.mark.parametrize("path", ["", "/vivo", "/relato"])
def test_anothers_case_is_not_there_by_its_address(place: Console, browser: Browser, path: str) -> None:
    other = place.report("hay balazos ahorita en tlalpan")
    there_not = browser.open(f"/consola/casos/ZZZZZ{path}")
    answer = browser.open(f"/consola/casos/{other}{path}")
    assert answer.status_code == there_not.status_code == 404
    assert answer.text == there_not.text, "nobody learns whether a code is in use"
    assert acts(place) == []


@pytest.mark.parametrize("act", ACTS)
def test_nothing_can_be_done_to_anothers_case(place: Console, browser: Browser, ana: str, act: str) -> None:
    other = place.report("hay balazos ahorita en tlalpan, marcan del 55 0412 7788")
    before = report(place, other)
    fields = {"motivo": "quiero ver", "pregunta": "¿quién es?", "resultado": "atendido", "a": ana}
    assert browser.send(f"/consola/casos/{other}/{act}", fields, page="/consola/cuenta").status_code == 404
    assert report(place, other) == before
    assert acts(place) == []


def test_a_complaint_is_not_there_for_the_body_complained_of(place: Console) -> None:
    officer = place.enrolled(place.liaison("Oficial Uno", body="ssc"))
    citizen = place.enrolled(place.liaison("Vecina Dos", role="supervisor"))
    code = place.report("los policias de la ssc del reten me pidieron mordida en iztapalapa")
    assert code in citizen.open("/consola/").text
    assert code not in officer.open("/consola/").text
    assert officer.open(f"/consola/casos/{code}").status_code == 404


def test_the_workers_look_at_the_coverage_themselves(place: Console, browser: Browser, code: str) -> None:
    """Whatever the web process lets through."""
    other = place.report("hay balazos ahorita en tlalpan")
    browser.open("/consola/")
    with place.app.test_request_context(headers={"Cookie": place.cookie(browser)}):
        from hotline.console.access import cookie_key
        from hotline.console.counter import answer

        key = cookie_key()
        assert key is not None
        assert answer(key, "look", {"code": other}) == {"refused": "unknown"}
        assert answer(key, "evidence", {"code": other, "reason": "porque sí"}) == {"refused": "unknown"}
        assert answer(key, "people", {}) == answer(key, "invite", {"liaison": "x"}) == {"refused": "role"}
        assert "parts" in (answer(key, "look", {"code": code}) or {})


# The words


def test_the_words_are_shown_masked_and_each_look_is_on_record(place: Console, browser: Browser, code: str) -> None:
    page = browser.open(f"/consola/casos/{code}").text
    assert "me estan extorsionando" in page
    for absent in ("Lupita", "Arriaga", "0412", "7788"):
        assert absent not in page
    assert '<span class="masked">NOMBRE</span>' in page
    assert acts(place) == [("case.look", code)]


def test_what_somebody_wrote_is_text_and_never_markup(place: Console, browser: Browser) -> None:
    code = place.report("<img src=x onerror=alert(1)> me extorsionan en iztapalapa")
    page = browser.open(f"/consola/casos/{code}").text
    assert "<img src=x" not in page and "&lt;img src=x" in page


def test_what_is_held_is_said_to_be_held(place: Console, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    first = place.report("me extorsionan en iztapalapa")
    monkeypatch.setattr(type(place.office.anonymiser), "mask", fail)
    code = place.report("soy Lupita y vivo en la calle 5 numero 3, iztapalapa")
    monkeypatch.undo()
    change(place.engine, update(reports).where(reports.c.code == code).values(area=IZTAPALAPA, state="09"))
    assert "Retenido" in browser.open("/consola/").text
    page = browser.open(f"/consola/casos/{code}").text
    assert "Retenido para revisarlo" in page
    assert "Lupita" not in page
    assert "Retenido para revisarlo" not in browser.open(f"/consola/casos/{first}").text


def test_a_page_does_not_wait_for_workers_who_are_away(
    place: Console, browser: Browser, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotline.console.casework._STORY_PATIENCE", 0.02)
    place.bell.away = True
    page = browser.open(f"/consola/casos/{code}")
    assert page.status_code == 200
    assert "Abriendo el relato" in page.text and "extorsionando" not in page.text
    address = place.attribute(page.text, "hx-get", containing="/relato")
    place.workers_return()
    assert "me estan extorsionando" in browser.open(address).text


def test_evidence_is_opened_for_a_reason_and_both_go_on_record(place: Console, browser: Browser, code: str) -> None:
    address = f"/consola/casos/{code}"
    assert "0412" not in browser.open(address).text
    refused = browser.send(f"{address}/evidencia", {"motivo": " "}, page=address)
    assert "Escriba para qué" in refused.text and "0412" not in refused.text
    assert ("case.evidence", code) not in acts(place)
    opened = browser.send(f"{address}/evidencia", {"motivo": "denuncia ante el MP"}, page=address)
    assert "0412" in opened.text.replace(" ", "")
    assert "Lupita" not in opened.text
    assert acts(place)[-1] == ("case.evidence", code)
    note = rows(place.engine, select(audit.c.note).where(audit.c.act == "case.evidence"))[0]["note"]
    assert b"denuncia" not in note and place.vault.open(note).decode() == "denuncia ante el MP"
    assert count_of(place.engine, case_events, case_events.c.what == "evidence") == 1


def test_no_program_empties_the_evidence_through_a_session(place: Console, browser: Browser, code: str) -> None:
    address = f"/consola/casos/{code}"
    browser.open(address)
    allowed = int(limits.EVIDENCE.split()[0])
    page = browser.last
    answers = []
    for _ in range(allowed + 1):
        browser.last = page
        answers.append(browser.send(f"{address}/evidencia", {"motivo": "todo"}).status_code)
    assert answers == [200] * allowed + [429]
    assert browser.open(address).status_code == 200


def test_patterns_are_told_without_what_they_are_about(place: Console, browser: Browser, code: str) -> None:
    found = rows(place.engine, select(evidence))[0]
    now = utcnow()
    row = {"fingerprint": found["fingerprint"], "type": found["type"], "found_at": now, "grown_at": now}
    change(place.engine, patterns.insert().values(**row, cases=9, areas=3))
    page = browser.open(f"/consola/casos/{code}").text
    assert "aparece en 9 casos de 3 lugares" in page
    assert "coincide con otros casos" in browser.open("/consola/").text


# What one can do


def test_taking_a_case(place: Console, browser: Browser, ana: str, code: str) -> None:
    address = f"/consola/casos/{code}"
    answer = browser.send(f"{address}/atender", page=address)
    assert (answer.status_code, answer.headers["Location"]) == (303, address)
    assert report(place, code)["acknowledged_by"] == ana
    assert "queda a su cargo" in browser.open(address).text
    assert ("case.acknowledge", code) in acts(place)


def test_a_case_that_another_took_is_said_to_be_taken(place: Console, browser: Browser, ana: str, code: str) -> None:
    beto = place.enrolled(place.liaison("Beto Ruiz", areas=(IZTAPALAPA,)))
    address = f"/consola/casos/{code}"
    stale = beto.open(address)
    browser.send(f"{address}/atender", page=address)
    beto.last = stale
    beto.send(f"{address}/atender")
    assert "Ya lo atiende otra persona" in beto.open(address).text
    assert "Ana Paz" in beto.open(address).text
    assert report(place, code)["acknowledged_by"] == ana


def test_a_question_is_sealed_and_rung_for(place: Console, browser: Browser, code: str) -> None:
    address = f"/consola/casos/{code}"
    browser.send(f"{address}/preguntar", {"pregunta": "¿A qué hora le marcan?"}, page=address)
    asked = rows(place.engine, select(questions))[0]
    assert b"hora" not in asked["words"]
    assert place.vault.open(asked["words"]).decode() == "¿A qué hora le marcan?"
    assert place.bell.rung[-1] == "deliver"
    assert "¿A qué hora le marcan?" in browser.open(address).text


def test_an_answer_stands_below_its_question(place: Console, browser: Browser) -> None:
    code = place.report("me estan extorsionando en iztapalapa", sender="+525512340078")
    address = f"/consola/casos/{code}"
    browser.send(f"{address}/preguntar", {"pregunta": "¿A qué hora le marcan?"}, page=address)
    assert "va en camino" in browser.open(address).text
    change(place.engine, update(questions).values(state="answered", from_part=1))
    place.report("como a las nueve", sender="+525512340078")
    page = browser.open(address).text
    said = [page.index(words) for words in ("me estan extorsionando", "¿A qué hora le marcan?", "como a las nueve")]
    assert said == sorted(said) and "contestada" in page


def test_passing_a_case(place: Console, browser: Browser, code: str) -> None:
    beto_id = place.liaison("Beto Ruiz", areas=(TLALPAN,))
    beto = place.enrolled(beto_id)
    address = f"/consola/casos/{code}"
    assert beto.open(address).status_code == 404
    browser.send(f"{address}/pasar", {"a": beto_id}, page=address)
    assert report(place, code)["passed_to"] == beto_id
    assert "Se lo piden" in beto.open("/consola/").text
    assert "Le piden que atienda" in beto.open(address).text


@pytest.mark.parametrize("to", ["nobody", "", "self"])
def test_a_case_is_passed_to_somebody_who_serves(
    place: Console, browser: Browser, ana: str, code: str, to: str
) -> None:
    address = f"/consola/casos/{code}"
    browser.send(f"{address}/pasar", {"a": ana if to == "self" else to}, page=address)
    assert report(place, code)["passed_to"] is None
    assert ("case.pass", code) not in acts(place)


def test_closing_needs_an_outcome_of_the_profiles(place: Console, browser: Browser, code: str) -> None:
    address = f"/consola/casos/{code}"
    browser.send(f"{address}/cerrar", {"resultado": "inventado"}, page=address)
    assert report(place, code)["status"] == "filed"
    browser.send(f"{address}/cerrar", {"resultado": "denuncia", "nota": "va al MP el lunes"}, page=address)
    closed = report(place, code)
    assert (closed["status"], closed["outcome"], closed["return_address"]) == ("closed", "denuncia", None)
    page = browser.open(address).text
    assert "denuncia hecha" in page and "va al MP el lunes" in page
    assert "Qué hacer" not in page


# The inbox


def test_filters(place: Console, browser: Browser, code: str) -> None:
    calm = place.report("hay un carro sospechoso afuera de la escuela en iztapalapa")
    browser.send(f"/consola/casos/{calm}/atender", page=f"/consola/casos/{calm}")
    old = place.report("me hicieron un fraude en iztapalapa")
    change(
        place.engine,
        update(reports).where(reports.c.code == old).values(opened_at=utcnow() - timedelta(days=9)),
    )
    week_ago = f"{utcnow() - timedelta(days=7):%Y-%m-%d}"
    for query, shown in (
        ({}, {code, calm, old}),
        ({"vista": "mios"}, {calm}),
        ({"vista": "esperan"}, {code, old}),
        ({"vista": "urgentes"}, {code}),
        ({"tipo": "fraude"}, {old}),
        ({"lugar": IZTAPALAPA}, {code, calm, old}),
        ({"lugar": TLALPAN}, set()),
        ({"desde": week_ago}, {code, calm}),
        ({"hasta": week_ago}, {old}),
        ({"desde": "ayer", "tipo": "x", "vista": "y", "pagina": "-1"}, {code, calm, old}),
    ):
        page = browser.open("/consola/", query_string=query).text
        assert {one for one in (code, calm, old) if f'id="caso-{one}"' in page} == shown, query


def test_the_list_comes_again_only_when_it_changed(place: Console, browser: Browser, code: str) -> None:
    mark = place.mark(browser.open("/consola/").text)
    assert browser.open("/consola/novedades", query_string={"marca": mark}).status_code == 204
    fresh = place.report("me cobran piso en iztapalapa")
    news = browser.open("/consola/novedades", query_string={"marca": mark})
    assert fresh in news.text and "<html" not in news.text


def test_asking_for_news_costs_no_search_while_nothing_stirs(
    place: Console, browser: Browser, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = browser.open("/consola/").text
    stamp = re.search(r'name="pulso" value="([0-9a-f]+)"', page)
    assert stamp
    asked = {"marca": place.mark(page), "pulso": stamp[1]}
    with monkeypatch.context() as patched:
        patched.delattr("hotline.store.inbox.find")
        assert browser.open("/consola/novedades", query_string=asked).status_code == 204
    browser.send(f"/consola/casos/{code}/atender", page=f"/consola/casos/{code}")
    assert "En atención" in browser.open("/consola/novedades", query_string=asked).text


def test_urgent_cases_that_wait_stand_first_on_the_first_page_and_nowhere_twice(
    place: Console, browser: Browser
) -> None:
    urgent = place.report("me estan extorsionando en iztapalapa")
    now = utcnow()
    change(place.engine, update(reports).values(opened_at=now - timedelta(days=1)))
    row = rows(place.engine, select(reports))[0]
    many = [
        row | {"id": f"r{n}", "code": f"C{n:04d}", "urgency": "P4", "opened_at": now - timedelta(minutes=n)}
        for n in range(90)
    ]
    change(place.engine, reports.insert().values(many))
    # The gravest first, of these whoever waits longest.
    newer = {"urgency": "P1", "opened_at": now, "acknowledged_by": None, "status": "filed"}
    change(place.engine, reports.insert().values(row | newer | {"id": "p1", "code": "P1P1P"}))
    change(place.engine, reports.insert().values(row | {"id": "p2", "code": "P2P2P", "opened_at": now}))
    shown: list[str] = []
    for page in range(3):
        shown += re.findall(r'id="caso-(\w+)"', browser.open("/consola/", query_string={"pagina": str(page)}).text)
    assert shown == ["P1P1P", urgent, "P2P2P", *(f"C{n:04d}" for n in range(90))]


def test_a_case_comes_again_only_when_it_changed(place: Console, browser: Browser, code: str) -> None:
    address = f"/consola/casos/{code}"
    mark = place.mark(browser.open(address).text)
    assert browser.open(f"{address}/vivo", query_string={"marca": mark}).status_code == 204
    looks = len(acts(place))
    browser.send(f"{address}/atender", page="/consola/cuenta")
    assert "a su cargo" in browser.open(f"{address}/vivo", query_string={"marca": mark}).text
    assert len(acts(place)) > looks


def test_times_are_coarse() -> None:
    profile = load("osc")
    moment = utcnow().replace(hour=18, minute=44, second=31)
    assert local(moment, profile).minute == 30
    for minutes, said in ((3, "menos de 15 min"), (44, "30 min"), (200, "3 h"), (3000, "2 días")):
        assert waited(moment - timedelta(minutes=minutes), moment) == said


# One's own cases as a file


def test_the_file_has_ones_own_cases_and_nothing_that_was_said(place: Console, browser: Browser, code: str) -> None:
    other = place.report("me cobran piso en iztapalapa")
    browser.send(f"/consola/casos/{code}/atender", page=f"/consola/casos/{code}")
    answer = browser.open("/consola/mis-casos.csv")
    assert answer.mimetype == "text/csv"
    heading, *lines = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert heading[0] == "caso" and [line[0] for line in lines] == [code]
    assert other not in answer.text and "extorsionando" not in answer.text
    assert lines[0][5].endswith((":00", ":15", ":30", ":45"))
    assert rows(place.engine, select(audit.c.act))[-1]["act"] == "cases.export"


def test_a_name_in_the_profile_is_no_formula_either(
    place: Console, browser: Browser, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.send(f"/consola/casos/{code}/atender", page=f"/consola/casos/{code}")
    monkeypatch.setattr("hotline.console.wording.Phrases.place", lambda *_: "=HYPERLINK(A1)")
    assert "'=HYPERLINK(A1)" in browser.open("/consola/mis-casos.csv").text


@pytest.mark.parametrize("cell", ["=1+1", "+52", "-1", "@SUM(A1)", "\tx", "\rx", "＝1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless("Extorsión") == "Extorsión"
