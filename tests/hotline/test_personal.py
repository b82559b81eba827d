"""Personal data never show themselves."""

from __future__ import annotations

import json
import pickle
import traceback
from dataclasses import dataclass

import pytest

from hotline.personal import Personal, Phone, Words

SECRET = "+525512345678"


@pytest.mark.parametrize("kind", [Personal, Phone, Words])
def test_no_way_of_printing_shows_the_value(kind: type[Personal]) -> None:
    one = kind(SECRET)

    @dataclass
    class Holder:
        inside: Personal

    try:
        raise ValueError(one)
    except ValueError as error:
        told = traceback.format_exception(error)
    shown = [
        str(one),
        repr(one),
        f"{one}",
        f"{one!s:>40}",
        "%s" % one,  # noqa: UP031 - one more way
        repr([one]),
        repr({one: one}),
        repr(Holder(one)),
    ]
    assert SECRET not in "".join([*shown, *told])
    assert one.reveal() == SECRET


def test_comparing_works_on_the_value() -> None:
    assert Phone(SECRET) == Phone(SECRET) != Phone("+525512345679")
    assert Phone(SECRET) != SECRET
    assert {Phone(SECRET): 1}[Phone(SECRET)] == 1
    assert (len(Words("")), bool(Words("")), len(Words("ab")), bool(Words("ab"))) == (0, False, 2, True)


@pytest.mark.parametrize("dump", [pickle.dumps, json.dumps])
def test_it_cannot_slip_into_a_queue(dump: object) -> None:
    with pytest.raises(TypeError):
        dump(Phone(SECRET))  # type: ignore[operator]
