"""The forms that Twilio posts, with the parameters it really sends. Pure."""

from __future__ import annotations

from hotline.lab.courier import Parameters
from hotline.lab.records import CallRecord, Message, Recording, now
from hotline.language import gsm

API_VERSION = "2010-04-01"
_COUNTRIES = (("+52", "MX"), ("+1", "US"), ("+34", "ES"), ("+502", "GT"))


def country(number: str) -> str:
    """The ISO code of a number's country, empty for hidden numbers, short codes and countries not listed."""
    return next((code for prefix, code in _COUNTRIES if number.startswith(prefix)), "")


def _places(side: str, number: str) -> Parameters:
    return [(f"{side}Country", country(number)), (f"{side}State", ""), (f"{side}City", ""), (f"{side}Zip", "")]


def incoming_text(account: str, message: Message, opt_out: str | None = None) -> Parameters:
    """The webhook of an inbound message; `opt_out` is STOP, START or HELP where Twilio answered by itself."""
    form = [
        ("MessageSid", message.sid),
        ("SmsSid", message.sid),
        ("SmsMessageSid", message.sid),
        ("AccountSid", account),
        ("From", message.sender),
        ("To", message.to),
        ("Body", message.body),
        ("NumMedia", str(len(message.media))),
        ("NumSegments", str(gsm.segments(message.body))),
        ("SmsStatus", "received"),
        ("ApiVersion", API_VERSION),
        *_places("From", message.sender),
        *_places("To", message.to),
    ]
    for index, url in enumerate(message.media):
        form += [(f"MediaUrl{index}", url), (f"MediaContentType{index}", "image/jpeg")]
    if opt_out:
        form.append(("OptOutType", opt_out))
    return form


def message_receipt(account: str, message: Message, status: str) -> Parameters:
    """A status callback of an outbound message. `status` is the one reported, perhaps no longer the present one."""
    form = [
        ("MessageSid", message.sid),
        ("MessageStatus", status),
        ("SmsSid", message.sid),
        ("SmsStatus", status),
        ("To", message.to),
        ("From", message.sender),
        ("AccountSid", account),
        ("ApiVersion", API_VERSION),
    ]
    if status in {"undelivered", "failed"} and message.error_code:
        form.append(("ErrorCode", str(message.error_code)))
    if status in {"delivered", "undelivered"}:
        form.append(("RawDlrDoneDate", now().strftime("%y%m%d%H%M")))
    return form


def call(account: str, record: CallRecord) -> Parameters:
    """What every request about a call carries."""
    form = [
        ("CallSid", record.sid),
        ("AccountSid", account),
        ("From", record.sender),
        ("To", record.to),
        ("Caller", record.sender),
        ("Called", record.to),
        ("CallStatus", record.status),
        ("Direction", record.direction),
        ("ApiVersion", API_VERSION),
    ]
    for side, number in (("From", record.sender), ("To", record.to), ("Caller", record.sender), ("Called", record.to)):
        form += _places(side, number)
    if record.parent:
        form.append(("ParentCallSid", record.parent))
    if record.answered_by:
        form.append(("AnsweredBy", record.answered_by))
    return form


def call_receipt(account: str, record: CallRecord, status: str, sequence: int) -> Parameters:
    """A status callback of a call: `status` is `initiated`, `ringing`, `in-progress` or a final one."""
    form = [(name, value) for name, value in call(account, record) if name != "CallStatus"]
    form += [
        ("CallStatus", status),
        ("Timestamp", now().strftime("%a, %d %b %Y %H:%M:%S +0000")),
        ("CallbackSource", "call-progress-events"),
        ("SequenceNumber", str(sequence)),
    ]
    if record.final and status == record.status:
        minutes = -(-record.duration // 60)
        form += [("CallDuration", str(record.duration)), ("Duration", str(minutes))]
    return form


def recording_receipt(account: str, recording: Recording, url: str) -> Parameters:
    """The `recordingStatusCallback`: `completed`, or `absent` where nothing was heard."""
    return [
        ("AccountSid", account),
        ("CallSid", recording.call_sid),
        ("RecordingSid", recording.sid),
        ("RecordingUrl", url),
        ("RecordingStatus", recording.status),
        ("RecordingDuration", str(recording.duration)),
        ("RecordingChannels", "1"),
        ("RecordingStartTime", recording.created.strftime("%a, %d %b %Y %H:%M:%S +0000")),
        ("RecordingSource", "RecordVerb"),
    ]
