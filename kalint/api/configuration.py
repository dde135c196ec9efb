"""What `kalint.api` knows of one file: the configuration as the daemon has it."""

from __future__ import annotations

from dataclasses import dataclass, field

from kalint.api.results import Document


@dataclass(frozen=True, kw_only=True)
class Tracker:
    """What an instance tracks. `kind` is "script", "interface", "file", "process" or "bfd"; a weight of 0 is FAULT.

    `reverse`: a failure counts as success.
    """

    kind: str
    name: str
    weight: int
    reverse: bool


@dataclass(frozen=True, kw_only=True)
class Instance:
    """A VRRP instance as the daemon has it, after includes, `@id` lines and `$definitions`.

    `virtual_router_id` and `base_priority` are 1..255, `advert_interval` and `preempt_delay` seconds; `family` is ipv4
    or ipv6. `trackers` are those that count; `line` is where the block begins, from 1.
    """

    name: str
    interface: str
    family: str
    virtual_router_id: int
    base_priority: int
    advert_interval: float
    preempt: bool
    preempt_delay: float
    virtual_addresses: tuple[str, ...]
    trackers: tuple[Tracker, ...]
    file: str
    line: int
    document: Document = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """A file as the daemon of a release has it; scripts, sync groups and virtual servers are in `document`."""

    keepalived_version: str
    instances: tuple[Instance, ...]
    document: Document = field(repr=False)

    def instance(self, name: str) -> Instance:
        """One instance.

        Raises:
            KeyError: there is no such instance.
        """
        for found in self.instances:
            if found.name == name:
                return found
        raise KeyError(name)
