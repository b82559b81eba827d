"""What a digest says, in mail and in text: masked stories, escaped, coarse in time, cut to what fits."""

from __future__ import annotations

from datetime import datetime, timedelta
from html.parser import HTMLParser

import pytest
from furniture import add_liaison, change, rows
from sqlalchemy import insert, select, update

from hotline.language.gsm import is_gsm7, segments, to_gsm7
from hotline.store.engine import utcnow
from hotline.store.schema import deliveries, digest_entries, reports
from workers import telling
from workers.casebook import Case, Part, lock_parts
from workers.digests import composing, schedule
from workers.mail import Letter
from workers.office import Office

MADE = datetime(2026, 11, 23, 8, 0)  # noqa: DTZ001 - local, as it is printed
OPENED = datetime(2026, 11, 22, 20, 43, 59)  # noqa: DTZ001 - UTC, as the tables hold it: 14:43 in Mexico City


def case(
    n: int = 1, story: str | None = "me vendieron un coche", urgency: str | None = "P3", **fields: str | None
) -> Case:
    known: dict[str, str | None] = {"kind": "fraude", "area": "09007", "state": "09", **fields}
    return Case(
        f"r{n}", f"K7M{n:02}", known["kind"], urgency, known["area"], known["state"],
        OPENED + timedelta(minutes=n), (Part(story),),
    )  # fmt: skip


def letter(office: Office, *cases: Case) -> Letter:
    return composing.render(office, composing.digest_of(office, list(cases)), MADE)


def test_both_forms_say_what_is_needed(office: Office) -> None:
    made = letter(office, case())
    for form in (made.text, made.html):
        for words in ("K7M01", "Fraude", "Iztapalapa", "me vendieron un coche", "P3", "OK K7M01", "22 de noviembre"):
            assert words in form
    assert made.subject == "Casos nuevos para usted: 1, 23 de noviembre"


def test_graver_cases_come_first_then_older_ones(office: Office) -> None:
    made = letter(office, case(3), case(1), case(2, urgency="P1"), case(4, urgency=None))
    for form in (made.text, made.html):
        places = [form.index(code) for code in ("K7M02", "K7M01", "K7M03", "K7M04")]
        assert places == sorted(places)


@pytest.mark.parametrize(
    "story", ["<script>alert(1)</script>", "<b>1 & 2</b>", "\"'><img src=x onerror=y>", "{{ digest }}", "{% raw %}"]
)
def test_a_story_is_words_and_never_markup(office: Office, story: str) -> None:
    class Tags(HTMLParser):
        seen: set[str] = set()  # noqa: RUF012 - one parser a test
        words = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.seen.add(tag)

        def handle_data(self, data: str) -> None:
            self.words += data

    plain, told = Tags(), Tags()
    plain.seen, told.seen = set(), set()
    plain.feed(letter(office, case(story="x")).html)
    told.feed(letter(office, case(story=story)).html)
    assert told.seen == plain.seen
    assert story in told.words
    assert story in letter(office, case(story=story)).text


def test_no_exact_time_and_no_utc(office: Office) -> None:
    made = letter(office, case())
    for form in (made.text, made.html):
        assert "14:30" in form
        assert not any(exact in form for exact in ("14:43", "14:44", "14:45", "20:", ":59"))


def test_the_html_asks_for_nothing_from_elsewhere(office: Office) -> None:
    html = letter(office, case()).html
    assert "http" not in html.replace("http-equiv", "") and "src=" not in html and "<script" not in html


@pytest.mark.parametrize(("story", "said"), [(None, "El texto está retenido"), ("", "")], ids=["held", "empty"])
def test_what_is_held_is_said_to_be_held(office: Office, story: str | None, said: str) -> None:
    assert said in letter(office, case(story=story)).text


def test_a_wordless_call_is_said_to_be_one(office: Office) -> None:
    wordless = Case("r1", "K7M01", None, None, None, None, OPENED, ())
    text = letter(office, wordless).text
    assert "La llamada se cortó" in text and "Por clasificar" in text and "lugar sin precisar" in text


# By text


def waits(office: Office, *, email: str | None, stories: list[str]) -> None:
    """A liaison and cases that wait for them; the digest is made."""
    liaison = add_liaison(office.engine, office.vault, email=email, since=utcnow() - timedelta(days=3))
    for n, story in enumerate(stories):
        row = {
            "id": f"r{n}", "code": f"K7M{n:02}", "channel": "sms", "opened_at": OPENED, "status": "filed",
            "filed_at": OPENED, "kind": list(office.profile.kinds)[n % 10], "urgency": "P3", "area": "09010",
            "state": "09", "text": lock_parts(office.vault, f"r{n}", [Part(story)]),
        }  # fmt: skip
        change(office.engine, insert(reports).values(row))
        change(office.engine, insert(digest_entries).values(liaison_id=liaison, report_id=f"r{n}"))
    assert schedule.send_everything(office) == 1


def text_message(office: Office) -> str:
    [row] = [row for row in rows(office.engine, select(deliveries)) if row["channel"] == "sms"]
    with office.engine.connect() as connection:
        found = connection.execute(select(deliveries).where(deliveries.c.id == row["id"])).one()
    return to_gsm7(telling.text_of(office, found))


@pytest.mark.parametrize("count", [1, 4, 10, 200])
def test_with_mail_the_text_only_counts(office: Office, count: int) -> None:
    waits(office, email="uno@enlace.example", stories=["me vendieron un coche"] * count)
    said = text_message(office)
    assert str(count) in said and "coche" not in said and "K7M" not in said
    assert is_gsm7(said) and segments(said) <= 2


def test_with_mail_the_text_also_says_what_waits_and_repeats(office: Office) -> None:
    waits(office, email="uno@enlace.example", stories=["me vendieron un coche"] * 3)
    liaison = rows(office.engine, select(deliveries))[0]["liaison_id"]
    late = {
        "id": "w",
        "code": "W3W3W",
        "opened_at": utcnow() - timedelta(hours=5, minutes=30),
        "acknowledged_by": liaison,
    }
    row = rows(office.engine, select(reports))[0] | late | {"status": "acknowledged"}
    change(office.engine, insert(reports).values(row))
    said = text_message(office)
    assert "Tiene pendiente W3W3W, hace 5 horas" in said and "correo" in said and segments(said) <= 2


def test_who_attends_to_a_case_is_said_and_it_is_no_example(office: Office) -> None:
    waits(office, email="uno@enlace.example", stories=["uno", "dos", "tres"])
    me = rows(office.engine, select(deliveries))[0]["liaison_id"]
    other = add_liaison(office.engine, office.vault, "Ana Prima")
    taken = {"acknowledged_by": other, "status": "acknowledged"}
    change(office.engine, update(reports).where(reports.c.id == "r0").values(**taken))
    digest = rows(office.engine, select(deliveries))[0]["subject"]
    with office.engine.connect() as connection:
        made = composing.letter(office, connection, digest)
    for form in (made.text, made.html):
        assert "lo atiende Ana Prima" in form and "OK K7M01" in form and "OK K7M00" not in form
        assert form.index("K7M01") < form.index("K7M00")
    assert me != other


@pytest.mark.parametrize("length", [5, *range(20, 320, 15), 1600])
@pytest.mark.parametrize("count", [1, 5])
def test_without_mail_every_case_has_its_line_in_two_segments(office: Office, count: int, length: int) -> None:
    waits(office, email=None, stories=["é" * length] * count)
    said = text_message(office)
    assert is_gsm7(said) and segments(said) <= 2
    assert all(f"K7M{n:02}" in said for n in range(count))
    assert "VER" in said
