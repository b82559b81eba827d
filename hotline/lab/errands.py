"""Work behind the caller's back: receipts are posted by a few daemon threads that never keep a process alive."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable


class Errands:
    """Runs what it is given, in order of arrival, on up to `hands` threads that start when needed."""

    def __init__(self, hands: int = 8) -> None:
        self._hands = hands
        self._waiting: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._state = threading.Condition()
        self._threads = 0
        self._open = 0
        self._stopped = False

    def run(self, errand: Callable[[], None]) -> None:
        with self._state:
            if self._stopped:
                return
            self._open += 1
            if self._threads < min(self._open, self._hands):
                self._threads += 1
                threading.Thread(target=self._work, name=f"errand-{self._threads}", daemon=True).start()
        self._waiting.put(errand)

    def settle(self, timeout: float) -> bool:
        """Waits until nothing is under way. False when something still is after `timeout` seconds."""
        with self._state:
            return self._state.wait_for(lambda: self._open == 0, timeout)

    def stop(self) -> None:
        with self._state:
            self._stopped = True
            for _ in range(self._threads):
                self._waiting.put(None)

    def _work(self) -> None:
        while (errand := self._waiting.get()) is not None:
            try:
                errand()
            finally:
                with self._state:
                    self._open -= 1
                    self._state.notify_all()
