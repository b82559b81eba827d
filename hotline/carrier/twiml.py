"""TwiML: what we tell the carrier to say, ask and send.

The SDK's classes accept any attribute and any value, so the few forms the hotline uses are made here only, each with
what Twilio's documents require. https://www.twilio.com/docs/voice/twiml/gather
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape

from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse

from hotline.language.gsm import to_gsm7

_HERE = "what-we-answer"
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


class Speech:
    """A voice response under construction, in the order it will be heard."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._response = VoiceResponse()

    def say(self, *texts: str) -> Speech:
        for text in texts:
            self._response.say(text, language=self._voice.language, voice=self._voice.name)
        return self

    def pause(self, seconds: int = 1) -> Speech:
        self._response.pause(length=seconds)
        return self

    def ask_key(self, prompts: Sequence[str], action: str, *, digits: int = 1, seconds: int = 6) -> Speech:
        """Asks for up to `digits` keys; `action` is called in any case, with no Digits after `seconds` of silence."""
        gather = self._response.gather(
            input="dtmf",
            num_digits=digits,
            timeout=seconds,
            action=action,
            method="POST",
            action_on_empty_result=True,
            # With one digit every key counts, # and * too; with several # ends the entry early.
            finish_on_key="" if digits == 1 else "#",
        )
        for prompt in prompts:
            gather.say(prompt, language=self._voice.language, voice=self._voice.name)
        return self

    def ask_words(self, prompts: Sequence[str], action: str, partial: str, *, seconds: int = 6) -> Speech:
        """Listens until silence or any key; `action` is called in any case. While somebody speaks `partial` gets what
        is understood so far, so that who hangs up in mid-sentence has been heard. At most 60 s a round (Twilio)."""
        gather = self._response.gather(
            input="dtmf speech",
            num_digits=1,
            finish_on_key="",
            timeout=seconds,
            speech_timeout="auto",
            language=self._voice.language,
            action=action,
            method="POST",
            action_on_empty_result=True,
            partial_result_callback=partial,
            partial_result_callback_method="POST",
        )
        for prompt in prompts:
            gather.say(prompt, language=self._voice.language, voice=self._voice.name)
        return self

    def redirect(self, path: str) -> Speech:
        self._response.redirect(path, method="POST")
        return self

    def hang_up(self) -> Speech:
        self._response.hangup()
        return self

    def __str__(self) -> str:
        return str(self._response)
