"""Random clusters and random requirements of them, and every situation with every history: the judge of the prover.

The judge shares the parser, `outcome` of one instance and `settle` of one election with the prover, nothing else: it
holds every situation with every set of masters that some history leads to.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, permutations, product
from typing import NamedTuple

from kalint.analysis.cluster.answers import analyse
from kalint.analysis.cluster.candidates import candidate_of, starts_as_master
from kalint.analysis.cluster.election import settle
from kalint.analysis.cluster.hearing import graph
from kalint.analysis.cluster.members import Member, Node, Router, Shared
from kalint.analysis.cluster.results import Cluster
from kalint.analysis.reach.reachable import reaching
from kalint.pipeline.reading import Request, load
from kalint.requirements.model import Claim, Event, Requirement, State, ThingName
from kalint.semantics.priority import outcome
from kalint.text import Options
from kalint.version import parse_version

RELEASES = ("1.2.20", "1.4.5", "2.0.10", "2.2.7", "2.4.3")
SCRIPT = "vrrp_script {name} {{\n    script /bin/true\n}}\n"
FILE = 'vrrp_track_file f {\n    file "/tmp/f"\n}\n'
INSTANCE = """vrrp_instance VI_{vrid} {{
    interface {interface}
    virtual_router_id {vrid}
    priority {priority}
    {lines}
    virtual_ipaddress {{
        10.0.0.{vrid}/24 no_track
    }}
}}
"""
GROUP = "vrrp_sync_group G {\n    group {\n        VI_1\n        VI_2\n    }\n}\n"

Masters = frozenset[tuple[int, str]]
Situation = frozenset[tuple[tuple[str, str], str]]
"""What is not good: a thing by node and key, and its state."""


def written(draw: random.Random, vrids: Sequence[int], grouped: bool, scripts: Sequence[str], file: bool) -> str:
    parts = [SCRIPT.format(name=name) for name in scripts] + ([FILE] if file else [])
    for vrid in vrids:
        lines = []
        tracked = draw.sample(scripts, draw.randint(0, len(scripts)))
        if tracked:
            each = "\n        ".join(f"{name} weight {draw.choice((-30, -10, 0, 10, 20))}" for name in tracked)
            lines.append(f"track_script {{\n        {each}\n    }}")
        if file and draw.random() < 0.7:
            lines.append(f"track_file {{\n        f weight {draw.choice((0, 127, -127))}\n    }}")
        if draw.random() < 0.3:
            lines.append("nopreempt")
        if draw.random() < 0.4:
            lines.append("dont_track_primary")
        if draw.random() < 0.1:
            lines.append("advert_int 2")
        interface = draw.choice(("eth0", "eth0", "eth1")) if vrid == 2 else "eth0"
        priority = draw.choice((90, 100, 105, 110))
        parts.append(INSTANCE.format(vrid=vrid, priority=priority, lines="\n    ".join(lines), interface=interface))
    return "".join(parts) + (GROUP if grouped else "")


def drawn(seed: int) -> tuple[Cluster, tuple[Shared, ...]]:
    """Two or three nodes with one router or two, with groups or without, of one release or of two."""
    draw = random.Random(seed)
    names = draw.choice(("ab", "ab", "abc"))
    vrids = draw.choice(((1,), (1, 2)))
    grouped = len(vrids) > 1 and draw.random() < 0.5
    scripts = ["s1", "s2"] if len(names) == 2 else draw.choice((["s1"], ["s1", "s2"]))
    file = len(names) == 2 and draw.random() < 0.3
    releases = draw.sample(RELEASES, draw.choice((1, 1, 2)))
    nodes = []
    for number, name in enumerate(names):
        text = written(draw, vrids, grouped and draw.random() < 0.9, scripts, file)
        version = parse_version(releases[number % len(releases)])
        resolved = load(f"{name}.conf", text.encode(), Request(Options(config_id=name), version)).resolved
        addresses = {"eth0": f"10.0.1.{number + 1}"} if draw.random() < 0.3 else {}
        nodes.append(Node(name, resolved, addresses, version))
    reach = {node.name: reaching(node.resolved.profile) for node in nodes}
    tracked = {
        node.name: {thing.key for instance in node.resolved.instances for thing in reach[node.name](instance).things}
        for node in nodes
    }
    together: tuple[Shared, ...] = ()
    if draw.random() < 0.3 and all("script:s1" in tracked[name] for name in "ab"):
        together = (Shared("gateway", (("a", "script:s1"), ("b", "script:s1"))),)
    return analyse(nodes, together), together


class Thing(NamedTuple):
    """What fails as one, and how."""

    name: tuple[str, str]
    states: tuple[frozenset[tuple[tuple[str, str], str]], ...]


class World:
    """Every situation of a cluster with every history."""

    def __init__(self, cluster: Cluster, together: Sequence[Shared]) -> None:
        self.cluster = cluster
        self.routers = [answer.router for answer in cluster.answers]
        self.routers += [
            Router(each.instance.virtual_router_id.value, each.instance.family, (each.member,))
            for each in cluster.alone
        ]
        self.members = [(router, member) for router in self.routers for member in router.members]
        self.graphs = {router.virtual_router_id: graph(router.members) for router in self.routers}
        self.known: dict[object, tuple[Masters, ...]] = {}
        self.things = list(self._things(together))
        eager = frozenset(
            (router.virtual_router_id, member.node.name)
            for router, member in self.members
            if starts_as_master(member.instance, member.node.resolved)
        )
        self.starts = self.settled(frozenset(), eager, True)
        self.reached = self._reached()

    def _things(self, together: Sequence[Shared]) -> Iterator[Thing]:
        states: dict[tuple[str, str], dict[str, None]] = {}
        for _, member in self.members:
            name = member.node.name
            for thing in member.reach.things:
                states.setdefault((name, thing.key), {}).update(dict.fromkeys(c.state for c in thing.choices[1:]))
            states.setdefault((name, f"interface:{member.instance.interface.value}"), {})["down"] = None
            states.setdefault((name, "daemon"), {})["stopped"] = None
        as_one = {thing for shared in together for thing in shared.things}
        for name, bad in states.items():
            if name not in as_one:
                yield Thing(name, tuple(frozenset([(name, state)]) for state in bad))
        for shared in together:
            bad_states = frozenset((name, next(iter(states[name]))) for name in shared.things)
            yield Thing(("", f"together:{shared.name}"), (bad_states,))

    def real(self, member: Member, situation: Situation) -> int | None:
        states = {key: state for (node, key), state in situation if node == member.node.name}
        if "daemon" in states:
            return None
        known = {thing.key for thing in member.reach.things}
        mine = {key: state for key, state in states.items() if key in known}
        return outcome(member.instance, mine, member.node.resolved.profile)

    def heard(self, member: Member, situation: Situation) -> int | None:
        link = member.node.name, f"interface:{member.instance.interface.value}"
        return None if (link, "down") in situation else self.real(member, situation)

    def settled(self, situation: Situation, masters: Masters, start: bool = False) -> tuple[Masters, ...]:
        priorities = tuple(self.heard(member, situation) for _, member in self.members)
        key = priorities, masters, start
        if key not in self.known:
            candidates = [
                candidate_of(
                    member.node.name,
                    router.virtual_router_id,
                    member.instance,
                    member.node.resolved.profile,
                    priority,
                    member.address,
                    (router.virtual_router_id, member.node.name) in masters,
                    self.graphs[router.virtual_router_id],
                )
                for (router, member), priority in zip(self.members, priorities, strict=True)
            ]
            self.known[key] = tuple(
                frozenset(
                    (int(str(router)), name) for each in chosen for router, names in each.items() for name in names
                )
                for chosen in product(*[found.outcomes for found in settle(candidates, start)])
            )
        return self.known[key]

    def _reached(self) -> dict[Situation, set[Masters]]:
        found: dict[Situation, set[Masters]] = {}
        waiting = [(frozenset[tuple[tuple[str, str], str]](), masters) for masters in self.starts]
        while waiting:
            situation, masters = waiting.pop()
            if masters in found.setdefault(situation, set()):
                continue
            found[situation].add(masters)
            for thing in self.things:
                for after in self.changes(situation, thing):
                    waiting += [(after, held) for held in self.settled(after, masters)]
        return found

    def changes(self, situation: Situation, thing: Thing) -> Iterator[Situation]:
        every = frozenset().union(*thing.states)
        rest = situation - every
        for state in (frozenset[tuple[tuple[str, str], str]](), *thing.states):
            if rest | state != situation:
                yield rest | state


class Judge:
    """The verdict on one requirement, by definition."""

    def __init__(self, world: World, requirement: Requirement) -> None:
        self.world, self.requirement = world, requirement
        self.claim, self.condition = requirement.claim, requirement.condition
        self.bases = list(world.reached[frozenset()])

    def verdict(self) -> str:
        nodes = [name.text for name in self.claim.nodes] + ([self.claim.other.text] if self.claim.other else [])
        vrids = [router.virtual_router_id for router in self.claim.routers]
        named = [router for router in self.world.routers if router.virtual_router_id in vrids]
        if self.claim.kind in ("same", "different"):
            groups = [[next(r for r in named if r.virtual_router_id == vrid) for vrid in vrids]]
        else:
            groups = [[r] for r in named or self.world.routers if set(nodes) <= {m.node.name for m in r.members}]
        found = [self._of(group) for group in groups]
        return "fails" if "fails" in found else "holds" if "holds" in found else "empty"

    def _of(self, routers: list[Router]) -> str:
        results = list(self._results(routers))
        said = [result for result in results if result is not None]
        return "empty" if not said else "holds" if all(said) else "fails"

    def _results(self, routers: list[Router]) -> Iterator[bool | None]:
        kind = self.condition.kind
        if kind in ("while", "unless", "always"):
            for situation, every in self.world.reached.items():
                state = self.condition.state
                met = state is None or self.met(state, situation, routers[0]) == (kind == "while")
                if met:
                    yield from (self.holds(routers, situation, masters, masters, ()) for masters in every)
            return
        if kind == "whatever":
            yield from self._whatever(routers)
            return
        for base in self.bases:
            for order in permutations(self.condition.events):
                yield from self._events(routers, base, list(order))

    def _events(self, routers: list[Router], base: Masters, order: list[Event]) -> Iterator[bool | None]:
        paths: list[tuple[Situation, Masters, tuple[Masters, ...], tuple[Thing, ...]]] = [(frozenset(), base, (), ())]
        for event in order:
            following = []
            for situation, masters, seen, failed in paths:
                for thing in self.struck(event, masters, routers[0]):
                    for state in thing.states:
                        after = (situation - frozenset().union(*thing.states)) | state
                        following += [
                            (after, held, (*seen, held), (*failed, thing))
                            for held in self.world.settled(after, masters)
                        ]
            paths = following
        for situation, masters, seen, failed in paths:
            if self.condition.kind == "when":
                yield self.holds(routers, situation, masters, base, seen)
                continue
            for way in permutations(dict.fromkeys(failed)):
                ends = [(situation, masters, seen)]
                for thing in way:
                    ends = [
                        (after, held, (*so_far, held))
                        for now, holding, so_far in ends
                        for after in [now - frozenset().union(*thing.states)]
                        for held in self.world.settled(after, holding)
                    ]
                for after, held, so_far in ends:
                    yield self.holds(routers, after, held, base, so_far)

    def _whatever(self, routers: list[Router]) -> Iterator[bool | None]:
        node = self.condition.node
        things = [thing for thing in self.world.things if node is None or thing.name[0] == node.text]
        changing = self.claim.kind in ("stays", "changes")
        for base in self.bases:
            if not changing:
                yield self.holds(routers, frozenset(), base, base, ())
            for size in range(1, self.condition.most + 1):
                for some in combinations(things, size):
                    for order in permutations(some):
                        paths: list[tuple[Situation, Masters, tuple[Masters, ...]]] = [(frozenset(), base, ())]
                        for thing in order:
                            paths = [
                                (situation | state, held, (*seen, held))
                                for situation, masters, seen in paths
                                for state in thing.states
                                for held in self.world.settled(situation | state, masters)
                            ]
                        for situation, masters, seen in paths:
                            yield self.holds(routers, situation, masters, base, seen)

    def struck(self, event: Event, masters: Masters, router: Router) -> list[Thing]:
        assert isinstance(event.thing, ThingName)
        if event.thing.on_master:
            names = [
                member.node.name for member in router.members if (router.virtual_router_id, member.node.name) in masters
            ]
            key = "daemon" if event.thing.name is None else f"{event.thing.kind}:{event.thing.name.text}"
            return [self.thing((name, key)) for name in names]
        return [self.named(event.thing)]

    def named(self, name: ThingName) -> Thing:
        assert name.name is not None
        if name.kind == "node":
            wanted = name.name.text, "daemon"
        elif name.kind == "together":
            wanted = "", f"together:{name.name.text}"
        else:
            assert name.node is not None
            wanted = name.node.text, f"{name.kind}:{name.name.text}"
        return self.thing(wanted)

    def thing(self, wanted: tuple[str, str]) -> Thing:
        """One that nothing tracks is one too: every node has the scripts."""
        idle = Thing(wanted, (frozenset([(wanted, "ko")]),))
        return next((thing for thing in self.world.things if thing.name == wanted), idle)

    def met(self, state: State, situation: Situation, router: Router) -> bool:
        parts = [self.met(part, situation, router) for part in state.parts]
        if state.kind == "and":
            return all(parts)
        if state.kind == "or":
            return any(parts)
        if state.kind == "not":
            return not parts[0]
        down = {thing.name for thing in self.world.things for bad in thing.states if bad <= situation}
        names = [each for each in state.things if isinstance(each, ThingName)]
        if state.kind == "out":
            members = {member.node.name: member for member in router.members}
            return all(
                each.name is not None
                and each.name.text in members
                and self.world.real(members[each.name.text], situation) is None
                for each in names
            )
        wanted = {self.named(each).name for each in names}
        return wanted <= down if state.kind == "down" else down == wanted

    def holds(
        self, routers: list[Router], situation: Situation, now: Masters, before: Masters, seen: Sequence[Masters]
    ) -> bool | None:
        claim, vrid = self.claim, routers[0].virtual_router_id
        who = {name for router, name in now if router == vrid}
        nodes = {name.text for name in claim.nodes}
        if claim.kind in ("priority", "in fault", "never in fault"):
            return self.priced(claim, routers[0], situation)
        if claim.kind in ("same", "different"):
            other = {name for router, name in now if router == routers[1].virtual_router_id}
            return (who == other) == (claim.kind == "same")
        if claim.kind in ("stays", "changes"):
            was = {name for router, name in before if router == vrid}
            if claim.kind == "stays":
                return all({name for router, name in each if router == vrid} == was for each in (*seen, now))
            return who != was and (not nodes or (who == nodes and not nodes & was))
        return {
            "is master": len(who) == 1 and who <= nodes,
            "never master": not nodes & who,
            "someone": bool(who),
            "nobody": not who,
            "exactly one": len(who) == 1,
            "never two": len(who) < 2,
        }[claim.kind]

    def priced(self, claim: Claim, router: Router, situation: Situation) -> bool | None:
        members: Mapping[str, Member] = {member.node.name: member for member in router.members}
        node = claim.nodes[0].text
        mine = self.world.real(members[node], situation)
        if claim.kind != "priority":
            running = ((node, "daemon"), "stopped") not in situation
            return (mine is None and running) == (claim.kind == "in fault")
        if mine is None:
            return None
        if claim.other is None:
            than = claim.number
            return {
                "is": mine == than,
                "above": mine > than,
                "below": mine < than,
                "at least": mine >= than,
                "at most": mine <= than,
            }[claim.operator]
        theirs = self.world.real(members[claim.other.text], situation)
        if theirs is None:
            return None
        more = claim.number
        return {
            "above": mine - theirs >= max(1, more),
            "below": theirs - mine >= max(1, more),
            "at least": mine >= theirs + more,
            "at most": mine <= theirs - more,
        }[claim.operator]


def sentence(draw: random.Random, world: World) -> str:
    """A random requirement."""
    nodes = [node.name for node in world.cluster.nodes]
    vrids = [router.virtual_router_id for router in world.routers]
    things = [thing.name for thing in world.things]

    def thing() -> str:
        node, key = draw.choice(things)
        if key == "daemon":
            return node
        kind, _, name = key.partition(":")
        return f"together {name}" if kind == "together" else f"{kind} {name} on {node}"

    def state(deep: int = 0) -> str:
        one = draw.choice(nodes)
        picked = draw.choice(
            (
                f"{thing()} is down",
                f"{thing()} is down",
                f"{one} is out",
                f"only {thing()} is down",
                "nothing is down",
                f"{thing()} and {thing()} are down",
            )
        )
        if deep < 1 and draw.random() < 0.4:
            return draw.choice((f"{picked} and {state(1)}", f"{picked} or {state(1)}", f"not ({picked})"))
        return picked

    of = draw.choice(("", f" of VRID {draw.choice(vrids)}"))
    node, other = draw.sample(nodes, 2)
    limit = f"{draw.choice(('above', 'below', 'at least', 'at most'))} "
    limit += draw.choice((str(draw.choice((80, 90, 100, 110))), f"that of {other}", f"that of {other} by 10"))
    claims = [
        f"{node} is master{of}",
        f"{node} or {other} is master{of}",
        f"{node} is never master{of}",
        f"someone is master{of}",
        f"nobody is master{of}",
        f"exactly one master{of}",
        f"never two masters{of}",
        f"{node} is in FAULT{of}",
        f"{node} is never in FAULT{of}",
        f"priority of {node}{of.replace(' of ', ' in ')} is {limit}",
    ]
    changing = [f"the master{of} stays", f"the master{of} changes", f"the master{of} changes to {node}"]
    if len(vrids) > 1:
        claims += [f"VRID 1 and VRID 2 have {draw.choice(('the same master', 'different masters'))}"] * 2
    daemons = [f"{draw.choice(nodes)} stops", "the master stops", "script s1 on the master fails"]
    events = draw.choice(
        (f"{thing()} fails", f"{thing()} fails", draw.choice(daemons), f"{thing()} fails and {thing()} fails")
    )
    eventful = [
        f"when {events}",
        f"when {events}",
        f"after {events} and recovers",
        f"whatever {draw.choice(('one', 'two'))} things fail",
        f"whatever {draw.choice(('one', 'two'))} things fail on {draw.choice(nodes)}",
    ]
    quiet = ["", "always", f"while {state()}", f"while {state()}", f"unless {state()}", "while nothing is down"]
    if draw.random() < 0.2:
        return f"{draw.choice(changing)} {draw.choice(eventful)}"
    return f"{draw.choice(claims)} {draw.choice(eventful + quiet)}"
