"""The telephone menu of a profile: edited without code, refused with file, key and reason, spoken by recordings."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import hotline.profile
from hotline.dialogue.calling import Script
from hotline.dialogue.positions import Heard
from hotline.profile import Profile, ProfileError, load

BUILT_IN = Path(hotline.profile.__file__).parent / "osc"
# Not remembered: other tests have the built-in one in hand.
read = load.__wrapped__


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    shutil.copytree(BUILT_IN, folder)
    return folder


def edited(folder: Path, pattern: str, by: str) -> Path:
    file = folder / "menu.toml"
    text, found = re.subn(pattern, by, file.read_text("utf-8"), count=1, flags=re.MULTILINE)
    assert found, pattern
    file.write_text(text, "utf-8")
    return folder


# What is replaced in menu.toml, by what, and what the complaint must say.
@pytest.mark.parametrize(
    ("pattern", "by", "complaint"),
    [
        (r'^first = "main"', 'first = "start"', "first: there is no menu 'start'"),
        (r'^first = "main"', "", "first: is missing"),
        (r'^menu = "kinds"', 'menu = "kind"', "menus.main: opens 'kind', which is no menu"),
        (r'^menu = "advice"', 'menu = "kinds"', "menus.main: opens 'kinds', which another option opens already"),
        (r'^menu = "other"', 'does = "report"', "menus.other: no option opens this menu"),
        (r'^key = "2"', 'key = "1"', "menus.main.options[2].key: 1 is pressed for another option"),
        (r'^key = "2"', 'key = "9"', "menus.main.options[2].key: must look like \"1\", not '9'"),
        (r'^key = "2"', 'key = "*"', "menus.main.options[2].key: must look like"),
        (r'^key = "2"', 'key = "0"', "menus.main.options[2].key: 0 asks for a person"),
        (r'^key = "2"', 'key = "8"', "languages.en.key: 8 is pressed for an option of main already"),
        (r'^does = "status"', 'does = "sing"', "menus.main.options[2].does: must be one of report, status"),
        (r'^does = "status"', 'does = "person"', "menus.main.options[2].key: 0 asks for a person"),
        (r'^kind = "secuestro"', 'kind = "rapto"', "kind: must be one of actividad_sospechosa"),
        (r"Su reporte, \{key\}", "Su reporte, 2", "menus.main.options[2].says.es: must say the key"),
        (r', en = "Your report, \{key\}\."', "", "menus.main.options[2].says.en: is missing"),
        (r"al \{anonymous\}", "al {anonimo}", "text.es: the placeholder {anonimo} is unknown here"),
        (r"^hears = true", 'hears = "yes"', "menus.kinds.hears: must be true or false"),
        (r"^hears = true", "listens = true", "menus.kinds.listens: is not a key that is known here"),
        (r"^\[menus\.main\]$", "[menus.Main]", "menus.Main: a menu's name is of small letters"),
        (r'^key = "8"', 'key = "7"', "languages.en.key: 7 picks another language already"),
        (r'^tag = "en-US"', 'tag = "english"', 'languages.en.tag: must look like "es-MX"'),
        (r'^voice = "Polly\.Joanna-Neural"', "", "languages.en.voice: is missing"),
        (r"^\[languages\.en\]", "[languages.fr]", "languages.fr: is spoken by a voice but has no texts"),
        (r"^resume_minutes = 15", "resume_minutes = 0", "clocks.resume_minutes: must be a whole number from 1"),
        (r"^numbers = \[\]", 'numbers = ["55"]', "ring_back.numbers: must hold numbers like"),
        (r'^countries = \["MX"\]', 'countries = ["Mexico"]', "ring_back.countries: must hold codes like"),
    ],
)
def test_one_mistake_is_told_in_one_line(mine: Path, pattern: str, by: str, complaint: str) -> None:
    with pytest.raises(ProfileError) as refused:
        read(str(edited(mine, pattern, by)))
    assert complaint in str(refused.value) and str(refused.value).startswith("mine/menu.toml: ")
    assert "\n" not in str(refused.value)


def test_more_choices_than_people_remember_are_refused(mine: Path) -> None:
    sixth = '[[menus.advice.options]]\nkey = "6"\nsays = { es = "Más, {key}.", en = "More, {key}." }\ndoes = "status"\n'
    with pytest.raises(ProfileError, match="must be 1 to 5, not 6"):
        read(str(edited(mine, r"^\[menus\.neighbours\]", f"{sixth}\n[menus.neighbours]")))


def test_a_new_option_that_does_something_known_needs_no_code(mine: Path) -> None:
    option = (
        '[[menus.weather.options]]\nkey = "5"\n'
        'says = { es = "El tiempo de hoy, {key}.", en = "Weather today, {key}." }\ndoes = "say"\n'
        'text = { es = "Hace sol.", en = "It is sunny." }\n'
    )
    edited(mine, r'^does = "status"', 'menu = "weather"')
    profile = read(str(edited(mine, r"^\[menus\.advice\]", f"[menus.weather]\n{option}\n[menus.advice]")))
    script = Script(profile)
    opened = script.step(script.welcome().position, Heard("2"))
    assert "El tiempo de hoy, 5." in " ".join(prompt.text for prompt in opened.prompts)
    assert script.step(opened.position, Heard("5")).prompts[0].text == "Hace sol."


def test_options_are_read_out_in_the_order_of_the_file(mine: Path) -> None:
    file = mine / "menu.toml"
    rows = file.read_text("utf-8").split("[[menus.main.options]]")
    rows[1], rows[2] = rows[2], rows[1]
    file.write_text("[[menus.main.options]]".join(rows), "utf-8")
    spoken = [prompt.text for prompt in Script(read(str(mine))).welcome().prompts]
    assert spoken[1:3] == ["Su reporte, 2.", "Para reportar, marque 1."]


# Languages without a voice


def in_nahuatl(folder: Path, *, but: str = "") -> Profile:
    """A language with all its recordings there, except `but`."""
    edited(folder, r"^\[clocks\]", '[languages.nah]\nkey = "6"\n\n[clocks]')
    needed = read(str(folder)).menu.missing["nah"]
    (folder / "recordings" / "nah").mkdir(parents=True)
    for name in needed:
        if name != but:
            (folder / "recordings" / "nah" / f"{name}.mp3").write_bytes(b"ID3")
    return read(str(folder))


def test_a_language_is_offered_once_all_its_recordings_are_there(mine: Path) -> None:
    profile = in_nahuatl(mine)
    assert profile.menu.missing["nah"] == ()
    assert [tongue.code for tongue in profile.menu.offered] == ["es", "en", "nah"]
    welcome = Script(profile).welcome()
    assert welcome.prompts[-1].name == "voice.languages"
    offered = Script(profile).step(welcome.position, Heard("8"))
    assert [prompt.name for prompt in offered.prompts] == ["invitation.en", "invitation.nah"]
    turn = Script(profile).step(offered.position, Heard("6"))
    assert turn.position.language == "nah" and {p.language for p in turn.prompts} >= {"nah"}


@pytest.mark.parametrize("but", ["voice.story", "digit.7", "menu.kinds.3", "menu.advice.1.text", "invitation.es"])
def test_a_language_that_lacks_one_prompt_is_not_offered(mine: Path, but: str) -> None:
    profile = in_nahuatl(mine, but=but)
    assert profile.menu.missing["nah"] == (but,)
    assert [tongue.code for tongue in profile.menu.offered] == ["es", "en"]
    assert Script(profile, "nah").language == "es"
    assert "For English" in " ".join(prompt.text for prompt in Script(profile).welcome().prompts)


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("nah/voice.welcom.mp3", "nah/voice.welcom.mp3 is no prompt's"),
        ("nah/voice.welcome.ogg", "nah/voice.welcome.ogg is no .mp3 or .wav"),
        ("mix/voice.welcome.mp3", "mix/voice.welcome.mp3 belongs to no language"),
        ("voice.welcome.mp3", "belongs to no language"),
    ],
)
def test_a_recording_that_would_never_be_heard_is_refused(mine: Path, name: str, complaint: str) -> None:
    edited(mine, r"^\[clocks\]", '[languages.nah]\nkey = "6"\n\n[clocks]')
    path = mine / "recordings" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x")
    with pytest.raises(ProfileError, match=re.escape(complaint)):
        read(str(mine))
