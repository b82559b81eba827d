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
    # To who asks for something else.
    "sms.received_erasable": TextSpec("sms", ("clave",)),
    "sms.patrol": TextSpec("sms", ("place",)),
    "sms.patrol_asking_place": TextSpec("sms"),
    "sms.help": TextSpec("sms", segments=2),
    "sms.try_again": TextSpec("sms"),
    "sms.status_ask": TextSpec("sms"),
    "sms.status_received": TextSpec("sms"),
    "sms.status_filed": TextSpec("sms"),
    "sms.status_acknowledged": TextSpec("sms"),
    "sms.status_closed": TextSpec("sms"),
    "sms.clave_wrong": TextSpec("sms"),
    "sms.clave_locked": TextSpec("sms"),
    "sms.alerts_on": TextSpec("sms", ("place",)),
    "sms.alerts_on_everywhere": TextSpec("sms"),
    "sms.alerts_off": TextSpec("sms"),
    "sms.advice_menu": TextSpec("sms"),
    "sms.jornadas": TextSpec("sms", ("dates",), segments=2),
    "sms.jornadas_none": TextSpec("sms", ("place",)),
    "sms.jornadas_none_anywhere": TextSpec("sms"),
    "sms.number_ask": TextSpec("sms"),
    "sms.number_reported": TextSpec("sms", ("count",)),
    "sms.number_bad": TextSpec("sms"),
    "sms.number_good": TextSpec("sms"),
    "sms.number_unknown": TextSpec("sms"),
    "sms.figures": TextSpec("sms", ("days", "count", "place")),
    "sms.figures_few": TextSpec("sms", ("days", "count", "place")),
    "sms.figures_all": TextSpec("sms", ("days", "count")),
    "sms.figures_all_few": TextSpec("sms", ("days", "count")),
    "sms.who": TextSpec("sms", segments=2),
    "sms.privacy": TextSpec("sms", segments=2),
    "sms.formal": TextSpec("sms", segments=2),
    "sms.erased": TextSpec("sms"),
    "sms.erased_phone": TextSpec("sms"),
    "sms.language_set": TextSpec("sms"),
    "sms.language_ask": TextSpec("sms"),
    "sms.language_none": TextSpec("sms"),
    "sms.volunteer": TextSpec("sms"),
    "sms.opinion": TextSpec("sms"),
    "sms.opinion_ask": TextSpec("sms"),
    # To liaisons, by text.
    "liaison.urgent": TextSpec("sms", ("urgency", "code", "kind", "place", "hour", "story"), segments=10),
    "liaison.update": TextSpec("sms", ("code", "kind", "place", "story"), segments=10),
    "liaison.no_place": TextSpec("sms"),
    "liaison.no_kind": TextSpec("sms"),
    "liaison.held_story": TextSpec("sms"),
    "liaison.no_words": TextSpec("sms"),
    "liaison.erased": TextSpec("sms"),
    "liaison.acknowledged": TextSpec("sms", ("code",)),
    "liaison.taken": TextSpec("sms", ("code",)),
    "liaison.not_yours": TextSpec("sms", ("code",)),
    "liaison.try_again": TextSpec("sms"),
    "digest.sms": TextSpec("sms", ("count", "summary"), segments=2),
    "digest.sms_whole": TextSpec("sms", ("count", "summary"), segments=10),
    "digest.subject": TextSpec("mail", ("count", "date")),
    # The call.
    "voice.welcome": TextSpec("voice"),
    "voice.welcome_back": TextSpec("voice"),
    "voice.calling_back": TextSpec("voice"),
    "voice.languages": TextSpec("voice"),
    "voice.wrong_key": TextSpec("voice"),
    "voice.no_key": TextSpec("voice"),
    "voice.just_speak": TextSpec("voice"),
    "voice.heard": TextSpec("voice"),
    "voice.place": TextSpec("voice"),
    "voice.place_unknown": TextSpec("voice"),
    "voice.place_noted": TextSpec("voice", ("place",)),
    "voice.place_skipped": TextSpec("voice"),
    "voice.story": TextSpec("voice"),
    "voice.story_more": TextSpec("voice"),
    "voice.story_unheard": TextSpec("voice"),
    "voice.clave": TextSpec("voice", ("clave",)),
    "voice.clave_again": TextSpec("voice", ("clave",)),
    "voice.clave_kept": TextSpec("voice"),
    "voice.clave_asked": TextSpec("voice"),
    "voice.clave_erased": TextSpec("voice"),
    "voice.clave_short": TextSpec("voice"),
    "voice.clave_wrong": TextSpec("voice"),
    "voice.clave_locked": TextSpec("voice"),
    "voice.status_received": TextSpec("voice"),
    "voice.status_filed": TextSpec("voice"),
    "voice.status_acknowledged": TextSpec("voice"),
    "voice.status_closed": TextSpec("voice"),
    "voice.status_away": TextSpec("voice"),
    "voice.locality": TextSpec("voice"),
    "voice.jornada": TextSpec("voice", ("title", "where", "day", "month", "hour")),
    "voice.jornadas_none": TextSpec("voice", ("place",)),
    "voice.alerts_on": TextSpec("voice", ("place",)),
    "voice.alerts_off": TextSpec("voice"),
    "voice.alerts_hidden": TextSpec("voice"),
    "voice.alerts_away": TextSpec("voice"),
    "voice.after": TextSpec("voice"),
    "voice.connecting": TextSpec("voice"),
    "voice.still_connecting": TextSpec("voice"),
    "voice.nobody": TextSpec("voice"),
    "voice.talked": TextSpec("voice"),
    "voice.whisper": TextSpec("voice"),
    "voice.whisper_kind": TextSpec("voice", ("kind",)),
    "voice.whisper_key": TextSpec("voice"),
    "voice.farewell": TextSpec("voice"),
    "voice.goodbye": TextSpec("voice"),
}

# What a language without a voice must have recorded, besides its menus.
FIXED_PROMPTS = (
    *(key for key in CATALOGUE if key.startswith("voice.")),
    *(f"digit.{digit}" for digit in range(10)),
)
