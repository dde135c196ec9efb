"""Known bugs of keepalived's releases, and where a configuration reaches them: the one list of them.

A row whose code is another rule's is reported by that rule; KA624 reports the others. `docs/rules/bugs.md`,
`kalint explain bugs` and `kalint diff` are made from these rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.rules.support import bug_places as places
from kalint.version import OLDEST, Version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kalint.rules.rule import Context
    from kalint.source import Span

OWN = "KA624"


class Bug(NamedTuple):
    """A bug of the releases from `first` to `last` (None: the newest has it).

    `reached` is what a configuration has that meets it, `happens` what keepalived then does (the end of a sentence that
    starts with keepalived), `places` finds it in a configuration (None: no single file shows it).
    """

    name: str
    first: Version
    last: Version | None
    code: str
    reached: str
    happens: str
    help: str
    source: str
    places: Callable[[Context], Iterator[Span]] | None = None

    @property
    def releases(self) -> str:
        """`2.1.0 to 2.2.2`, `2.2.7`, `up to 1.3.5`, `2.3.3+`, `of every release`."""
        if self.last is None:
            return "of every release" if self.first == OLDEST else f"{self.first}+"
        if self.first == OLDEST:
            return f"up to {self.last}"
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"

    @property
    def sentence(self) -> str:
        """What a finding says."""
        return f"{self.reached}: keepalived {self.releases} {self.happens} (a bug)"

    @property
    def told(self) -> str:
        """What a comparison of two releases says."""
        return f"{self.reached}: keepalived {self.happens}"

    def found(self, context: Context) -> list[Span]:
        """Where a configuration reaches the bug under its release."""
        version = context.resolved.version
        if self.places is None or version < self.first or (self.last is not None and version > self.last):
            return []
        return list(self.places(context))


BUGS: tuple[Bug, ...] = (
    Bug(
        "virtual-server-without-servers",
        OLDEST,
        Version(1, 3, 5),
        "KA703",
        "a virtual_server without real servers",
        "crashes when it starts",
        "add a real_server, or remove the block",
        "check/ipwrapper.c, fixed in commit e90c7d6b",
        places.empty_virtual_servers,
    ),
    Bug(
        "only-first-url",
        OLDEST,
        Version(2, 0, 16),
        OWN,
        "an HTTP_GET or SSL_GET with several url blocks",
        "checks only the first while the real server is up",
        "write one url, or one check for each",
        "check/check_http.c of 1.2.13 to 2.0.16 (http_handle_response, epilog), fixed in commit 7ba2bf83",
        places.several_urls,
    ),
    Bug(
        "check-without-url",
        Version(1, 3, 7),
        Version(2, 2, 7),
        "KA705",
        "an HTTP_GET or SSL_GET without url, and no check with a connection before it",
        "crashes when it starts",
        "add url with a path, or remove the check",
        "check/check_http.c (http_get_check_end), fixed in 2.2.8; measured on 2.2.7",
        places.first_checks_without_url,
    ),
    Bug(
        "addresses-above-interface",
        OLDEST,
        Version(2, 0, 20),
        OWN,
        "virtual addresses above the interface line of their instance",
        "adds them to eth0 (or default_interface) instead, and drops them without that interface",
        "move the interface line above the addresses",
        "vrrp/vrrp_ipaddress.c of 1.2.13 to 2.0.20 (taken for static addresses); measured on 2.0.20",
        places.misplaced_addresses,
    ),
    Bug(
        "ttl-of-multicast",
        Version(2, 1, 0),
        None,
        "KA507",
        "an IPv4 instance with unicast_ttl and no unicast peers",
        "sends its adverts with a TTL of 0, so no other node hears them",
        "add unicast_peer, or remove unicast_ttl",
        "vrrp/vrrp_parser.c of 2.1.0 to 2.4.3 (vrrp_end_handler); measured on 2.2.7",
        places.unheard_adverts,
    ),
    Bug(
        "file-fault-keeps-sum",
        Version(2, 0, 0),
        Version(2, 0, 19),
        OWN,
        "a track_file with a weight",
        "keeps the old value in the priority after a FAULT by the file",
        "keep value x weight between -253 and 253",
        "vrrp/vrrp_track.c of 2.0.0 to 2.0.19; measured",
        places.history("stale-file-sum"),
    ),
    Bug(
        "deleted-file-stays-unread",
        Version(2, 0, 0),
        Version(2, 0, 20),
        OWN,
        "a track_file",
        "does not read the file again once it was deleted",
        "write into the file instead of replacing it",
        "vrrp/vrrp_track.c of 2.0.0 to 2.0.20; measured",
        places.deleted_files,
    ),
    Bug(
        "reload-counts-scripts-wrong",
        Version(2, 0, 0),
        None,
        "KA623",
        "a script with a weight and reverse, or one that an instance and its sync group track",
        "counts it wrong after a reload",
        "restart keepalived instead of reloading it, or write it as the finding says",
        "vrrp/vrrp_track.c of 2.0.0 to 2.4.3; measured",
        places.scripts_after_reload,
    ),
    Bug(
        "multicast-before-unicast",
        Version(2, 1, 0),
        Version(2, 2, 2),
        OWN,
        "unicast_peer below an instance without peers on the same interface",
        "crashes when it starts",
        "move the instances with unicast_peer above the others, or use one kind on this interface",
        "vrrp/vrrp_scheduler.c of 2.1.0 to 2.2.2 (already_exist_sock reads a null address), fixed in commit 25684fd5",
        places.multicast_before_unicast,
    ),
    Bug(
        "real-server-weight-zero",
        Version(2, 1, 0),
        Version(2, 1, 5),
        OWN,
        "a real_server with weight 0",
        "gives it weight 1, and connections with it",
        "remove the real_server",
        "check/ipwrapper.c (update_svr_wgt), fixed in commit e2b4d108",
        places.zero_weights,
    ),
    Bug(
        "misc-dynamic-timeout",
        Version(2, 2, 0),
        None,
        OWN,
        "a MISC_CHECK with misc_dynamic and misc_timeout",
        "adds the old weight to the new one after each timeout",
        "remove misc_timeout, and let the script end by itself",
        "check/check_misc.c of 2.2.0 to 2.4.3 (misc_check_child_thread)",
        places.dynamic_timeouts,
    ),
    Bug(
        "undefined-track-file-test",
        Version(2, 2, 7),
        Version(2, 2, 7),
        "KA101",
        "a track_file line whose file is not defined",
        "crashes or never ends with -t",
        "define the track_file, or remove the line",
        "observed with 2.2.7; other releases were not tried",
        places.undefined_files,
    ),
    Bug(
        "definition-of-itself",
        Version(1, 4, 0),
        None,
        "KA014",
        "a definition that uses itself, such as `$A=$A`",
        "never ends reading the file",
        "remove the definition, or write its value",
        "lib/parser.c (replace_param); observed with 2.2.7",
        places.cycles,
    ),
    Bug(
        "interface-faults-share-a-bit",
        Version(2, 3, 3),
        None,
        "KA612",
        "several interfaces without a weight",
        "ends the FAULT when the first of them recovers",
        "give the other interfaces a weight, or no_track where they belong to addresses, routes or rules",
        "vrrp/vrrp_track.c of 2.3.3 to 2.4.3 (down_instance, try_up_instance); measured",
        places.history("shared-interface-fault"),
    ),
    Bug(
        "group-fault-counter",
        Version(2, 3, 3),
        None,
        "KA612",
        "several interfaces without a weight in a member of a sync group",
        "counts the group's faults wrongly after two of them",
        "give the other interfaces a weight, or no_track where they belong to addresses, routes or rules",
        "vrrp/vrrp_track.c of 2.3.3 to 2.4.3; measured",
        places.history("group-fault-counter"),
    ),
    Bug(
        "three-nopreempt-equals",
        OLDEST,
        None,
        "KA802",
        "three nodes with nopreempt and equal priorities",
        "may make both backups master for a moment when the master goes",
        "give the nodes different priorities",
        "vrrp/vrrp_scheduler.c (both timers end together); with 2.2.7 it was not seen in 36 takeovers",
    ),
)
