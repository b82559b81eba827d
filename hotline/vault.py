"""Keys: seal, open, encrypt, decrypt, pseudonym, fingerprint, clave. The only module that knows the cryptography.

Four kinds of key, independent of one another, each a file of its own in the key folder, named `<kind>-<id>.<part>`:

* `seal`: an X25519 pair (libsodium sealed boxes). `.public` locks what comes in at the door; `.private` opens it and
  belongs on the workers' machines only.
* `field`: XSalsa20-Poly1305 for what is kept: masked texts, evidence, return addresses. Workers only.
* `pseudonym`: keyed BLAKE2b that turns a phone into a name nobody can call, and equal evidence into equal prints.
* `clave`: keyed BLAKE2b behind the caller's clave.

A liaison's session in the console has a pair of its own (`SessionKey`), derived from what the cookie holds: what the
workers seal to it opens with that cookie only.

Ids begin with the date, so that the newest key sorts last: the newest `seal` and `field` lock, all of them open. Of
`pseudonym` and `clave` the oldest serves for ever, because the names and claves it gave must go on meaning the same.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import nacl.exceptions
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox
from stdnum import damm

from hotline.personal import Phone

_SECRET_KINDS = ("field", "pseudonym", "clave")
_ID_BYTES = 8


class VaultError(Exception):
    """A key is missing or wrong, or something cannot be opened. One line, never with what was inside."""


class CannotOpen(VaultError):
    """The ciphertext is damaged, belongs elsewhere, or was locked with a key that is not here."""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """One key in the folder: its kind, id, creation date, and whether it can lock, open, or both."""

    kind: str
    id: str
    parts: tuple[str, ...]

    @property
    def made(self) -> str:
        return f"{self.id[:4]}-{self.id[4:6]}-{self.id[6:8]}"


class Vault:
    """The keys of one process. Methods raise `VaultError` when the key they need is not in the folder."""

    def __init__(
        self,
        public: Mapping[str, bytes],
        private: Mapping[str, bytes],
        secret: Mapping[str, Mapping[str, bytes]],
    ) -> None:
        self._seals = {_tag(i): SealedBox(PublicKey(k)) for i, k in public.items()}
        self._opens = {_tag(i): SealedBox(PrivateKey(k)) for i, k in private.items()}
        self._sealing = _tag(max(public)) if public else None
        self._fields = {_tag(i): k for i, k in secret.get("field", {}).items()}
        self._field = _tag(max(secret["field"])) if secret.get("field") else None
        self._pseudonyms = [k for _, k in sorted(secret.get("pseudonym", {}).items(), reverse=True)]
        self._claves = [k for _, k in sorted(secret.get("clave", {}).items(), reverse=True)]

    @classmethod
    def open_folder(cls, folder: Path) -> Vault:
        """Reads every key file of `folder`. Raises `VaultError` naming a file that is not a key."""
        public: dict[str, bytes] = {}
        private: dict[str, bytes] = {}
        secret: dict[str, dict[str, bytes]] = {kind: {} for kind in _SECRET_KINDS}
        for path in _key_paths(folder):
            kind, _, key_id = path.stem.partition("-")
            if kind == "seal":
                (public if path.suffix == ".public" else private)[key_id] = _read(path)
            else:
                secret[kind][key_id] = _read(path)
        for key_id, key in private.items():
            public.setdefault(key_id, bytes(PrivateKey(key).public_key))
        return cls(public, private, secret)

    @property
    def can_seal(self) -> bool:
        return self._sealing is not None and bool(self._pseudonyms) and bool(self._claves)

    @property
    def can_open(self) -> bool:
        return bool(self._opens) and self._field is not None

    def seal(self, plain: bytes) -> bytes:
        """Locks `plain` so that only a holder of the private key can read it: tag, then the sealed box."""
        if self._sealing is None:
            raise VaultError("no public sealing key; run: flask --app hotline keys new")
        return self._sealing + self._seals[self._sealing].encrypt(plain)

    def open(self, sealed: bytes) -> bytes:
        """What `seal` locked. Raises `CannotOpen`."""
        box = self._opens.get(bytes(sealed[:_ID_BYTES]))
        if box is None:
            raise CannotOpen("no private key here opens this; the key folder of a worker must hold it")
        try:
            return bytes(box.decrypt(bytes(sealed[_ID_BYTES:])))
        except (nacl.exceptions.CryptoError, ValueError):
            raise CannotOpen("a sealed message is damaged") from None

    def encrypt(self, plain: bytes, *, about: str) -> bytes:
        """Locks `plain` with the field key. `about` binds it to its place (table and row): moved, it does not open."""
        if self._field is None:
            raise VaultError("no field key; run: flask --app hotline keys new")
        return self._field + bytes(SecretBox(_bound(self._fields[self._field], about)).encrypt(plain))

    def decrypt(self, cipher: bytes, *, about: str) -> bytes:
        """What `encrypt` locked under the same `about`. Raises `CannotOpen`."""
        key = self._fields.get(bytes(cipher[:_ID_BYTES]))
        if key is None:
            raise CannotOpen("no field key here opens this; the key folder of a worker must hold it")
        try:
            return bytes(SecretBox(_bound(key, about)).decrypt(bytes(cipher[_ID_BYTES:])))
        except (nacl.exceptions.CryptoError, ValueError):
            raise CannotOpen("a stored field is damaged or stands in another row") from None

    def pseudonym(self, phone: Phone) -> str:
        """The phone's name in the database under the newest key: 32 hexadecimal digits."""
        if not self._pseudonyms:
            raise VaultError("no pseudonym key; run: flask --app hotline keys new")
        return _keyed(self._pseudonyms[-1], b"phone", phone.reveal().encode())

    def fingerprint(self, kind: str, value: str) -> str:
        """Equal evidence gives equal prints, so that cases can be linked without opening anything."""
        if not self._pseudonyms:
            raise VaultError("no pseudonym key; run: flask --app hotline keys new")
        return _keyed(self._pseudonyms[-1], b"evidence", f"{kind}:{value}".encode())

    def report_id(self, carrier_id: str) -> str:
        """The id of the report that a carrier's message or call opens: the same on every process and every retry."""
        if not self._claves:
            raise VaultError("no clave key; run: flask --app hotline keys new")
        return _keyed(self._claves[-1], b"report", carrier_id.encode())

    def clave(self, report_id: str, attempt: int = 0) -> str:
        """The caller's ten digits for a report, the last one a check digit (Damm). `attempt` steps past a collision.

        Derived, not stored: a retried webhook gives the same clave again although the database keeps only its hash.
        """
        if not self._claves:
            raise VaultError("no clave key; run: flask --app hotline keys new")
        number = int(_keyed(self._claves[-1], b"clave", f"{report_id}:{attempt}".encode()), 16) % 10**9
        digits = f"{number:09d}"
        return digits + damm.calc_check_digit(digits)

    def hash_of_clave(self, report_id: str, attempt: int) -> str:
        """The hash of a report's possible clave: what the store compares without ever seeing one."""
        return self.clave_hash(self.clave(report_id, attempt))

    def clave_hash(self, clave: str) -> str:
        if not self._claves:
            raise VaultError("no clave key; run: flask --app hotline keys new")
        return _keyed(self._claves[-1], b"hash", clave.encode())

    def derived(self, use: str) -> bytes:
        """32 bytes for `use`, the same on every process that holds the clave key: what signs forms, names addresses."""
        if not self._claves:
            raise VaultError("no clave key; run: flask --app hotline keys new")
        return hashlib.blake2b(use.encode(), key=self._claves[-1], digest_size=32, person=b"hotline-derived").digest()

    def link(self, previous: str, entry: bytes) -> str:
        """The chain's value after `entry`: whoever only has the database cannot compute another that fits."""
        if not self._pseudonyms:
            raise VaultError("no pseudonym key; run: flask --app hotline keys new")
        return _keyed(self._pseudonyms[-1], b"chain", previous.encode() + b"\n" + entry)


