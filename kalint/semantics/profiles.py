"""The profile of every release: what each changed, told from the oldest to the newest.

A profile is the one before it with a few fields replaced, so that reading `_history` from top to bottom is reading
what each release changed. Nothing else in kalint compares releases (but the keyword table, for its keywords).
"""

from bisect import bisect_right
from collections.abc import Iterator

from kalint.semantics.profile import Profile
from kalint.version import Version

_OLDEST = Profile(
    since=Version(1, 2, 13),
    kinds=frozenset({"script", "interface"}),
    group_kinds=frozenset(),
    group_process_connected=False,
    group_bfd_counted_at_start=False,
    reverse=False,
    line_dropped_on_typo=frozenset(),
    line_dropped_on_bad_reverse=frozenset(),
    first_of_repeated_wins=False,
    weight_254_becomes_253=False,
    script_weight_checked=False,
    documented_script_weight=2,
    priority_may_have_tail=True,
    missing_priority_from_state=False,
    unknown_state_clears_master=False,
    owner_starts_as_master=True,
    master_clears_nopreempt=False,
    owner_clears_nopreempt=False,
    nopreempt_clears_delay=False,
    strict_state_follows_owner=False,
    strict_clears_authentication=False,
    ah_clears_master=False,
    advert_interval_checked=False,
    state_master_waits=False,
    own_interface_ignored=False,
    address_devices_tracked=False,
    addresses_above_interface_on_default=True,
    route_devices_tracked=False,
    deviceless_route_reported=False,
    rule_preference_assigned=False,
    static_devices_tracked=False,
    missing_interface="ignored",
    lost_address_faults=False,
    smallest_group=1,
    group_zeroes_interfaces=True,
    group_zeroes_interfaces_of_owner=True,
    restricted_drops_all=False,
    script_on_both_silences=False,
    group_keywords=frozenset({"global_tracking"}),
    unrun_script="ko",
    init_fail=False,
    signal_is_ok=False,
    missing_script="ko",
    insecure_script="runs",
    symlinked_script_disabled=False,
    decimal_script_times=False,
    decimal_preempt_delay=False,
    time_with_tail_shrinks=False,
    file_clamped_to_254=True,
    file_leaving_fault_recomputes=False,
    file_recreated_is_seen=False,
    interface_faults_share_bit=False,
    reload_forgets_reverse=False,
    link_local_unicast="mute",
    reload_matches="name",
    reload_sends_advert=False,
    reload_removed_backup_resigns=True,
    reload_new_script_waits=True,
    reload_compares_commands=False,
    computed_on_events=False,
    skew_from_effective=False,
    lower_advert_forces_election=True,
    addresses_with_second_advert=True,
    preempt_delay_from="start",
    running_script_skipped=False,
    interface_delays=False,
    address_list_checked=True,
    ipv6_addresses_sent=False,
    destination_checked=False,
    socket_bound=False,
    vrrp_versions=frozenset({2}),
    two_owners="higher address",
    rejected_advert_is_heard=True,
    old_unicast_checksum=True,
    global_strict_has_value=False,
    strict_refuses_unicast=True,
    shell_runs_scripts=True,
    quorum_limit="none",
    hysteresis_limited=False,
    repeated_entries_ignored=False,
    foreign_source="fault",
    empty_virtual_server="crashes",
    virtual_server_defaults=False,
    real_server_ports_reset=False,
    sorry_server_follows=False,
    repeated_real_server_removed=False,
    incomplete_checker_ignored=False,
    checker_addresses_compared=False,
    unicast_needs_interface="always",
)


