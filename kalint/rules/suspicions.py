"""What wakes a rule that no problem and no rare keyword wakes: a quick look that never misses, but may be wrong.

Importing a rule costs more than this look at a whole file of ordinary size. A suspicion is there wherever its rule has
a finding (tests/rules/test_waking.py); the rule then looks properly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.model.config import Address, VrrpInstance
    from kalint.semantics.resolved import Instance, Resolved
    from kalint.syntax.tree import Node

_UNICAST = ("unicast_peer", "check_unicast_src", "unicast_src_ip")
_COMMANDS = frozenset(
    {
        "script",
        "notify",
        "notify_master",
        "notify_backup",
        "notify_fault",
        "notify_stop",
        "notify_deleted",
        "notify_master_rx_lower_pri",
        "misc_path",
        "notify_up",
        "notify_down",
        "quorum_up",
        "quorum_down",
        "startup_script",
        "shutdown_script",
        "notify_fifo_script",
        "vrrp_notify_fifo_script",
        "lvs_notify_fifo_script",
    }
)


def suspicions(resolved: Resolved) -> Iterator[str]:
    """The suspicions, each as often as it comes up; and the first word of every statement."""
    yield from _statements(resolved.config.nodes)
    yield from _scripts(resolved)
    yield from _groups(resolved)
    hosts: set[str] = set()
    named = bare = False
    routers: set[tuple[str, int]] = set()
    for instance in resolved.instances:
        yield from _instance(instance)
        router = (instance.family, instance.virtual_router_id.value)
        if router in routers:
            yield "a shared vrid"
        routers.add(router)
        for address in (*instance.written.addresses, *instance.written.excluded_addresses):
            text, slash, _ = address.word.text.partition("/")
            host = text.lower()
            named, bare = named or bool(slash), bare or not slash
            if host in hosts:
                yield "a shared address"
            hosts.add(host)
    if named and bare:
        yield "an address alone"


def _statements(nodes: tuple[Node, ...]) -> set[str]:
    """The first words, and what commands there are; the one loop over all of a file, so a lean one."""
    found = set()
    waiting = list(nodes)
    while waiting:
        words, items, _, _ = waiting.pop()
        word = words[0].text
        found.add(word)
        if items:
            waiting += items
        elif word in _COMMANDS and len(words) > 1:
            found.add("a command" if words[1].text.startswith("/") else "a relative command")
    if "a relative command" in found:
        found.add("a command")
    return found


def _instance(instance: Instance) -> Iterator[str]:
    settings = instance.written.settings
    if instance.interface.value in ("", "lo") or "interface" not in settings:
        yield "no interface"
    yield from _senders(instance)
    if len(instance.written.addresses) > 255:
        yield "many addresses"
    vrid = instance.virtual_router_id
    node = settings.get("virtual_router_id")
    if node is None or len(node.words) < 2 or node.words[1].text != str(vrid.value) or not 1 <= vrid.value <= 255:
        yield "an odd vrid"
    if vrid.value == 51:
        yield "vrid 51"
    yield from _election(instance)
    yield from _addresses(instance.written, instance.family)
    if any(keyword in settings for keyword in _UNICAST):
        yield from _unicast(instance.written)
    interval = settings.get("advert_int")
    if interval is not None and len(interval.words) > 1:
        text = interval.words[1].text
        if not text.isdigit() or len(text) > 2 or (instance.vrrp_version == 3 and int(text) > 40):
            yield "an odd interval"
    password = settings.get("auth_pass")
    if password is not None and len(password.words) > 1 and len(password.words[1].text) > 5:
        yield "a long password"
    if ("auth_type" in settings or password is not None) and (
        instance.auth_type is None
        or instance.strict
        or instance.vrrp_version == 3
        or password is None
        or (len(password.words) > 1 and not password.words[1].text)
    ):
        yield "odd authentication"


def _senders(instance: Instance) -> Iterator[str]:
    """An address of the other family that adverts come from or go to."""
    settings = instance.written.settings
    nodes = [settings[keyword] for keyword in ("mcast_src_ip", "unicast_src_ip", "mcast_dst_ip") if keyword in settings]
    texts = [node.words[1].text for node in nodes if len(node.words) > 1]
    texts += [peer.words[0].text for peer in instance.written.unicast_peers]
    if any((":" in text) != (instance.family == "ipv6") for text in texts):
        yield "a mixed address"


def _election(instance: Instance) -> Iterator[str]:
    settings = instance.written.settings
    priority = settings.get("priority")
    if priority is not None and len(priority.words) > 1 and not _number(priority.words[1].text, 255):
        yield "an odd priority"
    state = settings.get("state")
    if state is not None and len(state.words) > 1 and state.words[1].text not in ("MASTER", "BACKUP"):
        yield "an odd state"
    if instance.owner:
        yield "priority 255"
    if instance.silent is not None:
        yield "a silent instance"
    yield from _weights(instance)


def _weights(instance: Instance) -> Iterator[str]:
    most, base = 0, instance.base_priority.value
    for tracker in instance.trackers:
        weight, word = tracker.weight.value, tracker.weight.word
        if not weight and tracker.kind != "interface":
            yield "weight 0"
        taken = word is None or (word.text == str(weight) and -254 < weight < 254)
        if not taken or tracker.requested is not None:
            yield "an odd weight"
        if tracker.reverse:
            yield "a reversed weight"
        if tracker.ignored is None and tracker.kind != "file":
            most += weight if weight > 0 else -weight
    if most and (most >= base or base + most > 254):
        yield "a large weight"
    if 0 < most < 10:
        yield "a small weight"


def _addresses(written: VrrpInstance, family: str) -> Iterator[str]:
    if not written.addresses:
        yield "no address"
    for address in (*written.addresses, *written.excluded_addresses):
        yield from _address(address, family)


def _address(address: Address, family: str) -> Iterator[str]:
    text = address.word.text
    if any(option.text == "peer" for option in address.options):
        yield "an odd address"
    if ":" in text:
        yield "an odd address"
        if family == "ipv4":
            yield "a mixed address"
        return
    if family == "ipv6":
        yield "a mixed address"
    host, slash, length = text.partition("/")
    parts = host.split(".")
    if len(parts) != 4 or (slash and not _number(length, 32)) or not all(_number(part, 255) for part in parts):
        yield "an odd address"


def _number(text: str, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= most and (text[0] != "0" or text == "0")


def _unicast(written: VrrpInstance) -> Iterator[str]:
    if not written.unicast_peers:
        yield "no peers"
    source = written.settings.get("unicast_src_ip")
    peers = [node.words[0].text for node in written.unicast_peers]
    if source is not None and len(source.words) > 1:
        peers.append(source.words[1].text)
    if len(set(peers)) < len(peers):
        yield "a repeated peer"


def _scripts(resolved: Resolved) -> Iterator[str]:
    config = resolved.config
    for definition in config.definitions:
        if definition.kind != "bfd" and not definition.complete:
            yield "an incomplete definition"
    definitions = [definition for definition in config.definitions if definition.kind == "script"]
    if not definitions:
        return
    tracked = {ref.name.text for instance in config.instances for ref in instance.trackers}
    tracked.update(ref.name.text for group in config.sync_groups for ref in group.trackers)
    for script in resolved.scripts:
        if script.name not in tracked:
            yield "an unused script"
        if script.timeout.value > script.interval.value:
            yield "a long timeout"
        interval, timeout = script.interval.value, script.timeout.value
        if script.fall.value * (interval + timeout) + timeout > 60:  # no hanging run takes longer than both together
            yield "a slow script"
    for definition in definitions:
        for keyword in ("rise", "fall"):
            node = definition.settings.get(keyword)
            if node is not None and len(node.words) > 1 and node.words[1].text[:1] not in "123456789":
                yield "an odd count"


def _groups(resolved: Resolved) -> Iterator[str]:
    config = resolved.config
    if not config.sync_groups:
        return
    names = {instance.name for instance in resolved.instances}
    for group in config.sync_groups:
        members = {member.text for member in group.members}
        if len(group.members) < 2 or len(members) < len(group.members) or not members <= names:
            yield "an odd group"
        names -= members
