"""The virtual servers that a release balances: their settings with the defaults, and the real servers that are kept.

Source: check/check_parser.c (the handlers), check/ipwrapper.c (link_vsg_to_vs) and check/check_data.c (alloc_vs,
alloc_rs, validate_check_config), keepalived 2.2.7, and the differences of other releases in `Profile`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from kalint.literals import lenient
from kalint.model.keywords import arguments_of, keywords, present
from kalint.model.keywords.arguments import check_arguments
from kalint.semantics.addresses import canonical
from kalint.semantics.servers import Host, groups_of, host_of, port_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kalint.semantics.profile import Profile
    from kalint.semantics.resolved import Resolved
    from kalint.semantics.servers import Entries
    from kalint.source import Span, Word
    from kalint.syntax.tree import Node
    from kalint.version import Version

NEEDS = {
    "HTTP_GET": "url",
    "SSL_GET": "url",
    "url": "path",
    "MISC_CHECK": "misc_path",
    "FILE_CHECK": "track_file",
    "BFD_CHECK": "name",
}
"""What a checker must say, or keepalived drops it (`Profile.incomplete_checker_ignored`)."""
COMMAND = "misc_path"
"""What must not be empty either."""
_NO_VALUE = ("value-invalid", "argument-missing", "keywords-on-one-line")
"""Problems of a first word that keepalived does not take; another keyword is none of its values either."""
_RANGE = re.compile(r"int\((\d+)\.\.(\d+)\)")
SCHEDULER, METHOD, TUNNEL = "wlc", "NAT", "TUN"
"""The defaults, and the method that packs packets in, so that the families of addresses need not be alike."""


class RealServer(NamedTuple):
    """A real server, or the sorry server; `checks` are the keywords of its checkers, in the order of the file."""

    address: str
    port: int
    weight: int
    method: str
    checks: tuple[str, ...]
    written: Node


class Service(NamedTuple):
    """One virtual server. `name` is as `show` has it: `10.0.0.1 80`, `fwmark 3`, `group web`.

    `protocol` is None where a fwmark needs none, or where the release has no default; so is `scheduler`.
    """

    name: str
    protocol: str | None
    scheduler: str | None
    quorum: int
    real_servers: tuple[RealServer, ...]
    sorry_server: RealServer | None
    written: Node


class Values(NamedTuple):
    """What the release takes of the statements in a virtual_server, whether or not it keeps the server.

    `protocol` is TCP, UDP or SCTP, "" where none of them is given; `methods` and `weights` are by the place of the
    first word of a real_server or sorry_server.
    """

    protocol: str
    quorum: int
    hysteresis: int
    methods: Mapping[Span, str]
    weights: Mapping[Span, int]

    def method(self, server: Node) -> str:
        """How packets get to a real server or to the sorry server: NAT, DR or TUN."""
        return self.methods[server.words[0].span]

    def weight(self, server: Node) -> int:
        """The weight of a real server."""
        return self.weights[server.words[0].span]


def services(resolved: Resolved) -> tuple[Service, ...]:
    """The virtual servers of a configuration that the release keeps, in the order of the file."""
    found = (reading.service() for reading in _readings(resolved))
    return tuple(service for service in found if service is not None)


def values(resolved: Resolved) -> Mapping[Span, Values]:
    """What is taken of each virtual_server, by the place of its first word."""
    return {reading.node.words[0].span: reading.taken() for reading in _readings(resolved)}


def _readings(resolved: Resolved) -> Iterator[_Reading]:
    nodes = resolved.config.nodes
    groups = groups_of(nodes)
    for node in nodes:
        if node.keyword == "virtual_server" and node.items is not None and len(node.words) > 1:
            yield _Reading(node, groups, resolved.version, resolved.profile)


class _Reading:
    """One virtual_server block, its statements one after the other, as the daemon's handlers take them."""

    def __init__(self, node: Node, groups: Mapping[str, Entries | None], version: Version, profile: Profile) -> None:
        self.node, self.version, self.profile = node, version, profile
        words = [word.text for word in node.words[1:3]]
        self.kind = words[0] if words[0] in ("fwmark", "group") else "address"
        self.host = host_of(words[0]) if self.kind == "address" else None
        self.port = port_of(node) if self.kind == "address" else 0
        self.group = groups.get(words[1]) if self.kind == "group" and len(words) > 1 else None
        self.family = 0 if self.host is None else self.host[0]
        self.values: dict[str, str] = {}
        self.weight, self.quorum, self.hysteresis = 1, 1, 0
        self.every: list[RealServer] = []
        self.servers: list[tuple[RealServer, Host]] = []
        self.sorry: tuple[RealServer, Host] | None = None
        for item in self.node.items or ():
            self._statement(item)

    def service(self) -> Service | None:
        """The whole of it; None where keepalived ignores the block."""
        if not self._has_address():
            return None
        if self.sorry is not None and self.sorry[0].method != TUNNEL and self.family not in (0, self.sorry[1][0]):
            self.sorry = None
        if not self.servers and self.profile.empty_virtual_server != "kept":
            return None
        if self.group is not None and not self._fits_group():
            return None
        servers = tuple(self._kept())
        default = self.profile.virtual_server_defaults
        return Service(
            _name(self.node),
            self._protocol(default),
            self.values.get("lvs_sched", SCHEDULER if default else None),
            self._quorum(servers),
            servers,
            None if self.sorry is None else self._complete(self.sorry[0]),
            self.node,
        )

    def taken(self) -> Values:
        """What it takes of the statements."""
        every = [self._complete(server) for server in self.every]
        if self.sorry is not None:
            every.append(self._complete(self.sorry[0]))
        return Values(
            self.values.get("protocol", "").upper(),
            self.quorum,
            self.hysteresis,
            {server.written.words[0].span: server.method for server in every},
            {server.written.words[0].span: server.weight for server in every},
        )

    def _has_address(self) -> bool:
        if self.kind == "address":
            return self.host is not None and self.port is not None
        if self.kind == "fwmark":
            return lenient(_argument(self.node, 2), 0) is not None
        return self.group is not None

    def _statement(self, item: Node) -> None:
        keyword = {"lb_algo": "lvs_sched", "lb_kind": "lvs_method"}.get(item.keyword, item.keyword)
        if keyword == "real_server":
            self._real_server(item)
        elif keyword == "sorry_server":
            found = self._server(item, 1)
            self.sorry = found or self.sorry
        elif keyword == "sorry_server_lvs_method" and self.sorry is not None and self._valid(item, "virtual_server"):
            self.sorry = self.sorry[0]._replace(method=item.words[1].text), self.sorry[1]
        elif keyword == "ip_family" and self._valid(item, "virtual_server"):
            family = 6 if item.words[1].text == "inet6" else 4
            self.family = self.family or family
        elif keyword == "quorum":
            self.quorum = lenient(_argument(item), 1) or 1
        elif keyword == "hysteresis":
            self.hysteresis = lenient(_argument(item), 0) or 0
        elif keyword == "weight":
            self.weight = self._weight(item, "virtual_server") or self.weight
        elif keyword in ("lvs_sched", "lvs_method", "protocol") and self._valid(item, "virtual_server"):
            self.values[keyword] = item.words[1].text

    def _valid(self, item: Node, context: str) -> bool:
        """Whether the release takes a statement's first word."""
        if not self._known(item, context) or len(item.words) < 2:
            return False
        problems = check_arguments(keywords(context)[item.keyword], item.words[:2], self.version)
        return not any(problem.kind in _NO_VALUE for problem in problems)

    def _weight(self, item: Node, context: str) -> int | None:
        """A weight, None where it is not in the release's range."""
        row = keywords(context)[item.keyword]
        limits = _RANGE.search(arguments_of(row, self.version))
        if limits is None or not self._known(item, context):
            return None
        return lenient(_argument(item), int(limits[1]), int(limits[2]))

    def _known(self, item: Node, context: str) -> bool:
        row = keywords(context).get(item.keyword)
        return row is not None and present(row, self.version)

    def _server(self, item: Node, weight: int) -> tuple[RealServer, Host] | None:
        host = host_of(item.words[1].text) if len(item.words) > 1 else None
        port = port_of(item)
        if host is None or port is None:
            return None
        method = self.values.get("lvs_method", "")
        return RealServer(canonical(item.words[1].text.partition("-")[0]), port, weight, method, (), item), host

    def _real_server(self, item: Node) -> None:
        found = self._server(item, -1) if item.items is not None else None
        if found is None:
            return
        server, host = found
        for statement in item.items or ():
            if statement.keyword == "weight":
                weight = self._weight(statement, "real_server")
                server = server if weight is None else server._replace(weight=weight)
            elif statement.keyword == "lvs_method" and self._valid(statement, "real_server"):
                server = server._replace(method=statement.words[1].text)
            elif self._checks(statement):
                server = server._replace(checks=(*server.checks, statement.keyword))
        self.every.append(server)
        if server.method != TUNNEL:
            self.family = self.family or host[0]
            if self.family != host[0]:
                return
        self.servers.append((server, host))

    def _checks(self, node: Node) -> bool:
        """Whether a block is a checker that the release keeps."""
        row = keywords("real_server").get(node.keyword)
        if row is None or not row.block or node.items is None or not present(row, self.version):
            return False
        return not self.profile.incomplete_checker_ignored or complete(node)

    def _kept(self) -> Iterator[RealServer]:
        """The real servers without those that are there twice, each with what the virtual server says for all."""
        seen: set[tuple[Host, int]] = set()
        for server, host in self.servers:
            if self.profile.repeated_real_server_removed and (host, server.port) in seen:
                continue
            seen.add((host, server.port))
            yield self._complete(server)

    def _complete(self, server: RealServer) -> RealServer:
        weight = self.weight if server.weight < 0 else server.weight
        server = server._replace(weight=weight, method=server.method or self.values.get("lvs_method", METHOD))
        if self.kind == "group":
            return server
        if self.kind == "fwmark":
            reset = server.method != METHOD and self.profile.real_server_ports_reset
            return server._replace(port=0) if reset else server
        if not server.port or (server.method != METHOD and self.profile.real_server_ports_reset):
            sorry = self.sorry is not None and server.written is self.sorry[0].written
            return server if sorry and server.method == METHOD else server._replace(port=self.port or 0)
        return server

    def _quorum(self, servers: Sequence[RealServer]) -> int:
        limit = self.profile.quorum_limit
        if limit == "none":
            return self.quorum
        return min(self.quorum, len(servers) if limit == "servers" else sum(server.weight for server in servers))

    def _protocol(self, default: bool) -> str | None:
        marked = self.kind == "fwmark" or (self.group is not None and not self.group.ports)
        if marked and default:
            return None
        found = self.values.get("protocol")
        return found.upper() if found else "UDP" if default else None

    def _fits_group(self) -> bool:
        """Whether the families of the group's entries are that of the virtual server."""
        families = self.group.families if self.group is not None else frozenset()
        if len(families) == 2:
            return not self.family
        return not self.family or families <= {self.family}


def complete(checker: Node) -> bool:
    """Whether a checker, and each url of it, says what it must."""
    inner = checker.items or ()
    needed = NEEDS.get(checker.keyword)
    if needed is None:
        return True
    if needed == "url":
        return any(item.keyword == "url" and complete(item) for item in inner)
    said = [item.words for item in inner if item.keyword == needed]
    return any(len(words) > 1 and (needed != COMMAND or words[1].text != "") for words in said)


def _argument(node: Node, at: int = 1) -> str:
    return node.words[at].text if len(node.words) > at else ""


def _name(node: Node) -> str:
    words: Sequence[Word] = node.words[1:3]
    return " ".join(word.text for word in words)
