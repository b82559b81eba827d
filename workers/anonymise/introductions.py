"""The words before a name: "me llamo", "mi hijo", "a nombre de", "un tal". They say where it begins and whose it is."""

from __future__ import annotations

from workers.anonymise import speech
from workers.anonymise.growth import DESCRIBING, from_here
from workers.anonymise.lexicon import COMMON, GIVEN, NAME, NICK
from workers.anonymise.model import Found, Owner
from workers.anonymise.reading import UNKNOWN, Reading
from workers.anonymise.wordlist import bag

KIN = bag(
    "viejo vieja hijo hija ijo ija hijos hijas hijito hijita esposo esposa mama papa mami papi padre madre hermano "
    "hermana ermano ermana hermanito hermanita primo prima tio tia sobrino sobrina nieto nieta abuelo "
    "abuela abuelito abuelita suegro suegra cunado cunada yerno nuera novio novia pareja marido mujer "
    "vecino vecina besino besina vesino vesina amigo amiga companero companera jefe jefa patron patrona "
    "comadre compadre ahijado ahijada padrino madrina bebe nino nina familiar pariente ex hijastro "
    "hijastra padrastro madrastra colega socio socia cuate cliente clienta empleado empleada hermanos "
    "brother sister daughter mother father husband wife boyfriend girlfriend friend neighbor boss cousin "
    "uncle aunt hermanastro hermanastra concubino concubina roomie padrinito bisabuela tutor maestra maestro"
)
_HONORIFICS = bag("don dona dn")
_TITLES = bag(
    "ingeniero ingeniera sr sra srita srta senor senora senorita ing dr dra doctor doctora maestro "
    "maestra profe profesor profesora arq contador contadora padre joven enfermera enfermero director directora "
    "subdirector subdirectora prefecto prefecta secretaria secretario asistente chofer encargado encargada dueno duena "
    "casero casera inquilino inquilina landlord landlady coach miss mister cajera cajero ayudante mesera mesero "
    "testigo muchacha muchacho presidente presidenta diputado diputada delegado delegada portero velador conserje "
    "albanil plomero electricista mecanico medico medica psicologa psicologo terapeuta veterinaria "
    "veterinario vendedor "
    "vendedora paramedico paramedica suboficial comisario regidor regidora sindico lider pastor pastora monja "
    "paciente alumno alumna companerito companerita seno guardia vigilante chavo chava ninera cuidadora comadrona"
)
_RANKS = bag(
    "lic licenciado licenciada licensiado licda comandante oficial agente capitan sargento teniente "
    "cmdte cmte policia poli comandate gerente ejecutivo ejecutiva gestor gestora despachador abogado "
    "cobrador inspector policias oficiales agentes patrullero patrulleros elementos custodio"
)
_NAMED = bag(
    "name called named apellida apeyida apellidaba is llamo yamo llama yama llaman llamada llamado yama yamaba llamaba "
    "llamarse yamarse"
)
_OF = frozenset(
    {
        "apellido",
        "apellidos",
        "apellidado",
        "apellidada",
        "nombre",
        "nom",
        "titular",
        "beneficiario",
        "beneficiaria",
        "atte",
        "atentamente",
        "firma",
        "responde",
    }
)
_SOY = frozenset(
    {"mellamo", "meyamo", "minombre", "soy", "habla", "abla", "zoy", "somos", "im", "servidor", "servidora", "yo"}
)
_DONE_TO = bag(
    "encontramos buscamos buscando secuestraron mataron golpearon amenazan amenazaron levantaron llevaron "
    "tienen asaltaron balacearon extorsionan extorsionaron hirieron desaparecieron robaron encuentran "
    "asesinaron"
)
_PAID = bag("pague pagar pagarle deposite depositar depositarle deposito transferi transferir pago mande")
TRIGGERS = (
    KIN | _HONORIFICS | _TITLES | _RANKS | _NAMED | _OF | _SOY | frozenset({"tal", "ser", "m"}) | _DONE_TO | _PAID
)
_SHORT_TITLES = bag(
    "sr sra srita srta ing dr dra arq lic licda cmdte cmte poli prof profr profra mtro mtra c cap tte sgto gral cmdt of"
)
_THINGS_NAMED = bag(
    "app aplicacion pagina empresa financiera grupo calle colonia tienda lugar mercado perro perra gato "
    "banda cartel linea ruta negocio banco juego programa"
)
_STREET_TITLES = frozenset({"doctor", "dr", "general", "gral"})
_BEFORE_TITLE = frozenset({"el", "la", "un", "una", "mi", "su", "."})
_LOST = bag("robaron robo perdi clonaron extravie quitaron")
_OWN = frozenset({"mi", "mis", "nuestro", "nuestra", "my"})
_SPEAKING_FOR = bag(
    "hablo ablo reporto llamo yamo escribo denuncia contrato recibo factura credencial carro predio escrituras"
)


