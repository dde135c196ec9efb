"""What differs between keepalived's releases in tracking, priorities and FAULT: one named field for each difference.

The values of each release are in `profiles.py`. The text under each field is the row of docs/semantics.md.
"""

# No postponed annotations here: NamedTuple would compile each of the fields' types from its text, at every start.

from typing import Literal, NamedTuple

from kalint.version import Version

Unusable = Literal["ko", "ok", "removed", "runs"]
"""What becomes of a script that cannot or may not be run."""


class Profile(NamedTuple):
    """How one release, and those after it up to the next profile, reads tracking and runs it."""

    since: Version
    """The first release that behaves so."""

    kinds: frozenset[str]
    """What an instance can track. Source: vrrp_parser.c; file and bfd 2.0.0, process 2.0.11."""
    group_kinds: frozenset[str]
    """What a vrrp_sync_group can track for its members. Source: vrrp_parser.c 2.0.0; process 2.0.11."""
    group_process_connected: bool
    """A group's track_process reaches its members. Source: vrrp.c sync_group_tracking_init, 2.2.0."""
    group_bfd_counted_at_start: bool
    """A group's bfd that is down at the start is counted; else its weight -40 gives +40 while it is up. Source:
    vrrp_track.c initialise_vrrp_tracking_priorities, 2.2.3; measured on 2.0.20 and 2.1.5."""

    reverse: bool
    """`reverse` (and for all but interfaces `noreverse`) is understood. Source: vrrp_track.c 2.0.18."""
    line_dropped_on_typo: frozenset[str]
    """An unknown word after the name, or `weight` without a value, drops the line; else the line counts as if nothing
    followed the name. Source: vrrp_track.c; file and bfd 2.0.0, process 2.0.11, script and interface 2.0.18."""
    line_dropped_on_bad_reverse: frozenset[str]
    """A fourth word other than reverse and noreverse drops the line; else it is ignored. Source: vrrp_track.c and
    track_file.c, 2.0.18."""
    first_of_repeated_wins: bool
    """The same thing twice in one block: the first line wins; else both are added up. Source: vrrp_track.c 2.0.0."""
    weight_254_becomes_253: bool
    """`weight 254` on a script's or interface's tracking line counts as 253. Source: vrrp_track.c 2.0.0."""
    script_weight_checked: bool
    """A vrrp_script's weight beyond -253..253 is reported; it is used all the same. Source: vrrp_parser.c 2.0.0."""

    documented_script_weight: int
    """The weight that the manual promises a vrrp_script without one; the daemon's is 0 in every release. Source:
    doc/keepalived.conf.SYNOPSIS ("If unspecified, the weight equals 2"), corrected in 1.3.3."""

    priority_may_have_tail: bool
    """`priority 120x` is 120; else it is invalid and becomes 100. Source: vrrp_parser.c vrrp_prio_handler, 1.3.0."""
    missing_priority_from_state: bool
    """Without `priority`: 255 with `state MASTER`, else 100. Before: 100 at first, and 1 (0 plus the weights, but
    never below 1) as soon as it is computed. Source: vrrp.c vrrp_complete_instance, 1.2.20."""
    unknown_state_clears_master: bool
    """An unknown state after `state MASTER` makes it BACKUP. Source: vrrp_parser.c vrrp_state_handler, 2.0.0."""
    owner_starts_as_master: bool
    """Priority 255 acts as `state MASTER` even with `state BACKUP`. Source: vrrp.c 1.2.13 to 1.4.5."""
    master_clears_nopreempt: bool
    """`state MASTER` clears nopreempt and preempt_delay; before it only warns, if at all. Source: vrrp.c 2.0.0."""
    owner_clears_nopreempt: bool
    """Priority 255 clears nopreempt. Source: vrrp.c 1.3.5."""
    nopreempt_clears_delay: bool
    """nopreempt and strict mode clear preempt_delay. Source: vrrp.c 1.2.22."""
    strict_state_follows_owner: bool
    """In strict mode `state` is MASTER with priority 255 and BACKUP without; before, MASTER without 255 becomes BACKUP.
    Source: vrrp.c 2.0.0."""
    strict_clears_authentication: bool
    """Strict mode switches authentication off. Source: vrrp.c 2.0.0."""
    ah_clears_master: bool
    """auth_type AH makes `state MASTER` without 255 a BACKUP. Source: vrrp.c 2.0.0."""
    advert_interval_checked: bool
    """An advert_int beyond 0.01..255 s is ignored; before, only one that is not positive. Source: vrrp_parser.c
    vrrp_adv_handler, 2.0.7."""
    state_master_waits: bool
    """`state MASTER` without 255 waits the whole master down interval; before it is master after about one advert.
    Source: vrrp_scheduler.c 2.0.0; measured on seven releases."""

    own_interface_ignored: bool
    """track_interface on the instance's own interface is ignored; before its weight counts. Source: vrrp.c 2.0.0."""
    address_devices_tracked: bool
    """The `dev` of an address is tracked with weight 0, unless `no_track`. Source: vrrp.c 2.0.0."""
    addresses_above_interface_on_default: bool
    """Addresses above the `interface` of their instance are on the default interface (`default_interface`, else eth0),
    unless they have a `dev`. Source: vrrp_data.c alloc_vrrp_vip and vrrp_ipaddress.c alloc_ipaddress, until 2.0.20;
    measured on 2.0.20."""
    route_devices_tracked: bool
    """The `dev`, `iif` and `oif` of virtual routes and rules are tracked with weight 0, unless `no_track`.
    Source: vrrp.c 2.0.1."""
    deviceless_route_reported: bool
    """A route without `dev` and without `no_track` is reported, and not tracked. Source: vrrp_iproute.c alloc_route,
    2.0.1 to 2.3.1."""
    rule_preference_assigned: bool
    """A rule without `preference` gets one that counts down from 16384, and is reported. Source: vrrp_iprule.c
    alloc_rule, 2.0.2."""
    static_devices_tracked: bool
    """The devices of static addresses, routes and rules with a track_group are tracked with weight 0. Source: vrrp.c
    static_track_group_init, 2.0.3."""
    missing_interface: Literal["ignored", "exit"]
    """A tracked interface that is not there: its line is ignored, or the daemon exits (with dynamic_interfaces it
    counts as down). Source: vrrp_track.c alloc_track_if, 2.0.0; measured."""
    lost_address_faults: bool
    """No source address on the interface is FAULT. Source: vrrp_track.c and keepalived_netlink.c, 2.0.0; measured."""

    smallest_group: int
    """A vrrp_sync_group with fewer members is removed. Source: vrrp_sync.c 1.2.20, 1.4.0, 2.1.0 and 2.2.3."""
    group_zeroes_interfaces: bool
    """In a group without tracking weight an interface's weight becomes 0, so that it faults; from 2.0.0 it stays
    active, though the log says otherwise. Source: vrrp_scheduler.c vrrp_init_state until
    1.4.5; measured."""
    group_zeroes_interfaces_of_owner: bool
    """The same, even on a priority-255 instance. Source: vrrp_scheduler.c, until 1.2.24."""
    restricted_drops_all: bool
    """In a group without tracking weight, and on a priority-255 instance, every script, file and bfd of the instance
    is dropped, weight 0 too. Source: vrrp.c (free_track_script_list), 2.1.0 to 2.1.5; measured on 2.1.5."""
    script_on_both_silences: bool
    """A script of weight 0 on an instance and on its group silences the group for ever. Source: vrrp_track.c
    initialise_track_script_state, 2.0.0; measured from 2.0.20 on."""
    group_keywords: frozenset[str]
    """What keeps the weights of a group's members. Source: vrrp_parser.c; sync_group_tracking_weight 2.0.0."""

    unrun_script: Literal["ko", "neutral"]
    """A script that never ran counts as KO; or adds nothing, and with weight 0 holds the instance and its group
    silent. Source: vrrp_track.c 2.0.0; measured."""
    init_fail: bool
    """`init_fail` starts a script's counter at 0, so that it takes `rise` successes to be OK; else one is enough, and
    init_fail does nothing. Source: vrrp_scheduler.c vrrp_init_script, 1.3.2 to 1.4.5; measured: none in 2.x."""
    signal_is_ok: bool
    """A script killed by a signal counts as OK, as any exit status of 126 or more. Source: lib/notify.c 1.4.0 to 1.4.5;
    measured on 1.4.5."""
    missing_script: Unusable
    """A script that is missing or not executable counts as KO or OK, or is removed. Source: lib/notify.c 1.3.0, 2.0.0;
    measured."""
    insecure_script: Unusable
    """An insecure script with enable_script_security: it runs, counts as OK or KO, or is removed. Source: lib/notify.c
    1.3.0, 2.0.0; measured, KO on 2.1.5 only."""
    symlinked_script_disabled: bool
    """A script whose path leads through a symlinked directory (/bin) is disabled. Source: lib/notify.c 2.3.0;
    measured on 2.3.3."""
    decimal_script_times: bool
    """interval and timeout of a vrrp_script may have decimals. Source: vrrp_parser.c 2.3.2."""
    decimal_preempt_delay: bool
    """preempt_delay may have decimals. Source: vrrp_parser.c 2.0.7."""
    time_with_tail_shrinks: bool
    """A time that may have decimals and is no number to its end, such as `5s`, counts in millionths of a second; before
    that it is 5 s. Source: lib/parser.c read_decimal_unsigned_long_func, 2.2.3; measured on 2.2.7."""

    file_clamped_to_254: bool
    """A file's value is clamped to -254..254 before it is multiplied; later a value beyond 32 bits is ignored and the
    one before it stays. Source: vrrp_track.c process_track_file until 2.0.20; track_file.c 2.1.0."""
    file_leaving_fault_recomputes: bool
    """When a file's value leaves FAULT, the sum is corrected. Source: vrrp_track.c 2.0.20; measured on 2.0.10."""
    file_recreated_is_seen: bool
    """A file that was deleted and written again is read. Source: track_file.c 2.1.0; measured on 2.0.20."""
    interface_faults_share_bit: bool
    """All unweighted interfaces of an instance share one fault, set by any of them and cleared by any: with two down,
    one that returns ends the FAULT. Source: vrrp_track.c down_instance, 2.3.3; measured."""
    reload_forgets_reverse: bool
    """After a reload the base sum ignores `reverse` of scripts. Source: vrrp_track.c
    initialise_track_script_state, 2.0.18; measured."""
    link_local_unicast: Literal["mute", "works", "fault"]
    """An IPv6 instance with unicast peers and a link-local source address: it is master, but its adverts fail (Invalid
    argument); or it works; or it gets no socket and is in FAULT. Source: vrrp.c vrrp_build_pktinfo, until 1.4.5, and
    open_sockpool_socket, 2.1.0 to 2.1.5; measured on 1.3.5, 2.0.20, 2.1.5 and 2.3.1."""
    reload_matches: Literal["name", "router", "router and peers", "router, peers and group"]
    """By what a reload finds the instance that was there before: its name; or VRID, family and interface; also unicast
    peers and the source address; also the multicast group. Source: vrrp.c vrrp_exist, 1.3.0, 2.1.0 and 2.2.5."""
    reload_sends_advert: bool
    """A master sends an advert before it reloads. Source: vrrp_daemon.c sigreload_vrrp, 1.4.3."""
    reload_removed_backup_resigns: bool
    """An instance that the new file lacks sends priority 0 even if it was not master. Source: vrrp.c clear_diff_vrrp,
    until 2.0.16."""
    reload_new_script_waits: bool
    """A script of weight 0 that a reload adds holds its instance in FAULT until it has run; later the instance keeps
    its state. Source: vrrp_track.c, SCRIPT_INIT_STATE_INIT_RELOAD, 2.2.5; measured on 2.0.20 and 2.2.7."""
    reload_compares_commands: bool
    """A script whose command the new file changes begins anew; else it keeps its result. Source: vrrp.c
    clear_diff_script, 2.3.2."""

    computed_on_events: bool
    """The priority is computed when something changes; before, every advert interval. Source: vrrp_scheduler.c
    vrrp_update_priority, until 1.4.5."""
    skew_from_effective: bool
    """Skew time comes from the effective priority and, in v3, the learned interval; before from the base priority.
    Source: vrrp.h VRRP_TIMER_SKEW 2.0.0; measured."""
    lower_advert_forces_election: bool
    """A backup that hears a lower advert and may preempt sends its own at once, and is master one interval later; later
    it ignores that advert, and becomes master when the timer ends that the last accepted one set. Source: vrrp.c
    vrrp_state_backup, until 1.4.5; measured on 1.2.20, 1.4.5 and 2.2.7."""
    addresses_with_second_advert: bool
    """A new master takes its addresses one advert interval after its first advert. Source: vrrp.c
    vrrp_state_goto_master, until 1.4.5; measured on 1.2.13, 1.2.20, 1.3.5 and 1.4.5."""
    preempt_delay_from: Literal["start", "higher advert", "lower advert"]
    """From when preempt_delay counts: the daemon's start, the last higher advert that was heard, or the first lower
    one. Source: vrrp.c vrrp_state_backup, 1.2.17 and 1.2.22."""
    running_script_skipped: bool
    """A script that still runs when its interval ends is not started again; else a second run starts beside it, though
    the log says that it is skipped. Source: vrrp_scheduler.c vrrp_script_thread, 1.4.0 to 2.1.2 and from 2.3.3 on;
    measured on 1.2.20, 1.4.5 and 2.2.7."""
    interface_delays: bool
    """interface_up_down_delays delays what is seen of a link. Source: vrrp_parser.c, 2.2.3."""
    address_list_checked: bool
    """An advert with other addresses than one's own is rejected. Source: vrrp.c vrrp_check_packet, until 2.3.2."""
    ipv6_addresses_sent: bool
    """An IPv6 advert lists its virtual addresses, and who receives it compares them. Source: vrrp.c vrrp_in_chk,
    1.2.17; measured on 1.2.13."""
    destination_checked: bool
    """A unicast instance rejects multicast adverts, and the other way round. Source: vrrp.c vrrp_check_packet,
    2.0.12."""
    socket_bound: bool
    """An instance hears only what is sent to its multicast group, or to its own source address; before, all that comes
    to an address of its interface. Source: vrrp.c open_vrrp_read_socket, 2.1.0; measured on 2.2.7."""
    vrrp_versions: frozenset[int]
    """The versions of VRRP. Source: vrrp_parser.c; 3 from 1.2.17 on."""
    two_owners: Literal["higher address", "local drops to 254"]
    """Two masters of priority 255 that hear each other. Source: vrrp.c 1.3.0, 2.3.3; measured."""
    rejected_advert_is_heard: bool
    """A backup that rejects an advert restarts its timer all the same, so it stays backup until the master is gone.
    Source: vrrp_scheduler.c vrrp_dispatcher_read, until 1.4.5; measured on 1.2.13 and 1.3.5."""
    old_unicast_checksum: bool
    """A version 3 unicast advert has the checksum of a multicast one. Source: vrrp.c, until 1.3.6; measured on
    1.3.5."""
    global_strict_has_value: bool
    """vrrp_strict of global_defs reads the word after it, as in `vrrp_strict off`; before, it is on whatever follows.
    Source: global_parser.c vrrp_strict_handler, 2.3.0."""
    strict_refuses_unicast: bool
    """VRRP does not start with unicast peers in strict mode. Source: vrrp.c vrrp_complete_instance; from 2.2.5 to 2.3.4
    it looks at a flag that is set only afterwards; measured on 2.2.7."""
    shell_runs_scripts: bool
    """A script's line is given to /bin/sh; else the program is run without one. Source: lib/notify.c, until 1.4.5."""

    quorum_limit: Literal["none", "servers", "weights"]
    """A virtual server's quorum is lowered to the number of its real servers, or to the sum of their weights. Source:
    check_data.c validate_check_config, 1.4.1, 2.0.14; measured on 2.2.7."""
    hysteresis_limited: bool
    """A hysteresis that is not below the quorum becomes quorum - 1. Source: check_data.c, 1.3.0; measured on 2.2.7."""
    foreign_source: Literal["fault", "used"]
    """What comes of a source address that the node does not have. Source: vrrp.c (IP_FREEBIND), 2.3.3."""
    repeated_entries_ignored: bool
    """A virtual address or unicast peer that an instance has twice is rejected. Source: vrrp_data.c, 2.3.3."""
    empty_virtual_server: Literal["crashes", "ignored", "kept"]
    """What becomes of a virtual server without real servers. Source: check_data.c, 1.3.6, 2.2.8."""
    virtual_server_defaults: bool
    """keepalived fills in protocol, scheduler and forwarding method, and clears what does not fit a fwmark. Source:
    check_data.c validate_check_config, 1.3.6; measured on 2.2.7."""
    real_server_ports_reset: bool
    """Without NAT, a real server's port is made that of the virtual server. Source: check_data.c, 2.0.15; measured on
    2.2.7."""
    sorry_server_follows: bool
    """A sorry server that is a real server too takes over its inhibit_on_failure. Source: check_data.c, 2.0.20."""
    repeated_real_server_removed: bool
    """The second real server with one address and port is removed. Source: check_data.c, 2.0.20; measured on 2.2.7."""
    incomplete_checker_ignored: bool
    """A checker that does not say what to check is ignored. Source: check_http.c, check_misc.c, 1.3.7; measured on
    2.2.7."""
    checker_addresses_compared: bool
    """bindto and connect_ip of a checker must be of one family, a link-local address needs bind_if. Source:
    check_api.c, 1.3.7; measured on 2.2.7."""
    unicast_needs_interface: Literal["always", "without peers", "never"]
    """VRRP does not start with a unicast instance that has no interface. Source: vrrp.c chk_min_cfg, 2.1.0 and 2.2.8;
    from 2.2.5 to 2.2.7 it looks at a flag that is set only afterwards; measured on 2.2.7."""
