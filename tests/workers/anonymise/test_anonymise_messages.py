"""Whole messages of many hands: what goes, whose it is, what stays. The figures are those asked of the anonymiser."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from workers.anonymise import Anonymiser


def _beside(name: str) -> ModuleType:
    """A module that stands beside this one (tests are no package)."""
    spec = importlib.util.spec_from_file_location(f"anonymise_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


annotated = _beside("annotated")
PUBLIC = frozenset(["911", "089", "088", "066", "0311", "5556581111", "5555335533", "5552425100"])
ANONYMISER = Anonymiser(SimpleNamespace(public_numbers=PUBLIC))


@pytest.mark.parametrize("name", ["messages_dev.txt", "messages_held.txt"])
def test_the_figures_of_the_whole(name: str) -> None:
    score = annotated.Score()
    messages = annotated.read(name)
    assert len(messages) >= 40
    for message in messages:
        annotated.judge(message, ANONYMISER.mask(message.text, message.caller), score)
    told = "\n".join(score.wrong)
    assert score.accused == 0, told
    assert score.missed <= 0.03 * score.spans, told
    assert score.suspects_told >= 0.88 * score.suspects, told
    assert score.words_lost <= 0.015 * score.words, told


NUMERIC = {"TELEFONO", "TARJETA", "CLABE", "CUENTA", "CURP", "RFC", "NSS", "CLAVE_ELECTOR", "PLACA"}


@pytest.mark.parametrize("name", ["messages_dev.txt", "messages_held.txt"])
def test_no_identifier_of_digits_is_missed(name: str) -> None:
    for message in annotated.read(name):
        masked = ANONYMISER.mask(message.text, message.caller)
        covered = {i for span in masked.spans for i in range(span.start, span.end)}
        for want in message.wanted:
            if want.type in NUMERIC:
                left = [i for i in range(want.start, want.end) if i not in covered and message.text[i].isalnum()]
                assert not left, message.text
                kinds = {s.type for s in masked.spans if s.start < want.end and want.start < s.end}
                assert kinds == {want.type}, message.text


@pytest.mark.parametrize("name", ["messages_dev.txt", "messages_held.txt"])
def test_what_is_masked_is_not_doubted(name: str) -> None:
    doubtful = [m.text for m in annotated.read(name) if ANONYMISER.mask(m.text, m.caller).doubtful]
    assert doubtful == []


def test_nobody_on_the_reporters_side_is_called_a_suspect() -> None:
    messages = annotated.read("messages_reporters.txt")
    assert len(messages) >= 60
    masked = [(m.text, ANONYMISER.mask(m.text)) for m in messages]
    assert all(found.spans for _, found in masked)
    accused = [text for text, found in masked if any(span.owner == "suspect" for span in found.spans)]
    assert accused == []
