"""The front desk of one process: what a webhook needs, made once, and the decisions that join its parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from flask import current_app
from sqlalchemy import Engine

from hotline import queues
from hotline.carrier.inbound import InboundText
from hotline.carrier.signature import SignatureCheck
from hotline.dialogue import texting
from hotline.dialogue.intents import Understood, understand
from hotline.dialogue.texting import Standing
from hotline.dialogue.wishes import Wishes, wishes
from hotline.intake import Intake, Kept
from hotline.language.gsm import is_gsm7
from hotline.liaison_desk import answer_liaison
from hotline.logs import describe, log
from hotline.personal import Phone
from hotline.profile import Profile, load
from hotline.requests_desk import Requests
from hotline.settings import Settings
from hotline.spool import Spool
from hotline.store import door, receipts
from hotline.store.door import Arrival, DoorRules
from hotline.store.engine import Unavailable, connect, reading, utcnow
from hotline.store.receipts import Receipt
from hotline.vault import Vault, VaultError

# What is filed and read by somebody; everything else is a request.
_REPORTS = frozenset({"reporte", "patrulla"})
# Networks cut a text into parts of 153 characters, or of 67 where one is outside their alphabet; some a little earlier.
_CUT_FROM, _CUT_WIDE_FROM = 140, 60


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

    def answer_text(self, message: InboundText) -> str | None:
        """Keeps a text and says what to text back; None for silence. Raises `SpoolError` if it cannot be kept."""
        if message.opt_out:
            self.keep_command(message, "opt-out", answered=False)
            Requests(self).opted_out(message)
            return None
        body = message.body.reveal()
        command = answer_liaison(self, message)
        if command is not None:
            return command or None
        understood, wished = self._understand(body)
        if message.sender is None or wished.machine or message.sender.is_short:
            # Nobody to answer, or a machine that might answer in its turn.
            self._keep_text(message, body, understood, wished, wants_answer=False)
            return None
        if understood.intent not in _REPORTS:
            answered = Requests(self).answer(message, body, understood)
            if answered is not None:
                return answered or None
        kept = self._keep_text(message, body, understood, wished)
        if understood.intent == "patrulla":
            Requests(self).count_patrol(understood)
        standing = Standing(
            kept.clave,
            kept.fresh,
            kept.had_place,
            silent=kept.silent or kept.echo,
            is_part=kept.is_part
            and (kept.after_long or kept.had_place or not texting.answers_question(body, understood)),
            erasable=wished.erase,
        )
        return texting.answer(
            understood,
            standing,
            self.profile,
            kept.language or self.language,
            empty=not body.strip(),
            media=message.media > 0,
        )

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

    def _understand(self, body: str) -> tuple[Understood, Wishes]:
        try:
            read = self.profile.intents.book.read(body)
            return understand(body, self.profile, read), wishes(body, self.profile, read)
        except Exception as error:  # a fault in understanding must not cost a report
            log("desk").error("text not understood", cause=describe(error))
            return Understood("reporte"), Wishes()

    def _keep_text(
        self, message: InboundText, body: str, understood: Understood, wished: Wishes, *, wants_answer: bool = True
    ) -> Kept:
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
                wants_answer=wants_answer and not wished.no_texts,
                is_long=_may_be_cut(body),
                hushes=wished.no_texts,
            )
        )

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


def _may_be_cut(body: str) -> bool:
    if len(body) >= _CUT_FROM or len(body) < _CUT_WIDE_FROM or body.isascii():
        return len(body) >= _CUT_FROM
    return not is_gsm7(body)


def _reveal(phone: Phone | None) -> str | None:
    return phone.reveal() if phone else None


def front_desk() -> FrontDesk:
    """The current application's front desk."""
    return cast(FrontDesk, current_app.extensions["front_desk"])
