"""Makes calls: from a phone to the hotline, from the hotline's REST requests to a phone, and between the two."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline import phones
from hotline.lab import parameters
from hotline.lab.call import LiveCall
from hotline.lab.errors import RestError
from hotline.lab.records import CallRecord, new_sid
from hotline.lab.twiml_rules import EMERGENCY, e164

if TYPE_CHECKING:
    from hotline.lab.carrier import Carrier, Handset

# Twilio: "timeout: the number of seconds that Twilio should allow the phone to ring … default 60".
RING_SECONDS = 60


@dataclass
class Order:
    """How a call made over REST is to go on and to be reported."""

    url: str | None = None
    method: str = "POST"
    twiml: str | None = None
    status_callback: str | None = None
    status_method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})
    timeout: int = RING_SECONDS
    machine_detection: bool = False
    sequence: int = 0


class Switchboard:
    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._orders: dict[str, Order] = {}
        self._answers: dict[str, Callable[[LiveCall], None]] = {}
        self._timers: dict[str, threading.Timer] = {}

    # From a phone

    def dial(self, handset: Handset, to: str, sid: str | None = None) -> LiveCall:
        """A phone calls one of our numbers; returns when the hotline's first document has been run.

        Raises ValueError when the number is not ours or the phone is off or busy. A webhook that fails ends the call:
        see its `error`.
        """
        if to not in self._carrier.senders:
            raise ValueError(f"{to} is not a number of this lab")
        if not handset.on or handset.call is not None:
            raise ValueError("the phone is switched off" if not handset.on else "the phone is in a call")
        record = CallRecord(sid or new_sid("CA"), handset.caller_id, to, "inbound", "ringing")
        call = LiveCall(self._carrier, record, handset)
        call.ended_by_status = self._inbound_ended
        self._register(call)
        with self._carrier.news:
            handset.call = call
        with call.turn():
            call.follow(self._carrier.voice_url)
        return call

    def _inbound_ended(self, call: LiveCall) -> None:
        if self._carrier.call_status_url:
            receipt = parameters.call_receipt(self._carrier.account_sid, call.record, call.record.status, 0)
            self._carrier.report(self._carrier.call_status_url, [receipt], call.record.sid)

    # To a phone

    def create(self, params: dict[str, str], events: frozenset[str]) -> CallRecord:
        """What POST Calls.json does once its parameters are known to be well-formed. Raises `RestError`."""
        to, sender = params.get("To", ""), params.get("From", "")
        if not to:
            raise RestError(21201, "No 'To' number is specified")
        if not sender:
            raise RestError(21213, "Caller phone number is required")
        if not params.get("Url") and not params.get("Twiml"):
            raise RestError(21205, "Url parameter is required.")
        for name in ("Url", "StatusCallback"):
            if params.get(name) and not params[name].startswith(("http://", "https://")):
                raise RestError(21205, f"{name} is not a valid URL: {params[name]}")
        if to.removeprefix("+52") in EMERGENCY or not e164(to) or phones.identity(to) is None:
            raise RestError(21211, f"The phone number you are attempting to call, {to}, is not valid.")
        if sender not in self._carrier.senders:
            raise RestError(21210, f"The source phone number provided, {sender}, is not yet verified for your account.")
        record = CallRecord(new_sid("CA"), sender, to, "outbound-api", "queued")
        self._orders[record.sid] = order = Order(
            params.get("Url"),
            params.get("Method", "POST"),
            params.get("Twiml"),
            params.get("StatusCallback"),
            params.get("StatusCallbackMethod", "POST"),
            events or frozenset({"completed"}),
            int(params.get("Timeout") or RING_SECONDS),
            bool(params.get("MachineDetection")),
        )
        call = LiveCall(self._carrier, record, self._carrier.handset(to))
        call.ended_by_status = self._outbound_ended
        self._register(call)
        self._carrier.errands.run(lambda: self._place(call, order))
        return record

    def _place(self, call: LiveCall, order: Order) -> None:
        if call.ended:
            return
        self._event(call, "initiated", "initiated")
        call.record.becomes("ringing")
        self._event(call, "ringing", "ringing")
        self.ring(call, order.timeout, self._outbound_answered)

    def _outbound_answered(self, call: LiveCall) -> None:
        order = self._orders[call.record.sid]
        if order.machine_detection:
            call.record.answered_by = call.record.answered_by or "human"
        self._event(call, "answered", "in-progress")
        if order.twiml:
            call.perform(order.twiml)
        elif order.url:
            call.follow(order.url, order.method)

    def _outbound_ended(self, call: LiveCall) -> None:
        self._event(call, "completed", call.record.status)

    def _event(self, call: LiveCall, event: str, status: str) -> None:
        order = self._orders[call.record.sid]
        if order.status_callback and event in order.events:
            receipt = parameters.call_receipt(self._carrier.account_sid, call.record, status, order.sequence)
            self._carrier.report(order.status_callback, [receipt], call.record.sid, order.status_method)
        order.sequence += 1

    def update(self, call: LiveCall, params: dict[str, str]) -> None:
        """What POST Calls/CA….json does: ends the call, or sends it to another document. Raises `RestError`."""
        if call.ended:
            raise RestError(21220, "Call is not in-progress. Cannot redirect.")
        status = params.get("Status")
        if status == "canceled" and call.record.status not in {"queued", "ringing"}:
            raise RestError(21220, "Call is in-progress and cannot be canceled")
        if status:
            call.ends(status)
        elif params.get("Twiml"):
            call.goes_to(lambda: call.perform(params["Twiml"]))
        elif params.get("Url"):
            call.goes_to(lambda: call.follow(params["Url"], params.get("Method", "POST")))

    # Ringing

    def leg(self, parent: LiveCall, to: str, shown: str) -> LiveCall:
        """A call that is part of a `<Dial>`; `ring` makes it heard."""
        sid = new_sid("CA")
        record = CallRecord(sid, shown, to, "outbound-dial", "ringing", parent=parent.record.sid)
        call = LiveCall(self._carrier, record, self._carrier.handset(to))
        self._register(call)
        return call

    def ring(self, call: LiveCall, seconds: int, answered: Callable[[LiveCall], None]) -> None:
        """Lets a phone ring until somebody answers or declines or the time is over.

        `answered` is called with the call's turn. A phone that is switched off does not answer, one in a call is busy.
        """
        handset = call.handset
        if not handset.on:
            call.ends("no-answer")
        elif handset.call is not None:
            call.ends("busy")
        else:
            self._answers[call.record.sid] = answered
            timer = threading.Timer(seconds, lambda: self.decline(call, "no-answer"))
            timer.daemon = True
            self._timers[call.record.sid] = timer
            timer.start()
            with self._carrier.news:
                handset.ringing.append(call)
                self._carrier.changed()

    def answer(self, call: LiveCall, by: str | None = None) -> None:
        """The phone is picked up; `by` is what machine detection makes of who answers (`human`, `machine_start`)."""
        self.stop_ringing(call)
        with self._carrier.news:
            answered = self._answers.pop(call.record.sid, None)
            if answered is None or call.ended:
                return
            call.handset.ringing.remove(call)
            call.handset.call = call
        with call.turn():
            call.record.answered_by = by
            call.record.becomes("in-progress")
            answered(call)

    def decline(self, call: LiveCall, status: str = "busy") -> None:
        self.stop_ringing(call)
        call.order(lambda: None if call.record.started else call.end(status))

    def stop_ringing(self, call: LiveCall) -> None:
        timer = self._timers.pop(call.record.sid, None)
        if timer:
            timer.cancel()

    def stop(self) -> None:
        for timer in list(self._timers.values()):
            timer.cancel()

    def _register(self, call: LiveCall) -> None:
        with self._carrier.news:
            self._carrier.calls[call.record.sid] = call.record
            self._carrier.live[call.record.sid] = call
            self._carrier.changed()
