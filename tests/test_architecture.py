"""The walls of the house: who may import whom, what every route, job and timetable must have, what no file may do."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from flask import Flask
from furniture import environment, keys  # noqa: F401 - a fixture

import hotline
from hotline import queues
from hotline.settings import Settings
from workers import clock, jobs
from workers.__main__ import plan

ROOT = Path(__file__).parent.parent


def _files(*rooms: str, suffix: str = "py") -> list[Path]:
    return sorted(
        path for room in rooms for path in (ROOT / room).rglob(f"*.{suffix}") if "__pycache__" not in path.parts
    )


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {_name(path): path for path in _files("hotline", "workers") if "migrations" not in path.parts}


@cache
def _tree(name: str) -> ast.Module:
    return ast.parse(SOURCES[name].read_text(encoding="utf-8"))


def _imports(name: str) -> Iterator[str]:
    """Everything the module imports, anywhere in it, in full names."""
    return _named(name, ast.walk(_tree(name)))


def _imports_at_load(name: str) -> Iterator[str]:
    """What importing the module imports: nothing inside functions, nothing for type checkers only."""

    def loaded(nodes: Sequence[ast.stmt]) -> Iterator[ast.AST]:
        for node in nodes:
            if isinstance(node, ast.FunctionDef) or (
                isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
            ):
                continue
            yield node
            yield from loaded(getattr(node, "body", []))

    return _named(name, loaded(_tree(name).body))


def _named(name: str, nodes: Iterable[ast.AST]) -> Iterator[str]:
    """`from a import b` counts as `a` or, where b is a module of ours, as `a.b`."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, f"{name}: relative import"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in SOURCES else node.module


def _within(module: str, *rooms: str) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


