"""The spool: whole or not at all, once, readable by nobody, and drained once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from furniture import CALLER, arrival
from harness.processes import ROOT

from hotline.spool import Spool, SpoolError
from hotline.store.engine import utcnow
from hotline.vault import Vault


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


def waiting(spool: Spool, limit: int = 100) -> list[tuple[Path, str]]:
    with spool.draining() as mine:
        assert mine
        return [(path, found.id) for path, found in spool.waiting(limit)]


def test_what_goes_in_comes_out_as_it_was(spool: Spool, vault: Vault) -> None:
    now = utcnow()
    full = arrival(
        vault, "se llevaron a mi hijo", at=now, ready_at=now + timedelta(seconds=20), names_place=True, joins=False,
        supersedes=True, wants_answer=False, channel="voz",
    )  # fmt: skip
    plain = arrival(vault, "ñ 💥", sender=None, at=now + timedelta(seconds=1))
    assert spool.put(full) and spool.put(plain)
    with spool.draining():
        assert [found for _, found in spool.waiting(10)] == [full, plain]
    assert spool.count() == 2


def test_the_same_message_again_is_kept_once(spool: Spool, vault: Vault) -> None:
    one = arrival(vault, "una vez", id="SM1")
    assert spool.put(one) is True
    assert spool.put(replace(one, received_at=one.received_at + timedelta(minutes=1))) is False
    with spool.draining():
        assert [found for _, found in spool.waiting(10)] == [one]


def test_what_was_said_so_far_gives_way_to_what_is_said_now(spool: Spool, vault: Vault) -> None:
    for words in ("se", "se llevaron", "se llevaron a mi hijo"):
        last = arrival(vault, words, id="CA1:story:1:partial", report="CA1", supersedes=True)
        assert spool.put(last)
    with spool.draining():
        assert [found for _, found in spool.waiting(10)] == [last]


def test_the_oldest_come_first(spool: Spool, vault: Vault) -> None:
    now = utcnow()
    for n in (3, 1, 2, 0):
        spool.put(arrival(vault, "x", id=f"SM{n}", at=now + timedelta(seconds=n)))
    assert [id for _, id in waiting(spool)] == ["SM0", "SM1", "SM2", "SM3"]
    assert [id for _, id in waiting(spool, 2)] == ["SM0", "SM1"]


def test_nothing_readable_lies_there(spool: Spool, vault: Vault, tmp_path: Path) -> None:
    spool.put(arrival(vault, "soy Lupita", id="SM777"))
    [path] = (tmp_path / "spool").iterdir()
    content = path.read_bytes()
    for secret in ("Lupita", CALLER, "5512340001"):
        assert secret.encode() not in content
    assert "SM777" not in path.name
    assert (tmp_path / "spool").stat().st_mode & 0o777 == 0o700


def test_what_the_database_holds_is_forgotten(spool: Spool, vault: Vault) -> None:
    for n in range(3):
        spool.put(arrival(vault, "x", id=f"SM{n}"))
    (first, _), *_ = waiting(spool)
    spool.discard([first, first])
    assert spool.count() == 2


def test_one_process_drains_at_a_time(spool: Spool, vault: Vault) -> None:
    spool.put(arrival(vault, "x"))
    with spool.draining() as mine, spool.draining() as other:
        assert mine and not other
    with spool.draining() as again:
        assert again


def test_an_empty_house_has_nothing_to_drain(spool: Spool) -> None:
    with spool.draining() as mine:
        assert not mine
    assert spool.count() == 0 and spool.writable()


def test_a_disk_that_cannot_be_written_is_said_in_one_line(tmp_path: Path, vault: Vault) -> None:
    (tmp_path / "spool").write_text("a file where a folder should be")
    spool = Spool(tmp_path / "spool")
    assert not spool.writable()
    with pytest.raises(SpoolError) as error:
        spool.put(arrival(vault, "soy Lupita"))
    assert str(tmp_path / "spool") in str(error.value) and "\n" not in str(error.value)


def test_a_full_disk_leaves_nothing_half_written(spool: Spool, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SpoolError, match="No space left"):
        spool.put(arrival(vault, "x"))
    monkeypatch.undo()
    assert spool.count() == 0


def test_a_damaged_file_does_not_keep_the_others_waiting(spool: Spool, vault: Vault, tmp_path: Path) -> None:
    spool.put(arrival(vault, "x", id="SM1"))
    spool.put(arrival(vault, "y", id="SM2"))
    (path, _), *_ = waiting(spool)
    path.write_bytes(b"{")
    assert [id for _, id in waiting(spool)] == ["SM2"]
    assert len(list((tmp_path / "spool").iterdir())) >= 2, "and it is not thrown away"


# Killed where, what then lies there: drafts, arrivals.
@pytest.mark.parametrize(
    ("before", "drafts", "arrivals"), [("os.link", 1, 0), ("os.fsync", 1, 0), ("hotline.spool.Path.unlink", 1, 1)]
)
def test_who_is_killed_in_the_middle_leaves_all_of_an_arrival_or_none(
    tmp_path: Path, before: str, drafts: int, arrivals: int
) -> None:
    code = f"""
        import os, signal
        from datetime import datetime
        from pathlib import Path
        from unittest.mock import patch
        from hotline.spool import Spool
        from hotline.store.door import Arrival

        arrival = Arrival("SM1", "r", None, "sms", datetime(2026, 1, 1), datetime(2026, 1, 1), b"sealed")
        with patch({before!r}, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)):
            Spool(Path({str(tmp_path)!r})).put(arrival)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(list(tmp_path.glob("*.draft"))) == drafts
    assert Spool(tmp_path).count() == arrivals
    with Spool(tmp_path).draining():
        assert [found.id for _, found in Spool(tmp_path).waiting(9)] == ["SM1"] * arrivals
