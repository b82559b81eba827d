"""Hurried spellings of words that tell whose a datum is: "kuenta", "ermana" read as what they sound like.

Only words that no list knows are read so; what is masked is not touched, and offsets stay as they are.
"""

from __future__ import annotations

from functools import cache
from types import ModuleType

from workers.anonymise import (
    accusations,
    contacts,
    harms,
    introductions,
    phrases,
    roles,
    scene,
    sides,
    spelling,
    voices,
)
from workers.anonymise.reading import Reading

_MODULES: tuple[ModuleType, ...] = (roles, voices, harms, introductions, phrases, scene, contacts, sides, accusations)
_SHORTEST = 4
_SHORT_FORMS = {
    "dsd": "desde", "dls": "delos", "ls": "las", "bn": "bien", "tmbn": "tambien", "xke": "porque", "pk": "porque",
    "mñ": "manana", "nadamas": "nomas", "ps": "pues", "asta": "hasta", "ay": "hay", "ace": "hace", "aser": "hacer",
    "ase": "hace", "izo": "hizo", "isieron": "hicieron", "asen": "hacen", "kn": "con", "grax": "gracias",
    "wats": "whats", "watsap": "whats", "telf": "tel", "telef": "telefono", "fono": "telefono",
}  # fmt: skip


@cache
def _by_sound() -> dict[str, str]:
    table: dict[str, str] = {}
    for module in _MODULES:
        for words in vars(module).values():
            if isinstance(words, frozenset):
                for word in sorted(w for w in words if isinstance(w, str) and len(w) >= _SHORTEST and w.isalpha()):
                    table.setdefault(spelling.key(word), word)
    return table


@cache
def _listed() -> frozenset[str]:
    return frozenset(
        word
        for module in _MODULES
        for words in vars(module).values()
        if isinstance(words, frozenset)
        for word in words
        if isinstance(word, str)
    )


def settle(reading: Reading) -> None:
    """Replaces, in `reading.words`, unlisted spellings by the listed word that sounds the same."""
    listed, by_sound, known = _listed(), _by_sound(), reading.lexicon.bits
    for index, word in enumerate(reading.words):
        if reading.claimed[index] or word in listed:
            continue
        short = _SHORT_FORMS.get(word)
        if short is not None:
            reading.reword(index, short)
        elif len(word) >= _SHORTEST and word not in known and word.isalpha():
            sounds = by_sound.get(spelling.key(word))
            if sounds is not None:
                reading.reword(index, sounds)
