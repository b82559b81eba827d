"""Who is told: one decision from a case and the liaisons to a list. SMS, calls, digests and commands ask it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

from hotline.profile.duty import may_hear
from hotline.profile.steps import EVERYONE, OPERATOR, first_of, within

ROLES = ("first", "second", "supervisor")


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a liaison answers for. Empty areas and states mean every place, empty kinds every kind.

    `serves`: on duty now. `away`: said to be out of service. `body`: the authority they serve in."""

    id: str
    role: str
    areas: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    body: str | None = None
    serves: bool = True
    away: bool = False

    @property
    def everywhere(self) -> bool:
        return not self.areas and not self.states

    def takes_kind(self, kind: str | None) -> bool:
        return not self.kinds or kind is None or kind in self.kinds

    def takes_place(self, area: str | None, state: str | None) -> bool:
        return self.everywhere or area in self.areas or state in self.states

    def works_in(self, state: str | None) -> bool:
        """Has an area in `state` (an area's code begins with its state's)."""
        return state is not None and any(area.startswith(state) for area in self.areas)


@dataclass(frozen=True, slots=True)
class Matter:
    """What routing asks of a case: kind, place, and of which bodies it complains (see `may_hear`)."""

    kind: str | None
    area: str | None
    state: str | None
    against: str | None = None

    def covered_by(self, one: Coverage) -> bool:
        """Kind and place are this liaison's; a state without area is everybody's who has an area in it."""
        near = one.takes_place(self.area, self.state) or (self.area is None and one.works_in(self.state))
        return one.takes_kind(self.kind) and near


_Circle = Callable[[Matter, Coverage], bool]
# Ever wider: on duty before off shift, who covers it before supervisors, supervisors before anybody.
_CIRCLES: tuple[_Circle, ...] = (
    lambda case, one: one.serves and one.takes_kind(case.kind) and one.takes_place(case.area, case.state),
    lambda case, one: one.serves and case.covered_by(one),
    lambda case, one: one.serves and one.role == "supervisor",
    lambda case, one: not one.away and case.covered_by(one),
    lambda case, one: not one.away and one.role == "supervisor",
    lambda case, one: one.serves and one.takes_kind(case.kind),
    lambda case, one: one.serves,
    lambda case, one: not one.away,
    lambda case, one: True,
)


def recipients(case: Matter, liaisons: Sequence[Coverage]) -> list[str]:
    """The ids of the liaisons to tell first, never empty while anybody may hear of it.

    The nearest circle that has anybody, of it the nearest role. A report that nobody planned for wakes one too many
    rather than none; nobody hears a complaint about the body they serve in.
    """
    able = [one for one in liaisons if may_hear(one.body, case.against)]
    for inside in _CIRCLES:
        chosen = _nearest([one for one in able if inside(case, one)])
        if chosen:
            return chosen
    return []


def next_to_wake(case: Matter, liaisons: Sequence[Coverage], told: Set[str], step: int) -> tuple[int, list[str]]:
    """The step after `step` of an urgent case that nobody has taken, and whom it tells; `told` were told before.

    The next role on duty that covers it, then the supervisors, then everybody, those told before too, then the
    operator, for whom the list is empty.
    """
    able = [one for one in liaisons if may_hear(one.body, case.against)]
    wave = first_of(step)
    if within(step) < EVERYONE:
        fresh = [one for one in able if one.id not in told]
        in_line = [one for one in fresh if one.serves and one.role != "supervisor" and case.covered_by(one)]
        over = [one for one in fresh if one.role == "supervisor"]
        for group in (
            in_line,
            [one for one in over if one.serves and case.covered_by(one)],
            [one for one in over if one.serves],
            [one for one in over if not one.away],
        ):
            if group:
                return step + 1, _nearest(group)
        everybody = [one.id for one in able if not one.away] or [one.id for one in able]
        if everybody:
            return wave + EVERYONE, everybody
    return wave + OPERATOR, []


def _nearest(people: Sequence[Coverage]) -> list[str]:
    """Those of the nearest role present."""
    for role in ROLES:
        chosen = [one.id for one in people if one.role == role]
        if chosen:
            return chosen
    return []
