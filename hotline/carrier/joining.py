"""TwiML that joins two people: the one on the line and another who is rung up, each seeing the hotline's number.

https://www.twilio.com/docs/voice/twiml/dial
"""

from __future__ import annotations

from twilio.twiml.voice_response import VoiceResponse

from hotline.carrier.twiml import Voice

_RING_SECONDS = 30
_LONGEST_SECONDS = 3600
_VOICES = {"es": Voice("es-MX", "Polly.Mia-Neural"), "en": Voice("en-US", "Polly.Joanna-Neural")}


def voice_of(language: str) -> Voice:
    """Who speaks a language."""
    return _VOICES[language]


def joined_with(number: str, *, shown: str, afterwards: str) -> str:
    """Rings up `number`, which is shown `shown`; nothing is recorded. `afterwards` is called when it is over."""
    response = VoiceResponse()
    dial = response.dial(
        caller_id=shown,
        answer_on_bridge=True,
        timeout=_RING_SECONDS,
        time_limit=_LONGEST_SECONDS,
        action=afterwards,
        method="POST",
    )
    dial.number(number)
    return str(response)