def _history() -> Iterator[Profile]:
    """Every profile, in order of release."""
    profile = _OLDEST
    yield profile
    profile = profile._replace(
        since=Version(1, 2, 17),
        vrrp_versions=frozenset({2, 3}),
        preempt_delay_from="higher advert",
        ipv6_addresses_sent=True,
    )
    yield profile
    profile = profile._replace(since=Version(1, 2, 20), missing_priority_from_state=True, smallest_group=2)
    yield profile
    profile = profile._replace(since=Version(1, 2, 22), nopreempt_clears_delay=True, preempt_delay_from="lower advert")
    yield profile
    profile = profile._replace(
        since=Version(1, 3, 0),
        reload_matches="router",
        priority_may_have_tail=False,
        group_zeroes_interfaces_of_owner=False,
        missing_script="ok",
        insecure_script="ok",
        two_owners="local drops to 254",
        hysteresis_limited=True,
    )
    yield profile
    profile = profile._replace(since=Version(1, 3, 2), init_fail=True)
    yield profile
    profile = profile._replace(since=Version(1, 3, 3), documented_script_weight=0)
    yield profile
    profile = profile._replace(since=Version(1, 3, 5), owner_clears_nopreempt=True)
    yield profile
    profile = profile._replace(since=Version(1, 3, 6), empty_virtual_server="ignored", virtual_server_defaults=True)
    yield profile
    profile = profile._replace(
        since=Version(1, 3, 7),
        incomplete_checker_ignored=True,
        checker_addresses_compared=True,
        old_unicast_checksum=False,
    )
    yield profile
    profile = profile._replace(since=Version(1, 4, 0), smallest_group=1, signal_is_ok=True, running_script_skipped=True)
    yield profile
    profile = profile._replace(since=Version(1, 4, 1), quorum_limit="servers")
    yield profile
    profile = profile._replace(since=Version(1, 4, 3), reload_sends_advert=True)
    yield profile
    profile = profile._replace(
        since=Version(2, 0, 0),
        link_local_unicast="works",
        kinds=frozenset({"script", "interface", "file", "bfd"}),
        group_kinds=frozenset({"script", "interface", "file", "bfd"}),
        line_dropped_on_typo=frozenset({"file", "bfd"}),
        first_of_repeated_wins=True,
        weight_254_becomes_253=True,
        script_weight_checked=True,
        unknown_state_clears_master=True,
        owner_starts_as_master=False,
        master_clears_nopreempt=True,
        strict_state_follows_owner=True,
        strict_clears_authentication=True,
        ah_clears_master=True,
        state_master_waits=True,
        own_interface_ignored=True,
        address_devices_tracked=True,
        missing_interface="exit",
        lost_address_faults=True,
        group_zeroes_interfaces=False,
        script_on_both_silences=True,
        group_keywords=frozenset({"global_tracking", "sync_group_tracking_weight"}),
        unrun_script="neutral",
        init_fail=False,
        signal_is_ok=False,
        missing_script="removed",
        insecure_script="removed",
        computed_on_events=True,
        skew_from_effective=True,
        rejected_advert_is_heard=False,
        lower_advert_forces_election=False,
        addresses_with_second_advert=False,
        shell_runs_scripts=False,
    )
    yield profile
    profile = profile._replace(since=Version(2, 0, 1), route_devices_tracked=True, deviceless_route_reported=True)
    yield profile
    profile = profile._replace(since=Version(2, 0, 2), rule_preference_assigned=True)
    yield profile
    profile = profile._replace(since=Version(2, 0, 3), static_devices_tracked=True)
    yield profile
    profile = profile._replace(since=Version(2, 0, 7), advert_interval_checked=True, decimal_preempt_delay=True)
    yield profile
    profile = profile._replace(
        since=Version(2, 0, 11),
        kinds=frozenset({"script", "interface", "file", "bfd", "process"}),
        group_kinds=frozenset({"script", "interface", "file", "bfd", "process"}),
        line_dropped_on_typo=frozenset({"file", "bfd", "process"}),
    )
    yield profile
    profile = profile._replace(since=Version(2, 0, 12), destination_checked=True)
    yield profile
    profile = profile._replace(since=Version(2, 0, 14), quorum_limit="weights")
    yield profile
    profile = profile._replace(since=Version(2, 0, 15), real_server_ports_reset=True)
    yield profile
    profile = profile._replace(since=Version(2, 0, 17), reload_removed_backup_resigns=False)
    yield profile
    profile = profile._replace(
        since=Version(2, 0, 18),
        reverse=True,
        line_dropped_on_typo=frozenset({"script", "interface", "file", "bfd", "process"}),
        line_dropped_on_bad_reverse=frozenset({"file", "bfd"}),
        reload_forgets_reverse=True,
    )
    yield profile
    profile = profile._replace(
        since=Version(2, 0, 20),
        file_leaving_fault_recomputes=True,
        sorry_server_follows=True,
        repeated_real_server_removed=True,
    )
    yield profile
    profile = profile._replace(
        since=Version(2, 1, 0),
        addresses_above_interface_on_default=False,
        reload_matches="router and peers",
        smallest_group=2,
        restricted_drops_all=True,
        link_local_unicast="fault",
        insecure_script="ko",
        file_clamped_to_254=False,
        file_recreated_is_seen=True,
        unicast_needs_interface="without peers",
        socket_bound=True,
    )
    yield profile
    profile = profile._replace(since=Version(2, 1, 3), running_script_skipped=False)
    yield profile
    profile = profile._replace(
        since=Version(2, 2, 0),
        restricted_drops_all=False,
        link_local_unicast="works",
        insecure_script="removed",
        group_process_connected=True,
    )
    yield profile
    profile = profile._replace(
        since=Version(2, 2, 3),
        smallest_group=1,
        group_bfd_counted_at_start=True,
        interface_delays=True,
        time_with_tail_shrinks=True,
    )
    yield profile
    profile = profile._replace(
        since=Version(2, 2, 5),
        reload_matches="router, peers and group",
        reload_new_script_waits=False,
        strict_refuses_unicast=False,
        unicast_needs_interface="always",
    )
    yield profile
    profile = profile._replace(since=Version(2, 2, 8), empty_virtual_server="kept", unicast_needs_interface="never")
    yield profile
    profile = profile._replace(since=Version(2, 3, 0), symlinked_script_disabled=True, global_strict_has_value=True)
    yield profile
    profile = profile._replace(
        since=Version(2, 3, 2),
        reload_compares_commands=True,
        decimal_script_times=True,
        deviceless_route_reported=False,
    )
    yield profile
    profile = profile._replace(
        since=Version(2, 3, 3),
        interface_faults_share_bit=True,
        two_owners="higher address",
        running_script_skipped=True,
        address_list_checked=False,
        repeated_entries_ignored=True,
        foreign_source="used",
    )
    yield profile
    profile = profile._replace(since=Version(2, 4, 0), strict_refuses_unicast=True)
    yield profile


PROFILES: tuple[Profile, ...] = tuple(_history())
"""Every profile, in order of release; the last is that of the newest release."""


def profile_for(version: Version) -> Profile:
    """The newest profile that is not newer than the release (the oldest one for anything older)."""
    return PROFILES[max(0, bisect_right([profile.since for profile in PROFILES], version) - 1)]
