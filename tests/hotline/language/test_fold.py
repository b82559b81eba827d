"""Folding: one plain spelling, and the way back to the original for every character of it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hotline.language.fold import fold, plain

STRANGE = [
    "ﬁ",
    "İstanbul",
    "ß",
    "½",
    "５５ １２３４",
    "e\u0301",
    "ñ",
    "\u0301",
    "…",
    "ǅ",
    "㎏",
    "💥",
    "\u200b",
    "ﷺ",
    "\x1c",
]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        ("IZTAPALAPA", "iztapalapa"),
        ("Álvaro Obregón, ¿qué pasó?", "alvaro obregon, ¿que paso?"),
        ("Peñón PINGÜINO", "penon pinguino"),
        ("５５ １２３４", "55 1234"),
        ("a\tb\nc\u00a0d\u2003e", "a b c d e"),
        ("ﬁn", "fin"),
        (unicodedata.normalize("NFD", "Peñón"), "penon"),
        ("ＤＥＰＯＳＩＴＥ", "deposite"),
    ],
)
def test_one_plain_spelling(text: str, folded: str) -> None:
    assert plain(text) == fold(text).text == folded


@pytest.mark.parametrize(
    ("text", "found", "original"),
    [
        ("vivo en Álvaro Obregón", "alvaro obregon", "Álvaro Obregón"),
        ("la oﬁcina 5", "oficina", "oﬁcina"),
        ("la oﬁcina 5", "fi", "ﬁ"),
        ("la oﬁcina 5", "i", "ﬁ"),
        ("💥💥 Peñón 💥", "penon", "Peñón"),
        ("tel ５５ １２３４ ya", "55 1234", "５５ １２３４"),
        ("PEÑÓN", "penon", "PEÑÓN"),
    ],
)
def test_what_is_found_in_the_folded_text_is_marked_in_the_original(text: str, found: str, original: str) -> None:
    folded = fold(text)
    at = folded.text.index(found)
    start, end = folded.span(at, at + len(found))
    assert text[start:end] == original


def test_an_empty_find_is_an_empty_place() -> None:
    for text in ("hola", "holá"):
        assert fold(text).span(2, 2) == (2, 2)
        assert fold(text).span(4, 4) == (4, 4)


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("".join(STRANGE)))))
@settings(max_examples=400, deadline=None)
@example("".join(STRANGE))
def test_every_folded_character_knows_where_it_came_from(text: str) -> None:
    folded = fold(text)
    origins = list(folded.origins)
    assert len(origins) == len(folded.text) + 1
    assert origins == sorted(origins) and origins[-1] == len(text)
    assert folded.text == plain(text)
    for index, character in enumerate(folded.text):
        start, end = folded.span(index, index + 1)
        assert 0 <= start < end <= len(text)
        assert character in plain(text[start:end])
    if folded.text:
        assert folded.span(0, len(folded.text))[1] <= len(text)


@given(st.text())
@settings(max_examples=300, deadline=None)
def test_folded_is_plain(text: str) -> None:
    folded = plain(text)
    assert not any(unicodedata.combining(c) for c in folded)
    assert not any(c.isspace() and c != " " for c in folded)
    assert folded == folded.lower()


@given(st.text(), st.text())
@settings(max_examples=200, deadline=None)
def test_parts_fold_as_the_whole(one: str, other: str) -> None:
    assert plain(one + other) == plain(one) + plain(other)
