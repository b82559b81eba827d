"""Calls: one route a question. The position in the call is all that a URL carries."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Response, request, url_for

from hotline.carrier.inbound import CallStep
from hotline.carrier.twiml import Speech
from hotline.desk import PARTIAL_GRACE, front_desk
from hotline.dialogue.calling import HELPS, ROUNDS, Position, Question, Turn
from hotline.webhooks import signed_by_carrier, twiml, webhooks

_STORY_SILENCE_SECONDS = 5
_PLACE_DIGITS = 5


@webhooks.post("/voice")
@signed_by_carrier
def answer_call() -> Response:
    _step()  # refuses a request without CallSid before anything is said
    return _speak(front_desk().script.welcome())


@webhooks.post("/voice/menu")
@signed_by_carrier
def after_menu() -> Response:
    return _speak(front_desk().script.after_menu(_position("menu"), _step().digits))


@webhooks.post("/voice/kind")
@signed_by_carrier
def after_kind() -> Response:
    desk, step, at = front_desk(), _step(), _position("kind")
    turn = desk.script.after_kind(at, step.digits)
    desk.keep_turn(step, at, turn)
    return _speak(turn)


@webhooks.post("/voice/place")
@signed_by_carrier
def after_place() -> Response:
    desk, step, at = front_desk(), _step(), _position("place")
    turn = desk.script.after_place(at, step.digits)
    desk.keep_turn(step, at, turn)
    return _speak(turn)


@webhooks.post("/voice/story")
@signed_by_carrier
def after_story() -> Response:
    desk, step, at = front_desk(), _step(), _position("story")
    turn = desk.script.after_story(at, words=bool(step.words), digits=step.digits)
    kept = desk.keep_turn(step, at, turn)
    clave = kept.clave if kept is not None and turn.tells_clave else None
    return _speak(turn, clave)


@webhooks.post("/voice/story/partial")
@signed_by_carrier
def story_so_far() -> Response:
    """What is understood while the caller still speaks; each supersedes the one before."""
    desk, step, at = front_desk(), _step(), _position("story")
    if step.partial:
        desk.keep_step(
            step,
            f"story:{at.round}:partial",
            {"body": step.partial.reveal()},
            ready_in=PARTIAL_GRACE,
            supersedes=True,
        )
    return Response("", status=204)


def _step() -> CallStep:
    return CallStep.from_form(request.form, country=front_desk().profile.country)


def _position(question: Question) -> Position:
    """Where the caller stands, from the URL that we made and the carrier signed."""
    return Position(
        question,
        tries=min(max(request.args.get("tries", 0, type=int), 0), HELPS),
        round=min(max(request.args.get("round", 1, type=int), 1), ROUNDS),
        told=request.args.get("told") == "1",
    )


def _speak(turn: Turn, clave: str | None = None) -> Response:
    desk, at = front_desk(), turn.position
    speech = Speech(desk.voice)
    if at.question in ("menu", "kind"):
        speech.ask_key(turn.prompts, _url(f"after_{at.question}", tries=at.tries))
    elif at.question == "place":
        speech.ask_key(turn.prompts, _url("after_place", tries=at.tries), digits=_PLACE_DIGITS, seconds=8)
    elif at.question == "story":
        speech.ask_words(
            turn.prompts,
            _url("after_story", tries=at.tries, round=at.round, told=int(at.told)),
            _url("story_so_far", round=at.round),
            seconds=_STORY_SILENCE_SECONDS,
        )
    else:
        speech.say(*turn.prompts)
        if clave is not None:
            speech.say(*desk.script.telling_clave(clave))
        speech.hang_up()
    return twiml(speech)


def _url(endpoint: str, **position: int) -> str:
    return front_desk().url(f"{url_for(f'webhooks.{endpoint}')}?{urlencode(position)}")
