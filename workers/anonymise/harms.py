"""Who harms whom: whether a person in the sentence is the one complained of.

Told from verbs in the third person and what their object is: "Juan me golpea" accuses Juan, "a Juan lo golpean" does
not. Verbs that are harmless in themselves ("marca", "pide") accuse only with the reporter as their object.
"""

from __future__ import annotations

import re

from workers.anonymise import roles, voices
from workers.anonymise.introductions import KIN
from workers.anonymise.wordlist import bag

_STEMS = (
    "amenaz amenas golpe peg acos acoz maltrat extorsion estorsion extorcion cobr hostig asalt rob estaf engan "
    "toc manose encerr grit secuestr clon dispar balac empuj insult molest patea avent vigil chantaje defraud quit "
    "kit viol abus mat mand jalone chantag explot intimid roba asust obliga humill estafab desped corr grab"
)
HARMS = (
    voices.third_person(_STEMS, "a o aba ando ado aria")
    | voices.third_person("vend agred persegu escond met promet exig exij exhib", "e io ia iendo ido")
    | voices.third_person("clausur deten mult embarg correte desaloj", "a o ando")
    | bag(
        "sigue siguio siguiendo persigue pide pidio pidiendo pedia debe debia deve presta prestaba trae "
        "amedrenta marca marco marcando llama llamo escribe escribio manda mando ofrecio ofrece cobraba roba "
        "droga presume acuchillo apunalo amaga grita grito falto quemo rompio destrozo organiza recluta maneja "
        "encierra agarra agarro llevo deja dejo tira tiro vino viene anda sube subio publica publico burla "
        "transa chantajea extorciona detuvo usa uso saca saco opera quiere kiere queria hit hits threatens "
        "threatened beats robbed stole attacked charged extorts corta"
    )
)
"""What a suspect does to somebody, singular: the object tells whether it accuses."""
PLAIN_HARMS = (
    voices.third_person(
        "amenaz amenas golpe acos extorsion estorsion extorcion cobr hostig asalt rob estaf defraud secuestr viol abus "
        "chantaje maltrat manose ahorc apunal patea humill encerr clon balac dispar peg",
        "a o aba ando",
    )
    | bag("exige exigio roba trafica transo transa agrede agredio agrediendo pegando")
) - bag("robo asalto cobro abuso")
"""Harms that accuse without an object."""
_AMBIGUOUS = bag(
    "quiere kiere queria robo asalto cobro abuso mando llamo marco escribe pide pidio dio trae debe deve debia "
    "vende vendia vendio maneja opera organiza presta deja dejo llevo usa vino anda viene marca manda"
)
ME = bag("me nos m my us")
GOODS = roles.HARM - bag("a al les con mi mis los las me nos")
_AUX = bag("esta estaba anda andaba sigue viene estan")
ARMS = bag(
    "machete pistola cuchillo arma navaja pistolas armas tubo bat azadon fierro palo martillo tabla botella "
    "desarmador hacha piedra piedras cuerno escopeta rifle marro"
)
_STOP_BEFORE = bag("pero aunque porque xq . ; ! ?")
OBJECT = bag("a al")
THAT = bag("que q ke k")
TITLES = bag(
    "tipo tipa sujeto sujeta vendedor vendedora encargado encargada agiotista prestamista chofer taxista "
    "conductor repartidor ratero ratera ladron rata estafador estafadora extorsionador cobrador cobradora "
    "gestor gestora narco narcomenudista dealer acosador agresor violador lider dueno reclutador reclutadora "
    "coyote pollero pandillero malandro vato bato wey guey morro morra chavo chava cabron individuo fulano "
    "hombre senor senora muchacho muchacha mujer sr sra tipejo director directora maestro maestra profe "
    "profesor profesora doctor entrenador pastor padre sacerdote guardia vigilante custodio juez mp perito "
    "diputado lider delegado inspector funcionario supervisor supervisora asesor asesora abogado abogada "
    "administrador administradora portero portera albanil conserje casero casera rentero rentera plomero "
    "mecanico cerrajero electricista intendente velador contratista constructor ingeniero vecino vecina "
    "inquilino inquilina companero companera jefe jefa gerente patron patrona yerno nuera suegro cunado novio "
    "marido padrastro microbusero combi operador cadenero mesero cantinero gasero franelero"
)
BAD = bag(
    "tipo tipa sujeto sujeta agiotista prestamista ratero ratera ladron rata estafador estafadora extorsionador "
    "cobrador cobradora narco narcomenudista dealer acosador agresor violador reclutador reclutadora coyote "
    "pollero pandillero malandro vato bato cabron individuo fulano contratista vendedor vendedora expareja "
    "exmarido exnovio exesposo gestor gestora supuesto supuesta dizque estafadores secuestrador sicario halcon "
    "asesor asesora ejecutivo ejecutiva"
)
OFFICE = roles.RANKS | bag(
    "patrullera actuaria elementos elemento mp transito juez mp policias oficiales agentes custodio patrullero "
    "patrulleros militar soldado marino ministerial perito polis secretario actuario"
)
_PASSIVE = (roles.PASSIVE - bag("le la lo les")) | bag(
    "fueron no iba salio sale traia llora lloraba desaparecio contesta aparece estudia tiene"
)
POSING = bag("apellidarse apeyidarse llamar yamar ser era es pasar soy llamarse yamarse como seria")
CLAIM = bag(
    "dijo dice dise dicen disen dijeron diciendo decia pasar paso hizo hacia haciendose hace identifico "
    "identifica presenta presento presentaba ostenta"
)


