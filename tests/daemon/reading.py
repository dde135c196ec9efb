"""Small configurations in a namespace, as the real keepalived and as kalint's first two layers read them."""

from __future__ import annotations

import itertools
import os
import re
import signal
import subprocess
from pathlib import Path
from typing import NamedTuple

from harness import ROOM, Lab

from kalint.syntax import parse
from kalint.syntax.tree import Node
from kalint.text import Options, read

Facts = dict[str, tuple[int, int, tuple[str, ...]]]
"""Instance: VRID, priority, addresses."""


class Said(NamedTuple):
    """What the daemon made of a configuration, and its whole log."""

    facts: Facts
    log: str


class Reader:
    """Asks the daemon in one namespace, each time under new pid files."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self._numbers = itertools.count()

    def folder(self, config: str, files: dict[str, str]) -> Path:
        """A new folder in the namespace with these files, as a path for this process."""
        folder = self.lab.node.path(f"{ROOM}/{next(self._numbers)}")
        for name, text in {"k.conf": config, **files}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8", "surrogateescape"))
        return folder

    def command(self, folder: Path, config_id: str, limit: float) -> list[str]:
        """Runs keepalived on `k.conf` in a folder for at most `limit` seconds."""
        inside = f"{ROOM}/{folder.name}"
        command = ["timeout", "-s", "KILL", str(limit), "keepalived", "-n", "-l", "-d"]
        command += ["-i", config_id, "-f", f"{inside}/k.conf"]
        for option in "prcb":
            command += [f"-{option}", f"{inside}/{option}.pid"]
        return self.lab.node.enter(*command)

    def daemon(self, folder: Path, config_id: str) -> Said:
        """What keepalived says of `k.conf` in a folder, from its start to its list of interfaces."""
        log = []
        with subprocess.Popen(
            self.command(folder, config_id, 10),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as process:
            assert process.stdout is not None
            for raw in process.stdout:
                log.append(raw.decode("utf-8", "surrogateescape").rstrip("\n"))
                if "------< Interfaces >------" in log[-1] or "exited due to segmentation fault" in log[-1]:
                    # The parent's death ends the children, and nobody has to wait for their farewell.
                    os.kill(int((folder / "p.pid").read_text()), signal.SIGKILL)
                    break
        text = re.sub(r"^\w{3} \w{3} +\d+ [\d:]+ \d+: ", "", "\n".join(log), flags=re.MULTILINE)
        return Said(_dumped(text), text)


def _dumped(log: str) -> Facts:
    facts: Facts = {}
    for part in log.split(" VRRP Instance = ")[1:]:
        name = part.split("\n", 1)[0]
        vrid = int(re.findall(r"Virtual Router ID = (\d+)", part)[0])
        priority = int(re.findall(r"Priority = (\d+)", part)[0])
        addresses = re.findall(r"^ {5}([\da-f.:]+/\d+) ", part, re.MULTILINE)
        facts[name] = (vrid, priority, tuple(addresses))
    return facts


def kalint_reads(folder: Path, config_id: str) -> tuple[Facts, list[str]]:
    """The same facts from kalint's tree, and the kinds of its problems."""
    text = read(str(folder / "k.conf"), options=Options(config_id))
    nodes, problems = parse(text.lines)
    facts: Facts = {}
    for node in nodes:
        if node.keyword == "vrrp_instance" and node.items is not None:
            facts.setdefault(node.words[1].text, _instance(node.items))
    return facts, [problem.kind for problem in (*text.problems, *problems)]


def _instance(items: tuple[Node, ...]) -> tuple[int, int, tuple[str, ...]]:
    values = {item.keyword: item.words[1].text for item in items if item.items is None and len(item.words) > 1}
    addresses = [entry.keyword for item in items if item.keyword == "virtual_ipaddress" for entry in item.items or ()]
    priority = values.get("priority", "")
    return int(values["virtual_router_id"]), int(priority) if priority.isdigit() else 100, tuple(addresses)


def instance(body: str, name: str = "V", vrid: str = "5") -> str:
    """A vrrp_instance on eth0 with these lines in it."""
    return f"vrrp_instance {name} {{\ninterface eth0\nvirtual_router_id {vrid}\n{body}\n}}\n"
