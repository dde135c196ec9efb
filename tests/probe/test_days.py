"""Six days on the wire, as time goes in the capture: the watch is as small at the end as after two.

`KALINT_WATCH_DAYS=60 pytest tests/probe/test_days.py` makes them two months.
"""

from __future__ import annotations

import gc
import os
import random
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from kalint.pipeline import probing
from kalint.pipeline.following import Follower, Snapshot
from kalint.pipeline.metrics import Metrics
from kalint.pipeline.predicting import predict
from kalint.pipeline.probing import Observation, Sources
from kalint.pipeline.reading import Asked
from kalint.probe.changes import Change
from kalint.settings.model import ClusterSettings, NodeSettings
from kalint.version import parse_version
from kalint.wire import Frame
from kalint.wire.encoder import Sent, encode

DAYS = int(os.environ.get("KALINT_WATCH_DAYS", "6"))
DAY, HOUR = 86400.0, 3600.0
INTERVAL = 40.0
CONFIG = """vrrp_instance VI_1 {{
    interface eth0
    version 3
    advert_int 40
    virtual_router_id 51
    priority {priority}
    mcast_src_ip {source}
    virtual_ipaddress {{
        10.0.0.9/24
    }}
}}
"""


def frame(source: str, priority: int, vrid: int = 51) -> Frame:
    mac = "02:00:" + ":".join(f"{int(part):02x}" for part in source.split("."))
    sent = Sent(
        0, "eth0", source, "224.0.0.18", mac, None, 255, 3, vrid, priority, INTERVAL, ("10.0.0.9",), checksum="pseudo"
    )
    return encode(sent._replace(addresses=("10.0.0.9" if vrid == 51 else f"172.16.{vrid}.1",)))


def wire() -> Iterator[Frame]:
    """Each day b is master for an hour; each hour a stranger comes with an address that nobody had before."""
    dice = random.Random(5)
    good, leaving, other = frame("10.0.0.1", 150), frame("10.0.0.1", 0), frame("10.0.0.2", 100)
    now, hour = 0.0, 0
    while now < DAYS * DAY:
        into = now % DAY
        away = 6 * HOUR <= into < 7 * HOUR
        if away and into < 6 * HOUR + INTERVAL:
            yield leaving._replace(time=1e9 + now)
        yield (other if away else good)._replace(time=1e9 + now + 30 * away)
        if now // HOUR >= hour:
            hour += 1
            source = f"10.{dice.randrange(1, 250)}.{dice.randrange(250)}.{dice.randrange(1, 250)}"
            yield frame(source, dice.randrange(60, 70), dice.randrange(100, 250))._replace(time=1e9 + now + 35)
        now += INTERVAL


@pytest.mark.long
def test_days_leave_it_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks each hour; every takeover is told, and memory grows with no day."""
    nodes = []
    for name, priority, source in (("a", 150, "10.0.0.1"), ("b", 100, "10.0.0.2")):
        (tmp_path / f"{name}.conf").write_text(CONFIG.format(priority=priority, source=source))
        nodes.append(NodeSettings(name, str(tmp_path / f"{name}.conf"), None, parse_version("2.2.7"), {}))
    masters: list[str] = []
    memory: dict[int, int] = {}
    metrics = Metrics("0")

    def said(change: Change) -> None:
        metrics.said(change)
        if change.event == "master" and change.router is not None and change.router.virtual_router_id == 51:
            masters.append(change.source)

    def looked(snapshot: Snapshot) -> None:
        metrics.looked(snapshot._replace(interfaces=("eth0",)))
        day = int((snapshot.time - 1e9) // DAY)
        if day not in memory:
            gc.collect()  # in a process with much in it, Python leaves what is thrown away for long
            memory[day] = tracemalloc.get_traced_memory()[0]

    monkeypatch.setattr(probing, "read_capture", lambda *_: wire())
    follower = Follower(said, looked)
    observation = Observation(
        Sources(pcap="days"), predict(ClusterSettings("", tuple(nodes)), Asked(), (), (), live=False), follower.told
    )
    follower.observation = observation
    due = [0.0]

    def hourly() -> None:
        if observation.begun and observation.now() >= due[0]:
            due[0] = observation.now() + HOUR
            follower.tick()

    tracemalloc.start()
    try:
        observation.run(lambda: False, hourly)
        follower.look()
    finally:
        tracemalloc.stop()
    assert masters == ["10.0.0.1", *["10.0.0.2", "10.0.0.1"] * DAYS]
    assert memory[DAYS - 1] - memory[2] < 1 << 20
    assert follower.skipped == 0
