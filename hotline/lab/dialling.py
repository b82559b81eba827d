"""`<Dial>`: rings other phones for a call, lets the first who answers hear the whisper, and joins the two."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from hotline.lab import parameters
from hotline.lab.errors import TwimlError

if TYPE_CHECKING:
    from hotline.lab.call import LiveCall
    from hotline.lab.twiml import Verb


class Dialling:
    """One `<Dial>` of `call`. The legs are calls of their own, with `outbound-dial` as direction."""

    def __init__(self, call: LiveCall, verb: Verb, url: str) -> None:
        self._call = call
        self._verb = verb
        self._url = url
        self._legs: dict[str, tuple[LiveCall, Verb]] = {}
        self._joined: LiveCall | None = None
        self._over = False

    def start(self) -> None:
        """Rings every number at once. Raises `TwimlError` (13214) for a caller id that is not ours nor in the call."""
        carrier, record = self._call.carrier, self._call.record
        shown = self._verb.get("callerId") or (record.sender if record.direction == "inbound" else record.to)
        if shown not in {*carrier.senders, record.sender, record.to}:
            raise TwimlError(13214, f"callerId={shown!r}", "callerId: one of the account's numbers or the call's own")
        seconds = int(self._verb["timeout"])
        for noun in self._verb.children or (self._verb,):
            leg = carrier.switchboard.leg(self._call, noun.text, shown)
            self._legs[leg.record.sid] = (leg, noun)
            leg.ended_by_status = self._leg_ended
        for leg, _ in list(self._legs.values()):
            carrier.switchboard.ring(leg, seconds, self._answered)

    def key(self, key: str) -> None:
        """The caller pressed a key while connected."""
        if key == "*" and self._joined and self._verb.true("hangupOnStar"):
            self._joined.hang_up()

    def caller_left(self) -> None:
        """The caller has gone: whatever still rings stops ringing."""
        self._over = True
        for leg, _ in list(self._legs.values()):
            leg.ends("completed" if leg.record.started else "canceled")

    def _answered(self, leg: LiveCall) -> None:
        """Has the leg's turn."""
        noun = self._legs[leg.record.sid][1]
        for other, _ in list(self._legs.values()):
            if other is not leg:
                other.ends("canceled")
        leg.at_end_of_document = lambda: self._join(leg)
        whisper = noun.get("url") if noun.name == "Number" else None
        if whisper:
            leg.follow(urljoin(self._url, whisper), noun["method"])
        else:
            self._join(leg)

    def _join(self, leg: LiveCall) -> None:
        call = self._call
        if self._over or call.ended:
            leg.ends("completed")
            return
        self._joined = leg
        if call.record.started is None:
            call.record.becomes("in-progress")
        leg.peer, call.peer = call, leg
        leg.state = call.state = "bridged"

    def _leg_ended(self, leg: LiveCall) -> None:
        noun = self._legs.pop(leg.record.sid)[1]
        leg.carrier.switchboard.stop_ringing(leg)
        self._report(leg, noun)
        last = leg is self._joined or not self._legs
        if last and not self._over:
            self._over = True
            self._call.order(lambda: self._goes_on(leg))

    def _report(self, leg: LiveCall, noun: Verb) -> None:
        callback = noun.get("statusCallback") if noun.name == "Number" else None
        if callback and "completed" in noun["statusCallbackEvent"]:
            receipt = parameters.call_receipt(leg.carrier.account_sid, leg.record, leg.record.status, 0)
            leg.carrier.report(urljoin(self._url, callback), [receipt], leg.record.sid, noun["statusCallbackMethod"])

    def _goes_on(self, leg: LiveCall) -> None:
        call = self._call
        if call.ended:
            return
        call.dialling = call.peer = None
        call.fresh = len(call.prompts)
        action = self._verb.get("action")
        if not action:
            call.resume()
            return
        extra = [("DialCallSid", leg.record.sid), ("DialCallStatus", leg.record.status)]
        if self._joined:
            extra += [("DialCallDuration", str(leg.record.duration)), ("DialBridged", "true")]
        else:
            extra.append(("DialBridged", "false"))
        call.follow(urljoin(self._url, action), self._verb["method"], extra)
