"""Plain accusations that hang on a few words near a name: "me quedó a deber", "el perfil dice …", "quien atiende es".

They only ever add a suspect: whoever is the reporter's own or stands as the object of a deed is no matter for them.
"""

from __future__ import annotations

from workers.anonymise import roles, scene
from workers.anonymise.harms import ARMS, HARMS, ME, OBJECT, OFFICE, THAT, TITLES
from workers.anonymise.introductions import KIN
from workers.anonymise.reading import Reading
from workers.anonymise.wordlist import bag

_DRAWS = bag("trae traia trajo saco saca agarro agarra tiene carga cargaba")
_FALSE = bag("falso falsa falsos falsas robado robada robados clonada clonado pirata")
_BLOWS = bag("golpes patadas punetazos cachetadas empujones jalones rastras cinturonazos")
_DAMAGES = bag("vendio rompio robo choco quemo poncho destrozo escondio empeno desbarato")
_LABELS = bag("contacto duena dueno vendedor vendedora atiende encargado encargada agente asesor asesora responsable")
_SHOWS = bag("perfil ticket recibo comprobante cuenta tarjeta titular anuncio pagina credencial gafete identificador")
_SAYS = bag("dice decia aparece salio sale viene es")
_PAID = bag("paid sent transferred transferi deposite pague mande di entregue gire transfirio deposito pagamos dimos")
_WRONGS = bag(
    "nego niega permite permitio junta cobra cobran cambio avento empujo quito encubre protege amenazo rompio "
    "burlo grito insulto retuvo detuvo solapa falsifico altero revelo filtro condiciona condiciono pide pidio "
    "exige exigio acosa toco agarro jaloneo golpeo pego robo sembro mordida"
)
_KIND = bag(
    "ayuda ayudo apoya apoyo atendio cuido salvo defendio rescato encontro aviso explico acompano presto dio llevo "
    "entrego devolvio gracias amable"
)
_DEALT = bag("curso inverti invertimos contrate contratamos compre compramos trate tratamos trato hable quede")
_DEMANDS = bag(
    "exige exigio exigen amenaza amenazo cobra cobro cobraba pide pidio pega golpea golpeo extorsiona chantajea acosa "
    "hostiga debe estafo robo engano defraudo transo avienta aventa encierra encerro "
    "apunto apunta persigue sigue vende bloqueo cambio"
)


_HARMLESS = bag("que q ke ayuda favor perdon consejo permiso paro prestado mi")


def _asks_in_peace(words: list[str], index: int) -> bool:
    """ "me pidió que …", "pide ayuda", "no permite que …"."""
    if words[index] in ("permite", "permitio"):
        return "no" in words[max(0, index - 2) : index]
    return (
        words[index].startswith(("pid", "exig"))
        and words[index + 1 : index + 2] != []
        and (words[index + 1] in _HARMLESS)
    )


def accused(reading: Reading, words: list[str], first: int, last: int) -> bool:
    """Whether the words around the name at `first`..`last` accuse its bearer."""
    before, following = words[max(0, first - 10) : first], words[last : last + 12]
    if any(word in roles.MINE for word in before[-4:]):
        return False
    if following[:1] == ["mi"] or following[:2] == [",", "mi"] or _suffers(following):
        return False
    if before[-3:-1] in (["y", "su"], ["e", "su"]) and not _paid(before):
        return False
    if _feared(words, before) or (before[-1:] == ["uno"] and scene.of(reading).hostile):
        return True
    if _listed(reading, before, following) or _answers(reading, before, following):
        return True
    if _paid(before):
        return True
    object_before = before[-1:] and (before[-1] in OBJECT or before[-2:-1] in (["a"], ["al"]))
    if object_before:
        return False
    return _does(reading, following, words[max(0, first - 2) : first]) or _official(words, first, following)


_FRAUD = bag(
    "cobro deposite depositamos transferi pague promete prometio "
    "prometieron mentira fraude estafa estafo estafaron nunca "
    "anticipo cuidado ojo falso falsa hubo bloqueo enganche visas preventa"
)


def _suffers(following: list[str]) -> bool:
    """ "la amenazan", "y le piden piso": others do it to the bearer of the name."""
    return any(
        word in ("la", "lo", "le")
        and following[turn + 1 : turn + 2]
        and len(following[turn + 1]) > 3
        and following[turn + 1].endswith(("an", "en", "on"))
        for turn, word in enumerate(following[:5])
    )


def _listed(reading: Reading, before: list[str], following: list[str]) -> bool:
    """ "vendedora: …", "atiende …", "el perfil dice …" in a message that tells of deceit or threats."""
    back = [word for word in before if word not in (":", ".", ",", "ing", "lic", "sra", "sr", "el", "la", "ser")]
    look = scene.of(reading)
    if not back or not (scene.of(reading).tale or look.hostile or look.paying or "perfil" in back[-4:]):
        return False
    label = back[-1] in _LABELS and (":" in before[-4:] or back[-1] == "atiende")
    worn = any(word in ("gafete", "credencial") for word in back[-4:]) and OFFICE.isdisjoint(reading.words)
    shows = (
        not worn
        and back[-1] in _SAYS
        and any(word in _SHOWS for word in back[-4:-1])
        and roles.MINE.isdisjoint(back[-3:])
    )
    return (label and not _FRAUD.isdisjoint(reading.words)) or (shows and "mi" not in following[:5])


