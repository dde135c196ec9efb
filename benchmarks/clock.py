"""Wall time of commands, side by side: they take turns, so that a busy machine is busy for all of them."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""With it each run would compile all of kalint again, which an installation never does."""


def kalint(*arguments: str) -> list[str]:
    """The command line of the kalint that belongs to this Python, installed or from the checkout."""
    installed = os.path.join(os.path.dirname(sys.executable), "kalint")
    return [installed, *arguments] if os.path.exists(installed) else [sys.executable, "-m", "kalint", *arguments]


def turns(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each run of each command, the commands taking turns.

    A first round is not counted; it shows what each command says last, so that one sees that it did its work. It also
    leaves Python's compiled modules behind, as an installation has them.
    """
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            start = time.perf_counter()
            done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT)
            if number:
                seconds[name].append(time.perf_counter() - start)
            else:
                last = (done.stdout + done.stderr).strip().splitlines()[-1:]
                print(f"{name}: exit status {done.returncode} {' '.join(last)[:100]}")
    return seconds


def table(seconds: Mapping[str, Sequence[float]], base: str, limit: float) -> bool:
    """Print medians, the fastest run, and ratios to `base`; say whether all others are within `limit` times of it."""
    medians = {name: statistics.median(runs) for name, runs in seconds.items()}
    print(f"{'':24}{'median':>10}{'fastest':>10}{'ratio':>8}   ({len(seconds[base])} runs each, taking turns)")
    for name, runs in seconds.items():
        ratio = medians[name] / medians[base]
        print(f"{name:24}{medians[name] * 1000:8.1f}ms{min(runs) * 1000:8.1f}ms{ratio:8.2f}")
    within = all(median <= limit * medians[base] for median in medians.values())
    print(f"limit {limit} times: {'kept' if within else 'MISSED'}")
    return within
