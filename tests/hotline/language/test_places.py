"""Which place a text names: the sixteen alcaldías as people spell them, states, codes, and what only looks like one."""

from __future__ import annotations

import time

import pytest

from hotline.profile import load

places = load("osc").places

SPELLINGS = {
    "09010": "Álvaro Obregón|alvaro obregon|ALVARO OBREGON|albaro obregon|alvaro o|obregon|AO|A.O.|alvaro obregom",
    "09002": "Azcapotzalco|ascapotzalco|azcapotsalco|azcapozalco|ASCAPOTSALCO|azcapo|azca|azkapotzalco|azcapotzlaco",
    "09014": "Benito Juárez|benito juares|BENITO JUAREZ|b juarez|b. juarez|BJ|benito juaréz|benitojuarez|bto juarez",
    "09003": "Coyoacán|coyoacan|COYOACAN|collocan|coyuacan|coyo|koyoakan|coyoacam|coyacan",
    "09004": "Cuajimalpa|cuagimalpa|CUAJIMALPA|cuaji|cuajimalpa de morelos|quajimalpa|cuajimalp",
    "09015": "Cuauhtémoc|cuautemoc|cuahutemoc|CUAUHTEMOC|cuatemoc|cuahtemoc|kuautemoc|cuauhtemok",
    "09005": "Gustavo A. Madero|gustavo a madero|gustavo madero|GAM|gam|G.A.M.|g.a. madero|la madero|gustabo a madero",
    "09006": "Iztacalco|istacalco|iztakalco|ISTACALCO|ixtacalco|iztacalko|istacalko|iztacaclo",
    "09007": "Iztapalapa|istapalapa|ixtapalapa|IZTAPALAPA|iztapa|iztapalpa|extapalapa|istapalapaa|izta palapa",
    "09008": "La Magdalena Contreras|magdalena contreras|magda contreras|contreras|magda|MAGDALENA CONTRERAS",
    "09016": "Miguel Hidalgo|miguel hgo|mhidalgo|m hidalgo|MIGUEL HIDALGO|MH|miguel idalgo|miguelhidalgo|m. hidalgo",
    "09009": "Milpa Alta|milpalta|MILPA ALTA|milpa|mil palta|milpaalta",
    "09011": "Tláhuac|tlahuac|TLAHUAC|tlauac|tlaguac|tlahuack",
    "09012": "Tlalpan|tlalpam|TLALPAN|talpan|tlalpán|tlalpn",
    "09017": "Venustiano Carranza|venustiano carransa|vtza|v carranza|v. carranza|benustiano caranza|VC|carranza",
    "09013": "Xochimilco|sochimilco|xochi|XOCHIMILCO|zochimilco|xochimilko|xochimico|shochimilco",
}
FRAMES = ("{}", "soy de {}", "me asaltan en {} ayuda", "vivo en la colonia centro, alcaldia {}.", "paso en {}!!")


@pytest.mark.parametrize(
    ("area", "spelling"), [(area, spelling) for area, row in SPELLINGS.items() for spelling in row.split("|")]
)
def test_every_alcaldia_is_found_however_it_is_spelt(area: str, spelling: str) -> None:
    assert {frame: places.find(frame.format(spelling)).area for frame in FRAMES} == dict.fromkeys(FRAMES, area)


