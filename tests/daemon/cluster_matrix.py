"""A good day, one failure or two, the recovery, the next failure: the masters against what `kalint cluster` says."""

from __future__ import annotations

from collections.abc import Mapping

from cluster_generator import Cluster, Event
from cluster_lab import ADVERT, ClusterLab, Masters
from cluster_round import Count, Difference, Round, Step, nodes_of

from kalint.analysis.cluster.answers import analyse
from kalint.analysis.cluster.election import settle
from kalint.analysis.cluster.members import DAEMON, RELOADED, Node
from kalint.analysis.cluster.results import Answer, Failure, Pair

MasterSet = frozenset[tuple[int, str | None]]
"""Who is master of each router."""


class Matrix(Round):
    """In every second step one thing or two fail, of a cluster or of a whole node; in the next all is well again.

    Two at once only where `twice` is set: where one of them makes a master leave and the other changes a backup's
    priority at that moment, keepalived falls silent for other routers too (docs/clusters.md).
    """

    twice = False

    def __init__(self, seed: int, number: int, clusters: int, advert: float = ADVERT, version: int = 3) -> None:
        super().__init__(seed, number, clusters, advert, version)
        for states in self.world.states.values():
            states.update({thing: 0 if thing.startswith("file") else "ok" for thing in states if thing[0] in "fs"})
        nodes = [Node(node, config, {"eth0": self.case.addresses[node][0]}) for node, config in self.configs.items()]
        self.answers: dict[int, Answer] = {
            answer.router.virtual_router_id: answer for answer in analyse(nodes, (), True).answers
        }
        self.starts: dict[tuple[int, ...], set[MasterSet]] = {}
        self.failed: list[tuple[Cluster, Failure]] = []
        self.pairs: list[tuple[Cluster, Pair]] = []

    def next(self, step: int) -> Event:
        if step == 0:
            return Event("start")
        if step % 2:
            return self._fail_twice() if self.twice and self.rng.random() < 0.3 else self._fail()
        return self._recover()

    def _fail_twice(self) -> Event:
        """Two of the cluster's own things in each cluster."""
        for cluster in self.case.clusters:
            possible = [
                pair
                for vrid in cluster.vrids
                for pair in self.answers[vrid].pairs or ()
                if all(each.thing.startswith(("script", "file")) for each in (pair.first, pair.second))
            ]
            if possible:
                self.pairs.append((cluster, self.rng.choice(possible)))
        states: dict[str, dict[str, int | str]] = {}
        for _, pair in self.pairs:
            for failure in (pair.first, pair.second):
                states.setdefault(failure.node, {})[failure.thing] = failure.state
        return Event("set", states=states)

    def _fail(self) -> Event:
        """One of the cluster's own things in each cluster, or one that hits all clusters of a node."""
        if self.rng.random() < 0.6:
            possible = [(cluster, self._failures(cluster, ("script", "file"))) for cluster in self.case.clusters]
            self.failed = [(cluster, self.rng.choice(failures)) for cluster, failures in possible if failures]
        else:
            every = [each for cluster in self.case.clusters for each in self._failures(cluster, ("interface", DAEMON))]
            one = self.rng.choice(every)
            self.failed = [(cluster, one) for cluster in self.case.clusters]
        states: dict[str, dict[str, int | str]] = {}
        for _, failure in self.failed:
            if failure.state == RELOADED:
                return Event("reload", failure.node)
            if failure.thing == DAEMON:
                return Event(self.rng.choice(("stop", "kill")), failure.node)
            states.setdefault(failure.node, {})[failure.thing] = failure.state
        return Event("set", states=states)

    def _failures(self, cluster: Cluster, kinds: tuple[str, ...]) -> list[Failure]:
        answers = [self.answers[vrid] for vrid in cluster.vrids]
        return [failure for answer in answers for failure in answer.failures if failure.thing.startswith(kinds)]

    def _recover(self) -> Event:
        failed = [failure for _, failure in self.failed]
        failed += [failure for _, pair in self.pairs for failure in (pair.first, pair.second)]
        self.failed, self.pairs = [], []
        states: dict[str, dict[str, int | str]] = {}
        for failure in failed:
            if failure.state == RELOADED:
                return Event("set")
            if failure.thing == DAEMON:
                return Event("start", failure.node)
            kind = failure.thing.partition(":")[0]
            good: int | str = 0 if kind == "file" else "ok" if kind == "script" else "up"
            states.setdefault(failure.node, {})[failure.thing] = good
        return Event("set", states=states)

    def judge(self, lab: ClusterLab, step: Step) -> None:
        super().judge(lab, step)
        if step.number == 0:
            for settled in settle(self.candidates(step, self.priorities()), start=True):
                routers = tuple(router for router in settled.routers if isinstance(router, int))
                self.starts[routers] = {
                    frozenset((router, outcome[router]) for router in routers) for outcome in settled.outcomes
                }
            for vrid, answer in self.answers.items():
                self._compare(lab, step, vrid, answer.possible, answer.router.nominal)
        hit = {vrid: failure for cluster, failure in self.failed for vrid in cluster.vrids}
        for vrid, failed in hit.items():
            for failure in self.answers[vrid].failures:
                if failure[:3] == failed[:3] and self._good_day(vrid, step.before):
                    self._compare(lab, step, vrid, failure.possible, failure.priorities)
        for cluster, pair in self.pairs:
            for vrid in cluster.vrids:
                for each in self.answers[vrid].pairs or ():
                    same = (each.first[:3], each.second[:3]) == (pair.first[:3], pair.second[:3])
                    if same and self._good_day(vrid, step.before):
                        self._compare(lab, step, vrid, each.possible, each.priorities)

    def _good_day(self, vrid: int, before: Masters) -> bool:
        """Whether the masters before are those of a good day's start; after a recovery they need not be."""
        routers = next(found for found in self.starts if vrid in found)
        now = nodes_of({router: before.get(router, ()) for router in routers})
        held = frozenset(now.items())
        return held in self.starts[routers]

    def _compare(
        self,
        lab: ClusterLab,
        step: Step,
        vrid: int,
        named: tuple[tuple[str, ...], ...],
        priorities: Mapping[str, int | None],
    ) -> None:
        """Whether the one who speaks for a router, and its priority, are those of an answer."""
        self.count += Count(0, 0, 0, 0, 1, len(named) == 1)
        seen = step.after.get(vrid, ())
        nodes = {master.node for master in seen}
        agreed = all(priorities[master.node] == master.priority for master in seen)
        if not agreed or nodes not in [set(each) for each in named]:
            where = (self.seed, self.number, step.number, f"matrix: {step.event}")
            was = {vrid: step.before.get(vrid, ())}
            shown = {node: {vrid: priority} for node, priority in priorities.items()}
            expected = [{vrid: master} for master in named]
            text = self.text(lab, [vrid])
            self.differences.append(Difference(*where, was, {vrid: seen}, shown, expected, text))
