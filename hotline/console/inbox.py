"""The inbox: which cases there are, filtered, and kept fresh without reloading."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

from flask import redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from hotline.console.access import signed_in, visitor
from hotline.console.blueprint import console
from hotline.console.wording import STATUS, URGENCY, Phrases, waited, when
from hotline.desk import front_desk
from hotline.language.fold import plain
from hotline.store import inbox as store
from hotline.store import patterns
from hotline.store.engine import reading, utcnow
from hotline.store.inbox import Filters, View
from hotline.store.schema import ENDED

TITLES = {"esperan": "Esperan", "urgentes": "Urgentes", "mios": "Míos", "todos": "Todos"}


@console.get("/")
@signed_in
def inbox() -> str:
    return render_template("consola/inbox.html", **_listing())


@console.get("/casos", endpoint="cases")
@signed_in
def cases() -> Response:
    """`/consola/casos` is what a case's address is shortened to."""
    return redirect(url_for("console.inbox"), 303)


@console.get("/novedades", endpoint="news")
@signed_in
def news() -> Response | str:
    """The list again if it changed since the one with this mark; nothing otherwise."""
    with reading(front_desk().engine) as connection:
        if request.args.get("pulso") == _stirred(connection):
            return Response(status=204)
    listing = _listing()
    if request.args.get("marca") == listing["mark"]:
        return Response(status=204)
    return render_template("consola/_cases.html", **listing)


def _listing() -> dict[str, Any]:
    desk, who, now = front_desk(), visitor(), utcnow()
    phrases = Phrases(desk.profile, who.names)
    filters = read_filters(request.args)
    with reading(desk.engine) as connection:
        found = store.find(connection, who.id, filters, now)
        stirred = _stirred(connection)
        marked = patterns.marked(connection, [row.id for row in found.rows])
    rows = [_line(row, phrases, who.id, now, pattern=row.id in marked) for row in found.rows]
    mark = hashlib.blake2b(repr((rows, found.counts)).encode(), digest_size=8).hexdigest()
    kept = {name: value for name, value in request.args.items() if name in _NARROWING and value}
    return {
        "rows": rows,
        "more": found.more,
        "counts": found.counts,
        "filters": filters,
        "titles": TITLES,
        "mark": mark,
        "stirred": stirred,
        "kept": kept,
        "narrowed": len(kept),
        "areas": sorted(desk.profile.areas.values(), key=lambda area: plain(area.name)),
        "states": sorted(desk.profile.states.values(), key=lambda state: plain(state.name)),
        "kinds": [(slug, phrases.kind(slug)) for slug in desk.profile.kinds],
    }


def _stirred(connection: Connection) -> str:
    """Tells, at little cost, whether a list may have changed. A quarter of an hour changes what is said of times."""
    quarter = int(utcnow().timestamp()) // 900
    return hashlib.blake2b(repr((store.stir(connection), quarter)).encode(), digest_size=8).hexdigest()


_NARROWING = ("lugar", "tipo", "desde", "hasta")


def read_filters(given: Mapping[str, str]) -> Filters:
    """The filters of an address. What makes no sense is left out."""
    profile = front_desk().profile
    view = given.get("vista", "todos")
    place, kind = given.get("lugar", ""), given.get("tipo", "")
    since, until = _day(given.get("desde", "")), _day(given.get("hasta", ""))
    page = given.get("pagina", "0")
    return Filters(
        view=cast(View, view if view in TITLES else "todos"),
        area=place if place in profile.areas else None,
        state=place if place in profile.states else None,
        kind=kind if kind in profile.kinds else None,
        since=since,
        until=until + timedelta(days=1) if until else None,
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 0,
    )


def _day(text: str) -> datetime | None:
    """The UTC moment at which a local day (`2026-11-23`) begins."""
    try:
        begun = datetime.combine(date.fromisoformat(text), datetime.min.time(), front_desk().profile.timezone)
        return begun.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def _line(row: Any, phrases: Phrases, liaison_id: str, now: datetime, *, pattern: bool) -> dict[str, Any]:
    """A case as a row shows it."""
    status, tone = STATUS.get(row.status, STATUS["filed"])
    waits = row.acknowledged_by is None and row.status not in ENDED
    mine = row.acknowledged_by == liaison_id
    owner = phrases.who(row.acknowledged_by) if row.acknowledged_by else ""
    return {
        "code": row.code,
        "kind": phrases.kind(row.kind),
        "place": phrases.place(row.area, row.state),
        "when": when(row.opened_at, phrases.profile, now),
        "urgency": row.urgency or "",
        "urgent": row.urgency in ("P1", "P2") and row.status not in ENDED,
        "urgency_name": URGENCY.get(row.urgency or "", ""),
        "status": status,
        "tone": tone,
        "waits": waited(row.opened_at, now) if waits else "",
        "owner": "Usted" if mine else owner,
        "mine": mine,
        "for_you": row.passed_to == liaison_id and not mine,
        "pattern": pattern,
        "held": row.status == "held",
    }
