"""The door, on both databases: which report a text joins, who is answered, and that nothing is admitted twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from furniture import CALLER, OTHER_CALLER, RULES, admit, arrival, change, count_of, rows, sid
from sqlalchemy import Engine, insert, select, update

from hotline.store import door
from hotline.store.door import Arrival
from hotline.store.engine import utcnow
from hotline.store.schema import claves, conversations, messages
from hotline.vault import Vault

NOW = utcnow().replace(microsecond=0)


def reports_of(engine: Engine) -> list[str]:
    """The report of each message, in the order of their times."""
    return [row["report_id"] for row in rows(engine, select(messages).order_by(messages.c.received_at, messages.c.id))]


# minutes since the first, the sender, whether the report is the first one's
@pytest.mark.parametrize(
    ("minutes", "sender", "joins"),
    [
        (0, CALLER, True),
        (1, CALLER, True),
        (29.9, CALLER, True),
        (30, CALLER, True),
        (30.1, CALLER, False),
        (24 * 60, CALLER, False),
        (1, OTHER_CALLER, False),
        (1, None, False),
    ],
)
def test_a_text_joins_its_phones_report_for_half_an_hour(
    engine: Engine, vault: Vault, minutes: float, sender: str | None, joins: bool
) -> None:
    first, second = (
        arrival(vault, "me extorsionan", at=NOW),
        arrival(vault, "en Iztapalapa", sender=sender, at=NOW + timedelta(minutes=minutes)),
    )
    [opened] = admit(engine, vault, first)
    [after] = admit(engine, vault, second)
    assert opened.fresh and opened.report_id == first.report_id
    assert after.fresh is not joins
    assert after.report_id == (first.report_id if joins else second.report_id)
    assert reports_of(engine) == [opened.report_id, after.report_id]


def test_half_an_hour_is_counted_from_the_last_text_not_from_the_first(engine: Engine, vault: Vault) -> None:
    texts = [arrival(vault, "sigue", at=NOW + timedelta(minutes=25 * n)) for n in range(4)]
    for each in texts:
        admit(engine, vault, each)
    assert set(reports_of(engine)) == {texts[0].report_id}


def test_a_batch_of_one_phones_texts_makes_one_report(engine: Engine, vault: Vault) -> None:
    batch = [arrival(vault, f"parte {n}", at=NOW + timedelta(seconds=n)) for n in range(3)]
    batch.insert(1, arrival(vault, "de otra persona", sender=OTHER_CALLER, at=NOW))
    admitted = admit(engine, vault, *batch)
    assert [a.fresh for a in admitted] == [True, True, False, False]
    assert [a.report_id for a in admitted] == [batch[i].report_id for i in (0, 1, 0, 0)]


def test_hidden_callers_never_share_a_report(engine: Engine, vault: Vault) -> None:
    batch = [arrival(vault, "anónimo", sender=None, at=NOW) for _ in range(3)]
    assert all(a.fresh for a in admit(engine, vault, *batch))
    assert len(set(reports_of(engine))) == 3
    assert count_of(engine, conversations) == 0


# seconds until the carrier brings the same message again, whether that is an echo
@pytest.mark.parametrize(("seconds", "echo"), [(0, True), (2.9, True), (3.1, False), (600, False)])
def test_the_same_message_again_changes_nothing(engine: Engine, vault: Vault, seconds: float, echo: bool) -> None:
    first = arrival(vault, "una vez", at=NOW)
    again = replace(first, sealed=vault.seal(b"{}"), received_at=NOW + timedelta(seconds=seconds))
    admit(engine, vault, first)
    [repeated] = admit(engine, vault, again)
    assert (repeated.echo, repeated.fresh, repeated.report_id) == (echo, True, first.report_id)
    [row] = rows(engine, select(messages))
    assert (row["sealed"], row["received_at"]) == (first.sealed, NOW)


def test_a_repeated_text_that_joined_a_report_stays_in_it(engine: Engine, vault: Vault) -> None:
    first, joined = arrival(vault, "uno", at=NOW), arrival(vault, "dos", at=NOW + timedelta(minutes=1))
    admit(engine, vault, first, joined)
    [again] = admit(engine, vault, replace(joined, received_at=NOW + timedelta(minutes=2)))
    assert again.report_id == first.report_id and not again.fresh


def test_a_text_repeated_much_later_leaves_the_running_conversation_alone(engine: Engine, vault: Vault) -> None:
    first, joined = arrival(vault, "uno", at=NOW), arrival(vault, "dos", at=NOW + timedelta(minutes=1))
    admit(engine, vault, first, joined)
    later = NOW + timedelta(hours=2)
    admit(engine, vault, replace(joined, received_at=later))
    [new] = admit(engine, vault, arrival(vault, "otro asunto", at=later + timedelta(minutes=1)))
    assert new.fresh, "a new text joined a report that nothing ever opened"


def test_a_text_answers_the_liaisons_question_however_late_and_a_call_does_not(engine: Engine, vault: Vault) -> None:
    [asked] = admit(engine, vault, arrival(vault, "me extorsionan", at=NOW))
    change(engine, update(conversations).values(asked_about=asked.report_id))
    later = NOW + timedelta(days=3)
    [call] = admit(engine, vault, arrival(vault, {}, id=sid("CA"), report=sid("CA"), at=later, joins=False))
    [answer] = admit(engine, vault, arrival(vault, "eran dos", at=later + timedelta(minutes=1)))
    assert call.report_id != asked.report_id
    assert answer.report_id == asked.report_id and answer.had_place and not answer.fresh
    [other] = admit(engine, vault, arrival(vault, "otro asunto", at=later + timedelta(days=1)))
    assert other.fresh, "one question is answered once"


def test_the_same_id_many_times_in_one_batch_is_one_message(engine: Engine, vault: Vault) -> None:
    one = arrival(vault, "diez veces", at=NOW)
    admitted = admit(engine, vault, *[one] * 10)
    assert count_of(engine, messages) == 1
    assert [a.echo for a in admitted] == [False] + [True] * 9
    assert {a.report_id for a in admitted} == {one.report_id}


def test_echoes_do_not_use_up_a_phones_answers(engine: Engine, vault: Vault) -> None:
    one = arrival(vault, "diez veces", at=NOW)
    admit(engine, vault, *[one] * 10)
    for _ in range(10):
        admit(engine, vault, one)
    [next_one] = admit(engine, vault, arrival(vault, "y algo más", at=NOW + timedelta(minutes=1)))
    assert not next_one.silent


def test_a_phone_answered_often_enough_gets_silence_and_is_heard(engine: Engine, vault: Vault) -> None:
    admitted = []
    for n in range(RULES.answers_per_hour + 3):
        admitted += admit(engine, vault, arrival(vault, "otra vez", at=NOW + timedelta(minutes=n)))
    assert [a.silent for a in admitted] == [False] * RULES.answers_per_hour + [True] * 3
    assert count_of(engine, messages) == RULES.answers_per_hour + 3
    [other] = admit(engine, vault, arrival(vault, "hola", sender=OTHER_CALLER, at=NOW + timedelta(minutes=8)))
    assert not other.silent
    [later] = admit(engine, vault, arrival(vault, "hola", at=NOW + timedelta(hours=1, minutes=1)))
    assert not later.silent


def test_what_wants_no_answer_uses_none_up(engine: Engine, vault: Vault) -> None:
    call = sid("CA")
    steps = [
        arrival(vault, {"step": n}, id=f"{call}:{n}", report=call, at=NOW, joins=False, wants_answer=False)
        for n in range(20)
    ]
    admit(engine, vault, *steps)
    [text] = admit(engine, vault, arrival(vault, "y por escrito", at=NOW + timedelta(minutes=1)))
    assert not text.silent


# which texts name a place; what each then knew before
@pytest.mark.parametrize(
    ("named", "known_before"),
    [
        ((False, False, False), (False, False, False)),
        ((True, False, True), (False, True, True)),
        ((False, True, False, True), (False, False, True, True)),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_whether_the_place_was_known(
    engine: Engine, vault: Vault, named: tuple[bool, ...], known_before: tuple[bool, ...], at_once: bool
) -> None:
    texts = [arrival(vault, "x", at=NOW + timedelta(seconds=n), names_place=p) for n, p in enumerate(named)]
    batches = [texts] if at_once else [[each] for each in texts]
    admitted = [a for batch in batches for a in admit(engine, vault, *batch)]
    assert tuple(a.had_place for a in admitted) == known_before


def test_a_new_report_knows_nothing_of_the_last_ones_place(engine: Engine, vault: Vault) -> None:
    admit(engine, vault, arrival(vault, "en Tlalpan", at=NOW, names_place=True))
    later = NOW + timedelta(hours=2)
    assert not admit(engine, vault, arrival(vault, "otra cosa", at=later))[0].had_place
    assert not admit(engine, vault, arrival(vault, "más", at=later + timedelta(minutes=1)))[0].had_place


def test_a_call_is_a_report_of_its_own_and_a_text_after_it_joins(engine: Engine, vault: Vault) -> None:
    call = sid("CA")
    text = arrival(vault, "por escrito", at=NOW)
    steps = [
        arrival(
            vault, {"step": n}, id=f"{call}:{n}", report=call, at=NOW + timedelta(minutes=n), joins=False, channel="voz"
        )
        for n in (1, 2)
    ]
    after = arrival(vault, "y olvidé decir", at=NOW + timedelta(minutes=3))
    admitted = [a for each in (text, *steps, after) for a in admit(engine, vault, each)]
    assert [a.report_id for a in admitted] == [text.report_id, *[steps[0].report_id] * 3]
    assert [a.fresh for a in admitted] == [True, True, True, False]


def test_a_repeated_step_of_a_call_is_always_answered(engine: Engine, vault: Vault) -> None:
    step = arrival(vault, {"kind": "fraude"}, id="CA1:kind", report="CA1", at=NOW, joins=False)
    assert [a.echo for a in admit(engine, vault, step, step)] == [False, False]
    assert count_of(engine, messages) == 1


def test_what_is_said_so_far_replaces_what_was_said_before_until_it_is_taken_up(engine: Engine, vault: Vault) -> None:
    def partial(words: str, second: int) -> Arrival:
        at = NOW + timedelta(seconds=second)
        ready = at + timedelta(seconds=20)
        return arrival(
            vault, words, id="CA2:story:1:partial", report="CA2", at=at, ready_at=ready, joins=False, supersedes=True
        )

    said = [partial("se llevaron", 0), partial("se llevaron a mi", 1), partial("se llevaron a mi hijo", 2)]
    for each in said[:2]:
        admit(engine, vault, each)
    [row] = rows(engine, select(messages))
    assert (row["sealed"], row["ready_at"]) == (said[1].sealed, said[1].ready_at)
    with engine.begin() as connection:
        connection.execute(update(messages).values(lease="somebody", lease_until=NOW + timedelta(hours=1)))
    admit(engine, vault, said[2])
    [row] = rows(engine, select(messages))
    assert row["sealed"] == said[1].sealed


def test_a_clave_that_is_anothers_is_stepped_past(engine: Engine, vault: Vault) -> None:
    mine = arrival(vault, "choca", at=NOW)
    taken = [vault.clave_hash(vault.clave(mine.report_id, attempt)) for attempt in (0, 1)]
    with engine.begin() as connection:
        connection.execute(insert(claves), [{"hash": h, "report_id": "another"} for h in taken])
    [admitted] = admit(engine, vault, mine)
    assert admitted.attempt == 2
    [again] = admit(engine, vault, replace(mine, received_at=NOW + timedelta(minutes=1)))
    assert again.attempt == 2, "a retried webhook must give the same clave"


def test_ones_own_clave_is_no_collision(engine: Engine, vault: Vault) -> None:
    mine = arrival(vault, "propia", at=NOW)
    with engine.begin() as connection:
        own = vault.clave_hash(vault.clave(mine.report_id))
        connection.execute(insert(claves), [{"hash": own, "report_id": mine.report_id}])
    assert admit(engine, vault, mine)[0].attempt == 0


def test_an_arrival_from_the_spool_does_not_end_the_conversation_it_is_too_late_for(
    engine: Engine, vault: Vault
) -> None:
    spooled = arrival(vault, "guardado en disco", at=NOW)
    current = arrival(vault, "ya con base de datos", at=NOW + timedelta(minutes=20))
    after = arrival(vault, "y esto también", at=NOW + timedelta(minutes=40))
    admit(engine, vault, current)
    admit(engine, vault, spooled)
    [admitted] = admit(engine, vault, after)
    assert admitted.report_id == current.report_id


def test_a_transaction_that_fails_has_admitted_nothing(engine: Engine, vault: Vault) -> None:
    with pytest.raises(RuntimeError), engine.begin() as connection:
        door.admit(connection, [arrival(vault, "x", at=NOW)], RULES, lambda report, attempt: f"{report}{attempt}"[:32])
        raise RuntimeError
    assert count_of(engine, messages) == count_of(engine, conversations) == 0


def test_the_end_of_a_call_hastens_what_waits_for_its_rest(engine: Engine, vault: Vault) -> None:
    later = NOW + timedelta(minutes=2)
    mine = arrival(vault, {"kind": "fraude"}, id="CA3:kind", report="CA3", at=NOW, ready_at=later, joins=False)
    other = arrival(
        vault, {"kind": "fraude"}, id="CA4:kind", report="CA4", at=NOW, ready_at=later, joins=False, sender=OTHER_CALLER
    )
    admit(engine, vault, mine, other)
    with engine.begin() as connection:
        door.hasten(connection, "CA3", NOW + timedelta(seconds=5))
    ready = {row["id"]: row["ready_at"] for row in rows(engine, select(messages))}
    assert ready == {"CA3:kind": NOW + timedelta(seconds=5), "CA4:kind": later}


def together(*works: Callable[[], object]) -> None:
    """Runs all of `works` at once; raises what any of them raised."""
    barrier = threading.Barrier(len(works))
    errors: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        barrier.wait()
        try:
            work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    if errors:
        raise errors[0]


@pytest.mark.parametrize("sender", [CALLER, None])
def test_one_message_on_several_connections_at_once_is_one_row(
    engine: Engine, vault: Vault, sender: str | None
) -> None:
    one = arrival(vault, "a la vez", sender=sender, at=NOW)
    found: list[str] = []
    together(*[lambda: found.extend(a.report_id for a in admit(engine, vault, one)) for _ in range(6)])
    assert found == [one.report_id] * 6
    assert count_of(engine, messages) == 1


def test_the_parts_of_a_long_text_on_several_connections_at_once_are_one_report(engine: Engine, vault: Vault) -> None:
    parts = [arrival(vault, f"parte {n}", at=NOW + timedelta(milliseconds=n)) for n in range(8)]
    fresh: list[bool] = []
    together(*[lambda p=p: fresh.extend(a.fresh for a in admit(engine, vault, p)) for p in parts])
    assert sorted(fresh) == [False] * 7 + [True]
    assert len(set(reports_of(engine))) == 1


def test_batches_that_share_phones_do_not_lock_each_other_out(engine: Engine, vault: Vault) -> None:
    def batches(order: list[str]) -> Callable[[], object]:
        def run() -> None:
            for _ in range(15):
                admit(engine, vault, *[arrival(vault, "x", sender=phone, at=NOW) for phone in order])

        return run

    phones = [f"+5255111100{n:02d}" for n in range(8)]
    together(batches(phones), batches(phones[::-1]), batches(phones[4:] + phones[:4]))
    assert count_of(engine, messages) == 3 * 15 * 8
    assert len(set(reports_of(engine))) == 8
