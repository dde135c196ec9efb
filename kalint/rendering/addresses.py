"""`ipaddr` and its kin of ansible.utils, by netaddr (the extra `netaddr`): what templates ask of addresses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2.exceptions import FilterArgumentError, TemplateRuntimeError

MISSING = "needs netaddr: pip install 'kalint[netaddr]'"
_QUERIES = (
    *("", "address", "ip", "host", "network", "netmask", "prefix", "broadcast", "net", "subnet", "address/prefix"),
    *("ipv4", "ipv6", "size", "first_usable", "last_usable", "bool", "hostmask", "network/prefix", "host/prefix"),
    *("version", "revdns", "private", "public", "loopback", "multicast", "link-local", "gateway", "gw", "cidr", "int"),
)


def ipaddr(value: Any, query: Any = "", version: Any = False) -> Any:
    """`ipaddr`: an address or a network looked at in one way; False where it is none. Of a list: those that are some.

    Queries are those that are common in templates, a number (the address at that place of the network), or a network
    (whether the address is in it).
    """
    if isinstance(value, list | tuple):
        found = (ipaddr(each, query, version) for each in value)
        return [each for each in found if each is not False and each is not None]
    try:
        import netaddr
    except ImportError:
        raise TemplateRuntimeError(MISSING) from None
    if value in (None, "", False, True):
        return False
    text = str(value)
    try:
        network = netaddr.IPNetwork(text)
    except (netaddr.AddrFormatError, ValueError):
        return False
    if version and network.version != int(version):
        return False
    return _answer(network, "/" in text, text, query)


def _answer(network: Any, prefixed: bool, text: str, query: Any) -> Any:
    """What a query asks of a network and of the address in it."""
    import netaddr

    number = str(query).lstrip("-").isdigit() and str(query) != ""
    if number:
        try:
            return f"{network[int(query)]}/{network.prefixlen}"
        except IndexError:
            return False
    address, whole = str(network.ip), network.prefixlen == network.ip._module.width
    if query in ("ipv4", "ipv6"):
        return text if network.version == int(query[-1]) else False
    if query in _QUERIES:
        return _PARTS[query](network, address, prefixed, whole, text)
    try:
        return text if network.ip in netaddr.IPNetwork(str(query)) else False
    except (netaddr.AddrFormatError, ValueError):
        raise FilterArgumentError(f"ipaddr knows no query '{query}'") from None


def _usable(network: Any, last: bool) -> Any:
    if network.size <= 2:
        return False
    return str(network[-2] if last else network[1])


_PARTS: dict[str, Callable[[Any, str, bool, bool, str], Any]] = {
    "": lambda _network, _address, _prefixed, _whole, text: text,
    "bool": lambda *_: True,
    "address": lambda network, address, _prefixed, whole, _text: (
        address if whole or network.ip != network.network or network.size <= 2 else False
    ),
    "ip": lambda network, address, _prefixed, whole, _text: (
        address if whole or network.ip != network.network or network.size <= 2 else False
    ),
    "host": lambda network, address, _prefixed, whole, _text: (
        f"{address}/{network.prefixlen}" if whole or network.ip != network.network else False
    ),
    "network": lambda network, *_: str(network.network),
    "netmask": lambda network, *_: str(network.netmask),
    "hostmask": lambda network, *_: str(network.hostmask),
    "prefix": lambda network, *_: network.prefixlen,
    "broadcast": lambda network, *_: str(network.broadcast) if network.broadcast is not None else False,
    "net": lambda network, _address, _prefixed, whole, _text: (
        str(network) if not whole and network.ip == network.network else False
    ),
    "subnet": lambda network, *_: str(network.cidr),
    "cidr": lambda network, *_: str(network.cidr),
    "network/prefix": lambda network, *_: str(network.cidr),
    "address/prefix": lambda network, address, *_: f"{address}/{network.prefixlen}",
    "host/prefix": lambda network, address, *_: f"{address}/{network.prefixlen}",
    "gateway": lambda network, address, *_: f"{address}/{network.prefixlen}",
    "gw": lambda network, address, *_: f"{address}/{network.prefixlen}",
    "size": lambda network, *_: network.size,
    "first_usable": lambda network, *_: _usable(network, last=False),
    "last_usable": lambda network, *_: _usable(network, last=True),
    "version": lambda network, *_: network.version,
    "revdns": lambda network, *_: network.ip.reverse_dns,
    "int": lambda network, *_: int(network.ip),
    "private": lambda network, _address, _prefixed, _whole, text: text if _global(network) is False else False,
    "public": lambda network, _address, _prefixed, _whole, text: text if _global(network) else False,
    "loopback": lambda network, _address, _prefixed, _whole, text: text if network.ip.is_loopback() else False,
    "multicast": lambda network, _address, _prefixed, _whole, text: text if network.ip.is_multicast() else False,
    "link-local": lambda network, _address, _prefixed, _whole, text: text if network.ip.is_link_local() else False,
}


def _global(network: Any) -> bool:
    from ipaddress import ip_address

    return ip_address(str(network.ip)).is_global


FILTERS: dict[str, Callable[..., Any]] = {
    "ipaddr": ipaddr,
    "ipv4": lambda value, query="": ipaddr(value, query, 4),
    "ipv6": lambda value, query="": ipaddr(value, query, 6),
    "ipwrap": lambda value, query="": f"[{value}]" if ":" in str(value) and ipaddr(value, query) else value,
    "ipmath": lambda value, number: _moved(value, number),
}
"""By name; `ansible.utils.NAME` and `ansible.netcommon.NAME` are the same."""


def _moved(value: Any, number: int) -> str:
    from ipaddress import ip_address

    try:
        return str(ip_address(str(value).split("/")[0]) + int(number))
    except ValueError:
        raise FilterArgumentError("ipmath needs an address and a number") from None
