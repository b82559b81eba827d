"""Where arrivals and receipts wait when the database is away: one fsynced file each, on this host's own disk.

A file appears under its final name only when it is whole (written, fsynced, then linked), so a crash leaves either
all of an arrival or none. Its name is a hash of the carrier's id, its words are sealed: nothing personal is readable.
A file is removed only after the database has committed what it holds; draining twice admits once.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from hotline.logs import log
from hotline.store.door import Arrival
from hotline.store.receipts import Receipt

_SUFFIX = ".arrival"
_ASIDE = ".refused"
_RECEIPT = ".receipt"


class SpoolError(Exception):
    """Nothing can be written here either: the carrier must be told to try again."""


class Spool:
    """The spool of one host. Every process of the host may put; one at a time drains."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, arrival: Arrival) -> bool:
        """Keeps `arrival` durably. False when it is here already. Raises `SpoolError` when it cannot be kept."""
        return self._write(_name(arrival.id) + _SUFFIX, _dump(arrival), replace=arrival.supersedes)

    def put_receipt(self, receipt: Receipt) -> None:
        """Keeps a receipt durably, arrival and failure of one message apart: they come in any order and arrival wins.
        Raises `SpoolError` when it cannot be kept."""
        self._write(
            _name(f"{receipt.carrier_id}:{receipt.arrived}") + _RECEIPT,
            json.dumps(asdict(receipt)).encode(),
            replace=True,
        )

    def _write(self, name: str, contents: bytes, *, replace: bool) -> bool:
        draft = self._folder / f"{secrets.token_hex(8)}.draft"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with draft.open("xb") as file:
                file.write(contents)
                file.flush()
                os.fsync(file.fileno())
            try:
                if replace:
                    draft.replace(self._folder / name)
                else:
                    os.link(draft, self._folder / name)
            except FileExistsError:
                return False
            finally:
                draft.unlink(missing_ok=True)
            self._sync_folder()
        except OSError as error:
            raise SpoolError(f"{self._folder}: cannot be written ({error.strerror})") from None
        return True

    def writable(self) -> bool:
        """Whether something could be put here now."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:
            return False
        return os.access(self._folder, os.W_OK | os.X_OK)

    def count(self) -> int:
        return sum(1 for _ in self._files())

    @contextmanager
    def draining(self) -> Iterator[bool]:
        """Holds the host's draining lock for the block; gives False, at once, when another process holds it."""
        if not self._folder.is_dir():
            yield False
            return
        with (self._folder / "drain.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def waiting(self, limit: int) -> list[tuple[Path, Arrival]]:
        """Up to `limit` arrivals, oldest first, each with its file. Only under `draining`."""
        found: list[tuple[Path, Arrival]] = []
        for path in self._files():
            try:
                found.append((path, _load(path.read_bytes())))
            except (ValueError, KeyError, TypeError):
                log("spool").critical("damaged file set aside", file=path.name)
                self.set_aside(path)
            if len(found) >= limit * 4:
                break
        found.sort(key=lambda item: item[1].received_at)
        return found[:limit]

    def receipts(self, limit: int) -> list[tuple[Path, Receipt]]:
        """Up to `limit` receipts, each with its file. Only under `draining`."""
        found: list[tuple[Path, Receipt]] = []
        for path in islice(self._files(_RECEIPT), limit):
            try:
                found.append((path, Receipt(**json.loads(path.read_bytes()))))
            except (ValueError, TypeError):
                log("spool").critical("damaged file set aside", file=path.name)
                self.set_aside(path)
        return found

    def discard(self, paths: list[Path]) -> None:
        """Forgets what the database now holds."""
        for path in paths:
            path.unlink(missing_ok=True)
        self._sync_folder()

    def set_aside(self, path: Path) -> None:
        """Keeps an arrival that the database refuses out of the others' way, for somebody to look at."""
        path.replace(path.with_suffix(_ASIDE))

    def aside(self) -> int:
        """How many arrivals were set aside."""
        return sum(1 for _ in self._folder.glob(f"*{_ASIDE}"))

    def _files(self, suffix: str = _SUFFIX) -> Iterator[Path]:
        try:
            with os.scandir(self._folder) as entries:
                for entry in entries:
                    if entry.name.endswith(suffix):
                        yield Path(entry.path)
        except FileNotFoundError:
            return

    def _sync_folder(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _name(carrier_id: str) -> str:
    return hashlib.blake2b(carrier_id.encode(), digest_size=16).hexdigest()


def _dump(arrival: Arrival) -> bytes:
    fields: dict[str, Any] = asdict(arrival)
    fields["sealed"] = base64.b64encode(arrival.sealed).decode()
    fields["received_at"] = arrival.received_at.isoformat()
    fields["ready_at"] = arrival.ready_at.isoformat()
    return json.dumps(fields).encode()


def _load(raw: bytes) -> Arrival:
    fields = json.loads(raw)
    fields["sealed"] = base64.b64decode(fields["sealed"])
    fields["received_at"] = datetime.fromisoformat(fields["received_at"])
    fields["ready_at"] = datetime.fromisoformat(fields["ready_at"])
    return Arrival(**fields)
