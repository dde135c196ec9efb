"""The real keepalived in namespaces of its own: links, states that a test sets, and what the wire then shows.

Nothing here touches the machine: every process runs in a network and a mount namespace that end with the test. The
node's interfaces are one end of veth pairs; the other ends are in a second namespace, where a socket listens.

    with Lab({"eth0": ["10.9.0.1/24"], "eth1": []}) as lab:
        lab.set({"script:chk": "ok", "interface:eth1": "down", "file:load": 3})
        with lab.start(config) as daemon:
            daemon.priorities()     # {Router("eth0", "ipv4", 51): 110}; what is silent is not in it

Scripts are `lab.script("chk")`, tracked files `lab.file("load")`; `controlled(text)` puts them into any configuration.
"""

from __future__ import annotations

import ctypes
import functools
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

PROGRAM = os.environ.get("KALINT_KEEPALIVED", "keepalived").split(":")[0]
"""The keepalived that runs: the one on the PATH, or another release that was built beside it."""
RELEASE = "2.2.7"
"""The release of keepalived that the expected values of these tests hold for, or that of KALINT_KEEPALIVED."""
if PROGRAM != "keepalived":
    RELEASE = re.findall(r"v(\d+\.\d+\.\d+)", subprocess.run([PROGRAM, "-v"], capture_output=True, text=True).stderr)[0]
LIMIT = 600
"""Seconds after which anything started here ends by itself, whatever happened to the test."""
ROOM = "/run/lab"
"""Where scripts, files and processes of the configuration look; a private tmpfs."""
CLONE_NEWNET = 0x40000000
ETH_P_ALL = 3


def every_release(script: str) -> int | None:
    """Run a script again for each keepalived that KALINT_KEEPALIVED names, if it names several, separated by colons.

    Returns: 1 where one of the runs failed, else 0; None where there is nothing to repeat.
    """
    programs = os.environ.get("KALINT_KEEPALIVED", "").split(":")
    if len(programs) < 2:
        return None
    failed = False
    for program in programs:
        print(f"--- {program}", flush=True)
        environment = {**os.environ, "KALINT_KEEPALIVED": program}
        failed |= subprocess.run([sys.executable, script, *sys.argv[1:]], env=environment).returncode != 0
    return int(failed)


class Router(NamedTuple):
    """What makes a virtual router on a link; `family` is "ipv4" or "ipv6"."""

    interface: str
    family: str
    vrid: int


class Advert(NamedTuple):
    """One advert as it arrived; `time` as time.monotonic() counts."""

    time: float
    router: Router
    priority: int
    version: int


@functools.cache
def missing() -> str | None:
    """Say what these tests lack here: root, keepalived of the right release, or namespaces; None where all is there."""
    if os.name != "posix" or os.geteuid() != 0:
        return "needs root, to make network namespaces"
    for tool in (PROGRAM, "unshare", "nsenter", "ip", "timeout"):
        if shutil.which(tool) is None:
            return f"needs {tool} on the PATH"
    release = subprocess.run([PROGRAM, "-v"], capture_output=True, text=True, timeout=20).stderr
    if f"v{RELEASE} " not in release:
        return f"needs keepalived {RELEASE}, found: {release.splitlines()[0] if release else 'nothing'}"
    try:
        with Lab({"eth0": []}):
            return None
    except (OSError, subprocess.SubprocessError, RuntimeError) as error:
        return f"needs namespaces with veth links: {error}"


class Namespace:
    """A network and mount namespace with a private /run, held by a sleeping process."""

    def __init__(self) -> None:
        hold = f"mount -t tmpfs tmpfs /run && mkdir {ROOM} && ip link set lo up && echo ready && exec sleep {LIMIT}"
        self.holder = subprocess.Popen(
            ["unshare", "-n", "-m", "sh", "-c", hold], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        self.pid = self.holder.pid
        if self.holder.stdout is None or self.holder.stdout.readline() != "ready\n":
            self.close()
            raise RuntimeError("unshare -n -m with a tmpfs on /run is not possible here")

    def close(self) -> None:
        """End the holder; the kernel then takes the links and mounts away."""
        self.holder.kill()
        self.holder.wait()
        if self.holder.stdout is not None:
            self.holder.stdout.close()

    def enter(self, *command: str) -> list[str]:
        """The command line that runs `command` inside."""
        return ["nsenter", "-t", str(self.pid), "-n", "-m", "--", *command]

    def run(self, *command: str, stdin: str = "") -> str:
        """Run a short command inside and return what it prints; a failure raises CalledProcessError."""
        done = subprocess.run(self.enter(*command), input=stdin, capture_output=True, text=True, timeout=30)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()} (input: {stdin!r})")
        return done.stdout

    def ip(self, lines: Sequence[str]) -> None:
        """Run `ip` commands, one a line."""
        if lines:
            self.run("ip", "-batch", "-", stdin="\n".join(lines) + "\n")

    def path(self, inside: str) -> Path:
        """A path inside, as a path for this process."""
        return Path(f"/proc/{self.pid}/root{inside}")


