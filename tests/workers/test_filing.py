"""Filing: from what waits sealed to cases, evidence and deliveries; each message once, whatever goes wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from furniture import (
    CALLER,
    OTHER_CALLER,
    add_liaison,
    admit,
    arrival,
    cases,
    change,
    count_of,
    message_states,
    only_case,
    open_office,
    rows,
    rung,
)
from sqlalchemy import Engine, select, update

from hotline.store import actions
from hotline.store.engine import utcnow
from hotline.store.schema import claves, deliveries, digest_entries, erasures, evidence, reports
from hotline.vault import Vault
from workers import casebook, filing
from workers.anonymise import Anonymiser, Masked
from workers.office import Office
from workers.triage import Triage, Triaged

STORY = "me estan extorsionando por telefono en Iztapalapa piden que deposite hoy"


def test_a_text_becomes_a_case(engine: Engine, keys: Any) -> None:
    office = open_office(engine, keys)
    liaison = add_liaison(engine, office.vault, areas=("09007",))
    text = arrival(office.vault, f"{STORY}, soy Lupita Hernandez, mi cel 5512340001")
    admit(engine, office.vault, text)
    assert filing.drain(office) == 1
    case = only_case(office)
    assert (case.kind, case.urgency, case.area, case.state) == ("extorsion", "P2", "09007", "09")
    assert len(case.code) == casebook.CODE_LENGTH and set(case.code) <= set(casebook.CODE_ALPHABET)
    [part] = case.parts
    assert part.text is not None and "extorsionando" in part.text
    assert not any(word in part.text.lower() for word in ("lupita", "hernandez", "5512340001"))
    [row] = rows(engine, select(reports))
    assert (row["status"], row["channel"], row["opened_at"]) == ("filed", "sms", text.received_at)
    assert row["routed_at"] is not None
    address = office.vault.decrypt(row["return_address"], about=f"report:{case.id}:return_address")
    assert address.decode() == CALLER
    assert message_states(engine) == {text.id: ("filed", False)}
    [told] = rows(engine, select(deliveries))
    assert (told["purpose"], told["subject"], told["liaison_id"], told["channel"]) == (
        "urgent",
        case.id,
        liaison,
        "sms",
    )
    assert rung(office) == ["deliver", "erase"]


def test_nothing_waits_nothing_happens(office: Office) -> None:
    assert filing.drain(office) == 0
    assert rung(office) == []


def test_the_callers_clave_opens_the_case(office: Office) -> None:
    text = arrival(office.vault, STORY)
    [admitted] = admit(office.engine, office.vault, text)
    filing.drain(office)
    clave = office.vault.clave(admitted.report_id, admitted.attempt)
    [row] = rows(office.engine, select(claves).where(claves.c.hash == office.vault.clave_hash(clave)))
    assert row["report_id"] == admitted.report_id


def test_a_clave_promised_while_the_database_was_away_opens_the_report_it_joined(office: Office) -> None:
    first = arrival(office.vault, STORY)
    promised = arrival(office.vault, "y son dos", at=first.received_at + timedelta(minutes=5))
    admit(office.engine, office.vault, first, promised)
    filing.drain(office)
    opened = {row["hash"]: row["report_id"] for row in rows(office.engine, select(claves))}
    given = office.vault.clave_hash(office.vault.clave(promised.report_id))
    assert opened[given] == first.report_id


def test_what_comes_later_joins_the_case(office: Office) -> None:
    liaison = add_liaison(office.engine, office.vault)
    first = arrival(office.vault, "vinieron a cobrar piso a mi local, que nos van a quemar el lunes")
    admit(office.engine, office.vault, first)
    filing.drain(office)
    before = only_case(office)
    assert before.area is None
    admit(office.engine, office.vault, arrival(office.vault, "fue en Tlalpan", at=first.received_at))
    filing.drain(office)
    after = only_case(office)
    assert (after.id, after.code, after.kind) == (before.id, before.code, before.kind)
    assert after.area == "09012"
    assert after.parts[:1] == before.parts and len(after.parts) == 2
    told = [
        (row["purpose"], row["round"]) for row in rows(office.engine, select(deliveries).order_by(deliveries.c.round))
    ]
    assert told == [("urgent", 1), ("update", 2)]
    assert {row["liaison_id"] for row in rows(office.engine, select(deliveries))} == {liaison}


# the first text's urgency, the second's, what the case has then
@pytest.mark.parametrize(
    ("first", "second", "then"),
    [("P3", "P1", "P1"), ("P1", "P3", "P1"), ("P2", "P4", "P2"), ("P4", "P4", "P4")],
)
def test_a_case_only_gets_graver(office: Office, first: str, second: str, then: str) -> None:
    class Told(Triage):
        def __init__(self) -> None:
            return

        def classify(self, text: str) -> Triaged:
            return Triaged("fraude", second if "segunda" in text else first, None, None)

    office = replace(office, triage=Told())
    for words in ("la primera parte", "la segunda parte"):
        admit(office.engine, office.vault, arrival(office.vault, words))
        filing.drain(office)
    assert only_case(office).urgency == then


def test_a_call_is_put_together_from_its_steps(office: Office) -> None:
    steps: list[tuple[str, dict[str, Any]]] = [
        ("kind", {"kind": "fraude"}),
        ("place", {"area": "09015", "state": "09"}),
        ("story:1", {"body": "me vendieron un coche que no existe"}),
        ("story:2", {"body": "y ya deposité"}),
        ("end", {"end": True}),
    ]
    now = utcnow()
    for n, (suffix, contents) in enumerate(steps):
        one = arrival(
            office.vault, contents, id=f"CA9:{suffix}", report="CA9", joins=False, channel="voz", at=now, ready_at=now
        )
        admit(office.engine, office.vault, replace(one, received_at=now + timedelta(seconds=n)))
    assert filing.drain(office) == 5
    case = only_case(office)
    assert (case.kind, case.area, len(case.parts)) == ("fraude", "09015", 2)
    [row] = rows(office.engine, select(reports))
    assert row["channel"] == "voz"
    assert all(state == ("filed", False) for state in message_states(office.engine).values())


def test_a_pressed_key_and_nothing_else_is_a_case_of_its_kind(office: Office) -> None:
    admit(
        office.engine,
        office.vault,
        arrival(office.vault, {"kind": "secuestro"}, id="CA8:kind", report="CA8", joins=False),
    )
    filing.drain(office)
    case = only_case(office)
    assert (case.kind, case.urgency, case.parts) == ("secuestro", "P1", ())


def test_a_key_waits_for_the_rest_of_its_call(office: Office) -> None:
    now = utcnow()
    step = arrival(
        office.vault, {"kind": "fraude"}, id="CA7:kind", report="CA7", ready_at=now + timedelta(minutes=2), joins=False
    )
    admit(office.engine, office.vault, step)
    assert filing.drain(office) == 0
    words = arrival(office.vault, "me vendieron", id="CA7:story:1", report="CA7", joins=False)
    admit(office.engine, office.vault, words)
    assert filing.drain(office) == 2, "what came in already of the same call is filed with it"


def test_what_a_calls_end_made_ready_is_filed_with_its_story(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is told of a story is told where: the place is of the same filing, even beyond the size of a batch."""
    monkeypatch.setattr(filing, "BATCH", 1)
    now = utcnow()
    story = arrival(office.vault, "hay balazos", id="CA5:story:1", report="CA5", joins=False, at=now, ready_at=now)
    place = arrival(office.vault, {"area": "09015", "state": "09"}, id="CA5:place", report="CA5", joins=False, at=now)
    admit(office.engine, office.vault, story, replace(place, ready_at=now + timedelta(milliseconds=1)))
    batch = filing._claim(office, doubtful=False)
    assert batch is not None and {row.id for row in batch[1]} == {"CA5:story:1", "CA5:place"}


