"""`kalint fleet` for people: a table of VRIDs for each network, what is free, and what collides."""

from __future__ import annotations

from collections import Counter
from itertools import zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING, TextIO, cast

from kalint.analysis.fleet import listed
from kalint.findings.diagnostic import SEVERITIES
from kalint.report.columns import WIDTH, Names, folded, left, named, right, width
from kalint.report.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kalint.analysis.fleet import Collision, Fleet, Member, OnNetwork

_COLORS = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "info": "\x1b[1;34m"}
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"
HEADS = ("VRID", "clusters", "virtual addresses")
MOST_PLACES = 6


def render(result: object, stream: TextIO, *, color: bool = False) -> None:
    """Write a block for each network, and a last line that counts."""
    fleet = cast("Fleet", result)
    alone = 0
    names = named(name for one in fleet.networks for name in one.network.clusters)
    shortened = False
    for one in fleet.networks:
        if one.network.inferred and len(one.network.clusters) < 2:
            alone += 1
            continue
        shortened = bool(names.common)
        for line in _block(one, names, color):
            print(line, file=stream)
        print(file=stream)
    last = [*_counts(fleet, alone), *([names.legend("cluster")] if shortened else [])]
    for text in last:
        print("\n".join(_wrapped(printable(text))), file=stream)


def _block(one: OnNetwork, names: Names, color: bool) -> Iterator[str]:
    bold, plain = (_BOLD, _PLAIN) if color else ("", "")
    network = one.network
    count = len(network.clusters)
    yield f"{bold}{_name(one)}{plain}: {count} cluster{'s' * (count != 1)}"
    families = {member.family for member in network.members}
    rows = [HEADS]
    rows += [_row(family, vrid, members, families, names) for (family, vrid), members in network.used().items()]
    yield from _table(rows)
    for family, ranges in network.free().items():
        said = ", ".join(f"{low}-{high}" if low != high else f"{low}" for low, high in ranges) or "none"
        name = f" ({family})" if len(families) > 1 else ""
        yield from _wrapped(f"  free VRIDs{name}: {said}")
    for each in one.collisions:
        paint = _COLORS[each.severity] if color else ""
        yield f"  {paint}{each.severity}:{plain} {printable(names.short(each.message))}"
        for member in each.members[:MOST_PLACES]:
            yield f"    {printable(f'{member.file}:{member.line}')}: {printable(f'{member.node} {member.instance}')}"
        if len(each.members) > MOST_PLACES:
            yield f"    and {len(each.members) - MOST_PLACES} more places"


def _wrapped(text: str) -> list[str]:
    return wrap(text, WIDTH, subsequent_indent="    ", break_on_hyphens=False, break_long_words=False)


def _table(rows: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    """The rows: what does not fit its column goes on in the next line."""
    numbers, clusters, addresses = (max(width(row[index]) for row in rows) for index in range(3))
    both = WIDTH - 6 - numbers
    clusters = min(clusters, max(both - addresses, both // 2))
    for number, *texts in rows:
        cells = [folded(text, cells) for text, cells in zip(texts, (clusters, both - clusters), strict=True)]
        for at, (cluster, address) in enumerate(zip_longest(*cells, fillvalue="")):
            yield f"  {right('' if at else number, numbers)}  {left(cluster, clusters)}  {address}".rstrip()


def _row(family: str, vrid: int, members: Sequence[Member], families: set[str], names: Names) -> tuple[str, str, str]:
    clusters = list(dict.fromkeys(member.cluster for member in members))
    addresses = list(dict.fromkeys(address for member in members for address in member.addresses))
    name = f"{vrid} {family}" if len(families) > 1 else f"{vrid}"
    return name, printable(names.short(listed(clusters))), printable(listed(addresses))


def _name(one: OnNetwork) -> str:
    return f"{'subnet' if one.network.inferred else 'network'} {printable(one.network.name)}"


def _severities(collisions: Iterable[Collision]) -> str:
    """`2 errors, 1 info`."""
    counts = Counter(each.severity for each in collisions)
    return ", ".join(f"{counts[each]} {each}{'s' * (counts[each] != 1)}" for each in SEVERITIES if counts[each])


def _counts(fleet: Fleet, alone: int) -> Iterator[str]:
    """How many collisions there are, and on which networks: the tables above may be long."""
    every = _severities(collision for one in fleet.networks for collision in one.collisions)
    clusters = {name for one in fleet.networks for name in one.network.clusters} | set(fleet.unplaced)
    known = any(not one.network.inferred for one in fleet.networks)
    yield f"{every or 'no collision'} in {len(clusters)} cluster{'s' * (len(clusters) != 1)}"
    if len(fleet.networks) > 1:
        yield from (f"  {_name(one)}: {_severities(one.collisions)}" for one in fleet.networks if one.collisions)
    if alone:
        yield f"{alone} more subnet{'s' * (alone != 1)} with one cluster each: --format jsonl shows them"
    if fleet.unplaced:
        yield f"no subnet is known for {listed(fleet.unplaced)}: their addresses have no prefix length"
    if not known:
        yield "subnets are guessed from virtual addresses; [networks.NAME] in kalint.toml makes collisions errors"
