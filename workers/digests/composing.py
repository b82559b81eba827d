"""What a digest says, from one set of data to text, HTML and SMS. Composed at sending; nothing of it is stored."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from sqlalchemy import Connection, select

from hotline.language.gsm import to_gsm7
from hotline.store.schema import digest_entries, digests, liaisons
from workers import casebook
from workers.casebook import Case, Wording
from workers.mail import Letter
from workers.office import Office

_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
_LONGEST_TEXT = 1500


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
    """What one liaison is to read: the cases, graver ones first, and how many of each kind and place."""

    entries: tuple[Entry, ...]
    kinds: tuple[tuple[str, int], ...]
    places: tuple[tuple[str, int], ...]

    @property
    def most(self) -> int:
        return max((count for _, count in (*self.kinds, *self.places)), default=1)


def digest_of(office: Office, cases: list[Case]) -> Digest:
    wording = Wording(office.profile, office.language)
    ordered = sorted(cases, key=lambda case: (case.urgency or "P5", case.opened_at))
    entries = tuple(_entry(case, wording) for case in ordered)
    kinds = Counter(entry.kind for entry in entries)
    places = Counter(entry.place for entry in entries)
    return Digest(entries, tuple(kinds.most_common()), tuple(places.most_common()))


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


def waiting_cases(office: Office, connection: Connection, liaison_id: str) -> list[Case]:
    """What the liaison's next digest would hold."""
    ids = list(
        connection.scalars(
            select(digest_entries.c.report_id).where(
                digest_entries.c.liaison_id == liaison_id, digest_entries.c.digest_id.is_(None)
            )
        )
    )
    return list(casebook.read(connection, office.vault, ids).values())


def letter(office: Office, connection: Connection, digest_id: str) -> Letter:
    """The e-mail of a digest."""
    made, cases = _stored(office, connection, digest_id)
    return render(office, digest_of(office, cases), made)


def render(office: Office, digest: Digest, made: datetime) -> Letter:
    count = str(len(digest.entries))
    day = spanish_date(made.date())
    facts = {"digest": digest, "profile": office.profile, "day": day}
    return Letter(
        subject=office.profile.text("digest.subject", office.language, count=count, date=day),
        text=_templates().get_template("digest.txt").render(facts),
        html=_templates().get_template("digest.html").render(facts),
    )


def summary(office: Office, connection: Connection, digest_id: str) -> str:
    """The SMS of a digest: counts when a mail brings the stories, else the stories themselves."""
    _, cases = _stored(office, connection, digest_id)
    digest = digest_of(office, cases)
    count = str(len(digest.entries))
    row = connection.execute(select(digests.c.liaison_id).where(digests.c.id == digest_id)).one()
    if _has_email(connection, row.liaison_id):
        kinds = ", ".join(f"{number} {kind.lower()}" for kind, number in digest.kinds[:4])
        return office.profile.text("digest.sms", office.language, count=count, summary=kinds)
    room = _LONGEST_TEXT // max(1, len(digest.entries))
    lines = [_cut(f"{e.code} {e.kind}, {e.place}: {e.story}", room) for e in digest.entries]
    return office.profile.text("digest.sms_whole", office.language, count=count, summary="\n".join(lines))


def _cut(text: str, room: int) -> str:
    folded = to_gsm7(text)
    return folded if len(folded) <= room else folded[: room - 4] + "..."


def _has_email(connection: Connection, liaison_id: str) -> bool:
    return bool(connection.scalar(select(liaisons.c.has_email).where(liaisons.c.id == liaison_id)))


def _stored(office: Office, connection: Connection, digest_id: str) -> tuple[datetime, list[Case]]:
    row = connection.execute(select(digests.c.created_at).where(digests.c.id == digest_id)).one()
    ids = list(connection.scalars(select(digest_entries.c.report_id).where(digest_entries.c.digest_id == digest_id)))
    made = row.created_at.replace(tzinfo=UTC).astimezone(office.profile.timezone)
    return made, list(casebook.read(connection, office.vault, ids).values())


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("workers.digests"),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
