"""Changes say why, in order of time; what holds no longer is told as well."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from kalint.pipeline import probing
from kalint.pipeline.following import Follower
from kalint.pipeline.predicting import Predicted, predict
from kalint.pipeline.probing import Observation, Sources
from kalint.pipeline.reading import Asked
from kalint.probe.changes import Change
from kalint.settings.model import ClusterSettings, NodeSettings
from kalint.version import parse_version
from kalint.wire import CaptureWriter, Frame
from kalint.wire.encoder import Sent, encode

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


def sent(at: float, source: str = "10.0.0.1", priority: int = 150, mac: str = "", **other: object) -> Sent:
    base = Sent(
        1e9 + at, "eth0", source, "224.0.0.18", mac or f"02:00:00:00:00:0{source[-1]}", None, 255, 2, 51, priority,
        1.0, ("10.0.0.9",),
    )  # fmt: skip
    return base._replace(**other)  # type: ignore[arg-type]


def every(start: float, end: float, **what: object) -> list[Sent]:
    return [sent(start + number, **what) for number in range(int(end - start) + 1)]  # type: ignore[arg-type]


def changes(folder: Path, adverts: list[Sent], files: bool = True, config: str = CONFIG) -> list[Change]:
    """What is said of a capture of these adverts."""
    with CaptureWriter(str(folder / "c.pcapng")) as writer:
        for each in sorted(adverts, key=lambda each: each.time):
            writer.write(encode(each))
    nodes = []
    for name, priority, source in (("a", 150, "10.0.0.1"), ("b", 100, "10.0.0.2")):
        (folder / f"{name}.conf").write_text(config.format(priority=priority, source=source))
        nodes.append(NodeSettings(name, str(folder / f"{name}.conf"), None, parse_version("2.2.7"), {}))
    cluster = ClusterSettings("", tuple(nodes)) if files else None
    predicted: Predicted = predict(cluster, Asked(), (), (), live=False)
    said: list[Change] = []
    follower = Follower(said.append)
    observation = Observation(Sources(pcap=str(folder / "c.pcapng")), predicted, follower.told)
    follower.observation = observation
    observation.run(lambda: False, follower.tick)
    follower.look()
    assert [each.time for each in said] == sorted(each.time for each in said)
    return said


def told(said: list[Change]) -> list[tuple[str, str]]:
    return [(each.event, each.code) for each in said]


def test_a_better_node_that_dies_is_a_change_with_its_code(tmp_path: Path) -> None:
    """KA917 when it should have been back; and it is no longer so when it is."""
    adverts = every(0, 5) + every(8.61, 18.61, source="10.0.0.2", priority=100) + every(18.7, 21.7)
    said = changes(tmp_path, adverts)
    assert told(said) == [
        ("source", ""), ("master", ""), ("source", ""), ("silent", ""), ("master", ""),
        ("finding", "KA917"), ("master", ""), ("cleared", "KA917"), ("preempted", ""),
    ]  # fmt: skip
    finding = said[5]
    assert (finding.router and finding.router.virtual_router_id, finding.severity) == (51, "warning")
    assert "a (priority 150) should be master but has been silent since 5.00 s: b" in finding.reason


def test_the_end_of_two_masters_is_a_change(tmp_path: Path) -> None:
    adverts = every(0, 12) + every(4, 8, source="10.0.0.2", priority=100)
    said = changes(tmp_path, adverts)
    two = [each for each in said if each.event.startswith("two masters")]
    assert told(two) == [("two masters", "KA901"), ("two masters over", "KA901")]
    assert (two[0].severity, two[1].severity) == ("error", "info")
    assert "neither becomes backup" in two[0].reason
    assert two[1].time - two[0].time > 4


def test_every_mismatch_says_its_code_and_reason(tmp_path: Path) -> None:
    """Version, interval, addresses, TTL, password: each a finding with its code, and cleared a minute later."""
    for number, (code, what) in enumerate(
        {
            "KA904": {"interval": 2.0},
            "KA905": {"addresses": ("10.0.0.8",)},
            "KA906": {"ttl": 254},
            "KA907": {"auth": "pass", "key": b"s3cret"},
            "KA910": {"version": 3, "checksum": "pseudo"},
        }.items()
    ):
        (tmp_path / str(number)).mkdir()
        said = changes(tmp_path / str(number), every(0, 5, **what) + every(6, 80))
        found = [each for each in said if each.code == code]
        assert {each.event for each in found} == {"finding", "cleared"}, code
        assert all(each.reason for each in found)
        assert found[0].severity == "error"
        assert found[-1].time - found[0].time > 50
        assert "s3cret" not in str(said)


def test_flapping_clones_and_shared_addresses_are_changes(tmp_path: Path) -> None:
    flapping = [sent(second, priority=150 - second % 2) for second in range(12)]
    clone = every(0.4, 11.4, mac="02:00:00:00:00:77")
    shared = every(0.2, 11.2, source="10.0.0.3", virtual_router_id=77)
    for number, (adverts, code) in enumerate(((flapping, "KA909"), (clone, "KA919"), (shared, "KA918"))):
        (tmp_path / str(number)).mkdir()
        said = changes(tmp_path / str(number), every(0, 11) + adverts if code != "KA909" else adverts)
        assert ("finding", code) in told(said)


def test_a_priority_says_what_explains_it(tmp_path: Path) -> None:
    said = changes(tmp_path, every(0, 3) + every(4, 6, priority=77))
    (change,) = [each for each in said if each.event == "priority"]
    assert (change.code, change.severity, change.priority, change.node) == ("KA903", "error", 77, "a")
    assert change.reason == "a (10.0.0.1) advertises priority 77, which its file does not predict"
    assert [each.event for each in said if each.code == "KA903"] == ["priority"]


def test_a_stranger_that_leaves_is_not_said_to_be_in_fault(tmp_path: Path) -> None:
    """FAULT is a state of keepalived; what leaves without a file may be any router."""
    reasons = []
    for number, files in enumerate((True, False)):
        (tmp_path / str(number)).mkdir()
        said = changes(tmp_path / str(number), [*every(0, 2), sent(2.5, priority=0)], files)
        reasons += [each.reason for each in said if each.event == "shutdown"]
    assert reasons == [
        "a (10.0.0.1) sent priority 0: stopped, or in FAULT",
        "10.0.0.1 sent priority 0: it left by itself",
    ]


def test_version_3_beside_a_file_of_version_2_is_one_finding(tmp_path: Path) -> None:
    """Authentication and checksum belong to the version: KA910 alone, with the files and without."""
    both = every(0, 3, version=3, checksum="pseudo")
    both += every(0.5, 3.5, source="10.0.0.2", priority=100, auth="pass", key=b"s3cret")
    signed = "authentication {{\n auth_type PASS\n auth_pass s3cret\n }}\n    mcast_src_ip"
    for number, files in enumerate((True, False)):
        (tmp_path / str(number)).mkdir()
        said = changes(tmp_path / str(number), both, files, CONFIG.replace("mcast_src_ip", signed))
        codes = {each.code for each in said}
        assert "KA910" in codes
        assert not codes & {"KA906", "KA907"}


def test_what_is_heard_while_interfaces_are_opened_is_not_before_the_beginning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first of several interfaces is heard before the last is open: its adverts have no negative times."""

    class Slow:
        """Hears an advert at once, and takes a while to open the next interface."""

        def __init__(self, *_: object, **__: object) -> None:
            self.frames = [encode(sent(0.0))._replace(time=time.time())]
            time.sleep(0.05)

        def __enter__(self) -> Slow:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def read(self, _timeout: float) -> list[Frame]:
            taken, self.frames = self.frames, []
            return taken

    monkeypatch.setattr(probing, "Listener", Slow)
    observation = Observation(Sources(("eth0", "eth1"), duration=0.1), predict(None, Asked(), (), (), live=True))
    observation.run(lambda: False, lambda: None)
    (router,) = observation.seen().routers
    assert 0 <= router.sources[0].run.first < 0.05
