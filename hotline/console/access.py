"""Who is at the console: the session behind the cookie, and what a view demands of it.

The cookie holds the session's token and nothing else does; what the workers seal to the session opens with it only.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

from hotline.console.address import cookie_path, over_tls
from hotline.desk import front_desk
from hotline.store import console as store
from hotline.store.engine import reading, utcnow
from hotline.vault import CannotOpen, SessionKey

SESSION_COOKIE = "consola"
# A session's last use is noted this exactly: not every click is a write.
_NOTED_EVERY = timedelta(seconds=30)
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Visitor:
    """The liaison who is looking: id, role, own name, everybody's names, and the session's key."""

    id: str
    role: str
    name: str
    names: dict[str, str]
    key: SessionKey

    @property
    def supervises(self) -> bool:
        return self.role == "supervisor"


def new_token() -> bytes:
    return secrets.token_bytes(32)


def cookie_key() -> SessionKey | None:
    """The key of the session whose token the browser sent, open or not."""
    try:
        token = base64.urlsafe_b64decode(request.cookies.get(SESSION_COOKIE, ""))
    except (ValueError, binascii.Error):
        return None
    return SessionKey(token) if len(token) == 32 else None


def hand_cookie(response: Response, token: bytes) -> None:
    """Gives the browser the session's token: for this site only, unreadable to scripts, gone when it is closed."""
    response.set_cookie(
        SESSION_COOKIE,
        base64.urlsafe_b64encode(token).decode(),
        path=cookie_path(),
        secure=over_tls(),
        httponly=True,
        samesite="Lax",
    )


def take_cookie(response: Response) -> None:
    response.delete_cookie(SESSION_COOKIE, path=cookie_path(), secure=over_tls(), httponly=True, samesite="Lax")


def visitor_or_none() -> Visitor | None:
    """Whoever is signed in, looked up once a request."""
    if "visitor" not in g:
        g.visitor = None
        g.visitor = _visitor()
    return cast("Visitor | None", g.visitor)


def visitor() -> Visitor:
    """Whoever is signed in. For views behind `signed_in`."""
    found = visitor_or_none()
    assert found is not None
    return found


def colleagues() -> dict[str, str]:
    found = visitor_or_none()
    return found.names if found else {}


def signed_in(view: View) -> View:
    """Demands a session. A page sends to the sign-in and back; a fragment has the browser go there."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if visitor_or_none() is not None:
            return view(*args, **kwargs)
        if request.headers.get("HX-Request"):
            return Response("", status=200, headers={"HX-Redirect": url_for("console.enter")})
        here = f"{request.script_root}{request.path}"
        wanted = here if request.method == "GET" and here != url_for("console.inbox") else None
        return redirect(url_for("console.enter", destino=wanted), 303)

    guarded.needs_sign_in = True  # type: ignore[attr-defined]
    return cast(View, guarded)


def supervisors_only(view: View) -> View:
    """Demands a supervisor's session."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not visitor().supervises:
            abort(403)
        return view(*args, **kwargs)

    return signed_in(cast(View, guarded))


def inside(address: str) -> str:
    """`address` if it is a page of the console, else the inbox: nobody is sent elsewhere after signing in."""
    parts = urlsplit(address)
    own = not parts.scheme and not parts.netloc and parts.path.startswith(f"{cookie_path()}/") and "\\" not in address
    return parts.path if own else url_for("console.inbox")


def _visitor() -> Visitor | None:
    key = cookie_key()
    if key is None:
        return None
    desk, now = front_desk(), utcnow()
    idle = timedelta(minutes=desk.settings.console_idle_minutes)
    with reading(desk.engine) as connection:
        session = store.session(connection, key.id, now, idle)
    if session is None:
        return None
    try:
        card = json.loads(key.open(session.card))
    except CannotOpen:
        return None
    # A page that asks for news by itself is nobody at the screen.
    by_itself = request.headers.get("X-Console-Poll") == "1"
    if not by_itself and now - session.seen_at > _NOTED_EVERY:
        with desk.engine.begin() as connection:
            store.touch(connection, key.id, now)
    return Visitor(session.liaison_id, session.role, card["name"], card["names"], key)
