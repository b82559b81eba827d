"""One sound for the spellings of hurried hands, and one forgiven slip in long words."""

from __future__ import annotations

import pytest

from hotline.language.slips import Slips
from hotline.language.sounds import sounds, sounds_of


@pytest.mark.parametrize(
    "spellings",
    [
        "quieren kieren qieren",
        "hace ase aze ace",
        "llaman yaman llamam",
        "vivo bibo vibo",
        "iztapalapa istapalapa ixtapalapa izztapalapa",
        "xochimilco sochimilko zochimilco shochimilco",
        "accidente acidente aksidente",
        "general jeneral",
        "invadir imbadir",
        "hijo ijo",
        "corregidora coregidora",
        "tlalpan tlalpam",
    ],
)
def test_spellings_that_sound_alike_are_equal(spellings: str) -> None:
    assert len({sounds(word) for word in spellings.split()}) == 1


@pytest.mark.parametrize("pair", ["casa cama", "mama mala", "gato pato", "guerra jarra", "chico quico", "coche coque"])
def test_words_that_sound_different_stay_different(pair: str) -> None:
    assert len({sounds(word) for word in pair.split()}) == 2


@pytest.mark.parametrize("text", ["voy x mi h a las 6 h", "", "x", "h", "a  b", "hh x hh"])
def test_as_many_words_come_out_as_went_in(text: str) -> None:
    assert len(sounds(text).split(" ")) == len(text.split(" "))


def test_a_lone_x_is_por_and_an_x_in_a_word_is_not() -> None:
    assert sounds("paso x ti taxi") == "paso por ti tasi"


def test_many_words_at_once_sound_as_they_do_alone() -> None:
    words = ["quiero", "llave", "jueves", "m", "y", "hoy"]
    assert sounds_of(words) == {word: sounds(word) for word in words}
    assert sounds_of([]) == {}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("istapalpa", "istapalapa"),  # one missing
        ("istapalapas", "istapalapa"),  # one too many
        ("ixtapalapa", "istapalapa"),  # one wrong
        ("itsapalapa", "istapalapa"),  # two swapped
        ("istapalapa", "istapalapa"),
        ("istaplapo", "istaplapo"),  # two slips
        ("encerrada", "encerrada"),
        ("modelos", "modelos"),  # spared although it is near to one
        ("tlapan", "tlalpan"),
        ("gam", "gam"),
        ("a" * 5000, "a" * 5000),
        ("", ""),
    ],
)
def test_one_slip_is_forgiven_and_no_more(written: str, meant: str) -> None:
    slips = Slips(["istapalapa", "tlalpan", "morelos", "ga"], spared=["modelos"])
    assert slips.meant(written) == meant
