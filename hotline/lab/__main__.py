"""`python -m hotline.lab`: the pretend carrier and its page, for one hotline, until told to stop.

Reads its environment: `PUBLIC_URL`, `TWILIO_ACCOUNT_SID`, `TWILIO_AUTH_TOKEN` (the first, if it is a list),
`HOTLINE_NUMBER`, `HOTLINE_ALERTS_SENDER`, `LAB_PORT`, `LAB_SMTP_PORT`, and `LAB_CONSOLES` if it is set.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading

from hotline.lab import Lab
from hotline.lab.people import people

# Twilio lets a message be deleted about a minute after it is finished; nobody trying things out waits that long.
DELETABLE_AFTER = 5.0


class _Missing(Exception):
    pass


def _variable(name: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        raise _Missing(f"{name} is not set")
    return value


def _port(name: str) -> int:
    value = _variable(name)
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise _Missing(f"{name} must be a port from 1 to 65535, not {value!r}")
    return int(value)


def _consoles() -> dict[str, str]:
    """A liaison's name → where they open the console; none when it was not said."""
    try:
        found = json.loads(os.environ.get("LAB_CONSOLES") or "{}")
    except ValueError:
        raise _Missing("LAB_CONSOLES is not JSON") from None
    return {str(name): str(link) for name, link in found.items()}


def _lab() -> Lab:
    port, smtp_port = _port("LAB_PORT"), _port("LAB_SMTP_PORT")
    try:
        lab = Lab(
            hotline_url=_variable("PUBLIC_URL"),
            account_sid=_variable("TWILIO_ACCOUNT_SID"),
            auth_token=_variable("TWILIO_AUTH_TOKEN").split(",")[0].strip(),
            hotline_number=_variable("HOTLINE_NUMBER"),
            alerts_sender=_variable("HOTLINE_ALERTS_SENDER"),
            port=port,
            smtp_port=smtp_port,
            people=people(),
            consoles=_consoles(),
        )
    except OSError as error:
        raise _Missing(f"cannot listen on 127.0.0.1 ports {port} and {smtp_port}: {error.strerror}") from error
    lab.carrier.deletable_after = DELETABLE_AFTER
    return lab


def main() -> int:
    """Serves until SIGTERM or SIGINT. Returns 0, or 1 after one line on standard error."""
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    try:
        lab = _lab()
    except _Missing as error:
        sys.stderr.write(f"hotline.lab: {error}\n")
        return 1
    with lab:
        sys.stdout.write(f"hotline.lab: {lab.api_url}/ (mail on port {lab.smtp_port})\n")
        sys.stdout.flush()
        told.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
