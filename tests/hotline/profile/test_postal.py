"""The postal service's catalogue: read as it comes, told what is wrong with it, and used to find places."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from hotline import cli
from hotline.profile import Place, load
from hotline.profile.reader import ProfileError

NOTICE = "El Catálogo Nacional de Códigos Postales, es elaborado por Correos de México…"
HEADER = (
    "d_codigo|d_asenta|d_tipo_asenta|D_mnpio|d_estado|d_ciudad|d_CP|c_estado|c_oficina|c_CP|c_tipo_asenta|c_mnpio|"
    "id_asenta_cpcons|d_zona|c_cve_ciudad"
)


def row(code: str, name: str, state: str, municipality: str) -> str:
    return f"{code}|{name}|Colonia|x|y|z|{code}|{state}|{code}||09|{municipality}|0001|Urbano|01"


ROWS = (
    row("09999", "Villa Inventada", "09", "007"),
    row("09010", "San Repetido", "09", "007"),
    row("14999", "Peña Quemada Alta", "09", "012"),
    row("55555", "San Repetido", "15", "033"),
    # A code whose first two digits say another place.
    row("16999", "La Frontera Rara", "09", "012"),
    row("62000", "Cuernavaca Centro", "17", "007"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(Path(cli.__file__).parent / "profile" / "osc", tmp_path / "mine")
    return tmp_path / "mine"


def imported(folder: Path, lines: tuple[str, ...], encoding: str = "latin-1") -> Result:
    file = folder.parent / "CPdescarga.txt"
    file.write_bytes("\r\n".join(lines).encode(encoding, "replace"))
    app = Flask("commands")
    cli.register(app)
    runner = app.test_cli_runner()
    return runner.invoke(args=["profile", "import-postal", str(file)], env={"HOTLINE_PROFILE": str(folder)})


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
def test_the_catalogue_is_used_to_find_places(folder: Path, encoding: str) -> None:
    done = imported(folder, (NOTICE, HEADER, *ROWS), encoding)
    assert done.exit_code == 0, done.stderr
    assert "4 postal codes and 3 names" in done.stdout
    profile = load.__wrapped__(str(folder))
    find = profile.places.find
    assert find("me asaltaron, cp 16999") == Place("09012", "09"), "the whole code tells more than its beginning"
    assert find("me asaltaron, cp 16998") == Place("09013", "09")
    assert find("cp 62000") == Place(None, "17")
    assert find("en la colonia villa inventada") == Place("09007", "09")
    assert find("en la col. peña quemada alta") == Place("09012", "09")
    assert find("en la colonia san repetido").area is None, "two places bear this name"
    assert find("fue una villa inventada por ellos").area is None, "without the word for a neighbourhood it is none"


def test_importing_again_replaces(folder: Path) -> None:
    for rows in (ROWS, ROWS[:1]):
        assert imported(folder, (NOTICE, HEADER, *rows)).exit_code == 0
    assert load.__wrapped__(str(folder)).by_postal_code("16999") == Place("09013", "09")


# lines of the file, what the complaint says
@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (("<?xml version='1.0'?>",), "line 1: this is the XML"),
        ((NOTICE,), "line 1: no header"),
        ((NOTICE, HEADER.replace("c_mnpio|", "")), "line 2: the header lacks c_mnpio"),
        ((NOTICE, HEADER), "line 2: no settlement"),
        ((NOTICE, HEADER, ROWS[0], ROWS[1] + "|x"), "line 4: 16 columns where the header has 15"),
        ((NOTICE, HEADER, row("0999", "X", "09", "007")), "line 3: d_codigo must be five digits"),
        ((NOTICE, HEADER, row("09999", "X", "9", "007")), "line 3: c_estado must be two digits"),
        ((NOTICE, HEADER, row("09999", "X", "09", "7")), "line 3: c_mnpio must be three digits"),
        ((NOTICE, HEADER, row("62000", "Centro", "17", "007")), "no postal code of this profile's areas"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(folder: Path, lines: tuple[str, ...], says: str) -> None:
    done = imported(folder, lines)
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1 and says in done.stderr
    assert not (folder / "postal.txt").exists()


def test_a_file_that_is_not_there(folder: Path) -> None:
    app = Flask("commands")
    cli.register(app)
    done = app.test_cli_runner().invoke(args=["profile", "import-postal", "/nowhere/x.txt"])
    assert done.exit_code == 1 and "/nowhere/x.txt: cannot be read" in done.stderr


def test_a_damaged_file_of_the_profile_is_told(folder: Path) -> None:
    (folder / "postal.txt").write_text("09007|09999\n")
    with pytest.raises(ProfileError, match=r"mine/postal\.txt: line 1: .*import-postal"):
        load.__wrapped__(str(folder))
