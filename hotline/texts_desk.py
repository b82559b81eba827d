"""Text messages at the front desk: what each is kept as, and what is said back."""

from __future__ import annotations

from hotline.carrier.inbound import InboundText
from hotline.desk import FrontDesk
from hotline.dialogue import texting
from hotline.dialogue.intents import Understood, understand
from hotline.dialogue.texting import Standing
from hotline.dialogue.wishes import Wishes, wishes
from hotline.intake import Kept
from hotline.language.gsm import is_gsm7
from hotline.liaison_desk import answer_liaison
from hotline.logs import describe, log
from hotline.personal import Phone
from hotline.requests_desk import Requests
from hotline.store.door import Arrival
from hotline.store.engine import utcnow

# What is filed and read by somebody; everything else is a request.
_REPORTS = frozenset({"reporte", "patrulla"})
# Networks cut a text into parts of 153 characters, or of 67 where one is outside their alphabet; some a little earlier.
_CUT_FROM, _CUT_WIDE_FROM = 140, 60


def answer_text(desk: FrontDesk, message: InboundText) -> str | None:
    """Keeps a text and says what to text back; None for silence. Raises `SpoolError` if it cannot be kept."""
    if message.opt_out:
        desk.keep_command(message, "opt-out", answered=False)
        Requests(desk).opted_out(message)
        return None
    body = message.body.reveal()
    command = answer_liaison(desk, message)
    if command is not None:
        return command or None
    understood, wished = _understand(desk, body)
    if message.sender is None or wished.machine or message.sender.is_short:
        # Nobody to answer, or a machine that might answer in its turn.
        _keep_text(desk, message, body, understood, wished, wants_answer=False)
        return None
    if understood.intent not in _REPORTS:
        answered = Requests(desk).answer(message, body, understood)
        if answered is not None:
            return answered or None
    kept = _keep_text(desk, message, body, understood, wished)
    if understood.intent == "patrulla":
        Requests(desk).count_patrol(understood)
    standing = Standing(
        kept.clave,
        kept.fresh,
        kept.had_place,
        silent=kept.silent or kept.echo,
        is_part=kept.is_part and (kept.after_long or kept.had_place or not texting.answers_question(body, understood)),
        erasable=wished.erase,
    )
    return texting.answer(
        understood,
        standing,
        desk.profile,
        kept.language or desk.language,
        empty=not body.strip(),
        media=message.media > 0,
    )


def _understand(desk: FrontDesk, body: str) -> tuple[Understood, Wishes]:
    try:
        read = desk.profile.intents.book.read(body)
        return understand(body, desk.profile, read), wishes(body, desk.profile, read)
    except Exception as error:  # a fault in understanding must not cost a report
        log("desk").error("text not understood", cause=describe(error))
        return Understood("reporte"), Wishes()


def _keep_text(
    desk: FrontDesk,
    message: InboundText,
    body: str,
    understood: Understood,
    wished: Wishes,
    *,
    wants_answer: bool = True,
) -> Kept:
    now = utcnow()
    sealed = desk.intake.seal(
        {"message": message.id, "from": _reveal(message.sender), "body": body, "media": message.media}
    )
    return desk.intake.accept(
        Arrival(
            id=message.id,
            report_id=desk.vault.report_id(message.id),
            sender=desk.vault.pseudonym(message.sender) if message.sender else None,
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


def _may_be_cut(body: str) -> bool:
    if len(body) >= _CUT_FROM or len(body) < _CUT_WIDE_FROM or body.isascii():
        return len(body) >= _CUT_FROM
    return not is_gsm7(body)


def _reveal(phone: Phone | None) -> str | None:
    return phone.reveal() if phone else None
