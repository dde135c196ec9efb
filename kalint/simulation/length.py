"""How long a run is before anything of it is worked out, so that one without an end in sight is refused at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kalint.analysis.cluster.members import Node
    from kalint.semantics.resolved import Resolved

MOST_EVENTS = 10_000_000
"""Adverts and timers that a run may have where nobody asks for more: about two months of two nodes at 1 s."""


def expected(nodes: Sequence[Node], others: Sequence[tuple[str, Resolved]], duration: int) -> int:
    """The most adverts of a run: one from each instance in each of its advert intervals.

    Args:
        nodes: the cluster.
        others: configurations that nodes, by name, may read in the course of the run.
        duration: microseconds.
    """
    rates = dict.fromkeys((node.name for node in nodes), 0.0)  # adverts in a second
    for name, resolved in [*((node.name, node.resolved) for node in nodes), *others]:
        intervals = [instance.advert_interval.value for instance in resolved.instances]
        rates[name] = max(rates[name], sum(1 / interval for interval in intervals if interval > 0))
    return int(sum(rates.values()) * duration / 1e6)


def check_length(
    nodes: Sequence[Node], others: Sequence[tuple[str, Resolved]], duration: int, most: int = MOST_EVENTS
) -> None:
    """Refuse a run that would take too long.

    Raises:
        UsageError: it can have more than `most` adverts.
    """
    count = expected(nodes, others, duration)
    if count > most:
        raise UsageError(
            f"the scenario is too long: {duration / 1e6:.15g} s can have {count:,} adverts, and the limit is {most:,}: "
            "shorten 'duration', or raise the limit with --max-events"
        )