# what came in of one utterance, in batches that are drained one after the other; the parts the case has in the end
@pytest.mark.parametrize(
    ("batches", "parts"),
    [
        ([["partial", "whole"]], ["se llevaron a mi vecino"]),
        ([["whole"], ["partial"]], ["se llevaron a mi vecino"]),
        ([["partial"]], ["se llevaron"]),
    ],
)
def test_the_beginning_of_an_utterance_gives_way_to_the_whole(
    office: Office, batches: list[list[str]], parts: list[str]
) -> None:
    utterances = {
        "whole": arrival(office.vault, "se llevaron a mi vecino", id="CA6:story:1", report="CA6", joins=False),
        "partial": arrival(
            office.vault, "se llevaron", id="CA6:story:1:partial", report="CA6", joins=False, supersedes=True
        ),
    }
    for batch in batches:
        admit(office.engine, office.vault, *[utterances[name] for name in batch])
        filing.drain(office)
    assert [part.text for part in only_case(office).parts] == parts
    assert all(state == ("filed", False) for state in message_states(office.engine).values())


# the text, then what is kept apart of it: (type, owner, value)
@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("me marcan del 5587654321 que deposite", [("TELEFONO", "suspect", "+525587654321")]),
        ("ayer vi el 5587654321 en un papel", [("TELEFONO", "unknown", "+525587654321")]),
        ("mi numero es 5512340001, pueden marcarme", []),
        ("no es nada", []),
    ],
)
def test_the_other_sides_data_are_kept_apart_and_the_reporters_are_not(
    office: Office, text: str, kept: list[tuple[str, str, str]]
) -> None:
    admit(office.engine, office.vault, arrival(office.vault, text))
    filing.drain(office)
    found = rows(office.engine, select(evidence))
    case = only_case(office)
    opened = [
        office.vault.decrypt(row["value"], about=f"evidence:{case.id}:{row['fingerprint']}").decode() for row in found
    ]
    assert [(row["type"], row["owner"], value) for row, value in zip(found, opened, strict=True)] == kept


