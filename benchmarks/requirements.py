"""Fifty requirements on three nodes with 30 scripts each: processor time of `kalint require`, within 2 s."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from clock import kalint
from cluster import NODES, THINGS, project

LIMIT, ROUNDS = 2.0, 3


def sentences() -> list[str]:
    """Fifty requirements of every kind: claims on masters, priorities, times, sets of failures, histories."""
    found = [
        "exactly one master while nothing is down",
        "someone is master whatever one thing fails",
        "someone is master whatever two things fail",
        "never two masters",
        "a is never master unless b and c are out",
        "c is never master unless script chk3 on a is down or script chk4 on b is down",
        "the master stays when the master is reloaded",
        "exactly one master whatever one thing or link fails",
        "the master changes when the master crashes, within 5 s",
        "someone is master after script chk2 on a fails and recovers",
    ]
    for number in range(10):
        one, other = NODES[number % 3], NODES[(number + 1) % 3]
        found += [
            f"{one} is master when script chk{number + 2} on {other} fails, within 10 s",
            f"priority of {one} stays above 1 unless script chk{number + 2} on {one} is down",
            f"{one} or {other} is master while only script chk{number + 2} on {one} is down",
            f"someone is master while script chk{number + 2} on {one} and script chk{number + 2} on {other} are down",
        ]
    return found


def seconds(command: list[str]) -> float:
    """Processor time of one run, which may find that requirements fail."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr)
    print(f"{done.stdout.strip().splitlines()[-1]}", file=sys.stderr)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    every = sentences()
    assert len(every) == 50
    kept = True
    with tempfile.TemporaryDirectory() as directory:
        for name, vrids in (("one router", (1,)), ("two routers in sync groups", (1, 2))):
            folder = Path(directory) / str(len(vrids))
            settings = project(folder, vrids)
            (folder / "asked").write_text("\n".join(every))
            base = kalint("require", "big", "--settings", settings, "-r", str(folder / "asked"))
            runs = [seconds(base) for _ in range(ROUNDS)]
            kept = kept and statistics.median(runs) <= LIMIT
            print(f"{len(every)} requirements, {len(NODES)} nodes, {THINGS} scripts each, {name}: ", end="")
            print(f"median {statistics.median(runs):.2f} s of processor time")
    print(f"limit {LIMIT:g} s: {'kept' if kept else 'MISSED'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
