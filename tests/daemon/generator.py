"""Random configurations with many instances, and random states of everything that they hang on.

What a configuration holds is what decides priorities: every kind of tracker on the line, in the definition and in
the group, weights in and out of range, words that are no options, repeated and undefined names, definitions after
their use, owners, missing and invalid priorities, groups of every kind, and devices of addresses, routes and rules.
What the daemon or the kernel here refuses is left out, each with its reason:

- an undefined track_file: keepalived 2.2.7 ends with a segmentation fault;
- an interface that does not exist, and `priority` without a number: the daemon exits;
- processes that come and go: the kernel tells of them in the first network namespace only, so a process here is good
  when its definition says that none may run (quorum_max 0), and bad otherwise.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from harness import Lab, Router

State = int | str | None
LINKS: Mapping[str, Sequence[str]] = {
    "eth0": ["10.9.0.1/24", "fd00:9::1/64"],
    "eth1": ["10.8.0.1/24"],
    "eth2": [],
    "eth3": ["10.6.0.1/24"],
}
FAR: Mapping[str, Sequence[str]] = {"eth0": ["10.9.0.2/24", "10.9.0.3/24", "10.9.0.4/24"]}
INTERVAL = 0.2
"""Seconds between adverts of every instance."""
SCRIPTS = ("chk", "chk_http", "a.b", "x-1", "up", "weight", "late")
FILES = ("load", "tf2", "big")
PROCESSES = ("none", "some")
BFDS: Mapping[str, tuple[str, str]] = {"bfd1": ("10.9.0.3", "10.9.0.1"), "bfd2": ("10.9.0.4", "10.9.0.1")}
ODD_WEIGHTS = (
    "300",
    "-300",
    "254",
    "-254",
    "255",
    "-255",
    "253",
    "-253",
    "20x",
    "abc",
    "+7",
    "-0",
    "0x10",
    "010",
    "1.5",
)
RAW: tuple[State, ...] = (None, "", "junk", "0x10", "010", " 7", "-3 x", "+4", "12abc", "1.9", "0x", "- 5", "\n6\n")
"""What else may be in a tracked file."""


class Case(NamedTuple):
    """One configuration and what is true of it apart from kalint: the things, and each instance's virtual router."""

    config: str
    config_id: str
    routers: Mapping[str, Router]
    fixed: Mapping[str, State]
    things: Sequence[str]


