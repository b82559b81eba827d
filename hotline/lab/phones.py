"""Phones and calls as a test tells them: `phone.dials().hears("…").presses("1").says("…").hangs_up()`.

Every wait is for a condition and ends with an AssertionError that says what there was instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from hotline.lab.call import LiveCall, Prompt
from hotline.lab.carrier import Carrier, Handset
from hotline.lab.records import Message
from hotline.language import gsm

T = TypeVar("T")


@dataclass(frozen=True)
class Text:
    """A message in a phone's inbox."""

    sid: str
    from_: str
    to: str
    body: str

    @property
    def segments(self) -> int:
        return gsm.segments(self.body)


def _text(message: Message) -> Text:
    return Text(message.sid, message.sender, message.to, message.body)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


class Phone:
    """A phone in somebody's hand: `kind` is mobile or landline (no texts)."""

    def __init__(self, carrier: Carrier, handset: Handset) -> None:
        self._carrier = carrier
        self._handset = handset
        self._read: set[str] = set()

    @property
    def number(self) -> str:
        return self._handset.number

    @property
    def kind(self) -> str:
        return self._handset.kind

    @property
    def inbox(self) -> list[Text]:
        """Every text that has arrived, oldest first."""
        with self._carrier.news:
            return [_text(m) for m in self._handset.inbox]

    def switches_off(self) -> None:
        self._handset.on = False

    def switches_on(self) -> None:
        self._handset.on = True

    def texts(
        self, body: str, *, to: str | None = None, media: int = 0, sid: str | None = None, **extra: str
    ) -> list[Text]:
        """Sends a text (to the hotline number unless `to` says otherwise) and returns the immediate replies.

        `sid` repeats an earlier MessageSid; `extra` adds or replaces parameters of the webhook. Raises `CarrierError`
        when the hotline fails or answers with something else than TwiML.
        """
        if self.kind == "landline":
            raise ValueError("a landline sends no texts")
        if not self._handset.on:
            raise ValueError("the phone is switched off")
        replies = self._carrier.text_from(self._handset, body, to=to, media=media, sid=sid, extra=extra.items())
        return [_text(m) for m in replies]

    def wait_for_text(self, timeout: float = 5.0, containing: str = "", from_: str | None = None) -> Text:
        """The oldest text not yet returned by this method that has `containing` in it (in any case)."""

        def found() -> Text | None:
            for text in self.inbox:
                if (
                    text.sid not in self._read
                    and _folded(containing) in _folded(text.body)
                    and from_ in {None, text.from_}
                ):
                    return text
            return None

        text = self._wait(found, timeout, lambda: f"no text with {containing!r} arrived; the inbox has {self.inbox}")
        self._read.add(text.sid)
        return text

    def dials(self, to: str | None = None, sid: str | None = None) -> PhoneCall:
        """Calls the hotline and listens until something is to be done. Raises `CarrierError` when the hotline fails."""
        live = self._carrier.switchboard.dial(self._handset, to or self._carrier.hotline_number, sid)
        return PhoneCall(self._carrier, live).checked()

    @property
    def rings(self) -> bool:
        return bool(self._handset.ringing)

    def answers(self, timeout: float = 5.0, by: str | None = None) -> PhoneCall:
        """Waits until the phone rings and picks it up; `by` is what machine detection makes of who answers."""
        live = self._ringing(timeout)
        self._carrier.switchboard.answer(live, by)
        return PhoneCall(self._carrier, live).checked()

    def declines(self, timeout: float = 5.0) -> PhoneCall:
        live = self._ringing(timeout)
        self._carrier.switchboard.decline(live, "busy")
        return PhoneCall(self._carrier, live)

    def ignores(self, timeout: float = 5.0) -> PhoneCall:
        """Lets it ring until the network gives up, without the waiting."""
        live = self._ringing(timeout)
        self._carrier.switchboard.decline(live, "no-answer")
        return PhoneCall(self._carrier, live)

    def _ringing(self, timeout: float) -> LiveCall:
        return self._wait(
            lambda: next(iter(self._handset.ringing), None),
            timeout,
            lambda: f"{self.number} did not ring within {timeout} s",
        )

    def _wait(self, condition: Callable[[], T | None], timeout: float, failure: Callable[[], str]) -> T:
        return _wait(self._carrier, condition, timeout, failure)


