"""By hand: random clusters of real daemons through random events, and who is master after each in the simulation.

    python tests/daemon/simulation_fuzz.py --seed 11 --rounds 30 --steps 12

What differs is printed. Ties, and sync groups that wait for each other, are races of timers in reality: of 5,486
masters with the seed above 7 differed, all of them in such races.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from cluster_generator import Event
from cluster_lab import ClusterLab
from cluster_round import Round
from harness import every_release

from kalint.analysis.cluster.members import Node
from kalint.simulation.event import SECOND
from kalint.simulation.run import Simulation
from kalint.simulation.scenario import Action, Change, Life, Scenario
from kalint.simulation.summary import Summary

CLUSTERS, JOBS = 9, 3
APART = 0.3
"""Seconds from one node's start to the next."""

Masters = Mapping[int, frozenset[str]]


class Check(NamedTuple):
    """Who was master at a time, after what."""

    time: int
    event: str
    masters: Masters


class Played(Round):
    """A round whose events have times."""

    def play(self, steps: int) -> Iterator[tuple[Check, Masters]]:
        """After each step, who is master of the daemons and who in the simulation."""
        log: list[tuple[int, Action]] = [
            (0, Change(node, thing, state))
            for node, states in self.world.states.items()
            for thing, state in states.items()
        ]
        checks = []
        addresses = {node: (f"{ipv4}/24", f"{ipv6}/64") for node, (ipv4, ipv6) in self.case.addresses.items()}
        with ClusterLab(addresses) as lab:
            for node, states in self.world.states.items():
                lab.set(node, states)
            begin = time.monotonic()
            for number in range(steps):
                event = self.next(number)
                log += ((round((time.monotonic() - begin) * SECOND), action) for action in self.enact(lab, event))
                self.world.apply(event)
                heard = lab.settle(advert=self.advert)
                found = {vrid: frozenset(master.node for master in masters) for vrid, masters in heard.items()}
                checks.append(Check(round((time.monotonic() - begin) * SECOND), str(event), found))
        yield from zip(checks, self.simulated(log, checks), strict=True)

    def enact(self, lab: ClusterLab, event: Event) -> Iterator[Action]:
        """Do it, and say what was done."""
        if event.kind == "start":
            every = self.rng.sample(sorted(self.case.configs), len(self.case.configs))
            for node in [event.node] if event.node else every:
                lab.start(node, self.case.configs[node])
                yield Life(node, "start")
                time.sleep(0 if event.node else APART)
        elif event.kind == "stop":
            yield Life(event.node, "stop")
            lab.stop(event.node)
        elif event.kind == "kill":
            lab.kill(event.node)
            yield Life(event.node, "kill")
        elif event.kind == "reload":
            yield Life(event.node, "reload")
            lab.reload(event.node, self.case.configs[event.node])
        for node, states in event.states.items():
            lab.set(node, states)
            for thing, state in states.items():
                yield Change(node, thing, state)

    def simulated(self, log: list[tuple[int, Action]], checks: list[Check]) -> Iterator[Masters]:
        nodes = [Node(name, found, {"eth0": self.case.addresses[name][0]}) for name, found in self.configs.items()]
        summary = Summary(nodes)
        simulation = Simulation(nodes, Scenario(checks[-1].time, log, frozenset(self.configs)))
        waiting = list(checks)
        for event in simulation.run():
            while waiting and event.time >= waiting[0].time:
                waiting.pop(0)
                yield _heard(summary)
            summary.add(event)
        for _ in waiting:
            yield _heard(summary)


def _heard(summary: Summary) -> Masters:
    return {key.virtual_router_id: frozenset(nodes) for key, nodes in summary.masters.items() if nodes}


def compare(seed: int, number: int, steps: int) -> tuple[int, list[str]]:
    """One round: how many masters were compared, and what differs."""
    compared, wrong = 0, []
    for step, (check, masters) in enumerate(Played(seed, number, CLUSTERS).play(steps)):
        for vrid in sorted({*check.masters, *masters}):
            compared += 1
            daemons, ours = (" ".join(sorted(found.get(vrid, ()))) or "nobody" for found in (check.masters, masters))
            if daemons != ours:
                wrong.append(
                    f"round {number}, step {step}: {check.event}: router {vrid}: daemons {daemons}, ours {ours}"
                )
    return compared, wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=10)
    asked = parser.parse_args()
    with ThreadPoolExecutor(JOBS) as pool:
        results = list(pool.map(lambda number: compare(asked.seed, number, asked.steps), range(asked.rounds)))
    for _, wrong in results:
        for line in wrong:
            print(line)
    print(f"{sum(compared for compared, _ in results)} compared, {sum(len(wrong) for _, wrong in results)} differ")


if __name__ == "__main__":
    repeated = every_release(__file__)
    if repeated is None:
        main()
    else:
        sys.exit(repeated)
