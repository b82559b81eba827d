"""Whose telephone, account, e-mail or link: told by what the number is called, who does what with it, then the scene.

Nearest first: the noun phrase the number hangs on ("mi cel", "del", "su número"), the person before it, the verb of
its clause, the words behind it, and at last what the whole message is about. Whatever speaks for the reporter's side
wins where it is as near; a bare number at the end of a message is nobody's: it may be a signature.
"""

from __future__ import annotations

from workers.anonymise import behind_it, callings, lent, phrases, roles, scene, voices
from workers.anonymise.introductions import KIN
from workers.anonymise.model import Found, Owner
from workers.anonymise.phrases import MONEY, Phrase
from workers.anonymise.reading import Reading
from workers.anonymise.wordlist import bag

_CONTACTS = MONEY | {"TELEFONO", "CORREO"}
_REACH, _FAR = 16, 34
_HARD = frozenset(".;!?")
_OBJECTS = bag("me nos m te le les se lo la los las")
_LINKS = bag("y e o u , / - tambien tmb luego despues otro el al del de la mas ala con a ahora los d")
_SEPARATORS = bag(", / : - ; y su")
_KINDS = bag("tel telefono cel celular numero num correo cuenta tarjeta clabe whats")
_FIRST_OR_THIRD = bag("hablo ablo llamo yamo marco marko mando escribo contesto envio deposito pago transfiero")
_MOVED = bag("mandaron pasaron transfirieron enviaron movieron traspasaron fue fueron transferieron")
_I_CALLED = _FIRST_OR_THIRD | bag(
    "yo soy les marque llame hable escribi mande reporte reporto registre marcamos llamamos hablamos"
)
_OFFERED = bag("datos informes informacion aclaraciones dudas")
_NOUNS = bag("llamada llamadas yamada yamadas mensaje mensajes msj msjs sms audios audio fotos video videos amenazas")


def decide(reading: Reading, find: Found, earlier: list[Found]) -> Owner:
    """The owner of a number, e-mail or link. `earlier` are the finds before it, owners told."""
    listed = _listed(reading, find, earlier)
    if listed is not None:
        return listed
    if lent.introduced(reading, find, earlier):
        return "reporter"
    phrase = phrases.before(reading, find, earlier)
    phrase.money = find.type in MONEY
    if phrase.theirs or ("suyo" in reading.words[max(0, find.first - 4) : find.first] and earlier):
        return "suspect"
    if phrase.mine and (find.type != "URL" or _own_page(reading.words, find.first)):
        return "unknown" if _denied(reading.words, phrase.start) else "reporter"
    if find.type == "URL":
        return "suspect" if not _own_page(reading.words, find.first) else "unknown"
    words = reading.words
    after = words[find.last : find.last + 9]
    if any(word in voices.HOLDERS for word in after) and any(word in ("decia", "dice", "decian") for word in after):
        return "suspect"
    signs = phrase.start == find.first and ("soy" in after[:2] or "atte" in after[:2])
    if signs or not _OFFERED.isdisjoint(words[max(0, find.first - 6) : find.first]):
        find.doubted = True
        return "unknown"
    if lent.of_mine(words, find.first):
        return "reporter"
    if lent.given(words, find):
        find.doubted = True
        return "unknown"
    if find.type in MONEY and not phrase.target and any(word in _EMPTIED for word in words[find.last : find.last + 4]):
        return "reporter"
    behind = behind_it.told(reading, find, phrase)
    if behind == "reporter":
        return "reporter"
    if (
        find.type == "TELEFONO"
        and not (phrase.source or phrase.target)
        and words[max(0, find.first - 2) : find.first] != ["es", "del"]
        and (scene.traced(words, find.first) if phrase.his else scene.sought(words, phrase.start))
    ):
        find.doubted = True
        return "unknown"
    owner = (
        _of_person(reading, phrase)
        or _of_clause(reading, find, phrase, earlier)
        or behind
        or _of_scene(reading, find, phrase, earlier)
    )
    back = words[max(0, find.first - 14) : find.first]
    asked = find.type in MONEY and any(
        word == "su" and back[turn + 1] in roles.THINGS for turn, word in enumerate(back[:-1])
    )
    if owner == "suspect" and (phrase.his or asked) and lent.somebody_elses(words, phrase.start, earlier):
        find.doubted = True
        return "unknown"
    return owner


