"""Filing when something is wrong: held closed, never shown, never dropped, and nobody else's message with it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from furniture import (
    OTHER_CALLER,
    add_liaison,
    admit,
    arrival,
    cases,
    change,
    count_of,
    lapse,
    message_states,
    only_case,
    open_office,
    rows,
)
from sqlalchemy import Engine, select, update

from hotline.store.engine import utcnow
from hotline.store.schema import deliveries, digest_entries, erasures, evidence, messages, reports
from workers import filing
from workers.anonymise import Anonymiser, Masked
from workers.office import Office
from workers.triage import Triage, Triaged

STORY = "me estan extorsionando por telefono en Iztapalapa piden que deposite hoy"


class Doubtful(Anonymiser):
    """Doubts whatever has `dudoso` in it, breaks on `roto`, and takes its process with it on `mortal`."""

    def __init__(self, real: Anonymiser) -> None:
        self._real = real
        self.seen: list[str] = []

    def mask(self, text: str, caller: str | None = None) -> Masked:
        self.seen.append(text)
        if "mortal" in text:
            raise SystemExit("killed")
        if "roto" in text:
            raise RuntimeError(text)
        masked = self._real.mask(text, caller)
        return replace(masked, doubtful=True) if "dudoso" in text else masked

    def shows(self, masked: str) -> bool:
        return self._real.shows(masked)


class Breaking(Triage):
    """Breaks on texts with `indigesto` in them."""

    def __init__(self, real: Triage) -> None:
        self._real = real

    def classify(self, text: str) -> Triaged:
        if "indigesto" in text:
            raise KeyError(text)
        return self._real.classify(text)


@pytest.fixture
def wary(office: Office) -> Office:
    return replace(office, anonymiser=Doubtful(office.anonymiser), triage=Breaking(office.triage))


def test_a_doubtful_text_is_held_closed_and_its_liaison_is_told_kind_and_place(wary: Office) -> None:
    add_liaison(wary.engine, wary.vault)
    text = arrival(wary.vault, f"{STORY} dudoso, me marcan del 5587654321")
    admit(wary.engine, wary.vault, text)
    assert filing.drain(wary) == 1
    case = only_case(wary)
    assert (case.kind, case.area, [part.text for part in case.parts]) == ("extorsion", "09007", [None])
    assert message_states(wary.engine) == {text.id: ("held", True)}
    [report] = rows(wary.engine, select(reports))
    assert report["status"] == "held"
    assert count_of(wary.engine, evidence) == 0
    assert count_of(wary.engine, deliveries, deliveries.c.purpose == "urgent") == 1
    [held] = rows(wary.engine, select(messages))
    assert STORY in json.loads(wary.vault.open(held["sealed"]))["body"]


# What cannot be read may be anything, so somebody looks now; what can be read is as urgent as its words say.
@pytest.mark.parametrize(
    ("words", "urgent"), [("cuándo es la próxima jornada, roto", False), (f"{STORY} roto", True), (None, True)]
)
def test_what_cannot_be_opened_or_masked_is_held_and_told(wary: Office, words: str | None, urgent: bool) -> None:
    add_liaison(wary.engine, wary.vault)
    text = arrival(wary.vault, words or "x")
    if words is None:
        text = replace(text, sealed=b"damaged" * 9)
    fine = arrival(wary.vault, STORY, sender=OTHER_CALLER)
    admit(wary.engine, wary.vault, text, fine)
    assert filing.drain(wary) == 2
    assert message_states(wary.engine) == {text.id: ("held", True), fine.id: ("filed", False)}
    held = next(case for case in cases(wary) if case.id == text.report_id)
    assert (held.urgent, [part.text for part in held.parts]) == (urgent, [None])
    assert count_of(wary.engine, deliveries, deliveries.c.subject == text.report_id) == int(urgent)
    assert count_of(wary.engine, digest_entries) == int(not urgent)


def test_a_held_message_knows_its_part(engine: Engine, keys: Path) -> None:
    office = open_office(engine, keys)
    wary = replace(office, anonymiser=Doubtful(office.anonymiser))
    for words in ("fue en Tlalpan", "esto es dudoso"):
        admit(engine, wary.vault, arrival(wary.vault, words))
        filing.drain(wary)
    parts = {row["state"]: row["part"] for row in rows(engine, select(messages))}
    assert parts == {"filed": None, "held": 1}


def test_a_held_part_does_not_hide_the_others(wary: Office) -> None:
    for words in ("esto es dudoso", "y esto no, fue en Tlalpan"):
        admit(wary.engine, wary.vault, arrival(wary.vault, words))
        filing.drain(wary)
    assert [part.text is None for part in only_case(wary).parts] == [True, False]
    assert rows(wary.engine, select(reports))[0]["status"] == "held"


def test_what_kills_its_worker_again_and_again_is_held_unopened(wary: Office) -> None:
    text = arrival(wary.vault, "esto es mortal")
    admit(wary.engine, wary.vault, text)
    assert isinstance(wary.anonymiser, Doubtful)
    for _ in range(20):
        try:
            if filing.drain(wary):
                break
        except SystemExit:
            lapse(wary.engine, messages)
    assert message_states(wary.engine) == {text.id: ("held", True)}
    assert 3 <= len(wary.anonymiser.seen) <= 10


@pytest.mark.parametrize("poison", ["mortal", "indigesto"])
def test_what_waits_beside_a_poisonous_message_is_filed_all_the_same(wary: Office, poison: str) -> None:
    now = utcnow() - timedelta(minutes=1)
    bad = arrival(wary.vault, f"esto es {poison}", at=now)
    good = [arrival(wary.vault, STORY, sender=f"+52551111{n:04d}", at=now + timedelta(seconds=n - 2)) for n in range(5)]
    admit(wary.engine, wary.vault, bad, *good)
    for _ in range(20):
        try:
            if not filing.drain(wary) and not count_of(wary.engine, messages, messages.c.state == "waiting"):
                break
        except (SystemExit, KeyError):
            pass
        lapse(wary.engine, messages)
    states = message_states(wary.engine)
    assert states.pop(bad.id) == ("held", True)
    assert set(states.values()) == {("filed", False)}, "sound messages were held with the poisonous one"


def test_who_has_lost_the_lease_writes_nothing(office: Office) -> None:
    text = arrival(office.vault, STORY)
    admit(office.engine, office.vault, text)

    class Slow(Anonymiser):
        def __init__(self, real: Anonymiser) -> None:
            self._real = real

        def mask(self, text: str, caller: str | None = None) -> Masked:
            # Meanwhile another worker took the message over.
            taken = update(messages).values(lease="another", lease_until=utcnow() + timedelta(minutes=1))
            change(office.engine, taken)
            return self._real.mask(text, caller)

        def shows(self, masked: str) -> bool:
            return self._real.shows(masked)

    assert filing.drain(replace(office, anonymiser=Slow(office.anonymiser))) == 0
    assert message_states(office.engine) == {text.id: ("waiting", True)}
    assert count_of(office.engine, reports) == count_of(office.engine, erasures) == 0


def test_what_dies_between_claim_and_filing_is_filed_once_the_lease_has_run_out(wary: Office) -> None:
    text = arrival(wary.vault, "esto es mortal")
    admit(wary.engine, wary.vault, text)
    with pytest.raises(SystemExit):
        filing.drain(wary)
    sound = replace(wary, anonymiser=wary.anonymiser._real)  # type: ignore[attr-defined]
    assert filing.drain(sound) == 0, "another took it within the lease"
    lapse(wary.engine, messages)
    assert filing.drain(sound) == 1
    assert filing.drain(sound) == 0
    assert len(only_case(sound).parts) == 1
