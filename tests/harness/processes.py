"""Real processes: started in a group of their own, their words in a file, killed at the end whatever happens."""

from __future__ import annotations

import itertools
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from harness.waiting import until

ROOT = Path(__file__).parent.parent.parent
SCRIPTS = Path(sys.executable).parent


# Below what the kernel hands out by itself, a stretch for each of the processes that test at a time; by tens, for a
# house takes the ports after its own.
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_first = 12_000 + _worker % 6 * 3_000
_PORTS = itertools.cycle(_first + (os.getpid() + turn) % 300 * 10 for turn in range(300))


def free_port() -> int:
    """A port that nobody listens on, and that no other test will ask for."""
    for port in _PORTS:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    raise AssertionError("unreachable")


class Running:
    """One started command. Standard output and error go to `log`, appended to at a restart."""

    def __init__(self, command: Sequence[str], log: Path, environment: Mapping[str, str], cwd: Path = ROOT) -> None:
        self.command, self.log = list(command), log
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command,
                cwd=cwd,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    def grandchildren(self) -> list[int]:
        """The ids of what its children have started: of workers, the jobs under way."""
        try:
            return [grandchild.pid for child in psutil.Process(self.pid).children() for grandchild in child.children()]
        except psutil.NoSuchProcess:
            return []

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    @property
    def words(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def descendants(self) -> list[psutil.Process]:
        """Everything it has started that still lives, whatever group that is in."""
        try:
            return list(psutil.Process(self.pid).children(recursive=True))
        except psutil.NoSuchProcess:
            return []

    def says(self, words: str, timeout: float = 20.0) -> None:
        """Waits until `words` stand in the log. Fails at once when the process ends before."""

        def said() -> bool:
            if words in self.words:
                return True
            if not self.running:
                raise RuntimeError(f"{self.command} ended with {self.process.returncode}: {self.words[-2000:]}")
            return False

        until(said, timeout, lambda: f"{words!r} from {self.command}, which said: {self.words[-2000:]}")

    def sends(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def kill_all(self) -> None:
        """SIGKILL to the process and to everything it has started, at once: nobody gets to tidy up."""
        doomed = self.descendants()
        for pid in [self.pid, *(process.pid for process in doomed)]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait(10)
        psutil.wait_procs(doomed, 10)

    def stops(self, number: signal.Signals = signal.SIGTERM, timeout: float = 30.0) -> int:
        """Asks it to stop and gives its exit status. Whatever is left of it after `timeout` is killed and told."""
        family = self.descendants()
        if self.running:
            self.sends(number)
        try:
            status = self.process.wait(timeout)
            _, alive = psutil.wait_procs(family, 5)
        except subprocess.TimeoutExpired:
            self.kill_all()
            raise AssertionError(f"{self.command} did not stop within {timeout:g} s: {self.words[-2000:]}") from None
        for process in alive:
            process.kill()
        assert not alive, f"{self.command} left {len(alive)} processes behind"
        return status


def of_environment(name: str, value: str) -> list[psutil.Process]:
    """Every living process that was started with this variable: what belongs to one house, orphans too."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(name) == value and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return [process for process in found if process.pid != os.getpid()]
