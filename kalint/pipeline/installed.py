"""The release of keepalived that is installed on this machine, where this machine is a node of the cluster.

Only `kalint probe` and `kalint watch` ask, live, for nodes whose release nobody has named. `keepalived --version` is
run without a shell, for two seconds at most; it reads no configuration.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
from typing import TYPE_CHECKING

from kalint.errors import UsageError
from kalint.version import parse_version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kalint.host import Host
    from kalint.probe.expected import Expected
    from kalint.version import Version

LIMIT = 2.0
"""Seconds after which `keepalived --version` is ended."""
DAEMON = "keepalived"
_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")
_RELEASE = re.compile(rb"\AKeepalived v(\d{1,4}\.\d{1,4}\.\d{1,4})")


def installed(limit: float = LIMIT) -> Version | None:
    """The release of the installed keepalived, or None: there is none, or it does not say so in time."""
    folders = [folder for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) if os.path.isabs(folder)]
    program = shutil.which(DAEMON, path=os.pathsep.join([*folders, *_FOLDERS]))
    if program is None:
        return None
    try:
        process = subprocess.Popen(  # noqa: S603 (the daemon itself, with one fixed argument)
            [program, "--version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            start_new_session=True,
        )
    except OSError:
        return None
    with process:
        try:
            said, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # with its children, which may hold the pipe open
            return None
    found = _RELEASE.match(said)
    if found is None:
        return None
    try:
        return parse_version(found[1].decode())
    except UsageError:  # older than all that kalint knows
        return None


def nodes_here(expected: Sequence[Expected], local: frozenset[str], host: Host, name: str) -> frozenset[str]:
    """The nodes that this machine may be; none where it is no node of the cluster.

    An address of the files says so; else the machine's name; else a keepalived that runs here, with all interfaces of
    the file.

    Args:
        expected: every instance of every node.
        local: the addresses of this machine.
        host: the machine.
        name: its name.
    """
    by_address = {each.node for each in expected if not each.sources.isdisjoint(local)}
    if by_address:
        return frozenset(by_address)
    unknown = {each.node for each in expected if not each.sources}
    fitting = {node for node in unknown if all(host.interface(link) for link in _interfaces(expected, node))}
    if name in fitting:
        return frozenset([name])
    return frozenset(fitting) if fitting and host.process_here(DAEMON) else frozenset()


def _interfaces(expected: Sequence[Expected], node: str) -> set[str]:
    return {each.instance.interface.value for each in expected if each.node == node}