class Generator:
    """Writes one random configuration; every choice comes from `rng`."""

    def __init__(self, rng: random.Random, instances: int) -> None:
        self.rng = rng
        self.lines: list[str] = []
        self.routers: dict[str, Router] = {}
        self.names = [f"{rng.choice(('VI_', 'I', 'web', 'db-'))}{number}" for number in range(instances)]
        self.vrids = rng.sample(range(1, 256), instances)
        self.missing = rng.random() < 0.3
        self.defined: list[str] = []

    def case(self) -> Case:
        """The whole file: definitions, instances and groups, and one definition in the middle of them."""
        rng = self.rng
        self.definitions()
        blocks: list[Callable[[], None]] = [partial(self.instance, name) for name in self.names]
        blocks += self.groups()
        if rng.random() < 0.3:
            blocks.append(partial(self.instance, rng.choice(self.names)))
        rng.shuffle(blocks)
        blocks.insert(rng.randrange(len(blocks)), partial(self.script, "late"))
        for block in blocks:
            block()
        fixed: dict[str, State] = {"process:none": "ok", "process:some": "ko", "interface:eth9": "down"}
        things = [f"script:{name}" for name in SCRIPTS] + [f"file:{name}" for name in FILES]
        things += [f"interface:{name}" for name in LINKS] + [f"bfd:{name}" for name in BFDS]
        return Case("\n".join(self.lines) + "\n", rng.choice(("n1", "n2")), self.routers, fixed, things)

    def definitions(self) -> None:
        """Global settings and all things but the late script, some twice."""
        rng = self.rng
        settings = [" vrrp_version 3", " script_user root", " enable_script_security"]
        self.line("global_defs {", *settings, *([" dynamic_interfaces"] if self.missing else []), "}")
        if rng.random() < 0.3:
            self.defined.append("$W")
            self.line(f"$W={self.weight()}")
        blocks = [partial(self.script, name) for name in SCRIPTS if name != "late"]
        blocks += [partial(self.track_file, name) for name in FILES]
        blocks += [partial(self.process, name) for name in PROCESSES]
        blocks += [partial(self.bfd, name) for name in BFDS]
        if rng.random() < 0.3:
            blocks.append(rng.choice(blocks[: -len(BFDS)]))
        rng.shuffle(blocks)
        for block in blocks:
            block()

    def groups(self) -> list[Callable[[], None]]:
        """Groups of one to three instances; some name one that another group has, or have another group's name."""
        rng = self.rng
        blocks: list[Callable[[], None]] = []
        members = rng.sample(self.names, len(self.names))
        for number in range(max(1, len(self.names) // 8)):
            group = [members.pop() for _ in range(rng.choice((1, 2, 2, 3)))]
            if number and rng.random() < 0.15:
                group.append(rng.choice(self.names))
            blocks.append(partial(self.group, rng.choice((f"G{number}",) * 9 + ("G0",)), group))
        return blocks

    def line(self, *lines: str) -> None:
        self.lines += lines

    def weight(self) -> str:
        """A number that counts, or something else in its place."""
        rng = self.rng
        kind = rng.random()
        if kind < 0.55:
            return str(rng.randint(-40, 40))
        if kind < 0.75:
            return str(rng.randint(-253, 253))
        if kind < 0.8:
            return "0"
        return rng.choice(ODD_WEIGHTS)

    def options(self) -> str:
        """What stands behind a name on a tracking line."""
        rng = self.rng
        if rng.random() < 0.25:
            return ""
        weight = rng.choice(self.defined) if self.defined and rng.random() < 0.05 else self.weight()
        if rng.random() < 0.7:
            return f" weight {weight}"
        if rng.random() < 0.75:
            words = ["reverse", "reverse", "reverse", "noreverse", "reverse extra"]
            return f" weight {weight} {rng.choice(words)}"
        return rng.choice((" weight", f" wieght {weight}", f" weight {weight} revrese", " reverse", f" {weight}"))

    def setting(self, probability: float = 0.85) -> str:
        """The weight line of a definition, or nothing."""
        if self.rng.random() > probability:
            return ""
        tails = ("", "", "", "", " reverse", " noreverse", " revrese")
        count = self.rng.choice((1, 1, 1, 1, 1, 2))
        return "\n".join(f" weight {self.weight()}{self.rng.choice(tails)}" for _ in range(count))

    def block(self, head: str, body: Sequence[str]) -> None:
        """A block with its lines in random order, and its brace on either line."""
        opening = [f"{head} {{"] if self.rng.random() < 0.9 else [head, "{"]
        self.line(*opening, *self.rng.sample(list(body), len(body)), "}")

    def script(self, name: str) -> None:
        body = [f' script "{Lab.script(name)}"', " interval 1", self.setting()]
        self.block(f"vrrp_script {name}", [line for line in body if line])

    def track_file(self, name: str) -> None:
        body = [f" file {Lab.file(name)}", self.setting(0.4)]
        self.block(f"{self.rng.choice(('track_file', 'vrrp_track_file'))} {name}", [line for line in body if line])

    def process(self, name: str) -> None:
        body = [f" process {Lab.program(name)}", self.setting(), " quorum_max 0" if name == "none" else ""]
        self.block(f"vrrp_track_process {name}", [line for line in body if line])

    def bfd(self, name: str) -> None:
        neighbour, source = BFDS[name]
        body = [f" neighbor_ip {neighbour}", f" source_ip {source}", " min_rx 50", " min_tx 50", self.setting()]
        self.block(f"bfd_instance {name}", [line for line in body if line])

    def trackers(self, share: float) -> list[str]:
        """Tracking blocks for an instance or a group: at most a few things of each kind, some twice."""
        rng = self.rng
        lines: list[str] = []
        tables = (
            ("script", (*SCRIPTS, "nosuch"), 0.5),
            ("interface", (*LINKS, "eth9") if self.missing else tuple(LINKS), 0.3),
            ("file", FILES, 0.25),
            ("process", (*PROCESSES, "nosuch"), 0.1),
            ("bfd", (*BFDS, "nosuch"), 0.1),
        )
        for kind, names, often in tables:
            while rng.random() < often * share:
                entries = [f"{rng.choice(names)}{self.options()}" for _ in range(rng.choice((1, 1, 2, 3)))]
                lines += self.tracking(f"track_{kind}", entries)
        return lines

    def tracking(self, head: str, entries: Sequence[str]) -> list[str]:
        """A block of entries in one of the shapes that people give it."""
        shape = self.rng.random()
        if shape < 0.7:
            return [f" {head} {{", *(f"  {entry}" for entry in entries), " }"]
        if shape < 0.8:
            return [f" {head}", " {", *(f"\t{entry} # {entry} weight 1" for entry in entries), " }"]
        if shape < 0.9 and len(entries) == 1:
            return [f" {head} {{ {entries[0]} }}"]
        words = [entry.partition(" ") for entry in entries]
        return [f" {head}{{", *(f'  "{name}" {options}! {name} weight 1' for name, _, options in words), " }"]

    def priority(self) -> list[str]:
        rng = self.rng
        kind = rng.random()
        if kind < 0.65:
            return [f" priority {rng.randint(1, 254)}"]
        if kind < 0.75:
            return [" priority 255"]
        if kind < 0.82:
            return []
        if kind < 0.9:
            return [f" priority {rng.choice(('0', '256', '-5', 'abc', '120x', '+7', '300'))}"]
        if kind < 0.95:
            return [f" priority {rng.randint(1, 255)}", f" priority {rng.randint(1, 255)}"]
        return [f"@n1 priority {rng.randint(1, 255)}", f"@^n1 priority {rng.randint(1, 255)}"]

    def address(self, interface: str, vrid: int, number: int, family: str) -> str:
        """One entry of virtual_ipaddress, some with a device that the instance then hangs on."""
        rng = self.rng
        if family == "ipv6":
            text = f"fe80::9:{vrid:x}" if number == 0 else f"fd00:9:{number}::{vrid:x}"
            prefix = rng.choice(("", "/64"))
        else:
            text, prefix = f"10.{100 + number}.{self.subnet(interface)}.{vrid}", rng.choice(("", "/24", "/32"))
        device = ""
        if number and rng.random() < 0.25:
            device = self.device()
        return f"  {text}{prefix}{device}"

    def device(self) -> str:
        """A device and what may follow it."""
        return f" dev {self.rng.choice(tuple(LINKS))}" + self.rng.choice(("", "", " no_track", " scope link"))

    @staticmethod
    def subnet(interface: str) -> int:
        return tuple(LINKS).index(interface)

    def instance(self, name: str) -> None:
        rng = self.rng
        vrid = self.vrids[self.names.index(name)]
        interface = rng.choices(("eth0", "eth1", "eth3"), (8, 2, 2))[0]
        family = "ipv6" if interface == "eth0" and rng.random() < 0.15 else "ipv4"
        self.routers.setdefault(name, Router(interface, family, vrid))
        addresses = [self.address(interface, vrid, number, family) for number in range(rng.choice((1, 1, 2, 3)))]
        parts = [
            [f" interface {interface}"],
            [f" virtual_router_id {vrid}"],
            self.priority(),
            [f" advert_int {INTERVAL}"],
            [" virtual_ipaddress {", *addresses, " }"],
        ]
        if rng.random() < 0.75:
            parts.append([f" state {rng.choice(('BACKUP', 'BACKUP', 'MASTER'))}"])
        if rng.random() < 0.1:
            parts.append([f" state {rng.choice(('MASTER', 'SLAVE', 'backup'))}"])
        if rng.random() < 0.15:
            parts.append([" nopreempt"])
        if interface == "eth0" and family == "ipv4" and rng.random() < 0.1:
            parts.append([" unicast_src_ip 10.9.0.1", " unicast_peer {", "  10.9.0.2", " }"])
        if rng.random() < 0.1:
            parts.append(
                [f" {rng.choice(('accept', 'strict_mode', 'garp_master_delay 1', 'debug 1', 'authentication {}'))}"]
            )
        if rng.random() < 0.15:
            parts.append([" dont_track_primary"])
        if rng.random() < 0.1:
            parts.append([" virtual_ipaddress_excluded {", f"  10.140.0.{vrid}{self.device()}", " }"])
        if rng.random() < 0.1:
            parts.append([" virtual_routes {", self.route(vrid), " }"])
        if rng.random() < 0.06:
            parts.append([" virtual_rules {", self.rule(vrid), " }"])
        rng.shuffle(parts)
        self.line(f"vrrp_instance {name} {{", *(line for part in parts for line in part))
        self.line(*self.trackers(1.0), "}")

    def route(self, vrid: int) -> str:
        track = self.rng.choice(("", "", " no_track"))
        way = self.rng.choice(("", " via 10.9.0.2", " src 10.9.0.1", " metric 5"))
        if self.rng.random() < 0.2:
            return f"  blackhole 10.150.{vrid}.0/24{track}"
        return f"  10.150.{vrid}.0/24{way} dev {self.rng.choice(tuple(LINKS))}{track}"

    def rule(self, vrid: int) -> str:
        rng = self.rng
        match = rng.choice(("iif {0}", "oif {0}", "iif {0} oif {1}", "")).format(*rng.sample(tuple(LINKS), 2))
        return (
            f"  from 10.160.{vrid}.0/24 {match} table {vrid} priority {1000 + vrid}{rng.choice(('', '', ' no_track'))}"
        )

    def group(self, name: str, members: Sequence[str]) -> None:
        rng = self.rng
        extra = ["nosuch"] if rng.random() < 0.1 else []
        lines = [" group {", *(f"  {member}" for member in (*members, *extra)), " }"]
        if rng.random() < 0.45:
            lines.insert(
                rng.choice((0, len(lines))), f" {rng.choice(('sync_group_tracking_weight', 'global_tracking'))}"
            )
        if rng.random() < 0.6:
            lines += self.trackers(0.7)
        self.line(f"vrrp_sync_group {name} {{", *lines, "}")


def generate(rng: random.Random, instances: int) -> Case:
    """A random configuration."""
    return Generator(rng, instances).case()


def random_states(rng: random.Random, case: Case) -> dict[str, State]:
    """A state for every thing: mostly good, so that single failures show; a bfd is never up on a link that is down."""
    states: dict[str, State] = dict(case.fixed)
    bad = rng.choice((0.05, 0.15, 0.3))
    for thing in case.things:
        kind, _, name = thing.partition(":")
        failed = rng.random() < bad
        if kind == "script":
            states[thing] = "ko" if failed else "ok"
        elif kind == "file":
            numbers: tuple[State, ...] = (
                1,
                -1,
                2,
                10,
                -10,
                rng.randint(-300, 300),
                rng.randint(150, 300),
                127,
                -127,
                253,
                -254,
                5000,
            )
            states[thing] = rng.choice(numbers + RAW) if failed else 0
        elif kind == "interface":
            states[thing] = "down" if failed and (name == "eth2" or rng.random() < 0.2) else "up"
        else:
            states[thing] = "down" if failed or states["interface:eth0"] == "down" else "up"
    return states