class SessionKey:
    """One session's key pair and its id, all derived from the session's `token` (32 random bytes)."""

    def __init__(self, token: bytes) -> None:
        self._private = PrivateKey(hashlib.blake2b(token, digest_size=32, person=b"hotline-session").digest())
        self.id = hashlib.blake2b(token, digest_size=16, person=b"hotline-sess-id").hexdigest()
        self.public = bytes(self._private.public_key)

    def open(self, sealed: bytes) -> bytes:
        """What `seal_for` locked to this session. Raises `CannotOpen`."""
        try:
            return bytes(SealedBox(self._private).decrypt(bytes(sealed)))
        except (nacl.exceptions.CryptoError, ValueError):
            raise CannotOpen("an answer belongs to another session") from None


def seal_for(public: bytes, plain: bytes) -> bytes:
    """Locks `plain` so that only the session with this public key can read it."""
    return bytes(SealedBox(PublicKey(bytes(public))).encrypt(plain))


def new_keys(folder: Path, kinds: tuple[str, ...] = ("seal", *_SECRET_KINDS)) -> list[KeyFile]:
    """Makes one key of each kind in `folder` (created with mode 700; files 600). Existing keys are never touched.

    Raises `VaultError` when the folder cannot be written.
    """
    key_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
    made: list[KeyFile] = []
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for kind in kinds:
            if kind == "seal":
                private = PrivateKey.generate()
                _write(folder / f"seal-{key_id}.private", bytes(private))
                _write(folder / f"seal-{key_id}.public", bytes(private.public_key))
                made.append(KeyFile(kind, key_id, ("private", "public")))
            else:
                _write(folder / f"{kind}-{key_id}.secret", secrets.token_bytes(32))
                made.append(KeyFile(kind, key_id, ("secret",)))
    except OSError as error:
        raise VaultError(
            f"{folder}: cannot write keys there ({error.strerror}); mend its owner or permissions"
        ) from None
    return made


