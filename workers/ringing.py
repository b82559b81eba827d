"""What calls of ours say: composed here, where cases can be opened, and handed to the carrier whole."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Row, select

from hotline.carrier.twiml import Said, Speech, Voice, bridge
from hotline.store.engine import reading as questions_only
from hotline.store.schema import deliveries
from workers import casebook
from workers.casebook import Wording
from workers.office import Office
from workers.roster import Liaison
from workers.telling import Impossible

# What is read out of a story: a minute of listening. The text has the rest.
_LONGEST_READING = 700
_RING_SECONDS = 30


def notice(office: Office, row: Row[Any]) -> str:
    """The first words of a call to a liaison: that something waits, not what."""
    return str(Speech().pause().ask([_said(office, _say(office, "waits"))], _url(office, "aviso", row.id), seconds=8))


def reading_text(office: Office, report_id: str) -> str:
    """Case, kind, place and masked story, as they are read out."""
    with questions_only(office.engine) as connection:
        found = casebook.read(connection, office.vault, [report_id]).get(report_id)
    if found is None:
        raise Impossible("case is gone")
    wording = Wording(office.profile, office.language)
    story = wording.story(found)
    if len(story) > _LONGEST_READING:
        story = story[:_LONGEST_READING].rsplit(" ", 1)[0]
    code = ", ".join(found.code)
    return _say(office, "story", code=code, kind=wording.kind(found), place=wording.place(found), story=_spoken(story))


def reading(office: Office, row: Row[Any]) -> str:
    """The case read into a liaison's call, and what each key does. `row` knows the call it is for."""
    with questions_only(office.engine) as connection:
        call = select(deliveries.c.id).where(
            deliveries.c.subject == row.subject,
            deliveries.c.liaison_id == row.liaison_id,
            deliveries.c.channel == "call",
            deliveries.c.carrier_id == row.carrier_id,
        )
        newest = select(deliveries.c.id).where(
            deliveries.c.subject == row.subject,
            deliveries.c.liaison_id == row.liaison_id,
            deliveries.c.channel == "call",
        )
        ringing = connection.scalar(call) or connection.scalar(newest.order_by(deliveries.c.created_at.desc()))
    if ringing is None:
        raise Impossible("call is gone")
    speech = Speech().say([_said(office, reading_text(office, row.subject))])
    return str(speech.ask([_said(office, _say(office, "choose"))], _url(office, "aviso/decide", ringing), seconds=10))


def consent(office: Office, row: Row[Any]) -> str:
    """The first words of a call to who reported: neutral, for somebody else may answer."""
    return str(Speech().pause().ask([_said(office, _say(office, "talk"))], _url(office, "enlace", row.id), seconds=8))


def joining(office: Office, row: Row[Any], to: Liaison) -> str:
    """Rings up the liaison; both see the hotline's number."""
    assert office.settings.hotline_number
    return bridge(
        to.phone.reveal(),
        shown=office.settings.hotline_number,
        action=_url(office, "enlace/fin", row.id),
        seconds=_RING_SECONDS,
    )


def _spoken(text: str) -> str:
    """Masks and signs as they can be read aloud."""
    return " ".join(text.replace("[", " ").replace("]", " ").replace("_", " ").replace("\n", ". ").split())


def _said(office: Office, text: str) -> Said:
    return Said(text, Voice(*office.profile.menu.voice(office.language)))


def _say(office: Office, key: str, **values: str) -> str:
    return office.profile.text(f"duty.{key}", office.language, **values)


def _url(office: Office, path: str, delivery: str) -> str:
    return f"{office.settings.public_url}/voice/{path}?{urlencode({'delivery': delivery, 'tries': 0})}"
