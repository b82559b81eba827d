"""An optional statistical recogniser beside the rules: it adds masks, and can do nothing else.

The operator names a file: the folder of a spaCy model, or a Presidio recognisers' YAML; "?caseless=1" behind it says
that it was trained on lower-case text. It is loaded and tried before workers fork, and asked within bounded time.
When it fails or is slow the rules stand alone, and a line without words says so.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from hotline.logs import describe, log
from workers.anonymise.model import LABELS, Span

# Code points given to the recogniser at once; what is longer is left to the rules.
LONGEST = 4_000
PATIENCE_SECONDS = 0.5
# After so many failures running the process asks no more.
_FAILURES = 5

_TYPES: dict[str, str] = {
    "PER": "NOMBRE", "PERS": "NOMBRE", "PERSON": "NOMBRE", "PHONE_NUMBER": "TELEFONO", "EMAIL_ADDRESS": "CORREO",
    "CREDIT_CARD": "TARJETA", "IBAN_CODE": "CUENTA", "URL": "URL", "MX_CURP": "CURP", "MX_RFC": "RFC", "MX_NSS": "NSS",
    "MX_PLATE": "PLACA", "STREET_ADDRESS": "DOMICILIO", "NICKNAME": "ALIAS", **{name: name for name in LABELS},
}  # fmt: skip
"""Labels of the models, and the type of span each adds. Others (places, dates, organisations) add nothing."""

Hits = Iterable[tuple[int, int, str]]


class RecogniserError(Exception):
    """The recogniser cannot be loaded. One line: the path, the reason and how to mend it."""


class Recogniser:
    """Asks `detect` for (start, end, label) in code points of a text. Thread-safe."""

    def __init__(
        self, detect: Callable[[str], Hits], *, caseless: bool = False, patience: float = PATIENCE_SECONDS
    ) -> None:
        self._detect = detect
        self._caseless = caseless
        self._patience = patience
        self._failures = 0
        self._busy = threading.Lock()

    @classmethod
    def load(cls, where: str) -> Recogniser:
        """Loads and tries the model at `where`. Raises `RecogniserError`."""
        name, _, options = where.partition("?")
        path = Path(name)
        if options not in ("", "caseless=1"):
            raise RecogniserError(f"HOTLINE_RECOGNISER: {options!r} is unknown; write /path or /path?caseless=1")
        if not path.exists():
            raise RecogniserError(f"HOTLINE_RECOGNISER: there is nothing at {path}; correct the path or unset it")
        library, load = ("presidio-analyzer", _presidio) if path.suffix in (".yaml", ".yml") else ("spacy", _spacy)
        try:
            detect = load(path)
            list(detect("prueba"))
        except ImportError:
            raise RecogniserError(
                f"HOTLINE_RECOGNISER: {path} needs a library that is not here; run: pip install {library}"
            ) from None
        except Exception as error:  # whatever a foreign model raises
            raise RecogniserError(
                f"HOTLINE_RECOGNISER: {path} is no model that can be used ({describe(error)})"
            ) from None
        return cls(detect, caseless=options == "caseless=1")

    def add(self, text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
        """`spans` as they are and what was recognised besides, of unknown owner: in order and disjoint."""
        added = [span for hit in self._ask(text) if (span := _span(text, *hit)) is not None]
        kept: list[Span] = list(spans)
        for span in added:
            if all(span.end <= other.start or other.end <= span.start for other in kept):
                kept.append(span)
        return tuple(sorted(kept, key=lambda span: span.start))

    def _ask(self, text: str) -> list[tuple[int, int, str]]:
        """What was recognised; nothing when it fails, is slow, or is still at work on an earlier text."""
        if self._failures >= _FAILURES or len(text) > LONGEST or not self._busy.acquire(blocking=False):
            return []
        asked = text
        if self._caseless:
            # Letter by letter: a text that changes its length would move every offset.
            asked = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
        answers: list[list[tuple[int, int, str]]] = []
        worker = threading.Thread(target=self._work, args=(asked, answers), name="recogniser", daemon=True)
        worker.start()
        worker.join(self._patience)
        if answers:
            self._failures = 0
            return answers[0]
        self._failures += 1
        log("recogniser").warning("rules alone", failures=self._failures, given_up=self._failures >= _FAILURES)
        return []

    def _work(self, text: str, answers: list[list[tuple[int, int, str]]]) -> None:
        try:
            answers.append([(int(start), int(end), str(kind)) for start, end, kind in self._detect(text)])
        except Exception as error:  # a foreign model may raise anything, and must not cost the message
            log("recogniser").error("recogniser failed", cause=describe(error))
        finally:
            self._busy.release()


def _span(text: str, start: int, end: int, kind: str) -> Span | None:
    """The hit without blanks and marks around it; None for what adds no mask or lies in one."""
    kind = _TYPES.get(kind, "")
    if not kind or not 0 <= start < end <= len(text):
        return None
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    opened, closed = text.rfind("[", 0, end), text.rfind("]", 0, start)
    if start == end or opened > closed:
        return None
    return Span(start, end, kind, "unknown", text[start:end].lower())


def _spacy(path: Path) -> Callable[[str], Hits]:
    import spacy

    model: Any = spacy.load(path)
    return lambda text: [(entity.start_char, entity.end_char, entity.label_) for entity in model(text).ents]


def _presidio(path: Path) -> Callable[[str], Hits]:
    from presidio_analyzer import RecognizerRegistry

    registry: Any = RecognizerRegistry()
    registry.add_recognizers_from_yaml(path)

    def detect(text: str) -> Hits:
        for recogniser in registry.recognizers:
            for hit in recogniser.analyze(text, recogniser.supported_entities, None) or ():
                yield hit.start, hit.end, hit.entity_type

    return detect
