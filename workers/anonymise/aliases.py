"""What people are called in the street: "le dicen el chispa", "alias la güera", "un tal beto"."""

from __future__ import annotations

from workers.anonymise import roles
from workers.anonymise.introductions import KIN
from workers.anonymise.lexicon import ALIAS, COMMON, NAME, STREET
from workers.anonymise.model import Found, Owner
from workers.anonymise.reading import UNKNOWN, Reading
from workers.anonymise.wordlist import bag

_SAID = bag(
    "dicen disen digan conocen llaman yaman apodan apoda dice dise nombran conocemos decimos decian "
    "desian apodaron disn nombraban nombraba desimos deciamos ubicamos ubican ubicado ubicada conosen conosemos disin"
)
_WE_SAY = bag("desimos conosemos ubicamos deciamos")
_DIRECT = bag(
    "alias apodado apodada apodo sobrenombre apodos firma firman firmado firmada firmadas firmo firmaba firmaban"
)
_POSING = bag("pasar identifica identifico identificaron ser presento presenta llamar")
_NOBLE = bag("senor senora jefe rey patron comandante mero")
_FROM = bag("parte gente banda pistoleros sicarios compadre enviado mandado deudas cuota encargo orden ordenes hijo")
_ASKING = bag("pregunta preguntan pregunte pregunten preguntando busca buscan busque busquen")
TRIGGERS = (
    _SAID
    | _DIRECT
    | _POSING
    | _NOBLE
    | _FROM
    | _ASKING
    | frozenset({"conocido", "conocida", "comandante", "licenciado", "lic", "abajo"})
)
_LINKS = frozenset(["como", "por", "es", ":", ",", '"', "'", "x", "com", "de", "solo", "nomas"])
_ARTICLES = bag("el la los las")
_NOT_ALIASES = bag(
    "que q k a al de del lo se me te les no si cuando donde como para pa por porque x xq en con su sus "
    "mi un una y ya mama papa gente vecinos cosas groserias quien cual eso esto nada todo todos veces "
    "ahi aqui este dinero verdad mismo mal dia deuda cobran cuota policia senora senor numero"
)
_PAPERS = bag("nota notas recado carta cartas manta mantas hoja papel cartulina mensaje amenaza")
_SPEAKING = bag("dice dise dijo dicen disen diciendo pasar llamar identifico identifica presento decia disiendo")
_WITNESSES = ("atestig", "testig", "declarar")
_RANKS = bag("comandante lic licenciado licenciada capitan oficial agente sargento teniente inspector ingeniero")


def find_aliases(reading: Reading) -> list[Found]:
    """ALIAS spans, claimed at once, the article included."""
    found: list[Found] = []
    for index, word in enumerate(reading.words):
        if reading.bits[index] & ALIAS and not reading.claimed[index]:
            span = _after(reading, index, word)
            if span is not None and reading.free(span[0], span[1]):
                reading.claim(span[0], span[1])
                found.append(Found(span[0], span[1], "ALIAS", span[2], reading.phrase(span[0], span[1])))
    return found


