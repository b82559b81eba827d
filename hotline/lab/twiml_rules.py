"""The grammar of TwiML as Twilio documents it: for each verb its attributes, their values and what may be inside.

Each rule quotes or sums up its clause, and carries the code under which Twilio's debugger reports a breach. The table
is narrower than Twilio where a narrower document is safer on Twilio-compatible servers: no `<Pause>` in `<Gather>`,
and none of the verbs that a hotline has no use for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

SCHEMA = 12200
EMERGENCY = frozenset({"060", "065", "066", "068", "075", "080", "088", "089", "112", "911"})
_SPANISH = "AR BO CL CO CR DO EC ES GT HN MX NI PA PE PR PY SV US UY VE"
_ENGLISH = "AU CA GB GH IE IN KE NG NZ PH SG TZ US ZA"
LANGUAGES = frozenset(
    [f"es-{c}" for c in _SPANISH.split()] + [f"en-{c}" for c in _ENGLISH.split()] + ["pt-BR", "fr-FR", "fr-CA"]
)
# "phone_call" and the experimental models are listed for a few languages, and es-MX is not among them.
NARROW_MODELS = frozenset({"phone_call", "experimental_conversations", "experimental_utterances"})
NARROW_LANGUAGES = frozenset({"en-US", "en-GB", "en-AU", "es-US", "es-ES", "fr-FR", "pt-BR"})
_MODEL = re.compile(
    r"default|numbers_and_commands|phone_call|experimental_(?:conversations|utterances)"
    r"|googlev2_[a-z_]+|deepgram_nova-[23](?:-[a-z]+)?"
)
_VOICE = re.compile(r"man|woman|alice|(?:Polly|Google)\.[A-Za-z]+(?:[A-Za-z0-9-]*)")

Check = Callable[[str], bool]


def one_of(*values: str) -> Check:
    return frozenset(values).__contains__


def whole(low: int, high: int | None = None) -> Check:
    def check(value: str) -> bool:
        return value.isascii() and value.isdigit() and int(value) >= low and (high is None or int(value) <= high)

    return check


def url(value: str) -> bool:
    """Relative or absolute; no blanks; no scheme but http and https."""
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", value)
    return bool(value) and not re.search(r"\s", value) and (scheme is None or scheme[1] in {"http", "https"})


def any_of(*values: str) -> Check:
    """Blank-separated values, each at most once."""
    allowed = frozenset(values)

    def check(value: str) -> bool:
        given = value.split(" ")
        return len(given) == len(set(given)) and allowed.issuperset(given)

    return check


def e164(value: str) -> bool:
    return re.fullmatch(r"\+[1-9]\d{6,14}", value) is not None


boolean, method = one_of("true", "false"), one_of("GET", "POST")


@dataclass(frozen=True)
class Attribute:
    check: Check
    clause: str
    default: str | None = None
    code: int = SCHEMA


@dataclass(frozen=True)
class Rule:
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    children: frozenset[str] = frozenset()
    text: str = "none"  # none, some (must not be empty), or instead (either text or children)
    clause: str = ""
    nesting_code: int = SCHEMA


def _action(code: int) -> dict[str, Attribute]:
    return {
        "action": Attribute(url, "action: relative or absolute URL"),
        "method": Attribute(method, "method: GET, POST", "POST", code),
    }


# Speech Synthesis Markup inside <Say>, "supported SSML tags".
SSML: Mapping[str, frozenset[str]] = {
    "break": frozenset({"strength", "time"}),
    "emphasis": frozenset({"level"}),
    "lang": frozenset({"{http://www.w3.org/XML/1998/namespace}lang"}),
    "p": frozenset(),
    "s": frozenset(),
    "phoneme": frozenset({"alphabet", "ph"}),
    "prosody": frozenset({"volume", "rate", "pitch"}),
    "say-as": frozenset({"interpret-as", "format", "role"}),
    "sub": frozenset({"alias"}),
    "w": frozenset({"role"}),
}

_SAY = Rule(
    {
        "voice": Attribute(
            lambda v: _VOICE.fullmatch(v) is not None, "voice: man, woman, Polly.…, Google.…", code=13511
        ),
        "language": Attribute(LANGUAGES.__contains__, "language: a supported BCP-47 tag", "en-US"),
        "loop": Attribute(whole(0), "loop: integer >= 0", "1", 13510),
    },
    children=frozenset(SSML),
    text="some",
    clause="<Say>: text, at most 4,096 characters",
)
_PLAY = Rule(
    {
        "loop": Attribute(whole(0), "loop: integer >= 0", "1", 13410),
        "digits": Attribute(lambda v: re.fullmatch(r"[0-9wW*#]+", v) is not None, "digits: 0-9, w, #, *"),
    },
    text="some",
    clause="<Play>: the URL of an audio file",
)
_REDIRECT = Rule(
    {"method": Attribute(method, "method: GET, POST", "POST")},
    text="some",
    clause="<Redirect>: an absolute or relative URL",
)
_GATHER = Rule(
    {
        "input": Attribute(any_of("dtmf", "speech"), "input: dtmf, speech, dtmf speech", "dtmf"),
        **_action(13312),
        "timeout": Attribute(whole(1), "timeout: positive integer", "5", 13313),
        "speechTimeout": Attribute(
            lambda v: v == "auto" or whole(1)(v), "speechTimeout: positive integer or auto", code=13327
        ),
        "maxSpeechTime": Attribute(whole(1, 60), "speech has a maximum duration of 60 seconds", code=13328),
        "profanityFilter": Attribute(boolean, "profanityFilter: true, false", "true"),
        "finishOnKey": Attribute(
            one_of(*"0123456789#*", ""), "finishOnKey: 0-9, #, * and '' (the empty string)", "#", 13310
        ),
        "numDigits": Attribute(whole(1), "numDigits: positive integer", code=13314),
        "partialResultCallback": Attribute(url, "partialResultCallback: relative or absolute URL"),
        "partialResultCallbackMethod": Attribute(method, "partialResultCallbackMethod: GET, POST", "POST"),
        "language": Attribute(LANGUAGES.__contains__, "language: a supported BCP-47 tag", "en-US"),
        "hints": Attribute(
            lambda v: len(v.split(",")) <= 500 and all(len(h.strip()) <= 100 for h in v.split(",")),
            "hints: up to 500 words or phrases of at most 100 characters",
        ),
        "bargeIn": Attribute(boolean, "bargeIn: true, false", "true"),
        "actionOnEmptyResult": Attribute(boolean, "actionOnEmptyResult: true, false", "false", 13338),
        "speechModel": Attribute(lambda v: _MODEL.fullmatch(v) is not None, "speechModel: a listed model", code=13334),
        "enhanced": Attribute(boolean, "enhanced: true, false", "false"),
        "debug": Attribute(boolean, "debug: true, false", "false"),
    },
    children=frozenset({"Say", "Play"}),
    clause="The only valid nested elements of the Gather verb are Say and Play",
    nesting_code=13320,
)
_RECORD = Rule(
    {
        **_action(13610),
        "timeout": Attribute(whole(1), "timeout: positive integer", "5", 13611),
        "finishOnKey": Attribute(
            lambda v: re.fullmatch(r"[0-9#*]*", v) is not None,
            "finishOnKey: any digit, #, *",
            "1234567890*#",
            13613,
        ),
        "maxLength": Attribute(whole(1, 14400), "maxLength: integer greater than 1", "3600", 13612),
        "playBeep": Attribute(boolean, "playBeep: true, false", "true", 13616),
        "trim": Attribute(one_of("trim-silence", "do-not-trim"), "trim: trim-silence, do-not-trim"),
        "recordingStatusCallback": Attribute(url, "recordingStatusCallback: relative or absolute URL"),
        "recordingStatusCallbackMethod": Attribute(method, "recordingStatusCallbackMethod: GET, POST", "POST"),
        "recordingStatusCallbackEvent": Attribute(
            any_of("in-progress", "completed", "absent"),
            "recordingStatusCallbackEvent: in-progress, completed, absent",
            "completed",
        ),
        "transcribe": Attribute(boolean, "transcribe: true, false", "false", 13614),
        "transcribeCallback": Attribute(url, "transcribeCallback: relative or absolute URL"),
    },
    clause="<Record> has nothing inside",
)
_DIAL = Rule(
    {
        **_action(13210),
        "timeout": Attribute(whole(1, 600), "timeout: positive integer", "30", 13212),
        "hangupOnStar": Attribute(boolean, "hangupOnStar: true, false", "false", 13213),
        "timeLimit": Attribute(whole(1, 14400), "timeLimit: positive integer (seconds)", "14400"),
        "callerId": Attribute(e164, "callerId: a valid phone number", code=13214),
        "answerOnBridge": Attribute(boolean, "answerOnBridge: true, false", "false"),
        "ringTone": Attribute(lambda v: re.fullmatch(r"[a-z]{2}(-old)?", v) is not None, "ringTone: a country code"),
        "record": Attribute(one_of("do-not-record"), "this hotline never records a bridged call"),
        "sequential": Attribute(boolean, "sequential: true, false", "false"),
    },
    children=frozenset({"Number"}),
    text="instead",
    clause="<Dial>: a phone number, or up to ten <Number> nouns",
)
_NUMBER = Rule(
    {
        "sendDigits": Attribute(lambda v: re.fullmatch(r"[0-9wW*#]+", v) is not None, "sendDigits: digits", code=13222),
        "url": Attribute(url, "url: relative or absolute URL"),
        "method": Attribute(method, "method: GET, POST", "POST", 13221),
        "statusCallback": Attribute(url, "statusCallback: any URL"),
        "statusCallbackMethod": Attribute(method, "statusCallbackMethod: GET, POST", "POST"),
        "statusCallbackEvent": Attribute(
            any_of("initiated", "ringing", "answered", "completed"),
            "statusCallbackEvent: initiated, ringing, answered, completed",
            "completed",
        ),
    },
    text="some",
    clause="<Number>: a phone number in E.164 format with a + and country code",
    nesting_code=13223,
)

VOICE: Mapping[str, Rule] = {
    "Say": _SAY,
    "Play": _PLAY,
    "Pause": Rule({"length": Attribute(whole(1), "length: integer > 0", "1")}, clause="<Pause> has nothing inside"),
    "Gather": _GATHER,
    "Record": _RECORD,
    "Redirect": _REDIRECT,
    "Dial": _DIAL,
    "Reject": Rule(
        {"reason": Attribute(one_of("rejected", "busy"), "reason: rejected, busy", "rejected")},
        clause="You can't nest any verbs within <Reject>",
    ),
    "Hangup": Rule(clause="<Hangup> has no attributes and nothing inside"),
}
MESSAGING: Mapping[str, Rule] = {
    "Message": Rule(
        {
            "to": Attribute(e164, "to: a valid phone number, E.164"),
            "from": Attribute(
                lambda v: re.fullmatch(r"\+[1-9]\d{6,14}|\d{3,6}|[A-Za-z0-9]{1,11}", v) is not None,
                "from: phone number, short code or 1-11 characters",
            ),
            **_action(14101),
            "statusCallback": Attribute(url, "statusCallback: relative or absolute URL"),
        },
        children=frozenset({"Body", "Media"}),
        text="instead",
        clause="<Message>: text, or <Body> and <Media>",
    ),
    "Redirect": _REDIRECT,
}
NOUNS: Mapping[str, Rule] = {
    "Number": _NUMBER,
    "Body": Rule(text="some", clause="<Body>: the words of the message"),
    "Media": Rule(text="some", clause="<Media>: the URL of a medium"),
}
# Real verbs and nouns of Twilio that this lab leaves out.
ELSEWHERE = frozenset(
    {
        "Connect",
        "Enqueue",
        "Leave",
        "Pay",
        "Prompt",
        "Refer",
        "Siprec",
        "Sms",
        "Start",
        "Stop",
        "Stream",
        "Sim",
        "Client",
    }
)
