"""`python -m hotline.lab` as a process."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).parents[3]
SETTINGS = {
    "PUBLIC_URL": "http://127.0.0.1:9",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "new,old",
    "HOTLINE_NUMBER": "+525555550100",
    "HOTLINE_ALERTS_SENDER": "+525555550199",
}


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return str(probe.getsockname()[1])


def start(**settings: str) -> subprocess.Popen[str]:
    environment = {**os.environ, **SETTINGS, **settings}
    return subprocess.Popen(
        [sys.executable, "-m", "hotline.lab"],
        cwd=ROOT,
        env={name: value for name, value in environment.items() if value},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_and_stops_when_told(number: signal.Signals) -> None:
    port, smtp_port = free_port(), free_port()
    process = start(LAB_PORT=port, LAB_SMTP_PORT=smtp_port)
    try:
        assert process.stdout is not None
        assert port in process.stdout.readline()
        page = requests.get(f"http://127.0.0.1:{port}/", timeout=5)
        assert SETTINGS["HOTLINE_NUMBER"] in page.text
        login = (SETTINGS["TWILIO_ACCOUNT_SID"], "new")
        account = f"http://127.0.0.1:{port}/2010-04-01/Accounts/{SETTINGS['TWILIO_ACCOUNT_SID']}.json"
        assert requests.get(account, auth=login, timeout=5).status_code == 200
        with socket.create_connection(("127.0.0.1", int(smtp_port)), timeout=5) as mail:
            assert mail.recv(3) == b"220"
        process.send_signal(number)
        _, errors = process.communicate(timeout=5)
        assert (process.returncode, errors) == (0, "")
    finally:
        process.kill()


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"PUBLIC_URL": ""}, "PUBLIC_URL is not set"),
        ({"HOTLINE_NUMBER": ""}, "HOTLINE_NUMBER is not set"),
        ({"LAB_PORT": ""}, "LAB_PORT is not set"),
        ({"LAB_PORT": "many"}, "LAB_PORT must be a port"),
        ({"LAB_SMTP_PORT": "70000"}, "LAB_SMTP_PORT must be a port"),
    ],
)
def test_one_clear_line_and_status_one(settings: dict[str, str], complaint: str) -> None:
    process = start(**{"LAB_PORT": free_port(), "LAB_SMTP_PORT": free_port(), **settings})
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 1
    assert complaint in errors
    assert errors.count("\n") == 1


@pytest.mark.parametrize("taken", ["LAB_PORT", "LAB_SMTP_PORT"])
def test_a_port_in_use(taken: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        process = start(**{"LAB_PORT": free_port(), "LAB_SMTP_PORT": free_port(), taken: port})
        _, errors = process.communicate(timeout=10)
    assert process.returncode == 1
    assert port in errors
    assert errors.count("\n") == 1


def test_it_shares_nothing_with_what_it_checks() -> None:
    """The lab knows Twilio from Twilio's documents only: an independent check of the hotline's own carrier room."""
    code = (
        "import sys, hotline.lab.__main__; print(*(name for name in sys.modules if name.partition('.')[0] in "
        "{'twilio', 'sqlalchemy', 'redis', 'rq', 'workers'} or name.startswith('hotline.') "
        "and name.split('.')[1] not in {'lab', 'language', 'phones', 'personal'}))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []
