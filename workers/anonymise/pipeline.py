"""fold → find → own → mask → check: the anonymiser as a whole."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Protocol

from workers.anonymise import (
    addresses,
    aliases,
    check,
    cued,
    digits,
    doors,
    identifiers,
    introductions,
    lexicon,
    masks,
    names,
    numerals,
    owners,
    parts,
    plates,
    premises,
    repeats,
    shields,
    shops,
    spelled,
    street_names,
    tales,
    wording,
)
from workers.anonymise.model import Found, Masked, Span
from workers.anonymise.reading import Reading, read
from workers.anonymise.recogniser import Recogniser

_TRIGGERS: tuple[tuple[int, frozenset[str]], ...] = (
    (lexicon.NUMERAL, numerals.NUMERALS | {"mil", "doble", "triple", "double"}),
    (lexicon.ADDRESS, addresses.TRIGGERS),
    (lexicon.PREMISES, premises.TRIGGERS | shops.FRONTS),
    (lexicon.VEHICLE, plates.TRIGGERS),
    (lexicon.ALIAS, aliases.TRIGGERS),
    (lexicon.STREET, street_names.NICKNAMES),
    (lexicon.BIRTH, cued.BIRTH_TRIGGERS),
    (lexicon.SECRET, cued.SECRET_TRIGGERS),
    (lexicon.NAME_CUE, introductions.TRIGGERS),
    (lexicon.LETTER, spelled.TRIGGERS),
    (lexicon.MAIL, frozenset({"arroba", "aroba", "punto"})),
)

_LOOKS = 3


class World(Protocol):
    """What the anonymiser asks of a profile."""

    @property
    def public_numbers(self) -> frozenset[str]: ...


class Anonymiser:
    """Masks personal data in a message. Immutable and thread-safe; build it once, before workers fork."""

    def __init__(self, profile: World, recogniser: Recogniser | None = None) -> None:
        self._recogniser = recogniser
        self._public = profile.public_numbers | frozenset(
            bare for number in profile.public_numbers if (bare := digits.national(number))
        )
        self._lexicon = lexicon.load(_TRIGGERS)
        areas = getattr(profile, "areas", None) or {}
        self._places = self._lexicon.places | frozenset(
            tuple(re.findall(r"[a-z]+", _plain(area.name))) for area in areas.values()
        )
        self._leads = shields.leads(self._places)
        self._pairs = frozenset(pair for place in self._places for pair in pairwise(place))
        bits = self._lexicon.bits
        self._given = frozenset(w for w, b in bits.items() if b & lexicon.GIVEN and not b & lexicon.COMMON)
        self._surnames = frozenset(
            w for w, b in bits.items() if b & lexicon.SURNAME and not b & (lexicon.COMMON | lexicon.GIVEN)
        )

    def mask(self, text: str, caller: str | None = None) -> Masked:
        """`text` (any Unicode) with personal data replaced, their spans, and whether a second look still doubts.

        `caller` is the caller's number in any spelling: it is the reporter's wherever and however it stands in the
        text. Masks already in the text are left alone, so that masking twice changes nothing. Time is linear in the
        length of the text. Raises nothing.
        """
        called = _caller_digits(caller)
        spans = self._look(text, called)
        masked = masks.apply(text, spans)
        for _ in range(_LOOKS):
            # What stands beside a mask may be plainer than what stood beside the words under it.
            more = self._look(masked, called) if spans else ()
            if not more:
                break
            spans = masks.join(text, masked, spans, more)
            masked = masks.apply(text, spans)
        if self._recogniser is not None:
            spans = self._recogniser.add(text, spans)
            masked = masks.apply(text, spans)
        return Masked(masked, spans, self.shows(masked))

    def _look(self, text: str, called: str | None) -> tuple[Span, ...]:
        reading = read(text, self._lexicon)
        found = self._find(reading, called)
        return self._own(reading, found) if found else ()

    def shows(self, masked: str) -> bool:
        """Whether a second look, which knows nothing of how it was masked, finds personal data in `masked`."""
        return check.doubtful(masked, self._public, self._given, self._surnames, self._pairs)

    def _find(self, reading: Reading, caller: str | None) -> list[Found]:
        bits = reading.any_bits
        counted = bits & (lexicon.DIGITS | lexicon.NUMERAL)
        if bits & lexicon.DIGITS:
            parts.pass_over(reading)
        found = identifiers.find_net(reading)
        if bits & lexicon.DIGITS:
            found += identifiers.find_codes(reading)
        if counted:
            numerals.read_numbers(reading)
            if bits & lexicon.LETTER:
                found += spelled.find_spelled(reading)
            if bits & lexicon.VEHICLE:
                found += spelled.find_taxis(reading)
            if bits & (lexicon.BIRTH | lexicon.SECRET):
                found += cued.find_cued(reading)
        if counted or bits & lexicon.VEHICLE:
            found += plates.find_plates(reading)
        if counted:
            runs = digits.find_digits(reading, self._public, caller)
            for run in runs:
                reading.claim(run.first, run.last)
            found += runs
            if bits & lexicon.SECRET:
                found += cued.find_short(reading)
            found += addresses.find_addresses(reading)
            found += doors.find_doors(reading)
        found += shops.find_shops(reading)
        if bits & lexicon.PREMISES:
            found += premises.find_premises(reading)
        if bits & lexicon.ALIAS:
            found += aliases.find_aliases(reading)
        found += street_names.find_street_names(reading, found)
        found += names.find_names(reading, self._leads)
        if found:
            found += repeats.find_repeats(reading, found)
        return found

    @staticmethod
    def _own(reading: Reading, found: list[Found]) -> tuple[Span, ...]:
        told: list[Found] = []
        wording.settle(reading)
        for find in sorted(found, key=lambda find: find.first):
            if find.owner is None:
                find.owner = owners.decide(reading, find, told)
            elif find.owner == "unknown":
                find.doubted = True
            told.append(find)
        owners.spread(reading, told)
        tales.conclude(reading, told)
        owners.reconcile(told)
        spans: list[Span] = []
        at = 0
        for find in told:
            start, end = reading.original_span(find.first, find.last)
            start = max(start, at)
            if start < end:
                spans.append(Span(start, end, find.type, find.owner or "unknown", find.value))
                at = end
        return tuple(spans)


def _plain(name: str) -> str:
    from hotline.language.fold import plain

    return plain(name)


def _caller_digits(caller: str | None) -> str | None:
    """The last ten digits of the caller's number, or None when it is hidden or no Mexican-length number."""
    if not caller:
        return None
    bare = re.sub(r"\D", "", caller)
    return bare[-10:] if len(bare) >= 10 else None
