"""What `keepalived -n -l -d` 2.2.7 says of a configuration, in the shape of `kalint show --format json`.

The daemon lists trackers twice: below an instance as they were asked for, and below each script, file, process, bfd and
interface with the weight that counts after sync groups and implicit interfaces. The second list is read here. A macvlan
or ipvlan that the daemon made counts as the interface below it: both go up and down together.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

Tracking = tuple[str, str, int, bool]
"""Kind, name, weight, reverse."""

_START = """
mount --bind "$0" /run && mount --bind /run/passwd /etc/passwd && mount -o remount,bind,ro / && ip -batch /run/links &&
for name in /run/netns/*; do [ ! -e "$name" ] || mount --bind /proc/self/ns/net "$name" || exit; done &&
exec keepalived -n -l -G $2 -i "$1" -f /run/keepalived.conf -p /run/k.pid -r /run/v.pid
"""
NOTHING_TO_RUN = "keepalived has no configuration to run"
_CRASHED = "Restart of VRRP process delayed"
_LAST = ("last-far", "last")
"""The ends of a link made after all others: the daemon prints interfaces in the order of their making."""
_THINGS = {
    "VRRP Scripts": ("script", "VRRP Script"),
    "VRRP Track files": ("file", "Track file"),
    "VRRP Track processes": ("process", "VRRP Track process"),
    "VRRP Track BFDs": ("bfd", "VRRP Track BFD"),
    "Interfaces": ("interface", "Name"),
}
_NOT_TRACKED = "255"
"""VRRP_NOT_TRACK_IF: the "weight" of the own interface with dont_track_primary."""
_TRACKED_BY = re.compile(r"     (.+), weight (-?\d+)( reverse)?(?: \(dynamic\))?$")


class Router(NamedTuple):
    """One VRRP instance, in the terms that the daemon and kalint share; times in seconds."""

    state: str
    vrrp_version: int
    family: str
    interface: str
    virtual_router_id: int
    base_priority: int
    advert_interval: float
    preempt: bool
    preempt_delay: float
    auth_type: str | None
    virtual_addresses: tuple[str, ...]
    unicast_peers: tuple[str, ...]
    sync_group: str | None
    trackers: frozenset[Tracking]


class Dump(NamedTuple):
    """Instances by name, and the members of each sync group."""

    routers: dict[str, Router]
    groups: dict[str, tuple[str, ...]]


class Process(NamedTuple):
    """One child of the daemon that runs alone, and what its dump ends with."""

    options: str
    end: tuple[str, ...]
    """Texts that are all in the log once its last part is being printed. (No regular expression: one that is not yet
    met costs the square of a log, and those of some files have megabytes.)"""
    preload: str = ""

    def is_ending(self, text: str) -> bool:
        """The dump has been printed up to its last part. Interfaces that the daemon made come after all others."""
        return all(part in text for part in self.end)


VRRP = Process("-d -P -B", tuple(f" Name = {name}\n" for name in _LAST))


def ask(
    folder: Path,
    links: Iterable[str],
    config_id: str = "node",
    namespaces: Iterable[str] = (),
    seconds: float = 20,
    process: Process = VRRP,
) -> str:
    """What the daemon prints, without the times, when it starts with `keepalived.conf` of a folder and these links up.

    It runs in network, mount and process namespaces of its own, with nothing but the folder to write to, and only one
    of its processes, since the others would print their parts in between. It is killed once it has printed everything.

    Raises:
        RuntimeError: it did not get as far as its dump; the message is what it printed.
    """
    command = [*_prepared(folder, links, namespaces), config_id, process.options]
    with (folder / "log").open("wb") as log:
        daemon = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "LD_PRELOAD": process.preload},
        )
    try:
        text = _settled(daemon, folder / "log", seconds, process)
    finally:
        daemon.kill()
        daemon.wait()
    if not process.is_ending(text):
        raise RuntimeError(text)
    return re.sub(r"^\w{3} \w{3} +\d+ [\d:]+ \d+: ", "", text, flags=re.MULTILINE)


def _prepared(folder: Path, links: Iterable[str], namespaces: Iterable[str]) -> list[str]:
    """Make a folder ready for a daemon; the command, which takes the config id and the daemon's options yet."""
    for left in folder.glob("*.pid"):  # of a daemon that was killed here before
        left.unlink()
    (folder / "passwd").write_text(Path("/etc/passwd").read_text() + "keepalived_script:x:0:0::/:/bin/false\n")
    made = [_link(f"far{number}", name) for number, name in enumerate(sorted(set(links)))]
    (folder / "links").write_text("".join([*made, _link(*_LAST)]))
    for name in namespaces:
        (folder / "netns").mkdir(exist_ok=True)
        (folder / "netns" / name).touch()
    command = ["unshare", "-n", "-m", "-p", "-f", "--kill-child=KILL", "--mount-proc", "sh", "-c", _START]
    return [*command, str(folder)]


def complaints(folder: Path, links: Iterable[str], config_id: str = "node", namespaces: Iterable[str] = ()) -> str:
    """What `keepalived -t` says of `keepalived.conf` in a folder, without the times."""
    command = ["timeout", "-s", "KILL", "20", *_prepared(folder, links, namespaces), config_id, "-t"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    text = done.stdout.decode("utf-8", "surrogateescape")
    return re.sub(r"^\w{3} \w{3} +\d+ [\d:]+ \d+: ", "", text, flags=re.MULTILINE)


def _link(far: str, name: str) -> str:
    return f"link add name {name} type veth peer name {far}\nlink set dev {name} up\nlink set dev {far} up\n"


def _settled(daemon: subprocess.Popen[bytes], log: Path, seconds: float, process: Process) -> str:
    """The log once its last part has been printed to its end, or when the daemon has ended.

    The daemon prints without waiting for anything: once the last part has begun and every process waits, it has ended.
    """
    end = time.monotonic() + seconds
    while True:
        ended = daemon.poll() is not None or time.monotonic() > end
        waiting = all(map(_is_waiting, _below(daemon.pid)))
        text = log.read_text(encoding="utf-8", errors="surrogateescape")
        ended = ended or NOTHING_TO_RUN in text or _CRASHED in text
        if ended or (waiting and process.is_ending(text)):
            return text
        time.sleep(0.03)


def _below(pid: int) -> Iterator[int]:
    """A process and all that it has started, and those these have started."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):  # it has just ended
        return
    for child in children:
        yield from _below(int(child))


def _is_waiting(pid: int) -> bool:
    """Whether a process sleeps until something happens, or has ended."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return stat.rpartition(")")[2].split()[0] in "SZX"


def parse(text: str) -> Dump:
    """Read the dump at start (without the times that the log puts before each line)."""
    sections = _sections(text)
    tracked: dict[str, set[Tracking]] = {}
    below = _made_by_keepalived(sections.get("Interfaces", []))
    for title, (kind, label) in _THINGS.items():
        for name, lines in _records(sections.get(title, []), label):
            for line in lines:
                match = _TRACKED_BY.match(line)
                if match and (kind, match[2]) != ("interface", _NOT_TRACKED):
                    thing = below.get(name, name) if kind == "interface" else name
                    tracked.setdefault(match[1], set()).add((kind, thing, int(match[2]), match[3] is not None))
    routers = {
        name: _router(lines, frozenset(tracked.get(name, ())))
        for name, lines in _records(sections.get("VRRP Topology", []), "VRRP Instance")
    }
    groups = {
        name.rpartition(", ")[0]: _block(lines, "VRRP member instances :")
        for name, lines in _records(sections.get("VRRP Sync groups", []), "VRRP Sync Group")
    }
    return Dump(routers, groups)


def _made_by_keepalived(lines: list[str]) -> dict[str, str]:
    """The interface below each macvlan or ipvlan that the daemon made."""
    below: dict[str, str] = {}
    for name, record in _records(lines, "Name"):
        base = re.search(r"underlying interface = ([^,\n]+)", "\n".join(record))
        if "   I/f created by keepalived" in record and base:
            below[name] = base[1]
    return below


def _sections(text: str) -> dict[str, list[str]]:
    """The lines below each `------< Title >------`; of a title that comes twice, the last."""
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        title = re.match(r"-+< (.*) >-+$", line.strip())
        if title:
            lines = sections[title[1]] = []
        else:
            lines.append(line)
    return sections


def _records(lines: list[str], label: str) -> list[tuple[str, list[str]]]:
    records: list[tuple[str, list[str]]] = []
    for line in lines:
        if line.startswith(f" {label} = "):
            records.append((line[len(label) + 4 :], []))
        elif records:
            records[-1][1].append(line)
    return records


def _value(lines: list[str], label: str) -> str | None:
    start = f"   {label} = "
    return next((line[len(start) :] for line in lines if line.startswith(start)), None)


def _block(lines: list[str], title: str) -> tuple[str, ...]:
    """The deeper lines below a title (the parent process may have put a line of its own in between)."""
    found: list[str] = []
    inside = False
    for line in lines:
        if inside and re.match(r" {3}\S", line):
            break
        if inside and line.startswith("     "):
            found.append(line.strip())
        inside = inside or re.sub(r"\(\d+\)", "", line).strip() == title
    return tuple(found)


def _router(lines: list[str], trackers: frozenset[Tracking]) -> Router:
    count, unit = (_value(lines, "Advert interval") or "").split()
    delay = _value(lines, "Preempt delay")
    auth = _value(lines, "Authentication type")
    interface, _, base = re.sub(r", (?:vmac|ipvlan) on ", "\n", _value(lines, "Interface") or "").partition("\n")
    if base:
        trackers -= {("interface", interface, 0, False)}
        interface = base.partition(",")[0]
    addresses = _block(lines, "Virtual IP :")
    return Router(
        state=_value(lines, "Wantstate") or "",
        vrrp_version=int(_value(lines, "VRRP Version") or 0),
        family="ipv6" if "   Using Native IPv6" in lines else "ipv4",
        interface=interface,
        virtual_router_id=int(_value(lines, "Virtual Router ID") or 0),
        base_priority=int(_value(lines, "Priority") or 0),
        advert_interval=int(count) if unit == "sec" else int(count) / 1000,
        preempt=_value(lines, "Preempt") == "enabled",
        preempt_delay=float(delay.split()[0]) if delay else 0.0,
        auth_type={"IPSEC_AH": "AH", "SIMPLE_PASSWORD": "PASS"}.get(auth or ""),
        virtual_addresses=tuple(address.split()[0] for address in addresses),
        unicast_peers=tuple(peer.split()[0] for peer in _block(lines, "Unicast Peer :")),
        sync_group=_value(lines, "Sync group"),
        trackers=trackers,
    )
