"""Whole calls: what is heard, what is kept, who is told. Who hangs up has reported all they said."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import pytest
from harness.house import REDIS_AWAY, House, Liaison
from harness.waiting import until

from hotline.lab import PhoneCall

IZTAPALAPA = "09007"
STORY = "soy Macario Beltran y unos hombres se llevaron a mi hijo hace diez minutos en una camioneta"


@pytest.fixture(scope="module")
def on_duty(house: House) -> Liaison:
    return house.liaison("Ana Paz", areas=(IZTAPALAPA,))


@pytest.fixture(scope="module")
def supervisor(house: House, on_duty: Liaison) -> Liaison:
    return house.liaison("Dora Sol", role="supervisor")


def claves_heard(call: PhoneCall) -> list[str]:
    return ["".join(filter(str.isdigit, words)) for words in call.heard if "clave es" in words or "repito" in words]


def test_a_father_reports_a_kidnapping(house: House, on_duty: Liaison, supervisor: Liaison) -> None:
    call = house.caller().dials().hears("Observatorio", "no verá su número", "911", "Para reportar, marque 1")
    call.presses("1").hears("Cuéntenos ya", "que no aparece, 3")
    call.presses("3").hears("código postal")
    call.presses("09800").hears("Iztapalapa", "cuénteme qué pasa")
    assert call.listening_for == {"dtmf", "speech"}
    call.says(STORY, partials=["soy Macario", "soy Macario Beltran y unos"]).hears("¿Algo más?")
    call.says("la camioneta es blanca").hears("¿Algo más?")
    call.stays_silent().hears("Su clave es", "Se la repito", "Para oírla otra vez").stays_silent()
    call.waits_until_ended()
    first, second = claves_heard(call)
    assert (len(first), first) == (10, second)

    told = on_duty.phone.wait_for_text(timeout=10, containing="se llevaron a mi hijo")
    case = house.case_of(call.sid)
    assert (case.kind, case.urgency, case.area, case.channel) == ("secuestro", "P1", IZTAPALAPA, "voz")
    until(lambda: len(house.case_of(call.sid).texts) == 2, 10, "both parts of the story")
    assert house.opens(first) == case.id
    assert "camioneta es blanca" in house.case_of(call.sid).story
    for hidden in ("Macario", "Beltran"):
        assert hidden not in told.body
        assert hidden not in house.case_of(call.sid).story
    assert str(case.code) in told.body
    (taken,) = on_duty.phone.texts(f"OK {case.code}")
    assert "a su cargo" in taken.body
    until(lambda: house.erased(call.sid), 20, "the carrier's record of the call to be deleted")


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("09#", IZTAPALAPA),  # two digits suffice
        ("04000", "09003"),
        ("", None),  # skipped
        ("00000 00000 00000", None),  # unknown, helped twice, then the story is asked for all the same
        ("72000", "21"),  # another state
    ],
)
def test_the_place_by_postal_code(
    house: House, on_duty: Liaison, supervisor: Liaison, typed: str, place: str | None
) -> None:
    call = house.caller().dials().presses("1").presses("5").presses("1")
    for code in typed.split():
        call.presses(code)
    if not typed:
        call.stays_silent()
    call.hears("cuénteme")
    call.says("me quisieron estafar con un deposito falso").presses("#").hears("Su clave es").hangs_up()
    case = house.case_of(call.sid)
    assert case.area == place or (case.area, case.state) == (None, place)
    assert "estafar" in case.story


@pytest.mark.parametrize("act", ["silence", "wrong key"])
@pytest.mark.parametrize("question", ["main", "kinds"])
def test_who_finds_no_key_is_helped_twice_and_then_just_listened_to(
    house: House, on_duty: Liaison, supervisor: Liaison, act: str, question: str
) -> None:
    call = house.caller().dials()
    if question == "kinds":
        call.presses("1")
    helps: Callable[[], PhoneCall] = call.stays_silent if act == "silence" else lambda: call.presses("6")
    asked = "Para reportar, marque 1" if question == "main" else "Cobro de piso, 2"
    for _ in range(2):
        helps().hears(asked, "No le escuchamos" if act == "silence" else "no está aquí")
    helps().hears("No hace falta marcar").says("hay un hombre armado afuera de mi casa").stays_silent()
    call.hears("Su clave es").hangs_up()
    assert "hombre armado" in house.case_of(call.sid).story


def test_silence_instead_of_a_story_ends_kindly_and_is_still_a_report(
    house: House, on_duty: Liaison, supervisor: Liaison
) -> None:
    """The key for a kidnapping was pressed: somebody may not be able to speak."""
    call = house.caller().dials().presses("1").presses("3").presses("09000")
    call.stays_silent().hears("No alcanzamos a oírle").stays_silent().hears("No alcanzamos a oírle")
    call.stays_silent().hears("Puede llamar de nuevo")
    assert call.ended
    case = house.case_of(call.sid)
    assert (case.kind, case.urgency, case.area, case.texts) == ("secuestro", "P1", IZTAPALAPA, ())
    on_duty.phone.wait_for_text(timeout=10, containing=str(case.code))


# how far the caller got, and the words and the kind that are known all the same
HANG_UPS: list[tuple[str, Callable[[PhoneCall], object], str, str]] = [
    ("after the kind", lambda call: call.presses("1").presses("3"), "", "secuestro"),
    ("after the place", lambda call: call.presses("1").presses("3").presses("09000"), "", "secuestro"),
    (
        "after the first words",
        lambda call: call.presses("1").presses("1").presses("09000").says("me piden dinero o me matan"),
        "me piden dinero o me matan",
        "extorsion",
    ),
    (
        "in the first sentence",
        lambda call: (
            call.presses("1")
            .presses("3")
            .presses("09000")
            .begins_to_say("se lle", "se llevaron a mi", "se llevaron a mi hija")
        ),
        "se llevaron a mi hija",
        "secuestro",
    ),
    (
        "in the second sentence",
        lambda call: (
            call.presses("1")
            .presses("5")
            .presses("2")
            .presses("09000")
            .says("hay un herido")
            .begins_to_say("en la calle", "en la calle del mercado")
        ),
        "hay un herido\nen la calle del mercado",
        "violencia",
    ),
]


@pytest.mark.parametrize("moment", [row[1:] for row in HANG_UPS], ids=[row[0] for row in HANG_UPS])
def test_who_hangs_up_has_reported(
    house: House, on_duty: Liaison, supervisor: Liaison, moment: tuple[Callable[[PhoneCall], object], str, str]
) -> None:
    act, words, kind = moment
    call = house.caller().dials()
    act(call)
    call.hangs_up()
    house.all_filed(timeout=15)
    case = house.case_of(call.sid)
    assert (case.kind, case.story) == (kind, words)
    (on_duty if case.area else supervisor).phone.wait_for_text(timeout=10, containing=str(case.code))


def test_whoever_says_nothing_and_keys_nothing_opens_nothing(
    house: House, on_duty: Liaison, supervisor: Liaison
) -> None:
    before = house.count("reports")
    house.caller().dials().hangs_up()
    house.caller().dials().presses("1").hangs_up()
    house.all_filed()
    assert house.count("reports") == before


@pytest.mark.parametrize("shows", ["anonymous", "+266696687", ""])
def test_a_hidden_caller_is_heard(house: House, on_duty: Liaison, supervisor: Liaison, shows: str) -> None:
    call = house.caller(shows=shows).dials().presses("1").presses("2").presses("09000")
    call.says("nos cobran piso cada semana y hoy amenazaron").stays_silent()
    assert len(claves_heard(call)) == 2
    case = house.case_of(call.sid)
    assert case.kind == "cobro_de_piso"
    on_duty.phone.wait_for_text(timeout=10, containing=str(case.code))


def test_a_landline_reports(house: House, on_duty: Liaison, supervisor: Liaison) -> None:
    phone = house.lab.phone(house.caller().number, kind="landline")
    call = phone.dials().presses("1").presses("5").presses("3").presses("06000")
    call.says("hay un carro sospechoso afuera de la escuela").stays_silent().hangs_up()
    until(lambda: house.case_of(call.sid).area == "09015", 10, "the place to be filed with the story")


def test_a_call_with_redis_down(house: House, on_duty: Liaison, supervisor: Liaison) -> None:
    house.forgiven += REDIS_AWAY
    house.valkey.dies()
    try:
        call = house.caller().dials().presses("1").presses("3").presses("09000")
        call.says("encerraron a mi prima en un cuarto").stays_silent().hears("Su clave es")
        told = on_duty.phone.wait_for_text(timeout=20, containing="encerraron a mi prima")
    finally:
        house.valkey.start()
    assert str(house.case_of(call.sid).code) in told.body


def answers_the_caller(liaison: Liaison) -> PhoneCall:
    """The liaison lets calls about urgent cases be, and answers the one that somebody waits in."""
    while True:
        leg = liaison.phone.answers(timeout=20)
        if "tomar la llamada" in " ".join(leg.heard):
            return leg
        leg.hangs_up()


def test_0_brings_a_liaison_to_the_phone(house: House, on_duty: Liaison, supervisor: Liaison) -> None:
    call = house.caller().dials().presses("0").hears("Le comunico")
    leg = answers_the_caller(on_duty).hears("Para tomar la llamada, marque 1").presses("1")
    call.says("no puedo hablar mas fuerte")
    assert "no puedo hablar mas fuerte" in leg.heard
    leg.hangs_up()
    call.waits_to_hear("Gracias por llamar", timeout=10).hangs_up()


def test_0_brings_a_liaison_with_redis_down(house: House, on_duty: Liaison, supervisor: Liaison) -> None:
    house.forgiven += REDIS_AWAY
    house.valkey.dies()
    try:
        call = house.caller().dials().presses("0").hears("Le comunico")
        answers_the_caller(on_duty).presses("1").hangs_up()
        call.waits_to_hear("Gracias por llamar", timeout=10).hangs_up()
    finally:
        house.valkey.start()


def test_no_url_tells_anything_of_anybody(house: House, on_duty: Liaison, supervisor: Liaison) -> None:
    """Runs last. The carrier logs every URL: positions in the script stand in them, and ids of ours, nothing else."""
    seen = [posted.url for posted in house.posted()] + [asked.path for asked in house.lab.carrier.log]
    assert len(seen) > 100
    for url in seen:
        for name, value in parse_qsl(urlsplit(url).query):
            assert name in {"tries", "round", "told", "step", "at", "note", "delivery", "bridge"}, url
            numbers_only = name not in ("delivery", "at", "bridge")
            assert value.isdigit() and len(value) <= 3 if numbers_only else value.replace(".", "").isalnum(), url
    numbers = [number[-10:] for number in house.lab.carrier.handsets]
    assert not [url for url in seen if any(number in url for number in numbers)]
    assert not [entry for entry in house.posted() if entry.error], "a webhook failed"
