"""Keys: what one locks the right one opens, in its own place only; and key folders of every sort."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from stdnum import damm

from hotline import phones
from hotline.personal import Phone
from hotline.vault import CannotOpen, KeyFile, SessionKey, Vault, VaultError, list_keys, new_keys, seal_for

PLAIN = "se llevaron a mi hijo ñ".encode()
WEB = ("seal-*.private", "field-*.secret")


@pytest.fixture
def folder(keys: Path, tmp_path: Path) -> Path:
    """A copy of the run's keys, to be spoiled."""
    return Path(shutil.copytree(keys, tmp_path / "keys"))


def test_a_sealed_message_opens(vault: Vault) -> None:
    sealed = vault.seal(PLAIN)
    assert PLAIN not in sealed
    assert vault.open(sealed) == PLAIN
    assert vault.seal(PLAIN) != sealed, "equal words must not look equal"


def test_the_web_machine_can_lock_and_not_unlock(folder: Path, vault: Vault) -> None:
    for pattern in WEB:
        for path in folder.glob(pattern):
            path.unlink()
    web = Vault.open_folder(folder)
    assert web.can_seal and not web.can_open
    sealed = web.seal(PLAIN)
    with pytest.raises(CannotOpen):
        web.open(sealed)
    with pytest.raises(VaultError, match="keys new"):
        web.encrypt(PLAIN, about="x")
    assert vault.open(sealed) == PLAIN
    assert web.pseudonym(Phone("+525512345678")) == vault.pseudonym(Phone("+525512345678"))
    assert web.clave("report") == vault.clave("report")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda sealed: b"",
        lambda sealed: sealed[:8],
        lambda sealed: sealed[:-1],
        lambda sealed: b"12345678" + sealed[8:],
        lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1]),
        lambda sealed: sealed[:20] + bytes([sealed[20] ^ 1]) + sealed[21:],
    ],
)
def test_what_is_damaged_does_not_open_and_does_not_show(vault: Vault, spoil: Callable[[bytes], bytes]) -> None:
    for opens, locked in (
        (vault.open, vault.seal(PLAIN)),
        (lambda cipher: vault.decrypt(cipher, about="a"), vault.encrypt(PLAIN, about="a")),
    ):
        with pytest.raises(CannotOpen) as error:
            opens(spoil(locked))
        assert "hijo" not in str(error.value) and "\n" not in str(error.value)


def test_another_house_opens_nothing(vault: Vault, tmp_path: Path) -> None:
    new_keys(tmp_path)
    other = Vault.open_folder(tmp_path)
    with pytest.raises(CannotOpen):
        other.open(vault.seal(PLAIN))
    with pytest.raises(CannotOpen):
        other.decrypt(vault.encrypt(PLAIN, about="x"), about="x")
    assert other.clave("report") != vault.clave("report")
    assert other.pseudonym(Phone("+525512345678")) != vault.pseudonym(Phone("+525512345678"))


@pytest.mark.parametrize("elsewhere", ["report:2:text", "report:1:return_address", "report:1", ""])
def test_a_field_that_was_moved_does_not_open(vault: Vault, elsewhere: str) -> None:
    cipher = vault.encrypt(PLAIN, about="report:1:text")
    assert vault.decrypt(cipher, about="report:1:text") == PLAIN
    with pytest.raises(CannotOpen):
        vault.decrypt(cipher, about=elsewhere)


# Key folders


def test_new_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    made = new_keys(tmp_path / "deep" / "keys")
    assert {(key.kind, key.parts) for key in made} == {
        ("seal", ("private", "public")), ("field", ("secret",)), ("pseudonym", ("secret",)), ("clave", ("secret",)),
    }  # fmt: skip
    folder = tmp_path / "deep" / "keys"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert sorted(list_keys(folder), key=str) == sorted(made, key=str)
    assert len({path.read_text() for path in folder.iterdir()}) == 5, "two keys are the same"


