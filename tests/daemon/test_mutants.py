"""Broken configurations: `kalint show` says what keepalived 2.2.7 has of them, whatever their mistakes cost.

Thousands more by hand: `python tests/daemon/mutants.py --seed N --count M` (as root).
"""

from __future__ import annotations

import random
import time
from pathlib import Path

import mutants
import pytest

SECONDS = 20
BATCH = 150
SAMPLE = 60


@pytest.mark.long
def test_mutants_run_as_kalint_shows_them(tmp_path: Path) -> None:
    """Blocks renamed, moved, not closed, closed twice, on one line, included, ...: no value of the dump differs."""
    files = mutants.default_files()
    known = list(mutants.sources(random.Random(7).sample(files, min(SAMPLE, len(files))), tmp_path))
    end = time.monotonic() + SECONDS
    seed = ran = 0
    while time.monotonic() < end:
        result = mutants.run(known, seed, BATCH, tmp_path)
        again = f"python tests/daemon/mutants.py --seed {seed} --count {BATCH}"
        told = [f"{mutant.source}: {mutant.done}: {found}\n{dict(mutant.files)}" for mutant, found in result.differ]
        assert not told, "\n".join([*told, f"more of the kind: {again}"])
        ran += sum(result.ran.values())
        seed += 1
    assert ran >= BATCH
