"""The titles of businesses, and trades that name none; all of them made up."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from workers.anonymise import Anonymiser

ANONYMISER = Anonymiser(SimpleNamespace(public_numbers=frozenset({"911", "089"})))


def shops(text: str) -> list[str]:
    return [text[span.start : span.end] for span in ANONYMISER.mask(text).spans if span.type == "NEGOCIO"]


@pytest.mark.parametrize(
    ("text", "shop"),
    [
        ("tengo una fonda en la doctores se llama el rinconcito de chabela y llegó", "el rinconcito de chabela"),
        ("la agencia que se llama viajes tierra firme nos vendió", "viajes tierra firme"),
        ("una caja que se llama caja popular el progreso y el gerente", "caja popular el progreso"),
        ("mi tienda es la Gloria de Dios a 3 cuadras", "la Gloria de Dios"),
        ("en la puerta de mi negocio, Vidrios y Canceles Moctezuma. Que", "Vidrios y Canceles Moctezuma"),
        ("mi consultorio es Dental Sonríe Portales; un paciente", "Dental Sonríe Portales"),
        ("el vendedor sale como Motos León en face", "Motos León"),
        ("los valets del bar Kaoba en la condesa", "bar Kaoba"),
        ("reportar a la academia de inglés Speak Now, que me hizo", "academia de inglés Speak Now"),
        ("trabaja en la clínica dental sonrisas del pedregal y a las dos", "clínica dental sonrisas del pedregal"),
        ("ASALTARON LA VETERINARIA PATITAS DONDE TRABAJO HACE POCO", "VETERINARIA PATITAS"),
        ("saliendo de la refaccionaria hermanos quiroz donde trabaja", "refaccionaria hermanos quiroz"),
    ],
)
def test_titles(text: str, shop: str) -> None:
    assert shops(text) == [shop]


@pytest.mark.parametrize(
    "text",
    [
        "tengo una farmacia y llegó un sobre con una bala",
        "robaron la farmacia de Mar Mediterráneo esquina Carrillo",
        "en la tienda de Zacatepec iban dos",
        "trabajo en un despacho contable en la nápoles",
        "va en la escuela y pasa por la tienda grande",
        "me dejaron un recado en el local los jueves",
        "en el Oxxo y en Bodega Aurrera",
    ],
)
def test_trades_alone_stay(text: str) -> None:
    assert shops(text) == []
