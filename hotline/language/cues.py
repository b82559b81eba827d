"""The words beside a place's name that decide what it is. Data of a profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cues:
    """The words beside a name that decide what it is, each group as `sounds` gives them.

    place, quarter, station, street, institution, office: what may stand before a name of such a thing ("en", "colonia",
    "metro", "calle", "primaria", "alcaldia"). person: titles, relatives, given names; named: words after which a name
    is a person's ("nombre de"); surname: what follows when a name goes on. money_before, money_after, number: beside
    five digits that are no postal code; postal: beside those that are. filler: what may stand between two names of one
    address. event, home, end: what gives a mention its role; whose: after them "de" makes an origin.
    forgiven: long words of names in which one wrong letter is forgiven. short: written forms to full words.
    """

    place: frozenset[str]
    quarter: frozenset[str]
    station: frozenset[str]
    street: frozenset[str]
    institution: frozenset[str]
    office: frozenset[str]
    person: frozenset[str]
    named: frozenset[str]
    surname: frozenset[str]
    money_before: frozenset[str]
    money_after: frozenset[str]
    number: frozenset[str]
    postal: frozenset[str]
    filler: frozenset[str]
    event: frozenset[str]
    home: frozenset[str]
    end: frozenset[str]
    whose: frozenset[str]
    forgiven: frozenset[str]
    short: Mapping[str, str]
