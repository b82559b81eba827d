"""The marks by which a message says that it is one of several: "(1/2)", "2 de 2". They are no part of any number."""

from __future__ import annotations

import re
from bisect import bisect_left

from workers.anonymise.reading import Reading

_MARK = re.compile(r"\(([1-9]) ?(?:/|de) ?([2-9])\)|(?<![\d/.\-])([1-9])(?:/| de |de)([2-9])(?![\d/\-]|\.\d)")
SEPARATOR = "-"


def pass_over(reading: Reading) -> None:
    """Makes every token of such a mark a separator: those at the head of the text, and each that counts on from one."""
    turn, total = 0, ""
    for match in _MARK.finditer(reading.text):
        number, of = int(match[1] or match[3]), match[2] or match[4]
        if not (match.start() == 0 if not turn else number == turn + 1 and of == total) or number > int(of):
            continue
        turn, total = number, of
        for index in range(bisect_left(reading.starts, match.start()), bisect_left(reading.starts, match.end())):
            if not reading.claimed[index]:
                reading.words[index], reading.bits[index] = SEPARATOR, 0
