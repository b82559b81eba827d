"""Many callers at once, each with a text of their own, and what must have become of every one of them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice, product
from threading import Lock

from harness.house import Case, House, Liaison, clave_in
from harness.waiting import Stopwatch, until
from hotline.lab import Phone
from hotline.lab.records import new_sid

# Words that say where, so that every text is another one without a number or a name in it.
_COLOURS = ("azul", "rojo", "verde", "blanco", "gris", "negro", "amarillo", "cafe")
_THINGS = ("tacos", "flores", "jugos", "ropa", "zapatos", "juguetes", "fruta", "pan", "dulces", "telas")
URGENT = "hay balazos ahorita junto al puesto {} de {} en Iztapalapa"
CALM = "venden droga junto al puesto {} de {} en Iztapalapa"


@dataclass(frozen=True)
class Told:
    """One caller's text: what was written, what came back and after how many seconds."""

    phone: Phone
    sid: str
    body: str
    urgent: bool
    answer: str
    answer_sid: str
    seconds: float


class Crowd:
    """Callers of one house. Every third one is in danger now."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.told: list[Told] = []
        self._places = product(_COLOURS, _THINGS)
        self._lock = Lock()

    def texts(self, number: int, at: dict[int, Callable[[], None]] | None = None, hands: int = 5) -> list[Told]:
        """`number` callers text, `hands` at a time; `at` says what happens once so many have been answered."""
        places = list(islice(self._places, number))
        assert len(places) == number, "no more places to tell of"
        begun = len(self.told)
        incidents = dict(at or {})

        def one(index: int) -> Told:
            urgent = index % 3 == 0
            told = self._text((URGENT if urgent else CALM).format(*places[index]), urgent)
            with self._lock:
                self.told.append(told)
                incident = incidents.pop(len(self.told) - begun, None)
            if incident:
                incident()
            return told

        with ThreadPoolExecutor(hands) as pool:
            return list(pool.map(one, range(number)))

    def _text(self, body: str, urgent: bool) -> Told:
        phone, sid = self.house.caller(), new_sid("SM")
        with Stopwatch() as watch:
            (answer,) = phone.texts(body, sid=sid)
        return Told(phone, sid, body, urgent, answer.body, answer.sid, watch.seconds)

    def was_answered_within(self, seconds: float) -> None:
        slow = [told.seconds for told in self.told if told.seconds > seconds]
        assert not slow, f"{len(slow)} of {len(self.told)} waited longer than {seconds} s: {max(slow):.1f} s"
        assert all(clave_in(told.answer) for told in self.told)

    def is_filed_once(self, timeout: float) -> None:
        """Every text is one filed message in a report of its own, whose clave is the one that was given."""
        house = self.house
        house.all_filed(timeout)
        cases = self.cases()
        missing = [told.body for told in self.told if told.sid not in cases]
        assert not missing, f"{len(missing)} texts are not in the store, such as {missing[:3]}"
        for told in self.told:
            case = cases[told.sid]
            assert case.texts == (told.body,), f"{told.body!r} became {case.texts}"
            assert case.code
            assert house.opens(clave_in(told.answer)) == case.id
        assert len({case.id for case in cases.values()}) == len(self.told)

    def leaves_nothing_at_the_carrier(self, timeout: float) -> None:
        """Every text and every answer to it, which holds the clave, is deleted there."""

        def left() -> list[str]:
            return [sid for told in self.told for sid in (told.sid, told.answer_sid) if not self.house.erased(sid)]

        until(
            lambda: not left(),
            timeout,
            lambda: f"{2 * len(self.told)} copies to be deleted; {len(left())} are left at the carrier",
        )

    def cases(self) -> dict[str, Case]:
        """The case of each text by its MessageSid, as far as it is in the store."""
        rows = self.house.database.rows("SELECT id, report_id FROM messages")
        report_of = {row["id"]: row["report_id"] for row in rows}
        cases = {case.id: case for case in self.house.cases()}
        return {told.sid: cases[report_of[told.sid]] for told in self.told if report_of.get(told.sid) in cases}

    def urgent_ones_reached(self, liaison: Liaison, timeout: float, most: int = 2) -> None:
        """The liaison got each urgent case at least once, at most `most` times, and none that is not urgent."""
        cases = self.cases()
        codes = {str(cases[told.sid].code) for told in self.told if told.urgent}
        until(
            lambda: codes <= set(self._received(liaison)),
            timeout,
            lambda: f"{len(codes - set(self._received(liaison)))} of {len(codes)} urgent cases to be told",
        )
        received = self._received(liaison)
        often = {code: received.count(code) for code in codes if received.count(code) > most}
        assert not often, f"told too often: {often}"
        assert {cases[told.sid].code for told in self.told if not told.urgent}.isdisjoint(received)

    @staticmethod
    def _received(liaison: Liaison) -> list[str]:
        return [text.body.partition("caso ")[2][:5] for text in liaison.phone.inbox if "URGENTE" in text.body]
