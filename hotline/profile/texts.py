"""The texts of a profile, one file a language, held against the catalogue when they are loaded.

A text may hold the placeholders that the catalogue gives it, all of them, and any of the profile's numbers by its
key (`{emergency}`), which are filled in here. An SMS must fit its segments with the longest value of each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hotline.language import gsm
from hotline.profile.catalogue import CATALOGUE
from hotline.profile.reader import Reader

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
# The longest value of placeholders that are not the profile's own words.
_LONGEST = {
    "clave": "123 456 789 0",
    "code": "W" * 5,
    "codes": ", ".join(["W" * 5] * 5),
    "count": "9" * 5,
    "dates": "W" * 240,
    "days": "9" * 3,
    "date": "miercoles 30 de septiembre",
    "hour": "00:00",
    "minutes": "9" * 3,
    "number": "9" * 13,
    "other": "W" * 5,
    "who": "W" * 30,
    "word": "preguntar",
    "words": "W" * 240,
}
_LONGEST_UNKNOWN = "W" * 40


def load_texts(
    folder: Path,
    language: str,
    *,
    numbers: Mapping[str, str],
    places: tuple[str, ...],
    kinds: tuple[str, ...],
) -> Mapping[str, str]:
    """The texts of `texts.<language>.toml` by catalogue key, numbers filled in, other placeholders left as `{name}`.

    `places` and `kinds` are the names that may be filled in for `{place}`, `{area}`, `{state}` and `{kind}`.
    Raises ProfileError with the file, the key and the reason.
    """
    path = folder / f"texts.{language}.toml"
    reader = Reader.open(path)
    found = dict(_flatten(reader))
    place, kind = _longest(places), _longest(kinds)
    longest = {**_LONGEST, "place": place, "area": place, "state": place, "kind": kind}
    for key in found:
        if key not in CATALOGUE:
            reader.fail(key, "is not a text that the hotline uses; take it out or correct its name")
    texts: dict[str, str] = {}
    for key in CATALOGUE:
        if key not in found:
            reader.fail(key, "is missing; add the text")
        texts[key] = _checked(reader, key, found[key], numbers, longest)
    return texts


def _flatten(reader: Reader, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key in reader.names():
        if reader.is_table(key):
            yield from _flatten(reader.table(key), f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", reader.string(key)


def _longest(words: tuple[str, ...]) -> str:
    return max((gsm.to_gsm7(word) for word in words), key=len, default="")


def _checked(reader: Reader, key: str, text: str, numbers: Mapping[str, str], longest: Mapping[str, str]) -> str:
    """`text` with the numbers filled in, once its placeholders and its length are right."""
    spec = CATALOGUE[key]
    used = set(_PLACEHOLDER.findall(text))
    if re.search(r"[{}]", _PLACEHOLDER.sub("", text)):
        reader.fail(key, "has a curly bracket that is no placeholder; placeholders look like {clave}")
    for name in sorted(used):
        if name not in spec.values and name not in numbers:
            known = ", ".join(f"{{{value}}}" for value in (*spec.values, *numbers))
            reader.fail(key, f"the placeholder {{{name}}} is unknown here; known are {known}")
    for name in spec.values:
        if name not in used:
            reader.fail(key, f"the placeholder {{{name}}} is missing; the text must say it")
    text = text.format_map({**numbers, **{name: f"{{{name}}}" for name in spec.values}})
    if spec.channel == "sms":
        full = gsm.to_gsm7(text.format_map({name: longest.get(name, _LONGEST_UNKNOWN) for name in spec.values}))
        needed = gsm.segments(full)
        if needed > spec.segments:
            room = 160 if spec.segments == 1 else 153 * spec.segments
            taken = (
                f"takes {needed} SMS instead of {spec.segments}: {len(full)} characters when filled, room for {room}"
            )
            reader.fail(key, f"{taken}; shorten it")
    return text
