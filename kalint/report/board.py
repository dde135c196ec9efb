"""The failure board: a switch for each thing that can fail, and what is said of each router once some are thrown.

A page has the document of `board` and, for each set of switches, that of `answers`: from `kalint` itself where it runs
in the page, from a table of single failures and pairs in a report (`precomputed`).
"""

from __future__ import annotations

from itertools import combinations, islice
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.cluster.members import DAEMON, STOPPED
from kalint.analysis.cluster.results import Answer
from kalint.analysis.situation import merged
from kalint.report.cluster_words import listed, witnessed
from kalint.report.situation_words import said
from kalint.report.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kalint.analysis.cluster.members import Member, Witness
    from kalint.analysis.cluster.results import Cluster, UnsharedInstance
    from kalint.analysis.reach.reachable import Choice, Thing
    from kalint.analysis.situation import Outcome, Situation, Situations, Thrown

MOST_STATES = 8
"""How many states of a file are on the board: those that explain best, and the ends."""
MOST_PAIRS, MOST_ANSWERS = 400, 10_000
"""How many pairs of one router, and answers of all routers of a page, are worked out in advance at most."""


class Switch(NamedTuple):
    """A thing of a node. `states` are its bad ones with what each does; `note` says why none of them counts."""

    node: str
    thing: str
    good: str
    states: tuple[tuple[str, str], ...]
    note: str = ""


def switches(cluster: Cluster) -> tuple[Switch, ...]:
    """Every tracker, interface and daemon of every node, in the order of the nodes and of their files."""
    members = list(cluster.members)
    useless = _useless(cluster)
    found: list[Switch] = []
    for node in cluster.nodes:
        mine = [member for member in members if member.node.name == node.name]
        found.append(Switch(node.name, DAEMON, "running", ((STOPPED, "silent"),)))
        found += _things(node.name, mine, useless)
        known = {switch.thing for switch in found if switch.node == node.name}
        found += _ignored(node.name, mine, known)
    return tuple(found)


def _useless(cluster: Cluster) -> set[tuple[str, str]]:
    """The things that never change who is master of any router."""
    useless = [(answer, frozenset(answer.useless)) for answer in cluster.answers]
    never = {key for _, found in useless for key in found}
    moving = {
        (member.node.name, thing.key)
        for answer, found in useless
        for member in answer.router.members
        for thing in member.reach.things
        if (member.node.name, thing.key) not in found
    }
    return never - moving


def _things(node: str, members: Sequence[Member], useless: set[tuple[str, str]]) -> Iterator[Switch]:
    things: dict[str, list[Thing]] = {}
    for member in members:
        for thing in member.reach.things:
            things.setdefault(thing.key, []).append(thing)
    for key, some in things.items():
        states: dict[str, dict[str, None]] = {}
        for thing in some:
            for choice in _shown(thing.choices[1:]):
                states.setdefault(choice.state, {})[_effect(choice, thing.choices[0])] = None
        if states:
            texts = tuple((state, " or ".join(effects)) for state, effects in states.items())
            note = "never changes who is master" if (node, key) in useless else ""
            yield Switch(node, key, some[0].choices[0].state, texts, note)


def _shown(choices: Sequence[Choice]) -> Sequence[Choice]:
    if len(choices) <= MOST_STATES:
        return choices
    ends = {min(choices, key=lambda each: (each.fault, each.delta)), max(choices, key=lambda each: each.delta)}
    faults = {next(each for each in choices if each.fault)} if any(each.fault for each in choices) else set()
    first = set(choices[: MOST_STATES - len(ends | faults)])
    return [each for each in choices if each in first | ends | faults]


def _effect(choice: Choice, good: Choice) -> str:
    if choice.fault:
        return "FAULT"
    if good.fault:
        return "ends FAULT"
    delta = choice.delta - good.delta
    return f"{delta:+d}" if delta else "no change"


