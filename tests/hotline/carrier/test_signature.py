"""Only the carrier's own requests are let through.

https://www.twilio.com/docs/usage/security#validating-requests: "take the full URL … sort all of the POST parameters".
"""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from hotline.carrier.signature import SignatureCheck
from hotline.lab.signing import signature

# The SDK's own vectors, with their account token.
TOKEN = "12345"
BASE, PATH = "https://mycompany.com", "/myapp.php?foo=1&bar=2"
CALL = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675309"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
]
CALL_SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
REPEATED = [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")]
REPEATED_SIGNATURE = "IK+Dwps556ElfBT0I3Rgjkr1wJU="

Form = list[tuple[str, str]]


@pytest.mark.parametrize(
    ("form", "given", "accepted"),
    [
        (CALL, CALL_SIGNATURE, True),
        (CALL[::-1], CALL_SIGNATURE, True),
        (REPEATED, REPEATED_SIGNATURE, True),
        (REPEATED[::-1], REPEATED_SIGNATURE, True),
        ([*CALL, ("Digits", "9")], CALL_SIGNATURE, False),
        (CALL[1:], CALL_SIGNATURE, False),
        ([], CALL_SIGNATURE, False),
        (CALL, REPEATED_SIGNATURE, False),
        (CALL, CALL_SIGNATURE.lower(), False),
        (CALL, f" {CALL_SIGNATURE}", False),
        (CALL, "", False),
        (CALL, None, False),
        (CALL, "no es una firma ñ", False),
    ],
)
def test_published_vectors_and_what_differs_from_them(form: Form, given: str | None, accepted: bool) -> None:
    assert SignatureCheck(BASE, [TOKEN]).accepts(PATH, MultiDict(form), given) is accepted


@pytest.mark.parametrize("base", [BASE, f"{BASE}/"])
@pytest.mark.parametrize(("path", "accepted"), [(PATH, True), ("/myapp.php", False), ("/other.php?foo=1&bar=2", False)])
def test_the_address_is_signed_too(base: str, path: str, accepted: bool) -> None:
    assert SignatureCheck(base, [TOKEN]).accepts(path, MultiDict(CALL), CALL_SIGNATURE) is accepted


@pytest.mark.parametrize(
    ("tokens", "accepted"),
    [(["old", "new"], {"old", "new"}), (["new"], {"new"}), (["new", "newer"], {"new"}), ([], set())],
)
def test_while_tokens_rotate_both_sign(tokens: list[str], accepted: set[str]) -> None:
    check = SignatureCheck("https://linea.example/osc", tokens)
    given = {token: signature(token, "https://linea.example/osc/sms", CALL) for token in ("old", "new", "other", "")}
    assert {token for token, each in given.items() if check.accepts("/sms", MultiDict(CALL), each)} == accepted


@pytest.mark.parametrize("body", ["", "¿qué pasó, señor? 💥 50% + más & menos = 3", "línea\nlínea", " ", "a" * 1600])
def test_any_words_are_signed_as_they_are(body: str) -> None:
    form = [("MessageSid", "SM1"), ("Body", body)]
    given = signature("t", "https://linea.example/sms", form)
    assert SignatureCheck("https://linea.example", ["t"]).accepts("/sms", MultiDict(form), given)
