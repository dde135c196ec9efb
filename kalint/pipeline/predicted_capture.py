"""`kalint simulate --write-pcap`: the adverts of a timeline as a capture that tshark and `kalint probe --pcap` read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.errors import InputError
from kalint.probe.expected import expect
from kalint.simulation.event import SECOND
from kalint.simulation.run import Simulation
from kalint.wire.encoder import Sent, write_frames
from kalint.writing import opened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kalint.analysis.cluster.members import Node
    from kalint.probe.expected import Expected
    from kalint.simulation.event import Event
    from kalint.simulation.timeline import Timeline

EPOCH = 1767225600.0
"""When a predicted capture begins: 2026-01-01 00:00:00 UTC."""


def write_prediction(timeline: Timeline, path: str) -> None:
    """Write every advert of a run.

    Raises:
        InputError: the file cannot be written, or a key stands in a file of its own, which kalint does not read.
    """
    simulation = Simulation(timeline.nodes, timeline.scenario._replace(adverts=True))
    write_frames(path, list(_sent(simulation.run(), simulation, timeline.nodes)), opened)


def _sent(events: Iterable[Event], simulation: Simulation, nodes: Sequence[Node]) -> Iterator[Sent]:
    order = [node.name for node in nodes]
    instances = _instances(nodes)
    counts: dict[str, int] = {}
    for event in events:
        if event.kind == "daemon":
            instances = _instances(tuple(simulation.nodes.values())) | {
                key: each for key, each in instances.items() if event.after != "reloaded"
            }
        if event.kind == "advert" and isinstance(event.after, int):
            each = instances[event.node, event.instance]
            counts[event.node] = counts.get(event.node, 0) + 1
            yield from _copies(event, each, order, instances, counts[event.node])


def _instances(nodes: Sequence[Node]) -> dict[tuple[str, str], Expected]:
    return {(each.node, each.instance.name): each for each in expect(nodes)}


def _copies(
    event: Event,
    each: Expected,
    order: Sequence[str],
    instances: dict[tuple[str, str], Expected],
    number: int,
) -> Iterator[Sent]:
    """The advert, or one for each unicast peer."""
    instance, settings = each.instance, each.instance.written.settings
    index = order.index(event.node) + 1
    vmac = "use_vmac" in settings and "vmac_xmit_base" not in settings
    last = instance.virtual_router_id.value
    own = f"00:00:5e:00:0{1 if instance.family == 'ipv4' else 2}:{last:02x}" if vmac else _mac(index)
    key, key_id = _key(each)
    for peer in instance.unicast_peers or (each.group or "",):
        there = next((order.index(other.node) + 1 for other in instances.values() if peer in other.sources), len(order))
        yield Sent(
            EPOCH + event.time / SECOND,
            instance.interface.value,
            next(iter(sorted(each.sources)), _source(instance.family, index)),
            peer,
            own,
            _mac(there) if instance.unicast_peers else None,
            each.ttl if each.ttl is not None else 64,  # the kernel's hop limit
            instance.vrrp_version,
            last,
            event.after if isinstance(event.after, int) else 0,
            instance.advert_interval.value,
            tuple(address.partition("/")[0] for address in instance.virtual_addresses),
            each.auth,
            key,
            key_id,
            _checksum(each),
            number,
        )


def _source(family: str, index: int) -> str:
    """The address of a node that nobody tells: one for documentation, or link-local."""
    return f"192.0.2.{index}" if family == "ipv4" else f"fe80::{index:x}"


def _mac(index: int) -> str:
    return f"02:00:00:00:00:{index & 0xFF:02x}"


def _checksum(each: Expected) -> str:
    if each.instance.family == "ipv6":
        return "pseudo"
    return next(form for form in ("pseudo", "multicast-pseudo", "plain") if form in each.checksum)


def _key(each: Expected) -> tuple[bytes, int]:
    if each.hmac is not None and each.auth == "hmac":
        text, key_id = each.hmac.keys[each.hmac.active].text, each.hmac.active
    else:
        text, key_id = each.password.text if each.password is not None else "", 0
    if text.startswith("file:"):
        raise InputError(f"{each.name}: its auth_hmac key is in a separate file, so its adverts cannot be written")
    return text.encode("utf-8", "surrogateescape"), key_id