_PAGES = bag("pagina perfil face facebook insta instagram sitio tienda negocio canal tiktok web link liga muro")


def _own_page(words: list[str], first: int) -> bool:
    back = words[max(0, first - 4) : first]
    mine = any(
        word in phrases.OURS and back[turn + 1 : turn + 2] and back[turn + 1] in _PAGES
        for turn, word in enumerate(back)
    )
    return mine and phrases.TARGET.isdisjoint(back)


def _listed(reading: Reading, find: Found, earlier: list[Found]) -> Owner | None:
    """ "del 55… y del 56…": one in a list with the one before it has its owner."""
    if not earlier or find.first - earlier[-1].last > 4:
        return None
    between = reading.words[earlier[-1].last : find.first]
    speaks = reading.words[find.last : find.last + 2]
    if speaks[:1] in (["me"], ["nos"], ["m"]) and speaks[-1] in voices.CONTACTING | voices.SAID:
        return None
    same = earlier[-1].type == find.type or {earlier[-1].type, find.type} <= MONEY
    if same and all(word in _LINKS for word in between) and not (find.type in MONEY and between[:1] == ["a"]):
        return earlier[-1].owner
    if earlier[-1].owner == "suspect" and between and all(word in _SEPARATORS or word in _KINDS for word in between):
        return "suspect"
    alike = find.type in _CONTACTS and earlier[-1].type in _CONTACTS and between[:1] in (["y"], ["o"], [","])
    return earlier[-1].owner if alike and all(word in _LINKS or word in _KINDS for word in between) else None


def _hard(words: list[str], index: int) -> bool:
    """A full stop, and no hesitation ("este...") or abbreviation ("tel.")."""
    if words[index] not in _HARD:
        return False
    if words[index] != ".":
        return True
    around = words[max(0, index - 1) : index] + words[index + 1 : index + 2]
    return ("." not in around and around[:1] and around[0] not in _SHORT) or False


_SHORT = bag("tel cel num no lic sr sra nro cta col")


def _denied(words: list[str], start: int) -> bool:
    """ "que no es mi cuenta"."""
    return words[max(0, start - 2) : start] == ["no", "es"]


def _of_person(reading: Reading, phrase: Phrase) -> Owner | None:
    """ "soy Lupita 55…", "un tal Lugo, cel 55…"."""
    if phrase.person is None or phrase.person.owner is None:
        return None
    return phrase.person.owner if phrase.person.owner != "unknown" else None


_EMPTIED = bag("vacio vaciaron vaciada clonaron clonada robaron hackearon cancelada bloqueada")


def _of_clause(reading: Reading, find: Found, phrase: Phrase, earlier: list[Found]) -> Owner | None:
    """The nearest verb or person before the phrase that speaks for one side."""
    words = reading.words
    told = {place: e for e in earlier[-6:] if e.type in ("NOMBRE", "ALIAS") for place in range(e.first, e.last)}
    reach = _FAR if phrase.his else _REACH
    to = phrase.target
    bare = phrase.start == find.first
    stop = max(0, phrase.start - (3 if bare else reach))
    index = phrase.start
    while index > stop:
        index -= 1
        word = words[index]
        before = words[index - 1] if index else ""
        if word in _HARD:
            if (
                _hard(words, index)
                and not phrase.his
                and not (phrase.start - index == 1 and (phrase.copula or phrase.source or phrase.pointed))
            ):
                break
            continue
        if index in told:
            person = told[index]
            if phrase.his or (phrase.noun and not to) or find.type == "ALIAS":
                if person.owner == "suspect":
                    return "unknown" if phrase.his and scene.of(reading).search else "suspect"
                if person.owner == "reporter" and (not callings.is_object(words, person.first) or not phrase.copula):
                    return "reporter" if phrase.his else None
            index = person.first
            continue
        owner = _by_word(words, index, word, before, phrase)
        if owner == "stop":
            find.doubted = True
            return "unknown"
        if owner is not None:
            return "reporter" if owner == "reporter" else "suspect"
    return None


