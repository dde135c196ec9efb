"""The tree that a keepalived release has of a file, where it is not the one that was meant.

A daemon of several processes reads the file once in each: the parent (global_defs from 2.0.0 on), the VRRP process and
the checkers (virtual servers). A mistake in a block of one process costs the others little.
Source: init_vrrp_keywords, init_check_keywords, init_global_keywords and init_bfd_keywords, keepalived 1.2.13 to 2.4.3.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from kalint.model.keywords import Keyword, keywords, present
from kalint.syntax.daemon.rows import rows_of
from kalint.syntax.daemon.stream import TOP_LEVEL, Role, Stream
from kalint.syntax.profile import syntax_profile_for
from kalint.text.profile import text_profile_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kalint.source import Line
    from kalint.syntax.daemon.stream import Taken
    from kalint.syntax.tree import Node
    from kalint.version import Version

_PARENT = frozenset(
    (
        "global_defs",
        "linkbeat_use_polling",
        "net_namespace",
        "net_namespace_ipvs",
        "namespace_with_ipsets",
        "use_pid_dir",
        "instance",
        "child_wait_time",
    )
)
_CHECKERS = frozenset(("virtual_server", "virtual_server_group", "SSL"))
_SHARED = frozenset(("bfd_instance", "track_file", "vrrp_track_file"))
_STARTS_VRRP = frozenset(("vrrp_instance", "static_ipaddress", "static_routes", "static_rules"))
_STARTS_CHECKERS = frozenset(("virtual_server",))
_LISTS = frozenset(("group", "notification_email", "interfaces"))
_NAMED = frozenset(("vrrp_instance", "vrrp_sync_group", "track_group", "bfd_instance"))


class Running(NamedTuple):
    """The tree of the daemon, and for each logical line that counts in it the line of its block's head (-1: none)."""

    nodes: tuple[Node, ...]
    read: Mapping[int, int]


def running(lines: Sequence[Line], includes: Sequence[tuple[int, int]], version: Version) -> Running:
    """What a release has of a file. `includes`: for each included file its first line and the one after its last."""
    profile = syntax_profile_for(version)
    rows = rows_of(lines, includes, text_profile_for(version))

    def process(mine: Callable[[str], bool]) -> Taken:
        return Stream(
            rows, profile, lambda context: _roles(context, version, frozenset(filter(mine, _top(version))))
        ).run()

    taken = [(process(lambda name: name in _CHECKERS or name in _SHARED), _CHECKERS)]
    if profile.parent_decides:
        parent = process(lambda name: name in _PARENT)
        vrrp = process(lambda name: name not in _CHECKERS and name not in _PARENT)
        taken = taken if parent.seen & _STARTS_CHECKERS else []
        taken += [(parent, _PARENT)] + [(vrrp, _top(version) - _CHECKERS)] * bool(parent.seen & _STARTS_VRRP)
    else:
        taken.append((process(lambda name: name not in _CHECKERS), _top(version) - _CHECKERS))
    found: list[tuple[int, Node]] = []
    read: dict[int, int] = {}
    for one, names in taken:
        kept = [pair for pair in zip(one.order, one.nodes, strict=True) if pair[1].keyword in names]
        found += kept
        read.update(_within(one.read, {number for number, _ in kept}))
    return Running(tuple(node for _, node in sorted(found, key=lambda pair: pair[0])), read)


def _within(read: Mapping[int, int], tops: set[int]) -> dict[int, int]:
    """Those lines that count in blocks of these heads, and the heads."""
    found: dict[int, int] = {}
    for line, owner in sorted(read.items()):
        if line in tops if owner < 0 else owner in found:
            found[line] = owner
    return found


@cache
def _top(version: Version) -> frozenset[str]:
    return frozenset(name for name, row in keywords(TOP_LEVEL).items() if present(row, version))


@cache
def roles_of(context: str, version: Version) -> Mapping[str, Role]:
    """What a release knows in a context."""
    return {name: _role(row) for name, row in keywords(context).items() if present(row, version)}


@cache
def _roles(context: str, version: Version, mine: frozenset[str]) -> Mapping[str, Role]:
    """What one process of a release knows; the blocks of `mine` are its own, of those on the top level."""
    known = roles_of(context, version)
    if context != TOP_LEVEL:
        return known
    if not syntax_profile_for(version).skips_blocks_of_other_processes:
        return {name: role for name, role in known.items() if name in mine}
    return {name: role if name in mine else Role("other process") for name, role in known.items()}


def _role(row: Keyword) -> Role:
    if row.block:
        return Role("block", row.block, row.name in _NAMED)
    if row.entries:
        return Role("list" if row.name in _LISTS else "values")
    return Role("statement")