def _after(reading: Reading, cue: int, word: str) -> tuple[int, int, Owner | None] | None:
    words, count = reading.words, len(reading.words)
    before = words[cue - 1] if cue else ""
    own = any(w in ("mi", "mis", "nuestro", "nuestra") for w in words[max(0, cue - 24) : cue])
    told_of_friend = (own and word in ("decimos", "conocemos", "desimos")) or any(
        w.startswith(_WITNESSES) for w in words[max(0, cue - 30) : cue]
    )
    owner: Owner | None = "unknown" if told_of_friend or _of_kin(words, cue) else "suspect"
    index = cue + 1
    if word in _FROM:
        return _from(reading, index)
    if word in _ASKING:
        by = words[index : index + 1] in (["por"], ["x"]) and words[index + 1 : index + 2] in (["el"], ["la"])
        street = by and index + 2 < count and (reading.capital(index + 2) or reading.bits[index + 2] & STREET)
        return _alias(reading, index + 1, "unknown") if street else None
    if word == "abajo":
        signed = words[index : index + 1] in (["dice"], ["dise"], ["firma"], ["decia"]) and _papers(words, cue)
        return (
            _alias(reading, index + 1, "suspect")
            if signed and words[index + 1 : index + 2] in (["el"], ["la"])
            else None
        )
    if word in _DIRECT:
        if word.startswith("firm") and words[index + 1 : index + 2] and words[index + 1] in _PAPERS:
            index += 2 + (words[index + 2 : index + 3] in (["un"], ["una"]))
            opens = index + (words[index : index + 1] == ['"'])
            return _alias(reading, index, owner) if opens < count and reading.capital(opens) else None
        if word.startswith("firm") and words[index : index + 1] not in (["como"], ["por"], ["x"]):
            called = words[index : index + 1] in (["el"], ["la"]) and index + 1 < count
            named = called and (reading.capital(index + 1) or reading.bits[index + 1] & STREET or _papers(words, cue))
            return _alias(reading, index, owner) if named else None
        while index < count and words[index] in _LINKS:
            index += 1
        plural = words[index : index + 1] in (["los"], ["las"])
        if word.startswith("firm") and plural and not (index + 1 < count and reading.capital(index + 1)):
            return None
        return _alias(reading, index, owner)
    if word in _NOBLE and words[max(0, cue - 2) : cue] in (["soy", "el"], ["soy", "la"], ["habla", "el"]):
        said = any(w in _SPEAKING or w in ('"', "'") for w in words[max(0, cue - 6) : cue - 2])
        grand = words[index : index + 1] in (["de"], ["del"], ["mero"]) and (reading.capital(cue) or word != "senora")
        grand = grand or (
            reading.capital(cue) and not (index < count and (reading.claimed[index] or reading.known(index) & NAME))
        )
        return _alias(reading, cue - 1, "suspect") if said and grand else None
    if word in ("dice", "dise", "hace") and before == "se" and index < count and reading.capital(index):
        return _alias(reading, index, owner)
    if word == "ser" and before in _SPEAKING and words[index : index + 1] in (["el"], ["la"]) and index + 1 < count:
        lettered = len(words[index + 1]) == 1 and (
            index + 2 in reading.number_at or words[index + 2 : index + 3] == ["-"]
        )
        street = reading.bits[index + 1] & STREET or reading.capital(index + 1) or lettered
        return _alias(reading, index, owner) if street else None
    if word in _SAID:
        known_by = before in ("que", "q") and words[index : index + 1] in (["por"], ["como"], ["x"])
        if known_by:
            return _alias(reading, index + 1, owner)
        if word not in ("apodan", "apoda") and before not in (
            "le",
            "lo",
            "la",
            "les",
            "los",
            "me",
            "te",
            "apodan",
            "l",
            "m",
        ):
            return None
        if word in ("dice", "dise") and before in ("me", "le"):
            return None
        if word in _WE_SAY and owner == "suspect":
            owner = None
        if before in ("me", "m"):
            owner = "unknown"
            named = index < count and (
                words[index] in _ARTICLES or words[index] == "como" or reading.known(index) & NAME
            )
            if not named:
                return None
        street = index < count and before in ("lo", "la") and (reading.capital(index) or reading.bits[index] & STREET)
        if word in ("llaman", "yaman") and not (street or (index < count and words[index] in _ARTICLES)):
            return None
        while index < count and words[index] in _LINKS:
            index += 1
        return _alias(reading, index, owner)
    posing = word == "llamar" and before in ("hace", "hacia", "hizo", "hacen", "hacerse")
    if posing and index < count and (words[index] in _ARTICLES or words[index] in _RANKS or reading.capital(index)):
        return _alias(reading, index, owner)
    if word in ("conocido", "conocida"):
        if words[index : index + 1] not in (["como"], ["por"]):
            return None
        return _alias(reading, index + 1, owner)
    return _posing(reading, cue, word)


def _from(reading: Reading, index: int) -> tuple[int, int, Owner | None] | None:
    """ "gente del Chivo", "enviado d el Mamado", "gente del r cinco": whom they come from."""
    words, count = reading.words, len(reading.words)
    apart = words[index : index + 2] in (["de", "el"], ["d", "el"], ["de", "la"], ["d", "la"])
    name = index + 1 + apart
    if name >= count or not (apart or words[index] == "del") or reading.claimed[name]:
        return None
    if len(words[name]) == 1 and name + 1 in reading.number_at:
        return name, reading.number_at[name + 1].last, "suspect"
    bits = reading.known(name)
    street = bits & STREET or (bits & UNKNOWN and not bits & COMMON) or (reading.capital(name) and apart)
    return _alias(reading, name - apart, "suspect") if street and len(words[name]) > 3 else None


def _papers(words: list[str], cue: int) -> bool:
    """Whether a note, a banner or a message is spoken of right before."""
    return any(
        word in _PAPERS or word in ("aviso", "volante", "leyenda", "letrero") for word in words[max(0, cue - 40) : cue]
    )


