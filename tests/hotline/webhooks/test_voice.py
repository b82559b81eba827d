"""Calls, step by step: what is said, what is kept, and that no address carries more than a position."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from furniture import CALLER, change, count_of, rows, sid
from posting import Carrier, said
from sqlalchemy import select, update
from walking import Caller

from hotline.dialogue.prompts import LONGEST_SECONDS, seconds
from hotline.store.engine import utcnow
from hotline.store.schema import conversations, messages


@pytest.fixture
def call() -> str:
    return sid("CA")


@pytest.fixture
def caller(carrier: Carrier) -> Caller:
    return Caller(carrier)


def test_a_whole_call(carrier: Carrier, caller: Caller) -> None:
    caller.dials().hears("no verá su número").presses("1").hears("Cobro de piso, 2").presses("2")
    caller.presses("09#").hears("Iztapalapa").says("me vendieron un coche").hears("Algo más").stays_silent()
    clave = carrier.vault.clave(carrier.vault.report_id(caller.call))
    assert caller.clave == clave and caller.heard.count(", ".join(clave[:3])) == 2
    caller.presses("9").hears(", ".join(clave[:3])).stays_silent().hears("Cuídese")
    assert caller.ended
    kept = carrier.kept()
    mine = {"call": caller.call, "from": CALLER}
    assert {id.removeprefix(f"{caller.call}:"): contents for id, contents in kept.items()} == {
        "kind": {**mine, "step": "kind", "kind": "cobro_de_piso"},
        "place": {**mine, "step": "place", "area": "09007", "state": "09"},
        "story:1": {**mine, "step": "story:1", "body": "me vendieron un coche"},
        "end": {**mine, "step": "end", "end": True},
    }
    assert {row["report_id"] for row in rows(carrier.engine, select(messages))} == {
        carrier.vault.report_id(caller.call)
    }
    assert all(row["ready_at"] <= utcnow() for row in rows(carrier.engine, select(messages)))


@pytest.mark.parametrize("pressed", ["", "1", "13", "15"])
def test_who_just_speaks_is_heard_wherever_they_stand(carrier: Carrier, caller: Caller, pressed: str) -> None:
    caller.dials()
    for key in pressed:
        caller.presses(key)
    if not pressed:
        caller.stays_silent(3).hears("No hace falta marcar")
    caller.says("se llevaron a mi hijo en tlahuac esta manana").hears("¿Algo más?").stays_silent()
    assert len(caller.clave) == 10
    [words] = [contents["body"] for contents in carrier.kept().values() if "body" in contents]
    assert words == "se llevaron a mi hijo en tlahuac esta manana"


def test_changing_ones_mind_keeps_what_was_chosen_last(carrier: Carrier, caller: Caller) -> None:
    caller.dials().presses("1").presses("1").hears("alcaldía").presses("*").presses("3").presses("06")
    caller.presses("*").hears("alcaldía").presses("09").hears("Iztapalapa")
    kept = list(carrier.kept().values())
    assert [contents["kind"] for contents in kept if "kind" in contents] == ["secuestro"]
    assert [contents["area"] for contents in kept if "area" in contents] == ["09007"]


def test_no_address_carries_more_than_a_position(caller: Caller) -> None:
    caller.dials().presses("1").presses("5").presses("1").presses("09").says("soy Lupita").stays_silent()
    seen = [path.partition("?")[2] for path in caller.visited]
    assert len(seen) == 7
    for query in seen:
        assert re.fullmatch(r"(?:(?:at=[a-z]+(?:\.\d)?|(?:tries|round|told|step)=\d+)(?:&|$))*", query), query
        assert "fraude" not in query and "Lupita" not in query and "09" not in query


def test_the_other_language_by_key(caller: Caller) -> None:
    caller.dials().hears("For English, press 8").presses("8").hears("Citizen Security", "To report, press 1")
    assert {verb["language"] for verb in caller.asked.children} == {"en-US", "es-MX"}
    caller.presses("1").presses("3").hears("borough")
    assert caller.asked["language"] == "en-US"
    caller.presses("09").says("they took my son").stays_silent().hears("Your code is")


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_path_of_the_menus_from_outside(carrier: Carrier, language: str) -> None:
    """Walked by keys alone as the documents offer them: an answer everywhere, and none longer than 25 seconds."""
    offered = re.compile(r"(?:marque|press|,) (\d)\.")
    waiting: list[str] = ["8" if language == "en" else ""]
    leaves = 0
    while waiting:
        path = waiting.pop()
        caller = Caller(carrier).dials()
        for key in path:
            caller.presses(key)
        assert sum(seconds(each) for each in caller.said_in_all[-1:]) <= LONGEST_SECONDS, path
        if caller.question == "menu":
            choices = [key for key in offered.findall(caller.heard) if key not in "0978"]
            assert choices, path
            waiting += [path + key for key in choices]
            continue
        leaves += 1
        assert len(path.removeprefix("8")) <= 4
        assert (
            not Caller(carrier, call=caller.call, verbs=caller.verbs).stays_silent().ended or caller.question == "leaf"
        )
        assert not Caller(carrier, call=caller.call, verbs=caller.verbs).presses("*").ended
    assert leaves >= 17


# A caller who hangs up after each of these has reported it.
@pytest.mark.parametrize(
    ("path", "form", "suffix", "contents", "grace"),
    [
        ("/voice/menu?at=kinds", {"Digits": "3"}, "kind", {"kind": "secuestro"}, 120),
        ("/voice/menu?at=kinds", {"SpeechResult": "me roban"}, "story:1", {"body": "me roban"}, 0),
        ("/voice/place", {"Digits": "72"}, "place", {"area": None, "state": "21"}, 120),
        ("/voice/place", {"SpeechResult": "Coyoacán"}, "place", {"area": "09003", "state": "09"}, 120),
        ("/voice/place", {"SpeechResult": "junto al puente"}, "story:1", {"body": "junto al puente"}, 0),
        ("/voice/story", {"SpeechResult": "me roban"}, "story:1", {"body": "me roban"}, 0),
        ("/voice/story?round=3&told=1", {"SpeechResult": "y más"}, "story:3", {"body": "y más"}, 0),
        (
            "/voice/story/partial?round=2",
            {"StableSpeechResult": "se", "UnstableSpeechResult": "lle"},
            "story:2:partial",
            {"body": "se lle"},
            20,
        ),
    ],
)  # fmt: skip
def test_what_a_step_keeps(
    carrier: Carrier, call: str, path: str, form: dict[str, str], suffix: str, contents: dict[str, object], grace: int
) -> None:
    answer = carrier.posts(path, {"CallSid": call, "From": CALLER, **form})
    assert answer.status_code in (200, 204)
    kept = carrier.kept()[f"{call}:{suffix}"]
    assert {name: kept[name] for name in contents} == contents and kept["from"] == CALLER
    [row] = rows(carrier.engine, select(messages))
    ready = row["ready_at"] - row["received_at"]
    assert ready == timedelta(seconds=grace) and row["channel"] == "voz"


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/voice", {}),
        ("/voice/menu?at=main", {"Digits": "1"}),
        ("/voice/menu?at=main&tries=2", {"Digits": "7"}),
        ("/voice/menu?at=main", {"Digits": "0"}),
        ("/voice/menu?at=advice", {"Digits": "1"}),
        ("/voice/place", {"Digits": "00000"}),
        ("/voice/place", {}),
        ("/voice/story", {}),
        ("/voice/story?tries=2", {}),
        ("/voice/locality?at=neighbours.1", {"SpeechResult": "Coyoacán"}),
        ("/voice/clave?at=main.2", {"Digits": "0123456789"}),
        ("/voice/story/partial?round=1", {"UnstableSpeechResult": ""}),
    ],
)
def test_what_brings_nothing_keeps_nothing(carrier: Carrier, call: str, path: str, form: dict[str, str]) -> None:
    assert carrier.posts(path, {"CallSid": call, "From": CALLER, **form}).status_code in (200, 204)
    assert count_of(carrier.engine, messages) == 0


def test_what_is_said_so_far_is_superseded_by_what_is_said_next(carrier: Carrier, call: str) -> None:
    for words in ("se", "se llevaron", "se llevaron a mi hijo"):
        form = {"CallSid": call, "From": CALLER, "UnstableSpeechResult": words}
        assert carrier.posts("/voice/story/partial?round=1", form).status_code == 204
    assert [contents["body"] for contents in carrier.kept().values()] == ["se llevaron a mi hijo"]


def test_a_step_asked_for_again_gets_the_same_answer_and_is_kept_once(carrier: Carrier, call: str) -> None:
    path = "/voice/story?round=2&told=1"
    first = carrier.steps(path, call)
    assert said(first) == said(carrier.steps(path, call)) and "clave" in said(first).lower()
    assert count_of(carrier.engine, messages) == 1


def test_whoever_keys_nothing_and_says_nothing_opens_nothing(carrier: Carrier, caller: Caller) -> None:
    caller.dials().presses("5").hears("no está aquí").presses("6").presses("7").hears("No hace falta marcar")
    caller.stays_silent(2).hears("No alcanzamos a oírle").stays_silent().hears("Hasta luego")
    assert caller.ended and count_of(carrier.engine, messages) == 0


@pytest.mark.parametrize(
    "query",
    [
        "tries=x&round=y&told=z&at=%00&lang=%E2%82%AC&report=x&bridge=%27",
        "",
        "tries=-1&round=0&told=1",
        "tries=99999999999&round=99999999999&at=nowhere.7",
    ],
)
def test_a_strange_position_breaks_nothing(carrier: Carrier, call: str, query: str) -> None:
    for step in ("menu", "place", "story", "leaf", "clave", "locality", "resume", "back", "person", "kept"):
        assert carrier.steps(f"/voice/{step}?{query}".rstrip("?"), call, Digits="1", SpeechResult="hola")


def test_a_hidden_caller_is_heard_and_told_the_clave(carrier: Carrier, call: str) -> None:
    end = carrier.steps("/voice/story?round=8&told=1", call, sender="anonymous", SpeechResult="me roban")
    assert ", ".join(carrier.vault.clave(carrier.vault.report_id(call))[:3]) in said(end)
    assert all(contents["from"] is None for contents in carrier.kept().values())


def test_a_call_goes_on_without_a_database(carrier: Carrier, call: str, tmp_path: Path) -> None:
    (tmp_path / "hotline.db").rename(tmp_path / "elsewhere.db")
    carrier.desk.engine.dispose()
    caller = Caller(carrier, call=call).dials().presses("1").presses("2").presses("09")
    caller.says("me vendieron un coche").stays_silent()
    assert caller.clave == carrier.vault.clave(carrier.vault.report_id(call))
    (tmp_path / "elsewhere.db").rename(tmp_path / "hotline.db")
    assert carrier.desk.intake.drain_spool() == 4
    assert {row["report_id"] for row in rows(carrier.engine, select(messages))} == {carrier.vault.report_id(call)}


@pytest.mark.parametrize("back_before_the_end", [True, False])
def test_what_was_spooled_of_a_call_that_ended_waits_for_nothing(
    carrier: Carrier, call: str, tmp_path: Path, back_before_the_end: bool
) -> None:
    """A key is kept back for the words that may follow; the end of the call says that none will."""
    (tmp_path / "hotline.db").rename(tmp_path / "elsewhere.db")
    carrier.desk.engine.dispose()
    carrier.steps("/voice/menu?at=kinds", call, Digits="2")
    if back_before_the_end:
        (tmp_path / "elsewhere.db").rename(tmp_path / "hotline.db")
    carrier.posts("/receipts/call", {"CallSid": call, "CallStatus": "completed"})
    if not back_before_the_end:
        (tmp_path / "elsewhere.db").rename(tmp_path / "hotline.db")
    assert carrier.desk.intake.drain_spool() == 1
    [kept] = rows(carrier.engine, select(messages))
    assert kept["ready_at"] <= utcnow()


def test_two_calls_of_one_phone_are_two_reports(carrier: Carrier) -> None:
    for _ in range(2):
        carrier.steps("/voice/menu?at=kinds", sid("CA"), Digits="2")
    assert len({row["report_id"] for row in rows(carrier.engine, select(messages))}) == 2


# A call dropped after each of its steps: what was keyed and said until then is kept, and waits for nothing.
@pytest.mark.parametrize("dropped_after", range(8))
def test_a_call_dropped_at_every_step(carrier: Carrier, caller: Caller, dropped_after: int) -> None:
    acts: list[Callable[[], Caller]] = [
        caller.dials,
        lambda: caller.presses("1"),
        lambda: caller.presses("3"),
        lambda: caller.presses("09"),
        lambda: caller.says("se llevaron a mi hijo"),
        lambda: caller.says("en una camioneta blanca"),
        caller.stays_silent,
        lambda: caller.presses("9"),
    ]
    for act in acts[: dropped_after + 1]:
        act()
    carrier.posts("/receipts/call", {"CallSid": caller.call, "CallStatus": "completed"})
    told: list[tuple[str, object]] = [("kind", "secuestro"), ("area", "09007"), ("body", "se llevaron a mi hijo")]
    told += [("body", "en una camioneta blanca"), ("end", True)]
    kept = [
        (name, contents[name])
        for contents in carrier.kept().values()
        for name in contents
        if (name, contents[name]) in told
    ]
    assert sorted(map(str, kept)) == sorted(map(str, told[: max(0, dropped_after - 1)]))
    assert all(row["ready_at"] <= utcnow() for row in rows(carrier.engine, select(messages)))


# A call that broke off


def broke_off(carrier: Carrier, *, keys: str = "12", words: str = "", place: str = "") -> Caller:
    """A call that ends without a word of farewell."""
    caller = Caller(carrier).dials()
    for key in keys:
        caller.presses(key)
    if place:
        caller.presses(place)
    if words:
        caller.says(words)
    return caller


@pytest.mark.parametrize(
    ("words", "place", "question", "hears"),
    [("", "", "place", "alcaldía"), ("", "09", "story", "Cuénteme"), ("me piden dinero", "09", "story", "¿Algo más?")],
)
def test_a_call_that_broke_off_goes_on_where_it_stopped(
    carrier: Carrier, words: str, place: str, question: str, hears: str
) -> None:
    first = broke_off(carrier, words=words, place=place)
    again = Caller(carrier).dials().hears("se cortó", "marque 1").does_not_hear("piden dinero", "piso")
    again.presses("1").hears(hears)
    assert again.question == question
    if question == "place":
        again.presses("#")
    again.says("y dijeron que vuelven el lunes").stays_silent()
    assert again.clave == carrier.vault.clave(carrier.vault.report_id(first.call))
    assert {row["report_id"] for row in rows(carrier.engine, select(messages))} == {carrier.vault.report_id(first.call)}


def test_something_new_is_a_report_of_its_own(carrier: Carrier) -> None:
    broke_off(carrier)
    again = Caller(carrier).dials().presses("2").hears("Para reportar").presses("1").presses("3")
    assert len({row["report_id"] for row in rows(carrier.engine, select(messages))}) == 2
    assert again.question == "place"


def test_who_was_heard_to_the_end_or_hides_or_calls_late_is_not_asked(carrier: Carrier) -> None:
    broke_off(carrier, words="me piden dinero", place="09").stays_silent()
    Caller(carrier).dials().hears("Para reportar, marque 1")
    broke_off(carrier)
    Caller(carrier, number="anonymous").dials().hears("Para reportar, marque 1")
    Caller(carrier, number="+525599990000").dials().hears("Para reportar, marque 1")
    late = utcnow() - timedelta(minutes=16)
    change(carrier.engine, update(conversations).values(last_at=late))
    Caller(carrier).dials().hears("Para reportar, marque 1")


def test_nobody_waits_for_a_database_that_is_away(carrier: Carrier, tmp_path: Path) -> None:
    broke_off(carrier)
    (tmp_path / "hotline.db").rename(tmp_path / "elsewhere.db")
    carrier.desk.engine.dispose()
    Caller(carrier).dials().hears("Para reportar, marque 1")
    (tmp_path / "elsewhere.db").rename(tmp_path / "hotline.db")


def test_who_chose_a_language_by_text_hears_it_on_the_phone(carrier: Carrier, caller: Caller, tmp_path: Path) -> None:
    caller.dials()
    spanish = caller.heard
    carrier.texts("idioma english")
    called = Caller(carrier).dials()
    assert called.heard != spanish
    called.presses("1")
    assert "lang=en" in called.visited[-1] or "lang=en" in called._action
    (tmp_path / "hotline.db").rename(tmp_path / "elsewhere.db")
    carrier.desk.engine.dispose()
    assert Caller(carrier).dials().heard == spanish, "nobody waits for a database that is away"