def list_keys(folder: Path) -> list[KeyFile]:
    """The keys of `folder`, oldest first. Raises `VaultError` naming a file that is not a key."""
    found: dict[tuple[str, str], list[str]] = {}
    for path in _key_paths(folder):
        kind, _, key_id = path.stem.partition("-")
        found.setdefault((kind, key_id), []).append(path.suffix[1:])
    return [KeyFile(kind, key_id, tuple(sorted(parts))) for (kind, key_id), parts in sorted(found.items())]


def _key_paths(folder: Path) -> list[Path]:
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix in (".public", ".private", ".secret"))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise VaultError(f"{folder}: cannot be read ({error.strerror}); mend its owner or permissions") from None
    for path in paths:
        kind, dash, _ = path.stem.partition("-")
        right = (".public", ".private") if kind == "seal" else (".secret",)
        if kind not in ("seal", *_SECRET_KINDS) or not dash or path.suffix not in right:
            raise VaultError(f"{path}: not a key of the hotline; move it out of the key folder")
    return paths


def _read(path: Path) -> bytes:
    try:
        key = base64.b64decode(path.read_text(encoding="ascii").strip(), validate=True)
    except OSError as error:
        raise VaultError(f"{path}: cannot be read ({error.strerror}); mend its owner or permissions") from None
    except ValueError:
        key = b""
    if len(key) != 32:
        raise VaultError(f"{path}: does not hold a key; put the original file back from your copy")
    return key


def _write(path: Path, key: bytes) -> None:
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(base64.b64encode(key).decode() + "\n", encoding="ascii")


def _tag(key_id: str) -> bytes:
    return hashlib.blake2b(key_id.encode(), digest_size=_ID_BYTES).digest()


def _bound(key: bytes, about: str) -> bytes:
    return hashlib.blake2b(about.encode(), key=key, digest_size=32, person=b"hotline-field").digest()


def _keyed(key: bytes, use: bytes, data: bytes) -> str:
    return hashlib.blake2b(data, key=key, digest_size=16, person=use).hexdigest()
