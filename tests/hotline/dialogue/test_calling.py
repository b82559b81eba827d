"""A call as a table: where the caller stands and what they key or say, to what is asked next and what is kept."""

from __future__ import annotations

import re
import string
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.dialogue.calling import Script
from hotline.dialogue.positions import HELPS, QUESTIONS, ROUNDS, STEPS, Heard, Place, Position, Question, Turn
from hotline.dialogue.prompts import LONGEST_SECONDS, LONGEST_WELCOME_SECONDS, seconds
from hotline.profile import load
from hotline.profile.menu import MOST_OPTIONS

OSC = load("osc")
SCRIPT = Script(OSC)
SCRIPTS = [Script(OSC, language) for language in OSC.languages]
MENUS = OSC.menu.menus
NOBODY = "c" * 32


def at(question: Question, where: str = "", tries: int = 0, round: int = 1, told: bool = False) -> Position:
    return Position(question, where, tries, round, told)


def keys(digits: str) -> Heard:
    return Heard(digits)


def words(said: str) -> Heard:
    return Heard(words=said)


def text(key: str, **values: str) -> str:
    return OSC.text(f"voice.{key}", "es", **values)


def said(turn: Turn) -> str:
    return " ".join(prompt.text for prompt in turn.prompts)


def asked(turn: Turn) -> tuple[str, str]:
    return turn.position.question, turn.position.at


def test_the_welcome_tells_privacy_and_the_emergency_number_and_asks() -> None:
    turn = SCRIPT.welcome()
    assert asked(turn) == ("menu", "main")
    assert "911" in turn.prompts[0].text and "no verá su número" in turn.prompts[0].text
    assert "Para reportar, marque 1" in said(turn) and "For English, press 8" in said(turn)


@pytest.mark.parametrize("script", SCRIPTS, ids=OSC.languages)
def test_the_welcome_is_over_in_twenty_seconds(script: Script) -> None:
    assert sum(seconds(prompt.text) for prompt in script.welcome().prompts) <= LONGEST_WELCOME_SECONDS


# Where, what is heard, then where, at what; and words of the first prompt.
@pytest.mark.parametrize(
    ("position", "heard", "then", "first"),
    [
        (at("menu", "main"), keys("1"), ("menu", "kinds"), "Cuéntenos ya"),
        (at("menu", "main", 2), keys("1"), ("menu", "kinds"), "Cuéntenos ya"),
        (at("menu", "main"), keys("2"), ("clave", "main.2"), "diez números"),
        (at("menu", "main"), keys("3"), ("menu", "advice"), "Si le piden dinero"),
        (at("menu", "main"), keys("4"), ("menu", "neighbours"), "jornadas"),
        (at("menu", "main"), keys("8"), ("menu", "main"), "Citizen Security"),
        (at("menu", "main"), keys("5"), ("menu", "main"), text("wrong_key")),
        (at("menu", "main"), keys("11"), ("menu", "main"), text("wrong_key")),
        (at("menu", "main"), keys(""), ("menu", "main"), text("no_key")),
        (at("menu", "main"), keys("9"), ("menu", "main"), "Para reportar"),
        (at("menu", "main"), keys("*"), ("menu", "main"), "Para reportar"),
        (at("menu", "main", 2), keys(""), ("story", "main"), text("just_speak")),
        (at("menu", "main", 2), keys("7"), ("story", "main"), text("just_speak")),
        (at("menu", "nowhere"), keys("1"), ("menu", "kinds"), "Cuéntenos ya"),
        (at("menu", "kinds"), keys("5"), ("menu", "other"), "Fraude"),
        (at("menu", "kinds"), keys("*"), ("menu", "main"), "Para reportar"),
        (at("menu", "other"), keys("*"), ("menu", "kinds"), "Cuéntenos ya"),
        (at("menu", "kinds", 2), keys(""), ("story", "kinds"), text("just_speak")),
        (at("menu", "advice"), keys("2"), ("leaf", "advice.2"), "Mantenga la calma"),
        (at("menu", "advice", 2), keys(""), ("end", ""), text("goodbye")),
        (at("leaf", "advice.2"), keys("9"), ("leaf", "advice.2"), "Mantenga la calma"),
        (at("leaf", "advice.2"), keys("*"), ("menu", "advice"), "Si le piden dinero"),
        (at("leaf", "advice.2"), keys("4"), ("leaf", "advice.2"), text("wrong_key")),
        (at("leaf", "advice.2"), keys(""), ("end", ""), text("goodbye")),
        (at("place", "kinds"), keys("*"), ("menu", "kinds"), "Cuéntenos ya"),
        (at("story", "kinds"), keys("*"), ("place", "kinds"), text("place")),
        (at("story", "kinds"), keys("9"), ("story", "kinds"), text("story")),
        (at("story", "kinds", told=True), keys("9"), ("story", "kinds"), text("story_more")),
        (at("clave", "main.2"), keys("9"), ("clave", "main.2"), text("clave_asked")),
        (at("back"), keys("1"), ("menu", "main"), "Observatorio"),
        (at("back"), keys("0"), ("back", ""), text("calling_back")),
        (at("back", "", 2), keys(""), ("end", ""), text("goodbye")),
    ],
)
def test_where_a_key_leads(position: Position, heard: Heard, then: tuple[str, str], first: str) -> None:
    turn = SCRIPT.step(position, heard)
    assert asked(turn) == then
    assert first in turn.prompts[0].text
    assert turn.kind is None and turn.place is None and not turn.keeps_words


