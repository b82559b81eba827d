"""Names that are places: alcaldías, colonias, avenues and markets called after people are no datum of anybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workers.anonymise.lexicon import GIVEN, NAME, SURNAME
from workers.anonymise.reading import Reading
from workers.anonymise.wordlist import bag

PLACE_BEFORE = bag(
    "colonia col cols barrio pueblo fracc fraccionamiento metro metrobus estacion mercado alcaldia delegacion "
    "deleg municipio parque plaza hospital clinica iglesia parroquia capilla avenida av calle calz calzada eje "
    "glorieta unidad uh habitacional infonavit deportivo panteon san santa santo sn sta puente base terminal cd "
    "ciudad presa cerro villa villas jardines lomas bosques paseos rancho ejido virgen templo escuela primaria "
    "secundaria prepa universidad estado edo cartel rio lago puerto mercados tianguis central esquina esq beca "
    "becas programa biblioteca torre cruce sobre edificio callejon andador privada cerrada kiosco kiosko jardin "
    "museo prepa preparatoria facultad tecnologico monumento estatua beca becas programa avenidas alameda "
    "zocalo vialidad carretera autopista libramiento embarcadero basilica concierto boletos heroes pabellon kiosco "
    "cerrada rinconada prolongacion ampliacion retorno explanada auditorio foro sindicato"
)
ROADS = bag("insurgentes reforma viaducto periferico tlalpan zaragoza circuito churubusco")
SHIELDED = 1 << 22


def leads(places: Iterable[tuple[str, ...]]) -> dict[str, list[tuple[int, tuple[str, ...]]]]:
    """Every word that stands before a place's name, or tells one of `places`: with its turn in each of them."""
    told: dict[str, list[tuple[int, tuple[str, ...]]]] = {word: [] for word in PLACE_BEFORE | ROADS}
    for place in places:
        if 1 < len(place) <= _LONGEST_PLACE:
            turn = next((turn for turn, word in enumerate(place) if word not in _ARTICLES), 0)
            told.setdefault(place[turn], []).append((turn, place))
    return told


_LONGEST_PLACE = 5
_ARTICLES = bag("el la los las de del")


def shield_places(reading: Reading, leads: Mapping[str, list[tuple[int, tuple[str, ...]]]]) -> None:
    """Names of alcaldías and of the people whom half the streets are named after are places unless a cue says else."""
    words = reading.words
    for index in [turn for turn, word in enumerate(words) if word in leads]:
        word = words[index]
        for turn, place in leads[word]:
            first = index - turn
            if first >= 0 and tuple(words[first : first + len(place)]) == place and not reading.claimed[first]:
                for covered in range(first, first + len(place)):
                    reading.bits[covered] |= SHIELDED
        if reading.claimed[index]:
            continue
        if word in PLACE_BEFORE or (word in ROADS and words[index + 1 : index + 2] == ["y"]):
            _shield_after(reading, index + 1)


_BEFORE_PLACE_NAME = bag(
    "de del la el los las con y d general gral doctor dr fray ingeniero ing profesor coronel capitan padre"
)
_BEHIND_NUMBER = bag("norte sur oriente poniente y con esquina esq")


def _shield_after(reading: Reading, index: int) -> None:
    """Names right behind a word for a place are its name: "avenida rosario castellanos", "insurgentes y félix cuevas".

    A family name followed by a given name begins somebody's name: "colonia guerrero juan perez".
    """
    words, count = reading.words, len(reading.words)
    skipped = index
    while index < count and index - skipped < 3 and words[index] in _BEFORE_PLACE_NAME:
        index += 1
    while (
        index < count
        and index - skipped < 4
        and not reading.claimed[index]
        and (words[index].isdigit() or words[index] in _BEHIND_NUMBER)
    ):
        index += 1
    first = index
    while index < count and index - first < 3 and not reading.claimed[index]:
        bits = reading.bits[index]
        if not bits & NAME or (
            index > first and bits & GIVEN and not bits & SURNAME and not reading.bits[index - 1] & GIVEN
        ):
            return
        reading.bits[index] |= SHIELDED
        index += 1