def _alias(reading: Reading, index: int, owner: Owner | None) -> tuple[int, int, Owner | None] | None:
    """An article and one word, or two when the second is no ordinary one; without article a single word."""
    words, count = reading.words, len(reading.words)
    if index >= count or reading.claimed[index]:
        return None
    first = index
    if words[index] in ('"', "'"):
        first = index = index + 1
    article = index < count and words[index] in _ARTICLES
    index += article
    noble = article and index < count and words[index] in _NOBLE and words[index + 1 : index + 2] in (["de"], ["del"])
    if index >= count or not words[index].isalpha() or reading.claimed[index]:
        return None
    if (words[index] in _NOT_ALIASES and not noble) or (not article and len(words[index]) < 3):
        return None
    plain = reading.known(index) & COMMON and not reading.bits[index] & STREET and not reading.capital(index)
    if not article and plain and not _ends(reading, index + 1):
        return None
    ranked = words[index] in _RANKS
    index += 1
    if ranked and index < count and not reading.claimed[index]:
        if words[index].isdigit() and len(words[index]) <= 2:
            return first, index + 1, owner
        named = reading.bits[index] & STREET or reading.known(index) & (NAME | UNKNOWN)
        named = named or _ends(reading, index + 1) or words[index + 1 : index + 2] in (["su"], ["q"], ["que"], ["me"])
        if words[index].isalpha() and len(words[index]) > 2 and named:
            return first, index + 1, owner
    numbered = index < count and words[index].isdigit() and len(words[index]) <= 2 and reading.capital(index - 1)
    if index < count and words[index].isdigit() and (reading.glued(index) or numbered):
        return first, index + 1, owner
    if noble:
        index += 2 + (words[index + 1 : index + 2] in (["la"], ["los"], ["las"]))
        number = reading.number_at.get(index)
        if number is not None and len(number.digits) < 3 and not number.explained:
            index = number.last
        return first, min(index, count), owner
    while index < count and index - first < 4 and words[index].isalpha() and not reading.claimed[index]:
        if reading.known(index) & COMMON and not reading.capital(index) and not reading.bits[index] & STREET:
            break
        if not (reading.known(index) & (NAME | UNKNOWN | STREET) or reading.capital(index)):
            break
        index += 1
    behind = reading.number_at.get(index) if reading.capital(index - 1) else None
    if behind is not None and len(behind.digits) <= 2 and not behind.explained and reading.free(index, behind.last):
        index = behind.last
    return first, index, owner


def _of_kin(words: list[str], cue: int) -> bool:
    """ "a mi hijo le dicen el gordo": what one's own people are called accuses nobody."""
    back = words[max(0, cue - 24) : cue]
    own = [turn for turn, word in enumerate(back[:-1]) if word in ("mi", "mis") and back[turn + 1] in KIN]
    if not own:
        return False
    since = back[own[-1] :]
    other = any(word in ("que", "q") and since[turn - 1] in ("el", "la", "los") for turn, word in enumerate(since))
    return len(since) <= 8 or (roles.SUSPECTS.isdisjoint(since) and not other)


def _ends(reading: Reading, index: int) -> bool:
    return (
        index >= len(reading.words)
        or not (reading.words[index].isalpha() or reading.claimed[index])
        or reading.words[index] in ("y", "es", "cobra", "trae")
    )


def _posing(reading: Reading, cue: int, word: str) -> tuple[int, int, Owner | None] | None:
    """ "dice que es comandante Ríos": the rank is part of what he calls himself."""
    words, count = reading.words, len(reading.words)
    if word not in _RANKS or cue + 1 >= count:
        return None
    said = words[max(0, cue - 6) : cue]
    while said and said[-1] in ("el", "un", "la", "una", "x", "por", "como", "dizque"):
        said.pop()
    if said and said[-1] == "tal":
        called = _alias(reading, cue, "suspect")
        return called if called is not None and called[1] > cue + 1 else None
    posing = said and said[-1] in ("es", "ser", "era", "pasar", "llamar", "identifico", "identifica", "presento")
    if not posing or not any(w in _SPEAKING for w in said):
        return None
    index = cue + 1
    if words[index] == ".":
        index += 1
    if (
        index < count
        and words[index].isalpha()
        and not reading.claimed[index]
        and reading.known(index) & (NAME | UNKNOWN)
    ):
        end = index + 1
        while (
            end < count
            and end - cue < 5
            and words[end].isalpha()
            and reading.known(end) & NAME
            and not reading.claimed[end]
        ):
            if reading.known(end) & COMMON and not reading.capital(end):
                break
            end += 1
        return cue, end, "suspect"
    return None
