"""Whose name: the reporter's side, the suspect's, or nobody can tell, by what the bearer does and what is done to him.

A name is the suspect's when its bearer is the subject of a harm, poses as somebody, is paid, is named as the answer to
"who", or carries a rank in a complaint. Everybody else stays `unknown`.
"""

from __future__ import annotations

from workers.anonymise import accusations, frames, ranks, roles, scene, sparing, speech, voices
from workers.anonymise.harms import (
    ARMS,
    BAD,
    CLAIM,
    HARMS,
    ME,
    OBJECT,
    OFFICE,
    POSING,
    SUFFERED,
    THAT,
    TITLES,
    accused_kin,
    harmed_by,
    harms,
)
from workers.anonymise.introductions import KIN
from workers.anonymise.model import Found, Owner
from workers.anonymise.reading import Reading
from workers.anonymise.subjects import PRAISE, told_of
from workers.anonymise.wordlist import bag

_FAR = 60
_SKIPPED = OFFICE | TITLES | bag("el la un una por x q que se")
_DIED = bag("murio mataron asaltaron golpearon balacearon secuestraron atropellaron")
_COUNTERPART = bag(
    "manden mandar manda depositen transfiera transfiere transfieran mandaron depositen transfiera transfiere "
    "transfieran pidio "
    "pedian mandaron spei di transferencia deposite compre compro compramos vendi vendio preste presto rente "
    "rento alquile contrate deposite deposito depositamos pague pago pagamos transferi transfirio transferimos "
    "mande mando mandamos entregue entrego di dio dimos abone gire deposita depositar depositarle pagar pagarle "
    "mandale depositale pagale transfierele mandarle depositarle transferir debo deposito transfiera depositara pagara"
)
_RECEIVED = bag(
    "amenazas amenasas llamadas mensajes golpes insultos extorsiones abusos agresiones acoso maltrato estafa fraude"
)
_PAPERS = bag("recibo hoja documento pagare contrato escrito")
_SIGNED = bag("firmaba firmo firmaron atiende firma firman")
_DEALT = bag("hecho trato tratos hablado trate tratamos tratando negocie quede acorde contrate")
_BLAME = bag(
    "cuidado aguas ojo culpable responsable culpa denuncio denunciar acuso acusar reporto reportar demandar "
    "denunsiar denuncia queja quejarme sospecho"
)
_VICTIM = bag("victima victimas vecina abuelito abuelita anciano anciana don dona companero companera amigo amiga")
_EX = bag(
    "ex exesposo exmarido exnovio expareja exnovia exesposa exsocio exjefe exyerno exempleado excunado exsuegro "
    "exvecino expatron"
)
_LINKS = bag("y e , o u su")
_ANOTHER = bag("otro otra se llama yama apellida es")


def around(reading: Reading, find: Found) -> tuple[list[str], int, int]:
    """The words around a find, and where in them it stands. Bounded: a long text of many finds stays linear."""
    low = max(0, find.first - _FAR)
    return reading.words[low : find.last + _FAR], find.first - low, find.last - low


def decide(reading: Reading, find: Found, earlier: list[Found]) -> Owner:
    """The owner of a name that its cue left open."""
    words, first, last = around(reading, find)
    last = sparing.past_nickname(words, last)
    if first and words[first - 1] in KIN:
        find.doubted = True
    owner = _by_clause(reading, find, earlier)
    if owner == "suspect" and sparing.spared(words, first, last):
        return "unknown"
    if owner == "unknown" and not _of_himself(words, last) and frames.acts(reading, words, first, last, earlier):
        return "suspect"
    if owner == "unknown" and (sparing.spared(words, first, last) or told_of(reading, words, first, last) == "unknown"):
        return "unknown"
    if owner == "unknown" and not _of_himself(words, last) and accusations.accused(reading, words, first, last):
        return "suspect"
    return owner


