"""The steps of waking people for an urgent case, counted in waves. Pure.

Within a wave: 0 whoever is told first, then the next in line, `EVERYONE`, `OPERATOR`. A case that nobody attends to any
more (passed on, its liaison gone) begins a new wave, in which all may be woken again.
"""

from __future__ import annotations

# The last steps of a wave: everybody at once, then whoever runs the hotline.
EVERYONE, OPERATOR = 90, 91
_WAVE = 1000


def within(step: int) -> int:
    """Which step of its wave `step` is."""
    return step % _WAVE


def first_of(step: int) -> int:
    """The first step of the wave of `step`."""
    return step - step % _WAVE


def next_wave(step: int) -> int:
    """The first step of the wave after that of `step`."""
    return first_of(step) + _WAVE
