"""Addresses as bytes and in one spelling, and those that a configuration names as its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.literals import is_link_local, packed
from kalint.semantics.values import address_family, argument

if TYPE_CHECKING:
    from kalint.model.config import Address, Settings
    from kalint.semantics.profile import Profile
    from kalint.semantics.resolved import Instance, Resolved
    from kalint.source import Word

_DEFAULT_INTERFACE = "eth0"
"""DFLT_INT of vrrp_if.h."""
_SOURCES = ("unicast_src_ip", "mcast_src_ip")
_GROUPS = {"ipv4": ("vrrp_mcast_group4", "224.0.0.18"), "ipv6": ("vrrp_mcast_group6", "ff02::12")}
"""Where global_defs names the multicast group of a family, and what it is without (vrrp.c, 2.2.7)."""


def canonical(address: str) -> str:
    """An address in the usual spelling, without a prefix length; what is none stays as it is."""
    from socket import AF_INET, AF_INET6, inet_ntop

    bare = address.partition("/")[0]
    data = packed(bare)
    return bare if data is None else inet_ntop(AF_INET6 if len(data) == 16 else AF_INET, data)


def default_interface(everywhere: Settings) -> str:
    """The interface of what names none: `default_interface` of global_defs, else eth0."""
    word = argument(everywhere, "default_interface")
    return _DEFAULT_INTERFACE if word is None else word.text


def device_of(address: Address, everywhere: Settings, profile: Profile) -> str | None:
    """The interface that a virtual address is on, None: its instance's own.

    Args:
        address: an entry of virtual_ipaddress or virtual_ipaddress_excluded.
        everywhere: the settings of global_defs.
        profile: that of the release.
    """
    if address.dev is not None:
        return address.dev.text
    if address.before_interface and profile.addresses_above_interface_on_default:
        return default_interface(everywhere)
    return None


def is_multicast(address: bytes | None) -> bool:
    """Whether it is the address of a group."""
    if address is None:
        return False
    return address[0] & 0xF0 == 0xE0 if len(address) == 4 else address[0] == 0xFF


def source_of(instance: Instance) -> str | None:
    """The source address that the file names, or None: it is the interface's, which the file does not know."""
    word = _source(instance)
    return None if word is None else word.text


def source_shown(instance: Instance, address: str | None) -> str | None:
    """The source address of an instance, as reports may print it: not where it came from the environment."""
    word = _source(instance)
    return address if word is None or word.shown == word.text else word.shown


def _source(instance: Instance) -> Word | None:
    for keyword in _SOURCES:
        word = argument(instance.written.settings, keyword)
        if word is not None and address_family(word.text) == instance.family:
            return word
    return None


def source_address(instance: Instance, of_interface: str | None) -> str | None:
    """The source address of an instance's adverts, or None: it is not known.

    Without one in the file IPv6 adverts come from the interface's link-local address (vrrp.c vrrp_complete_instance).

    Args:
        instance: the instance.
        of_interface: an address of its interface, None: unknown.
    """
    named = source_of(instance)
    if named is not None or of_interface is None or address_family(of_interface) != instance.family:
        return named
    return of_interface if instance.family == "ipv4" or is_link_local(packed(of_interface)) else None


def multicast_group(instance: Instance, resolved: Resolved) -> str:
    """The multicast group that an instance sends to; what is no multicast address is skipped, as by 2.2.7."""
    keyword, default = _GROUPS[instance.family]
    for settings, name in ((instance.written.settings, "mcast_dst_ip"), (resolved.config.global_settings, keyword)):
        word = argument(settings, name)
        if word is not None and is_multicast(packed(word.text)):
            return word.shown
    return default
