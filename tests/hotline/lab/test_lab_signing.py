"""The signature against Twilio's published vectors, and against its own SDK."""

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from hotline.lab.signing import signature

URL = "https://mycompany.com/myapp.php?foo=1&bar=2"


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        (
            [
                ("CallSid", "CA1234567890ABCDE"),
                ("Digits", "1234"),
                ("From", "+14158675309"),
                ("To", "+18005551212"),
                ("Caller", "+14158675309"),
            ],
            "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
        ),
        # "Repeated parameters: sorted and de-duplicated."
        (
            [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")],
            "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
        ),
    ],
)
def test_published_vectors(parameters: list[tuple[str, str]], expected: str) -> None:
    assert signature("12345", URL, parameters) == expected


@pytest.mark.parametrize(
    "parameters",
    [
        [],
        [("Body", "¿qué pasó, señor? 💥 50% + más & menos")],
        [("body", "1"), ("Body", "2"), ("BODY", "3")],
        [("A", "x"), ("AA", "y"), ("A", "z"), ("Empty", "")],
    ],
)
def test_the_sdk_agrees(parameters: list[tuple[str, str]]) -> None:
    assert signature("secret", URL, parameters) == RequestValidator("secret").compute_signature(
        URL, MultiDict(parameters)
    )
