"""What --fix calls safe, the daemon takes for the same: it only stops complaining of what was mended."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from harness import ROOM, Lab

from kalint.cli.app import run_app

SCRIPT = f"vrrp_script chk {{\n    script {Lab.script('chk')}\n    weight -30\n}}\n"
HEAD = "global_defs {\n    enable_script_security\n    script_user root\n    checker_rlimit_rttime 9000\n}\n"


def instance(*lines: str) -> str:
    body = ("interface eth0", "virtual_router_id 17", *lines, "virtual_ipaddress {", "    10.0.0.9/24", "}")
    return "vrrp_instance VI_1 {\n" + "".join(f"    {line}\n" for line in body) + "}\n"


def tracking(*lines: str) -> tuple[str, ...]:
    return "track_script {", *(f"    {line}" for line in lines), "}"


SAME = {
    "a setting that is there twice": instance("priority 150", "advert_int 1", "priority  150 # again"),
    "a script tracked twice": SCRIPT + instance(*tracking("chk", "chk")),
    "deprecated keywords": instance("vmac_garp_intvl 10"),
    "a deprecated global keyword": instance(),
    "a suppression of no use": instance("priority 150  # kalint: ignore[KA201]"),
}
"""Files that keepalived reads the same before and after."""
OTHER = {
    "a misspelt keyword": (instance("prioritty 150"), r"Unknown keyword", r"^ *Priority = 150$"),
    "a misspelt block": (
        instance().replace("vrrp_instance", "vrrp_instnace"),
        r"Unknown keyword",
        r"VRRP Instance = VI_1",
    ),
    "a script that is defined too late": (instance(*tracking("chk")) + SCRIPT, r"not found", r"Tracked scripts :"),
    "nopreempt and MASTER": (
        instance("state MASTER", "nopreempt", "priority 150"),
        r"nopreempt will not work",
        r"Preempt = disabled",
    ),
    "a peer that is there twice": (
        instance("unicast_peer {", "    10.0.0.2", "    10.0.0.2", "}"),
        r"$.",
        r"Unicast Peer",
    ),
}
"""Files that it reads otherwise, as the finding says: what it complains of before, and what its dump has after."""
RUNS_A_COMMAND = {"a script that is defined too late"}
"""Of these, whose fix lets a command run that did not: only --unsafe-fixes makes it."""


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab({"eth0": ["10.0.0.1/24"]}) as node:
        node.set({"script:chk": "ok"})
        yield node


@pytest.fixture
def mended(tmp_path: Path) -> Callable[..., str]:
    """What --fix makes of a file, for the release that is installed; with `more` arguments."""

    def mend(text: str, *more: str) -> str:
        path = tmp_path / "keepalived.conf"
        path.write_text(text)
        release = re.search(r"v([0-9.]+)", subprocess.run(["keepalived", "-v"], capture_output=True, text=True).stderr)
        assert release is not None
        run_app(["check", "--fix", "-q", *more, "--keepalived-version", release.group(1), str(path)])
        return path.read_text()

    return mend


def complaints(lab: Lab, text: str) -> Counter[str]:
    """What `keepalived -t` says, without the numbers of lines."""
    lab.node.path(f"{ROOM}/keepalived.conf").write_text(text)
    command = ["timeout", "20", "keepalived", "-t", "-l", "-f", f"{ROOM}/keepalived.conf"]
    done = subprocess.run(lab.node.enter(*command), capture_output=True, text=True, timeout=60)
    said = (done.stdout + done.stderr).splitlines()
    return Counter(re.sub(r"Line \d+|^.*?\d\d:\d\d:\d\d \d{4}: ", "", line) for line in said)


def dumped(lab: Lab, text: str) -> list[str]:
    """The daemon's own account of what it has read; the rest of its log is about this run."""
    return [line for line in lab.dump(text).splitlines() if line.startswith((" ", "------<"))]


@pytest.mark.parametrize("name", SAME)
def test_the_daemon_reads_the_same(name: str, lab: Lab, mended: Callable[..., str]) -> None:
    head = HEAD.replace("rttime", "rtime") if "global" in name else HEAD
    before = head + SAME[name]
    after = mended(before)
    assert after != before
    assert not complaints(lab, after) - complaints(lab, before)
    assert dumped(lab, after) == dumped(lab, before)


@pytest.mark.parametrize("name", OTHER)
def test_the_daemon_takes_what_it_complained_of(name: str, lab: Lab, mended: Callable[..., str]) -> None:
    text, complaint, has = OTHER[name]
    before = HEAD + text
    if name in RUNS_A_COMMAND:
        assert mended(before) == before
        after = mended(before, "--unsafe-fixes")
    else:
        after = mended(before)
    assert after != before
    said = complaints(lab, before), complaints(lab, after)
    assert not said[1] - said[0]
    assert not [line for line in said[1] if re.search(complaint, line)]
    if complaint != r"$.":
        assert [line for line in said[0] if re.search(complaint, line)]
    assert re.search(has, "\n".join(dumped(lab, after)), re.MULTILINE)
