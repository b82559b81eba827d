"""Names that are places: alcaldías, colonias, avenues and markets called after people are no datum of anybody."""

from __future__ import annotations

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


def shield_places(reading: Reading, places: frozenset[tuple[str, ...]], starts: frozenset[str]) -> None:
    """Names of alcaldías and of the people whom half the streets are named after are places unless a cue says else."""
    words = reading.words
    for index, word in enumerate(words):
        if reading.claimed[index]:
            continue
        if word in PLACE_BEFORE or (word in ROADS and words[index + 1 : index + 2] == ["y"]):
            _shield_after(reading, index + 1)
        if word in starts:
            for length in (5, 4, 3, 2):
                if index + length <= len(words) and tuple(words[index : index + length]) in places:
                    for covered in range(index, index + length):
                        reading.bits[covered] |= SHIELDED
                    break


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
