"""What a liaison's text wants of the hotline: a word, a case code, and what goes with it. Pure; typos are forgiven.

Liaisons may be victims too: what is not plainly a command is nobody's command, and stays a report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from typing import Literal

from hotline.dialogue.intents import acknowledged_code
from hotline.language.fold import fold
from hotline.language.sounds import sounds

Verb = Literal["ok", "ver", "pregunta", "llamar", "cerrar", "pasar", "ayuda", "fuera", "servicio", "que"]

_SPELLINGS: dict[Verb, tuple[str, ...]] = {
    "ok": ("ok", "okey", "okay", "oc", "tomo", "atiendo"),
    "ver": ("ver", "leer", "caso", "mostrar"),
    "pregunta": ("pregunta", "preguntar", "preguntale", "preg"),
    "llamar": ("llamar", "llama", "llamale", "marcar", "llamada"),
    "cerrar": ("cerrar", "cierra", "cierro", "cerrado"),
    "pasar": ("pasar", "pasa", "paso", "pasale", "turnar"),
}
_VERBS: dict[str, Verb] = {sounds(spelling): verb for verb, all_ in _SPELLINGS.items() for spelling in all_}
# Nobody begins a report with these: without a code they are commands that lack one.
_ONLY_COMMANDS = frozenset({"pregunta", "preguntar", "preguntale", "cerrar"})
# Before a code they say yes; alone they say nothing.
_TAKEN_AS_OK = frozenset(
    {"0k", "k", "oki", "okk", "okok", "va", "si", "sale"}
    | {"listo", "lista", "enterado", "enterada", "recibido", "recibida"}
)
_HELP = frozenset({"ayuda", "ayudas", "help", "comandos", "instrucciones", "info"})
_HELP_HEARD = tuple(sounds(word) for word in _HELP)
_OFF = ("fuera", "fuera de servicio", "no disponible", "salgo", "salgo de turno", "descanso")
_ON = ("en servicio", "servicio", "disponible", "entro", "entro a turno", "de vuelta", "en turno", "regreso")
# How near a mistyped word must come: one slip in a word of five letters, two in one of ten.
_NEAR = 0.78
_NEAR_HELP = 0.8
_WORD = re.compile(r"[a-z0-9]+")
_FILLERS = frozenset({"el", "la", "al", "a", "del", "de", "caso", "codigo", "folio", "num", "numero", "no", "es"})
_CODE_LENGTH = 5
_TO = re.compile(r"^(?:para|a|al|con)\s+(?:la\s+|el\s+)?", re.IGNORECASE)
_LONGEST_SHIFT = 40
# Verb and code stand here or nowhere.
_HEAD = 80
_WORDS = 12


@dataclass(frozen=True, slots=True)
class Command:
    """A liaison's command. `code`: five signs in capitals, as typed, or None when it was left out. `words`: what
    follows, as typed. `sure`: nobody writes this who is not a liaison."""

    verb: Verb
    code: str | None = None
    words: str = ""
    sure: bool = False


def parse(text: str) -> Command | None:
    """The command in `text`, or None. Never raises."""
    glued = acknowledged_code(text)
    if glued is not None:
        return Command("ok", glued, sure=True)
    whole = len(text) <= _HEAD
    folded = fold(text if whole else text[:_HEAD])
    found = [(match.group(), match.start(), match.end()) for match in islice(_WORD.finditer(folded.text), _WORDS)]
    if not found:
        return Command("ayuda") if text.strip() == "?" else None
    words = [word for word, *_ in found]
    if whole and len(words) == 1 and (words[0] in _HELP or _nearly_help(words[0])):
        return Command("ayuda")
    if whole and len(folded.text) <= _LONGEST_SHIFT and (shift := _shift(words)) is not None:
        return shift
    first = 1
    while first < len(words) and words[first] in _FILLERS:
        first += 1
    code, last = _code(words, first)
    # Whatever is near a verb is one before a code only: most texts need no closer look.
    if code is not None and words[0] in _TAKEN_AS_OK:
        return _command("ok", True, code, "")
    if len(words) == 1 and len(words[0]) == _CODE_LENGTH and _is_code(words[0]):
        return Command("que", words[0].upper())
    verb, exact = _verb(words[0], near=code is not None)
    if verb is None and len(words) > 1 and _is_code(words[0]):
        # The code first: "K7M2P cerrar".
        verb, exact = _verb(words[1], near=True)
        if verb is not None:
            return _command(verb, exact, words[0], _rest(text, folded.span(found[1][2], len(folded.text))[0]))
    if verb is None:
        return None
    if code is not None:
        return _command(verb, exact, code, _rest(text, folded.span(found[last][2] - 1, found[last][2])[1]))
    if exact and ((whole and len(words) == 1) or words[0] in _ONLY_COMMANDS):
        return Command(verb)
    return None


def _command(verb: Verb, exact: bool, code: str, words: str) -> Command:
    if verb == "pasar":
        words = _TO.sub("", words).strip()
    return Command(verb, code.upper(), words, sure=exact and len(code) == _CODE_LENGTH)


def _verb(word: str, *, near: bool) -> tuple[Verb | None, bool]:
    """The verb that `word` is, or with `near` nearly is, and whether it is spelt right."""
    heard = sounds(word)
    if heard in _VERBS:
        return _VERBS[heard], True
    if not near or len(word) <= 3:
        return None, False
    close = get_close_matches(heard, [known for known in _VERBS if len(known) > 3], 1, _NEAR)
    return (_VERBS[close[0]], False) if close else (None, False)


def _nearly_help(word: str) -> bool:
    return len(word) > 3 and bool(get_close_matches(sounds(word), _HELP_HEARD, 1, _NEAR_HELP))


def _shift(words: list[str]) -> Command | None:
    said = " ".join(words)
    if said in _ON or (len(said) > 5 and get_close_matches(said, _ON, 1, 0.87)):
        return Command("servicio", sure=said == "en servicio")
    if said in _OFF or (len(said) > 4 and get_close_matches(said, _OFF, 1, 0.87)):
        return Command("fuera", sure=said == "fuera de servicio")
    if words[0] == "fuera" and 1 < len(words) <= 4 and words[1] != "de":
        return Command("fuera", words=" ".join(words[1:]))
    return None


def _code(words: list[str], first: int) -> tuple[str | None, int]:
    """The case code that begins with word `first`, and the last word it takes; it may have been parted."""
    joined = ""
    for last in range(first, min(first + 3, len(words))):
        joined += words[last]
        if len(joined) > _CODE_LENGTH + 1:
            break
        whole = last == first or len(joined) == _CODE_LENGTH
        if whole and _is_code(joined):
            return joined, last
    return None, first


def _is_code(word: str) -> bool:
    """Five signs without a vowel, or with a digit among letters; one sign too many or too few is still meant as one."""
    mixed = any(sign.isdigit() for sign in word) and any(sign.isalpha() for sign in word)
    if len(word) == _CODE_LENGTH:
        return mixed or not set(word) & set("aeiou01")
    meant = mixed or (word.isalpha() and not set(word) & set("aeiou"))
    return meant and abs(len(word) - _CODE_LENGTH) == 1


def nearest(code: str, known: list[str]) -> str | None:
    """The one code of `known` that `code` misses by a sign or two swapped ones; None if there are several."""
    close = [one for one in known if _one_slip(code, one)]
    return close[0] if len(close) == 1 else None


def _one_slip(typed: str, meant: str) -> bool:
    if len(typed) == len(meant):
        wrong = [index for index in range(len(typed)) if typed[index] != meant[index]]
        swapped = len(wrong) == 2 and typed[wrong[0]] == meant[wrong[1]] and typed[wrong[1]] == meant[wrong[0]]
        return len(wrong) <= 1 or swapped
    shorter, longer = sorted((typed, meant), key=len)
    if len(longer) - len(shorter) != 1:
        return False
    return any(longer[:index] + longer[index + 1 :] == shorter for index in range(len(longer)))


def _rest(text: str, start: int) -> str:
    return text[start:].strip().lstrip(":.,;-").strip()
