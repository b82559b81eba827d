"""What a digest says, from one set of data to text, HTML and SMS. Composed at sending; nothing of it is stored."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from sqlalchemy import Connection, select

from hotline.language.gsm import segments, to_gsm7
from hotline.store.engine import utcnow
from hotline.store.schema import deliveries, digest_entries, digests, liaisons
from workers import casebook
from workers.casebook import Case, Wording
from workers.digests.surroundings import Surroundings, look_around
from workers.mail import Letter
from workers.office import Office

_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
# What a text without mail may take: two segments, most of it for the cases.
_SEGMENTS = 2
_ROOM = 306 - 52
_SHORTEST_LINE = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """One case in a digest, said."""

    code: str
    kind: str
    place: str
    moment: str
    story: str
    urgency: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What one liaison is to read: the new cases, graver ones first, and what stands around them."""

    entries: tuple[Entry, ...]
    around: Surroundings

    @property
    def kinds(self) -> tuple[tuple[str, int], ...]:
        """How many new cases of each kind."""
        return tuple(Counter(entry.kind for entry in self.entries).most_common())


def digest_of(office: Office, cases: list[Case], around: Surroundings | None = None) -> Digest:
    wording = Wording(office.profile, office.language)
    ordered = sorted(cases, key=lambda case: (case.urgency or "P5", case.opened_at))
    return Digest(tuple(_entry(case, wording) for case in ordered), around or Surroundings())


def _entry(case: Case, wording: Wording) -> Entry:
    moment = wording.moment(case)
    return Entry(
        code=case.code,
        kind=wording.kind(case).capitalize(),
        place=wording.place(case),
        moment=f"{spanish_date(moment.date())}, {moment:%H:%M}",
        story=wording.story(case),
        urgency=case.urgency or "",
    )


# How evidence of each type is called when it is not shown.
_THINGS = {
    "TELEFONO": "un teléfono",
    "CUENTA": "una cuenta",
    "CLABE": "una cuenta CLABE",
    "TARJETA": "una tarjeta",
    "PLACA": "una placa",
    "ALIAS": "un alias",
    "CORREO": "un correo",
    "URL": "una página",
}


def thing(type_: str) -> str:
    """What sort of thing evidence of this type is, with its article."""
    return _THINGS.get(type_, "un dato")


def spanish_date(day: date) -> str:
    return f"{day.day} de {_MONTHS[day.month - 1]}"


def preview(office: Office, connection: Connection, liaison_id: str) -> Letter | None:
    """What the liaison's next digest would say; None when it would not be sent."""
    waits = (digest_entries.c.liaison_id == liaison_id) & digest_entries.c.digest_id.is_(None)
    ids = list(connection.scalars(select(digest_entries.c.report_id).where(waits)))
    if not ids:
        return None
    now = utcnow()
    around = look_around(office, connection, liaison_id, began(connection, liaison_id), now)
    cases = list(casebook.read(connection, office.vault, ids).values())
    return render(office, digest_of(office, cases, around), _local(office, now))


def began(connection: Connection, liaison_id: str) -> datetime:
    """When (UTC) what the liaison's next digest tells of began: the last that left, or their joining."""
    left = select(deliveries.c.id).where(deliveries.c.subject == digests.c.id).exists()
    last = select(digests.c.created_at).where(digests.c.liaison_id == liaison_id, left)
    last = last.order_by(digests.c.created_at.desc()).limit(1)
    joined = select(liaisons.c.created_at).where(liaisons.c.id == liaison_id)
    found: datetime = connection.scalar(last) or connection.scalars(joined).one()
    return found


def letter(office: Office, connection: Connection, digest_id: str) -> Letter:
    """The e-mail of a digest."""
    made, digest = _stored(office, connection, digest_id)
    return render(office, digest, made)


def render(office: Office, digest: Digest, made: datetime) -> Letter:
    """Both forms from one set of data. `made` is local."""
    day = spanish_date(made.date())
    facts = {"digest": digest, "around": digest.around, "profile": office.profile, "day": day}
    if digest.entries:
        count = str(len(digest.entries))
        subject = office.profile.text("digest.subject", office.language, count=count, date=day)
    else:
        subject = office.profile.text("digest.subject_quiet", office.language, date=day)
    return Letter(
        subject=subject,
        text=_templates().get_template("digest.txt").render(facts),
        html=_templates().get_template("digest.html").render(facts),
    )


def summary(office: Office, connection: Connection, digest_id: str) -> str:
    """The SMS of a digest, two segments at most: counts when a mail brings the stories, else a line a case."""
    digest = _cases_of(office, connection, digest_id)
    if not digest.entries:
        waiting = _waiting_said(_stored(office, connection, digest_id)[1].around)
        return office.profile.text("digest.sms_quiet", office.language, waiting=waiting)
    count = str(len(digest.entries))
    row = connection.execute(select(digests.c.liaison_id).where(digests.c.id == digest_id)).one()
    if _has_email(connection, row.liaison_id):
        kinds = ", ".join(f"{number} {kind.lower()}" for kind, number in digest.kinds[:4])
        return office.profile.text("digest.sms", office.language, count=count, summary=kinds)
    room = _ROOM // max(1, len(digest.entries))
    while True:
        lines = [_cut(f"{e.code} {e.kind}, {e.place}: {e.story}", room) for e in digest.entries]
        said = office.profile.text("digest.sms_whole", office.language, count=count, summary="\n".join(lines))
        if segments(to_gsm7(said)) <= _SEGMENTS or room <= _SHORTEST_LINE:
            return said
        room -= 4


def _waiting_said(around: Surroundings) -> str:
    count = len(around.waiting) + around.waiting_more
    if not count:
        return "No tiene casos pendientes."
    oldest = f"{around.waiting[0].code}, {around.waiting[0].age}"
    return f"Tiene {count} casos pendientes; el más antiguo: {oldest}." if count > 1 else f"Tiene pendiente {oldest}."


def _cut(text: str, room: int) -> str:
    folded = " ".join(to_gsm7(text).split())
    return folded if len(folded) <= room else folded[: room - 3].rstrip() + "..."


def _has_email(connection: Connection, liaison_id: str) -> bool:
    return bool(connection.scalar(select(liaisons.c.has_email).where(liaisons.c.id == liaison_id)))


def _stored(office: Office, connection: Connection, digest_id: str) -> tuple[datetime, Digest]:
    """A digest as it was made: its cases, and what stood around them then."""
    row = connection.execute(select(digests).where(digests.c.id == digest_id)).one()
    since = row.since or row.created_at
    around = look_around(office, connection, row.liaison_id, since, row.created_at, weekly=row.weekly)
    return _local(office, row.created_at), replace(_cases_of(office, connection, digest_id), around=around)


def _cases_of(office: Office, connection: Connection, digest_id: str) -> Digest:
    ids = list(connection.scalars(select(digest_entries.c.report_id).where(digest_entries.c.digest_id == digest_id)))
    # What was erased since the digest was made is told no more.
    cases = [case for case in casebook.read(connection, office.vault, ids).values() if not case.erased]
    return digest_of(office, cases)


def _local(office: Office, moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC).astimezone(office.profile.timezone)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("workers.digests"),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
