"""A liaison's text from their own phone: who it is, what they want, and what is done and said about it.

The web process can act on a case by its code and can open none: what needs a name or words is noted for the back
office, which answers by a text of its own a moment later.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, select

from hotline.carrier.inbound import InboundText
from hotline.dialogue.liaison_words import Command, Verb, nearest, parse
from hotline.logs import describe, log
from hotline.store import actions, audit, cases, door, duty, errands, people, receipts, sight
from hotline.store.engine import Unavailable, utcnow
from hotline.store.schema import liaisons

if TYPE_CHECKING:
    from hotline.desk import FrontDesk

_LONGEST_QUESTION = 240
_LONGEST_NAME = 30
# So many codes fit into a text.
_CODES = 5


@dataclass(frozen=True, slots=True)
class _Scene:
    """One command under way: who, what, on which message, at which moment."""

    desk: FrontDesk
    connection: Connection
    me: str
    command: Command
    message_id: str
    now: datetime

    def say(self, key: str, **values: str) -> str:
        return self.desk.profile.text(f"liaison.{key}", self.desk.language, **values)

    def key(self, use: str) -> str:
        """The same for the same message: what it asks for is done once, however often the carrier brings it."""
        return self.desk.vault.fingerprint(use, self.message_id)

    def record(self, act: str, subject: str) -> None:
        audit.append(self.connection, self.desk.vault, self.now, self.me, act, subject)


def answer_liaison(desk: FrontDesk, message: InboundText) -> str | None:
    """What to text back to a liaison; "" for silence. None when this is no command of a liaison's: then it is kept as
    anybody's text is."""
    command = _understood(message)
    if command is None or message.sender is None:
        return None
    now = utcnow()
    try:
        with desk.engine.begin() as connection:
            sender = desk.vault.pseudonym(message.sender)
            query = select(liaisons.c.id).where(liaisons.c.sender == sender, liaisons.c.active.is_(True))
            me = connection.scalar(query)
            answer = _carry_out(_Scene(desk, connection, me, command, message.id, now)) if me else None
            if answer is None:
                return None
            earlier = cases.note_command(connection, message.id, now)
            receipts.erase_copy(connection, message.id, now)
    except Unavailable as error:
        log("liaison").warning("command not noted", cause=describe(error))
        # Who is not sure to be a liaison is heard as anybody is: the spool keeps it.
        return desk.profile.text("liaison.try_again", desk.language) if command.sure else None
    desk.bell.ring("deliver")
    return "" if earlier is not None and now - earlier < door.ECHO else answer


def _understood(message: InboundText) -> Command | None:
    try:
        return parse(message.body.reveal())
    except Exception as error:  # a fault in understanding must not cost a report
        log("liaison").error("text not understood", cause=describe(error))
        return None


def _carry_out(scene: _Scene) -> str | None:
    command = scene.command
    if command.verb == "ayuda":
        return scene.say("help")
    if command.verb in ("fuera", "servicio"):
        return _shift(scene)
    code = command.code or _only_waiting(scene)
    if code is None:
        return _without_code(scene)
    report = sight.by_code(scene.connection, scene.me, code)
    if report is None and command.verb == "que":
        return None  # five letters that are no case of theirs say nothing
    if report is None:
        other = nearest(code, sight.open_codes(scene.connection, scene.me))
        return scene.say("did_you_mean", code=code, other=other) if other else scene.say("not_yours", code=code)
    return _DO[command.verb](scene, report)


def _only_waiting(scene: _Scene) -> str | None:
    """ "OK" alone means the one case that waits, when there is one."""
    if scene.command.verb != "ok":
        return None
    waiting = sight.waiting_for(scene.connection, scene.me)
    return waiting[0] if len(waiting) == 1 else None


def _without_code(scene: _Scene) -> str:
    if scene.command.verb != "ok":
        return scene.say("code_missing", word=scene.command.verb.upper())
    waiting = sight.waiting_for(scene.connection, scene.me)
    return scene.say("which", codes=", ".join(waiting[:_CODES])) if waiting else scene.say("none_waiting")


def _ok(scene: _Scene, report: Row[Any]) -> str:
    outcome = actions.acknowledge(scene.connection, scene.me, report.id, scene.now)
    if outcome == "yours":
        scene.record("case.acknowledge", report.code)
        return scene.say("acknowledged", code=report.code)
    return _refused(scene, report, outcome)


def _ver(scene: _Scene, report: Row[Any]) -> str:
    _note(scene, "story", report)
    scene.record("case.read", report.code)
    return scene.say("sending", code=report.code)


def _pregunta(scene: _Scene, report: Row[Any]) -> str:
    words = scene.command.words
    if not words:
        return scene.say("question_missing", code=report.code)
    if len(words) > _LONGEST_QUESTION:
        return scene.say("question_long", count=str(_LONGEST_QUESTION))
    outcome = actions.ask(
        scene.connection, scene.desk.vault, scene.me, report.id, words, now=scene.now, question_id=scene.key("question")
    )
    if outcome == "asked":
        scene.record("case.ask", report.code)
        return scene.say("asked", code=report.code)
    return _refused(scene, report, outcome)


