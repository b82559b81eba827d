"""Calls, step by step: what is said, what is kept, and that no address carries more than a position."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from furniture import CALLER, PUBLIC_URL, count_of, rows, sid
from posting import Carrier, said
from sqlalchemy import select

from hotline.lab.twiml import Verb
from hotline.store.engine import utcnow
from hotline.store.schema import messages


@pytest.fixture
def call() -> str:
    return sid("CA")


def asks(verbs: tuple[Verb, ...]) -> Verb:
    """The question a document ends with."""
    assert verbs[-1].name == "Gather", [verb.name for verb in verbs]
    return verbs[-1]


def path_of(verb: Verb, attribute: str = "action") -> str:
    url = verb[attribute]
    assert url.startswith(f"{PUBLIC_URL}/voice/"), "a relative address would lose the prefix of PUBLIC_URL"
    return url.removeprefix(PUBLIC_URL)


def test_a_whole_call(carrier: Carrier, call: str) -> None:
    welcome = carrier.steps("/voice", call)
    assert "no verá su número" in said(welcome) and asks(welcome)["input"] == "dtmf"
    menu = carrier.steps(path_of(asks(welcome)), call, Digits="1")
    kind = carrier.steps(path_of(asks(menu)), call, Digits="5")
    place = carrier.steps(path_of(asks(kind)), call, Digits="09")
    assert "Iztapalapa" in said(place) and "speech" in asks(place)["input"]
    more = carrier.steps(path_of(asks(place)), call, SpeechResult="me vendieron un coche", Confidence="0.9")
    assert "Algo más" in said(more)
    end = carrier.steps(path_of(asks(more)), call)
    clave = carrier.vault.clave(carrier.vault.report_id(call))
    assert said(end).count(", ".join(clave[:3])) == 2 and end[-1].name == "Hangup"
    kept = carrier.kept()
    assert {id.removeprefix(f"{call}:"): contents for id, contents in kept.items()} == {
        "kind": {"call": call, "from": CALLER, "step": "kind", "kind": "fraude"},
        "place": {"call": call, "from": CALLER, "step": "place", "area": "09007", "state": "09"},
        "story:1": {"call": call, "from": CALLER, "step": "story:1", "body": "me vendieron un coche"},
        "end": {"call": call, "from": CALLER, "step": "end", "end": True},
    }
    assert {row["report_id"] for row in rows(carrier.engine, select(messages))} == {carrier.vault.report_id(call)}
    assert all(row["ready_at"] <= utcnow() for row in rows(carrier.engine, select(messages)))


def test_no_address_carries_more_than_a_position(carrier: Carrier, call: str) -> None:
    seen: list[str] = []
    at = "/voice"
    for keys in ({}, {"Digits": "1"}, {"Digits": "5"}, {"Digits": "09"}, {"SpeechResult": "soy Lupita"}):
        question = asks(carrier.steps(at, call, **keys))
        seen += [value for name, value in question.given.items() if name in ("action", "partialResultCallback")]
        at = path_of(question)
    assert len(seen) == 7
    for url in seen:
        assert re.fullmatch(r"[^?]+\?(?:(?:tries|round|told)=\d(?:&|$))+", url), url


# A caller who hangs up after each of these has reported it.
@pytest.mark.parametrize(
    ("path", "form", "suffix", "contents", "grace"),
    [
        ("/voice/kind?tries=0", {"Digits": "3"}, "kind", {"kind": "secuestro"}, 120),
        ("/voice/place?tries=0", {"Digits": "72"}, "place", {"area": None, "state": "21"}, 120),
        ("/voice/story?tries=0&round=1&told=0", {"SpeechResult": "me roban"}, "story:1", {"body": "me roban"}, 0),
        ("/voice/story?tries=0&round=3&told=1", {"SpeechResult": "y más"}, "story:3", {"body": "y más"}, 0),
        (
            "/voice/story/partial?round=2",
            {"StableSpeechResult": "se", "UnstableSpeechResult": "lle"},
            "story:2:partial",
            {"body": "se lle"},
            20,
        ),
    ],
)  # fmt: skip
def test_what_a_step_keeps(
    carrier: Carrier, call: str, path: str, form: dict[str, str], suffix: str, contents: dict[str, object], grace: int
) -> None:
    answer = carrier.posts(path, {"CallSid": call, "From": CALLER, **form})
    assert answer.status_code in (200, 204)
    kept = carrier.kept()[f"{call}:{suffix}"]
    assert {name: kept[name] for name in contents} == contents and kept["from"] == CALLER
    [row] = rows(carrier.engine, select(messages))
    ready = row["ready_at"] - row["received_at"]
    assert ready == timedelta(seconds=grace) and row["channel"] == "voz"


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/voice", {}),
        ("/voice/menu?tries=0", {"Digits": "1"}),
        ("/voice/menu?tries=2", {"Digits": "7"}),
        ("/voice/kind?tries=0", {"Digits": "0"}),
        ("/voice/place?tries=0", {"Digits": "00000"}),
        ("/voice/place?tries=0", {}),
        ("/voice/story?tries=0&round=1&told=0", {}),
        ("/voice/story/partial?round=1", {"UnstableSpeechResult": ""}),
    ],
)
def test_what_brings_nothing_keeps_nothing(carrier: Carrier, call: str, path: str, form: dict[str, str]) -> None:
    assert carrier.posts(path, {"CallSid": call, "From": CALLER, **form}).status_code in (200, 204)
    assert count_of(carrier.engine, messages) == 0


def test_what_is_said_so_far_is_superseded_by_what_is_said_next(carrier: Carrier, call: str) -> None:
    for words in ("se", "se llevaron", "se llevaron a mi hijo"):
        form = {"CallSid": call, "From": CALLER, "UnstableSpeechResult": words}
        assert carrier.posts("/voice/story/partial?round=1", form).status_code == 204
    assert [contents["body"] for contents in carrier.kept().values()] == ["se llevaron a mi hijo"]


def test_a_step_asked_for_again_gets_the_same_answer_and_is_kept_once(carrier: Carrier, call: str) -> None:
    path = "/voice/story?tries=0&round=2&told=1"
    first = carrier.steps(path, call)
    assert said(first) == said(carrier.steps(path, call)) and "clave" in said(first).lower()
    assert count_of(carrier.engine, messages) == 1


def test_a_wrong_key_is_helped_twice_and_then_the_call_ends_kindly(carrier: Carrier, call: str) -> None:
    at = "/voice"
    form: dict[str, str] = {}
    for _ in range(3):
        at = path_of(asks(carrier.steps(at, call, **form)))
        form = {"Digits": "8"}
    end = carrier.steps(at, call, **form)
    assert end[-1].name == "Hangup" and "Hasta luego" in said(end)
    assert count_of(carrier.engine, messages) == 0


@pytest.mark.parametrize(
    "query", ["tries=x&round=y&told=z", "", "tries=-1&round=0&told=1", "tries=99999999999&round=99999999999"]
)
def test_a_strange_position_breaks_nothing(carrier: Carrier, call: str, query: str) -> None:
    for step in ("menu", "kind", "place", "story"):
        assert carrier.steps(f"/voice/{step}?{query}".rstrip("?"), call, Digits="1", SpeechResult="hola")


def test_a_hidden_caller_is_heard_and_told_the_clave(carrier: Carrier, call: str) -> None:
    end = carrier.steps("/voice/story?tries=0&round=6&told=1", call, sender="anonymous", SpeechResult="me roban")
    assert ", ".join(carrier.vault.clave(carrier.vault.report_id(call))[:3]) in said(end)
    assert all(contents["from"] is None for contents in carrier.kept().values())


def test_a_call_goes_on_without_a_database(carrier: Carrier, call: str, tmp_path: Path) -> None:
    (tmp_path / "hotline.db").rename(tmp_path / "elsewhere.db")
    carrier.desk.engine.dispose()
    at = path_of(asks(carrier.steps("/voice", call)))
    for form in ({"Digits": "1"}, {"Digits": "5"}, {"Digits": "09"}, {"SpeechResult": "me vendieron un coche"}):
        at = path_of(asks(carrier.steps(at, call, **form)))
    end = carrier.steps(at, call)
    clave = carrier.vault.clave(carrier.vault.report_id(call))
    assert ", ".join(clave[:3]) in said(end)
    (tmp_path / "elsewhere.db").rename(tmp_path / "hotline.db")
    assert carrier.desk.intake.drain_spool() == 4
    assert {row["report_id"] for row in rows(carrier.engine, select(messages))} == {carrier.vault.report_id(call)}


@pytest.mark.parametrize("back_before_the_end", [True, False])
def test_what_was_spooled_of_a_call_that_ended_waits_for_nothing(
    carrier: Carrier, call: str, tmp_path: Path, back_before_the_end: bool
) -> None:
    """A key is kept back for the words that may follow; the end of the call says that none will."""
    (tmp_path / "hotline.db").rename(tmp_path / "elsewhere.db")
    carrier.desk.engine.dispose()
    carrier.steps("/voice/kind?tries=0", call, Digits="5")
    if back_before_the_end:
        (tmp_path / "elsewhere.db").rename(tmp_path / "hotline.db")
    carrier.posts("/receipts/call", {"CallSid": call, "CallStatus": "completed"})
    if not back_before_the_end:
        (tmp_path / "elsewhere.db").rename(tmp_path / "hotline.db")
    assert carrier.desk.intake.drain_spool() == 1
    [kept] = rows(carrier.engine, select(messages))
    assert kept["ready_at"] <= utcnow()


def test_two_calls_of_one_phone_are_two_reports(carrier: Carrier) -> None:
    for _ in range(2):
        carrier.steps("/voice/kind?tries=0", sid("CA"), Digits="5")
    assert len({row["report_id"] for row in rows(carrier.engine, select(messages))}) == 2
