"""How soon a claim holds after an event: the failover times of kalint.analysis.timing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.analysis.cluster.members import FAILED
from kalint.analysis.cluster.results import Failure
from kalint.analysis.requirements.claims import OF_SITUATIONS
from kalint.analysis.requirements.things import NO_NODE, witness_of
from kalint.analysis.timing.failover import Failovers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kalint.analysis.cluster.members import Router
    from kalint.analysis.cluster.results import Cluster
    from kalint.analysis.requirements.events import Case
    from kalint.analysis.requirements.scope import Scope
    from kalint.analysis.timing.failover import Failover
    from kalint.requirements.model import Claim


class Times:
    """The worst times of one cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self._answers = {answer.router.key: answer for answer in cluster.answers}
        self._failovers = Failovers(cluster)

    def of(self, claim: Claim, scope: Scope, routers: Sequence[Router], case: Case) -> float | None:
        """Seconds from the last event until a claim holds for good, at worst; None: no model fits.

        A claim that holds without any change of the masters holds at once.
        """
        if claim.kind in OF_SITUATIONS:
            return None
        found = 0.0
        for router in routers:
            seconds = self._router(scope, router, case)
            if seconds is None:
                return None
            found = max(found, seconds)
        return found

    def _router(self, scope: Scope, router: Router, case: Case) -> float | None:
        now = scope.names(router, case.at.masters)
        last = case.steps[-2].masters if len(case.steps) > 1 else case.base.at.masters
        before = scope.names(router, last)
        if not case.steps or (before == now and not case.during):
            return 0.0
        found = self.failover(scope, router, case)
        if found is None:
            return None
        if case.verbs[0] == "stops" and found.shutdown is not None:
            return found.shutdown.worst
        both = found.delay.worst, found.shutdown.worst if found.shutdown is not None else 0.0
        return found.delay.worst if case.verbs[0] == "crashes" else max(both)

    def failover(self, scope: Scope, router: Router, case: Case) -> Failover | None:
        """The takeover of a router after a single failure; None: there is none, or no model fits."""
        if len(case.steps) != 1 or case.during or router.key not in self._answers:
            return None
        move = case.steps[0].move
        if move.thing is None or move.state is None or case.verbs[0] == "reloaded":
            return None
        thing = move.thing
        now, before = scope.names(router, case.at.masters), scope.names(router, case.base.at.masters)
        down = witness_of(case.at.down)
        index = next(index for index, each in enumerate(scope.components) if router in each.routers)
        priorities = scope.components[index].of(router, scope.priorities(case.at.down)[index])
        state = FAILED if thing.node == NO_NODE else thing.states[move.state]
        failure = Failure(thing.node, thing.key, state, priorities, (now,), (before,), down)
        return self._failovers.of(self._answers[router.key], failure)
