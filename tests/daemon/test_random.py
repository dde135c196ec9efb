"""Random configurations in random states: the daemon advertises what kalint computes, without a single exception.

Thousands more by hand: `python tests/daemon/fuzz.py --seed N --rounds M` (as root).
"""

from __future__ import annotations

from fuzz import compare

SEED, ROUNDS, INSTANCES, STEPS, JOBS = 1, 6, 40, 3, 4


def test_random_configurations_advertise_what_kalint_computes() -> None:
    """At least 300 outcomes on random configurations, several states for each daemon: zero differences."""
    compared, differences = compare(SEED, range(ROUNDS), INSTANCES, STEPS, JOBS, print)
    again = f"python tests/daemon/fuzz.py --seed {SEED} --rounds {ROUNDS} --instances {INSTANCES} --steps {STEPS}"
    assert not differences, "\n".join([*map(str, differences), f"{len(differences)} of {compared} differ; {again}"])
    assert compared >= 300
