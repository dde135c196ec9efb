"""Answers over all combinations, sync groups and things that fail as one, are what going through them all finds."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

import pytest

from kalint.analysis.cluster.answers import analyse
from kalint.analysis.cluster.candidates import candidate_of, starts_as_master
from kalint.analysis.cluster.election import settle
from kalint.analysis.cluster.members import Member, Node, Router, Shared
from kalint.analysis.cluster.results import Answer
from kalint.pipeline.reading import Request, load
from kalint.semantics.priority import outcome
from kalint.text import Options

States = Mapping[str, Mapping[str, str]]
MasterSet = Mapping[object, "str | None"]

SCRIPT = "vrrp_script {name} {{\n    script /bin/true\n}}\n"
FILE = 'vrrp_track_file {name} {{\n    file "/tmp/{name}"\n}}\n'
INSTANCE = """vrrp_instance VI_{vrid} {{
    interface eth0
    dont_track_primary
    virtual_router_id {vrid}
    priority {priority}
    {lines}
    virtual_ipaddress {{
        10.0.0.{vrid}/24 no_track
    }}
}}
"""
GROUP = """vrrp_sync_group G {{
    group {{
        {members}
    }}
    {lines}
}}
"""


class Moment(NamedTuple):
    """A combination: what is not good, how many failures that is, what of it fails as one."""

    states: States
    failures: int
    failed: frozenset[str]


def written(draw: random.Random, vrids: Sequence[int], grouped: bool) -> str:
    """A node's file: two scripts and a file, each instance hanging on some of them."""
    parts = [SCRIPT.format(name="s1"), SCRIPT.format(name="s2"), FILE.format(name="f")]
    for vrid in vrids:
        lines = [
            f"track_script {{\n        {name} weight {draw.choice((-30, -10, 0, 10, 20))}\n    }}"
            for name in draw.sample(("s1", "s2"), draw.choice((0, 1, 1, 2)))
        ]
        if draw.random() < 0.2:
            lines.append("track_file {\n        f weight 0\n    }")
        if draw.random() < 0.25:
            lines.append("nopreempt")
        parts.append(INSTANCE.format(vrid=vrid, priority=draw.choice((90, 100, 105, 110)), lines="\n    ".join(lines)))
    if grouped:
        weight = draw.choice(("sync_group_tracking_weight", "sync_group_tracking_weight", ""))
        parts.append(GROUP.format(members="\n        ".join(f"VI_{vrid}" for vrid in vrids), lines=weight))
    return "".join(parts)


def drawn(seed: int, grouped: bool) -> tuple[list[Node], tuple[Shared, ...]]:
    """Two or three nodes with one router, or with two that groups bind; a gateway that two nodes ping."""
    draw = random.Random(f"{seed}/{grouped}")
    names = "abc"[: draw.choice((2, 2, 3)) if not grouped else draw.choice((2, 2, 2, 3))]
    vrids = (1, 2) if grouped else (1,)
    nodes = []
    for name in names:
        text = written(draw, vrids, grouped and draw.random() < 0.8)
        nodes.append(Node(name, load(f"{name}.conf", text.encode(), Request(Options(config_id=name))).resolved))
    together = []
    if draw.random() < 0.7:
        together.append(Shared("gateway", (("a", "script:s1"), ("b", "script:s1"))))
    if draw.random() < 0.2:
        together.append(Shared("power", (("a", "daemon"), ("b", "script:s2"))))
    return nodes, tuple(together)


class Everything:
    """The combinations of one part, and its elections, by brute force."""

    def __init__(self, routers: Sequence[Router]) -> None:
        self.members = [(router, member) for router in routers for member in router.members]
        self.shared = routers[0].shared
        self.choices: dict[tuple[str, str], dict[str, None]] = {}
        for _, member in self.members:
            for thing in member.reach.things:
                states = dict.fromkeys(choice.state for choice in thing.choices)
                self.choices.setdefault((member.node.name, thing.key), {}).update(states)
        eager = {
            (router.key, member.node.name)
            for router, member in self.members
            if starts_as_master(member.instance, member.node.resolved)
        }
        self.starts = self.settled({}, eager, True)

    def moments(self) -> Iterator[Moment]:
        as_one = {thing for shared in self.shared for thing in shared.things}
        alone = [thing for thing in self.choices if thing not in as_one]
        for failed in product((False, True), repeat=len(self.shared)):
            down = [each for each, is_down in zip(self.shared, failed, strict=True) if is_down]
            forced = [thing for each in down for thing in each.things if thing in self.choices]
            stopped = [node for each in down for node, key in each.things if key == "daemon"]
            for chosen in product(*[self.choices[thing] for thing in alone]):
                for bad in product(*[list(self.choices[thing])[1:] or list(self.choices[thing]) for thing in forced]):
                    states: dict[str, dict[str, str]] = {node: {"daemon": "stopped"} for node in stopped}
                    for (node, key), state in (*zip(alone, chosen, strict=True), *zip(forced, bad, strict=True)):
                        states.setdefault(node, {})[key] = state
                    failures = len(down) + sum(
                        state != next(iter(self.choices[thing])) and thing[0] not in stopped
                        for thing, state in zip(alone, chosen, strict=True)
                    )
                    yield Moment(states, failures, frozenset(each.name for each in down))

    def priority(self, member: Member, states: States) -> int | None:
        mine = states.get(member.node.name, {})
        if "daemon" in mine:
            return None
        return outcome(member.instance, mine, member.node.resolved.profile)

    def settled(self, states: States, masters: set[tuple[object, str]], start: bool = False) -> list[MasterSet]:
        candidates = [
            candidate_of(
                member.node.name,
                router.key,
                member.instance,
                member.node.resolved.profile,
                self.priority(member, states),
                member.address,
                (router.key, member.node.name) in masters,
            )
            for router, member in self.members
        ]
        return [
            {router: next(iter(names), None) for outcome in chosen for router, names in outcome.items()}
            for chosen in product(*[found.outcomes for found in settle(candidates, start)])
        ]

    def after(self, held: MasterSet, states: States) -> list[MasterSet]:
        return self.settled(states, {(key, name) for key, name in held.items() if name is not None})