def by_cue(reading: Reading, cue: int, found: list[Found]) -> None:
    """The name that the cue at token `cue` introduces, if one follows; it is claimed at once."""
    told = _introduced(reading, cue)
    if told is None:
        return
    start, sure, owner = _past_called(reading, cue, *told)
    if reading.words[start : start + 1] and reading.words[start] in '("' and start + 1 < len(reading.words):
        start += 1
        sure = sure or reading.capital(start)
    if start >= len(reading.words) or reading.claimed[start]:
        return
    name = from_here(reading, start, sure)
    if name is None or not reading.free(*name):
        return
    first, last = name
    if reading.words[cue] in KIN and owner == "reporter":
        owner = None
    reading.claim(first, last)
    found.append(Found(first, last, "NOMBRE", owner, reading.phrase(first, last)))


def _introduced(reading: Reading, cue: int) -> tuple[int, bool, Owner | None] | None:
    """Where the name would begin, whether what stands there is surely a name, and whose; None when no cue after all."""
    words, count = reading.words, len(reading.words)
    word, before = words[cue], words[cue - 1] if cue else ""
    start = cue + 1
    if word in _STREET_TITLES and (
        before in ("en", "con", "calle", "y", "entre", "esquina", "esq", "sobre")
        or (before == "de" and cue > 1 and words[cue - 2] in ("esquina", "esq", "cruce", "colonia"))
    ):
        return None
    if word == "m":
        return (start, True, "reporter") if words[max(0, cue - 2) : cue] == ["i", "'"] else None
    if word in _NAMED:
        return _named(words, cue)
    if word in _OF:
        return _of(words, cue)
    if word in _SOY:
        return _myself(reading, cue)
    if word == "tal" and words[max(0, cue - 3) : cue - 1] in (["era", "de"], ["es", "de"], ["eran", "de"]):
        return _past_titles(words, start), True, "unknown"
    if word == "tal":
        return (_past_titles(words, start), True, "suspect") if before in ("un", "una", "el", "la", "1") else None
    if word == "ser":
        said = before in ("dice", "dise", "dijo", "dicen", "dijeron")
        return (_past_titles(words, start), False, "suspect") if said else None
    if word in _DONE_TO:
        named = words[start : start + 1] == ["a"] and start + 1 < count and reading.known(start + 1) & (GIVEN | NICK)
        return (start + 1, True, None) if named else None
    if word in _PAID:
        payee = words[start : start + 1] == ["a"] and start + 1 < count and not reading.claimed[start + 1]
        unlisted = payee and reading.capital(start + 1) and reading.known(start + 1) & (NAME | UNKNOWN)
        return (start + 1, True, "suspect") if unlisted else None
    if start < count and words[start] == "." and word in _SHORT_TITLES:
        start += 1
    if words[start : start + 1] == [","] and word in _RANKS | _TITLES and start + 2 < count:
        # "el otro poli, Arenas, le dijo": between commas only what is surely a name.
        named = reading.capital(start + 1) and reading.known(start + 1) & NAME and words[start + 2] in (",", ".")
        return (start + 1, True, None) if named else None
    if word in KIN and words[start : start + 1] in (["mio"], ["mia"]):
        start += 1
    if word in KIN:
        if words[start : start + 1] == ["de"] and start + 1 < count and not reading.claimed[start + 1]:
            bits = reading.known(start + 1)
            if bits & (GIVEN | NICK) and (not bits & COMMON or reading.capital(start + 1)):
                return start + 1, True, None
        apart = words[start : start + 1] == [","] and start + 1 < count and not reading.claimed[start + 1]
        if apart and reading.capital(start + 1) and reading.known(start + 1) & (NAME | UNKNOWN):
            return start + 1, True, "reporter" if before in _OWN and word != "ex" else None
        while start + 2 < count and words[start] in ("de", "d") and reading.number_at.get(start + 1):
            start += 3
        return start, False, "reporter" if before in _OWN and word != "ex" else None
    return start, word in _HONORIFICS, None


