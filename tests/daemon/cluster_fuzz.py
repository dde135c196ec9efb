"""Compare who is master with what kalint's election says, on random clusters of real daemons through random events.

    python tests/daemon/cluster_fuzz.py --seed 1 --rounds 10        (as root; from the checkout, with kalint installed)

Each round is one set of nodes with several independent clusters. After each event the masters that the bridge shows
must be one of the outcomes that kalint names for the masters before it, and their priorities those that it computes. A
difference names the seed and the round: `--seed S --first R --rounds 1` shows it again.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from cluster_lab import ADVERT
from cluster_matrix import Matrix
from cluster_round import Count, Difference, Round
from harness import every_release, missing


def compare(
    seed: int,
    rounds: Sequence[int],
    clusters: int,
    steps: int,
    jobs: int,
    tell: Callable[[str], object],
    advert: float = ADVERT,
    version: int = 3,
    matrix: bool = False,
    deaf: bool = False,
    rejects: bool = False,
) -> tuple[Count, list[Difference]]:
    """All rounds, `jobs` sets of nodes at a time; `tell` gets a line about each.

    With `matrix`, each round walks through what `kalint cluster` says of failures. A round that differs runs once more:
    only what differs again counts. Where nopreempt or a sync group holds a better node back, one master down interval
    without an advert, as a busy machine has it, moves the master for good.
    """
    total, differences = Count(0, 0, 0, 0), []
    kind = Matrix if matrix else Round
    kind.deaf, kind.rejects = deaf, rejects
    with ThreadPoolExecutor(jobs) as pool:
        results = [(number, pool.submit(kind(seed, number, clusters, advert, version).run, steps)) for number in rounds]
        for number, result in results:
            try:
                count, found = result.result()
            except RuntimeError as error:
                raise RuntimeError(f"seed {seed}, round {number}: {error}") from error
            total += count
            tell(f"round {number}: {_said(count, found)}")
            for difference in found:
                tell(str(difference))
            if found:
                again = {_place(each) for each in kind(seed, number, clusters, advert, version).run(steps)[1]}
                found = [each for each in found if _place(each) in again]
                tell(f"round {number} once more: {len(found)} of these differ again")
            differences += found
    return total, differences


def _place(difference: Difference) -> tuple[int, tuple[int, ...]]:
    """The step and the routers of a difference."""
    return difference.step, tuple(sorted({*difference.before, *difference.after}))


def _said(count: Count, differences: Sequence[Difference]) -> str:
    return (
        f"{count.clusters} clusters, {count.compared} elections compared ({count.single} with one outcome, "
        f"{count.moved} with another master), "
        f"{count.foretold} answers of kalint cluster ({count.certain} certain), {len(differences)} differ"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Compare the masters of random clusters with kalint's elections.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the first round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clusters", type=int, default=9, help="in each set of nodes")
    parser.add_argument("--steps", type=int, default=10, help="events that each set of nodes goes through")
    parser.add_argument("--jobs", type=int, default=2, help="sets of nodes at a time")
    parser.add_argument("--advert", type=float, default=ADVERT, help="the advert interval in seconds")
    parser.add_argument("--vrrp-version", type=int, default=3, help="2 needs --advert 1")
    parser.add_argument(
        "--matrix", action="store_true", help="single failures on a good day, as `kalint cluster` has it"
    )
    parser.add_argument(
        "--pairs",
        action="store_true",
        help="with --matrix: two failures at once too; may differ: see 'falls silent' in docs/clusters.md",
    )
    parser.add_argument("--deaf", action="store_true", help="unicast nodes that do not send to all others")
    parser.add_argument("--rejects", action="store_true", help="nodes that reject each other's adverts")
    options = parser.parse_args(arguments)
    Matrix.twice = options.pairs
    reason = missing()
    if reason is not None:
        print(f"cluster_fuzz.py {reason}", file=sys.stderr)
        return 2
    rounds = range(options.first, options.first + options.rounds)
    how = options.advert, options.vrrp_version, options.matrix, options.deaf, options.rejects
    count, differences = compare(options.seed, rounds, options.clusters, options.steps, options.jobs, print, *how)
    print(_said(count, differences))
    return 1 if differences else 0


if __name__ == "__main__":
    repeated = every_release(__file__)
    sys.exit(main() if repeated is None else repeated)
