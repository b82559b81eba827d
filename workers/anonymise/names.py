"""Names of people: by the words before them, by the lists, and grown into the unknown words beside them.

A listed name that is no ordinary word needs no cue. Around a sure name its neighbours are taken in while they are
names, initials or words nobody knows.
"""

from __future__ import annotations

from collections.abc import Mapping

from workers.anonymise.growth import DESCRIBING, LIVE_WORDS, SHORTENED, grow, name_follows
from workers.anonymise.introductions import by_cue
from workers.anonymise.lexicon import COMMON, GIVEN, NAME, NAME_CUE, NICK, NUMERAL, SHORTEST_SLIP, SURNAME, WEAK
from workers.anonymise.model import Found
from workers.anonymise.reading import UNKNOWN, Reading
from workers.anonymise.shields import PLACE_BEFORE, ROADS, SHIELDED, shield_places
from workers.anonymise.wordlist import bag

_TELLING = NAME | NAME_CUE


def find_names(reading: Reading, leads: Mapping[str, list[tuple[int, tuple[str, ...]]]]) -> list[Found]:
    """NOMBRE spans, claimed at once; owners are set where the cue tells, else left for later.

    `leads` are the words that lead to the name of a place (`shields.leads`).
    """
    found: list[Found] = []
    if not reading.any_bits & (NAME | UNKNOWN) and not (reading.any_bits & NAME_CUE and _may_hold_odd_names(reading)):
        return found
    shield_places(reading, leads)
    telling = [turn for turn, bit in enumerate(reading.bits) if bit & _TELLING or not bit]
    for index in telling:
        if reading.bits[index] & NAME_CUE and not reading.claimed[index]:
            by_cue(reading, index, found)
    for index in telling:
        bits = reading.bits[index]
        if (bits & NAME or not bits) and not reading.claimed[index] and reading.words[index].isalpha():
            _by_list(reading, index, found)
    return found


def _may_hold_odd_names(reading: Reading) -> bool:
    """Whether a cue may introduce a name though every word is an ordinary one: by a capital inside the message,
    letter by letter, or shortened."""
    inside = reading.original[1:]
    return not inside.islower() or not SHORTENED.isdisjoint(reading.words) or [*map(len, reading.words)].count(1) > 3


def _by_list(reading: Reading, index: int, found: list[Found]) -> None:
    """A listed name without a cue; unknown and ordinary-name words right before a surname go with it."""
    if not reading.bits[index] and not _worth_guessing(reading, index):
        return
    bits = reading.known(index)
    if not bits & NAME or bits & SHIELDED:
        return
    words = reading.words
    before = reading.words[index - 1] if index and not reading.claimed[index - 1] else ""
    if (
        before in ("doctor", "dr", "general", "gral")
        and index > 1
        and reading.words[index - 2] in ("en", "con", "calle", "y")
    ):
        return
    if _at_place(reading, index, before):
        return
    if _crossing(reading, index, before):
        return
    if before in ("y", "con") and _second_street(reading, index):
        return
    if before in ("de", "d", "el") and index > 1 and _comes_from(reading, index):
        return
    if before in PLACE_BEFORE or (before in ("la", "los", "las") and not bits & (GIVEN | NICK)):
        return
    if (
        before in ("y", "con", "esq", "esquina")
        and index > 1
        and not reading.claimed[index - 2]
        and reading.words[index - 2] in ROADS
    ):
        return
    if (
        index > 1
        and before in ("la", "el", "los", "de", "del")
        and not reading.claimed[index - 2]
        and (reading.words[index - 2] in PLACE_BEFORE)
    ):
        return
    if bits & COMMON:
        if not (_topic(reading, index) or _pair(reading, index) or _capital_inside(reading, index)):
            return
    elif _slight(reading, index) and not (name_follows(reading, index + 1) or reading.capital(index)):
        return
    first = index
    while first > 0 and index - first < 2 and not reading.claimed[first - 1] and _precedes(reading, first - 1, index):
        first -= 1
    if first > 1 and words[first - 1] == "del" and not any(reading.claimed[max(0, first - 3) : first]):
        if words[first - 2] == "ma":
            first -= 2
        elif words[max(0, first - 3) : first - 1] == ["ma", "."]:
            first -= 3
    last = grow(reading, index + 1, first)
    if reading.free(first, last):
        reading.claim(first, last)
        found.append(Found(first, last, "NOMBRE", None, reading.phrase(first, last)))


