"""One virtual router of the wire beside the files: who sends, what each node does, what it shares with others."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Literal

    from kalint.probe.expected import Expected
    from kalint.probe.explain import Explained, States
    from kalint.probe.facts import Router, RouterKey, Source
    from kalint.semantics.acceptance import Objection

    Doing = Literal[
        "master",
        "backup",  # silent, as a backup must be
        "missing",  # silent, and should be master
        "left",  # it sent priority 0 a moment ago
        "rejects",  # silent, and rejects what the master sends
        "fault",  # silent: known to be in FAULT
        "waiting",  # silent, and its time to take over has not come yet
        "unknown",  # cannot be told here
    ]


class NodeStatus(NamedTuple):
    """What one node does at one virtual router, at the end of the observation.

    Attributes:
        member: the node's instance.
        doing: see `Doing`.
        since: for a silent one, since when a healthy one would not be silent (seconds); 0 for all the time.
        heard: whether it was heard at all.
        left: when it sent priority 0, None if it did not.
        priority: what it advertises while nothing is down but what is known to be; None in FAULT.
        master: the node that is master, and its priority.
        needed: seconds that it takes to become master.
        lower: the fewest failures that leave it too low to take over; None where none does.
        fault: the fewest failures that put it into FAULT; None where none does.
    """

    member: Expected
    doing: Doing
    since: float = 0.0
    heard: bool = False
    left: float | None = None
    priority: int | None = None
    master: tuple[str, int] = ("", 0)
    needed: float = 0.0
    lower: tuple[int, States] | None = None
    fault: States | None = None


class SharedAddresses(NamedTuple):
    """Addresses that another virtual router of the link has too.

    Attributes:
        virtual_router_id: the other one's.
        addresses: those that both have.
        sources: who advertises the other one; empty where only a file has it.
        file: the instance of a file that has it; None where only the wire has it.
    """

    virtual_router_id: int
    addresses: tuple[str, ...]
    sources: tuple[str, ...] = ()
    file: Expected | None = None


class ComparedSource(NamedTuple):
    """One source of a router.

    Attributes:
        source: what it said.
        expected: the instance whose adverts these are; None where it is none of those that are known.
        others: further instances that it may as well be.
        priorities: what the file says of each priority that was seen, but 0.
        departs: where its adverts differ from its own file.
        rejected: what the files of the other nodes make them object to.
    """

    source: Source
    expected: Expected | None
    others: tuple[Expected, ...]
    priorities: tuple[Explained, ...]
    departs: tuple[Objection, ...]
    rejected: tuple[tuple[Expected, Objection], ...]

    @property
    def name(self) -> str:
        """`lb1 (10.0.0.1)`, or the address alone."""
        nodes = [each.node for each in (self.expected, *self.others) if each is not None]
        return f"{' or '.join(nodes)} ({self.source.address})" if nodes else self.source.address


class View(NamedTuple):
    """One router of the wire beside the instances that the files have for it (none: no file knows it).

    `partly`: its adverts are unicast between other hosts, and only a part of them is heard here.
    `nodes` has what each of the members does, `shared` the virtual addresses that another router has too.
    """

    router: Router
    members: tuple[Expected, ...]
    compared_sources: tuple[ComparedSource, ...]
    nodes: tuple[NodeStatus, ...] = ()
    shared: tuple[SharedAddresses, ...] = ()
    partly: bool = False

    @property
    def key(self) -> RouterKey:
        """The router."""
        return self.router.key

    def name(self, address: str) -> str:
        """What a source is called; its address where it is forgotten."""
        return next((each.name for each in self.compared_sources if each.source.address == address), address)

    def compared(self, address: str) -> ComparedSource:
        """That of an address."""
        return next(each for each in self.compared_sources if each.source.address == address)
