"""Personal data have a type, so that a log line, an exception or a debugger cannot show them by accident."""

from __future__ import annotations


class Personal:
    """A string that never shows itself: `repr` and `str` give a placeholder, only `reveal()` gives the value.

    Used for phone numbers, names and words of a report wherever they are held for longer than one expression.
    Comparing and hashing work on the value, so that it can key a dictionary; pickling is refused, so that it
    cannot slip into a queue.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Personal) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __len__(self) -> int:
        return len(self._value)

    def __reduce__(self) -> str:
        raise TypeError("personal data are not pickled")


class Phone(Personal):
    """A phone's identity: E.164 (`+525512345678`) or a short code's digits."""

    @property
    def is_short(self) -> bool:
        """Whether this is a short code: a service, never a person."""
        return not self.reveal().startswith("+")


class Words(Personal):
    """What somebody said or wrote, in clear."""
