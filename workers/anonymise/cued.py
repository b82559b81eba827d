"""Numbers that only the word before them makes personal: birth dates, secret codes, the last digits of a card."""

from __future__ import annotations

from workers.anonymise.lexicon import BIRTH, SECRET
from workers.anonymise.model import Found
from workers.anonymise.reading import Reading
from workers.anonymise.wordlist import bag

_BIRTHS = bag("nacimiento naci nacio nasi nasio nacida nacido nac cumpleanos")
_MONTHS = bag(
    "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre "
    "ene feb mar abr may jun jul ago sep sept oct nov dic ii iii iv vi vii viii ix xi xii"
)
_SECRETS = bag("nip cvv cvc pin contrasena password token codigo kodigo clave")
_NUMBERED = bag("cuenta cta contrato tarjeta telefono cel celular nss")
BIRTH_TRIGGERS = _BIRTHS
SECRET_TRIGGERS = _SECRETS | _NUMBERED
_BIRTH_LINKS = bag(
    "le di dije dijo se les hijo hija mama papa esposo esposa nieto nieta madre padre nina nino completa te pase mande"
)
_LINKS = bag("es el la de del en fue fecha : . , - / dia mi su que q no num numero con y ano ' d era eran fue")


def find_cued(reading: Reading) -> list[Found]:
    """Birth dates and secret codes, claimed at once."""
    found: list[Found] = []
    for index in [turn for turn, bit in enumerate(reading.bits) if bit & (BIRTH | SECRET)]:
        word = reading.words[index]
        if reading.claimed[index]:
            continue
        if word in _BIRTHS:
            _birth(reading, index, found)
        elif word in _SECRETS:
            _secret(reading, index, found)
    return found


def find_short(reading: Reading) -> list[Found]:
    """Numbers too short for a telephone or an account that are called so. Asks the long ones to be claimed."""
    found: list[Found] = []
    for index in [turn for turn, bit in enumerate(reading.bits) if bit & SECRET]:
        if reading.words[index] in _NUMBERED and not reading.claimed[index]:
            _secret(reading, index, found)
    return found


def _birth(reading: Reading, cue: int, found: list[Found]) -> None:
    words, count = reading.words, len(reading.words)
    index = cue + 1
    links = _LINKS | _BIRTH_LINKS | {"nacimiento"}
    while index < count and index - cue <= 8 and words[index] in links:
        index += 1
    first = last = index
    digits = 0
    while last < count and last - first < 14 and not reading.claimed[last]:
        number = reading.number_at.get(last)
        if number is not None and number.first == last and len(number.digits) <= 8:
            last, digits = number.last, digits + len(number.digits)
        elif words[last] in _MONTHS or words[last] in ("de", "del", "/", "-", ".", "d", "ano"):
            last += 1
        else:
            break
    while last > first and words[last - 1] in ("de", "del", "/", "-", ".", "d", "ano", "y"):
        last -= 1
    month = any(word in _MONTHS for word in words[first:last])
    if (month or digits >= 4) and reading.free(first, last):
        reading.claim(first, last)
        found.append(Found(first, last, "FECHA_NACIMIENTO", None, reading.phrase(first, last)))


def _secret(reading: Reading, cue: int, found: list[Found]) -> None:
    words, count = reading.words, len(reading.words)
    index = cue + 1
    while index < count and index - cue <= 5 and words[index] in _LINKS:
        index += 1
    number = reading.number_at.get(index) if index < count else None
    if number is None or number.explained or number.first != index or reading.claimed[index]:
        return
    last = number.last
    digits = number.digits
    if not number.spoken and last in reading.number_at:
        return
    while (
        (following := reading.number_at.get(last)) is not None and following.spoken == number.spoken and number.spoken
    ):
        digits, last = digits + following.digits, following.last
    secret = words[cue] in _SECRETS
    enough = (3 if secret else 5) <= len(digits) <= 8
    if enough and reading.free(index, last) and not (last < count and words[last] in ("pesos", "mil", "anos")):
        reading.claim(index, last)
        found.append(Found(index, last, "OTRO", None, digits))
