"""What a digest says, from one set of data to text, HTML and SMS. Composed at sending; nothing of it is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select

from hotline.language.gsm import segments, to_gsm7
from hotline.store.engine import utcnow
from hotline.store.schema import ENDED, ERASED, deliveries, digest_entries, digests, liaisons, reports
from workers import casebook, roster
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
    """One case in a digest, said. `standing`: who attends to it, when somebody does."""

    code: str
    kind: str
    place: str
    moment: str
    story: str
    urgency: str
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """What one liaison is to read: the new cases, graver ones first, and what stands around them."""

    entries: tuple[Entry, ...]
    around: Surroundings

    @property
    def untaken(self) -> str:
        """The code of the first case that nobody has; empty when there is none."""
        return next((entry.code for entry in self.entries if not entry.standing), "")

    @property
    def kinds(self) -> tuple[tuple[str, int], ...]:
        """How many new cases of each kind."""
        return tuple(Counter(entry.kind for entry in self.entries).most_common())


def digest_of(
    office: Office,
    cases: list[Case],
    around: Surroundings | None = None,
    standing: Mapping[str, str] = MappingProxyType({}),
) -> Digest:
    """A digest of `cases`; `standing` says of some of them who attends to them: these come last."""
    wording = Wording(office.profile, office.language)
    ordered = sorted(cases, key=lambda case: (case.id in standing, case.urgency or "P5", case.opened_at))
    entries = tuple(_entry(case, wording, standing.get(case.id, "")) for case in ordered)
    return Digest(entries, around or Surroundings())


def _entry(case: Case, wording: Wording, standing: str) -> Entry:
    moment = wording.moment(case)
    return Entry(
        code=case.code,
        kind=wording.kind(case).capitalize(),
        place=wording.place(case),
        moment=f"{spanish_date(moment.date())}, {moment:%H:%M}",
        story=wording.story(case),
        urgency=case.urgency or "",
        standing=standing,
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
    new = select(digest_entries.c.report_id).join(reports, reports.c.id == digest_entries.c.report_id)
    ids = list(connection.scalars(new.where(waits_for(liaison_id))))
    if not ids:
        return None
    now = utcnow()
    around = look_around(office, connection, liaison_id, began(connection, liaison_id), now)
    return render(office, _digest(office, connection, ids, around), _local(office, now))


def waits_for(liaison_id: str) -> ColumnElement[bool]:
    """A condition over entries and their reports: what the liaison's next digest tells. What is closed, or theirs
    already, is not new to them."""
    return and_(
        digest_entries.c.liaison_id == liaison_id,
        digest_entries.c.digest_id.is_(None),
        reports.c.status.not_in(ENDED),
        or_(reports.c.acknowledged_by.is_(None), reports.c.acknowledged_by != liaison_id),
    )


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
    row = connection.execute(select(digests).where(digests.c.id == digest_id)).one()
    if _has_email(connection, row.liaison_id):
        return _counts(office, _around(office, connection, row), _kinds_of(office, connection, digest_id))
    digest = _cases_of(office, connection, digest_id)
    if not digest.entries:
        return _counts(office, _around(office, connection, row), Counter())
    count, room = str(len(digest.entries)), _ROOM // max(1, len(digest.entries))
    while True:
        lines = [_cut(f"{e.code} {e.kind}, {e.place}: {e.story}", room) for e in digest.entries]
        said = office.profile.text("digest.sms_whole", office.language, count=count, summary="\n".join(lines))
        if segments(to_gsm7(said)) <= _SEGMENTS or room <= _SHORTEST_LINE:
            return said
        room -= 4


def _counts(office: Office, around: Surroundings, kinds: Counter[str]) -> str:
    """How many are new, what waits, what repeats: as much as two segments hold."""
    waiting = _waiting_said(around)
    if not kinds:
        return office.profile.text("digest.sms_quiet", office.language, waiting=waiting)
    waiting = waiting if around.waiting else ""
    repeats = [f"{one.what[:1].upper()}{one.what[1:]} se repite en {one.cases} casos." for one in around.patterns[:1]]
    for told in ([waiting, *repeats], [waiting], []):
        for most in (4, 2):
            said = office.profile.text(
                "digest.sms",
                office.language,
                count=str(kinds.total()),
                summary=", ".join(f"{number} {kind.lower()}" for kind, number in kinds.most_common(most)),
                around=" ".join(told),
            )
            if segments(to_gsm7(said)) <= _SEGMENTS:
                return " ".join(said.split())
    return said


def _kinds_of(office: Office, connection: Connection, digest_id: str) -> Counter[str]:
    """How many cases of each kind a digest tells of. Nothing is opened for it."""
    wording = Wording(office.profile, office.language)
    told = select(reports.c.kind).join(digest_entries, digest_entries.c.report_id == reports.c.id)
    found = connection.scalars(told.where(digest_entries.c.digest_id == digest_id, reports.c.status != ERASED))
    return Counter(wording.kind_name(kind).capitalize() for kind in found)


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
    digest = replace(_cases_of(office, connection, digest_id), around=_around(office, connection, row))
    return _local(office, row.created_at), digest


def _around(office: Office, connection: Connection, row: Row[Any]) -> Surroundings:
    since = row.since or row.created_at
    return look_around(office, connection, row.liaison_id, since, row.created_at, weekly=row.weekly)


def _cases_of(office: Office, connection: Connection, digest_id: str) -> Digest:
    told = select(digest_entries.c.report_id).where(digest_entries.c.digest_id == digest_id)
    return _digest(office, connection, list(connection.scalars(told)))


def _digest(office: Office, connection: Connection, ids: Sequence[str], around: Surroundings | None = None) -> Digest:
    """The digest of these cases as they stand. What was erased since is told no more."""
    cases = [case for case in casebook.read(connection, office.vault, ids).values() if not case.erased]
    taken = select(reports.c.id, reports.c.status, reports.c.acknowledged_by).where(
        reports.c.id.in_(ids), reports.c.acknowledged_by.is_not(None)
    )
    rows = connection.execute(taken).all()
    people = roster.read(connection, office.vault, list({row.acknowledged_by for row in rows})) if rows else {}
    standing = {}
    for row in rows:
        name = people[row.acknowledged_by].name.reveal() if row.acknowledged_by in people else "otra persona"
        standing[row.id] = "ya está cerrado" if row.status in ENDED else f"lo atiende {name}"
    return digest_of(office, cases, around, standing)


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
