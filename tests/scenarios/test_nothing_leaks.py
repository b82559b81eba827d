"""Names, numbers and addresses are planted everywhere somebody may say them, and looked for everywhere afterwards."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field

import pytest
from harness.house import ALERTS, DATABASE_AWAY, NUMBER, House, Liaison, clave_in
from harness.processes import of_environment
from harness.valkey import Monitor

from hotline.lab.records import RestRequest
from hotline.vault import CannotOpen, Vault

# What the texts say, and what of it must be found nowhere.
TEXTS: list[tuple[str, tuple[str, ...]]] = [
    (
        "soy Griselda Zamorano Uribe y me estan cobrando piso en iztapalapa, mi cel es 55 8127 4490",
        ("Griselda", "Zamorano", "Uribe", "5581274490", "55 8127 4490", "8127 4490"),
    ),
    (
        "me amenazan del 5569031177 y del +52 1 56 1140 2283 que van a matar a mi hijo Leobardo Arizmendi",
        ("5569031177", "56 1140 2283", "5611402283", "1140 2283", "Leobardo", "Arizmendi"),
    ),
    (
        "piden deposite ya a la tarjeta 4152 3137 8890 1234 a nombre de Evaristo Montalvo o lo matan",
        ("4152 3137 8890 1234", "4152313788901234", "8890 1234", "Evaristo", "Montalvo"),
    ),
    ("mi curp es ZAUG850412MDFMRR07 y me robaron la cartera en coyoacan", ("ZAUG850412MDFMRR07", "ZAUG850412")),
    (
        "vivo en calle Nogales 348 interior 12 col. El Mirador, Tlalpan y hay un carro vigilando placas XKD-482-C",
        ("Nogales 348", "interior 12", "XKD-482-C", "XKD482C"),
    ),
    ("escribanme a griselda.zamorano@correo.example, me extorsionan", ("griselda.zamorano", "correo.example")),
    ("hay un carro sospechoso afuera, soy la señora Hermelinda Bocanegra de Xochimilco", ("Hermelinda", "Bocanegra")),
]
SPOKEN = (
    "soy Casimiro Villalpando y me marca el cincuenta y cinco treinta y uno ochenta y ocho cero nueve sesenta y seis",
    ("Casimiro", "Villalpando", "5531880966", "ochenta y ocho cero nueve"),
)


def forms(needle: str) -> set[bytes]:
    """How a value may stand in bytes: plain, in capitals, escaped, two bytes a letter, in hexadecimal or base64."""
    spellings = {needle, needle.upper(), needle.lower()}
    found: set[bytes] = set()
    for word in spellings:
        raw = word.encode()
        found |= {raw, json.dumps(word)[1:-1].encode(), word.encode("utf-16-le"), raw.hex().encode()}
        if len(raw) >= 8:
            # Whatever stands before it moves the alphabet by one of three places; its ends depend on its neighbours.
            found |= {base64.b64encode(b"\0" * shift + raw)[4 : -4 - shift] for shift in range(3)}
    # Shorter ones, cut from the middle of base64, would be found by chance.
    return {form for form in found if len(form) >= 5}


@pytest.fixture(scope="module")
def liaison(house: House) -> Liaison:
    return house.liaison("Ana Paz", email="ana@enlace.example")


@dataclass
class Harvest:
    """What was planted, what callers were told, and where all of it might turn up: a place's name and its bytes."""

    planted: set[str] = field(default_factory=set)
    claves: set[str] = field(default_factory=set)
    places: list[tuple[str, bytes]] = field(default_factory=list)


@pytest.fixture(scope="module")
def harvest(house: House, liaison: Liaison) -> Harvest:
    """A whole day: texts, a call, an outage, urgent texts, a digest; then everything is gathered."""
    found = Harvest(planted={liaison.phone.number[-10:], "ana@enlace", "Ana Paz"})

    def texts(body: str, planted: tuple[str, ...]) -> None:
        phone = house.caller()
        (answer,) = phone.texts(body)
        found.claves.add(clave_in(answer.body))
        found.planted |= {*planted, phone.number[-10:]}

    with Monitor(house.valkey) as monitor:
        for body, planted in TEXTS:
            texts(body, planted)
        house.all_filed()
        house.forgiven += DATABASE_AWAY
        house.database.goes_away()
        texts(*TEXTS[0])
        found.places += spool_files(house)
        house.database.comes_back()
        phone = house.caller()
        call = phone.dials().presses("1").presses("1").presses("09000").begins_to_say(SPOKEN[0][:24]).says(SPOKEN[0])
        call.stays_silent(2).waits_until_ended()
        found.planted |= {*SPOKEN[1], phone.number[-10:]}
        found.places += house.surrendered()
        house.all_filed(timeout=40)
        for case in house.cases():
            if case.urgency in ("P1", "P2"):
                # Longer than a lease: the database may have gone away in the middle of a send.
                liaison.phone.wait_for_text(timeout=45, containing=f"caso {case.code}")
        house.flask("digest", "send", "--now")
        house.lab.mailbox.wait_for(timeout=20)
        found.places += house.surrendered()
        found.places.append(("what Redis was told", monitor.heard))
    found.places += [("a text to the liaison", text.body.encode()) for text in liaison.phone.inbox]
    found.places += [
        ("a mail to the liaison", f"{mail.subject}\n{mail.text}\n{mail.html}".encode())
        for mail in house.lab.mailbox.mails
    ]
    found.places += [("a webhook's URL", posted.url.encode()) for posted in house.posted()]
    found.places += [("a URL at the carrier", asked.path.encode()) for asked in house.lab.carrier.log]
    found.places += [
        ("a parameter at the carrier", said.encode()) for asked in house.lab.carrier.log for said in told(asked)
    ]
    found.places += [("a command line", line) for line in command_lines(house)]
    return found


