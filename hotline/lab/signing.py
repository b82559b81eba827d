"""X-Twilio-Signature, written from Twilio's description of it and not from its SDK, so that each checks the other."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable


def signature(token: str, url: str, parameters: Iterable[tuple[str, str]] = ()) -> str:
    """The base64 HMAC-SHA1, under the account's auth token, of the URL and the form's parameters.

    Twilio: "take the full URL of the request … sort all of the POST parameters alphabetically (using Unix-style
    case-sensitive sorting order) … append the variable name and value (with no delimiters) to the end of the URL
    string". A parameter given more than once counts once per distinct value, in sorted order; nothing is
    URL-encoded. `url` is the public one, without a fragment.
    """
    signed = url + "".join(name + value for name, value in sorted(set(parameters)))
    digest = hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode("ascii")
