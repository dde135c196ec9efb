"""The events of a simulation that make a counterexample happen."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.cluster.common_causes import failing
from kalint.analysis.cluster.members import DAEMON, TOGETHER
from kalint.semantics.states import good_state
from kalint.simulation.scenario import Change, DaemonEvent, LinkEvent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from kalint.analysis.cluster.members import Witness
    from kalint.analysis.cluster.results import Cluster
    from kalint.analysis.cluster.verdict import Counterexample, CounterexampleStep
    from kalint.semantics.states import State
    from kalint.simulation.scenario import Action

_LIVES: dict[str, Literal["start", "stop", "crash", "reload"]] = {
    "stops": "stop",
    "fails": "crash",
    "crashes": "crash",
    "starts": "start",
    "recovers": "start",
    "is reloaded": "reload",
}


class Step(NamedTuple):
    """What happens at one moment, in the words of the counterexample.

    `happened` is its step there, None: one of what is down in a situation without a history. `actions` are what the
    scenario has to say for it.
    """

    happened: CounterexampleStep | None
    said: str
    actions: tuple[Action, ...]


def steps_of(cluster: Cluster, example: Counterexample) -> list[Step]:
    """All steps of a counterexample, the history first; without any history, what is down fails one by one."""
    from kalint.rules.support.verdicts import step

    happened = (*example.history, *example.events)
    if happened:
        return [Step(each, step(each), tuple(_actions(cluster, each))) for each in happened]
    return [
        Step(None, _said(node, thing, state), (action,))
        for node, states in example.down.items()
        for thing, state in states.items()
        for action in [_change(node, thing, state)]
    ]


def _said(node: str, thing: str, state: str) -> str:
    return f"{node} stops" if thing == DAEMON else f"{thing.replace(':', ' ', 1)} on {node} is {state}"


def _actions(cluster: Cluster, happened: CounterexampleStep) -> Iterator[Action]:
    if happened.link:
        one, other = happened.link
        yield LinkEvent((one, other), float(happened.verb == "is cut"))
    elif happened.verb == "stalls":
        for node in cluster.nodes:
            if node.name != happened.node:
                yield LinkEvent((happened.node, node.name), 1.0)
    elif happened.thing.startswith(f"{TOGETHER}:"):
        for name, states in _as_one(cluster, happened.thing).items():
            for thing, state in states.items():
                yield _change(name, thing, state if happened.state else None)
    elif happened.thing == DAEMON:
        yield DaemonEvent(happened.node, _LIVES[happened.verb])
    else:
        yield _change(happened.node, happened.thing, happened.state or None)


def _as_one(cluster: Cluster, thing: str) -> Witness:
    """What fails on which node when things fail as one."""
    shared = {each.name: each for answer in cluster.answers for each in answer.router.shared}
    return failing(shared[thing.partition(":")[2]], list(cluster.members))


def _change(node: str, thing: str, state: str | None) -> Action:
    """A thing fails, or (None) is good again."""
    if thing == DAEMON:
        return DaemonEvent(node, "start" if state is None else "stop")
    kind = thing.partition(":")[0]
    value: State = good_state(kind) if state is None else int(state) if kind == "file" else state
    return Change(node, thing, value)


def variants(step: Step) -> Iterator[Step]:
    """The ways in which the same may happen: a script fails or hangs, a node says that it ends or not."""
    yield step
    if step.happened is not None and len(step.actions) == 1:
        (action,) = step.actions
        if isinstance(action, Change) and action.thing.startswith("script:") and action.state == "ko":
            yield step._replace(actions=(action._replace(state="timeout"),))
        if isinstance(action, DaemonEvent) and action.daemon == "stop" and step.happened.verb == "stops":
            yield step._replace(actions=(action._replace(daemon="crash"),))
