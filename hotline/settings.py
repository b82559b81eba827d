"""The whole configuration: read once from the environment, checked, frozen.

Every process reads the same variables; what each one cannot do without it demands with `Settings.require`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from hotline import phones


class SettingsError(Exception):
    """A variable is missing or wrong. One line: its name, what is wrong, how to mend it."""


class Settings(BaseSettings):
    """One process's configuration. Immutable; secrets never show in its repr."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    database_url: SecretStr = Field(SecretStr(""), validation_alias="DATABASE_URL")
    redis_url: SecretStr | None = Field(None, validation_alias="REDIS_URL")
    account_sid: str | None = Field(None, validation_alias="TWILIO_ACCOUNT_SID")
    auth_tokens: Annotated[tuple[SecretStr, ...], NoDecode] = Field((), validation_alias="TWILIO_AUTH_TOKEN")
    api_url: str = Field("https://api.twilio.com", validation_alias="TWILIO_API_URL")
    public_url: str | None = Field(None, validation_alias="PUBLIC_URL")
    hotline_number: str | None = Field(None, validation_alias="HOTLINE_NUMBER")
    alerts_sender: str | None = Field(None, validation_alias="HOTLINE_ALERTS_SENDER")
    smtp_url: SecretStr | None = Field(None, validation_alias="SMTP_URL")
    mail_from: str | None = Field(None, validation_alias="MAIL_FROM")
    operator_email: str | None = Field(None, validation_alias="HOTLINE_OPERATOR")
    profile: str = Field("osc", validation_alias="HOTLINE_PROFILE")
    recogniser: str | None = Field(None, validation_alias="HOTLINE_RECOGNISER")
    var: Path = Field(Path("var"), validation_alias="HOTLINE_VAR")
    keys: Path = Field(Path(), validation_alias="HOTLINE_KEYS")
    port: int = Field(8000, ge=1, le=65535, validation_alias="PORT")
    web_concurrency: int = Field(os.cpu_count() or 1, ge=1, le=64, validation_alias="WEB_CONCURRENCY")
    transcribe: str = Field("", validation_alias="HOTLINE_TRANSCRIBE")
    worker_processes: int = Field(os.cpu_count() or 1, ge=1, le=256, validation_alias=AliasChoices("WORKER_PROCESSES"))
    console_idle_minutes: int = Field(20, ge=1, le=480, validation_alias="CONSOLE_IDLE_MINUTES")
    console_hours: int = Field(10, ge=1, le=24, validation_alias="CONSOLE_HOURS")
    metrics_token: SecretStr | None = Field(None, validation_alias="METRICS_TOKEN")

    @field_validator("auth_tokens", mode="before")
    @classmethod
    def _split_tokens(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("public_url", "api_url")
    @classmethod
    def _base_url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("must be an address such as https://hotline.example")
        _demand_port(value)
        return value.rstrip("/")

    @field_validator("hotline_number", "alerts_sender")
    @classmethod
    def _sender(cls, value: str | None) -> str | None:
        if value is None:
            return None
        phone = phones.identity(value)
        if phone is None:
            raise ValueError("must be a phone number such as +525512345678, or a short code")
        return phone.reveal()

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: SecretStr) -> SecretStr:
        url = value.get_secret_value()
        for prefix in ("postgres://", "postgresql://"):
            if url.startswith(prefix):
                url = "postgresql+psycopg://" + url.removeprefix(prefix)
        if url and not url.startswith(("postgresql+psycopg://", "sqlite:///")):
            raise ValueError("must begin with postgresql:// or sqlite:///")
        _demand_port(url)
        return SecretStr(url)

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must begin with redis://, rediss:// or unix://")
        _demand_port(value.get_secret_value() if value else "")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _smtp(cls, value: SecretStr | None) -> SecretStr | None:
        if value:
            parts = urlsplit(value.get_secret_value())
            if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
                raise ValueError("must be like smtp://user:password@host:587?starttls=1")
            _demand_port(value.get_secret_value())
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)  # `read` says which environment it is

    @property
    def database(self) -> str:
        """The SQLAlchemy URL; a SQLite file in `var` when none was given."""
        return self.database_url.get_secret_value() or f"sqlite:///{(self.var / 'hotline.db').absolute()}"

    @property
    def key_folder(self) -> Path:
        return self.keys if self.keys != Path() else self.var / "keys"

    @property
    def spool_folder(self) -> Path:
        return self.var / "spool"

    @property
    def smtp(self) -> SmtpAddress | None:
        return SmtpAddress.parse(self.smtp_url.get_secret_value()) if self.smtp_url else None

    def require(self, *fields: str) -> None:
        """Raises `SettingsError` naming every variable behind `fields` that is not set."""
        missing = [str(type(self).model_fields[field].validation_alias) for field in fields if not getattr(self, field)]
        if missing:
            names = ", ".join(missing)
            raise SettingsError(f"{names}: not set; see the table of variables in the README, or start with bin/run")

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Reads `environment`, by default the process's. Raises `SettingsError` naming the first wrong variable."""
        given = os.environ if environment is None else environment
        try:
            return cls.model_validate({name: value for name, value in given.items() if value})
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False, include_context=False)[0]
            name = str(first["loc"][0]) if first["loc"] else "environment"
            raise SettingsError(f"{name}: {first['msg'].removeprefix('Value error, ')}") from None


def _demand_port(url: str) -> None:
    try:
        _ = urlsplit(url).port
    except ValueError:
        raise ValueError("its port is no number between 1 and 65535") from None


class SmtpAddress:
    """Where e-mail leaves: host, port, credentials, and whether TLS begins at once (`smtps`) or by STARTTLS."""

    def __init__(self, host: str, port: int, user: str, password: str, *, tls: bool, starttls: bool) -> None:
        self.host, self.port, self.user, self.password = host, port, user, password
        self.tls, self.starttls = tls, starttls

    @classmethod
    def parse(cls, url: str) -> SmtpAddress:
        parts = urlsplit(url)
        tls = parts.scheme == "smtps"
        return cls(
            parts.hostname or "localhost",
            parts.port or (465 if tls else 587),
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            tls=tls,
            starttls=parse_qs(parts.query).get("starttls", ["0"])[0] not in ("0", "false", ""),
        )