def _by_word(words: list[str], index: int, word: str, before: str, phrase: Phrase) -> str | None:
    """What one word before the phrase tells: an owner, "stop" for explicit doubt, None to look further back."""
    following = words[index + 1] if index + 1 < len(words) else ""
    to, money = phrase.target, phrase.money
    if word in phrases.OURS:
        if to and following in roles.REACHED and not money:
            return "reporter"
        if following in KIN and money and to and callings.is_object(words, index):
            return "stop"
        if following in KIN and not (phrase.his or phrase.source or money or callings.is_object(words, index)):
            return "stop"
        if following in roles.THINGS and phrase.copula and not phrase.noun:
            return "stop"
        if (
            following in roles.THINGS
            and not phrase.source
            and not phrase.his
            and not (to and money)
            and not phrase.copula
        ):
            return "stop" if following not in ("casa", "negocio", "tienda", "trabajo") or to else None
        if following in KIN and phrase.his:
            return "stop" if callings.is_object(words, index) and phrase.copula else "reporter"
        return None
    if word in ("mio", "mia", "mios") and before in ("el", "la", "los") and not phrase.his:
        return "reporter"
    if word in ("ella", "el") and before in ("de", "d") and any(w in KIN for w in words[max(0, index - 14) : index]):
        return "stop"
    if word == "envio" and before in ("el", "del", "un"):
        return None
    if money and to and word in ("paso", "pase", "pasar", "pasamos", "pasarle", "pasarles"):
        return "suspect"
    if money and word == "con" and (before in voices.PAYING or before.startswith("foto")):
        return "stop"
    if before == "se" and word in ("llama", "yama"):
        return None
    if word.startswith(("deposit", "transfer")) and before in (
        "llegan",
        "llego",
        "llegaron",
        "caen",
        "cayeron",
        "caido",
    ):
        return "stop"
    if word.startswith("regres") and "llamada" in words[index + 1 : index + 3]:
        return None if phrase.source else "reporter"
    if word in voices.PAYING and before in ("me", "nos", "m") and not money and not phrase.source:
        return "stop"
    if word in ("compre", "compramos") and not money and not to:
        return "stop"
    if word in voices.PAYING and _given_away(words, index) and not money and not to:
        return "stop"
    if word in voices.REACH_ME and not phrase.source:
        said = (
            any(w in voices.SAID for w in words[max(0, index - 10) : index])
            and "yo" not in words[max(0, index - 3) : index]
        )
        if word in ("contesto", "encuentro") and (not to or before in ("me", "no", "le", "q", "que")):
            return None
        posted = said and any(w in voices.HOLDERS for w in words[max(0, index - 12) : index])
        threat = said and before in callings.COMMANDS
        return "suspect" if posted or threat else "stop" if said else "reporter"
    if (
        word in voices.GIVING
        and not phrase.his
        and not to
        and (money or phrase.noun or phrase.pointed or phrase.copula)
    ):
        return "suspect"
    if word in ("contesta", "contesto", "responde", "entra") and before in ("no", "ni") and phrase.his:
        return "stop"
    if word in voices.GIVING and phrase.his:
        return None
    if word in voices.CALL_THEM and (before not in _OBJECTS or before in ("me", "le", "les")) and not phrase.source:
        return callings.called(words, index, word, before, to)
    if word in voices.LOST and (money or phrase.noun) and not phrase.source and not to and before not in ("esta",):
        return "reporter"
    if money and to and word in _MOVED:
        return "suspect"
    if word in voices.PAYING and not (phrase.source and not money):
        if before in KIN and "en" in words[index + 1 : phrase.start + 3]:
            return "stop"
        if before in ("me", "nos", "mi") and word not in ("mande", "comunique") and money and not to:
            return "stop"
        if any(w in callings.ASKED for w in words[max(0, index - 2) : index]):
            return "stop"
        if money or to or phrase.noun or _straight(words, index, phrase.start):
            return "suspect"
        return None
    if word in ("soy", "nombre", "atte", "att") or (word in ("llamo", "yamo") and before == "me"):
        return None if phrase.source or phrase.pointed or to or money else "stop"
    if word.startswith("report") and phrase.source and before in ("se", "me", "lo", "la", "yo", "ya"):
        return "stop"
    if word in voices.LISTING and not to:
        if index + 1 < phrase.start and not (phrase.noun or phrase.pointed or phrase.copula):
            return None
        own = before in roles.MINE or any(w in phrases.OURS for w in words[index + 1 : phrase.start])
        return "stop" if own or phrase.person is not None else "suspect"
    if before == "les" and word in voices.CONTACTING:
        return "stop"
    if word in _FIRST_OR_THIRD and before not in _OBJECTS:
        return "stop" if to or not phrase.source or index + 1 == phrase.start else None
    if word in _NOUNS or word in ("dijo", "dijeron", "dice", "dicen", "diciendo"):
        return "suspect" if phrase.source and not phrase.his else None
    if word in voices.CONTACTING:
        if phrase.his and (money or not phrase.copula):
            return None
        if to:
            quoted = before == "no"
            return "suspect" if quoted else "stop"
        if before in roles.MINE or (before in ("no", "ni") and not phrase.source):
            return None
        return "suspect"
    if word in voices.HOLDERS and not to:
        return "suspect"
    if money and word.startswith(("cobr", "carg", "compr", "descont")) and "en" in words[index + 1 : phrase.start + 3]:
        return "stop"
    if phrase.his and before in ("la", "lo", "las", "los") and word in voices.DEMANDING and not money:
        return "stop"
    if word in voices.DEMANDING and words[index + 1] in ("apoyo", "ayuda", "informes", "auxilio", "justicia"):
        return "stop"
    if (word in voices.DEMANDING and before != "si") or word in voices.CRIMES:
        return None if (phrase.his and money) or (to and not phrase.his and not money) else "suspect"
    if word in roles.SUSPECTS and word not in ("cartel", "union", "app"):
        if word in roles.PEOPLE and callings.is_object(words, index):
            return None
        return "suspect" if phrase.his or phrase.noun or phrase.source or phrase.copula or money else None
    if word in ("ex", "exesposo", "exnovio", "expareja", "exmarido"):
        return None
    if word in roles.VICTIMS and phrase.his and not callings.is_object(words, index):
        return "reporter"
    if word in voices.MISSING and (phrase.his or phrase.noun) and not phrase.source:
        return "reporter"
    return None


