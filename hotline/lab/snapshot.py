"""What the page shows, as one JSON object: people with their phones, the mailbox, what passed through the carrier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from hotline.lab.call import LiveCall
from hotline.lab.carrier import Carrier, Handset
from hotline.lab.mailbox import Mail
from hotline.lab.people import Person
from hotline.language import gsm

Json = dict[str, Any]
LOG_LENGTH = 60


def snapshot(carrier: Carrier, people: Sequence[Person], mails: Sequence[Mail]) -> Json:
    """The present state. `revision` changes with every change of it; times are ISO 8601 in UTC."""
    with carrier.news:
        latest: dict[int, LiveCall] = {id(call.handset): call for call in carrier.live.values()}
        return {
            "revision": carrier.revision,
            "hotline": carrier.hotline_number,
            "alerts": carrier.alerts_sender,
            "people": [_person(carrier, person, latest) for person in people],
            "mails": [_mail(index, mail) for index, mail in enumerate(mails)],
            "log": _log(carrier),
        }


def _person(carrier: Carrier, person: Person, latest: dict[int, LiveCall]) -> Json:
    handset = carrier.handset(person.phone)
    call = handset.call or latest.get(id(handset))
    return {
        "id": person.id,
        "name": person.name,
        "role": person.role,
        "note": person.note,
        "number": person.phone,
        "kind": person.kind,
        "on": handset.on,
        "inbox": [
            {
                "sid": m.sid,
                "from": m.sender,
                "body": m.body,
                "segments": gsm.segments(m.body),
                "at": m.created.isoformat(),
            }
            for m in handset.inbox
        ],
        "ringing": _ringing(handset),
        "call": _call(call) if call and call not in handset.ringing else None,
    }


def _ringing(handset: Handset) -> Json | None:
    call = next(iter(handset.ringing), None)
    return {"sid": call.record.sid, "from": call.record.sender} if call else None


def _call(call: LiveCall) -> Json:
    incoming = call.record.direction != "inbound"
    return {
        "sid": call.record.sid,
        "state": call.state,
        "status": call.record.status,
        "other": call.record.sender if incoming else call.record.to,
        "started": call.record.started.isoformat() if call.record.started else None,
        "prompts": [{"text": p.text, "verb": p.verb, "language": p.language} for p in call.prompts],
        "fresh": call.fresh,
        "inputs": sorted(call.inputs),
        "keys": call.keys,
        "timeout": int(call.waiting["timeout"]) if call.waiting and call.state == "listening" else None,
        "error": str(call.error) if call.error else None,
    }


def _mail(index: int, mail: Mail) -> Json:
    return {
        "index": index,
        "subject": mail.subject,
        "from": mail.from_,
        "to": mail.to,
        "text": mail.text,
        "html": bool(mail.html),
        "at": mail.received.isoformat(),
    }


def _log(carrier: Carrier) -> list[Json]:
    entries: list[Json] = [
        {
            "kind": "webhook",
            "what": f"{p.method} {urlsplit(p.url).path}",
            "status": p.status,
            "error": p.error,
            "params": p.params,
            "at": p.at.isoformat(),
        }
        for p in carrier.webhooks[-LOG_LENGTH:]
    ]
    entries += [
        {
            "kind": "rest",
            "what": r.operation,
            "status": r.status,
            "error": f"{r.code}" if r.code else None,
            "params": r.params,
            "at": r.at.isoformat(),
        }
        for r in carrier.log[-LOG_LENGTH:]
    ]
    entries += [
        {"kind": "alert", "what": str(a.code), "status": None, "error": a.reason, "params": {}, "at": a.at.isoformat()}
        for a in carrier.alerts[-LOG_LENGTH:]
    ]
    entries.sort(key=lambda entry: str(entry["at"]))
    return entries[-LOG_LENGTH:]
