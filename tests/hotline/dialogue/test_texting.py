"""The answer to a text, for every way a text can stand."""

from __future__ import annotations

from itertools import product

import pytest

from hotline.dialogue.intents import Understood
from hotline.dialogue.texting import Standing, answer, grouped, spelt
from hotline.language.gsm import segments, to_gsm7
from hotline.profile import load

OSC = load("osc")
CLAVE = "1234567890"
NOWHERE, SOMEWHERE, IN_A_STATE = (
    Understood("reporte"),
    Understood("reporte", "09007", "09"),
    Understood("reporte", None, "21"),
)


# fresh, the place was known, the text names one, silent, empty, with media; the text that answers
@pytest.mark.parametrize(
    ("fresh", "had_place", "understood", "empty", "media", "key"),
    [
        (True, False, NOWHERE, False, False, "sms.received_asking_place"),
        (True, False, SOMEWHERE, False, False, "sms.received"),
        (True, False, IN_A_STATE, False, False, "sms.received"),
        (True, False, NOWHERE, True, False, "sms.received_empty"),
        (True, False, NOWHERE, False, True, "sms.received_media"),
        (True, False, NOWHERE, True, True, "sms.received_media"),
        (True, False, SOMEWHERE, False, True, "sms.received_media"),
        (False, False, NOWHERE, False, False, "sms.added"),
        (False, True, NOWHERE, False, False, "sms.added"),
        (False, True, SOMEWHERE, False, False, "sms.added"),
        (False, False, SOMEWHERE, False, False, "sms.place_noted"),
        (False, False, IN_A_STATE, False, False, "sms.place_noted"),
        (False, False, NOWHERE, True, False, "sms.added"),
        (False, False, NOWHERE, False, True, "sms.added_media"),
        (False, False, SOMEWHERE, False, True, "sms.added_media"),
    ],
)
@pytest.mark.parametrize("language", OSC.languages)
def test_each_standing_has_its_answer(
    fresh: bool, had_place: bool, understood: Understood, empty: bool, media: bool, key: str, language: str
) -> None:
    standing = Standing(CLAVE, fresh, had_place, silent=False)
    said = answer(understood, standing, OSC, language, empty=empty, media=media)
    values: dict[str, str] = {}
    if fresh:
        values["clave"] = "123 456 7890"
    elif key == "sms.place_noted":
        values["place"] = OSC.place_name(understood.area, understood.state) or ""
    assert said == OSC.text(key, language, **values)


def test_silence_is_silence_however_it_stands() -> None:
    for fresh, had_place, empty, media in product((True, False), repeat=4):
        assert answer(SOMEWHERE, Standing(CLAVE, fresh, had_place, True), OSC, "es", empty=empty, media=media) is None


def test_every_answer_is_one_segment_and_names_neither_service_nor_crime() -> None:
    for language in OSC.languages:
        for fresh, had_place, empty, media in product((True, False), repeat=4):
            for understood in (NOWHERE, SOMEWHERE, IN_A_STATE, Understood("reporte", "09010", "09")):
                standing = Standing(CLAVE, fresh, had_place, silent=False)
                said = answer(understood, standing, OSC, language, empty=empty, media=media)
                assert said is not None and segments(to_gsm7(said)) == 1
                shown = said.casefold()
                assert not any(
                    word in shown for word in ("observatorio", "osc ", "denuncia", "reporte", "report", "crime")
                )
                assert fresh is ("123 456 7890" in said)


def test_a_clave_is_grouped_to_be_copied_and_spelt_to_be_written_down() -> None:
    assert grouped("0123456789") == "012 345 6789"
    assert spelt("0123456789") == "0, 1, 2. 3, 4, 5. 6, 7, 8, 9"
