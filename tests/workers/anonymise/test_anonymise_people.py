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
        ("habla Consuelo viuda de Arriaga, tengo 79", ["Consuelo viuda de Arriaga"]),
        ("la Sra. Elsa vda. de Roldán cobró", ["Elsa vda. de Roldán"]),
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


@pytest.mark.parametrize(
    ("text", "alias"),
    [
        ("unos que les dicen el betito y el lunares y ya", "el lunares"),
        ("le dicen el yagüi o el yayo no le entendí", "el yayo"),
        ("aventaron una cartulina y firmaba el marro chico", "el marro"),
        ("llegó una carta que pide cuota y abajo dice el carnal", "el carnal"),
        ("un mensaje que dice paga, firma La Sombra", "La Sombra"),
        ("dice que es gente del r cinco y deja un recado", "r cinco"),
        ("uno que solo dise ser el R5 quiere 40 rollos", "el R5"),
        ("te cae el trenecito pregunta x el Muñeco y lleva 30", "el Muñeco"),
        ("un policia y un civil Tiburon pasan x los 100", "Tiburon"),
        ("tengo 3 dias que me marca El Ingeniero y otra mujer", "El Ingeniero"),
        ("le apodan pelon q cobra a los de fuera", "pelon"),
        ("uno que le dicen el sargento pistolas su nombre no se", "el sargento pistolas"),
        ("firma como El Señor de los Cielos 2, manda mensajes", "El Señor de los Cielos 2"),
        ("dijo ser enviado d el Mamado y dejo su num", "el Mamado"),
        ('un individuo al que conocen por "el Tuercas" y me exige', "el Tuercas"),
        ("uno le dijo al otro: ya vámonos Flaco", "Flaco"),
    ],
)
def test_nicknames(text: str, alias: str) -> None:
    assert alias in hidden(text)


@pytest.mark.parametrize(
    "text",
    [
        "le dicen el precio y el carro es rojo",
        "en el recibo abajo dice el total",
        "está en el parque del Chapulín cerca de La Villa",
        "me mandaron por el carro y el dinero",
    ],
)
def test_things_are_no_nicknames(text: str) -> None:
    assert not [span for span in ANONYMISER.mask(text).spans if text[span.start : span.end] in ("el carro", "el total")]
