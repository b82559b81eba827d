"""Where the console is reached: under which path, and whether over TLS.

A proxy may serve the hotline under a path of `PUBLIC_URL` and take that path off again; and an operator may look in by
the process's own address. Links and cookies must be right both ways, so the request decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from hotline.desk import front_desk

_ROOT = "/consola"


def over_tls() -> bool:
    """Whether the browser speaks TLS: the proxy says so, or it came to a public address that is."""
    public = urlsplit(front_desk().settings.public_url or "")
    return request.is_secure or (public.scheme == "https" and request.host == public.netloc)


def cookie_path() -> str:
    return f"{request.script_root}{_ROOT}"


class FormsSession(SecureCookieSessionInterface):
    """Flask's signed cookie, which holds the forms' token, with the console's path and TLS. Nobody else has one."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return super().open_session(app, request) if request.path.startswith(_ROOT) else self.session_class()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.path.startswith(_ROOT):
            super().save_session(app, session, response)

    def get_cookie_secure(self, app: Flask) -> bool:
        return over_tls()

    def get_cookie_path(self, app: Flask) -> str:
        return cookie_path()


def under_public_path(application: Any, public_url: str) -> Any:
    """Tells Flask of the path that the proxy took off, so that the console's links have it."""
    public = urlsplit(public_url)

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("PATH_INFO", "").startswith(_ROOT) and environ.get("HTTP_HOST") == public.netloc:
            environ["SCRIPT_NAME"] = public.path
        return application(environ, start_response)  # type: ignore[no-any-return]

    return serve if public.path else application
