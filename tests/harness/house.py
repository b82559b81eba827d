"""A whole house: the Procfile's processes with the contract's variables, against a lab, a Valkey and a database."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import urllib3
from honcho.environ import parse_procfile

from harness.databases import Database, everything
from harness.processes import ROOT, SCRIPTS, Running, free_port, of_environment
from harness.valkey import Valkey
from harness.waiting import until
from hotline.lab import Lab, Phone
from hotline.lab.records import Posted, RestRequest
from hotline.profile import Profile, load
from hotline.settings import Settings
from hotline.store import people
from hotline.store.engine import connect
from hotline.vault import Vault
from workers.casebook import open_parts

PUBLIC_URL = "https://linea.example/osc"
ACCOUNT, TOKEN = "AC" + "5e" * 16, "f0" * 16
NUMBER, ALERTS = "+525588000911", "+525588000922"
# What processes log, rightly, while their database or their Redis is away.
DATABASE_AWAY = ("Traceback", "rq.worker", "job failed", "not filed", "not noted", "delivery not made", "database away")
REDIS_AWAY = ("Traceback", "rq.worker", "Redis", "redis", "socket")
_PROCESSES = ("web", "worker", "clock")
_numbers = count(1)


@dataclass(frozen=True)
class Liaison:
    """A liaison of the house: the id the store knows, the phone in their hand, where their mail goes."""

    id: str
    name: str
    phone: Phone
    email: str | None


@dataclass(frozen=True)
class Case:
    """A case as the store has it, its text opened with the house's own keys. `texts` has None for a held part."""

    id: str
    code: str | None
    status: str
    kind: str | None
    urgency: str | None
    area: str | None
    state: str | None
    channel: str
    texts: tuple[str | None, ...]

    @property
    def story(self) -> str:
        return "\n".join(text for text in self.texts if text)


