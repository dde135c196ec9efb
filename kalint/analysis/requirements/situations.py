"""Claims on priorities and FAULT: no election decides them, so the tables of the nodes do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.analysis.cluster.members import DAEMON, RELOADED
from kalint.analysis.requirements.claims import compares, member_of, of_situation
from kalint.analysis.requirements.tables import GOOD, Column
from kalint.analysis.requirements.things import witness_of
from kalint.semantics.priority import outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kalint.analysis.cluster.members import Router
    from kalint.analysis.requirements.boxes import Box
    from kalint.analysis.requirements.events import Case
    from kalint.analysis.requirements.regions import Region
    from kalint.analysis.requirements.scope import Scope
    from kalint.analysis.requirements.things import Down
    from kalint.requirements.model import Claim


class PriorityClaim:
    """A claim on a priority or a FAULT over a region. `speaks`: it is about some situation of it."""

    def __init__(self, region: Region, claim: Claim, routers: Sequence[Router]) -> None:
        self.region, self.claim, self.router = region, claim, routers[0]
        self.speaks = False

    def violation(self) -> Down | None:
        """The fewest things down for which the claim fails."""
        found = [
            down for box in self.region.boxes for fixed in self.region.splits(box) for down in self._in(box, fixed)
        ]
        if self.region.most is not None:
            found = [down for down in found if len(down) <= (self.region.most or 0)]
        return min(found, key=len, default=None)

    def _in(self, box: Box, fixed: Mapping[tuple[str, str], tuple[int, ...]]) -> Iterator[Down]:
        node = self.claim.nodes[0].text
        if self.claim.kind == "priority":
            yield from self._compared(box, fixed)
            return
        key = node, DAEMON
        may = fixed.get(key, (GOOD, 0))
        for state in may:
            running = state == GOOD
            for values, down in self._values(box, {**fixed, key: (state,)}, (node,)):
                self.speaks = True
                if (values[0] is None and running) != (self.claim.kind == "in fault"):
                    yield down

    def _compared(self, box: Box, fixed: Mapping[tuple[str, str], tuple[int, ...]]) -> Iterator[Down]:
        nodes = [self.claim.nodes[0].text]
        if self.claim.other is not None and self.claim.other.text not in nodes:
            nodes.append(self.claim.other.text)
        best: dict[object, Down] = {}
        for values, down in self._values(box, fixed, tuple(nodes)):
            priority, other = values[0], values[-1] if self.claim.other is not None else None
            if priority is None or (self.claim.other is not None and other is None):
                continue
            if self.region.most is not None and len(down) > self.region.most:
                continue
            self.speaks = True
            if not compares(self.claim, priority, other) and ("" not in best or len(down) < len(best[""])):
                best[""] = down
        yield from best.values()

    def _values(
        self, box: Box, fixed: Mapping[tuple[str, str], tuple[int, ...]], nodes: tuple[str, ...]
    ) -> Iterator[tuple[tuple[int | None, ...], Down]]:
        """The priorities that nodes can have together, each with the fewest things down."""
        region = self.region
        columns = {node: [Column(member_of(self.router, node), heard=False)] for node in nodes}
        every = region.vectors(box, fixed, columns)
        if every is None:
            return
        base = region.base(box, fixed, {key for key in fixed if key[0] in every})
        rest = [found for node, found in every.items() if node not in nodes]
        for found in rest:
            base = (*base, *min(found, key=lambda vector: len(vector.down)).down)
        if len(nodes) == 1:
            for vector in every[nodes[0]]:
                yield vector.values, (*base, *vector.down)
            return
        for one in every[nodes[0]]:
            for other in every[nodes[1]]:
                yield (*one.values, *other.values), (*base, *one.down, *other.down)


def unfit(claim: Claim, scope: Scope, routers: Sequence[Router], case: Case) -> bool | None:
    """Whether a claim on a priority or a FAULT holds once events have happened; None: it claims nothing of that."""
    witness = witness_of(case.at.down)
    node = claim.nodes[0].text
    reloaded = [name for name, states in witness.items() if states.get(DAEMON) == RELOADED]
    if not reloaded:
        return of_situation(claim, routers, witness)
    found: list[int | None] = []
    for name in (node, *((claim.other.text,) if claim.other is not None else ())):
        member = member_of(routers[0], name)
        instance = member.instance
        if name in reloaded:
            instance = scope.components[0].reloaded(member)
        found.append(outcome(instance, {}, member.node.resolved.profile))
    if claim.kind != "priority":
        return (found[0] is None) == (claim.kind == "in fault")
    if None in found:
        return None
    return compares(claim, found[0] or 0, found[1] if len(found) > 1 else None)