def _answers(reading: Reading, before: list[str], following: list[str]) -> bool:
    """ "quien me manda las fotos es …", "el que cobra es …", "su nombre real es …, me pide 500"."""
    if before[-1:] in (["es"], ["era"], ["fue"], ["llama"], ["yama"], ["apellida"]):
        who = next((t for t, word in enumerate(before) if word in ("quien", "kien")), -1)
        acts = before[who + 1 : -1]
        if (
            who >= 0
            and acts
            and before[max(0, who - 1)] not in roles.MINE
            and (any(word in HARMS or word in _DEMANDS or word == "atiende" for word in acts))
        ):
            return scene.of(reading).hostile or scene.of(reading).tale
        if "nombre" in before[-3:] and "su" in before[-5:]:
            return any(
                word in ME and following[turn + 1 : turn + 2] and following[turn + 1] in _DEMANDS
                for turn, word in enumerate(following)
            )
    return False


def _feared(words: list[str], before: list[str]) -> bool:
    """ "le teme a su novio …", "grita auxilio, su ex …"."""
    if before[-2:-1] != ["su"]:
        return False
    if before[-3:-2] == ["a"]:
        return any(word in ("teme", "temo", "temor", "miedo") for word in before[-6:-3])
    apart = before[-3:-2] and before[-3] in (",", ".", "porque", "xq", "que")
    return before[-1] == "ex" and bool(apart) and any(word in HARMS or word in _CRIES for word in words)


_CRIES = bag("auxilio ayuda grita gritos golpes golpeada amenazada")


def _paid(before: list[str]) -> bool:
    """ "i paid 800 usd to …", "que deposite a nombre de su mamá …"."""
    if before[-1:] == ["to"] and any(word in _PAID for word in before[-7:]):
        return True
    if before[-1:] and before[-1] in KIN and before[-2:-1] == ["su"]:
        return "nombre" in before[-5:-2] and "a" in before[-6:-2]
    at = len(before)
    while at and (before[at - 1] in TITLES or before[at - 1] in (".", "la", "el", "su", "sra", "sr", "socio", "socia")):
        at -= 1
    return before[at - 1 : at] == ["con"] and any(word in _DEALT for word in before[max(0, at - 5) : at])


def _does(reading: Reading, following: list[str], near: list[str]) -> bool:
    """What follows the name as its deed."""
    if following[:1] == [","]:
        following = following[1:]
        relative = following[:1] and following[0] in THAT
        if not relative and near[-1:] != [","] and near[:1] != ["su"]:
            return False
    if following[:1] and following[0] in THAT:
        following = following[1:]
    if not following:
        return False
    if following[:2] in (["me", "quedo"], ["nos", "quedo"], ["se", "quedo"]) and (
        following[2:4] in (["a", "deber"], ["con", "mi"], ["con", "el"], ["debiendo", "mi"], ["con", "mis"])
    ):
        return True
    if following[0] in _DRAWS and not ARMS.isdisjoint(following[:5]):
        return True
    if following[0] in ME and following[1:2]:
        deed = following[1]
        subject = following[2:3] and following[2] in ("un", "una", "mi", "el", "la", "unos")
        person = following[3:4] and (following[3] in TITLES or following[3] in KIN)
        return deed in _DEMANDS and not (subject and person) and not _asks_in_peace(following, 1)
    verb = following[0]
    if verb == "/" and any(
        word in ("mentira", "fraude", "estafa", "promete", "rateros", "ratero") for word in following
    ):
        return True
    if verb in _DAMAGES and any(word in ("mi", "mis", "nuestro") for word in following[1:6]):
        return True
    if verb in _DEMANDS and following[1:2] in (["mi"], ["mis"]):
        return True
    if verb.endswith(("o", "a", "io", "e")) and len(verb) > 3 and any(w in _FALSE for w in following[1:5]):
        return verb not in ("recibio", "compro", "esta", "fue", "sufrio", "perdio")
    su_kin = len(near) == 2 and near[0] == "su" and near[1] in KIN
    if su_kin and verb in ("la", "lo", "le") and following[1:2]:
        return following[1] in _DEMANDS or following[1] in HARMS or any(w in _BLOWS for w in following[2:5])
    return verb in ("la", "lo") and any(w in _BLOWS for w in following[2:5])


def _official(words: list[str], first: int, following: list[str]) -> bool:
    """ "la doctora … no quiso", "el perito … cambió mi declaración": an official who wrongs somebody."""
    at = first - 1
    while at > 0 and words[at] in (".", "social", "bancario", "auxiliar"):
        at -= 1
    if (
        at < 1
        or not (words[at] in OFFICE or words[at] in _POSTS)
        or words[at - 1] not in ("el", "la", "un", "una", "del")
    ):
        return False
    if any(word in _KIND for word in following[:4]) or (at > 1 and words[at - 2] in ("a", "al", "con", "mi")):
        return False
    refuses = "no" in following[:6] and any(word in _REFUSED for word in following[:8])
    return refuses or any(
        word in _WRONGS and not _asks_in_peace(following, turn) for turn, word in enumerate(following[:7])
    )


_REFUSED = bag(
    "quiso quieren quiere puso deja dejo dejaron hizo hacen recibe recibio entrega entrego devuelve devolvio"
)
_POSTS = bag(
    "doctora doctor medico medica directora director perito perita trabajadora checador despachador juez "
    "jueza secretaria secretario actuario notario custodia custodio inspector inspectora verificador funcionaria "
    "funcionario delegada delegado agente agenta policia oficial licenciada licenciado mp"
)
