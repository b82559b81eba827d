"""Signed texts a second: ours, kept in the database before each answer, against the tutorial's pattern, which keeps
nothing. Both under the same gunicorn, in turns, so that a machine that slows down slows both."""

from __future__ import annotations

import sys

from benchmarks.load import Result, run
from benchmarks.stage import free_port, median, serving, signed_texts, stage

CONTESTANTS = {"hotline": "hotline:create_app()", "tutorial": "benchmarks.tutorial:app"}


def main(rounds: int = 5, texts: int = 3000, connections: int = 32) -> None:
    with stage() as environment:
        ports = {name: free_port() for name in CONTESTANTS}
        results: dict[str, list[Result]] = {name: [] for name in CONTESTANTS}
        with (
            serving(CONTESTANTS["hotline"], environment, ports["hotline"]),
            serving(CONTESTANTS["tutorial"], environment, ports["tutorial"]),
        ):
            for number in range(rounds + 1):  # the first warms up
                for name, port in ports.items():
                    result = run(port, signed_texts(environment, texts), connections)
                    if result.refused:
                        sys.exit(f"{name}: {result.refused} texts were not answered with 200")
                    if number:
                        results[name].append(result)
    for name, found in results.items():
        rate, p99 = median([r.per_second for r in found]), median([r.p99 for r in found])
        sys.stdout.write(f"{name:9} {rate:7.0f} texts/s   p99 {p99:6.1f} ms\n")
    ratios = [ours.per_second / theirs.per_second for ours, theirs in zip(*results.values(), strict=True)]
    listed = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    sys.stdout.write(f"hotline / tutorial: {median(ratios):.2f}  (rounds: {listed}; {connections} connections)\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
