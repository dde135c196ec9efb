"""Real files: the trackers that kalint drops are those that `keepalived -t` 2.2.7 complained of."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from kalint.pipeline.reading import Request, load
from kalint.version import parse_version

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"

COMPLAINTS = {
    "missing": r"\((\S+)\) track (script|file|process|bfd) (\S+) not found",
    "repeated": r"\((\S+)\) duplicate track_(script|interface|file|process|bfd) (\S+) - ignoring",
    "own-interface": r"\((\S+)\) Ignoring track_(interface) (\S+) since own interface",
}
KINDS = {"undefined": "missing", "defined-later": "missing", "repeated": "repeated", "own-interface": "own-interface"}

NO_COMPLAINT = {
    "0302": "the daemon stops at a missing parameter before it looks at interfaces",
    "1082": "once one track_file is defined, 2.2.7 finds undefined ones too, in stray memory, and crashes later",
    "1175": "the script and the interface are on lines of other @ids",
    "1277": "the script and the interface are on lines of other @ids",
}
"""Files in which kalint drops a tracker and the daemon said nothing of it."""


def complaints(log: str) -> Counter[tuple[str, ...]]:
    """What the daemon said that it drops: (why, instance or group, kind, name)."""
    return Counter((why, *found) for why, pattern in COMPLAINTS.items() for found in re.findall(pattern, log))


def dropped(path: Path) -> tuple[Counter[tuple[str, ...]], set[str]]:
    """What kalint says that the daemon drops, in the same words, and the scripts that are defined."""
    resolved = load(str(path), None, Request(version=parse_version("2.2.7"))).resolved
    found: Counter[tuple[str, ...]] = Counter()
    for owner in (*resolved.instances, *resolved.sync_groups):
        origin = "instance" if hasattr(owner, "base_priority") else "sync_group"
        for tracker in owner.trackers:
            if tracker.origin == origin and tracker.ignored in KINDS:
                found[KINDS[tracker.ignored], owner.name, tracker.kind, tracker.name] += 1
    return found, {script.name for script in resolved.scripts}


@pytest.mark.long
def test_dropped_trackers_are_those_that_the_daemon_complains_of(summary):
    """Undefined, defined later, repeated, own interface: file for file the same trackers.

    Scripts that the host of the recording could not run (no such user) are not kalint's to know.
    """
    if not CORPUS.is_dir():
        pytest.skip("the corpus, ../shared/corpus, is not here")
    different = []
    for path in sorted((CORPUS / "files").glob("*.conf")):
        log = (CORPUS / "keepalived-t" / f"{path.stem}.txt").read_text(encoding="utf-8", errors="replace")
        said = complaints(log)
        found, scripts = dropped(path)
        if "Unable to set" in log:
            said = Counter({key: count for key, count in said.items() if key[3] not in scripts or key in found})
        summary["corpus"] += sum(said.values())
        if said != found and not (path.stem in NO_COMPLAINT and not said - found):
            different.append(f"{path.name}: the daemon {said - found}, kalint {found - said}")
    summary["corpus different"] += len(different)
    assert different == []
