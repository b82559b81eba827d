"""What can go wrong at a carrier: on its own account (REST) and with what the hotline answers (webhooks)."""

from __future__ import annotations


class CarrierError(Exception):
    """A webhook went wrong. `code` is Twilio's number for it, as its debugger would show."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


class WebhookFailed(CarrierError):
    """The hotline could not be reached, did not answer in time, or answered with another status than 2xx."""


class TwimlError(CarrierError):
    """The hotline's document is not TwiML as documented. `rule` is the clause that it breaks."""

    def __init__(self, code: int, reason: str, rule: str = "") -> None:
        super().__init__(code, f"{reason} [{rule}]" if rule else reason)
        self.rule = rule


class RestError(Exception):
    """A REST request is refused: Twilio's `code`, its message and the HTTP `status`; `headers` go with the answer."""

    def __init__(self, code: int, message: str, status: int = 400, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.headers = headers or {}

    def body(self) -> dict[str, object]:
        """Twilio's error JSON."""
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }
