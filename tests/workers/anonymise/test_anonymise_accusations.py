"""Who is accused and who is not: the suspect's name, telephone or plate kept apart, nobody else's ever."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from workers.anonymise import Anonymiser

ANONYMISER = Anonymiser(SimpleNamespace(public_numbers=frozenset({"911"})))


@pytest.mark.parametrize(
    "text",
    [
        "el que me cobra se llama Efrain y viene en moto",
        "uno que le dicen Chuy Tuercas nos pide 300 diarios",
        "el oficial Ramírez me pidió 500 para dejarme ir",
        "la licenciada Berenice me exige 3 mil para liberar a mi hijo",
        "quien me manda las fotos es Omar Fierro",
        "Olga Treviño me quedó a deber 9 mil",
        "mandó foto de mi casa, el perfil dice Mauricio Tlatelpa",
        "su ex Ramsés la amenaza y ella grita auxilio",
        "mi yerno Alfonso tiene encerrada a su esposa",
        "firma la nota La Comadreja",
        "el jefe es un tal Comandante Zorro",
        "vienen de parte del Mochaorejas",
        "i paid 800 usd to Claudia Montes for a room, it was fake",
        "llaman a cada rato y dicen groserias. 5512349876",
        "me hablaron amenazando a mi familia 5512349876",
        "me sigue un carro M.T.X.-2.2.-9.0",
        "tráiler placas veintitrés a ka cuatro ye, me persigue",
        "me sigue un carro n-f-t-8-8-1",
    ],
)
def test_the_suspects_are_kept_apart(text: str) -> None:
    assert "suspect" in {span.owner for span in ANONYMISER.mask(text).spans}


@pytest.mark.parametrize(
    "text",
    [
        "ME COBRAN PISO Y ME AMENAZAN, FIRMA ROSALIA CRUZ",
        "juan carlos tepepa soy yo, me amenazan por mi negocio",
        "golpearon a Elena y su esposo Tomás",
        "mi yerno Oscar iba a ver una moto q vendian y ya no contesta, tel 55 6011 7329",
        "mi hijo no contesta desde que lo amenazaron el numero es 5560117329",
        "el oficial de la patrulla me quito mis placas NXT-22-10",
        "las placas NXT-22-10 que me quitó el de tránsito",
        "Pedro Ruiz alcanzó a mi mamá antes que el ratero",
        "fui con el lic Pedro Mora a denunciar que me cobran piso",
        "la señora Mercedes Luna pide que la llamen al 55 5670 1123",
        "me extorsionan desde ayer 5512345678 soy Nora",
        "me amenazan diario, para mas datos 5512345678",
        "contacto: Irma Saldaña 5522781190, me cobran piso",
        "la que llora es Ximena, la golpean",
        "la tarjeta a nombre de Juana Mota me la robaron",
        "mi amiga Karen me exige que denuncie a su novio",
        "a mi esposo Rene lo tiene amenazado un tipo",
    ],
)
def test_nobody_else_is_accused(text: str) -> None:
    for spelled in (text, text.upper(), text.lower()):
        spans = ANONYMISER.mask(spelled).spans
        assert spans
        assert "suspect" not in {span.owner for span in spans}, spelled


def test_of_two_names_only_the_one_said_to_threaten_is_accused() -> None:
    spans = ANONYMISER.mask("me amenaza Pablo Ruiz, Juan Pérez, colonia Roma").spans
    assert [span.owner for span in spans] == ["suspect", "unknown"]


@pytest.mark.parametrize(
    "text",
    [
        "me pidieron 1500000",
        "fue el 20240215 en la noche",
        "en la esquina de bolivar con regina venden droga",
        "mi reporte 0012345 sigue igual",
        "me dieron el folio 20240318-77",
    ],
)
def test_amounts_days_corners_and_files_stay(text: str) -> None:
    masked = ANONYMISER.mask(text)
    assert masked.text == text and not masked.doubtful


def test_a_rank_before_a_mask_is_no_name() -> None:
    text = "me habló un tal COMANDANTE [NOMBRE DEL SOSPECHOSO]"
    assert ANONYMISER.mask(text).text == text
