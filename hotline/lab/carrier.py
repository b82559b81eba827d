"""The pretend carrier: its state, and text messages both ways. Calls are next door in `switchboard`.

Everything is in memory and guarded by one condition, `news`, which is notified at every change and never held while a
webhook is under way.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from hotline import phones
from hotline.lab import parameters, twiml
from hotline.lab.courier import Answer, Courier, Parameters, Patience
from hotline.lab.errands import Errands
from hotline.lab.errors import CarrierError, RestError, TwimlError
from hotline.lab.faults import Fault, Faults
from hotline.lab.records import Alert, CallRecord, Message, Posted, Recording, RestRequest, new_sid
from hotline.lab.switchboard import Switchboard

if TYPE_CHECKING:
    from hotline.lab.call import LiveCall

# "Default English keywords": answered by Twilio itself, which then tells the webhook by OptOutType.
OPT_OUT = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "CANCEL", "REVOKE", "OPTOUT"})
OPT_IN = frozenset({"START", "UNSTOP"})
HELP = frozenset({"HELP"})
_AUTOMATIC = {
    "STOP": "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe.",
    "START": "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    "HELP": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}
MAX_BODY = 1600
_E164 = re.compile(r"\+[1-9]\d{6,14}")


@dataclass
class Handset:
    """A phone as the network knows it.

    `shows` is what the called party sees where the owner hides the number; texts always show it.
    """

    number: str
    kind: str = "mobile"
    on: bool = True
    shows: str | None = None
    inbox: list[Message] = field(default_factory=list)
    ringing: list[LiveCall] = field(default_factory=list)
    call: LiveCall | None = None

    @property
    def caller_id(self) -> str:
        return self.number if self.shows is None else self.shows


class Carrier:
    """One account with its numbers, the hotline it calls, and every phone there is.

    Knobs for tests: `drop_receipts`, `duplicate_receipts` and `reverse_receipts` spoil message and call receipts;
    `deletable_after` is the age in seconds from which a finished message or call may be deleted (about 60 at Twilio);
    `silence_is_saved` says whether an empty `<Record>` is saved (the default, as Twilio has been seen to do) or
    reported `absent`; `sms_url`, `voice_url` and `call_status_url` are the hotline number's own settings.
    """

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        public_url: str,
        hotline_number: str,
        alerts_sender: str,
        reach: str | None = None,
        patience: Patience | None = None,
    ) -> None:
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.hotline_number = hotline_number
        self.alerts_sender = alerts_sender
        self.api_url = ""
        self.courier = Courier(public_url, auth_token, reach, patience)
        self.courier.noticed = self._note_webhook
        self.sms_url = f"{self.courier.public_url}/sms"
        self.voice_url = f"{self.courier.public_url}/voice"
        self.call_status_url: str | None = f"{self.courier.public_url}/receipts/call"
        self.messages: dict[str, Message] = {}
        self.calls: dict[str, CallRecord] = {}
        self.recordings: dict[str, Recording] = {}
        self.handsets: dict[str, Handset] = {}
        self.live: dict[str, LiveCall] = {}
        self.log: list[RestRequest] = []
        self.webhooks: list[Posted] = []
        self.alerts: list[Alert] = []
        self.opted_out: set[tuple[str, str]] = set()
        self.drop_receipts = self.duplicate_receipts = self.reverse_receipts = False
        self.deletable_after = 0.0
        self.silence_is_saved = True
        self.faults = Faults()
        self.switchboard = Switchboard(self)
        self.errands = Errands()
        self.news = threading.Condition(threading.RLock())
        self.revision = 0
        self.stopped = False

    # State

    @property
    def senders(self) -> tuple[str, ...]:
        return (self.hotline_number, self.alerts_sender)

    def changed(self) -> None:
        """Wakes whoever waits for something to happen."""
        with self.news:
            self.revision += 1
            self.news.notify_all()

    def handset(self, number: str) -> Handset:
        """The phone with that number, however it is written; one that nobody has mentioned yet is a mobile."""
        identity = phones.identity(number)
        key = identity.reveal() if identity else number
        with self.news:
            return self.handsets.setdefault(key, Handset(number))

    def alert(self, error: CarrierError, sid: str) -> None:
        with self.news:
            self.alerts.append(Alert(error.code, error.reason, sid))
            self.changed()

    def fail(
        self,
        operation: str,
        *,
        status: int | None = None,
        code: int | None = None,
        times: int = 1,
        headers: dict[str, str] | None = None,
        hang: float = 0.0,
        perform: bool = False,
    ) -> None:
        """Plans a failure of a REST operation: `messages.` or `calls.` or `recordings.` and what is done to them.

        `create`, `list`, `fetch`, `update` and `delete`, as in `messages.create`.

        `status` answers with that error `times` times; `hang` keeps the client waiting that many seconds; with
        `perform` the thing is done all the same, which is what an ambiguous timeout looks like.
        """
        self.faults.plan(Fault(operation, status, code, times, dict(headers or {}), hang, perform))

    def settle(self, timeout: float = 20.0) -> None:
        """Waits until every receipt under way has been answered. Raises TimeoutError after `timeout` seconds."""
        if not self.errands.settle(timeout):
            raise TimeoutError("receipts are still under way")

    def reset(self) -> None:
        """Back to the state of the start. Waits for receipts under way; phones are to be asked for anew."""
        for call in list(self.live.values()):
            call.ends("completed")
        self.settle()
        self.faults.clear()
        with self.news:
            for kept in (self.messages, self.calls, self.recordings, self.live, self.handsets):
                kept.clear()
            for noted in (self.log, self.webhooks, self.alerts, self.opted_out):
                noted.clear()
            self.drop_receipts = self.duplicate_receipts = self.reverse_receipts = False
            self.deletable_after = 0.0
            self.silence_is_saved = True
            self.changed()

    def stop(self) -> None:
        self.stopped = True
        self.switchboard.stop()
        self.faults.stop()
        self.errands.stop()
        self.courier.close()
        self.changed()

    def _note_webhook(self, posted: Posted) -> None:
        with self.news:
            self.webhooks.append(posted)
            self.changed()

    # Texts from a phone

    def text_from(
        self,
        handset: Handset,
        body: str,
        *,
        to: str | None = None,
        media: int = 0,
        sid: str | None = None,
        extra: Iterable[tuple[str, str]] = (),
    ) -> list[Message]:
        """A phone sends a text to one of the senders; returns what came back in the same breath.

        `media` is a number of pictures; `sid` repeats an earlier MessageSid, as Twilio does when it retries; `extra`
        parameters are added to the webhook or replace its own. Raises `CarrierError` when the webhook fails.
        """
        to = to or self.hotline_number
        sid = sid or new_sid("MM" if media else "SM")
        pictures = tuple(f"{self._account_url()}/Messages/{sid}/Media/{new_sid('ME')}" for _ in range(media))
        message = Message(sid, handset.number, to, body, "inbound", "received", media=pictures)
        message.becomes("received")
        with self.news:
            self.messages[sid] = message
            self.changed()
        kind = self._keyword(handset, message)
        replies = [self._send(to, handset.number, _AUTOMATIC[kind], "outbound-reply", force=True)] if kind else []
        form = dict(parameters.incoming_text(self.account_sid, message, kind))
        form.update(extra)
        try:
            replies += self._answers(self.courier.send(self.sms_url, form.items()), message, handset)
        except CarrierError as error:
            self.alert(error, sid)
            raise
        return replies

    def _keyword(self, handset: Handset, message: Message) -> str | None:
        word = message.body.strip().upper()
        line = (handset.number, message.to)
        if word in OPT_OUT:
            self.opted_out.add(line)
            return "STOP"
        if word in OPT_IN:
            self.opted_out.discard(line)
            return "START"
        return "HELP" if word in HELP else None

    def _answers(self, answer: Answer, message: Message, handset: Handset) -> list[Message]:
        replies: list[Message] = []
        for _ in range(10):
            redirect: twiml.Verb | None = None
            for verb in twiml.messaging(answer.body, answer.content_type):
                if verb.name == "Redirect":
                    redirect = verb
                    break
                replies.append(self._reply(verb, answer.url, message, handset))
            if redirect is None:
                return replies
            form = parameters.incoming_text(self.account_sid, message)
            answer = self.courier.send(urljoin(answer.url, redirect.text), form, redirect["method"])
        raise TwimlError(11215, "ten redirects in a row", "HTTP too many redirects")

    def _reply(self, verb: twiml.Verb, url: str, message: Message, handset: Handset) -> Message:
        body = verb.text or "\n".join(c.text for c in verb.children if c.name == "Body")
        media = tuple(c.text for c in verb.children if c.name == "Media")
        sender = verb.get("from") or message.to
        if sender not in self.senders:
            raise TwimlError(14108, f"from={sender!r}", "from: one of the account's numbers")
        callback = verb.get("action") or verb.get("statusCallback")
        return self._send(
            sender,
            verb.get("to") or handset.number,
            body,
            "outbound-reply",
            media=media,
            callback=urljoin(url, callback) if callback else None,
            method=verb["method"],
        )

    # Texts to a phone

    def create_message(self, params: dict[str, str], media: tuple[str, ...] = ()) -> Message:
        """What POST Messages.json does once its parameters are known to be well-formed. Raises `RestError`."""
        to, sender, body = params.get("To", ""), params.get("From", ""), params.get("Body", "")
        if not to:
            raise RestError(21604, "A 'To' phone number is required.")
        if not sender:
            raise RestError(21603, "A 'From' phone number is required.")
        if not body and not media:
            raise RestError(21602, "Message body is required.")
        if len(body) > MAX_BODY:
            raise RestError(21617, "The concatenated message body exceeds the 1600 character limit.")
        if not _E164.fullmatch(to) or phones.identity(to) is None:
            raise RestError(21211, f"Invalid 'To' Phone Number: {to}")
        if sender not in self.senders:
            raise RestError(
                21606, f"The 'From' phone number provided ({sender}) is not a valid message-capable number."
            )
        if to == sender:
            raise RestError(21266, "'To' and 'From' number cannot be the same")
        handset = self.handset(to)
        if handset.kind == "landline":
            raise RestError(21614, f"'To' number is not a valid mobile number: {to}")
        if (handset.number, sender) in self.opted_out:
            raise RestError(21610, "Attempt to send to unsubscribed recipient")
        callback = params.get("StatusCallback") or None
        if callback and not callback.startswith(("http://", "https://")):
            raise RestError(21609, f"The 'StatusCallback' URL {callback} is not a valid URL.")
        return self._send(sender, to, body, "outbound-api", media=media, callback=callback)

    def _send(
        self,
        sender: str,
        to: str,
        body: str,
        direction: str,
        *,
        media: tuple[str, ...] = (),
        callback: str | None = None,
        method: str = "POST",
        force: bool = False,
    ) -> Message:
        """Replies are in the phone when this returns; messages made over REST arrive in their own time."""
        sid = new_sid("MM" if media else "SM")
        message = Message(sid, sender, to, body, direction, "queued", media=media, status_callback=callback)
        message.callback_method = method
        with self.news:
            self.messages[sid] = message
            self.changed()
        handset = self.handset(to)
        if (handset.number, sender) in self.opted_out and not force:
            self._finish(message, ["failed"], 21610)
            self.alert(CarrierError(21610, "Attempt to send to unsubscribed recipient"), sid)
        elif direction == "outbound-reply":
            self._deliver(message, handset)
        else:
            self.errands.run(lambda: self._deliver(message, handset))
        return message

    def _deliver(self, message: Message, handset: Handset) -> None:
        if handset.kind == "landline":
            self._finish(message, ["sent", "undelivered"], 30006)
        elif not handset.on:
            self._finish(message, ["sent", "undelivered"], 30003)
        else:
            with self.news:
                handset.inbox.append(message)
            self._finish(message, ["sent", "delivered"])

    def _finish(self, message: Message, statuses: list[str], error_code: int | None = None) -> None:
        with self.news:
            for status in statuses:
                message.becomes(status, error_code if status in {"failed", "undelivered"} else None)
            self.changed()
        if message.status_callback:
            url, method = message.status_callback, message.callback_method
            receipts = [parameters.message_receipt(self.account_sid, message, status) for status in statuses]
            self.report(url, receipts, message.sid, method)

    def report(self, url: str, receipts: list[Parameters], sid: str, method: str = "POST") -> None:
        """Posts receipts in the background, one after the other, spoiled as the knobs say."""
        if self.drop_receipts:
            return
        if self.reverse_receipts:
            receipts = receipts[::-1]
        if self.duplicate_receipts:
            receipts = [receipt for receipt in receipts for _ in range(2)]
        self.post_later(url, receipts, sid, method)

    def post_later(self, url: str, forms: list[Parameters], sid: str, method: str = "POST") -> None:
        """Posts forms in the background; what goes wrong becomes an alert."""

        def post() -> None:
            for form in forms:
                try:
                    self.courier.send(url, form, method)
                except CarrierError as error:
                    self.alert(error, sid)

        self.errands.run(post)

    def _account_url(self) -> str:
        return f"{self.api_url}/{parameters.API_VERSION}/Accounts/{self.account_sid}"

    def recording_url(self, sid: str) -> str:
        return f"{self._account_url()}/Recordings/{sid}"
