"""Numbers, plates and codes in the spellings people use, row by row; all of them made up."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from workers.anonymise import Anonymiser

ANONYMISER = Anonymiser(SimpleNamespace(public_numbers=frozenset({"911", "089"})))


def values(text: str) -> list[tuple[str, str]]:
    return [(span.type, span.value) for span in ANONYMISER.mask(text).spans]


@pytest.mark.parametrize(
    ("text", "plate"),
    [
        ("trae placas efe erre uno seis nueve a queda en la portales", "FR169A"),
        ("un onix placas ge ache ele cuatro cuatro dos be y el policia", "GHL442B"),
        ("las placas son ele eme ene y de numeros siete veintidos y a mi", "LMN722"),
        ("placas ese ka ere, no, ese ka ge, cuatro cero, dos dos", "SKRSKG4022"),
        ("placas be de burro ce de casa ve uno dos tres", "BCV123"),
        ("el taxi era el a cero siete uno tres cinco iba para los reyes", "A07135"),
        ("el taxi rosa a-cinco-cuatro-tres-dos-uno", "A54321"),
        ("placas de ellos RKL.482.B por si ven", "RKL482B"),
        ("vio las placas del que corrió: UGX_908_C. Está", "UGX908C"),
        ("las placas son (NTV)(33)(61)", "NTV3361"),
        ("moto pulsar 4 Y G – 7 T mi hermana", "4YG7T"),
        ("una Frontier gris placa JV*52*118 trae", "JV52118"),
        ("trae un tsuru blanco MXN 48 16", "MXN4816"),
        ("se llevaron mi motoneta placa gua 580 x ayer 23 de junio", "GUA580X"),
        ("se llevaron mi motoneta placa wad 63 50 ayer 23 de junio", "WAD6350"),
        ("mi taxi es el A 88 104", "A88104"),
        ("1/2 se la llevaron en un jetta placas NVT\n2/2 -40-81 rojo", "NVT4081"),
        ("nos tienen tomadas las placas 7dkm1", "7DKM1"),
        ("las placas 3CYR9 y 7DKM1", "7DKM1"),
        ("placas u, doce, cuatro, de, ele, zeta del estado", "U124DLZ"),
        ("placas vy-4650-a se fueron", "VY4650A"),
        ("matricula u - 124 - dlz", "U124DLZ"),
        ("trae placas BMW*727*V", "BMW727V"),
        ("placas abc 123 y traia gorra", "ABC123"),
    ],
)
def test_plates(text: str, plate: str) -> None:
    assert ("PLACA", plate) in values(text)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        (
            "curp es erre o ge ele sesenta y cinco cero nueve doce eme pe ele de erre erre cero nueve y luego",
            "CURP",
            "ROGL650912MPLDRR09",
        ),
        ("mi rfc eme a zeta ce cincuenta y cuatro cero uno dieciocho hache te tres", "RFC", "MAZC540118HT3"),
        ("numero asi sinkuenta y sinko cero dos cuarenta 18 97 piden 3 mil", "TELEFONO", "+525502401897"),
        ("anoten el mio cincuentayseis cerodós treintaydós ochentayocho diecisiete", "TELEFONO", "+525602328817"),
        ("es el 5 5 l 9 - 8 O 2 2 3 l amenazan", "TELEFONO", "+525519802231"),
        ("num5580ll734O", "TELEFONO", "+525580117340"),
        ("desde el5503318829y que chocó", "TELEFONO", "+525503318829"),
        ("mi american express 3742 000059 28753 la dejé", "TARJETA", "374200005928753"),
        ("(1/2) me marcaron del 55 8231\n(2/2) 9904 y dicen", "TELEFONO", "+525582319904"),
        ("piden a la cuenta lada 84 numero 646573", "TELEFONO", "84646573"),
        ("me marcan del 45 79 l3 lO OO 75", "TELEFONO", "457913100075"),
        ("1de2 a la tarjeta 5378 1267\n2de2 8374 7880 antes", "TARJETA", "5378126783747880"),
    ],
)
def test_numbers(text: str, kind: str, value: str) -> None:
    assert (kind, value) in values(text)


@pytest.mark.parametrize(
    "text",
    [
        "salio 0.00 0.41 y 0.38, a las 2:15",
        "3 compras: 1,299.00 2,499.50 y 899 con mi tarjeta terminación 8807",
        "deposité 300, luego 1200, luego 5600 y ya no pude",
        "ya reporte con folio C5-230418-09931",
        "el folio es o ese ce guion cinco te siete eme dos lo puse el martes",
        "ese te debe dos mil pesos y ese de 15 años",
        "unos en moto 2 tipos con pistola y un carro a 50 metros",
        "las placas no las vi pero eran 3 sujetos en una moto",
        "trae placas de morelos y son 4 vatos",
    ],
)
def test_what_is_no_identifier_stays(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize("piece", ["5 ", "l ", "a cero ", "ene erre ", "(1/2) ", "placas abc-", "cincuentay", "0.41 "])
def test_hostile_spellings_are_answered(piece: str) -> None:
    masked = ANONYMISER.mask(piece * (20_000 // len(piece)))
    assert ANONYMISER.mask(masked.text).text == masked.text


@pytest.mark.parametrize(
    ("text", "datum"),
    [
        ("me escribio lobo_solitario88 en discord", "lobo_solitario88"),
        ("su user es dark.nico y su wats", "dark.nico"),
        ("su usuario es rata.inmobiliaria77 y ya", "rata.inmobiliaria77"),
        ("su instagram es arroba luna guion bajo sexy veintidós no le digan", "arroba luna guion bajo sexy veintidós"),
        ("me escriben de pago.urgente77 arroba protonmail punto com que", "pago.urgente77 arroba protonmail punto com"),
        (
            "escriban a sabas tzompa, todo junto, arroba outlook punto es",
            "sabas tzompa, todo junto, arroba outlook punto es",
        ),
        ("a vale.soto 99 @ gmail . com porque", "vale.soto 99 @ gmail . com"),
        ("la pagina era www . predial-slp . example", "www . predial-slp . example"),
        ("una página paqueteria guion express punto top que", "paqueteria guion express punto top"),
        ("le di la fecha d nac d mi hijo 3 marzo 2011", "3 marzo 2011"),
        ("cuándo nací y le dije el 9/VIII/1947, y mi numero", "9/VIII/1947"),
        ("va en la esc sec tecnica 19 d silao", "esc sec tecnica 19"),
        ("un compañerito de la prim. Gral. Felipe Ángeles en tlahuac", "prim. Gral. Felipe Ángeles"),
        ("la escuela Sor Juana 118, manda fotos", "escuela Sor Juana 118"),
    ],
)
def test_what_the_net_and_schools_call_them(text: str, datum: str) -> None:
    assert datum in [text[span.start : span.end] for span in ANONYMISER.mask(text).spans]
