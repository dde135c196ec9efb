"""The words of a verdict: what happens in its counterexample, and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.analysis.cluster.verdict import EMPTY, FAILS, HOLDS, UNDECIDED
from kalint.requirements.normal import seconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kalint.analysis.cluster.members import Router
    from kalint.analysis.cluster.verdict import Counterexample, CounterexampleStep, Verdict

SAID = {HOLDS: "holds", FAILS: "fails", UNDECIDED: "undecided", EMPTY: "tests nothing"}


def router_name(router: Router) -> str:
    """A router as people name it: by the name of its instances, where they have one."""
    names = dict.fromkeys(member.instance.name for member in router.members)
    return next(iter(names)) if len(names) == 1 else f"VRID {router.virtual_router_id} {router.family}"


def masters(names: Sequence[str]) -> str:
    """Who is master: `lb1 is master`."""
    if not names:
        return "nobody is master"
    return f"{' and '.join(names)} {'is master' if len(names) == 1 else 'are masters at once'}"


def step(happened: CounterexampleStep) -> str:
    """What happens: `script chk on lb1 fails`."""
    thing = happened.thing.replace(":", " ", 1)
    if happened.thing == "daemon":
        return f"{happened.node} {happened.verb}"
    if happened.thing.startswith("together:"):
        return f"{thing} {happened.verb}"
    subject = f"{thing} on {happened.node}" if happened.node else thing
    if happened.verb == "fails" and happened.thing.startswith("file:"):
        return f"{subject} is {happened.state}"
    return f"{subject} {happened.verb}"


def situation(example: Counterexample) -> str:
    """What is down in it, in words: `script chk on lb1 and lb2 are down`; `nothing is down`."""
    words = []
    for node, states in example.down.items():
        for key, state in states.items():
            if key == "daemon":
                words.append(f"{node} {'reloaded' if state == 'reload' else 'stopped'}")
            else:
                words.append(f"{key.replace(':', ' ', 1)} on {node} {state}")
    return ", ".join(words) or "nothing down"


def priorities(values: Mapping[str, int | None]) -> str:
    """The priorities of the nodes: `lb1 80, lb2 100`; `none`: stopped, in FAULT, or not heard."""
    return ", ".join(f"{node} {'none' if value is None else value}" for node, value in values.items())


def summary(verdict: Verdict) -> str:
    """Why it fails, in one line."""
    example = verdict.counterexample
    if example is None:
        return verdict.why
    if example.seconds is not None:
        within = seconds(verdict.requirement.within or 0)
        return f"it may take {seconds(round(example.seconds, 2))}, more than {within}"
    who = masters(example.masters)
    claim = verdict.requirement.claim
    if claim.kind in ("same", "different") and len(verdict.routers) == 2:
        one, other = (router_name(router) for router in verdict.routers)
        return f"{masters(example.masters)} of {one}, {masters(example.other)} of {other}"
    if claim.kind in ("priority", "in fault", "never in fault"):
        return example.reason
    if claim.kind == "stays" and example.masters == example.before:
        return f"the master changes in between; {example.reason}"
    return f"{who}; {example.reason}" if example.reason else who


def story(verdict: Verdict) -> Iterator[str]:
    """The counterexample line by line: each event with the master after it, the priorities, and why."""
    example = verdict.counterexample
    if example is None:
        return
    if verdict.requirement.claim.kind in ("priority", "in fault", "never in fault"):
        yield f"with {situation(example)}"
    else:
        of = f" of {router_name(example.router)}"
        steps = [*example.history, *example.events]
        first = "all daemons start" if example.start or steps else f"with {situation(example)}"
        if steps or not example.down:
            yield f"{first}: {masters(example.start)}{of}"
        for happened in steps:
            yield f"{step(happened)}: {masters(happened.masters)}"
        yield f"priorities then: {priorities(example.priorities)}"
    yield summary(verdict)


def in_one_line(verdict: Verdict) -> str:
    """The counterexample as a message: what happens, who is master then, and why."""
    example = verdict.counterexample
    assert example is not None
    steps = [step(each) for each in example.events]
    if not steps:
        steps = [step(each) for each in example.history]
    begin = f"with {situation(example)}"
    if example.events or (example.history and len(steps) <= 2):
        begin = f"when {' and '.join(steps)}"
    return f"this requirement fails: {begin}, {summary(verdict)}"
