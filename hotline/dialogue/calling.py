"""A call, step by step: from where the caller stands and what they keyed or said, to what is said and asked next.

The same keys mean the same everywhere: * goes back, 9 says it again, 0 asks for a person. Whoever keys nothing is
asked to just tell: nobody needs to know a menu to report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hotline.dialogue.positions import HELPS, ROUNDS, STEPS, Heard, Place, Position, Question, Turn
from hotline.dialogue.prompts import Prompt, Voicebook
from hotline.profile import Profile
from hotline.profile.catalogue import CATALOGUE
from hotline.profile.menu import AGAIN, BACK, LANGUAGES, PERSON, Menu, Option

# Fewer words than this that name a place are the answer to "where?", more are the story itself.
_STORY_WORDS = 5
CLAVE_DIGITS = 10


class Script:
    """The turns of a call for one profile and language. Pure."""

    def __init__(self, profile: Profile, language: str = "") -> None:
        offered = [tongue.code for tongue in profile.menu.offered]
        self.language = language if language in offered else profile.languages[0]
        self._said = self.language if self.language != profile.languages[0] else ""
        self._profile, self._menus = profile, profile.menu
        self._book = Voicebook(profile, self.language)

    # How calls begin

    def welcome(self) -> Turn:
        """Who we are, what becomes of what is told, and the first menu."""
        return Turn((self._say("welcome"), *self._menu(self._first)), self._at("menu", self._first.name))

    def welcome_back(self, stopped_at: str, *, told: bool, report: str) -> Turn:
        """A call from this phone broke off a little while ago: to go on, or something new? Says no more than that."""
        position = replace(self._at("resume", stopped_at), told=told, report=report)
        return Turn((self._say("welcome_back"),), position)

    def calling_back(self) -> Turn:
        """We called, and nobody knows who picked up: neutral until a key is pressed."""
        return Turn((self._say("calling_back"),), self._at("back"))

    # The next turn

    def step(self, at: Position, heard: Heard) -> Turn:
        """The turn after `heard` in answer to `at`. Whatever is heard, there is one."""
        if at.step >= STEPS:
            return self._goodbye()
        turn = self._common(at, heard) or getattr(self, f"_after_{at.question}")(at, heard)
        return replace(turn, position=replace(turn.position, step=at.step + 1))

    def again(self, at: Position) -> Turn:
        """The question `at`, asked once more from the beginning."""
        place = self._place_noted(at)
        if at.question == "leaf" and at.note.startswith("jornadas.") and place is not None:
            return Turn((), replace(at, tries=0), place=place, asks="jornadas")
        return Turn(self._prompts_of(at), replace(at, tries=0))

    def _common(self, at: Position, heard: Heard) -> Turn | None:
        if at.question == "back":
            return None  # nobody knows yet who picked up
        if heard.digits == PERSON:
            if at.question == "person":
                return self.again(at)
            return Turn((), replace(at, question="person", tries=0), asks="person")
        if heard.digits == AGAIN:
            if at.question == "kept":
                return Turn((), replace(at, tries=0), tells_clave=True)
            return self.again(at)
        if heard.digits == BACK:
            return self._back(at)
        return None

    def _back(self, at: Position) -> Turn:
        menu = self._menus.menus.get(at.at.partition(".")[0], self._first)
        if at.question == "menu":
            menu = self._menus.menus.get(menu.parent, self._first)
        elif at.question == "story":
            return self.again(replace(at, question="place"))
        elif at.question not in ("place", "leaf", "locality", "clave"):
            menu = self._first
        return Turn(self._menu(menu), replace(at, question="menu", at=menu.name, tries=0, bridge=""))

    # Menus

    def _after_menu(self, at: Position, heard: Heard) -> Turn:
        menu = self._menus.menus.get(at.at, self._first)
        if heard.words and menu.hears:
            return self._told(at, heard.words)
        option = menu.option(heard.digits)
        if option is not None:
            return self._choose(at, menu, option)
        if menu is self._first and (turn := self._other_language(heard.digits, listed=False)):
            return turn
        if at.tries < HELPS:
            heard_what = self._say("wrong_key" if heard.digits else "no_key")
            return Turn((heard_what, *self._menu(menu)), replace(at, tries=at.tries + 1))
        if menu is self._first or menu.hears:
            # Somebody who cannot press keys, or does not dare to: just listen.
            return Turn((self._say("just_speak"),), replace(at, question="story", tries=0))
        return self._goodbye()

    def _choose(self, at: Position, menu: Menu, option: Option) -> Turn:
        here = replace(at, at=f"{menu.name}.{option.key}", tries=0)
        if option.menu is not None:
            opened = self._menus.menus[option.menu]
            return Turn(self._menu(opened), replace(at, at=opened.name, tries=0))
        if option.does == "report":
            position = replace(here, question="place", at=menu.name)
            return Turn(self._prompts_of(position), position, kind=option.kind)
        if option.does == "say":
            return self.leaf(here, self._book.text_of(menu, option))
        if option.does == "status":
            return Turn((self._say("clave_asked"),), replace(here, question="clave"))
        if option.does == "alerts_off":
            return Turn((), replace(here, question="leaf"), asks="alerts_off")
        return Turn((self._say("locality"),), replace(here, question="locality"))

    def _other_language(self, digits: str, *, listed: bool) -> Turn | None:
        """The welcome in the language that a key picks; with several others one key lists them first."""
        others = {each.key: each.code for each in self._menus.offered if each.code != self.language}
        if digits in others and (listed or len(others) == 1):
            return Script(self._profile, others[digits]).welcome()
        if digits == LANGUAGES and len(others) > 1 and not listed:
            return Turn(self._book.invitations(all_of_them=True), self._at("language"))
        return None

    def _after_language(self, at: Position, heard: Heard) -> Turn:
        return self._other_language(heard.digits, listed=True) or self.welcome()

    # A report

    def _after_place(self, at: Position, heard: Heard) -> Turn:
        """A wrong code is helped twice; none at all is a way to skip. Either way the story comes next."""
        if heard.words:
            return self._place_or_story(at, heard.words)
        digits = heard.digits.partition("#")[0]
        if digits.endswith("*"):
            return self.again(at)
        place = self._place_of(digits.rpartition("*")[2])
        if place is not None:
            return replace(self._story(at, self._noted(place)), place=place)
        if digits and at.tries < HELPS:
            return Turn((self._say("place_unknown"), self._say("place")), replace(at, tries=at.tries + 1))
        return self._story(at, self._say("place_skipped"))

    def _place_or_story(self, at: Position, words: str) -> Turn:
        place = self._place_in(words)
        if place is not None and len(words.split()) < _STORY_WORDS:
            return replace(self._story(at, self._noted(place)), place=place)
        return self._told(at, words)

    def _told(self, at: Position, words: str) -> Turn:
        """Words of the story were heard before it was asked for. The place is asked for if they name none; which of
        those they name it is, whoever files the report decides."""
        follows = replace(at, tries=0, told=True, round=at.round + 1)
        if at.question == "menu" and self._place_in(words) is None:
            position = replace(follows, question="place")
            return Turn((self._say("heard"), self._say("place")), position, keeps_words=True)
        return Turn((self._say("story_more"),), replace(follows, question="story"), keeps_words=True)

    def _story(self, at: Position, *before: Prompt) -> Turn:
        position = replace(at, question="story", tries=0)
        return Turn((*before, *self._prompts_of(position)), position)

    def _after_story(self, at: Position, heard: Heard) -> Turn:
        """Words are kept and more is asked for; silence or a key after words ends with the clave."""
        if heard.words and at.round < ROUNDS:
            position = replace(at, tries=0, told=True, round=at.round + 1)
            return Turn((self._say("story_more"),), position, keeps_words=True)
        if heard.words or at.told or heard.recorded:
            position = replace(at, question="kept", tries=0, told=True)
            return Turn((), position, keeps_words=bool(heard.words), ends=True, tells_clave=True)
        if heard.digits and at.tries == 0:
            return Turn((self._say("story"),), replace(at, tries=1))  # the end of what was keyed before
        if at.tries < HELPS:
            return Turn((self._say("story_unheard"), self._say("story")), replace(at, tries=at.tries + 1))
        return self._goodbye()

    def telling_clave(self, clave: str) -> tuple[Prompt, ...]:
        """The clave, in groups and twice, and what it is for."""
        return (
            self._say("clave", digits=clave),
            self._say("clave_again", digits=clave),
            self._say("clave_kept"),
        )

    def _after_kept(self, at: Position, heard: Heard) -> Turn:
        """Silence ends the call; any key says the clave again, for nobody must lose it by a key pressed twice."""
        if heard.digits:
            return Turn((), replace(at, tries=0), tells_clave=True)
        return Turn((self._say("farewell"),), replace(at, question="end"))

    def _after_resume(self, at: Position, heard: Heard) -> Turn:
        if heard.digits == "1":
            question: Question = "place" if at.at == "place" else "story"
            return self.again(replace(at, question=question, at=self._first.name))
        if heard.digits == "2" or at.tries >= HELPS:
            return self.welcome()
        return Turn((self._say("welcome_back"),), replace(at, tries=at.tries + 1))

    # What may be known of a report, events, alerts

    def _after_clave(self, at: Position, heard: Heard) -> Turn:
        """Ten digits are looked up; * begins anew. `after_status` goes on."""
        digits = "".join(filter(str.isdigit, heard.digits.rpartition("*")[2]))
        if heard.erased or heard.digits.endswith("*"):
            return Turn((self._say("clave_erased"),), at)
        if len(digits) == CLAVE_DIGITS:
            return Turn((), replace(at, tries=0, round=at.round + 1), asks="status", digits=digits)
        if at.tries < HELPS:
            words = (self._say("clave_short"),) if digits else (self._say("no_key"), self._say("clave_asked"))
            return Turn(words, replace(at, tries=at.tries + 1))
        return self._back(at)

    def status(self, at: Position, found: str) -> Turn:
        """How a report stands: `found` names the text `voice.status_<found>`. "wrong" asks for the clave again, as
        often as the profile allows; "locked" sends the caller away for a while. A wrong check digit and a clave that
        is nobody's sound alike."""
        if found == "wrong" and at.round <= self._menus.claves_a_call:
            return Turn((self._say("clave_wrong"),), at)
        if found in ("wrong", "locked"):
            return self.leaf(at, self._say("clave_locked"), note="clave_locked")
        return self.leaf(at, self._say(f"status_{found}"), note=f"status_{found}")

    def _after_locality(self, at: Position, heard: Heard) -> Turn:
        digits = heard.digits.partition("#")[0]
        if digits.endswith("*"):
            return self.again(at)
        place = self._place_in(heard.words) if heard.words else self._place_of(digits.rpartition("*")[2])
        if place is not None:
            does = self._does(at)
            return Turn((), at, place=place, asks="alerts_on" if does == "alerts_on" else "jornadas")
        if at.tries < HELPS:
            not_known = (self._say("place_unknown"),) if digits or heard.words else ()
            return Turn((*not_known, self._say("locality")), replace(at, tries=at.tries + 1))
        return self._back(at)

    def leaf(self, at: Position, *prompts: Prompt, note: str = "") -> Turn:
        """Says something, and how to go on from there. `note` is what 9 needs to say it again."""
        return Turn((*prompts, self._say("after")), replace(at, question="leaf", tries=0, note=note))

    def dates(self, at: Position, place: Place, prompts: Sequence[Prompt]) -> Turn:
        """The next dates of a place, or that there are none."""
        said = prompts or [self._say("jornadas_none", place=self.place_name(place))]
        return self.leaf(at, *said, note=f"jornadas.{place.area or place.state}")

    def alerts(self, at: Position, key: str, place: Place | None = None) -> Turn:
        """What became of a sign-up: `voice.<key>`, with the place when it succeeded."""
        values = {"place": self.place_name(place)} if place is not None else {}
        code = f".{place.area or place.state}" if place is not None else ""
        return self.leaf(at, self._say(key, **values), note=f"{key}{code}")

    def say(self, key: str, **values: str) -> Prompt:
        """A prompt for what the desk found out."""
        return self._say(key, **values)

    def place_name(self, place: Place) -> str:
        return self._profile.place_name(place.area, place.state) or ""

    def _after_leaf(self, at: Position, heard: Heard) -> Turn:
        if heard.digits == "#":
            return self.again(at)  # a late end of what was keyed before: what was said must not be lost by it
        if heard.digits and at.tries < HELPS:
            return Turn((self._say("wrong_key"), self._say("after")), replace(at, tries=at.tries + 1))
        return self._goodbye()

    # A person, and calling back

    def connecting(self, at: Position, bridge: str) -> Turn:
        """Somebody is being called for the caller, who may go on waiting or tell it here."""
        return Turn((self._say("connecting"),), replace(at, question="person", tries=0, bridge=bridge))

    def still_connecting(self, at: Position) -> Turn:
        return Turn(self._prompts_of(at), at)

    def nobody(self, at: Position) -> Turn:
        """No person can be had now: the report is taken instead."""
        return self._story(replace(at, bridge=""), self._say("nobody"))

    def hung_up(self, at: Position) -> Turn:
        """The talk with a person is over."""
        return self.leaf(replace(at, at=self._first.name, bridge=""), self._say("talked"), note="talked")

    def whisper(self, kind: str | None) -> tuple[Prompt, ...]:
        """What a liaison hears before taking the call; nothing that was said."""
        known = self._profile.kinds.get(kind or "")
        about = (self._say("whisper_kind", kind=known.names[self.language]),) if known else ()
        return (self._say("whisper"), *about, self._say("whisper_key"))

    def _after_person(self, at: Position, heard: Heard) -> Turn:
        if heard.digits:
            return self._story(replace(at, bridge=""))
        return Turn((), replace(at, tries=min(at.tries + 1, HELPS)), asks="waiting")

    def _after_back(self, at: Position, heard: Heard) -> Turn:
        if heard.digits == "1":
            return self.welcome()
        if at.tries < HELPS:
            return Turn((self._say("calling_back"),), replace(at, tries=at.tries + 1))
        return self._goodbye()

    def _after_end(self, at: Position, heard: Heard) -> Turn:
        return self._goodbye()

    # Small parts

    @property
    def _first(self) -> Menu:
        return self._menus.menus[self._menus.first]

    def _does(self, at: Position) -> str:
        name, _, key = at.at.partition(".")
        menu = self._menus.menus.get(name, self._first)
        option = menu.option(key)
        return option.does if option else ""

    def _prompts_of(self, at: Position) -> tuple[Prompt, ...]:
        """What asks the question `at`."""
        name, _, key = at.at.partition(".")
        menu = self._menus.menus.get(name, self._first)
        option = menu.option(key)
        if at.question == "menu":
            return self._menu(menu)
        if at.question == "leaf":
            said = (self._book.text_of(menu, option),) if option and option.text else self._said_of(at)
            return (*said, self._say("after"))
        if at.question == "language":
            return self._book.invitations(all_of_them=True)
        if at.question == "story":
            return (self._say("story_more" if at.told else "story"),)
        asked = {
            "place": "place",
            "clave": "clave_asked",
            "locality": "locality",
            "resume": "welcome_back",
            "back": "calling_back",
            "person": "still_connecting",
        }
        return (self._say(asked.get(at.question, "goodbye")),)

    def _said_of(self, at: Position) -> tuple[Prompt, ...]:
        """What a leaf said, from its note."""
        key, _, code = at.note.partition(".")
        spec = CATALOGUE.get(f"voice.{key}")
        if spec is None or set(spec.values) - {"place"}:
            return ()
        place = self._place_noted(at) if code else None
        if bool(spec.values) is not (place is not None):
            return ()
        return (self._say(key, **({"place": self.place_name(place)} if place else {})),)

    def _place_noted(self, at: Position) -> Place | None:
        code = at.note.partition(".")[2]
        if code in self._profile.areas:
            return Place(code, self._profile.areas[code].state)
        return Place(None, code) if code in self._profile.states else None

    def _menu(self, menu: Menu) -> tuple[Prompt, ...]:
        offers = self._book.invitations(all_of_them=False) if menu is self._first else ()
        return (*self._book.menu(menu), *offers)

    def _noted(self, place: Place) -> Prompt:
        return self._say("place_noted", place=self.place_name(place))

    def _place_of(self, digits: str) -> Place | None:
        found = self._profile.by_postal_code(digits)
        return Place(found.area, found.state) if found.area or found.state else None

    def _place_in(self, words: str) -> Place | None:
        found = self._profile.places.find(words)
        return Place(found.area, found.state) if found.area or found.state else None

    def _goodbye(self) -> Turn:
        return Turn((self._say("goodbye"),), self._at("end"), ends=True)

    def _at(self, question: Question, at: str = "") -> Position:
        return Position(question, at, language=self._said)

    def _say(self, key: str, *, digits: str = "", **values: str) -> Prompt:
        return self._book.say(key, digits=digits, **values)