def who(router: Router, held: Sequence[MasterSet]) -> set[str | None]:
    return {each[router.key] for each in held}


def expected(every: Everything, answer: Answer) -> dict[str, object]:
    """Never masters, the number of failures of each question, and the powers, by going through everything."""
    router = answer.router
    likely = [start for start in every.starts if start[router.key] == answer.masters[0]]
    winners: set[str | None] = set()
    move, nobody = [], []
    standing = {}
    moments = list(every.moments())
    for moment in moments:
        held = every.settled(moment.states, set(), True)
        standing[id(moment)] = held
        if not any("daemon" in states for states in moment.states.values()):
            winners |= who(router, held)
        then = {each for start in likely for each in who(router, every.after(start, moment.states))}
        if answer.masters[0] is not None and None not in then and answer.masters[0] not in then:
            move.append(moment.failures)
        if None in {each for start in every.starts for each in who(router, every.after(start, moment.states))}:
            nobody.append(moment.failures)
    powers = {}
    as_one = {thing for shared in every.shared for thing in shared.things}
    for node, key in every.choices:
        if (node, key) in as_one or all(
            thing.key != key for _, member in every.members if member.node.name == node for thing in member.reach.things
        ):
            continue
        powers[node, key] = power(every, router, moments, standing, node, key)
    for shared in every.shared:
        powers["", shared.key] = power_of_shared(every, router, moments, standing, shared)
    names = [member.node.name for member in router.members]
    return {
        "never": [name for name in names if name not in winners],
        "move": min(move, default=None),
        "nobody": min(nobody, default=None),
        "powers": powers,
        "splits": dict(split(every, router, moments)),
    }


def split(every: Everything, router: Router, moments: Sequence[Moment]) -> Iterator[tuple[str, int]]:
    """The fewest failures for which different nodes are better in the members of a node's sync group."""
    for member in router.members:
        if member.instance.sync_group is None:
            continue
        found = []
        for moment in moments:
            winners = set()
            for other in dict.fromkeys(each.key for each, _ in every.members):
                here = {
                    mine.node.name: every.priority(mine, moment.states) or 0
                    for each, mine in every.members
                    if each.key == other
                }
                top = [name for name, priority in here.items() if priority == max(here.values())]
                winners |= set(top) if len(top) == 1 else set()
            if len(winners) > 1:
                found.append(moment.failures)
        if found:
            yield member.node.name, min(found)


Standing = Mapping[int, Sequence[MasterSet]]


def power(
    every: Everything, router: Router, moments: Sequence[Moment], standing: Standing, node: str, key: str
) -> tuple[bool, bool]:
    loses = gains = False
    for moment in moments:
        if "daemon" in moment.states.get(node, {}):
            continue
        for state in every.choices[node, key]:
            after = {**moment.states, node: {**moment.states.get(node, {}), key: state}}
            for held in standing[id(moment)]:
                then = who(router, every.after(held, after))
                loses |= held[router.key] == node and node not in then
                gains |= held[router.key] != node and then == {node}
    return loses, gains


def power_of_shared(
    every: Everything, router: Router, moments: Sequence[Moment], standing: Standing, shared: Shared
) -> tuple[bool, bool]:
    """Whether some master loses, or nobody was, when it fails or when it returns; all else stays as it is."""

    def others(moment: Moment) -> object:
        return {
            (node, key): state
            for node, states in moment.states.items()
            for key, state in states.items()
            if (node, key) not in shared.things
        }, moment.failed - {shared.name}

    for one in moments:
        for other in moments:
            if (shared.name in one.failed) == (shared.name in other.failed) or others(one) != others(other):
                continue
            for held in standing[id(one)]:
                if held[router.key] not in who(router, every.after(held, other.states)):
                    return True, False
    return False, False


@pytest.mark.parametrize("grouped", [False, True])
@pytest.mark.parametrize("seed", range(20))
def test_all_combinations(seed: int, grouped: bool) -> None:
    nodes, together = drawn(seed, grouped)
    found = analyse(nodes, together)
    bound = [answer.router for answer in found.answers]
    alone = [[router] for router in bound] if not any(router.grouped for router in bound) else [bound]
    for routers in alone:
        every = Everything(routers)
        for answer in found.answers:
            if answer.router not in routers:
                continue
            assert answer.unanswered == ""
            assert {
                "never": list(answer.never_masters),
                "move": answer.move and answer.move.failures,
                "nobody": answer.no_master and answer.no_master.failures,
                "powers": {key: tuple(power) for key, power in answer.powers.items()},
                "splits": {found.node: found.failures for found in answer.splits},
            } == expected(every, answer)
