"""How evidence is shown: as people write it."""

from __future__ import annotations

import pytest

from hotline.console.wording import shown


@pytest.mark.parametrize(
    ("type_", "value", "said"),
    [
        ("TELEFONO", "+525544332211", "55 4433 2211"),
        ("TELEFONO", "+527221234567", "722 123 4567"),
        ("TELEFONO", "+13055550100", "+13055550100"),
        ("TELEFONO", "4433", "4433"),
        ("TARJETA", "4152313600001234", "4152 3136 0000 1234"),
        ("CLABE", "002010077777777771", "0020 1007 7777 7777 71"),
        ("CUENTA", "1234567890", "1234567890"),
        ("NOMBRE", "ramiro de la soto", "Ramiro de la Soto"),
        ("ALIAS", "el chato", "el Chato"),
        ("PLACA", "ABC123A", "ABC123A"),
    ],
)
def test_evidence_is_shown_as_people_write_it(type_: str, value: str, said: str) -> None:
    assert shown(type_, value) == said