FOUND = {
    # Neighbourhoods, villages, markets, stations.
    "en tepito nos cobran": ("09015", "09"),
    "colonia roma norte": ("09015", "09"),
    "en la roma": ("09015", "09"),
    "comite vecinal d la obrera": ("09015", "09"),
    "la central de abasto pasillo de frutas": ("09007", "09"),
    "metro tacuba": ("09016", "09"),
    "afuera del metro zapata": ("09014", "09"),
    "metro coyoacan": ("09014", "09"),
    "el mercado de la merced": ("09017", "09"),
    "san pedro atocpan": ("09009", "09"),
    "estudia en CU": ("09003", "09"),
    "cuemanco": ("09013", "09"),
    "col. agricola oriental": ("09006", "09"),
    "vivo x metro ermita benito juarez": ("09014", "09"),
    # On a border: only the state.
    "un hotel x la raza": (None, "09"),
    "vengo en el metro Pantitlán": (None, "09"),
    "anoche en santa fe": (None, "09"),
    "metro velodromo": (None, "09"),  # listed in two
    # Other states.
    "soy de neza": (None, "15"),
    "ECATEPEC RUTA 27": (None, "15"),
    "aki en toluca": (None, "15"),
    "soy del estado de mexico": (None, "15"),
    "edomex": (None, "15"),
    "cholula puebla": (None, "21"),
    "tehuacan": (None, "21"),
    "corregidora qro": (None, "22"),
    "san juan del rio": (None, "22"),
    "jiutepec mor": (None, "17"),
    "en cuernabaca": (None, "17"),
    "estoy en monterrey": (None, "19"),
    # Towns of every state, as people of there write them.
    "ayer en pabellon d arteaga me navajearon": (None, "01"),
    "soi de san cristobal las kasas": (None, "07"),
    "los d la plaza juarez en jerez piden 700": (None, "32"),
    "gonzalez tamps": (None, "28"),
    "cortar cafe a huatusco": (None, "30"),
    "rentaban casa en tequesquitengo": (None, "17"),
    "los d la indepe en mty": (None, "19"),
    "soy ganadero de lagos d moreno": (None, "14"),
    # Two states: the one that the teller is in.
    "desde cancun: mi hermana acepto un trabajo con un señor de puebla": (None, "23"),
    "en tepoztlán me dijo mi sobrino que traen muchachitas de Puebla": (None, "17"),
    "de coatzacoalcos, mi sobrina se fue y dice que la lleva a puebla": (None, "30"),
    "vivo en ciudad juarez": (None, "08"),
    "soy de guerrero": (None, "12"),
    "cdmx": (None, "09"),
    "C.D.M.X.": (None, "09"),
    "distrito federal": (None, "09"),
    # Postal codes.
    "cp 07840": ("09005", "09"),
    "C.P. 09000": ("09007", "09"),
    "codigo postal 76000": (None, "22"),
    "cp09300": ("09007", "09"),
    "vivo en el 06700": ("09015", "09"),
    "mi cp es 72000": (None, "21"),
    "09": ("09007", "09"),
    "072": ("09005", "09"),
    " 50000 ": (None, "15"),
    "guadalupe tepeyac cp 07840": ("09005", "09"),
    # What stands nearest to the event wins.
    "anoche en santa fe tome un taxi y me dejaron en neza": (None, "09"),
    "vivo en iztapalapa y me asaltaron en tepito": ("09015", "09"),
    "soy de toluca pero me paso aqui en tlalpan": ("09012", "09"),
    "me subieron en coyoacan y me aventaron en xochimilco": ("09003", "09"),
    "vengo de naucalpan pero fue en tlahuac": ("09011", "09"),
    "vivo en la colonia centro, tlalpan y me asaltaron en la condesa": ("09015", "09"),
    # A road called after a place leads through its state.
    "avenida coyoacan": (None, "09"),
    "chocaron en el libramiento yautepec": (None, "17"),
    "av tlahuac en iztapalapa": ("09007", "09"),
    # An explicit alcaldía wins over a neighbourhood; contradictions leave the state or nothing.
    "col. miguel hidalgo tlalpan": ("09012", "09"),
    "colonia miguel hidalgo, alcaldia tlalpan": ("09012", "09"),
    "colonia del valle iztapalapa": ("09007", "09"),
    "moctezuma 2a sec v carranza": ("09017", "09"),
    "entre coyoacan y tlalpan": (None, "09"),
    "unos de iztapalapa y otros de ecatepec": (None, None),
    "la colonia juarez en toluca": (None, "15"),
    "centro historico de la ciudad de mexico": ("09015", "09"),
}


@pytest.mark.parametrize(("text", "place"), FOUND.items())
def test_other_names_and_codes_are_found_and_weighed(text: str, place: tuple[str | None, str | None]) -> None:
    assert places.find(text) == place


