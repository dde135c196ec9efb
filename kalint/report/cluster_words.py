"""What is said of a cluster's routers in words, wherever it is shown."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from kalint.analysis.cluster.members import RELOADED
from kalint.analysis.timing.stalls import stall_of
from kalint.report.show_text import REASONS
from kalint.rules.cluster.reasons import reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kalint.analysis.cluster.hearing import Graph
    from kalint.analysis.cluster.independent import NoMaster
    from kalint.analysis.cluster.masters import Possible
    from kalint.analysis.cluster.members import Shared, Witness
    from kalint.analysis.cluster.results import Answer, Failure, UnsharedInstance
    from kalint.analysis.reach.reachable import Reach
    from kalint.analysis.timing.stalls import Stall

_DECIDED = {
    "priority": "by its priority",
    "owner": "as the address owner",
    "address": "by the higher source address",
    "sync_group": "because a sync group keeps the node with the higher priority backup",
    "unheard": "because not all nodes hear each other",
}
_WELL = "nothing is down"
MOST = 20
"""At most this many useless things are named in a sentence."""


def alone(found: UnsharedInstance) -> str:
    """Why an instance is on no other node."""
    instance = found.instance
    return (
        f"{found.node} {instance.name} (router {instance.virtual_router_id.value}) is on no other node: {found.reason}"
    )


def good_day(answer: Answer) -> str:
    """Who is master while nothing is down, and why."""
    if answer.split:
        others = [names for names in answer.possible if names != answer.split]
        rest = f"; or {either(tuple(others))}, by timing" if others else ""
        return f"split brain while nothing is down: {_several(answer.split)}, because {split_reason(answer)}{rest}"
    if answer.possible == ((),):
        return "nothing is down: no master"
    if len(answer.possible) != 1:
        return f"nothing is down: {either(answer.possible)} is master, depending on timing or on who was master before"
    return f"nothing is down: {answer.master} is master, {_DECIDED.get(answer.decided_by, '')}"


def _several(names: Sequence[str]) -> str:
    return f"{listed(names)} are {'both' if len(names) == 2 else 'all'} master"


def split_reason(answer: Answer) -> str:
    """Why nodes that are master at once do not obey each other, each reason with the rule that speaks of it."""
    graph, names = answer.graph, answer.split
    if graph is None:
        return "they do not hear each other"
    found: dict[str, list[tuple[str, str]]] = {}
    for receiver in names:
        for sender in names:
            why = _why(graph, receiver, sender)
            if receiver != sender and why:
                found.setdefault(why, []).append((receiver, sender))
    return ", and ".join(_pairs(why, pairs, names) for why, pairs in found.items()) or "they do not hear each other"


def _pairs(why: str, pairs: Sequence[tuple[str, str]], names: Sequence[str]) -> str:
    """`each rejects the other's adverts (...)` where that holds for all of them, else who does so to whom."""
    verb, _, rest = why.partition(" adverts ")
    if len(pairs) == len(names) * (len(names) - 1):
        two = len(names) == 2
        subject = f"each {verb}" if verb == "rejects" else "neither receives" if two else "none receives"
        return f"{subject} the {'other' if two else 'others'}'{'s' if two else ''} adverts {rest}"
    senders: dict[str, list[str]] = {}
    for receiver, sender in pairs:
        senders.setdefault(receiver, []).append(sender)
    said = [f"{receiver} {verb} the adverts of {listed(heard)}" for receiver, heard in senders.items()]
    return f"{', '.join(said)} {rest}"


def _why(graph: Graph, receiver: str, sender: str) -> str:
    """`rejects adverts (auth_pass differs, KA804)`; empty where it accepts them."""
    found = graph.verdicts.get((receiver, sender))
    if found is None or not found.reasons:
        return ""
    verb = "does not receive" if graph.deaf(receiver, sender) else "rejects"
    return f"{verb} adverts ({'; '.join(dict.fromkeys(map(reason, found.reasons)))})"


def ranges(answer: Answer) -> str:
    """What each node can come to."""
    return ", ".join(f"{member.node.name} can be {_range(member.reach)}" for member in answer.router.members)


def stalls(answer: Answer) -> Iterator[str]:
    """How long each node that may be master may send nothing before another takes over."""
    for found in stalls_of(answer):
        seconds = ceil(round(found.seconds * 100, 4)) / 100
        yield f"a stall of {found.node} of more than {seconds:g} s can move the master to {found.to}"


def stalls_of(answer: Answer) -> list[Stall]:
    """The shortest stall that matters, of each node that may be the only master."""
    masters = dict.fromkeys(names[0] for names in answer.possible if len(names) == 1)
    return [each for name in masters if (each := stall_of(answer.router, name, answer.graph)) is not None]


def _range(reach: Reach) -> str:
    if not reach.reachable:
        return "in FAULT only"
    low, high = reach.reachable[0].priority, reach.reachable[-1].priority
    fault = " or FAULT" if reach.fault is not None else ""
    return f"{low if low == high else f'{low} to {high}'}{fault}"


def what_fails(failure: Failure) -> str:
    """The node and the thing, and its state; or what fails as one, and on which nodes."""
    if not failure.node:
        return f"{failure.thing.partition(':')[2]} fails on {listed(list(failure.states)) or 'no node'}"
    if failure.state == RELOADED:
        return f"{failure.node}: reload"
    return f"{failure.node}: {failure.thing.replace(':', ' ', 1)} {failure.state}"


def either(possible: Possible) -> str:
    """Who may be master: `a or b`, `a and b` where they are it at once."""
    return " or ".join(listed(names) or "no master" for names in possible) or "no lasting master"


def master_after(failure: Failure) -> str:
    """Who is master after a failure, and whether that is news."""
    if failure.ignored is not None:
        return "ignored"
    if len(failure.possible) != 1 or len(failure.possible[0]) != 1:
        return either(failure.possible)
    (name,) = failure.possible[0]
    if name not in failure.before:
        return f"{name} takes over"
    return f"{name} stays" if name == failure.node or not failure.node else name


def notes(answer: Answer) -> Iterator[str]:
    """What is known over all combinations, a sentence each."""
    shared = answer.router.shared
    if answer.useless:
        found = list(useless(answer))
        more = f", and {len(found) - MOST} more" if len(found) > MOST else ""
        yield f"useless: {', '.join(found[:MOST])}{more}"
    if answer.move is not None and answer.possible:
        least = witnessed(answer.move.witness, shared)
        old, new = listed(answer.possible[0]), answer.move.master
        yield f"smallest set of failures that moves the master from {old} to {new}: {least}"
    for tie in answer.ties:
        one, other = tie.nodes
        least = witnessed(tie.witness, shared)
        yield f"smallest set of failures for a tie of {one} and {other}, both at {tie.priority}: {least}"
    for text, groups in _splits(answer).items():
        yield f"smallest set of failures that splits sync group{'s' * (len(groups) > 1)} {listed(groups)}: {text}"
    if answer.no_master is not None:
        yield _nobody(answer.no_master, shared)
    for name in answer.never_masters:
        yield f"never master while the others run: {name}"
    if not answer.complete:
        yield "sync groups bind too many routers together: other outcomes than these may be possible"
    if answer.unanswered:
        alike = ": the lines above look at this router alone" if answer.ties or answer.move else ""
        yield f"{answer.unanswered}; the matrix is exact{alike}"


def _splits(answer: Answer) -> dict[str, list[str]]:
    """What splits sync groups, and which ones it does."""
    found: dict[str, list[str]] = {}
    for split in answer.splits:
        best = " and ".join(f"{node} in {instance}" for instance, node in split.best.items())
        text = f"{witnessed(split.witness, answer.router.shared)} (then {best} is better)"
        found.setdefault(text, []).append(f"{split.group} of {split.node}")
    return found


def _nobody(nobody: NoMaster, shared: Sequence[Shared]) -> str:
    what = "leaves no master" if nobody.certain else "may leave no master, depending on timing or history"
    return f"smallest set of failures that {what}: {witnessed(nobody.witness, shared)}"


def useless(answer: Answer) -> Iterator[str]:
    """`script chk on a and b`, or what fails as one by its name."""
    ignored = {(each.node, each.thing): each.ignored for each in answer.failures if each.ignored is not None}
    things: dict[tuple[str, str | None], list[str]] = {}
    for node, thing in answer.useless:
        things.setdefault((thing, ignored.get((node, thing))), []).append(node)
    for (thing, why), nodes in things.items():
        kind, _, name = thing.partition(":")
        reason = f" ({REASONS[why]})" if why is not None else ""
        yield f"{kind} {name} on {listed(nodes)}{reason}" if nodes != [""] else name


def witnessed(witness: Witness, shared: Sequence[Shared] = ()) -> str:
    """What is down, the most important things of many: what fails as one is named once."""
    as_one = [each for each in shared if any(key in witness.get(node, {}) for node, key in each.things)]
    hidden = {thing for each in as_one for thing in each.things}
    alike: dict[str, list[str]] = {}
    for node, states in witness.items():
        rest = {key: state for key, state in states.items() if (node, key) not in hidden}
        if rest:
            alike.setdefault(" and ".join(_things(rest)), []).append(node)
    said = [f"{each.name} fails" for each in as_one]
    said += [f"{things} on {listed(nodes)}" for things, nodes in alike.items()]
    return ", ".join(said) or _WELL


def _things(states: Mapping[str, str]) -> Iterator[str]:
    for number, (key, state) in enumerate(states.items()):
        if number == 4 and len(states) > 5:
            yield f"{len(states) - 4} more"
            return
        yield f"{key.replace(':', ' ', 1)} {state}"


def listed(names: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
