"""What whoever reports wishes for the report itself: no calls, no answers, to have it erased; and texts by machines."""

from __future__ import annotations

from dataclasses import dataclass

from hotline.language.phrases import Read
from hotline.language.sounds import sounds
from hotline.profile import Profile


@dataclass(frozen=True, slots=True)
class Wishes:
    """`no_calls`, `no_texts`, `erase`: wished for by who reports. `machine`: nobody wrote this."""

    no_calls: bool = False
    no_texts: bool = False
    erase: bool = False
    machine: bool = False


NONE = Wishes()
_FAREWELLS = frozenset(
    sounds(word) for word in ("gracias", "adios", "ok", "okey", "listo", "enterado", "vale", "bye", "thanks")
)


def only_thanks(text: str, profile: Profile) -> bool:
    """Whether `text` thanks or says goodbye and tells nothing."""
    words = profile.intents.book.read(text).words
    known = profile.intents.courtesy | _FAREWELLS
    return not _FAREWELLS.isdisjoint(words) and all(word in known for word in words)


def wishes(text: str, profile: Profile, read: Read | None = None) -> Wishes:
    """The wishes in `text`. `read`: the text as `IntentTables.book` reads it, where that was done before."""
    tables = profile.intents
    read = read or tables.book.read(text)
    # Most reports hold none, and a caller waits.
    if tables.wish_words.isdisjoint(read.words):
        return NONE
    found = {tables.wishes[match.phrase] for match in tables.wishing.find(read)}
    if not found:
        return NONE
    return Wishes("no_calls" in found, "no_texts" in found, "erase" in found, "machine" in found)
