"""Whom "se llama …", "es …", "fue …" is said of: the nearest person before the link."""

from __future__ import annotations

from workers.anonymise import roles, scene, voices
from workers.anonymise.harms import (
    BAD,
    GOODS,
    HARMS,
    ME,
    OBJECT,
    OFFICE,
    PLAIN_HARMS,
    SUFFERED,
    THAT,
    TITLES,
    accused_kin,
    harmed_by,
    harms,
)
from workers.anonymise.introductions import KIN
from workers.anonymise.model import Owner
from workers.anonymise.reading import Reading
from workers.anonymise.wordlist import bag

_THEY = ("on", "an", "en")
_NO_VERBS = bag("tambien quien alguien bien cien sien ningun segun algun comun joven orden imagen origen margen")
_WHO = bag("el la los las uno una quien kien l persona")
_TO_LINK = OFFICE | TITLES | bag("el la un una de completo : don dona segun igual")
_ONE_OF = (["el", "de"], ["la", "de"], ["uno", "de"], ["los", "de"], ["el", "d"])
_PAST_NAMED = bag(
    "llama yama llamaba yamaba llaman llamo yamo llamado llamada llamarse yamarse llamar yamar nombre apellido "
    "apellida apeyida apeyido apellidos responde"
)
_BEING = (["esta"], ["fue"], ["quedo"], ["salio"], ["estaba"])
_UNDERGOES = bag(
    "llora paga pago grita falta aparece desaparecio buscamos perdio murio necesita vio sufrio recibio recibe fallecio"
)


_HARD = frozenset(".;!?")
PRAISE = bag(
    "gracias ayudo amable felicito felicidades apoyo atendio excelente resolvio resolvieron agradezco recomendo "
    "agradecimiento agradecer agradecida agradecido agradecemos bendiga bendigan felicitacion felicitaciones felicitar "
    "reconocimiento aconsejo defiende defendio ayuda ayudan ayudaron apoya"
)


