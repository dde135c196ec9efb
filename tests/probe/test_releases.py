"""Where releases differ in what they make of an advert, a finding names both, unless the release is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from kalint.findings.diagnostic import Diagnostic
from kalint.pipeline.predicting import predict
from kalint.pipeline.probing import Observation, Sources
from kalint.pipeline.reading import Asked
from kalint.settings.model import ClusterSettings, NodeSettings
from kalint.version import parse_version
from kalint.wire import CaptureWriter
from kalint.wire.encoder import Sent, encode

CONFIG = """vrrp_instance V {{
    interface eth0
    virtual_router_id 51
    priority {priority}
    mcast_src_ip {source}
    virtual_ipaddress {{
        {address}
    }}
}}
"""

EITHER = (
    "up to keepalived 2.3.2 b rejects the adverts and becomes master too; "
    "from 2.3.3 on b accepts them, and no node announces its addresses"
)


def found(folder: Path, release: str | None) -> tuple[Diagnostic, str]:
    """The KA905 for a backup whose file has another address than the master sends, and what the backup does."""
    nodes = []
    for name, priority, source, address in (("a", 150, "10.0.0.1", "10.0.0.9"), ("b", 100, "10.0.0.2", "10.0.0.8")):
        file = folder / f"{name}.conf"
        file.write_text(CONFIG.format(priority=priority, source=source, address=address))
        nodes.append(NodeSettings(name, str(file)))
    with CaptureWriter(str(folder / "c.pcapng")) as writer:
        for second in range(6):
            mac = "02:00:00:00:00:01"
            writer.write(
                encode(
                    Sent(1e9 + second, "eth0", "10.0.0.1", "224.0.0.18", mac, None, 255, 2, 51, 150, 1.0, ("10.0.0.9",))
                )
            )
    asked = Asked(version=parse_version(release) if release else None)
    predicted = predict(ClusterSettings("", tuple(nodes)), asked, (), (), live=False)
    observation = Observation(Sources(pcap=str(folder / "c.pcapng")), predicted)
    observation.run(lambda: False, lambda: None)
    report = observation.at()
    (diagnostic,) = [each for each in report.diagnostics if each.code == "KA905"]
    return diagnostic, {node.member.node: node.doing for node in report.comparison.views[0].nodes}["b"]


@pytest.mark.parametrize(
    ("release", "severity", "end", "doing"),
    [
        ("2.3.2", "error", "b rejects the adverts and becomes master too", "rejects"),
        ("2.3.3", "warning", "b logs this and accepts the adverts, and no node announces its addresses", "backup"),
        (
            None,
            "error",
            EITHER,
            "unknown",
        ),
    ],
)
def test_other_addresses(tmp_path: Path, release: str | None, severity: str, end: str, doing: str) -> None:
    """Up to 2.3.2 such an advert is rejected, from 2.3.3 on it is logged (vrrp_check_packet of both)."""
    diagnostic, does = found(tmp_path, release)
    assert (diagnostic.severity, does) == (severity, doing)
    assert diagnostic.message.endswith(
        f"a (10.0.0.1) sends the addresses 10.0.0.9, b expects the addresses 10.0.0.8: {end}"
    )
    assert ("--keepalived-version" in (diagnostic.help or "")) == (release is None)
