"""Is the process alive, is it ready, what does it count: for the platform that runs it, never for people."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, jsonify, request
from redis.exceptions import RedisError
from sqlalchemy import text

from hotline import queues
from hotline.desk import FrontDesk, front_desk
from hotline.metrics import exposition
from hotline.store.engine import Unavailable, reading

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthz() -> Response:
    return Response("ok\n", mimetype="text/plain")


@health.get("/readyz")
def readyz() -> tuple[Response, int]:
    """200 when everything answers; 503 and what does not. Callers are answered either way: see the spool."""
    down = what_is_down(front_desk())
    return jsonify(ready=not down, down=down), 503 if down else 200


@health.get("/metrics")
def metrics() -> Response:
    desk = front_desk()
    token = desk.settings.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token is None or not hmac.compare_digest(given.encode(), token.get_secret_value().encode()):
        return Response("", status=401, headers={"WWW-Authenticate": "Bearer"})
    return Response(exposition(desk), mimetype="text/plain; version=0.0.4")


def what_is_down(desk: FrontDesk) -> list[str]:
    """Which of database, redis, spool do not answer, by name."""
    down: list[str] = []
    try:
        with reading(desk.engine) as connection:
            connection.execute(text("SELECT 1 FROM messages LIMIT 1"))
    except Unavailable:
        down.append("database")
    try:
        assert desk.settings.redis_url
        queues.connect(desk.settings.redis_url.get_secret_value(), impatient=True).ping()
    except (RedisError, OSError):
        down.append("redis")
    if not desk.spool.writable():
        down.append("spool")
    return down
