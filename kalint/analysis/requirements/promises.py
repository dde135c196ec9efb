"""Which takeovers on the wire a requirement speaks of, and how soon each must be.

Only the end of the wait is in doubt there: an advert that is missing, one with priority 0, or one with a lower priority
tells that something has failed, and not what. So a takeover may be that of several requirements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.timing.detection import PRIORITY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kalint.analysis.cluster.members import Router
    from kalint.analysis.requirements.proving import Prover
    from kalint.requirements.model import Requirement


class TakeoverLimit(NamedTuple):
    """A node must take a router over soon enough after what its master says.

    Args:
        virtual_router_id: the router's.
        family: `ipv4` or `ipv6`.
        old: the node that is master before.
        new: the node that must be master then.
        signal: how the others learn of it: see `kalint.analysis.timing.detection`.
        priority: what the old master advertises then; None: nothing.
        requirement: it has the seconds.
    """

    virtual_router_id: int
    family: str
    old: str
    new: str
    signal: str
    priority: int | None
    requirement: Requirement

    @property
    def within(self) -> float:
        """Seconds."""
        return self.requirement.within or 0.0


def promises(prover: Prover, requirements: Iterable[Requirement]) -> tuple[TakeoverLimit, ...]:
    """What the requirements with a time say of takeovers after one event, or after any single failure.

    Raises:
        RequirementError: a name in one is none.
    """
    found = (each for requirement in requirements for each in _of(prover, requirement))
    return tuple(dict.fromkeys(found))


def _of(prover: Prover, requirement: Requirement) -> Iterator[TakeoverLimit]:
    condition = requirement.condition
    single = condition.kind == "when" and len(condition.events) == 1
    if requirement.within is None or not (single or condition.kind == "whatever"):
        return
    for router, old, new, signal, priority in prover.takeovers(requirement):
        yield _promise(router, old, new, signal, priority, requirement)


def _promise(
    router: Router, old: str, new: str, signal: str, priority: int | None, requirement: Requirement
) -> TakeoverLimit:
    told = priority if signal == PRIORITY else None
    return TakeoverLimit(router.virtual_router_id, router.family, old, new, signal, told, requirement)
