"""Doors without a word for a street, and numbers that are none; all of them made up."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from workers.anonymise import Anonymiser

ANONYMISER = Anonymiser(SimpleNamespace(public_numbers=frozenset({"911", "089"})))


def doors(text: str) -> list[str]:
    return [text[span.start : span.end] for span in ANONYMISER.mask(text).spans if span.type == "DOMICILIO"]


@pytest.mark.parametrize(
    ("text", "door"),
    [
        ("estamos en el 27 de Allende, segundo patio", "27 de Allende"),
        ("mi perro ladra coyoacan nahuatlacas 61 ajusco", "nahuatlacas 61"),
        ("vivo en callejon del olvido 14 altos torres potrero", "callejon del olvido 14 altos"),
        ("vengan sur 8a #57 agricola oriental", "sur 8a #57"),
        ("fotos de su casa (sur 16-a 118, agricola oriental)", "sur 16-a 118"),
        ("manden a norte 75 a número cuatro mil ocho", "norte 75 a número cuatro mil ocho"),
        ("que está en allende número quince y aventaron", "allende número quince"),
        ("está en avenida patria mil ochocientos uno", "avenida patria mil ochocientos uno"),
        ("estan tumbando la puerta Fresno 12 bis santa maria", "Fresno 12 bis"),
        ("ESTOY CON MIS HIJOS EN BENITO JUAREZ 45-B PUEBLO DE SANTA MARTHA", "BENITO JUAREZ 45-B"),
        ("viven en camino a nativitas 57 xochimilco", "camino a nativitas 57"),
        ("es en bucareli 1160 desp 4 la que entrevista", "bucareli 1160 desp 4"),
        ("el pensionado del 14 de la cerrada Nopal, es nuestro", "14 de la cerrada Nopal"),
        ("en Damasco ciento siete unos vecinos se pegan", "Damasco ciento siete"),
        ("tomaron la mia aquiles serdan 44", "aquiles serdan 44"),
        ("en la súper manzana 3 edif B depto 301 se oyen gritos", "súper manzana 3 edif B depto 301"),
    ],
)
def test_doors(text: str, door: str) -> None:
    assert doors(text) == [door]


@pytest.mark.parametrize(
    "text",
    [
        "mi hijo Bruno 12 años y Karen 15",
        "le di a Juan 500 en la mañana",
        "en la ruta 27 y en el eje 3 sur",
        "en Tepito 3 sujetos en moto",
        "va en el cetis 154 y la otra en la prepa 7",
        "un aveo 2015 rojo en la esquina",
        "piden en Chalco 500 cada semana",
        "son como 20 en la base de Pantitlan",
        "el 14 de la semana pasada y el 27 de mayo",
        "me cobra Pedro 300 entre semana",
    ],
)
def test_other_numbers_are_no_doors(text: str) -> None:
    assert doors(text) == []
