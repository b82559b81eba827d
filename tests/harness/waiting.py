"""Waiting for something to become true, and never for a fixed time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(condition: Callable[[], T], timeout: float, what: str | Callable[[], str], every: float = 0.03) -> T:
    """Asks `condition` every `every` seconds until it is true and gives what it said.

    Fails after `timeout` seconds with `what` was awaited; an assertion that fails inside `condition` counts as "not
    yet", and its last words are added.
    """
    deadline = time.monotonic() + timeout
    while True:
        last = ""
        try:
            if result := condition():
                return result
        except AssertionError as error:
            last = f" ({error})"
        if time.monotonic() > deadline:
            words = what() if callable(what) else what
            raise AssertionError(f"not within {timeout:g} s: {words}{last}")
        time.sleep(every)


class Stopwatch:
    """How long the block took, in seconds."""

    def __enter__(self) -> Stopwatch:
        self._begun = time.monotonic()
        self.seconds = 0.0
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.monotonic() - self._begun
