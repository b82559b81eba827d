"""Requests by text: everything somebody may ask for besides reporting, answered from the profile and the store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection
from stdnum import damm

from hotline import phones
from hotline.carrier.inbound import InboundText
from hotline.dialogue import numbers, texting
from hotline.dialogue.intents import Understood, understand
from hotline.intake import Kept
from hotline.logs import describe, log
from hotline.personal import Phone
from hotline.store import erasing, jornadas, neighbours, status, subscribers
from hotline.store.engine import Unavailable, utcnow
from hotline.store.status import Status

if TYPE_CHECKING:
    from hotline.desk import FrontDesk

T = TypeVar("T")
# A phone's own report is erased without its clave as long as the phone's conversation is remembered.
_REMEMBERED = timedelta(days=1)
_SAID_WITHOUT_LOOKING = {
    "ayuda": "help",
    "denunciar": "formal",
    "privacidad": "privacy",
    "quienes": "who",
}


class Requests:
    """Answers requests for one front desk. Each is kept at the door first, so that its echo is answered once."""

    def __init__(self, desk: FrontDesk) -> None:
        self._desk = desk

    def answer(self, message: InboundText, body: str, asked: Understood) -> str | None:
        """The answer to a request; "" for silence; None when it is a report after all: ten digits that open nothing.

        Raises `SpoolError` if it cannot be kept.
        """
        desk = self._desk
        assert message.sender is not None
        sender = desk.vault.pseudonym(message.sender)
        if asked.bare and not self._opens(sender, asked.argument or ""):
            return None
        kept = desk.keep_command(message, asked.intent, answered=True)
        if kept.silent or kept.echo:
            return ""
        return _Request(desk, message.sender, message.id, body, asked=asked, kept=kept).answer()

    def opted_out(self, message: InboundText) -> None:
        """The carrier has stopped our texts to this phone: it gets no alerts either. Its cases run on."""
        if message.sender is None or understand(message.body.reveal(), self._desk.profile).intent != "baja":
            return
        try:
            with self._desk.engine.begin() as connection:
                subscribers.sign_off(connection, self._desk.vault.pseudonym(message.sender))
        except Unavailable as error:
            log("requests").warning("not signed off", cause=describe(error))

    def count_patrol(self, asked: Understood) -> None:
        """Counts a wish for a patrol. One that the database misses is a report all the same."""
        place = asked.area or asked.state or subscribers.EVERYWHERE
        try:
            with self._desk.engine.begin() as connection:
                neighbours.wish_for_patrol(connection, place, utcnow())
        except Unavailable as error:
            log("requests").warning("wish not counted", cause=describe(error))

    def _opens(self, sender: str, clave: str) -> bool:
        """Whether ten digits without a word are a report's clave."""
        try:
            with self._desk.engine.begin() as connection:
                now = utcnow()
                if status.locked(connection, sender, now):
                    return False
                found = status.status_of(connection, self._desk.vault.clave_hash(clave)) is not None
                return found or _own_clave(self._desk, connection, sender, clave, now) is not None
        except Unavailable as error:
            log("requests").warning("not looked up", cause=describe(error))
            return False


