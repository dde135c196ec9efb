"""How `kalint probe` ends: signals, one after the other or at once, the time that it takes, and missing rights."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parent.parent.parent
CAPTURES = ROOT / "tests" / "probe" / "captures"

Run = Callable[..., SimpleNamespace]
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to listen")


def start(*arguments: str, **how: object) -> subprocess.Popen[str]:
    """A probe of its own process, which has begun to catch signals."""
    process: subprocess.Popen[str] = subprocess.Popen(
        [sys.executable, "-m", "kalint", "probe", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        **how,  # type: ignore[call-overload]
    )
    for _ in range(1200):
        caught = re.search(r"SigCgt:\s*(\w+)", Path(f"/proc/{process.pid}/status").read_text())
        if caught and int(caught[1], 16) & 1 << (signal.SIGTERM - 1):
            return process
        time.sleep(0.05)
    raise AssertionError("it never came to listen")


@needs_root
@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_at_once_does_not_lose_the_report(second: signal.Signals) -> None:
    """As when Ctrl-C reaches it twice, or a supervisor ends what Ctrl-C has ended."""
    process = start("lo", "--duration", "60", "--format", "json")
    time.sleep(0.5)
    for number in (signal.SIGINT, second, second):
        process.send_signal(number)
        time.sleep(0.01)
    out, error = process.communicate(timeout=60)
    assert (process.returncode, error) == (0, "")
    assert json.loads(out)["schema"] == "kalint/probe/1"


def test_a_signal_ends_it_while_a_pipe_says_nothing() -> None:
    """A capture on standard input that goes on, without a frame: the report is that of what has come."""
    ours, theirs = os.pipe()
    with os.fdopen(theirs, "wb", buffering=0) as pipe:
        pipe.write((CAPTURES / "ev-split_2.2.7.pcap").read_bytes())
        process = start("--pcap", "-", "--format", "json", stdin=ours)
        os.close(ours)
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        out, error = process.communicate(timeout=60)
    assert (process.returncode, error) == (1, "")
    assert json.loads(out)["adverts"] > 10


@needs_root
def test_it_says_how_long_it_listens_and_why(tmp_path: Path) -> None:
    """3 intervals of 20 s and the skew time of priority 100, a fifth more, and a second."""
    (tmp_path / "a.conf").write_text(
        "vrrp_instance V {\n interface lo\n virtual_router_id 51\n priority 100\n advert_int 20\n"
        " virtual_ipaddress {\n  192.0.2.9\n }\n}\n"
    )
    process = start("lo", "--config", str(tmp_path / "a.conf"))
    assert process.stderr is not None
    said = process.stderr.readline()
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert said == (
        "kalint: listening for 73.7 s, which the advert interval of 20 s of V of a needs; "
        "--duration sets another time\n"
    )
    assert "too short to decide" in out


def test_without_files_it_says_what_may_be_unheard(run_kalint: Run) -> None:
    """A capture of 32 s (by its frames' times) does not tell of a router that speaks every 40 s."""
    data = (CAPTURES / "ev-split_2.2.7.pcap").read_bytes()
    at, times = 24, []
    while at < len(data):
        seconds, micro, captured, _ = struct.unpack_from("<IIII", data, at)
        times.append(seconds + micro / 1e6)
        at += 16 + captured
    found = run_kalint("probe", "--pcap", str(CAPTURES / "ev-split_2.2.7.pcap"))
    said = f"a router with an advert interval above {times[-1] - times[0]:.1f} s may be unheard"
    assert said in found.out.splitlines()


def test_missing_rights_are_told_in_lines(run_kalint: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What to type stands on lines of its own, with no escapes."""

    def refuse(family: int = -1, *rest: int) -> socket.socket:
        if family == socket.AF_PACKET:
            raise PermissionError
        return opened(family, *rest)

    opened = socket.socket
    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr("kalint.wire.ring.os.geteuid", lambda: 1000)
    found = run_kalint("probe", "lo")
    lines = found.err.splitlines()
    assert (found.status, found.out) == (2, "")
    assert lines[0] == "kalint: listening on lo needs the right CAP_NET_RAW. Either run it as root:"
    assert lines[1].startswith("    sudo ")
    assert "\\x0a" not in found.err
