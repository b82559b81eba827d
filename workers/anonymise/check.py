"""A second look at a masked text that knows nothing of how it was masked.

It is coarser than the pipeline on purpose: it reads the characters anew and asks only whether something that looks
like a number of somebody, an e-mail or a full name is still there. A hit puts the report in quarantine.
"""

from __future__ import annotations

import re
import unicodedata

from workers.anonymise.wordlist import bag

_MASK = re.compile(r"(?<!\d)\[[A-ZÁÉÍÓÚÑ ]+(?: \d{1,3})?\](?!\d)")
_FEWEST = 7
_RUN = re.compile(r"\d(?:[ .\-()/\[\]]{0,3}\d){6,}")
_MONEY_AFTER = re.compile(r"\s*(?:pesos|mil|mxn|varos|dolares|millon|%)", re.IGNORECASE)
_DATE = re.compile(r"\b\d{1,2}([/.\-])\d{1,2}\1\d{2,4}\b|\b\d{4}([/\-])\d{1,2}\2\d{1,2}\b|\b\d{1,2}:\d\d\b")
_MAIL = re.compile(r"\S@\S|\barroba\b")
_WORD = re.compile(r"[^\W\d_]+")
_ACCENTS = str.maketrans("áéíóúüñÁÉÍÓÚÜÑ¿¡", "aeiouunAEIOUUN??")
_FILE = re.compile(
    r"\b(?:folios?|reporte|carpeta|expediente|exp|oficio|referencia|autorizacion|boleta|tickets?|tramite|queja)\b"
    r"(?:\W+(?:es|no|num|numero|de|la|el|y|fue)\b)*[\W_]*[\w/\-]*$"
)
_DAY = re.compile(r"20[0-4]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_DAY_BEFORE = re.compile(r"\b(?:el|dia|fecha|desde|hasta)$")
_ASKED = re.compile(r"\b(?:pid|pedi|exig|quier|kier|cobr|pag|rob|deposit|transf|prest|deb|perd|sac|quit)\w*$")
_SOLID = re.compile(r"\d{7,}")
_PLACE = bag(
    "colonia col avenida av calle mercado metro parque hospital eje calzada puente glorieta estacion "
    "barrio plaza cine teatro auditorio deportivo unidad alcaldia delegacion escuela san santa "
    "fraccionamiento"
)


def _plain(text: str) -> str:
    """Lower case, no accents, nothing that does not show."""
    text = text.translate(_ACCENTS)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return text.lower()


_OTHER = b"\x00"


def _quickly(character: str) -> bytes:
    """The one plain character that stands for one of Latin-1, or `_OTHER` where it takes a closer look."""
    plain = _plain(character)
    if len(plain) == 1 and not plain.isascii() and not plain.isalnum() and not plain.isspace():
        return b"?"
    return plain.encode() if len(plain) == 1 and plain.isascii() else _OTHER


# One table look-up a character, for nearly every message.
_QUICK = b"".join(_quickly(chr(code)) for code in range(256))
_NO_DIGITS = bytes(code for code in range(256) if chr(code) not in "0123456789")
_ONLY_LETTERS = bytes(code if chr(code).islower() and code < 128 else ord(" ") for code in range(256))


def doubtful(
    masked: str,
    public: frozenset[str],
    given: frozenset[str],
    surnames: frozenset[str],
    places: frozenset[tuple[str, ...]],
) -> bool:
    """Whether `masked` still shows a run of digits, an e-mail or a given name followed by a family name.

    `given` and `surnames` hold only words that are nothing else; `places` are pairs of words that name places.
    """
    text = _MASK.sub(" ~ ", masked) if "[" in masked else masked
    text, words, countable = _read(text)
    if ("@" in text or "arroba" in text) and _MAIL.search(text):
        return True
    if countable and _RUN.search(text) and _shows_number(text, public):
        return True
    if given.isdisjoint(words):
        return False
    return any(
        word in given
        and words[index + 1] in surnames
        and (word, words[index + 1]) not in places
        and not _PLACE.intersection(words[max(0, index - 3) : index])
        and not _crosses(words, index)
        for index, word in enumerate(words[:-1])
    )


def _read(text: str) -> tuple[str, list[str], bool]:
    """The plain text, its words, and whether there may be as many digits as `_RUN` asks for."""
    try:
        latin = text.encode("latin-1").translate(_QUICK)
    except UnicodeEncodeError:
        latin = _OTHER
    if _OTHER in latin:
        plain = _plain(text)
        return plain, _WORD.findall(plain), True
    words = latin.translate(_ONLY_LETTERS).decode("ascii").split()
    return latin.decode("ascii"), words, len(latin.translate(None, _NO_DIGITS)) >= _FEWEST


_CROSSING = bag("y e esquina esq con casi")


def _crosses(words: list[str], index: int) -> bool:
    """ "en Francisco Zarco y Violeta", "esquina Felipe Carrillo": streets that bear the names of people."""
    before, after = words[max(0, index - 2) : index], words[index + 2 : index + 3]
    return not {"esquina", "esq"}.isdisjoint(before) or (
        before[-1:] in (["en"], ["entre"]) and bool(after) and after[0] in _CROSSING
    )


def _shows_number(text: str, public: frozenset[str]) -> bool:
    dates_out = _DATE.sub(" ~ ", text) if any(c in text for c in "/-.:") else text
    for match in _RUN.finditer(dates_out):
        run = match.group()
        digits = re.sub(r"\D", "", run)
        if digits in public:
            continue
        before = dates_out[max(0, match.start() - 40) : match.start()].rstrip()
        if (
            (len(digits) <= 9 or "/" in run or "-" in run)
            and (len(digits) != 10 or _DAY.match(run))
            and _FILE.search(before)
        ):
            continue
        if _DAY.fullmatch(run) and _DAY_BEFORE.search(before):
            continue
        if len(digits) <= 8 and digits.endswith("000") and _ASKED.search(before):
            continue
        if len(digits) <= 8 and (before.endswith("$") or _MONEY_AFTER.match(dates_out, match.end())):
            continue
        if _SOLID.search(run) or len(digits) >= 10:
            return True
    return False
