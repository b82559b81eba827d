"""Logs say where and never what. Each in a process of its own, as logging is set up once a process."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap

import pytest
from harness.processes import ROOT

SECRETS = ("5512345678", "Lupita", "se llevaron")
RAISE = "raise ValueError('le marcan a Lupita del 5512345678: se llevaron a mi hijo')"


def logged(code: str) -> str:
    program = "from hotline import logs\nfrom hotline.logs import log, describe\nlogs.configure()\n" + textwrap.dedent(
        code
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False)
    return done.stderr


@pytest.mark.parametrize(
    "says",
    [
        "log('x').exception('failed')",
        "log('x').error('failed', exc_info=error)",
        "log('x').error('failed', cause=describe(error))",
        "logging.getLogger('rq.worker').exception('failed')",
        "logging.getLogger('gunicorn.error').error('failed', exc_info=True)",
        "logging.getLogger('x').error('failed', stack_info=True)",
    ],
)
def test_an_exceptions_words_are_not_logged(says: str) -> None:
    said = logged(f"import logging\ntry:\n    {RAISE}\nexcept ValueError as error:\n    {says}")
    assert "failed" in said
    assert not any(secret in said for secret in SECRETS), said


def test_a_databases_error_does_not_quote_what_it_was_given() -> None:
    said = logged(
        """
        import logging, tempfile
        from pathlib import Path
        from sqlalchemy import text
        from sqlalchemy.exc import SQLAlchemyError
        from hotline.store import migrating
        from hotline.store.engine import connect
        url = f"sqlite:///{Path(tempfile.mkdtemp()) / 'hotline.db'}"
        migrating.upgrade(url)
        engine = connect(url)
        values = {"id": "Lupita 5512345678"}
        for _ in range(2):
            try:
                with engine.begin() as connection:
                    connection.execute(text("INSERT INTO erasures VALUES (:id, '2026-01-01', 0, NULL, NULL)"), values)
            except SQLAlchemyError as error:
                log("x").error("refused", cause=describe(error), exc_info=error)
                logging.getLogger("gunicorn.error").error("refused", exc_info=True)
                logging.getLogger("x").error("refused: %s", error)
        """
    )
    assert said.count("refused") == 3 and "IntegrityError" in said
    assert not any(secret in said for secret in SECRETS), said


def test_a_line_is_an_object_that_says_when_where_and_how_bad() -> None:
    said = logged(f"try:\n    {RAISE}\nexcept ValueError:\n    log('filing').exception('not filed', report='r1')")
    [line] = said.splitlines()
    entry = json.loads(line)
    assert (entry["event"], entry["room"], entry["report"], entry["level"]) == ("not filed", "filing", "r1", "error")
    assert entry["error"].startswith("ValueError at ") and entry["timestamp"].endswith("Z")


def test_personal_data_do_not_show_themselves_in_a_line() -> None:
    said = logged("from hotline.personal import Phone\nlog('x').info('call', caller=str(Phone('5512345678')))")
    assert "call" in said and "5512345678" not in said


def test_those_that_talk_much_are_quiet() -> None:
    said = logged(
        "import logging\n"
        "for name in ('twilio', 'urllib3', 'sqlalchemy.engine', 'alembic'):\n"
        "    logging.getLogger(name).info('POST to +525512345678')\n"
        "log('x').debug('5512345678')\n"
    )
    assert said == ""


def test_the_place_told_is_ours_where_there_is_one() -> None:
    said = logged(
        """
        from hotline.settings import SmtpAddress
        try:
            SmtpAddress.parse("smtp://x:puerto")
        except ValueError as error:
            log("x").error("bad", cause=describe(error))
        """
    )
    assert "ValueError at settings.py:" in said
