"""Furnishes the web application: the front desk, its routes, its headers, its limits."""

from __future__ import annotations

import sys

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from hotline import logs
from hotline.console import furnish as furnish_console
from hotline.desk import FrontDesk
from hotline.health import health
from hotline.logs import describe, log
from hotline.profile import ProfileError
from hotline.public import public
from hotline.public.sounds import sounds
from hotline.settings import Settings, SettingsError
from hotline.vault import VaultError
from hotline.webhooks import webhooks

# The longest signed request of the carrier is a text of 1,600 characters with its parameters: some 20 kB encoded.
_LARGEST_REQUEST = 256 * 1024

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=31536000",
    "Cache-Control": "no-store",
}


def furnish(app: Flask, settings: Settings | None) -> None:
    """Puts everything the web process serves into `app`; ends the process with one line when it cannot."""
    logs.configure()
    try:
        app.extensions["front_desk"] = FrontDesk.open(settings or Settings.read())
    except (SettingsError, ProfileError, VaultError) as error:
        sys.exit(f"{error}")
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_REQUEST
    app.config["MAX_FORM_MEMORY_SIZE"] = _LARGEST_REQUEST
    app.register_blueprint(webhooks)
    app.register_blueprint(health)
    app.register_blueprint(public)
    app.register_blueprint(sounds)
    furnish_console(app)
    app.register_error_handler(Exception, _unexpected)
    app.after_request(_with_headers)


def _with_headers(response: Response) -> Response:
    if request.blueprint == webhooks.name:  # a browser never sees them
        return response
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _unexpected(error: Exception) -> Response | HTTPException:
    """No traceback reaches anybody; the carrier is told to try again."""
    if isinstance(error, HTTPException):
        return error
    log("web").error("unexpected", cause=describe(error))
    return Response("", status=503)
