"""Filter: one JSON object a line in, `{"text"}`; one out, `{"intent", "area", "argument"}`."""

from __future__ import annotations

import json
import sys

from hotline.dialogue.intents import understand
from hotline.profile import ProfileError, load
from hotline.settings import Settings, SettingsError


def main() -> int:
    try:
        profile = load(Settings.read().profile)
    except (SettingsError, ProfileError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for number, line in enumerate(sys.stdin, 1):
        try:
            text = json.loads(line)["text"]
            if not isinstance(text, str):
                raise TypeError
        except (ValueError, KeyError, TypeError):
            answer: dict[str, str | None] = {"error": f'line {number}: not an object with a string "text"'}
        else:
            understood = understand(text, profile)
            answer = {"intent": understood.intent, "area": understood.area, "argument": understood.argument}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
