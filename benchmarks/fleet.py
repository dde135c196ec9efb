"""300 clusters with 3,000 files: one file, all files, two processes, a cache, and memory, beside `keepalived -t`.

Limits: one file beside 300 clusters takes 1.3 times what it takes beside its own; with a cache, all files take a tenth;
on two cores, two processes take 1/1.7 of one; all files take 120 MB, all processes together.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

from clock import ENVIRONMENT, Taken, kalint, medians, run
from fleet_files import write_fleet

CLUSTERS = 300
ALONE, CACHE, JOBS, MEGABYTES = 1.3, 0.1, 1.7, 120
EACH = 0.05
"""Seconds between two looks at the memory."""


def seconds(command: Sequence[str], folder: str, rounds: int) -> Taken:
    """The medians of some runs."""
    return medians([run(command, folder)[0] for _ in range(rounds)])


def megabytes(command: Sequence[str], folder: str) -> float:
    """The most memory that all processes of a run have together, shared pages counted once."""
    most = 0
    with subprocess.Popen(
        command,
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as running:
        while running.poll() is None:
            most = max(most, sum(map(_kilobytes, _session(running.pid))))
            time.sleep(EACH)
    return most / 1024


def _session(leader: int) -> list[int]:
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                if os.getsid(int(name)) == leader:
                    found.append(int(name))
            except OSError:  # it has ended
                continue
    return found


def _kilobytes(process: int) -> int:
    try:
        with open(f"/proc/{process}/smaps_rollup", encoding="ascii") as stream:
            return sum(int(line.split()[1]) for line in stream if line.startswith("Pss:"))
    except OSError:
        return 0


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    kept = []
    with tempfile.TemporaryDirectory() as folder:
        mains = write_fleet(os.path.join(folder, "all"), CLUSTERS)
        write_fleet(os.path.join(folder, "one"), 1)
        write_fleet(os.path.join(folder, "bare"), 1, settings=False)
        every, cache = os.path.join(folder, "all"), os.path.join(folder, "cache")
        file = os.path.relpath(mains[0], every)
        for where in ("bare", "one", "all"):  # Python's compiled modules, and the disk's cache
            seconds(kalint("check", file), os.path.join(folder, where), 1)
        bare, one, beside = (
            seconds(kalint("check", file), os.path.join(folder, where), 2 * rounds + 1)
            for where in ("bare", "one", "all")
        )
        print(f"one file without settings        {bare}")
        print(f"one file beside its own cluster  {one}")
        print(f"one file beside {CLUSTERS} clusters     {beside} {beside.wall / one.wall:6.2f} times")
        kept.append(beside.wall <= ALONE * one.wall)
        alone = seconds(kalint("check", ".", "--jobs", "1"), every, rounds)
        print(f"all files, one process           {alone}")
        if len(os.sched_getaffinity(0)) > 1:
            two = seconds(kalint("check", ".", "--jobs", "2"), every, rounds)
            print(f"all files, two processes         {two} {alone.wall / two.wall:6.2f} times as fast")
            kept.append(two.wall * JOBS <= alone.wall)
        seconds(kalint("check", ".", "--cache", cache), every, 1)
        again = seconds(kalint("check", ".", "--jobs", "1", "--cache", cache), every, rounds)
        print(f"all files, from the cache        {again} {alone.wall / again.wall:6.2f} times as fast")
        kept.append(again.wall <= CACHE * alone.wall)
        for jobs in ("1", "2"):
            most = megabytes(kalint("check", ".", "--jobs", jobs), every)
            print(f"all files, memory, --jobs {jobs}      {most:8.0f} MB")
            kept.append(most <= MEGABYTES)
        for words in (("cluster", "--all"), ("fleet",), ("diff", "--from", "2.0.20", "--to", "2.2.8")):
            taken = seconds(kalint(*words), every, 1)
            print(f"kalint {' '.join(words):26}{taken}")
        if shutil.which("keepalived"):
            start = time.perf_counter()
            for path in mains:
                subprocess.run(("keepalived", "-t", "-f", path), capture_output=True, check=False)
            print(f"keepalived -t, {len(mains)} files one by one {time.perf_counter() - start:5.2f} s")
    print(f"limits: {'kept' if all(kept) else 'MISSED'}")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
