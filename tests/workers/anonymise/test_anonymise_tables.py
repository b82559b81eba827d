"""Decision by decision: one row, one rule."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from workers.anonymise import Anonymiser, check, masks
from workers.anonymise.lexicon import COMMON, NAME, load
from workers.anonymise.model import Span
from workers.anonymise.pipeline import Anonymiser as Pipeline
from workers.anonymise.spelling import key

PUBLIC = frozenset({"911", "089", "088", "066", "0311", "5556581111", "5555335533"})
ANONYMISER = Anonymiser(SimpleNamespace(public_numbers=PUBLIC))


def spans(text: str, caller: str | None = None) -> list[tuple[str, str, str]]:
    return [(s.type, s.owner, text[s.start : s.end]) for s in ANONYMISER.mask(text, caller).spans]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("me marcan del 55 0412 7788", "me marcan del [TELÉFONO DEL SOSPECHOSO]"),
        (
            "me marcan del 5504127788 y del 5504127799",
            "me marcan del [TELÉFONO DEL SOSPECHOSO 1] y del [TELÉFONO DEL SOSPECHOSO 2]",
        ),
        (
            "me marcan del 5504127788, otra vez del 55 0412 7788",
            "me marcan del [TELÉFONO DEL SOSPECHOSO], otra vez del [TELÉFONO DEL SOSPECHOSO]",
        ),
        ("soy [NOMBRE] y mi hijo es luis perez", "soy [NOMBRE] y mi hijo es [NOMBRE 2]"),
        ("me llamo Eusebio Tapia", "me llamo [NOMBRE]"),
        ("uno le dicen el chispa", "uno le dicen [ALIAS DEL SOSPECHOSO]"),
    ],
)
def test_masks(text: str, masked: str) -> None:
    assert ANONYMISER.mask(text).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "llamen al 911 o al 089",
        "marque al 55 5658 1111",
        "al *0311 de locatel",
        "piden 15 mil o 25000 pesos",
        "$1,500,000.00 por mi hijo",
        "pague 1500000 pesos",
        "fue el 12/05/2024 a las 18:30",
        "el 2024-05-12 a las 9 pm",
        "cp 07840 y cp 76000",
        "ruta 27 y ruta 103",
        "folio OSC-3JX9P",
        "tengo 81 años y 2 hijos",
        "eje 1 y eje 3 sur",
        "insurgentes y viaducto",
        "calle 5 de mayo esquina con mina",
        "colonia miguel hidalgo tlalpan",
        "benito juarez",
        "en la guadalupe tepeyac",
        "metro zapata",
        "mercado adolfo lopez mateos",
        "cincuenta mil para la tarde",
        "calle 10 y calle 12",
        "la primaria esta cerrada",
        "la tienda la semana pasada",
        "le dicen que no",
        "venustiano carranza",
        "el señor mayor deposita",
        "Señor por favor ayuda",
        "un carro gris sin placas",
        "san juan del rio",
        "colonia roma norte",
        "el cuarto dia",
        "me marco y colgo",
        "por la luz de la calle",
        "las flores de la plaza",
        "soy chofer de combi",
        "carpeta CI-FIAZ/AZ-2/UI-1/00234/05-2024",
        "referencia 7741902 y autorizacion 004417",
        "en lorenzo boturini y calle del taller",
        "insurgentes y felix cuevas",
        "cetram santa marta",
        "en balderas roban celulares",
        "no hablo español",
    ],
)
def test_what_stays(text: str) -> None:
    assert spans(text) == []


@pytest.mark.parametrize("length", range(1, 25))
@pytest.mark.parametrize("glue", ["", " ", "-", "."])
def test_an_unexplained_run_is_masked_from_seven_digits_on(length: int, glue: str) -> None:
    run = glue.join("7" * length)
    found = spans(f"vi {run} ahi")
    assert [words for _, _, words in found] == ([run] if length >= 7 else [])


@pytest.mark.parametrize(
    ("run", "kind"),
    [
        ("012180000004711931", "CLABE"),
        ("4217660000034712", "TARJETA"),
        ("4217660000034713", "TARJETA"),
        ("4217 6600 0003 4712", "TARJETA"),
        ("5504127788", "TELEFONO"),
        ("55 0412 7788", "TELEFONO"),
        ("525504127788", "TELEFONO"),
        ("5215504127788", "TELEFONO"),
        ("0445504127788", "TELEFONO"),
        ("01 55 0412 7788", "TELEFONO"),
        ("+52 1 33 0187 2265", "TELEFONO"),
        ("55127788", "TELEFONO"),
        ("7 2 2 0 1 4 8 8 3 6", "TELEFONO"),
        ("722.044.1200", "TELEFONO"),
        ("55O4l27788", "TELEFONO"),
        ("５５ ０４１２ ７７８８", "TELEFONO"),
        ("cincuenta y cinco cero cuatro doce setenta y siete ochenta y ocho", "TELEFONO"),
        ("sinco sinco, cero cuatro doce 77 ochenta y ocho", "TELEFONO"),
        ("doble cinco cero cuatro doce 7788", "TELEFONO"),
        ("oiga800314mdfrrl05", "CURP"),
        ("OIGA 800314 MDFRRL 05", "CURP"),
        ("oiga800314k45", "RFC"),
        ("PRMNLZ85071109M300", "CLAVE_ELECTOR"),
        ("LXJ-40-17", "PLACA"),
        ("U27-ARM", "PLACA"),
        ("NPX-123-A", "PLACA"),
        ("A12345", "PLACA"),
        ("P45BKD", "PLACA"),
        ("soporte@bbva-aclara.example", "CORREO"),
        ("@el_chispa", "ALIAS"),
        ("juan @ gmail . com", "CORREO"),
        ("https://x.example/a?b=1", "URL"),
        ("sat-pagos-mx.example/ref88", "URL"),
    ],
)
def test_shapes(run: str, kind: str) -> None:
    assert [(k, words) for k, _, words in spans(f"hay {run} ahi")] == [(kind, run)]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("mi nss 03998004174", "NSS", "03998004174"),
        ("al 0442 0118 923 de banorte", "CUENTA", "0442 0118 923"),
        ("con cuenta 1560234411 banco azteca", "CUENTA", "1560234411"),
        ("correo maria elena arroba correo punto com", "CORREO", "maria elena arroba correo punto com"),
        ("la placa le vi ene pe equis cuarenta", "PLACA", "ene pe equis cuarenta"),
        ("de mi moto 7WX4B y", "PLACA", "7WX4B"),
        ("patrulla MX-4471-B2", "PLACA", "MX-4471-B2"),
        ("vivo en calle puebla 214 int 3 col roma", "DOMICILIO", "calle puebla 214 int 3"),
        ("mi casa cda ojo de agua mz 4 lt 12", "DOMICILIO", "cda ojo de agua mz 4 lt 12"),
        ("vivo en norte 45 num 816", "DOMICILIO", "norte 45 num 816"),
        ("estoy en oriente 170 no 55 moctezuma", "DOMICILIO", "oriente 170 no 55"),
        ("direccion dr lavista 77 3er piso", "DOMICILIO", "dr lavista 77 3er piso"),
        ("calle cinco de mayo ciento dieciocho", "DOMICILIO", "calle cinco de mayo ciento dieciocho"),
        ("en la secu tec 42", "ESCUELA", "secu tec 42"),
        ("afuera de la primaria benito juarez", "ESCUELA", "primaria benito juarez"),
        ("la tienda es abarrotes La Lupita", "NEGOCIO", "abarrotes La Lupita"),
        ("encerrada en la habitacion 12", "UBICACION", "habitacion 12"),
        ("mi puesto es el local 45", "UBICACION", "local 45"),
        ("naci el 14 de marzo de 1962", "FECHA_NACIMIENTO", "14 de marzo de 1962"),
        ("fecha de nacimiento 14/03/62", "FECHA_NACIMIENTO", "14/03/62"),
        ("le di mi nip 4471", "OTRO", "4471"),
        ("mi vecino don benito juarez lopez", "NOMBRE", "benito juarez lopez"),
        ("mi mama Carmen Olvera Ruiz de 74", "NOMBRE", "Carmen Olvera Ruiz"),
        ("soy lupita hdez de tepito", "NOMBRE", "lupita hdez"),
        ("firma Raymundo Chavez L.", "NOMBRE", "Raymundo Chavez L."),
        ("me llamo luz", "NOMBRE", "luz"),
        ("mi hija xochil hernades", "NOMBRE", "xochil hernades"),
        ("el oficial R. Cisneros pide", "NOMBRE", "R. Cisneros"),
        ("dice q es comandante Rios", "ALIAS", "comandante Rios"),
    ],
)
def test_finds_the_whole_and_nothing_but(text: str, kind: str, words: str) -> None:
    assert [(k, w) for k, _, w in spans(text)] == [(kind, words)]


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("mi cel 722.044.1200", "reporter"),
        ("llamenme al 5504127788", "reporter"),
        ("me pueden marcar al 5504127788", "reporter"),
        ("soy lupita 5504127788", "reporter"),
        ("mi vecina no aparece, su celular 5504127788", "reporter"),
        ("me marcan del 5504127788", "suspect"),
        ("yaman d un 5504127788", "suspect"),
        ("mande 3 recargas al 5504127788", "suspect"),
        ("un sr me pide fotos su numero es 5504127788", "suspect"),
        ("me estan amenazando 5504127788", "suspect"),
        ("me llaman a mi casa al 5504127788", "reporter"),
        ("deposite a la tarjeta 4217660000034712", "suspect"),
        ("me clonaron la tarjeta 4217660000034712", "reporter"),
        ("de mi tarjeta 4217660000034712 sacaron", "reporter"),
        ("cuenta 1560234411 a nombre de", "suspect"),
        ("mi carro placas NPX-123-A", "reporter"),
        ("se fue en un jetta NPX-123-A", "suspect"),
        ("me robaron la moto placas NPX-123-A", "reporter"),
        ("soy taxista placas NPX-123-A", "unknown"),
        ("patrulla MX-4471-B2 me pidieron dinero", "suspect"),
        ("patrulla MX-4471-B2 nos ayudo", "unknown"),
        ("deposite a nombre de Brenda Solis", "suspect"),
        ("dice ser Juan", "suspect"),
        ("un tal Wilber", "suspect"),
        ("mi hermano jose luis rangel", "reporter"),
        ("me dijo soy tu primo Juan", "suspect"),
        ("mi esposo Raul me golpea", "suspect"),
        ("mi esposo Raul esta secuestrado", "reporter"),
        ("quiero denunciar a mi jefe Raul", "suspect"),
        ("Oswaldo Tapia", "unknown"),
        ("vivo en calle nardo 22", "reporter"),
        ("venden droga en calle nardo 22", "suspect"),
        ("calle nardo 22", "unknown"),
        ("mi correo es a@b.example", "reporter"),
        ("me escribio a@b.example", "suspect"),
        ("mi curp oiga800314mdfrrl05", "reporter"),
        ("entre a http://x.example", "suspect"),
        ("mi cuenta 2891045567 a la 0192837465 de un tal Efren", "suspect"),
        ("el whats de ellos 5578120043", "suspect"),
        ("no es mi número, el de ellos es 5576104432", "suspect"),
        ("que le marque al 4422150678", "suspect"),
        ("les hablo del 5512345678", "unknown"),
        ("me hablaron a mi trabajo al 5555443322", "reporter"),
        ("hackearon el whats de mi prima 5588990011", "reporter"),
        ("el teléfono de mi hija es 5544120987", "reporter"),
        ("el que cobra se llama Yahir", "suspect"),
        ("el que falta es Miguel Angel", "unknown"),
        ("me amenaza Genaro", "suspect"),
        ("amenazan a Genaro", "unknown"),
        ("mi marido Hilario me pega", "suspect"),
        ("mi hermano Luis me pidió que les avisara", "reporter"),
        ("el oficial Mendoza fue herido", "unknown"),
        ("le deposité a Alondra Trejo", "suspect"),
        ("a mi mamá Inés le deposité", "reporter"),
        ("su yerno el chino", "unknown"),
        ("son el Tuercas", "suspect"),
        ("mi hermano el chino", "reporter"),
    ],
)
def test_owners(text: str, owner: str) -> None:
    assert [o for _, o, _ in spans(text)][-1:] == [owner]


@pytest.mark.parametrize(
    ("run", "value"),
    [
        ("55 0412 7788", "+525504127788"),
        ("044 55 0412 7788", "+525504127788"),
        ("4217 6600 0003 4712", "4217660000034712"),
        ("oiga 800314 k45", "OIGA800314K45"),
        ("npx-123-a", "NPX123A"),
        ("doscientos veintidós cero cuarenta y cinco sesenta y seis dieciocho", "+522220456618"),
    ],
)
def test_values_are_canonical(run: str, value: str) -> None:
    assert [s.value for s in ANONYMISER.mask(f"hay {run}").spans] == [value]


def test_what_was_found_once_is_masked_wherever_it_stands() -> None:
    assert ANONYMISER.mask("me llamo Flor. a Flor la siguen").text == "me llamo [NOMBRE]. a [NOMBRE] la siguen"


def test_one_value_has_one_owner_and_the_reporters_wins() -> None:
    assert {o for _, o, _ in spans("me marcan del 5504127788 y mi cel es 5504127788")} == {"reporter"}


@pytest.mark.parametrize(
    "text",
    [
        "[TELÉFONO 5512345678]",
        "[NOMBRE 1][NOMBRE 5512]345678",
        "5512[NOMBRE 1]345678",
        "[DATO 55] [DATO 1234] [DATO 5678]",
        "[DATO 55] [DATO 12] [DATO 34] [DATO 56] [DATO 78]",
        "[55][1234][5678]",
    ],
)
def test_a_shape_like_a_mask_hides_no_number(text: str) -> None:
    masked = ANONYMISER.mask(text)
    assert sum(s.type == "TELEFONO" or s.type == "OTRO" for s in masked.spans) == 1
    assert "5678" not in masked.text and "345" not in masked.text and "34]" not in masked.text
    assert ANONYMISER.mask(masked.text).text == masked.text


def test_nothing_shows_in_a_repr() -> None:
    masked = ANONYMISER.mask("soy lupita hdez 5504127788")
    assert "lupita" not in repr(masked) + repr(masked.spans) and "5504127788" not in repr(masked.spans)


@pytest.mark.parametrize(
    ("masked", "expected"),
    [
        ("quedo 5504127788", True),
        ("quedo 55 0412 7788 x", True),
        ("a@b.example", True),
        ("eusebio zamudio vino", True),
        ("llame al 911", False),
        ("marque al 55 5658 1111", False),
        ("pague 1500000 pesos", False),
        ("$1500000", False),
        ("el 12/05/2024", False),
        ("[TELÉFONO 12] y [TELÉFONO 13]", False),
        ("[TELÉFONO 12345678]", True),
        ("[NOMBRE 5512]345678", True),
        ("[55][1234][5678]", True),
        ("el folio es 7741902", False),
        ("el folio es 5504127788", True),
        ("avenida rosario castellanos", False),
        ("", False),
    ],
)
def test_the_second_look_knows_nothing_of_the_first(masked: str, expected: bool) -> None:
    given, surnames = frozenset({"eusebio", "rosario"}), frozenset({"zamudio", "castellanos"})
    assert check.doubtful(masked, PUBLIC, given, surnames, frozenset()) is expected


def test_a_text_the_pipeline_left_open_is_doubtful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pipeline, "_find", lambda self, reading, caller: [])
    assert ANONYMISER.mask("mi cel 5504127788").doubtful


def test_numbers_go_on_from_those_in_the_input() -> None:
    text = "[TELÉFONO 3] y abc"
    assert masks.apply(text, [Span(15, 18, "TELEFONO", "unknown", "1")]) == "[TELÉFONO 3] y [TELÉFONO 4]"


@pytest.mark.parametrize(
    ("hurried", "plain"), [("ernandes", "hernandez"), ("kevin", "quevin"), ("bibian", "vivian"), ("gimena", "jimena")]
)
def test_what_sounds_alike_shares_a_key(hurried: str, plain: str) -> None:
    assert key(hurried) == key(plain)


def test_words_guessed_by_sound_or_by_one_slip() -> None:
    lexicon = load(())
    assert lexicon.guess("ernandes") & NAME
    assert lexicon.guess("hernadezz") & NAME
    assert lexicon.guess("depocitando") & COMMON
    assert lexicon.guess("zxqwv") == 0
