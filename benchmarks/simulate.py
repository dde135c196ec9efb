"""`kalint simulate`: 100 hours of two nodes within 60 s; 1,000,000 events in little more memory than a thousand."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from clock import kalint

HOURS, LIMIT = 100, 60.0
EVENTS, FEW = 1_000_000, 1_000
GROWTH = 16
"""Megabytes by which a million events may take more than a thousand."""

NODES = [
    str(Path(__file__).parent.parent / "examples" / "too-small-weight" / f"{name}.conf") for name in ("lb1", "lb2")
]


def event(time: float, state: str) -> str:
    return f'\n[[event]]\ntime = {time}\nnode = "lb1"\nthing = "script:chk_gateway"\nstate = "{state}"\n'


def run(folder: Path, scenario: Iterable[str], *options: str) -> tuple[float, int]:
    """Seconds, and the most memory in megabytes, of one run."""
    path = folder / "scenario.toml"
    with path.open("w") as stream:  # line by line: what this process takes counts for the command too
        stream.writelines(scenario)
    command = [*kalint("simulate", *NODES), "--scenario", str(path), "-o", str(folder / "out"), *options]
    before = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)}: {status}")
    return time.perf_counter() - before, usage.ru_maxrss // 1024


def flapping(count: int, seconds: int = 1) -> Iterator[str]:
    """The gateway of lb1 fails and recovers, again and again."""
    yield f"duration = {(count + 1) * seconds}\n"
    for number in range(1, count + 1):
        yield event(float(number * seconds), ("ko", "ok")[number % 2])


def main() -> int:
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for options in ((), ("--format", "json", "--adverts")):
            seconds, megabytes = run(folder, flapping(HOURS - 1, 3600), *options)
            print(f"{HOURS} hours {' '.join(options)}: {seconds:.1f} s, {megabytes} MB (limit {LIMIT:.0f} s)")
            wrong += seconds > LIMIT
        few = run(folder, flapping(FEW), "--format", "json")[1]
        seconds, many = run(folder, flapping(EVENTS), "--format", "json")
        print(f"{EVENTS:,} events: {seconds:.0f} s, {many} MB; {FEW:,} events: {few} MB (limit {GROWTH} MB more)")
        wrong += many > few + GROWTH
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
