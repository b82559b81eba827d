"""The operator's commands: status 0, or 1 (2 for usage) and one clear line on standard error; never a traceback."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from furniture import add_liaison, admit, arrival, change, environment, open_office, rows
from sqlalchemy import Engine, select, update

from hotline import cli
from hotline.store import audit
from hotline.store.engine import connect, utcnow
from hotline.store.schema import deliveries, liaisons, messages, reports
from hotline.vault import Vault, list_keys
from workers import filing

Run = Callable[..., Result]
PHONE = "+525598760001"


@pytest.fixture
def run(sqlite: Engine, keys: Path, tmp_path: Path) -> Run:
    """Runs a command in a house with keys and a database; keyword arguments change its variables."""
    app = Flask("commands")
    cli.register(app)
    runner = app.test_cli_runner()
    variables = environment(f"sqlite:///{tmp_path / 'hotline.db'}", keys, tmp_path / "var")

    def run(*arguments: str, **changed: str | None) -> Result:
        return runner.invoke(args=list(arguments), env={**variables, **changed})

    return run


def lines(result: Result) -> list[str]:
    assert result.exit_code == 0, (result.exit_code, result.stderr, result.exception)
    return result.stdout.splitlines()


def complaint(result: Result) -> str:
    """The one line that a command ended with."""
    assert result.exit_code == 1, (result.exit_code, result.output)
    assert isinstance(result.exception, SystemExit), result.exception
    [line] = result.stderr.splitlines()
    assert result.stdout == "" and "Traceback" not in line
    return line


# Mistakes


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["liaison", "add", "Ana", "--phone", "hola"], "--phone"),
        (["liaison", "add", "Ana", "--phone", PHONE, "--area", "99999"], "--area: 99999"),
        (["liaison", "add", "Ana", "--phone", PHONE, "--state", "77"], "--state: 77"),
        (["liaison", "add", "Ana", "--phone", PHONE, "--kind", "robo"], "--kind: robo"),
        (["liaison", "add", "Ana", "--phone", PHONE, "--digest", "25:00"], "--digest: 25:00"),
        (["liaison", "add", "Ana", "--phone", PHONE, "--email", "nadie"], "--email"),
        (["liaison", "off", "zzzz"], "liaison list"),
        (["digest", "preview", "zzzz"], "liaison list"),
        (["keys", "new"], "keys rotate"),
    ],
)
def test_a_mistake_is_one_line(run: Run, arguments: list[str], says: str) -> None:
    assert says in complaint(run(*arguments))


ALL = [
    ["keys", "list"], ["liaison", "list"], ["liaison", "off", "x"], ["report", "list"], ["report", "list", "--json"],
    ["liaison", "add", "Ana", "--phone", PHONE], ["digest", "send"], ["digest", "preview", "x"], ["db", "upgrade"],
]  # fmt: skip
_WITHOUT_DATABASE = [["keys", "list"], ["db", "upgrade"]]
_WITHOUT_KEYS = [["db", "upgrade"], ["liaison", "off", "x"], ["report", "list"], ["report", "list", "--json"]]


@pytest.mark.parametrize("arguments", [one for one in ALL if one not in _WITHOUT_DATABASE], ids=" ".join)
@pytest.mark.parametrize(
    "url", ["sqlite:////nowhere/hotline.db", "postgresql://ana:s3creta@127.0.0.1:9/none"], ids=["file", "server"]
)
def test_no_database(run: Run, arguments: list[str], url: str) -> None:
    line = complaint(run(*arguments, DATABASE_URL=url))
    assert line.startswith("database: ") and "db upgrade" in line and "s3creta" not in line


@pytest.mark.parametrize("arguments", [["report", "list"], ["liaison", "list"]], ids=" ".join)
def test_a_database_without_tables(run: Run, tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "empty.db").touch()
    assert "db upgrade" in complaint(run(*arguments, DATABASE_URL=f"sqlite:///{tmp_path / 'empty.db'}"))


def test_a_database_that_cannot_be_made(run: Run) -> None:
    assert "/proc/none" in complaint(run("db", "upgrade", DATABASE_URL="sqlite:////proc/none/hotline.db"))


@pytest.mark.parametrize(
    "arguments",
    [one for one in ALL if one not in _WITHOUT_KEYS and one[1] != "list"] + [["keys", "list"]],
    ids=" ".join,
)
def test_no_keys(run: Run, tmp_path: Path, arguments: list[str]) -> None:
    assert "keys new" in complaint(run(*arguments, HOTLINE_KEYS=str(tmp_path / "none")))


@pytest.mark.parametrize("arguments", ALL, ids=" ".join)
def test_a_wrong_variable(run: Run, arguments: list[str]) -> None:
    assert complaint(run(*arguments, PORT="ochenta")).startswith("PORT: ")


@pytest.mark.parametrize("arguments", [["liaison", "add", "Ana", "--phone", PHONE], ["liaison", "list"]], ids=" ".join)
def test_a_profile_that_is_not_there(run: Run, arguments: list[str]) -> None:
    assert "nowhere" in complaint(run(*arguments, HOTLINE_PROFILE="nowhere"))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["liaison", "add", "Ana"], "--phone"),
        (["liaison", "add", "Ana", "--phone", PHONE, "--role", "boss"], "--role"),
        (["report", "list", "--limit", "0"], "--limit"),
        (["liaison", "add"], "NAME"),
        (["keys", "burn"], "burn"),
        (["digest", "burn"], "burn"),
    ],
)
def test_a_misuse_says_what_is_missing(run: Run, arguments: list[str], says: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2 and says in result.stderr and "Traceback" not in result.stderr


# Keys


def test_keys_are_made_listed_and_rotated(run: Run, tmp_path: Path) -> None:
    folder = str(tmp_path / "keys")
    made = lines(run("keys", "new", HOTLINE_KEYS=folder))
    assert [line.split()[0] for line in made[:4]] == ["seal", "field", "pseudonym", "clave"] and folder in made[-1]
    assert "rotate" in complaint(run("keys", "new", HOTLINE_KEYS=folder))
    sealed = Vault.open_folder(Path(folder)).seal(b"x")
    lines(run("keys", "rotate", HOTLINE_KEYS=folder))
    assert sorted(key.kind for key in list_keys(Path(folder))) == [
        "clave",
        "field",
        "field",
        "pseudonym",
        "seal",
        "seal",
    ]
    assert Vault.open_folder(Path(folder)).open(sealed) == b"x"
    listed = lines(run("keys", "list", HOTLINE_KEYS=folder))
    assert len(listed) == 6 and any("private, public" in line for line in listed)
    secrets = [path.read_text().strip() for path in Path(folder).iterdir()]
    assert not any(secret in line for secret in secrets for line in [*made, *listed])


def test_there_is_nothing_to_rotate_before_there_are_keys(run: Run, tmp_path: Path) -> None:
    assert "keys new" in complaint(run("keys", "rotate", HOTLINE_KEYS=str(tmp_path / "none")))


# Liaisons


def test_a_liaison_is_added_listed_and_switched_off(run: Run, sqlite: Engine) -> None:
    [added] = lines(
        run("liaison", "add", "Ana Pérez", "--phone", "55 9876 0001", "--email", "ana@enlace.example",
            "--area", "09007", "--area", "09012", "--state", "21", "--kind", "fraude", "--role", "second",
            "--digest", "08:00", "--digest", "20:00")
    )  # fmt: skip
    [row] = rows(sqlite, select(liaisons))
    assert added.startswith(row["id"]) and "Ana Pérez" in added
    assert (row["areas"], row["states"], row["kinds"], row["role"], row["digest_hours"]) == (
        ["09007", "09012"], ["21"], ["fraude"], "second", ["08:00", "20:00"],
    )  # fmt: skip
    [listed] = lines(run("liaison", "list"))
    for words in (row["id"], "on", "second", "Ana Pérez", "Iztapalapa, Tlalpan, Puebla; fraude", "08:00,20:00"):
        assert words in listed
    assert PHONE not in listed and "5598760001" not in listed
    assert lines(run("liaison", "off", PHONE)) == [f"{row['id']}  off"]
    assert "off" in lines(run("liaison", "list"))[0]


def test_without_area_state_or_kind_they_answer_for_all(run: Run) -> None:
    [added] = lines(run("liaison", "add", "Ana", "--phone", PHONE))
    assert "everywhere; every kind" in added


def test_the_web_machine_lists_without_names(run: Run, keys: Path, tmp_path: Path) -> None:
    lines(run("liaison", "add", "Ana", "--phone", PHONE))
    web = shutil.copytree(keys, tmp_path / "web")
    for path in web.glob("*.private"):
        path.unlink()
    [listed] = lines(run("liaison", "list", HOTLINE_KEYS=str(web)))
    assert "(sealed)" in listed and "Ana" not in listed


# Reports and digests


@pytest.fixture
def filed(sqlite: Engine, keys: Path) -> Engine:
    """One filed report, told to nobody at once."""
    office = open_office(sqlite, keys)
    add_liaison(sqlite, office.vault, phone=PHONE)
    admit(sqlite, office.vault, arrival(office.vault, "soy Lupita, cuándo es la próxima jornada en Tlalpan"))
    filing.drain(office)
    return sqlite


def test_reports_are_listed_with_the_contracts_fields(run: Run, filed: Engine) -> None:
    [row] = rows(filed, select(reports))
    [line] = lines(run("report", "list", "--json"))
    found = json.loads(line)
    assert list(found) == ["code", "kind", "urgency", "area", "state", "channel", "status", "opened"]
    assert (found["code"], found["area"], found["state"], found["channel"], found["status"]) == (
        row["code"], "09012", "09", "sms", "filed",
    )  # fmt: skip
    assert found["opened"].endswith("Z") and found["opened"][:10] == f"{row['opened_at']:%Y-%m-%d}"
    [plain] = lines(run("report", "list"))
    assert row["code"] in plain and "Lupita" not in plain + line and "jornada" not in plain + line


def test_what_is_unknown_is_null_and_a_dash(run: Run, filed: Engine) -> None:
    change(filed, update(reports).values(area=None, state=None, kind=None, urgency=None))
    [line] = lines(run("report", "list", "--json"))
    assert [json.loads(line)[name] for name in ("kind", "urgency", "area", "state")] == [None] * 4
    assert lines(run("report", "list"))[0].split()[1:5] == ["-"] * 4


def test_an_empty_house_lists_nothing(run: Run) -> None:
    assert lines(run("report", "list")) == lines(run("report", "list", "--json")) == lines(run("liaison", "list")) == []


def test_a_digest_is_previewed_without_being_sent(run: Run, filed: Engine) -> None:
    said = "\n".join(lines(run("digest", "preview", PHONE)))
    [row] = rows(filed, select(reports))
    assert row["code"] in said and "jornada" in said and "Lupita" not in said
    assert "<html" in "\n".join(lines(run("digest", "preview", PHONE, "--html")))
    assert rows(filed, select(deliveries)) == []


def test_a_digest_is_sent_now_and_once(run: Run, filed: Engine) -> None:
    [sent] = lines(run("digest", "send", "--now"))
    assert sent.startswith("1 digests made")
    assert lines(run("digest", "send", "--now"))[0].startswith("0 digests made")
    assert "nothing waits" in lines(run("digest", "preview", PHONE))[0]


def test_the_tables_are_made_and_made_again(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'deep' / 'new.db'}"
    for _ in range(2):
        [line] = lines(run("db", "upgrade", DATABASE_URL=url))
        assert "revision" in line
    assert lines(run("report", "list", DATABASE_URL=url)) == []
    connect(url).dispose()


# The doctor


def test_the_doctor_says_what_is_wrong_and_how_to_mend_it(run: Run, tmp_path: Path) -> None:
    result = run("doctor", DATABASE_URL="sqlite:////nowhere/hotline.db", HOTLINE_KEYS=str(tmp_path / "none"))
    assert result.exit_code == 1 and result.stderr == ""
    told = {line[4:].strip().partition(":")[0].split()[-1]: line for line in result.stdout.splitlines()}
    for what, how in (
        ("database", "db upgrade"),
        ("keys", "keys new"),
        ("redis", "REDIS_URL"),
        ("carrier", "TWILIO_API_URL"),
    ):
        assert told[what].startswith("BAD") and how in told[what]
    assert told["profile"].startswith("ok")
    for secret in ("5c5c5c", "AC7b7b"):
        assert secret not in result.stdout


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("HOTLINE_ALERTS_SENDER", "+525588000911", "HOTLINE_ALERTS_SENDER"),
        ("PUBLIC_URL", "http://linea.example", "https://"),
        ("TWILIO_AUTH_TOKEN", "", "TWILIO_AUTH_TOKEN"),
        ("PORT", "x", "PORT"),
    ],
)
def test_the_doctor_reads_the_variables(run: Run, name: str, value: str, what: str) -> None:
    result = run("doctor", **{name: value})
    assert result.exit_code == 1
    assert what in next(line for line in result.stdout.splitlines() if "variables" in line)


def test_the_doctor_counts_liaisons(run: Run, sqlite: Engine) -> None:
    assert "nobody would be told" in run("doctor").stdout
    lines(run("liaison", "add", "Ana", "--phone", PHONE))
    assert "1 on" in run("doctor").stdout


def test_the_doctor_knows_wrong_credentials(run: Run, carrier_lab: object) -> None:
    url = carrier_lab.api_url  # type: ignore[attr-defined]
    assert "refuses the credentials" in run("doctor", TWILIO_API_URL=url, TWILIO_AUTH_TOKEN="wrong").stdout
    assert "ok   carrier: answers" in run("doctor", TWILIO_API_URL=url).stdout


# Duty


def test_shifts_are_given_listed_and_taken_away(run: Run) -> None:
    liaison = lines(run("liaison", "add", "Ana", "--phone", PHONE, "--body", "Policía"))[0].split()[0]
    shift = lines(
        run("liaison", "shift", "add", PHONE, "--days", "lun-mié,dom", "--from", "20:00", "--to", "08:00", "--holidays")
    )
    assert shift[0].endswith("lun,mar,mie,dom  20:00-08:00  holidays too")
    again = run(
        "liaison", "shift", "add", liaison, "--days", "dom,lun-mie", "--from", "20:00", "--to", "08:00", "--holidays"
    )
    assert lines(again) == shift == lines(run("liaison", "shift", "list"))
    assert "of ssc" in lines(run("liaison", "list"))[0]
    lines(run("liaison", "shift", "remove", shift[0].split()[0]))
    assert lines(run("liaison", "shift", "list", PHONE)) == []
    assert "ID:" in complaint(run("liaison", "shift", "remove", "nothing"))
    lines(run("liaison", "away", PHONE))
    assert "away" in lines(run("liaison", "list"))[0]
    lines(run("liaison", "back", PHONE))
    assert "away" not in lines(run("liaison", "list"))[0]


@pytest.mark.parametrize(
    ("days", "starts", "says"),
    [("lunes a viernes", "08:00", "--days"), ("lun", "8", "--from"), ("lun", "25:00", "--from")],
)
def test_a_shift_that_is_none_is_refused(run: Run, days: str, starts: str, says: str) -> None:
    run("liaison", "add", "Ana", "--phone", PHONE)
    assert says in complaint(run("liaison", "shift", "add", PHONE, "--days", days, "--from", starts, "--to", "16:00"))


def test_the_doctor_shows_holes_in_coverage_before_they_happen(run: Run) -> None:
    def duty() -> str:
        return next(line for line in run("doctor").stdout.splitlines() if " duty:" in line)

    assert duty().startswith("BAD")
    run("liaison", "add", "Ana", "--phone", PHONE, "--area", "09007")
    assert duty().startswith("WARN") and "Azcapotzalco" in duty() and "more" in duty()
    run("liaison", "add", "Ana", "--phone", PHONE, "--state", "09")
    assert duty().startswith("WARN") and "31 other states" in duty() and "Azcapotzalco" not in duty()
    run("liaison", "shift", "add", PHONE, "--days", "lun-sab", "--from", "00:00", "--to", "00:00", "--holidays")
    assert duty().startswith("BAD") and "Sun" in duty() and "everywhere" in duty()
    run("liaison", "add", "Dora", "--phone", "+525598760009", "--role", "supervisor", "--body", "ssc")
    assert duty().startswith("WARN") and "complaints about Secretaría de Seguridad Ciudadana" in duty()
    run("liaison", "add", "Eva", "--phone", "+525598760010", "--role", "supervisor")
    assert duty().startswith("ok"), duty()
    run("liaison", "off", "+525598760010")
    run("liaison", "add", "Ana", "--phone", PHONE, "--area", "09007", "--body", "fgj")
    assert "nobody could hear" in duty()


def test_the_doctor_says_when_held_texts_are_about_to_go(run: Run, sqlite: Engine, vault: Vault) -> None:
    assert "ok   quarantine: empty" in run("doctor").stdout
    text = arrival(vault, "algo")
    admit(sqlite, vault, text)
    for days, word in ((1, "ok  "), (28, "BAD ")):
        then = utcnow() - timedelta(days=days)
        change(sqlite, update(messages).values(state="held", received_at=then))
        assert f"{word} quarantine: 1 held, the oldest is destroyed in {29 - days} days" in run("doctor").stdout


@pytest.mark.parametrize(
    ("library", "where", "says"),
    [
        ("", "", "ok   recogniser: none"),
        ("spacy", "/nowhere/model", "BAD  recogniser: HOTLINE_RECOGNISER: there is nothing at /nowhere/model"),
        ("spacy", "model?caseless=1", "ok   recogniser"),
        ("", "model", "BAD  recogniser: HOTLINE_RECOGNISER: spacy is not installed; run: pip install spacy"),
        ("", "list.yaml", "BAD  recogniser: HOTLINE_RECOGNISER: presidio-analyzer is not installed"),
    ],
)
def test_the_doctor_looks_at_the_recogniser(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str, where: str, says: str
) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "list.yaml").touch()
    monkeypatch.setattr("hotline.doctor.find_spec", lambda name: object() if name == library else None)
    path = where if where.startswith("/") or not where else f"{tmp_path}/{where}"
    assert says in run("doctor", HOTLINE_RECOGNISER=path).stdout


def test_who_joins_and_who_leaves_is_on_record(run: Run, sqlite: Engine, keys: Path) -> None:
    [line] = lines(run("liaison", "add", "Ana", "--phone", PHONE))
    liaison_id = line.split()[0]
    lines(run("liaison", "off", liaison_id))
    with sqlite.connect() as connection:
        audit.verify(connection, Vault.open_folder(keys))
        acts = [(row.actor, row.act, row.subject) for row in audit.entries(connection)]
    assert acts == [("operator", "liaison.off", liaison_id), ("operator", "liaison.add", liaison_id)]
