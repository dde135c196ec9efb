"""Ten minutes on the wire, flooded and flapping: the watch stays small, holds no more files, and misses no change.

The time is that of the capture, so that the ten minutes pass in seconds; tests/daemon/test_watch.py has real time.
`KALINT_SOAK_MINUTES=600 pytest tests/probe/test_soak.py` makes them longer.
"""

from __future__ import annotations

import os
import random
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from kalint.pipeline.following import Follower, Snapshot
from kalint.pipeline.metrics import Metrics
from kalint.pipeline.predicting import predict
from kalint.pipeline.probing import Observation, Sources
from kalint.pipeline.reading import Asked
from kalint.probe.changes import Change
from kalint.settings.model import ClusterSettings, NodeSettings
from kalint.version import parse_version
from kalint.wire import CaptureWriter
from kalint.wire.encoder import Sent, encode

MINUTES = int(os.environ.get("KALINT_SOAK_MINUTES", "10"))
CYCLE = 10
"""Seconds in which a leaves, b takes over, and a takes it back: two changes of master."""
FLOOD = 20
"""Adverts a second of strangers on a few VRIDs, each with a source that hardly ever comes again."""
CONFIG = """vrrp_instance VI_1 {{
    interface eth0
    virtual_router_id 51
    priority {priority}
    mcast_src_ip {source}
    virtual_ipaddress {{
        10.0.0.9/24
    }}
}}
"""


def advert(time: float, source: str, priority: int, vrid: int = 51, address: str = "10.0.0.9") -> Sent:
    mac = "02:00:" + ":".join(f"{int(part):02x}" for part in source.split("."))
    return Sent(1e9 + time, "eth0", source, "224.0.0.18", mac, None, 255, 2, vrid, priority, 1.0, (address,))


def wire() -> Iterator[Sent]:
    """What is sent in each second, in order of time."""
    strangers = random.Random(1)
    for second in range(60 * MINUTES):
        step = second % CYCLE
        sent = []
        if step < 5:
            sent.append(advert(second, "10.0.0.1", 150))
        elif step == 5:
            sent += [advert(second, "10.0.0.1", 0), advert(second + 0.61, "10.0.0.2", 100)]
        else:
            sent.append(advert(second + 0.61 * (step < 9), "10.0.0.2", 100))
        for number in range(FLOOD):
            source = f"10.{strangers.randrange(1, 250)}.{strangers.randrange(250)}.{strangers.randrange(1, 250)}"
            vrid = strangers.randrange(200, 204)
            sent.append(advert(second + number / FLOOD, source, 100, vrid, f"172.16.{vrid}.1"))
        yield from sorted(sent, key=lambda each: each.time)


@pytest.mark.long
def test_a_flood_and_flapping_leave_it_small_and_complete(tmp_path: Path) -> None:
    """Memory after the last minute is that after the third; each change of master of the files' router is told."""
    with CaptureWriter(str(tmp_path / "c.pcapng")) as writer:
        for each in wire():
            writer.write(encode(each))
    nodes = []
    for name, priority, source in (("a", 150, "10.0.0.1"), ("b", 100, "10.0.0.2")):
        (tmp_path / f"{name}.conf").write_text(CONFIG.format(priority=priority, source=source))
        nodes.append(NodeSettings(name, str(tmp_path / f"{name}.conf"), None, parse_version("2.2.7"), {}))
    masters: list[str] = []
    times: list[float] = []
    memory: dict[int, int] = {}
    metrics = Metrics("0")

    def said(change: Change) -> None:
        metrics.said(change)
        times.append(change.time)
        if change.event == "master" and change.router is not None and change.router.virtual_router_id == 51:
            masters.append(change.source)

    def looked(snapshot: Snapshot) -> None:
        metrics.looked(snapshot._replace(interfaces=("eth0",)))
        memory.setdefault(int((snapshot.time - 1e9) // 60), tracemalloc.get_traced_memory()[0])

    predicted = predict(ClusterSettings("", tuple(nodes)), Asked(), (), (), live=False)
    follower = Follower(said, looked)
    observation = Observation(Sources(pcap=str(tmp_path / "c.pcapng")), predicted, follower.told)
    follower.observation = observation
    before = len(os.listdir("/proc/self/fd"))
    tracemalloc.start()
    try:
        observation.run(lambda: False, follower.tick)
        follower.look()
        times_kept = 120 * len(times)  # this list is the test's own, and grows
        growth = tracemalloc.get_traced_memory()[0] - memory[3] - times_kept
    finally:
        tracemalloc.stop()
    assert len(os.listdir("/proc/self/fd")) == before
    assert masters == ["10.0.0.1", "10.0.0.2"] * (60 * MINUTES // CYCLE)
    assert times == sorted(times)
    assert growth < 4 << 20
