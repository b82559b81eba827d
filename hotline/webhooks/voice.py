"""Calls: one route a question. The position in the call is all that a URL carries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from flask import Response, request

from hotline.calls_desk import CallsDesk, Reply
from hotline.carrier.inbound import CallStep
from hotline.carrier.twiml import Speech
from hotline.desk import front_desk
from hotline.dialogue.positions import QUESTIONS, Position, Question
from hotline.webhooks import signed_by_carrier, twiml, webhooks


@dataclass(frozen=True, slots=True)
class _Listening:
    """How a question is listened to: up to so many keys, ended by `finish`; words too or not; how long a silence."""

    keys: int = 1
    finish: str = ""
    words: bool = False
    seconds: int = 7


_LISTENING: dict[Question, _Listening] = {
    "place": _Listening(keys=5, finish="#", words=True),
    "locality": _Listening(keys=5, finish="#", words=True),
    "story": _Listening(words=True, seconds=5),
    "clave": _Listening(keys=10, finish="*", seconds=10),
    "kept": _Listening(seconds=5),
    "person": _Listening(seconds=15),
}
# Seconds of a story told to a recorder.
_MOST_RECORDED = 300
# Whatever is said in answer to these is a report.
_REPORTING: frozenset[Question] = frozenset({"menu", "place", "story"})


@webhooks.post("/voice")
@signed_by_carrier
def answer_call() -> Response:
    reply = _desk().begins(_step())
    return twiml(Speech().reject()) if reply is None else _speak(reply)


@webhooks.post("/voice/story/partial")
@signed_by_carrier
def story_so_far() -> Response:
    """What is understood while the caller still speaks."""
    _desk().hears(_step(), Position.read("story", request.args))
    return Response("", status=204)


@webhooks.post("/voice/talked")
@signed_by_carrier
def after_a_person() -> Response:
    return _speak(_desk().talked(_step(), Position.read("person", request.args)))


@webhooks.post("/voice/whisper")
@signed_by_carrier
def whisper() -> Response:
    """What the liaison hears, alone. Without the key the call is not joined: it may be a machine that answered."""
    at = Position.read("person", request.args)
    taken = front_desk().url(f"/voice/taken?{urlencode({'bridge': at.bridge})}")
    return twiml(Speech().ask(_desk().whispers(at), taken, seconds=10))


@webhooks.post("/voice/taken")
@signed_by_carrier
def taken() -> Response:
    """The liaison's key: 1 joins the two when this document ends; anything else leaves the call to the next."""
    if _step().digits != "1":
        return twiml(Speech().hang_up())
    _desk().takes(Position.read("person", request.args))
    return twiml(Speech())


@webhooks.post("/voice/recorded")
@signed_by_carrier
def recorded() -> Response:
    """A recording can be fetched, of a caller who may have hung up meanwhile."""
    _desk().note_recording(_step(), Position.read("story", request.args))
    return Response("", status=204)


def _after(question: Question) -> Response:
    return _speak(_desk().goes_on(_step(), Position.read(question, request.args)))


for _question in QUESTIONS:
    if _question != "end":
        webhooks.add_url_rule(
            f"/voice/{_question}", f"after_{_question}", signed_by_carrier(partial(_after, _question)), methods=["POST"]
        )


def _desk() -> CallsDesk:
    return CallsDesk(front_desk())


def _step() -> CallStep:
    return CallStep.from_form(request.form, country=front_desk().profile.country)


def _speak(reply: Reply) -> Response:
    at = reply.position
    if at.question == "end":
        return twiml(Speech().say(reply.lines).hang_up())
    how = _LISTENING.get(at.question, _Listening())
    if at.question == "story" and _desk().records(at):
        receipt = _url("recorded", at)
        return twiml(
            Speech().record(reply.lines, _url("story", at), receipt=receipt, seconds=how.seconds, most=_MOST_RECORDED)
        )
    words = how.words or (at.question == "menu" and _desk().menu_hears(at))
    return twiml(
        Speech().ask(
            reply.lines,
            _url(at.question, at),
            keys=how.keys,
            finish=how.finish,
            seconds=how.seconds,
            language=_desk().tongue(at) if words else "",
            partial=_url("story/partial", at) if at.question in _REPORTING else "",
            hints=_desk().place_names if at.question in ("place", "locality") else "",
        )
    )


def _url(path: str, at: Position) -> str:
    query = urlencode(at.query())
    return front_desk().url(f"/voice/{path}" + (f"?{query}" if query else ""))