def _by_clause(reading: Reading, find: Found, earlier: list[Found]) -> Owner:
    words, first, last = around(reading, find)
    last = sparing.past_nickname(words, last)
    before = [word for word in words[max(0, first - 10) : first] if word[0] < "\x7f"]
    near = before[-3:]
    told = earlier[-1] if earlier else None
    if told is not None and told.type in ("NOMBRE", "ALIAS", "CUENTA", "TARJETA", "CLABE"):
        between = reading.words[told.last : find.first]
        signed = between == [","] and words[last : last + 1] not in (["y"], ["e"])
        if told.type in ("NOMBRE", "ALIAS"):
            if told.type == "NOMBRE" and (not between or between == ["de"]) and told.owner is not None:
                return told.owner
            if not signed and 0 < len(between) <= 2 and all(w in _LINKS for w in between) and told.owner != "unknown":
                return told.owner or "unknown"
            if told.owner == "suspect" and between[:1] in (["otro"], ["otra"]) and all(w in _ANOTHER for w in between):
                return "suspect"
            if told.owner == "suspect" and between in (["y", "el", "otro"], ["y", "la", "otra"], ["y", "otro"]):
                return "suspect"
        elif told.owner == "suspect" and len(between) <= 5 and all(w in _HOLDER for w in between):
            return "suspect"
    if _of_himself(words, last):
        return "unknown" if speech.quoted(words, first) else "reporter"
    if _second_victim(before):
        return "unknown"
    if words[last : last + 1] == ["mi"] and words[last + 1 : last + 2] and words[last + 1] in KIN - {"ex"}:
        return "unknown" if harms(words, first, last + 2) else "reporter"
    own = _own(words, first)
    if own >= 0 and not any(w in _EX for w in near) and near[-1] not in OBJECT | {"es"}:
        kin = any(w in KIN for w in words[own:first])
        if own > 1 and words[own - 1] in ("de", "del", "d") and (words[own - 2] in KIN or words[own - 2] in TITLES):
            if words[first - 1] != "," and (kin or words[first - 1] not in ("llamado", "llamada", "llama", "yama")):
                return "reporter" if kin else "unknown"
            return "suspect" if harms(words, first, last) else "unknown"
        accused = accused_kin(words, own, first, last)
        if accused or kin or near[-1] != ",":
            return "suspect" if accused else "reporter"
    if _self_named(before):
        return "unknown" if speech.quoted(words, first - 1) else "reporter"
    agent = next(
        (
            turn
            for turn in (2, 3)
            if len(before) > turn and before[-turn] in ("su", "un") and before[-turn - 1] == "por"
        ),
        0,
    )
    if agent and len(before) > agent + 1 and SUFFERED.search(before[-agent - 2]):
        return "suspect"
    if any(w in _EX for w in near):
        armed = not ARMS.isdisjoint(words[last : last + 14])
        blamed = (
            armed
            or (
                any(w in HARMS for w in words[last : last + 5])
                and words[last : last + 1] not in (["le"], ["la"], ["lo"])
            )
            or (own >= 0 and accused_kin(words, own, first, last))
            or harms(words, first, last)
            or harmed_by(words, first)
            or _blamed(before)
        )
        if own >= 0 and words[own + 1] in _EX and _left(words, own, last):
            return "suspect"
        return "suspect" if blamed else "unknown"
    if words[last : last + 1] in (["alias"], ["apodado"], ["apodada"]):
        return "suspect" if own < 0 else "unknown"
    if _posed(before):
        return "suspect"
    if _blamed(before):
        return "suspect"
    if before[-1:] == ["es"] and "nombre" in before[-4:] and "su" in before[-5:] and told is not None:
        return told.owner if told.owner == "suspect" and told.type in ("ALIAS", "TELEFONO") else "unknown"
    subject = told_of(reading, words, first, last)
    if subject is not None:
        return subject
    if (
        near[-1:] == ["tal"]
        or near[-2:-1] == ["tal"]
        or "alias" in near[-2:]
        or before[-2:-1] + near[-1:] in (["le", "dicen"], ["lo", "conocen"])
    ):
        return "suspect" if "mi" not in before else "unknown"
    at = len(before)
    while at and (before[at - 1] in TITLES or before[at - 1] in ("un", "una", "el", "la", "tal")):
        at -= 1
    if before[at - 1 : at] in (["a"], ["al"]) and _paid_to(before[: at - 1]):
        return "suspect"
    if before[-2:-1] + near[-1:] in (["su", "ex"], ["su", "exmarido"], ["su", "exnovio"]):
        return "suspect"
    stranger = (
        before[-2:-1] in (["un"], ["una"])
        and near[-1] in TITLES
        and words[last + 1 : last + 2] not in (["ayuda"], ["auxilio"])
        and before[-3:-2] not in (["a"], ["de"], ["con"])
    )
    calm = any(w in PRAISE for w in words) or any(w in roles.PASSIVE for w in words[last : last + 1])
    if words[last : last + 1] == ["se"] and words[last + 1 : last + 2] and words[last + 1] not in ranks.GRABS:
        calm = True
    if stranger and not calm and scene.of(reading).hostile and not any(w in _DIED for w in before):
        return "suspect"
    ranked = ranks.told(reading, words, first, last)
    if ranked is not None:
        return ranked
    if before[at - 1 : at] in (["de"], ["por"]) and at > 1 and before[at - 2] in _RECEIVED and "mi" not in before[at:]:
        return "suspect"
    if words[last : last + 2] in ([",", "mi"],) and words[last + 2 : last + 3] in (["ex"], ["exnovio"], ["exesposo"]):
        return (
            "suspect"
            if harms(words, first, last + 3) or any(w in HARMS for w in words[last + 3 : last + 8])
            else "unknown"
        )
    if before[-1:] == ["a"] and words[last : last + 1] == ["le"] and words[last + 1 : last + 2]:
        return "suspect" if words[last + 1] in _COUNTERPART else "unknown"
    if before[-1:] == [":"] and any(w in ("dos", "tres", "ellos", "son") for w in before[-4:]):
        return "suspect"
    if before[-1:] in (["un"], ["una"], ["1"]):
        return "suspect"
    if before[at - 1 : at] == ["por"] and at > 1 and SUFFERED.search(before[at - 2]):
        return "suspect"
    if near[-2:-1] in (["de"], ["d"]) and before[-3:-2] and before[-3] in BAD and "mi" not in before:
        return "suspect"
    if before[at - 1 : at] == ["con"] and any(w in _DEALT for w in before[max(0, at - 4) : at]):
        return "suspect"
    if near[-1:] == ["con"] and any(w in _DEALT for w in before[-4:]):
        return "suspect"
    if near and near[-1] in OBJECT:
        return "unknown"
    if near and near[-1] in _SIGNED and scene.of(reading).hostile and near[-2:-1] not in (["me"], ["nos"]):
        closes = not near[-1].startswith("atiende") and last >= len(words) - 1
        return (
            "unknown" if closes and not voices.HOLDERS.intersection(words) | _PAPERS.intersection(words) else "suspect"
        )
    threat = (
        words[last : last + 2] in (["dice", "que"], ["dice", "q"], ["dijo", "que"]) and "si" in words[last : last + 5]
    )
    if (
        threat
        and any(w in ME for w in words[last + 2 : last + 14])
        and any(w in HARMS for w in words[last : last + 14])
    ):
        return "suspect"
    if near[-1:] == [":"] and any(w in BAD or w in HARMS for w in before[-4:]):
        return "suspect"
    if any(w in _VICTIM for w in near) and "su" not in near[-1:]:
        if harms(words, first, last):
            done_to = any(w in OBJECT for w in before[-4:])
            return "suspect" if ("don" in near or "dona" in near) and not done_to else "unknown"
        if any(w in _CALLED for w in near) or frames.spokesman(reading, before):
            return "suspect"
        return "reporter" if near[-1] in ("vecina", "victima", "don", "dona") and near[-2:-1] != ["es"] else "unknown"
    if near and near[-1] in BAD and roles.PASSIVE.isdisjoint(words[last : last + 1]):
        return "suspect"
    if harms(words, first, last) or harmed_by(words, first):
        return "suspect"
    if near and near[-1] in roles.DRUGS and any(w in HARMS for w in before):
        return "suspect"
    reached = before[-2:-1] and before[-2] in ME and before[-1] in voices.CONTACTING
    if reached and words[last : last + 1] and words[last] in ("del", "desde", "dl"):
        return "suspect"
    if _from_office(words[last : last + 7]):
        return "suspect"
    return "unknown"