def _needed(name: str) -> set[str]:
    """The modules of ours that importing `name` brings along, itself included, parent packages too."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        module = waiting.pop()
        if module in found or module not in SOURCES:
            continue
        found.add(module)
        waiting += [*_imports_at_load(module), *filter(None, [module.rpartition(".")[0]])]
    return found


EVERYBODY = sorted(SOURCES)
_SHARED = (
    "settings", "queues", "vault", "profile", "store", "carrier", "dialogue", "language", "logs", "personal", "phones",
)  # fmt: skip


@pytest.mark.parametrize("module", [name for name in EVERYBODY if _within(name, "workers")])
def test_the_back_office_uses_only_what_both_sides_share(module: str) -> None:
    allowed = [f"hotline.{room}" for room in _SHARED]
    strangers = [each for each in _imports(module) if _within(each, "hotline") and not _within(each, *allowed)]
    assert strangers == []


@pytest.mark.parametrize("module", [name for name in EVERYBODY if _within(name, "hotline")])
def test_the_front_desk_never_imports_the_back_office(module: str) -> None:
    assert [each for each in _imports(module) if _within(each, "workers")] == []


# who (with all of ours that they bring along) must do without what
PURE = [
    "hotline.dialogue",
    "hotline.language",
    "hotline.profile",
    "workers.anonymise",
    "workers.triage",
    "workers.routing",
]
_MACHINERY = ("flask", "sqlalchemy", "redis", "rq", "twilio", "nacl", "requests", "smtplib", "socket")


@pytest.mark.parametrize(
    "module", [name for name in EVERYBODY if _within(name, *PURE) and not name.endswith("__main__")]
)
def test_decisions_are_pure(module: str) -> None:
    touched = {each: [lib for lib in _imports_at_load(each) if _within(lib, *_MACHINERY)] for each in _needed(module)}
    assert {each: found for each, found in touched.items() if found} == {}
    assert [each for each in _imports(module) if _within(each, *_MACHINERY)] == []


@pytest.mark.parametrize(
    ("library", "room"),
    [
        ("twilio", "hotline.carrier"),
        ("nacl", "hotline.vault"),
        ("phonenumbers", "hotline.phones"),
        ("hotline.lab", "hotline.lab"),
    ],
)
def test_only_one_room_knows(library: str, room: str) -> None:
    knowing = {name for name in EVERYBODY if any(_within(each, library) for each in _imports(name))}
    assert {name for name in knowing if not _within(name, room)} == set()
    assert library == "hotline.lab" or knowing, "the wall stands around nothing"


@pytest.mark.parametrize("module", [name for name in EVERYBODY if _within(name, "hotline.lab")])
def test_the_lab_is_written_from_the_carriers_documents_not_from_our_code(module: str) -> None:
    assert [each for each in _imports(module) if _within(each, "twilio", "hotline.store", "hotline.carrier")] == []


def test_importing_the_workers_jobs_brings_no_web_process_along() -> None:
    assert not any(
        _within(each, "hotline.webhooks", "hotline.web", "hotline.desk", "hotline.lab")
        for each in _needed("workers.jobs")
    )


# Jobs and timetable


@pytest.mark.parametrize("name", queues.JOBS)
def test_every_job_is_there_and_its_queue_has_a_worker(name: queues.JobName) -> None:
    spec = queues.JOBS[name]
    module, _, function = spec.function.rpartition(".")
    assert getattr(import_module(module), function) is jobs.ERRANDS[name]
    assert all(spec.queue in plan(processes) for processes in (1, 2, 3, 8))
    assert 10 <= spec.timeout <= 600


def test_no_queue_is_served_for_nothing() -> None:
    assert set(plan(1)) == {spec.queue for spec in queues.JOBS.values()}
    assert set(jobs.ERRANDS) == set(queues.JOBS)


@pytest.mark.parametrize(("processes", "workers"), [(1, 4), (4, 4), (5, 5), (9, 9)])
def test_as_many_workers_as_asked_for_and_one_a_queue_at_least(processes: int, workers: int) -> None:
    assert len(plan(processes)) == workers


def test_the_timetable_is_of_intervals_so_that_no_hour_of_daylight_saving_can_skip_or_repeat_it() -> None:
    for errand in clock.timetable():
        assert 1 <= errand.every.total_seconds() <= 3600
        assert errand.job in queues.JOBS


def test_nothing_else_schedules() -> None:
    for name in EVERYBODY:
        assert not any(
            _within(each, "sched", "croniter", "rq.cron", "rq_scheduler", "apscheduler") for each in _imports(name)
        )


def test_no_built_in_profile_has_a_digest_in_the_hour_that_daylight_saving_moves() -> None:
    from hotline.profile import load

    for folder in (ROOT / "hotline" / "profile").glob("*/profile.toml"):
        assert all(not 1 <= hour.hour <= 3 for hour in load(folder.parent.name).clocks.digest_hours)


# Routes

PUBLIC = {"public.notice", "public.privacy", "public.static"}
HEALTH = {"health.healthz", "health.readyz", "health.metrics"}
# What one must reach to sign in. Everything else of the console asks for a session.
CONSOLE_DOOR = {
    "console.enter", "console.enter_now", "console.entering", "console.invitation", "console.enrol", "console.static",
}  # fmt: skip
CONTRACT = {
    "/consola/",
    "/sms",
    "/voice",
    "/receipts/sms",
    "/receipts/call",
    "/healthz",
    "/readyz",
    "/metrics",
    "/",
    "/privacidad",
}


@pytest.fixture(scope="module")
def app(keys: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:  # noqa: F811
    var = tmp_path_factory.mktemp("var")
    return hotline.create_app(Settings.read(environment("", keys, var)))


def test_every_route_is_signed_or_behind_a_sign_in_or_listed_as_public(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        signed = getattr(view, "signed", False)
        behind = getattr(view, "needs_sign_in", False)
        listed = rule.endpoint in PUBLIC | HEALTH | CONSOLE_DOOR
        assert signed + behind + listed == 1, f"{rule.rule}: neither signed, nor behind a sign-in, nor listed, or both"
        methods = (rule.methods or set()) - {"OPTIONS", "HEAD"}
        assert len(methods) == 1, f"{rule.rule}: one thing a view"
        assert methods == {"POST"} or not signed, rule.rule
        assert methods == {"GET"} or signed or rule.rule.startswith("/consola/"), rule.rule


def test_the_console_is_behind_its_door(app: Flask) -> None:
    open_to_all = {rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.startswith("/consola")}
    open_to_all -= {name for name, view in app.view_functions.items() if getattr(view, "needs_sign_in", False)}
    assert open_to_all == CONSOLE_DOOR


def test_the_contracts_routes_exist(app: Flask) -> None:
    assert {rule.rule for rule in app.url_map.iter_rules()} >= CONTRACT


def test_no_route_carries_more_than_a_position_in_its_address(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        # A case code opens nothing; an invitation's token serves once.
        assert rule.arguments <= {"filename", "code", "token"}, f"{rule.rule}: something personal could stand in it"


# Commands


COMMANDS = [
    "doctor", "db upgrade", "keys new", "keys rotate", "keys list", "liaison add", "liaison list", "liaison off",
    "liaison shift add", "liaison shift list", "liaison shift remove", "liaison shift clear", "liaison away",
    "liaison back", "liaison invite",
    "audit verify",
    "report list", "digest preview", "digest send",
]  # fmt: skip


def test_every_command_of_the_contract_has_help() -> None:
    """All in one process: starting Python a dozen times would take longer than everything else here."""
    code = (
        "import sys; from flask.cli import main\n"
        f"for command in {COMMANDS!r}:\n"
        "    sys.argv = ['flask', '--app', 'hotline', *command.split(), '--help']\n"
        "    try: main()\n"
        "    except SystemExit as end: print(f'== {command} {end.code or 0}')\n"
    )
    # Before anything is configured: help needs nothing.
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=bare, check=True)
    assert re.findall(r"^== (.+)$", done.stdout, re.MULTILINE) == [f"{command} 0" for command in COMMANDS]
    assert done.stderr == ""
    for option in ("--phone", "--email", "--area", "--state", "--kind", "--role", "--digest", "--json", "--now"):
        assert option in done.stdout


# Habits

OURS = [
    path
    for path in [*_files("hotline", "workers", "tests"), *_files("hotline", "workers", suffix="js")]
    if "versions" not in path.parts
]


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_passes_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, "ask what second thing it does"


@pytest.mark.parametrize("module", EVERYBODY)
def test_no_error_is_swallowed_and_nothing_is_printed(module: str) -> None:
    for node in ast.walk(_tree(module)):
        where = f"{module}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.ExceptHandler):
            broad = node.type is None or (
                isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")
            )
            silent = all(isinstance(line, ast.Pass | ast.Continue) for line in node.body)
            assert node.type is not None, f"{where}: a bare except"
            assert not (broad and silent), f"{where}: an error goes unheard"
            assert not any(isinstance(line, ast.Pass) for line in node.body), f"{where}: say what is done about it"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("print", "eval", "exec", "breakpoint"), where


@pytest.mark.parametrize("module", EVERYBODY)
def test_no_default_is_evaluated_at_import(module: str) -> None:
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.FunctionDef):
            for default in [*node.args.defaults, *filter(None, node.args.kw_defaults)]:
                calls = [call for call in ast.walk(default) if isinstance(call, ast.Call)]
                named = {getattr(call.func, "id", getattr(call.func, "attr", "")) for call in calls}
                assert not named & {"now", "utcnow", "today", "time"}, f"{module}:{node.lineno}"


@pytest.mark.parametrize("module", EVERYBODY)
def test_every_module_and_public_class_says_what_it_is(module: str) -> None:
    tree = _tree(module)
    assert ast.get_docstring(tree), module
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not _within(module, "hotline.lab"):
            assert ast.get_docstring(node), f"{module}.{node.name}"
