"""What the checkers of keepalived 2.2.7 have of a configuration, and what `kalint show` says: virtual and real servers.

The kernel need not have IPVS: `ipvs.c` answers in its place, so that the checkers come as far as their dump.
"""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from dump import NOTHING_TO_RUN, Process, ask
from harness import RELEASE

from kalint.errors import InputError
from kalint.literals import integer
from kalint.pipeline.reading import Request, load
from kalint.report.show_json import unmasked
from kalint.semantics.addresses import canonical
from kalint.text import Options
from kalint.version import parse_version

SHIM = Path(__file__).with_name("ipvs.c")


class Server(NamedTuple):
    """A real server: address, port, weight, method."""

    address: str
    port: int
    weight: int
    method: str


class Service(NamedTuple):
    """A virtual server, its real servers and its sorry server (address and port)."""

    name: str
    protocol: str | None
    scheduler: str
    quorum: int
    servers: tuple[Server, ...]
    sorry: tuple[str, int] | None


class Servers(NamedTuple):
    """The virtual servers in order, and the checks: the address of a real server and the kind of its check.

    A SMTP_CHECK is as many of the daemon's as it has hosts, so that a check counts once.
    """

    services: tuple[Service, ...]
    checks: frozenset[tuple[str, str]]


@functools.cache
def _shim() -> str:
    """The path of the shim, made once."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise FileNotFoundError("cc, a C compiler, which makes ipvs.c a library")
    made = Path(tempfile.mkdtemp()) / "ipvs.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", str(made), str(SHIM)], check=True)
    return str(made)


def missing() -> str | None:
    """What these tests need and do not find."""
    return None if shutil.which("cc") else "needs cc, a C compiler, on the PATH"


def checkers() -> Process:
    """The checkers alone."""
    return Process("-d -C", ("------< LVS Topology >", "Activating BFD healthchecker"), _shim())


def daemon(folder: Path, config_id: str = "node", namespaces: Iterable[str] = ()) -> Servers:
    """What the daemon says of `keepalived.conf` in a folder.

    Raises:
        RuntimeError: it did not get as far as its dump.
    """
    try:
        return parse(ask(folder, (), config_id, namespaces, process=checkers()))
    except RuntimeError as error:
        if NOTHING_TO_RUN not in str(error):
            raise
        return Servers((), frozenset())


def parse(text: str) -> Servers:
    """Read the dump, whose lines have no times."""
    lines = [line for line in text.splitlines(keepends=True) if line.startswith((" ", "---"))]  # the parent's own go
    topology, _, checkers = "".join(lines).partition("------< Health checkers >------")
    services = tuple(_service(part) for part in topology.split(" ------< Virtual server >------\n")[1:])
    return Servers(services, frozenset(_checks(checkers)))


def _checks(text: str) -> Iterator[tuple[str, str]]:
    """The real server and the method of each check, line by line: the BFD process prints its own part in between."""
    address = None
    for line in text.splitlines():
        server = re.search(r"-> \[([^]]+)\]", line)
        method = re.match(r"   Keepalive method = (\w+)", line)
        address = server[1] if server else address
        if method and address is not None:
            yield address, method[1]


def _service(part: str) -> Service:
    head, *servers = part.split("   ------< Real server >------\n")
    sorry = re.search(r"^   sorry server (?:\(duplicates rs\) )?= \[(.+)\]:\w+:(\d+)$", head, re.MULTILINE)
    protocol = _found(r"   protocol = (\w+)", head)
    return Service(
        _name(head),
        None if protocol == "none" else protocol,
        _found(r"   lvs_sched = (\w+)", head),
        int(_found(r"   quorum = (\d+)", head)),
        tuple(map(_server, servers)),
        (sorry[1], int(sorry[2])) if sorry else None,
    )


def _name(head: str) -> str:
    group = re.search(r"^ VS GROUP = \[(.*)\]:\d+$", head, re.MULTILINE)
    mark = re.search(r"^ VS FWMARK = (\d+)$", head, re.MULTILINE)
    address = re.search(r"^ VS VIP = (\S+), VPORT = (\d+)$", head, re.MULTILINE)
    if group:
        return f"group {group[1]}"
    return f"fwmark {mark[1]}" if mark else f"{address[1]} {address[2]}" if address else "?"


def _server(part: str) -> Server:
    address, port, weight = re.findall(r"   RIP = (\S+), RPORT = (\d+), WEIGHT = (\d+)", part)[0]
    return Server(address, int(port), int(weight), _found(r"   forwarding method = (\w+)", part))


def _found(pattern: str, text: str) -> str:
    match = re.search(f"^{pattern}", text, re.MULTILINE)
    if match is None:
        raise RuntimeError(f"the dump has no {pattern!r}: {text}")
    return match[1]


def shown(file: Path, config_id: str = "node") -> Servers:
    """What kalint shows of a configuration under the release that is installed."""
    try:
        loaded = load(str(file), None, Request(Options(config_id=config_id), parse_version(RELEASE)))
    except InputError:
        return Servers((), frozenset())
    document = unmasked(loaded.resolved)
    services, checks = [], []
    for each in document["virtual_servers"]:
        servers = tuple(
            Server(one["address"], one["port"], one["weight"], one["forwarding_method"]) for one in each["real_servers"]
        )
        sorry = each["sorry_server"]
        first, _, second = each["name"].partition(" ")
        name = each["name"] if first in ("group", "fwmark") else f"{canonical(first)} {integer(second)}"
        last = (sorry["address"], sorry["port"]) if sorry else None
        services.append(Service(name, each["protocol"], each["scheduler"], each["quorum"], servers, last))
        checks += [(one["address"], check) for one in each["real_servers"] for check in one["checks"]]
    return Servers(tuple(services), frozenset(checks))


def differences(theirs: Servers, ours: Servers) -> Iterator[str]:
    """One line for each value that differs, nothing where both say the same."""
    if [each.name for each in theirs.services] != [each.name for each in ours.services]:
        yield f"virtual servers: keepalived {_names(theirs)}, kalint {_names(ours)}"
    else:
        for left, right in zip(theirs.services, ours.services, strict=True):
            for field in Service._fields:
                if getattr(left, field) != getattr(right, field):
                    yield f"{left.name} {field}: keepalived {getattr(left, field)}, kalint {getattr(right, field)}"
    if theirs.checks != ours.checks:
        yield f"checks: keepalived alone {theirs.checks - ours.checks}, kalint alone {ours.checks - theirs.checks}"


def _names(servers: Servers) -> list[str]:
    return [each.name for each in servers.services]
