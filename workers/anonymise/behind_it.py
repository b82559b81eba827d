"""What is said behind a number: "55… es mi número", "55… me amenaza", "55… son estafadores"."""

from __future__ import annotations

from workers.anonymise import roles, voices
from workers.anonymise.harms import PLAIN_HARMS
from workers.anonymise.introductions import KIN
from workers.anonymise.model import Found, Owner
from workers.anonymise.phrases import MONEY, Phrase
from workers.anonymise.reading import Reading
from workers.anonymise.wordlist import bag

_AFTER = 12
_HARD = frozenset(".;!?")
_RINGS = bag("esta estan sigue siguen anda andan volvio volvieron")
_DEAD = bag("buzon apagado entra contesta suena")
_WANTS = bag("para pa")


def told(reading: Reading, find: Found, phrase: Phrase) -> Owner | None:
    """ "55… es mi número", "55… me amenaza", "55… son estafadores": the clause tells behind the number."""
    words = reading.words
    following: list[str] = []
    index = find.last
    while index < len(words) and len(following) < _AFTER:
        if not words[index].isdigit():
            following.append(words[index])
        index += 1
    if not phrase.source and any(w in ("buzon", "apagado") for w in following[:5]):
        return "reporter"
    if following[1:4] in (["es", "el", "que"], ["es", "el", "q"]) or following[:3] in (
        ["es", "el", "que"],
        ["es", "el", "q"],
    ):
        return "suspect"
    if (
        following[:1] in (["que"], ["q"], ["ke"])
        and following[1:2]
        and following[1] in voices.CALL_THEM | voices.PAYING
    ):
        return "suspect"
    if find.type in MONEY and following[:1] and following[0] in ("titular", "beneficiario", "beneficiaria"):
        return "suspect"
    for turn, word in enumerate(following[:7]):
        if word in ("deja", "dejan", "dejaban") and following[turn - 1 : turn] == ["no"] and "de" in following[turn:]:
            return "suspect"
        if word in _HARD and turn:
            break
        after = following[turn + 1] if turn + 1 < len(following) else ""
        if word in ("mio", "mia"):
            own = (
                "no" not in following[:turn]
                and "y" not in following[:turn]
                and after != "es"
                and "es" in following[:turn]
            )
            return "reporter" if own else None
        if word in roles.MINE and turn <= 4:
            if after in roles.THINGS or (after in KIN and "de" in following[:turn]):
                if any(w in ("es", "era", "ese", "son") for w in following[: turn + 1]):
                    return "reporter"
                if not (phrase.source or phrase.pointed):
                    return "reporter" if turn <= 2 and following[0] in ("de", "d", "es") else None
            return None
        if word in _DEAD and "no" in following[:turn] + ["no"] * (word in ("buzon", "apagado")):
            return None if phrase.source else "reporter" if not (phrase.target and find.type in MONEY) else None
        if word in PLAIN_HARMS and any(w in ("que", "q", "ke") for w in following[:turn]):
            return "suspect"
        if word in voices.CRIMES or (word in voices.LISTING and word.startswith(("rep", "inv"))):
            return "suspect" if turn <= 5 and "y" not in following[:1] and not phrase.his else None
        if word in voices.CONTACTING or word in voices.DEMANDING:
            if phrase.person is not None:
                return None
            target = any(w in ("me", "nos", "m", "le", "les") for w in following[: turn + 1]) or (
                after == "a" and following[turn + 2 : turn + 3] in (["mi"], ["mis"], ["los"], ["las"], ["comerciantes"])
            )
            if target or following[0] in _RINGS or (turn == 0 and phrase.start == find.first):
                return "suspect"
        if word == "nombre" and following[max(0, turn - 1)] in ("a", "al", "en") and find.type in MONEY:
            return "suspect"
        if word in _WANTS and (after in voices.PAYING or after in voices.CALL_THEM):
            return "suspect" if find.type in MONEY or not phrase.mine else None
    return None
