"""Numbers left to be answered on, and numbers of the reporter's own people: whoever threatens uses neither."""

from __future__ import annotations

from workers.anonymise import roles, voices
from workers.anonymise.introductions import KIN
from workers.anonymise.model import Found
from workers.anonymise.reading import Reading
from workers.anonymise.wordlist import bag

_OFFERS = bag("dejo doy mando paso escribo")
_REPLY = bag("respuesta contestacion llamada noticias")


def somebody_elses(words: list[str], start: int, earlier: list[Found]) -> bool:
    """ "es su cel": of one of the reporter's own, when the last person named is not the suspect."""
    people = [find for find in earlier if find.type in ("NOMBRE", "ALIAS")]
    if people and people[-1].owner == "suspect":
        return False
    at = max(0, start - 40)
    kin = next((turn for turn in range(start - 1, at, -1) if words[turn] in KIN and words[turn - 1] in roles.MINE), -1)
    theirs = next((turn for turn in range(start - 1, max(at, start - 12), -1) if words[turn] in roles.SUSPECTS), -1)
    return kin > theirs


def introduced(reading: Reading, find: Found, earlier: list[Found]) -> bool:
    """ "soy Lupita Hernández del 55…": who says who he is, says where he can be reached."""
    if not earlier or earlier[-1].type != "NOMBRE" or earlier[-1].owner != "reporter":
        return False
    between = reading.words[earlier[-1].last : find.first]
    named = reading.words[max(0, earlier[-1].first - 2) : earlier[-1].first]
    return between in (["del"], ["desde", "el"], ["desde"], ["d", "el"], ["de", "el"]) and not {
        "soy",
        "llamo",
    }.isdisjoint(named)


def of_mine(words: list[str], first: int) -> bool:
    """ "teléfono de mi esposo a quien le cobran: 55…": nothing else is called so in between."""
    for index in range(first - 1, max(2, first - 10), -1):
        if words[index] in roles.THINGS or words[index] in voices.CONTACTING:
            return False
        if words[index] in KIN and words[index - 1] in ("mi", "mis") and words[index - 2] in ("de", "d"):
            return words[index - 3] in roles.THINGS or words[index - 3] in ("el", "al")
    return False


def given(words: list[str], find: Found) -> bool:
    """ "espero su respuesta en …", "le dejo mi correo … es …", "es su cel": where answers are waited for."""
    back = words[max(0, find.first - 16) : find.first]
    if any(word in _REPLY and "su" in back[max(0, turn - 2) : turn] for turn, word in enumerate(back)):
        return True
    for turn, word in enumerate(back[:-2]):
        if word in _OFFERS and back[turn - 1 : turn] in (["le"], ["les"], ["te"]) and back[turn + 1] in (
            "mi", "el", "este", "su", "un",
        ):  # fmt: skip
            return roles.SUSPECTS.isdisjoint(back[turn + 1 :]) and (voices.DEMANDING | voices.CONTACTING).isdisjoint(
                back[turn + 1 :]
            )
    return "mismo" in back[-13:] and "su" in back[-14:]
