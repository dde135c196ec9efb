"""Wall time of commands, side by side: they take turns, so that a busy machine is busy for all of them."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""With it each run would compile all of kalint again, which an installation never does."""


def kalint(*arguments: str) -> list[str]:
    """The command line of the kalint that belongs to this Python, installed or from the checkout."""
    installed = os.path.join(os.path.dirname(sys.executable), "kalint")
    return [installed, *arguments] if os.path.exists(installed) else [sys.executable, "-m", "kalint", *arguments]


class Taken(NamedTuple):
    """Seconds: of the clock on the wall, and of all processors, which other work on the machine changes less."""

    wall: float
    processor: float

    def __str__(self) -> str:
        return f"{self.wall:8.2f} s {self.processor:8.2f} s of processor time"


def run(command: Sequence[str], folder: str | None = None) -> tuple[Taken, subprocess.CompletedProcess[str]]:
    """One run of a command, and what it said."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Taken(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime), done


def medians(runs: Sequence[Taken]) -> Taken:
    """The medians of some runs, each by itself."""
    walls, processors = zip(*runs, strict=True)
    return Taken(statistics.median(walls), statistics.median(processors))


def turns(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, list[Taken]]:
    """What each run of each command took, the commands taking turns.

    A first round is not counted; it shows what each command says last, so that one sees that it did its work. It also
    leaves Python's compiled modules behind, as an installation has them.
    """
    runs: dict[str, list[Taken]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            taken, done = run(command)
            if number:
                runs[name].append(taken)
            else:
                last = (done.stdout + done.stderr).strip().splitlines()[-1:]
                print(f"{name}: exit status {done.returncode} {' '.join(last)[:100]}")
    return runs


def table(runs: Mapping[str, Sequence[Taken]], base: str, limit: float) -> bool:
    """Print medians, the fastest run, and ratios to `base`; say whether all others are within `limit` times of it.

    The clock on the wall decides; processor time is shown too.
    """
    middle = {name: medians(some) for name, some in runs.items()}
    heads = f"{'median':>10}{'fastest':>10}{'ratio':>8}{'processor':>12}{'ratio':>8}"
    print(f"{'':24}{heads}   ({len(runs[base])} runs each, taking turns)")
    for name, some in runs.items():
        fastest = min(each.wall for each in some)
        wall = f"{middle[name].wall * 1000:8.1f}ms{fastest * 1000:8.1f}ms{middle[name].wall / middle[base].wall:8.2f}"
        processor = f"{middle[name].processor * 1000:10.1f}ms{middle[name].processor / middle[base].processor:8.2f}"
        print(f"{name:24}{wall}{processor}")
    within = all(each.wall <= limit * middle[base].wall for each in middle.values())
    print(f"limit {limit} times: {'kept' if within else 'MISSED'}")
    return within