def _worth_guessing(reading: Reading, index: int) -> bool:
    """Whether an unlisted word may turn out a name here. Alone and in lower case a name with a slip in it is none, but
    may be a street's."""
    words, following = reading.words, index + 1
    if reading.lexicon.names_heard(words[index]):
        return True
    if len(words[index]) < SHORTEST_SLIP:
        return False
    if reading.capital(index) or (index and words[index - 1] == "y"):
        return True
    if following == len(words):
        return False
    if words[following] in _LINKS:
        return True
    return words[following].isalpha() and not reading.claimed[following] and bool(reading.known(following) & NAME)


_LINKS = bag("y con casi esquina esq")


def _second_street(reading: Reading, index: int) -> bool:
    """ "esquina de bolívar con regina", "en bolívar y regina": one bare name on either side of the link."""
    words = reading.words
    if index < 3 or name_follows(reading, index + 1):
        return False
    back = words[max(0, index - 4) : index - 2]
    if back[-1] in _CORNERS or (back[-1] == "de" and back[0] in _CORNERS):
        return True
    street = bool(reading.bits[index - 2] & (SURNAME | SHIELDED)) and not reading.bits[index - 2] & GIVEN
    return back[-1] == "en" and street


def _comes_from(reading: Reading, index: int) -> bool:
    """ "soy de apodaca", "le hablo d cordova": one name behind is the town that was called after somebody."""
    words = reading.words
    named = words[index - 1] == "el" and index > 2 and words[index - 2] in ("de", "d")
    return words[index - 2 - named] in _FROM and not name_follows(reading, index + 1)


_FROM = bag(
    "soy zoy somos vengo venimos hablo ablo llamo yamo escribo marco radico originario originaria vecino vecina"
)
_CORNERS = bag("esquina esq cruce")


def _crossing(reading: Reading, index: int, before: str) -> bool:
    """ "en Lorenzo Boturini y Calle del Taller", "Rodolfo Gaona casi con …": streets called after people."""
    words, end = reading.words, index
    placed = index > 2 and words[index - 3] in ("en", "entre") and reading.capital(index - 2)
    if before == "y" and index > 1 and (placed or reading.bits[index - 2] & SHIELDED):
        at_crossing = True
    else:
        while end < len(words) and end - index < 4 and not reading.claimed[end] and reading.known(end) & NAME:
            end += 1
        after = words[end] if end < len(words) else ""
        family = any(reading.bits[i] & SURNAME for i in range(index + 1, end))
        at_crossing = after in ("casi", "esquina", "esq") or (
            after == "y" and before in ("en", "entre", "cruce") and (family or not reading.bits[index] & GIVEN)
        )
    if at_crossing:
        for i in range(index, max(end, index + 1)):
            reading.bits[i] |= SHIELDED
    return at_crossing


def _at_place(reading: Reading, index: int, before: str) -> bool:
    """ "en balderas", "en el rosario", "santa marta": one name alone behind "en" is a place called after somebody."""
    words = reading.words
    if words[index] in ("santa", "san", "sta"):
        return True
    if name_follows(reading, index + 1):
        return False
    inside = before == "en" or (before in ("el", "la") and index > 1 and words[index - 2] == "en")
    return inside or (before in ("los", "las") and index > 1)


_STATES = (
    ["no", "aparece"], ["no", "contesta"], ["no", "llega"], ["no", "llego"], ["no", "regresa"], ["no", "regreso"],
    ["esta", "golpeada"], ["esta", "golpeado"], ["esta", "herida"], ["esta", "herido"], ["esta", "desaparecida"],
    ["no", "ha"], ["me", "llamo"], ["es", "mi"], ["desaparecio", "ayer"],
)  # fmt: skip


