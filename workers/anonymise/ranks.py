"""Bearers of an office or a trade: in a complaint the one complained of, unless praised."""

from __future__ import annotations

from workers.anonymise import roles, scene
from workers.anonymise.harms import BAD, ME, OFFICE, TITLES, harmed_by, harms
from workers.anonymise.model import Owner
from workers.anonymise.reading import Reading
from workers.anonymise.subjects import PRAISE, complains, is_object
from workers.anonymise.wordlist import bag

_INNOCENT = bag(
    "pudo pueden puedo podia pudieron reacciona responde respira aparece contesta llega llego puede sabe vino "
    "esta estaba quiere kiere regreso tiene ha sale ya le la lo vio"
)
_WENT = bag("fui fuimos vine venimos acudi acudimos acompano estoy estamos voy vamos hable hablamos consulte iba")
GRABS = bag("metio robo llevo nego burlo propaso aprovecho clavo embolso transo fugo desaparecio quedo")
_HELPS = bag(
    "llamo avisa aviso cuenta cuentan hablo escribio marco platico pregunto contesto enseno cae presento mostro "
    "saludo cuida cuido ayudo ayuda dijo dice conto atendio apoyo recomendo aconsejo salvo defendio llama "
    "llamaba cayo murio enfermo fue siente sintio perdio suicido quedo encuentra comunico mando dio presto vio "
    "conoce llevaron robaron pidio entero explico aviso lastimo desmayo"
)


def told(reading: Reading, words: list[str], first: int, last: int) -> Owner | None:
    """ "el oficial …", "un licenciado …", "el maestro …": in a complaint the one complained of, unless praised."""
    at = first - 1
    while at > 0 and words[at] in (".", "de", "apellido", "don", ","):
        at -= 1
    if at < 0 or (words[at] not in OFFICE and words[at] not in TITLES):
        return None
    office = words[at] in OFFICE
    if words[max(0, at - 1)] in roles.MINE or is_object(words, at):
        return "unknown"
    if any(w in _WENT for w in words[max(0, at - 4) : at]) and words[max(0, at - 2)] in ("con", "a"):
        return "unknown"
    if office and words[max(0, at - 1)] in ("un", "una") and not any(w in PRAISE for w in words):
        return "suspect"
    following = words[last : last + 5]
    if not roles.PASSIVE.isdisjoint(following[:1]) or any(w in PRAISE for w in following):
        return "unknown" if office or not harms(words, first, last) else "suspect"
    if following[:2] in (["de", "mi"], ["de", "mis"], ["de", "nuestra"], ["de", "nuestro"]):
        return "unknown"
    if any(w in PRAISE for w in words):
        return "unknown"
    if office and any(w in ME for w in following[:2]):
        return "suspect"
    refuses = "no" in following[:4] and _INNOCENT.isdisjoint(following) and words[max(0, at - 1)] in ("el", "la")
    if refuses and scene.of(reading).hostile:
        return "suspect"
    if any(w.startswith(("report", "denunci")) for w in words[last : last + 6]) and any(
        w in ("dijo", "pidio") for w in following
    ):
        return "unknown"
    if office or words[at] in BAD:
        return (
            "suspect"
            if scene.of(reading).hostile
            or complains(words)
            or harms(words, first, last)
            or words[max(0, at - 1)] in ("un", "una")
            else "unknown"
        )
    acts = following[1:2] and (
        (following[0] in ME and following[1] not in _HELPS) or (following[0] == "se" and following[1] in GRABS)
    )
    if acts and words[max(0, at - 1)] in ("el", "la", "un", "una", "los", "las"):
        return "suspect"
    unknown_person = words[max(0, at - 1)] in ("un", "una", "el", "la")
    if harms(words, first, last) and unknown_person:
        return "suspect"
    return None if not harmed_by(words, first) else "suspect"
