"""A caller in one process: dials, listens, presses and speaks; every answer is read by the strict reader of TwiML."""

from __future__ import annotations

from dataclasses import dataclass, field

from furniture import CALLER, PUBLIC_URL, sid
from posting import Carrier

from hotline.lab.twiml import Verb


@dataclass
class Caller:
    """One call. `heard` is what was said since the last input, `said_in_all` every prompt of the call."""

    carrier: Carrier
    number: str = CALLER
    call: str = field(default_factory=lambda: sid("CA"))
    verbs: tuple[Verb, ...] = ()
    said_in_all: list[str] = field(default_factory=list)
    visited: list[str] = field(default_factory=list)

    def dials(self, **form: str) -> Caller:
        return self._goes_to("/voice", **form)

    def presses(self, digits: str, **form: str) -> Caller:
        """Keys in answer to the question asked; what finishes an entry is left out, as the carrier does."""
        finish = self.asked.given.get("finishOnKey", "#")
        most = int(self.asked.given["numDigits"])
        entered = digits
        if finish and finish in digits:
            entered, _, _ = digits.partition(finish)
            form = {"FinishedOnKey": finish, **form}
        return self._goes_to(self._action, Digits=entered[:most], **form)

    def says(self, words: str) -> Caller:
        assert "speech" in self.asked["input"], f"nobody listens: {self.heard}"
        return self._goes_to(self._action, SpeechResult=words)

    def stays_silent(self, times: int = 1) -> Caller:
        for _ in range(times):
            self._goes_to(self._action)
        return self

    def hears(self, *words: str) -> Caller:
        for each in words:
            assert each.casefold() in self.heard.casefold(), f"{each!r} was not said, but: {self.heard!r}"
        return self

    def does_not_hear(self, *words: str) -> Caller:
        for each in words:
            assert each.casefold() not in self.heard.casefold(), f"{each!r} was said: {self.heard!r}"
        return self

    @property
    def heard(self) -> str:
        spoken = [verb for outer in self.verbs for verb in (outer, *outer.children)]
        return " ".join(verb.text for verb in spoken if verb.name in ("Say", "Play"))

    @property
    def asked(self) -> Verb:
        """The question that the caller is asked now."""
        assert self.verbs and self.verbs[-1].name == "Gather", f"nothing is asked: {[v.name for v in self.verbs]}"
        return self.verbs[-1]

    @property
    def question(self) -> str:
        """Which question that is, from its address; "end" when the call has ended."""
        return "end" if self.ended else self._action.removeprefix("/voice/").partition("?")[0]

    @property
    def ended(self) -> bool:
        return bool(self.verbs) and self.verbs[-1].name in ("Hangup", "Reject")

    @property
    def clave(self) -> str:
        """The ten digits that were just read out."""
        _, _, after = self.heard.partition("Su clave es:")
        digits = "".join(filter(str.isdigit, after.partition("Se la repito")[0]))
        assert len(digits) == 10, self.heard
        return digits

    @property
    def _action(self) -> str:
        url = self.asked["action"]
        assert url.startswith(f"{PUBLIC_URL}/voice/"), "a relative address would lose the prefix of PUBLIC_URL"
        return url.removeprefix(PUBLIC_URL)

    def _goes_to(self, path: str, **form: str) -> Caller:
        self.visited.append(path)
        self.verbs = self.carrier.steps(path, self.call, sender=self.number, **form)
        self.said_in_all.append(self.heard)
        return self
