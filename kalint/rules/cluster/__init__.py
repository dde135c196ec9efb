"""The rules that look at a cluster, one a module, listed in order of code. No check of single files imports them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kalint.analysis.cluster.results import Cluster
    from kalint.findings.diagnostic import Diagnostic
    from kalint.rules.rule import Rule, RuleInfo


class ClusterRule(NamedTuple):
    """A rule: `check` yields its findings on all nodes together."""

    info: RuleInfo
    check: Callable[[Cluster], Iterator[Diagnostic]]


MODULES: tuple[tuple[str, str], ...] = (
    ("KA213", "weight_has_wrong_sign_for_pair"),
    ("KA306", "priorities_too_close_to_order_by_skew"),
    ("KA515", "ipv6_unicast_without_source"),
    ("KA801", "weight_never_moves_master"),
    ("KA802", "tie_reachable"),
    ("KA803", "addresses_differ"),
    ("KA804", "advert_mismatch"),
    ("KA805", "unicast_asymmetry"),
    ("KA806", "nopreempt_on_a_subset"),
    ("KA807", "two_owners"),
    ("KA808", "group_split"),
    ("KA809", "no_master_reachable"),
    ("KA810", "both_state_master"),
    ("KA811", "same_address_different_vrid"),
    ("KA812", "tracked_on_one_node_only"),
    ("KA813", "never_master"),
    ("KA814", "multicast_against_unicast"),
    ("KA815", "slow_failover"),
    ("KA816", "address_of_another_node"),
    ("KA817", "own_address_among_peers"),
    ("KA818", "adverts_and_addresses_apart"),
    ("KA819", "requirement_fails"),
    ("KA820", "requirement_tests_nothing"),
)


COPIED = "KA805"
"""What says that nodes have the same file."""


def load(module: str) -> ClusterRule:
    """The rule of a module."""
    return cast("ClusterRule", import_module(f"kalint.rules.cluster.{module}").RULE)


def documented() -> tuple[Rule, ...]:
    """All of them for pages and lists, which look at a rule's `info` and at the docstring of its module only."""
    return tuple(cast("Rule", load(module)) for _, module in MODULES)


def judge(cluster: Cluster, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> Iterator[Diagnostic]:
    """Every finding of every rule that counts; `select` and `ignore` are prefixes of codes, as for single files."""
    from kalint.analysis.cluster.copies import copies

    wanted, unwanted = tuple(select) or ("",), tuple(ignore)
    copied = [found.files for found in copies(cluster) if found.same_file]
    for code, module in MODULES:
        if code.startswith(wanted) and not code.startswith(unwanted):
            for finding in load(module).check(cluster):
                # All else that is odd about copies of one file follows from that.
                files = {finding.span.file, *(related.span.file for related in finding.related)}
                if code == COPIED or not any(files <= one for one in copied):
                    yield finding
