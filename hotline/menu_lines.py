"""The telephone menu as lines to read: every prompt, its seconds, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from hotline.dialogue.calling import Script
from hotline.dialogue.prompts import LONGEST_SECONDS, LONGEST_WELCOME_SECONDS, seconds
from hotline.profile import Profile
from hotline.profile.catalogue import CATALOGUE, FIXED_PROMPTS
from hotline.profile.menu import Menu

# Stands for a value that is filled in: the longest are places of some three words, a clave is ten digits.
_PLACE, _CLAVE = "La Magdalena Contreras", "1234567890"


def menu_lines(profile: Profile, language: str) -> Iterator[str]:
    """The call in `language`, one line a prompt: seconds at 150 words a minute, name, how it is heard, words."""
    menu = profile.menu
    tongue = menu.tongues[language]
    lacking = menu.missing.get(language, ())
    voice = f"{tongue.voice}, {tongue.tag}" if tongue.tag else "recordings only"
    offered = f"NOT OFFERED, {len(lacking)} recordings missing" if lacking else "offered"
    yield f"{language}  key {tongue.key}  {voice}  {offered}"
    script = Script(profile, language if not lacking else "")
    welcome = sum(seconds(prompt.text) for prompt in script.welcome().prompts)
    yield f"{welcome:5.1f} s until the first question is over (at most {LONGEST_WELCOME_SECONDS:.0f})"
    for each in menu.menus.values():
        yield from _menu(profile, each, language)
    for key in FIXED_PROMPTS:
        words = _filled(profile, key, language) if key in CATALOGUE else key.removeprefix("digit.")
        yield _line(profile, key, language, words)


def _menu(profile: Profile, menu: Menu, language: str) -> Iterator[str]:
    words = language if language in profile.texts else profile.languages[0]
    said = [option.says[words] for option in menu.options] + ([menu.intro[words]] if menu.intro else [])
    yield f"menu {menu.name}: {sum(map(seconds, said)):.1f} s" + (f", * leads to {menu.parent}" if menu.parent else "")
    if menu.intro:
        yield _line(profile, f"menu.{menu.name}", language, menu.intro[words])
    for option in menu.options:
        leads = option.menu or " ".join(filter(None, (option.does, option.kind)))
        yield _line(profile, f"menu.{menu.name}.{option.key}", language, f"{option.says[words]}  -> {leads}")
        if option.text:
            yield _line(profile, f"menu.{menu.name}.{option.key}.text", language, option.text[words])


def _line(profile: Profile, name: str, language: str, words: str) -> str:
    spoken = words.partition("  -> ")[0]
    long = " TOO LONG" if seconds(spoken) > LONGEST_SECONDS else ""
    spoken_by = "voice" if profile.menu.tongues[language].tag else "MISSING"
    recorded = "recorded" if profile.menu.sound(language, name) else spoken_by
    return f"{seconds(spoken):5.1f} s{long}  {recorded:8}  {name:24}  {words}"


def _filled(profile: Profile, key: str, language: str) -> str:
    values = {name: _CLAVE if name == "clave" else _PLACE for name in CATALOGUE[key].values}
    return profile.text(key, language, **values)