_DETERMINERS = bag("un una unos unas mi mis el la los su")
_HOLDS = bag("dejaba dejan deja dejo suelta suelto regresa regreso devuelve devolvio")
_NEW_SUBJECT = bag("un una el la los las unos unas quien dos tres")
_HARMLESS = bag("que q ke ayuda favor perdon consejo permiso paro prestado")
_HARMLESS_DEEDS = bag("saca saco agarra grito grita viene vino sube subio llevo sigue siguio deja dejo")
_SENT = bag("amenazas amenasas audios groserias insultos fotos videos")
_REACHING = bag("marca marco marcando llama llamo llamando escribe escribio manda mando mandando")
_OWES = bag("debe deve debia")
SUFFERED = re.compile(r"(?:ad|id)[oa]s?$")
_INFINITIVE = re.compile(r"(?:ar|er|ir)(?:l[eoa]s?|me|nos|se)?$")
_CARRIES = bag("llevo lleva saco saca subio trajo jalo")
_WITHHELD = bag(
    "abre atiende regreso entrego devolvio pagan quiere quiso cumplio respeta deja deje dejo suelta paga pago "
    "devuelve entrega regresa"
)
_ANSWERS = bag("contesta contesto escucha oye cree creen creyo")


_HOSTILE_KIN = bag(
    "inquilino inquilina casero casera socio rentero esposo marido novio pareja padrastro ex exesposo exmarido "
    "exnovio expareja vecino yerno cunado suegro"
)


_BETWEEN = (
    bag("concubino concubina") | TITLES | KIN | roles.MINE | OFFICE | bag("el la un una don dona ex su , es fue . lic")
)


_CRUEL = (
    HARMS
    | voices.third_person(
        "ahorc ahog arrastr encanon apunt amarr jal jalone aporre lesion navaje quem rasgun sofoc azot cachete tortur "
        "violent atropell atac embosc enamor desnud drog escup insult picote machete balace amordaz ultraj tir encuer "
        "grab fotografi espi corre cachete descalabr",
        "a o ando",
    )
    | bag("mordio muerde mordiendo somete sometio persiguiendo hirio hiere hiriendo agarro agarra agarrando metio")
)
_PERSONS = KIN | bag(
    "senora senoras senor senores nina ninas nino ninos gente vecinos vecinas comerciantes muchachas muchachos "
    "muchacha personas chavos chavas clientes locatarios choferes abuelitos adultos mujeres menores "
    "trabajadores alumnas alumnos estudiantes pasajeros todos nosotros ancianos viejitos familia perro hijos "
    "hijas papas padres"
)


