"""What a keepalived release makes of a configuration: every value it uses, every tracker it keeps or drops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from kalint.model.config import Config, Definition, SyncGroup, VrrpInstance
from kalint.problem import Problem
from kalint.source import Word
from kalint.version import NEWEST, Version

if TYPE_CHECKING:
    from typing import Literal

    from kalint.model.config import TrackKind
    from kalint.semantics.profile import Profile

    Origin = Literal["instance", "sync_group", "own_interface", "address", "route", "rule"]
    Family = Literal["ipv4", "ipv6"]
    Ignored = Literal[
        "undefined",  # no such script, file, process or bfd
        "defined-later",  # it is defined after the block that tracks it
        "bad-option",  # a typo on the line, so the whole line is dropped
        "repeated",  # the same thing again in one block: the first wins
        "overridden",  # the sync group, or a later implicit tracker, has replaced it
        "owner",  # priority 255
        "sync-group",  # a group without sync_group_tracking_weight drops weighted trackers of its members
        "own-interface",  # track_interface on the instance's own interface
        "release",  # this release has no such tracker
        "not-connected",  # a bug of the release (a group's track_process before 2.2.0, ...)
    ]
    History = Literal[
        "shared-interface-fault",  # subject: the unweighted interfaces; any that returns ends the FAULT of the others
        "group-fault-counter",  # the same in a sync group: its count of faults is off by one after two faults
        "stale-file-sum",  # subject: the file; after FAULT the sum keeps the file's old contribution
        "deleted-file-stale",  # subject: the file; once deleted it is not read again
        "reload-forgets-reverse",  # subject: the script; a reload takes its reversed weight for a plain one
    ]

T = TypeVar("T")

OWNER = 255
"""The priority of the address owner, which no weight changes."""


class Setting(Generic[T]):
    """A value and the word that decided it; `word` is None where it is the default."""

    __slots__ = ("value", "word")
    value: T
    word: Word | None

    def __init__(self, value: T, word: Word | None = None) -> None:
        object.__setattr__(self, "value", value)
        object.__setattr__(self, "word", word)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a Setting is frozen")

    def __repr__(self) -> str:
        return f"Setting({self.value!r}, explicit={self.explicit})"

    @property
    def explicit(self) -> bool:
        return self.word is not None


class Tracker(NamedTuple):
    """One thing that an instance (or a sync group) hangs on, with the weight that counts in the end.

    `weight` 0 means FAULT instead of a change. `where` is the thing's name where it is tracked, or the `dev` that
    implies it, or the `interface` line. `weight.word` is None for a default. `ignored` is None for a live tracker;
    `requested` is the weight that was asked for where that differs (a group turned it into 0, out of range, ...).
    `lasting` is what the daemon's last start or reload counts beside the tracker until the next one: priority, and
    faults (`kalint.semantics.starting`). `initial` is what the daemon writes to a tracked file when it starts, None: it
    does not.
    """

    kind: TrackKind
    name: str
    weight: Setting[int]
    reverse: bool
    origin: Origin
    where: Word
    ignored: Ignored | None = None
    requested: Setting[int] | None = None
    lasting: tuple[int, int] = (0, 0)
    initial: int | None = None

    @property
    def key(self) -> str:
        """The thing as interfaces name it: `script:chk`."""
        return f"{self.kind}:{self.name}"


class Script(NamedTuple):
    """A vrrp_script; times in seconds."""

    name: str
    written: Definition
    script: Setting[str]
    interval: Setting[float]
    timeout: Setting[float]
    weight: Setting[int]
    reverse: Setting[bool]
    rise: Setting[int]
    fall: Setting[int]
    init_fail: Setting[bool]


LINK_LOCAL_MUTE = "its unicast adverts from a link-local address fail (Invalid argument)"
"""Why an IPv6 instance is master but never heard, in releases before 2.0.0."""
LINK_LOCAL_FAULT = "no socket for its link-local unicast_src_ip"
"""Why an IPv6 instance is in FAULT for ever, in 2.1.x."""
NO_IPVLAN_ADDRESS = "use_ipvlan without an IPv4 address"
"""Why an instance, and its sync group with it, is in FAULT for ever: an IPv4 ipvlan has nothing to send from."""
NO_PEERS = "unicast_fault_no_peer without unicast peers"
"""Why an instance, and its sync group with it, is in FAULT for ever, from 2.2.5 on (vrrp.c vrrp_complete_instance)."""
SILENCES = frozenset({LINK_LOCAL_MUTE, LINK_LOCAL_FAULT, NO_IPVLAN_ADDRESS, NO_PEERS})
"""What `Instance.silent` says where no script is the reason."""


class Instance(NamedTuple):
    """A VRRP instance as the release runs it; times in seconds.

    `trackers` has the ignored ones too, in the order of the file, own interface and implied ones last, then the
    sync group's. `silent` says why the instance sends no adverts at all, else None: the script of weight 0 that is on a
    member of its group and on the group, or one of SILENCES. `group_faults` are the live trackers of all members of
    its group that can FAULT: any of them faults this instance too, but none of them changes its priority unless it is
    in `trackers` as well.
    `history` says where the present states alone do not decide: (kind, subject), the kinds are those of `History`.
    """

    name: str
    written: VrrpInstance
    state: Setting[str]
    interface: Setting[str]
    family: Family
    vrrp_version: int
    virtual_router_id: Setting[int]
    base_priority: Setting[int]
    advert_interval: Setting[float]
    preempt: Setting[bool]
    preempt_delay: Setting[float]
    auth_type: Setting[str] | None
    virtual_addresses: tuple[str, ...]
    unicast_peers: tuple[str, ...]
    sync_group: str | None
    trackers: tuple[Tracker, ...]
    silent: str | None = None
    group_faults: tuple[Tracker, ...] = ()
    history: tuple[tuple[History, str], ...] = ()
    down_timer_adverts: int = 3
    strict: bool = False

    @property
    def owner(self) -> bool:
        """Priority 255: the address owner."""
        return self.base_priority.value == OWNER

    @property
    def written_owner(self) -> bool:
        """Whether `priority 255` and `state MASTER` are both written.

        A sync group is master at once only if all members are: since 2.0.0 its state is settled (vrrp_sync.c
        vrrp_sync_set_group) before an owner without `state` becomes MASTER (vrrp.c vrrp_complete_instance).
        """
        state, priority = self.state.word, self.base_priority.word
        return self.owner and state is not None and state.text == "MASTER" and priority is not state


class Group(NamedTuple):
    """A sync group that the release keeps; `tracking_weight` is sync_group_tracking_weight or global_tracking."""

    name: str
    written: SyncGroup
    members: tuple[str, ...]
    trackers: tuple[Tracker, ...]
    tracking_weight: bool


class Resolved(NamedTuple):
    """The whole of it, in the order of the file; `problems` are those that only the release can see.

    `version` is the release itself, where `profile` may be that of an earlier one which behaves alike.
    """

    config: Config
    profile: Profile
    scripts: tuple[Script, ...]
    sync_groups: tuple[Group, ...]
    instances: tuple[Instance, ...]
    problems: tuple[Problem, ...]
    version: Version = NEWEST