class Sniffer:
    """Collects the adverts that arrive in a namespace, in a thread, until closed."""

    def __init__(self, namespace: Namespace) -> None:
        self.adverts: list[Advert] = []
        self._socket: socket.socket | None = None
        self._closing = False
        opened = threading.Event()
        self._thread = threading.Thread(target=self._listen, args=(namespace, opened), daemon=True)
        self._thread.start()
        if not opened.wait(10) or self._socket is None:
            raise RuntimeError("no packet socket in the namespace")

    def close(self) -> None:
        self._closing = True
        self._thread.join()

    def _listen(self, namespace: Namespace, opened: threading.Event) -> None:
        """Open the socket in the namespace (only this thread goes there) and decode what comes."""
        with open(f"/proc/{namespace.pid}/ns/net") as handle:
            if ctypes.CDLL(None, use_errno=True).setns(handle.fileno(), CLONE_NEWNET) == 0:
                self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
        opened.set()
        if self._socket is None:
            return
        with self._socket as packets:
            packets.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
            packets.settimeout(0.2)
            while not self._closing:
                try:
                    data, address = packets.recvfrom(4096)
                except TimeoutError:
                    continue
                if address[2] != socket.PACKET_OUTGOING:
                    advert = decode(data, address[0])
                    if advert is not None:
                        self.adverts.append(advert)


def decode(packet: bytes, interface: str) -> Advert | None:
    """Read the VRRP header behind IPv4 or IPv6 (and behind AH); None for anything else."""
    if not packet:
        return None
    family, protocol, start = "ipv4", 0, 0
    if packet[0] >> 4 == 4 and len(packet) > 20:
        protocol, start = packet[9], (packet[0] & 15) * 4
    elif packet[0] >> 4 == 6 and len(packet) > 40:
        family, protocol, start = "ipv6", packet[6], 40
    if protocol == 51 and len(packet) > start + 2:
        protocol, start = packet[start], start + (packet[start + 1] + 2) * 4
    if protocol != 112 or len(packet) < start + 8 or packet[start] & 15 != 1:
        return None
    version, vrid, priority = struct.unpack_from("BBB", packet, start)
    return Advert(time.monotonic(), Router(interface, family, vrid), priority, version >> 4)