def _ignored(node: str, members: Sequence[Member], known: set[str]) -> Iterator[Switch]:
    """The trackers of which no state counts."""
    for member in members:
        for tracker in member.instance.trackers:
            if tracker.key not in known and tracker.ignored is not None:
                known.add(tracker.key)
                yield Switch(node, tracker.key, "", (), f"ignored by keepalived: {tracker.ignored.replace('_', ' ')}")


def board(cluster: Cluster) -> dict[str, object]:
    """The switches, the routers, and for each router the switches that can matter to it (`concerns`)."""
    routers = [_router(answer.router.members, presets(answer)) for answer in cluster.answers]
    routers += [_router((alone.member,), []) for alone in cluster.alone]
    return {
        "nodes": [printable(node.name) for node in cluster.nodes],
        "switches": [
            {
                "node": printable(each.node),
                "thing": printable(each.thing),
                "good": each.good,
                "states": [{"state": state, "effect": effect} for state, effect in each.states],
                "note": each.note,
            }
            for each in switches(cluster)
        ],
        "routers": routers,
    }


def written(thrown: Thrown) -> str:
    """As `kalint cluster --state` takes it."""
    return printable("{}:{}={}".format(*thrown))


def groups(cluster: Cluster) -> list[tuple[Member, ...]]:
    """The members of each router, the shared ones first: the order of all documents here."""
    return [answer.router.members for answer in cluster.answers] + [(each.member,) for each in cluster.alone]


def presets(answer: Answer) -> list[tuple[str, list[Thrown]]]:
    """The fewest failures that do what one asks for: leave no master, move it, tie."""
    found: list[tuple[str, Witness]] = []
    if answer.no_master is not None:
        may = "leaves" if answer.no_master.certain else "may leave"
        found.append((f"{may} no master", answer.no_master.witness))
    if answer.move is not None:
        found.append((f"moves the master to {answer.move.master}", answer.move.witness))
    found += [(f"{listed(tie.nodes)} tie", tie.witness) for tie in answer.ties]
    named = []
    for what, witness in found:
        thrown = [(node, key, state) for node, states in witness.items() for key, state in states.items()]
        if thrown:
            named.append((f"{what}: {witnessed(witness, answer.router.shared)}", thrown))
    return named


def _router(members: Sequence[Member], ready: Sequence[tuple[str, Sequence[Thrown]]]) -> dict[str, object]:
    name, addresses = head(members)
    return {
        "name": printable(name),
        "addresses": [printable(address) for address in addresses],
        "nodes": [printable(member.node.name) for member in members],
        "presets": [[printable(text), [written(each) for each in thrown]] for text, thrown in ready],
    }


def head(members: Sequence[Member]) -> tuple[str, tuple[str, ...]]:
    """What a router is called, and its addresses."""
    instances = [member.instance for member in members]
    router = instances[0].virtual_router_id.value
    names = ", ".join(dict.fromkeys(instance.name for instance in instances))
    interfaces = ", ".join(dict.fromkeys(instance.interface.value for instance in instances))
    family = "" if instances[0].family == "ipv4" else " (IPv6)"
    addresses = dict.fromkeys(address for instance in instances for address in instance.virtual_addresses)
    return f"router {router}{family}: {names} on {interfaces}", tuple(addresses)


def answers(cluster: Cluster, situation: Situation) -> list[dict[str, object]]:
    """What is said of each router in a situation, as `SituationText` and `Outcome` have it."""
    return [
        _words(router, outcome, situation.states)
        for router, outcome in zip(cluster.routers, situation.outcomes, strict=True)
    ]


def _words(router: Answer | UnsharedInstance, outcome: Outcome, states: Witness) -> dict[str, object]:
    words = said(router, outcome, states)
    return {
        "priorities": list(outcome.priorities.values()),
        "masters": [[printable(name) for name in each] for each in outcome.masters],
        "level": words.level,
        "verdict": printable(words.verdict),
        "within": words.within,
        "why": printable(words.why),
        "moved": outcome.masters != outcome.before,
    }


