"""Asking the workers for what only they can open, and waiting a little for the answer."""

from __future__ import annotations

import json
import time
from typing import Any

from hotline.desk import front_desk
from hotline.store import console as store
from hotline.store.console import Errand
from hotline.store.engine import reading, utcnow
from hotline.vault import CannotOpen, SessionKey

# How long a page is held back for an answer; it comes in some 50 ms unless the workers are away.
PATIENCE = 2.0
_FIRST_LOOK, _LONGEST_PAUSE = 0.01, 0.08

Answer = dict[str, Any]
FAILED: Answer = {"refused": "failed"}


def ask(key: SessionKey, errand: Errand, question: dict[str, Any]) -> str:
    """Puts a question to the workers; its id."""
    desk = front_desk()
    with desk.engine.begin() as connection:
        request_id = store.ask(
            connection, desk.vault, session_id=key.id, errand=errand, question=question, now=utcnow()
        )
    desk.bell.ring("answer_console")
    return request_id


def wait(key: SessionKey, request_id: str, patience: float = PATIENCE) -> Answer | None:
    """The answer, or None when it is not there within `patience` seconds. What was fetched is forgotten."""
    deadline = time.monotonic() + patience
    pause = _FIRST_LOOK
    while True:
        found = _fetch(key, request_id)
        if found is not None or time.monotonic() >= deadline:
            return found
        time.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)


def answer(key: SessionKey, errand: Errand, question: dict[str, Any], patience: float = PATIENCE) -> Answer | None:
    """Asks and waits."""
    return wait(key, ask(key, errand, question), patience)


def _fetch(key: SessionKey, request_id: str) -> Answer | None:
    desk = front_desk()
    with reading(desk.engine) as connection:
        found = store.answer(connection, key.id, request_id)
    if found is None:
        return FAILED
    state, sealed = found
    if state != "answered":
        return None
    with desk.engine.begin() as connection:
        store.forget(connection, request_id)
    if sealed is None:
        return FAILED
    try:
        opened: Answer = json.loads(key.open(sealed))
    except CannotOpen:
        return FAILED
    return opened
