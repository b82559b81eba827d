"""How the console says things: states, moments, events, in plain Spanish. Moments are coarse: a quarter of an hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hotline.profile import Profile

_MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")
DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
STATUS = {
    "filed": ("Espera", "wait"),
    "held": ("Retenido", "held"),
    "acknowledged": ("En atención", "work"),
    "closed": ("Cerrado", "done"),
    "erased": ("Borrado", "done"),
}
URGENCY = {"P1": "Ahora", "P2": "Pronto", "P3": "Normal", "P4": "Sin prisa"}
# What whoever reports asked for themselves, by the report's column.
WISHES = {
    "no_calls": "Que no le llamen.",
    "no_texts": "Que no le manden mensajes.",
    "asks_erasure": "Que se borre lo que contó. Se borra cuando manda BORRAR con su clave.",
}
QUESTIONS = {
    "waiting": "va en camino",
    "sent": "entregada, sin respuesta todavía",
    "answered": "contestada",
    "failed": "no pudo salir",
    "refused": "no salió: llevaba un teléfono, un correo o su nombre",
}
ROLES = {"first": "Primera línea", "second": "Segunda línea", "supervisor": "Supervisión"}
CHANNELS = {"sms": "mensaje", "voice": "llamada", "call": "llamada"}
EVIDENCE = {
    "NOMBRE": "Nombre",
    "ALIAS": "Apodo",
    "TELEFONO": "Teléfono",
    "DOMICILIO": "Domicilio",
    "CORREO": "Correo",
    "URL": "Página",
    "CURP": "CURP",
    "RFC": "RFC",
    "NSS": "Seguro social",
    "CLAVE_ELECTOR": "Clave de elector",
    "TARJETA": "Tarjeta",
    "CLABE": "CLABE",
    "CUENTA": "Cuenta",
    "PLACA": "Placa",
    "ESCUELA": "Escuela",
    "NEGOCIO": "Negocio",
    "UBICACION": "Ubicación",
    "FECHA_NACIMIENTO": "Fecha de nacimiento",
}
ACTS = {
    "console.enter": "Entró a la consola",
    "console.enrol": "Aceptó su invitación",
    "console.leave": "Salió de la consola",
    "console.refused": "Intento de entrar, rechazado",
    "console.revoke": "Cerró sesiones",
    "case.look": "Abrió el relato",
    "case.evidence": "Abrió la evidencia",
    "case.acknowledge": "Tomó el caso",
    "case.decline": "Lo dejó al siguiente",
    "case.pass": "Pasó el caso",
    "case.close": "Cerró el caso",
    "case.ask": "Preguntó a quien reportó",
    "case.call": "Pidió una llamada",
    "cases.export": "Descargó sus casos",
    "people.look": "Abrió la lista de personas",
    "mailbox.look": "Abrió el buzón",
    "liaison.invite": "Invitó",
    "liaison.add": "Agregó",
    "liaison.cover": "Cambió lo que atiende",
    "liaison.off": "Dio de baja",
    "liaison.away": "Fuera de servicio",
    "liaison.back": "De vuelta en servicio",
    "shift.add": "Agregó un turno",
    "shift.remove": "Quitó un turno",
    "shift.clear": "Quitó los turnos",
    "quarantine.shown": "Abrió un texto retenido",
    "quarantine.released": "Liberó un texto retenido",
    "quarantine.masked": "Ocultó más y liberó un texto retenido",
    "quarantine.expired": "Se destruyó sin leer un texto retenido",
}


def local(moment: datetime, profile: Profile) -> datetime:
    """A stored moment (UTC) in the deployment's time, to the quarter hour before it."""
    rounded = moment.replace(minute=moment.minute - moment.minute % 15, second=0, microsecond=0, tzinfo=UTC)
    return rounded.astimezone(profile.timezone)


