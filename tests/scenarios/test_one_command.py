"""The one command: what `bin/run` starts, from an empty folder to Ctrl-C, and what it says when it cannot."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from harness.house import ACCOUNT, ALERTS, NUMBER, new_number
from harness.posting import Poster, a_text
from harness.processes import ROOT, SCRIPTS, Running, free_port, of_environment
from harness.waiting import until

COMMAND = [sys.executable, "-m", "hotline.house"]
PLAIN = {"PATH": f"{SCRIPTS}{os.pathsep}{os.environ.get('PATH', '')}"}


class Tenancy:
    """A folder in which the command is run, again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.var = folder / "var"
        self.environment = PLAIN | {
            "HOTLINE_VAR": str(self.var),
            "PORT": str(self.port),
            "WEB_CONCURRENCY": "2",
            "WORKER_PROCESSES": "3",
        }
        self._starts = 0

    def start(self) -> Running:
        """Returns when the address has been printed."""
        self._starts += 1
        running = Running(COMMAND, self.folder / f"terminal-{self._starts}.log", self.environment)
        try:
            running.says("\n", timeout=60)
        except BaseException:
            self.clear()
            raise
        return running

    def left(self) -> list[str]:
        return [" ".join(process.cmdline()) for process in of_environment("HOTLINE_VAR", str(self.var))]

    def clear(self) -> None:
        for process in of_environment("HOTLINE_VAR", str(self.var)):
            process.kill()

    def texts(self, words: str) -> None:
        account = json.loads((self.var / "lab.json").read_text())
        address = f"http://127.0.0.1:{self.port}"
        answer = Poster(address, public=address, token=account["token"]).signed("/sms", a_text(new_number(), words))
        assert (answer.status, b"clave: " in answer.body) == (200, True)

    def flask(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "flask", "--app", "hotline", *arguments]
        done = subprocess.run(command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=True)
        return done.stdout

    def cases(self) -> list[Mapping[str, str]]:
        return [json.loads(line) for line in self.flask("report", "list", "--json").splitlines()]


@pytest.fixture
def tenancy(tmp_path: Path) -> Iterator[Tenancy]:
    found = Tenancy(tmp_path)
    yield found
    found.clear()


def test_from_an_empty_folder_to_ctrl_c_and_again(tenancy: Tenancy) -> None:
    running = tenancy.start()
    (address,) = running.words.splitlines()
    assert address.startswith("http://127.0.0.1:")
    tenancy.texts("hay balazos ahorita en Iztapalapa")
    until(lambda: [case for case in tenancy.cases() if case["code"]], 20, "the case to be filed")
    os.kill(running.pid, signal.SIGINT)
    assert running.process.wait(30) == 0
    until(lambda: tenancy.left() == [], 5, lambda: f"no process to be left behind, but: {tenancy.left()}")
    assert running.words.splitlines() == [address], "Ctrl-C is not worth another word"

    running = tenancy.start()
    assert len(tenancy.cases()) == 1
    # A Ctrl-C at the keyboard reaches every process of the terminal at once.
    os.killpg(running.pid, signal.SIGINT)
    assert running.process.wait(30) == 0
    until(lambda: tenancy.left() == [], 5, lambda: f"no process to be left behind, but: {tenancy.left()}")
    assert len(tenancy.cases()) == 1


def test_what_was_killed_outright_starts_again_with_everything(tenancy: Tenancy) -> None:
    running = tenancy.start()
    tenancy.texts("nos cobran piso en el tianguis de Iztacalco")
    running.kill_all()
    tenancy.clear()
    running = tenancy.start()
    until(lambda: [case for case in tenancy.cases() if case["area"] == "09006"], 30, "the case to be filed")
    assert running.stops(signal.SIGTERM) == 0
    assert tenancy.left() == []


def test_a_process_that_ends_ends_the_house_and_is_named(tenancy: Tenancy) -> None:
    running = tenancy.start()
    clock = next(process for process in running.descendants() if "workers.clock" in process.cmdline())
    clock.kill()
    assert running.process.wait(30) == 1
    assert "clock" in running.words.splitlines()[-1]
    until(lambda: tenancy.left() == [], 5, lambda: f"no process to be left behind, but: {tenancy.left()}")


def a_file_in_the_way(folder: Path) -> dict[str, str]:
    (folder / "file").touch()
    return {"HOTLINE_VAR": str(folder / "file" / "var")}


def a_house_of_keys_that_are_none(folder: Path) -> dict[str, str]:
    (folder / "keys").mkdir()
    (folder / "keys" / "seal-1.private").write_text("no key")
    return {"HOTLINE_KEYS": str(folder / "keys")}


TROUBLE: list[tuple[str, Callable[[Path], dict[str, str]], str]] = [
    ("a port that is none", lambda _: {"PORT": "abc"}, "PORT"),
    ("a port beyond all", lambda _: {"PORT": "70000"}, "PORT"),
    ("another database", lambda _: {"DATABASE_URL": "mysql://localhost/x"}, "DATABASE_URL"),
    ("a database that is not there", lambda _: {"DATABASE_URL": "postgresql://127.0.0.1:1/x"}, "DATABASE_URL"),
    ("an unknown profile", lambda _: {"HOTLINE_PROFILE": "nowhere"}, "nowhere"),
    ("half a carrier", lambda _: {"TWILIO_ACCOUNT_SID": ACCOUNT}, "TWILIO_AUTH_TOKEN"),
    ("a Redis by another name", lambda _: {"REDIS_URL": "http://localhost"}, "REDIS_URL"),
    ("a folder that cannot be", a_file_in_the_way, "HOTLINE_VAR"),
    ("a key that is none", a_house_of_keys_that_are_none, "seal-1.private"),
    ("a number that is none", lambda _: {"HOTLINE_NUMBER": "lunes"}, "HOTLINE_NUMBER"),
]


@pytest.mark.parametrize("trouble", [row[1:] for row in TROUBLE], ids=[row[0] for row in TROUBLE])
def test_one_clear_line(tenancy: Tenancy, trouble: tuple[Callable[[Path], dict[str, str]], str]) -> None:
    change, named = trouble
    assert_one_line(COMMAND, tenancy.environment | change(tenancy.folder), named)
    assert tenancy.left() == []


def test_a_port_in_use(tenancy: Tenancy) -> None:
    with socket.create_server(("127.0.0.1", tenancy.port)):
        assert_one_line(COMMAND, tenancy.environment, "PORT")


@pytest.mark.parametrize(
    "command",
    [["gunicorn", "--config", "python:hotline.server", "hotline:create_app()"], ["python", "-m", "workers"]],
    ids=["web", "worker"],
)
def test_a_process_without_its_variables(tenancy: Tenancy, command: list[str]) -> None:
    command[0] = str(SCRIPTS / command[0])
    assert_one_line(command, PLAIN | {"HOTLINE_VAR": str(tenancy.var)}, "TWILIO_ACCOUNT_SID")
    known = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": "x", "PUBLIC_URL": "https://linea.example"}
    known |= {"HOTLINE_NUMBER": NUMBER, "HOTLINE_ALERTS_SENDER": ALERTS, "REDIS_URL": "redis://127.0.0.1:1"}
    assert_one_line(command, PLAIN | known | {"HOTLINE_VAR": str(tenancy.var)}, "keys")


def assert_one_line(command: list[str], environment: Mapping[str, str], named: str) -> None:
    """The command ends with status 1, says nothing on standard output, and one line on standard error."""
    done = subprocess.run(
        command, env=dict(environment), cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.strip().splitlines()
    assert named in line
