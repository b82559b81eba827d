"""Where a name begins and how far it goes: names, initials, particles and words nobody knows."""

from __future__ import annotations

from workers.anonymise.lexicon import COMMON, GIVEN, NAME, NICK, SURNAME, WEAK
from workers.anonymise.reading import UNKNOWN, Reading
from workers.anonymise.wordlist import bag

_PARTICLES = (
    ("viuda", "de"),
    ("vda", "de"),
    ("vda", ".", "de"),
    ("de", "la"),
    ("de", "los"),
    ("de", "las"),
    ("del",),
    ("de",),
    ("y",),
    ("san",),
    ("d", "la"),
)
SHORTENED = frozenset({"sta", "ma", "fco", "gpe", "jo", "fca", "gro", "guad"})
# What follows a given name or a family name so often that it needs no list: "juan de dios", "montes de oca".
_TAILS = {
    "de": (
        *(
            ("la", tail)
            for tail in ("luz", "paz", "cruz", "o", "rosa", "salud", "garza", "vega", "madrid", "concepcion")
        ),
        *(("los", tail) for tail in ("angeles", "santos", "remedios", "dolores")),
        *((tail,) for tail in ("dios", "jesus", "oca", "lourdes", "guadalupe", "fatima", "monserrat", "montserrat")),
        *((tail,) for tail in ("anda", "alba", "haro", "luna", "leon", "santiago")),
    ),
    "del": tuple(
        (tail,) for tail in ("rayo", "angel", "toro", "rio", "real", "castillo", "bosque", "villar", "monte", "valle")
    ),
}
_LONGEST = 6
_TRADE_ENDINGS = (
    "ero",
    "era",
    "ista",
    "dor",
    "dora",
    "ante",
    "ente",
    "ario",
    "aria",
    "ico",
    "ica",
    "ado",
    "ada",
    "eros",
)


def from_here(reading: Reading, start: int, sure: bool) -> tuple[int, int] | None:
    """The name that begins at `start` after a cue. Sure cues take ordinary-name words and unknown ones too."""
    if not _begins(reading, start, sure):
        return None
    spelled = _spelled(reading, start)
    if spelled > start:
        return start, spelled
    return start, grow(reading, start + 1, start)


def _begins(reading: Reading, index: int, sure: bool) -> bool:
    word = reading.words[index]
    if not word.isalpha():
        return False
    if word in SHORTENED and reading.words[index + 1 : index + 2] == ["."] and index + 2 < len(reading.words):
        marian = reading.words[index + 2] == "del" and reading.words[index + 3 : index + 4] != []
        return bool(reading.known(index + 2) & NAME) or (marian and reading.words[index + 3] in _MARIAN)
    if len(word) == 1 and sure and _spelled(reading, index) > index:
        return True
    if len(word) == 1:
        after = index + 1 + (reading.words[index + 1 : index + 2] == ["."])
        return (
            after < len(reading.words)
            and reading.words[index + 1] == "."
            and bool(reading.known(after) & (NAME | UNKNOWN))
        )
    bits = reading.known(index)
    if bits & NAME and not bits & COMMON:
        return True
    if bits & NAME:
        plain = bool(bits & (GIVEN | NICK)) and word not in DESCRIBING and not _described(reading, index + 1)
        return sure or plain or reading.capital(index) or name_follows(reading, index + 1)
    if bits & UNKNOWN and not bits & COMMON:
        if sure or reading.capital(index):
            return len(word) > 2
        return (len(word) > 3 and name_follows(reading, index + 1)) or (
            len(word) > 3 and not word.endswith(_TRADE_ENDINGS) and _closes(reading, index + 1)
        )
    long = len(word) > 3 or (len(word) == 3 and name_follows(reading, index + 1))
    return reading.capital(index) and not reading.capital(index - 1) and long


def _described(reading: Reading, index: int) -> bool:
    """ "dolores de cabeza", "luz y agua": the word is itself, not somebody's name."""
    return reading.words[index : index + 1] in (["de"], ["fuertes"]) and index + 1 < len(reading.words)


DESCRIBING = bag(
    "ale alegre alegria amada amado any azul bella canuto caro cata chava chavita chavito checo chon coral corona dana "
    "daria eligio felicita feliz franco generoso iban iran isla justa justo lea liberato lidio linda lucha mago magos "
    "mando mane marino maximo milagro mina minor modesto mon morena nata neto nina nor olivo pastor perfecto perico "
    "rayo rica rina roma rubio saba sacramento said salva santa santo santos servio severo tecla transito vale valen "
    "vina viola virgen vital vivi vita rey cielo corazon cristo gema mar paris"
)
"""Given names that right behind "mi hija" or "soy" are rather what she is or does."""


