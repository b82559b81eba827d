"""The words right before a number or a link: what it is called, whether it is "mine", "his" or where it came from."""

from __future__ import annotations

from dataclasses import dataclass

from workers.anonymise import roles
from workers.anonymise.introductions import KIN
from workers.anonymise.model import Found
from workers.anonymise.reading import Reading
from workers.anonymise.wordlist import bag

MONEY = frozenset({"CUENTA", "TARJETA", "CLABE"})
OURS = bag("my our mi mis nuestro nuestra nuestros nuestras")
WORDS = (
    bag("is the")
    | roles.THINGS
    | roles.ADJECTIVES
    | bag(
        "del de desde dsd d dl al a la el los las un una unos otro otra este esta ese esa es son era eran fue : "
        "= , # no numero siguiente siguientes estos esos aqui dos tres con por x terminacion privado mexicano "
        "extranjero desconocido saldazo spin nu mercadopago debito credito nomina visa stp azteca bancomer bbva "
        "segura nueva concentradora interbancaria banorte santander hsbc coppel oxxo bancaria numb msj y e en from "
        "via dato datos banco nombre q que "
        "donde ( - / mas luego despues tambien tmb ambos dice eh este mmm pues llama yama"
    )
)
_SOURCE = bag("del desde dsd dl from")
TARGET = bag("al a ala")
_SOME = bag("un numero num otro este ese")
_POINTING = bag("este ese estos esos otro siguiente siguientes aquel")
_COPULA = bag("is es son era eran fue : =")


@dataclass(slots=True)
class Phrase:
    """What the words right before the number call it. `start` is where that phrase begins."""

    start: int
    mine: bool = False
    his: bool = False
    source: bool = False
    target: bool = False
    noun: bool = False
    pointed: bool = False
    copula: bool = False
    money: bool = False
    theirs: bool = False
    some: bool = False
    person: Found | None = None


def before(reading: Reading, find: Found, earlier: list[Found]) -> Phrase:
    """The phrase that ends where `find` begins. A name inside it is skipped and kept; what stands behind "a mi …" or
    "del …" belongs to somebody else and ends it."""
    words = reading.words
    phrase = Phrase(find.first)
    if words[max(0, find.first - 2) : find.first] in (["d", "el"], ["de", "el"]):
        phrase.source = True
    index = find.first
    turn = len(earlier) - 1
    while index > 0 and find.first - index < 9:
        while turn >= 0 and earlier[turn].first >= index:
            turn -= 1
        if turn >= 0 and earlier[turn].last == index and earlier[turn].type in ("NOMBRE", "ALIAS"):
            person = earlier[turn]
            if phrase.copula and phrase.noun and words[index : index + 1] == [","]:
                break
            if not (phrase.source or phrase.target or phrase.pointed or phrase.some):
                phrase.person = person
                index = person.first
                phrase.start = index
                if index and words[index - 1] in KIN:
                    index -= 1
                continue
            break
        word = words[index - 1]
        if word in OURS:
            after = words[index] if index < len(words) else ""
            kin = after in KIN or after in ("ex", "otro", "otra")
            if after == "ex":
                break
            if (phrase.source and not phrase.noun) or (phrase.target and not phrase.noun and kin):
                break
            phrase.mine = True
            phrase.start = index - 1
            break
        if word in ("mio", "mia") and phrase.copula:
            phrase.mine = True
            phrase.start = index - 1
            break
        if word in roles.HIS:
            phrase.his = True
            phrase.start = index - 1
            break
        if word in KIN and index > 1 and (words[index - 2] in roles.MINE or words[index - 2] in ("la", "el")):
            if phrase.source or phrase.target or phrase.pointed:
                break
            phrase.mine = words[index - 2] in roles.MINE and index - 2 > 0
            phrase.start = index - 1
            break
        if word in ("ellos", "ellas", "esos") and index > 1 and words[index - 2] in ("de", "d"):
            phrase.theirs = True
        elif word not in WORDS and not (word.isdigit() and len(word) == 1 and phrase.noun):
            break
        if word in roles.THINGS:
            if (phrase.target or phrase.source) and not phrase.noun:
                break
            phrase.noun = True
        elif word in ("por", "x") and not phrase.noun and words[index : index + 1] == ["el"]:
            phrase.source = True
        elif word in _SOURCE or (word in ("de", "d") and _SOME.issuperset(words[index : find.first])):
            phrase.source = phrase.source or not phrase.noun or word in _SOURCE
        elif word in TARGET and not phrase.source:
            phrase.target = True
        elif word in _POINTING:
            phrase.pointed = True
        elif word in ("un", "1") and phrase.noun:
            phrase.some = True
        elif word in _COPULA:
            phrase.copula = True
        index -= 1
        phrase.start = index
    return phrase
