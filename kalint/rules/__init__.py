"""The rules, one a module, listed in order of code.

A rule says in its own module what it listens to (`on`); `waking.py` is generated from that, so that a rule with
nothing to look at is not even imported: this keeps a check of a small file quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, cast

from kalint.rules.collected import Collected
from kalint.rules.consequences import EXPLAINERS, TEMPLATE, UNKNOWN, one_a_mistake
from kalint.rules.rule import HOST
from kalint.rules.waking import ON

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context, Rule


class Row(NamedTuple):
    """A rule's code, and its module in this package."""

    code: str
    module: str

    @property
    def on(self) -> tuple[str, ...]:
        """What the rule listens to, as it says itself; empty: it always runs."""
        return ON.get(self.code, ())

    def awake(self, context: Context) -> bool:
        """Whether the rule can have anything to say."""
        return not self.on or not context.facts.isdisjoint(self.on)


RULES: tuple[Row, ...] = (
    Row("KA001", "unbalanced_brace"),
    Row("KA002", "unknown_keyword"),
    Row("KA003", "misplaced_keyword"),
    Row("KA004", "repeated_keyword"),
    Row("KA005", "extra_argument"),
    Row("KA006", "keywords_on_one_line"),
    Row("KA007", "unterminated_quote"),
    Row("KA008", "invalid_value"),
    Row("KA009", "duplicate_instance"),
    Row("KA010", "duplicate_script"),
    Row("KA011", "deprecated_keyword"),
    Row("KA012", "comment_cuts_word"),
    Row("KA013", "include_problem"),
    Row("KA014", "definition_problem"),
    Row("KA015", "template_placeholder"),
    Row("KA016", "not_in_this_release"),
    Row("KA017", "line_too_long"),
    Row("KA018", "unused_suppression"),
    Row("KA019", "smart_quotes"),
    Row("KA020", "non_comment"),
    Row("KA021", "config_id_unknown"),
    Row("KA023", "flag_with_value"),
    Row("KA024", "semicolon"),
    Row("KA101", "undefined_tracked_thing"),
    Row("KA102", "tracked_before_definition"),
    Row("KA103", "unused_script"),
    Row("KA104", "sync_group_member_missing"),
    Row("KA105", "instance_in_two_groups"),
    Row("KA106", "tracked_twice"),
    Row("KA107", "own_interface_tracked"),
    Row("KA108", "single_member_group"),
    Row("KA109", "tracking_line_dropped"),
    Row("KA201", "priority_out_of_range"),
    Row("KA202", "implicit_owner"),
    Row("KA203", "weight_on_owner"),
    Row("KA204", "saturates"),
    Row("KA205", "dead_tracker"),
    Row("KA206", "weights_cancel"),
    Row("KA207", "weight_out_of_range"),
    Row("KA208", "small_weight"),
    Row("KA209", "weight_zero_override"),
    Row("KA210", "nopreempt_blocks_weight"),
    Row("KA211", "weight_zero_faults"),
    Row("KA212", "file_value_can_fault"),
    Row("KA214", "default_weight_differs_by_release"),
    Row("KA301", "nopreempt_with_state_master"),
    Row("KA302", "preempt_delay_useless"),
    Row("KA303", "nopreempt_with_255"),
    Row("KA304", "state_master_without_255"),
    Row("KA305", "unknown_state"),
    Row("KA401", "vrid_missing_or_out_of_range"),
    Row("KA402", "vrid_duplicated"),
    Row("KA403", "vrid_default_51"),
    Row("KA404", "address_in_two_instances"),
    Row("KA405", "address_repeated"),
    Row("KA406", "address_invalid"),
    Row("KA407", "mixed_families"),
    Row("KA408", "label_too_long"),
    Row("KA409", "broadcast_is_the_address"),
    Row("KA410", "no_address"),
    Row("KA411", "address_outside_any_named_subnet"),
    Row("KA412", "address_without_prefix"),
    Row("KA413", "ipv6_address_option"),
    Row("KA414", "rule_without_preference"),
    Row("KA415", "route_not_tracked"),
    Row("KA416", "interface_not_given"),
    Row("KA417", "address_is_own_source"),
    Row("KA418", "address_is_network_or_broadcast"),
    Row("KA419", "ipv6_first_address_not_link_local"),
    Row("KA501", "auth_pass_truncated"),
    Row("KA502", "auth_ignored"),
    Row("KA503", "fractional_interval_v2"),
    Row("KA504", "strict_with_unicast"),
    Row("KA505", "strict_blocks_addresses"),
    Row("KA506", "unicast_self_or_repeated_peer"),
    Row("KA507", "unicast_without_peers"),
    Row("KA508", "ah_with_state_master"),
    Row("KA509", "ipv6_with_v2"),
    Row("KA510", "auth_well_known"),
    Row("KA511", "auth_hmac_problems"),
    Row("KA512", "vmac_setting_changed"),
    Row("KA513", "ipvlan_without_address"),
    Row("KA514", "setting_without_effect"),
    Row("KA515", "ipv6_unicast_without_source"),
    Row("KA516", "device_is_own_vmac"),
    Row("KA601", "script_security_missing"),
    Row("KA602", "shell_syntax_in_script"),
    Row("KA603", "timeout_exceeds_interval"),
    Row("KA604", "sync_group_drops_weight"),
    Row("KA605", "script_path_relative"),
    Row("KA606", "slow_detection"),
    Row("KA607", "script_writable_by_others"),
    Row("KA608", "script_kills_or_restarts_keepalived"),
    Row("KA609", "group_members_differ_in_priority"),
    Row("KA610", "rise_or_fall_useless"),
    Row("KA611", "script_faults_instance_and_group"),
    Row("KA612", "several_interface_faults_share_one_bit"),
    Row("KA613", "address_device_cancels_weight"),
    Row("KA614", "definition_incomplete"),
    Row("KA615", "missing_interface"),
    Row("KA616", "script_missing"),
    Row("KA617", "missing_user"),
    Row("KA618", "check_cannot_fail"),
    Row("KA619", "check_needs_bash"),
    Row("KA620", "script_is_no_program"),
    Row("KA622", "success_is_fault"),
    Row("KA623", "reload_changes_priority"),
    Row("KA624", "release_bug"),
    Row("KA625", "source_address_missing"),
    Row("KA701", "bfd_without_neighbour"),
    Row("KA702", "quorum_exceeds_weights"),
    Row("KA703", "virtual_server_without_real_servers"),
    Row("KA704", "deprecated_retry"),
    Row("KA705", "checker_incomplete"),
    Row("KA706", "duplicate_real_server"),
    Row("KA707", "duplicate_virtual_server"),
    Row("KA708", "real_server_port_differs"),
    Row("KA709", "virtual_server_default"),
    Row("KA710", "virtual_server_setting_overridden"),
    Row("KA711", "real_server_family"),
    Row("KA712", "virtual_server_group_missing"),
    Row("KA713", "server_setting_without_effect"),
    Row("KA714", "garp_group_void"),
    Row("KA715", "checker_cannot_work"),
    Row("KA716", "virtual_server_loose_ends"),
    Row("KA816", "address_of_another_node"),
    Row("KA817", "own_address_among_peers"),
)