def _acts_on(following: list[str], strict: bool = False) -> bool:
    """ "esta ahorcando a mi hermana", "encerro a su abuela": a deed done to somebody."""
    if following[:1] == [","]:
        following = following[1:]
    at = 1 if following[:1] and following[0] in _AUX else 0
    while following[at : at + 1] and following[at] in (
        "ya",
        "siempre",
        "otra",
        "vez",
        "ayer",
        "hoy",
        "anoche",
        "tambien",
    ):
        at += 1
    if len(following) < at + 3 or following[at + 1] != "a":
        return False
    if not any(word in _PERSONS for word in following[at + 2 : at + 4]):
        return False
    if strict and following[at + 2] not in ("mi", "mis", "mama", "papa", "nosotros", "nuestra", "nuestro"):
        return False
    verb = following[at]
    return verb in _CRUEL and verb not in _AMBIGUOUS and verb not in _REACHING and verb not in _HARMLESS_DEEDS


def _in_english(following: list[str]) -> bool:
    return any(
        word in _ENGLISH and following[turn + 1 : turn + 2] in (["me"], ["us"], ["my"], ["him"], ["her"])
        for turn, word in enumerate(following)
    )


_ENGLISH = bag(
    "hit hits kill threatens threatened threatening beats beat robbed stole attacked charged extorts follows hurt"
)


