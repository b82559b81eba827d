"""What is configured, what answers, what is missing, and how to mend it."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

from redis.exceptions import RedisError
from rq import Queue, Worker
from sqlalchemy import func, select

from hotline import queues
from hotline.carrier.client import Carrier, CarrierError
from hotline.profile import ProfileError, load
from hotline.settings import Settings, SettingsError
from hotline.spool import Spool
from hotline.store import holes, migrating
from hotline.store.engine import Unavailable, connect, reading, utcnow
from hotline.store.schema import liaisons, messages
from hotline.vault import Vault, VaultError

# Held texts that are destroyed so soon need somebody today.
_DAYS_TO_LOOK = 3
_LIBRARIES = {".yaml": ("presidio_analyzer", "presidio-analyzer"), ".yml": ("presidio_analyzer", "presidio-analyzer")}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, and what was seen or how to mend it. `doubtful`: it works, and somebody
    should look at it."""

    what: str
    well: bool
    how: str
    doubtful: bool = False

    @property
    def mark(self) -> str:
        return "BAD " if not self.well else "WARN" if self.doubtful else "ok  "


def examine() -> list[Finding]:
    """Looks at everything a deployment needs. Never raises for what it finds; personal data are not looked at."""
    try:
        settings = Settings.read()
    except SettingsError as error:
        return [Finding("variables", False, str(error))]
    looks: tuple[Callable[[Settings], Finding], ...] = (
        _variables,
        _profile,
        _languages,
        _keys,
        _database,
        _liaisons,
        _duty,
        _recogniser,
        _quarantine,
        _redis,
        _workers,
        _carrier,
        _mail,
        _spool,
    )
    return [look(settings) for look in looks]


def _variables(settings: Settings) -> Finding:
    try:
        settings.require("account_sid", "auth_tokens", "public_url", "hotline_number", "alerts_sender", "redis_url")
    except SettingsError as error:
        return Finding("variables", False, str(error))
    if settings.hotline_number == settings.alerts_sender:
        return Finding(
            "variables",
            False,
            "HOTLINE_ALERTS_SENDER: must differ from HOTLINE_NUMBER, or STOP on alerts silences cases",
        )
    if settings.public_url and settings.public_url.startswith("http://") and "127.0.0.1" not in settings.public_url:
        return Finding("variables", False, "PUBLIC_URL: must begin with https://; reports would travel in clear")
    return Finding("variables", True, "all set")


def _profile(settings: Settings) -> Finding:
    try:
        profile = load(settings.profile)
    except ProfileError as error:
        return Finding("profile", False, str(error))
    return Finding("profile", True, f"{profile.name}, {len(profile.areas)} areas, {', '.join(profile.languages)}")


def _languages(settings: Settings) -> Finding:
    try:
        menu = load(settings.profile).menu
    except ProfileError:
        return Finding("languages of calls", False, "mend the profile first")
    offered = ", ".join(tongue.code for tongue in menu.offered)
    for code, lacking in menu.missing.items():
        if lacking:
            names = ", ".join(lacking[:3]) + (", …" if len(lacking) > 3 else "")
            how = f"{code}: {len(lacking)} recordings missing ({names}); see: flask --app hotline menu show"
            return Finding("languages of calls", False, how)
    return Finding("languages of calls", True, offered)


def _recogniser(settings: Settings) -> Finding:
    """Whether what HOTLINE_RECOGNISER names is there, and the library that loads it; the workers load it."""
    if not settings.recogniser:
        return Finding("recogniser", True, "none, the rules alone")
    path = Path(settings.recogniser.partition("?")[0])
    module, package = _LIBRARIES.get(path.suffix, ("spacy", "spacy"))
    if not path.exists():
        return Finding("recogniser", False, f"HOTLINE_RECOGNISER: there is nothing at {path}; the rules stand alone")
    if find_spec(module) is None:
        return Finding(
            "recogniser", False, f"HOTLINE_RECOGNISER: {package} is not installed; run: pip install {package}"
        )
    return Finding("recogniser", True, f"{path}, {package} is here")


def _keys(settings: Settings) -> Finding:
    try:
        vault = Vault.open_folder(settings.key_folder)
    except VaultError as error:
        return Finding("keys", False, str(error))
    if not vault.can_seal:
        return Finding("keys", False, f"{settings.key_folder}: incomplete; copy them, or: flask --app hotline keys new")
    return Finding("keys", True, "can lock and open" if vault.can_open else "can lock (right for a web machine)")


def _database(settings: Settings) -> Finding:
    try:
        at, newest = migrating.current_revision(settings.database), migrating.newest_revision()
    except Unavailable:
        how = "does not answer; check DATABASE_URL, or set it up with: flask --app hotline db upgrade"
        return Finding("database", False, how)
    if at != newest:
        return Finding("database", False, f"at revision {at}, needs {newest}; run: flask --app hotline db upgrade")
    return Finding("database", True, f"answers, at revision {at}")


def _liaisons(settings: Settings) -> Finding:
    engine = connect(settings.database)
    try:
        with reading(engine) as connection:
            query = select(func.count()).select_from(liaisons).where(liaisons.c.active.is_(True))
            count = connection.scalar(query) or 0
    except Unavailable:
        return Finding("liaisons", False, "cannot be counted; mend the database first")
    finally:
        engine.dispose()
    if not count:
        return Finding(
            "liaisons", False, "nobody would be told; add one: flask --app hotline liaison add NAME --phone …"
        )
    return Finding("liaisons", True, f"{count} on")