_STATED = (["asi", "me", "llamo"], ["es", "mi", "nombre"], ["para", "servirle", "a"], [",", "asi", "me"])
_DID = bag(
    "perdio salio llego murio desaparecio dijo dice fue fueron tiene esta estaba iba vino viene trabaja vive vivia "
    "desperto cayo quedo recibio deposito pago perdio aventaron golpearon secuestraron amenazaron levantaron subieron "
    "apunalo golpeo grito escapo huyo regresa regreso volvio contesta"
)
_AFTER_SENDER = bag(", . : me nos les le soy somos vivo tengo quiero trabajo reporto denuncio aqui")


def _topic(reading: Reading, index: int) -> bool:
    """ "Esperanza no aparece": a given name that is a word too, at the head of what is said of a person."""
    opens = index == 0 or reading.words[index - 1] in ".!?;"
    if not opens or not reading.bits[index] & GIVEN:
        return False
    if reading.words[index + 1 : index + 3] in _STATES or reading.words[index + 1 : index + 4] in _STATED:
        return True
    following = reading.words[index + 1] if index + 1 < len(reading.words) else ""
    if reading.words[index] not in DESCRIBING and (reading.capital(index) or index == 0):
        if following in _DID:
            return True
        if following == "y" and index + 2 < len(reading.words) and reading.capital(index + 2):
            return bool(reading.known(index + 2) & GIVEN)
    sender = index == 0 and reading.words[2:3] and reading.words[2] in _AFTER_SENDER
    return bool(sender and reading.bits[1] & SURNAME)


def _slight(reading: Reading, index: int) -> bool:
    """A name too short, or too freely guessed, to stand without a capital or another name behind it."""
    word, bits = reading.words[index], reading.bits[index]
    guessed = word not in reading.lexicon.bits
    return (
        bool(bits & WEAK)
        or len(word) < 3
        or (len(word) < 4 and not bits & (GIVEN | NICK))
        or (guessed and len(word) < 5)
    )


def _capital_inside(reading: Reading, index: int) -> bool:
    """A given name with a capital where no sentence begins and nothing before it speaks of a place."""
    before = reading.words[index - 1] if index else "."
    return (
        bool(reading.bits[index] & (GIVEN | NICK))
        and before.isalpha()
        and before not in _NO_NAME_BEHIND
        and reading.capital(index)
        and not reading.capital(index - 1)
    )


_NO_NAME_BEHIND = bag("la el los las de del en al san santa avenida calle")


def _pair(reading: Reading, index: int) -> bool:
    """Two words beside each other that both are names and ordinary words: given then family name, not a colour."""
    following = index + 1
    if following >= len(reading.words) or reading.claimed[following] or not reading.bits[index] & (GIVEN | NICK):
        return False
    bits = reading.known(following)
    if reading.words[index] in LIVE_WORDS and not reading.capital(index):
        return False
    third = following + 1 < len(reading.words) and not reading.claimed[following + 1]
    if (
        third
        and bits & SURNAME
        and reading.known(following + 1) & SURNAME
        and reading.words[following] not in LIVE_WORDS
    ):
        return True
    if bits & NAME and not bits & COMMON and not bits & WEAK:
        return True
    return bool(bits & SURNAME) and reading.capital(index) and reading.capital(following)


def _precedes(reading: Reading, index: int, name: int) -> bool:
    """Whether the token before a listed name belongs to it: an initial, a capital, an unknown word before a surname."""
    word = reading.words[index]
    if word == "." and index:
        return reading.words[index - 1] in SHORTENED or (
            len(reading.words[index - 1]) == 1 and reading.capital(index - 1)
        )
    if word in SHORTENED and reading.words[index + 1] == ".":
        return True
    if not word.isalpha() or reading.bits[index] & SHIELDED:
        return False
    if len(word) == 1:
        return reading.capital(index) and index + 1 < len(reading.words) and word not in "yaeo"
    bits = reading.known(index)
    if (
        bits & COMMON
        and reading.words[index] in reading.lexicon.bits
        and not (bits & NAME and reading.capital(index) and index and reading.words[index - 1] not in ".!?")
    ):
        return False
    if bits & NAME:
        return True
    if bits & (UNKNOWN | COMMON) and reading.capital(index) and index and reading.words[index - 1] not in ".!?":
        return True
    return bool(
        bits & UNKNOWN
        and reading.bits[name] & SURNAME
        and len(word) > 3
        and (reading.capital(index) or not bits & NUMERAL)
    )
