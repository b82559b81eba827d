"""Whom things happen to, who helps, tells or witnesses: nobody the sentence accuses."""

from __future__ import annotations

import re

from workers.anonymise import roles, voices
from workers.anonymise.harms import ME, THAT, TITLES
from workers.anonymise.introductions import KIN
from workers.anonymise.subjects import PRAISE
from workers.anonymise.wordlist import bag

HARD = frozenset(".;!?")
PLURAL = re.compile(r"(?:an|en|on|aron|ieron)$")
_NO_VERBS = bag("tan bien sin con en un ni tambien cien quien alguien ningun segun son joven orden don")
_PARTICIPLE = re.compile(r"(?:ad|id)[oa]s?$|^(?:muert|herid|her)[oa]s?$")
_BEING = bag("fue fueron esta estan estaba estaban sigue siguen quedo quedaron salio anda andan resulto era eran")
BEFALLS = bag(
    "desaparecio desaparece aparece aparecio contesta contesto llego llega regresa regreso vuelve volvio murio "
    "fallecio falta llora grita gritando llorando sangra necesita perdio cayo sufre sufrio recibe recibio iba "
    "estudia trabaja vive cumple padece paga pagaba debia tampoco"
)
KIND = PRAISE | bag(
    "aviso avisa avisaron conto cuenta vio presencio escucho oyo supo sabe grabo cuida cuido salvo presto "
    "acompano acompana consolo llevo cree creyo explico recomendo aconsejo paso dio da ensena atiende "
    "declara declaro comento platico pregunto recogio encontro rescato cura curo defiende"
)
SIDE = bag("y e ni o u")
_LATER = bag("ahora ya luego despues hoy todavia aun")
_SLANDER = bag("ratera ratero deudor deudora morosa moroso estafadora estafador")
NICKNAMED = bag("dicen disen llaman yaman apodan conocen dise dice")


def past_nickname(words: list[str], last: int) -> int:
    """Behind "le dicen el Gil", where the sentence about the bearer of the name goes on."""
    if words[last : last + 1] == [","]:
        return past_nickname(words, last + 1) if words[last + 1 : last + 2] in (["le"], ["lo"], ["alias"]) else last
    if (
        words[last : last + 1] in (["le"], ["lo"], ["la"])
        and words[last + 1 : last + 2]
        and words[last + 1] in NICKNAMED
    ):
        at = last + 2
        while words[at : at + 1] and words[at] in ("el", "la", "como", "por", "los"):
            at += 1
        return min(at + 1, len(words))
    return last


def spared(words: list[str], first: int, last: int) -> bool:
    """Whether the sentence has things happen to the bearer of the name, or has him help, tell or witness."""
    following = past_apposition(words, last)
    if not following:
        return False
    if following[0] in _SLANDER and any(word in voices.SAID for word in words[max(0, first - 3) : first]):
        return True
    for turn, word in enumerate(following[:5]):
        after = following[turn + 1] if turn + 1 < len(following) else ""
        if word in HARD or word == "o" or (word in THAT and turn) or (word in SIDE and after in _LATER):
            break
        if word in ("lo", "la", "le", "los", "las", "les") and len(after) > 3 and PLURAL.search(after):
            return after not in _NO_VERBS and after not in NICKNAMED
        if word in _BEING and _PARTICIPLE.search(after):
            return True
        if word in ("fueron", "estan", "estaban") and turn == 0:
            return True
    return following[0] in SIDE and following[1:2] == ["yo"]


def past_apposition(words: list[str], last: int) -> list[str]:
    """What the bearer of the name does: behind "…, el esposo de mi hermana Yadi, …"."""
    following = words[last : last + 16]
    start = 1 if following[:1] == [","] else 0
    if following[start : start + 1] in (["el"], ["la"]) and following[start + 1 : start + 2] != []:
        noun = following[start + 1]
        if noun in KIN or noun in TITLES or noun == "de":
            at = start + 2
            if following[at : at + 1] in (["de"], ["d"], ["del"]):
                at += 1
                while at < len(following) and (following[at] in roles.MINE or following[at] in KIN or at == start + 3):
                    at += 1
                if following[at : at + 1] == [","] or (
                    following[at + 1 : at + 2] and following[at + 1] in ("la", "lo", "le", "me", "nos", "se")
                ):
                    at += 1
                return following[at:]
    return following


def gentle(following: list[str]) -> bool:
    while following[:1] and (following[0] in THAT or following[0] in (",", "quien")):
        following = following[1:]
    return (
        not any(word.isdigit() and len(word) > 2 for word in following)
        and bool(following)
        and (
            following[0] in BEFALLS
            or following[0] in KIND
            or (following[:1] == ["no"] and following[1:2] != [] and following[1] in BEFALLS)
            or (
                (following[0] in ME or following[0] in ("le", "les", "lo", "la"))
                and following[1:2] != []
                and following[1] in KIND
            )
            or (
                following[0] == "se"
                and following[1:2] != []
                and following[1] in ("desmayo", "perdio", "murio", "cayo", "suicido", "enfermo", "escapo", "salvo")
            )
        )
    )
