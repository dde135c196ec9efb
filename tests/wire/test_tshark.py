"""tshark is the second opinion: it reads the same fields from the same captures.

Where it is known to err (its checksums, see ../shared/wire.md section 9) it is not asked.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kalint.wire import Advert, CaptureWriter, Decoder, Frame, read_capture

HERE = Path(__file__).parent / "captures"
SHARED = Path(__file__).parents[3] / "shared" / "captures"
FIELDS = (
    "frame.time_epoch", "ip.src", "ipv6.src", "ip.dst", "ipv6.dst", "ip.ttl", "ipv6.hlim", "ip.id", "vlan.id",
    "vrrp.version", "vrrp.virt_rtr_id", "vrrp.prio", "vrrp.adver_int", "vrrp.short_adver_int", "vrrp.auth_type",
    "vrrp.ip_addr", "vrrp.ipv6_addr", "ah.sequence", "icmp.type",
)  # fmt: skip
AUTH = {"none": "0", "pass": "1", "ah": "2", "hmac": "0"}

Row = tuple[str, ...]


@pytest.fixture(scope="module")
def tshark() -> str:
    """The program, or a skip; a failure where KALINT_REQUIRE_DAEMON=1 asks for all there is."""
    found = shutil.which("tshark")
    if found is None and os.environ.get("KALINT_REQUIRE_DAEMON") == "1":
        pytest.fail("KALINT_REQUIRE_DAEMON=1, but tshark is not installed")
    if found is None:
        pytest.skip("needs tshark")
    return found


def _theirs(tshark: str, path: str) -> Iterator[Row]:
    """What tshark reads, without the errors that quote an advert."""
    options = [option for field in FIELDS for option in ("-e", field)]
    command = [tshark, "-n", "-r", path, "-Y", "vrrp and not icmp", "-T", "fields", "-E", "aggregator= ", *options]
    output = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    for line in output.splitlines():
        row = line.split("\t")
        row[7] = str(int(row[7], 16)) if row[7] else ""
        yield (f"{float(row[0]):.5f}", *row[1:-1])


def _ours(path: str) -> Iterator[Row]:
    """The same of ours, put as tshark puts it."""
    decoder = Decoder()
    for frame in read_capture(path):
        advert = decoder.decode(frame) if isinstance(frame, Frame) else None
        if isinstance(advert, Advert):
            yield tuple(_fields(advert))


def _fields(advert: Advert) -> Iterator[str]:
    yield f"{advert.time:.5f}"
    for value in (advert.source, advert.destination, str(advert.ttl)):
        yield from (value, "") if advert.family == "ipv4" else ("", value)
    yield "" if advert.ip_id is None else str(advert.ip_id)
    yield " ".join(map(str, advert.vlans))
    yield from map(str, (advert.version, advert.virtual_router_id, advert.priority))
    seconds, hundredths = str(int(advert.interval)), str(round(advert.interval * 100))
    yield from (seconds, "") if advert.version == 2 else ("", hundredths)
    yield AUTH[advert.auth] if advert.version == 2 else ""
    addresses = " ".join(advert.addresses)
    yield from (addresses, "") if advert.family == "ipv4" else ("", addresses)
    yield str(advert.ah.sequence) if advert.ah else ""


def _files() -> list[Path]:
    here = sorted(HERE.glob("*.pcap"))
    return here + [path for path in sorted(SHARED.glob("*.pcap")) if not (HERE / path.name).exists()]


def test_tshark_reads_the_same_fields(tshark: str, tmp_path: Path) -> None:
    """All captures of one link type, as one file that kalint wrote, so that tshark is started only twice."""
    for kind, cooked in (("ethernet", False), ("cooked", True)):
        together = str(tmp_path / f"{kind}.pcap")
        with CaptureWriter(together) as writer:
            for path in _files():
                if path.stem.startswith("any-") == cooked:
                    for frame in read_capture(str(path)):
                        assert isinstance(frame, Frame)
                        writer.write(frame)
        ours, theirs = list(_ours(together)), list(_theirs(tshark, together))
        assert ours == theirs
        assert len(ours) >= 10


def test_tshark_reads_what_is_written_as_pcapng(tshark: str, tmp_path: Path) -> None:
    """Interfaces by name, several link types in one file."""
    path = str(tmp_path / "two.pcapng")
    frames = [row for row in read_capture(str(HERE / "v2-pass_2.2.7.pcap")) if isinstance(row, Frame)]
    with CaptureWriter(path) as writer:
        writer.write(frames[0]._replace(interface="eth0"))
        writer.write(frames[0]._replace(interface="tun0", data=frames[0].data[14:], link_type=101))
    command = [tshark, "-n", "-r", path, "-T", "fields", "-e", "frame.interface_name", "-e", "vrrp.virt_rtr_id"]
    output = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    assert output.split() == ["eth0", "53", "tun0", "53"]
