"""Logs: one JSON object a line on standard error, with ids and counts, never with what somebody said or who they are.

Exceptions are logged by type and place, without their message: a database driver or a parser likes to quote the very
value that must not be written down.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog


def _exception_without_words(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error"] = describe(error)
    return event


def describe(error: BaseException) -> str:
    """`TypeName at module.py:line`: enough to find the fault, nothing of what was being handled."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "/hotline/" in frame.filename or "/workers/" in frame.filename]
    last = (own or frames)[-1:]
    where = "".join(f" at {frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in last)
    return f"{type(error).__name__}{where}"


class _Wordless(logging.Formatter):
    """Foreign loggers (gunicorn, rq, werkzeug): the message as given, an exception as `describe` puts it."""

    def formatException(self, ei: Any) -> str:
        return describe(ei[1]) if ei and ei[1] else ""

    def formatStack(self, stack_info: str) -> str:
        return ""


def configure(level: int = logging.INFO) -> None:
    """Sets up structlog and the standard library's root logger. Call once per process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _exception_without_words,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Wordless("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in ("twilio", "urllib3", "alembic", "sqlalchemy"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def log(name: str) -> Any:
    return structlog.get_logger(room=name)
