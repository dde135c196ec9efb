"""keepalived's own JSON dump, which it writes to /tmp/keepalived.json on the signal SIGJSON.

What it holds differs little from 1.4 to 2.4 (vrrp_json.c): of each instance the base and the effective priority, the
state, the interval, and the names of the interfaces, and commands of the scripts, that it tracks; no weight of them.
From 2.2.8 the processes too, and with `json_version 2` in global_defs each track_process with its weight and whether
it has its quorum. Up to 2.3 it holds passwords: `auth_data` is not looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from kalint.errors import InputError, UsageError
from kalint.semantics.values import argument, definition_weight
from kalint.text.files import UnreadableError, load

if TYPE_CHECKING:
    from kalint.probe.expected import Expected

STATES = {0: "INIT", 1: "BACKUP", 2: "MASTER", 3: "FAULT"}


class Process(NamedTuple):
    """A track_process of the dump: the weight is negative with `reverse`."""

    program: str
    weight: int
    quorum: bool


class Running(NamedTuple):
    """An instance as the daemon runs it; what the dump lacks is None."""

    name: str
    virtual_router_id: int | None
    interface: str | None
    base_priority: int | None
    effective_priority: int | None
    state: str | None
    advert_interval: float | None
    version: int | None
    nopreempt: bool | None
    interfaces: tuple[str, ...]
    scripts: tuple[str, ...]


class Dump(NamedTuple):
    """The whole of it."""

    path: str
    instances: tuple[Running, ...]
    processes: tuple[Process, ...]


class Departure(NamedTuple):
    """What the daemon runs with and the file does not say; `keyword` is the statement of the instance."""

    expected: Expected
    keyword: str
    what: str
    running: str
    written: str


_BEYOND = 2**63
"""What no number of keepalived reaches."""


def read_dump(path: str) -> Dump:
    """Read a dump.

    Raises:
        InputError: it cannot be read, or is no dump of keepalived.
    """
    try:
        whole = json.loads(load(path)[0])
    except UnreadableError as error:
        raise InputError(f"{path}: {error}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not the JSON that keepalived writes: {error}") from error
    listed = whole.get("vrrp") if isinstance(whole, dict) else whole
    if not isinstance(listed, list) or not all(_is_instance(each) for each in listed):
        raise InputError(
            f"{path}: not the JSON that keepalived writes on SIGJSON: it has no list of instances with 'data'"
        )
    processes = whole.get("track_process", []) if isinstance(whole, dict) else []
    if not isinstance(processes, list) or not all(isinstance(each, dict) for each in processes):
        raise InputError(
            f"{path}: not the JSON that keepalived writes on SIGJSON: track_process is not a list of objects"
        )
    return Dump(path, tuple(_running(each["data"]) for each in listed), tuple(map(_process, processes)))


def _is_instance(each: object) -> bool:
    return isinstance(each, dict) and isinstance(each.get("data"), dict)


def _number(value: object) -> int | None:
    """A whole number of a dump; None for what is none."""
    return int(value) if isinstance(value, (int, float)) and abs(value) < _BEYOND else None


def _names_of(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _running(data: Mapping[str, Any]) -> Running:
    def number(key: str) -> int | None:
        return _number(data.get(key))

    interval, nopreempt, interface = data.get("adver_int"), data.get("nopreempt"), data.get("ifp_ifname")
    return Running(
        str(data.get("iname", "")),
        number("vrid"),
        None if interface is None else str(interface),
        number("base_priority"),
        number("effective_priority"),
        STATES.get(number("state") or 0) if "state" in data else None,
        float(interval) if isinstance(interval, (int, float)) and abs(interval) < _BEYOND else None,
        number("version"),
        bool(nopreempt) if nopreempt is not None else None,
        _names_of(data.get("track_ifp")),
        _names_of(data.get("track_script")),
    )


def _process(data: Mapping[str, Any]) -> Process:
    return Process(str(data.get("process", "")), _number(data.get("weight")) or 0, bool(data.get("have_quorum")))


def owner_of(dump: Dump, node: str | None, expected: Sequence[Expected]) -> str:
    """The node whose daemon wrote the dump.

    Raises:
        UsageError: there is no such node, or the dump fits none or several and nobody says whose it is.
    """
    nodes = list(dict.fromkeys(each.node for each in expected))
    if node is not None:
        if node not in nodes:
            raise UsageError(
                f"--state-from {node}={dump.path}: no node is named {node}; the nodes are {', '.join(nodes)}"
            )
        return node
    local = list(dict.fromkeys(each.node for each in expected if each.local))
    if len(local or nodes) == 1:
        return (local or nodes)[0]
    have = {(found.name, found.base_priority) for found in dump.instances}
    fits: dict[str, set[tuple[str, int | None]]] = {}
    for each in expected:
        fits.setdefault(each.node, set()).add((each.instance.name, each.instance.base_priority.value))
    best = [name for name in nodes if fits[name] == have]
    if len(best) != 1:
        raise UsageError(f"--state-from {dump.path}: name the node: --state-from NODE={dump.path}")
    return best[0]


def departures(dump: Dump, expected: Sequence[Expected]) -> Iterator[Departure]:
    """What the daemon of one node runs with that its file does not say."""
    running = {each.name: each for each in dump.instances}
    for each in expected:
        found = running.get(each.instance.name)
        if found is None:
            yield Departure(each, "", "the instance", "not present", each.instance.name)
            continue
        yield from _instance(each, found)
        yield from _processes(each, dump)


def _instance(each: Expected, found: Running) -> Iterator[Departure]:
    instance = each.instance
    values = (
        ("virtual_router_id", "virtual_router_id", found.virtual_router_id, instance.virtual_router_id.value),
        ("interface", "interface", found.interface, instance.interface.value),
        ("priority", "the base priority", found.base_priority, instance.base_priority.value),
        ("advert_int", "the advert interval", found.advert_interval, instance.advert_interval.value),
        ("version", "the VRRP version", found.version, instance.vrrp_version),
        ("nopreempt", "nopreempt", found.nopreempt, not instance.preempt.value),
    )
    for keyword, what, running, written in values:
        vmac = keyword == "interface" and "use_vmac" in instance.written.settings
        if running is not None and running != written and not vmac:
            yield Departure(each, keyword, what, _said(running), _said(written))
    tracked = {tracker.name for tracker in instance.trackers if tracker.kind == "interface" and not tracker.ignored}
    tracked -= {instance.interface.value}
    seen = set(found.interfaces) - {instance.interface.value, found.interface}
    if tracked != seen:
        yield Departure(each, "track_interface", "the tracked interfaces", _names(seen), _names(tracked))
    scripts = {tracker.name for tracker in instance.trackers if tracker.kind == "script" and not tracker.ignored}
    if len(scripts) != len(found.scripts):
        written = _names(scripts)
        yield Departure(each, "track_script", "the tracked scripts", f"{len(found.scripts)} of them", written)
    if found.effective_priority is not None and found.base_priority == instance.base_priority.value:
        reachable = {reached.priority for reached in each.reach.reachable}
        if found.effective_priority not in reachable and found.state not in ("FAULT", "INIT"):
            numbers = ", ".join(str(number) for number in sorted(each for each in reachable if each))
            yield Departure(each, "priority", "the effective priority", str(found.effective_priority), numbers)


def _processes(each: Expected, dump: Dump) -> Iterator[Departure]:
    programs = {process.program: process for process in dump.processes}
    tracked = {tracker.name for tracker in each.instance.trackers if tracker.kind == "process" and not tracker.ignored}
    for definition in each.resolved.config.definitions:
        word = argument(definition.settings, "process")
        found = programs.get(word.text) if word is not None else None
        if definition.kind != "process" or definition.name.text not in tracked or found is None:
            continue
        weight, reverse = definition_weight(definition, each.profile)
        written = -weight.value if reverse.value else weight.value
        if found.weight != written:
            what = f"the weight of vrrp_track_process {definition.name.text}"
            yield Departure(each, "track_process", what, str(found.weight), str(written))


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g} s" if isinstance(value, float) else str(value)


def _names(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def states_of(dump: Dump, expected: Sequence[Expected]) -> dict[str, str]:
    """The states of a node's processes that the dump tells."""
    programs = {process.program: process.quorum for process in dump.processes}
    found = {}
    for definition in expected[0].resolved.config.definitions if expected else ():
        word = argument(definition.settings, "process")
        if definition.kind == "process" and word is not None and word.text in programs:
            found[f"process:{definition.name.text}"] = "ok" if programs[word.text] else "ko"
    return found


def priorities_of(dump: Dump) -> dict[str, int]:
    """The effective priority of each instance that can speak, by its name."""
    return {
        each.name: each.effective_priority
        for each in dump.instances
        if each.effective_priority is not None and each.state in ("BACKUP", "MASTER")
    }