def _spelled(reading: Reading, index: int) -> int:
    """The end of a name written letter by letter ("M a r t a", "R.u.b.e.n S.o.s.a"), or `index`."""
    end, letters = index, 0
    words = reading.words
    while end < len(words) and (words[end] == "." or (len(words[end]) == 1 and words[end].isalpha())):
        letters += words[end] != "."
        end += 1
    return end if letters >= 4 else index


def _closes(reading: Reading, index: int) -> bool:
    """Whether the clause ends here or goes on as it does after a name."""
    return index >= len(reading.words) or reading.words[index] in (
        ",",
        ".",
        ";",
        "y",
        "de",
        "d",
        "del",
        "me",
        "nos",
        "esta",
        "no",
        "trae",
        "anda",
        "ya",
        "salio",
        "vivo",
        "tengo",
        "mi",
        "es",
    )


def name_follows(reading: Reading, index: int) -> bool:
    return (
        index < len(reading.words)
        and not reading.claimed[index]
        and reading.words[index].isalpha()
        and bool(reading.known(index) & NAME and (not reading.known(index) & COMMON or reading.bits[index] & SURNAME))
    )


def grow(reading: Reading, index: int, first: int) -> int:
    """The end of the name whose token before `index` is sure: names, initials, particles and unknown words go in."""
    words, count = reading.words, len(reading.words)
    while index < count and index - first < _LONGEST and not reading.claimed[index]:
        word = words[index]
        bits = reading.known(index)
        if word == "." and (len(words[index - 1]) == 1 or words[index - 1] in SHORTENED) and index - 1 > first - 1:
            index += 1
            continue
        if word in ("sta", "sn") and words[index + 1 : index + 2] == ["."] and index + 2 < count:
            if reading.claimed[index + 2] or not reading.known(index + 2) & NAME:
                break
            index += 3
            continue
        if (
            (bits & NAME and not bits & COMMON)
            or (bits & NAME and (bits & SURNAME or reading.capital(index)) and not verb_like(reading, index))
            or (len(word) == 1 and word.isalpha() and index + 1 <= count and _initial(reading, index))
            or (bits & UNKNOWN and not bits & COMMON and len(word) > 3 and word.isalpha() and index - first < 4)
            or (bits & UNKNOWN and not bits & COMMON and len(word) > 1 and word.isalpha() and reading.capital(index))
            or (bits & COMMON and len(word) > 3 and word.isalpha() and reading.capital(index))
        ):
            index += 1
        else:
            tail = next((len(t) for t in _TAILS.get(word, ()) if tuple(words[index + 1 : index + 1 + len(t)]) == t), 0)
            if tail and not any(reading.claimed[index : index + 1 + tail]):
                index += 1 + tail
                continue
            jump = next((len(p) for p in _PARTICLES if tuple(words[index : index + len(p)]) == p), 0)
            after = index + jump
            if not jump or after >= count or reading.claimed[after] or not words[after].isalpha():
                break
            bits = reading.known(after)
            if jump == 2 and words[after] in _COLONIAS and not reading.capital(after):
                break
            if word == "del" and words[after] in _MARIAN:
                index = after + 1
                continue
            if bits & WEAK:
                break
            surname = bits & SURNAME and (not bits & COMMON or jump > 1 or words[index] == "del")
            if (
                word in ("y", "de", "d")
                and jump == 1
                and not (bits & SURNAME and not bits & (GIVEN | COMMON) and reading.capital(after))
            ):
                break
            if not (surname or (bits & NAME and jump > 1) or (reading.capital(after) and bits & NAME)):
                break
            index = after + 1
    return index


def _initial(reading: Reading, index: int) -> bool:
    words = reading.words
    if words[index] in "yaoexqdkmnts" and not (words[index + 1 : index + 2] == ["."] or reading.capital(index)):
        return False
    return (
        words[index + 1 : index + 2] == ["."]
        or reading.capital(index)
        or index + 1 == len(words)
        or bool(reading.known(index + 1) & NAME)
    )


def verb_like(reading: Reading, index: int) -> bool:
    """Names that are verbs or colours too, when lower case: "soy lupita marco para", "jetta blanco"."""
    follows = index + 1 < len(reading.words) and reading.bits[index + 1] & (NAME | COMMON)
    goes_on = bool(follows and follows & SURNAME and not follows & COMMON)
    return reading.words[index] in LIVE_WORDS and not reading.capital(index) and not goes_on


_COLONIAS = bag("portales obrera roma doctores condesa juarez guerrero villa merced morelos raza valle")
_MARIAN = bag("carmen socorro rosario pilar rocio refugio consuelo transito sagrario perpetuo")
LIVE_WORDS = bag(
    "anda tomas vivi evita parada partida raya real seguro fuerte grande chico marco mande mando salva "
    "vale neto casas mata arena mercado blanco rojo bueno caro rico puente puebla pa"
)
