"""The simulation takes as long as `kalint cluster` says that it may, not less nor more, and nearly both extremes."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalint.analysis.cluster.answers import analyse
from kalint.analysis.cluster.members import DAEMON, Node
from kalint.analysis.timing.detection import Delay
from kalint.analysis.timing.failover import Failovers
from kalint.pipeline.reading import Request, load
from kalint.simulation.event import SECOND
from kalint.simulation.run import Simulation
from kalint.simulation.scenario import Action, Change, DaemonEvent, Scenario
from kalint.version import parse_version

NODE = """\
vrrp_script chk {{
  script "/usr/local/bin/check"
  interval {interval}
  timeout {timeout}
  fall {fall}
}}
vrrp_track_file load {{
  file /run/load
}}
vrrp_instance A {{
  interface eth0
  virtual_router_id 51
  version {version}
  priority {priority}
  advert_int {advert}
  {more}
  {track}
  virtual_ipaddress {{
    10.0.0.9/24
  }}
}}
"""
FAIL = 40.0
"""Seconds after which it fails: both nodes have long settled by then."""
EXACT = 0.002
"""Seconds: what the timers' whole microseconds and hundredths make of it."""

FAILURES: dict[str, tuple[str, str, Action]] = {
    "weight": ("track_script {\n chk weight -30\n }", "script:chk", Change("a", "script:chk", "ko")),
    "hanging": ("track_script {\n chk weight -30\n }", "script:chk", Change("a", "script:chk", "timeout")),
    "fault": ("track_script {\n chk weight 0\n }", "script:chk", Change("a", "script:chk", "ko")),
    "file": ("track_file {\n load weight -30\n }", "file:load", Change("a", "file:load", 1)),
    "link": ("track_interface {\n eth1 weight -30\n }", "interface:eth1", Change("a", "interface:eth1", "down")),
    "link fault": ("track_interface {\n eth1\n }", "interface:eth1", Change("a", "interface:eth1", "down")),
    "own link": ("", "interface:eth0", Change("a", "interface:eth0", "down")),
    "crash": ("", DAEMON, DaemonEvent("a", "crash")),
    "kill": ("", DAEMON, DaemonEvent("a", "kill")),
    "shutdown": ("", DAEMON, DaemonEvent("a", "stop")),
}
"""What fails: how a tracks it, its name, and the event."""


@cache
def nodes(release: str, track: str, **values: Any) -> tuple[Node, ...]:
    request = Request(version=parse_version(release))
    found = []
    for number, (name, priority) in enumerate((("a", 110), ("b", 100)), 1):
        more = values["more"] if name == "b" else ""
        text = NODE.format(**{**values, "priority": priority, "track": track if name == "a" else "", "more": more})
        found.append(Node(name, load(name, text.encode(), request).resolved, {"eth0": f"10.0.0.{number}"}))
    return tuple(found)


def bounds(both: tuple[Node, ...], thing: str, kind: str) -> Delay | None:
    cluster = analyse(both)
    (answer,) = cluster.answers
    found = [
        time
        for failure in answer.failures
        if (failure.node, failure.thing) == ("a", thing) and (time := Failovers(cluster).of(answer, failure))
    ]
    return None if not found else found[0].shutdown if kind == "shutdown" else found[0].delay


def taken(both: tuple[Node, ...], action: Action, phase: float, worst: float) -> float | None:
    """Seconds from the failure until b announces its addresses. b starts at a phase of its own."""
    fails = FAIL + phase
    events = [(round((7 + phase / 3) * SECOND), DaemonEvent("b", "start")), (round(fails * SECOND), action)]
    scenario = Scenario(round((fails + worst + 5) * SECOND), events, frozenset("b"))
    for event in Simulation(both, scenario).run():
        if event.kind == "arp" and event.node == "b" and event.time >= fails * SECOND:
            return event.time / SECOND - fails
    return None


VALUES = st.fixed_dictionaries(
    {
        "interval": st.integers(1, 3),
        "timeout": st.integers(1, 4),
        "fall": st.integers(1, 3),
        "version": st.sampled_from((2, 3)),
        "advert": st.sampled_from((1, 2)),
        "more": st.sampled_from(("", "", "preempt_delay 4", "down_timer_adverts 2")),
    }
)
RELEASES = ("1.2.20", "1.3.5", "1.4.5", "2.0.10", "2.2.7", "2.4.3")


@settings(max_examples=60, deadline=None)
@given(VALUES, st.sampled_from(RELEASES), st.sampled_from(sorted(FAILURES)), st.integers(0, 4000))
def test_a_failover_takes_as_long_as_is_said(values: dict[str, Any], release: str, kind: str, phase: int) -> None:
    """Any failure at any phase of all timers."""
    track, thing, action = FAILURES[kind]
    both = nodes(release, track, **values)
    delay = bounds(both, thing, kind)
    assert (delay is None) == (thing.startswith("file") and release.startswith("1."))
    if delay is None:
        return  # 1.x knows no files
    found = taken(both, action, phase / 1000, delay.worst)
    assert found is not None
    assert delay.best - EXACT <= found <= delay.worst + EXACT


@pytest.mark.parametrize(("release", "near"), [("1.3.5", 1.05), ("2.2.7", 0.35), ("2.4.3", 0.35)])
@pytest.mark.parametrize(
    ("quick", "slow"), [("weight", "hanging"), ("fault", "fault"), ("link", "link"), ("crash", "crash")]
)
def test_the_bounds_are_reached(release: str, near: float, quick: str, slow: str) -> None:
    """Over many phases the quickest is near the best case, and the slowest (where runs hang) near the worst.

    1.x computes the priority as often as it sends: how far the one is from the other is the same all the time.
    """
    values = {"interval": 2, "timeout": 1, "fall": 2, "version": 3, "advert": 0.7, "more": ""}
    phases = [number * 0.2137 for number in range(80)]
    for kind, extreme in ((quick, min), (slow, max)):
        track, thing, action = FAILURES[kind]
        both = nodes(release, track, **values)
        delay = bounds(both, thing, kind)
        assert delay is not None
        found = extreme(taken(both, action, phase, delay.worst) or 0.0 for phase in phases)
        bound = delay.best if extreme is min else delay.worst
        if extreme is max and kind in ("fault", "link"):
            bound -= 1.0  # its runs do not hang here, nor does the kernel keep a link's change back
        assert abs(found - bound) < near
