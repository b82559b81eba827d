"""What the carrier sends us, read into our own words. Unknown parameters are ignored: Twilio adds them unannounced."""

from __future__ import annotations

import re
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from hotline import phones
from hotline.personal import Phone, Words

_FINAL_MESSAGE = frozenset({"delivered", "undelivered", "failed", "canceled", "read"})
_FINAL_CALL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
# Two letters and 32 hexadecimal digits at Twilio; others' are as plain.
_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")


class NotUnderstood(Exception):
    """A signed request lacks what makes it usable: its id. Names the parameter, never a value."""


def _id(form: MultiDict[str, str], *names: str) -> str:
    for name in names:
        value = form.get(name, "").strip()
        if _ID.fullmatch(value):
            return value
    raise NotUnderstood(f"{names[0]} missing or not an id")


@dataclass(frozen=True, slots=True)
class InboundText:
    """A text message. `sender` is None when it hides; `media` counts attachments; `opt_out` is set when Twilio has
    answered STOP, START or HELP by itself, and then nobody must answer again."""

    id: str
    sender: Phone | None
    body: Words
    media: int
    opt_out: bool

    @classmethod
    def from_form(cls, form: MultiDict[str, str], *, country: str) -> InboundText:
        media = form.get("NumMedia", "0")
        return cls(
            id=_id(form, "MessageSid", "SmsMessageSid", "SmsSid"),
            sender=phones.identity(form.get("From", ""), country=country),
            body=Words(form.get("Body", "")),
            media=int(media) if media.isascii() and media.isdigit() else 0,
            opt_out="OptOutType" in form,
        )


@dataclass(frozen=True, slots=True)
class CallStep:
    """One request of a call: what was keyed or said since the last. `words` are final, `partial` still being said.

    `caller` is the other side, whoever called whom; `dialled` the number of ours in it. `finished_on` is the key that
    ended an entry; `bridged` says whether a person was reached by a transfer that is over, None when there was none.
    `ours` says that we made the call. `recording` is the id of what was just recorded."""

    id: str
    caller: Phone | None
    dialled: Phone | None
    digits: str
    words: Words
    partial: Words
    finished_on: str
    bridged: bool | None
    ours: bool
    recording: str | None

    @classmethod
    def from_form(cls, form: MultiDict[str, str], *, country: str) -> CallStep:
        outbound = form.get("Direction", "").startswith("outbound")
        ours, theirs = ("From", "To") if outbound else ("To", "From")
        bridged = _bridged(form)
        partial = " ".join(
            form.get(name, "").strip() for name in ("StableSpeechResult", "UnstableSpeechResult")
        ).strip()
        return cls(
            id=_id(form, "CallSid"),
            caller=phones.identity(form.get(theirs, ""), country=country),
            dialled=phones.identity(form.get(ours, ""), country=country),
            digits=form.get("Digits", ""),
            words=Words(form.get("SpeechResult", "")),
            partial=Words(partial),
            finished_on=form.get("FinishedOnKey", ""),
            bridged=bridged,
            ours=outbound,
            recording=_id(form, "RecordingSid") if form.get("RecordingSid") else None,
        )


def _bridged(form: MultiDict[str, str]) -> bool | None:
    """Whether the two sides of a dialled call were joined; None when nobody was dialled."""
    if "DialBridged" in form:
        return form["DialBridged"] == "true"
    return form["DialCallStatus"] in ("completed", "answered") if "DialCallStatus" in form else None


@dataclass(frozen=True, slots=True)
class MessageReceipt:
    """What became of a message we sent. They come out of order and twice."""

    id: str
    status: str
    error: int | None

    @property
    def final(self) -> bool:
        return self.status in _FINAL_MESSAGE

    @property
    def arrived(self) -> bool:
        return self.status in ("delivered", "read")

    @classmethod
    def from_form(cls, form: MultiDict[str, str]) -> MessageReceipt:
        error = form.get("ErrorCode", "")
        return cls(
            id=_id(form, "MessageSid", "SmsSid"),
            status=form.get("MessageStatus", form.get("SmsStatus", "")),
            error=int(error) if error.isascii() and error.isdigit() else None,
        )


@dataclass(frozen=True, slots=True)
class CallReceipt:
    """What became of a call."""

    id: str
    status: str

    @property
    def final(self) -> bool:
        return self.status in _FINAL_CALL

    @classmethod
    def from_form(cls, form: MultiDict[str, str]) -> CallReceipt:
        return cls(id=_id(form, "CallSid"), status=form.get("CallStatus", ""))
