"""When a report says that people of an authority did it, whatever it is about, and when it merely names them."""

from __future__ import annotations

import pytest

from hotline.profile import load
from hotline.profile.duty import never_fewer

RULES = load("osc").duty


@pytest.mark.parametrize(
    ("words", "against"),
    [
        ("agentes judiciales secuestraron a mi hermano en iztapalapa piden rescate", ",fgj,"),
        ("una patrulla se llevo a mi hijo en iztapalapa y no aparece, piden 20 mil", ",ssc,"),
        ("me golpearon unos policias", ",ssc,"),
        ("unos policias me estan cobrando piso en coyoacan, vienen hoy", ",ssc,"),
        ("los de la patrulla nos siguen pidiendo dinero", ",ssc,"),
        ("se lo llevaron los judiciales", ",fgj,"),
        ("los policias de la patrulla me quitaron mi dinero", ",ssc,"),
        ("unos vestidos de policia se metieron a mi casa", ",ssc,"),
        ("policias ministeriales me amenazaron con sembrarme droga", ",ssc,fgj,"),
        ("me esta extorsionando un comandante", ",ssc,"),
        ("los de la guardia nacional golpearon a mi primo", ",gn,"),
        ("me levantaron unos de la fiscalia", ",fgj,"),
        ("dos policias nos cobran piso cada semana", ",ssc,"),
        ("el de la patrulla violo a mi hermana", ",ssc,"),
        ("inspectores de la alcaldia me piden 5 mil o me clausuran", ",alcaldia,"),
        ("militares se llevaron a mi papa anoche", ",ejercito,"),
        ("los polis me robaron mi celular", ",ssc,"),
    ],
)
def test_whoever_did_it_is_not_to_hear_of_it(words: str, against: str) -> None:
    assert RULES.complained_of("secuestro", words) == against


@pytest.mark.parametrize(
    "words",
    [
        "llame a la policia y no llega, me quieren matar",
        "secuestraron a mi hermano ya avise a la policia",
        "la policia detuvo al ladron que me asalto",
        "me asaltaron y la patrulla no vino",
        "golpearon a un policia en mi calle",
        "piden que no le diga a la policia o lo matan",
        "me amenazan que si voy con la policia matan a mi hijo",
        "vino la policia y se fue, siguen amenazando",
        "mi vecino es policia y le robaron su carro",
        "hay una patrulla parada afuera, me estan extorsionando por telefono",
        "me dijeron que me van a secuestrar si llamo al ministerio publico",
        "quiero una patrulla, robaron la tienda",
        "fui a la fiscalia y no me hicieron caso, me siguen extorsionando",
        "necesito que venga la policia me estan golpeando",
        "manden patrulla roban un carro",
        "manden una patrulla estan robando",
        "la patrulla se llevo al ladron",
        "dispararon a la patrulla",
        "el operativo de la guardia nacional no sirve, siguen cobrando piso",
    ],
)
def test_whoever_is_called_for_help_is_not_accused(words: str) -> None:
    assert RULES.complained_of("extorsion", words) is None


@pytest.mark.parametrize(
    ("known", "found", "then"),
    [
        (None, None, None),
        (None, ",ssc,", ",ssc,"),
        (",ssc,", None, ",ssc,"),
        (",ssc,", ",fgj,", ",ssc,fgj,"),
        ("?", ",fgj,", ",fgj,"),
        (",ssc,", "?", ",ssc,"),
        ("?", None, "?"),
        ("?", "?", "?"),
    ],
)
def test_a_body_that_was_named_stays_named(known: str | None, found: str | None, then: str | None) -> None:
    assert never_fewer(known, found) == then
