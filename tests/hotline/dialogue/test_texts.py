"""Every text of every language, measured again without the loader: length, alphabet, seconds, and what is not said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hotline.language.gsm import BASIC, segments, to_gsm7
from hotline.profile import Profile, load
from hotline.profile.catalogue import CATALOGUE
from hotline.profile.services import Theme

OSC = load("osc")
WORDS_A_MINUTE = 150
LONGEST_SECONDS = 25


def longest(profile: Profile, language: str) -> dict[str, str]:
    """The longest value that anything may be filled in with."""
    places = [area.name for area in profile.areas.values()] + [state.name for state in profile.states.values()]
    return {
        "clave": "123 456 7890", "place": max(places, key=len), "code": "WWWWW", "urgency": "P1", "hour": "00:00",
        "kind": max((kind.names[language] for kind in profile.kinds.values()), key=len), "digit": "9", "count": "200",
        "date": "miércoles 30 de septiembre", "summary": ", ".join(
            f"200 {name}" for name in sorted((k.names[language] for k in profile.kinds.values()), key=len)[-4:]
        ),
        "story": "", "days": "366", "day": "30", "month": "septiembre", "title": "Jornada de Convivencia Comunitaria",
        "where": "Deportivo Cuauhtémoc",
        "dates": "05/12 10:00 La Magdalena Contreras: Jornada de Convivencia, Deportivo " * 2,
        "who": "W" * 30, "other": "WWWWW", "word": "PREGUNTA", "codes": ", ".join(["WWWWW"] * 5),
        "outcome": max((one.names[language] for one in profile.duty.outcomes.values()), key=len), "words": "W" * 240,
        "what": "Una cuenta CLABE", "places": "12 alcaldías o estados",
        "waiting": "Tiene 12 casos pendientes; el más antiguo: WWWWW, hace menos de una hora.",
        "minutes": "120", "around": "W" * 64,
    }  # fmt: skip


def filled(profile: Profile, key: str, language: str) -> str:
    values = longest(profile, language)
    return profile.text(key, language, **{name: values[name] for name in CATALOGUE[key].values})


CASES = [(key, language) for key in CATALOGUE for language in OSC.languages]


@pytest.mark.parametrize(("key", "language"), [case for case in CASES if CATALOGUE[case[0]].channel == "sms"])
def test_a_text_message_fits_its_segments_in_gsm_7(key: str, language: str) -> None:
    sent = to_gsm7(filled(OSC, key, language))
    assert set(sent) <= BASIC
    assert segments(sent) <= CATALOGUE[key].segments
    # Folding takes accents off; it must not have to drop anything.
    assert len(sent) == len(filled(OSC, key, language))


# Asked for by name, these say more than fits one.
LONGER = {"sms.help", "sms.who", "sms.privacy", "sms.formal", "sms.jornadas"}


def test_whoever_reports_gets_one_segment() -> None:
    assert {key for key, spec in CATALOGUE.items() if key.startswith("sms.") and spec.segments != 1} == LONGER
    assert all(CATALOGUE[key].segments == 2 for key in LONGER)


@pytest.mark.parametrize("theme", OSC.services.advice, ids=lambda theme: str(theme.slug))
@pytest.mark.parametrize("language", OSC.languages)
def test_advice_fits_two_segments_and_is_safe_for_its_kind(theme: Theme, language: str) -> None:
    sent = to_gsm7(theme.texts[language])
    assert set(sent) <= BASIC and len(sent) == len(theme.texts[language])
    assert segments(sent) <= 2
    if theme.slug not in ("extorsion", "fraude"):
        said = sent.casefold().replace("cannot hang up", "")
        assert not re.search(r"no (le )?(pague|deposite)|cuelgue|hang up|do not pay", said)


@pytest.mark.parametrize(("key", "language"), [case for case in CASES if case[0].startswith("voice.")])
def test_nothing_is_said_for_longer_than_anybody_listens(key: str, language: str) -> None:
    said = filled(OSC, key, language)
    # Digits are spoken one by one, a clave of ten among them.
    words = len(re.findall(r"[^\W\d]+", said)) + len(re.findall(r"\d", said))
    assert words / WORDS_A_MINUTE * 60 <= LONGEST_SECONDS
    assert not re.search(r"[<>&{}\[\]*#_]", said), "read aloud as a sign"


@pytest.mark.parametrize(("key", "language"), CASES)
def test_no_text_tells_anybody_to_hang_up_on_kidnappers_or_not_to_pay(key: str, language: str) -> None:
    """Where the kidnapping may be real such advice can kill; it belongs to telephone deception only."""
    said = filled(OSC, key, language).casefold()
    assert not re.search(
        r"no (le )?(pague|deposite)|do not pay|don't pay|cuelgue(?! y marque)|hang up(?! and call)", said
    )


@pytest.mark.parametrize("key", [key for key in CATALOGUE if key.startswith("sms.")])
def test_callers_are_addressed_formally_and_nothing_else_gives_the_service_away(key: str) -> None:
    said = filled(OSC, key, "es")
    assert not re.search(r"\b(tú|tu|tus|te|ti|contigo|escribe|marca|cuenta)\b", said, re.IGNORECASE)
    # Only who asks who we are is told.
    assert key == "sms.who" or (OSC.short_name not in said and OSC.organisation not in said)


def test_every_language_has_every_text_and_no_other() -> None:
    import tomllib

    folder = Path(__file__).parents[3] / "hotline" / "profile" / "osc"
    for language in OSC.languages:
        tables = tomllib.loads((folder / f"texts.{language}.toml").read_text(encoding="utf-8"))
        assert {f"{room}.{name}" for room, texts in tables.items() for name in texts} == set(CATALOGUE)


@pytest.mark.parametrize("wrong", [{}, {"clave": "1", "other": "2"}, {"other": "1"}])
def test_a_text_filled_wrongly_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(TypeError):
        OSC.text("sms.received", "es", **wrong)


def test_what_is_filled_in_is_words_and_not_a_pattern() -> None:
    assert "{code} {0} %s" in OSC.text("liaison.update", "es", code="K7M2P", kind="x", place="y", story="{code} {0} %s")


def test_a_language_nobody_wrote_gets_the_first() -> None:
    assert OSC.text("voice.story", "nah") == OSC.text("voice.story", "es")
