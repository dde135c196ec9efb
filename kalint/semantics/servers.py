"""The virtual servers of a configuration and their real servers, as they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.literals import lenient, packed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kalint.source import Word
    from kalint.syntax.tree import Node

LAST_PORT = 65535
Host = tuple[int, bytes]
"""The family (4 or 6) and the bytes of an address."""


class Server(NamedTuple):
    """A real_server, or the sorry_server of a virtual server; `port` is 0 where there is none."""

    node: Node
    host: Host
    port: int
    settings: Mapping[str, Node]

    @property
    def name(self) -> str:
        return shown(self.node.words[1:3])


class VirtualServer(NamedTuple):
    """A virtual_server whose address can be read.

    `kind` is address, fwmark or group; `host` is None and `port` 0 for all but an address. `ports` are those of its
    addresses (0 where one has none), `marked` says that it has fwmarks: a group can have both. `servers` are the real
    servers that can be read, `sorry` is the sorry server.
    """

    node: Node
    kind: str
    host: Host | None
    port: int
    ports: frozenset[int]
    marked: bool
    settings: Mapping[str, Node]
    servers: tuple[Server, ...]
    sorry: Server | None

    @property
    def name(self) -> str:
        """As the file has it: `10.0.0.1 80`, `fwmark 3`, `group web`."""
        return shown(self.node.words[1:3])

    @property
    def family(self) -> int:
        """4, 6, or 0 where nothing says it."""
        if self.host is not None:
            return self.host[0]
        return {"inet": 4, "inet6": 6}.get(value(self.settings, "ip_family"), 0)

    @property
    def every_server(self) -> tuple[Server, ...]:
        """The real servers and the sorry server."""
        return self.servers if self.sorry is None else (*self.servers, self.sorry)


def virtual_servers(nodes: Sequence[Node]) -> Iterator[VirtualServer]:
    """The virtual_server blocks in the order of the file, but for those that keepalived skips."""
    groups = groups_of(nodes)
    for node in nodes:
        if node.keyword == "virtual_server" and node.items is not None and len(node.words) > 1:
            found = _virtual_server(node, groups)
            if found is not None:
                yield found


def _virtual_server(node: Node, groups: Mapping[str, Entries | None]) -> VirtualServer | None:
    first = node.words[1].text
    kind = first if first in ("fwmark", "group") else "address"
    host, port = None, 0
    if kind == "address":
        host, number = host_of(first), port_of(node)
        if host is None or number is None:
            return None
        port = number
    elif len(node.words) < 3:
        return None
    ports, marked = frozenset({port}), False
    if kind == "group":
        entries = groups.get(node.words[2].text)
        ports, marked = (frozenset(), False) if entries is None else entries[:2]
    elif kind == "fwmark":
        ports, marked = frozenset(), True
    settings = statements(node)
    servers = tuple(
        server
        for item in node.items or ()
        if item.keyword == "real_server" and item.items is not None and (server := _server(item)) is not None
    )
    sorry = settings.get("sorry_server")
    return VirtualServer(node, kind, host, port, ports, marked, settings, servers, _server(sorry) if sorry else None)


class Entries(NamedTuple):
    """What a virtual_server_group holds: the ports of its addresses, whether it has fwmarks, the families (4, 6)."""

    ports: frozenset[int]
    marked: bool
    families: frozenset[int]


def groups_of(nodes: Sequence[Node]) -> dict[str, Entries | None]:
    """The entries of each virtual_server_group; None where there is nothing in it. The first of a name counts."""
    found: dict[str, Entries | None] = {}
    for node in nodes:
        if node.keyword == "virtual_server_group" and len(node.words) > 1 and node.words[1].text not in found:
            found[node.words[1].text] = _entries(node)
    return found


def _entries(group: Node) -> Entries | None:
    found = [entry for entry in map(_entry, group.items or ()) if entry is not None]
    ports = frozenset(port for port, _ in found if port is not None)
    families = frozenset(family for _, family in found if family)
    return Entries(ports, any(port is None for port, _ in found), families) if found else None


def _entry(entry: Node) -> tuple[int | None, int] | None:
    """The port of an address, or None for a fwmark, and the family (0: nothing says it); None where it is dropped."""
    words = [word.text for word in entry.words]
    if words[0] == "fwmark":
        family = {"inet": 4, "inet6": 6}.get(words[2], -1) if len(words) > 2 else 0
        return None if family < 0 or len(words) < 2 or lenient(words[1], 0) is None else (None, family)
    host = host_of(words[0])
    port = port_of(entry, 1)
    return None if host is None or port is None else (port, host[0])


def _server(node: Node) -> Server | None:
    host = host_of(node.words[1].text) if len(node.words) > 1 else None
    port = port_of(node)
    return None if host is None or port is None else Server(node, host, port, statements(node))


def statements(node: Node) -> dict[str, Node]:
    """The last statement of each keyword in a block."""
    return {item.keyword: item for item in node.items or ()}


def value(settings: Mapping[str, Node], keyword: str) -> str:
    """The first word after a keyword, or ""."""
    node = settings.get(keyword)
    return node.words[1].text if node is not None and len(node.words) > 1 else ""


def number(settings: Mapping[str, Node], keyword: str, default: int) -> int:
    """The whole number after a keyword; the default where there is none that can be read."""
    text = value(settings, keyword)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else default


def shown(words: Iterable[Word]) -> str:
    """Words as a message may print them."""
    return " ".join(word.shown for word in words)


def port_of(node: Node, at: int = 2) -> int | None:
    """The port that a statement names in its third word, or in another one: 0 where it names none, None for no port."""
    text = node.words[at].text if len(node.words) > at else ""
    return lenient(text, 1, LAST_PORT) if text.strip("0") else 0


def host_of(text: str) -> Host | None:
    """As lib/utils.c, inet_stosockaddr: what follows `/` or `-` is not looked at."""
    text = text.partition("/")[0].partition("-")[0]
    host = packed(text)
    return None if host is None else (6 if ":" in text else 4, host)
