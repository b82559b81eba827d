"""What whoever reports wishes for the report itself: no calls, no answers, to have it erased; and texts by machines."""

from __future__ import annotations

from dataclasses import dataclass

from hotline.language.phrases import Read
from hotline.profile import Profile


@dataclass(frozen=True, slots=True)
class Wishes:
    """`no_calls`, `no_texts`, `erase`: wished for by who reports. `machine`: nobody wrote this."""

    no_calls: bool = False
    no_texts: bool = False
    erase: bool = False
    machine: bool = False


NONE = Wishes()


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
