"""Numbers in the text, in digits or in words, and which of them what stands beside them explains."""

from __future__ import annotations

import re

from workers.anonymise import spelling
from workers.anonymise.lexicon import DIGITS, NUMERAL
from workers.anonymise.reading import UNKNOWN, Number, Reading
from workers.anonymise.wordlist import bag, in_order

_UNITS = in_order("cero uno dos tres cuatro cinco seis siete ocho nueve")
_TEENS = in_order("diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve")
_TENS = in_order("veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa")
_TWENTIES = in_order(
    "veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve"
)
_HUNDREDS = in_order(
    "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
)
_ENGLISH = in_order("zero one two three four five six seven eight nine")
_HURRIED = {
    "sero": 0, "una": 1, "doz": 2, "trez": 3, "cuatr": 4, "kuatro": 4, "quatro": 4, "sinco": 5, "zinco": 5, "seiz": 6,
    "ceis": 6, "seis": 6, "ciete": 7, "ziete": 7, "osho": 8, "oxo": 8, "nuebe": 9, "nueb": 9, "dies": 10, "onse": 11,
    "onze": 11, "dose": 12, "doze": 12, "trese": 13, "treze": 13, "katorce": 14, "catorse": 14, "kinse": 15,
    "quinse": 15, "kince": 15, "dieziseis": 16, "diesiseis": 16, "diesisiete": 17, "diesiocho": 18, "diesinueve": 19,
    "beinte": 20, "vente": 20, "beintiuno": 21, "ventiuno": 21, "veintiun": 21, "beintidos": 22, "ventidos": 22,
    "beintitres": 23, "ventitres": 23, "veintitrez": 23, "ventcuatro": 24, "beinticuatro": 24, "beinticinco": 25,
    "veintisinco": 25, "beintiseis": 26, "beintisiete": 27, "beintiocho": 28, "beintinueve": 29, "veintinuebe": 29,
    "trenta": 30, "treynta": 30, "kuarenta": 40, "quarenta": 40, "sincuenta": 50, "cinkuenta": 50, "cincuent": 50,
    "secenta": 60, "sesentai": 60, "zetenta": 70, "cetenta": 70, "oshenta": 80, "nobenta": 90, "cien": 100,
    "sien": 100, "siento": 100, "dosientos": 200, "docientos": 200, "tresientos": 300, "trecientos": 300,
    "cuatrosientos": 400, "kinientos": 500, "seisientos": 600, "setesientos": 700, "ochosientos": 800,
    "nobecientos": 900,
}  # fmt: skip

VALUES: dict[str, int] = {
    **{word: value for value, word in enumerate(_UNITS)},
    **{word: value for value, word in enumerate(_ENGLISH)},
    **{word: 10 + value for value, word in enumerate(_TEENS)},
    **{word: 20 + 10 * value for value, word in enumerate(_TENS)},
    **{word: 21 + value for value, word in enumerate(_TWENTIES)},
    **{word: 100 + 100 * value for value, word in enumerate(_HUNDREDS)},
    **{word.replace("cientos", "cientas"): 200 + 100 * value for value, word in enumerate(_HUNDREDS[1:])},
    **_HURRIED,
}
_JOINED = {
    f"{ten}{link}{unit}": 30 + 10 * t + u
    for t, ten in enumerate(_TENS[1:])
    for u, unit in enumerate(_UNITS)
    for link in ("y", "i")
    if u
}
VALUES.update(_JOINED)
NUMERALS = frozenset(VALUES)
_SOUNDS = {spelling.key(word): word for word in reversed(VALUES) if len(word) > 2}
_GLUED = re.compile(
    "(?:(?:" + "|".join(_TENS[1:]) + ")(?:[yi])?|" + "|".join(sorted(VALUES, key=len, reverse=True)) + ")+"
)
_PIECE = re.compile(
    "(" + "|".join(_TENS[1:]) + ")[yi](" + "|".join(_UNITS[1:]) + ")|" + "|".join(sorted(VALUES, key=len, reverse=True))
)
_MAY_OPEN = frozenset(word[:2] for word in VALUES) | {"zi", "kw", "si", "ze", "ce", "ki", "ku", "nu", "ho"}

