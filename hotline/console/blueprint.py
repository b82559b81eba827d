"""The console's blueprint: what every page of it shares, before and after the views."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, render_template, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from markupsafe import Markup, escape
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from hotline.console.access import SESSION_COOKIE, colleagues, visitor_or_none
from hotline.desk import front_desk
from hotline.logs import describe, log
from hotline.store.engine import Unavailable

console = Blueprint(
    "console",
    __name__,
    url_prefix="/consola",
    template_folder="templates",
    static_folder="static",
    static_url_path="/archivos",
)
csrf = CSRFProtect()
_MASK = re.compile(r"\[([A-ZÁÉÍÓÚÑ][A-ZÁÉÍÓÚÑ0-9 _/-]{2,40})\]")

# Everything from here, nothing inline: not even a style attribute is obeyed.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "X-Robots-Tag": "noindex",
}
_WORDS = {
    400: ("No se entendió la petición", "Vuelva a la página anterior e inténtelo otra vez."),
    403: ("Esto no le corresponde", "Esta página es de quien supervisa."),
    404: ("No está aquí", "No hay nada con esta dirección entre lo que usted atiende."),
    405: ("No se entendió la petición", "Vuelva a la página anterior e inténtelo otra vez."),
    413: ("Es demasiado largo", "Escríbalo más corto e inténtelo otra vez."),
    429: (
        "Demasiados intentos",
        "Por seguridad hay que esperar unos minutos. Su cuenta está bien.",
    ),
    503: ("No podemos mostrarlo ahora", "Los reportes se siguen recibiendo. Inténtelo otra vez en un momento."),
}


@console.before_request
def _demand_token() -> None:
    if request.method == "POST":
        csrf.protect()


@console.after_request
def _secured(response: Response) -> Response:
    response.headers.update(_HEADERS)
    if request.endpoint == "console.static":
        response.headers["Cache-Control"] = "public, max-age=600"
    return response


@console.app_template_filter("masked")
def _masked(words: str) -> Markup:
    """The words with what was taken out of them set apart: `[NOMBRE]` as a chip."""
    chip = r'<span class="masked">\1</span>'
    return Markup(_MASK.sub(chip, str(escape(words))))  # noqa: S704 - escaped before


@console.context_processor
def _shared() -> dict[str, Any]:
    visitor = visitor_or_none()
    return {"profile": front_desk().profile, "visitor": visitor, "names": colleagues()}


@console.errorhandler(CSRFError)
def _stale_form(error: CSRFError) -> tuple[str, int]:
    return page_of(400, "La página estuvo abierta mucho tiempo", "Por seguridad ya no sirve. Vuelva a abrirla."), 400


@console.errorhandler(HTTPException)
def _told(error: HTTPException) -> tuple[str, int]:
    status = error.code or 500
    title, words = _WORDS.get(status, _WORDS[400])
    return page_of(status, title, words), status


@console.errorhandler(Unavailable)
def _database_away(error: Unavailable) -> tuple[str, int]:
    log("console").warning("database away", cause=describe(error))
    return page_of(503, *_WORDS[503]), 503


def page_of(status: int, title: str, words: str) -> str:
    """A page that says what is the matter and where to go on."""
    signed_in = SESSION_COOKIE in request.cookies and visitor_or_none() is not None
    return render_template("consola/told.html", status=status, title=title, words=words, signed_in=signed_in)
