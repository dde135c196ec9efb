"""Mistakes of which `keepalived -t` says nothing: what the daemon does when it runs such a file.

The cases are those of tests/rules; the log of the running daemon shows what their findings claim.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from harness import Lab

CASES = Path(__file__).parents[1] / "rules"
LINKS = {"eth0": ["10.0.0.1/24", "10.0.0.9/24", "2001:db8::1/64"], "eth1": ["10.0.1.1/24"]}
SECURE = "global_defs {\n enable_script_security\n script_user root\n}\n"

LOGGED = {
    "address-is-own-source/bad": r"entering FAULT state \(src address not configured\)",
    "address-is-own-source/good": r"\(VI_1\) Entering MASTER STATE",
    "ipv6-first-address-not-link-local/bad": r"the first IPv6 VIP address should be link local",
    "device-is-own-vmac/bad": r"Non-existent interface specified in configuration",
    "device-is-own-vmac/bad-kinds": r"Non-existent interface specified in configuration",
    "device-is-own-vmac/bad-unnamed": r"entering FAULT state \(interface vrrp.17 down\)",
    "invalid-value/bad-alias": r"Non-existent interface specified in configuration",
    "script-is-no-program/bad": r"Cannot find script \[\[ in path - disabling",
    "script-is-no-program/bad-words": r"Cannot find script LANG=C in path - disabling",
    "check-needs-bash/bad": r"VRRP_Script\(chk\) failed \(exited with status 2\)",
    "check-cannot-fail/bad": r"VRRP_Script\(chk\) succeeded",
    "check-cannot-fail/bad-2": r"VRRP_Script\(chk\) succeeded",
    "flag-with-value/bad-names": r"Unknown dynamic_interfaces option 'no'",
}
"""Cases, and what the running daemon logs; nobody runs haproxy in the namespace."""


def log_of(key: str) -> str:
    """The log until the daemon has said it, or for 8 s."""
    with Lab(LINKS) as lab, lab.start(SECURE + (CASES / f"{key}.conf").read_text()) as daemon:
        end = time.monotonic() + 8
        while time.monotonic() < end and not re.search(LOGGED[key], daemon.log):
            time.sleep(0.1)
        return daemon.log


@pytest.fixture(scope="module")
def logs() -> Iterator[dict[str, Future[str]]]:
    """All cases at once; a daemon mostly waits."""
    with ThreadPoolExecutor(4) as pool:
        yield {key: pool.submit(log_of, key) for key in LOGGED}


@pytest.mark.parametrize("key", LOGGED)
def test_the_running_daemon_does_what_the_finding_says(key: str, logs: dict[str, Future[str]]) -> None:
    assert re.search(LOGGED[key], logs[key].result())
