"""Calls that the hotline makes: what each key does. The back office rings up and says what only it can read; here a
key pressed is noted for it, and what needs no key of ours is said at once.

A call to a liaison says nothing until they press 1: machines and families answer too. A call to who reported names
nothing until they press 1, and then joins them with the liaison.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from sqlalchemy import Connection, Row, func, select

from hotline.carrier.inbound import CallStep
from hotline.carrier.twiml import Said, Speech, Voice
from hotline.store import actions, audit, errands, unreached
from hotline.store.engine import utcnow
from hotline.store.schema import deliveries, reports

if TYPE_CHECKING:
    from hotline.desk import FrontDesk

# A moment of waiting for the back office, and how many of them: after that the line is given up.
_MOMENT_SECONDS = 6
_MOMENTS = 5
_ASKED_AGAIN = 2
_READINGS = 10


@dataclass(frozen=True, slots=True)
class Ringing:
    """One call that we made, at one of its steps. `tries` counts what was asked in vain, or how long was waited."""

    desk: FrontDesk
    step: CallStep
    delivery: str
    tries: int = 0

    def notice(self) -> Speech:
        """A liaison was told that an urgent notice waits: 1 has it read out."""
        with self.desk.engine.begin() as connection:
            row = self._row(connection, "call")
            if row is None:
                return self._over("not_now")
            report = connection.execute(select(reports).where(reports.c.id == row.subject)).one_or_none()
            if report is None or actions.is_anothers(connection, report, row.liaison_id):
                return self._over("taken")
            if self.step.digits == "1":
                return self._reads_out(connection, row)
        if self.tries >= _ASKED_AGAIN:
            return self._over("not_now")
        return Speech().ask([self._say("waits")], self._url("aviso", self.tries + 1))

    def choice(self) -> Speech:
        """A liaison heard the case: 1 takes it, 2 leaves it to the next, 9 has it read again."""
        with self.desk.engine.begin() as connection:
            row = self._row(connection, "call")
            if row is None:
                return self._over("not_now")
            report = connection.execute(select(reports).where(reports.c.id == row.subject)).one()
            if self.step.digits == "1":
                return self._takes(connection, row, report)
            if self.step.digits == "2":
                actions.decline(connection, row.liaison_id, row.subject, utcnow())
                audit.append(connection, self.desk.vault, utcnow(), row.liaison_id, "case.decline", report.code)
                self.desk.bell.ring("escalate")
                return self._over("next")
            if self.step.digits == "9":
                return self._reads_out(connection, row)
        if self.tries >= _ASKED_AGAIN:
            return self._over("not_now")
        return Speech().ask([self._say("choose")], self._url("aviso/decide", self.tries + 1), seconds=10)

    def consent(self) -> Speech:
        """Who reported was asked whether they can talk: 1 joins them with the liaison, anything else ends the call."""
        with self.desk.engine.begin() as connection:
            row = self._row(connection, "ring")
            if row is None:
                return self._over("not_now")
            if self.step.digits != "1":
                unreached.call_failed(connection, row.id, utcnow())
                self.desk.bell.ring("deliver")
                return self._over("not_now")
            join = self._errand(row, "join", f"join:{self.step.id}")
            errands.add(connection, [join])
        return self._waits("joining", "enlace/espera")

    def waits(self, path: str) -> Speech:
        """The back office has not come to it yet: another moment, a few times."""
        if self.tries >= _MOMENTS:
            return self._over("not_now")
        return self._waits("moment", path)

    def ends(self) -> Speech:
        """The talk is over. When the liaison's phone was not answered, both are told: each did their part."""
        if self.step.bridged is not False:
            return self._over("not_now")
        with self.desk.engine.begin() as connection:
            row = self._row(connection, "join")
            if row is not None:
                now = utcnow()
                told = errands.delivery("unjoined", row.subject, row.liaison_id, "sms", now, step=row.step)
                errands.add(connection, [told])
        self.desk.bell.ring("deliver")
        return self._over("missed")

    def _takes(self, connection: Connection, row: Row[Any], report: Row[Any]) -> Speech:
        taken = actions.acknowledge(connection, row.liaison_id, row.subject, utcnow())
        if taken != "yours":
            return self._over("taken")
        audit.append(connection, self.desk.vault, utcnow(), row.liaison_id, "case.acknowledge", report.code)
        return self._over("yours", code=report.code)

    def _reads_out(self, connection: Connection, row: Row[Any]) -> Speech:
        """Notes that the back office is to say the case into this call, so many times at most."""
        of_this_call = (deliveries.c.carrier_id == self.step.id) & (deliveries.c.channel == "speak")
        readings = connection.scalar(select(func.count()).select_from(deliveries).where(of_this_call)) or 0
        if readings >= _READINGS:
            return self._over("not_now")
        errands.add(connection, [self._errand(row, "speak", f"read:{self.step.id}:{readings}")])
        return self._waits("moment", "aviso/espera")

    def _errand(self, row: Row[Any], channel: str, key: str) -> dict[str, Any]:
        id_ = self.desk.vault.fingerprint("errand", key)
        step = row.step if channel == "join" else int(id_[:7], 16)
        now = utcnow()
        return errands.delivery(
            row.purpose, row.subject, row.liaison_id, channel, now, id=id_, step=step, carrier_id=self.step.id
        )

    def _waits(self, key: str, path: str) -> Speech:
        """Holds the line, listening: the back office breaks in with what there is to say."""
        self.desk.bell.ring("deliver")
        return Speech().ask([self._say(key)], self._url(path, self.tries + 1), seconds=_MOMENT_SECONDS)

    def _over(self, key: str, **values: str) -> Speech:
        return Speech().say([self._say(key, **values)]).hang_up()

    def _row(self, connection: Connection, channel: str) -> Row[Any] | None:
        query = select(deliveries).where(deliveries.c.id == self.delivery, deliveries.c.channel == channel)
        return connection.execute(query).one_or_none()

    def _say(self, key: str, **values: str) -> Said:
        profile, language = self.desk.profile, self.desk.language
        return Said(profile.text(f"duty.{key}", language, **values), Voice(*profile.menu.voice(language)))

    def _url(self, path: str, tries: int) -> str:
        return self.desk.url(f"/voice/{path}?{urlencode({'delivery': self.delivery, 'tries': tries})}")
