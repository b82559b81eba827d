"""What somebody reported is erased at their wish: nothing of it is left in any table, and nobody is woken for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from furniture import CALLER, OTHER_CALLER, add_liaison, admit, arrival, cases, change, count_of, rows, sid
from sqlalchemy import LargeBinary, insert, select, update

from hotline.personal import Phone
from hotline.store import actions, audit, console, erasing, events, inbox, sight
from hotline.store.call_tables import bridges, recordings
from hotline.store.console_tables import requests
from hotline.store.duty_tables import case_events, escalations, metadata, patterns, questions
from hotline.store.engine import utcnow
from hotline.store.inbox import Filters
from hotline.store.schema import conversations, deliveries, digest_entries, digests, erasures, evidence, reports
from workers import casebook, filing, linking, reporters, telling
from workers.digests import composing
from workers.digests.surroundings import look_around
from workers.dispatch import dispatch, on_duty
from workers.escalating import escalate
from workers.office import Office
from workers.telling import Impossible

STORY = "hay balazos ahorita en Iztapalapa, los del 55 8765 4321 me amenazan, soy Lupita Arriaga"
OTHER_STORY = "en Iztapalapa me extorsionan desde el 55 8765 4321"


def report(office: Office, words: str, sender: str) -> str:
    text = arrival(office.vault, words, sender=sender)
    admit(office.engine, office.vault, text)
    filing.drain(office)
    return text.report_id


def sealed(office: Office) -> set[bytes]:
    """Everything locked up in the database."""
    found: set[bytes] = set()
    for table in metadata.sorted_tables:
        columns = [column for column in table.columns if isinstance(column.type, LargeBinary)]
        if columns:
            found |= {bytes(value) for row in rows(office.engine, select(*columns)) for value in row.values() if value}
    return found


@pytest.fixture
def ana(office: Office) -> str:
    return add_liaison(office.engine, office.vault, "Ana Paz", areas=("09007",))


@pytest.fixture
def other(office: Office, ana: str) -> str:
    """Somebody else's report, which shares a phone with it."""
    return report(office, OTHER_STORY, OTHER_CALLER)


@pytest.fixture
def planted(office: Office, ana: str, other: str) -> Iterator[tuple[str, set[bytes]]]:
    """A case in which everything happened that can; its report's id, and what of it is locked up where."""
    before = sealed(office)
    case, now = report(office, STORY, CALLER), utcnow()
    linking.link(office)
    with office.engine.begin() as connection:
        # One pattern for what both share, as if the profile called two cases one.
        shared = connection.scalars(select(evidence.c.fingerprint).where(evidence.c.report_id == other)).first()
        pattern = {"fingerprint": shared, "type": "TELEFONO", "cases": 2, "areas": 1, "found_at": now, "grown_at": now}
        connection.execute(insert(patterns).values(**pattern))
        events.note(connection, case, "pattern", now, detail="TELEFONO")
        row = {"purpose": "pattern", "subject": shared, "liaison_id": ana, "channel": "sms", "round": 0, "attempts": 0}
        connection.execute(insert(deliveries).values(id="p1", state="waiting", created_at=now, due_at=now, **row))
        actions.ask(connection, office.vault, ana, case, "¿Sigue ahí la persona?", now=now, question_id="q1")
        sent = update(deliveries).where(deliveries.c.subject == "q1").values(state="sent", carrier_id=sid())
        connection.execute(sent)
        row = {"id": "call1:1", "report_id": case, "position": "menu", "state": "waiting", "tried": [], "attempts": 0}
        connection.execute(insert(bridges).values(call_id="CA1", asked_at=now, due_at=now, **row))
        row = {"id": "RE1", "report_id": case, "language": "nah", "state": "kept", "audio": office.vault.seal(b"voz")}
        connection.execute(insert(recordings).values(call_id="CA1", created_at=now, due_at=now, attempts=0, **row))
        question = console.ask(
            connection, office.vault, session_id="s1", errand="look", question={"code": "K7M2P"}, now=now
        )
        opened = update(requests).where(requests.c.id == question).values(answer=office.vault.seal(STORY.encode()))
        connection.execute(opened)
        closing = office.vault.seal(b"me dijo que se llama Lupita")
        events.note(connection, case, "closed", now, liaison_id=ana, detail="denuncia", words=closing)
        loose = {"masks": office.vault.seal(b"1"), "loose_end": office.vault.seal(b"2"), "passed_to": ana}
        connection.execute(update(reports).where(reports.c.id == case).values(against=",ssc,", **loose))
        # Somebody is still to be woken.
        connection.execute(update(reports).where(reports.c.id == case).values(acknowledged_by=None, status="filed"))
        connection.execute(update(escalations).where(escalations.c.report_id == case).values(state="open"))
    yield case, sealed(office) - before


