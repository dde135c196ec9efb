"""By hand: random clusters of real daemons through random events, and who is master after each in the simulation.

    python tests/daemon/simulation_fuzz.py --seed 11 --rounds 30 --steps 12

What differs is printed. Where timers race each other, in a tie or where the routers of a sync group lose their master
at the same moment, the daemons do one thing today and another tomorrow (seed 14, round 0: a is better in router 7, b in
router 8 by 17 ms, and the adverts of the master that both lose come every 150 ms, each router's at its own time). Such
a difference is a race where kalint's elections name both: what the daemons do from their masters before, and what the
simulation does from its own. Races are counted apart.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

from answers import Outcome
from cluster_generator import Event
from cluster_lab import ClusterLab, Master
from cluster_round import Round, Step
from harness import every_release
from included import put

from kalint.analysis.cluster.election import Settled, settle
from kalint.analysis.cluster.members import Node
from kalint.simulation.event import SECOND
from kalint.simulation.run import Simulation
from kalint.simulation.scenario import Action, Change, DaemonEvent, Scenario
from kalint.simulation.summary import Summary

CLUSTERS, JOBS = 9, 3
APART = 0.3
"""Seconds from one node's start to the next."""

Masters = Mapping[int, frozenset[str]]


class Check(NamedTuple):
    """Who was master at a time, after what; `named` are the elections' answers for some masters before."""

    time: int
    event: str
    masters: Masters
    named: Callable[[Masters], Sequence[Settled]]


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
                put(self.files[node], lab.nodes[node])
            begin = time.monotonic()
            for number in range(steps):
                event = self.next(number)
                log += ((round((time.monotonic() - begin) * SECOND), action) for action in self.enact(lab, event))
                self.world.apply(event)
                self._count(event)
                named = partial(self.named, event, number, self.priorities())
                heard = lab.settle(advert=self.advert)
                found = {vrid: frozenset(master.node for master in masters) for vrid, masters in heard.items()}
                checks.append(Check(round((time.monotonic() - begin) * SECOND), str(event), found, named))
        yield from zip(checks, self.simulated(log, checks), strict=True)

    def named(
        self, event: Event, number: int, priorities: Mapping[str, Mapping[int, Outcome]], before: Masters
    ) -> Sequence[Settled]:
        """Every outcome that the elections name for each part of the configuration, from these masters."""
        was = {vrid: tuple(Master(node, 0) for node in sorted(nodes)) for vrid, nodes in before.items()}
        return settle(self.candidates(Step(number, event, was, {}), priorities), start=number == 0)

    def enact(self, lab: ClusterLab, event: Event) -> Iterator[Action]:
        """Do it, and say what was done."""
        if event.kind == "start":
            every = self.rng.sample(sorted(self.case.configs), len(self.case.configs))
            for node in [event.node] if event.node else every:
                lab.start(node, self.case.configs[node])
                yield DaemonEvent(node, "start")
                time.sleep(0 if event.node else APART)
        elif event.kind == "stop":
            yield DaemonEvent(event.node, "stop")
            lab.stop(event.node)
        elif event.kind == "kill":
            lab.kill(event.node)
            yield DaemonEvent(event.node, "kill")
        elif event.kind == "reload":
            yield DaemonEvent(event.node, "reload")
            lab.reload(event.node, self.case.configs[event.node])
        for node, states in event.states.items():
            lab.set(node, states)
            for thing, state in states.items():
                yield Change(node, thing, state)

    def simulated(self, log: list[tuple[int, Action]], checks: list[Check]) -> Iterator[Masters]:
        nodes = [Node(name, found, {"eth0": self.case.addresses[name][0]}) for name, found in self.written.items()]
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


class Result(NamedTuple):
    """How many masters of a round were compared, how many differ by a race, and what else differs."""

    compared: int
    races: int
    wrong: list[str]


def compare(seed: int, number: int, steps: int) -> Result:
    """One round."""
    compared, races, wrong = 0, 0, []
    before: tuple[Masters, Masters] = ({}, {})
    for step, (check, masters) in enumerate(Played(seed, number, CLUSTERS).play(steps)):
        for vrid in sorted({*check.masters, *masters}):
            compared += 1
            daemons, ours = (" ".join(sorted(found.get(vrid, ()))) or "nobody" for found in (check.masters, masters))
            if daemons == ours:
                continue
            worlds = zip(before, (check.masters, masters), strict=True)
            if all(_names(check.named(was), vrid, now) for was, now in worlds):
                races += 1
            else:
                wrong.append(
                    f"round {number}, step {step}: {check.event}: router {vrid}: daemons {daemons}, ours {ours}"
                )
        before = check.masters, masters
    return Result(compared, races, wrong)


def _names(found: Sequence[Settled], vrid: int, masters: Masters) -> bool:
    """Whether the elections name these masters of a router, and of those that sync groups tie to it."""
    for settled in found:
        if vrid in settled.routers:
            return any(
                all(masters.get(each, frozenset()) == set(outcome[each]) for each in outcome if isinstance(each, int))
                for outcome in settled.outcomes
            )
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=10)
    asked = parser.parse_args()
    with ThreadPoolExecutor(JOBS) as pool:
        results = list(pool.map(lambda number: compare(asked.seed, number, asked.steps), range(asked.rounds)))
    for result in results:
        for line in result.wrong:
            print(line)
    compared, races = (sum(getattr(result, name) for result in results) for name in ("compared", "races"))
    print(f"{compared} compared, {sum(len(result.wrong) for result in results)} differ, {races} more by a race")


if __name__ == "__main__":
    repeated = every_release(__file__)
    if repeated is None:
        main()
    else:
        sys.exit(repeated)
