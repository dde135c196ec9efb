"""The interfaces that keepalived makes itself: VMACs and ipvlans."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kalint.semantics.resolved import Resolved

MAKES = ("use_vmac", "use_ipvlan")
_TYPES = frozenset({"bridge", "private", "vepa", "netlink_notify_msg"})


class CreatedInterface(NamedTuple):
    """Who makes an interface, on which one; `named`: the file gives its name."""

    owner: str
    named: bool
    below: str


def created_interfaces(resolved: Resolved) -> dict[str, CreatedInterface]:
    """The interfaces that keepalived makes, and the instance of each."""
    found: dict[str, CreatedInterface] = {}
    for instance in resolved.instances:
        for keyword in MAKES:
            node = instance.written.settings.get(keyword)
            if node is not None:
                name = _name([word.text for word in node.words[1:]])
                stem = "vrrp" if keyword == "use_vmac" else "ipvl"
                six = ("", "6") if instance.family == "ipv6" else ("",)
                unnamed = [f"{stem}{each}.{instance.virtual_router_id.value}" for each in six]
                for each in (name,) if name else unnamed:
                    found.setdefault(each, CreatedInterface(instance.name, bool(name), instance.interface.value))
    return found


def _name(words: list[str]) -> str:
    """The name of the interface: the word that is no address and no type; "" without one."""
    if "name" in words[:-1]:
        return words[words.index("name") + 1]
    for index, word in enumerate(words):
        grouped = index and words[index - 1] == "group"
        if not grouped and word not in _TYPES and word != "group" and ":" not in word and word.count(".") != 3:
            return word
    return ""