def _given_away(words: list[str], index: int) -> bool:
    """Whether the reporter gave something: "yo di este celular", "dejé mi número"."""
    return words[index] in ("di", "dimos", "deje") and words[index - 1 : index] not in (["les"], ["le"])


def _straight(words: list[str], index: int, start: int) -> bool:
    """Whether nothing but links stands between a verb of paying and the number."""
    return all(word in phrases.WORDS or word.isdigit() for word in words[index + 1 : start])


def _of_scene(reading: Reading, find: Found, phrase: Phrase, earlier: list[Found]) -> Owner:
    """No clause told. A number that is spoken of as *the* number in a tale of threats is theirs; a bare one is not."""
    look = scene.of(reading)
    words = reading.words
    back = words[max(0, find.first - 3) : find.first]
    if phrase.person is not None or look.plain or (look.phone_lost and find.type == "TELEFONO"):
        return "unknown"
    if phrase.his:
        return "suspect" if not look.search and not _kin_spoken_of(words, phrase.start) else "unknown"
    if find.type in MONEY:
        spoken_of = phrase.target or phrase.copula or phrase.noun
        used = words[max(0, find.first - 3) : find.first][-1:] in (["era"], ["fue"]) and not look.paying
        return "suspect" if (look.hostile or look.paying) and spoken_of and not (look.lost or used) else "unknown"
    spoke = words[max(0, phrase.start - 7) : phrase.start]
    if phrase.source and not look.search and _I_CALLED.isdisjoint(spoke):
        return "suspect"
    if look.search or not (look.hostile or look.tale):
        return "suspect" if phrase.source and look.hostile else "unknown"
    if _alone(words, find) and any(
        word in voices.CONTACTING or word in voices.DEMANDING for word in words[max(0, find.first - 5) : find.first]
    ):
        return "suspect"
    vague = any(word in roles.VAGUE or word == "contacto" for word in back)
    if vague and not (phrase.copula or phrase.pointed or phrase.source):
        return "unknown"
    if phrase.source or phrase.pointed or phrase.copula:
        return "suspect"
    if (
        phrase.noun
        and "un" in words[phrase.start : find.first]
        and "tengo" not in words[phrase.start - 2 : phrase.start]
    ):
        return "suspect"
    if phrase.noun and not vague and "el" in words[phrase.start : find.first]:
        return "suspect"
    return "unknown"


def _alone(words: list[str], find: Found) -> bool:
    """A number that is a sentence of its own, with another sentence behind it."""
    before, after = words[find.first - 1 : find.first], words[find.last : find.last + 2]
    return bool(before) and before[0] in _HARD and len(after) == 2 and after[0] in _HARD


def _kin_spoken_of(words: list[str], start: int) -> bool:
    return any(word in KIN for word in words[max(0, start - _FAR) : start])
