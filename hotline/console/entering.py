"""Signing in and out, and accepting an invitation. What is typed is sealed at once; the workers decide."""

from __future__ import annotations

import base64
import hashlib

import pyotp
import segno
from flask import make_response, redirect, render_template, request, session, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from hotline import phones
from hotline.console import limits
from hotline.console.access import (
    cookie_key,
    hand_cookie,
    inside,
    new_token,
    signed_in,
    take_cookie,
    visitor,
    visitor_or_none,
)
from hotline.console.blueprint import console
from hotline.console.counter import Answer, ask, wait
from hotline.console.limits import limiter
from hotline.desk import front_desk
from hotline.store import audit
from hotline.store import console as store
from hotline.store.engine import reading, utcnow
from hotline.vault import SessionKey

SHORTEST_PASSWORD = 12
_LONGEST_PASSWORD = 200
Page = Response | str

_REFUSED = {
    "wrong": "El teléfono, la contraseña o el código no coinciden. Revíselos e inténtelo otra vez.",
    "used": "Ese código ya se usó. Espere el siguiente; cambia cada 30 segundos.",
    "code": "El código de seis números no coincide. Revise que la hora de su teléfono sea la correcta.",
    "invitation": "Esta invitación ya se usó o venció. Pida otra a quien supervisa.",
    "failed": "No pudimos comprobarlo. Inténtelo otra vez.",
    "crowded": "Hay muchas personas entrando a la vez. Inténtelo otra vez en un minuto.",
}


@console.get("/entrar")
def enter() -> Page:
    if visitor_or_none() is not None:
        return redirect(url_for("console.inbox"), 303)
    return _enter_page()


@console.post("/entrar", endpoint="enter_now")
@limiter.limit(limits.PER_PLACE, key_func=limits.place)
@limiter.limit(limits.PER_PERSON, key_func=limits.person)
@limiter.limit(limits.PER_PERSON_AND_PLACE, key_func=limits.person_and_place)
def enter_now() -> Page:
    desk = front_desk()
    phone = phones.identity(request.form.get("telefono", ""), country=desk.profile.country)
    if phone is None:
        return _enter_page("Escriba su número de teléfono a diez dígitos.", 422)
    if _crowded():
        return _enter_page(_REFUSED["crowded"], 503)
    token = new_token()
    question = {
        "sender": desk.vault.pseudonym(phone),
        "password": request.form.get("contrasena", "")[:_LONGEST_PASSWORD],
        "code": request.form.get("codigo", "")[:12],
        "public": SessionKey(token).public.hex(),
    }
    session["destino"] = inside(request.form.get("destino", ""))
    return _under_way(token, ask(SessionKey(token), "enter", question))


@console.get("/espera")
@limiter.limit("600 per 10 minutes")
def entering() -> Page:
    """Where a sign-in waits whose answer takes longer than a moment."""
    key = cookie_key()
    if visitor_or_none() is not None:
        return redirect(inside(session.pop("destino", "")), 303)
    if key is None:
        return redirect(url_for("console.enter"), 303)
    with reading(front_desk().engine) as connection:
        request_id = store.entering(connection, key.id)
    if request_id is None:
        return _enter_page(_REFUSED["failed"], 503)
    answer = wait(key, request_id)
    return _entered(answer) if answer is not None else make_response(render_template("consola/waiting.html"), 503)


@console.post("/salir")
@signed_in
def leave() -> Response:
    desk, who, now = front_desk(), visitor(), utcnow()
    with desk.engine.begin() as connection:
        store.end_session(connection, who.id, who.key.id, now)
        audit.append(connection, desk.vault, now, who.id, "console.leave", who.id)
    response = redirect(url_for("console.enter"), 303)
    take_cookie(response)
    return response


@console.get("/invitacion/<token>")
@limiter.limit(limits.PER_PLACE)
def invitation(token: str) -> Page:
    return _invitation_page(token)


@console.post("/invitacion/<token>", endpoint="enrol")
@limiter.limit(limits.PER_PLACE)
def enrol(token: str) -> Page:
    password, again = request.form.get("contrasena", ""), request.form.get("repetida", "")
    if not SHORTEST_PASSWORD <= len(password) <= _LONGEST_PASSWORD:
        problem = f"La contraseña necesita al menos {SHORTEST_PASSWORD} caracteres. Una frase que recuerde sirve bien."
        return _invitation_page(token, "contrasena", problem)
    if len(set(password)) < 5:
        return _invitation_page(token, "contrasena", "Esa contraseña es fácil de adivinar. Una frase sirve bien.")
    if password != again:
        return _invitation_page(token, "repetida", "Las dos contraseñas no son iguales. Escríbalas otra vez.")
    if _crowded():
        return _invitation_page(token, "", _REFUSED["crowded"])
    fresh = new_token()
    question = {
        "token": token,
        "password": password,
        "totp": _secret(token),
        "code": request.form.get("codigo", "")[:12],
        "public": SessionKey(fresh).public.hex(),
    }
    session["destino"] = url_for("console.inbox")
    session["invitacion"] = token
    return _under_way(fresh, ask(SessionKey(fresh), "enrol", question))


def _under_way(token: bytes, request_id: str) -> Page:
    key = SessionKey(token)
    answer = wait(key, request_id)
    if answer is None:
        response = redirect(url_for("console.entering"), 303)
        hand_cookie(response, token)
        return response
    return _entered(answer, token)


def _entered(answer: Answer, token: bytes | None = None) -> Page:
    invited = session.pop("invitacion", "")
    if answer.get("welcome"):
        response = redirect(inside(session.pop("destino", "")), 303)
        if token:
            hand_cookie(response, token)
        return response
    words = _REFUSED.get(str(answer.get("refused")), _REFUSED["failed"])
    return _invitation_page(invited, "codigo", words) if invited else _enter_page(words, 401)


def _enter_page(problem: str = "", status: int = 200) -> Response:
    destination = request.values.get("destino", "")
    page = render_template(
        "consola/enter.html",
        problem=problem,
        phone=request.form.get("telefono", ""),
        destination=inside(destination) if destination else "",
    )
    return make_response(page, status)


def _invitation_page(token: str, field: str = "", problem: str = "") -> Response:
    with reading(front_desk().engine) as connection:
        is_open = store.invited(connection, token, utcnow())
    if not is_open:
        return make_response(render_template("consola/invitation_over.html", words=_REFUSED["invitation"]), 410)
    secret = _secret(token)
    profile = front_desk().profile
    link = pyotp.TOTP(secret).provisioning_uri(name="Consola", issuer_name=profile.short_name)
    drawing = segno.make(link, error="m").svg_inline(border=2, dark="#14171d", light="#ffffff", omitsize=True)
    page = render_template(
        "consola/invitation.html",
        qr=Markup(drawing),  # noqa: S704 - drawn here, from our own secret
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        link=link,
        field=field,
        problem=problem,
        shortest=SHORTEST_PASSWORD,
    )
    return make_response(page, 422 if problem else 200)


def _secret(token: str) -> str:
    """The second factor's secret that goes with an invitation: the same each time its page is opened."""
    key = front_desk().vault.derived("console:totp")
    return base64.b32encode(hashlib.blake2b(token.encode(), key=key, digest_size=20).digest()).decode()


def _crowded() -> bool:
    with reading(front_desk().engine) as connection:
        return store.crowded(connection, utcnow())
