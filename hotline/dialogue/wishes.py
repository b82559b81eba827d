"""What whoever reports wishes for the report itself: no calls, no answers, to have it erased; and texts by machines."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hotline.language.fold import plain
from hotline.profile import Profile

# No wish and no machine's text lacks all of these. Looked for first: most reports hold none, and a caller waits.
_SIGNS = re.compile(
    r"\b(?:n[oi]|sin|nada)\b.{0,40}?"
    r"(?:yam|llam|mar[qk]|habl|contest|respon|escrib|mensaj|sms|text|envi|mand|guard|respuest)"
    r"|(?:b|v)orr|elimin|delete|erase|repl(?:y|ies)|don.?t |do not |automat|entrega|deliver|saldo|recarg|codigo|code|"
    r"tarde|luego|al rato|reunion|junta|baja|vigencia|paquete|promocion|out of"
)
_LONGEST = 1600


@dataclass(frozen=True, slots=True)
class Wishes:
    """`no_calls`, `no_texts`, `erase`: wished for by who reports. `machine`: nobody wrote this."""

    no_calls: bool = False
    no_texts: bool = False
    erase: bool = False
    machine: bool = False


NONE = Wishes()


def wishes(text: str, profile: Profile) -> Wishes:
    """The wishes in `text`. Never raises."""
    if not _SIGNS.search(plain(text)):
        return NONE
    tables = profile.intents
    book = tables.wishing
    found = {tables.wishes[match.phrase] for match in book.find(book.read(text[:_LONGEST]))}
    if not found:
        return NONE
    return Wishes("no_calls" in found, "no_texts" in found, "erase" in found, "machine" in found)
