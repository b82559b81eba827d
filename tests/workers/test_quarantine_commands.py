"""Held texts in an operator's hands: looked at on record, let out, and then a report like any other."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from furniture import add_liaison, admit, arrival, change, count_of, environment, message_states, only_case, rows, rung
from sqlalchemy import select, update

from hotline import cli
from hotline.store import audit
from hotline.store.engine import utcnow
from hotline.store.schema import deliveries, evidence, messages, quarantine_looks, reports
from workers import filing, housekeeping, quarantine
from workers.anonymise import Anonymiser, Masked, Span
from workers.casebook import Wording
from workers.office import Office

STORY = "me estan extorsionando en Iztapalapa, me marcan del 5587654321 y piden que deposite, el jefe es don Nacho"
MASKED = STORY.replace("5587654321", "[TELÉFONO DEL SOSPECHOSO]").replace("don Nacho", "don [NOMBRE DEL SOSPECHOSO]")
Run = Callable[..., Result]


class Doubtful(Anonymiser):
    def __init__(self, real: Anonymiser) -> None:
        self._real = real

    def mask(self, text: str, caller: str | None = None) -> Masked:
        return replace(self._real.mask(text, caller), doubtful=True)

    def shows(self, masked: str) -> bool:
        return self._real.shows(masked)


@pytest.fixture
def run(office: Office, keys: Path, tmp_path: Path) -> Run:
    """Runs `flask --app hotline quarantine …` on a worker's machine over the office's database."""
    app = Flask("commands")
    cli.register(app)
    variables = environment(f"sqlite:///{tmp_path / 'hotline.db'}", keys, tmp_path / "var")

    def call(*arguments: str, typed: str = "", **changed: str) -> Result:
        return app.test_cli_runner().invoke(args=["quarantine", *arguments], input=typed, env={**variables, **changed})

    return call


@pytest.fixture
def held(office: Office) -> str:
    """The id of a held message whose liaison was told kind and place."""
    add_liaison(office.engine, office.vault)
    text = arrival(office.vault, STORY)
    admit(office.engine, office.vault, text)
    filing.drain(replace(office, anonymiser=Doubtful(office.anonymiser)))
    assert message_states(office.engine) == {text.id: ("held", True)}
    return text.id


def looks(office: Office) -> list[tuple[str, str, str]]:
    found = rows(office.engine, select(quarantine_looks).order_by(quarantine_looks.c.at))
    return [(row["message_id"], row["operator"], row["act"]) for row in found]


def on_record(office: Office) -> list[tuple[str, str, str]]:
    """What the audit log, which nobody can change, says of it."""
    with office.engine.connect() as connection:
        audit.verify(connection, office.vault)
        return [(row.actor, row.act, row.subject) for row in audit.entries(connection)]


def test_the_list_says_nothing_that_was_said(run: Run, office: Office, held: str) -> None:
    done = run("list")
    assert done.exit_code == 0
    [line] = done.output.splitlines()
    code = only_case(office).code
    assert all(fact in line for fact in (held, code, "extorsion", "Iztapalapa", "days left", "not looked at"))
    assert "marcan" not in line and "5587" not in line


def test_a_look_is_recorded_before_it_is_shown(run: Run, office: Office, held: str) -> None:
    done = run("show", only_case(office).code, "--by", "Marta")
    assert done.exit_code == 0
    assert STORY in done.stdout and "[TELÉFONO DEL SOSPECHOSO]" in done.stdout
    assert looks(office) == [(held, "Marta", "shown")]
    assert on_record(office) == [("operator", "quarantine.shown", only_case(office).code)]
    assert message_states(office.engine) == {held: ("held", True)}


def test_what_is_released_goes_on_like_any_other(run: Run, office: Office, held: str) -> None:
    assert run("release", held[:20] + held[20:], "--by", "Marta").exit_code == 0
    assert looks(office) == [(held, "Marta", "released")]
    filing.drain(replace(office, anonymiser=Doubtful(office.anonymiser)))
    assert message_states(office.engine) == {held: ("filed", False)}
    case = only_case(office)
    story = Wording(office.profile, office.language).story(case)
    assert "[TELÉFONO DEL SOSPECHOSO]" in story and "5587654321" not in story
    assert "retenido" not in story
    assert rows(office.engine, select(reports))[0]["status"] == "filed"
    assert [row["type"] for row in rows(office.engine, select(evidence))].count("TELEFONO") == 1
    told = rows(office.engine, select(deliveries).order_by(deliveries.c.round))
    assert [row["purpose"] for row in told] == ["urgent", "update"], "whoever was told of a held text gets it now"
    assert "drain_inbox" not in rung(office)


def test_words_masked_by_hand_come_from_standard_input(run: Run, office: Office, held: str) -> None:
    done = run("mask", held, "--by", "Marta", typed="UBICACION: iztapalapa\nALIAS suspect: el jefe\n0-2\n")
    assert done.exit_code == 0, done.output
    assert looks(office) == [(held, "Marta", "shown"), (held, "Marta", "masked")]
    filing.drain(office)
    text = Wording(office.profile, office.language).story(only_case(office))
    assert text.startswith("[DATO] estan extorsionando en [UBICACIÓN], me marcan del [TELÉFONO DEL SOSPECHOSO]")
    assert "[ALIAS DEL SOSPECHOSO]" in text
    kept = {row["type"]: row["owner"] for row in rows(office.engine, select(evidence))}
    assert kept["ALIAS"] == "suspect"
    assert "UBICACION" not in kept, "what an operator masks as the reporter's is not kept"


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("no esta en el texto\n", "line 1: this is not in the text; nothing was changed"),
        ("el jefe\nCOSA: piden\n", "line 2: no such type"),
        ("900-905\n", "line 1: this is not in the text"),
    ],
)
def test_what_cannot_be_masked_is_told_without_its_words(
    run: Run, office: Office, held: str, typed: str, line: str
) -> None:
    done = run("mask", held, typed=typed)
    assert done.exit_code == 1
    assert line in done.stderr and "jefe" not in done.stderr
    assert message_states(office.engine) == {held: ("held", True)}


def test_what_the_machine_masks_stays_masked_under_a_smaller_mask_by_hand() -> None:
    machine = (Span(0, 10, "TELEFONO", "suspect", "5512345678"),)
    assert quarantine.by_hand("5512345678 y 55", machine, ["1234", "y 55"]) == (
        machine[0],
        Span(11, 15, "OTRO", "reporter", "y 55"),
    )


def test_a_second_look_that_finds_something_must_be_overruled(run: Run, office: Office) -> None:
    class Blind(Doubtful):
        def mask(self, text: str, caller: str | None = None) -> Masked:
            return Masked(text, (), True)

    text = arrival(office.vault, "escriba a ana arroba correo")
    admit(office.engine, office.vault, text)
    filing.drain(replace(office, anonymiser=Blind(office.anonymiser)))
    quiet = run("mask", text.id, typed="0-3\n")
    loud = office.anonymiser.mask("escriba a ana arroba correo")
    assert quiet.exit_code == (1 if office.anonymiser.shows(loud.text) else 0)


@pytest.mark.parametrize("command", [("show", "SMnone"), ("release", ""), ("mask", "ZZZZZ")])
def test_what_is_not_held_is_said_in_one_line(run: Run, held: str, command: tuple[str, str]) -> None:
    done = run(*command)
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1 and "quarantine list" in done.stderr


@pytest.mark.parametrize("command", [("list",), ("show", "x"), ("release", "x"), ("mask", "x")])
def test_without_the_private_key_one_line_says_where_to_go(
    run: Run, office: Office, held: str, keys: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    web = tmp_path / "web-keys"
    web.mkdir()
    for path in keys.iterdir():
        if path.suffix != ".private" and not path.name.startswith("field-"):
            (web / path.name).write_bytes(path.read_bytes())
    done = run(*command, HOTLINE_KEYS=str(web))
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1 and "worker's machine" in done.stderr
    assert count_of(office.engine, quarantine_looks) == 0


def test_nothing_is_let_out_twice(run: Run, office: Office, held: str) -> None:
    assert run("release", held).exit_code == 0
    assert run("release", held).exit_code == 1
    filing.drain(office)
    assert len([part for part in only_case(office).parts if part.text]) == 1


def test_who_can_only_seal_cannot_say_that_somebody_has_looked(office: Office) -> None:
    contents = {"body": STORY, "cleared": "eA=="}
    text = arrival(office.vault, contents)
    admit(office.engine, office.vault, text)
    filing.drain(office)
    assert message_states(office.engine) == {text.id: ("held", True)}


def test_what_nobody_lets_out_is_destroyed_and_that_is_told(office: Office, held: str) -> None:
    days = office.profile.retention.quarantine_days
    assert housekeeping.expire_held(office, utcnow()) == 0
    change(office.engine, update(messages).values(received_at=utcnow() - timedelta(days=days, minutes=1)))
    assert housekeeping.expire_held(office, utcnow()) == 1
    [row] = rows(office.engine, select(messages))
    assert json.loads(office.vault.open(row["sealed"])) == {"expired": True}, "the words are gone at once"
    filing.drain(office)
    assert message_states(office.engine) == {held: ("filed", False)}
    assert looks(office) == [(held, "clock", "expired")]
    assert on_record(office) == [("hotline", "quarantine.expired", only_case(office).code)]
    notice = office.profile.text("liaison.held_expired", office.language)
    assert Wording(office.profile, office.language).story(only_case(office)) == notice
    told = [row["purpose"] for row in rows(office.engine, select(deliveries).order_by(deliveries.c.round))]
    assert told == ["urgent", "update"]
