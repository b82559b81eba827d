"""The back office of one process: everything the errands work with, made once before any fork.

Building it loads what is slow to load (names, places, rules, the carrier's SDK), so that the short-lived processes
that run the jobs start with it. No connection is opened here: none would survive a fork.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from hotline import queues
from hotline.carrier.client import Carrier
from hotline.logs import log
from hotline.profile import Profile, load
from hotline.settings import Settings
from hotline.store.engine import connect
from hotline.vault import Vault, VaultError
from workers.anonymise import Anonymiser
from workers.anonymise.recogniser import Recogniser, RecogniserError
from workers.triage import Triage


@dataclass(frozen=True, slots=True)
class Office:
    """Settings, keys, profile and tools. The only place where the private key is."""

    settings: Settings
    profile: Profile
    vault: Vault
    engine: Engine
    bell: queues.Bell
    carrier: Carrier
    anonymiser: Anonymiser
    triage: Triage

    @classmethod
    def open(cls, settings: Settings) -> Office:
        """Raises `SettingsError`, `ProfileError` or `VaultError`, one line each, when something it needs is missing."""
        settings.require("account_sid", "auth_tokens", "public_url", "hotline_number", "redis_url")
        assert settings.redis_url
        vault = Vault.open_folder(settings.key_folder)
        if not (vault.can_open and vault.can_seal):
            raise VaultError(
                f"{settings.key_folder}: a worker needs every key, the seal-*.private and field-*.secret too; "
                "copy them here, or make new ones with: flask --app hotline keys new"
            )
        profile = load(settings.profile)
        return cls(
            settings=settings,
            profile=profile,
            vault=vault,
            engine=connect(settings.database),
            bell=queues.Bell(queues.connect(settings.redis_url.get_secret_value(), impatient=True)),
            carrier=Carrier(settings),
            anonymiser=Anonymiser(profile, _recogniser(settings)),
            triage=Triage(profile),
        )

    @property
    def language(self) -> str:
        """What liaisons are spoken to in."""
        return self.profile.languages[0]


def _recogniser(settings: Settings) -> Recogniser | None:
    """What the operator added to the rules, loaded and tried. The rules stand alone when it cannot be: reports must be
    filed all the same, and doctor says what is missing."""
    if not settings.recogniser:
        return None
    try:
        return Recogniser.load(settings.recogniser)
    except RecogniserError as error:
        log("office").error("rules alone", cause=str(error))
        return None
