"""A call as a table: where the caller stands and what they key or say, to what is asked next and what is kept."""

from __future__ import annotations

import pytest

from hotline.dialogue.calling import HELPS, ROUNDS, Position, Question, Script, Turn
from hotline.profile import Kind, load

OSC = load("osc")
SCRIPT = Script(OSC, "es")


def at(question: Question, tries: int = 0, round: int = 1, told: bool = False) -> Position:
    return Position(question, tries, round, told)


def says(*keys: str, **values: str) -> str:
    """The beginning that a turn's prompts must have, joined."""
    return " ".join(OSC.text(key, "es", **values) for key in keys)


END = at("none")


def test_the_welcome_tells_privacy_and_the_emergency_number_and_asks() -> None:
    turn = SCRIPT.welcome()
    assert turn.position == at("menu") and not turn.keeps
    assert " ".join(turn.prompts) == says("voice.welcome", "voice.menu")
    assert "911" in turn.prompts[0] and "número" in turn.prompts[0]


# Where, the key, then where; what is said first; whether it ends.
@pytest.mark.parametrize(
    ("position", "digits", "next_", "first"),
    [
        (at("menu"), "1", at("kind"), "voice.kind"),
        (at("menu", 2), "1", at("kind"), "voice.kind"),
        (at("menu"), "9", at("menu", 1), "voice.wrong_key"),
        (at("menu"), "*", at("menu", 1), "voice.wrong_key"),
        (at("menu"), "11", at("menu", 1), "voice.wrong_key"),
        (at("menu"), "", at("menu", 1), "voice.no_key"),
        (at("menu", 1), "", at("menu", 2), "voice.no_key"),
        (at("menu", 2), "", END, "voice.goodbye"),
        (at("menu", 2), "9", END, "voice.goodbye"),
        (at("menu", 99), "", END, "voice.goodbye"),
    ],
)
def test_the_menu(position: Position, digits: str, next_: Position, first: str) -> None:
    turn = SCRIPT.after_menu(position, digits)
    assert turn.position == next_
    assert turn.prompts[0] == says(first)
    assert not turn.keeps and turn.kind is None


@pytest.mark.parametrize(("key", "kind"), [(kind.key, kind) for kind in OSC.kinds.values() if kind.key])
def test_every_kind_has_its_key_and_is_read_out_with_it(key: str, kind: Kind) -> None:
    asked = " ".join(SCRIPT.after_menu(at("menu"), "1").prompts)
    assert says("voice.kind_option", kind=kind.names["es"], digit=key) in asked
    turn = SCRIPT.after_kind(at("kind"), key)
    assert (turn.kind, turn.position, turn.keeps) == (kind.slug, at("place"), True)


@pytest.mark.parametrize(
    ("position", "digits", "next_", "first"),
    [
        (at("kind"), "0", at("kind", 1), "voice.wrong_key"),
        (at("kind"), "#", at("kind", 1), "voice.wrong_key"),
        (at("kind"), "", at("kind", 1), "voice.no_key"),
        (at("kind", 1), "0", at("kind", 2), "voice.wrong_key"),
        (at("kind", 2), "0", END, "voice.goodbye"),
    ],
)
def test_a_wrong_kind_is_helped_twice(position: Position, digits: str, next_: Position, first: str) -> None:
    turn = SCRIPT.after_kind(position, digits)
    assert (turn.position, turn.prompts[0], turn.keeps) == (next_, says(first), False)


# digits, then where; the place kept; what is said first
@pytest.mark.parametrize(
    ("position", "digits", "next_", "place", "said"),
    [
        (at("place"), "09", at("story"), ("09007", "09"), says("voice.place_noted", place="Iztapalapa")),
        (at("place"), "09800", at("story"), ("09007", "09"), says("voice.place_noted", place="Iztapalapa")),
        (at("place"), "72", at("story"), (None, "21"), says("voice.place_noted", place="Puebla")),
        (at("place"), "", at("story"), (None, None), says("voice.place_skipped")),
        (at("place"), "#", at("story"), (None, None), says("voice.place_skipped")),
        (at("place"), "*", at("story"), (None, None), says("voice.place_skipped")),
        (at("place"), "**", at("story"), (None, None), says("voice.place_skipped")),
        (at("place"), "0", at("place", 1), (None, None), says("voice.place_unknown")),
        (at("place"), "00000", at("place", 1), (None, None), says("voice.place_unknown")),
        (at("place", 1), "00", at("place", 2), (None, None), says("voice.place_unknown")),
        (at("place", 2), "00", at("story"), (None, None), says("voice.place_skipped")),
        (at("place", 2), "09", at("story"), ("09007", "09"), says("voice.place_noted", place="Iztapalapa")),
    ],
)
def test_the_place(
    position: Position, digits: str, next_: Position, place: tuple[str | None, str | None], said: str
) -> None:
    turn = SCRIPT.after_place(position, digits)
    assert (turn.position, (turn.area, turn.state), turn.prompts[0]) == (next_, place, said)
    assert turn.keeps is (place != (None, None))
    assert turn.prompts[-1] == says("voice.story" if next_.question == "story" else "voice.place")


# where, whether words came, keys, then where; what is said; whether the clave is told
@pytest.mark.parametrize(
    ("position", "words", "digits", "next_", "said", "clave"),
    [
        (at("story"), True, "", at("story", 0, 2, True), says("voice.story_more"), False),
        (at("story", 2), True, "", at("story", 0, 2, True), says("voice.story_more"), False),
        (at("story", 0, 2, True), True, "", at("story", 0, 3, True), says("voice.story_more"), False),
        (at("story", 0, 2, True), False, "", END, "", True),
        (at("story", 0, 2, True), False, "#", END, "", True),
        (at("story"), True, "#", END, "", True),
        (at("story", 0, ROUNDS, True), True, "", END, "", True),
        (at("story"), False, "", at("story", 1), says("voice.story_unheard", "voice.story"), False),
        (at("story"), False, "#", at("story", 1), says("voice.story_unheard", "voice.story"), False),
        (at("story", 1), False, "", at("story", 2), says("voice.story_unheard", "voice.story"), False),
        (at("story", 2), False, "", END, says("voice.goodbye"), False),
    ],
)
def test_the_story(position: Position, words: bool, digits: str, next_: Position, said: str, clave: bool) -> None:
    turn = SCRIPT.after_story(position, words=words, digits=digits)
    assert (turn.position, " ".join(turn.prompts), turn.tells_clave) == (next_, said, clave)
    assert turn.keeps is (words or turn.position == END)


def test_the_clave_is_told_twice_digit_by_digit() -> None:
    told = SCRIPT.telling_clave("0123456789")
    assert [each.count("0, 1, 2. 3, 4, 5. 6, 7, 8, 9") for each in told] == [1, 1, 0]


def test_nobody_is_kept_for_ever() -> None:
    """Whatever is keyed or said over and over, the call comes to its end."""
    for digits, words in (("", False), ("0", False), ("#", False), ("1", True), ("1", False), ("9", True)):
        turn = SCRIPT.welcome()
        for _ in range(4 * (HELPS + 1) + ROUNDS):
            if turn.position.question == "none":
                break
            turn = _go_on(turn, digits, words)
        assert turn.position.question == "none", (digits, words)


def _go_on(turn: Turn, digits: str, words: bool) -> Turn:
    position = turn.position
    if position.question == "menu":
        return SCRIPT.after_menu(position, digits)
    if position.question == "kind":
        return SCRIPT.after_kind(position, digits)
    if position.question == "place":
        return SCRIPT.after_place(position, digits)
    return SCRIPT.after_story(position, words=words, digits="" if words else digits)
