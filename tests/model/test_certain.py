"""Which keyword a misspelt one surely stands for."""

from __future__ import annotations

import pytest

from kalint.model.keywords import certain
from kalint.spelling import distance
from kalint.version import NEWEST, Version


@pytest.mark.parametrize(
    ("name", "context", "meant"),
    [
        ("prioritty", "vrrp_instance", "priority"),
        ("inteface", "vrrp_instance", "interface"),
        ("virtual_router_di", "vrrp_instance", "virtual_router_id"),
        ("Interface", "vrrp_instance", "interface"),
        ("priority:", "vrrp_instance", "priority"),
        ("noprempt", "vrrp_instance", "nopreempt"),
        ("vrrp_instnace", "", "vrrp_instance"),
        ("netify_backup", "vrrp_sync_group", "notify_backup"),
    ],
)
def test_one_candidate(name: str, context: str, meant: str) -> None:
    assert certain(name, context, NEWEST) == meant


@pytest.mark.parametrize(
    ("name", "context", "why"),
    [
        ("fail", "vrrp_script", "too short: fall, or something else"),
        ("intrfce", "vrrp_instance", "two letters missing of a short name"),
        ("FTP_CHECK", "real_server", "two letters of TCP_CHECK, and as many of others"),
        ("email_faults", "global_defs", "the contrary of no_email_faults"),
        ("npreempt", "vrrp_instance", "preempt and nopreempt"),
        ("lvs_weight", "real_server", "weight, or not"),
        ("notify_maste", "vrrp_script", "no keyword of this block"),
        ("x" * 5000, "vrrp_instance", "no name of a keyword"),
    ],
)
def test_no_candidate_or_several(name: str, context: str, why: str) -> None:
    assert certain(name, context, NEWEST) == "", why


def test_only_what_the_release_knows() -> None:
    """timer_expired_backup came with 2.2.8."""
    assert certain("timer_expired_backpu", "vrrp_instance", Version(2, 2, 7)) == ""
    assert certain("timer_expired_backpu", "vrrp_instance", Version(2, 2, 8)) == "timer_expired_backup"


@pytest.mark.parametrize(
    ("one", "other", "letters"),
    [("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "axc", 1), ("abc", "cab", 2), ("abc", "xyz", 3)],
)
def test_distance(one: str, other: str, letters: int) -> None:
    """Added, removed, replaced, or swapped with the next (Damerau and Levenshtein)."""
    assert distance(one, other) == distance(other, one) == letters
