"""Broken configurations: `kalint show` says what keepalived 2.2.7 has of them, whatever their mistakes cost.

Thousands more by hand: `python tests/daemon/mutants.py --seed N --count M` (as root).
"""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import mutants
import parity
import pytest
from dump import complaints

from kalint.errors import InputError
from kalint.findings.diagnostic import Diagnostic
from kalint.pipeline.diagnosing import diagnose
from kalint.pipeline.reading import load

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
    while time.monotonic() < end or ran < BATCH:
        result = mutants.run(known, seed, BATCH, tmp_path)
        again = f"python tests/daemon/mutants.py --seed {seed} --count {BATCH}"
        told = [f"{mutant.source}: {mutant.done}: {found}\n{dict(mutant.files)}" for mutant, found in result.differ]
        assert not told, "\n".join([*told, f"more of the kind: {again}"])
        ran += sum(result.ran.values())
        seed += 1
    assert ran >= BATCH


STRUCTURE = re.compile(
    r"\((?:\S+: )?Line (\d+)\) (?:Unknown keyword|Unexpected '\{'|Extra '\}'|Missing '\{')|There are \d+ missing '\}'s"
)
"""What `keepalived -t` says of words and braces that are out of place."""
READING = (*parity.READING, "KA016", "KA704")
CERTAIN = {"KA001", "KA002", "KA003"}
"""Findings of which the daemon must say something; of words that it does not read (KA006) it says nothing."""


@pytest.mark.long
def test_mutants_are_complained_of_as_kalint_finds(tmp_path: Path) -> None:
    """`keepalived -t` and the findings agree on what is out of place.

    Where the daemon complains of structure, a finding stands at or before its first line; where kalint finds a keyword
    or a brace out of place, the daemon complains.
    """
    files = mutants.default_files()
    known = list(mutants.sources(random.Random(8).sample(files, min(SAMPLE // 3, len(files))), tmp_path))
    rng = random.Random(8)
    wrong, complained = [], 0
    for number in range(BATCH):
        source = rng.choice(known)
        mutant = mutants.mutate(rng, source.name, source.text)
        if mutant is None or any(map(mutants.commands, mutant.files.values())):
            continue
        folder = tmp_path / f"mutant{number}"
        folder.mkdir()
        for file, text in mutant.files.items():
            # With its end of line: of a last line without one the daemon says the line before.
            (folder / file).write_bytes(f"{text}\n".encode("utf-8", "surrogateescape"))
        said = complaints(folder, source.links, "node", source.namespaces)
        found = findings(folder / mutants.CONFIGURATION)
        complained += bool(STRUCTURE.search(said))
        problem = None if found is None else disagreement(said, found, alone=len(mutant.files) == 1)
        if problem is not None:
            wrong.append(f"{mutant.source}: {mutant.done}: {problem}\n{dict(mutant.files)}")
    assert not wrong, "\n".join(wrong)
    assert complained > BATCH // 5


def findings(file: Path) -> list[Diagnostic] | None:
    """Those of 2.2.7; None for a file that is none of keepalived's, which gets one finding for all of it."""
    try:
        return list(diagnose(load(str(file), None, parity.REQUEST), parity.REQUEST))
    except InputError:
        return None


def disagreement(said: str, found: list[Diagnostic], *, alone: bool) -> str | None:
    """What the daemon says and kalint does not, or the other way round; `alone`: no file is included."""
    lines = [int(match[1]) if match[1] else 0 for match in STRUCTURE.finditer(said)]
    reading = [each for each in found if each.code in READING]
    if lines and not reading:
        return f"keepalived complains of lines {lines}, kalint of nothing"
    spans = [span for each in reading for span in (each.span, *(other.span for other in each.related))]
    noticed = [line for line in lines if line]
    if alone and noticed and min(span.line for span in spans) > min(noticed):
        return f"keepalived complains of line {min(noticed)} first, kalint of {min(span.line for span in spans)}"
    certain = [f"{each.code} {each.span.line}" for each in reading if each.code in CERTAIN]
    if certain and not lines and not re.search(r"Line \d+\)", said):
        return f"kalint finds {certain}, keepalived says {said}"
    return None