def spool_files(house: House) -> list[tuple[str, bytes]]:
    files = [path for path in (house.var / "spool").iterdir() if path.is_file()]
    assert files, "nothing was spooled"
    return [(f"the spool/{path.name}", path.read_bytes() + path.name.encode()) for path in files]


def told(asked: RestRequest) -> list[str]:
    """What the carrier was told with a request, but for the numbers it has to know."""
    return [value for name, value in asked.params.items() if name not in ("To", "From")]


def command_lines(house: House) -> list[bytes]:
    processes = of_environment("HOTLINE_VAR", str(house.var))
    assert len(processes) >= 5
    return [" ".join(process.cmdline()).encode() for process in processes]


def test_what_was_planted_is_found_nowhere(harvest: Harvest) -> None:
    assert len(harvest.planted) > 30
    found = {
        f"{needle!r} in {place}"
        for needle in harvest.planted
        for form in forms(needle)
        for place, content in harvest.places
        if form in content
    }
    assert not found


def test_the_search_would_find_it(house: House, harvest: Harvest) -> None:
    """Every place holds what it should, and a needle in any spelling is seen: the test above can fail."""
    names = {place for place, _ in harvest.places}
    assert {"the database", "Redis", "the logs", "what Redis was told", "a text to the liaison"} <= names
    contents = dict(harvest.places)
    assert b"drain_inbox" in contents["what Redis was told"]
    assert b"filed" in contents["the logs"]
    assert house.cases()[0].id.encode() in contents["the database"]
    assert any(b"[CURP]" in content for place, content in harvest.places if place.startswith("a mail"))
    for hidden in (
        b"..Griselda..",
        b"..GRISELDA..",
        "..Griselda..".encode("utf-16-le"),
        b"xx" + b"Griselda".hex().encode(),
    ):
        assert any(form in hidden for form in forms("Griselda"))
    for before in range(3):
        assert any(form in base64.b64encode(b"x" * before + b"5581274490" + b"yy") for form in forms("5581274490"))


def test_the_claves_are_kept_nowhere(house: House, harvest: Harvest) -> None:
    assert len(harvest.claves) == len(TEXTS) + 1
    found = {place for place, content in harvest.places for clave in harvest.claves if clave.encode() in content}
    assert not found


def test_the_sealed_originals_are_gone_and_evidence_lies_apart(house: House, harvest: Harvest) -> None:
    house.all_filed()
    assert house.count("messages", "sealed IS NOT NULL") == 0
    kinds = {row["type"] for row in house.database.rows("SELECT type FROM evidence")}
    assert {"TELEFONO", "TARJETA", "PLACA"} <= kinds
    values = [bytes(row["value"]) for row in house.database.rows("SELECT value FROM evidence")]
    assert not [value for value in values for needle in harvest.planted if needle.encode() in value]


def test_a_stolen_web_server_opens_nothing(house: House, harvest: Harvest) -> None:
    """Without the private key and the field key neither the inbox nor a case can be read."""
    keys = house.folder / "web-keys"
    keys.mkdir()
    for path in house.keys.iterdir():
        if path.suffix != ".private" and not path.name.startswith("field-"):
            (keys / path.name).write_bytes(path.read_bytes())
    stolen = Vault.open_folder(keys)
    assert stolen.can_seal
    assert not stolen.can_open
    row = house.database.rows("SELECT id, text FROM reports WHERE text IS NOT NULL")[0]
    with pytest.raises(CannotOpen):
        stolen.decrypt(bytes(row["text"]), about=f"report:{row['id']}:text")
    with pytest.raises(CannotOpen):
        stolen.open(stolen.seal(b"x"))


def test_numbers_the_carrier_has_to_know_are_not_parts_of_a_url(house: House, harvest: Harvest) -> None:
    assert any(asked.params.get("To") for asked in house.lab.carrier.log)
    assert not [asked.path for asked in house.lab.carrier.log if NUMBER[1:] in asked.path or ALERTS[1:] in asked.path]