def told_of(reading: Reading, words: list[str], first: int, last: int) -> Owner | None:
    """Whom "se llama …", "es …", "fue …" is said of; None when no such link stands before the name."""
    at = first - 1
    while at >= 0 and words[at] in _TO_LINK:
        at -= 1
    if at < 0:
        return None
    named = words[at] in _PAST_NAMED
    copula = words[at] in ("es", "fue", "era", "son", "fueron")
    if (not named and not copula) or "usted" in words[max(0, at - 2) : at]:
        return None
    if words[at] == "fue" and at + 1 == first and not named:
        alone = at == 0 or words[at - 1] not in KIN
        clause = any(w in THAT for w in words[max(0, at - 6) : at])
        if not clause or scene.of(reading).hostile:
            return (
                "suspect"
                if alone and (scene.of(reading).hostile or at == 0 or words[at - 1] in ("algo", ".", ",", "todo"))
                else None
            )
    if words[at] == "era" and any(word in ("dueno", "duena", "patron", "jefe", "jefa") for word in words[at:first]):
        return "unknown"
    pronoun = words[max(0, at - 2)] if words[max(0, at - 1)] == "se" else words[max(0, at - 1)]
    mine = any(word in roles.MINE and words[turn + 1] in KIN for turn, word in enumerate(words[:at]))
    if (
        pronoun != "ella"
        and (copula or named)
        and words[at - 1] in ("el", ".", ",", "se", "y", ";")
        and _by_own(words, at)
    ):
        return "suspect"
    if at > 1 and (pronoun == "ella" or (pronoun == "el" and named and mine)):
        return "unknown"
    if named and words[max(0, at - 1)] == "se":
        head = at - 2 - (words[max(0, at - 2)] in THAT)
        noun = words[head] if head > 0 else ""
        if words[head - 1 : head] and words[head - 1] in _ARTICLES and noun in BYSTANDERS:
            return "reporter" if noun in KIN and words[head - 2 : head - 1] in (["mi"], ["mis"]) else "unknown"
    if copula and words[max(0, at - 1)] in ("mio", "mia"):
        return "reporter"
    index = at
    stop = max(-1, at - 22)
    while index - 1 > stop:
        index -= 1
        word = words[index]
        if index and words[index - 1] in ("mi", "mis") and (word in KIN or word in TITLES):
            index -= 1
            if words[max(0, index - 1)] in ("de", "del", "d"):
                continue
            return (
                "suspect" if accused_kin(words, index, first, last) else None if is_object(words, index) else "reporter"
            )
        if word in ("mi", "mis") and words[index + 1] in KIN:
            return (
                "suspect" if accused_kin(words, index, first, last) else None if is_object(words, index) else "reporter"
            )
        if word in roles.MINE and words[index + 1] == "nombre":
            return "reporter"
        if word in BAD:
            return "suspect"
        if word in THAT and index and (words[index - 1] in _WHO or words[max(0, index - 3) : index - 1] in _ONE_OF):
            acts = words[index + 1 : at + 1]
            one = words[index - 1] not in ("los", "las")
            good = any(w in PRAISE or w in _UNDERGOES for w in acts) or (
                one
                and any(
                    w not in _NO_VERBS and w.endswith(_THEY) and len(w) > 4 and acts[t - 1 : t] not in (["me"], ["nos"])
                    for t, w in enumerate(acts)
                )
            )
            undergone = any(SUFFERED.search(w) and acts[t - 1 : t] in _BEING for t, w in enumerate(acts))
            return None if good or undergone or not acts else "suspect"
        if word in ("un", "una") and words[index + 2] in THAT and index + 2 < at:
            return None
        if (
            word in ("otro", "otra", "uno")
            and named
            and (at - index <= 2 or words[index + 1 : index + 3] == ["de", "ellos"])
        ):
            acts = words[max(0, index - 20) : index]
            acts = [*acts, *words[last : last + 6]]
            bad = any(w in HARMS or w in voices.DEMANDING or w in voices.CONTACTING or w in BAD for w in acts)
            theirs = words[index + 1 : index + 3] == ["de", "ellos"]
            return "suspect" if (bad or theirs) and (theirs or not any(w in KIN for w in acts)) else None
        if word in ("quien", "kien", "jefe", "patron", "casero") and index and words[index - 1] not in roles.MINE:
            acts = words[index + 1 : at + 1]
            if any(w in HARMS or w in voices.DEMANDING or w in voices.CONTACTING for w in acts):
                return "suspect"
        if word in OFFICE and named and not is_object(words, index):
            return None if any(w in PRAISE for w in words) else "suspect"
        if word in TITLES or word in roles.PEOPLE or word in OFFICE:
            if is_object(words, index):
                continue
            acts = [*words[index + 1 : at], *words[last : last + 5]]
            if words[last : last + 2] in (["y", "le"], ["y", "lo"], ["y", "la"], [",", "le"], [",", "lo"], [",", "la"]):
                return None
            mine = any(w in ME for w in acts)
            if harmed_by(words, index + 1):
                return "suspect"
            harmful = any(
                w in PLAIN_HARMS or w in GOODS or (mine and (w in HARMS or w in voices.DEMANDING)) for w in acts
            )
            reflexive = (
                any(w in ("hace", "hacia", "hizo", "lleva", "llevo", "mete", "dice") for w in acts) and "se" in acts
            )
            if (harmful or (reflexive and len(acts) > 2)) and not any(w in PRAISE for w in acts):
                return "suspect"
            if word in ("chofer", "encargado", "dueno", "vendedor", "director") and (
                scene.of(reading).hostile or (index > 1 and words[index - 2].isalnum())
            ):
                return "suspect" if scene.of(reading).hostile or complains(words) else None
            return None
        if word in roles.VICTIMS and index and words[index - 1] in ("la", "el", "su", "una", "un", "a"):
            return None
        if word in _HARD and named and at - index > 3:
            break
    if named and harms(words, first, last):
        return "suspect"
    return None


_ARTICLES = bag("un una el la")
BYSTANDERS = (
    KIN
    | roles.VICTIMS
    | bag(
        "muchacho muchacha nino nina herido herida bebe anciano secretaria enfermera enfermero mesero mesera testigo "
        "chica pasajero pasajera alumno alumna portera cajera cocinera recepcionista"
    )
)


def _by_own(words: list[str], at: int) -> bool:
    """ "mi yerno amenaza a mi hija … él es …": the one of the reporter's own who is complained of is named later."""
    own = [turn for turn in range(max(0, at - 40), at - 1) if words[turn] in ("mi", "mis") and words[turn + 1] in KIN]
    bad = [turn for turn in own if words[turn - 1 : turn] != ["a"] and harms(words[:at], turn, turn + 2, strict=True)]
    return len(bad) == 1 and all(turn == bad[0] or words[turn - 1] in ("a", "de", "d", "con") for turn in own)


def is_object(words: list[str], index: int) -> bool:
    back = words[max(0, index - 2) : index]
    return bool(back) and (back[-1] in OBJECT or (len(back) > 1 and back[-2] in OBJECT))


def complains(words: list[str]) -> bool:
    return any(word in roles.COMPLAINT or word in PLAIN_HARMS for word in words)
