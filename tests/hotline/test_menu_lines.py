"""The menu as the operator's command prints it: every prompt, its seconds, what is missing."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import hotline.profile
from hotline.cli import menu as menu_command
from hotline.doctor import Finding, examine
from hotline.menu_lines import menu_lines
from hotline.profile import load

OSC = load("osc")


@pytest.mark.parametrize("language", OSC.languages)
def test_every_prompt_is_listed_once_with_its_seconds(language: str) -> None:
    lines = list(menu_lines(OSC, language))
    names = [found[1] for line in lines if (found := re.match(r" *[\d.]+ s  \w+ +([a-z]+\.[\w.]+) ", line))]
    assert len(names) == len(set(names)) and {"voice.welcome", "menu.kinds.3", "menu.advice.5.text", "digit.7"} <= set(
        names
    )
    assert not any("TOO LONG" in line or "MISSING" in line for line in lines)
    assert "(at most 20)" in lines[1] and float(lines[1].split()[0]) <= 20


def test_the_command_prints_every_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_PROFILE", "osc")
    shown = CliRunner().invoke(menu_command, ["show"])
    assert shown.exit_code == 0 and "es  key 7" in shown.output and "en  key 8" in shown.output
    assert "es  key 7" not in CliRunner().invoke(menu_command, ["show", "--language", "en"]).output


def test_the_doctor_says_what_a_language_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(Path(hotline.profile.__file__).parent / "osc", folder)
    menu = folder / "menu.toml"
    menu.write_text(menu.read_text("utf-8").replace("[clocks]", '[languages.nah]\nkey = "6"\n\n[clocks]'), "utf-8")
    monkeypatch.setenv("HOTLINE_PROFILE", str(folder))
    monkeypatch.setenv("HOTLINE_VAR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "")
    assert _languages().how.startswith("nah: ") and "recordings missing (voice.welcome" in _languages().how
    assert not _languages().well
    monkeypatch.setenv("HOTLINE_PROFILE", "osc")
    assert _languages() == Finding("languages of calls", True, "es, en")


def _languages() -> Finding:
    [found] = [finding for finding in examine() if finding.what == "languages of calls"]
    return found
