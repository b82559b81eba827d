"""How often somebody may try to get in. Counted in Redis while it is up, in each process's memory while it is not.

Keys are keyed hashes: neither an address nor a phone is ever written to Redis.
"""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Flask, request
from flask_limiter import Limiter

from hotline import phones
from hotline.desk import FrontDesk, front_desk

Hooks = dict[str | None, list[Any]]

_IMPATIENT = 0.25
# Somebody who mistypes tries a handful of times; whoever guesses password and code needs millions.
PER_PERSON_AND_PLACE = "8 per 10 minutes"
# High, because whoever knows a liaison's number could use it up to keep them out.
PER_PERSON = "300 per hour"
PER_PLACE = "60 per 10 minutes"
# Nobody reads evidence faster; a program in a stolen session would.
EVIDENCE = "40 per 10 minutes"


def place() -> str:
    """Where the request comes from: the address that the nearest proxy saw."""
    route = request.access_route
    return _hidden("place", route[-1] if route else request.remote_addr or "")


limiter = Limiter(
    key_func=place,
    in_memory_fallback_enabled=True,
    headers_enabled=False,
    strategy="fixed-window",
    key_prefix="console",
)


def furnish(app: Flask, desk: FrontDesk) -> None:
    """Puts the limits into `app`."""
    assert desk.settings.redis_url
    app.config["RATELIMIT_STORAGE_URI"] = _for_limits(desk.settings.redis_url.get_secret_value())
    app.config["RATELIMIT_STORAGE_OPTIONS"] = {
        "socket_timeout": _IMPATIENT,
        "socket_connect_timeout": _IMPATIENT,
    }
    _for_the_console_alone(app)


def _for_the_console_alone(app: Flask) -> None:
    """Has the limiter look at the console's requests only: at every other, a caller's text among them, it would find
    nothing to do and take its time over it."""
    kinds: tuple[Hooks, ...] = (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs)
    earlier = [list(hooks.get(None, [])) for hooks in kinds]
    limiter.init_app(app)
    for hooks, before in zip(kinds, earlier, strict=True):
        hooks["console"] = [hook for hook in hooks[None] if hook not in before] + hooks.get("console", [])
        hooks[None] = before


def person() -> str:
    """Who is said to be signing in."""
    desk = front_desk()
    phone = phones.identity(request.form.get("telefono", ""), country=desk.profile.country)
    return _hidden("person", desk.vault.pseudonym(phone) if phone else "nobody")


def seat() -> str:
    """The session that asks."""
    return _hidden("seat", request.cookies.get("consola", ""))


def person_and_place() -> str:
    return person() + place()


def _hidden(use: str, value: str) -> str:
    key = front_desk().vault.derived(f"limits:{use}")
    return hashlib.blake2b(value.encode(), key=key, digest_size=12).hexdigest()


def _for_limits(url: str) -> str:
    return url.replace("unix://", "redis+unix://", 1) if url.startswith("unix://") else url
