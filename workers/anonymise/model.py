"""What the anonymiser gives back, and the kinds of span it knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Owner = Literal["reporter", "suspect", "unknown"]

LABELS: dict[str, str] = {
    "NOMBRE": "NOMBRE",
    "ALIAS": "ALIAS",
    "TELEFONO": "TELÉFONO",
    "DOMICILIO": "DOMICILIO",
    "CORREO": "CORREO",
    "URL": "ENLACE",
    "CURP": "CURP",
    "RFC": "RFC",
    "NSS": "NSS",
    "CLAVE_ELECTOR": "CLAVE DE ELECTOR",
    "TARJETA": "TARJETA",
    "CLABE": "CLABE",
    "CUENTA": "CUENTA",
    "PLACA": "PLACA",
    "ESCUELA": "ESCUELA",
    "NEGOCIO": "NEGOCIO",
    "UBICACION": "UBICACIÓN",
    "FECHA_NACIMIENTO": "FECHA DE NACIMIENTO",
    "OTRO": "DATO",
}
"""Every type of span, and the word of its mask: Spanish, for liaisons."""


@dataclass(frozen=True, slots=True)
class Span:
    """One piece of personal data: code points `start` to `end` (half open) of the input.

    `value` is the canonical form: a phone in E.164 (`+525504127788`), other numbers as bare digits, identifiers in
    capitals, words folded (lower case, no accents). It never shows in `repr`.
    """

    start: int
    end: int
    type: str
    owner: Owner
    value: str

    def __repr__(self) -> str:
        return f"Span({self.start}, {self.end}, {self.type!r}, {self.owner!r})"


@dataclass(frozen=True, slots=True, repr=False)
class Masked:
    """The masked text, its spans in order and disjoint, and whether the second look found something left.

    A doubtful text must not be shown to anybody: it is held in quarantine.
    """

    text: str
    spans: tuple[Span, ...]
    doubtful: bool


@dataclass(slots=True)
class Found:
    """A find while the text is worked on: tokens `first` to `last` (half open); an empty owner is still to be told."""

    first: int
    last: int
    type: str
    owner: Owner | None = None
    value: str = ""
    doubted: bool = False
