"""The filter: one JSON object a line in, one out, in order, each flushed.

In: `{"text": "...", "caller": "+52..."}` (caller optional). Out: `{"text": "...", "spans": [{"start", "end", "type",
"owner"}]}`, offsets in code points of the input; `{"error": "..."}` for a malformed line, and on it goes;
a blank line is malformed too, so that answers and lines stay paired.
`--bench N` reads all messages first and prints messages per second on one core over N passes instead.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable

from hotline.profile import load
from workers.anonymise import Anonymiser


class Malformed(ValueError):
    """A line that is no message."""


def parse(line: str) -> tuple[str, str | None]:
    """The text and the caller of one line, or `Malformed` with the reason."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error
    if not isinstance(message, dict):
        raise Malformed("not an object")
    text, caller = message.get("text"), message.get("caller")
    if not isinstance(text, str):
        raise Malformed("text: a string is required")
    if caller is not None and not isinstance(caller, str):
        raise Malformed("caller: must be a string")
    return text, caller


def answer(anonymiser: Anonymiser, line: str) -> str:
    """One line of output for one line of input."""
    try:
        text, caller = parse(line)
    except Malformed as error:
        return json.dumps({"error": str(error)})
    masked = anonymiser.mask(text, caller)
    spans = [{"start": s.start, "end": s.end, "type": s.type, "owner": s.owner} for s in masked.spans]
    return json.dumps({"text": masked.text, "spans": spans}, ensure_ascii=True)


def bench(anonymiser: Anonymiser, lines: Iterable[str], passes: int) -> float:
    """Messages per second over `passes` passes; malformed lines are left out."""
    messages = []
    for line in lines:
        try:
            messages.append(parse(line))
        except Malformed:
            continue
    started = time.perf_counter()
    for _ in range(passes):
        for text, caller in messages:
            anonymiser.mask(text, caller)
    return len(messages) * passes / max(time.perf_counter() - started, 1e-9)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m workers.anonymise", description=__doc__)
    parser.add_argument("--bench", type=int, metavar="N", help="print messages per second over N passes")
    parser.add_argument("--profile", default="osc", help="a built-in profile's name or a folder")
    arguments = parser.parse_args()
    anonymiser = Anonymiser(load(arguments.profile))
    sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]
    if arguments.bench:
        sys.stdout.write(f"{bench(anonymiser, sys.stdin, arguments.bench):.0f}\n")
        return 0
    for line in sys.stdin:
        sys.stdout.write(answer(anonymiser, line) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