def erase(office: Office, report_id: str) -> None:
    with office.engine.begin() as connection:
        erasing.erase_report(connection, report_id, utcnow())
        erasing.erase_phone(connection, office.vault.pseudonym(Phone(CALLER)))


def test_nothing_of_it_is_left_in_any_table(office: Office, planted: tuple[str, set[bytes]]) -> None:
    case, locked = planted
    assert len(locked) > 8, "words, evidence, phone, prints, question, timeline, recording, the console's answer"
    erase(office, case)
    assert sealed(office) & locked == set()
    [row] = rows(office.engine, select(reports).where(reports.c.id == case))
    left = {name for name, value in row.items() if value not in (None, False)}
    moments = {"opened_at", "filed_at", "routed_at", "acknowledged_at"}
    assert left - moments == {"id", "code", "channel", "status", "against"}
    assert row["against"] == "?", "whom it complained of is forgotten; that it did keeps that body away"
    for table in (questions, escalations, bridges, recordings, evidence):
        assert count_of(office.engine, table, table.c.report_id == case) == 0, table.name
    told = rows(office.engine, select(case_events).where(case_events.c.report_id == case))
    assert {(row["detail"], row["words"]) for row in told} == {(None, None)}
    assert "pattern" not in {row["what"] for row in told}


def test_what_it_made_of_others_evidence_is_undone(office: Office, planted: tuple[str, set[bytes]], other: str) -> None:
    erase(office, planted[0])
    assert rows(office.engine, select(patterns)) == [], "one case alone shares nothing"
    assert count_of(office.engine, deliveries, deliveries.c.purpose == "pattern") == 0
    assert count_of(office.engine, evidence, evidence.c.report_id == other) > 0


def test_the_carriers_copies_go_with_it(office: Office, planted: tuple[str, set[bytes]]) -> None:
    [asked] = rows(office.engine, select(deliveries).where(deliveries.c.subject == "q1"))
    change(office.engine, erasures.delete())
    erase(office, planted[0])
    wanted = {row["carrier_id"] for row in rows(office.engine, select(erasures))}
    assert {asked["carrier_id"], "RE1"} <= wanted


def test_nobody_is_woken_or_told_any_more(office: Office, planted: tuple[str, set[bytes]], ana: str) -> None:
    case, _ = planted
    erase(office, case)
    later = utcnow() + timedelta(hours=1)
    told = [row for row in rows(office.engine, select(deliveries)) if row["state"] == "waiting"]
    assert {row["subject"] for row in told} & {case, "q1"} == set()
    escalate(office, later)
    with office.engine.begin() as connection:
        found = casebook.read(connection, office.vault, [case])
        assert dispatch(connection, list(found.values()), on_duty(connection, office.profile, later), later) == 0
    assert count_of(office.engine, deliveries, deliveries.c.subject == case, deliveries.c.state == "waiting") == 0


