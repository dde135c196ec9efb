"""What is said of a cluster's routers in words, wherever it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kalint.analysis.cluster.independent import Nobody, Witness
    from kalint.analysis.cluster.results import Alone, Answer, Failure, Masters, Shared
    from kalint.analysis.reach.reachable import Reach

_DECIDED = {
    "priority": "by its priority",
    "owner": "as the address owner",
    "address": "by the higher source address",
    "sync_group": "since a sync group keeps the higher one from it",
}
_WELL = "when all is well"


def alone(found: Alone) -> str:
    """Why an instance is on no other node."""
    instance = found.instance
    return f"{found.node} {instance.name} (router {instance.virtual_router_id.value}) is alone: {found.reason}"


def good_day(answer: Answer) -> str:
    """Who is master when all is well, and why."""
    if answer.masters == (None,):
        return "all is well: nobody is master"
    if len(answer.masters) != 1:
        return f"all is well: {either(answer.masters)} is master, by timing or by who was there first"
    return f"all is well: {answer.masters[0]} is master, {_DECIDED.get(answer.decided_by, '')}"


def ranges(answer: Answer) -> str:
    """What each node can come to."""
    return ", ".join(f"{member.node.name} can be {_range(member.reach)}" for member in answer.router.members)


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
    return f"{failure.node}: {failure.thing.replace(':', ' ', 1)} {failure.state}"


def either(masters: Masters) -> str:
    """Who may be master."""
    return " or ".join(name or "nobody" for name in masters) or "nobody for long"


def master_after(failure: Failure) -> str:
    """Who is master after a failure, and whether that is news."""
    name = failure.masters[0] if len(failure.masters) == 1 else None
    if name is None:
        return either(failure.masters)
    if name not in failure.before:
        return f"{name} takes over"
    return f"{name} stays" if name == failure.node or not failure.node else name


def notes(answer: Answer) -> Iterator[str]:
    """What is known over all combinations, a sentence each."""
    shared = answer.router.shared
    if answer.useless:
        yield f"useless: {', '.join(_useless(answer))}"
    if answer.move is not None and answer.masters:
        least = witnessed(answer.move.witness, shared)
        yield f"fewest failures that move it from {answer.masters[0]} to {answer.move.master}: {least}"
    for tie in answer.ties:
        one, other = tie.nodes
        least = witnessed(tie.witness, shared)
        yield f"fewest failures for a tie of {one} and {other}, both at {tie.priority}: {least}"
    for text, groups in _splits(answer).items():
        yield f"fewest failures that split {listed(groups)}: {text}"
    if answer.no_master is not None:
        yield _nobody(answer.no_master, shared)
    for name in answer.never_masters:
        yield f"never master while the others run: {name}"
    if not answer.complete:
        yield "sync groups bind too many routers together: other outcomes than these may be possible"
    if answer.unanswered:
        alike = ": the lines above it see this router alone" if answer.ties or answer.move else ""
        yield f"{answer.unanswered}; the matrix is exact{alike}"


def _splits(answer: Answer) -> dict[str, list[str]]:
    """What splits sync groups, and which ones it does."""
    found: dict[str, list[str]] = {}
    for split in answer.splits:
        best = " and ".join(f"{node} in {instance}" for instance, node in split.best.items())
        text = f"{witnessed(split.witness, answer.router.shared)} ({best} is better then)"
        found.setdefault(text, []).append(f"{split.group} of {split.node}")
    return found


def _nobody(nobody: Nobody, shared: Sequence[Shared]) -> str:
    what = "leave nobody" if nobody.certain else "may leave nobody, as timing or history has it"
    return f"fewest failures that {what}: {witnessed(nobody.witness, shared)}"


def _useless(answer: Answer) -> Iterator[str]:
    """`script chk on a and b`, or what fails as one by its name."""
    things: dict[str, list[str]] = {}
    for node, thing in answer.useless:
        things.setdefault(thing, []).append(node)
    for thing, nodes in things.items():
        kind, _, name = thing.partition(":")
        yield f"{kind} {name} on {listed(nodes)}" if nodes != [""] else name


def witnessed(witness: Witness, shared: Sequence[Shared] = ()) -> str:
    """What is not good, the most important things of many: what fails as one is named once."""
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
