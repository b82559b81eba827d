"""The postal service's own catalogue, in what a profile needs of it: `postal.txt`, made by `profile import-postal`.

The catalogue (SEPOMEX, "CPdescarga.txt", one line a settlement) gives postal code, settlement, state and municipality.
Of it are kept which codes lie in which area, whatever differs from the first two digits, and settlements' names that
stand for one area alone in the whole country.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from hotline.language.fold import plain
from hotline.language.places import Place
from hotline.profile.reader import ProfileError

FILE = "postal.txt"
_COLUMNS = ("d_codigo", "d_asenta", "d_estado", "c_estado", "c_mnpio")
_FORM = {"d_codigo": r"\d{5}", "d_asenta": r".+", "c_estado": r"\d{2}", "c_mnpio": r"\d{3}"}
_LOOKS_LIKE = {"d_codigo": "five digits", "d_asenta": "a name", "c_estado": "two digits", "c_mnpio": "three digits"}
_NAME = re.compile(r"[a-z0-9 ]+")


@dataclass(slots=True)
class Catalogue:
    """What was read: by postal code and by settlement's folded name, the (state, municipality) codes it lies in."""

    codes: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    names: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))


class Postal(NamedTuple):
    """Places by whole postal code, and (name, place) of settlements that mean one area alone."""

    codes: Mapping[str, Place]
    quarters: tuple[tuple[str, Place], ...]


def read_catalogue(path: Path) -> Catalogue:
    """Reads the postal service's text file, Latin-1 with '|' between columns. Raises ProfileError: file, line."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ProfileError(f"{path}: cannot be read: {error.strerror}") from None
    if raw[:5].lstrip(b"\xef\xbb\xbf").startswith((b"<", b"PK", b"\xd0\xcf")):
        raise ProfileError(f"{path}: line 1: this is the XML, ZIP or Excel form; unpack or download the TXT")
    try:
        lines = raw.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        lines = raw.decode("latin-1").splitlines()
    catalogue = Catalogue()
    for row in _rows(path, lines):
        place = (row["c_estado"], row["c_mnpio"])
        catalogue.codes[row["d_codigo"]].add(place)
        catalogue.names[plain(row["d_asenta"])].add(place)
    if not catalogue.codes:
        raise ProfileError(f"{path}: line {len(lines)}: no settlement after the header; download the file again")
    return catalogue


def _rows(path: Path, lines: list[str]) -> Iterator[dict[str, str]]:
    start = next((n for n, line in enumerate(lines[:10]) if line.startswith("d_codigo|")), None)
    if start is None:
        raise ProfileError(f"{path}: line 1: no header that begins with d_codigo|d_asenta; is it CPdescarga.txt?")
    header = lines[start].split("|")
    for column in _COLUMNS:
        if column not in header:
            raise ProfileError(f"{path}: line {start + 1}: the header lacks {column}; download the file again")
    for number, line in enumerate(lines[start + 1 :], start + 2):
        if not line.strip():
            continue
        cells = line.split("|")
        if len(cells) != len(header):
            raise ProfileError(
                f"{path}: line {number}: {len(cells)} columns where the header has {len(header)}; mend the line"
            )
        row = {column: cell.strip() for column, cell in zip(header, cells, strict=True)}
        for column, form in _FORM.items():
            if not re.fullmatch(form, row[column]):
                raise ProfileError(
                    f"{path}: line {number}: {column} must be {_LOOKS_LIKE[column]}, not {row[column]!r}"
                )
        yield row


def digest(catalogue: Catalogue, known: Mapping[str, Place], by_prefix: Mapping[str, Place]) -> Postal:
    """What a profile keeps: `known` are its places by INEGI code, `by_prefix` those of the codes' first two digits.

    Raises ProfileError when nothing of the catalogue lies in any of the profile's areas.
    """

    def place_of(places: set[tuple[str, str]]) -> Place | None:
        """The area that all of them are; else the state; None for a state that the profile lacks, or for two."""
        if len(places) == 1:
            state, municipality = next(iter(places))
            return known.get(state + municipality) or known.get(state)
        states = {state for state, _ in places}
        return known.get(states.pop()) if len(states) == 1 else None

    found = {code: place for code, places in catalogue.codes.items() if (place := place_of(places)) is not None}
    codes = {code: place for code, place in found.items() if place.area or place != by_prefix.get(code[:2])}
    if not any(place.area for place in codes.values()):
        raise ProfileError("the catalogue holds no postal code of this profile's areas; is it the right file?")
    quarters = [
        (name, place)
        for name, places in catalogue.names.items()
        if len(places) == 1 and (place := place_of(places)) is not None and place.area and _usable(name)
    ]
    return Postal(codes, tuple(sorted(quarters)))


def _usable(name: str) -> bool:
    return bool(_NAME.fullmatch(name)) and len(name) > 3 and not name.isdigit()


def write(folder: Path, postal: Postal) -> Path:
    """Writes the profile's `postal.txt`, whole or not at all. Raises ProfileError when it cannot."""
    lines = ["# Made by: flask --app hotline profile import-postal. By place: its postal codes, then its settlements."]
    codes: defaultdict[str, list[str]] = defaultdict(list)
    quarters: defaultdict[str, list[str]] = defaultdict(list)
    for code, place in postal.codes.items():
        codes[place.area or place.state or ""].append(code)
    for name, place in postal.quarters:
        quarters[place.area or place.state or ""].append(name)
    for key in sorted({*codes, *quarters}):
        lines += [f"{key}|{','.join(sorted(codes[key]))}|{','.join(sorted(quarters[key]))}"]
    path = folder / FILE
    half = path.with_suffix(".new")
    try:
        half.write_text("\n".join(lines) + "\n", "utf-8")
        half.replace(path)
    except OSError as error:
        raise ProfileError(
            f"{path}: cannot be written ({error.strerror}); copy the profile's folder and name it in HOTLINE_PROFILE"
        ) from None
    return path


def load_postal(folder: Path, known: Mapping[str, Place]) -> Postal:
    """The profile's `postal.txt`; empty without one. Raises ProfileError with file, line and reason."""
    path = folder / FILE
    shown = f"{folder.name}/{FILE}"
    if not path.exists():
        return Postal({}, ())
    codes: dict[str, Place] = {}
    quarters: list[tuple[str, Place]] = []
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise ProfileError(
            f"{shown}: cannot be read; make it again: flask --app hotline profile import-postal"
        ) from None
    for number, line in enumerate(lines, 1):
        if line.startswith("#") or not line.strip():
            continue
        key, *cells = line.split("|")
        if key not in known or len(cells) != 2 or not re.fullmatch(r"(\d{5}(,\d{5})*)?", cells[0]):
            raise ProfileError(
                f"{shown}: line {number}: not a place of this profile with codes and names; make it again: "
                "flask --app hotline profile import-postal"
            )
        codes |= dict.fromkeys(filter(None, cells[0].split(",")), known[key])
        quarters += [(name, known[key]) for name in filter(None, cells[1].split(","))]
    return Postal(codes, tuple(quarters))
