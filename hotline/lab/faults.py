"""Bad days on purpose: what a test or a drill asks the carrier to get wrong."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from hotline.lab.errors import RestError

_CODES = {401: 20003, 403: 20003, 404: 20404, 429: 20429, 500: 20500, 503: 20503}


@dataclass
class Fault:
    """One planned failure of an operation: answered with `status`, or not answered for `hang` seconds."""

    operation: str
    status: int | None = None
    code: int | None = None
    times: int = 1
    headers: dict[str, str] = field(default_factory=dict)
    hang: float = 0.0
    perform: bool = False

    def error(self) -> RestError | None:
        """The refusal to answer with, or None when the fault only keeps the client waiting."""
        if self.status is None:
            return None
        code = self.code or _CODES.get(self.status, self.status * 100)
        return RestError(code, "Planned failure", self.status, self.headers)


class Faults:
    """The failures still to come, first planned first used."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: list[Fault] = []
        self._over = threading.Event()

    def plan(self, fault: Fault) -> None:
        with self._lock:
            self._planned.append(fault)

    def next(self, operation: str) -> Fault | None:
        """Takes one turn of the first fault planned for `operation`, if any."""
        with self._lock:
            for fault in self._planned:
                if fault.operation == operation:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._planned.remove(fault)
                    return fault
        return None

    def clear(self) -> None:
        with self._lock:
            self._planned.clear()

    def wait(self, seconds: float) -> None:
        """Keeps a client waiting, no longer than the lab lives."""
        self._over.wait(seconds)

    def stop(self) -> None:
        self._over.set()