@pytest.mark.parametrize("question", [q for q in QUESTIONS if q not in ("back", "end", "person")])
def test_0_asks_for_a_person_everywhere(question: Question) -> None:
    turn = SCRIPT.step(at(question, "kinds", told=True, round=3), keys("0"))
    assert turn.asks == "person" and turn.position.told and turn.position.round == 3
    waiting = SCRIPT.step(SCRIPT.connecting(turn.position, NOBODY).position, keys("0"))
    assert waiting.asks == "" and waiting.position.bridge == NOBODY, "one is being called already"
    instead = SCRIPT.nobody(turn.position)
    assert instead.position.question == "story" and "se leerá pronto" in instead.prompts[0].text


def test_every_kind_but_other_has_a_key() -> None:
    picked = {option.kind for menu in MENUS.values() for option in menu.options if option.does == "report"}
    assert picked == set(OSC.kinds) - {"otro"}


@pytest.mark.parametrize(
    ("menu", "key", "kind"),
    [(menu.name, option.key, option.kind) for menu in MENUS.values() for option in menu.options if option.kind],
)
def test_a_kind_is_kept_and_the_place_asked_for(menu: str, key: str, kind: str) -> None:
    turn = SCRIPT.step(at("menu", menu), keys(key))
    assert (turn.kind, asked(turn), said(turn)) == (kind, ("place", menu), text("place"))


# heard, then which question; the place kept; whether words are kept; what is said first
@pytest.mark.parametrize(
    ("tries", "heard", "then", "place", "kept", "first"),
    [
        (0, keys("09"), "story", ("09007", "09"), False, text("place_noted", place="Iztapalapa")),
        (0, keys("09800"), "story", ("09007", "09"), False, text("place_noted", place="Iztapalapa")),
        (0, keys("72"), "story", (None, "21"), False, text("place_noted", place="Puebla")),
        (0, keys("4*09"), "story", ("09007", "09"), False, text("place_noted", place="Iztapalapa")),
        (0, keys("12*"), "place", None, False, text("place")),
        (0, keys(""), "story", None, False, text("place_skipped")),
        (0, keys("#"), "story", None, False, text("place_skipped")),
        (0, keys("00000"), "place", None, False, text("place_unknown")),
        (2, keys("00"), "story", None, False, text("place_skipped")),
        (2, keys("09"), "story", ("09007", "09"), False, text("place_noted", place="Iztapalapa")),
        (0, words("en iztapalapa"), "story", ("09007", "09"), False, text("place_noted", place="Iztapalapa")),
        (0, words("pues por la tienda"), "story", None, True, text("story_more")),
        (
            0,
            words("se llevaron a mi hijo en iztapalapa hace rato"),
            "story",
            None,
            True,
            text("story_more"),
        ),
    ],
)
def test_the_place(
    tries: int, heard: Heard, then: str, place: tuple[str | None, str | None] | None, kept: bool, first: str
) -> None:
    turn = SCRIPT.step(at("place", "kinds", tries), heard)
    assert (turn.position.question, turn.keeps_words, turn.prompts[0].text) == (then, kept, first)
    assert turn.place == (Place(*place) if place else None)
    assert turn.position.told is kept


