"""Opinions and volunteers: for supervisors, without who wrote, each look on record."""

from __future__ import annotations

from consoles import Console
from furniture import CALLER, count_of

from hotline.personal import Phone
from hotline.store import neighbours
from hotline.store.console_tables import audit
from hotline.store.engine import utcnow


def test_supervisors_read_what_neighbours_sent(place: Console) -> None:
    vault, sender = place.vault, place.vault.pseudonym(Phone(CALLER))
    words = "hacen falta lamparas en mi calle, soy Lupita Hernandez del 55 9999 0501"
    with place.engine.begin() as connection:
        neighbours.volunteer(connection, sender, vault.seal(CALLER.encode()), "09007", utcnow())
        neighbours.opinion(connection, "SM1", sender, place="21", sealed=vault.seal(words.encode()), now=utcnow())
    ines = place.enrolled(place.liaison("Inés Vila", role="supervisor"))
    assert "/consola/buzon" in ines.open("/consola/personas").text
    page = ines.open("/consola/buzon").text
    for shown in ("hacen falta lamparas", "Puebla", "Iztapalapa", "55 1234 0001"):
        assert shown in page
    assert "Lupita" not in page and "0501" not in page
    assert count_of(place.engine, audit, audit.c.act == "mailbox.look") == 1
    ana = place.enrolled(place.liaison("Ana Paz"))
    assert ana.open("/consola/buzon").status_code == 403
