"""The optional recogniser: it adds masks and can do nothing else, whatever happens to it."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from hotline.profile import load
from workers.anonymise import Anonymiser
from workers.anonymise.recogniser import Hits, Recogniser, RecogniserError
from workers.office import Office, _recogniser

OSC = load("osc")
RULES = Anonymiser(OSC)
# Names that no list knows, so that the rules miss them where no cue stands before.
NAMES = ("xulvandra", "quemirio", "tzolfina", "wenkario", "yubrelda", "pralomeo", "drusinda", "klemorio")
SENTENCES = (
    "ayer vi a {} en la esquina", "con {} no se puede hablar", "fue {} quien lo hizo", "dijo {} que no iba",
    "ahi estaba {} esperando", "se fue {} corriendo", "que {} venga mañana", "ya llego {} con la camioneta",
)  # fmt: skip
PLAIN = ("me piden dinero cada semana", "cobran en el mercado de la merced", "fue ayer en iztapalapa")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small caseless model, trained here on made sentences."""
    spacy = pytest.importorskip("spacy", reason="spaCy cannot be installed here")
    from spacy.training import Example

    spacy.util.fix_random_seed(1)
    made = [(s.format(name), s.index("{}"), name) for s in SENTENCES for name in NAMES[:6]]
    nlp = spacy.blank("es")
    recogniser = nlp.add_pipe("ner")
    recogniser.add_label("PER")
    examples = [
        Example.from_dict(nlp.make_doc(text), {"entities": [(at, at + len(name), "PER")]}) for text, at, name in made
    ]
    examples += [Example.from_dict(nlp.make_doc(text), {"entities": []}) for text in PLAIN]
    nlp.initialize(lambda: examples)
    shuffled = random.Random(1)
    for _ in range(8):
        shuffled.shuffle(examples)
        for batch in spacy.util.minibatch(examples, 6):
            nlp.update(batch)
    folder = tmp_path_factory.mktemp("model")
    nlp.to_disk(folder)
    return folder


def test_a_model_adds_names_that_the_rules_miss(model: Path) -> None:
    text = "ayer vi a klemorio en la esquina, me marcan del 5587654321"
    assert "klemorio" in RULES.mask(text).text
    both = Anonymiser(OSC, Recogniser.load(str(model)))
    masked = both.mask(text)
    assert masked.text == "ayer vi a [NOMBRE] en la esquina, me marcan del [TELÉFONO DEL SOSPECHOSO]"
    assert [span.owner for span in masked.spans] == ["unknown", "suspect"]
    assert both.mask(masked.text).text == masked.text
    assert both.mask(PLAIN[1]).text == PLAIN[1]


def test_a_caseless_model_reads_small_letters(model: Path) -> None:
    text = "AYER VI A KLEMORIO EN LA ESQUINA"
    caseless = Anonymiser(OSC, Recogniser.load(f"{model}?caseless=1"))
    assert "KLEMORIO" not in caseless.mask(text).text


@pytest.mark.parametrize("text", ["me marcan del 5587654321, soy lupita hernandez", "vivo en calle morelos 45"])
def test_the_rules_spans_stay_as_they_are(text: str) -> None:
    everything = Recogniser(lambda asked: [(0, len(asked), "PER")])
    alone, both = RULES.mask(text), Anonymiser(OSC, everything).mask(text)
    assert both.spans == alone.spans


# what a recogniser gives, and what of it becomes a mask in "vi a zutano ayer"
@pytest.mark.parametrize(
    ("hits", "masked"),
    [
        ([(5, 11, "PER")], "vi a [NOMBRE] ayer"),
        ([(4, 12, "PERSON")], "vi a [NOMBRE] ayer"),
        ([(5, 11, "LOC")], "vi a zutano ayer"),
        ([(5, 11, "PER"), (5, 16, "PER")], "vi a [NOMBRE] ayer"),
        ([(5, 5, "PER"), (11, 5, "PER"), (-3, 4, "PER"), (5, 999, "PER")], "vi a zutano ayer"),
        ([], "vi a zutano ayer"),
    ],
)
def test_only_sound_hits_of_known_sorts_become_masks(hits: Hits, masked: str) -> None:
    assert Anonymiser(OSC, Recogniser(lambda _: hits)).mask("vi a zutano ayer").text == masked


def test_masks_are_not_masked_again() -> None:
    inside = Recogniser(lambda text: [(text.find("NOMBRE"), text.find("NOMBRE") + 6, "PER")])
    assert Anonymiser(OSC, inside).mask("vi a [NOMBRE] ayer").text == "vi a [NOMBRE] ayer"


def test_the_rules_stand_alone_when_it_breaks() -> None:
    def breaks(text: str) -> Hits:
        raise RuntimeError(text)

    text = "soy lupita hernandez y me marcan del 5587654321"
    with capture_logs() as logged:
        assert Anonymiser(OSC, Recogniser(breaks)).mask(text).spans == RULES.mask(text).spans
    assert {line["event"] for line in logged} == {"recogniser failed", "rules alone"}
    assert "lupita" not in str(logged) and "5587654321" not in str(logged)


def test_nobody_waits_for_a_slow_one() -> None:
    calls = []

    def sleeps(text: str) -> Hits:
        calls.append(text)
        time.sleep(1.5)
        return [(0, len(text), "PER")]

    slow = Anonymiser(OSC, Recogniser(sleeps, patience=0.01))
    started = time.monotonic()
    for _ in range(20):
        assert slow.mask("vi a zutano ayer").text == "vi a zutano ayer"
    assert time.monotonic() - started < 1.4, "it was waited for"
    assert len(calls) == 1, "it is not asked while it is still at work"


def test_one_that_always_fails_is_asked_no_more() -> None:
    calls = []

    def breaks(text: str) -> Hits:
        calls.append(text)
        raise ValueError

    broken = Anonymiser(OSC, Recogniser(breaks))
    for _ in range(30):
        broken.mask("vi a zutano ayer")
    assert len(calls) < 10


def test_a_text_of_any_length_is_bounded() -> None:
    asked = []
    Anonymiser(OSC, Recogniser(lambda text: asked.append(text) or ())).mask("a " * 10_000)  # type: ignore[func-returns-value]
    assert asked == []


@pytest.mark.parametrize(
    ("where", "says"),
    [("/nowhere/model", "there is nothing at /nowhere/model"), ("/tmp?fast=1", "'fast=1' is unknown")],
)
def test_what_cannot_be_loaded_is_told_in_one_line(where: str, says: str) -> None:
    with pytest.raises(RecogniserError, match=r"^HOTLINE_RECOGNISER: ") as caught:
        Recogniser.load(where)
    assert says in str(caught.value) and "\n" not in str(caught.value)


def test_a_folder_that_is_no_model(tmp_path: Path) -> None:
    pytest.importorskip("spacy", reason="spaCy cannot be installed here")
    with pytest.raises(RecogniserError, match="is no model that can be used"):
        Recogniser.load(str(tmp_path))


def test_the_workers_go_on_without_it(office: Office) -> None:
    assert _recogniser(office.settings) is None
    assert _recogniser(office.settings.model_copy(update={"recogniser": "/nowhere/model"})) is None


def test_the_workers_load_it_before_they_fork(office: Office, model: Path) -> None:
    loaded = _recogniser(office.settings.model_copy(update={"recogniser": str(model)}))
    assert loaded is not None
    equipped = replace(office, anonymiser=Anonymiser(office.profile, loaded))
    assert "[NOMBRE]" in equipped.anonymiser.mask("ayer vi a drusinda en la esquina").text
