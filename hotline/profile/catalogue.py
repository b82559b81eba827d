"""Which texts a profile must carry, where each is used, what may be filled in, and how long it may get.

The loader holds every language of every profile against this table; the code asks for texts by these keys only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class TextSpec:
    """One text: its channel, the placeholders it may hold, and for SMS the most segments it may take."""

    channel: Literal["sms", "voice", "mail", "page"]
    values: tuple[str, ...] = ()
    segments: int = 1


CATALOGUE: Mapping[str, TextSpec] = {
    # To whoever reports, by text. The phone may be in other hands: neutral, short, no name of the service.
    "sms.received": TextSpec("sms", ("clave",)),
    "sms.received_asking_place": TextSpec("sms", ("clave",)),
    "sms.received_empty": TextSpec("sms", ("clave",)),
    "sms.received_media": TextSpec("sms", ("clave",)),
    "sms.place_noted": TextSpec("sms", ("place",)),
    "sms.added": TextSpec("sms"),
    "sms.added_media": TextSpec("sms"),
    "sms.help": TextSpec("sms"),
    # To liaisons, by text.
    "liaison.urgent": TextSpec("sms", ("urgency", "code", "kind", "place", "hour", "story"), segments=10),
    "liaison.update": TextSpec("sms", ("code", "kind", "place", "story"), segments=10),
    "liaison.answer": TextSpec("sms", ("code", "story"), segments=10),
    "liaison.passed_to_you": TextSpec("sms", ("urgency", "code", "kind", "place", "hour", "story"), segments=10),
    "liaison.story": TextSpec("sms", ("urgency", "code", "kind", "place", "hour", "story"), segments=10),
    "liaison.pattern": TextSpec("sms", ("what", "count", "codes", "places"), segments=2),
    "liaison.no_place": TextSpec("sms"),
    "liaison.no_kind": TextSpec("sms"),
    "liaison.held_story": TextSpec("sms"),
    "liaison.no_words": TextSpec("sms"),
    "liaison.somebody": TextSpec("sms"),
    "liaison.acknowledged": TextSpec("sms", ("code",)),
    "liaison.taken": TextSpec("sms", ("code", "who")),
    "liaison.closed_already": TextSpec("sms", ("code",)),
    "liaison.not_yours": TextSpec("sms", ("code",)),
    "liaison.did_you_mean": TextSpec("sms", ("code", "other")),
    "liaison.code_missing": TextSpec("sms", ("word",)),
    "liaison.which": TextSpec("sms", ("codes",)),
    "liaison.none_waiting": TextSpec("sms"),
    "liaison.asked": TextSpec("sms", ("code",)),
    "liaison.question_missing": TextSpec("sms", ("code",)),
    "liaison.question_long": TextSpec("sms", ("count",)),
    "liaison.question_failed": TextSpec("sms", ("code",)),
    "liaison.no_texts": TextSpec("sms", ("code",)),
    "liaison.no_calls": TextSpec("sms", ("code",)),
    "liaison.no_address": TextSpec("sms", ("code",)),
    "liaison.night": TextSpec("sms", ("code",)),
    "liaison.calling": TextSpec("sms", ("code",)),
    "liaison.call_failed": TextSpec("sms", ("code",)),
    "liaison.closed": TextSpec("sms", ("code", "outcome")),
    "liaison.passed": TextSpec("sms", ("code", "who")),
    "liaison.pass_whom": TextSpec("sms", ("code",)),
    "liaison.pass_unknown": TextSpec("sms", ("who",)),
    "liaison.pass_several": TextSpec("sms", ("who",)),
    "liaison.pass_not_allowed": TextSpec("sms", ("code",)),
    "liaison.pass_away": TextSpec("sms", ("who",)),
    "liaison.sending": TextSpec("sms", ("code",)),
    "liaison.off": TextSpec("sms"),
    "liaison.off_with": TextSpec("sms", ("codes",)),
    "liaison.off_handed": TextSpec("sms", ("who", "codes")),
    "liaison.on": TextSpec("sms"),
    "liaison.help": TextSpec("sms"),
    "liaison.try_again": TextSpec("sms"),
    # On a liaison's behalf to who reported. Neutral: the phone may be in other hands.
    "liaison.to_reporter": TextSpec("sms", ("words",), segments=3),
    "digest.sms": TextSpec("sms", ("count", "summary"), segments=2),
    "digest.sms_whole": TextSpec("sms", ("count", "summary"), segments=2),
    "digest.sms_quiet": TextSpec("sms", ("waiting",), segments=2),
    "digest.subject": TextSpec("mail", ("count", "date")),
    "digest.subject_quiet": TextSpec("mail", ("date",)),
    # To the operator, when nobody answers for an urgent case.
    "watch.subject": TextSpec("mail", ("code",)),
    "watch.text": TextSpec("mail", ("urgency", "code", "kind", "place", "minutes")),
    # Calls of ours: to a liaison, and to who reported. Whoever answers may not be who was meant.
    "duty.waits": TextSpec("voice"),
    "duty.moment": TextSpec("voice"),
    "duty.story": TextSpec("voice", ("code", "kind", "place", "story")),
    "duty.choose": TextSpec("voice"),
    "duty.yours": TextSpec("voice", ("code",)),
    "duty.next": TextSpec("voice"),
    "duty.taken": TextSpec("voice"),
    "duty.talk": TextSpec("voice"),
    "duty.joining": TextSpec("voice"),
    "duty.not_now": TextSpec("voice"),
    # The call.
    "voice.welcome": TextSpec("voice"),
    "voice.menu": TextSpec("voice"),
    "voice.wrong_key": TextSpec("voice"),
    "voice.no_key": TextSpec("voice"),
    "voice.kind": TextSpec("voice"),
    "voice.kind_option": TextSpec("voice", ("kind", "digit")),
    "voice.place": TextSpec("voice"),
    "voice.place_unknown": TextSpec("voice"),
    "voice.place_noted": TextSpec("voice", ("place",)),
    "voice.place_skipped": TextSpec("voice"),
    "voice.story": TextSpec("voice"),
    "voice.story_more": TextSpec("voice"),
    "voice.story_unheard": TextSpec("voice"),
    "voice.clave": TextSpec("voice", ("clave",)),
    "voice.clave_again": TextSpec("voice", ("clave",)),
    "voice.farewell": TextSpec("voice"),
    "voice.goodbye": TextSpec("voice"),
}
