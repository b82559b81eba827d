"""What a deployment offers besides taking reports: advice by theme, dates for neighbours, what is told of numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from hotline.language import gsm
from hotline.language.sounds import sounds_of
from hotline.profile.reader import Reader

ADVICE_SEGMENTS = 2
_STARTS = r"20\d\d-[01]\d-[0-3]\d [0-2]\d:[0-5]\d"
# Title and place of a date, so that it fits a text with others.
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Theme:
    """Advice on one theme: the words, as heard, by which it is asked for, and its text by language."""

    slug: str
    words: frozenset[str]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Jornada:
    """A date for neighbours: the area's code, when it starts (local time), what and where."""

    area: str
    starts: datetime
    title: str
    place: str


@dataclass(frozen=True, slots=True)
class Services:
    """Advice in the order in which themes are tried; dates; from how many reports on a number or a figure is told."""

    advice: tuple[Theme, ...]
    jornadas: tuple[Jornada, ...]
    number_told_from: int
    figures_days: int
    figures_told_from: int


def load_services(
    folder: Path, languages: tuple[str, ...], areas: Collection[str], numbers: Mapping[str, str]
) -> Services:
    """Reads `services.toml`; `areas` are the codes that dates may name, `numbers` are filled into advice. Raises
    ProfileError."""
    reader = Reader.open(folder / "services.toml")
    told, figures = reader.table("numbers"), reader.table("figures")
    services = Services(
        advice=tuple(_theme(slug, table, languages, numbers) for slug, table in reader.table("advice").tables()),
        jornadas=tuple(_jornada(row, areas) for row in reader.rows("jornadas")),
        number_told_from=told.whole("told_from", 2, 1000),
        figures_days=figures.whole("days", 1, 366),
        figures_told_from=figures.whole("told_from", 2, 1000),
    )
    for part in (told, figures, reader):
        part.done()
    return services


def _theme(slug: str, reader: Reader, languages: tuple[str, ...], numbers: Mapping[str, str]) -> Theme:
    words = frozenset(sounds_of(reader.single("words")).values())
    texts = {language: _advice(reader, language, numbers) for language in languages}
    reader.done()
    return Theme(slug, words, MappingProxyType(texts))


def _advice(reader: Reader, language: str, numbers: Mapping[str, str]) -> str:
    text = reader.string(language)
    try:
        filled = text.format_map(numbers)
    except (KeyError, ValueError, IndexError):
        reader.fail(language, f"may hold the profile's numbers only: {', '.join(f'{{{name}}}' for name in numbers)}")
    needed = gsm.segments(gsm.to_gsm7(filled))
    if needed > ADVICE_SEGMENTS:
        reader.fail(language, f"takes {needed} SMS instead of {ADVICE_SEGMENTS} ({len(filled)} characters); shorten it")
    return filled


def _jornada(row: Reader, areas: Collection[str]) -> Jornada:
    jornada = Jornada(
        area=row.choice("area", tuple(areas)),
        starts=datetime.fromisoformat(row.matching("starts", _STARTS, "2026-12-05 10:00")),
        title=row.matching("title", rf".{{1,{_LONGEST_NAME}}}", "Jornada de Convivencia"),
        place=row.matching("place", rf".{{1,{_LONGEST_NAME}}}", "Deportivo Cuauhtemoc"),
    )
    row.done()
    return jornada
