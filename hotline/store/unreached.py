"""What follows when something did not reach whom it was for: the next is woken, who asked is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from hotline.store import clocks, errands, events
from hotline.store.duty_tables import questions
from hotline.store.schema import conversations, deliveries, reports


def note_failure(connection: Connection, delivery_id: str, now: datetime) -> None:
    """A delivery failed for good: an urgent text has the next in line woken at once, unless another of the same step
    is still on its way or has arrived; a question and a call on a liaison's behalf are told to have failed."""
    row = connection.execute(select(deliveries).where(deliveries.c.id == delivery_id)).one_or_none()
    if row is None or row.state != "failed":
        return
    if row.purpose == "passed" and row.channel == "sms":
        _unpassed(connection, row, now)
    elif row.purpose == "urgent" and row.channel == "sms":
        clocks.hasten_without(connection, row.subject, row.liaison_id, now)
    elif row.channel == "ask":
        question_failed(connection, row.subject, now)
    elif row.channel == "ring":
        call_failed(connection, row.id, now)


def _unpassed(connection: Connection, row: Row[Any], now: datetime) -> None:
    """Who was asked to take a case over cannot be reached: its owner is told, and others are woken if it is urgent."""
    asked = (reports.c.id == row.subject) & (reports.c.passed_to == row.liaison_id)
    report = connection.execute(select(reports).where(asked)).one_or_none()
    if report is None:
        return
    clocks.hasten(connection, report.id, now)
    if report.acknowledged_by is not None and not clocks.runs(connection, report.id):
        told = errands.delivery("unpassed", report.id, report.acknowledged_by, "sms", now, step=row.step)
        errands.add(connection, [told])


def question_failed(connection: Connection, question_id: str, now: datetime) -> None:
    """The reporter did not get the question: no answer is awaited, and the liaison is told."""
    query = (
        update(questions)
        .where(questions.c.id == question_id, questions.c.state.in_(("waiting", "sent")))
        .values(state="failed")
        .returning(questions.c.report_id, questions.c.liaison_id)
    )
    asked = connection.execute(query).one_or_none()
    if asked is None:
        return
    awaited = conversations.c.asked_about == asked.report_id
    connection.execute(update(conversations).where(awaited).values(asked_about=None))
    step = errands.times(connection, "unsent", asked.report_id)
    errands.add(connection, [errands.delivery("unsent", asked.report_id, asked.liaison_id, "sms", now, step=step)])
    events.note(connection, asked.report_id, "unsent_question", now, to_liaison=asked.liaison_id)


def call_failed(connection: Connection, delivery_id: str, now: datetime) -> None:
    """The reporter was not joined with the liaison: they did not answer, or did not want to."""
    row = connection.execute(select(deliveries).where(deliveries.c.id == delivery_id)).one_or_none()
    if row is None or row.channel != "ring":
        return
    joined = select(deliveries.c.id).where(
        deliveries.c.subject == row.subject, deliveries.c.channel == "join", deliveries.c.step == row.step
    )
    if connection.execute(joined).first() is None:
        told = errands.delivery("uncalled", row.subject, row.liaison_id, "sms", now, step=row.step)
        errands.add(connection, [told])