def harms(words: list[str], first: int, last: int, strict: bool = False) -> bool:
    """Whether what stands behind a name makes its bearer the one who harms: "me golpea", "es el que cobra piso".

    `strict`: only what is done to the reporter or to somebody named counts, as for the reporter's own people.
    """
    following = words[last : last + 12]
    object_before = bool(first) and words[first - 1] in OBJECT
    if not object_before and (_acts_on(following, strict) or _in_english(following)):
        return True
    withholds = following[:1] == ["no"] and following[1:2] in (["la"], ["lo"], ["las"], ["los"])
    if (
        not withholds
        and following[:1]
        and following[0] in _PASSIVE
        and following[1:2] not in (["me"], ["nos"], ["mis"], ["afuera"])
    ):
        return False
    sent = following[2:3] and following[0] in ME and following[1] in _REACHING and following[2] in _SENT
    if sent and not strict and not object_before:
        return True
    relative = any(word in THAT for word in following[: 2 if following[:1] == [","] else 1])
    for turn, word in enumerate(following[:10]):
        before = following[turn - 1] if turn else ""
        if word in _STOP_BEFORE:
            return False
        opens = word in ("y", ",") and bool(turn or strict)
        if opens and any(w in _NEW_SUBJECT for w in following[turn + 1 : turn + 2]):
            return False
        if (
            word in ("el", "la", "quien")
            and turn < 3
            and following[turn + 1 : turn + 2]
            and following[turn + 1] in THAT
        ):
            relative = True
        if word in ("tiene", "sube", "subio") and following[turn + 1 : turn + 2] in (["mis"], ["nuestras"]):
            return not object_before
        kept = not strict and word in ("tiene", "trae", "tenia") and before in ("la", "lo", "me", "nos", "los", "las")
        if kept and SUFFERED.search("".join(following[turn + 1 : turn + 2])):
            return not object_before
        if word in HARMS:
            clitic = before if before not in _AUX else following[turn - 2] if turn > 1 else ""
            goes_on = following[turn + 1 : turn + 5]
            if clitic in ("le", "lo", "la", "les", "los", "las"):
                done = clitic in ("le", "les") and word not in _AMBIGUOUS | _REACHING and not object_before
                if words[max(0, first - 2) : first - 1] == ["su"] and words[first - 1] in KIN:
                    return not strict
                if strict and "mi" not in goes_on and "mis" not in goes_on:
                    return False
                return done and (relative or "a" in goes_on or "al" in goes_on)
            mine = any(w in ME for w in following[max(0, turn - 3) : turn])
            if object_before and not relative:
                return False
            if (
                word not in _AMBIGUOUS | _HARMLESS_DEEDS
                and goes_on[:1] == ["a"]
                and goes_on[1:2] in (["mi"], ["su"], ["mis"], ["sus"], ["una"], ["los"], ["las"], ["un"])
            ):
                return True
            if word in ("llevo", "llevan") and before == "se" and not strict:
                return True
            subject = goes_on[1:2] and goes_on[0] in _DETERMINERS and (goes_on[1] in TITLES or goes_on[1] in KIN)
            apart = following[:1] == [","] and words[first - 1 : first] != [","]
            if mine and (subject or apart) and not relative:
                return False
            asks = (
                word in ("pidio", "pide", "pedia", "exige", "exigio")
                and goes_on[:1] != []
                and (goes_on[0] in _HARMLESS or (_INFINITIVE.search(goes_on[0]) and goes_on[0] not in voices.PAYING))
            )
            due = word in _OWES and (not mine or (goes_on[0:1] != [] and goes_on[0].endswith(("ar", "er", "ir"))))
            takes = (
                word in _CARRIES
                and goes_on[:1] != []
                and goes_on[0] in ("a", "al", "de", "en", "cargando", "corriendo")
            )
            if due or word in _REACHING or asks or takes:
                continue
            if strict and not (mine or relative):
                continue
            if before == "se" and not strict and word in ("robo", "llevo", "quito"):
                return True
            if turn == 0 and word in ("cobro", "abuso", "asalto"):
                return True
            if word in ("pide", "pidio", "pedia") and goes_on[:1] and goes_on[0].isdigit() and len(goes_on[0]) > 2:
                return True
            if word in PLAIN_HARMS or mine or (relative and word not in _AMBIGUOUS) or any(w in GOODS for w in goes_on):
                return True
            continue
        if word in ME and following[turn + 1 : turn + 2] in (["quiere"], ["kiere"], ["quiso"], ["queria"], ["anda"]):
            return not object_before
        if (
            word == "no"
            and following[turn + 1 : turn + 2]
            and following[turn + 1] in ("la", "lo", "las", "los")
            and not strict
        ):
            return following[turn + 2 : turn + 3] != [] and following[turn + 2] in _HOLDS and not object_before
        if word == "se" and following[turn + 1 : turn + 2] in (["los"], ["las"], ["lo"], ["la"]) and not strict:
            return following[turn + 2 : turn + 3] in (["llevo"], ["robo"]) and not object_before
        if word == "no" and following[turn + 1 : turn + 2] and following[turn + 1] in ME:
            several = any(verb.endswith("n") for verb in following[turn + 2 : turn + 3])
            holds = not _WITHHELD.isdisjoint(following[turn : turn + 4])
            return holds and not object_before and not several and _ANSWERS.isdisjoint(following[turn : turn + 4])
        if word in roles.MINE and not relative:
            return False
    return False


def harmed_by(words: list[str], first: int) -> bool:
    """Whether a harm right before a name has it as its subject: "me amenaza Juan", never "amenazan a Juan"."""
    back = words[max(0, first - 7) : first]
    if not back or "a" in back[-2:] or "al" in back[-3:]:
        return False
    kin = "su" in back[-3:]
    if kin and SUFFERED.search(back[back.index("su") - 1]) and any(w in ("tiene", "trae", "tenia") for w in back[:-1]):
        return True
    for turn in range(len(back) - 1, -1, -1):
        clitics = back[max(0, turn - 3) : turn]
        if back[turn] in _REACHING and any(word in roles.MINE for word in back[turn + 1 :]):
            return False
        if back[turn] in HARMS and any(w in ME or (kin and w in ("la", "lo", "le")) for w in clitics):
            return all(w in _BETWEEN for w in back[turn + 1 :])
    return False