def test_who_tells_their_story_to_a_menu_has_reported_it() -> None:
    turn = SCRIPT.step(at("menu", "kinds"), words("me estan extorsionando"))
    assert turn.keeps_words and turn.position == replace(at("place", "kinds", round=2, told=True), step=1)
    turn = SCRIPT.step(at("menu", "kinds"), words("me estan extorsionando en iztapalapa desde ayer"))
    assert turn.keeps_words and turn.place is None and turn.position.question == "story"


# tries, round, told; words, keys; then which question, what is said, whether the clave is told
@pytest.mark.parametrize(
    ("position", "heard", "then", "first", "clave"),
    [
        (at("story"), words("x"), "story", text("story_more"), False),
        (at("story", "", 2), words("x"), "story", text("story_more"), False),
        (at("story", "", 0, 2, True), words("x"), "story", text("story_more"), False),
        (at("story", "", 0, 2, True), keys(""), "kept", "", True),
        (at("story", "", 0, 2, True), keys("#"), "kept", "", True),
        (at("story", "", 0, ROUNDS, True), words("x"), "kept", "", True),
        (at("story"), keys(""), "story", text("story_unheard"), False),
        (at("story"), keys("#"), "story", text("story"), False),
        (at("story", "", 1), keys("#"), "story", text("story_unheard"), False),
        (at("story", "", HELPS), keys(""), "end", text("goodbye"), False),
    ],
)
def test_the_story(position: Position, heard: Heard, then: str, first: str, clave: bool) -> None:
    turn = SCRIPT.step(position, heard)
    assert (turn.position.question, turn.tells_clave, turn.keeps_words) == (then, clave, bool(heard.words))
    assert said(turn).startswith(first)
    assert turn.ends is (then in ("kept", "end"))


def test_the_clave_is_told_twice_digit_by_digit_and_again_when_asked() -> None:
    told = [prompt.text for prompt in SCRIPT.telling_clave("0123456789")]
    assert [each.count("0, 1, 2. 3, 4, 5. 6, 7, 8, 9") for each in told] == [1, 1, 0]
    again = SCRIPT.step(at("kept"), keys("9"))
    assert again.tells_clave and again.position.question == "kept" and not again.keeps_words
    assert SCRIPT.step(at("kept"), keys("")).position.question == "end"


@pytest.mark.parametrize(
    ("heard", "asks", "digits", "first"),
    [
        (keys("1234567897"), "status", "1234567897", ""),
        (Heard("123", erased=True), "", "", text("clave_erased")),
        (keys("55*"), "", "", text("clave_erased")),
        (keys("1*1234567897"), "status", "1234567897", ""),
        (keys("123"), "", "", text("clave_short")),
        (keys(""), "", "", text("no_key")),
    ],
)
def test_keying_a_clave_forgives(heard: Heard, asks: str, digits: str, first: str) -> None:
    turn = SCRIPT.step(at("clave", "main.2"), heard)
    assert (turn.asks, turn.digits, turn.position.question) == (asks, digits, "clave")
    assert said(turn).startswith(first)


