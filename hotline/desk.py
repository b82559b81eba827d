"""The front desk of one process: what a webhook needs, made once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from flask import current_app
from sqlalchemy import Engine

from hotline import queues
from hotline.carrier.inbound import InboundText
from hotline.carrier.signature import SignatureCheck
from hotline.intake import Intake, Kept
from hotline.logs import describe, log
from hotline.profile import Profile, load
from hotline.settings import Settings
from hotline.spool import Spool
from hotline.store import door, receipts
from hotline.store.door import Arrival, DoorRules
from hotline.store.engine import Unavailable, connect, reading, utcnow
from hotline.store.receipts import Receipt
from hotline.vault import Vault, VaultError


@dataclass(frozen=True, slots=True)
class FrontDesk:
    """Everything the web process works with. It can lock; it cannot unlock."""

    settings: Settings
    profile: Profile
    vault: Vault
    engine: Engine
    bell: queues.Bell
    intake: Intake
    spool: Spool
    signature: SignatureCheck

    @classmethod
    def open(cls, settings: Settings) -> FrontDesk:
        """Raises `SettingsError`, `ProfileError` or `VaultError`, one line each, when something it needs is missing."""
        settings.require("account_sid", "auth_tokens", "public_url", "hotline_number", "alerts_sender", "redis_url")
        assert settings.redis_url and settings.public_url
        profile = load(settings.profile)
        vault = Vault.open_folder(settings.key_folder)
        if not vault.can_seal:
            raise VaultError(
                f"{settings.key_folder}: needs a seal-*.public, a pseudonym-*.secret and a clave-*.secret; "
                "copy them here, or make new ones with: flask --app hotline keys new"
            )
        engine = connect(settings.database)
        bell = queues.Bell(queues.connect(settings.redis_url.get_secret_value(), impatient=True))
        spool = Spool(settings.spool_folder)
        clocks = profile.clocks
        rules = DoorRules(timedelta(minutes=clocks.join_minutes), clocks.answers_per_hour)
        tokens = [token.get_secret_value() for token in settings.auth_tokens]
        return cls(
            settings=settings,
            profile=profile,
            vault=vault,
            engine=engine,
            bell=bell,
            intake=Intake(engine, vault, spool, bell, rules),
            spool=spool,
            signature=SignatureCheck(settings.public_url, tokens),
        )

    @property
    def language(self) -> str:
        return self.profile.languages[0]

    def url(self, path: str) -> str:
        """`path` as the carrier reaches it: a relative one would lose a prefix of PUBLIC_URL."""
        return f"{self.settings.public_url}{path}"

    def note_receipt(self, receipt: Receipt) -> None:
        """Writes a receipt down, or spools it when the database is away. Raises `SpoolError` if neither can be."""
        now = utcnow()
        try:
            # The carrier tells of one answer three times; what is known already takes nobody's turn at writing.
            with reading(self.engine) as connection:
                if receipts.noted(connection, receipt, now):
                    return
            with self.engine.begin() as connection:
                receipts.note(connection, receipt, now)
        except Unavailable as error:
            log("desk").warning("receipt spooled", cause=describe(error))
            self.spool.put_receipt(receipt)

    def call_ended(self, call_id: str) -> None:
        """What waited for the rest of the call need not wait longer; the carrier's record of the call goes."""
        now = utcnow()
        if self.spool.count():
            # Steps of this call may be among what waits there: its end has to be told after them.
            self.spool.put_receipt(Receipt(call_id, ended=True))
        try:
            with self.engine.begin() as connection:
                door.hasten(connection, call_id, now)
                receipts.erase_copy(connection, call_id, now)
        except Unavailable as error:
            log("desk").warning("call's end spooled", cause=describe(error))
            self.spool.put_receipt(Receipt(call_id, ended=True))
            return
        self.bell.ring("drain_inbox")

    def keep_command(self, message: InboundText, command: str, *, answered: bool) -> Kept:
        """Keeps a message that reports nothing: told apart from its echo, counted, its copy at the carrier erased. It
        has a conversation of its own, so that the report that follows opens as a first message does. Raises
        `SpoolError` if it cannot be kept."""
        now = utcnow()
        thread = self.vault.fingerprint("command", self.vault.pseudonym(message.sender)) if message.sender else None
        return self.intake.accept(
            Arrival(
                id=message.id,
                report_id=self.vault.report_id(message.id),
                sender=thread,
                channel="sms",
                received_at=now,
                ready_at=now,
                sealed=self.intake.seal({"message": message.id, "command": command}),
                wants_answer=answered,
                stands_alone=True,
            )
        )


def front_desk() -> FrontDesk:
    """The current application's front desk."""
    return cast(FrontDesk, current_app.extensions["front_desk"])
