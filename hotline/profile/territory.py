"""Reading where a deployment works: `territory.toml` (states, areas) and `places.toml` (what people call places)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import fields
from pathlib import Path
from typing import Literal, NamedTuple

from hotline.language.cues import Cues
from hotline.language.fold import plain
from hotline.language.places import NOWHERE, Level, Name, Place, PlaceFinder
from hotline.language.sounds import sounds_of
from hotline.profile.model import Area, State
from hotline.profile.postal import load_postal
from hotline.profile.reader import Reader

Cue = Literal["", "place", "quarter", "station"]

# Section of places.toml, how firmly its names say where, and the cue they need.
_SECTIONS: tuple[tuple[str, Level, Cue], ...] = (
    ("towns", Level.EXPLICIT, ""),
    ("towns_with_cue", Level.EXPLICIT, "place"),
    ("local", Level.LOCAL, ""),
    ("local_with_cue", Level.LOCAL, "place"),
    ("quarters", Level.LOCAL, "quarter"),
    ("stations", Level.LOCAL, "station"),
    ("roads", Level.HINT, ""),
)
# Names longer than this are known without their blanks too ("benitojuarez").
_LONG = 8


class Territory(NamedTuple):
    """States and areas by code, and the finder that knows all their names."""

    states: Mapping[str, State]
    areas: Mapping[str, Area]
    places: PlaceFinder


def load_territory(folder: Path, numbers: Set[str]) -> Territory:
    """Reads both files of `folder`; `numbers` are the digits of public numbers, which are no postal codes.

    Raises ProfileError with the file, the key and the reason.
    """
    territory = Reader.open(folder / "territory.toml")
    names: list[Name] = []
    postal: dict[str, Place] = {}
    states: dict[str, State] = {}
    for code, reader in territory.table("states").tables():
        if not (len(code) == 2 and code.isdigit()):
            reader.fail("", "a state's key is its INEGI code of two digits, as in [states.09]")
        states[code] = State(code, reader.string("name"))
        _read_names(reader, states[code].name, Place(None, code), names)
        _read_postal(reader, Place(None, code), postal)
        reader.done()
    areas: dict[str, Area] = {}
    for code, reader in territory.table("areas").tables():
        if not (len(code) == 5 and code.isdigit()):
            reader.fail("", "an area's key is its INEGI code of five digits, as in [areas.09007]")
        state = reader.string("state")
        if state not in states:
            reader.fail("state", f"there is no state {state!r}; add [states.{state}] or correct the code")
        areas[code] = Area(code, state, reader.string("name"))
        _read_names(reader, areas[code].name, Place(code, state), names)
        _read_postal(reader, Place(code, state), postal)
        reader.done()
    territory.done()
    known = {code: Place(None, code) for code in states} | {code: Place(code, a.state) for code, a in areas.items()}
    places = Reader.open(folder / "places.toml")
    for section, level, cue in _SECTIONS:
        names += _section(places, section, known, level, cue)
    names += [Name(word, NOWHERE, Level.MASK) for word in places.folded("nowhere")]
    cues = _cues(places.table("cues"))
    places.done()
    catalogue = load_postal(folder, known)
    by_hand = {name.words for name in names}
    names += [
        Name(words, place, Level.LOCAL, cue="quarter") for words, place in catalogue.quarters if words not in by_hand
    ]
    return Territory(states, areas, PlaceFinder(names, {**postal, **catalogue.codes}, cues, numbers))


def _read_names(reader: Reader, name: str, place: Place, names: list[Name]) -> None:
    """The spellings of one state or area; the long ones also without their blanks, as hurried hands write them."""
    shared, cued = reader.flag("shared"), reader.flag("cue")
    own = plain(name)
    free = [own, *reader.folded("spellings")]
    free += [word.replace(" ", "") for word in free if " " in word and len(word) > _LONG]
    names += [
        Name(word, place, Level.EXPLICIT, shared=shared, cue="place" if cued and word == own else "") for word in free
    ]
    for word in reader.folded("spellings_with_cue"):
        names.append(Name(word, place, Level.EXPLICIT, shared=shared, cue="place"))
    for word in reader.folded("abbreviations"):
        names.append(Name(word, place, Level.EXPLICIT, exact=True))
    for word in reader.folded("abbreviations_with_cue"):
        names.append(Name(word, place, Level.EXPLICIT, cue="place", exact=True))


def _read_postal(reader: Reader, place: Place, postal: dict[str, Place]) -> None:
    """Two-digit prefixes, single or as ranges ("50-57"); an area's prefix goes before its state's."""
    for word in reader.words("postal"):
        first, _, last = word.partition("-")
        last = last or first
        if not (len(first) == len(last) == 2 and f"{first}{last}".isdigit() and first <= last):
            reader.fail("postal", f'must hold prefixes of two digits or ranges of them, as in "50-57", not {word!r}')
        for prefix in range(int(first), int(last) + 1):
            here = postal.get(f"{prefix:02}")
            if here is not None and (here.area is not None) == (place.area is not None):
                reader.fail(
                    "postal", f"the prefix {prefix:02} belongs to {here.area or here.state} already; keep it in one"
                )
            if here is None or place.area is not None:
                postal[f"{prefix:02}"] = place


def _section(places: Reader, section: str, known: Mapping[str, Place], level: Level, cue: Cue) -> Iterator[Name]:
    if not places.has(section):
        return
    reader = places.table(section)
    for code in reader.names():
        if code not in known:
            reader.fail(code, "there is no area or state of this code in territory.toml; correct it or add the area")
        for word in reader.folded(code):
            yield Name(word, known[code], level, cue=cue)


def _cues(reader: Reader) -> Cues:
    groups = {
        field.name: frozenset(sounds_of(reader.folded(field.name)).values())
        for field in fields(Cues)
        if field.name != "short"
    }
    table = reader.table("short")
    short = {plain(key): plain(table.string(key)) for key in table.names()}
    table.done()
    reader.done()
    return Cues(**groups, short=short)
