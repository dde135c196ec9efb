"""Compare `kalint cluster` with `kalint simulate` on random clusters of all releases.

    python tests/simulation/random_clusters.py --seed 1 --clusters 10000

Each cluster starts in some order, settles, one thing or node fails, and it settles again: the masters that the run ends
with must be one of the sets that the elections name, while nothing is down and after that failure. Where they name one
set only, the run must settle in it. A contradiction names its seed; `--seed S --clusters 1` shows it again.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kalint.analysis.cluster.answers import analyse
from kalint.analysis.cluster.masters import Possible
from kalint.analysis.cluster.members import DAEMON, Node
from kalint.analysis.cluster.results import Answer, Failure
from kalint.pipeline.reading import Request, load
from kalint.semantics.profiles import PROFILES
from kalint.semantics.timers import SECOND
from kalint.simulation.run import Simulation
from kalint.simulation.scenario import Action, Change, DaemonEvent, Scenario
from kalint.simulation.summary import Masters, Summary
from kalint.text import Options
from kalint.version import Version

STARTED, FAILS, END = 20, 90, 170
"""Seconds: until when daemons start, when something fails, and when the run ends."""
TAIL = 30
"""Seconds at the end of which most must be spent in one state."""

RELEASES = [profile.since for profile in PROFILES]
PRIORITIES = (1, 90, 95, 100, 100, 105, 110, 150, 200, 254)
WEIGHTS = (-60, -20, -10, -5, 0, 5, 10, 20, 60)
KEYS = ("a" * 32, "b" * 32)
WHAT = ("", "", "password", "interval", "addresses", "auth", "version", "peers", "hmac", "group", "source")
"""What may keep nodes from hearing each other."""


class Contradiction(NamedTuple):
    """What a run ended with, and what the elections name instead."""

    seed: int
    when: str
    seen: tuple[str, ...] | None
    named: Possible
    text: str

    def __str__(self) -> str:
        seen = "it does not settle" if self.seen is None else f"it settles in {list(self.seen)}"
        return (
            f"seed {self.seed}, {self.when}: {seen}, cluster names {[list(each) for each in self.named]}\n{self.text}"
        )


class Cluster(NamedTuple):
    """A random cluster: the release and the configuration of each node."""

    releases: Mapping[str, Version]
    texts: Mapping[str, str]

    @property
    def nodes(self) -> tuple[Node, ...]:
        found = []
        for number, (name, text) in enumerate(self.texts.items(), 1):
            version = self.releases[name]
            resolved = load(f"{name}.conf", text.encode(), Request(Options(config_id=name), version)).resolved
            found.append(Node(name, resolved, {"eth0": f"10.9.0.{number}"}, version))
        return tuple(found)


def generate(rng: random.Random) -> Cluster:
    """Two to five nodes with one router, or two that sync groups bind together (from 2.0.0 on)."""
    names = "abcde"[: rng.choice((2, 2, 3, 3, 4, 5))]
    first = rng.choice(RELEASES)
    mixed = rng.random() < 0.15
    releases = {name: rng.choice(RELEASES) if mixed else first for name in names}
    grouped = min(releases.values()) >= (2, 0, 0) and rng.random() < 0.25
    owner = rng.choice(names) if rng.random() < 0.15 else ""
    unicast = rng.random() < 0.25
    what = rng.choice(WHAT)
    version = 3 if min(releases.values()) >= (1, 2, 17) and rng.random() < 0.5 else 2
    texts = {}
    for number, name in enumerate(names, 1):
        lines = _heard(rng, what, version, releases[name])
        if unicast:
            peers = [other for other in range(1, len(names) + 1) if other != number]
            if what == "peers" and rng.random() < 0.5:
                peers = rng.sample(peers, rng.randint(1, len(peers)))
            lines += [f"unicast_src_ip 10.9.0.{number}", "unicast_peer {"]
            lines += [f"  10.9.0.{peer}" for peer in peers] + ["}"]
            if what == "source" and releases[name] >= (2, 1, 0):
                lines += ["check_unicast_src"]
        vrids = (1, 2) if grouped and rng.random() < 0.9 else (1,)
        parts = [
            "global_defs {\n"
            + ("  vrrp_mcast_group4 224.0.0.44\n" if what == "group" and rng.random() < 0.5 else "")
            + "}\n",
            "vrrp_script s {\n  script /bin/s\n  interval 1\n}\nvrrp_script t {\n  script /bin/t\n  interval 1\n}\n",
        ]
        for vrid in vrids:
            priority = 255 if name == owner else rng.choice(PRIORITIES)
            parts.append(_instance(rng, vrid, priority, lines, what))
        if len(vrids) > 1:
            parts.append("vrrp_sync_group G {\n  group {\n    V1\n    V2\n  }\n  sync_group_tracking_weight\n}\n")
        texts[name] = "".join(parts)
    return Cluster(releases, texts)


def _heard(rng: random.Random, what: str, version: int, release: Version) -> list[str]:
    """The lines on which it hangs who hears whom."""
    number = rng.choice((version, 5 - version)) if what == "version" and release >= (1, 2, 17) else version
    lines = [f"version {number}"] if number == 3 else []
    if what in ("password", "auth") and (what == "password" or rng.random() < 0.5):
        lines += ["authentication {", "  auth_type PASS", f"  auth_pass {rng.choice(('one', 'two'))}", "}"]
    if what == "hmac" and release >= (2, 4, 0) and rng.random() < 0.8:
        mode = rng.choice(("enforce", "permissive", "receive-only"))
        lines += ["auth_hmac {", f"  key 1 {rng.choice(KEYS)}", "  active_key 1", f"  mode {mode}", "}"]
    if what == "interval":
        lines += [f"advert_int {rng.choice((1, 1, 2))}"]
    return lines


def _instance(rng: random.Random, vrid: int, priority: int, lines: Sequence[str], what: str) -> str:
    more = list(lines)
    more += [rng.choice(("state BACKUP", "state BACKUP", "state MASTER"))] if rng.random() < 0.5 else []
    more += ["nopreempt"] if rng.random() < 0.3 else []
    for script in rng.sample("st", rng.choice((0, 1, 1, 2))):
        more += ["track_script {", f"  {script} weight {rng.choice(WEIGHTS)}", "}"]
    addresses = [f"10.9.1.{vrid}"]
    if what == "addresses" and rng.random() < 0.4:
        addresses.append(f"10.9.2.{vrid}")
    more += ["virtual_ipaddress {", *[f"  {address}" for address in addresses], "}"]
    head = [f"vrrp_instance V{vrid} {{", "  interface eth0", f"  virtual_router_id {vrid}", f"  priority {priority}"]
    return "\n".join([*head, *[f"  {line}" for line in more], "}\n"])


def compare(seed: int, counts: Counter[str]) -> Iterator[Contradiction]:
    """One cluster, started and struck once."""
    rng = random.Random(seed)
    cluster = generate(rng)
    nodes = cluster.nodes
    analysed = analyse(nodes)
    starts = {node.name: 0.0 if rng.random() < 0.5 else rng.uniform(0, STARTED) for node in nodes}
    rows = [failure for answer in analysed.answers for failure in answer.failures if failure.ignored is None]
    row = rng.choice(rows) if rows else None
    spells = _run(nodes, starts, row, rng.random() < 0.5)
    for answer in analysed.answers:
        counts["routers"] += 1
        counts["not whole"] += answer.graph is not None and not answer.graph.whole
        member = answer.router.members[0]
        key = answer.router.virtual_router_id, member.instance.name, member.node.name
        named = [("while nothing is down", FAILS, answer.possible)]
        mine = _same(answer, row)
        if mine is not None:
            named.append((f"after {mine.node}: {mine.thing} {mine.state}", END, mine.possible))
        for when, end, possible in named:
            seen = _settled(spells.get(key, []), end)
            counts["compared"] += 1
            counts["one set"] += len(possible) == 1
            counts["several masters"] += seen is not None and len(seen) > 1
            counts["unsettled"] += seen is None
            wrong = seen not in possible if seen is not None else len(possible) == 1
            if wrong and answer.complete:
                shown = "\n".join(
                    f"--- {name} ({cluster.releases[name]})\n{text}" for name, text in cluster.texts.items()
                )
                spans = "\n".join(f"{time:8.3f} {names}" for time, names in spells.get(key, []) if time > end - 50)[
                    :600
                ]
                text = f"starts {starts}\nhistory:\n{spans}\n{shown}"
                yield Contradiction(seed, f"router {key[0]} {when}", seen, possible, text)
                break


def _same(answer: Answer, row: Failure | None) -> Failure | None:
    if row is None:
        return None
    return next((each for each in answer.failures if each[:3] == row[:3]), None)


def _run(
    nodes: Sequence[Node], starts: Mapping[str, float], row: Failure | None, orderly: bool
) -> dict[tuple[int, str, str], list[tuple[float, tuple[str, ...]]]]:
    """Who is master from when on, by router."""
    actions: list[tuple[int, Action]] = [
        (round(at * SECOND), DaemonEvent(name, "start"))
        for name, at in sorted(starts.items(), key=lambda each: each[1])
        if at
    ]
    if row is not None:
        action: Action
        if row.thing == DAEMON:
            action = DaemonEvent(row.node, "stop" if orderly else "kill")
        else:
            action = Change(row.node, row.thing, row.state)
        actions.append((FAILS * SECOND, action))
    stopped = frozenset(name for name, at in starts.items() if at)
    scenario = Scenario(END * SECOND, actions, stopped=stopped)
    summary = Summary(nodes)
    found: dict[tuple[int, str, str], list[tuple[float, tuple[str, ...]]]] = {}
    records: list[object] = []
    for event in Simulation(nodes, scenario).run():
        records += summary.add(event)
    records += summary.finish(END * SECOND)
    for each in records:
        if isinstance(each, Masters):
            key = each.router.virtual_router_id, each.router.instance, each.router.node
            found.setdefault(key, []).append((each.time / SECOND, each.nodes))
    return found


def _settled(spells: Sequence[tuple[float, tuple[str, ...]]], end: float) -> tuple[str, ...] | None:
    """The masters for nearly all of the time before `end`, None where they keep changing."""
    begin = end - TAIL
    spent: Counter[tuple[str, ...]] = Counter()
    for number, (time, names) in enumerate([(0.0, ()), *spells]):
        until = spells[number][0] if number < len(spells) else END
        spent[names] += max(0.0, min(until, end) - max(time, begin))
    names, longest = max(spent.items(), key=lambda each: each[1])
    return names if longest > 0.9 * TAIL else None


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Compare kalint cluster with kalint simulate on random clusters.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clusters", type=int, default=1000)
    options = parser.parse_args(arguments)
    counts: Counter[str] = Counter()
    wrong = 0
    for seed in range(options.seed, options.seed + options.clusters):
        for contradiction in compare(seed, counts):
            wrong += 1
            if wrong <= 20:
                print(contradiction)
    said = ", ".join(f"{count} {name}" for name, count in counts.items())
    print(f"{options.clusters} clusters: {said}; {wrong} contradict")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
