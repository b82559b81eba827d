"""Twilio's JSON for what the carrier keeps, with every property its API description gives them. Pure."""

from __future__ import annotations

import io
import wave
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from hotline.lab.parameters import API_VERSION
from hotline.lab.records import CallRecord, Message, Recording
from hotline.language import gsm

Json = dict[str, Any]
_ERRORS = {
    21610: "Attempt to send to unsubscribed recipient",
    30003: "Unreachable destination handset",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
}


def rfc2822(moment: datetime | None) -> str | None:
    return moment.strftime("%a, %d %b %Y %H:%M:%S +0000") if moment else None


def _uri(account: str, *path: str) -> str:
    return "/".join(["", API_VERSION, "Accounts", account, *path]) + ".json"


def message(account: str, m: Message) -> Json:
    return {
        "account_sid": account,
        "api_version": API_VERSION,
        "body": m.body,
        "date_created": rfc2822(m.created),
        "date_sent": rfc2822(m.sent),
        "date_updated": rfc2822(m.updated),
        "direction": m.direction,
        "error_code": m.error_code,
        "error_message": _ERRORS.get(m.error_code) if m.error_code else None,
        "from": m.sender,
        "messaging_service_sid": None,
        "num_media": str(len(m.media)),
        "num_segments": str(gsm.segments(m.body)),
        "price": None,
        "price_unit": "USD",
        "sid": m.sid,
        "status": m.status,
        "subresource_uris": {
            "media": _uri(account, "Messages", m.sid, "Media"),
            "feedback": _uri(account, "Messages", m.sid, "Feedback"),
        },
        "to": m.to,
        "uri": _uri(account, "Messages", m.sid),
    }


def call(account: str, c: CallRecord) -> Json:
    parts = "events notifications payments recordings siprec streams transcriptions user_defined_messages"
    return {
        "account_sid": account,
        "answered_by": c.answered_by,
        "api_version": API_VERSION,
        "caller_name": None,
        "date_created": rfc2822(c.created),
        "date_updated": rfc2822(c.ended or c.started or c.created),
        "direction": c.direction,
        "duration": str(c.duration) if c.final else None,
        "end_time": rfc2822(c.ended),
        "forwarded_from": None,
        "from": c.sender,
        "from_formatted": c.sender,
        "group_sid": None,
        "parent_call_sid": c.parent,
        "phone_number_sid": None,
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": c.sid,
        "start_time": rfc2822(c.started),
        "status": c.status,
        "subresource_uris": {
            part: _uri(account, "Calls", c.sid, part.title().replace("_", "")) for part in parts.split(" ")
        },
        "to": c.to,
        "to_formatted": c.to,
        "trunk_sid": None,
        "uri": _uri(account, "Calls", c.sid),
    }


def recording(account: str, r: Recording, media_url: str) -> Json:
    return {
        "account_sid": account,
        "api_version": API_VERSION,
        "call_sid": r.call_sid,
        "channels": 1,
        "conference_sid": None,
        "date_created": rfc2822(r.created),
        "date_updated": rfc2822(r.created),
        "duration": str(r.duration),
        "encryption_details": None,
        "error_code": None,
        "media_url": media_url,
        "price": None,
        "price_unit": "USD",
        "sid": r.sid,
        "source": "RecordVerb",
        "start_time": rfc2822(r.created),
        "status": r.status,
        "subresource_uris": {
            "add_on_results": _uri(account, "Recordings", r.sid, "AddOnResults"),
            "transcriptions": _uri(account, "Recordings", r.sid, "Transcriptions"),
        },
        "uri": _uri(account, "Recordings", r.sid),
    }


def page(key: str, items: Sequence[Json], path: str, query: Mapping[str, str]) -> Json:
    """One page of `items`, newest first.

    `query` is the request's: `PageSize` (1 to 1,000, 50 by default), `Page`, and `PageToken`, which names the last
    item of the page before, so that what arrives between two requests shifts nothing.
    """
    size = min(max(int(query.get("PageSize") or 50), 1), 1000)
    number = int(query.get("Page") or 0)
    token = query.get("PageToken", "").removeprefix("PA")
    start = next((i + 1 for i, item in enumerate(items) if item["sid"] == token), 0) if token else number * size
    shown = list(items[start : start + size])
    filters = {name: value for name, value in query.items() if name not in {"PageSize", "Page", "PageToken"}}

    def uri(page_number: int, after: str | None = None) -> str:
        tail = {"PageToken": f"PA{after}"} if after else {}
        return f"{path}?{urlencode({**filters, 'PageSize': size, 'Page': page_number, **tail})}"

    more = start + size < len(items)
    return {
        key: shown,
        "page": number,
        "page_size": size,
        "start": number * size,
        "end": number * size + max(len(shown) - 1, 0),
        "uri": uri(number, token or None),
        "first_page_uri": uri(0),
        "previous_page_uri": uri(number - 1) if number else None,
        "next_page_uri": uri(number + 1, shown[-1]["sid"]) if more and shown else None,
    }


def silence(seconds: int) -> bytes:
    """A WAV file of that many seconds of nothing, at the telephone's 8 kHz."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(2 * 8000 * seconds))
    return out.getvalue()


def number(account: str, phone_number: str, sms_url: str, voice_url: str, status_callback: str | None) -> Json:
    """One of the account's numbers and where its webhooks go."""
    sid = "PN" + phone_number.strip("+").rjust(32, "0")
    empty = dict.fromkeys(
        (
            "address_sid",
            "bundle_sid",
            "emergency_address_sid",
            "identity_sid",
            "sms_application_sid",
            "sms_fallback_url",
            "trunk_sid",
            "voice_application_sid",
            "voice_fallback_url",
        )
    )
    return {
        **empty,
        "account_sid": account,
        "address_requirements": "none",
        "api_version": API_VERSION,
        "beta": False,
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        "date_created": None,
        "date_updated": None,
        "emergency_address_status": "unregistered",
        "emergency_status": "Inactive",
        "friendly_name": phone_number,
        "origin": "twilio",
        "phone_number": phone_number,
        "sid": sid,
        "sms_fallback_method": "POST",
        "sms_method": "POST",
        "sms_url": sms_url,
        "status": "in-use",
        "status_callback": status_callback,
        "status_callback_method": "POST",
        "type": "local",
        "uri": _uri(account, "IncomingPhoneNumbers", sid),
        "voice_caller_id_lookup": False,
        "voice_fallback_method": "POST",
        "voice_method": "POST",
        "voice_receive_mode": "voice",
        "voice_url": voice_url,
    }
