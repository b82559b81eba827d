"""The front desk of one process: what a webhook needs, made once, and the decisions that join its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from flask import current_app
from sqlalchemy import Engine

from hotline import queues
from hotline.carrier.inbound import CallStep, InboundText
from hotline.carrier.signature import SignatureCheck
from hotline.carrier.twiml import Voice
from hotline.dialogue import texting
from hotline.dialogue.calling import Position, Script, Turn
from hotline.dialogue.intents import Understood, understand
from hotline.dialogue.texting import Standing
from hotline.intake import Intake, Kept
from hotline.liaison_desk import answer_liaison
from hotline.logs import describe, log
from hotline.personal import Phone
from hotline.profile import Profile, load
from hotline.settings import Settings
from hotline.spool import Spool
from hotline.store import door, receipts
from hotline.store.door import Arrival, DoorRules
from hotline.store.engine import Unavailable, connect, utcnow
from hotline.store.receipts import Receipt
from hotline.vault import Vault, VaultError

# A key pressed without a word is still a report, once nothing more has come for this long.
WORDLESS_GRACE = timedelta(minutes=2)
# What is understood of a sentence in mid-speech counts once it has not been continued for this long.
PARTIAL_GRACE = timedelta(seconds=20)

_VOICES = {"es": Voice("es-MX", "Polly.Mia-Neural"), "en": Voice("en-US", "Polly.Joanna-Neural")}


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

    @property
    def voice(self) -> Voice:
        return _VOICES[self.language]

    def url(self, path: str) -> str:
        """`path` as the carrier reaches it: a relative one would lose a prefix of PUBLIC_URL."""
        return f"{self.settings.public_url}{path}"

    @property
    def script(self) -> Script:
        return Script(self.profile, self.language)

    def answer_text(self, message: InboundText) -> str | None:
        """Keeps a text and says what to text back; None for silence. Raises `SpoolError` if it cannot be kept."""
        if message.opt_out:
            self._keep_command(message, "opt-out", answered=False)
            return None
        body = message.body.reveal()
        command = answer_liaison(self, message)
        if command is not None:
            return command or None
        understood = self._understand(body)
        if understood.intent == "ayuda" and message.sender is not None:
            kept = self._keep_command(message, "ayuda", answered=True)
            return None if kept.silent or kept.echo else self.profile.text("sms.help", self.language)
        kept = self._keep_text(message, body, understood)
        if message.sender is None:
            return None
        standing = Standing(kept.clave, kept.fresh, kept.had_place, kept.silent or kept.echo)
        return texting.answer(
            understood, standing, self.profile, self.language, empty=not body.strip(), media=message.media > 0
        )

    def keep_step(self, step: CallStep, suffix: str, contents: Mapping[str, Any], **arrival: Any) -> Kept:
        """Keeps what one step of a call brought. `suffix` makes the step one; steps of a call share its report."""
        ready_in: timedelta = arrival.pop("ready_in", timedelta())
        now = utcnow()
        sealed = self.intake.seal({"call": step.id, "from": _reveal(step.caller), "step": suffix, **contents})
        return self.intake.accept(
            Arrival(
                id=f"{step.id}:{suffix}",
                report_id=self.vault.report_id(step.id),
                sender=self.vault.pseudonym(step.caller) if step.caller else None,
                channel="voz",
                received_at=now,
                ready_at=now + ready_in,
                sealed=sealed,
                joins=False,
                wants_answer=False,
                **arrival,
            )
        )

    def keep_turn(self, step: CallStep, at: Position, turn: Turn) -> Kept | None:
        """Keeps the facts and words a turn of the call brought; None when it brought none."""
        if not turn.keeps:
            return None
        if turn.kind is not None:
            return self.keep_step(step, "kind", {"kind": turn.kind}, ready_in=WORDLESS_GRACE)
        if at.question == "place":
            place = {"area": turn.area, "state": turn.state}
            return self.keep_step(step, "place", place, ready_in=WORDLESS_GRACE, names_place=True)
        kept = None
        if step.words:
            kept = self.keep_step(step, f"story:{at.round}", {"body": step.words.reveal()})
        if turn.position.question == "none":
            kept = self.keep_step(step, "end", {"end": True})
            self.call_ended(step.id)
        return kept

    def note_receipt(self, receipt: Receipt) -> None:
        """Writes a receipt down, or spools it when the database is away. Raises `SpoolError` if neither can be."""
        try:
            with self.engine.begin() as connection:
                receipts.note(connection, receipt, utcnow())
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
                door.hasten(connection, self.vault.report_id(call_id), now)
                receipts.erase_copy(connection, call_id, now)
        except Unavailable as error:
            log("desk").warning("call's end spooled", cause=describe(error))
            self.spool.put_receipt(Receipt(call_id, ended=True))
            return
        self.bell.ring("drain_inbox")

    def _understand(self, body: str) -> Understood:
        try:
            return understand(body, self.profile)
        except Exception as error:  # a fault in understanding must not cost a report
            log("desk").error("text not understood", cause=describe(error))
            return Understood("reporte")

    def _keep_text(self, message: InboundText, body: str, understood: Understood) -> Kept:
        now = utcnow()
        sealed = self.intake.seal(
            {"message": message.id, "from": _reveal(message.sender), "body": body, "media": message.media}
        )
        return self.intake.accept(
            Arrival(
                id=message.id,
                report_id=self.vault.report_id(message.id),
                sender=self.vault.pseudonym(message.sender) if message.sender else None,
                channel="sms",
                received_at=now,
                ready_at=now,
                sealed=sealed,
                names_place=understood.names_place,
            )
        )

    def _keep_command(self, message: InboundText, command: str, *, answered: bool) -> Kept:
        """Keeps a message that reports nothing: told apart from its echo, counted, its copy at the carrier erased. It
        has a conversation of its own, so that the report that follows opens as a first message does."""
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
            )
        )


def _reveal(phone: Phone | None) -> str | None:
    return phone.reveal() if phone else None


def front_desk() -> FrontDesk:
    """The current application's front desk."""
    return cast(FrontDesk, current_app.extensions["front_desk"])