def precomputed(situations: Situations) -> dict[str, object]:
    """Each router's answers to no failure, to each single one, and to each pair that can matter to it.

    `texts` are the words of all outcomes. For each of the `routers`: `concerns` are the switches that can matter to it,
    as places in the board's list, and `answers` are places in its `outcomes`: of no failure, of each state of each of
    those switches, then of every two of these that are not states of one switch, in order. `more` has those of larger
    sets by their switches: "3 7.1 9" are the first state of the switches 3 and 9 and the second of switch 7. An outcome
    is the list of what `answers` gives: priorities (null: FAULT), masters, level, verdict, within, why, moved (0 or 1),
    the words as places in `texts`.
    """
    texts: dict[str, int] = {}
    every = switches(situations.cluster)
    places = {(switch.node, switch.thing): place for place, switch in enumerate(every) if switch.states}
    tables = [
        _Table(
            router,
            situations,
            {
                place: every[place]
                for place in sorted(places[key] for key in situations.concerning(router) if key in places)
            },
            texts,
        )
        for router in situations.routers
    ]
    room = MOST_ANSWERS - sum(len(table.singles) for table in tables)
    most = min(MOST_PAIRS, max(0, room) // max(1, len(tables)))
    routers = [table.filled(most) for table in tables]
    return {"texts": list(texts), "routers": routers}


class _Table:
    """The answers of one router; `switches` are those that can matter to it, by place; `texts` those of the page."""

    def __init__(
        self,
        router: Answer | UnsharedInstance,
        situations: Situations,
        switches: Mapping[int, Switch],
        texts: dict[str, int],
    ) -> None:
        self._router = router
        self._situations = situations
        self._texts = texts
        self._outcomes: dict[str, tuple[int, list[object]]] = {}
        self._concerns = list(switches)
        self.singles: list[tuple[str, Thrown]] = []
        for place, switch in switches.items():
            for number, (state, _) in enumerate(switch.states):
                key = f"{place}.{number}" if number else f"{place}"
                self.singles.append((key, (switch.node, switch.thing, state)))

    def filled(self, most: int) -> dict[str, object]:
        """The table as a document, with `most` pairs."""
        chosen: list[list[Thrown]] = [[], *([each] for _, each in self.singles), *islice(_pairs(self.singles), most)]
        answers = [self._place(some) for some in chosen]
        more = {
            key: self._place(some)
            for key, some in _ready(self._router, {each: key for key, each in self.singles})
            if len(some) > 1
        }
        outcomes = [found for _, found in self._outcomes.values()]
        return {"concerns": self._concerns, "answers": answers, "more": more, "outcomes": outcomes}

    def _place(self, thrown: Sequence[Thrown]) -> int:
        outcome = self._situations.outcome(self._router, thrown)
        found = [
            self._texts.setdefault(value, len(self._texts)) if isinstance(value, str) else value
            for value in _words(self._router, outcome, merged(thrown)).values()
        ]
        found[-1] = int(bool(found[-1]))
        return self._outcomes.setdefault(repr(found), (len(self._outcomes), found))[0]


def _pairs(singles: Sequence[tuple[str, Thrown]]) -> Iterator[list[Thrown]]:
    """Every two of them, but not two states of one thing."""
    for (_, first), (_, second) in combinations(singles, 2):
        if first[:2] != second[:2]:
            yield [first, second]


def _ready(router: Answer | UnsharedInstance, keys: Mapping[Thrown, str]) -> Iterator[tuple[str, list[Thrown]]]:
    """The sets of failures that the board offers, where all of them have switches; in the order of these."""
    for _, thrown in presets(router) if isinstance(router, Answer) else ():
        if all(each in keys for each in thrown):
            some = sorted(thrown, key=list(keys).index)
            yield " ".join(keys[each] for each in some), some
