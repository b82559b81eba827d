"""A profile with one mistake in it is refused in one line that names the file, the key and the reason."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import hotline.profile
from hotline.profile import ProfileError, load

BUILT_IN = Path(hotline.profile.__file__).parent / "osc"

# File, what is replaced in it (a regular expression; once), by what, and what the complaint must say.
BROKEN = [
    # The shape of files and keys.
    ("profile.toml", r'^name = "osc"$', "", "mine/profile.toml: name: is missing"),
    ("profile.toml", r"^name = ", "nombre = ", "mine/profile.toml: name: is missing"),
    ("profile.toml", r"^name = ", 'colour = "red"\nname = ', "mine/profile.toml: colour: is not a key that is known"),
    ("profile.toml", r'"osc"', "osc", "mine/profile.toml: not TOML"),
    ("profile.toml", r'^country = "MX"', 'country = "Mexico"', 'country: must look like "MX"'),
    ("profile.toml", r'^short_name = "OSC"', "short_name = 7", "short_name: must be a text in quotes"),
    ("profile.toml", r'^organisation = ".*"', 'organisation = " "', "organisation: must be a text in quotes"),
    ("profile.toml", r"America/Mexico_City", "America/Tenochtitlan", "timezone: there is no time zone"),
    ("profile.toml", r'\["es", "en"\]', '"es"', "languages: must be a list of texts"),
    ("profile.toml", r'\["es", "en"\]', "[]", "languages: must name at least one"),
    ("profile.toml", r'\["es", "en"\]', '["es", "es"]', "languages: must name at least one language, and each once"),
    ("profile.toml", r'\["es", "en"\]', '["espanol"]', "languages: must hold codes of two or three letters"),
    ("profile.toml", r'\["es", "en"\]', '["es", "nah"]', "mine/texts.en.toml: no part of a profile; add its language"),
    ("profile.toml", r'\["es", "en"\]', '["es", "en", "nah"]', "names.nah: is missing"),
    ("profile.toml", r'emergency = "911"', 'emergency = "nine"', "numbers.emergency: must look like"),
    ("profile.toml", r'emergency = "911"', 'Emergency = "911"', "numbers.Emergency: the name of a number is of small"),
    ("profile.toml", r"report_days = 730", "report_days = 0", "retention.report_days: must be a whole number from 1"),
    ("profile.toml", r"report_days = 730", "report_days = true", "retention.report_days: must be a whole number"),
    ("profile.toml", r'"08:00", ', '"8:00", ', 'clocks.digest_hours: must hold hours like "08:00"'),
    ("profile.toml", r'"08:00", ', '"25:00", ', 'clocks.digest_hours: must hold hours like "08:00"'),
    ("profile.toml", r"^\[retention\]", "[retencion]", "profile.toml: retention: is missing"),
    # Requests and what else is offered.
    ("intents.toml", r"^\[intents\.ayuda\]", "[intents.auxilio]", "intents.auxilio: is not something that can be"),
    ("intents.toml", r"^stems = ", "stem = ", "danger.stem: is not a key that is known here"),
    (
        "intents.toml",
        r"^es = \".*$",
        'es = "lengua de castilla"',
        "languages.es: 'lengua de castilla' must be one word",
    ),
    ("intents.toml", r"^mix = ", "mixteco = ", "languages.mixteco: a language's code is of two or three"),
    ("intents.toml", r"^no_calls = '''", "no_calls = '''... llamen, ", "wishes.no_calls: the phrase '... llamen' must"),
    ("intents.toml", r"^free = true", 'free = "yes"', "intents.opinion.free: must be true or false"),
    ("services.toml", r"^told_from = 3", "told_from = 1", "numbers.told_from: must be a whole number from 2"),
    ("services.toml", r"\{council\}", "{nobody}", "may hold the profile's numbers only"),
    ("services.toml", r'^es = ".*$', f'es = "{"muy largo " * 50}"', "takes 4 SMS instead of 2"),
    (
        "services.toml",
        r"^\[advice\.secuestro_virtual\]",
        '[[jornadas]]\narea = "99"\nstarts = "x"\ntitle = "t"\nplace = "p"\n[advice.secuestro_virtual]',
        "jornadas[1].area: must be one of",
    ),
    # Territory.
    ("territory.toml", r"\[areas\.09010\]", "[areas.9010]", "areas.9010: an area's key is its INEGI code"),
    ("territory.toml", r"\[states\.01\]", "[states.1]", "states.1: a state's key is its INEGI code"),
    ("territory.toml", r'^state = "09"', 'state = "90"', "areas.09010.state: there is no state '90'"),
    ("territory.toml", r'^postal = "01"', 'postal = "1"', "areas.09010.postal: must hold prefixes of two digits"),
    (
        "territory.toml",
        r'^postal = "01"',
        'postal = "02"',
        "areas.09002.postal: the prefix 02 belongs to 09010 already",
    ),
    ("territory.toml", r'^postal = "50-57"', 'postal = "57-50"', "states.15.postal: must hold prefixes"),
    ("territory.toml", r"^shared = true", 'shared = "yes"', "shared: must be true or false without quotes"),
    ("territory.toml", r"^spellings = ", "spelings = ", "areas.09010.spelings: is not a key that is known here"),
    ("territory.toml", r"^spellings = .*$", "spellings = 5", "areas.09010.spellings: must be one text of words"),
    ("places.toml", r"^09002 = ", "09099 = ", "local.09099: there is no area or state of this code"),
    ("places.toml", r"^\[towns\]", "[cities]", "places.toml: cities: is not a key that is known here"),
    ("places.toml", r"^street = ", "streets = ", "cues.streets: is not a key that is known here"),
    # Kinds.
    (
        "kinds.toml",
        r'urgency = "P2"',
        'urgency = "P9"',
        "kinds.extorsion.urgency: must be one of P1, P2, P3, P4, not 'P9'",
    ),
    ("kinds.toml", r', en = "extortion"', "", "kinds.extorsion.names.en: is missing"),
    ("kinds.toml", r"\[kinds\.otro\]", "[kinds.other]", "kinds.otro: is missing"),
    ("kinds.toml", r"\[kinds\.fraude\]", "[kinds.Fraude]", "kinds.Fraude: a kind's name is of small letters"),
    ("kinds.toml", r"\[kinds\.fraude\]", "[kinds.fraud]", "mine/phrases.toml: fraude: there is no kind 'fraude'"),
    # Triage.
    (
        "triage.toml",
        r"^miedo = ",
        "temor = ",
        "there is no '+miedo' in triage.toml",
    ),
    (
        "triage.toml",
        r"^miedo = '''$",
        "miedo = '''bad!,",
        "triage.toml: signs.miedo: in the phrase 'bad!', 'bad!' is no word",
    ),
    (
        "triage.toml",
        r"^miedo = '''$",
        "miedo = '''mi @nadie,",
        "signs.miedo: in the phrase 'mi @nadie', '@nadie' is no list",
    ),
    ("triage.toml", r'^urgency = "P1"$', 'urgency = "P0"', "urgency[4].urgency: must be one of P1"),
    ("triage.toml", r'^kinds = "extorsion, cobro_de_piso"$', 'kinds = "robo"', ".kinds: 'robo' is unknown"),
    ("triage.toml", r"^weight = 5$", "weight = 50", "together[1].weight: must be a whole number from -9 to 9"),
    ("triage.toml", r"^\[\[together\]\]$", "[[together]]\nwhy = 1", "together[1].why: is not a key that is known"),
    ("triage.toml", r"^\[denial\]$", "[denied]", "triage.toml: denial: is missing"),
    ("triage.toml", r"^apremia = ", "apura = ", "urges.apremia: is missing"),
    ("leanings.toml", r"^\[secuestro\]$", "[secuestro]\n99 = '+nada'", "secuestro.99: there is no '+nada' in"),
    ("leanings.toml", r"^\[secuestro\]$", "[secuestro]\n99 = '+grave @nadie'", "'+grave @nadie' is no word, pair"),
    ("leanings.toml", r"^\[secuestro\]$", "[secuestro]\n99 = '@nadie'", "secuestro.99: there is no '@nadie' in"),
    ("leanings.toml", r"^\[vida\]$", "[vida]\n99 = 'uno dos tres'", "vida.99: 'uno dos tres' is no word, pair"),
    ("phrases.toml", r"^\[secuestro\]$", "[secuestro]\n30 = 'algo'", "secuestro.30: must be a weight from -29 to 29"),
    ("phrases.toml", r"^\[secuestro\]$", "[secuestro]\n9 = 'no aparece'", "'no aparece' stands in this kind twice"),
    ("phrases.toml", r"^\[secuestro\]$", "[secuestro]\n9 = 'x*'", "phrases.toml: secuestro.9: in the phrase 'x*'"),
    ("leanings.toml", r"^\[secuestro\]$", "[rapto]", "leanings.toml: rapto: there is no kind 'rapto'"),
    ("leanings.toml", r"^\[secuestro\]$", "[secuestro]\nmuch = 'algo'", "secuestro.much: must be a weight"),
    # Texts.
    ("texts.en.toml", r"^place_noted = .*$", "", "mine/texts.en.toml: sms.place_noted: is missing"),
    ("texts.es.toml", r"^place_noted = ", "lugar = ", "texts.es.toml: sms.lugar: is not a text that the hotline uses"),
    (
        "texts.es.toml",
        r"^place_noted = .*$",
        'place_noted = "Ya."',
        "sms.place_noted: the placeholder {place} is missing",
    ),
    ("texts.es.toml", r"^place_noted = .*$", 'place_noted = "{place} {x}"', "the placeholder {x} is unknown here"),
    ("texts.es.toml", r"^place_noted = .*$", 'place_noted = "{place} {"', "has a curly bracket that is no placeholder"),
    ("texts.es.toml", r"^place_noted = .*$", 'place_noted = "{place!r}"', "has a curly bracket that is no placeholder"),
    ("texts.es.toml", r"^place_noted = .*$", "place_noted = 3", "sms.place_noted: must be a text in quotes"),
    (
        "texts.es.toml",
        r"^place_noted = .*$",
        f'place_noted = "{"a" * 139}{{place}}"',  # 139 and La Magdalena Contreras, 22, are 161
        "sms.place_noted: takes 2 SMS instead of 1: 161 characters when filled, room for 160; shorten it",
    ),
]


def broken(tmp_path: Path, file: str, pattern: str, replacement: str) -> Path:
    folder = tmp_path / "mine"
    shutil.copytree(BUILT_IN, folder)
    path = folder / file
    text, count = re.subn(pattern, lambda _: replacement, path.read_text("utf-8"), count=1, flags=re.MULTILINE)
    assert count == 1, "the mistake was not made"
    path.write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(("file", "pattern", "replacement", "complaint"), BROKEN)
def test_one_mistake_is_told_in_one_line(
    tmp_path: Path, file: str, pattern: str, replacement: str, complaint: str
) -> None:
    with pytest.raises(ProfileError) as refusal:
        load(str(broken(tmp_path, file, pattern, replacement)))
    assert complaint in str(refusal.value)
    assert str(refusal.value).startswith("mine/")
    assert "\n" not in str(refusal.value)


def test_an_sms_may_fill_its_segment_to_the_last_character(tmp_path: Path) -> None:
    text = f'place_noted = "{"á" * 138}{{place}}"'  # accents that GSM-7 lacks are folded before counting
    assert load(str(broken(tmp_path, "texts.es.toml", r"^place_noted = .*$", text)))


def test_a_number_may_be_named_in_any_text(tmp_path: Path) -> None:
    text = 'place_noted = "{place}: {emergency}"'
    mine = load(str(broken(tmp_path, "texts.es.toml", r"^place_noted = .*$", text)))
    assert mine.text("sms.place_noted", "es", place="Tlalpan") == "Tlalpan: 911"


@pytest.mark.parametrize("file", sorted(path.name for path in BUILT_IN.glob("*.toml")))
def test_a_missing_file_is_named(tmp_path: Path, file: str) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(BUILT_IN, folder)
    (folder / file).unlink()
    with pytest.raises(ProfileError, match=re.escape(f"mine/{file}: the file is missing")):
        load(str(folder))


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(BUILT_IN, folder)
    (folder / "kinds.toml").write_bytes("extorsión".encode("latin-1"))
    with pytest.raises(ProfileError, match=r"mine/kinds\.toml: not UTF-8"):
        load(str(folder))


def test_a_file_that_belongs_to_no_profile(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(BUILT_IN, folder)
    (folder / "kind.toml").write_text("", "utf-8")
    with pytest.raises(ProfileError, match=r"mine/kind\.toml: no part of a profile"):
        load(str(folder))
