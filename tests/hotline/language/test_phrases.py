"""Phrases of the tables found in texts: words by sound, stems, lists, numbers, alternatives, gaps."""

from __future__ import annotations

import time

import pytest

from hotline.language.phrases import PhraseBook, PhraseError

LISTS = {"pariente": ["hijo", "mamá", "sobrin*"], "numero": ["dos", "veinte"]}
SHORT = {"q": "que", "toy": "estoy"}


def found(phrase: str, text: str) -> bool:
    book = PhraseBook([phrase], LISTS, SHORT)
    return any(True for _ in book.find(book.read(text)))


@pytest.mark.parametrize(
    ("phrase", "text", "there"),
    [
        ("quieren dinero", "kieren DINERO ya", True),
        ("quieren dinero", "quieren mi dinero", False),
        ("me amenaz*", "me amenasaron ayer", True),
        ("me amenaz*", "me aman", False),
        ("tienen a mi @pariente", "tienen a mi hijo", True),
        ("tienen a mi @pariente", "tienen a mi mama", True),
        ("tienen a mi @pariente", "tienen a mi sobrinita", True),
        ("tienen a mi @pariente", "tienen a mi jefe", False),
        ("piden # pesos", "piden 800 pesos", True),
        ("piden # pesos", "piden veinte pesos", True),
        ("piden # pesos", "piden muchos pesos", False),
        ("lo/la llevaron", "se la llebaron", True),
        ("lo/la llevaron", "se las llevaron", False),
        ("salio ... regresa", "salio ayer a comprar y no regresa", True),
        ("salio ... regresa", "salio y uno dos tres cuatro cinco regresa", False),
        ("salio ... regresa", "ya salio. mañana regresa", False),
        ("salio regresa", "ya salio. regresa", True),
        ("que estoy sola", "q toy sola", True),
        ("#", "vinieron 3", True),
    ],
)
def test_a_phrase_is_found_where_it_is_said(phrase: str, text: str, there: bool) -> None:
    assert found(phrase, text) is there


def test_a_match_names_the_phrase_and_its_words() -> None:
    book = PhraseBook(["no hay", "me van a matar"], {}, {})
    assert [tuple(match) for match in book.find(book.read("dice que me ban a matar"))] == [(1, 2, 6)]


def test_overlapping_phrases_are_all_found() -> None:
    book = PhraseBook(["la cuota", "cuota", "por la cuota"], {}, {})
    assert {match.phrase for match in book.find(book.read("vienen por la cuota"))} == {0, 1, 2}


@pytest.mark.parametrize(
    ("phrases", "lists", "reason", "place"),
    [
        (["bien", "mal!"], {}, "'mal!' is no word", (1, "")),
        (["ab*"], {}, "'ab*' is no word", (0, "")),
        (["mi @gente"], {"pariente": ["hijo"]}, "'@gente' is no list; known are pariente", (0, "")),
        (["... salio"], {}, "must begin and end with a word", (0, "")),
        (["salio ..."], {}, "must begin and end with a word", (0, "")),
        (["a//b"], {}, "'' is no word", (0, "")),
        ([], {"pariente": ["mi hijo"]}, "'mi hijo' is no word", (None, "pariente")),
        ([], {"pariente": ["h*"]}, "'h*' is no word", (None, "pariente")),
    ],
)
def test_a_phrase_that_means_nothing_is_refused_by_its_number(
    phrases: list[str], lists: dict[str, list[str]], reason: str, place: tuple[int | None, str]
) -> None:
    with pytest.raises(PhraseError) as refusal:
        PhraseBook(phrases or ["bien"], lists, {})
    assert reason in str(refusal.value)
    assert (refusal.value.phrase, refusal.value.list_name) == place


@pytest.mark.parametrize("piece", ["salio ", "salio iba ", "que regresa ", "x " * 5])
def test_time_grows_with_the_length_of_the_text_and_no_faster(piece: str) -> None:
    book = PhraseBook(["salio ... iba ... regresa", "salio ... salio ... salio ... regresa"], LISTS, SHORT)

    def seconds(count: int) -> float:
        start = time.process_time()
        list(book.find(book.read(piece * count)))
        return time.process_time() - start

    seconds(200)
    assert min(seconds(1600) for _ in range(3)) < 30 * max(min(seconds(200) for _ in range(3)), 0.001)