def when(moment: datetime, profile: Profile, now: datetime) -> str:
    """`hoy 14:15`, `ayer 09:00`, `3 nov 18:30`, with the year when it is another."""
    then, today = local(moment, profile), now.replace(tzinfo=UTC).astimezone(profile.timezone).date()
    clock = f"{then:%H:%M}"
    if then.date() == today:
        return f"hoy {clock}"
    if then.date() == today - timedelta(days=1):
        return f"ayer {clock}"
    year = f" {then.year}" if then.year != today.year else ""
    return f"{then.day} {_MONTHS[then.month - 1]}{year}, {clock}"


def day(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]}"


def waited(since: datetime, now: datetime) -> str:
    """How long something has waited, coarsely: `menos de 15 min`, `45 min`, `3 h`, `2 días`."""
    minutes = int((now - since).total_seconds() // 60)
    if minutes < 15:
        return "menos de 15 min"
    if minutes < 60:
        return f"{minutes - minutes % 15} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // 1440} días"


# Written as they are dialled or typed: copied without blanks.
TIGHT = frozenset({"TELEFONO", "TARJETA", "CLABE", "CUENTA", "NSS"})
_NAMES = frozenset({"NOMBRE", "ALIAS", "DOMICILIO", "ESCUELA", "NEGOCIO", "UBICACION"})
_LONG_DISTANCE = ("55", "56", "33", "81")


def shown(type_: str, value: str) -> str:
    """Evidence as people write it: `+525544332211` as 55 4433 2211, a card in fours, a name with capitals."""
    if type_ in _NAMES:
        return " ".join(word if word in _SMALL else word[:1].upper() + word[1:] for word in value.split())
    digits = value.removeprefix("+52")
    if type_ == "TELEFONO" and len(digits) == 10 and digits.isdigit():
        first = 2 if digits.startswith(_LONG_DISTANCE) else 3
        return f"{digits[:first]} {digits[first:6]} {digits[6:]}"
    if type_ in TIGHT and digits.isdigit() and len(digits) > 10:
        return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
    return value


_SMALL = frozenset({"de", "del", "la", "las", "los", "y", "el"})


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words for one deployment's kinds and places, and for the liaisons that a page may name."""

    profile: Profile
    names: dict[str, str]

    @property
    def language(self) -> str:
        return self.profile.languages[0]

    def kind(self, slug: str | None) -> str:
        kind = self.profile.kinds.get(slug or "")
        name = kind.names[self.language] if kind else "por clasificar"
        return name[:1].upper() + name[1:]

    def place(self, area: str | None, state: str | None) -> str:
        try:
            return self.profile.place_name(area, state) or "Lugar sin precisar"
        except KeyError:  # a profile that no longer has it
            return "Lugar sin precisar"

    def who(self, liaison_id: str | None) -> str:
        if liaison_id is None:
            return "La línea"
        return self.names.get(liaison_id) or f"Enlace {liaison_id[:4]}"

    def outcome(self, slug: str | None) -> str:
        found = self.profile.duty.outcomes.get(slug or "")
        return found.names[self.language] if found else "sin resultado"

    def event(self, row: Any) -> str:
        """One line of a timeline."""
        who, to = self.who(row.liaison_id), self.who(row.to_liaison)
        lines = {
            "told": f"Se avisó a {to if row.to_liaison else who}",
            "escalated": f"Sin respuesta: se avisó a {to if row.to_liaison else 'más personas'}",
            "operator": "Nadie respondió: se avisó a quien opera la línea",
            "acknowledged": f"{who} lo atiende",
            "declined": f"{who} lo dejó al siguiente",
            "passed": f"{who} pidió a {to} que lo atienda",
            "asked": f"{who} preguntó a quien reportó",
            "sent_question": "La pregunta salió",
            "unsent_question": "La pregunta no pudo salir",
            "answered": "Llegó la respuesta",
            "call": f"{who} pidió una llamada",
            "closed": f"{who} lo cerró: {self.outcome(row.detail)}",
            "pattern": "Coincide con otros casos",
            "evidence": f"{who} abrió la evidencia",
            "reopened": "Volvieron a escribir: el caso se abrió otra vez",
            "freed": f"{who} ya no lo atiende: se busca a alguien más",
        }
        return lines.get(row.what, "Hubo un cambio")
