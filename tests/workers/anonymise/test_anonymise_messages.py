"""Whole messages of many hands: what goes, whose it is, what stays. The figures are those asked of the anonymiser."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from workers.anonymise import Anonymiser, Masked
from workers.anonymise.model import Span


def _beside(name: str) -> ModuleType:
    """A module that stands beside this one (tests are no package)."""
    spec = importlib.util.spec_from_file_location(f"anonymise_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


quality = _beside("quality")
HERE = Path(__file__).parent
PUBLIC = frozenset(["911", "089", "088", "066", "0311", "5556581111", "5555335533", "5552425100"])
ANONYMISER = Anonymiser(SimpleNamespace(public_numbers=PUBLIC))


@pytest.mark.parametrize("name", ["messages_dev.txt", "messages_held.txt", "data/tuning.txt"])
def test_the_figures_of_messages_as_written(name: str) -> None:
    told = quality.Figures()
    for message in quality.read(HERE / name):
        quality.judge(message, ANONYMISER.mask(message.text, message.caller), told)
    assert told.messages >= 40
    wrong = "\n".join(told.wrong)
    assert told.accused == 0, wrong
    assert told.clean >= 0.95 * told.messages, wrong
    assert told.suspects_told >= 0.88 * told.suspects, wrong
    assert told.words_lost <= 0.015 * told.words, wrong


@pytest.mark.parametrize("name", quality.SETS)
def test_the_figures_with_other_names_and_numbers(name: str) -> None:
    told = quality.figures(ANONYMISER, name, rounds=2)
    wrong = "\n".join(told.wrong)
    assert told.accused == 0, wrong
    assert told.clean >= 0.9 * told.messages, wrong
    assert told.suspects_told >= 0.8 * told.suspects, wrong
    assert told.words_lost <= 0.015 * told.words, wrong
    assert [what for what, _, _ in told.rows()]


@pytest.mark.parametrize(("name", "apart"), [("hands", 0.75), ("other_hands", 0.6)])
def test_the_figures_of_other_peoples_messages(name: str, apart: float) -> None:
    told = quality.figures(ANONYMISER, name)
    wrong = "\n".join(told.wrong)
    assert told.messages >= 100
    assert told.accused <= 0.03 * told.reporters, wrong
    assert told.clean >= 0.88 * told.messages, wrong
    assert told.numeric_missed <= 0.01 * told.numeric, wrong
    assert told.suspects_told >= apart * told.suspects, wrong
    assert told.words_lost <= 0.015 * told.words, wrong


def test_the_scorer_sees_what_is_missed_and_whom_it_accuses() -> None:
    class Blind:
        def mask(self, text: str, caller: str | None = None) -> Masked:
            return Masked(text, (), False)

    class Accuser:
        def mask(self, text: str, caller: str | None = None) -> Masked:
            return Masked("", (Span(0, len(text), "OTRO", "suspect", ""),), False)

    blind, accuser = (quality.figures(masker(), "tuning", rounds=0) for masker in (Blind, Accuser))
    assert blind.clean == 0 and blind.suspects_told == 0
    assert accuser.accused == accuser.reporters > 0 and accuser.words_lost > 0.5 * accuser.words


@pytest.mark.parametrize("name", ["messages_dev.txt", "messages_held.txt"])
def test_no_identifier_of_digits_is_missed(name: str) -> None:
    for message in quality.read(HERE / name):
        masked = ANONYMISER.mask(message.text, message.caller)
        covered = {i for span in masked.spans for i in range(span.start, span.end)}
        for want in message.wanted:
            if want.type in quality.NUMERIC:
                left = [i for i in range(want.start, want.end) if i not in covered and message.text[i].isalnum()]
                assert not left, message.text
                kinds = {s.type for s in masked.spans if s.start < want.end and want.start < s.end}
                assert kinds == {want.type}, message.text


@pytest.mark.parametrize("name", ["messages_dev.txt", "messages_held.txt"])
def test_what_is_masked_is_not_doubted(name: str) -> None:
    doubtful = [m.text for m in quality.read(HERE / name) if ANONYMISER.mask(m.text, m.caller).doubtful]
    assert doubtful == []


def test_nobody_on_the_reporters_side_is_called_a_suspect() -> None:
    messages = quality.read(HERE / "messages_reporters.txt")
    assert len(messages) >= 60
    spellings = [text for m in messages for text in (m.text, m.text.upper(), m.text.lower())]
    masked = [(text, ANONYMISER.mask(text)) for text in spellings]
    assert sum(bool(found.spans) for _, found in masked) >= 0.9 * len(masked)
    accused = [text for text, found in masked if any(span.owner == "suspect" for span in found.spans)]
    assert accused == []
