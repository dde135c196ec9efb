"""One set of real nodes with several random clusters, and each step's masters against kalint's elections."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from answers import Outcome, outcomes
from cluster_generator import Case, Event, World, generate
from cluster_lab import ADVERT, ClusterLab, Master, Masters
from included import NAME, parted, put, read

from kalint.analysis.cluster.candidate import Candidate
from kalint.analysis.cluster.candidates import candidate_of, starts_as_master
from kalint.analysis.cluster.election import Settled, settle
from kalint.analysis.cluster.hearing import Graph, graph
from kalint.analysis.cluster.members import Member, Node
from kalint.analysis.reach.reachable import reach
from kalint.semantics.resolved import Resolved
from kalint.semantics.starting import reloaded

SAMPLES = 5
"""How often the holders of the addresses are looked at."""


class Difference(NamedTuple):
    """Routers that hang together of which the daemons show something that kalint does not name."""

    seed: int
    round: int
    step: int
    event: str
    before: Mapping[int, Sequence[Master]]
    after: Mapping[int, Sequence[Master]]
    priorities: Mapping[str, Mapping[int, Outcome]]
    named: Sequence[Mapping[int, tuple[str, ...]]]
    text: str

    def __str__(self) -> str:
        return (
            f"seed {self.seed}, round {self.round}, step {self.step}: {self.event}\n"
            f"  before: {_shown(self.before)}\n  after:  {_shown(self.after)}\n"
            f"  priorities: { {node: dict(found) for node, found in self.priorities.items()} }\n"
            f"  kalint names: {[dict(outcome) for outcome in self.named]}\n{self.text}"
        )


class Step(NamedTuple):
    """A step of a round: what happened, and who was master before it and after."""

    number: int
    event: Event
    before: Masters
    after: Masters


class Count(NamedTuple):
    """What was compared: steps of clusters, of which kalint named one outcome only, of which the master changed.

    `foretold` are answers of `kalint cluster`: masters of a good day, and after one failure on it; `certain` of
    them name one master only.
    """

    clusters: int
    compared: int
    single: int
    moved: int
    foretold: int = 0
    certain: int = 0

    def __add__(self, other: object) -> Count:
        return Count(*map(sum, zip(self, other, strict=True))) if isinstance(other, Count) else NotImplemented


def _shown(masters: Mapping[int, Sequence[Master]]) -> str:
    return ", ".join(
        f"{vrid}: {' and '.join(f'{node} ({priority})' for node, priority in found) or 'nobody'}"
        for vrid, found in masters.items()
    )


class Round:
    """One set of nodes through its events; everything comes from seed and number.

    `deaf` and `rejects`: not everybody hears everybody (see `cluster_generator.generate`). Then who holds the addresses
    is master, not who sends adverts.
    """

    deaf = rejects = False

    def __init__(self, seed: int, number: int, clusters: int, advert: float = ADVERT, version: int = 3) -> None:
        self.seed, self.number, self.advert = seed, number, advert
        self.rng = random.Random(f"{seed}/{number}")
        self.case: Case = generate(self.rng, clusters, advert, version, self.deaf, self.rejects)
        self.world = World(self.case, self.rng)
        # Of its own random numbers: what a seed makes stays the same.
        apart = random.Random(f"includes {seed}/{number}")
        self.files = {node: parted(apart, text) for node, text in self.case.configs.items()}
        self.case = self.case._replace(configs={node: files[NAME] for node, files in self.files.items()})
        self.configs: dict[str, Resolved] = {node: read(files, node) for node, files in self.files.items()}
        self.written = dict(self.configs)
        self.graphs = self._graphs()
        self.differences: list[Difference] = []
        self.count = Count(clusters, 0, 0, 0)

    def next(self, step: int) -> Event:
        """What happens in a step."""
        return self.world.event() if step else Event("start")

    def run(self, steps: int) -> tuple[Count, list[Difference]]:
        addresses = {node: (f"{ipv4}/24", f"{ipv6}/64") for node, (ipv4, ipv6) in self.case.addresses.items()}
        with ClusterLab(addresses) as lab:
            for node, states in self.world.states.items():
                lab.set(node, states)
                put(self.files[node], lab.nodes[node])
            before: Masters = {}
            for number in range(steps):
                event = self.next(number)
                self._happen(lab, event)
                self.world.apply(event)
                self._count(event)
                after = lab.settle(advert=self.advert)
                if self.deaf or self.rejects:
                    after = self._holders(lab, after)
                self.judge(lab, Step(number, event, before, after))
                before = after
        return self.count, self.differences

    def _holders(self, lab: ClusterLab, heard: Masters) -> Masters:
        """Who holds the addresses most of the time.

        Of several masters that reject each other's adverts some send nothing, since these start their timers anew; and
        while one is silent, a backup that hears it only stands up for a moment, again and again, until it is answered.
        """
        seen: Counter[tuple[int, str]] = Counter()
        for _ in range(SAMPLES):
            time.sleep(0.7 * self.advert)
            seen.update((vrid, name) for vrid, names in lab.holders().items() for name in names)
        priorities = self.priorities()
        said = {(vrid, each.node): each.priority for vrid, masters in heard.items() for each in masters}
        found: dict[int, list[Master]] = {}
        for (vrid, name), count in sorted(seen.items()):
            if count > SAMPLES / 2:
                priority = said.get((vrid, name), priorities[name][vrid] or 0)
                found.setdefault(vrid, []).append(Master(name, priority))
        return {vrid: tuple(masters) for vrid, masters in found.items()}

    def _graphs(self) -> dict[int, Graph]:
        """Who hears whom, by VRID."""
        members: dict[int, list[Member]] = {}
        for name, config in self.configs.items():
            for instance in config.instances:
                address = self.case.addresses[name][instance.family == "ipv6"]
                node = Node(name, config, {"eth0": address})
                member = Member(node, instance, reach(instance, config.profile), address)
                members.setdefault(instance.virtual_router_id.value, []).append(member)
        return {vrid: graph(found) for vrid, found in members.items()}

    def _happen(self, lab: ClusterLab, event: Event) -> None:
        if event.kind == "start":
            nodes = [event.node] if event.node else self.rng.sample(sorted(self.case.configs), len(self.case.configs))
            for node in nodes:
                lab.start(node, self.case.configs[node])
        elif event.kind == "stop":
            lab.stop(event.node)
        elif event.kind == "kill":
            lab.kill(event.node)
        elif event.kind == "reload":
            lab.reload(event.node, self.case.configs[event.node])
        for node, states in event.states.items():
            lab.set(node, states)

    def _count(self, event: Event) -> None:
        """What a node has counted for good: a start reads the file as it is, a reload by the states of that moment."""
        if event.kind in ("start", "reload"):
            for node in [event.node] if event.node else sorted(self.written):
                written = self.written[node]
                reload = event.kind == "reload"
                self.configs[node] = reloaded(written, self.world.states[node]) if reload else written

    def judge(self, lab: ClusterLab, step: Step) -> None:
        """Count what a step shows, and note what kalint does not name."""
        priorities = self.priorities()
        for settled in settle(self.candidates(step, priorities), start=step.event == Event("start")):
            routers = [router for router in settled.routers if isinstance(router, int)]
            seen = {router: step.after.get(router, ()) for router in routers}
            was = {router: step.before.get(router, ()) for router in routers}
            self.count += Count(0, 1, len(settled.outcomes) == 1, nodes_of(seen) != nodes_of(was))
            wrong = [
                master
                for router, found in seen.items()
                for master in found
                if priorities[master.node].get(router) != master.priority
            ]
            if wrong or not _named(settled, seen):
                shown = {
                    node: {router: found[router] for router in routers if router in found}
                    for node, found in priorities.items()
                }
                named = [{router: outcome[router] for router in routers} for outcome in settled.outcomes]
                text = self.text(lab, routers)
                where = (self.seed, self.number, step.number, str(step.event))
                self.differences.append(Difference(*where, was, seen, shown, named, text))

    def priorities(self) -> dict[str, dict[int, Outcome]]:
        """What each instance advertises as master, by node and VRID; None where it is in FAULT or not there."""
        found: dict[str, dict[int, Outcome]] = {}
        for node, config in self.configs.items():
            reached = outcomes(config, self.world.states[node])
            running = node in self.world.running
            found[node] = {
                instance.virtual_router_id.value: reached[instance.name] if running else None
                for instance in config.instances
            }
        return found

    def candidates(self, step: Step, priorities: Mapping[str, Mapping[int, Outcome]]) -> Iterable[Candidate]:
        """Every instance's candidate in the election that the event calls."""
        for node, config in self.configs.items():
            starts = step.event.kind == "start" and step.event.node in ("", node)
            for instance in config.instances:
                vrid = instance.virtual_router_id.value
                master = any(found.node == node for found in step.before.get(vrid, ()))
                master = master or (starts and starts_as_master(instance, config))
                address = self.case.addresses[node][instance.family == "ipv6"]
                how = address, master, self.graphs[vrid]
                yield candidate_of(node, vrid, instance, config.profile, priorities[node][vrid], *how)

    def text(self, lab: ClusterLab, routers: Sequence[int]) -> str:
        """What the nodes say of these routers: their configuration and the end of their logs."""
        lines = []
        for node, config in self.case.configs.items():
            blocks = [block for block in config.split("\n}\n") if any(f"V{vrid}" in block.split() for vrid in routers)]
            lines += [f"--- {node} {self.case.addresses[node]}", *["\n".join([block, "}"]) for block in blocks]]
            log = lab.log(node, 400).splitlines()
            lines += [line for line in log if any(f"(V{vrid})" in line for vrid in routers)][-12:]
        return "\n".join(lines)


def nodes_of(masters: Masters) -> dict[int, tuple[str, ...]]:
    return {vrid: tuple(master.node for master in found) for vrid, found in masters.items()}


def _named(settled: Settled, seen: Masters) -> bool:
    """Whether what is seen is one of the outcomes."""
    return any(
        all(set(nodes) == set(outcome[vrid]) for vrid, nodes in nodes_of(seen).items()) for outcome in settled.outcomes
    )
