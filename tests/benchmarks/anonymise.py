"""Messages a second on one core, and memory added: ours, Presidio tuned for Mexico, and a bare `re` alternation.

Each in a process of its own pinned to one core, by processor time, in turns: what else runs slows all of them. With
`--quality` our own tuning and unseen messages are counted instead. Presidio lives in an environment of its own,
`.venv-bench`, which bin/bench makes; without it the run says so and measures the other two.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.presidio_tuned import rss
from benchmarks.stage import ROOT, median

_MESSAGES = ROOT / "tests" / "workers"
_PRESIDIO = ROOT / ".venv-bench" / "bin" / "python"
_BARE = re.compile(
    r"(?P<mail>[\w.+-]+@[\w-]+\.[\w.]+)|(?P<clabe>\b\d{18}\b)|(?P<card>\b(?:\d[ -]?){15}\d\b)"
    r"|(?P<phone>(?:\+?52[ -]?)?(?:\d[ .-]?){9}\d\b)|(?P<curp>\b[A-Z]{4}\d{6}[HM][A-Z]{5}\w\d\b)"
    r"|(?P<rfc>\b[A-Z]{3,4}\d{6}\w{3}\b)|(?P<plate>\b[A-Z]{3}-?\d{3}-?[A-Z]?\b)|(?P<nss>\b\d{11}\b)"
)


def messages() -> list[str]:
    """The short messages of the triage's tests: hurried hands, voices, with numbers and names in them."""
    files = (_MESSAGES / "triage_messages.jsonl", _MESSAGES / "triage_messages_heldout.jsonl")
    return [json.loads(line)["text"] for file in files for line in file.read_text("utf-8").splitlines()]


def _ours() -> Callable[[str], Any]:
    from hotline.profile import load
    from workers.anonymise import Anonymiser

    # The profile is in every worker whether it anonymises or not.
    return Anonymiser(load("osc")).mask


def _bare() -> Callable[[str], Any]:
    return lambda text: _BARE.sub("[DATO]", text)


def measure(which: str, file: str, passes: int) -> None:
    """Measures one of ours in this process and prints one JSON line."""
    texts = json.loads(Path(file).read_text("utf-8"))
    if which == "ours":
        from hotline.profile import load

        load("osc")
    before = rss()
    mask = {"ours": _ours, "re": _bare}[which]()
    for text in texts[:50]:
        mask(text)
    started = time.process_time()
    for _ in range(passes):
        for text in texts:
            mask(text)
    elapsed = time.process_time() - started
    told = {"per_second": len(texts) * passes / elapsed, "megabytes": rss() - before}
    sys.stdout.write(json.dumps(told) + "\n")


def speed(rounds: int) -> None:
    contestants: dict[str, tuple[list[str], int]] = {
        "ours": ([sys.executable, "-m", "benchmarks.anonymise", "--measure", "ours"], 5),
        "presidio": ([str(_PRESIDIO), str(Path(__file__).with_name("presidio_tuned.py"))], 1),
        "re": ([sys.executable, "-m", "benchmarks.anonymise", "--measure", "re"], 20),
    }
    if not _PRESIDIO.exists():
        del contestants["presidio"]
        sys.stdout.write("Presidio is not installed here (.venv-bench): it is left out\n")
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in contestants}
    core = min(os.sched_getaffinity(0))
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(messages(), file)
        file.flush()
        for _ in range(rounds):
            for name, (command, passes) in contestants.items():
                ended = subprocess.run(
                    ["taskset", "-c", str(core), *command, file.name, str(passes)],
                    capture_output=True, text=True, check=False,
                )  # fmt: skip
                if ended.returncode:
                    sys.exit(f"{name}: did not run\n{ended.stderr[-800:]}")
                found[name].append(json.loads(ended.stdout.splitlines()[-1]))
    for name, results in found.items():
        rate = median([result["per_second"] for result in results])
        memory = median([result["megabytes"] for result in results])
        engine = f"   with a {results[0]['engine']} language engine" if "engine" in results[0] else ""
        sys.stdout.write(f"{name:9} {rate:8.0f} messages/s   {memory:6.1f} MB added{engine}\n")
    for other in set(found) - {"ours"}:
        ratios = [o["per_second"] / t["per_second"] for o, t in zip(found["ours"], found[other], strict=True)]
        listed = ", ".join(f"{ratio:.2f}" for ratio in ratios)
        sys.stdout.write(f"ours / {other}: {median(ratios):.2f}  (rounds: {listed}; {len(messages())} messages)\n")


def quality() -> None:
    """The figures on our own messages: those that rules were made with, and those kept apart."""
    from hotline.profile import load
    from workers.anonymise import Anonymiser

    path = ROOT / "tests" / "workers" / "anonymise" / "quality.py"
    spec = importlib.util.spec_from_file_location("quality", path)
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    sys.modules["quality"] = scorer
    spec.loader.exec_module(scorer)
    masker = Anonymiser(load("osc"))
    for name in (*scorer.SETS, *scorer.HANDS):
        sys.stdout.write(f"{name}\n")
        for what, percent, goal in scorer.figures(masker, name).rows():
            sys.stdout.write(f"  {what:48} {percent:6.1f} %   goal {goal}\n")


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench anonymise", description=__doc__)
    parser.add_argument("--quality", action="store_true", help="count our own messages instead of measuring speed")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each contestant")
    parser.add_argument("--measure", choices=("ours", "re"), help=argparse.SUPPRESS)
    parser.add_argument("rest", nargs="*", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        measure(arguments.measure, arguments.rest[0], int(arguments.rest[1]))
    elif arguments.quality:
        quality()
    else:
        speed(arguments.rounds)


if __name__ == "__main__":
    main()