_COUNTED = DIGITS | NUMERAL
_THOUSANDS = frozenset({"mil", "millon", "millones", "miles"})
_REPEATS = {"doble": 2, "triple": 3, "double": 2}
_MONEY = bag(
    "mil miles millon millones pesos peso pesitos mxn varos varo baros bolas dolares dolar dls usd lana "
    "k mn porciento % centavos"
)
_UNITS_AFTER = bag(
    "anos ano meses mes dias dia semanas semana horas hora hrs hr h minutos min mins am pm cuadras "
    "metros mts mt kg kilos veces vez personas hijos hijas ninos ninas nietos tipos sujetos hombres "
    "mujeres policias pisos recargas muchachos chavos motos carros camionetas nidos locales negocios "
    "puestos tarjetas llamadas mensajes de"
)
_BEFORE = bag("cp postal ruta rutas")
_MONTHS = bag("enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre")
_DATE = re.compile(
    r"(?<![\d/.\-])(?:(?:0?[1-9]|[12]\d|3[01])([/\-.])(?:0?[1-9]|1[0-2])\1(?:19|20)?\d\d"
    r"|(?:19|20)\d\d([/\-])(?:0?[1-9]|1[0-2])\2(?:0?[1-9]|[12]\d|3[01]))(?![\d/\-]|\.\d| ?-? ?\d{3})"
)
_DATED = re.compile(r"\d[/.\-]\d")
_HOUR = re.compile(r"(?<![\d:.])(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:]|[ -]\d{3})")
_GROUPED = re.compile(r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?:\.\d\d)?(?![\d,])")
_RATIO = re.compile(r"(?<![\d.,\-])(?<!\d )0\.\d\d(?: 0\.\d\d){0,9}(?![\d.]| ?-? ?\d)")
_ASKED = re.compile(
    r"\b(?:pid\w*|kier\w*|quier\w*|exig\w*|deposit\w*|pag\w*|cobr\w*|transf\w*|deb\w*|mont\w*|cantidad|adeudo|"
    r"prest\w*|son|los|de|rescate|rob\w*|sac\w*|kit\w*|quit\w*|perd\w*|x|por)\s*$"
)


def read_numbers(reading: Reading) -> None:
    """Fills `reading.numbers` in order, and says which are explained by what stands beside them."""
    if reading.any_bits & UNKNOWN:
        _hear(reading)
    words, numbers = reading.words, reading.numbers
    behind = 0
    for index in [turn for turn, bit in enumerate(reading.bits) if bit & _COUNTED]:
        if index < behind or reading.claimed[index]:
            continue
        digits = reading.bits[index] & DIGITS
        number = Number(index, index + 1, words[index]) if digits else _spoken(words, index)
        if number is not None:
            behind = number.last
            numbers.append(number)
            for token in range(index, behind):
                reading.number_at[token] = number
    if not numbers:
        return
    _explain_by_shape(reading)
    _explain_files(reading)
    for number in numbers:
        if not number.explained:
            number.explained = _explained(reading, number)


def _hear(reading: Reading) -> None:
    """Number words that are not listed but sound like one ("sinkuenta") are read as the one they sound like."""
    for index in [turn for turn, bit in enumerate(reading.bits) if not bit]:
        word = reading.words[index]
        if len(word) > 2 and word[:2] in _MAY_OPEN and word.isalpha():
            heard = _SOUNDS.get(spelling.key(word))
            if heard is not None or (6 < len(word) < 60 and _GLUED.fullmatch(word)):
                if heard is not None:
                    reading.reword(index, heard)
                reading.bits[index] = NUMERAL


def _glued(word: str) -> str:
    """The digits of number words written as one: "cerodos" 02, "cincuentayseis" 56."""
    digits = ""
    for match in _PIECE.finditer(word):
        digits += str(VALUES[match[1]] + VALUES[match[2]]) if match[1] else str(VALUES[match[0]])
    return digits


def _below_thousand(words: list[str], index: int) -> tuple[str, int] | None:
    """The digits spelled from `index` as one group ("doscientos veintidós" 222, "cuarenta y cinco" 45), and its end."""
    value = VALUES.get(words[index])
    if value is None:
        return (_glued(words[index]), index + 1) if _GLUED.fullmatch(words[index]) else None
    end = index + 1
    count = len(words)
    if value >= 100:
        following = VALUES.get(words[end]) if end < count else None
        if following is not None and 0 < following < 100 and not (value == 100 and words[index] == "cien"):
            inner = _below_thousand(words, end)
            if inner is not None:
                return str(value + int(inner[0])), inner[1]
        return str(value), end
    if value >= 20 and value % 10 == 0 and words[index] not in ("zero",):
        link = end < count and words[end] in ("y", "i", "e")
        unit = VALUES.get(words[end + link]) if end + link < count else None
        if unit is not None and 0 < unit < 10:
            return str(value + unit), end + link + 1
    return str(value), end


def _spoken(words: list[str], index: int) -> Number | None:
    repeat = _REPEATS.get(words[index])
    if repeat is not None:
        value = VALUES.get(words[index + 1]) if index + 1 < len(words) else None
        return None if value is None or value > 99 else Number(index, index + 2, str(value) * repeat, spoken=True)
    group = _below_thousand(words, index)
    if group is None:
        if words[index] == "mil" and index + 1 < len(words) and words[index + 1] in VALUES:
            group = "1", index
        else:
            return None
    digits, end = group
    thousands = False
    while end < len(words) and words[end] in _THOUSANDS:
        thousands = True
        power = 6 if words[end].startswith("millon") else 3
        end += 1
        following = _below_thousand(words, end) if end < len(words) else None
        if following is None:
            digits += "0" * power
        else:
            digits += following[0].rjust(3, "0")
            end = following[1]
    return Number(index, end, digits, spoken=True, explained=thousands and len(digits) <= 8)