NOT_MEANT = {
    # Corners of two streets.
    "sabado 1 am en alvaro obregon y orizaba el reten": (None, None),
    # People.
    "mi vecino don benito juarez lopez recibe llamadas": (None, None),
    "me llamo miguel hidalgo garcia": (None, None),
    "a nombre de alvaro obregon": (None, None),
    "soy benito juarez": (None, None),
    "el señor hidalgo me cobro": (None, None),
    "mi hijo cuauhtemoc no llega": (None, None),
    "la maestra contreras": (None, None),
    "el comandante guerrero": (None, None),
    "mi hija xochi": (None, None),
    # Schools, markets, streets, roads, gangs, firms.
    "afuera d la primaria benito juarez en la escandon": ("09016", "09"),
    "la secundaria tecnica miguel hidalgo": (None, None),
    "el mercado benito juarez": (None, None),
    "mercado Adolfo López Mateos": (None, None),
    "calle puebla 214 col roma norte": ("09015", "09"),
    "calle morelos iztapalapa": ("09007", "09"),
    "av. cuauhtemoc": (None, None),
    "av alvaro obregon en la roma": ("09015", "09"),
    "cuajimalpa: en la gasolinera de la mexico toluca km 18": ("09004", "09"),
    "son del cartel jalisco": (None, None),
    "los de la union tepito": (None, None),
    "a la cuenta de banco azteca": (None, None),
    "dicen que son de michoacan": (None, None),
    "me marcan de tijuana": (None, None),
    "placas del estado de mexico": (None, None),
    "queso oaxaca": (None, None),
    "el observatorio de seguridad ciudadana": (None, None),
    # Neighbourhoods called after states.
    "en la colonia morelos": (None, "09"),
    "en la colonia guerrero cerca del metro hidalgo": ("09015", "09"),
    "colonia puebla": ("09017", "09"),
    "colonia benito juarez": (None, None),
    # Numbers that are no postal code.
    "ocupan 25000 pa la aseguradora": (None, None),
    "me piden 50000": (None, None),
    "perdi 12500": (None, None),
    "me sacaron 12450": (None, None),
    "eran 12450 pesos": (None, None),
    "$09000": (None, None),
    "son 72000 pesos": (None, None),
    "la cuenta 06700": (None, None),
    "mi tel 55123 06700": (None, None),
    "un taxi A12345": (None, None),
    "folio 07123": (None, None),
    "911": (None, None),
    "089": (None, None),
    "123456": (None, None),
    "9": (None, None),
    # Ordinary words that are near to names.
    "estoy encerrada con miedo": (None, None),
    "trae chaleco y tampoco contesta": (None, None),
    "los doctores me dijeron": (None, None),
    "me tiene harto el pueblo entero": (None, None),
    "los modelos de la condena": (None, None),
    "tengo un chihuahua": (None, None),
    "": (None, None),
    "...": (None, None),
    "hola buenas tardes": (None, None),
}


@pytest.mark.parametrize(("text", "place"), NOT_MEANT.items())
def test_what_only_looks_like_a_place_is_passed_over(text: str, place: tuple[str | None, str | None]) -> None:
    assert places.find(text) == place


def test_the_lada_of_a_telephone_is_no_place() -> None:
    assert places.find("me marcan del 722 014 8836 y del 55 0412 7788") == (None, None)


@pytest.mark.parametrize(
    ("digits", "place"),
    [
        ("09", ("09007", "09")),
        ("09000", ("09007", "09")),
        ("57", (None, "15")),
        ("621", (None, "17")),
        ("99999", (None, "32")),
        ("00", (None, None)),
        ("0", (None, None)),
        ("090001", (None, None)),
    ],
)
def test_postal_codes_by_their_first_two_digits(digits: str, place: tuple[str | None, str | None]) -> None:
    assert places.by_postal_code(digits) == place


@pytest.mark.parametrize("piece", ["san juan de ", "izta palapa ", "en la colonia ", "12345 ", "benito ", "a", "é😀"])
def test_time_grows_with_the_length_of_the_text_and_no_faster(piece: str) -> None:
    def seconds(count: int) -> float:
        start = time.process_time()
        places.find(piece * count)
        return time.process_time() - start

    seconds(2_000)
    assert min(seconds(16_000) for _ in range(3)) < 30 * max(min(seconds(2_000) for _ in range(3)), 0.001)