class _Request:
    """One request of one phone."""

    def __init__(self, desk: FrontDesk, phone: Phone, id: str, body: str, *, asked: Understood, kept: Kept) -> None:
        self._desk, self._phone, self._id, self._body = desk, phone, id, body
        self._asked, self._kept = asked, kept
        self._sender = desk.vault.pseudonym(phone)
        self._now = utcnow()
        self._language = desk.language

    def answer(self) -> str:
        """What to text back. A database that is away costs the answer only where it is needed."""
        intent = self._asked.intent
        chosen = self._ask(lambda connection: neighbours.language_of(connection, self._sender) or "")
        self._language = chosen or self._language
        if intent in _SAID_WITHOUT_LOOKING:
            return self._say(_SAID_WITHOUT_LOOKING[intent])
        if intent == "consejo":
            return texting.advice(self._body, self._desk.profile, self._language)
        if intent == "jornadas":
            return self._jornadas()
        if intent == "numero" and self._asked.argument is None:
            return self._say("number_ask")
        look: Callable[[Connection], str] = getattr(self, f"_{intent}")
        return self._ask(look) or self._say("try_again")

    def _ask(self, question: Callable[[Connection], T]) -> T | None:
        if self._kept.spooled:
            return None
        try:
            with self._desk.engine.begin() as connection:
                return question(connection)
        except Unavailable as error:
            log("requests").warning("not looked up", cause=describe(error))
            return None

    def _say(self, key: str, **values: str) -> str:
        return self._desk.profile.text(f"sms.{key}", self._language, **values)

    @property
    def _place(self) -> str | None:
        return self._desk.profile.place_name(self._asked.area, self._asked.state)

    @property
    def _where(self) -> str:
        return self._asked.area or self._asked.state or subscribers.EVERYWHERE

    @property
    def _sealed_phone(self) -> bytes:
        return self._desk.vault.seal(self._phone.reveal().encode())

    # Claves

    def _estado(self, connection: Connection) -> str:
        clave = self._asked.argument
        if clave is None:
            return self._say("status_ask")
        found = self._report_of(connection, clave)
        return self._say(found if isinstance(found, str) else f"status_{_TOLD[found.status]}")

    def _borrar(self, connection: Connection) -> str:
        """At once and without asking back: whoever is frightened has one chance to text."""
        clave = numbers.clave(self._body)
        if clave is not None:
            found = self._report_of(connection, clave)
            if isinstance(found, str):
                return self._say(found)
            report_id: str | None = found.report_id
        else:
            report_id = neighbours.latest_report(connection, self._sender, self._now, _REMEMBERED)
        if report_id is not None:
            erasing.erase_report(connection, report_id, self._now)
        erasing.erase_phone(connection, self._sender)
        return self._say("erased" if report_id is not None else "erased_phone")

    def _report_of(self, connection: Connection, clave: str) -> Status | str:
        """The report of a clave, or the key of what to say instead. Wrong and unknown ones sound alike."""
        if status.locked(connection, self._sender, self._now):
            return "clave_locked"
        found = None
        if damm.is_valid(clave) and len(clave) == _DIGITS:
            found = status.status_of(connection, self._desk.vault.clave_hash(clave)) or _own_clave(
                self._desk, connection, self._sender, clave, self._now
            )
        if found is None:
            status.note_wrong(connection, self._sender, self._now)
            return "clave_wrong"
        return found

    # Alerts, joining in

    def _alta(self, connection: Connection) -> str:
        asked = self._asked
        subscribers.sign_up(
            connection,
            self._sender,
            self._sealed_phone,
            area=asked.area,
            state=asked.state,
            language=self._language,
            now=self._now,
        )
        return self._say("alerts_on", place=self._place) if self._place else self._say("alerts_on_everywhere")

    def _baja(self, connection: Connection) -> str:
        # A place that was never asked for is no reason to go on with the others.
        if self._place is None or not subscribers.sign_off(connection, self._sender, self._where):
            subscribers.sign_off(connection, self._sender)
        return self._say("alerts_off")

    def _voluntario(self, connection: Connection) -> str:
        neighbours.volunteer(connection, self._sender, self._sealed_phone, self._where, self._now)
        return self._say("volunteer")

    def _opinion(self, connection: Connection) -> str:
        words = texting.words_after(self._body)
        if len(words.split()) < _AN_OPINION:
            return self._say("opinion_ask")
        sealed = self._desk.vault.seal(words.encode())
        neighbours.opinion(connection, self._id, self._sender, place=self._where, sealed=sealed, now=self._now)
        return self._say("opinion")

    # Looking up

    def _jornadas(self) -> str:
        asked, profile = self._asked, self._desk.profile
        found = self._ask(lambda connection: jornadas.upcoming(connection, profile, asked.area, asked.state, self._now))
        if found is None:
            found = jornadas.upcoming(None, profile, asked.area, asked.state, self._now)
        return texting.dates(found, self._place, profile, self._language)

    def _numero(self, connection: Connection) -> str:
        phone = phones.identity(self._asked.argument or "", country=self._desk.profile.country)
        if phone is None:
            return self._say("number_ask")
        known = neighbours.known_number(connection, self._desk.vault.fingerprint("TELEFONO", phone.reveal()))
        if known.standing is not None:
            return self._say(f"number_{known.standing}")
        if known.reports >= self._desk.profile.services.number_told_from:
            return self._say("number_reported", count=str(known.reports))
        return self._say("number_unknown")

    def _cifras(self, connection: Connection) -> str:
        asked, profile = self._asked, self._desk.profile
        since: datetime = self._now - timedelta(days=profile.services.figures_days)
        count = neighbours.reports_since(connection, since, asked.area, asked.state)
        return texting.figures(count, self._place, profile, self._language)

    def _idioma(self, connection: Connection) -> str:
        wanted = self._asked.argument
        if wanted is None:
            return self._say("language_ask")
        if wanted not in self._desk.profile.languages:
            return self._say("language_none")
        neighbours.choose_language(connection, self._sender, wanted, self._now)
        self._language = wanted
        return self._say("language_set")


_DIGITS = 10
_AN_OPINION = 2
_TOLD = {
    "received": "received",
    "filed": "filed",
    "held": "filed",
    "acknowledged": "acknowledged",
    "closed": "closed",
}


def _own_clave(desk: FrontDesk, connection: Connection, sender: str, clave: str, now: datetime) -> Status | None:
    """The phone's own running report when this is its clave: until it is filed no other trace of the clave is kept."""
    report_id = neighbours.latest_report(connection, sender, now, _REMEMBERED)
    if report_id is not None and clave in {desk.vault.clave(report_id, attempt) for attempt in (0, 1, 2)}:
        return Status(report_id, "received", now)
    return None
