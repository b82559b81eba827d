"""The hotline's front desk, and what both sides share. `create_app` is the application; see the README for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from hotline.settings import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The web application over `settings`, by default the environment's.

    Under the `flask` command it carries the operator's commands only, so that they work before anything is set up.
    What is missing ends the process with one line: a server must not start half.
    """
    import click
    from flask import Flask

    app = Flask(__name__, static_folder=None)
    if click.get_current_context(silent=True) is not None:
        from hotline.cli import register

        register(app)
        return app

    from hotline.web import furnish

    furnish(app, settings)
    return app