def test_old_keys_open_and_the_newest_lock(folder: Path, vault: Vault) -> None:
    sealed, cipher = vault.seal(PLAIN), vault.encrypt(PLAIN, about="x")
    # Ids begin with the date, so that a key made later sorts last.
    for path in list(folder.iterdir()):
        path.rename(folder / path.name.replace("-20", "-19"))
    before = Vault.open_folder(folder)
    old = before.seal(PLAIN), before.encrypt(PLAIN, about="x")
    new_keys(folder, ("seal", "field"))
    rotated = Vault.open_folder(folder)
    assert rotated.open(old[0]) == rotated.decrypt(old[1], about="x") == PLAIN
    assert rotated.seal(PLAIN)[:8] != old[0][:8]
    assert rotated.encrypt(PLAIN, about="x")[:8] != old[1][:8]
    with pytest.raises(CannotOpen):
        before.open(rotated.seal(PLAIN))
    assert rotated.pseudonym(Phone("911")) == before.pseudonym(Phone("911"))
    assert rotated.clave("report") == before.clave("report")
    with pytest.raises(CannotOpen):
        rotated.open(sealed)
    with pytest.raises(CannotOpen):
        rotated.decrypt(cipher, about="x")


def test_a_second_pseudonym_or_clave_key_changes_no_name_and_no_clave(folder: Path, vault: Vault) -> None:
    before = vault.pseudonym(Phone("911")), vault.fingerprint("TELEFONO", "1"), vault.clave("r"), vault.report_id("SM1")
    for path in list(folder.iterdir()):
        path.rename(folder / path.name.replace("-20", "-19"))
    new_keys(folder, ("pseudonym", "clave"))
    after = Vault.open_folder(folder)
    assert (
        after.pseudonym(Phone("911")),
        after.fingerprint("TELEFONO", "1"),
        after.clave("r"),
        after.report_id("SM1"),
    ) == before


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("seal-{id}.public", "", "does not hold a key"),
        ("seal-{id}.private", "no es base64!", "does not hold a key"),
        ("field-{id}.secret", "c2hvcnQ=", "does not hold a key"),
        ("clave-{id}.secret", "ñ" * 44, "does not hold a key"),
        ("notes.secret", "x", "not a key of the hotline"),
        ("server.private", "x", "not a key of the hotline"),
        ("seal-1.secret", "x", "not a key of the hotline"),
        ("field-1.public", "x", "not a key of the hotline"),
        ("other-1.secret", "x", "not a key of the hotline"),
        ("seal.public", "x", "not a key of the hotline"),
    ],
)
def test_a_file_that_is_no_key_is_named_in_one_line(folder: Path, name: str, content: str, reason: str) -> None:
    path = folder / name.format(id=list_keys(folder)[0].id)
    path.write_text(content, encoding="utf-8")
    with pytest.raises(VaultError) as error:
        Vault.open_folder(folder)
    assert str(error.value).startswith(f"{path}: ") and reason in str(error.value)
    assert "\n" not in str(error.value) and (len(content) < 5 or content not in str(error.value))


def test_other_files_beside_the_keys_are_left_alone(folder: Path) -> None:
    (folder / "README.txt").write_text("copy these")
    assert Vault.open_folder(folder).can_open


@pytest.mark.parametrize("missing", ["seal", "field", "pseudonym", "clave"])
def test_a_missing_key_is_noticed(folder: Path, missing: str) -> None:
    for path in folder.glob(f"{missing}-*"):
        path.unlink()
    vault = Vault.open_folder(folder)
    assert not (vault.can_seal and vault.can_open)
    acts: dict[str, list[Callable[[], object]]] = {
        "seal": [lambda: vault.seal(PLAIN)],
        "field": [lambda: vault.encrypt(PLAIN, about="x")],
        "pseudonym": [lambda: vault.pseudonym(Phone("911")), lambda: vault.fingerprint("OTRO", "x")],
        "clave": [lambda: vault.clave("r"), lambda: vault.clave_hash("1"), lambda: vault.report_id("SM1")],
    }
    for act in acts[missing]:
        with pytest.raises(VaultError, match="keys new"):
            act()