def test_five_wrong_claves_and_no_more() -> None:
    position = at("clave", "main.2")
    for _ in range(OSC.menu.claves_a_call):
        turn = SCRIPT.step(position, keys("0000000001"))
        assert turn.asks == "status"
        turn = SCRIPT.status(turn.position, "wrong")
        position = turn.position
        last = turn
    assert position.question == "leaf" and text("clave_locked") in said(last)


@pytest.mark.parametrize("found", ["received", "filed", "acknowledged", "closed", "away", "locked"])
@pytest.mark.parametrize("key", ["9", "#"])
def test_how_a_report_stands_is_said_again_without_the_clave(found: str, key: str) -> None:
    """# too: people end the ten digits with it, and it must not cut short what they asked for."""
    turn = SCRIPT.status(at("clave", "main.2"), found)
    assert asked(turn) == ("leaf", "main.2") and len(turn.prompts) == 2
    assert SCRIPT.step(turn.position, keys(key)).prompts == turn.prompts


def test_dates_and_alerts_are_said_again() -> None:
    signed = SCRIPT.alerts(at("locality", "neighbours.2"), "alerts_on", Place("09007", "09"))
    assert "Iztapalapa" in said(signed) and SCRIPT.step(signed.position, keys("9")).prompts == signed.prompts
    none = SCRIPT.dates(at("locality", "neighbours.1"), Place(None, "21"), [])
    again = SCRIPT.step(none.position, keys("9"))
    assert "Puebla" in said(none) and (again.asks, again.place) == ("jornadas", Place(None, "21"))


@pytest.mark.parametrize(
    "note", ["", "nothing", "clave.09007", "jornadas.99", "alerts_on", "jornada", "alerts_off.09007"]
)
def test_a_note_that_says_nothing_breaks_nothing(note: str) -> None:
    position = replace(at("leaf", "main.2"), note=note)
    assert said(SCRIPT.step(position, keys("9"))) == text("after")


def test_a_key_too_many_costs_nobody_their_clave_nor_their_story() -> None:
    assert SCRIPT.step(at("kept"), keys("#")).tells_clave
    late = SCRIPT.step(at("story", "kinds"), keys("#"))
    assert said(late) == text("story") and late.position.tries == 1


def test_no_advice_could_kill_where_a_kidnapping_may_be_real() -> None:
    """To hang up or not to pay is advised against deceiving calls only."""
    for menu in MENUS.values():
        for option in menu.options:
            for said_of in (option.text or {}).values():
                deadly = re.search(
                    r"no (le )?(pague|deposite)|do not pay|cuelgue|hang up|end the call", said_of.casefold()
                )
                assert not deadly or (menu.name, option.key) == ("advice", "3")


def test_a_call_that_broke_off_goes_on_where_it_stopped() -> None:
    asked_whether = SCRIPT.welcome_back("story", told=True, report=NOBODY)
    assert "Para seguir, marque 1" in said(asked_whether) and "reporte" not in said(asked_whether)
    on = SCRIPT.step(asked_whether.position, keys("1"))
    assert (on.position.question, on.position.told, on.position.report) == ("story", True, NOBODY)
    new = SCRIPT.step(asked_whether.position, keys("2"))
    assert (asked(new), new.position.report) == (("menu", "main"), "")


def test_who_picks_up_when_we_call_back_hears_nothing_of_a_report() -> None:
    turn = SCRIPT.calling_back()
    assert not any(word in said(turn).casefold() for word in ("report", "observatorio", "denuncia", "extors"))


# Properties

_HEARD = st.builds(
    Heard,
    digits=st.text("0123456789*#", max_size=12),
    words=st.sampled_from(["", "", "me roban", "iztapalapa", "se llevaron a mi hijo en tlalpan ayer"]),
    erased=st.booleans(),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(_HEARD, max_size=25), st.sampled_from(SCRIPTS))
