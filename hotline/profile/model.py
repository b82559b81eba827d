"""What a loaded profile is: one deployment's territory, kinds, numbers, texts and rules, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from functools import cached_property
from zoneinfo import ZoneInfo

from hotline.language.fold import plain
from hotline.language.places import Place, PlaceFinder
from hotline.profile.catalogue import CATALOGUE
from hotline.profile.duty import DutyRules
from hotline.profile.intents import IntentTables
from hotline.profile.menu import CallMenu
from hotline.profile.services import Services
from hotline.profile.triage import TriageTables


@dataclass(frozen=True, slots=True)
class State:
    """A federal entity: two-digit INEGI `code`, printable `name`."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a state with liaisons of its own (an alcaldía): five-digit INEGI `code`, its `state`'s code, `name`."""

    code: str
    state: str
    name: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of report: `names` by language, the default `urgency`."""

    slug: str
    names: Mapping[str, str]
    urgency: str


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days each thing is kept; raw words are not listed because they go as soon as they are anonymised."""

    report_days: int
    evidence_days: int
    return_address_days: int
    quarantine_days: int


@dataclass(frozen=True, slots=True)
class Quarantine:
    """When a text is held for a second look: at so many masked things of which nobody knows whose they are."""

    unknown_spans: int


@dataclass(frozen=True, slots=True)
class Clocks:
    """The deployment's rhythm. Times are local to the profile's time zone.

    join_minutes: what a caller sends this long after a report belongs to it.
    digest_hours: when digests leave unless a liaison chose other hours.
    answers_per_hour: a sender answered more often gets silence and is still heard.
    """

    join_minutes: int
    digest_hours: tuple[time, ...]
    answers_per_hour: int


@dataclass(frozen=True)
class Profile:
    """One deployment, checked and frozen; `hotline.profile.load` makes it."""

    name: str
    organisation: str
    short_name: str
    timezone: ZoneInfo
    country: str
    languages: tuple[str, ...]
    states: Mapping[str, State]
    areas: Mapping[str, Area]
    kinds: Mapping[str, Kind]
    numbers: Mapping[str, str]
    public_numbers: frozenset[str]
    retention: Retention
    quarantine: Quarantine
    clocks: Clocks
    places: PlaceFinder
    triage: TriageTables
    intents: IntentTables
    services: Services
    duty: DutyRules
    texts: Mapping[str, Mapping[str, str]]
    menu: CallMenu

    @cached_property
    def area_words(self) -> frozenset[str]:
        """The names of areas and states, folded and written as one word."""
        names = [area.name for area in self.areas.values()] + [state.name for state in self.states.values()]
        return frozenset(plain(name).replace(" ", "") for name in names)

    def place_name(self, area: str | None, state: str | None) -> str | None:
        """The area's name, else the state's, else None. Raises KeyError for a code that the profile lacks."""
        if area is not None:
            return self.areas[area].name
        return self.states[state].name if state is not None else None

    def by_postal_code(self, digits: str) -> Place:
        """The place whose postal codes begin with `digits` (two to five of them); an empty Place when there is none."""
        return self.places.by_postal_code(digits)

    def text(self, key: str, language: str, **values: str) -> str:
        """The text `key` in `language` (the first language when the profile does not speak it), filled with `values`.

        Raises KeyError for a key outside the catalogue and TypeError when `values` are not exactly the catalogue's.
        """
        expected = CATALOGUE[key].values
        if values.keys() != set(expected):
            raise TypeError(f"text {key} takes {', '.join(expected) or 'no values'}, not {', '.join(values) or 'none'}")
        texts = self.texts.get(language) or self.texts[self.languages[0]]
        return texts[key].format_map(values)
