"""Whose a datum is, told by the sentence around it: who acts, to whom it is done, whose number is given."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from workers.anonymise import Anonymiser

ANONYMISER = Anonymiser(SimpleNamespace(public_numbers=frozenset({"911"})))


def owner_of(text: str) -> str:
    """The owner of the piece between the angle brackets."""
    start, end = text.index("<"), text.index(">") - 1
    masked = ANONYMISER.mask(text.replace("<", "").replace(">", ""))
    owners = {span.owner for span in masked.spans if span.start < end and start < span.end}
    assert len(owners) == 1, (text, masked.spans)
    return owners.pop()


@pytest.mark.parametrize(
    "text",
    [
        # A stranger who comes into the tale.
        "una muchacha <Rosalinda> dice que si no pago sube mis fotos",
        "un señor <Tranquilino Mena> me vendió unas láminas y nunca las trajo",
        # Named after the deed, with nobody else spoken of.
        "me sigue con un machete cada noche, se llama <Heraclio>",
        "guardan motos robadas atrás del taller, el dueño es <Wilebaldo Ceja>",
        # Bearers of a post.
        "el agente <Crisóforo Luna> dijo o 800 o se va al corralón",
        "la asesora <Yolotzin> desapareció, le di 4 mil de anticipo",
        "los del cuadrante nos piden dinero, el jefe es el cmdte <Zamudio>",
        # What is done to whom.
        "el que lo pateó fue <Teódulo>, el de la esquina",
        "mi vecina grita, la está golpeando el <Fidencio>",
        "le pegó mi yerno <Arnulfo> a mi hija",
        "<Facundo> y sus amigos entraron a romper los vidrios",
        "desapareció ayer y creo que fue el novio <Saúl>",
        # One of the reporter's own who is complained of.
        "mi ex <Emeterio> dice que si no regreso con él me va a hundir",
        "mi marido me pega y me encierra. él se llama <Odilón>",
        "mi hermano <Chon> trae un azadón y le quiere pegar a mi papá",
        # Whom the threat names.
        "dejaron un papel que dice pregunta por <don Chirrión> y lleva 5 mil",
        "vino uno de parte de <don Melitón> a pedir mil por semana",
        "dice el mensaje mándale 3 mil a <Xitlali Robles>",
        "<Edna Luz B.> vende uniformes por face, nunca entrega",
        "deposité por un motor, <Ovidio Tapia>, así sale en el ticket, y era fraude",
    ],
)
def test_whom_the_sentence_accuses(text: str) -> None:
    assert owner_of(text) == "suspect"


@pytest.mark.parametrize(
    "text",
    [
        "al chofer <Melquiades> ya lo picaron por no pagar",
        "doña Chepa y su esposo <Justino> están amenazados, piden 60 mil",
        "un mesero, <Eudoro>, quien vio todo, quiere declarar contra los que cobran",
        "me estafaron y una enfermera que se llama <Nicté> me dijo que ya son muchos",
        "mi cuñado <Ponciano> sacó el arma para defenderme de los que cobran",
        "mi sobrina <Adalid> me llevó al hospital porque me golpearon",
        "mi esposo <Lino> ya no me habla desde que me amenazan",
        "fui a denunciar que a mi hijo <Ulises> lo asaltaron",
        "los policías se llevaron a mi esposo, él se llama <Abelardo>",
        "tenía problemas con mi hijo, él le pegaba, ella es <Karla Ivette>",
        "le grita a su perro y al niño, el niño se llama <Tadeo>",
        "el señor que asaltaron se llama <Rutilio Peña>",
        "va en la prepa oficial 22 y no llegó, mi hija se llama <Jimena>",
        "un señor pidió hablar con el contador <Urbano> y le exigió dinero",
        "un hombre que se dice primo de mi casero don <Eleuterio> me exige dinero",
        "puede atestiguar el cuidacoches al que le dicen <el Tlacuache>, asaltaron el banco",
        "no llega mi hijo, traía dinero, le decimos <Chemo>",
        "dijo ser mi ahijado <Wenceslao> y que estaba detenido en la aduana",
        "gracias a la poli <Zoila> por ayudar a mi esposo, se portó bien",
        "la licenciada <Miriam> de mi trabajo me dijo que reportara la extorsión",
        "me extorsionan, mi maestra <Lupe> me pidió escribirles",
    ],
)
def test_whom_the_sentence_spares(text: str) -> None:
    assert owner_of(text) != "suspect"


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("no dejan de marcarme del <5512345678>", "suspect"),
        ("no dejan d markar <5512345678>", "suspect"),
        ("dice comunícate al <5512345678> o te quemamos", "suspect"),
        ("dice q tiene a mi niña es del <5512345678> y que no cuelgue", "suspect"),
        ("mi celular es 5511112222 y el suyo es <5512345678>, me mandó un comprobante falso", "suspect"),
        ("<5512345678> ese es el que me amenaza", "suspect"),
        ("<5512345678>\n5512345679\nesos son todos los que marcan y amenazan", "suspect"),
        ("dejaron una cartulina y venía un teléfono <5512345678>, quieren dinero", "suspect"),
        ("me amenazan, y el mío por si quieren regresar la llamada es <5512345678>", "reporter"),
        ("llamaron a las 8, soy Lupita Hernández del <5599990501>", "reporter"),
        ("me amenazan. teléfono de mi esposo a quien le cobran: <5512345678>", "reporter"),
        ("me vaciaron, pidió mi foto con tarjeta <4152313331476403> y la vació", "reporter"),
    ],
)
def test_whose_number_it_is(text: str, owner: str) -> None:
    assert owner_of(text) == owner


@pytest.mark.parametrize(
    "text",
    [
        "me amenazan y les dejo el teléfono de mi sobrino, es <5512345678>",
        "secuestraron a mi papá, marcan de su mismo celular <5512345678>",
        "quiero que borren mis datos, yo di este celular <5512345678>",
        "se busca a mi prima, informes a su papá: <5512345678>",
        "me piden que apague mi cel, ya compré otro chip es <5512345678>",
        "llevaron a mi hijo, pide apoyo su esposa, teléfono <5512345678>",
        "le pidieron a mi mamá el número de su tarjeta y se los dio, es la <4152313331476403>",
        "pagué con tarjeta completa <4152313331476403> y era falsa la tienda",
        "espero su respuesta en <felix.q@correo.example>, me cambiaron la tarjeta",
    ],
)
def test_numbers_that_may_be_the_reporters_stay_so(text: str) -> None:
    assert owner_of(text) != "suspect"


@pytest.mark.parametrize(
    "text",
    [
        "me persigue un camión, vengo en un jetta blanco <YJK-604-C>",
        "me van a quemar el carro, mi carro es un Attitude con placas <NTK-77-11>",
        "mi hijo no contesta, anda en moto italika placas <7HJK2>",
        "quieren las llaves del taxi <A0451C> o 6 mil pesos",
        "un cliente me amenazaron, el cliente trae un tiida placas <NBJ-72-16>",
        "se llevaron a mi patrón, la camioneta de él es una hilux placas <MVR-11-59>",
        "le vendí mi carro y se lo llevó con cheque falso, es un march placas <MZJ-31-19>",
    ],
)
def test_plates_of_the_reporters_side_stay_so(text: str) -> None:
    assert owner_of(text) != "suspect"


@pytest.mark.parametrize(
    ("hurried", "plain"),
    [
        ("m yaman d <5512345678> pa kitarme la kuenta", "me llaman de <5512345678> para quitarme la cuenta"),
        ("mi besino <Beto> m pega", "mi vecino <Beto> me pega"),
    ],
)
def test_hurried_spellings_are_heard_as_what_they_sound_like(hurried: str, plain: str) -> None:
    assert owner_of(hurried) == owner_of(plain) == "suspect"


def test_one_name_may_be_the_victims_here_and_the_suspects_there() -> None:
    text = "mi hijo <Juan> vio cuando mi esposo Juan me ahorcó y me golpeó"
    assert owner_of(text) == "reporter"
    assert owner_of("mi hijo Juan vio todo. mi esposo <Juan> me golpeó con un palo") == "suspect"
