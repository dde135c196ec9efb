"""Several real keepalived nodes on one bridge, all in namespaces of their own, and who then speaks for each router.

Each node has a network and mount namespace with a private /run; a further namespace holds the bridge, to which every
node's eth0 is joined, the far ends of the other interfaces, and the socket that listens.

    with ClusterLab({"a": ["10.9.0.1/24"], "b": ["10.9.0.2/24"]}) as lab:
        lab.set("a", {"script:chk": "ok"})
        lab.start("a", config)
        lab.start("b", config)
        lab.settle()                    # {51: (Master("a", 110),)}; a router without master is not in it

Many independent clusters fit into one lab, each with VRIDs of its own.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import NamedTuple

from harness import LIMIT, ROOM, Lab, Namespace, Sniffer, end, keepalived

ADVERT = 0.15
"""The advert interval in seconds that the configurations here use; the master down interval is then at most 0.6 s."""
SCRIPT = 1.1
"""Seconds until a script that runs each second has been heard."""
WINDOW = 4.5
"""Advert intervals in which a master is heard several times, and in which a backup that misses one speaks up."""
PATIENCE = 80
"""Advert intervals until what still changes is taken as it is."""


class Master(NamedTuple):
    """A node that advertises a router, and its priority."""

    node: str
    priority: int


Masters = Mapping[int, tuple[Master, ...]]
"""Who advertises, by VRID; more than one where two nodes both think that they are master."""


class ClusterLab:
    """Nodes joined by a bridge; `nodes` has the addresses of each eth0, `links` are further interfaces of each."""

    def __init__(self, nodes: Mapping[str, Sequence[str]], links: Sequence[str] = ("eth1",)) -> None:
        self.nodes: dict[str, Namespace] = {}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.bridge = Namespace()
        self._sniffer: Sniffer | None = None
        try:
            self.bridge.ip(["link add br0 type bridge stp_state 0 forward_delay 0", "link set br0 up"])
            for name, addresses in nodes.items():
                self._join(name, addresses, links)
            self._introduce(nodes)
            self._sniffer = Sniffer(self.bridge)
        except BaseException:
            self.close()
            raise

    def _join(self, name: str, addresses: Sequence[str], links: Sequence[str]) -> None:
        node = Namespace()
        self.nodes[name] = node
        interfaces = ["eth0", *links]
        node.ip([f"link add {link} type veth peer name {name}-{link} netns {self.bridge.pid}" for link in interfaces])
        self.bridge.ip([f"link set {name}-eth0 master br0", *[f"link set {name}-{link} up" for link in interfaces]])
        node.ip(["link set eth0 addrgenmode none", *[f"link set {link} up" for link in interfaces]])
        node.ip([f"addr add {address} dev eth0{' nodad' if ':' in address else ''}" for address in addresses])
        for kind in ("script", "file"):
            node.path(f"{ROOM}/{kind}").mkdir()

    def _introduce(self, nodes: Mapping[str, Sequence[str]]) -> None:
        """Let every node know the others for good: unicast adverts to a peer that is away must be seen too."""
        hardware = {name: f"02:00:00:00:00:{number:02x}" for number, name in enumerate(nodes, 1)}
        for name, node in self.nodes.items():
            others = [(address, hardware[other]) for other in nodes if other != name for address in nodes[other]]
            node.ip([f"link set eth0 address {hardware[name]}"])
            node.ip([f"neigh add {address.split('/')[0]} lladdr {mac} dev eth0" for address, mac in others])

    def __enter__(self) -> ClusterLab:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End every daemon; links and mounts go with the namespaces."""
        for name in list(self.processes):
            self.kill(name)
        if self._sniffer is not None:
            self._sniffer.close()
        for namespace in [*self.nodes.values(), self.bridge]:
            namespace.close()

    def set(self, name: str, states: Mapping[str, int | str]) -> None:
        """Put things of a node into states: script ok|ko, interface up|down (at its far end), file an integer."""
        for thing, state in states.items():
            kind, _, of = thing.partition(":")
            if kind == "interface":
                self.bridge.ip([f"link set {name}-{of} {state}"])
            elif kind in ("script", "file"):
                path = self.nodes[name].path(f"{ROOM}/{kind}/{of}")
                if state == "ko":
                    path.unlink(missing_ok=True)
                else:
                    path.write_text("" if state == "ok" else str(state))
            else:
                raise ValueError(f"cannot put {thing} into state {state}")

    def start(self, name: str, config: str, config_id: str | None = None) -> None:
        """Run keepalived on a node."""
        node = self.nodes[name]
        node.path(f"{ROOM}/keepalived.conf").write_text(config)
        command = [*keepalived(LIMIT), "-i", config_id or name]
        with node.path(f"{ROOM}/log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                node.enter(*command), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )

    def reload(self, name: str, config: str) -> None:
        """Have a node's daemon read another configuration."""
        self.nodes[name].path(f"{ROOM}/keepalived.conf").write_text(config)
        pid = self._pid(name, "k.pid")
        if pid is None:
            raise RuntimeError(f"no keepalived of {name} to reload")
        _signal(pid, signal.SIGHUP)

    def stop(self, name: str) -> None:
        """End a node's daemon in good order: it takes leave of its backups with priority 0."""
        end(self.processes.pop(name))

    def kill(self, name: str) -> None:
        """End a node's daemon at once, without a word on the wire; its virtual addresses stay behind."""
        pids = [pid for pid in map(self._pid, [name, name], ["k.pid", "v.pid"]) if pid is not None]
        for pid in pids[:1]:
            _signal(pid, signal.SIGSTOP)  # so that it cannot start its child again
        for pid in reversed(pids):
            _signal(pid, signal.SIGKILL)
        process = self.processes.pop(name)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            end(process)

    def _pid(self, name: str, file: str) -> int | None:
        """The process of a pid file, if it is a keepalived of this node's."""
        try:
            pid = int(self.nodes[name].path(f"{ROOM}/{file}").read_text())
            same = os.readlink(f"/proc/{pid}/ns/net") == os.readlink(f"/proc/{self.nodes[name].pid}/ns/net")
        except (OSError, ValueError):
            return None
        return pid if same else None

    def isolate(self, name: str, cut: bool) -> None:
        """Cut a node's eth0 off from the other isolated ones, whose links stay up, or join it again."""
        self.bridge.run("bridge", "link", "set", "dev", f"{name}-eth0", "isolated", "on" if cut else "off")

    @property
    def listening(self) -> Sniffer:
        """What hears every advert on the bridge."""
        if self._sniffer is None:
            raise RuntimeError("the lab is closed")
        return self._sniffer

    def log(self, name: str, lines: int = 40) -> str:
        """The last lines that the daemons of a node have said."""
        text = self.nodes[name].path(f"{ROOM}/log").read_text(errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    def settle(self, wait: float = SCRIPT, still: int = 3, advert: float = ADVERT) -> Masters:
        """Wait `wait` seconds, then until who speaks has been the same for `still` windows; return the last of them."""
        time.sleep(wait)
        limit = time.monotonic() + PATIENCE * advert
        seen = [self._heard(advert)]
        while len(seen) < still or any(found != seen[-1] for found in seen[-still:]):
            if time.monotonic() > limit:
                break
            seen.append(self._heard(advert))
        for name, process in self.processes.items():
            if process.poll() is not None:
                raise RuntimeError(f"keepalived of {name} has ended with {process.returncode}:\n{self.log(name)}")
        return seen[-1]

    def holders(self) -> dict[int, frozenset[str]]:
        """Which nodes with a daemon hold the address of each router, those that send nothing too."""
        found: dict[int, set[str]] = {}
        for name in self.processes:
            shown = self.nodes[name].run("ip", "-o", "addr", "show", "dev", "eth0")
            for vrid, hexadecimal in re.findall(r" 10\.9\.1\.(\d+)/| fe80::9:([0-9a-f]+)/", shown):
                found.setdefault(int(vrid) if vrid else int(hexadecimal, 16), set()).add(name)
        return {vrid: frozenset(names) for vrid, names in found.items()}

    def _heard(self, advert_interval: float) -> dict[int, tuple[Master, ...]]:
        """Who advertises what in the next window: the last priority of each; 0 ("I leave") is none.

        A node is known by the port of the bridge at which its adverts arrive.
        """
        if self._sniffer is None:
            return {}
        self._sniffer.adverts.clear()
        time.sleep(WINDOW * advert_interval)
        last: dict[int, dict[str, int]] = {}
        for advert in list(self._sniffer.adverts):
            if advert.router.interface != "br0":
                last.setdefault(advert.router.vrid, {})[advert.router.interface.split("-")[0]] = advert.priority
        heard = {
            vrid: tuple(Master(node, priority) for node, priority in sorted(found.items()) if priority)
            for vrid, found in sorted(last.items())
        }
        return {vrid: masters for vrid, masters in heard.items() if masters}


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def global_defs(version: int = 3) -> str:
    """What the configurations of these tests have in common; a busy machine must not delay an advert."""
    return f"global_defs {{\n    vrrp_version {version}\n    script_user root\n    vrrp_priority -20\n}}\n"


def script(name: str) -> str:
    """A vrrp_script that `ClusterLab.set` controls."""
    return f'vrrp_script {name} {{\n    script "{Lab.script(name)}"\n    interval 1\n}}\n'


def file(name: str) -> str:
    """A track_file that `ClusterLab.set` controls."""
    return f'track_file {name} {{\n    file "{Lab.file(name)}"\n}}\n'


def instance(
    vrid: int, priority: int, lines: Sequence[str] = (), advert: float = ADVERT, more: Sequence[str] = ()
) -> str:
    """A vrrp_instance V<vrid> on eth0; `advert` is its advert interval in seconds, `more` are further addresses."""
    address = f"fe80::9:{vrid:x}/128" if "native_ipv6" in lines else f"10.9.1.{vrid}/32"
    return "\n".join(
        [
            f"vrrp_instance V{vrid} {{",
            "    interface eth0",
            f"    virtual_router_id {vrid}",
            f"    priority {priority}",
            f"    advert_int {advert}",
            "    virtual_ipaddress {",
            *[f"        {each}" for each in (address, *more)],
            "    }",
            *[f"    {line}" for line in lines],
            "}\n",
        ]
    )