def _explain_by_shape(reading: Reading) -> None:
    text = reading.text
    ranges: list[tuple[int, int]] = []
    if reading.digits < 3:
        return
    if ":" in text:
        ranges += [m.span() for m in _HOUR.finditer(text)]
    if _DATED.search(text):
        ranges += [m.span() for m in _DATE.finditer(text)]
    if "0." in text:
        ranges += [m.span() for m in _RATIO.finditer(text)]
    if "," in text:
        for match in _GROUPED.finditer(text):
            short = match.end() - match.start() <= 7
            if (
                short
                or (match.group()[-3] == "." and match.end() - match.start() <= 10)
                or text[: match.start()].endswith("$")
                or _ASKED.search(text[max(0, match.start() - 20) : match.start()])
            ):
                ranges.append(match.span())
    if not ranges:
        return
    ranges.sort()
    turn = 0
    for number in reading.numbers:
        start, end = reading.starts[number.first], reading.ends[number.last - 1]
        while turn < len(ranges) and ranges[turn][1] <= start:
            turn += 1
        if turn == len(ranges):
            return
        if ranges[turn][0] <= start and end <= ranges[turn][1]:
            number.explained = True


_FILES = bag(
    "boleta boletas folio folios tickets oficios expedientes contrato carpeta expediente exp oficio referencia "
    "autorizacion averiguacion ticket tramite queja"
)
_TO_FILE = bag("es el la no num numero # : . de d investigacion queja locatel fue ci y con / -")


def _explain_files(reading: Reading) -> None:
    """ "folio 20240318-77", "carpeta CI-FIAZ/AZ-2/00234/05-2024": the authority's own numbers name nobody.

    Runs as long as a telephone stay unexplained: people call those folios too.
    """
    words, count = reading.words, len(reading.words)
    if not reading.digits:
        return
    for cue in [turn for turn, word in enumerate(words) if word in _FILES]:
        index, seen = cue + 1, False
        chain: list[Number] = []
        while index < count and index - cue < 24:
            number = reading.number_at.get(index)
            if number is not None and not number.spoken:
                if len(number.digits) > 9 or (seen and not reading.glued(index)):
                    break
                number.explained = seen = True
                if not (reading.glued(index) and words[index - 1].isalpha()):
                    chain.append(number)
            elif (
                seen and words[index] == "y" and (after := reading.number_at.get(index + 1)) and len(after.digits) <= 5
            ):
                after.explained = True
            elif reading.glued(index) and (words[index] in ("-", "/") or words[index].isalpha()):
                pass
            elif seen or not (words[index] in _TO_FILE or _coded(reading, index)):
                break
            index += 1
        if not chain:
            continue
        size = sum(len(number.digits) for number in chain)
        dated = _DAY.fullmatch(chain[0].digits)
        if size in _LIKE_A_PHONE and not dated and "/" not in words[chain[0].first : chain[-1].last]:
            for number in chain:
                number.explained = False


_LIKE_A_PHONE = frozenset({10, 12, 13, 16, 18})


def _coded(reading: Reading, index: int) -> bool:
    """Letters that a hyphen or a slash ties to the number behind them, or that one or two digits follow at once."""
    following = reading.words[index + 1] if index + 1 < len(reading.words) else ""
    tied = following in ("-", "/") or (following.isdigit() and len(following) < 3)
    return reading.words[index].isalpha() and tied and reading.glued(index + 1)


_AMOUNT = re.compile(r"[1-9]\d{2,4}000")
_ASKING = re.compile(r"(?:pid|pedi|exig|quier|kier|cobr|pag|rob|deposit|transf|prest|deb|perd|sac|quit)\w*")
_DAY = re.compile(r"20[0-4]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_DAY_CUES = bag("el dia fecha desde hasta")
_NUMBERED = bag("tel cel num numero telefono celular marca marcan marco llama llaman llamo habla hablan nacio naci nac")


def _solid(words: list[str], number: Number, before: str) -> bool:
    """An amount in round thousands behind a verb of asking or paying, a day as 20240215, a report's number as 0012."""
    if number.spoken:
        return False
    if _ASKING.fullmatch(before):
        return bool(_AMOUNT.fullmatch(number.digits))
    if before == "reporte":
        return number.digits.startswith("00")
    told = before in _DAY_CUES and _DAY.fullmatch(number.digits)
    return bool(told) and _NUMBERED.isdisjoint(words[max(0, number.first - 6) : number.first])


def _explained(reading: Reading, number: Number) -> bool:
    words, count = reading.words, len(reading.words)
    size = len(number.digits)
    if size > 8:
        return False
    before = words[number.first - 1] if number.first else ""
    after = words[number.last] if number.last < count else ""
    if before == "$" or after in _MONEY or (after == "por" and words[number.last + 1 : number.last + 2] == ["ciento"]):
        return True
    if size > 5:
        return _solid(words, number, before)
    if before in _BEFORE:
        return True
    if after == "de" and size <= 2:
        return words[number.last + 1 : number.last + 2] != [] and words[number.last + 1] in _MONTHS
    return size <= 3 and after in _UNITS_AFTER and after != "de"