def _named(words: list[str], cue: int) -> tuple[int, bool, Owner | None] | None:
    word, before = words[cue], words[cue - 1] if cue else ""
    if before not in ("me", "se", "m", "que", "q", "dijo", "dice", "name", "my") and word not in _SURELY_NAMED:
        return None
    owner: Owner | None = None
    if word == "name":
        return (cue + 1, True, "reporter") if before == "my" and words[cue + 1 : cue + 2] != ["is"] else None
    if word == "is":
        owner = "reporter" if words[max(0, cue - 2) : cue] == ["my", "name"] else None
    elif before in ("me", "m"):
        owner = "unknown" if speech.quoted(words, cue - 1) else "reporter"
    elif word in ("llamarse", "yamarse") and before in ("dice", "dijo", "dise"):
        owner = "suspect"
    elif any(thing in _THINGS_NAMED for thing in words[max(0, cue - 5) : cue]):
        return None
    return cue + 1, True, owner


_SURELY_NAMED = frozenset({"llamado", "llamada", "llamarse", "yamarse", "called", "named"})


def _of(words: list[str], cue: int) -> tuple[int, bool, Owner | None]:
    word, before = words[cue], words[cue - 1] if cue else ""
    owner: Owner | None = None
    sure = word not in ("responde", "titular", "beneficiario", "beneficiaria")
    if word == "nombre":
        sure = before in ("mi", "a", "de", "su", "al", "con")
        if before == "mi" or "respondo" in words[max(0, cue - 3) : cue]:
            owner = "reporter"
        elif before in ("a", "al"):
            spoken_for = any(w in _SPEAKING_FOR for w in words[max(0, cue - 5) : cue])
            lost = any(w in _LOST for w in words[max(0, cue - 8) : cue + 9])
            owner = "unknown" if spoken_for or lost else "suspect"
    elif word in ("titular", "beneficiario", "beneficiaria"):
        owner = "suspect"
    elif word in ("atte", "atentamente"):
        owner = "reporter"
    start = cue + 1
    while start < len(words) and start - cue < 4 and words[start] in _BETWEEN:
        start += 1
    return start, sure, owner


_BETWEEN = frozenset({"es", "de", "completo", ":", ",", ".", "d", "al", "nombre"})


def _myself(reading: Reading, cue: int) -> tuple[int, bool, Owner | None]:
    words = reading.words
    start, count = cue + 1, len(words)
    if words[cue] == "yo" and words[start : start + 1] in (["soy"], ["me"], ["le"], ["no"]):
        return start, False, None
    owner: Owner | None = "reporter" if words[cue] != "somos" else None
    if speech.quoted(words, cue):
        posing = start < count and (words[start] in ("tu", "su", "el", "la") or words[start] in _RANKS)
        owner = "suspect" if posing else "unknown"
    if words[cue] in ("habla", "abla") and any(word in _RANKS for word in words[start : start + 2]):
        owner = None
    while start < count and (words[start] in ("el", "la", "yo", "su", "tu", ".") or words[start] in _TITLES | _RANKS):
        start += 1
    if start < count and words[start] in KIN:
        start += 1
    called = start < count and reading.known(start) & GIVEN and words[start] not in DESCRIBING
    trade = start + 1 < count and not called and reading.known(start) & COMMON and reading.capital(start + 1)
    if trade and reading.known(start + 1) & (NAME | UNKNOWN) and not reading.capital(start):
        start += 1
    return start, words[cue] in _GLUED, owner


_GLUED = frozenset({"mellamo", "meyamo", "minombre"})


def _past_titles(words: list[str], start: int) -> int:
    while start < len(words) and (words[start] in _BEFORE_TITLE or words[start] in _RANKS or words[start] in _TITLES):
        start += 1
    return start


def _past_called(
    reading: Reading, cue: int, start: int, sure: bool, owner: Owner | None
) -> tuple[int, bool, Owner | None]:
    """ "mi hijo se llama …", "mi hija de nombre …": the name stands behind."""
    words = reading.words
    if words[cue] not in KIN:
        return start, sure, owner
    while start + 1 < len(words) and (
        (words[start] in ("se", "que", "q") and words[start + 1] in _NAMED)
        or words[start : start + 2] == ["de", "nombre"]
    ):
        start, sure = start + 2, True
    return start, sure, owner
