"""What the carrier has and we never saw is taken in once; what we sent and lost sight of is erased."""

from __future__ import annotations

from datetime import timedelta

import pytest
from furniture import NUMBER, OTHER_CALLER, add_liaison, admit, arrival, count_of, message_states, only_case, rows, rung
from sqlalchemy import select

from hotline.lab import Lab
from hotline.lab.errors import CarrierError as NotReached
from hotline.store.schema import deliveries, erasures, messages
from workers import delivering, filing, reconciling
from workers.office import Office

PHONE = "+525512340001"


def missed(lab: Lab, words: str, minutes: float, phone: str = PHONE) -> str:
    """A text whose webhook nobody answered, so many minutes ago; its id."""
    before = set(lab.carrier.messages)
    with pytest.raises(NotReached):
        lab.phone(phone).texts(words)
    [id] = set(lab.carrier.messages) - before
    _aged(lab, id, minutes)
    return id


def _aged(lab: Lab, id: str, minutes: float) -> None:
    message = lab.carrier.messages[id]
    message.created -= timedelta(minutes=minutes)
    message.sent = message.created


@pytest.mark.parametrize(("minutes", "taken"), [(0, 0), (1, 0), (3, 1), (60, 1), (47 * 60, 1), (49 * 60, 0)])
def test_a_missed_text_is_taken_in_once(connected: Office, carrier_lab: Lab, minutes: float, taken: int) -> None:
    id = missed(carrier_lab, "me extorsionan en Iztapalapa", minutes)
    for _ in range(3):
        reconciling.reconcile(connected)
    assert count_of(connected.engine, messages) == taken
    assert rung(connected) == ["drain_inbox"] * taken
    if taken:
        assert filing.drain(connected) == 1
        case = only_case(connected)
        assert (case.id, case.kind, case.area) == (connected.vault.report_id(id), "extorsion", "09007")
        assert id in {row["carrier_id"] for row in rows(connected.engine, select(erasures))}
        reconciling.reconcile(connected)
        assert filing.drain(connected) == 0


def test_what_was_taken_by_the_door_is_not_taken_again(connected: Office, carrier_lab: Lab) -> None:
    id = missed(carrier_lab, "me roban", 10)
    admit(connected.engine, connected.vault, arrival(connected.vault, "me roban", id=id, sender=PHONE))
    reconciling.reconcile(connected)
    assert set(message_states(connected.engine)) == {id}


def test_parts_that_were_missed_together_are_one_report(connected: Office, carrier_lab: Lab) -> None:
    for n, words in enumerate(("me extorsionan", "en Tlalpan")):
        missed(carrier_lab, words, 10 - n)
    missed(carrier_lab, "otra persona", 5, OTHER_CALLER)
    reconciling.reconcile(connected)
    found = rows(connected.engine, select(messages))
    assert len(found) == 3 and len({row["report_id"] for row in found}) == 2


@pytest.mark.parametrize("words", ["AYUDA", "info"])
def test_the_copy_of_a_missed_call_for_help_goes_too(connected: Office, carrier_lab: Lab, words: str) -> None:
    id = missed(carrier_lab, words, 10)
    reconciling.reconcile(connected)
    filing.drain(connected)
    assert id in {row["carrier_id"] for row in rows(connected.engine, select(erasures))}


@pytest.mark.parametrize("status", [429, 500, 401])
def test_a_carrier_that_fails_is_asked_another_time(connected: Office, carrier_lab: Lab, status: int) -> None:
    missed(carrier_lab, "me roban", 10)
    carrier_lab.carrier.fail("messages.list", status=status)
    reconciling.reconcile(connected)
    assert count_of(connected.engine, messages) == 0
    reconciling.reconcile(connected)
    assert count_of(connected.engine, messages) == 1


def test_what_we_sent_to_liaisons_is_not_taken_for_a_text_that_came_in(connected: Office, carrier_lab: Lab) -> None:
    add_liaison(connected.engine, connected.vault, phone=PHONE)
    admit(connected.engine, connected.vault, arrival(connected.vault, "me extorsionan, que deposite hoy"))
    filing.drain(connected)
    assert delivering.deliver(connected) == 1
    carrier_lab.settle()
    for id in list(carrier_lab.carrier.messages):
        _aged(carrier_lab, id, 180)
    before = count_of(connected.engine, messages)
    reconciling.reconcile(connected)
    assert count_of(connected.engine, messages) == before
    [sent] = rows(connected.engine, select(deliveries))
    [asked] = rows(connected.engine, select(erasures).where(erasures.c.carrier_id == sent["carrier_id"]))
    assert asked["due_at"] > sent["created_at"] + timedelta(hours=20), "its copy is kept for the look-up"


@pytest.mark.parametrize(("minutes", "erased"), [(30, False), (180, True)])
def test_an_answer_whose_receipt_never_came_is_erased(
    connected: Office, carrier_lab: Lab, minutes: float, erased: bool
) -> None:
    sent = connected.carrier.send_text(PHONE, "Su clave: 123 456 7890", receipt="")
    carrier_lab.settle()
    _aged(carrier_lab, sent.id, minutes)
    assert carrier_lab.carrier.messages[sent.id].sender == NUMBER
    reconciling.reconcile(connected)
    assert (sent.id in {row["carrier_id"] for row in rows(connected.engine, select(erasures))}) is erased
