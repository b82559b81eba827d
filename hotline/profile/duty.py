"""Duty as data, `duty.toml`: clocks of escalation, night, holidays, patterns, outcomes, and whom complaints are of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import MappingProxyType

from hotline.profile.accusing import Accusing, Body, load_accusing, spaced
from hotline.profile.reader import Reader

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_URGENT = ("P1", "P2")
_HOUR = r"([01]\d|2[0-3]):[0-5]\d"


@dataclass(frozen=True, slots=True)
class Step:
    """How an urgency wakes people: how long the next waits for a word of those before, whether they are rung up, and
    how long after the operator was told all of it begins again."""

    wait: timedelta
    call: bool
    again: timedelta


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case may end: its names by language, and the folded words that say it."""

    slug: str
    names: Mapping[str, str]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DutyRules:
    """One deployment's rules of duty. Moments are local to the profile's time zone.

    complaints: the kinds that complain of an authority, and which when the words do not tell. pattern_cases: by type of
    evidence, how many cases make a pattern. weekly_day: Monday is 0.
    """

    escalation: Mapping[str, Step]
    night: tuple[time, time]
    holidays: frozenset[str]
    weekly_day: int
    pattern_days: int
    pattern_cases: Mapping[str, int]
    outcomes: Mapping[str, Outcome]
    complaints: Mapping[str, str | None]
    bodies: Mapping[str, Body]
    accusing: Accusing

    def is_night(self, moment: datetime) -> bool:
        begins, ends = self.night
        hour = moment.time()
        return begins <= hour < ends if begins <= ends else hour >= begins or hour < ends

    def is_holiday(self, day: date) -> bool:
        return day.isoformat() in self.holidays or f"{day:%m-%d}" in self.holidays

    def outcome(self, words: str) -> str:
        """The outcome that `words` say; "otro" when they say none, or nothing."""
        said = spaced(words)
        found = [
            (len(word), outcome.slug)
            for outcome in self.outcomes.values()
            for word in (outcome.slug.replace("_", " "), *outcome.words)
            if f" {word} " in said
        ]
        return max(found)[1] if found else "otro"

    def body(self, words: str) -> str:
        """The body that a liaison is said to serve in; one that the profile does not know is marked by a tilde."""
        said = spaced(words)
        for body in self.bodies.values():
            if said.strip() in (body.slug, spaced(body.name).strip(), *body.words):
                return body.slug
        return "~" + said.strip()[:38]

    def complained_of(self, kind: str | None, words: str) -> str | None:
        """Of which bodies a report of `kind` complains: ",ssc,fgj,", "?" when nobody can tell, None: of none. One of
        any other kind complains of a body whose people are said to have done it."""
        if kind is None or kind not in self.complaints:
            return self.accusing.of(words, self.bodies)
        said = spaced(words)
        named = [body.slug for body in self.bodies.values() if any(f" {word} " in said for word in body.words)]
        usual = self.complaints[kind]
        if usual is not None and usual not in named:
            named.append(usual)
        return f",{','.join(named)}," if named else "?"


def never_fewer(known: str | None, found: str | None) -> str | None:
    """What a report complains of once it was found to: a body that was named stays named."""
    if known is None or found is None:
        return found or known
    named = dict.fromkeys(body for said in (known, found) if said != "?" for body in said.strip(",").split(","))
    return f",{','.join(named)}," if named else "?"


def may_hear(body: str | None, against: str | None) -> bool:
    """Whether somebody who serves in `body` may be told of a report that complains of `against`.

    Of a body that nobody named, or to one that the profile does not know, nothing is told: it might be the one.
    """
    if against is None or body is None:
        return True
    return against != "?" and not body.startswith("~") and f",{body}," not in against


def load_duty(folder: Path, kinds: Mapping[str, object], languages: tuple[str, ...]) -> DutyRules:
    """Reads `duty.toml` of `folder`. Raises ProfileError with the file, the key and the reason."""
    file = Reader.open(folder / "duty.toml")
    escalation = {}
    steps = file.table("escalation")
    for urgency in _URGENT:
        reader = steps.table(urgency)
        wait, again = reader.whole("minutes", 1, 240), reader.whole("again_minutes", 10, 10080)
        escalation[urgency] = Step(timedelta(minutes=wait), reader.flag("call"), timedelta(minutes=again))
        reader.done()
    steps.done()
    night = file.table("night")
    hours = (_time(night, "from"), _time(night, "to"))
    night.done()
    weekly = file.table("weekly")
    weekly_day = _DAYS.index(weekly.choice("day", _DAYS))
    weekly.done()
    patterns = file.table("patterns")
    days, table = patterns.whole("days", 1, 3650), patterns.table("cases")
    cases = {kind: table.whole(kind, 2, 1000) for kind in table.names()}
    patterns.done()
    bodies = {slug: _body(slug, reader) for slug, reader in file.table("bodies").tables()}
    rules = DutyRules(
        escalation=MappingProxyType(escalation),
        night=hours,
        holidays=_holidays(file.table("holidays")),
        weekly_day=weekly_day,
        pattern_days=days,
        pattern_cases=MappingProxyType(cases),
        outcomes=MappingProxyType(_outcomes(file.table("outcomes"), languages)),
        complaints=MappingProxyType(_complaints(file.table("complaints"), kinds, bodies)),
        bodies=MappingProxyType(bodies),
        accusing=load_accusing(file.table("accusing")),
    )
    file.done()
    return rules


def _time(reader: Reader, key: str) -> time:
    return time.fromisoformat(reader.matching(key, _HOUR, "21:00"))


def _holidays(reader: Reader) -> frozenset[str]:
    days = reader.strings("days")
    for day in days:
        try:
            date.fromisoformat(day if len(day) == 10 else f"2024-{day}")
        except ValueError:
            reader.fail("days", f'must hold days like "12-25" or "2026-11-16", not {day!r}')
    reader.done()
    return frozenset(days)


def _outcomes(reader: Reader, languages: tuple[str, ...]) -> dict[str, Outcome]:
    outcomes = {}
    for slug, table in reader.tables():
        names = table.table("names")
        said = MappingProxyType({language: names.string(language) for language in languages})
        names.done()
        outcomes[slug] = Outcome(slug, said, _words(table))
        table.done()
    if "otro" not in outcomes:
        reader.fail("otro", "is missing; cases that end in no other way need it")
    return outcomes


def _body(slug: str, reader: Reader) -> Body:
    if not re.fullmatch(r"[a-z][a-z_]{0,30}", slug):
        reader.fail("", "a body's key is of small letters, as in [bodies.ssc]")
    body = Body(slug, reader.string("name"), _words(reader))
    reader.done()
    return body


def _words(reader: Reader) -> tuple[str, ...]:
    return tuple(spaced(word).strip() for word in reader.words("words"))


def _complaints(reader: Reader, kinds: Mapping[str, object], bodies: Mapping[str, Body]) -> dict[str, str | None]:
    complaints = {}
    for kind, table in reader.tables():
        if kind not in kinds:
            reader.fail(kind, "there is no kind of this name in kinds.toml; correct it or take it out")
        complaints[kind] = table.choice("body", tuple(bodies)) if table.has("body") else None
        table.done()
    return complaints
