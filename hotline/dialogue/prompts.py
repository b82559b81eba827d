"""What is said in a call: prompts by name, in one language, from a profile's texts and menus. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hotline.profile import Profile
from hotline.profile.menu import Menu, Option

WORDS_A_MINUTE = 150
# Nobody listens for longer than this to anything, and the first menu must be over by then.
LONGEST_SECONDS = 25.0
LONGEST_WELCOME_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Prompt:
    """One thing said: its `name`, under which it may be recorded, the words, and the language they are in.

    `filled` says that values stand in the words, so that a recording says less than they do; of these `digits` are
    said one by one after it."""

    name: str
    text: str
    language: str
    filled: bool = False
    digits: str = ""


def seconds(text: str) -> float:
    """How long `text` takes to say at 150 words a minute; numbers are said digit by digit."""
    return (len(re.findall(r"[^\W\d_]+", text)) + len(re.findall(r"\d", text))) / WORDS_A_MINUTE * 60


def spelt(clave: str) -> str:
    """Ten digits as they are read out: digit by digit, in groups with a rest between."""
    return ". ".join(", ".join(group) for group in (clave[:3], clave[3:6], clave[6:]))


class Voicebook:
    """The prompts of one language. A language spoken by recordings only has its words in the profile's first."""

    def __init__(self, profile: Profile, language: str) -> None:
        self.profile, self.language = profile, language
        self._words = language if language in profile.texts else profile.languages[0]

    def say(self, key: str, *, digits: str = "", **values: str) -> Prompt:
        """The text `voice.<key>`; `digits` are said one by one where the text has {clave}."""
        given = {**values, "clave": spelt(digits)} if digits else values
        text = self.profile.text(f"voice.{key}", self._words, **given)
        return Prompt(f"voice.{key}", text, self.language, filled=bool(given), digits=digits)

    def menu(self, menu: Menu) -> tuple[Prompt, ...]:
        """Its intro and every option, in order."""
        intro = () if menu.intro is None else (self._of(f"menu.{menu.name}", menu.intro[self._words]),)
        return (*intro, *(self._of(f"menu.{menu.name}.{o.key}", o.says[self._words]) for o in menu.options))

    def text_of(self, menu: Menu, option: Option) -> Prompt:
        """What an option that says something says."""
        assert option.text is not None
        return self._of(f"menu.{menu.name}.{option.key}.text", option.text[self._words])

    def invitations(self, *, all_of_them: bool) -> tuple[Prompt, ...]:
        """How the other languages are offered: each in its own words, or, when there are several, by one key."""
        others = [tongue for tongue in self.profile.menu.offered if tongue.code != self.language]
        if len(others) > 1 and not all_of_them:
            return (self.say("languages"),)
        return tuple(Prompt(f"invitation.{each.code}", each.invitation or "", each.code) for each in others)

    def _of(self, name: str, text: str) -> Prompt:
        return Prompt(name, text, self.language)
