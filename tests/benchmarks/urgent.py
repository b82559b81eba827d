"""How long an urgent text takes from its webhook to the carrier's API that wakes a liaison, while others come in.

The Procfile's processes against a carrier in a process of its own; texts at a steady rate, every tenth urgent. Printed
for the text and for the call, and for each stage: until it is filed, until it is taken up, until it is sent.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import urllib3
from benchmarks.stage import ROOT, free_port, serving, signed, stage
from sqlalchemy import select

from hotline.lab import Lab
from hotline.profile import load
from hotline.store import people
from hotline.store.engine import connect
from hotline.store.people import NewLiaison
from hotline.store.schema import deliveries, messages
from hotline.vault import Vault

_URGENT_EVERY = 10
_URGENT = "hay balazos ahorita junto al puesto {} de {} {} en Iztapalapa"
_CALM = "venden droga en las noches junto al puesto {} de {} {} en Iztapalapa"
_PLACES = product(
    ("azul", "rojo", "verde", "blanco", "gris", "negro", "amarillo", "cafe", "rosa", "morado"),
    ("tacos", "flores", "jugos", "ropa", "zapatos", "juguetes", "fruta", "pan", "dulces", "telas"),
    ("grande", "chico", "nuevo", "viejo", "roto", "limpio", "sucio", "alto", "bajo", "ancho", "bonito", "feo"),
)  # fmt: skip


def main(rate: int = 50, seconds: int = 20) -> None:
    with stage() as environment, ExitStack() as house:
        public = f"http://127.0.0.1:{environment['PORT']}"
        environment |= {"PUBLIC_URL": public, "TWILIO_API_URL": f"http://127.0.0.1:{free_port()}"}
        log = Path(environment["HOTLINE_VAR"]) / "carrier.json"
        house.enter_context(_running("benchmarks.urgent", environment, "carrier", str(log)))
        _wait_for(environment["TWILIO_API_URL"])
        _add_people(environment)
        house.enter_context(_running("workers", environment))
        house.enter_context(_running("workers.clock", environment))
        house.enter_context(serving("hotline:create_app()", environment, int(environment["PORT"])))
        _texts(environment, 20, rate)  # warms up
        time.sleep(2)
        began = _texts(environment, rate * seconds, rate)
        time.sleep(5)
        house.close()
        load_now = ", ".join(f"{each:.1f}" for each in os.getloadavg())
        sys.stdout.write(f"{rate} texts/s for {seconds} s, {os.cpu_count()} cores, load {load_now}\n")
        _tell(environment, began, json.loads(log.read_text("utf-8")))


def _texts(environment: dict[str, str], count: int, rate: int) -> dict[str, float]:
    """Posts `count` texts at `rate` a second, however slow the answers; id → when it was posted, of the urgent ones."""
    pool = urllib3.PoolManager(maxsize=64, retries=False)
    url = environment["PUBLIC_URL"] + "/sms"
    prepared = []
    for number in range(count):
        urgent = number % _URGENT_EVERY == 0
        form, headers = signed(environment, (_URGENT if urgent else _CALM).format(*next(_PLACES)))
        prepared.append((form, headers, urgent))
    posted: dict[str, float] = {}

    def post(form: dict[str, str], headers: dict[str, str], urgent: bool) -> int:
        if urgent:
            posted[form["MessageSid"]] = time.time()
        return pool.request("POST", url, fields=form, headers=headers, encode_multipart=False, timeout=20).status

    with ThreadPoolExecutor(64) as hands:
        start = time.monotonic()
        answers = []
        for number, text in enumerate(prepared):
            time.sleep(max(0.0, start + number / rate - time.monotonic()))
            answers.append(hands.submit(post, *text))
    refused = sum(answer.result() != 200 for answer in answers)
    if refused:
        sys.exit(f"{refused} of {count} texts were not answered with 200")
    return posted


def _tell(environment: dict[str, str], posted: dict[str, float], reached: dict[str, float]) -> None:
    query = (
        select(messages.c.id, deliveries.c.created_at, deliveries.c.tried_at, deliveries.c.channel, deliveries.c.id)
        .join(deliveries, deliveries.c.subject == messages.c.report_id)
        .where(messages.c.id.in_(posted), deliveries.c.purpose == "urgent", deliveries.c.step == 0)
    )
    engine = connect(environment["DATABASE_URL"])
    with engine.connect() as connection:
        found = connection.execute(query).all()
    engine.dispose()
    for channel in ("sms", "call"):
        stages: dict[str, list[float]] = {"filed": [], "taken up": [], "sent": [], "whole": []}
        rows = [row for row in found if row.channel == channel]
        for row in rows:
            at, filed = reached.get(row[4]), _epoch(row.created_at)
            if at is None:
                continue
            stages["whole"].append(at - posted[row[0]])
            stages["filed"].append(filed - posted[row[0]])
            if row.tried_at is not None:  # a receipt that was faster than our own note leaves it empty
                stages["taken up"].append(_epoch(row.tried_at) - filed)
                stages["sent"].append(at - _epoch(row.tried_at))
        for name, values in stages.items():
            line = f"{channel:4} {name:9} p50 {_percentile(values, 50):7.0f} ms   p99 {_percentile(values, 99):7.0f} ms"
            sys.stdout.write(f"{line}   of {len(values)} for {len(posted)} urgent ones\n")


def _percentile(values: Sequence[float], rank: int) -> float:
    """In milliseconds."""
    return sorted(values)[min(len(values) - 1, len(values) * rank // 100)] * 1000 if values else float("nan")


def _epoch(moment: datetime) -> float:
    return moment.replace(tzinfo=UTC).timestamp()


def _add_people(environment: dict[str, str]) -> None:
    """A first and a second one for the place, and a supervisor, all on duty."""
    profile, vault = load("osc"), Vault.open_folder(Path(environment["HOTLINE_KEYS"]))
    engine = connect(environment["DATABASE_URL"])
    for number, role in enumerate(("first", "first", "second", "supervisor"), start=1):
        person = NewLiaison.checked(
            f"Persona {number}", profile=profile, phone=f"+52556000000{number}", areas=("09007",), role=role
        )
        with engine.begin() as connection:
            people.add(connection, vault, person)
    engine.dispose()


@contextmanager
def _running(module: str, environment: dict[str, str], *arguments: str) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        env={**os.environ, **environment, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        used = os.wait4(process.pid, 0)[2]
        sys.stdout.write(f"{module:18} {used.ru_utime + used.ru_stime:5.1f} s of a core\n")


def _wait_for(url: str) -> None:
    for _ in range(300):
        try:
            urllib3.request("GET", url, timeout=1, retries=False)
            return
        except urllib3.exceptions.HTTPError:
            time.sleep(0.05)
    sys.exit("the carrier did not start")


def carrier(log: str) -> None:
    """The carrier's own process: until it is told to stop, then writes down when which delivery reached its API."""
    port = int(os.environ["TWILIO_API_URL"].rpartition(":")[2])
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    with Lab(
        hotline_url=os.environ["PUBLIC_URL"],
        account_sid=os.environ["TWILIO_ACCOUNT_SID"],
        auth_token=os.environ["TWILIO_AUTH_TOKEN"],
        hotline_number=os.environ["HOTLINE_NUMBER"],
        alerts_sender=os.environ["HOTLINE_ALERTS_SENDER"],
        port=port,
    ) as lab:
        signal.sigwait(signals)
        reached: dict[str, float] = {}
        for asked in lab.carrier.log:
            delivery = asked.params.get("StatusCallback", "").partition("delivery=")[2]
            if delivery and asked.operation in ("messages.create", "calls.create"):
                reached.setdefault(delivery, asked.at.timestamp())
        Path(log).write_text(json.dumps(reached), "utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["carrier"]:
        carrier(*sys.argv[2:])
    else:
        main(*map(int, sys.argv[1:]))