class House:
    """One hotline in real processes. Use as a context; leaving it stops everything and reads the logs.

    `forgiven` are words of log lines that the test provoked on purpose.
    """

    def __init__(
        self,
        folder: Path,
        database: Database,
        keys: Path,
        *,
        web: int = 2,
        workers: int = 3,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.folder, self.database, self.keys = folder, database, keys
        self.var = folder / "var"
        self.var.mkdir()
        self.port = free_port()
        self.profile: Profile = load("osc")
        self.vault = Vault.open_folder(keys)
        self.valkey = Valkey(folder)
        self.lab = Lab(
            hotline_url=PUBLIC_URL,
            reach=f"http://127.0.0.1:{self.port}",
            account_sid=ACCOUNT,
            auth_token=TOKEN,
            hotline_number=NUMBER,
            alerts_sender=ALERTS,
        )
        self.environment = {
            "PATH": f"{SCRIPTS}{os.pathsep}{os.environ.get('PATH', '')}",
            "PYTHONUNBUFFERED": "1",
            "DATABASE_URL": database.url,
            "REDIS_URL": self.valkey.url,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_API_URL": self.lab.api_url,
            "PUBLIC_URL": PUBLIC_URL,
            "HOTLINE_NUMBER": NUMBER,
            "HOTLINE_ALERTS_SENDER": ALERTS,
            "SMTP_URL": f"smtp://127.0.0.1:{self.lab.smtp_port}",
            "MAIL_FROM": "avisos@linea.example",
            "HOTLINE_KEYS": str(keys),
            "HOTLINE_VAR": str(self.var),
            "PORT": str(self.port),
            "WEB_CONCURRENCY": str(web),
            "WORKER_PROCESSES": str(workers),
            **(environment or {}),
        }
        self.forgiven: list[str] = []
        self.running: dict[str, Running] = {}
        self._procfile = parse_procfile((ROOT / "Procfile").read_text(encoding="utf-8")).processes

    # Its life

    def __enter__(self) -> House:
        try:
            self.valkey.start()
            self.lab.start()
            self.starts(*_PROCESSES)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                self.lab.settle()
                early = [name for name, process in self.running.items() if not process.running]
                assert not early, f"ended before they were told to: {early}"
                statuses = {name: process.stops() for name, process in reversed(self.running.items())}
                assert set(statuses.values()) <= {0}, f"processes ended badly: {statuses}"
        finally:
            self._end()
        if kind is None:
            self.check_logs()

    def _end(self) -> None:
        for process in self.running.values():
            process.kill_all()
        for orphan in of_environment("HOTLINE_VAR", str(self.var)):
            orphan.kill()
        self.lab.stop()
        self.valkey.stop()

    def starts(self, *names: str) -> None:
        """Starts these processes of the Procfile, and waits until each does its work."""
        heard = {name: self._log(name).stat().st_size if self._log(name).exists() else 0 for name in names}
        for name in names:
            program, _, arguments = self._procfile[name].partition(" ")
            command = f"exec {sys.executable if program == 'python' else SCRIPTS / program} {arguments}"
            self.running[name] = Running(["/bin/sh", "-c", command], self._log(name), self.environment)
        for name in names:
            if name == "web":
                until(lambda: self._alive(self.running["web"]) and self.lives(), 30, "the web process to answer")
            else:
                self._waits_for_word(name, heard[name])

    def _waits_for_word(self, name: str, offset: int) -> None:
        def started() -> bool:
            return self._alive(self.running[name]) and b'"started"' in self._log(name).read_bytes()[offset:]

        until(started, 30, f"{name} to start")

    @staticmethod
    def _alive(process: Running) -> bool:
        if not process.running:
            raise RuntimeError(f"{process.command} ended with {process.process.returncode}: {process.words[-2000:]}")
        return True

    def lives(self) -> bool:
        """Whether the web process says that it lives."""
        try:
            return urllib3.request("GET", f"{self.address}/healthz", timeout=5, retries=False).status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def not_ready(self) -> list[str]:
        """What the web process says is down."""
        answer = urllib3.request("GET", f"{self.address}/readyz", timeout=15, retries=False)
        down: list[str] = answer.json()["down"]
        assert (answer.status == 503) is bool(down)
        return down

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def words(self, name: str) -> str:
        """What the process `name` has written so far."""
        return self._log(name).read_text(encoding="utf-8", errors="replace")

    @property
    def address(self) -> str:
        """Where the web process listens."""
        return f"http://127.0.0.1:{self.port}"

    # Its people

    def caller(self, *, shows: str | None = None) -> Phone:
        """Somebody nobody has heard of before."""
        return self.lab.phone(new_number(), shows=shows)

    def liaison(
        self,
        name: str,
        *,
        areas: tuple[str, ...] = (),
        states: tuple[str, ...] = (),
        kinds: tuple[str, ...] = (),
        email: str | None = None,
        digests: tuple[str, ...] = (),
        role: str = "first",
    ) -> Liaison:
        """Adds a liaison, as the operator's command does, and puts a phone into their hand."""
        phone = self.caller()
        person = people.NewLiaison.checked(
            name,
            profile=self.profile,
            phone=phone.number,
            email=email,
            areas=areas,
            states=states,
            kinds=kinds,
            role=role,
            digests=digests,
        )
        engine = connect(Settings.read(self.environment).database)
        with engine.begin() as connection:
            liaison_id = people.add(connection, self.vault, person)
        engine.dispose()
        return Liaison(liaison_id, name, phone, email)

    def flask(self, *arguments: str, status: int = 0) -> str:
        """Runs an operator's command and gives what it prints; fails when it ends with another status."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "hotline", *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == status, f"{arguments} ended with {done.returncode}: {done.stderr}"
        return done.stdout

    # What it keeps

    def cases(self) -> list[Case]:
        """Every case in the store, oldest first."""
        rows = self.database.rows("SELECT * FROM reports ORDER BY opened_at, id")
        return [self._case(row) for row in rows]

    def _case(self, row: Mapping[str, Any]) -> Case:
        texts = tuple(part.text for part in open_parts(self.vault, row["id"], row["text"]))
        facts = {name: row[name] for name in ("id", "code", "status", "kind", "urgency", "area", "state", "channel")}
        return Case(**facts, texts=texts)

    def case_of(self, carrier_id: str, timeout: float = 20.0) -> Case:
        """The case of a text or call, once it is filed."""

        def filed() -> Case | None:
            ids = f"id = '{carrier_id}' OR id LIKE '{carrier_id}:%'"
            rows = self.database.rows(f"SELECT report_id FROM messages WHERE {ids}")
            found = [case for case in self.cases() if rows and case.id == rows[0]["report_id"] and case.code]
            return found[0] if found else None

        case = until(filed, timeout, f"the case of {carrier_id}")
        assert case is not None
        return case

    def case_about(self, words: str, timeout: float = 20.0) -> Case:
        """The one case with `words` in its masked text, once it is filed."""
        found = until(
            lambda: [case for case in self.cases() if words in case.story], timeout, f"a case about {words!r}"
        )
        assert len(found) == 1, f"{len(found)} cases about {words!r}"
        return found[0]

    def count(self, table: str, where: str = "1 = 1") -> int:
        return int(self.database.rows(f"SELECT count(*) AS n FROM {table} WHERE {where}")[0]["n"])

    def all_filed(self, timeout: float = 30.0) -> None:
        """Waits until nothing waits: no message in the inbox, none in the spool."""
        until(lambda: self.waiting() == 0 and self.spooled() == 0, timeout, self._what_waits)

    def _what_waits(self) -> str:
        return f"everything to be filed; {self.waiting()} wait in the inbox and {self.spooled()} in the spool"

    def waiting(self) -> int:
        return self.count("messages", "state = 'waiting'")

    def spooled(self) -> int:
        return len(list((self.var / "spool").glob("*.arrival"))) if (self.var / "spool").is_dir() else 0

    def opens(self, clave: str) -> str | None:
        """The id of the report that a caller's clave opens."""
        hashed = self.vault.clave_hash(clave)
        rows = self.database.rows(f"SELECT report_id FROM claves WHERE hash = '{hashed}'")
        return str(rows[0]["report_id"]) if rows else None

    # What passed

    def asked(self, operation: str, **parameters: str) -> list[RestRequest]:
        """What the carrier was asked over REST, oldest first."""
        with self.lab.carrier.news:
            entries = list(self.lab.carrier.log)
        return [
            entry
            for entry in entries
            if entry.operation == operation
            and all(entry.params.get(name) == value for name, value in parameters.items())
        ]

    def posted(self) -> list[Posted]:
        """Every webhook the carrier made."""
        with self.lab.carrier.news:
            return list(self.lab.carrier.webhooks)

    def erased(self, sid: str) -> bool:
        """Whether the carrier has no copy of this message or call any more."""
        return sid not in self.lab.carrier.messages and sid not in self.lab.carrier.calls

    # What it lets out

    def logs(self) -> bytes:
        return b"\n".join(path.read_bytes() for path in sorted(self.folder.glob("*.log")))

    def check_logs(self) -> None:
        """No traceback, no error that the test did not provoke, and nobody's number."""
        words = self.logs()
        lines = words.decode("utf-8", "replace").splitlines()
        marks = ("Traceback", '"level": "error"', '"level": "critical"', " ERROR ", " CRITICAL ")
        bad = [line for line in lines if any(mark in line for mark in marks)]
        bad = [line for line in bad if not any(forgiven in line for forgiven in self.forgiven)]
        assert not bad, "in the logs:\n" + "\n".join(bad[:20])
        numbers = {number[-10:] for number in self.lab.carrier.handsets}
        told = [number for number in numbers if len(number) == 10 and number.encode() in words]
        assert not told, f"{len(told)} phone numbers in the logs"

    def surrendered(self) -> Iterator[tuple[str, bytes]]:
        """Everything a thief could carry off except the keys: where it lies, and its bytes."""
        yield "the database", everything(self.database)
        yield "Redis", self.valkey.everything()
        yield "the logs", self.logs()
        for path in sorted(self.var.rglob("*")):
            if path.is_file():
                yield f"HOTLINE_VAR/{path.name}", path.read_bytes() + path.name.encode()


def new_number() -> str:
    """A Mexican mobile number that no other phone of this run has."""
    return f"+52551{4_000_000 + next(_numbers) * 7:07d}"


def clave_in(text: str) -> str:
    """The ten digits of the clave that an answer gives."""
    digits = "".join(character for character in text.partition("clave: ")[2][:12] if character.isdigit())
    assert len(digits) == 10, f"no clave in {text!r}"
    return digits


def timed(act: Callable[[], Any]) -> float:
    """How many seconds `act` takes."""
    begun = time.monotonic()
    act()
    return time.monotonic() - begun
