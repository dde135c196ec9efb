"""Virtual addresses that two virtual routers of one link have: on the wire, or one on the wire and one in a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from kalint.probe.view import SharedAddresses

if TYPE_CHECKING:
    from kalint.probe.expected import Expected
    from kalint.probe.facts import Router
    from kalint.probe.view import View

MOST_SHARED = 16
"""At most this many other routers with one router's addresses are named."""


def shared(views: Sequence[View], expected: Sequence[Expected]) -> Iterator[tuple[SharedAddresses, ...]]:
    """What each view shares with others, in the order of the views; two that had an address one after the other do not.

    Args:
        views: the routers that were heard.
        expected: every instance of the files.
    """
    times = [_times(view.router) for view in views]
    having: dict[tuple[str, tuple[int, ...], str, str], list[int]] = {}
    for index, view in enumerate(views):
        for address in times[index]:
            having.setdefault(_key(view, address), []).append(index)
    files = _Files(expected)
    for index, view in enumerate(views):
        found: dict[int, list[str]] = {}
        for address, (first, last) in times[index].items():
            for other in having[_key(view, address)]:
                start, end = times[other][address]
                if other != index and start <= last and first <= end:
                    found.setdefault(other, []).append(address)
        on_the_wire = [_with(view, views[other], tuple(addresses)) for other, addresses in found.items()]
        known = {each.virtual_router_id for each in on_the_wire if each is not None}
        in_files = files.having(view, times[index], known)
        yield tuple([each for each in (*on_the_wire, *in_files) if each is not None][:MOST_SHARED])


def _key(view: View, address: str) -> tuple[str, tuple[int, ...], str, str]:
    """An address on the link of a view."""
    interface, vlans, family, _ = view.key
    return interface, vlans, family, address


def _times(router: Router) -> dict[str, tuple[float, float]]:
    """From when to when each address was advertised."""
    found: dict[str, tuple[float, float]] = {}
    for source in router.sources:
        for content, run in source.contents.items():
            for address in content.addresses:
                first, last = found.get(address, (run.first, run.last))
                found[address] = min(first, run.first), max(last, run.last)
    return found


def _with(view: View, other: View, addresses: tuple[str, ...]) -> SharedAddresses | None:
    """The addresses of another router; None where one sync group holds both."""
    groups = {(each.node, each.instance.sync_group) for each in view.members if each.instance.sync_group}
    if any((each.node, each.instance.sync_group) in groups for each in other.members):
        return None
    names = tuple(
        compared.name
        for compared in other.compared_sources
        if any(set(content.addresses) & set(addresses) for content in compared.source.contents)
    )
    return SharedAddresses(other.key.virtual_router_id, addresses, names, next(iter(other.members), None))


class _Files:
    """Every instance of the files, by its addresses."""

    def __init__(self, expected: Sequence[Expected]) -> None:
        self._expected = expected
        self._links = {each.instance.interface.value for each in expected}
        self._by_address: dict[str, list[int]] = {}
        for place, each in enumerate(expected):
            for address in each.addresses | each.excluded:
                self._by_address.setdefault(address, []).append(place)

    def having(self, view: View, times: Mapping[str, object], known: set[int]) -> Iterator[SharedAddresses]:
        """Instances of other VRIDs that have these addresses; those on another link have not."""
        key, link, told = view.key, view.key.link, set(known)
        own = {address for each in view.members for address in each.addresses | each.excluded}
        found: dict[int, list[str]] = {}
        for address in times:
            for place in self._by_address.get(address, ()) if address not in own else ():
                found.setdefault(place, []).append(address)
        for place, both in sorted(found.items()):
            instance = self._expected[place].instance
            vrid = instance.virtual_router_id.value
            elsewhere = link in self._links and instance.interface.value != link
            if vrid not in (key.virtual_router_id, *told) and instance.family == key.family and not elsewhere:
                told.add(vrid)
                yield SharedAddresses(vrid, tuple(both), (), self._expected[place])
