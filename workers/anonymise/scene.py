"""What a message as a whole is about, asked once a message: it decides what stands in no clause of its own."""

from __future__ import annotations

from dataclasses import dataclass

from workers.anonymise import voices
from workers.anonymise.harms import PLAIN_HARMS as HARMS
from workers.anonymise.introductions import KIN
from workers.anonymise.reading import Reading
from workers.anonymise.wordlist import bag

_PHONES = bag("celular cel telefono tel cell celu movil whats whatsapp wats wasap")
_NEGATED = bag(
    "aparece regresa regreso llega llego contesta contesto volvio vuelve regresado aparecido encontramos entra"
)
_NOT = bag("no nunca ni")
_HOSTILE = (
    bag(
        "amenaza amenazan amenazando amenazo amenazaron amenasa amenasan amenasando amenaso amenasaron "
        "extorsiona extorsionan extorsionando extorsion estorsion extorcion estorsionan extorsionaron fraude "
        "estafa estafaron defraudaron estafo secuestro rescate piden pide pidio pidieron pidiendo exige exigen "
        "exigio kieren quieren quiere kiere cobran cobra deposite depositar depositara depositen deposito "
        "transferi transfiera cartel union piso cuota licenciado premio aduana detenido detuvieron embargo "
        "deuda prestamo estafador estafadores vendedor cuento falsas falsos apoderado mentira engano colgue "
        "levantar picar descuartizar caimos enganaron timo rateros matar matan balacean quemar falso falsa "
        "sospechoso sospechosa agresor "
        "cuelgan insultan molestan acosa acosan acosando hablaron marcaron llamaron ablaron yamaron yaman "
        "marcan marka llaman hablan ablan marcando llamando hablando yamando amenazas amenasas mensajes link "
        "anticipo"
    )
    | voices.CRIMES
)
_DECEIT = bag(
    "mentira mentiras cuento falso falsa falsos falsas timo engano bloqueo bloquearon bloqueado ratero rateros ratera "
    "cuidado ojo aguas transa fraude estafa nunca registro crei creimos caimos cai burn threat threaten kill paid "
    "negocian negocia negociando gasolina balacear quemar matar extorsionador cuota piso vacuna derecho promete "
    "prometio prometieron pague deposite transferi secuestrado secuestrada rescate"
)
_TALE = _DECEIT | HARMS | voices.DEMANDING | voices.CRIMES
_REACH = 34
_PLANS = bag("voluntario voluntaria alta inscribir inscribirme taller jornada borren borrar apuntarme")


@dataclass(frozen=True, slots=True)
class Scene:
    """`hostile`: somebody calls, threatens or takes money. `search`: somebody is missing. `phone_lost`: a telephone
    was stolen or cloned. `plain`: the message asks for a service. `paying`: money goes to somebody. `lost`: the
    reporter's things were taken. `tale`: somebody threatens, demands or deceives."""

    hostile: bool
    search: bool
    phone_lost: bool
    plain: bool
    paying: bool
    lost: bool
    tale: bool


def look(reading: Reading) -> Scene:
    """One pass over the words."""
    words = reading.words
    hostile = search = lost = phone = plain = paying = tale = False
    for index, word in enumerate(words):
        if word in _HOSTILE or word in HARMS or word in voices.CONTACTING or word in voices.DEMANDING:
            hostile = True
        if (word in voices.MISSING and (word not in _NEGATED or "no" in words[max(0, index - 3) : index])) or (
            word in _NEGATED and (not _NOT.isdisjoint(words[max(0, index - 3) : index]))
        ):
            search = True
        if word in voices.LOST and not phone:
            lost = True
        if word in _PHONES and lost:
            phone = True
        if word in voices.PAYING:
            paying = True
        tale = tale or word in _TALE
        if word in ("tiene", "tienen") and words[index + 1 : index + 3] in (["a", "mi"], ["a", "su"]):
            hostile = tale = True
        if word in _PLANS:
            plain = True
    return Scene(hostile, search, lost and phone, plain, paying, lost, tale)


def of(reading: Reading) -> Scene:
    """The scene of a message, looked at once."""
    if reading.scene is None:
        reading.scene = look(reading)
    return reading.scene


_UNSEEN = bag("contesta contesto aparece regresa regreso regresado llega llego vuelve volvio vuelto responde localizo")
_ASKING = bag("piden pidieron exigen exigieron pidiendo exigiendo marcan marcaron hablan hablaron llaman llamaron")


def sought(words: list[str], start: int) -> bool:
    """Whether the last thing told is that somebody is missing: the number behind it may be where he can be reached."""
    if traced(words, start):
        return True
    for index in range(start - 1, max(-1, start - _REACH), -1):
        word = words[index]
        back = words[max(0, index - 3) : index]
        if word in _ASKING and ("me" in back or "nos" in back or word[0] in "pe"):
            return False
        if word in _UNSEEN and ("no" in back or "ni" in back):
            return words[index - 1] not in ("me", "nos") or not KIN.isdisjoint(words[max(0, index - _REACH) : index])
        if word in ("sabemos", "sabe", "sabia") and "no" in back and words[index + 1] in ("nada", "de", "donde"):
            return True
        if word.startswith(("apaga", "buzon", "desaparec", "extravi")):
            return True
    return False


def traced(words: list[str], start: int) -> bool:
    """ "se llevaron a mi hijo, rastreen su celular …"."""
    told = words[max(0, start - _REACH) : start]
    if not any(word.startswith(("rastr", "ubiq", "triang", "localic")) for word in told[-5:]):
        return False
    taken = any(word.startswith(("secuestr", "levant")) or word == "llevaron" for word in told)
    return taken and not KIN.isdisjoint(told)
