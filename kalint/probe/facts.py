"""What was seen on the wire, as frozen facts. Times are seconds since the first frame, or since listening began."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from kalint.semantics.acceptance import Advert
from kalint.semantics.acceptance import Copy as Copy

if TYPE_CHECKING:
    from typing import Literal

    from kalint.probe.flapping import Episode

    Ending = Literal[
        "seen",  # still master at the end
        "shutdown",  # it sent priority 0
        "preempted",  # it gave way to a better one
        "silent",  # it was not heard again
        "lost",  # the interface that was listened on went away, so nothing is known
    ]


TWO_MACHINES = " at "
"""Between the address of a source and its Ethernet address, where two machines send from one address."""


def ip_of(source: str) -> str:
    """The address of a source, without the Ethernet address that tells two machines apart."""
    return source.partition(TWO_MACHINES)[0]


class RouterKey(NamedTuple):
    """What makes a virtual router on the wire: a VRID of one family on one interface or VLAN."""

    interface: str
    vlans: tuple[int, ...]
    family: str
    virtual_router_id: int

    @property
    def link(self) -> str:
        """The interface as it is usually called: `eth0`, or `eth0.100` for a VLAN of it."""
        return "".join([self.interface, *(f".{vlan}" for vlan in self.vlans)])

    def __str__(self) -> str:
        family = "IPv4" if self.family == "ipv4" else "IPv6"
        return f"VRID {self.virtual_router_id} {family}{f' on {self.link}' if self.link else ''}"


class Content(NamedTuple):
    """What a source says beside its priority.

    `secret` is what a password became (see `kalint.wire.Secret`; AH and auth_hmac prove each advert anew, so that is
    in `Source.proofs`); `key_id` is that of an auth_hmac.
    """

    version: int
    interval: float
    addresses: tuple[str, ...]
    auth: str
    secret: object = None
    key_id: int | None = None


class SourceAdvert(NamedTuple):
    """What a source sends now, to see whether another node rejects it."""

    address: str
    priority: int
    content: Content
    copies: Collection[Copy]
    proof: object

    @property
    def advert(self) -> Advert:
        """The same as an advert that arrives."""
        said = self.content
        return Advert(
            ip_of(self.address),
            said.version,
            said.interval,
            said.addresses,
            said.auth,
            said.key_id,
            self.proof,
            self.copies,
            said.secret,
        )


class Run(NamedTuple):
    """Adverts that were alike: their number, and the times of the first and the last."""

    adverts: int
    first: float
    last: float


class Source(NamedTuple):
    """Everything that one address has sent for one virtual router.

    `address` is followed by `at` and the Ethernet address where a second machine sends from the same address.

    `priorities` has 0 too, where it has resigned; `changes` are the last of those of the priority, with their times,
    and `flapping` the times in which they came again and again. `proofs`
    is what authenticates the last advert of each content (it has `matches` and never shows itself). `latest` is the
    priority of the last advert.
    """

    address: str
    hardware: tuple[str, ...]
    run: Run
    priorities: Mapping[int, Run]
    contents: Mapping[Content, Run]
    copies: Mapping[Copy, Run]
    problems: Mapping[str, int]
    changes: tuple[tuple[float, int], ...]
    proofs: Mapping[Content, object]
    latest: int
    flapping: tuple[Episode, ...] = ()

    @property
    def ip(self) -> str:
        """Its address."""
        return ip_of(self.address)

    @property
    def said(self) -> Content:
        """The last of its contents."""
        return max(self.contents, key=lambda content: self.contents[content].last)


class MasterPeriod(NamedTuple):
    """A time in which one source was master as far as the wire tells: from its first advert to its last.

    `ended` says why no more came. `after` is who was master before, or ""; `pause` is how many seconds
    passed without an advert before it.
    """

    source: str
    start: float
    end: float
    ended: Ending
    adverts: int
    priority: int
    after: str = ""
    pause: float = 0.0


class Overlap(NamedTuple):
    """A time in which two sources were both master.

    `rejecting`: what they say makes at least one reject the other, so that each advert silences the other's timer and
    silence proves nothing. `going_on`: it had not ended when the observation did.
    """

    sources: tuple[str, str]
    start: float
    end: float
    rejecting: bool
    going_on: bool
    adverts: tuple[int, int]


class Silence(NamedTuple):
    """A time in which nobody was heard; `going_on` up to the end of the observation."""

    start: float
    end: float
    going_on: bool


class Router(NamedTuple):
    """One virtual router as the wire shows it; `dropped` counts adverts of sources too many to keep.

    `flapping` are times in which the master changed again and again; `changes` counts all changes of it, `doubles` how
    often two were master, and `without` the seconds in which nobody was.
    """

    key: RouterKey
    sources: tuple[Source, ...]
    periods: tuple[MasterPeriod, ...]
    overlaps: tuple[Overlap, ...]
    silences: tuple[Silence, ...]
    dropped: int = 0
    flapping: tuple[Episode, ...] = ()
    changes: int = 0
    doubles: int = 0
    without: float = 0.0


class ForeignSource(NamedTuple):
    """A source of CARP, HSRP or GLBP: on which link, of which vhid or group, and how often."""

    protocol: str
    link: str
    family: str
    source: str
    group: int
    run: Run


class Seen(NamedTuple):
    """The whole observation: `seconds` long, begun at `epoch` (seconds since 1970).

    `malformed` counts VRRP packets that are no adverts, by the reason. `dropped` counts adverts of routers too many to
    keep, `lost` frames for which the kernel had no room. `notices` are what happened to the capture: time, interface
    and kind. `foreign` are sources of CARP, HSRP and GLBP. `heard` are all families and VRIDs that were heard, of
    routers too many to keep too. `listening` has for each interface that went away since when it is back, None where it
    is not. `passed_over` counts frames that nobody here can take apart, by what they are.
    """

    epoch: float
    seconds: float
    adverts: int
    routers: tuple[Router, ...]
    malformed: Mapping[str, int]
    dropped: int = 0
    lost: int = 0
    notices: tuple[tuple[float, str, str], ...] = ()
    foreign: tuple[ForeignSource, ...] = ()
    heard: frozenset[tuple[str, int]] = frozenset()
    listening: Mapping[str, float | None] = MappingProxyType({})
    passed_over: Mapping[str, int] = MappingProxyType({})


Rejects = Callable[[RouterKey, SourceAdvert, SourceAdvert], bool]
"""Whether one of two sources of a router rejects what the other says."""
