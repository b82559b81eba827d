"""What was found once is found wherever it stands again in the message, cue or no cue."""

from __future__ import annotations

from workers.anonymise.lexicon import COMMON, NAME
from workers.anonymise.model import Found
from workers.anonymise.reading import Reading


def find_repeats(reading: Reading, found: list[Found]) -> list[Found]:
    """The same words again, token by token; of a name also each part that is no ordinary word. Linear time."""
    words = reading.words
    known: dict[tuple[str, ...], Found] = {}
    for find in found:
        run = tuple(words[find.first : find.last])
        known.setdefault(run, find)
        if find.type == "NOMBRE" and len(run) > 1:
            for offset, word in enumerate(run):
                bits = reading.bits[find.first + offset]
                if len(word) > 2 and bits & NAME and not bits & COMMON:
                    known.setdefault((word,), find)
    lengths = sorted({len(run) for run in known if len(run) <= 12}, reverse=True)
    firsts = {run[0] for run in known}
    again: list[Found] = []
    for index, word in enumerate(words):
        if word not in firsts or reading.claimed[index]:
            continue
        for length in lengths:
            again_of = known.get(tuple(words[index : index + length]))
            if again_of is not None and reading.free(index, index + length):
                reading.claim(index, index + length)
                # One name may be the victim's here and the suspect's there.
                owner = None if again_of.type == "NOMBRE" else again_of.owner
                again.append(Found(index, index + length, again_of.type, owner, again_of.value))
                break
    return again
