"""What the daemon advertises in given states is what kalint computes with those states fixed.

Every configuration of examples/ and of configurations/ goes through: nothing down, each thing bad by itself, and
everything bad. Scripts and tracked files are put under control and run every second (`controlled` and `hurried` of
harness.py); nothing else is changed. The command line is asked about the first and the last combination of each, the
library that is behind it about all others: starting Python hundreds of times takes longer than the daemon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest
from answers import Outcome, command, outcomes, resolved
from harness import Lab, Router, controlled, hurried
from observing import observe

from kalint.semantics.resolved import Resolved

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
FILE_VALUES = (1, -90, -300)
AT_ONCE = 16
"""Labs that run side by side; a daemon mostly waits."""

States = dict[str, int | str]


class Case(NamedTuple):
    """A configuration and the keepalived -i that it is run with."""

    path: Path
    config_id: str | None

    def __str__(self) -> str:
        name = self.path.parent.name if self.path.name == "keepalived.conf" else self.path.stem
        return name if self.config_id is None else f"{name}-{self.config_id}"


class Observed(NamedTuple):
    """Some states, what kalint says of each instance, and what the daemon did."""

    states: States
    predicted: Mapping[str, Outcome]
    seen: Mapping[str, Outcome]


def _cases() -> Iterator[Case]:
    """Every file, once for each config id that its @id lines name."""
    for path in [*sorted(EXAMPLES.glob("*/*.conf")), *sorted((HERE / "configurations").glob("*.conf"))]:
        names = sorted(set(re.findall(r"^[ \t]*@\^?(\w+)", path.read_text(), re.MULTILINE)))
        yield from [Case(path, name) for name in names] or [Case(path, None)]


CASES = list(_cases())


@pytest.fixture(scope="module")
def observations() -> Iterator[Mapping[Case, Future[list[Observed]]]]:
    """All cases, watched side by side from the first test on; each test waits for its own."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        futures = {case: pool.submit(_watch, case) for case in CASES}
        yield futures
        for future in futures.values():
            future.cancel()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_wire_shows_what_kalint_computes(case: Case, observations: Mapping[Case, Future[list[Observed]]]) -> None:
    """In every state an instance advertises what `kalint priorities --state` says; where that is FAULT it is silent."""
    observed = observations[case].result()
    assert [(one.states, one.predicted) for one in observed] == [(one.states, one.seen) for one in observed]


def test_enough_is_compared(observations: Mapping[Case, Future[list[Observed]]]) -> None:
    """Every example, at least 20 further configurations, and at least 40 combinations of states."""
    combinations = sum(len(future.result()) for future in observations.values())
    assert len([case for case in CASES if EXAMPLES not in case.path.parents]) >= 20
    assert combinations >= 40


def _watch(case: Case) -> list[Observed]:
    """Run a case's daemon through its states."""
    config = resolved(str(case.path), None, case.config_id)
    things = sorted({tracker.key for instance in config.instances for tracker in instance.trackers})
    with Lab(*_network(config, things), _bfds(config)) as lab:
        for path in case.path.parent.glob("**/*.conf"):
            inside = lab.node.path("/run/lab") / path.relative_to(case.path.parent)
            inside.parent.mkdir(exist_ok=True)
            inside.write_text(hurried(controlled(path.read_text())))
        routers = {i.name: Router(i.interface.value, i.family, i.virtual_router_id.value) for i in config.instances}
        interval = max(instance.advert_interval.value for instance in config.instances)
        observed: list[Observed] = []
        lab.set(_settable(_good(things)))
        with lab.start(hurried(controlled(case.path.read_text())), case.config_id) as daemon:
            combinations = list(_states(things))
            for states in combinations:
                lab.set(_settable(states))
                if states in (combinations[0], combinations[-1]):
                    predicted = command(str(case.path), case.config_id, config, states)
                else:
                    predicted = outcomes(config, states)
                observed.append(Observed(states, predicted, observe(daemon, routers, predicted, interval)))
    return observed


def _good(things: list[str]) -> States:
    """Everything good; a process as the configurations here have it: none runs, which is good where none may."""
    good: dict[str, int | str] = {"script": "ok", "interface": "up", "file": 0, "bfd": "up"}
    states: States = {thing: good.get(thing.partition(":")[0], "ko") for thing in things}
    return states | {thing: "ok" for thing in things if thing == "process:none"}


def _states(things: list[str]) -> Iterator[States]:
    """Everything good, each thing bad by itself, and all but the first interface bad."""
    bad: dict[str, int | str] = {"script": "ko", "interface": "down", "file": -7, "bfd": "down"}
    good = _good(things)
    yield good
    for thing in things:
        kind = thing.partition(":")[0]
        for state in FILE_VALUES if kind == "file" else (bad.get(kind),):
            if state is not None:
                yield good | {thing: state}
    yield good | {
        thing: bad[kind]
        for thing in things
        for kind in [thing.partition(":")[0]]
        if kind in bad and kind != "interface"
    }


def _settable(states: States) -> States:
    return {thing: state for thing, state in states.items() if not thing.startswith("process:")}


def _network(config: Resolved, things: list[str]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The node's links with an address each, and the far end's addresses: unicast peers and bfd neighbours."""
    names = {instance.interface.value for instance in config.instances}
    names |= {thing.partition(":")[2] for thing in things if thing.startswith("interface:")}
    node = {name: [f"10.{9 - number}.0.1/24"] for number, name in enumerate(sorted(names))}
    node["eth0"] += ["fd00:9::1/64"]
    return node, {"eth0": ["10.9.0.2/24", "10.9.0.3/24"]}


def _bfds(config: Resolved) -> dict[str, tuple[str, str]]:
    """Each bfd instance's neighbour and own address."""
    return {
        definition.name.text: (
            definition.settings["neighbor_ip"].words[1].text,
            definition.settings["source_ip"].words[1].text,
        )
        for definition in config.config.definitions
        if definition.kind == "bfd"
    }
