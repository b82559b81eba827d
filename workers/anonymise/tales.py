"""What only the whole message tells: the one telephone or account in a tale of threats or deceit is the suspect's.

Asked last, and only of finds nothing else told. Any sign that the number may be where the reporter, a victim or
somebody missing can be reached leaves it unknown.
"""

from __future__ import annotations

from workers.anonymise import phrases, roles, scene, voices
from workers.anonymise.introductions import KIN
from workers.anonymise.model import Found
from workers.anonymise.reading import Reading
from workers.anonymise.wordlist import bag

_CONTACTS = frozenset({"TELEFONO", "CUENTA", "CLABE", "TARJETA", "CORREO", "URL"})
_MONEY = frozenset({"CUENTA", "CLABE", "TARJETA"})
_NEAR, _BEHIND = 9, 8
_SELF = bag(
    "datos gracias informes hablo ablo marco escribo reporto mando soy "
    "somos vivo estoy estamos vengan atte atentamente llamo yamo firma "
    "recados mio mia servidor interesa"
)
_PLACED = bag("soy somos vivo estoy soi")
_OF_A_PLACE = (["de"], ["d"], ["del"], ["en"])
_NUMBER_NOUNS = bag("num numero nums numeros numb")
_NOT_SELF = (["donde"], ["me"], ["nos"])
_BARE_NOUNS = roles.VAGUE | bag("contacto telefonos tels")


def conclude(reading: Reading, found: list[Found]) -> None:
    """Gives the suspect the one contact of a message that tells of a demand, a threat or deceit."""
    contacts = [find for find in found if find.type in _CONTACTS]
    if not contacts or any(find.owner != "unknown" for find in contacts):
        return
    look = scene.of(reading)
    if any(word in ("nino", "nina", "perdio", "extravio", "encontre") for word in reading.words):
        return
    if look.search or look.plain or look.phone_lost or not (look.tale or look.hostile):
        return
    for find in contacts:
        if not _may_be_theirs(reading, find, found) or (look.lost and find.type in _MONEY):
            return
    for find in contacts:
        find.owner = "suspect"


def _may_be_theirs(reading: Reading, find: Found, found: list[Found]) -> bool:
    words = reading.words
    back = words[max(0, find.first - _NEAR) : find.first]
    if find.doubted or back[-1:] in (["al"], ["a"]) or back[-2:] in (["a", "la"], ["a", "el"]):
        return False
    if find.type in _MONEY and back[-1:] in (["era"], ["fue"]) and not scene.of(reading).paying:
        return False
    following = words[find.last : find.last + _BEHIND]
    around = [*back, *following]
    if any(
        word in roles.MINE
        and (around[turn + 1 : turn + 2] == [] or around[turn + 1] in roles.THINGS | KIN or turn == len(back) - 1)
        for turn, word in enumerate(around)
    ):
        return False
    if "su" in back[-3:] and not KIN.isdisjoint(words[max(0, find.first - 30) : find.first]):
        return False
    if find.type in _MONEY and any(
        word == "con"
        and words[turn + 1 : turn + 2] in (["tarjeta"], ["mi"], ["la"])
        and words[turn - 1] in voices.PAYING
        for turn, word in enumerate(words[:200])
    ):
        return False
    if any(word in voices.REACH_ME for word in around):
        return False
    bare = not back or back[-1] in _NUMBER_NOUNS or back[-1] not in phrases.WORDS
    if any(
        word in _SELF
        and around[turn - 1 : turn] not in _NOT_SELF
        and not (bare and word in _PLACED and around[turn + 1 : turn + 2] in _OF_A_PLACE)
        for turn, word in enumerate(around)
    ) or (any(word in KIN for word in back[-5:]) and "a" not in back[-6:]):
        return False
    neighbour = next((f for f in reversed(found) if f.last <= find.first and find.first - f.last <= 4), None)
    if neighbour is not None and neighbour.type in ("NOMBRE", "ALIAS", "DOMICILIO"):
        return neighbour.owner == "suspect"
    asked_for = any(w in voices.CALL_THEM and back[t - 1 : t] in (["la"], ["lo"], ["los"]) for t, w in enumerate(back))
    if not back or asked_for:
        return False
    bare_noun = back[-1] in _BARE_NOUNS or (back[-1] in (":", ".") and back[-2:-1] and back[-2] in _BARE_NOUNS)
    named = back[-2:-1] and back[-2] in ("el", "su", "un", "este", "ese", "del", "al", "dejo", "dio", "con")
    # "tel 55…" that closes a message reads as its sender's signature.
    return not (bare_noun and not named)