def test_equal_evidence_links_two_cases_by_its_print(office: Office) -> None:
    for sender, spelling in ((CALLER, "55 8765 4321"), (OTHER_CALLER, "+52 1 55 87 65 43 21")):
        admit(
            office.engine, office.vault, arrival(office.vault, f"me marcan del {spelling} que deposite", sender=sender)
        )
    filing.drain(office)
    found = rows(office.engine, select(evidence))
    assert len({row["report_id"] for row in found}) == 2
    assert len({row["fingerprint"] for row in found}) == 1
    assert len({row["value"] for row in found}) == 2


def test_the_carriers_copies_are_asked_to_be_erased(office: Office) -> None:
    now = utcnow()
    admit(
        office.engine,
        office.vault,
        arrival(office.vault, STORY, id="SM1", at=now),
        arrival(office.vault, "algo", id="CA1:story:1", report="CA1", joins=False, sender=OTHER_CALLER, at=now),
        arrival(office.vault, "más", id="CA1:story:2", report="CA1", joins=False, sender=OTHER_CALLER, at=now),
    )
    filing.drain(office)
    due = {row["carrier_id"]: row["due_at"] for row in rows(office.engine, select(erasures))}
    assert set(due) == {"SM1", "CA1"}
    assert due["SM1"] <= utcnow() < due["CA1"], "a call that may still go on is not erased yet"


def test_a_case_that_is_acknowledged_stays_so_when_more_comes(office: Office) -> None:
    add_liaison(office.engine, office.vault)
    admit(office.engine, office.vault, arrival(office.vault, STORY))
    filing.drain(office)
    change(office.engine, update(reports).values(status="acknowledged"))
    admit(office.engine, office.vault, arrival(office.vault, "y otra cosa"))
    filing.drain(office)
    assert rows(office.engine, select(reports))[0]["status"] == "acknowledged"


@pytest.mark.parametrize(
    ("words", "then"),
    [("volvieron y estan armados afuera de mi casa", "acknowledged"), ("muchas gracias", "closed")],
)
def test_what_comes_after_the_close_opens_the_case_again(office: Office, words: str, then: str) -> None:
    liaison = add_liaison(office.engine, office.vault)
    admit(office.engine, office.vault, arrival(office.vault, STORY))
    filing.drain(office)
    case = only_case(office)
    with office.engine.begin() as connection:
        actions.close(connection, liaison, case.id, "atendido", utcnow())
    admit(office.engine, office.vault, arrival(office.vault, words))
    filing.drain(office)
    [row] = rows(office.engine, select(reports))
    assert (row["status"], row["acknowledged_by"]) == (then, liaison)
    assert (row["outcome"] is None) is (row["closed_at"] is None) is (then == "acknowledged")
    assert row["return_address"] is not None or then == "closed", "whoever has it can ask and call again"


def test_what_is_added_makes_no_case_of_a_milder_kind(office: Office) -> None:
    for words in ("secuestraron a mi papa en iztapalapa piden rescate", "hay un carro sospechoso parado aqui afuera"):
        admit(office.engine, office.vault, arrival(office.vault, words))
        filing.drain(office)
    assert (only_case(office).kind, only_case(office).urgency) == ("secuestro", "P1")


def test_what_is_not_urgent_goes_into_the_digests(office: Office) -> None:
    liaison = add_liaison(office.engine, office.vault)
    admit(office.engine, office.vault, arrival(office.vault, "cuándo es la próxima jornada en mi colonia"))
    filing.drain(office)
    assert only_case(office).urgency in ("P3", "P4")
    assert count_of(office.engine, deliveries) == 0
    [entry] = rows(office.engine, select(digest_entries))
    assert (entry["liaison_id"], entry["digest_id"]) == (liaison, None)


