"""A call, step by step: from where the caller stands and what was keyed or said, to what is said and asked next.

A step's position travels in its URL (which question, which try, which round), and nothing else: what the caller tells
is kept at once and never needed again to go on. So a call works with the database away, and who hangs up has reported
all they said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from hotline.dialogue.texting import spelt
from hotline.profile import Profile

HELPS = 2
ROUNDS = 6
# Any of these ends an entry or skips it: people press what they find.
_SKIP = frozenset({"", "#", "*"})

Question = Literal["menu", "kind", "place", "story", "none"]


@dataclass(frozen=True, slots=True)
class Position:
    """Which question was asked last; `tries` counts the helps given to it, `round` the story's rounds so far, `told`
    says that words were heard."""

    question: Question
    tries: int = 0
    round: int = 1
    told: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """What happens next. `prompts` are said, then `ask` is asked from `position`; with "none" the call ends.
    `kind`, `area`, `state` are facts to keep; `tells_clave` makes the clave part of the prompts."""

    prompts: tuple[str, ...]
    position: Position
    kind: str | None = None
    area: str | None = None
    state: str | None = None
    tells_clave: bool = False
    keeps: bool = field(default=False)


class Script:
    """The call's texts and turns for one profile and language. Pure."""

    def __init__(self, profile: Profile, language: str) -> None:
        self._profile, self._language = profile, language
        self._kinds = {kind.key: kind for kind in profile.kinds.values() if kind.key is not None}

    def welcome(self) -> Turn:
        return Turn((self._say("voice.welcome"), self._say("voice.menu")), Position("menu"))

    def after_menu(self, at: Position, digits: str) -> Turn:
        if digits == "1":
            return Turn(self._ask_kind(), Position("kind"))
        return self._help_or_end(at, digits, (self._say("voice.menu"),))

    def after_kind(self, at: Position, digits: str) -> Turn:
        kind = self._kinds.get(digits)
        if kind is None:
            return self._help_or_end(at, digits, self._ask_kind())
        return Turn((self._say("voice.place"),), Position("place"), kind=kind.slug, keeps=True)

    def after_place(self, at: Position, digits: str) -> Turn:
        """A wrong code is helped twice; none at all is a way to skip. Either way the story comes next."""
        story = (self._say("voice.story"),)
        if digits.strip("#*") == "" or digits in _SKIP:
            return Turn((self._say("voice.place_skipped"), *story), Position("story"))
        place = self._profile.by_postal_code(digits)
        name = self._profile.place_name(place.area, place.state)
        if name is not None:
            noted = self._say("voice.place_noted", place=name)
            return Turn((noted, *story), Position("story"), area=place.area, state=place.state, keeps=True)
        if at.tries < HELPS:
            prompts = (self._say("voice.place_unknown"), self._say("voice.place"))
            return Turn(prompts, Position("place", at.tries + 1))
        return Turn((self._say("voice.place_skipped"), *story), Position("story"))

    def after_story(self, at: Position, *, words: bool, digits: str) -> Turn:
        """Words are kept and more is asked for; silence or a key after words ends with the clave."""
        if words and at.round < ROUNDS and not digits:
            return Turn((self._say("voice.story_more"),), Position("story", 0, at.round + 1, told=True), keeps=True)
        if words or at.told:
            return Turn((), Position("none"), tells_clave=True, keeps=True)
        if at.tries < HELPS:
            prompts = (self._say("voice.story_unheard"), self._say("voice.story"))
            return Turn(prompts, Position("story", at.tries + 1, at.round))
        return Turn((self._say("voice.goodbye"),), Position("none"), keeps=True)

    def telling_clave(self, clave: str) -> tuple[str, ...]:
        digits = spelt(clave)
        return (
            self._say("voice.clave", clave=digits),
            self._say("voice.clave_again", clave=digits),
            self._say("voice.farewell"),
        )

    def _ask_kind(self) -> tuple[str, ...]:
        options = [
            self._say("voice.kind_option", kind=kind.names[self._language], digit=digit)
            for digit, kind in sorted(self._kinds.items())
        ]
        return (self._say("voice.kind"), " ".join(options))

    def _help_or_end(self, at: Position, digits: str, question: tuple[str, ...]) -> Turn:
        if at.tries >= HELPS:
            return Turn((self._say("voice.goodbye"),), Position("none"))
        heard = self._say("voice.wrong_key" if digits else "voice.no_key")
        return Turn((heard, *question), Position(at.question, at.tries + 1))

    def _say(self, key: str, **values: str) -> str:
        return self._profile.text(key, self._language, **values)
