"""A case: what was said, what happened, and what its liaison can do about it."""

from __future__ import annotations

import hashlib
from datetime import UTC
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import Connection, Row
from werkzeug.wrappers import Response

from hotline.console import limits
from hotline.console.access import signed_in, visitor
from hotline.console.blueprint import console
from hotline.console.counter import Answer, ask, wait
from hotline.console.limits import limiter
from hotline.console.wording import (
    CHANNELS,
    EVIDENCE,
    QUESTIONS,
    STATUS,
    TIGHT,
    URGENCY,
    WISHES,
    Phrases,
    shown,
    waited,
    when,
)
from hotline.desk import front_desk
from hotline.store import actions, audit, events, inbox, patterns, sight
from hotline.store import console as store
from hotline.store.engine import reading, utcnow
from hotline.store.schema import ENDED, ERASED

# Most cases answer within some 50 ms; after this long the page is shown and the words follow.
_STORY_PATIENCE = 0.8
LONGEST_QUESTION, LONGEST_REASON, LONGEST_CLOSING = 300, 300, 600

_SAID = {
    "yours": "Este caso queda a su cargo.",
    "taken": "Ya lo atiende otra persona.",
    "closed_already": "Este caso ya está cerrado.",
    "passed": "Se lo pedimos. El caso sigue donde está hasta que lo tome.",
    "not_allowed": "A esa persona no se le puede pasar este caso.",
    "away": "Esa persona está fuera de servicio. Elija a otra.",
    "asked": "Su pregunta va en camino. La respuesta aparecerá aquí, sin datos de la persona.",
    "no_texts": "La persona pidió no recibir mensajes.",
    "no_calls": "La persona pidió no recibir llamadas.",
    "no_address": "No hay a dónde responderle: no dejó número o ya se borró.",
    "night": "De noche sólo se llama cuando hay peligro inmediato. Inténtelo por la mañana o mande una pregunta.",
    "calling": "Le llamamos a usted en un momento; la persona oirá primero si quiere hablar.",
    "closed": "Caso cerrado. Gracias.",
    "declined": "Avisamos a la siguiente persona.",
}
_WELL = {"yours", "passed", "asked", "calling", "closed", "declined"}


@console.get("/casos/<code>", endpoint="case")
@signed_in
def case(code: str) -> str:
    found = _found(code)
    return render_template("consola/case.html", **_facts(found), **_story(found))


@console.get("/casos/<code>/vivo", endpoint="case_news")
@signed_in
def case_news(code: str) -> Response | str:
    """The case again if anything about it changed since the page with this mark; nothing otherwise."""
    found = _found(code)
    with reading(front_desk().engine) as connection:
        mark = _mark(connection, found)
    if request.args.get("marca") == mark:
        return Response(status=204)
    return render_template("consola/_case.html", **_facts(found), **_story(found))


@console.get("/casos/<code>/relato", endpoint="story")
@signed_in
def story(code: str) -> str:
    """The words of a case that took longer to open than the page could wait."""
    found = _found(code)
    asked = request.args.get("espera", "")
    opened = _waited(asked, found) if asked else _story(found)
    return render_template("consola/_case.html", **_facts(found), **opened)


@console.post("/casos/<code>/evidencia", endpoint="evidence")
@signed_in
@limiter.limit(limits.EVIDENCE, key_func=limits.seat)
def evidence(code: str) -> Response | str:
    found = _found(code)
    reason = request.form.get("motivo", "").strip()[:LONGEST_REASON]
    asked = request.form.get("espera", "")
    if not asked and len(reason) < 4:
        return _evidence_page(found, "Escriba para qué la necesita. Queda en la bitácora.", [])
    who = visitor()
    request_id = asked or ask(who.key, "evidence", {"code": found.code, "reason": reason})
    answer = wait(who.key, request_id, 2.0)
    if answer is None:
        return _evidence_page(found, "", [], waiting_for=request_id)
    if "refused" in answer:
        return _evidence_page(found, "No pudimos abrirla. Inténtelo otra vez en un momento.", [])
    with reading(front_desk().engine) as connection:
        linked = {pattern.fingerprint: pattern for pattern in patterns.patterns_of(connection, found.id)}
    items = [
        {
            "type": EVIDENCE.get(item["type"], "Dato"),
            "value": shown(item["type"], item["value"]),
            "tight": item["value"] if item["type"] in TIGHT else "",
            "owner": "de quien señalan" if item["owner"] == "suspect" else "no se sabe de quién",
            "elsewhere": str(linked[item["print"]].cases) if item["print"] in linked else "",
        }
        for item in answer["evidence"]
    ]
    return _evidence_page(found, "", items, opened=True)


