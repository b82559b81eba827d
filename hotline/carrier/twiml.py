"""TwiML: what we tell the carrier to say, ask and send.

The SDK's classes accept any attribute and any value, so the few forms the hotline uses are made here only, each with
what Twilio's documents require. https://www.twilio.com/docs/voice/twiml/gather
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse

from hotline.language.gsm import to_gsm7

_HERE = "what-we-answer"
_LONGEST_TALK_SECONDS = 3600
SILENCE = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks: a language tag and one of the carrier's voices for it."""

    language: str
    name: str


def text_answer(body: str, receipt: str) -> str:
    """Answers the sender's text with `body`, folded to GSM-7. The carrier reports its fate to the URL `receipt`, which
    is how we learn the id of what it sent and can have it erased."""
    before, after = _around_answer(receipt)
    return f"{before}{escape(to_gsm7(body), quote=False)}{after}"


@cache
def _around_answer(receipt: str) -> tuple[str, str]:
    """An answer's document, made once by the SDK, before and after what it says: they differ in nothing else."""
    response = MessagingResponse()
    response.message(_HERE, status_callback=receipt)
    before, _, after = str(response).partition(_HERE)
    return before, after


@dataclass(frozen=True, slots=True)
class Said:
    """Words in a voice."""

    text: str
    voice: Voice


@dataclass(frozen=True, slots=True)
class Played:
    """A recording that we serve, by its URL."""

    url: str


Line = Said | Played


class Speech:
    """A voice response under construction, in the order it will be heard. Whatever is asked can be interrupted: what
    is said first stands inside the question."""

    def __init__(self) -> None:
        self._response = VoiceResponse()

    def say(self, lines: Sequence[Line]) -> Speech:
        _speak(self._response, lines)
        return self

    def pause(self, seconds: int = 1) -> Speech:
        self._response.pause(length=seconds)
        return self

    def ask(
        self,
        lines: Sequence[Line],
        action: str,
        *,
        keys: int = 1,
        finish: str = "",
        seconds: int = 6,
        language: str = "",
        partial: str = "",
        hints: str = "",
    ) -> Speech:
        """Asks for up to `keys` keys, ended early by `finish`; with a `language` also for words, at most 60 s of them
        (Twilio). `action` is called in any case, with nothing in it after `seconds` of silence. While somebody speaks
        `partial` gets what is understood so far, so that who hangs up in mid-sentence has been heard."""
        options: dict[str, object] = {"input": "dtmf"}
        if language:
            options = {"input": "dtmf speech", "language": language, "speech_timeout": "auto"}
            if partial:
                options |= {"partial_result_callback": partial, "partial_result_callback_method": "POST"}
            if hints:
                options["hints"] = hints
        gather = self._response.gather(
            **options,
            num_digits=keys,
            timeout=seconds,
            action=action,
            method="POST",
            action_on_empty_result=True,
            finish_on_key=finish,
        )
        _speak(gather, lines)
        return self

    def record(self, lines: Sequence[Line], action: str, *, receipt: str, seconds: int, most: int) -> Speech:
        """Says `lines` and records what is told then, until `seconds` of silence, any key, or `most` seconds. `action`
        is called with the recording's id; the URL `receipt` too, once it can be fetched, even after a hang-up."""
        self.say(lines)
        self._response.record(
            action=action,
            method="POST",
            timeout=seconds,
            max_length=most,
            recording_status_callback=receipt,
            recording_status_callback_method="POST",
        )
        return self

    def reject(self) -> Speech:
        """The call is not answered and costs nobody anything. Must be all there is."""
        self._response.reject()
        return self

    def hang_up(self) -> Speech:
        self._response.hangup()
        return self

    def __str__(self) -> str:
        return str(self._response)


def bridge(number: str, *, shown: str, action: str, seconds: int, whisper: str | None = None) -> str:
    """A document that joins a call with `number`, which sees `shown` and hears the document at `whisper` first. Never
    recorded, an hour at most. `action` is called when the talk is over or did not come about."""
    response = VoiceResponse()
    dial = response.dial(
        caller_id=shown,
        timeout=seconds,
        time_limit=_LONGEST_TALK_SECONDS,
        action=action,
        method="POST",
        answer_on_bridge=True,
    )
    if whisper is None:
        dial.number(number)
    else:
        dial.number(number, url=whisper, method="POST")
    return str(response)


def redirect(url: str) -> str:
    """A document that only goes on elsewhere."""
    response = VoiceResponse()
    response.redirect(url, method="POST")
    return str(response)


def _speak(verb: Any, lines: Sequence[Line]) -> None:
    for line in lines:
        if isinstance(line, Said):
            verb.say(line.text, language=line.voice.language, voice=line.voice.name)
        else:
            verb.play(line.url)
