"""One identity for a phone, however the network or a person spells it.

The phonenumbers library calls `+521…`, `044…`, `045…` and `01…` invalid although Mexican networks and people still
use them, so those prefixes are folded before it is asked.
"""

from __future__ import annotations

import re

import phonenumbers

from hotline.personal import Phone

_MEXICAN_PREFIXES = re.compile(r"^(?:\+?521|\+?52|044|045|01)(?=\d{10}$)")
# The dial plan's own form, ten digits that begin with neither 0 nor 1: nothing to fold, nothing to look up.
_AS_CARRIERS_WRITE = re.compile(r"\+52[2-9]\d{9}", re.ASCII)
_SHORT_CODE = re.compile(r"^\d{3,6}$")
# Carriers put these in From when the caller hides: letters, or the digits that spell ANONYMOUS, RESTRICTED, BLOCKED…
_HIDDEN = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "266696687", "7378742833"})


def identity(raw: str, *, country: str = "MX") -> Phone | None:
    """The phone that `raw` names, or None when it names none (hidden, malformed, a word).

    `country` is the ISO code under which numbers without a country code are read. Numbers that merely look right
    (valid length for the country) are accepted: a carrier's number plan is newer than any library's.
    """
    if country == "MX" and _AS_CARRIERS_WRITE.fullmatch(raw or ""):
        return Phone(raw)
    text = re.sub(r"[\s().\-]", "", raw or "")
    if text in _HIDDEN:
        return None
    if _SHORT_CODE.match(text):
        return Phone(text)
    if not re.fullmatch(r"\+?\d{7,15}", text):
        return None
    if country == "MX" or text.startswith("+52"):
        text = _MEXICAN_PREFIXES.sub("+52", text) if _MEXICAN_PREFIXES.match(text) else text
    try:
        number = phonenumbers.parse(text, None if text.startswith("+") else country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return Phone(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def readable(number: str, *, country: str) -> str:
    """`number` (E.164 or a short code) as people of `country` write it: `55 1234 5678` at home, else with its code."""
    if not number.startswith("+"):
        return number
    parsed = phonenumbers.parse(number, None)
    home = phonenumbers.region_code_for_country_code(parsed.country_code or 0) == country
    style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)


def country_of(phone: Phone) -> str | None:
    """The ISO code of the country that a number belongs to; None for short codes."""
    number = phone.reveal()
    if not number.startswith("+"):
        return None
    return phonenumbers.region_code_for_country_code(phonenumbers.parse(number, None).country_code or 0)