@console.post("/casos/<code>/atender", endpoint="acknowledge")
@signed_in
def acknowledge(code: str) -> Response:
    return _act(code, "case.acknowledge", lambda db, row: actions.acknowledge(db, visitor().id, row.id, utcnow()))


@console.post("/casos/<code>/siguiente", endpoint="decline")
@signed_in
def decline(code: str) -> Response:
    def leave(connection: Connection, row: Row[Any]) -> str:
        actions.decline(connection, visitor().id, row.id, utcnow())
        return "declined"

    return _act(code, "case.decline", leave)


@console.post("/casos/<code>/pasar", endpoint="pass_on")
@signed_in
def pass_on(code: str) -> Response:
    to = request.form.get("a", "")

    def hand(connection: Connection, row: Row[Any]) -> str:
        if to == visitor().id or to not in {one.id for one in store.colleagues(connection)}:
            return "not_allowed"
        rules = front_desk().profile.duty
        return actions.pass_on(connection, visitor().id, row.id, to, rules=rules, now=utcnow())

    return _act(code, "case.pass", hand)


@console.post("/casos/<code>/preguntar", endpoint="ask")
@signed_in
def ask_reporter(code: str) -> Response:
    words = " ".join(request.form.get("pregunta", "").split())
    if not 3 <= len(words) <= LONGEST_QUESTION:
        flash(f"Escriba una pregunta de hasta {LONGEST_QUESTION} letras.", "bad")
        return redirect(url_for("console.case", code=code), 303)
    vault = front_desk().vault
    return _act(code, "case.ask", lambda db, row: actions.ask(db, vault, visitor().id, row.id, words, now=utcnow()))


@console.post("/casos/<code>/llamar", endpoint="call")
@signed_in
def call(code: str) -> Response:
    profile, now = front_desk().profile, utcnow()
    night = profile.duty.is_night(now.replace(tzinfo=UTC).astimezone(profile.timezone))
    return _act(code, "case.call", lambda db, row: actions.call(db, visitor().id, row.id, now, night=night))


@console.post("/casos/<code>/cerrar", endpoint="close")
@signed_in
def close(code: str) -> Response:
    desk = front_desk()
    outcome = request.form.get("resultado", "")
    words = request.form.get("nota", "").strip()[:LONGEST_CLOSING]
    if outcome not in desk.profile.duty.outcomes:
        flash("Elija cómo terminó el caso.", "bad")
        return redirect(url_for("console.case", code=code), 303)
    sealed = desk.vault.seal(words.encode()) if words else None
    return _act(
        code,
        "case.close",
        lambda db, row: actions.close(db, visitor().id, row.id, outcome, utcnow(), words=sealed),
    )


def _act(code: str, act: str, done: Any) -> Response:
    """Does something to a visible case, in one transaction with its line in the audit log."""
    desk, who = front_desk(), visitor()
    with desk.engine.begin() as connection:
        row = sight.by_code(connection, who.id, code)
        if row is None:
            abort(404)
        said = done(connection, row)
        if said in _WELL and not (said == "closed" and act != "case.close"):
            audit.append(connection, desk.vault, utcnow(), who.id, act, row.code)
    desk.bell.ring("deliver")
    already = said == "closed" and act != "case.close"
    flash(_SAID["closed_already" if already else said], "good" if said in _WELL and not already else "bad")
    return redirect(url_for("console.case", code=row.code), 303)


def _found(code: str) -> Row[Any]:
    """The visible case with this code; 404 for any other, whether there is one or not."""
    with reading(front_desk().engine) as connection:
        row = sight.by_code(connection, visitor().id, code) if len(code) <= 8 else None
    if row is None:
        abort(404)
    return row


def _story(row: Row[Any]) -> dict[str, Any]:
    key = visitor().key
    request_id = ask(key, "look", {"code": row.code})
    answer = wait(key, request_id, _STORY_PATIENCE)
    return _opened(answer, request_id, row.id, tries=0)


def _waited(request_id: str, row: Row[Any]) -> dict[str, Any]:
    tries = request.args.get("vez", "0")
    number = int(tries) if tries.isdigit() and len(tries) < 4 else 0
    return _opened(wait(visitor().key, request_id, 1.0), request_id, row.id, tries=number + 1)


def _opened(answer: Answer | None, request_id: str, report_id: str, tries: int) -> dict[str, Any]:
    if answer is None:
        return {"story": None, "request_id": request_id, "tries": tries}
    if "refused" in answer:
        return {"story": None, "request_id": "", "tries": 3}
    with reading(front_desk().engine) as connection:
        asked = inbox.asked(connection, report_id)
    thread = _thread(answer["parts"], asked, answer["questions"])
    return {"story": {"thread": thread, "words": answer["words"]}, "request_id": "", "tries": 0}