def codes() -> tuple[str, ...]:
    """Those of all rules: on single files, on clusters and on the wire."""
    from kalint.rules.cluster import MODULES as CLUSTER
    from kalint.rules.live import MODULES as LIVE

    return (*(row.code for row in RULES), *(code for code, _ in (*CLUSTER, *LIVE)))


def names() -> dict[str, str]:
    """The code of each rule by its name, in lower case."""
    from kalint.rules.cluster import MODULES as CLUSTER
    from kalint.rules.live import MODULES as LIVE

    modules = (*((row.code, row.module) for row in RULES), *CLUSTER, *LIVE)
    return {module.replace("_", "-"): code for code, module in modules}


def speaking(select: Sequence[str], ignore: Sequence[str], host: bool) -> frozenset[str]:
    """The codes of the rules on single files that these prefixes let speak, with or without a host to look at."""
    wanted, unwanted = tuple(select) or ("",), tuple(ignore)
    return frozenset(
        row.code
        for row in RULES
        if row.code.startswith(wanted) and not row.code.startswith(unwanted) and (host or row.on != (HOST,))
    )


def load(row: Row) -> Rule:
    """The rule of a row."""
    return cast("Rule", import_module(f"kalint.rules.{row.module}").RULE)


def judge(context: Context, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> Iterator[Diagnostic]:
    """Every finding of every rule that has something to look at, one for each mistake.

    `select` and `ignore` are prefixes of codes: a rule counts if one of `select` (empty: all), but none of `ignore`, is
    a prefix of its code. Few findings are kept here, however many there are.
    """
    wanted, unwanted = tuple(select) or ("",), tuple(ignore)
    found = Collected(context)
    for row in RULES:
        counts = row.code.startswith(wanted) and not row.code.startswith(unwanted)
        if (counts or row.code in EXPLAINERS) and row.awake(context):
            found.add(load(row))
    if not found:
        return
    if "keyword-unknown" in context.problems:
        from kalint.rules.support.foreign import foreign

        if foreign(context) is not None:
            found.keep((UNKNOWN, TEMPLATE))
    counting = one_a_mistake(context, found)
    if "_ENV" in context.text:
        from kalint.rules.support.environment import masked

        counting = masked(counting, context.statements())
    for finding in counting:
        if finding.code.startswith(wanted) and not finding.code.startswith(unwanted):
            yield finding
