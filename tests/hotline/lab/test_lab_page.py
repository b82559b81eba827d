"""The page's endpoints: who may ask, what they show, what they do with a phone."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import requests

from hotline.lab import Lab
from hotline.lab.people import Person, people

HERE = {"X-Lab": "1"}
MENU = '<Response><Gather numDigits="1" input="dtmf speech" action="/voice/next"><Say>Diga</Say></Gather></Response>'


def state(lab: Lab) -> Any:
    return requests.get(f"{lab.api_url}/lab/state", timeout=5).json()


def person(lab: Lab, name: str) -> Any:
    return next(p for p in state(lab)["people"] if p["id"] == name)


def do(lab: Lab, name: str, act: str, **said: Any) -> str | None:
    answer = requests.post(f"{lab.api_url}/lab/phones/{name}/{act}", json=dict(said), headers=HERE, timeout=5)
    assert answer.status_code == 200
    problem: str | None = answer.json()["problem"]
    return problem


def test_the_page_trusts_nobody_else(peopled: Lab) -> None:
    answer = requests.get(peopled.api_url, timeout=5)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for trace in (" style=", "<script>", "onclick", "https://"):
        assert trace not in answer.text


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/lab/phones/lupita/text", {}, 403),
        ("/lab/phones/lupita/text", {"X-Lab": "1", "Host": "attacker.example"}, 403),
        ("/lab/phones/nobody/text", HERE, 404),
        ("/lab/phones/lupita/nothing", HERE, 404),
    ],
)
def test_who_may_not_use_the_phones(peopled: Lab, path: str, headers: dict[str, str], status: int) -> None:
    answer = requests.post(peopled.api_url + path, json={"body": "hola"}, headers=headers, timeout=5)
    assert answer.status_code == status
    assert peopled.carrier.messages == {}


def test_another_name_for_this_machine_is_refused(peopled: Lab) -> None:
    assert requests.get(peopled.api_url, headers={"Host": "attacker.example"}, timeout=5).status_code == 403


def test_a_text_and_its_answer(peopled: Lab, desk: Any) -> None:
    desk.answers["/sms"] = "<Response><Message>Recibido</Message></Response>"
    assert do(peopled, "lupita", "text", body="hola") is None
    assert [text["body"] for text in person(peopled, "lupita")["inbox"]] == ["Recibido"]
    assert [(e["kind"], e["what"], e["status"]) for e in state(peopled)["log"]] == [("webhook", "POST /sms", 200)]


@pytest.mark.parametrize(
    ("name", "act", "said", "problem"),
    [
        ("eusebio", "text", {"body": "hola"}, "no envía mensajes"),
        ("lupita", "text", {"body": "hola", "to": "+525512345678"}, "no es de la línea"),
        ("lupita", "call", {"to": "911"}, "sólo contesta la línea"),
        ("lupita", "key", {"key": "1"}, "No hay llamada"),
        ("nayeli", "answer", {}, "Ya no suena"),
    ],
)
def test_what_is_in_vain(peopled: Lab, name: str, act: str, said: dict[str, str], problem: str) -> None:
    assert problem in (do(peopled, name, act, **said) or "")


def test_a_call_by_page(peopled: Lab, desk: Any) -> None:
    desk.answers["/voice"] = MENU
    assert do(peopled, "oculta", "call") is None
    assert desk.forms("/voice")[0]["From"] == "+266696687"
    call = person(peopled, "oculta")["call"]
    assert (call["state"], call["inputs"], call["prompts"][0]["text"]) == ("listening", ["dtmf", "speech"], "Diga")
    assert do(peopled, "oculta", "key", key="1") is None
    assert desk.forms("/voice/next")[0]["Digits"] == "1"
    assert person(peopled, "oculta")["call"]["state"] == "ended"


def test_a_webhook_that_fails_is_shown(peopled: Lab, desk: Any) -> None:
    desk.answers["/sms"] = "nada"
    assert "12100" in (do(peopled, "lupita", "text", body="hola") or "")
    assert "12100" in [entry["what"] for entry in state(peopled)["log"] if entry["kind"] == "alert"]


def test_a_phone_switched_off(peopled: Lab) -> None:
    assert do(peopled, "nayeli", "power", on=False) is None
    assert person(peopled, "nayeli")["on"] is False
    assert "apagado" in (do(peopled, "nayeli", "text", body="hola") or "")


def test_a_mail_is_shown_without_its_scripts(peopled: Lab) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Caso", "linea@osc.example", "ines@enlace.example"
    message.set_content("texto")
    message.add_alternative("<p>Caso</p><script>alert(1)</script>", subtype="html")
    with smtplib.SMTP("127.0.0.1", peopled.smtp_port, timeout=5) as smtp:
        smtp.send_message(message)
    peopled.mailbox.wait_for(containing="caso")
    assert [(m["subject"], m["html"]) for m in state(peopled)["mails"]] == [("Caso", True)]
    shown = requests.get(f"{peopled.api_url}/lab/mails/0.html", timeout=5)
    assert "<p>Caso</p>" in shown.text
    policy = shown.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert requests.get(f"{peopled.api_url}/lab/mails/1.html", timeout=5).status_code == 404


def test_news_come_as_soon_as_there_are_any(peopled: Lab, desk: Any) -> None:
    before = state(peopled)["revision"]
    do(peopled, "lupita", "text", body="hola")
    news = requests.get(f"{peopled.api_url}/lab/state?after={before}", timeout=5).json()
    assert news["revision"] > before


class TestPeople:
    def test_there_are_all_sorts(self) -> None:
        everybody = people()
        assert len({p.phone for p in everybody}) == len({p.id for p in everybody}) == len(everybody)
        callers = [p for p in everybody if p.role == "caller"]
        liaisons = [p for p in everybody if p.role == "liaison"]
        assert {p.kind for p in callers} == {"mobile", "landline"}
        assert any(p.show for p in callers)
        assert {p.duty for p in liaisons} == {"first", "supervisor"}
        assert all(p.email and p.email.endswith(".example") for p in liaisons)
        assert any(not p.areas for p in liaisons)

    @pytest.mark.parametrize(
        ("entry", "complaint"),
        [
            ('id = "a"\nname = "A"', "phone"),
            ('id = "a"\nname = "A"\nrole = "boss"\nphone = "1"\nkind = "mobile"\nnote = ""', "boss"),
            ('id = "a"\nname = "A"\nrole = "caller"\nphone = "1"\nkind = "fax"\nnote = ""', "fax"),
            ('id = "a"\nname = "A"\nrole = "caller"\nphone = "1"\nkind = "mobile"\nnote = ""\nage = 3', "age"),
        ],
    )
    def test_a_mistake_is_named(self, tmp_path: Path, entry: str, complaint: str) -> None:
        path = tmp_path / "people.toml"
        path.write_text(f"[[person]]\n{entry}\n", encoding="utf-8")
        with pytest.raises(ValueError, match=complaint):
            people(path)

    def test_a_person_is_frozen(self) -> None:
        with pytest.raises(AttributeError):
            people()[0].phone = "+525500000000"  # type: ignore[misc]
        assert isinstance(people()[0], Person)
