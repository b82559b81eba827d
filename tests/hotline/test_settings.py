"""The configuration: read once, checked, each mistake one line with its variable's name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from furniture import environment
from pydantic import ValidationError

from hotline.settings import Settings, SettingsError

GOOD = environment("postgresql://ana:s3creta@db/hotline", Path("/keys"), Path("/var/hotline"))


def read(**changed: str) -> Settings:
    return Settings.read(GOOD | changed)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "ochenta"),
        ("WEB_CONCURRENCY", "0"),
        ("WEB_CONCURRENCY", "muchos"),
        ("WORKER_PROCESSES", "-1"),
        ("WORKER_PROCESSES", "x"),
        ("DATABASE_URL", "mysql://db/hotline"),
        ("DATABASE_URL", "hotline.db"),
        ("DATABASE_URL", "postgresql://ana:s3creta@db:puerto/hotline"),
        ("REDIS_URL", "http://redis:6379"),
        ("REDIS_URL", "redis"),
        ("REDIS_URL", "redis://:s3creta@redis:puerto/0"),
        ("PUBLIC_URL", "linea.example"),
        ("PUBLIC_URL", "ftp://linea.example"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://linea.example/?a=b"),
        ("PUBLIC_URL", "https://linea.example/#a"),
        ("PUBLIC_URL", "http://[linea"),
        ("TWILIO_API_URL", "api.twilio.com"),
        ("HOTLINE_NUMBER", "anonymous"),
        ("HOTLINE_NUMBER", "12"),
        ("HOTLINE_ALERTS_SENDER", "OSC"),
        ("SMTP_URL", "mail.example:25"),
        ("SMTP_URL", "http://mail.example"),
        ("SMTP_URL", "smtp://"),
        ("SMTP_URL", "smtp://ana:s3creta@mail.example:puerto"),
    ],
)
def test_a_wrong_variable_is_named_in_one_line_without_its_secret(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as error:
        read(**{name: value})
    line = str(error.value)
    assert line.startswith(f"{name}: ") and "\n" not in line
    assert "s3creta" not in line and "pydantic" not in line and error.value.__suppress_context__


@pytest.mark.parametrize(
    ("given", "becomes"),
    [
        ("postgres://ana@db/h", "postgresql+psycopg://ana@db/h"),
        ("postgresql://ana@db/h", "postgresql+psycopg://ana@db/h"),
        ("postgresql+psycopg://ana@db/h", "postgresql+psycopg://ana@db/h"),
        ("sqlite:////tmp/h.db", "sqlite:////tmp/h.db"),
        ("", "sqlite:////var/hotline/hotline.db"),
    ],
)
def test_the_database(given: str, becomes: str) -> None:
    assert read(DATABASE_URL=given).database == becomes


@pytest.mark.parametrize(
    ("name", "given", "field", "becomes"),
    [
        ("PUBLIC_URL", "https://linea.example/", "public_url", "https://linea.example"),
        ("PUBLIC_URL", "https://linea.example/osc/", "public_url", "https://linea.example/osc"),
        ("TWILIO_API_URL", "", "api_url", "https://api.twilio.com"),
        ("HOTLINE_NUMBER", "55 8800 0911", "hotline_number", "+525588000911"),
        ("HOTLINE_NUMBER", "+5215588000911", "hotline_number", "+525588000911"),
        ("HOTLINE_ALERTS_SENDER", "55911", "alerts_sender", "55911"),
        ("HOTLINE_PROFILE", "", "profile", "osc"),
        ("PORT", "", "port", 8000),
        ("PORT", "8080", "port", 8080),
        ("WEB_CONCURRENCY", "", "web_concurrency", os.cpu_count()),
        ("WORKER_PROCESSES", "7", "worker_processes", 7),
        ("HOTLINE_KEYS", "/elsewhere", "key_folder", Path("/elsewhere")),
        ("HOTLINE_KEYS", "", "key_folder", Path("/var/hotline/keys")),
        ("HOTLINE_VAR", "/v", "spool_folder", Path("/v/spool")),
        ("UNHEARD_OF", "x", "port", 8000),
    ],
)
def test_what_is_given_and_what_becomes_of_it(name: str, given: str, field: str, becomes: object) -> None:
    assert getattr(read(**{name: given}), field) == becomes


@pytest.mark.parametrize(
    ("given", "tokens"), [("a", ["a"]), ("a,b", ["a", "b"]), (" a , b ,", ["a", "b"]), ("", []), (",", [])]
)
def test_tokens_are_a_list_while_they_rotate(given: str, tokens: list[str]) -> None:
    assert [token.get_secret_value() for token in read(TWILIO_AUTH_TOKEN=given).auth_tokens] == tokens


@pytest.mark.parametrize(
    ("url", "host", "port", "user", "password", "tls", "starttls"),
    [
        ("smtp://mail.example", "mail.example", 587, "", "", False, False),
        ("smtp://ana:s3@mail.example:2525?starttls=1", "mail.example", 2525, "ana", "s3", False, True),
        ("smtp://ana%40x.mx:a%3Ab%2F@mail.example", "mail.example", 587, "ana@x.mx", "a:b/", False, False),
        ("smtps://mail.example", "mail.example", 465, "", "", True, False),
        ("smtp://mail.example?starttls=0", "mail.example", 587, "", "", False, False),
    ],
)
def test_where_mail_leaves(url: str, host: str, port: int, user: str, password: str, tls: bool, starttls: bool) -> None:
    address = read(SMTP_URL=url).smtp
    assert address is not None
    found = (address.host, address.port, address.user, address.password, address.tls, address.starttls)
    assert found == (host, port, user, password, tls, starttls)


def test_no_secret_shows_itself() -> None:
    settings = read(
        TWILIO_AUTH_TOKEN="s3creta,s3creta2", REDIS_URL="redis://:s3creta@redis/0", METRICS_TOKEN="s3creta",
        SMTP_URL="smtp://ana:s3creta@mail.example",
    )  # fmt: skip
    assert "s3creta" not in f"{settings!r} {settings} {settings.model_dump()} {settings.smtp!r}"


def test_it_does_not_change() -> None:
    with pytest.raises(ValidationError):
        read().port = 1  # type: ignore[misc]


def test_what_is_missing_is_named_all_at_once() -> None:
    bare = Settings.read({})
    with pytest.raises(SettingsError) as error:
        bare.require("account_sid", "auth_tokens", "public_url", "hotline_number", "redis_url")
    line = str(error.value)
    for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "PUBLIC_URL", "HOTLINE_NUMBER", "REDIS_URL"):
        assert name in line
    assert "\n" not in line
    read().require("account_sid", "auth_tokens", "public_url", "hotline_number", "redis_url", "alerts_sender")


def test_only_the_environment_given_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "1234")
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC-of-the-machine")
    assert Settings.read({}).port == 8000 and Settings.read({}).account_sid is None
    assert Settings.read().port == 1234