def _llamar(scene: _Scene, report: Row[Any]) -> str:
    profile = scene.desk.profile
    night = profile.duty.is_night(duty.local(profile, scene.now))
    outcome = actions.call(scene.connection, scene.me, report.id, scene.now, night=night)
    if outcome == "calling":
        scene.record("case.call", report.code)
        return scene.say("calling", code=report.code)
    return _refused(scene, report, outcome)


def _cerrar(scene: _Scene, report: Row[Any]) -> str:
    rules, words = scene.desk.profile.duty, scene.command.words
    outcome = rules.outcome(words)
    sealed = scene.desk.vault.seal(words.encode()) if words else None
    done = actions.close(scene.connection, scene.me, report.id, outcome, scene.now, words=sealed)
    if done == "taken":
        return _refused(scene, report, done)
    scene.record("case.close", report.code)
    known = rules.outcomes.get(report.outcome or outcome, rules.outcomes["otro"])
    if known.slug == "otro":
        return scene.say("closed_plain", code=report.code)
    return scene.say("closed", code=report.code, outcome=known.names[scene.desk.language])


def _pasar(scene: _Scene, report: Row[Any]) -> str:
    words = scene.command.words
    if not words:
        return scene.say("pass_whom", code=report.code)
    who, found = _whom(scene, words)
    if len(found) != 1:
        return scene.say("pass_several" if found else "pass_unknown", who=who)
    outcome = _pass(scene, report, found[0])
    if outcome == "passed":
        scene.record("case.pass", report.code)
        mine = report.acknowledged_by == scene.me
        return scene.say("passed" if mine else "passed_other", code=report.code, who=who)
    if outcome == "not_allowed":
        return scene.say("pass_not_allowed", code=report.code)
    return scene.say("pass_away", who=who) if outcome == "away" else _refused(scene, report, outcome)


def _que(scene: _Scene, report: Row[Any]) -> str:
    """A code and no verb."""
    return scene.say("what_with", code=report.code)


_DO: dict[Verb, Callable[[_Scene, Row[Any]], str]] = {
    "ok": _ok,
    "ver": _ver,
    "pregunta": _pregunta,
    "llamar": _llamar,
    "cerrar": _cerrar,
    "pasar": _pasar,
    "que": _que,
}


def _whom(scene: _Scene, words: str) -> tuple[str, list[str]]:
    """How to call whom `words` mean, and who that may be. Of several supervisors the first on duty is meant."""
    words = people.without_reason(words)
    number = any(sign.isdigit() for sign in words)
    who = scene.say("somebody") if number else words[:_LONGEST_NAME].strip(" .,;:").title()
    found = [one for one in people.named(scene.connection, scene.desk.vault, words) if one != scene.me]
    if len(found) > 1 and people.is_role(words):
        serving = duty.on_duty_at(scene.connection, scene.desk.profile, scene.now)
        found = [one for one in found if one in serving][:1] or found[:1]
    return who, found


def _shift(scene: _Scene) -> str | None:
    if scene.command.verb == "servicio":
        duty.go_on(scene.connection, scene.me, scene.now)
        scene.record("liaison.back", scene.me)
        return scene.say("on")
    who, found = _whom(scene, scene.command.words) if scene.command.words else ("", [])
    if scene.command.words and len(found) != 1:
        return None if not found else scene.say("pass_several", who=who)
    left = sight.waiting_for(scene.connection, scene.me)
    codes = duty.go_off(scene.connection, scene.me, scene.now)
    scene.desk.bell.ring("escalate")
    scene.record("liaison.away", scene.me)
    listed = ", ".join(codes[:_CODES])
    if not codes:
        return scene.say("off_left", codes=", ".join(left[:_CODES])) if left else scene.say("off")
    if not found:
        return scene.say("off_with", codes=listed)
    handed = [code for code in codes if _handed(scene, code, found[0])]
    return (
        scene.say("off_handed", who=who, codes=", ".join(handed[:_CODES]))
        if handed
        else scene.say("pass_away", who=who)
    )


def _handed(scene: _Scene, code: str, to: str) -> bool:
    report = sight.by_code(scene.connection, scene.me, code)
    if report is None or _pass(scene, report, to) != "passed":
        return False
    scene.record("case.pass", code)
    return True


def _pass(scene: _Scene, report: Row[Any], to: str) -> actions.Passed:
    rules = scene.desk.profile.duty
    return actions.pass_on(scene.connection, scene.me, report.id, to, rules=rules, now=scene.now)


def _refused(scene: _Scene, report: Row[Any], why: str) -> str:
    if why == "taken":
        # Names are sealed: the back office says who has it.
        _note(scene, "taken", report)
        return ""
    key = "closed_already" if why == "closed" else why
    if why in ("no_calls", "no_texts") and report.no_calls and report.no_texts:
        key = "no_contact"
    elif why == "night" and report.no_texts:
        key = "night_no_texts"
    return scene.say(key, code=report.code)


def _note(scene: _Scene, purpose: str, report: Row[Any]) -> None:
    """Has the back office text the liaison about the case, once for this message."""
    id_ = scene.key(purpose)
    row = errands.delivery(purpose, report.id, scene.me, "sms", scene.now, id=id_, step=int(id_[:7], 16))
    errands.add(scene.connection, [row])
