"""The liaisons' pages at `/consola`: sign in, see one's cases, act on them. All Spanish, all from our own server.

The pages know in clear only what a browser's own cookie opens; what is locked the workers open (`counter`).
"""

from __future__ import annotations

from flask import Flask

from hotline.console import casework, entering, export, inbox, limits, mailbox, record, team
from hotline.console.address import FormsSession, under_public_path
from hotline.console.blueprint import console, csrf
from hotline.desk import FrontDesk

__all__ = ["casework", "console", "entering", "export", "furnish", "inbox", "mailbox", "record", "team"]


def furnish(app: Flask) -> None:
    """Puts the console into `app`, whose front desk is open."""
    desk: FrontDesk = app.extensions["front_desk"]
    app.config.update(
        SECRET_KEY=desk.vault.derived("console:forms"),
        SESSION_COOKIE_NAME="consola_formulario",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # Checked in the console's own before_request; the carrier's requests carry a signature instead.
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        # Pages send no Referer, and the cookie goes to this site only.
        WTF_CSRF_SSL_STRICT=False,
    )
    app.session_interface = FormsSession()
    app.wsgi_app = under_public_path(app.wsgi_app, desk.settings.public_url or "")  # type: ignore[method-assign]
    csrf.init_app(app)
    limits.furnish(app, desk)
    app.register_blueprint(console)
