"""What a keepalived of another release has of a configuration: instances with VRID, priority and addresses.

Dumps differ from release to release, so only what all of them print alike is read. `KALINT_KEEPALIVED` names the
program.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from kalint.errors import InputError
from kalint.pipeline.reading import Request, load
from kalint.text import Options
from kalint.version import Version, parse_version

VARIABLE = "KALINT_KEEPALIVED"
Facts = dict[str, tuple[int, int, tuple[str, ...]]]
"""Instance: VRID, priority, addresses."""

_START = """
mount --bind "$0" /run && mount --bind /run/passwd /etc/passwd && mount -o remount,bind,ro / && ip -batch /run/links &&
exec "$@" -n -l -d -P -f /run/keepalived.conf -p /run/k.pid -r /run/v.pid
"""
_DUMPED = re.compile(
    r"Using LinkWatch|------< Interfaces >|Entering \w+ STATE|permanent error|no configuration to run|Stopped|"
    r"segmentation|Error setting global script uid"
)
_FIRST_WITH_ID = Version(1, 3, 0)
_LENIENT_PRIORITY = 0
"""What releases before 1.2.20 print where a file gives no priority."""


def program() -> Path | None:
    """The program that the variable names."""
    named = os.environ.get(VARIABLE)
    return Path(named).resolve() if named else None


def release(binary: Path) -> Version:
    """What the program says it is."""
    said = subprocess.run([binary, "-v"], capture_output=True, text=True, timeout=20)
    found = re.search(r"v(\d+\.\d+\.\d+)", said.stdout + said.stderr)
    if found is None:
        raise RuntimeError(f"{binary} -v says no release")
    return parse_version(found[1])


def facts(binary: Path, version: Version, folder: Path, links: Iterable[str], seconds: float = 3) -> Facts:
    """What the program dumps at its start with `keepalived.conf` of a folder.

    Raises:
        RuntimeError: it did not get as far; the message is what it printed.
    """
    (folder / "passwd").write_text(Path("/etc/passwd").read_text() + "keepalived_script:x:0:0::/:/bin/false\n")
    lines = [_link(number, name) for number, name in enumerate(sorted(set(links)))]
    (folder / "links").write_text("".join(lines))
    command = ["unshare", "-n", "-m", "-p", "-f", "--kill-child=KILL", "--mount-proc", "sh", "-c", _START, str(folder)]
    command += [str(binary), *(["-i", "node"] if version >= _FIRST_WITH_ID else [])]
    with (folder / "log").open("wb") as log:
        daemon = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
    try:
        end = time.monotonic() + seconds
        while True:
            text = (folder / "log").read_text(encoding="utf-8", errors="surrogateescape")
            if _DUMPED.search(text) or daemon.poll() is not None or time.monotonic() > end:
                break
            time.sleep(0.03)
    finally:
        daemon.kill()
        daemon.wait()
    if " VRRP Instance = " not in text and "no configuration to run" not in text:
        raise RuntimeError(text)
    return _read(text)


def _link(number: int, name: str) -> str:
    made = (
        f"link add name {name} type veth peer name far{number}\nlink set dev {name} up\nlink set dev far{number} up\n"
    )
    return f"{made}addr add 10.254.{number}.1/24 dev {name}\n"


def _read(text: str) -> Facts:
    found: Facts = {}
    for part in text.split(" VRRP Instance = ")[1:]:
        name, _, rest = re.sub(r"^\w{3} \w{3} +\d+ [\d:]+ \d+:", "", part, flags=re.MULTILINE).partition("\n")
        rest = "\n".join(line if line.startswith(" ") else f" {line}" for line in rest.split("\n"))
        vrid = re.search(r"Virtual Router ID = (\d+)", rest)
        priority = re.search(r" Priority = (\d+)", rest)
        block = re.search(r"^ +Virtual IP\b.*\n((?: {5,}.*\n)*)", rest, re.MULTILINE)
        addresses = [line.split()[0] for line in block[1].splitlines()] if block else []
        if vrid and priority and name not in found:
            found[name] = int(vrid[1]), int(priority[1]), tuple(addresses)
    return found


def shown(file: Path, version: Version) -> Facts:
    """The same of what kalint shows."""
    try:
        resolved = load(str(file), None, Request(Options(config_id="node"), version)).resolved
    except InputError:
        return {}
    return {
        each.name: (each.virtual_router_id.value, each.base_priority.value, tuple(each.virtual_addresses))
        for each in resolved.instances
    }


def compare(binary: Path, version: Version, folder: Path, links: Iterable[str]) -> list[str]:
    """What differs, nothing where both say the same."""
    theirs, ours = facts(binary, version, folder, links), shown(folder / "keepalived.conf", version)
    found = [f"instances: keepalived {list(theirs)}, kalint {list(ours)}"] if list(theirs) != list(ours) else []
    for name in theirs.keys() & ours.keys():
        (vrid, priority, addresses), (our_vrid, our_priority, our_addresses) = theirs[name], ours[name]
        if (vrid, addresses) != (our_vrid, our_addresses):
            found.append(f"{name}: keepalived {vrid} {addresses}, kalint {our_vrid} {our_addresses}")
        if priority not in (our_priority, _LENIENT_PRIORITY):
            found.append(f"{name}: keepalived has priority {priority}, kalint {our_priority}")
    return found