class PhoneCall:
    """One call, from the side of the phone. Each act returns the call, so that a story can go on in the same line."""

    def __init__(self, carrier: Carrier, live: LiveCall) -> None:
        self._carrier = carrier
        self._live = live

    @property
    def sid(self) -> str:
        return self._live.record.sid

    @property
    def status(self) -> str:
        return self._live.record.status

    @property
    def ended(self) -> bool:
        return self._live.ended

    @property
    def listening_for(self) -> frozenset[str]:
        """`dtmf`, `speech`, both or nothing: what the hotline is waiting for now."""
        return self._live.inputs

    @property
    def prompts(self) -> list[Prompt]:
        with self._carrier.news:
            return list(self._live.prompts)

    @property
    def heard(self) -> list[str]:
        """The words (or the addresses of sounds) of every prompt so far."""
        return [prompt.text for prompt in self.prompts]

    @property
    def just_heard(self) -> str:
        """What was said since the last input."""
        return " ".join(self.heard[self._live.fresh :])

    def checked(self) -> PhoneCall:
        """Raises what ended the call, if it was the hotline's fault."""
        if self._live.error:
            raise self._live.error
        return self

    def hears(self, *words: str) -> PhoneCall:
        """Asserts that each of `words` was said since the last input, in any case."""
        for each in words:
            assert _folded(each) in _folded(self.just_heard), f"{each!r} was not said, but: {self.just_heard!r}"
        return self

    def does_not_hear(self, *words: str) -> PhoneCall:
        for each in words:
            assert _folded(each) not in _folded(self.just_heard), f"{each!r} was said: {self.just_heard!r}"
        return self

    def waits_to_hear(self, words: str, timeout: float = 5.0) -> PhoneCall:
        """For what the hotline changes by REST while the call is under way."""
        _wait(
            self._carrier,
            lambda: _folded(words) in _folded(" ".join(self.heard)) or None,
            timeout,
            lambda: f"{words!r} was not said within {timeout} s, but: {self.heard}",
        )
        return self

    def presses(self, keys: str) -> PhoneCall:
        """Presses keys one after the other (blanks are for the reader), then waits the time that ends typing."""
        for key in keys.replace(" ", ""):
            assert self._live.press(key), f"nobody listened for key {key} of {keys}; heard: {self.just_heard!r}"
            self.checked()
        self._live.stop_typing()
        return self.checked()

    def says(self, words: str, *, partials: Sequence[str] = (), confidence: float | None = 0.92) -> PhoneCall:
        """Speaks. `partials` are recognised on the way; a `confidence` of None leaves the parameter out."""
        if partials:
            self.begins_to_say(*partials)
        assert self._live.say(words, confidence), f"nobody listened to {words!r}; heard: {self.just_heard!r}"
        return self.checked()

    def begins_to_say(self, *partials: str) -> PhoneCall:
        """Speaks without coming to an end, each of `partials` containing the one before."""
        for partial in partials:
            assert self._live.begin_saying(partial), f"nobody listened to {partial!r}; heard: {self.just_heard!r}"
        return self

    def stays_silent(self, times: int = 1) -> PhoneCall:
        for _ in range(times):
            assert self._live.stay_silent(), f"nobody waited; heard: {self.just_heard!r}"
            self.checked()
        return self

    def hangs_up(self) -> PhoneCall:
        """Hangs up, and returns when the hotline has been told."""
        self._live.hang_up()
        self._carrier.settle()
        return self

    def waits_until_ended(self, timeout: float = 20.0) -> PhoneCall:
        _wait(
            self._carrier,
            lambda: self.ended or None,
            timeout,
            lambda: f"the call is {self._live.state} after {timeout} s",
        )
        return self


def _wait(carrier: Carrier, condition: Callable[[], T | None], timeout: float, failure: Callable[[], str]) -> T:
    with carrier.news:
        carrier.news.wait_for(lambda: condition() is not None, timeout)
        result = condition()
    if result is None:
        raise AssertionError(failure())
    return result
