"""Presidio tuned for Mexico, in an environment of its own: reads messages, prints one JSON line of what was measured.

Tuned as its documentation says one does: its recognisers for Spanish, phones of Mexico's region, and patterns for CURP,
RFC, CLABE and plates. Without a Spanish spaCy model on this machine its language engine is a blank one, which is faster
and finds no name; the line says which it was.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
import time
from pathlib import Path


def rss() -> float:
    """Resident memory now, in megabytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def main(file: str, passes: int) -> None:
    messages = json.loads(Path(file).read_text("utf-8"))
    before = rss()
    logging.disable(logging.CRITICAL)
    import spacy
    from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine
    from presidio_analyzer.predefined_recognizers import PhoneRecognizer

    model = next((name for name in ("es_core_news_sm", "es_core_news_md") if spacy.util.is_package(name)), None)

    class Engine(SpacyNlpEngine):  # type: ignore[misc]  # not in mypy's environment
        def __init__(self) -> None:
            super().__init__(models=[{"lang_code": "es", "model_name": model or "blank"}])
            self.nlp = {"es": spacy.load(model) if model else spacy.blank("es")}

        def load(self) -> None: ...

    registry = RecognizerRegistry(supported_languages=["es"])
    registry.load_predefined_recognizers(languages=["es"])
    registry.remove_recognizer("PhoneRecognizer")
    registry.add_recognizer(PhoneRecognizer(supported_language="es", supported_regions=("MX",)))
    for name, regex in (
        ("MX_CURP", r"\b[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z0-9]\d\b"),
        ("MX_RFC", r"\b[A-ZÑ&]{3,4}\d{6}[A-Z0-9]{3}\b"),
        ("MX_CLABE", r"\b\d{18}\b"),
        ("MX_PLATE", r"\b(?:[A-Z]{3}-?\d{3}-?[A-Z]|[A-Z]\d{2}-?[A-Z]{3}|[A-Z]{3}-?\d{2}-?\d{2})\b"),
    ):
        registry.add_recognizer(PatternRecognizer(name, patterns=[Pattern(name, regex, 0.7)], supported_language="es"))
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=Engine(), supported_languages=["es"])
    for text in messages[:50]:
        analyzer.analyze(text, language="es")
    started = time.process_time()
    for _ in range(passes):
        for text in messages:
            analyzer.analyze(text, language="es")
    elapsed = time.process_time() - started
    told = {"per_second": len(messages) * passes / elapsed, "megabytes": rss() - before, "engine": model or "blank"}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
