"""The front desk's telephone: joins what a caller does, what the script says next, and what is kept and looked up.

What needs the database has an answer without it: a call never waits for a database that is away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from sqlalchemy import Connection
from stdnum import damm

from hotline import phones
from hotline.carrier.inbound import CallStep
from hotline.carrier.twiml import Line, Played, Said, Voice
from hotline.desk import FrontDesk
from hotline.dialogue.calling import Script
from hotline.dialogue.positions import HELPS, Heard, Place, Position, Turn
from hotline.dialogue.prompts import Prompt
from hotline.intake import Kept
from hotline.logs import describe, log
from hotline.store import bridges, recordings, ring_backs, status, subscribers
from hotline.store.calls import BrokenOff, broken_off
from hotline.store.door import Arrival
from hotline.store.engine import Unavailable, Watchdog, reading, utcnow
from hotline.store.jornadas import upcoming
from hotline.store.neighbours import language_of
from hotline.store.unfiled import is_unfiled

# A key pressed without a word is still a report, once nothing more has come for this long.
WORDLESS_GRACE = timedelta(minutes=2)
# What is understood of a sentence in mid-speech counts once it has not been continued for this long.
PARTIAL_GRACE = timedelta(seconds=20)

# As many dates as anybody remembers.
_MOST_DATES = 2

T = TypeVar("T")
_watchdog = Watchdog()


@dataclass(frozen=True, slots=True)
class Reply:
    """What a step of a call is answered with: the lines to be heard, and the question they ask."""

    lines: tuple[Line, ...]
    position: Position


class CallsDesk:
    """The telephone of one front desk."""

    def __init__(self, desk: FrontDesk) -> None:
        self._desk = desk

    def begins(self, step: CallStep) -> Reply | None:
        """The first thing a caller hears. None: the call is not to be answered, for we call back."""
        chosen, found = self._known_of(step)
        script = Script(self._desk.profile, chosen)
        if step.ours:
            return self._reply(script.calling_back())
        if self._calls_back(step):
            return None
        if found is None:
            return self._reply(script.welcome())
        stopped_at = "story" if found.has_place or found.has_words else "place"
        return self._reply(script.welcome_back(stopped_at, told=found.has_words, report=found.report_id))

    def goes_on(self, step: CallStep, at: Position) -> Reply:
        """What follows from a step. Keeps what it brought. Raises `SpoolError` when that cannot be kept."""
        script = self._script(at)
        heard = Heard(
            step.digits,
            step.words.reveal(),
            erased=step.finished_on == "*" and bool(step.digits),
            recorded=step.recording is not None,
        )
        self.note_recording(step, at)
        turn = script.step(at, heard)
        if turn.asks:
            turn = self._find_out(step, script, turn)
        if at.question == "person" and at.bridge and turn.position.bridge != at.bridge:
            self._becomes(at.bridge, "ended", unless=("talking",))
        kept = self._keep(step, at, turn)
        before = script.telling_clave(kept.clave) if turn.tells_clave and kept is not None else ()
        return self._reply(turn, before)

    def hears(self, step: CallStep, at: Position) -> None:
        """Keeps what is understood while the caller still speaks; each supersedes the one before."""
        if step.partial:
            words = {"body": step.partial.reveal()}
            self._keep_step(step, at, f"story:{at.round}:partial", words, ready_in=PARTIAL_GRACE, supersedes=True)

    def records(self, at: Position) -> bool:
        """Whether stories are recorded in the language of `at`."""
        return self._desk.profile.menu.tongues[self._script(at).language].records

    def note_recording(self, step: CallStep, at: Position) -> None:
        """Notes a recording that the carrier holds. Noted twice, by the call and by its receipt, it is one."""
        if step.recording is None:
            return
        recording, language = step.recording, self._script(at).language
        report, now = at.report or self._desk.vault.report_id(step.id), utcnow()
        self._done(
            lambda connection: recordings.note(
                connection, recording, call_id=step.id, report_id=report, language=language, now=now
            ),
            None,
        )
        self._desk.bell.ring("listen")

    def tongue(self, at: Position) -> str:
        """The language tag in which a caller at `at` is understood; "" where no machine understands it."""
        return "" if self.records(at) else self._voice(self._script(at).language).language

    def menu_hears(self, at: Position) -> bool:
        """Whether the menu at `at` takes words too."""
        menu = self._desk.profile.menu.menus.get(at.at)
        return menu is not None and menu.hears

    @property
    def place_names(self) -> str:
        """What a caller who is asked for a place will probably say."""
        profile = self._desk.profile
        areas, states = profile.areas.values(), profile.states.values()
        return ",".join([*(area.name for area in areas), *(state.name for state in states)])

    # What is kept

    def _keep(self, step: CallStep, at: Position, turn: Turn) -> Kept | None:
        """Keeps the facts and words a turn of the call brought; None when it brought none."""
        kept = None
        if turn.kind is not None:
            kept = self._keep_step(step, at, "kind", {"kind": turn.kind}, ready_in=WORDLESS_GRACE, supersedes=True)
        if turn.place is not None and not turn.asks:
            place = {"area": turn.place.area, "state": turn.place.state}
            kept = self._keep_step(step, at, "place", place, ready_in=WORDLESS_GRACE, supersedes=True, names_place=True)
        if turn.keeps_words:
            kept = self._keep_step(step, at, f"story:{at.round}", {"body": step.words.reveal()})
        if turn.tells_clave:
            kept = self._keep_step(step, at, "end", {"end": True})
        if turn.ends:
            self._desk.call_ended(step.id)
        return kept

    def _keep_step(
        self,
        step: CallStep,
        at: Position,
        suffix: str,
        contents: Mapping[str, Any],
        *,
        ready_in: timedelta = timedelta(),
        **arrival: Any,
    ) -> Kept:
        """Keeps what one step of a call brought. `suffix` makes the step one; steps of a call share its report."""
        vault, now = self._desk.vault, utcnow()
        caller = step.caller.reveal() if step.caller else None
        return self._desk.intake.accept(
            Arrival(
                id=f"{step.id}:{suffix}",
                report_id=at.report or vault.report_id(step.id),
                sender=vault.pseudonym(step.caller) if step.caller else None,
                channel="voz",
                received_at=now,
                ready_at=now + ready_in,
                sealed=self._desk.intake.seal({"call": step.id, "from": caller, "step": suffix, **contents}),
                joins=False,
                wants_answer=False,
                **arrival,
            )
        )

    # What is looked up and done

    def _known_of(self, step: CallStep) -> tuple[str, BrokenOff | None]:
        """The language that this phone's owner chose by text, "" for none, and their call that broke off."""
        if step.caller is None:
            return "", None
        sender = self._desk.vault.pseudonym(step.caller)
        since = utcnow() - timedelta(minutes=self._desk.profile.menu.resume_minutes)
        nothing: tuple[str, BrokenOff | None] = "", None
        return self._asked(
            lambda connection: (language_of(connection, sender) or "", broken_off(connection, sender, since)), nothing
        )

    def _calls_back(self, step: CallStep) -> bool:
        """Whether the caller rang a number that is not answered, and will be called back."""
        rule, vault = self._desk.profile.menu.ring_back, self._desk.vault
        if step.caller is None or step.dialled is None or step.dialled.reveal() not in rule.numbers:
            return False
        if phones.country_of(step.caller) not in rule.countries:
            return False
        sender, sealed = vault.pseudonym(step.caller), vault.seal(step.caller.reveal().encode())
        noted = self._done(lambda connection: ring_backs.ask(connection, sender, sealed, rule, utcnow()), without=False)
        if noted:
            self._desk.bell.ring("ring_back")
        return noted

    def _find_out(self, step: CallStep, script: Script, turn: Turn) -> Turn:
        """The turn that follows from what `turn` asks of us."""
        here = turn.position
        if turn.asks == "status":
            return script.status(here, self._status(step, turn.digits))
        if turn.asks == "person":
            return self._person(step, script, here)
        if turn.asks == "waiting":
            return self._waiting(script, here)
        if turn.asks == "jornadas":
            assert turn.place is not None
            return script.dates(here, turn.place, self._jornadas(script, turn.place))
        return self._alerts(step, script, turn)

    def _status(self, step: CallStep, clave: str) -> str:
        """How the report of this clave stands: "wrong", "locked", "away" or a status."""
        vault = self._desk.vault
        sender = vault.pseudonym(step.caller) if step.caller else None
        hashed = vault.clave_hash(clave) if damm.is_valid(clave) else ""

        def look(connection: Connection) -> str:
            if sender is not None and status.locked(connection, sender, utcnow()):
                return "locked"
            found = status.status_of(connection, hashed) if hashed else None
            if found is not None:
                return "filed" if found.status == "held" else found.status
            return "received" if hashed and is_unfiled(connection, hashed, vault.hash_of_clave) else "wrong"

        found = self._asked(look, "away")
        if found == "wrong" and sender is not None:
            self._done(lambda connection: status.note_wrong(connection, sender, utcnow()), None)
        return found

    def _jornadas(self, script: Script, place: Place) -> list[Prompt]:
        profile = self._desk.profile
        found = self._asked(
            lambda connection: upcoming(connection, profile, place.area, place.state, utcnow()),
            upcoming(None, profile, place.area, place.state, utcnow()),
        )
        months = profile.menu.tongues[script.language].months or tuple(str(month) for month in range(1, 13))
        return [
            script.say(
                "jornada",
                title=each.title,
                where=each.place,
                day=str(each.starts.day),
                month=months[each.starts.month - 1],
                hour=f"{each.starts:%H:%M}",
            )
            for each in found[:_MOST_DATES]
        ]

    def _alerts(self, step: CallStep, script: Script, turn: Turn) -> Turn:
        """Signs the phone up for a place's alerts, or takes it off; what to say about it."""
        if step.caller is None:
            return script.alerts(turn.position, "alerts_hidden")
        vault, now = self._desk.vault, utcnow()
        sender, sealed = vault.pseudonym(step.caller), vault.seal(step.caller.reveal().encode())
        if turn.asks == "alerts_off" or turn.place is None:

            def sign_off(connection: Connection) -> str:
                subscribers.sign_off(connection, sender)
                return "alerts_off"

            return script.alerts(turn.position, self._done(sign_off, "alerts_away"))
        area, state = turn.place.area, turn.place.state

        def sign_up(connection: Connection) -> bool:
            subscribers.sign_up(connection, sender, sealed, area=area, state=state, language=script.language, now=now)
            return True

        if self._done(sign_up, without=False):
            return script.alerts(turn.position, "alerts_on", turn.place)
        return script.alerts(turn.position, "alerts_away")

    def _person(self, step: CallStep, script: Script, at: Position) -> Turn:
        """Notes that the caller waits for a person; whoever can open the liaisons' numbers calls one."""
        report = at.report or self._desk.vault.report_id(step.id)
        position = urlencode(at.query())
        bridge = self._done(lambda connection: bridges.ask(connection, step.id, report, position, utcnow()), None)
        if bridge is None:
            return script.nobody(at)
        self._desk.bell.ring("connect")
        return script.connecting(at, bridge)

    def _waiting(self, script: Script, at: Position) -> Turn:
        """The caller still waits: somebody else is tried, or the report taken."""
        found = self._asked(lambda connection: bridges.state_of(connection, at.bridge), None)
        if found is None or found[0] in ("nobody", "ended") or at.tries >= HELPS:
            self._becomes(at.bridge, "ended")
            return script.nobody(at)
        self._next(at.bridge)
        return script.still_connecting(at)

    def _next(self, bridge: str) -> None:
        self._becomes(bridge, "waiting", unless=("talking", "ended", "nobody"))
        self._desk.bell.ring("connect")

    def _becomes(self, bridge: str, state: bridges.State, unless: tuple[bridges.State, ...] = ()) -> None:
        self._done(lambda connection: bridges.becomes(connection, bridge, state, utcnow(), unless=unless), None)

    def talked(self, step: CallStep, at: Position) -> Reply:
        """A liaison's phone rang for the caller: the talk is over, or the next one is called."""
        script = self._script(at)
        found = self._asked(lambda connection: bridges.state_of(connection, at.bridge), None)
        if step.bridged or (step.bridged is None and found is not None and found[0] == "talking"):
            self._becomes(at.bridge, "ended")
            return self._reply(script.hung_up(at))
        if found is None or found[0] in ("nobody", "ended"):
            return self._reply(script.nobody(at))
        self._next(at.bridge)
        return self._reply(script.still_connecting(replace(at, tries=0)))

    def whispers(self, at: Position) -> tuple[Line, ...]:
        """What a liaison hears before taking the call."""
        found = self._asked(lambda connection: bridges.state_of(connection, at.bridge), None)
        prompts = self._script().whisper(found[1] if found else None)
        return tuple(line for prompt in prompts for line in self.lines(prompt))

    def takes(self, at: Position) -> None:
        """A liaison has taken the call."""
        self._becomes(at.bridge, "talking")

    def _asked(self, question: Callable[[Connection], T], without: T) -> T:
        """The database's answer, or `without` one when it is away."""
        if self._desk.intake.shut:
            return without
        try:
            with reading(self._desk.engine) as connection, _watchdog.guarding(connection):
                return question(connection)
        except Unavailable as error:
            log("calls").warning("not looked up", cause=describe(error))
            return without

    def _done(self, deed: Callable[[Connection], T], without: T) -> T:
        """What `deed` gives once it is committed, or `without` when the database is away."""
        if self._desk.intake.shut:
            return without
        try:
            with self._desk.engine.connect() as connection, _watchdog.guarding(connection), connection.begin():
                return deed(connection)
        except Unavailable as error:
            log("calls").warning("not noted", cause=describe(error))
            return without

    # How it is said

    def _script(self, at: Position | None = None) -> Script:
        return Script(self._desk.profile, at.language if at else "")

    def _reply(self, turn: Turn, before: tuple[Prompt, ...] = ()) -> Reply:
        return Reply(tuple(line for prompt in (*before, *turn.prompts) for line in self.lines(prompt)), turn.position)

    def lines(self, prompt: Prompt) -> list[Line]:
        """A prompt as the carrier will make it heard: recorded where it is, else spoken."""
        menu = self._desk.profile.menu
        recorded_only = menu.tongues[prompt.language].tag is None
        sound = menu.sound(prompt.language, prompt.name)
        if sound is None or (prompt.filled and not recorded_only):
            return [Said(prompt.text, self._voice(prompt.language))]
        digits = [menu.sound(prompt.language, f"digit.{digit}") for digit in prompt.digits]
        return [
            Played(self._desk.url(f"/voice/sounds/{each.file}?v={each.version}")) for each in (sound, *digits) if each
        ]

    def _voice(self, language: str) -> Voice:
        return Voice(*self._desk.profile.menu.voice(language))
