"""Who is told: one function from a case and the liaisons to a list. SMS, digests and commands all ask it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

ROLES = ("first", "second", "supervisor")


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a liaison answers for. Empty areas and states mean every place, empty kinds every kind."""

    id: str
    role: str
    areas: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()

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


def recipients(kind: str | None, area: str | None, state: str | None, liaisons: Sequence[Coverage]) -> list[str]:
    """The ids of the liaisons to tell, never empty while there is any liaison.

    First whoever covers place and kind, the nearest role present; else, wider and wider, whoever works in the same
    state, the supervisors, whoever takes the kind, everyone. A report that nobody planned for wakes one too many
    rather than none.
    """
    circles: list[Callable[[Coverage], bool]] = [
        lambda one: one.takes_kind(kind) and one.takes_place(area, state),
        lambda one: one.takes_kind(kind) and area is None and one.works_in(state),
        lambda one: one.role == "supervisor",
        lambda one: one.takes_kind(kind),
        lambda one: True,
    ]
    for inside in circles:
        found = [one for one in liaisons if inside(one)]
        for role in ROLES:
            chosen = [one.id for one in found if one.role == role]
            if chosen:
                return chosen
    return []
