"""Virtual addresses by interface, and the subnets that they name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.semantics.addresses import device_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

    from kalint.model.config import Address
    from kalint.semantics.resolved import Resolved
    from kalint.source import Word


class Named(NamedTuple):
    """An address as it is written; `network` is None without a prefix length, or with one for this address only."""

    text: str
    word: Word
    instance: str
    host: IPv4Address | IPv6Address
    network: IPv4Network | IPv6Network | None
    peer: bool

    def inside(self, other: Named) -> bool:
        return other.network is not None and self.host.version == other.network.version and self.host in other.network


class Subnets:
    """The subnets that addresses of one family name, to ask of each address whether it is in any of them."""

    def __init__(self, addresses: Iterable[Named]) -> None:
        self._by_length: dict[int, set[int]] = {}
        for network in {address.network for address in addresses if address.network is not None}:
            bits = network.max_prefixlen - network.prefixlen
            self._by_length.setdefault(bits, set()).add(int(network.network_address) >> bits)

    def hold(self, address: Named) -> bool:
        """Whether an address is in one of them."""
        host = int(address.host)
        return any(host >> bits in starts for bits, starts in self._by_length.items())


def alone(address: Named) -> bool:
    """Whether nothing says what subnet the address belongs to."""
    return "/" not in address.text and not address.peer


def interfaces(resolved: Resolved) -> dict[tuple[str, int], list[Named]]:
    """The addresses of each interface and family; those of an instance whose own addresses are known are left out.

    So are interfaces whose addresses all have a prefix length, or have none.
    """
    found: dict[tuple[str, int], list[Named]] = {}
    sure, bare = (
        {device for _, address, device in _devices(resolved) if ("/" in address.word.text) == told}
        for told in (True, False)
    )
    for instance, address, device in _devices(resolved):
        named = _named(address, instance) if device in sure and device in bare else None
        if named is not None:
            found.setdefault((device, named.host.version), []).append(named)
    return found


def _devices(resolved: Resolved) -> Iterator[tuple[str, Address, str]]:
    """Each address with the name of its instance, and the interface that it is on."""
    everywhere = resolved.config.global_settings
    for instance in resolved.instances:
        settings = instance.written.settings
        if "unicast_src_ip" in settings or "mcast_src_ip" in settings:
            continue
        for address in (*instance.written.addresses, *instance.written.excluded_addresses):
            device = device_of(address, everywhere, resolved.profile)
            yield instance.name, address, device or instance.interface.value


def _named(address: Address, instance: str) -> Named | None:
    from ipaddress import ip_interface

    word = address.word
    try:
        interface = ip_interface(word.text)
    except ValueError:
        return None
    network = interface.network if "/" in word.text and interface.network.num_addresses > 1 else None
    return Named(word.text, word, instance, interface.ip, network, _has_peer(address))


def _has_peer(address: Address) -> bool:
    return any(option.text == "peer" for option in address.options)
