"""The people of the hotline: the duty calendar for everybody; inviting, covering and leaving, for supervisors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from hotline.console.access import signed_in, supervisors_only, visitor
from hotline.console.blueprint import console
from hotline.console.counter import answer
from hotline.console.wording import DAYS, ROLES, Phrases, day
from hotline.desk import front_desk
from hotline.language.fold import plain
from hotline.profile.shifts import Shift
from hotline.store import audit, duty, people
from hotline.store import console as store
from hotline.store.engine import reading, utcnow

_DAYS_SHOWN = 7
_PHONE_WRONG = "Escriba el teléfono a diez dígitos."


@console.get("/guardia", endpoint="duty")
@signed_in
def duty_page() -> str:
    desk, who, now = front_desk(), visitor(), utcnow()
    phrases = Phrases(desk.profile, who.names)
    today = duty.local(desk.profile, now).date()
    week = request.args.get("semana", "0")
    weeks = int(week) if week.lstrip("-").isdigit() and abs(int(week)) <= 52 else 0
    first = today + timedelta(days=7 * weeks)
    with reading(desk.engine) as connection:
        serving = duty.on_duty_at(connection, desk.profile, now)
        days = duty.calendar(connection, desk.profile, first, _DAYS_SHOWN)
        rows = store.colleagues(connection)
        shifts = duty.shifts_of(connection)
    me = next((row for row in rows if row.id == who.id), None)
    return render_template(
        "consola/duty.html",
        days=[_day(one, phrases, who.id, today) for one in days],
        weeks=weeks,
        serving=[(phrases.who(row.id), ROLES.get(row.role, row.role)) for row in rows if row.id in serving],
        away=[phrases.who(row.id) for row in rows if row.away_since is not None],
        me_away=me is not None and me.away_since is not None,
        me_serving=who.id in serving,
        shifts=[
            {"id": shift_id, "who": phrases.who(row.id), "words": _shift(shift)}
            for row in rows
            for shift_id, shift in shifts.get(row.id, ())
            if who.supervises
        ],
        people=[(row.id, phrases.who(row.id)) for row in rows],
        weekdays=DAYS,
    )


@console.post("/guardia/servicio", endpoint="service")
@signed_in
def service() -> Response:
    """Out of service, or back."""
    away = request.form.get("estado") == "fuera"

    def change(connection: Connection, now: datetime) -> str:
        left = (duty.go_off if away else duty.go_on)(connection, visitor().id, now)
        if not away:
            return "Está en servicio."
        return "Quedó fuera de servicio." + (
            f" Aún son suyos: {', '.join(left[:8])}. Puede pasarlos a otra persona." if left else ""
        )

    return _done("console.duty", "liaison.away" if away else "liaison.back", visitor().id, change)


@console.post("/guardia/turnos", endpoint="add_shift")
@supervisors_only
def add_shift() -> Response:
    liaison_id = _known(request.form.get("persona", ""))
    days = frozenset(int(one) for one in request.form.getlist("dia") if one in tuple("0123456"))
    try:
        starts, ends = (time.fromisoformat(request.form.get(name, "")) for name in ("de", "a"))
    except ValueError:
        return _back("console.duty", "Escriba las horas del turno.")
    if not days:
        return _back("console.duty", "Elija al menos un día.")
    shift = Shift(days, starts.replace(tzinfo=None), ends.replace(tzinfo=None), "festivos" in request.form)

    def add(connection: Connection, now: datetime) -> str:
        duty.add_shift(connection, liaison_id, shift)
        return "Turno agregado."

    return _done("console.duty", "shift.add", liaison_id, add)


@console.post("/guardia/turnos/quitar", endpoint="remove_shift")
@supervisors_only
def remove_shift() -> Response:
    shift_id = request.form.get("turno", "")
    with reading(front_desk().engine) as connection:
        owner = next(
            (who for who, held in duty.shifts_of(connection).items() if shift_id in [one for one, _ in held]), None
        )
    if owner is None:
        return _back("console.duty", "Ese turno ya no está.")

    def remove(connection: Connection, now: datetime) -> str:
        duty.remove_shift(connection, shift_id)
        return "Turno quitado. Sin turnos, una persona está siempre de guardia."

    return _done("console.duty", "shift.remove", owner, remove)


@console.get("/personas", endpoint="people")
@supervisors_only
def people_page() -> str:
    return _people({})


@console.post("/personas/invitar", endpoint="invite")
@supervisors_only
def invite() -> Response | str:
    liaison_id = _known(request.form.get("persona", ""))
    return _invited(liaison_id)


@console.post("/personas/agregar", endpoint="add_person")
@supervisors_only
def add_person() -> Response | str:
    desk, who = front_desk(), visitor()
    form = request.form
    places = form.getlist("lugar")
    try:
        person = people.NewLiaison.checked(
            " ".join(form.get("nombre", "").split())[:80] or "Sin nombre",
            profile=desk.profile,
            phone=form.get("telefono", ""),
            email=form.get("correo", "").strip() or None,
            areas=tuple(place for place in places if place in desk.profile.areas),
            states=tuple(place for place in places if place in desk.profile.states),
            kinds=tuple(kind for kind in form.getlist("tipo") if kind in desk.profile.kinds),
            role=form.get("funcion", "first") if form.get("funcion") in people.ROLES else "first",
            body=_body(None),
        )
        if not person.phone.reveal().startswith("+"):  # a short code is nobody's phone
            return _back("console.people", _PHONE_WRONG)
    except people.PersonError as error:
        words = _PHONE_WRONG if "--phone" in str(error) else "Revise el correo: debe ser como nombre@ejemplo.mx."
        return _back("console.people", words)
    with desk.engine.begin() as connection:
        liaison_id = people.add(connection, desk.vault, person)
        audit.append(connection, desk.vault, utcnow(), who.id, "liaison.add", liaison_id)
    return _invited(liaison_id)


@console.post("/personas/cubrir", endpoint="cover")
@supervisors_only
def cover() -> Response:
    desk, form = front_desk(), request.form
    liaison_id = _known(form.get("persona", ""))
    places = form.getlist("lugar")
    role = form.get("funcion", "")

    def change(connection: Connection, now: datetime) -> str:
        body = next(row.body for row in store.colleagues(connection) if row.id == liaison_id)
        people.cover(
            connection,
            liaison_id,
            areas=tuple(place for place in places if place in desk.profile.areas),
            states=tuple(place for place in places if place in desk.profile.states),
            kinds=tuple(kind for kind in form.getlist("tipo") if kind in desk.profile.kinds),
            role=role if role in people.ROLES else "first",
            body=_body(body),
        )
        return "Guardado."

    return _done("console.people", "liaison.cover", liaison_id, change)


@console.post("/personas/baja", endpoint="off")
@supervisors_only
def off() -> Response:
    desk = front_desk()
    liaison_id = _known(request.form.get("persona", ""))
    if liaison_id == visitor().id:
        return _back("console.people", "No puede darse de baja a sí misma o a sí mismo; pídalo a quien opera la línea.")

    def leave(connection: Connection, now: datetime) -> str:
        people.switch_off(connection, desk.vault, liaison_id)
        store.end_sessions(connection, liaison_id, now)
        return "Listo: ya no recibe avisos y sus sesiones se cerraron."

    return _done("console.people", "liaison.off", liaison_id, leave)


def _body(known: str | None) -> str | None:
    """The authority that the form says; what it does not know leaves it as it was."""
    chosen = request.form.get("autoridad", known or "")
    return chosen if chosen in front_desk().profile.duty.bodies else known if chosen else None


def _invited(liaison_id: str) -> str:
    opened = answer(visitor().key, "invite", {"liaison": liaison_id})
    token = (opened or {}).get("token")
    if token is None:
        flash("No pudimos hacer la invitación. Inténtelo otra vez en un momento.", "bad")
        return _people({})
    base = front_desk().settings.public_url or ""
    return _people({"link": f"{base}{url_for('console.invitation', token=token)}", "invited": liaison_id})


def _people(more: dict[str, Any]) -> str:
    desk, who = front_desk(), visitor()
    phrases = Phrases(desk.profile, who.names)
    opened = (answer(who.key, "people", {}) or {}).get("people", {})
    with reading(desk.engine) as connection:
        rows = store.colleagues(connection)
        enrolled = store.enrolled(connection)
        serving = duty.on_duty_at(connection, desk.profile, utcnow())
    bodies = {slug: body.name for slug, body in desk.profile.duty.bodies.items()}
    found = [
        {
            "id": row.id,
            "name": opened.get(row.id, {}).get("name") or phrases.who(row.id),
            "phone": opened.get(row.id, {}).get("phone", ""),
            "email": row.has_email,
            "role": row.role,
            "role_name": ROLES.get(row.role, row.role),
            "places": [phrases.place(area, None) for area in row.areas]
            + [phrases.place(None, state) for state in row.states],
            "kinds": [phrases.kind(kind) for kind in row.kinds],
            "body": row.body or "",
            "body_name": bodies.get(row.body or "", (row.body or "").removeprefix("~").capitalize()),
            "chosen": {*row.areas, *row.states, *row.kinds},
            "enrolled": row.id in enrolled,
            "serving": row.id in serving,
            "away": row.away_since is not None,
            "self": row.id == who.id,
        }
        for row in rows
    ]
    names = {person["id"]: person["name"] for person in found}
    return render_template(
        "consola/people.html",
        people=found,
        roles=ROLES,
        bodies=bodies,
        areas=sorted(desk.profile.areas.values(), key=lambda area: plain(area.name)),
        states=sorted(desk.profile.states.values(), key=lambda state: plain(state.name)),
        kinds=[(slug, phrases.kind(slug)) for slug in desk.profile.kinds],
        invited_name=names.get(more.get("invited", ""), ""),
        **more,
    )


def _known(liaison_id: str) -> str:
    """`liaison_id` if it is a serving liaison's; 404 otherwise."""
    with reading(front_desk().engine) as connection:
        if liaison_id not in {row.id for row in store.colleagues(connection)}:
            abort(404)
    return liaison_id


