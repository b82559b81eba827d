"""One identity a phone, however it is written; none for what names no phone."""

from __future__ import annotations

import pytest

from hotline import phones

ONE = "+525512345678"


@pytest.mark.parametrize(
    "written",
    [
        ONE,
        "5512345678",
        "525512345678",
        "+5215512345678",
        "5215512345678",
        "0445512345678",
        "0455512345678",
        "015512345678",
        "00525512345678",
        "55 1234 5678",
        "55-1234-5678",
        "55.1234.5678",
        "(55) 1234 5678",
        "(55)1234-5678",
        "044 55 1234 5678",
        "045 55 1234 5678",
        "01 55 1234 5678",
        "01 (55) 1234-5678",
        "+52 55 1234 5678",
        "+52 1 55 1234 5678",
        "+52 (1) 55-1234-5678",
        "  +52\t55\n1234 5678  ",
        "+52.55.1234.5678",
    ],
)
def test_every_spelling_is_one_phone(written: str) -> None:
    phone = phones.identity(written)
    assert phone is not None and phone.reveal() == ONE


@pytest.mark.parametrize(
    ("written", "country", "is_"),
    [
        ("+12025550123", "MX", "+12025550123"),
        ("+1 (202) 555-0123", "MX", "+12025550123"),
        ("202 555 0123", "US", "+12025550123"),
        ("+34 612 345 678", "MX", "+34612345678"),
        ("+5215512345678", "US", ONE),
        # Towns other than the capital, and numbers that begin like a prefix.
        ("722 123 4567", "MX", "+527221234567"),
        ("044 722 123 4567", "MX", "+527221234567"),
        ("+52 1 442 123 4567", "MX", "+524421234567"),
        # Short codes are their own identity.
        ("911", "MX", "911"),
        ("55555", "MX", "55555"),
        ("123456", "MX", "123456"),
    ],
)
def test_other_phones(written: str, country: str, is_: str) -> None:
    phone = phones.identity(written, country=country)
    assert phone is not None and phone.reveal() == is_


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "anonymous",
        "Anonymous",
        "Restricted",
        "Unavailable",
        "BANCO",
        "+52ABCDEFGHIJ",
        "55-LLAME-YA",
        "12",
        "+",
        "++525512345678",
        "+52 55 1234 5678 ext. 12",
        "sip:ana@example.org",
        "5512345678;5512345679",
        "0" * 40,
        "+999999999999999",
        # What Twilio puts there for hidden callers: the keys that spell ANONYMOUS, RESTRICTED, BLOCKED…
        "+266696687",
        "266696687",
        "+7378742833",
        "+2562533",
        "+8656696",
        "+86282452253",
    ],
)
def test_what_names_no_phone(written: str) -> None:
    assert phones.identity(written) is None


def test_two_phones_are_two() -> None:
    assert phones.identity("5512345678") != phones.identity("5512345679")


def test_it_stays_what_it_is() -> None:
    once = phones.identity("044 55 1234 5678")
    assert once is not None and phones.identity(once.reveal()) == once
