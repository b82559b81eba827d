"""Names and what people are called, by the ways in which they are brought up; all of them made up."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from workers.anonymise import Anonymiser

ANONYMISER = Anonymiser(SimpleNamespace(public_numbers=frozenset({"911", "089"})))


def hidden(text: str) -> list[str]:
    return [text[span.start : span.end] for span in ANONYMISER.mask(text).spans]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("tiene encerrada a mi hija consuelo desde el sábado", ["consuelo"]),
        ("no encuentro a mi niña sol tiene seis años", ["sol"]),
        ("una vecina la señora paz vio a un hombre", ["paz"]),
        ("estamos con mi madrina cuca en la colonia", ["cuca"]),
        ("yo soy jesús también", ["jesús"]),
        ("hay una señora aurora que dice", ["aurora"]),
        ("lo pidió mi ex israel usando mi ine", ["israel"]),
        ("contestó mi secretaria concha y era", ["concha"]),
        ("mi landlord Rigo de Naucalpan", ["Rigo"]),
        ("que le debía al licenciado Montes de Oca y que", ["Montes de Oca"]),
        ("la directora Ma. del Socorro Luz pide", ["Ma. del Socorro Luz"]),
        ("mi abuelo Juan de Dios no contesta", ["Juan de Dios"]),
        ("MI NOMBRE ES JOSE DE JESUS Y VIVO AQUI", ["JOSE DE JESUS"]),
        ("soy María de los Ángeles Sta. Cruz quiero el taller", ["María de los Ángeles Sta. Cruz"]),
        ("Ma. del Carmen está herida", ["Ma. del Carmen"]),
        ("el otro poli, Arenas, le dijo", ["Arenas"]),
        ("Amigo mío Wilkens en Reynosa", ["Wilkens"]),
        ("Victoria perdió la conciencia, apúrense", ["Victoria"]),
        ("Refugio y Trinidad son hombres los dos", ["Refugio", "Trinidad"]),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert hidden(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "mi mama dolores de cabeza tiene",
        "mi hija linda y mi hijo feliz",
        "los perros policía. Miguel Hidalgo",
        "soy de apodaca nuevo león",
        "somos d el marques",
        "en la calle General Francisco Ramírez y en la avenida",
        "en la calle fray juan de torquemada el muchacho",
        "en la esquina de doctor vértiz y doctor norma",
        "boletos para el concierto de luis miguel",
        "esperanza es lo ultimo que muere",
        "Paz y tranquilidad en la colonia",
        "en la colonia Héroes de Padierna",
    ],
)
def test_words_and_places_stay(text: str) -> None:
    assert hidden(text) == []
