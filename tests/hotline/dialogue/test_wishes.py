"""What whoever reports wishes for the report itself, and what only sounds like it."""

from __future__ import annotations

import pytest

from hotline.dialogue.wishes import NONE, Wishes, only_thanks, wishes
from hotline.profile import load

OSC = load("osc")


@pytest.mark.parametrize(
    ("words", "wished"),
    [
        ("no me llamen ni me contesten que me revisan el celular", Wishes(no_calls=True, no_texts=True)),
        ("no me escriban ni me marquen por favor", Wishes(no_calls=True, no_texts=True)),
        ("por favor no contesten", Wishes(no_texts=True)),
        ("no me marquen", Wishes(no_calls=True)),
        ("me llamaron del 55 4433 2211 y no conteste, es fraude", NONE),
        ("no llame al 911 por miedo", NONE),
        ("no marque a nadie porque me amenazan", NONE),
        ("mi papa no contesta ni me marca", NONE),
    ],
)
def test_a_wish_is_for_the_hotline_and_no_deed_of_the_teller(words: str, wished: Wishes) -> None:
    assert wishes(words, OSC) == wished


@pytest.mark.parametrize(
    ("words", "thanks"),
    [
        ("muchas gracias", True),
        ("ok grax", True),
        ("Gracias, muy amables. Saludos", True),
        ("gracias pero siguen llamando", False),
        ("por favor", False),
        ("ya volvieron gracias", False),
        ("", False),
    ],
)
def test_mere_thanks_tell_nothing(words: str, thanks: bool) -> None:
    assert only_thanks(words, OSC) is thanks
