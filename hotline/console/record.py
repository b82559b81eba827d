"""The audit log as the console shows it, and one's own open sessions."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hotline.console.access import signed_in, supervisors_only, visitor
from hotline.console.blueprint import console
from hotline.console.counter import answer
from hotline.console.wording import ACTS, Phrases, when
from hotline.desk import front_desk
from hotline.store import audit
from hotline.store import console as store
from hotline.store.engine import reading, utcnow

_PAGE = 60


@console.get("/bitacora", endpoint="log")
@signed_in
def log_page() -> str:
    """A supervisor sees everybody's entries, a liaison their own."""
    return render_template("consola/log.html", **_entries({}))


@console.post("/bitacora/motivos", endpoint="reasons")
@supervisors_only
def reasons() -> str:
    """The same page with the reasons that were given for looking at evidence."""
    seqs = [int(seq) for seq in request.form.getlist("entrada") if seq.isascii() and seq.isdigit()]
    opened = answer(visitor().key, "notes", {"entries": seqs})
    if opened is None or "refused" in opened:
        flash("No pudimos abrir los motivos. Inténtelo otra vez en un momento.", "bad")
    return render_template("consola/log.html", **_entries((opened or {}).get("notes", {})))


@console.get("/cuenta", endpoint="account")
@signed_in
def account() -> str:
    desk, who, now = front_desk(), visitor(), utcnow()
    with reading(desk.engine) as connection:
        rows = store.open_sessions(connection, who.id, now)
    opened = [
        {
            "id": row.id,
            "opened": when(row.opened_at, desk.profile, now),
            "seen": when(row.seen_at, desk.profile, now),
            "this": row.id == who.key.id,
        }
        for row in rows
    ]
    return render_template(
        "consola/account.html",
        sessions=opened,
        idle=desk.settings.console_idle_minutes,
        hours=desk.settings.console_hours,
    )


@console.post("/cuenta/cerrar", endpoint="revoke")
@signed_in
def revoke() -> Response:
    """Ends one's other sessions: one of them, or all."""
    desk, who, now = front_desk(), visitor(), utcnow()
    chosen = request.form.get("sesion", "")
    with desk.engine.begin() as connection:
        if chosen:
            ended = int(store.end_session(connection, who.id, chosen, now))
        else:
            ended = store.end_sessions(connection, who.id, now, but=who.key.id)
        if ended:
            audit.append(connection, desk.vault, now, who.id, "console.revoke", who.id)
    flash("Sesiones cerradas." if ended != 1 else "Sesión cerrada.", "good")
    return redirect(url_for("console.account"), 303)


_OURS = {audit.OPERATOR: "Quien opera la línea", audit.HOTLINE: "La línea"}


def _entries(notes: dict[str, str | None]) -> dict[str, Any]:
    desk, who, now = front_desk(), visitor(), utcnow()
    phrases = Phrases(desk.profile, who.names)
    given = request.values.get("antes", "")
    before = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None
    with reading(desk.engine) as connection:
        rows = audit.entries(connection, actor=None if who.supervises else who.id, before=before, limit=_PAGE + 1)
    entries = [
        {
            "seq": row.seq,
            "when": when(row.at, desk.profile, now),
            "who": _OURS.get(row.actor) or phrases.who(row.actor),
            "act": ACTS.get(row.act, row.act),
            "case": row.subject if row.act.startswith(("case.", "quarantine.")) else "",
            "person": phrases.who(row.subject) if row.act.startswith(("liaison.", "shift.")) else "",
            "noted": row.noted,
            "note": notes.get(str(row.seq)),
        }
        for row in rows[:_PAGE]
    ]
    return {
        "entries": entries,
        "older": rows[_PAGE - 1].seq if len(rows) > _PAGE else None,
        "before": before,
        "some_noted": any(entry["noted"] and entry["note"] is None for entry in entries),
    }
