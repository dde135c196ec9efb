"""Real keepalived nodes fail in every way, each way on a router of its own: the times are within kalint's bounds.

They are those of the backup's first advert, and of the first with which the master says that it is worse. Four
clusters run side by side: one whose things fail and recover three times, out of step with the timers; one whose
master is killed; one whose master is shut down, and loses its link; one with a sync group of two unlike members.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from cluster_lab import ClusterLab, global_defs
from harness import RELEASE, ROOM, Advert, Lab

from kalint.analysis.cluster.answers import analyse
from kalint.analysis.cluster.members import DAEMON, STOPPED, Node
from kalint.analysis.timing.detection import Delay, DetectionTimes
from kalint.analysis.timing.failover import Failover, Failovers
from kalint.pipeline.reading import Request, load
from kalint.version import parse_version

ADDRESSES = {"a": ["10.9.0.1/24"], "b": ["10.9.0.2/24"]}
MARGIN = 0.5
"""Seconds beside an advert interval by which a busy machine is slower; it is faster where the last advert is late."""
HANG = f"{ROOM}/hang"
ROUNDS = 3

SCRIPT = 'vrrp_script {name} {{\n    script "{command}"\n    interval 1\n    fall {fall}\n}}\n'
ROUTER = """vrrp_instance V{vrid} {{
    interface eth0
    version {version}
    virtual_router_id {vrid}
    priority {priority}
    advert_int {advert}
    virtual_ipaddress {{
        10.9.1.{vrid}/32
    }}
    {more}
}}
"""
DEFINED = (
    SCRIPT.format(name="drops", command=Lab.script("drops"), fall=2)
    + SCRIPT.format(name="faults", command=Lab.script("faults"), fall=1)
    + SCRIPT.format(name="hangs", command=HANG, fall=2)
    + "interface_up_down_delays {\n    eth2 0.8\n}\n"
    + f'track_file load {{\n    file "{Lab.file("load")}"\n}}\n'
)
THINGS = {
    1: "track_script {\n drops weight -30\n }",
    2: "track_script {\n faults weight 0\n }",
    3: "track_script {\n hangs weight -30\n }",
    4: "track_file {\n load weight -30\n }",
    5: "track_file {\n load weight -30\n }",
    6: "track_file {\n load weight -30\n }",
    7: "track_file {\n load weight -30\n }",
    8: "track_interface {\n eth1\n }",
    9: "track_interface {\n eth1 weight -30\n }",
    10: "track_interface {\n eth2\n }",
}
"""What of node a fails, by router."""
BACKUP = {5: "preempt_delay 2", 6: "down_timer_adverts 2"}
"""What node b has beside its priority."""
V2 = 7
LINKS = ("interface:eth1", "interface:eth2")
BAD = {"script:drops": "ko", "script:faults": "ko", "script:hangs": "ko", "file:load": 1} | dict.fromkeys(LINKS, "down")
GOOD = {"script:drops": "ok", "script:faults": "ok", "script:hangs": "ok", "file:load": 0} | dict.fromkeys(LINKS, "up")


def routers(priority: int, things: Mapping[int, str], vrids: range, advert: float) -> str:
    return "".join(
        ROUTER.format(
            vrid=vrid,
            version=2 if vrid == V2 else 3,
            priority=priority,
            advert=1 if vrid == V2 else advert,
            more=things.get(vrid, ""),
        )
        for vrid in vrids
    )


class Pair:
    """Two nodes: in the lab, and as kalint sees them."""

    def __init__(self, things: Mapping[int, str], vrids: range, advert: float = 0.5, more: str = "") -> None:
        self.configs = {
            "a": global_defs() + DEFINED + routers(110, things, vrids, advert) + more.format(priority=110),
            "b": global_defs() + DEFINED + routers(100, BACKUP, vrids, advert) + more.format(priority=100),
        }
        request = Request(version=parse_version(RELEASE))
        self.nodes = [Node(name, load(name, text.encode(), request).resolved) for name, text in self.configs.items()]
        self.cluster = analyse(self.nodes)
        self.lab = ClusterLab(ADDRESSES, ("eth1", "eth2"))
        hang = self.lab.nodes["a"].path(HANG)
        hang.write_text(f"#!/bin/sh\n{Lab.script('hangs')} || exec sleep 30\n")
        hang.chmod(0o755)
        self.lab.set("a", GOOD)
        self.lab.start("a", self.configs["a"])
        time.sleep(2.5)  # it is the first, and so the master
        self.lab.start("b", self.configs["b"])
        time.sleep(1.5)

    def __enter__(self) -> Pair:
        return self

    def __exit__(self, *_: object) -> None:
        self.lab.close()

    def failovers(self, states: Mapping[str, int | str]) -> Iterator[tuple[int, float, Failover]]:
        """Each router, its advert interval, and what kalint says when a thing of a is in its state."""
        failovers = Failovers(self.cluster)
        for answer in self.cluster.answers:
            for failure in answer.failures:
                if failure.node == "a" and failure.state == str(states.get(failure.thing)):
                    found = failovers.of(answer, failure)
                    assert found is not None
                    interval = answer.router.members[0].instance.advert_interval.value
                    yield answer.router.virtual_router_id, interval, found

    def adverts(self, since: float) -> list[Advert]:
        assert self.lab._sniffer is not None
        return [each for each in list(self.lab._sniffer.adverts) if each.time >= since]

    def first(self, node: str, vrid: int, since: float, priorities: range = range(1, 256)) -> float | None:
        """Seconds until the first advert of a node with one of these priorities."""
        for advert in self.adverts(since):
            ours = advert.router.interface == f"{node}-eth0" and advert.router.vrid == vrid
            if ours and advert.priority in priorities:
                return advert.time - since
        return None


def outside(seen: float | None, delay: Delay, interval: float) -> bool:
    return seen is None or not delay.best - interval <= seen <= delay.worst + interval + MARGIN


def test_the_times_of_real_daemons() -> None:
    """Ten ways to lose a router, three times each, crashes, a shutdown, a lost link, a sync group."""
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(job) for job in (failures, crashes, shutdown_and_link, group)]
        wrong = [line for job in jobs for line in job.result()]
    assert not wrong, "\n".join(wrong)


def failures() -> list[str]:
    wrong = []
    with Pair(THINGS, range(1, 11)) as pair:
        expected = list(pair.failovers(BAD))
        assert sorted(vrid for vrid, _, _ in expected) == list(range(1, 11))
        instances = {each.virtual_router_id.value: each for each in pair.nodes[0].resolved.instances}
        noticing = DetectionTimes(pair.nodes[0].resolved)
        for number in range(ROUNDS):
            started = time.monotonic()
            pair.lab.set("a", BAD)
            time.sleep(6)
            for vrid, interval, found in expected:
                seen = pair.first("b", vrid, started)
                if outside(seen, found.delay, interval):
                    wrong.append(f"round {number}, router {vrid}: b spoke after {seen}, expected {found}")
                instance = instances[vrid]
                tracker = next(each for each in instance.trackers if each.origin == "instance")
                told = noticing.detection(tracker, instance)
                assert told is not None
                assert told.advert is not None
                lower = pair.first("a", vrid, started, range(110))
                if outside(lower, told.advert, interval):
                    wrong.append(f"round {number}, router {vrid}: a said so after {lower}, expected {told.advert}")
            pair.lab.set("a", GOOD)
            time.sleep(4)
    return wrong


def crashes() -> list[str]:
    wrong = []
    for number in range(ROUNDS):
        with Pair({}, range(1, 8), advert=0.3 + number / 5) as pair:
            expected = list(pair.failovers({DAEMON: STOPPED}))
            time.sleep(number / 7)
            started = time.monotonic()
            pair.lab.kill("a")
            time.sleep(5)
            for vrid, interval, found in expected:
                seen = pair.first("b", vrid, started)
                if outside(seen, found.delay, interval):
                    wrong.append(f"crash {number}, router {vrid}: b spoke after {seen}, expected {found}")
    return wrong


def shutdown_and_link() -> list[str]:
    wrong = []
    for end in ("shutdown", "link"):
        with Pair({}, range(1, 8), advert=0.4) as pair:
            expected = list(pair.failovers({DAEMON: STOPPED} if end == "shutdown" else {"interface:eth0": "down"}))
            started = time.monotonic()
            if end == "shutdown":
                pair.lab.stop("a")
            else:
                pair.lab.set("a", {"interface:eth0": "down"})
            time.sleep(max(0.0, 5 - (time.monotonic() - started)))
            for vrid, interval, found in expected:
                delay = found.shutdown if end == "shutdown" else found.delay
                seen = pair.first("b", vrid, started)
                if delay is None or outside(seen, delay, interval):
                    wrong.append(f"{end}, router {vrid}: b spoke after {seen}, expected {delay}")
    return wrong


GROUP = "vrrp_sync_group G {{\n    group {{\n        V21\n        V22\n    }}\n}}\n" + "".join(
    ROUTER.replace("{vrid}", str(vrid)).replace("{advert}", advert).replace("{version}", "3").replace("{more}", "")
    for vrid, advert in ((21, "0.3"), (22, "1"))
)


def group() -> list[str]:
    """The first member hears for long that the master is gone, and waits for the second."""
    wrong = []
    for end in ("crash", "shutdown"):
        with Pair({}, range(0), more=GROUP) as pair:
            time.sleep(1.5)
            expected = list(pair.failovers({DAEMON: STOPPED}))
            assert [found.waits_for for _, _, found in expected] == ["V22", None]
            started = time.monotonic()
            if end == "crash":
                pair.lab.kill("a")
            else:
                pair.lab.stop("a")
            time.sleep(max(0.0, 5 - (time.monotonic() - started)))
            for vrid, _, found in expected:
                delay = found.delay if end == "crash" else found.shutdown
                seen = pair.first("b", vrid, started)
                if delay is None or outside(seen, delay, 0.3):
                    wrong.append(f"group, {end}, router {vrid}: b spoke after {seen}, expected {delay}")
    return wrong