def _done(page: str, act: str, subject: str, change: Callable[[Connection, datetime], str]) -> Response:
    """Does something in one transaction with its line in the audit log, says so, and goes back to `page`."""
    desk, now = front_desk(), utcnow()
    with desk.engine.begin() as connection:
        words = change(connection, now)
        audit.append(connection, desk.vault, now, visitor().id, act, subject)
    flash(words, "good")
    return redirect(url_for(page), 303)


def _back(page: str, words: str) -> Response:
    flash(words, "bad")
    return redirect(url_for(page), 303)


def _shift(shift: Shift) -> str:
    days = ", ".join(DAYS[one][:3] for one in sorted(shift.days)) if len(shift.days) < 7 else "todos los días"
    festive = "" if shift.holidays else ", menos festivos"
    return f"{days} de {shift.starts:%H:%M} a {shift.ends:%H:%M}{festive}"


def _day(one: duty.Day, phrases: Phrases, me: str, today: date) -> dict[str, Any]:
    whole = time(0)
    return {
        "name": "hoy" if one.day == today else DAYS[one.day.weekday()],
        "date": day(datetime.combine(one.day, whole)),
        "today": one.day == today,
        "holiday": one.holiday,
        "watches": [
            {
                "who": phrases.who(watch.liaison_id),
                "mine": watch.liaison_id == me,
                "role": ROLES.get(watch.role, watch.role),
                "hours": "todo el día" if watch.starts == watch.ends else f"{watch.starts:%H:%M} a {watch.ends:%H:%M}",
                "away": watch.away,
            }
            for watch in one.watches
        ],
    }
