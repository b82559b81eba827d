"""Who is told, as a table: a case, the liaisons there are, and whom it reaches."""

from __future__ import annotations

import pytest

from workers.routing import Coverage, Matter, recipients


def one(id: str, role: str = "first", areas: str = "", states: str = "", kinds: str = "") -> Coverage:
    return Coverage(id, role, frozenset(areas.split()), frozenset(states.split()), frozenset(kinds.split()))


IZTAPALAPA, TLALPAN, CDMX, PUEBLA = "09007", "09012", "09", "21"
EVERYWHERE = one("everywhere")
IN_IZTAPALAPA = one("iztapalapa", areas=IZTAPALAPA)
IN_TLALPAN = one("tlalpan", areas=TLALPAN)
IN_PUEBLA = one("puebla", states=PUEBLA)
IN_THE_CITY = one("city", states=CDMX)
FOR_KIDNAPPING = one("kidnapping", kinds="secuestro")
SECOND = one("second", role="second")
SUPERVISOR = one("supervisor", role="supervisor", kinds="queja_autoridad")

LOCAL_TEAM = [IN_IZTAPALAPA, IN_TLALPAN, IN_PUEBLA, SUPERVISOR]


@pytest.mark.parametrize(
    ("kind", "area", "state", "liaisons", "told"),
    [
        # Nobody to tell.
        ("fraude", IZTAPALAPA, CDMX, [], []),
        # Place and kind.
        ("fraude", IZTAPALAPA, CDMX, [EVERYWHERE], ["everywhere"]),
        ("fraude", None, None, [EVERYWHERE], ["everywhere"]),
        ("fraude", IZTAPALAPA, CDMX, LOCAL_TEAM, ["iztapalapa"]),
        ("fraude", TLALPAN, CDMX, LOCAL_TEAM, ["tlalpan"]),
        ("fraude", None, PUEBLA, LOCAL_TEAM, ["puebla"]),
        ("fraude", IZTAPALAPA, CDMX, [IN_THE_CITY, IN_TLALPAN], ["city"]),
        ("fraude", IZTAPALAPA, CDMX, [EVERYWHERE, IN_IZTAPALAPA], ["everywhere", "iztapalapa"]),
        ("secuestro", IZTAPALAPA, CDMX, [FOR_KIDNAPPING, EVERYWHERE], ["kidnapping", "everywhere"]),
        ("fraude", IZTAPALAPA, CDMX, [FOR_KIDNAPPING, EVERYWHERE], ["everywhere"]),
        (None, IZTAPALAPA, CDMX, [FOR_KIDNAPPING, IN_TLALPAN], ["kidnapping"]),
        # The nearest role that covers it.
        ("fraude", IZTAPALAPA, CDMX, [SECOND, EVERYWHERE, SUPERVISOR], ["everywhere"]),
        ("fraude", IZTAPALAPA, CDMX, [SECOND, IN_TLALPAN], ["second"]),
        ("queja_autoridad", IZTAPALAPA, CDMX, [SUPERVISOR, IN_TLALPAN], ["supervisor"]),
        # A state without area reaches everybody with an area in it.
        ("fraude", None, CDMX, [IN_IZTAPALAPA, IN_TLALPAN, IN_PUEBLA], ["iztapalapa", "tlalpan"]),
        # Nobody covers it: the supervisors, then whoever takes the kind, then everybody.
        ("fraude", None, None, LOCAL_TEAM, ["supervisor"]),
        ("fraude", "09003", CDMX, LOCAL_TEAM, ["supervisor"]),
        ("fraude", "09003", CDMX, [IN_IZTAPALAPA, IN_TLALPAN], ["iztapalapa", "tlalpan"]),
        ("secuestro", "09003", CDMX, [IN_IZTAPALAPA, one("fraud", areas=TLALPAN, kinds="fraude")], ["iztapalapa"]),
        ("fraude", IZTAPALAPA, CDMX, [FOR_KIDNAPPING], ["kidnapping"]),
        ("fraude", IZTAPALAPA, CDMX, [one("late", role="second", areas=TLALPAN)], ["late"]),
    ],
)
def test_who_is_told(
    kind: str | None, area: str | None, state: str | None, liaisons: list[Coverage], told: list[str]
) -> None:
    assert recipients(Matter(kind, area, state), liaisons) == told
