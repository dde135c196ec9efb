"""Random configurations of ten to twenty-three instances on six releases, in random states."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("release", ["1.3.5", "2.0.20", "2.1.5", "2.2.7", "2.3.3", "2.4.3"])
def test_every_random_state_comes_out_as_observed(random, summary, release):
    """Each instance has the priority, or is in FAULT, as the daemon was seen to be: no exceptions.

    Where the step hangs on history, a daemon started afresh in the same states is what is compared.
    """
    observations = list(random.seen(release))
    different = [str(seen) for seen in observations if seen.differs]
    summary["random"] += len(observations)
    summary["random different"] += len(different)
    assert different == []


@pytest.mark.parametrize("release", ["1.3.5", "2.0.20", "2.1.5", "2.2.7", "2.3.1", "2.4.3"])
def test_included_files_and_bfds_come_out_as_observed(random2, summary, release):
    """The same with includes in blocks, bfds on two levels, files that the daemon writes, and link-local peers."""
    observations = list(random2.seen(release))
    different = [str(seen) for seen in observations if seen.differs]
    summary["random2"] += len(observations)
    summary["random2 different"] += len(different)
    assert different == []