def test_no_folder_is_an_empty_one(tmp_path: Path) -> None:
    assert list_keys(tmp_path / "none") == []
    empty = Vault.open_folder(tmp_path / "none")
    assert not empty.can_seal and not empty.can_open


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir(mode=0o000)
    for act in (list_keys, Vault.open_folder, new_keys):
        with pytest.raises(VaultError, match=str(tmp_path / "keys")):
            act(tmp_path / "keys")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(VaultError, match=str(tmp_path / "file")):
        new_keys(tmp_path / "file" / "keys")
    with pytest.raises(VaultError, match=str(tmp_path / "file")):
        list_keys(tmp_path / "file")


def test_the_day_a_key_was_made_is_in_its_name() -> None:
    assert KeyFile("seal", "20261123T101112-ab12", ("public",)).made == "2026-11-23"


# Names


def test_claves_have_ten_digits_and_a_check_digit(vault: Vault) -> None:
    claves = [vault.clave(f"report-{n}") for n in range(300)]
    assert len(set(claves)) == 300
    for clave in claves:
        assert len(clave) == 10 and clave.isdigit() and damm.is_valid(clave)
        for place in range(10):
            wrong = clave[:place] + str((int(clave[place]) + 1) % 10) + clave[place + 1 :]
            assert not damm.is_valid(wrong)
    assert vault.clave("report-1") == claves[1] != vault.clave("report-1", 1)


def test_a_clave_is_not_told_by_its_hash_nor_by_its_report(vault: Vault) -> None:
    clave = vault.clave("r")
    assert clave not in vault.clave_hash(clave) and len(vault.clave_hash(clave)) == 32
    assert vault.clave_hash(clave) == vault.clave_hash(clave) != vault.clave_hash(vault.clave("s"))


@pytest.mark.parametrize("written", ["+525512345678", "+5215512345678", "044 55 1234 5678", "5512345678"])
def test_one_phone_has_one_pseudonym_however_it_is_written(vault: Vault, written: str) -> None:
    phone = phones.identity(written)
    assert phone is not None
    name = vault.pseudonym(phone)
    assert name == vault.pseudonym(Phone("+525512345678"))
    assert len(name) == 32 and "5512345678" not in name


def test_names_of_different_sorts_never_meet(vault: Vault) -> None:
    same = "5512345678"
    names = [
        vault.pseudonym(Phone(same)), vault.fingerprint("TELEFONO", same), vault.fingerprint("CUENTA", same),
        vault.report_id(same), vault.clave_hash(same),
    ]  # fmt: skip
    assert len(set(names)) == len(names)


def test_what_is_sealed_to_a_session_opens_with_its_token_only() -> None:
    key = SessionKey(b"t" * 32)
    sealed = seal_for(key.public, b"words")
    assert SessionKey(b"t" * 32).open(sealed) == b"words"
    for stranger in (SessionKey(b"u" * 32), SessionKey(b"t" * 31)):
        with pytest.raises(CannotOpen):
            stranger.open(sealed)
    with pytest.raises(CannotOpen):
        key.open(sealed[:-1])
    assert b"t" * 8 not in key.public + bytes.fromhex(key.id)


def test_derived_keys_and_chains_depend_on_the_folder_and_on_everything_put_in(vault: Vault, tmp_path: Path) -> None:
    new_keys(tmp_path)
    other = Vault.open_folder(tmp_path)
    assert len({vault.derived("a"), vault.derived("b"), other.derived("a")}) == 3
    links = {vault.link("", b"x"), vault.link("", b"y"), vault.link("1", b"x"), other.link("", b"x")}
    assert len(links) == 4
    assert vault.link("1", b"x") == vault.link("1", b"x")
