"""What should never come, comes: nothing ends in a 5xx, nothing is lost, nobody is answered twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from harness.house import NUMBER, PUBLIC_URL, TOKEN, House, clave_in, new_number
from harness.posting import FORM, Answer, Poster, a_call, a_text
from harness.waiting import until

from hotline.lab.records import new_sid
from hotline.lab.signing import signature
from hotline.language import gsm

WEBHOOKS = (
    "/sms",
    "/voice",
    "/voice/menu",
    "/voice/clave",
    "/voice/place",
    "/voice/story",
    "/voice/story/partial",
    "/receipts/sms",
    "/receipts/call",
)


@pytest.fixture(scope="module")
def post(house: House) -> Poster:
    return Poster(house.address)


class TestWhoIsNotTheCarrier:
    @pytest.mark.parametrize("path", WEBHOOKS)
    @pytest.mark.parametrize("forgery", ["missing", "empty", "other token", "other url", "other body", "garbage"])
    def test_is_sent_away_with_nothing(self, house: House, post: Poster, path: str, forgery: str) -> None:
        form = [*a_text(new_number(), "esto no es de la compania"), ("CallSid", new_sid("CA"))]
        body = "&".join(f"{name}={value}" for name, value in form).replace("+", "%2B").replace(" ", "+").encode()
        signed = {
            "missing": None,
            "empty": "",
            "other token": signature("0" * 32, PUBLIC_URL + path, form),
            "other url": signature(TOKEN, PUBLIC_URL + path + "?x=1", form),
            "other body": signature(TOKEN, PUBLIC_URL + path, [*form, ("Body", "otra cosa")]),
            "garbage": "ñ".encode().decode("latin-1"),
        }[forgery]
        answer = post.raw("POST", path, body, signed)
        assert (answer.status, answer.body) == (403, b"")
        assert house.count("messages", f"id LIKE '{dict(form)['MessageSid']}%'") == 0

    @pytest.mark.parametrize("path", WEBHOOKS)
    @pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
    def test_other_methods(self, post: Poster, path: str, method: str) -> None:
        assert post.raw(method, path, content_type=None).status == 405

    @pytest.mark.parametrize("size", [300_000, 3_000_000])
    def test_huge_bodies(self, post: Poster, size: int) -> None:
        form = a_text(new_number(), "x" * size)
        assert post.signed("/sms", form).status in (413, 403)

    @pytest.mark.parametrize(
        "content_type",
        ["application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x", "", "ñ", None],
    )
    def test_bodies_that_are_no_form(self, post: Poster, content_type: str | None) -> None:
        form = a_text(new_number(), "hola")
        signed = signature(TOKEN, PUBLIC_URL + "/sms", form)
        answer = post.raw("POST", "/sms", b'{"Body": "hola"}', signed, content_type)
        assert (answer.status, answer.body) == (403, b"")

    def test_signed_but_without_an_id(self, post: Poster) -> None:
        assert post.signed("/sms", a_text(new_number(), "hola", MessageSid=None)).status == 400
        assert post.signed("/voice", a_call(new_number(), CallSid=None)).status == 400


# name, Body, further parameters, words that must stand in the filed text
TEXTS: list[tuple[str, str | None, dict[str, str | None], str]] = [
    ("no Body", None, {}, ""),
    ("an empty Body", "", {}, ""),
    ("blanks", " \n\t ", {}, ""),
    ("one letter", "x", {}, "x"),
    ("1,600 letters", "amenaza " * 200, {}, "amenaza amenaza"),
    ("1,600 emoji", "😱" * 1600, {}, "😱😱"),
    ("emoji among words", "nos estan robando 😱🔫 en la tienda", {}, "robando 😱🔫"),
    ("control characters", "robo\x01\x02\x07\x1b[31m en curso\x7f", {}, "en curso"),
    ("NUL", "robo\x00 en curso", {}, "en curso"),
    ("right to left and joined", "robo \u202eosruc ne\u202c \u200d\ufeff", {}, "robo"),
    ("accents taken apart", "extorsio\u0301n en mi local", {}, "en mi local"),
    ("markup", "<script>alert(1)</script> & robo {{7*7}} %s", {}, "robo {{7*7}} %s"),
    ("quotes", "robo'); DROP TABLE messages; --", {}, "DROP TABLE messages"),
    ("Náhuatl", "amo nikmati tlen nikchiuas, nechmiktisnekij", {}, "nikmati"),
    ("unknown parameters", "robo en mercado", {"NuevoParametro": "1", "Otro[]": "ñ", "": ""}, "mercado"),
    ("NumMedia is no number", "robo en parque", {"NumMedia": "muchas"}, "parque"),
    ("NumMedia is beyond counting", "robo en metro", {"NumMedia": "9" * 40}, "metro"),
    ("NumSegments is no number", "robo en plaza", {"NumSegments": "x"}, "plaza"),
    ("a picture", "robo en esquina", {"NumMedia": "1", "MediaUrl0": "https://x.example/1"}, "esquina"),
    ("a picture without words", "", {"NumMedia": "2"}, ""),
    ("English", "somebody is following me", {}, "following me"),
]


@pytest.mark.parametrize(("body", "extra", "kept"), [row[1:] for row in TEXTS], ids=[row[0] for row in TEXTS])
def test_any_text_is_a_report(
    house: House, post: Poster, body: str | None, extra: dict[str, str | None], kept: str
) -> None:
    sender = new_number()
    form = a_text(sender, body, **extra)
    answer = post.signed("/sms", form)
    assert answer.status == 200
    words = spoken(answer)
    case = house.case_of(dict(form)["MessageSid"])
    assert kept in case.story
    assert house.opens(clave_in(words)) == case.id
    assert (gsm.is_gsm7(words), gsm.segments(words)) == (True, 1)
    if extra.get("NumMedia", "0") in ("1", "2"):
        assert "fotos" in words


def spoken(answer: Answer) -> str:
    """The words of the one message in a TwiML answer."""
    assert answer.body.count(b"<Message") == 1, answer.text
    words = answer.text.partition("<Message")[2].partition(">")[2].partition("</Message>")[0]
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@pytest.mark.parametrize(
    "sender",
    ["anonymous", "Anonymous", "Restricted", "+266696687", "+7378742833", "unknown", "", "sip:x@y", "+", "'; --"],
)
def test_who_hides_is_heard_and_cannot_be_answered(house: House, post: Poster, sender: str) -> None:
    form = a_text(sender, f"vi un asalto, soy {sender.encode().hex()}")
    answer = post.signed("/sms", form)
    assert (answer.status, answer.says_nothing) == (200, True)
    case = house.case_of(dict(form)["MessageSid"])
    assert "asalto" in case.story
    (row,) = house.database.rows(f"SELECT return_address FROM reports WHERE id = '{case.id}'")
    assert row["return_address"] is None


@pytest.mark.parametrize("spelling", ["+521{}", "521{}", "52{}", "044{}", "{}", "+52 {}", "+52 1 {}"])
def test_one_caller_however_the_network_spells_them(house: House, post: Poster, spelling: str) -> None:
    number = new_number()
    first, second = a_text(number, "robo en la tienda"), a_text(spelling.format(number[3:]), "fueron dos muchachos")
    assert clave_in(spoken(post.signed("/sms", first)))
    assert post.signed("/sms", second).says_nothing, "so soon after the first it is the rest of it"
    house.all_filed()
    case = house.case_of(dict(first)["MessageSid"])
    assert case.id == house.case_of(dict(second)["MessageSid"]).id
    assert "dos muchachos" in case.story


@pytest.mark.parametrize("times", [10])
def test_the_same_message_ten_times_at_once(house: House, post: Poster, times: int) -> None:
    before = house.count("reports")
    form = a_text(new_number(), "se metieron a robar a la casa de al lado")
    with ThreadPoolExecutor(times) as pool:
        answers = list(pool.map(lambda _: post.signed("/sms", form), range(times)))
    assert [answer.status for answer in answers] == [200] * times
    assert sum(not answer.says_nothing for answer in answers) == 1
    house.all_filed()
    assert house.count("reports") == before + 1
    assert house.case_of(dict(form)["MessageSid"]).texts == ("se metieron a robar a la casa de al lado",)


def test_a_long_text_in_parts_at_once_is_one_report(house: House, post: Poster) -> None:
    number = new_number()
    forms = [a_text(number, f"parte {part} de lo que paso en el mercado") for part in range(8)]
    with ThreadPoolExecutor(len(forms)) as pool:
        answers = list(pool.map(lambda form: post.signed("/sms", form), forms))
    assert {answer.status for answer in answers} == {200}
    house.all_filed()
    cases = {house.case_of(dict(form)["MessageSid"]).id for form in forms}
    assert len(cases) == 1
    assert sum("clave: " in answer.text for answer in answers) == 1


def test_a_flood_costs_one_answer_and_is_heard_whole(house: House, post: Poster) -> None:
    number = new_number()
    answers = [post.signed("/sms", a_text(number, f"mensaje {n}")) for n in range(15)]
    assert [answer.says_nothing for answer in answers] == [False] + [True] * 14
    house.all_filed()
    assert len(house.case_about("mensaje 14").texts) == 15


def test_a_liaison_may_report_too(house: House, post: Poster) -> None:
    liaison = house.liaison("Iris Mora", areas=("09013",))
    (answer,) = liaison.phone.texts("vi que asaltaron a una senora en la parada del camion")
    case = house.case_about("parada del camion")
    assert house.opens(clave_in(answer.body)) == case.id
    (unknown,) = liaison.phone.texts("OK ZZZZ9")
    assert "No encontramos" in unknown.body


def test_ok_and_a_code_from_a_stranger_is_a_report(house: House, post: Poster) -> None:
    form = a_text(new_number(), "OK K7M2P")
    assert clave_in(spoken(post.signed("/sms", form)))
    assert house.case_of(dict(form)["MessageSid"]).story == "OK K7M2P"


@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-www-form-urlencoded",
        "Application/X-WWW-Form-UrlEncoded; Charset=utf-8",
        "application/x-www-form-urlencoded;charset=iso-8859-1",
        FORM,
    ],
)
def test_a_form_by_any_name(house: House, post: Poster, content_type: str) -> None:
    form = a_text(new_number(), "señales de robo en Peñón")
    assert post.signed("/sms", form, content_type).status == 200
    assert "Peñón" in house.case_of(dict(form)["MessageSid"]).story


def test_a_parameter_given_twice(house: House, post: Poster) -> None:
    """Twilio signs repeated parameters sorted and once each."""
    form = [*a_text(new_number(), "robo doble"), ("Body", "otra vez"), ("Extra", "b"), ("Extra", "a")]
    assert post.signed("/sms", form).status == 200
    assert "robo doble" in house.case_of(dict(form[:1])["MessageSid"]).story


@pytest.mark.parametrize(
    ("path", "extra"),
    [
        ("/voice/menu", {"Digits": "ñ"}),
        ("/voice/menu?tries=x", {"Digits": "1"}),
        ("/voice/menu?tries=-3", {"Digits": "9" * 500}),
        ("/voice/menu?tries=99999999999999999999", {}),
        ("/voice/menu?at=kinds&tries=1", {"Digits": "１"}),
        ("/voice/menu", {"Digits": "\x00"}),
        ("/voice/place", {"Digits": "*#*#"}),
        ("/voice/place?tries=0", {"Digits": "99999" * 40}),
        ("/voice/story?round=x&told=x", {"SpeechResult": "robo\x00 😱"}),
        ("/voice/story?round=-1", {"SpeechResult": "palabra " * 2000, "Confidence": "x"}),
        ("/voice/story?round=1", {"SpeechResult": "", "Digits": "hangup"}),
        ("/voice/story/partial", {}),
        ("/receipts/sms", {"MessageSid": new_sid("SM"), "MessageStatus": "delivered", "ErrorCode": "x"}),
        ("/receipts/sms", {"MessageSid": new_sid("SM")}),
        ("/receipts/sms?delivery=nadie", {"MessageSid": new_sid("SM"), "MessageStatus": "delivered"}),
        ("/receipts/sms?delivery=" + "x" * 3000, {"MessageSid": new_sid("SM"), "MessageStatus": "failed"}),
        ("/receipts/call", {"CallStatus": "completed", "CallDuration": "x"}),
        ("/receipts/call", {"CallStatus": "what"}),
    ],
)
def test_odd_steps_and_receipts(post: Poster, path: str, extra: dict[str, str | None]) -> None:
    answer = post.signed(path, a_call(new_number(), **extra))
    assert answer.status in (200, 204)


def test_half_a_sentence_with_an_odd_number(house: House, post: Poster) -> None:
    form = a_call(new_number(), UnstableSpeechResult="se llev", SequenceNumber="x")
    assert post.signed("/voice/story/partial?round=1", form).status == 204
    ended = a_call(new_number(), CallSid=dict(form)["CallSid"], CallStatus="completed")
    assert post.signed("/receipts/call", ended).status in (200, 204)
    assert house.case_of(dict(form)["CallSid"]).story == "se llev"


def test_every_hidden_caller_may_speak(house: House, post: Poster) -> None:
    for sender in ("anonymous", "Restricted", "+266696687", ""):
        form = a_call(sender, SpeechResult=f"asalto en el puente, me oculto {sender[1:4]}")
        assert post.signed("/voice/story?round=1&tries=0&told=0", form).status == 200
        assert "asalto en el puente" in house.case_of(dict(form)["CallSid"]).story


# Nothing the carrier makes, but signed: it must not stand in the way of what comes after it.
@pytest.mark.parametrize("odd", ["SM\x00nul", "S" * 64, "SM' OR 1=1 --", "SM/../../x", "ñ" * 60, " SMblank "])
def test_odd_ids_stop_nobody(house: House, post: Poster, odd: str) -> None:
    assert post.signed("/sms", a_text(new_number(), "con un id raro", MessageSid=odd)).status in (200, 400)
    assert post.signed("/voice/story?round=1", a_call(new_number(), SpeechResult="hola", CallSid=odd)).status in (
        200,
        400,
    )
    form = a_text(new_number(), "y despues uno bueno")
    assert clave_in(spoken(post.signed("/sms", form)))
    assert house.case_of(dict(form)["MessageSid"]).story == "y despues uno bueno"
    house.all_filed()


def test_nothing_was_lost_and_nothing_waits(house: House, post: Poster) -> None:
    """Runs last: every answered text of this module has been filed."""
    house.all_filed()
    until(
        lambda: house.count("messages", "sealed IS NOT NULL AND state = 'filed'") == 0, 5, "originals to be destroyed"
    )
    assert house.count("reports", "code IS NULL") == 0
    assert NUMBER not in house.logs().decode("utf-8", "replace")