def test_whatever_is_keyed_or_said_there_is_an_answer_to_it(inputs: list[Heard], script: Script) -> None:
    turn = script.welcome()
    for heard in inputs:
        if turn.position.question == "end":
            break
        turn = _settled(script, script.step(turn.position, heard))
        script = Script(OSC, turn.position.language)
        assert turn.prompts or turn.tells_clave
        assert sum(seconds(prompt.text) for prompt in turn.prompts) <= LONGEST_SECONDS
        assert Position.read(turn.position.question, turn.position.query()) == turn.position


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["at", "tries", "round", "told", "step", "lang", "report", "bridge", "note"]), st.text()
    )
)
def test_whatever_stands_in_an_address_is_a_position(query: dict[str, str]) -> None:
    for question in QUESTIONS:
        if question != "end":
            position = Position.read(question, query)
            script = Script(OSC, position.language)
            assert _settled(script, script.step(position, Heard("1"))).position.question in QUESTIONS


@pytest.mark.parametrize("heard", [keys(""), keys("5"), keys("#"), keys("9"), keys("*"), words("x"), keys("12345")])
def test_nobody_is_kept_for_ever(heard: Heard) -> None:
    """Whatever is keyed or said over and over, the call comes to its end."""
    turn = SCRIPT.welcome()
    for _ in range(STEPS + 1):
        if turn.position.question == "end":
            break
        turn = _settled(SCRIPT, SCRIPT.step(turn.position, heard))
    assert turn.position.question == "end"


def _settled(script: Script, turn: Turn) -> Turn:
    """The turn, with what the desk would find out when nothing can be had."""
    if turn.asks == "status":
        return script.status(turn.position, "wrong")
    if turn.asks in ("person", "waiting"):
        return script.nobody(turn.position)
    if turn.asks:
        return script.alerts(turn.position, "alerts_away")
    return turn


# Every path of the menus, walked


def _paths(script: Script) -> list[tuple[str, Turn]]:
    """Every way through the menus by keys: the keys, and the turn they lead to."""
    found: list[tuple[str, Turn]] = []
    waiting = [("", script.welcome())]
    while waiting:
        pressed, turn = waiting.pop()
        if turn.position.question != "menu":
            found.append((pressed, turn))
            continue
        for option in MENUS[turn.position.at].options:
            after = _settled(script, script.step(turn.position, keys(option.key)))
            waiting.append((pressed + option.key, after))
    return found


@pytest.mark.parametrize("script", SCRIPTS, ids=OSC.languages)
def test_every_leaf_is_within_four_keys_and_none_is_a_dead_end(script: Script) -> None:
    paths = _paths(script)
    options = [option for menu in MENUS.values() for option in menu.options]
    assert len(paths) == len([option for option in options if option.menu is None])
    for pressed, turn in paths:
        assert len(pressed) <= 4
        assert sum(seconds(prompt.text) for prompt in turn.prompts) <= LONGEST_SECONDS, pressed
        assert turn.position.question != "end", "a way on"
        for key in "90*":
            on = _settled(script, script.step(turn.position, keys(key)))
            assert on.position.question != "end" and (on.prompts or on.tells_clave), (pressed, key)


@pytest.mark.parametrize("script", SCRIPTS, ids=OSC.languages)
def test_no_menu_is_longer_than_people_remember(script: Script) -> None:
    for menu in MENUS.values():
        assert len(menu.options) <= MOST_OPTIONS
        prompts = script.again(at("menu", menu.name)).prompts
        assert sum(seconds(prompt.text) for prompt in prompts) <= LONGEST_WELCOME_SECONDS


@pytest.mark.parametrize("script", SCRIPTS, ids=OSC.languages)
def test_every_option_says_its_key(script: Script) -> None:
    for menu in MENUS.values():
        for option in menu.options:
            assert option.key in option.says[script.language]
            assert not set(option.says[script.language]) & set(string.digits) - {option.key}


def test_calls_made_by_machines_end() -> None:
    assert SCRIPT.step(replace(at("menu", "main"), step=STEPS), keys("1")).position.question == "end"
