"""Clusters in a few lines, and what a run of them tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from kalint.pipeline.reading import Asked
from kalint.pipeline.simulating import simulated
from kalint.settings.model import ClusterSettings, NodeSettings
from kalint.simulation.event import SECOND, Event
from kalint.simulation.summary import Answers, Masters, Spell
from kalint.simulation.timeline import Timeline
from kalint.version import parse_version

Make = Callable[..., "Told"]


class Told(NamedTuple):
    """What a run tells; times in seconds, to a millisecond."""

    timeline: Timeline
    events: Sequence[tuple[float, str, str, object]]
    masters: Sequence[tuple[float, tuple[str, ...]]]
    answers: Sequence[tuple[float, str | None]]
    spells: Sequence[tuple[str, float, float]]

    def states(self, node: str) -> list[tuple[float, object]]:
        """The states of a node's instances."""
        return [(time, after) for time, of, kind, after in self.events if (of, kind) == (node, "state")]

    def priorities(self, node: str) -> list[tuple[float, object]]:
        return [(time, after) for time, of, kind, after in self.events if (of, kind) == (node, "priority")]


def _at(time: int) -> float:
    return round(time / SECOND, 3)


def _rows(scenario: str) -> str:
    """`10 a script:chk ko`, `20 a kill`, `30 a-b cut` as TOML."""
    text = ""
    for line in filter(None, (line.strip() for line in scenario.splitlines())):
        at, who, *rest = line.split()
        state = rest[-1] if rest[-1].lstrip("-").replace(".", "", 1).isdigit() else f'"{rest[-1]}"'
        text += f"[[event]]\ntime = {at}\n"
        if "-" in who:
            text += "link = [{}]\nstate = {}\n".format(", ".join(f'"{name}"' for name in who.split("-")), state)
        elif len(rest) == 2:
            text += f'node = "{who}"\nthing = "{rest[0]}"\nstate = {state}\n'
        else:
            text += f'node = "{who}"\ndaemon = "{rest[0]}"\n'
    return text


@pytest.fixture
def play(tmp_path: Path) -> Make:
    """Runs nodes through a scenario of short rows; see `_rows`."""

    def run(
        configs: Mapping[str, str], scenario: str = "", duration: float = 30, release: str = "2.2.7", head: str = ""
    ) -> Told:
        nodes = []
        for number, (name, config) in enumerate(configs.items(), 1):
            path = tmp_path / f"{name}.conf"
            path.write_text(config)
            nodes.append(NodeSettings(name, str(path), addresses={"eth0": f"10.9.0.{number}"}))
        file = tmp_path / "scenario.toml"
        file.write_text(f"duration = {duration}\n{head}\n{_rows(scenario)}")
        cluster = ClusterSettings("", tuple(nodes))
        timeline = simulated(cluster, Asked(version=parse_version(release)), str(file))
        records = list(timeline.records())
        return Told(
            timeline,
            [(_at(each.time), each.node, each.kind, each.after) for each in records if isinstance(each, Event)],
            [(_at(each.time), each.nodes) for each in records if isinstance(each, Masters)],
            [(_at(each.time), each.node) for each in records if isinstance(each, Answers)],
            [(each.kind, _at(each.start), _at(each.end)) for each in records if isinstance(each, Spell)],
        )

    return run


@pytest.fixture
def node() -> Callable[..., str]:
    """A configuration with one instance V1; `track` are lines of track_script, `lines` of the instance."""

    def text(priority: int, *lines: str, script: str = "", track: str = "", version: int = 2) -> str:
        found = f"global_defs {{\n vrrp_version {version}\n}}\n"
        if track:
            found += f'vrrp_script chk {{\n script "/bin/chk"\n interval 1\n {script}\n}}\n'
            lines = (*lines, f"track_script {{\n {track}\n }}")
        body = "\n ".join(lines)
        return (
            f"{found}vrrp_instance V1 {{\n interface eth0\n virtual_router_id 1\n priority {priority}\n"
            f" advert_int 1\n {body}\n virtual_ipaddress {{\n  10.9.1.1/24\n }}\n}}\n"
        )

    return text
