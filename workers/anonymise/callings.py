"""Asking to be called, or telling whom to call: whose the number is hangs on who asks."""

from __future__ import annotations

from workers.anonymise import voices
from workers.anonymise.wordlist import bag

ASKED = bag("pueden puede podrian podria pueda puedan favor gusta ocupan necesitan si cualquier")
_ONE_CALLS = bag("hablas marcas llamas escribes")
COMMANDS = bag("dijo dice dise dijeron decia :")
_WISHED = ASKED | bag("quiero necesito pido ojala espero para pa solicito kiero prefiero gustaria dejo")


def called(words: list[str], index: int, word: str, before: str, to: bool) -> str | None:
    """ "llamen al 55…" asks for the reporter's number, "que marque al 55…", "no contesten al 55…" are theirs."""
    back = words[max(0, index - 7) : index]
    if word in _ONE_CALLS and "no" not in back[-2:]:
        return "suspect"
    if before in ("de", "d") and any(w in ("dejo", "dejaron", "dejan", "deja", "paran", "cansan") for w in back[-3:]):
        return "suspect"
    if before in ("de", "a") and any(w in ("me", "nos", "m") for w in back[-4:]) and not to:
        return "suspect"
    if before in ("le", "les") and back[-2:-1] and back[-2] in ("que", "q", "ke", "k"):
        return "suspect"
    if word.endswith(("ara", "era", "aramos")) and any(w in ("que", "q", "ke", "k") for w in back[-2:]):
        return "suspect"
    if (
        back[-2:] in (["hay", "que"], ["tengo", "que"], ["tenia", "que"], ["hay", "q"], ["tengo", "q"])
        or before == "debo"
    ):
        return "suspect"
    if "no" in back[-2:]:
        return "suspect" if word.startswith("contest") else "stop"
    if word.startswith("contest"):
        return "stop"
    if back[-1:] and back[-1] in COMMANDS and word.endswith(("e", "ate", "a")):
        return "suspect"
    if back[-1:] == ["pa"] or back[-1:] == ["para"]:
        return "stop"
    if back[-1:] in (["que"], ["q"], ["ke"]) and word.endswith(("e", "en", "es")) and _WISHED.isdisjoint(back[-5:]):
        return "suspect"
    asked = any(w in ("que", "q", "ke", "k", "porque") for w in back[-3:]) and any(w in voices.SAID for w in back)
    if asked and not any(w in ASKED for w in back[-2:]):
        return "suspect"
    if any(w in voices.SAID for w in back) or before in ("le", "les", "me"):
        return "stop"
    return "reporter" if to and (any(w in ASKED for w in back[-3:]) or word in ("llamen", "marquen")) else "stop"


def is_object(words: list[str], index: int) -> bool:
    """Whether the person at `index` is whom something is done to: "a mi mamá", "al señor"."""
    back = words[max(0, index - 3) : index]
    return "a" in back[-2:] or "al" in back[-2:] or (bool(back) and back[-1] == "mi" and "a" in back)
