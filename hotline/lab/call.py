"""One leg of a call: steps through the hotline's TwiML verb by verb and stops where a person has to do something.

There are no clocks: silence and the end of typing are said by whoever holds the phone. One thread at a time takes a
turn; what others want of the call meanwhile (hang up, a REST update, the end of a dialled leg) is an order, carried
out between two verbs.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from hotline.lab import parameters, twiml
from hotline.lab.dialling import Dialling
from hotline.lab.errors import CarrierError, TwimlError
from hotline.lab.records import CallRecord, Recording, new_sid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotline.lab.carrier import Carrier, Handset
    from hotline.lab.courier import Parameters

# A person would have hung up: documents fetched in a row without anybody being asked anything.
MAX_DOCUMENTS = 30
XML = "text/xml"


@dataclass(frozen=True)
class Prompt:
    """Something heard: the words of a `<Say>`, the address of a `<Play>`, or (`verb` "person") the other party."""

    text: str
    verb: str
    language: str = ""
    voice: str = ""


class LiveCall:
    """`state` is ringing, running, listening (`<Gather>`), recording, dialling, bridged or ended.

    `waiting` is the verb that waits for the person; `prompts` all that was heard, of which those from `fresh` on came
    since the last input; `error` what ended the call where the hotline's answer did.
    """

    def __init__(self, carrier: Carrier, record: CallRecord, handset: Handset) -> None:
        self.carrier = carrier
        self.record = record
        self.handset = handset
        self.state = "ringing"
        self.waiting: twiml.Verb | None = None
        self.prompts: list[Prompt] = []
        self.fresh = 0
        self.keys = ""
        self.error: CarrierError | None = None
        self.dialling: Dialling | None = None
        self.peer: LiveCall | None = None
        self.at_end_of_document: Callable[[], None] = lambda: self.end("completed")
        self.ended_by_status: Callable[[LiveCall], None] = lambda call: None
        self._url = ""
        self._verbs: deque[twiml.Verb] = deque()
        self._documents = 0
        self._partials: list[str] = []
        self._lock = threading.Lock()
        self._orders: deque[Callable[[], None]] = deque()

    @property
    def ended(self) -> bool:
        return self.state == "ended"

    @property
    def inputs(self) -> frozenset[str]:
        """What is listened to now: `dtmf`, `speech`, both, or nothing."""
        if self.state == "listening" and self.waiting:
            return frozenset(self.waiting["input"].split(" "))
        return frozenset({"dtmf", "speech"}) if self.state in {"recording", "bridged"} else frozenset()

    # Turns and orders

    @contextmanager
    def turn(self) -> Iterator[None]:
        with self._lock:
            yield
        self._carry_out()
        self.carrier.changed()

    def order(self, order: Callable[[], None]) -> None:
        """Has something done to the call as soon as nobody has the turn: at once, or by whoever has it now."""
        self._orders.append(order)
        self._carry_out()
        self.carrier.changed()

    def _carry_out(self) -> None:
        while self._orders and self._lock.acquire(blocking=False):
            try:
                self._take_orders()
            finally:
                self._lock.release()

    def _take_orders(self) -> None:
        while self._orders:
            self._orders.popleft()()

    # The hotline's side

    def follow(self, url: str, method: str = "POST", extra: Parameters | None = None) -> None:
        """Fetches a document and runs it until somebody is asked something or the call ends. Needs the turn."""
        try:
            self._fetch(url, method, extra or [])
            self._run()
        except CarrierError as error:
            self._fails(error)

    def perform(self, document: str) -> None:
        """Runs a document that came by REST. Needs the turn."""
        try:
            self._url = self.carrier.voice_url
            self._verbs = deque(twiml.voice(document.encode(), XML))
            self._run()
        except CarrierError as error:
            self._fails(error)

    def resume(self) -> None:
        """Goes on with the next verb. Needs the turn."""
        try:
            self._run()
        except CarrierError as error:
            self._fails(error)

    def _fails(self, error: CarrierError) -> None:
        self.error = error
        self.carrier.alert(error, self.record.sid)
        self.hear(Prompt("We are sorry, an application error has occurred. Goodbye.", "Say", "en-US"))
        self.end("completed" if self.record.started else "failed")

    def _fetch(self, url: str, method: str, extra: Parameters) -> None:
        self._documents += 1
        if self._documents > MAX_DOCUMENTS:
            raise TwimlError(11215, f"{MAX_DOCUMENTS} documents without asking anybody anything", "too many redirects")
        form = parameters.call(self.carrier.account_sid, self.record) + extra
        answer = self.carrier.courier.send(url, form, method)
        self._verbs = deque(twiml.voice(answer.body, answer.content_type))
        self._url = answer.url

    def _run(self) -> None:
        self.state = "ended" if self.record.final else "running"
        self.waiting = None
        while True:
            self._take_orders()
            if self.state != "running":
                return
            if not self._verbs:
                self._picks_up()
                self.at_end_of_document()
                return
            verb = self._verbs.popleft()
            if not (verb.name == "Reject" or (verb.name == "Dial" and verb.true("answerOnBridge"))):
                self._picks_up()
            self._step(verb)

    def _picks_up(self) -> None:
        if self.record.status in {"ringing", "queued"}:
            self.record.becomes("in-progress")

    def _step(self, verb: twiml.Verb) -> None:
        if verb.name in {"Say", "Play"}:
            self._prompt(verb)
        elif verb.name == "Gather":
            for child in verb.children:
                self._prompt(child)
            self._waits(verb, "listening")
        elif verb.name == "Record":
            self._waits(verb, "recording")
        elif verb.name == "Redirect":
            self._fetch(urljoin(self._url, verb.text), verb["method"], [])
        elif verb.name == "Dial":
            self._waits(verb, "dialling")
            self.dialling = Dialling(self, verb, self._url)
            self.dialling.start()
        elif verb.name == "Reject":
            self.end("busy" if verb["reason"] == "busy" else "no-answer")
        elif verb.name == "Hangup":
            self.end("completed")

    def _prompt(self, verb: twiml.Verb) -> None:
        if verb.name == "Say":
            self.hear(Prompt(verb.text, "Say", verb["language"], verb.get("voice") or ""))
        else:
            self.hear(Prompt(verb.text, "Play"))

    def hear(self, prompt: Prompt) -> None:
        with self.carrier.news:
            self.prompts.append(prompt)
            self.carrier.changed()

    def _waits(self, verb: twiml.Verb, state: str) -> None:
        self.waiting, self.state = verb, state
        self.keys = ""
        self._documents = 0
        self._partials = []

    def end(self, status: str) -> None:
        """Ends the call with one of the final statuses. Needs the turn; twice is the same as once."""
        if self.record.final:
            return
        self.record.becomes(status)
        self.state, self.waiting = "ended", None
        self._verbs.clear()
        with self.carrier.news:
            if self.handset.call is self:
                self.handset.call = None
            if self in self.handset.ringing:
                self.handset.ringing.remove(self)
        if self.dialling:
            self.dialling.caller_left()
        if self.peer:
            self.peer.other_party_left()
        self.ended_by_status(self)
        self.carrier.changed()

    # The person's side: each returns False when nobody was listening to that

    def press(self, key: str) -> bool:
        with self.turn():
            verb = self.waiting
            if verb is None or "dtmf" not in self.inputs:
                return False
            if self.state == "recording":
                if key in verb["finishOnKey"]:
                    self._recorded("", key)
            elif self.state == "listening":
                # "finishOnKey only works when a digit sequence precedes it."
                if key == verb["finishOnKey"]:
                    if self.keys:
                        self._gathered(key)
                else:
                    self.keys += key
                    if len(self.keys) == int(verb.get("numDigits") or 0):
                        self._gathered("")
            elif self.dialling:
                self.dialling.key(key)
            return True

    def stop_typing(self) -> None:
        """The time between two keys has run out: what was typed is sent."""
        with self.turn():
            if self.state == "listening" and self.keys:
                self._gathered("")

    def begin_saying(self, partial: str) -> bool:
        """Speech that has not ended yet: goes to `partialResultCallback`, if there is one."""
        with self.turn():
            if self.state != "listening" or "speech" not in self.inputs or self.waiting is None:
                return False
            callback = self.waiting.get("partialResultCallback")
            before = self._partials[-1] if self._partials and partial.startswith(self._partials[-1]) else ""
            self._partials.append(partial)
            if callback:
                extra = [
                    ("StableSpeechResult", before),
                    ("UnstableSpeechResult", partial[len(before) :]),
                    ("Stability", "0.9"),
                    ("SequenceNumber", str(len(self._partials) - 1)),
                    ("Language", self.waiting["language"]),
                ]
                form = parameters.call(self.carrier.account_sid, self.record) + extra
                try:
                    self.carrier.courier.send(
                        urljoin(self._url, callback), form, self.waiting["partialResultCallbackMethod"]
                    )
                except CarrierError as error:
                    self.carrier.alert(error, self.record.sid)
            return True

    def say(self, words: str, confidence: float | None = 0.92) -> bool:
        with self.turn():
            if self.state == "bridged" and self.peer:
                self.peer.hear(Prompt(words, "person"))
                return True
            if self.waiting is None or "speech" not in self.inputs:
                return False
            if self.state == "recording":
                self._recorded(words, "")
                return True
            sure = [] if confidence is None else [("Confidence", f"{confidence:.8f}")]
            self._acts([("SpeechResult", words), *sure, ("Language", self.waiting["language"])])
            return True

    def stay_silent(self) -> bool:
        with self.turn():
            verb = self.waiting
            if verb is None or self.state not in {"listening", "recording"}:
                return False
            if self.state == "recording":
                self._recorded("", "")
            elif self.keys:
                self._gathered("")
            elif verb.true("actionOnEmptyResult"):
                self._acts([("Digits", ""), ("msg", "Gather End")] if "dtmf" in self.inputs else [("SpeechResult", "")])
            else:
                self.fresh = len(self.prompts)
                self.resume()
            return True

    def hang_up(self) -> None:
        self.order(self._leaves)

    def ends(self, status: str) -> None:
        """The network or a REST request ends the call."""
        self.order(lambda: self.end(status))

    def goes_to(self, change: Callable[[], None]) -> None:
        """A REST request gives the call another document; `change` is `follow` or `perform`."""
        self.order(lambda: None if self.ended else change())

    def _leaves(self) -> None:
        verb = self.waiting if self.state == "recording" else None
        self.end("completed" if self.record.started else "no-answer")
        if verb is not None:
            # "Digits=hangup" reaches the action although nothing it answers can be heard any more.
            self._keep_recording(verb, "", "hangup")

    def other_party_left(self) -> None:
        self.peer = None
        if self.dialling is None:
            self.order(lambda: self.end("completed"))

    def _gathered(self, finished_on: str) -> None:
        self._acts([("Digits", self.keys), ("FinishedOnKey", finished_on), ("msg", "Gather End")])

    def _acts(self, extra: Sequence[tuple[str, str]]) -> None:
        verb = self.waiting
        if verb is None:
            raise AssertionError("nothing waits")
        self.waiting, self.keys, self.fresh = None, "", len(self.prompts)
        self.state = "running"
        self.follow(urljoin(self._url, verb.get("action") or ""), verb["method"], list(extra))

    def _recorded(self, words: str, digits: str) -> None:
        verb = self.waiting
        if verb is None:
            raise AssertionError("nothing is recorded")
        self.waiting, self.fresh = None, len(self.prompts)
        self.state = "running"
        if self._keep_recording(verb, words, digits):
            return
        self.resume()

    def _keep_recording(self, verb: twiml.Verb, words: str, digits: str) -> bool:
        """Saves or drops the recording. True when the hotline's action has taken over."""
        carrier = self.carrier
        silent = not words and not digits
        seconds = int(verb["timeout"]) if silent else max(1, min(len(words) // 15, int(verb["maxLength"])))
        status = "absent" if silent and not carrier.silence_is_saved else "completed"
        recording = Recording(new_sid("RE"), self.record.sid, 0 if status == "absent" else seconds, words, status)
        url = carrier.recording_url(recording.sid)
        if status == "completed":
            carrier.recordings[recording.sid] = recording
        callback = verb.get("recordingStatusCallback")
        if callback and status in verb["recordingStatusCallbackEvent"].split(" "):
            form = parameters.recording_receipt(carrier.account_sid, recording, url)
            method = verb["recordingStatusCallbackMethod"]
            carrier.report(urljoin(self._url, callback), [form], recording.sid, method)
        action = verb.get("action")
        if status == "absent" or not action:
            return False
        extra = [
            ("RecordingUrl", url),
            ("RecordingSid", recording.sid),
            ("RecordingDuration", str(recording.duration)),
            ("Digits", digits),
        ]
        if self.ended:
            form = parameters.call(carrier.account_sid, self.record) + extra
            carrier.post_later(urljoin(self._url, action), [form], self.record.sid, verb["method"])
        else:
            self.follow(urljoin(self._url, action), verb["method"], extra)
        return True
