"""Random clusters left alone: what a run ends at is an outcome that `kalint cluster` names, and does not change."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kalint.analysis.cluster.candidates import candidate_of
from kalint.analysis.cluster.election import settle
from kalint.analysis.cluster.members import Node
from kalint.pipeline.reading import Request, load
from kalint.semantics.priority import outcome
from kalint.semantics.profiles import PROFILES
from kalint.simulation.event import SECOND
from kalint.simulation.run import Simulation
from kalint.simulation.scenario import Action, Change, DaemonEvent, Scenario
from kalint.simulation.summary import Summary
from kalint.text import Options
from kalint.version import Version

EVENTFUL, QUIET = 30, 40
RELEASES = [profile.since for profile in PROFILES if profile.since >= (2, 2, 0)]

INSTANCE = st.tuples(
    st.sampled_from([90, 100, 110, 150, 254]),
    st.sampled_from([-60, -20, -10, 0, 10, 20]),
    st.sampled_from(["", "nopreempt"]),
)
THINGS = st.tuples(st.sampled_from("abc"), st.sampled_from(["ok", "ko", "stop", "kill", "start"]))


def config(number: int, priority: int, weight: int, line: str) -> str:
    return (
        "vrrp_script chk {\n script /bin/chk\n interval 1\n}\n"
        f"vrrp_instance V1 {{\n interface eth0\n virtual_router_id 1\n priority {priority + number}\n {line}\n"
        f" track_script {{\n  chk weight {weight}\n }}\n virtual_ipaddress {{\n  10.9.1.1\n }}\n}}\n"
    )


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(
    st.sampled_from(RELEASES),
    st.lists(INSTANCE, min_size=2, max_size=3),
    st.lists(st.tuples(st.integers(0, EVENTFUL * 10), THINGS), max_size=8),
)
def test_what_is_left_alone_settles_as_elections_do(
    release: Version, instances: list[tuple[int, int, str]], events: list[tuple[int, tuple[str, str]]]
) -> None:
    """After 40 s without an event the masters are a fixed point of the elections, and nothing has changed for 20 s."""
    names = "abc"[: len(instances)]
    nodes = []
    for number, (name, (priority, weight, line)) in enumerate(zip(names, instances, strict=True)):
        request = Request(Options(config_id=name), release)
        loaded = load("k.conf", config(number, priority, weight, line).encode(), request)
        nodes.append(Node(name, loaded.resolved, {"eth0": f"10.9.0.{number + 1}"}))
    running, states, actions = dict.fromkeys(names, True), dict.fromkeys(names, "ok"), list[tuple[int, Action]]()
    for tenth, (name, word) in sorted(events, key=lambda event: event[0]):
        if name not in names:
            continue
        if word in ("ok", "ko"):
            states[name] = word
            actions.append((tenth * SECOND // 10, Change(name, "script:chk", word)))
        elif running[name] != (word == "start"):
            running[name] = word == "start"
            actions.append((tenth * SECOND // 10, DaemonEvent(name, word)))
    summary = Summary(nodes)
    last = 0
    for event in Simulation(nodes, Scenario((EVENTFUL + QUIET) * SECOND, actions)).run():
        summary.add(event)
        last = event.time if event.kind != "arp" else last
    (masters,) = summary.masters.values()
    candidates = [
        candidate_of(
            node.name,
            1,
            node.resolved.instances[0],
            node.resolved.profile,
            outcome(node.resolved.instances[0], {"script:chk": states[node.name]}, node.resolved.profile)
            if running[node.name]
            else None,
            node.addresses["eth0"],
            node.name in masters,
        )
        for node in nodes
    ]
    (found,) = settle(candidates)
    assert found.masters(1) == (masters,)
    assert last < (EVENTFUL + QUIET - 20) * SECOND
