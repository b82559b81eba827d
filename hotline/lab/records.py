"""What a carrier keeps: messages, calls, recordings, and the log of what passed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime

FINAL_MESSAGE_STATUSES = frozenset({"delivered", "undelivered", "failed", "received", "canceled"})
FINAL_CALL_STATUSES = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


def new_sid(prefix: str) -> str:
    """A fresh identifier: two letters (`SM`, `CA`, `RE`, `AC`, `PN`) and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Message:
    sid: str
    sender: str
    to: str
    body: str
    direction: str
    status: str
    created: datetime = field(default_factory=now)
    sent: datetime | None = None
    updated: datetime = field(default_factory=now)
    error_code: int | None = None
    media: tuple[str, ...] = ()
    status_callback: str | None = None
    callback_method: str = "POST"

    def becomes(self, status: str, error_code: int | None = None) -> None:
        self.status = status
        self.error_code = error_code
        self.updated = now()
        if status in {"sent", "received"}:
            self.sent = self.updated

    @property
    def final(self) -> bool:
        return self.status in FINAL_MESSAGE_STATUSES


@dataclass
class CallRecord:
    sid: str
    sender: str
    to: str
    direction: str
    status: str
    parent: str | None = None
    created: datetime = field(default_factory=now)
    started: datetime | None = None
    ended: datetime | None = None
    answered_by: str | None = None

    def becomes(self, status: str) -> None:
        self.status = status
        if status == "in-progress" and self.started is None:
            self.started = now()
        if self.final:
            self.ended = now()

    @property
    def final(self) -> bool:
        return self.status in FINAL_CALL_STATUSES

    @property
    def duration(self) -> int:
        """Whole seconds between answer and end, 0 for a call that nobody answered."""
        if self.started is None or self.ended is None:
            return 0
        return round((self.ended - self.started).total_seconds())


@dataclass
class Recording:
    """`words` is what was said, for the page and for tests: the media themselves are silence."""

    sid: str
    call_sid: str
    duration: int
    words: str
    status: str = "completed"
    created: datetime = field(default_factory=now)


@dataclass(frozen=True)
class RestRequest:
    """One request to the carrier's REST API, as `carrier.log` keeps it: `operation` is `messages.create` and so on."""

    operation: str
    method: str
    path: str
    params: dict[str, str]
    status: int
    code: int | None = None
    at: datetime = field(default_factory=now)


@dataclass(frozen=True)
class Posted:
    """One webhook made, as `carrier.webhooks` keeps it; `status` is None when no answer came."""

    url: str
    method: str
    params: dict[str, str]
    status: int | None
    error: str | None = None
    at: datetime = field(default_factory=now)


@dataclass(frozen=True)
class Alert:
    """An entry of the carrier's debugger: error or warning `code`, why, and the message or call concerned."""

    code: int
    reason: str
    sid: str
    at: datetime = field(default_factory=now)