_NEVER_LEFT = ("failed", "refused")


def _thread(parts: list[str | None], asked: list[Row[Any]], words: dict[str, str | None]) -> list[dict[str, Any]]:
    """What was said, in order: a question stands before the parts that came in after it had left."""
    places: list[tuple[int, Row[Any]]] = []
    for one in reversed(asked):  # what did not leave stands where the next that did stands
        later = places[-1][0] if places and one.state in _NEVER_LEFT else len(parts)
        places.append((later if one.from_part is None else one.from_part, one))
    places.reverse()
    thread: list[dict[str, Any]] = []
    for number in range(len(parts) + 1):
        thread += [
            {"asked": one, "words": words.get(one.id)} for place, one in places if min(place, len(parts)) == number
        ]
        # Empty: a held message stood there and was let out; it follows as a part of its own.
        if number < len(parts) and parts[number] != "":
            thread.append({"asked": None, "words": parts[number]})
    return thread


def _mark(connection: Connection, row: Row[Any]) -> str:
    state = (row.status, row.urgency, row.kind, row.area, row.acknowledged_by, row.passed_to)
    return hashlib.blake2b(repr((state, inbox.pulse(connection, row.id))).encode(), digest_size=8).hexdigest()


def _facts(row: Row[Any]) -> dict[str, Any]:
    desk, who, now = front_desk(), visitor(), utcnow()
    phrases = Phrases(desk.profile, who.names)
    with reading(desk.engine) as connection:
        told = events.of(connection, row.id)
        linked = patterns.patterns_of(connection, row.id)
        active = store.colleagues(connection)
        mark = _mark(connection, row)
        may_take = _may_take(connection, row, who.id)
    status, tone = STATUS.get(row.status, STATUS["filed"])
    mine = row.acknowledged_by == who.id
    first = {"when": when(row.opened_at, desk.profile, now), "words": _arrival(row), "id": 0, "what": "filed"}
    return {
        "case": row,
        "mark": mark,
        "phrases": phrases,
        "kind": phrases.kind(row.kind),
        "place": phrases.place(row.area, row.state),
        "opened": when(row.opened_at, desk.profile, now),
        "status": status,
        "tone": tone,
        "urgency_name": URGENCY.get(row.urgency or "", ""),
        "waits": waited(row.opened_at, now) if row.acknowledged_by is None and row.status not in ENDED else "",
        "mine": mine,
        "for_me": row.passed_to == who.id,
        "asked_to": phrases.who(row.passed_to) if row.passed_to else "",
        "may_take": may_take,
        "owner": phrases.who(row.acknowledged_by) if row.acknowledged_by else "",
        "open": row.status not in ENDED,
        "wishes": [words for column, words in WISHES.items() if row._mapping[column] and row.status != ERASED],
        "reachable": row.return_address is not None,
        "outcome": phrases.outcome(row.outcome) if row.status == "closed" else "",
        "outcomes": [(slug, one.names[phrases.language]) for slug, one in desk.profile.duty.outcomes.items()],
        "others": sorted((phrases.who(one.id), one.id) for one in active if one.id != who.id),
        "patterns": [
            {"type": EVIDENCE.get(one.type, "Dato"), "cases": one.cases, "areas": one.areas} for one in linked
        ],
        "timeline": [
            first,
            *(
                {
                    "when": when(event.at, desk.profile, now),
                    "words": phrases.event(event),
                    "id": event.id,
                    "what": event.what,
                }
                for event in told
            ),
        ],
        "longest_question": LONGEST_QUESTION,
        "questions": QUESTIONS,
    }


def _may_take(connection: Connection, row: Row[Any], liaison_id: str) -> bool:
    """Nobody has it, or whoever has it is to be relieved; its own liaison when they are asked to take it again."""
    if row.acknowledged_by in (None, liaison_id):
        return row.acknowledged_by is None or row.passed_to == liaison_id
    return actions.may_take_over(connection, row, liaison_id)


def _arrival(row: Row[Any]) -> str:
    return f"Llegó por {CHANNELS.get(row.channel, row.channel)}"


def _evidence_page(
    row: Row[Any], problem: str, items: list[dict[str, str]], *, opened: bool = False, waiting_for: str = ""
) -> str:
    template = "consola/_evidence.html" if request.headers.get("HX-Request") else "consola/evidence.html"
    return render_template(template, case=row, problem=problem, items=items, opened=opened, waiting_for=waiting_for)
