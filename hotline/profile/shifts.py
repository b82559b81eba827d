"""Who serves when: shifts by day of the week and hour, holidays, words that put them aside for a while. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from hotline.profile.duty import DutyRules

# What does not hurry waits for a shift no longer than this.
LONGEST_REST = timedelta(days=7)
_HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Shift:
    """Hours on days of the week (Monday is 0), local. Ends at or before it starts: on the next day.

    On a holiday it counts only when `holidays` says so; the day it starts on decides."""

    days: frozenset[int]
    starts: time
    ends: time
    holidays: bool = False

    def on(self, day: date, rules: DutyRules) -> bool:
        """Whether it begins on `day`."""
        return day.weekday() in self.days and (self.holidays or not rules.is_holiday(day))

    def holds(self, moment: datetime, rules: DutyRules) -> bool:
        """Whether it is on at `moment`."""
        hour, today = moment.time(), moment.date()
        if self.starts < self.ends:
            return self.starts <= hour < self.ends and self.on(today, rules)
        yesterday = today - timedelta(days=1)
        return (hour >= self.starts and self.on(today, rules)) or (hour < self.ends and self.on(yesterday, rules))


@dataclass(frozen=True, slots=True)
class Standing:
    """When somebody serves. `away`: said to be out of service. `on`: said to be in service although no shift is."""

    shifts: tuple[Shift, ...] = ()
    away: bool = False
    on: bool = False

    def serves(self, moment: datetime, rules: DutyRules) -> bool:
        """Whether they are on duty at `moment`. Without shifts: always, but when away."""
        if self.away:
            return False
        return self.on or not self.shifts or any(shift.holds(moment, rules) for shift in self.shifts)

    def rests_until(self, moment: datetime, rules: DutyRules, *, nights: bool = False) -> datetime:
        """When what does not hurry may be told: `moment` itself in a shift, else when the next one begins. `nights`:
        who has no shifts is let sleep at night. Who is away is left in peace for `LONGEST_REST`."""
        until = moment
        while until < moment + LONGEST_REST:
            sleeps = nights and not self.shifts and not self.on and rules.is_night(until)
            if self.serves(until, rules) and not sleeps:
                return until
            until = until.replace(minute=until.minute // 30 * 30, second=0, microsecond=0) + _HALF_HOUR
        return moment + LONGEST_REST


def half_hours(first: date, days: int) -> Iterator[datetime]:
    """Every half hour of `days` days from `first` on, as wall clocks show it."""
    for day in range(days):
        for half in range(48):
            yield datetime.combine(first + timedelta(days=day), time(half // 2, half % 2 * 30))


def gaps(people: Sequence[Standing], rules: DutyRules, first: date, days: int) -> list[tuple[datetime, datetime]]:
    """The stretches in which nobody of `people` serves, to the half hour: from, until."""
    found: list[tuple[datetime, datetime]] = []
    for moment in half_hours(first, days):
        if any(one.serves(moment, rules) for one in people):
            continue
        end = moment + timedelta(minutes=30)
        if found and found[-1][1] == moment:
            found[-1] = (found[-1][0], end)
        else:
            found.append((moment, end))
    return found
