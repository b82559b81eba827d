"""What liaisons text, as a table: what is a command, with which code and words, and what stays a report."""

from __future__ import annotations

import pytest

from hotline.dialogue.liaison_words import Command, nearest, parse


@pytest.mark.parametrize(
    ("text", "verb", "code", "words"),
    [
        ("OK K7M2P", "ok", "K7M2P", ""),
        ("okk7m2p", "ok", "K7M2P", ""),
        ("ok caso k7m2p gracias", "ok", "K7M2P", "gracias"),
        ("Okey el K7M2P.", "ok", "K7M2P", ""),
        ("ok", "ok", None, ""),
        ("PREGUNTA K7M2P ¿Dónde está usted?", "pregunta", "K7M2P", "¿Dónde está usted?"),
        ("pregutna k7m2p donde", "pregunta", "K7M2P", "donde"),
        ("Pregunta: k7 m2p cuándo vuelven", "pregunta", "K7M2P", "cuándo vuelven"),
        ("preguntar K7M2P: ¿ya está a salvo?", "pregunta", "K7M2P", "¿ya está a salvo?"),
        ("llamar K7M2P", "llamar", "K7M2P", ""),
        ("yamar k7m2p", "llamar", "K7M2P", ""),
        ("serrar k7m2p ya fue atendido", "cerrar", "K7M2P", "ya fue atendido"),
        ("K7M2P cerrar falsa alarma", "cerrar", "K7M2P", "falsa alarma"),
        ("PASAR K7M2P a Ana López", "pasar", "K7M2P", "Ana López"),
        ("pasar el caso K7M2P al supervisor", "pasar", "K7M2P", "supervisor"),
        ("ver K7M2P", "ver", "K7M2P", ""),
        ("ok K7M2", "ok", "K7M2", ""),
        ("cerrar", "cerrar", None, ""),
        ("0k K7M2P", "ok", "K7M2P", ""),
        ("oki k7m2p", "ok", "K7M2P", ""),
        ("Enterado, K7M2P", "ok", "K7M2P", ""),
        ("khczy", "que", "KHCZY", ""),
        ("PREGUNTA WCTV donde?", "pregunta", "WCTV", "donde?"),
        ("PREGUNTA donde esta usted?", "pregunta", None, ""),
        ("cerrar el de ayer", "cerrar", None, ""),
        ("ayud", "ayuda", None, ""),
        ("alluda", "ayuda", None, ""),
        ("AYUDA!", "ayuda", None, ""),
        ("?", "ayuda", None, ""),
        ("fuera", "fuera", None, ""),
        ("Fuera de servicio", "fuera", None, ""),
        ("fuera ana", "fuera", None, "ana"),
        ("no disponible", "fuera", None, ""),
        ("EN SERVICIO", "servicio", None, ""),
        ("en serbicio", "servicio", None, ""),
    ],
)
def test_commands_are_understood_as_people_type_them(text: str, verb: str, code: str | None, words: str) -> None:
    found = parse(text)
    assert found is not None
    assert (found.verb, found.code, found.words) == (verb, code, words)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "...", "ok voy", "ok gracias", "llamar a la policia por favor", "pasan por aqui dos hombres armados",
        "me llaman del 55", "fuera de mi casa hay gente armada", "paso lo siguiente me quitaron 5 mil",
        "se llevaron a mi hermano en Iztapalapa", "tengo una pregunta sobre la jornada", "caso urgente en mi calle",
    ],
)  # fmt: skip
def test_what_is_no_command_stays_a_report(text: str) -> None:
    assert parse(text) is None


def test_only_what_nobody_else_writes_is_sure() -> None:
    sure = [text for text in ("OK K7M2P", "pregunta K7M2P x", "pregutna K7M2P x", "ok", "fuera") if _sure(parse(text))]
    assert sure == ["OK K7M2P", "pregunta K7M2P x"]


def _sure(command: Command | None) -> bool:
    return command is not None and command.sure


@pytest.mark.parametrize(
    ("typed", "known", "meant"),
    [
        ("K7M2B", ["K7M2P", "B3B3B"], "K7M2P"),
        ("K72MP", ["K7M2P"], "K7M2P"),
        ("K7M2", ["K7M2P"], "K7M2P"),
        ("K7M2B", ["K7M2P", "K7M2D"], None),
        ("ZZZZZ", ["K7M2P"], None),
    ],
)
def test_a_mistyped_code_is_guessed_only_when_one_is_near(typed: str, known: list[str], meant: str | None) -> None:
    assert nearest(typed, known) == meant