def _duty(settings: Settings) -> Finding:
    """Holes in coverage of the coming two weeks: when nobody on duty would be told, not even a supervisor."""
    engine = connect(settings.database)
    try:
        with reading(engine) as connection:
            ahead = holes.look_ahead(connection, load(settings.profile), utcnow())
    except (Unavailable, ProfileError):
        return Finding("duty", False, "cannot be looked at; mend the profile and the database first")
    finally:
        engine.dispose()
    if not ahead.people:
        return Finding("duty", False, "nobody serves; see liaisons")
    if ahead.complaints:
        why = "everybody serves in some authority; add a liaison without --body"
        return Finding("duty", False, f"{', '.join(ahead.complaints)}: nobody could hear these, {why}")
    if ahead.holes:
        # With somebody on duty a report of elsewhere still has an owner: said, but nothing is broken.
        empty = [hole for hole in ahead.holes if not hole.what]
        shown = empty or list(ahead.holes)
        listed = "; ".join(_hole(hole) for hole in shown[:_HOLES_SHOWN])
        more = f"; and {len(shown) - _HOLES_SHOWN} more" if len(shown) > _HOLES_SHOWN else ""
        mend = "to mend it: flask --app hotline liaison add …, liaison shift add …"
        how = f"nobody on duty {listed}{more}; others would be woken; {mend}"
        return Finding("duty", not empty, how, doubtful=not empty)
    if ahead.supervisors_only:
        return Finding("duty", True, f"covered; by supervisors only: {', '.join(ahead.supervisors_only)}")
    return Finding("duty", True, "covered for two weeks")


_HOLES_SHOWN = 4
_AREAS_SHOWN = 3


def _hole(hole: holes.Hole) -> str:
    named = ", ".join(hole.what[:_AREAS_SHOWN])
    further = f" and {len(hole.what) - _AREAS_SHOWN} more" if len(hole.what) > _AREAS_SHOWN else ""
    return f"{hole.begins:%a %d %b %H:%M} to {hole.ends:%a %d %b %H:%M} ({named or 'everywhere'}{further})"


def _quarantine(settings: Settings) -> Finding:
    """How many texts are held, and whether any is about to be destroyed unread."""
    engine = connect(settings.database)
    try:
        days = load(settings.profile).retention.quarantine_days
        with reading(engine) as connection:
            query = select(func.count(), func.min(messages.c.received_at)).where(messages.c.state == "held")
            count, oldest = connection.execute(query).one()
    except (Unavailable, ProfileError):
        return Finding("quarantine", False, "cannot be counted; mend the database and the profile first")
    finally:
        engine.dispose()
    if not count:
        return Finding("quarantine", True, "empty")
    left = max(0, (oldest + timedelta(days=days) - utcnow()).days)
    how = f"{count} held, the oldest is destroyed in {left} days; see: flask --app hotline quarantine list"
    return Finding("quarantine", left > _DAYS_TO_LOOK, how)


def _redis(settings: Settings) -> Finding:
    if settings.redis_url is None:
        return Finding("redis", False, "REDIS_URL: not set")
    try:
        client = queues.connect(settings.redis_url.get_secret_value())
        version = str(client.info("server").get("redis_version", "0"))
    except (RedisError, OSError, ValueError):
        return Finding(
            "redis", False, "does not answer; check REDIS_URL. Reports are kept, the clock files them slowly"
        )
    if int(version.partition(".")[0]) < 6:
        return Finding("redis", False, f"is {version}; needs 6.2 or newer")
    return Finding("redis", True, f"answers, {version}")


def _workers(settings: Settings) -> Finding:
    if settings.redis_url is None:
        return Finding("workers", False, "cannot be counted without REDIS_URL")
    client = queues.connect(settings.redis_url.get_secret_value())
    try:
        lonely = [name for name in queues.QUEUES if not Worker.count(queue=Queue(name, connection=client))]
    except (RedisError, OSError):
        return Finding("workers", False, "cannot be counted; mend Redis first")
    if lonely:
        return Finding("workers", False, f"nobody serves {', '.join(lonely)}; start: python -m workers")
    return Finding("workers", True, "every queue is served")


def _carrier(settings: Settings) -> Finding:
    try:
        Carrier(settings).ping()
    except SettingsError as error:
        return Finding("carrier", False, str(error))
    except CarrierError as error:
        if error.status == 401:
            return Finding("carrier", False, "refuses the credentials; check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN")
        return Finding("carrier", False, f"does not answer well ({error}); check TWILIO_API_URL and the network")
    return Finding("carrier", True, "answers")


def _mail(settings: Settings) -> Finding:
    address = settings.smtp
    if address is None or not settings.mail_from:
        return Finding("mail", False, "SMTP_URL or MAIL_FROM not set; digests would go by text only")
    try:
        server = smtplib.SMTP_SSL if address.tls else smtplib.SMTP
        with server(address.host, address.port, timeout=5) as session:
            session.noop()
    except (smtplib.SMTPException, OSError):
        return Finding("mail", False, "the mail server does not answer; check SMTP_URL")
    return Finding("mail", True, "the server answers")


def _spool(settings: Settings) -> Finding:
    spool = Spool(settings.spool_folder)
    if not spool.writable():
        return Finding("spool", False, f"{settings.spool_folder}: cannot be written; mend its owner or permissions")
    if aside := spool.aside():
        return Finding("spool", False, f"{aside} refused by the database; the files *.refused there need a look")
    waiting = spool.count()
    return Finding("spool", True, f"{waiting} waiting" if waiting else "empty")
