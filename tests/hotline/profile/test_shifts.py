"""When a shift is on: holidays, nights that go over midnight."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hotline.profile import load
from hotline.profile.shifts import Shift
from hotline.store import duty

RULES = load("osc").duty


def test_a_holidays_shift_counts_only_where_it_says_so() -> None:
    christmas = datetime(2026, 12, 25, 12, 0)  # noqa: DTZ001
    usual, festive = (duty.checked_shift("lun-vie", "08:00", "16:00", holidays=yes) for yes in (False, True))
    assert not usual.holds(christmas, RULES) and festive.holds(christmas, RULES)
    assert usual.holds(christmas - timedelta(days=1), RULES)


@pytest.mark.parametrize(
    ("hour", "on"),
    [("19:59", False), ("20:00", True), ("23:59", True), ("00:00", True), ("07:59", True), ("08:00", False)],
)
def test_a_night_shift_goes_over_midnight(hour: str, on: bool) -> None:
    shift = duty.checked_shift("all", "20:00", "08:00")
    moment = datetime.fromisoformat(f"2026-11-24T{hour}")
    assert isinstance(shift, Shift) and shift.holds(moment, RULES) is on