def _comes_armed(following: list[str]) -> bool:
    """ "esta afuera de mi casa con un machete", "trae un cuchillo": no "fue asaltado con pistola"."""
    arm = next((turn for turn, word in enumerate(following) if word in ARMS), -1)
    said = following[: max(arm, 0)]
    if arm < 0 or "fue" in said or any(SUFFERED.search(word) for word in said):
        return False
    return "trae" in said or ("con" in said and any(word in _COMES for word in said))


_COMES = bag("esta anda llego viene vino entro afuera sigue persigue quiere salio espera corre grita")


_STRUCK = voices.third_person("peg golpe mat apunal quem violent fractur descalabr ahorc", "a o aba")
_HELD = ("encerrad", "encerad", "enserrad", "amarrad", "amenazad", "secuestrad", "golpead", "guardad", "retenid")
_AT_ME = bag("apunto apunta encanono encanona toco toca encerro encierra jalo corrio aventa avienta")


def _wrongs(following: list[str]) -> bool:
    """ "me apuntó", "tiene encerrada a …", "amenaza con …": what even one's own people are accused by."""
    for turn, word in enumerate(following[:-1]):
        after = following[turn + 1]
        if (
            word == "no"
            and after in ("deja", "dejo", "dejaba")
            and following[turn + 2 : turn + 3] in (["que"], ["q"], ["salir"])
        ):
            return True
        if word in ("deja", "dejo", "dejaba") and any(
            later.startswith(_HELD) for later in following[turn + 1 : turn + 5]
        ):
            return True
        if word in _STOP_BEFORE or word in ("lo", "la", "le"):
            return False
        if word in ("tiene", "trae", "tenia") and after.startswith(_HELD):
            return following[turn + 2 : turn + 3] != ["su"]
        if (word in ME and after in _AT_ME) or (word in ("amenaza", "amenazo") and after == "con"):
            return True
    return False


def accused_kin(words: list[str], cue: int, first: int, last: int) -> bool:
    """Whether one of the reporter's own people is the one complained of: "mi marido … me pega", "dijo ser mi primo"."""
    back = words[max(0, cue - 6) : cue]
    if "pasar" in back[-3:]:
        return False
    if any(w in POSING for w in back[-4:]) and any(w in CLAIM for w in back):
        return False
    if back[-1:] in (["de"], ["del"], ["d"]):
        return False
    if any(w.startswith(("defend", "protej", "proteg")) for w in words[last : last + 8]):
        return False
    if words[cue + 1 : cue + 2] and words[cue + 1] in _HOSTILE_KIN and _comes_armed(words[last : last + 14]):
        return True
    if back[-1:] == ["es"] and any(w in BAD for w in back):
        return True
    if back[-2:] in (["me", "tiene"], ["m", "tiene"], ["nos", "tiene"]) and any(w.startswith(_HELD) for w in words):
        return True
    who = "que" in back or "q" in back or "quien" in back
    if back[-1:] in (["es"], ["fue"], ["era"]) and (any(w in HARMS for w in back) or (who and "me" in back)):
        return True
    if len(back) > 1 and back[-1] in _STRUCK and back[-2] in ("le", "la", "lo", "les"):
        return True
    if back[-1:] != ["a"] and _wrongs(words[last : last + 9]):
        return True
    drawn = words[last : last + 2]
    if drawn[:1] and drawn[0] in ("trae", "traia", "saco", "agarro") and not ARMS.isdisjoint(words[last : last + 5]):
        return True
    if len(back) > 1 and back[-1] in ("a", "contra") and back[-2] in ("denunciar", "acusar", "denuncio", "demandar"):
        return True
    strict = back[-1:] == ["a"] or words[cue + 1 : cue + 2] == [] or words[cue + 1] not in _HOSTILE_KIN
    return harms(words, first, last, strict) or harmed_by(words, first)
