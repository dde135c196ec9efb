"""A scenario played by real daemons, and what they then say on the wire and in their logs."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from cluster_lab import ClusterLab
from harness import RELEASE, ROOM

from kalint.pipeline.reading import Asked
from kalint.pipeline.simulating import simulated
from kalint.settings.model import ClusterSettings, NodeSettings
from kalint.simulation.event import FAULT, SECOND, STOPPED
from kalint.simulation.scenario import Change, DaemonEvent, LinkEvent, Scenario
from kalint.simulation.timeline import Timeline
from kalint.version import parse_version

RUNNER = f"{ROOM}/run.sh"
_RUNNER = f"""#!/bin/sh
state=$(cat {ROOM}/script/$1 2>/dev/null)
case $state in
timeout) exec sleep 60 ;;
signal) kill -KILL $$ ;;
ko) exit 1 ;;
esac
exit ${{state:-0}}
"""
_STATE = re.compile(r"\((V\d+)\) [Ee]ntering (BACKUP|MASTER|FAULT) (?:STATE|state)")
ADDRESS = "10.9.0.{}/24"
QUIET = 2.5
"""Advert intervals of silence behind which an advert is the beginning of something new."""


class Play(NamedTuple):
    """Configurations and what happens to them.

    `interval` is the advert interval in seconds that all have. `chance`: which of two masters speaks is left to chance.
    `files` are the configurations that the scenario names.
    """

    name: str
    configs: Mapping[str, str]
    scenario: str
    interval: float = 0.5
    chance: bool = False
    files: Mapping[str, str] = {}


class Said(NamedTuple):
    """What a node begins to say of a router: since when (in seconds), and the priority."""

    time: float
    node: str
    vrid: int
    priority: int


class Seen(NamedTuple):
    """What a play came to: what was said, and each instance's states in their order."""

    said: tuple[Said, ...]
    states: Mapping[tuple[str, str], tuple[str, ...]]


def script(name: str, lines: str = "interval 1") -> str:
    """A vrrp_script whose exit the scenario decides."""
    return f'vrrp_script {name} {{\n    script "{RUNNER} {name}"\n    {lines}\n}}\n'


def foretold(play: Play, folder: Path) -> tuple[Timeline, Seen]:
    """What kalint says."""
    nodes = []
    for name, config in play.configs.items():
        path = folder / f"{play.name}-{name}.conf"
        path.write_text(config, encoding="utf-8")
        nodes.append(NodeSettings(name, str(path), addresses={"eth0": _address(play, name).split("/")[0]}))
    for name, config in play.files.items():
        (folder / name).write_text(config, encoding="utf-8")
    file = folder / f"{play.name}.toml"
    file.write_text(play.scenario, encoding="utf-8")
    asked = Asked(version=parse_version(RELEASE))
    timeline = simulated(ClusterSettings(play.name, tuple(nodes)), asked, str(file), adverts=True)
    vrids = {member: key.virtual_router_id for member, key in timeline.members().items()}
    adverts, states, starts = [], dict[tuple[str, str], list[str]](), set[tuple[str, int]]()
    for event in timeline.records():
        if getattr(event, "kind", "") == "daemon" and event.after == "running":
            starts.add((event.node, event.time))
        elif getattr(event, "kind", "") == "advert":
            adverts.append(Said(event.time / SECOND, event.node, vrids[event.node, event.instance], event.after))
        elif getattr(event, "kind", "") == "state" and event.after != STOPPED:
            unlogged = event.after == FAULT and (event.node, event.time) in starts
            states.setdefault((event.node, event.instance), []).extend([] if unlogged else [str(event.after)])
    return timeline, Seen(_begun(adverts, play.interval), {key: tuple(found) for key, found in states.items()})


def played(play: Play, scenario: Scenario, ready: threading.Barrier, after: float) -> Seen:
    """What the daemons do. A play begins so many seconds `after` everything is there for all."""
    with ClusterLab({name: [_address(play, name)] for name in play.configs}) as lab:
        for node in lab.nodes.values():
            runner = node.path(RUNNER)
            runner.write_text(_RUNNER)
            runner.chmod(0o755)
        adverts = lab.listening.adverts
        adverts.clear()
        ready.wait(120)
        time.sleep(after)
        begin = time.monotonic()
        _enact(play, lab, scenario, begin)
        time.sleep(max(0.0, begin + scenario.duration / SECOND - time.monotonic()))
        said = [
            Said(advert.time - begin, advert.router.interface.split("-")[0], advert.router.vrid, advert.priority)
            for advert in list(adverts)
            if advert.router.interface != "br0"
        ]
        states: dict[tuple[str, str], list[str]] = {}
        for name in play.configs:
            for instance, state in _STATE.findall(lab.log(name, 10_000)):
                states.setdefault((name, instance), []).append(state)
        return Seen(_begun(said, play.interval), {key: tuple(found) for key, found in states.items()})


def _enact(play: Play, lab: ClusterLab, scenario: Scenario, begin: float) -> None:
    """Do to the daemons what the scenario says, when it says so; what it says of 0 comes before they start."""
    events = list(scenario.events)
    for at, action in events:
        if at == 0 and isinstance(action, Change):
            _change(lab, action)
    for name, config in play.configs.items():
        if name not in scenario.stopped:
            lab.start(name, config)
    for at, action in events:
        if at == 0 and isinstance(action, Change):
            continue
        time.sleep(max(0.0, begin + at / SECOND - time.monotonic()))
        if isinstance(action, Change):
            _change(lab, action)
        elif isinstance(action, LinkEvent):
            for name in action.nodes:
                lab.isolate(name, action.lost > 0)
        else:
            _live(play, lab, action)


def _live(play: Play, lab: ClusterLab, action: DaemonEvent) -> None:
    if action.daemon == "start":
        lab.start(action.node, play.configs[action.node])
    elif action.daemon == "reload":
        lab.reload(action.node, next(iter(play.files.values()), play.configs[action.node]))
    elif action.daemon == "stop":
        threading.Thread(target=lab.stop, args=(action.node,)).start()  # it takes its time to end
    else:
        lab.kill(action.node)


def _change(lab: ClusterLab, action: Change) -> None:
    state = action.state
    if action.thing.startswith("script:"):
        lab.nodes[action.node].path(f"{ROOM}/script/{action.thing[7:]}").write_text("" if state == "ok" else str(state))
    else:
        lab.set(action.node, {action.thing: state if isinstance(state, int) else str(state)})


def _address(play: Play, name: str) -> str:
    return ADDRESS.format(list(play.configs).index(name) + 1)


def _begun(adverts: Sequence[Said], interval: float) -> tuple[Said, ...]:
    """Every first advert of a priority, and of a node that has been silent."""
    return tuple(_first(adverts, interval))


def _first(adverts: Sequence[Said], interval: float) -> Iterator[Said]:
    last: dict[tuple[str, int], Said] = {}
    for said in sorted(adverts, key=lambda said: said.time):
        before = last.get((said.node, said.vrid))
        last[said.node, said.vrid] = said
        if before is None or before.priority != said.priority or said.time - before.time > QUIET * interval:
            yield said
