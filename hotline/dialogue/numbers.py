"""Numbers inside a text: a clave of ten digits, a phone, however they are grouped."""

from __future__ import annotations

import re

# Digits with at most a blank, a dash, a dot, a slash or a bracket or two between them.
_RUN = re.compile(r"\d(?:[\s.\-/()]{0,3}\d)*", re.ASCII)
_SHORTEST = 3
_LONGEST = 15
_CLAVE = 10
# What stands before the ten digits of a Mexican phone, longest first.
_PREFIXES = ("521", "52", "044", "045", "01")


def found(text: str) -> list[str]:
    """The digits of every number of `text`, groups joined."""
    runs = [re.sub(r"\D", "", run) for run in _RUN.findall(text)]
    return [run for run in runs if _SHORTEST <= len(run) <= _LONGEST]


def clave(text: str) -> str | None:
    """The number that is nearest to a clave: ten digits if there are any, else the longest one."""
    runs = found(text)
    return next((run for run in runs if len(run) == _CLAVE), max(runs, key=len, default=None))


def phone(text: str) -> str | None:
    """The national digits of the first phone in `text`; of a shorter number what there is."""
    runs = sorted(found(text), key=lambda run: len(run) < 8)
    if not runs:
        return None
    digits = runs[0]
    for prefix in _PREFIXES:
        if len(digits) == len(prefix) + 10 and digits.startswith(prefix):
            return digits[len(prefix) :]
    return digits
