"""Does this request come from our carrier?

Twilio signs with HMAC-SHA1 over the public URL and the sorted parameters. The URL is the one it was told to call, not
the one behind a proxy, so it is rebuilt from PUBLIC_URL. https://www.twilio.com/docs/usage/security#validating-requests
"""

from __future__ import annotations

from collections.abc import Sequence

from twilio.request_validator import RequestValidator, compare
from werkzeug.datastructures import MultiDict


class SignatureCheck:
    """Knows the account's tokens; more than one while they rotate."""

    def __init__(self, public_url: str, tokens: Sequence[str]) -> None:
        self._base = public_url.rstrip("/")
        self._validators = [RequestValidator(token) for token in tokens]

    def accepts(self, path_and_query: str, parameters: MultiDict[str, str], signature: str | None) -> bool:
        """Whether `signature` is one of the account's over this request. A missing one is a wrong one."""
        url = self._base + path_and_query
        given = signature or ""
        # The signature over the URL as we know it first: `validate` also tries it with and without the port.
        return any(
            compare(validator.compute_signature(url, parameters), given) or validator.validate(url, parameters, given)
            for validator in self._validators
        )