def _paid_to(before: list[str]) -> bool:
    """ "deposité 500 a …": no other "a" or "en" comes between the money and the name."""
    for word in reversed(before[-8:]):
        if word in _COUNTERPART:
            return True
        if word in ("a", "al", "en", "para", "pa"):
            return False
    return False


def _own(words: list[str], first: int) -> int:
    """Where "mi" stands in "mi patrona lic. …", -1 when the name is nobody's of the reporter."""
    index = first - 1
    while index >= 0 and first - index <= 6:
        word = words[index]
        if word in roles.MINE and word[:3] not in ("mio", "mia"):
            return index
        near = first - index <= 3
        if not (near or word in TITLES or word in OFFICE or word in KIN or word in (".", "don", "dona", ",")):
            return -1
        index -= 1
    return -1


_CALLED = bag("dicen disen llaman yaman apodan conocen")
_SPARED_EX = bag(
    "desaparecio aparece contesta ayuda ayudo aviso murio fallecio gracias llevaron secuestraron levantaron golpearon "
    "mataron conto pago y depositado presto"
)


def _left(words: list[str], own: int, last: int) -> bool:
    """ "mi ex …" with a deed of his behind: nobody writes of an ex in peace."""
    if words[own - 1 : own] in (["a"], ["con"], ["de"], ["d"]) or (own and words[own - 1] in voices.PAYING):
        return False
    following = words[last : last + 5]
    return len(following) > 1 and _SPARED_EX.isdisjoint(following[:3]) and "lo" not in following[:2]


_AFTER_ONESELF = (
    ["soy", "yo"],
    ["me", "llamo"],
    ["me", "yamo"],
    ["es", "mi"],
    ["les", "habla"],
    ["le", "habla"],
    ["les", "escribe"],
    ["le", "escribe"],
    ["para", "servirle"],
    ["a", "sus"],
)


def _of_himself(words: list[str], last: int) -> bool:
    """ "Juan Cruz soy yo", "Juan me llamo", "Juan es mi nombre": said behind the name."""
    following = words[last : last + 4]
    if following[:1] == [","]:
        following = following[1:]
    if following[:2] == ["es", "mi"]:
        return following[2:3] == ["nombre"]
    return following[:2] in _AFTER_ONESELF


def _second_victim(before: list[str]) -> bool:
    """ "amenazan a Elena y su esposo …", "se llevaron a los dos, Elena y a su hijo …": done to both."""
    if len(before) < 4 or before[-1] not in KIN or before[-2] not in ("su", "sus"):
        return False
    return before[-3] in ("y", "e") and any(word in OBJECT for word in before[:-3])


def _self_named(before: list[str]) -> bool:
    """ "soy la mamá de …", "habla …": nobody else comes between."""
    if "habla" in before[-3:]:
        return not any(w in OFFICE for w in before[-3:])
    back = before[-5:]
    if "soy" not in back:
        return False
    between = back[back.index("soy") + 1 :]
    return not any(w in roles.MINE or w in ME or w in BAD or w in THAT for w in between)


_HOLDER = bag(
    "sale salio de a nombre y del sra sr titular , es la el d : beneficiario un una tal bancomer bbva banorte hsbc "
    "azteca "
    "santander banamex banco coppel con"
)


def _posed(before: list[str]) -> bool:
    """ "dijo ser …", "se identificó como el comandante …", "se hace pasar por …"."""
    back = [w for w in before[-8:] if w not in _SKIPPED]
    if len(back) < 2 or back[-2] == "ella" or "no" in back[-3:]:
        return False
    if back[-1] in ("llama", "yama", "llamaba") and back[-2] in ("dice", "dijo", "dise", "dicen"):
        return not any(w in roles.MINE for w in back)
    return back[-1] in POSING and any(w in CLAIM for w in back[-4:])


def _blamed(before: list[str]) -> bool:
    """ "denuncio a …", "la culpable es …", "por culpa de …"."""
    for turn, word in enumerate(before):
        if word in _BLAME and turn >= len(before) - 7:
            after = before[turn + 1 :]
            if after[:1] == ["con"] and word in ("cuidado", "aguas", "ojo"):
                return not any(w in roles.MINE for w in after)
            if (
                after
                and after[0] in ("a", "al", "contra", "es", "fue", "de", "del")
                and not any(w in KIN for w in after)
            ):
                return word not in ("denuncia", "queja") or after[0] in ("contra", "de", "del")
    return False


_OFFICES = bag("financiera banco bancomer bbva banamex coppel elektra azteca santander cobranza app despacho sat")


def _from_office(following: list[str]) -> bool:
    """ "… de la financiera me marca": who calls in the name of a bank."""
    at = next((turn for turn, word in enumerate(following) if word in _OFFICES), -1)
    return (
        0 < at <= 3
        and following[0] in ("de", "del", "d")
        and following[at + 1 : at + 2] in (["me"], ["nos"], ["q"], ["que"])
    )
