"""Failures as the tables for people show them: of many things of a node that do the same, one stands for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from kalint.analysis.cluster.results import Answer, Failure
    from kalint.analysis.timing.failover import Failover

MANY = 10
"""From this many things on: fewer have rows of their own."""

LEGEND = "+N alike: N other things of this kind on this node have the same row"


class Shown(NamedTuple):
    """A failure, its failover, whether it is useless, and how many other things have the same row but for the name."""

    failure: Failure
    failover: Failover | None
    useless: bool
    others: int = 0

    @property
    def alike(self) -> str:
        """` (+506 alike)`; empty where the thing stands for itself."""
        return f" (+{self.others} alike)" if self.others else ""


def shown(answer: Answer, failovers: Sequence[Failover | None]) -> Iterator[Shown]:
    """The failures in their order, without those of things for which another one stands."""
    useless = frozenset(answer.useless)
    things: dict[tuple[str, str], list[Shown]] = {}
    for failure, failover in zip(answer.failures, failovers, strict=True):
        key = failure.node, failure.thing
        things.setdefault(key, []).append(Shown(failure, failover, key in useless))
    alike: dict[Hashable, list[list[Shown]]] = {}
    for (node, thing), rows in things.items():
        alike.setdefault((node, thing.partition(":")[0], tuple(map(_row, rows))), []).append(rows)
    others = {id(same[0]): len(same) - 1 for same in alike.values() if len(same) >= MANY}
    hidden = {id(rows) for same in alike.values() if len(same) >= MANY for rows in same[1:]}
    for rows in things.values():
        if id(rows) not in hidden:
            yield from [row._replace(others=others.get(id(rows), 0)) for row in rows]


def _row(row: Shown) -> Hashable:
    """All that is shown of a row but for the thing's name."""
    failure = row.failure
    return (
        failure.state,
        tuple(failure.priorities.items()),
        failure.possible,
        failure.ignored,
        row.failover,
        row.useless,
    )
