"""Compare who is master with what kalint's election says, on random clusters of real daemons through random events.

    python tests/daemon/cluster_fuzz.py --seed 1 --rounds 10        (as root; from the checkout, with kalint installed)

Each round is one set of nodes with several independent clusters. After each event the masters that the bridge shows
must be one of the outcomes that kalint names for the masters before it, and their priorities those that it computes. A
difference names the seed and the round: `--seed S --first R --rounds 1` shows it again.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from answers import Outcome, outcomes, resolved
from cluster_generator import Case, Event, World, generate
from cluster_lab import ADVERT, ClusterLab, Master, Masters
from harness import missing

from kalint.analysis.election import Seat, Settled, settle
from kalint.analysis.seats import seat_of, starts_as_master
from kalint.semantics.resolved import Resolved


class Difference(NamedTuple):
    """Routers that hang together of which the daemons show something that kalint does not name."""

    seed: int
    round: int
    step: int
    event: str
    before: Mapping[int, Sequence[Master]]
    after: Mapping[int, Sequence[Master]]
    priorities: Mapping[str, Mapping[int, Outcome]]
    named: Sequence[Mapping[int, str | None]]
    text: str

    def __str__(self) -> str:
        return (
            f"seed {self.seed}, round {self.round}, step {self.step}: {self.event}\n"
            f"  before: {_shown(self.before)}\n  after:  {_shown(self.after)}\n"
            f"  priorities: { {node: dict(found) for node, found in self.priorities.items()} }\n"
            f"  kalint names: {[dict(outcome) for outcome in self.named]}\n{self.text}"
        )


class Count(NamedTuple):
    """What was compared: steps of clusters, of which kalint named one outcome only, of which the master changed."""

    clusters: int
    compared: int
    single: int
    moved: int

    def __add__(self, other: object) -> Count:
        return Count(*map(sum, zip(self, other, strict=True))) if isinstance(other, Count) else NotImplemented


def _shown(masters: Mapping[int, Sequence[Master]]) -> str:
    return ", ".join(
        f"{vrid}: {' and '.join(f'{node} ({priority})' for node, priority in found) or 'nobody'}"
        for vrid, found in masters.items()
    )


class Round:
    """One set of nodes through its events; everything comes from seed and number."""

    def __init__(self, seed: int, number: int, clusters: int, advert: float = ADVERT, version: int = 3) -> None:
        self.seed, self.number, self.advert = seed, number, advert
        self.rng = random.Random(f"{seed}/{number}")
        self.case: Case = generate(self.rng, clusters, advert, version)
        self.world = World(self.case, self.rng)
        self.configs: dict[str, Resolved] = {
            node: resolved("keepalived.conf", text.encode(), node) for node, text in self.case.configs.items()
        }
        self.differences: list[Difference] = []
        self.count = Count(clusters, 0, 0, 0)

    def run(self, steps: int) -> tuple[Count, list[Difference]]:
        addresses = {node: (f"{ipv4}/24", f"{ipv6}/64") for node, (ipv4, ipv6) in self.case.addresses.items()}
        with ClusterLab(addresses) as lab:
            for node, states in self.world.states.items():
                lab.set(node, states)
            before: Masters = {}
            for step in range(steps):
                event = self.world.event() if step else Event("start")
                self._happen(lab, event)
                self.world.apply(event)
                after = lab.settle(advert=self.advert)
                self._judge(lab, step, event, before, after)
                before = after
        return self.count, self.differences

    def _happen(self, lab: ClusterLab, event: Event) -> None:
        if event.kind == "start":
            nodes = [event.node] if event.node else self.rng.sample(sorted(self.case.configs), len(self.case.configs))
            for node in nodes:
                lab.start(node, self.case.configs[node])
        elif event.kind == "stop":
            lab.stop(event.node)
        elif event.kind == "kill":
            lab.kill(event.node)
        for node, states in event.states.items():
            lab.set(node, states)

    def _judge(self, lab: ClusterLab, step: int, event: Event, before: Masters, after: Masters) -> None:
        priorities = self._priorities()
        for settled in settle(self._seats(event, before, priorities), start=event == Event("start")):
            routers = [router for router in settled.routers if isinstance(router, int)]
            seen = {router: after.get(router, ()) for router in routers}
            was = {router: before.get(router, ()) for router in routers}
            self.count += Count(0, 1, len(settled.outcomes) == 1, _nodes(seen) != _nodes(was))
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
                text = self._text(lab, routers)
                where = (self.seed, self.number, step, str(event))
                self.differences.append(Difference(*where, was, seen, shown, named, text))

    def _priorities(self) -> dict[str, dict[int, Outcome]]:
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

    def _seats(self, event: Event, before: Masters, priorities: Mapping[str, Mapping[int, Outcome]]) -> Iterable[Seat]:
        for node, config in self.configs.items():
            starts = event.kind == "start" and event.node in ("", node)
            for instance in config.instances:
                vrid = instance.virtual_router_id.value
                master = any(found.node == node for found in before.get(vrid, ()))
                master = master or (starts and starts_as_master(instance, config))
                address = self.case.addresses[node][instance.family == "ipv6"]
                yield seat_of(node, vrid, instance, config.profile, priorities[node][vrid], address, master)

    def _text(self, lab: ClusterLab, routers: Sequence[int]) -> str:
        """What the nodes say of these routers: their configuration and the end of their logs."""
        lines = []
        for node, config in self.case.configs.items():
            blocks = [block for block in config.split("\n}\n") if any(f"V{vrid}" in block.split() for vrid in routers)]
            lines += [f"--- {node} {self.case.addresses[node]}", *["\n".join([block, "}"]) for block in blocks]]
            log = lab.log(node, 400).splitlines()
            lines += [line for line in log if any(f"(V{vrid})" in line for vrid in routers)][-12:]
        return "\n".join(lines)


def _nodes(masters: Masters) -> dict[int, tuple[str, ...]]:
    return {vrid: tuple(master.node for master in found) for vrid, found in masters.items()}


def _named(settled: Settled, seen: Masters) -> bool:
    """Whether what is seen is one of the outcomes."""
    return any(
        all(nodes == ((outcome[vrid],) if outcome[vrid] is not None else ()) for vrid, nodes in _nodes(seen).items())
        for outcome in settled.outcomes
    )


def compare(
    seed: int,
    rounds: Sequence[int],
    clusters: int,
    steps: int,
    jobs: int,
    tell: Callable[[str], object],
    advert: float = ADVERT,
    version: int = 3,
) -> tuple[Count, list[Difference]]:
    """All rounds, `jobs` sets of nodes at a time; `tell` gets a line about each."""
    total, differences = Count(0, 0, 0, 0), []
    with ThreadPoolExecutor(jobs) as pool:
        results = [
            (number, pool.submit(Round(seed, number, clusters, advert, version).run, steps)) for number in rounds
        ]
        for number, result in results:
            try:
                count, found = result.result()
            except RuntimeError as error:
                raise RuntimeError(f"seed {seed}, round {number}: {error}") from error
            total += count
            differences += found
            tell(f"round {number}: {_said(count, found)}")
            for difference in found:
                tell(str(difference))
    return total, differences


def _said(count: Count, differences: Sequence[Difference]) -> str:
    return (
        f"{count.clusters} clusters, {count.compared} elections compared ({count.single} with one outcome, "
        f"{count.moved} with another master), {len(differences)} differ"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Compare the masters of random clusters with kalint's elections.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the first round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clusters", type=int, default=9, help="in each set of nodes")
    parser.add_argument("--steps", type=int, default=10, help="events that each set of nodes goes through")
    parser.add_argument("--jobs", type=int, default=2, help="sets of nodes at a time")
    parser.add_argument("--advert", type=float, default=ADVERT, help="the advert interval in seconds")
    parser.add_argument("--vrrp-version", type=int, default=3, help="2 needs --advert 1")
    options = parser.parse_args(arguments)
    reason = missing()
    if reason is not None:
        print(f"cluster_fuzz.py {reason}", file=sys.stderr)
        return 2
    rounds = range(options.first, options.first + options.rounds)
    how = options.advert, options.vrrp_version
    count, differences = compare(options.seed, rounds, options.clusters, options.steps, options.jobs, print, *how)
    print(_said(count, differences))
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