def test_a_question_finds_its_phone_after_the_conversation_was_forgotten(office: Office, ana: str) -> None:
    """So that the answer, however late, joins the case; the door remembers a phone only for a day by itself."""
    case = report(office, STORY, CALLER)
    change(office.engine, conversations.delete())
    with office.engine.begin() as connection:
        now = utcnow()
        assert actions.ask(connection, office.vault, ana, case, "¿Sigue ahí?", now=now, question_id="q1") == "asked"
    assert reporters.question(office, "q1").phone.reveal() == CALLER
    [row] = rows(office.engine, select(conversations))
    assert row["asked_about"] == case and not row["hushed"]


def test_what_was_on_its_way_says_nothing(office: Office, planted: tuple[str, set[bytes]]) -> None:
    """A delivery in a worker's hands while the case is erased."""
    case, _ = planted
    with office.engine.connect() as connection:
        query = select(deliveries).where(deliveries.c.subject == case, deliveries.c.channel == "sms")
        row = connection.execute(query).first()
    assert row is not None
    erase(office, case)
    with pytest.raises(Impossible, match="erased"):
        telling.text_of(office, row)


def test_a_digest_made_before_says_nothing_of_it(office: Office, planted: tuple[str, set[bytes]], ana: str) -> None:
    case, _ = planted
    now = utcnow()
    change(office.engine, insert(digests).values(id="d1", liaison_id=ana, period="p", created_at=now, since=now))
    change(office.engine, insert(digest_entries).values(liaison_id=ana, report_id=case, digest_id="d1"))
    erase(office, case)
    code = next(one.code for one in cases(office) if one.id == case)
    with office.engine.connect() as connection:
        letter = composing.letter(office, connection, "d1")
        assert code not in letter.text + letter.html + composing.summary(office, connection, "d1")
        around = look_around(office, connection, ana, now - timedelta(days=1), now + timedelta(minutes=1))
    assert code not in {one.code for one in around.waiting}
    assert sum(bar.count for bar in around.kinds) == 1, "only the other case is counted"


@pytest.mark.parametrize("act", ["take", "pass", "ask", "call", "close"])
def test_nothing_can_be_done_about_it_any_more(
    office: Office, planted: tuple[str, set[bytes]], ana: str, act: str
) -> None:
    case, now = planted[0], utcnow()
    erase(office, case)
    beto = add_liaison(office.engine, office.vault, "Beto Ruiz")
    with office.engine.begin() as connection:
        done: dict[str, Callable[[], str]] = {
            "take": lambda: actions.acknowledge(connection, ana, case, now),
            "pass": lambda: actions.pass_on(connection, ana, case, beto, rules=office.profile.duty, now=now),
            "ask": lambda: actions.ask(connection, office.vault, ana, case, "¿Sigue ahí?", now=now),
            "call": lambda: actions.call(connection, ana, case, now, night=False),
            "close": lambda: actions.close(connection, ana, case, "otro", now),
        }
        assert done[act]() == "closed"
    assert rows(office.engine, select(reports.c.status).where(reports.c.id == case)) == [{"status": "erased"}]


def test_who_was_told_sees_that_it_was_erased_and_where_it_waits_no_more(
    office: Office, planted: tuple[str, set[bytes]], ana: str, other: str
) -> None:
    case, _ = planted
    change(office.engine, update(deliveries).where(deliveries.c.subject == case).values(state="delivered"))
    erase(office, case)
    with office.engine.connect() as connection:
        code = connection.scalar(select(reports.c.code).where(reports.c.id == case))
        assert sight.by_code(connection, ana, str(code)) is not None
        for view in ("mios", "esperan", "urgentes"):
            assert code not in [row.code for row in inbox.find(connection, ana, Filters(view=view), utcnow()).rows]
        assert code in [row.code for row in inbox.find(connection, ana, Filters(), utcnow()).rows]
        assert code not in sight.waiting_for(connection, ana) + sight.open_codes(connection, ana)
        audit.verify(connection, office.vault)


def test_erasing_twice_changes_nothing(office: Office, planted: tuple[str, set[bytes]]) -> None:
    erase(office, planted[0])
    once = rows(office.engine, select(reports))
    erase(office, planted[0])
    assert rows(office.engine, select(reports)) == once
