"""The rules, one a module, listed in order of code.

A row names the module and what wakes it; on a file without that the module is never imported, which is what keeps a
check of a small file as quick as it is.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Context, Rule


class Row(NamedTuple):
    """A rule's code, its module in this package, and what it has nothing to say without.

    `wakes_on` are facts (see `Context.facts`): kinds of problems, reasons for which a tracker is ignored, keywords that
    the file uses, or suspicions. `mentions` are pieces of text, one of which must stand in some file. Without both the
    rule always runs.
    """

    code: str
    module: str
    wakes_on: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()

    def awake(self, context: Context) -> bool:
        """Whether the rule can have anything to say."""
        if self.wakes_on and context.facts.isdisjoint(self.wakes_on):
            return False
        return not self.mentions or any(piece in context.text for piece in self.mentions)


_INCLUDES = ("include-missing", "include-unreadable", "include-cycle", "include-too-deep", "include-outside-root")
_DEFINITIONS = (
    "definition-cycle",
    "definition-undefined",
    "definition-malformed",
    "expansion-too-large",
    "sequence-malformed",
)
_PASSWORDS = ("1111", "1234", "0000", "secret", "password", "changeme", "admin")
_SHELL = ("|", "&", ";", "<", ">", "`", "$(")
_CHECKERS = ("HTTP_GET", "SSL_GET", "MISC_CHECK", "FILE_CHECK", "BFD_CHECK")
_LINK_LOCAL = ("fe8", "fe9", "fea", "feb", "FE", "Fe", "fE")
_KILLS = ("keepalived stop", "stop keepalived", "restart", "reload", "kill")
_FOREIGN = (
    "\u201c\u201d\u201e\u2018\u2019\uff0c\uff1a\uff1b\uff08\uff09\uff5b\uff5d\uff03\uff01\u3000\u00a0\u200b\ufeff"
)

# What this machine has, where --host lets rules look.
HOST = "a host"

RULES: tuple[Row, ...] = (
    Row("KA001", "unbalanced_brace", ("brace-unclosed", "brace-extra", "brace-unexpected", "brace-missing")),
    Row("KA002", "unknown_keyword", ("keyword-unknown",)),
    Row("KA003", "misplaced_keyword", ("keyword-misplaced",)),
    Row("KA004", "repeated_keyword", ("keyword-repeated",)),
    Row("KA005", "extra_argument", ("argument-extra",)),
    Row("KA006", "keywords_on_one_line", ("keywords-on-one-line",)),
    Row("KA007", "unterminated_quote", ("unterminated-quote",)),
    Row("KA008", "invalid_value", ("argument-missing", "value-invalid")),
    Row("KA009", "duplicate_instance", ("instance-duplicate",)),
    Row("KA010", "duplicate_script", ("definition-duplicate",)),
    Row("KA011", "deprecated_keyword", ("keyword-deprecated",)),
    Row("KA012", "comment_cuts_word", ("comment-cuts-word",)),
    Row("KA013", "include_problem", _INCLUDES),
    Row("KA014", "definition_problem", _DEFINITIONS),
    Row("KA015", "template_placeholder", mentions=("__", "{{", "{%", "<", "%", "[", "x.", "X.")),
    Row("KA016", "not_in_this_release", ("keyword-release",)),
    Row("KA017", "line_too_long", ("line-too-long", "nul")),
    Row("KA018", "unused_suppression", ("a suppression",)),
    Row("KA019", "smart_quotes", mentions=tuple(_FOREIGN)),
    Row("KA020", "non_comment", ("keyword-unknown", "argument-extra", "value-invalid")),
    Row("KA021", "config_id_unknown", ("config-id-unknown",)),
    Row("KA101", "undefined_tracked_thing", ("undefined", "static_ipaddress", "static_routes", "static_rules")),
    Row("KA102", "tracked_before_definition", ("defined-later",)),
    Row("KA103", "unused_script", ("an unused script",)),
    Row("KA104", "sync_group_member_missing", ("an odd group",)),
    Row("KA105", "instance_in_two_groups", ("an odd group",)),
    Row("KA106", "tracked_twice", ("repeated",)),
    Row("KA107", "own_interface_tracked", ("own-interface", "overridden")),
    Row("KA108", "single_member_group", ("an odd group",)),
    Row("KA109", "tracking_line_dropped", ("bad-option",)),
    Row("KA201", "priority_out_of_range", ("value-invalid", "an odd priority")),
    Row("KA202", "implicit_owner", ("state",), ("MASTER",)),
    Row("KA203", "weight_on_owner", ("priority 255",)),
    Row("KA204", "saturates", ("a large weight",)),
    Row("KA205", "dead_tracker", ("a large weight", "a reversed weight", "not-connected", "overridden", "sync-group")),
    Row("KA206", "weights_cancel", ("a reversed weight",)),
    Row("KA207", "weight_out_of_range", ("an odd weight",)),
    Row("KA208", "small_weight", ("a small weight",)),
    Row("KA209", "weight_zero_override", ("weight 0",)),
    Row("KA210", "nopreempt_blocks_weight", ("nopreempt",)),
    Row("KA211", "weight_zero_faults", ("weight 0",)),
    Row("KA212", "file_value_can_fault", ("track_file",)),
    Row("KA214", "default_weight_differs_by_release", ("weight 0",)),
    Row("KA301", "nopreempt_with_state_master", ("nopreempt",)),
    Row("KA302", "preempt_delay_useless", ("preempt_delay",)),
    Row("KA303", "nopreempt_with_255", ("nopreempt",)),
    Row("KA304", "state_master_without_255", ("state",), ("MASTER",)),
    Row("KA305", "unknown_state", ("an odd state",)),
    Row("KA401", "vrid_missing_or_out_of_range", ("an odd vrid",)),
    Row("KA402", "vrid_duplicated", ("a shared vrid",)),
    Row("KA403", "vrid_default_51", ("vrid 51",)),
    Row("KA404", "address_in_two_instances", ("a shared address",)),
    Row("KA405", "address_repeated", ("a shared address",)),
    Row("KA406", "address_invalid", ("an odd address", "static_ipaddress")),
    Row("KA407", "mixed_families", ("a mixed address",)),
    Row("KA408", "label_too_long", mentions=("label",)),
    Row("KA409", "broadcast_is_the_address", mentions=("brd", "broadcast")),
    Row("KA410", "no_address", ("no address",)),
    Row("KA411", "address_outside_any_named_subnet", ("an address alone",)),
    Row("KA412", "address_without_prefix", ("an address alone",)),
    Row("KA413", "ipv6_address_option", mentions=("scope", "label")),
    Row("KA414", "rule_without_preference", ("virtual_rules", "static_rules")),
    Row("KA415", "route_not_tracked", ("virtual_routes", "static_routes", "static_rules")),
    Row("KA416", "interface_not_given", ("no interface",)),
    Row("KA501", "auth_pass_truncated", ("a long password",)),
    Row("KA502", "auth_ignored", ("odd authentication",)),
    Row("KA503", "fractional_interval_v2", ("an odd interval",)),
    Row("KA504", "strict_with_unicast", ("vrrp_strict", "strict_mode")),
    Row("KA505", "strict_blocks_addresses", ("vrrp_strict", "strict_mode")),
    Row("KA506", "unicast_self_or_repeated_peer", ("a repeated peer",)),
    Row("KA507", "unicast_without_peers", ("no peers",)),
    Row("KA508", "ah_with_state_master", ("auth_type",), ("AH",)),
    Row("KA509", "ipv6_with_v2", ("version",)),
    Row("KA510", "auth_well_known", ("auth_pass",), _PASSWORDS),
    Row("KA511", "auth_hmac_problems", ("auth_hmac",)),
    Row("KA512", "vmac_setting_changed", ("use_vmac", "use_ipvlan")),
    Row("KA513", "ipvlan_without_address", ("use_ipvlan",)),
    Row(
        "KA514",
        "setting_without_effect",
        ("vmac_xmit_base", "unicast_ttl", "mcast_dst_ip", "vrf", "use_vmac", "many addresses"),
    ),
    Row("KA601", "script_security_missing", ("a command",)),
    Row("KA602", "shell_syntax_in_script", ("a command",), _SHELL),
    Row("KA603", "timeout_exceeds_interval", ("a long timeout",)),
    Row("KA604", "sync_group_drops_weight", ("vrrp_sync_group",)),
    Row("KA605", "script_path_relative", ("a relative command",)),
    Row("KA606", "slow_detection", ("a slow script",)),
    Row("KA607", "script_writable_by_others", (HOST,)),
    Row("KA608", "script_kills_or_restarts_keepalived", ("a command",), _KILLS),
    Row("KA609", "group_members_differ_in_priority", ("vrrp_sync_group",)),
    Row("KA610", "rise_or_fall_useless", ("an odd count",)),
    Row("KA611", "script_faults_instance_and_group", ("a silent instance",)),
    Row("KA612", "several_interface_faults_share_one_bit", mentions=("track_interface", "dev", "iif", "oif")),
    Row("KA613", "address_device_cancels_weight", ("overridden",)),
    Row("KA614", "definition_incomplete", ("an incomplete definition",)),
    Row("KA615", "missing_interface", (HOST,)),
    Row("KA616", "script_missing", (HOST,)),
    Row("KA617", "missing_user", (HOST,)),
    Row("KA701", "bfd_without_neighbour", ("bfd_instance",)),
    Row("KA702", "quorum_exceeds_weights", ("virtual_server",)),
    Row("KA703", "virtual_server_without_real_servers", ("virtual_server",)),
    Row("KA704", "deprecated_retry", ("nb_get_retry",)),
    Row("KA705", "checker_incomplete", _CHECKERS),
    Row("KA706", "duplicate_real_server", ("real_server",)),
    Row("KA707", "duplicate_virtual_server", ("virtual_server",)),
    Row("KA708", "real_server_port_differs", ("virtual_server",), ("DR", "TUN")),
    Row("KA709", "virtual_server_default", ("virtual_server",)),
    Row("KA710", "virtual_server_setting_overridden", ("virtual_server",)),
    Row("KA711", "real_server_family", ("virtual_server",), (":",)),
    Row("KA712", "virtual_server_group_missing", ("virtual_server", "virtual_server_group"), ("group",)),
    Row("KA713", "server_setting_without_effect", ("virtual_server",)),
    Row("KA714", "garp_group_void", ("garp_group",)),
    Row("KA715", "checker_cannot_work", ("real_server",), ("bindto", "reply_length", *_LINK_LOCAL)),
)

# What these find makes everything else that could be said of the same line a consequence.
EXPLAINERS = ("KA007", "KA014", "KA015", "KA017", "KA019", "KA020")
# What this says of a value is said better by any rule that knows the keyword; one that it is old says nothing of it.
GENERAL, OLD = "KA008", "KA011"
# A brace out of place leaves values behind, on its line, that are none.
BRACES = "KA001"
VALUES = (GENERAL, "KA406")
TEMPLATE = "KA015"
COMMENT = "KA020"
# Where keepalived does not know the statement, a comment inside one of its words takes nothing away.
UNKNOWN, CUT = "KA002", "KA012"


def codes() -> tuple[str, ...]:
    """Those of all rules: on single files, on clusters and on the wire."""
    from kalint.rules.cluster import MODULES as CLUSTER
    from kalint.rules.live import MODULES as LIVE

    return (*(row.code for row in RULES), *(code for code, _ in (*CLUSTER, *LIVE)))


def speaking(select: Sequence[str], ignore: Sequence[str], host: bool) -> frozenset[str]:
    """The codes of the rules on single files that these prefixes let speak, with or without a host to look at."""
    wanted, unwanted = tuple(select) or ("",), tuple(ignore)
    return frozenset(
        row.code
        for row in RULES
        if row.code.startswith(wanted) and not row.code.startswith(unwanted) and (host or HOST not in row.wakes_on)
    )


def load(row: Row) -> Rule:
    """The rule of a row."""
    return cast("Rule", import_module(f"kalint.rules.{row.module}").RULE)


def judge(context: Context, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> Iterator[Diagnostic]:
    """Every finding of every rule that has something to look at, one for each mistake.

    `select` and `ignore` are prefixes of codes: a rule counts if one of `select` (empty: all), but none of `ignore`, is
    a prefix of its code.
    """
    wanted, unwanted = tuple(select) or ("",), tuple(ignore)
    found: list[Diagnostic] = []
    for row in RULES:
        counts = row.code.startswith(wanted) and not row.code.startswith(unwanted)
        if (counts or row.code in EXPLAINERS) and row.awake(context):
            found += load(row).check(context)
    counting = _one_a_mistake(context, found)
    if found and "_ENV" in context.text:
        from kalint.rules.support.environment import masked

        counting = masked(counting, context.statements())
    for finding in counting:
        if finding.code.startswith(wanted) and not finding.code.startswith(unwanted):
            yield finding


def _one_a_mistake(context: Context, found: list[Diagnostic]) -> Iterator[Diagnostic]:
    """Without those that only follow from another one, or say the same of one place again (a block of `~SEQ`)."""
    explained = set()
    comments: dict[tuple[str, int], int] = {}
    unknown: dict[tuple[str, int], int] = {}
    braces = set()
    particular = set()
    for finding in found:
        if finding.code == BRACES:
            braces.add((finding.span.file, finding.span.line))
        elif finding.code == UNKNOWN:
            unknown[finding.span[:2]] = finding.span.column
            particular.add(finding.span)
        elif finding.code == COMMENT:
            comments[finding.span[:2]] = finding.span.column
        elif finding.code in EXPLAINERS:
            explained.add((finding.span.file, finding.span.line))
            explained.update((related.span.file, related.span.line) for related in finding.related)
        elif finding.code not in (GENERAL, OLD):
            particular.add(finding.span)
    templates = _templates(context, found)
    said = set()
    for finding in found:
        place = finding.code, *finding.span[:3]
        if place in said:
            continue
        said.add(place)
        line = finding.span.file, finding.span.line
        follows = finding.code not in EXPLAINERS and line in explained
        follows = follows or (finding.code in VALUES and line in braces)
        follows = follows or (finding.code == CUT and unknown.get(line, finding.span.column) < finding.span.column)
        if line in comments and finding.code != COMMENT:
            # What is before the comment is a mistake of its own.
            follows = follows or finding.code == GENERAL or finding.span.column >= comments[line]
        follows = follows or (finding.code != TEMPLATE and finding.span.file in templates)
        if not follows and (finding.code != GENERAL or finding.span not in particular):
            yield finding


def _templates(context: Context, found: list[Diagnostic]) -> frozenset[str]:
    if all(finding.code != TEMPLATE for finding in found):
        return frozenset()
    from kalint.rules.template_placeholder import templates

    return templates(context, found)
