"""Recorded steps of eleven releases: each scenario tries one rule of tracking."""

from __future__ import annotations

import pytest

RELEASES = ["1.2.13", "1.3.5", "1.4.5", "2.0.10", "2.0.20", "2.1.5", "2.2.4", "2.2.7", "2.2.8", "2.3.3", "2.4.3"]

REVERSED = {
    (1, "PR"): 110,
    (2, "PR"): 120,
    (3, "NR"): 90,
    (4, "NR"): 80,
}
"""After the reload in step 1 and again in step 3 the sum holds the plain weight 10, or -10, instead of the reversed."""
STALE = {"DFL": 75, "W0": 100, "W2": 50, "WM1": 125, "R": 125, "W0R": None, "OVR": 25}
"""In step 22 the file was deleted and in step 23 written again: 2.0.20 takes the new value for a change from 5."""

HISTORY = {
    **{("reload_", step, name): ("reload-forgets-reverse", seen) for (step, name), seen in REVERSED.items()},
    **{("track_file", 23, name): ("deleted-file-stale", seen) for name, seen in STALE.items()},
    # eth1 and eth2 were down, and eth1 came back: that ended the FAULT which eth2 goes on deserving
    ("iface", 5, "TWO"): ("shared-interface-fault", 100),
}
"""What hangs on earlier steps though it is marked static: the instance's `history` must say so, and what was seen."""


@pytest.mark.parametrize("release", RELEASES)
def test_every_recorded_step_comes_out_as_observed(tracking, summary, release):
    """In every static step each instance has the priority, or is in FAULT, as the daemon was seen to be."""
    unexplained = []
    for seen in tracking.seen(release):
        summary["tracking"] += 1
        if seen.differs:
            kind, observed = HISTORY.get((seen.scenario, seen.step, seen.instance.name), ("", -1))
            explained = observed == seen.observed and kind in {kind for kind, _ in seen.instance.history}
            summary["tracking explained" if explained else "tracking different"] += 1
            if not explained:
                unexplained.append(str(seen))
    assert unexplained == []


def test_no_exception_is_listed_in_vain(tracking):
    """Each exception in the list is a step in which kalint and some daemon differ."""
    differing = {(seen.scenario, seen.step, seen.instance.name) for seen in tracking.seen() if seen.differs}
    steps = {(seen.scenario, seen.step) for seen in tracking.seen()}
    assert {key for key in HISTORY if key[:2] in steps} == differing
