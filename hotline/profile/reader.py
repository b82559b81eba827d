"""Reading one TOML table with complaints that an operator can act on: file, key, reason, in one line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import time
from pathlib import Path
from typing import Any, NoReturn

from hotline.language.fold import plain

_HOUR = r"([01]\d|2[0-3]):[0-5]\d"


class ProfileError(Exception):
    """A profile that cannot be used: one line that names the file, the key, the reason and how to mend it."""


class Reader:
    """A TOML table being read. Whatever is not asked for before `done()` is refused: it would be a misspelt key.

    `file` is the name shown in complaints, `key` the dotted path of this table inside it ("" for the whole file).
    Every getter raises ProfileError.
    """

    def __init__(self, table: Mapping[str, Any], file: str, key: str = "") -> None:
        self._table = table
        self._file = file
        self._key = key
        self._asked: set[str] = set()

    @classmethod
    def open(cls, path: Path) -> Reader:
        """The whole file at `path`, shown in complaints with its folder's name."""
        shown = f"{path.parent.name}/{path.name}"
        try:
            return cls(tomllib.loads(path.read_text("utf-8")), shown)
        except FileNotFoundError:
            raise ProfileError(f"{shown}: the file is missing; copy the one of the built-in profile osc") from None
        except UnicodeDecodeError as error:
            raise ProfileError(f"{shown}: not UTF-8 (byte {error.start}); save it again as UTF-8") from None
        except tomllib.TOMLDecodeError as error:
            raise ProfileError(f"{shown}: not TOML: {error}") from None
        except OSError as error:
            raise ProfileError(f"{shown}: cannot be read: {error.strerror}") from None

    def fail(self, key: str, reason: str) -> NoReturn:
        """Complains about `key` of this table (the table itself when `key` is empty)."""
        path = ".".join(part for part in (self._key, key) if part)
        raise ProfileError(f"{self._file}: {path}: {reason}" if path else f"{self._file}: {reason}")

    def has(self, key: str) -> bool:
        return key in self._table

    def is_table(self, key: str) -> bool:
        return isinstance(self._table.get(key), dict)

    def names(self) -> tuple[str, ...]:
        return tuple(self._table)

    def _get(self, key: str) -> Any:
        if key not in self._table:
            self.fail(key, "is missing; add it")
        self._asked.add(key)
        return self._table[key]

    def string(self, key: str) -> str:
        value = self._get(key)
        if not isinstance(value, str) or not value.strip():
            self.fail(key, f'must be a text in quotes that is not empty, not {value!r}: write {key} = "…"')
        return value

    def matching(self, key: str, pattern: str, like: str) -> str:
        """A string that fits the regular expression `pattern` whole; `like` is the example shown to the operator."""
        value = self.string(key)
        if not re.fullmatch(pattern, value):
            self.fail(key, f'must look like "{like}", not {value!r}')
        return value

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        value = self._get(key)
        if value not in choices:
            self.fail(key, f"must be one of {', '.join(choices)}, not {value!r}")
        return str(value)

    def whole(self, key: str, low: int, high: int) -> int:
        value = self._get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.fail(key, f"must be a whole number from {low} to {high}, not {value!r}")
        return value

    def flag(self, key: str) -> bool:
        """A truth value; False when the key is left out."""
        value = self._get(key) if key in self._table else False
        if not isinstance(value, bool):
            self.fail(key, f"must be true or false without quotes, not {value!r}")
        return value

    def hours(self, key: str) -> tuple[time, ...]:
        """At least one local time, each written "HH:MM"."""
        for value in self.strings(key) or self.fail(key, 'must hold at least one hour, as in ["08:00"]'):
            if not re.fullmatch(_HOUR, value):
                self.fail(key, f'must hold hours like "08:00", not {value!r}')
        return tuple(time.fromisoformat(value) for value in self.strings(key))

    def strings(self, key: str) -> tuple[str, ...]:
        """A list of texts that are not empty."""
        value = self._get(key)
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self.fail(key, f'must be a list of texts, as in ["…", "…"], not {value!r}')
        return tuple(value)

    def words(self, key: str) -> tuple[str, ...]:
        """Words or phrases in one text, parted by commas or line ends; none when the key is left out."""
        if key not in self._table:
            return ()
        value = self._get(key)
        if not isinstance(value, str):
            self.fail(key, f'must be one text of words parted by commas, as in """uno, dos""", not {value!r}')
        return tuple([word for piece in value.replace("\n", ",").split(",") if (word := piece.strip())])

    def folded(self, key: str) -> tuple[str, ...]:
        """Likewise, each word folded: small letters without accents."""
        return tuple(plain("\0".join(self.words(key))).split("\0")) if self.words(key) else ()

    def single(self, key: str) -> tuple[str, ...]:
        """Likewise, where each must be one word, or the beginning of one with a star."""
        words = self.folded(key)
        for word in words:
            if not re.fullmatch(r"[a-z0-9]+\*?", word):
                self.fail(key, f"{word!r} must be one word; several belong into phrases")
        return words

    def table(self, key: str) -> Reader:
        value = self._get(key)
        if not isinstance(value, dict):
            self.fail(key, f"must be a table: write [{key}] on a line of its own, then its keys")
        return Reader(value, self._file, f"{self._key}.{key}" if self._key else key)

    def tables(self) -> Iterator[tuple[str, Reader]]:
        """Every entry of this table, each of them a table."""
        for key in self._table:
            yield key, self.table(key)

    def rows(self, key: str) -> Iterator[Reader]:
        """An array of tables, `[[key]]` in the file; none when it is left out."""
        value = self._get(key) if key in self._table else []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.fail(key, f"must be rows that each begin with [[{key}]]")
        for number, item in enumerate(value, start=1):
            yield Reader(item, self._file, f"{self._key}.{key}[{number}]" if self._key else f"{key}[{number}]")

    def done(self) -> None:
        """Refuses the first key that nobody asked for."""
        for key in self._table:
            if key not in self._asked:
                known = ", ".join(sorted(self._asked)) or "none"
                self.fail(key, f"is not a key that is known here; known are: {known}")
