"""Whether a claim holds of masters, and of priorities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kalint.analysis.cluster.members import DAEMON
from kalint.analysis.requirements.scope import real_priority

if TYPE_CHECKING:
    from kalint.analysis.cluster.component import MasterSet
    from kalint.analysis.cluster.members import Member, Router, Witness
    from kalint.analysis.requirements.scope import Scope
    from kalint.requirements.model import Claim

OF_SITUATIONS = ("priority", "in fault", "never in fault")
"""The claims that no election decides."""
OF_CHANGES = ("stays", "changes")
"""The claims that compare with the masters before."""


def holds(
    claim: Claim,
    scope: Scope,
    routers: Sequence[Router],
    now: MasterSet,
    before: MasterSet | None = None,
    between: Sequence[MasterSet] = (),
) -> bool:
    """Whether a claim on masters holds.

    Args:
        claim: the claim.
        scope: what the routers are of.
        routers: the router, or the two that are compared.
        now: who is master.
        before: who was before the events.
        between: who was at each step of them.
    """
    names = scope.names(routers[0], now)
    nodes = [node.text for node in claim.nodes]
    kind = claim.kind
    if kind == "is master":
        return len(names) == 1 and names[0] in nodes
    if kind == "never master":
        return nodes[0] not in names
    if kind in ("same", "different"):
        other = set(scope.names(routers[1], now))
        return (set(names) == other) == (kind == "same")
    if kind in ("stays", "changes"):
        assert before is not None
        was = scope.names(routers[0], before)
        if kind == "stays":
            return all(scope.names(routers[0], each) == was for each in (*between, now))
        return names != was and (not nodes or (names == tuple(nodes) and nodes[0] not in was))
    return {
        "someone": len(names) > 0,
        "nobody": not names,
        "exactly one": len(names) == 1,
        "never two": len(names) < 2,
    }[kind]


def of_situation(claim: Claim, routers: Sequence[Router], witness: Witness) -> bool | None:
    """Whether a claim on priorities or a FAULT holds in a situation; None: it claims nothing of it."""
    nodes = [node.text for node in claim.nodes]
    found: list[bool] = []
    for router in routers:
        mine = member_of(router, nodes[0])
        priority = real_priority(mine, witness)
        if claim.kind != "priority":
            stopped = DAEMON in witness.get(nodes[0], {})
            found.append((priority is None and not stopped) == (claim.kind == "in fault"))
            continue
        other = None if claim.other is None else real_priority(member_of(router, claim.other.text), witness)
        if priority is None or (claim.other is not None and other is None):
            continue
        found.append(compares(claim, priority, other))
    return all(found) if found else None


def compares(claim: Claim, priority: int, other: int | None) -> bool:
    """Whether a priority is as claimed, against a number or another priority."""
    if claim.operator == "is":
        return priority == claim.number
    if claim.operator == "at most":
        return priority <= (claim.number if other is None else other - claim.number)
    if claim.operator == "at least":
        return priority >= (claim.number if other is None else other + claim.number)
    if other is not None:  # by 0 is by 1 or more
        apart = max(1, claim.number)
        return priority >= other + apart if claim.operator == "above" else priority <= other - apart
    return priority > claim.number if claim.operator == "above" else priority < claim.number


def member_of(router: Router, node: str) -> Member:
    """The member of a node, which the router has."""
    return next(member for member in router.members if member.node.name == node)