def test_more_than_a_batch_is_filed_in_one_go(office: Office, vault: Vault) -> None:
    many = [arrival(vault, f"me robaron {n}", sender=f"+5255222{n:05d}") for n in range(filing.BATCH * 2 + 7)]
    admit(office.engine, vault, *many)
    assert filing.drain(office) == len(many)
    found = cases(office)
    assert len({case.code for case in found}) == len(many)


def test_two_drains_at_once_file_each_message_once(engine: Engine, keys: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    office = open_office(engine, keys)
    many = [arrival(office.vault, f"me robaron {n}", sender=f"+5255333{n % 40:05d}") for n in range(120)]
    admit(engine, office.vault, *many)
    with ThreadPoolExecutor(3) as pool:
        filed = sum(pool.map(lambda _: filing.drain(office), range(3)))
    assert filed == 120
    found = cases(office)
    assert len(found) == 40 and sum(len(case.parts) for case in found) == 120


def test_a_number_cut_by_two_texts_is_masked_in_both_and_kept_whole(engine: Engine, keys: Any) -> None:
    office = open_office(engine, keys)
    add_liaison(office.engine, office.vault)
    said = ("me estan extorsionando en Iztapalapa, me marcan del 55 31", "88 09 66")
    for words in said:
        admit(office.engine, office.vault, arrival(office.vault, words))
        filing.drain(office)
    case = only_case(office)
    assert [part.text for part in case.parts] == [
        "me estan extorsionando en Iztapalapa, me marcan del [TELÉFONO DEL SOSPECHOSO]",
        "[TELÉFONO DEL SOSPECHOSO]",
    ]
    [kept] = rows(office.engine, select(evidence))
    value = office.vault.decrypt(kept["value"], about=f"evidence:{case.id}:{kept['fingerprint']}")
    assert (kept["type"], kept["owner"], value) == ("TELEFONO", "suspect", b"+525531880966")
    told = [row["purpose"] for row in rows(office.engine, select(deliveries).order_by(deliveries.c.round))]
    assert told == ["urgent", "update"]
    assert rows(office.engine, select(reports))[0]["loose_end"] is None


def test_an_owner_told_later_is_noted(engine: Engine, keys: Any) -> None:
    office = open_office(engine, keys)
    for words in ("ayer vi el 5587654321 en un papel", "me marcan del 5587654321 y me amenazan"):
        admit(office.engine, office.vault, arrival(office.vault, words))
        filing.drain(office)
        owners = [(row["owner"], row["linked_at"] is None) for row in rows(office.engine, select(evidence))]
        # Compared with other cases' when it was nobody's; it is to be compared anew.
        change(office.engine, update(evidence).values(linked_at=utcnow()))
    assert owners == [("suspect", True)]
    admit(office.engine, office.vault, arrival(office.vault, "otra vez el 5587654321"))
    filing.drain(office)
    owners = [(row["owner"], row["linked_at"] is None) for row in rows(office.engine, select(evidence))]
    assert owners == [("suspect", False)], "what says nothing new is not compared again"


@pytest.mark.parametrize("leak", ["llamar al 5587654321", "mi correo ana@example.org", "soy Ricardo Gutierrez"])
def test_a_masker_that_breaks_is_caught_by_the_second_look(office: Office, leak: str) -> None:
    class Broken(Anonymiser):
        def __init__(self, real: Anonymiser) -> None:
            self._real = real

        def mask(self, text: str, caller: str | None = None) -> Masked:
            return Masked(text, (), False)

        def shows(self, masked: str) -> bool:
            return self._real.shows(masked)

    add_liaison(office.engine, office.vault)
    broken = replace(office, anonymiser=Broken(office.anonymiser))
    text = arrival(office.vault, f"{STORY}, {leak}")
    admit(office.engine, office.vault, text)
    filing.drain(broken)
    case = only_case(office)
    assert [part.text for part in case.parts] == [None]
    assert (case.kind, case.area) == ("extorsion", "09007"), "kind and place go out all the same"
    assert message_states(office.engine) == {text.id: ("held", True)}
    assert count_of(office.engine, deliveries, deliveries.c.purpose == "urgent") == 1


def test_a_text_of_too_many_unknown_owners_is_held(office: Office) -> None:
    many = office.profile.quarantine.unknown_spans
    for count, held in ((many - 1, False), (many, True)):
        numbers = ", ".join(f"558765{n:04d}" for n in range(count))
        text = arrival(office.vault, f"en la libreta decia: {numbers}", sender=f"+5255123400{count}")
        admit(office.engine, office.vault, text)
        filing.drain(office)
        assert (message_states(office.engine)[text.id][0] == "held") is held