def keepalived(limit: float) -> list[str]:
    """The command line of a keepalived that ends after `limit` seconds and has all its files in the room.

    -G because -l without a syslog daemon writes every line to the machine's console too, which takes seconds.
    """
    command = ["timeout", "-k", "5", str(limit), PROGRAM, "-n", "-l", "-G", "-f", f"{ROOM}/keepalived.conf"]
    return [*command, "-p", f"{ROOM}/k.pid", "-r", f"{ROOM}/v.pid", "-c", f"{ROOM}/c.pid", "-b", f"{ROOM}/b.pid"]


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process that we started to end, and see to it that it does."""
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Daemon:
    """A running keepalived; `log` is what it has said so far."""

    def __init__(self, lab: Lab, config: str, config_id: str | None, limit: float, dump: bool = False) -> None:
        self.lab = lab
        node = lab.node
        node.path(f"{ROOM}/keepalived.conf").write_text(config, encoding="utf-8", errors="surrogateescape")
        self._log = node.path(f"{ROOM}/log")
        command = keepalived(limit)
        if dump:
            command.append("-d")
        if config_id is not None:
            command += ["-i", config_id]
        self.started = time.monotonic()
        lab.sniffer.adverts.clear()
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                node.enter(*command), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="surrogateescape")

    def wait_for(self, pattern: str, seconds: float = 15) -> str:
        """Wait until the log has a match of `pattern`; return the log. RuntimeError when it does not come."""
        end = time.monotonic() + seconds
        while True:
            log = self.log
            if re.search(pattern, log, re.MULTILINE):
                return log
            if time.monotonic() > end or self.process.poll() is not None:
                raise RuntimeError(f"keepalived never said {pattern!r}; it said:\n{log[-2000:]}")
            time.sleep(0.02)

    def priorities(self, settle: float = 1.0, listen: float = 0.5) -> dict[Router, int]:
        """The priority that each router advertises; a silent one is missing.

        Waits `settle` seconds first: more than an interval of a script (when one changed), and than the master down
        interval. Then `listen` seconds, more than two advert intervals; the last advert counts. 0 ("I leave") is no
        priority.
        """
        time.sleep(settle)
        if self.process.poll() is not None:
            raise RuntimeError(f"keepalived has ended with {self.process.returncode}:\n{self.log[-2000:]}")
        start = time.monotonic()
        time.sleep(listen)
        heard = {advert.router: advert.priority for advert in list(self.lab.sniffer.adverts) if advert.time >= start}
        return {router: priority for router, priority in heard.items() if priority > 0}

    def faulty(self) -> set[str]:
        """The instances that have gone into FAULT and not left it, by the log."""
        states = dict(re.findall(r"\((\S+)\) Entering (\w+) STATE", self.log))
        return {name for name, state in states.items() if state == "FAULT"}

    def says(self, name: str, lines: int = 12) -> str:
        """The last lines of the log about an instance, and the very last lines."""
        log = self.log.splitlines()
        about = [line for line in log if f"({name})" in line]
        return "\n".join([*about[-lines:], "...", *log[-lines:]])

    def reload(self) -> None:
        """Have the daemon read its file again."""
        os.kill(int(self.lab.node.path(f"{ROOM}/k.pid").read_text()), signal.SIGHUP)

    def stop(self) -> None:
        """End the daemon, which ends its children first."""
        end(self.process)

    def __enter__(self) -> Daemon:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class Lab:
    """A node with links to a far end that only listens.

    `links` are the node's interfaces with their addresses ("10.9.0.1/24"); `far` those of the other ends (unicast
    peers). Both ends have the same name, each in its namespace, and are up. `bfds` are the names of bfd instances with
    the far end's and the node's address: each is up while a second keepalived at the far end answers.
    """

    def __init__(
        self,
        links: Mapping[str, Sequence[str]],
        far: Mapping[str, Sequence[str]] | None = None,
        bfds: Mapping[str, tuple[str, str]] | None = None,
    ) -> None:
        self.bfds = bfds or {}
        self.down: set[str] = set()
        self._answering: frozenset[str] = frozenset()
        self._neighbour: subprocess.Popen[bytes] | None = None
        self.node = Namespace()
        try:
            self.far = Namespace()
        except RuntimeError:
            self.node.close()
            raise
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        try:
            for kind in ("script", "file", "process"):
                self.node.path(f"{ROOM}/{kind}").mkdir()
            self.node.ip([f"link add {name} type veth peer name {name} netns {self.far.pid}" for name in links])
            for end, table in ((self.node, links), (self.far, far or {})):
                addresses = [(name, address) for name in links for address in table.get(name, ())]
                end.ip([f"addr add {address} dev {name}{_no_dad(address)}" for name, address in addresses])
                end.ip([f"link set {name} up" for name in links])
            self.sniffer = Sniffer(self.far)
        except BaseException:
            self.node.close()
            self.far.close()
            raise

    def __enter__(self) -> Lab:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End what runs here; links and mounts go with the namespaces."""
        self._answer(frozenset())
        for process in self._processes.values():
            process.kill()
            process.wait()
        self.sniffer.close()
        self.node.close()
        self.far.close()

    @staticmethod
    def script(name: str) -> str:
        """The command line of a script that `set({"script:NAME": ...})` controls."""
        return f"/usr/bin/test -e {ROOM}/script/{name}"

    @staticmethod
    def file(name: str) -> str:
        """The path of a tracked file that `set({"file:NAME": ...})` writes."""
        return f"{ROOM}/file/{name}"

    @staticmethod
    def program(name: str) -> str:
        """The process name that `set({"process:NAME": ...})` starts and ends."""
        return f"{ROOM}/process/{name}"

    def set(self, states: Mapping[str, int | str | None]) -> None:
        """Put things into states: script/process ok|ko, interface up|down, file an integer, raw text or None (no file).

        An interface goes down at the far end, so that the node's end loses its carrier. A bfd (up|down) must be one of
        `bfds` to be up.
        """
        links: list[str] = []
        answering = self._answering
        for thing, state in states.items():
            kind, _, name = thing.partition(":")
            if kind == "interface":
                links.append(f"link set {name} {state}")
                (self.down.add if state == "down" else self.down.discard)(name)
            elif kind == "process":
                self._set_process(name, state == "ok")
            elif kind in ("script", "file"):
                self._set_file(self.node.path(f"{ROOM}/{kind}/{name}"), "" if state == "ok" else state)
            elif kind == "bfd" and state == "up":
                answering |= {name}
            elif kind == "bfd":
                answering -= {name}
            else:
                raise ValueError(f"cannot put {thing} into state {state}")
        self.far.ip(links)
        self._answer(answering)

    def admin(self, interface: str, state: str) -> None:
        """Take the node's own end of a link up or down, as an administrator does (its addresses stay)."""
        self.node.ip([f"link set {interface} {state}"])

    def start(self, config: str, config_id: str | None = None, limit: float = 120) -> Daemon:
        """Run keepalived on a configuration for at most `limit` seconds."""
        return Daemon(self, config, config_id, limit)

    def dump(self, config: str, config_id: str | None = None) -> str:
        """The configuration as keepalived resolves it (what `keepalived -n -l -d` prints at start), without times."""
        with Daemon(self, config, config_id, limit=30, dump=True) as daemon:
            log, before = daemon.wait_for(r"------< Interfaces >------"), ""
            while log != before:
                time.sleep(0.15)
                log, before = daemon.log, log
        return re.sub(r"^\w{3} \w{3} +\d+ [\d:]+ \d+: ", "", log, flags=re.MULTILINE)

    def _answer(self, names: frozenset[str]) -> None:
        """Let the far end be the neighbour of these bfd instances, and of no other."""
        if names == self._answering:
            return
        self._answering = names
        if self._neighbour is not None:
            end(self._neighbour)
            self._neighbour = None
        if not names:
            return
        config = "".join(
            f"bfd_instance {name} {{\n neighbor_ip {node}\n source_ip {far}\n min_rx 50\n min_tx 50\n}}\n"
            for name, (far, node) in self.bfds.items()
            if name in names
        )
        self.far.path(f"{ROOM}/keepalived.conf").write_text(config)
        self._neighbour = subprocess.Popen(
            self.far.enter(*keepalived(LIMIT)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _set_file(self, path: Path, content: int | str | None) -> None:
        if content is None or content == "ko":
            path.unlink(missing_ok=True)
        else:
            path.write_text(str(content))

    def _set_process(self, name: str, running: bool) -> None:
        process = self._processes.get(name)
        if running and process is None:
            inside = self.node.path(self.program(name))
            shutil.copy("/usr/bin/sleep", inside)
            self._processes[name] = subprocess.Popen(self.node.enter(self.program(name), str(LIMIT)))
        elif not running and process is not None:
            process.kill()
            process.wait()
            del self._processes[name]


def _no_dad(address: str) -> str:
    """IPv6 addresses are usable at once without duplicate address detection."""
    return " nodad" if ":" in address else ""


def controlled(config: str) -> str:
    """Replace what scripts run and where tracked files are, so that `Lab.set` controls them; all else stays.

    What a script does is not in a configuration's meaning: its result is a state. Each name must be on the line that
    opens its block, and `script` or `file` on lines of their own, as in ordinary files. An empty `""` stays.
    """
    lines: list[str] = []
    name = kind = ""
    for line in config.splitlines():
        opening = re.match(r"\s*(vrrp_script|track_file|vrrp_track_file)\s+([^\s{]+)", line)
        if opening:
            kind, name = ("script" if opening[1] == "vrrp_script" else "file"), opening[2]
        value = Lab.script(name) if kind == "script" else Lab.file(name)
        if kind and re.match(rf'\s*{kind}\s+(?!""\s*$)', line):
            line = f'    {kind} "{value}"'
            kind = ""
        lines.append(line)
    return "\n".join(lines) + "\n"


def hurried(config: str) -> str:
    """Let each script run every second and its first result count: when an outcome comes is not what it is."""
    config = re.sub(r"^\s*(rise|fall|timeout)\s.*\n", "", config, flags=re.MULTILINE)
    return re.sub(r"^(\s*interval)\s.*$", r"\1 1", config, flags=re.MULTILINE)
