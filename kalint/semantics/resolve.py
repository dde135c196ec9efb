"""From what is written to what a keepalived release runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.semantics import starting, values
from kalint.semantics import trackers as tracking
from kalint.semantics.profiles import profile_for
from kalint.semantics.resolved import NO_IPVLAN_ADDRESS, NO_PEERS, OWNER, Group, Instance, Resolved, Setting, Tracker

if TYPE_CHECKING:
    from kalint.model.config import Config, StaticTracker, SyncGroup, VrrpInstance
    from kalint.semantics.profile import Profile
    from kalint.semantics.resolved import Family, Script
    from kalint.source import Word
    from kalint.version import Version

_NO_INTERFACE = Setting("")
_NO_ID = Setting(0)


def resolve(config: Config, version: Version) -> Resolved:
    """What a release makes of a configuration: every value it uses, every tracker it keeps or drops.

    Source: vrrp.c vrrp_complete_init, keepalived 2.2.7, and the differences of other releases in `Profile`.
    """
    return _Resolver(config, profile_for(version)).run()._replace(version=version)


class _Resolver:
    """One run over one configuration."""

    def __init__(self, config: Config, profile: Profile) -> None:
        self.config = config
        self.profile = profile
        self.scripts: list[Script] = []
        self.defined: tracking.Definitions = {}
        self.initial: dict[str, int] = {}
        self.bases: dict[str, Setting[int]] = {}
        self.groups: list[Group] = []
        self.group_of: dict[str, Group] = {}
        self.silent: dict[str, str] = {}
        self.static: dict[str, list[StaticTracker]] = {}

    def run(self) -> Resolved:
        profile = self.profile
        for definition in self.config.definitions:
            if not definition.complete:
                continue
            if definition.kind == "script":
                script = values.resolve_script(definition, profile)
                self.scripts.append(script)
                weight, reverse = script.weight, script.reverse
            else:
                weight, reverse = values.definition_weight(definition, profile)
                initial = values.initial_value(definition) if definition.kind == "file" else None
                if initial is not None:
                    self.initial[definition.name.text] = initial
            self.defined[definition.kind, definition.name.text] = (definition.order, weight, reverse.value)
        for written in self.config.instances:
            self.bases[_name(written.name)] = values.base_priority(written, profile)
        for group in self.config.sync_groups:
            self.group(group)
        if profile.static_devices_tracked:
            for tracker in self.config.static_trackers:
                for member in tracker.instances:
                    self.static.setdefault(member.text, []).append(tracker)
        instances = [self.instance(written) for written in self.config.instances]
        if self.groups:
            instances = self.with_groups(instances)
        return Resolved(self.config, profile, tuple(self.scripts), tuple(self.groups), tuple(instances), ())

    def group(self, written: SyncGroup) -> None:
        """A sync group: its first claim on an instance counts, and a group too small for the release is removed."""
        profile = self.profile
        members = []
        for word in written.members:
            if word.text in self.bases and word.text not in self.group_of and word.text not in members:
                members.append(word.text)
        if len(members) < max(1, profile.smallest_group):
            return
        trackers = tracking.read_lines(written.trackers, self.defined, profile.group_kinds, None, "sync_group", profile)
        if any(self.bases[member].value == OWNER for member in members):
            trackers = [_unweighted(tracker) for tracker in trackers]
        weighted = any(keyword in written.settings for keyword in profile.group_keywords)
        group = Group(_name(written.name), written, tuple(members), tuple(trackers), weighted)
        self.groups.append(group)
        for member in members:
            self.group_of[member] = group

    def instance(self, written: VrrpInstance) -> Instance:
        """One instance, without the effects of the other members of its sync group."""
        profile, settings, everywhere = self.profile, written.settings, self.config.global_settings
        name = _name(written.name)
        group = self.group_of.get(name)
        restricted = group is not None and not group.tracking_weight
        base = self.bases[name]
        if base.value == 0 and restricted:
            base = Setting(values.DEFAULT_PRIORITY)
        strict = values.strict_mode(settings, everywhere, profile)
        addresses = [address.word.text for address in written.addresses if address.refused is None]
        families = [values.address_family(address) for address in addresses]
        family = values.family(written, families)
        version = values.protocol_version(written, family, strict, everywhere, profile)
        state = values.state(written, base, version, family, strict, profile)
        preempt = values.preempt(settings, base, state, profile)
        interface = values.argument(settings, "interface")
        router = values.argument(settings, "virtual_router_id")
        own = Setting(interface.text, interface) if interface is not None else _NO_INTERFACE
        trackers = self.trackers(written, name, own, family, base.value == OWNER, group)
        pairs = zip(addresses, families, strict=True)
        taken = [values.address_text(text, family) for text, found in pairs if found == family]
        peers = [values.bare_address(peer.words[0].text) for peer in written.unicast_peers]
        if values.lacks_ipvlan_address(settings, family):
            self.silent[name] = NO_IPVLAN_ADDRESS
        elif values.lacks_peers(written):
            self.silent[name] = NO_PEERS
        auth = values.auth_type(settings, version, family, strict, profile)
        auth_word = values.argument(settings, "auth_type")
        return Instance(
            name,
            written,
            state,
            own,
            family,
            version,
            Setting(values.router_id(router.text), router) if router is not None else _NO_ID,
            base,
            values.advert_interval(settings, version, profile),
            preempt,
            values.preempt_delay(settings, preempt.value, state, strict, profile),
            Setting(auth, auth_word) if auth is not None else None,
            tuple(taken[: values.MOST_ADDRESSES[family]]),
            tuple([peer for peer in peers if values.address_family(peer) == family]),
            group.name if group is not None else None,
            trackers,
            self.silent.get(name) or values.link_local_silence(written, family, bool(peers), profile),
            history=tracking.history(trackers, group, profile),
            down_timer_adverts=values.down_timer_adverts(settings, everywhere, strict),
            strict=strict,
        )

    def trackers(
        self, written: VrrpInstance, name: str, own: Setting[str], family: Family, owner: bool, group: Group | None
    ) -> tuple[Tracker, ...]:
        """All trackers of an instance, in the order in which the daemon takes them up."""
        profile = self.profile
        untracked = own.value if profile.own_interface_ignored else None
        lines = tracking.read_lines(written.trackers, self.defined, profile.kinds, untracked, "instance", profile)
        merge = tracking.Merge(lines, profile)
        merge.restrict(owner, group is not None and not group.tracking_weight)
        if own.word is not None and "dont_track_primary" not in written.settings:
            merge.own_interface(own.value, own.word)
        everywhere = self.config.global_settings
        tracking.imply_devices(merge, written, family, own.value, self.static.get(name, ()), everywhere, profile)
        if group is not None:
            silencing = tracking.silencing(group, merge, profile)
            if silencing is not None:
                self.silent[name] = silencing
            for tracker in group.trackers:
                if tracker.ignored is None:
                    merge.from_group(tracker)
        if owner:
            merge.end_weights_of_owner()
        trackers = [
            each._replace(initial=self.initial[each.name])
            if each.kind == "file" and each.name in self.initial
            else each
            for each in merge.trackers
        ]
        return starting.started(tuple(trackers), profile)

    def with_groups(self, instances: list[Instance]) -> list[Instance]:
        """What one member of a sync group does to all: its FAULTs, and its silence."""
        found = {instance.name: instance for instance in instances}
        for group in self.groups:
            members = [found[member] for member in group.members]
            faults = tracking.group_faults(member.trackers for member in members)
            silent = next((self.silent[member.name] for member in members if member.name in self.silent), None)
            for member in members:
                found[member.name] = member._replace(group_faults=faults, silent=silent or member.silent)
        return list(found.values())


def _name(word: Word | None) -> str:
    return word.text if word is not None else ""


def _unweighted(tracker: Tracker) -> Tracker:
    """A group's tracker where a member has priority 255."""
    if tracker.ignored is not None or tracker.weight.value == 0:
        return tracker
    weight = Setting(0, tracker.weight.word)
    return tracker._replace(weight=weight, requested=tracker.requested or tracker.weight)
