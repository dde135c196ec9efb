"""Whether a node accepts another's adverts: what daemons were seen to do, and what each release's source says.

Names such as ev-ttl are those of recorded captures.
"""

from __future__ import annotations

import pytest

from kalint.pipeline.reading import Request, load
from kalint.semantics.acceptance import Verdict, verdict
from kalint.semantics.adverts import Endpoint, endpoint
from kalint.text import Options
from kalint.version import parse_version

INSTANCE = """{outside}
vrrp_instance VI_1 {{
    interface eth0
    virtual_router_id 51
    priority 100
    {lines}
    virtual_ipaddress {{
        {address}
    }}
}}
"""
SIX = "2001:db8::100/64"
KEY_A, KEY_B = "k" * 32, "q" * 32


def node(
    release: str, *lines: str, address: str = "10.0.0.9/24", outside: str = "", of_interface: str | None = None
) -> Endpoint:
    text = INSTANCE.format(lines="\n    ".join(lines), address=address, outside=outside).encode()
    resolved = load("k.conf", text, Request(Options(), parse_version(release))).resolved
    return endpoint(resolved.instances[0], resolved, of_interface)


def heard(sender: Endpoint, receiver: Endpoint) -> str:
    return verdict(sender, receiver).heard


def settings(found: Verdict) -> list[str]:
    return [each.setting for each in found.reasons]


def password(text: str, kind: str = "PASS") -> str:
    return f"authentication {{\n auth_type {kind}\n auth_pass {text}\n }}"


def hmac(key: str, number: int = 1, mode: str = "enforce") -> str:
    return f"auth_hmac {{\n key {number} {key}\n active_key {number}\n mode {mode}\n }}"


def unicast(source: str, *peers: str) -> str:
    named = f"unicast_src_ip {source}\n" if source else ""
    return f"{named} unicast_peer {{\n" + "\n".join(peers) + "\n}"


@pytest.mark.parametrize(
    ("one", "other", "setting"),
    [
        (password("secretA"), password("secretB"), "auth_pass"),  # ev-auth-mismatch
        (password("secretA"), "", "auth_type"),  # ev-auth-type
        ("advert_int 1", "advert_int 2", "advert_int"),  # ev-advint-v2
        ("version 2", "version 3", "version"),
    ],
)
def test_what_two_nodes_must_agree_on(one: str, other: str, setting: str) -> None:
    """From 2.0.0 such adverts are rejected; each rejects the other's."""
    for release in ("2.0.20", "2.2.7", "2.4.3"):
        both = node(release, one), node(release, other)
        for sender, receiver in (both, both[::-1]):
            assert heard(sender, receiver) == "rejected"
            assert settings(verdict(sender, receiver)) == [setting]


def test_only_eight_bytes_of_a_password_count() -> None:
    """ev-auth-same8."""
    assert heard(node("2.2.7", password("12345678a")), node("2.2.7", password("12345678b"))) == "accepted"


def test_another_interval_of_version_2_counts_for_a_backup_before_2_0() -> None:
    """The result DROP is looked at by a master only (ev-advint-v2_1.3.5); with another fault it is rejected."""
    assert heard(node("1.4.5", "advert_int 1"), node("1.4.5", "advert_int 2")) == "dropped"
    assert heard(node("1.4.5", "advert_int 1", password("a")), node("1.4.5", "advert_int 2")) == "rejected"


def test_version_3_takes_any_interval() -> None:
    """ev-advint-v3."""
    assert heard(node("2.2.7", "version 3", "advert_int 1"), node("2.2.7", "version 3", "advert_int 2")) == "accepted"


def test_the_address_list_counts_until_2_3_2() -> None:
    """ev-vipcount: rejected by 2.2.7, accepted by 2.4.3, which only logs it; the order never counts (ev-viporder)."""
    more = "10.0.0.9/24\n10.0.0.8/24"
    for release, expected in (("1.2.13", "rejected"), ("2.2.7", "rejected"), ("2.3.2", "rejected")):
        assert heard(node(release), node(release, address=more)) == expected
    found = verdict(node("2.3.3"), node("2.3.3", address=more))
    assert (found.heard, settings(found), len(found.objections)) == ("accepted", [], 1)
    turned = "10.0.0.8/24\n10.0.0.9/32"
    assert heard(node("2.2.7", address=more), node("2.2.7", address=turned)) == "accepted"


def test_ah_is_another_protocol() -> None:
    """Its adverts do not even arrive at a socket for VRRP."""
    assert heard(node("2.2.7", password("a", "AH")), node("2.2.7", password("a"))) == "unheard"
    assert heard(node("2.2.7", password("a", "AH")), node("2.2.7", password("a", "AH"))) == "accepted"
    assert heard(node("2.2.7", password("a", "AH")), node("2.2.7", password("b", "AH"))) == "rejected"


def test_strict_mode_drops_authentication() -> None:
    strict = node("2.2.7", password("a"), "strict_mode on")
    assert settings(verdict(strict, node("2.2.7", password("a")))) == ["auth_type"]
    assert heard(strict, node("2.2.7", "strict_mode on")) == "accepted"


@pytest.mark.parametrize(
    ("sender", "receiver", "expected"),
    [
        (hmac(KEY_A), hmac(KEY_A), "accepted"),  # hmac-v2-enforce
        (hmac(KEY_A), hmac(KEY_B), "rejected"),
        (hmac(KEY_A), hmac(KEY_A, 2), "rejected"),  # hmac-unknown-key
        (hmac(KEY_A, mode="receive-only"), hmac(KEY_A), "rejected"),  # hmac-recvonly-vs-enforce
        (hmac(KEY_A), hmac(KEY_A, mode="receive-only"), "accepted"),
        (hmac(KEY_A, mode="receive-only"), hmac(KEY_A, mode="permissive"), "accepted"),
        ("", hmac(KEY_A, mode="permissive"), "accepted"),
        ("", hmac(KEY_A), "rejected"),  # hmac-vs-none
        (hmac(KEY_A), "", "rejected"),
        (hmac("short"), "", "accepted"),  # no key, no auth_hmac
        (hmac(KEY_A), hmac("hex:" + KEY_A.encode().hex()), "accepted"),
        (hmac(KEY_A), hmac("file:/etc/key"), "accepted"),  # nobody can tell
    ],
)
def test_auth_hmac(sender: str, receiver: str, expected: str) -> None:
    assert heard(node("2.4.3", sender), node("2.4.3", receiver)) == expected


def test_unicast_and_multicast_do_not_meet() -> None:
    """2.2.7: both are master. Before 2.0.12 a multicast node takes a unicast advert, if its TTL is 255."""
    one, group = unicast("10.0.0.1", "10.0.0.2"), "mcast_src_ip 10.0.0.2"
    for release, expected in (
        ("1.4.5", "accepted"),
        ("2.0.20", "rejected"),
        ("2.1.0", "unheard"),
        ("2.2.7", "unheard"),
    ):
        assert heard(node(release, one), node(release, group)) == expected
        assert heard(node(release, group), node(release, one)) == "unheard"


def test_another_multicast_group_is_not_heard() -> None:
    other = node("2.2.7", outside="global_defs {\n vrrp_mcast_group4 224.0.0.44\n}")
    assert settings(verdict(other, node("2.2.7"))) == ["multicast group"]
    assert heard(other, other) == "accepted"


def test_a_peer_that_is_nobodys_source() -> None:
    """An advert goes to the peers only; that the other direction works does not help."""
    one, other = node("2.2.7", unicast("10.0.0.1", "10.0.0.3")), node("2.2.7", unicast("10.0.0.2", "10.0.0.1"))
    assert settings(verdict(one, other)) == ["unicast_peer"]
    assert heard(one, other) == "unheard"
    assert heard(other, one) == "accepted"
    unnamed = node("2.2.7", unicast("", "10.0.0.1"))
    assert heard(one, unnamed) == "accepted", "10.0.0.3 may be its address"
    assert verdict(one, unnamed, {"10.0.0.3"}).heard == "unheard", "it is a third node's"


def test_the_source_of_a_unicast_advert_is_looked_at_on_demand() -> None:
    one = node("2.2.7", unicast("10.0.0.1", "10.0.0.2"))
    stranger = unicast("10.0.0.2", "10.0.0.5")
    assert heard(one, node("2.2.7", stranger)) == "accepted"
    assert settings(verdict(one, node("2.2.7", stranger, "check_unicast_src"))) == ["check_unicast_src"]
    everywhere = node("2.2.7", stranger, outside="global_defs {\n vrrp_check_unicast_src\n}")
    assert heard(one, everywhere) == "rejected"


def test_the_limits_of_a_peers_ttl() -> None:
    """ev-ttl, ev-minttl."""
    one = node("2.2.7", unicast("10.0.0.1", "10.0.0.2"), "unicast_ttl 64")
    assert heard(one, node("2.2.7", unicast("10.0.0.2", "10.0.0.1"))) == "accepted"
    limited = node("2.2.7", unicast("10.0.0.2", "10.0.0.1 min_ttl 254"))
    assert settings(verdict(one, limited)) == ["TTL"]
    assert heard(node("2.2.7", unicast("10.0.0.1", "10.0.0.2")), limited) == "accepted"
    other = node("2.2.7", unicast("10.0.0.2", "10.0.0.7 min_ttl 254", "10.0.0.1"))
    assert heard(one, other) == "accepted", "the limits are those of another peer"


def test_ipv6_unicast_without_a_source() -> None:
    """It sends from, and listens on, the link-local address: 2.2.7 has two masters; before 2.1.0 it hears all."""
    for release, expected in (("2.0.20", "accepted"), ("2.2.7", "unheard")):
        one = node(release, unicast("", "2001:db8::12"), address=SIX)
        other = node(release, unicast("", "2001:db8::11"), address=SIX)
        assert heard(one, other) == expected
        assert heard(other, one) == expected
    one = node("2.2.7", unicast("2001:db8::11", "2001:db8::12"), address=SIX)
    other = node("2.2.7", unicast("", "2001:db8::11"), address=SIX)
    assert settings(verdict(one, other)) == ["unicast_src_ip"]
    assert heard(other, one) == "accepted"
    checked = node("2.2.7", unicast("2001:db8::11", "2001:db8::12"), "check_unicast_src", address=SIX)
    assert heard(other, checked) == "rejected"
    link = node("2.2.7", unicast("", "fe80::12"), address=SIX)
    assert heard(link, other) == "accepted", "fe80::12 may be its address"


def test_checksums_of_version_3() -> None:
    """v3-unicast, v3-unicast-never, v3-csum-as-v2-one-side, v3-unicast-peers3."""
    peers = unicast("10.0.0.1", "10.0.0.2"), unicast("10.0.0.2", "10.0.0.1")
    old, new = node("1.3.5", "version 3", peers[0]), node("2.2.7", "version 3", peers[1])
    assert (heard(old, new), heard(new, old)) == ("accepted", "rejected")
    never = node("2.2.7", "version 3", peers[1], "old_unicast_checksum never")
    assert settings(verdict(old, never)) == ["checksum"]
    as_v2 = node("2.4.3", "version 3", "v3_checksum_as_v2")
    assert (heard(as_v2, node("2.4.3", "version 3")), heard(node("2.4.3", "version 3"), as_v2)) == (
        "rejected",
        "accepted",
    )
    third = node("1.3.5", "version 3", unicast("10.0.0.3", "10.0.0.1", "10.0.0.2"))
    assert heard(third, node("1.3.5", "version 3", unicast("10.0.0.1", "10.0.0.3"))) == "accepted"
    assert heard(third, node("1.3.5", "version 3", unicast("10.0.0.2", "10.0.0.3"))) == "rejected"


def test_a_verdict_has_all_reasons() -> None:
    one, other = node("2.2.7", password("a"), "advert_int 2"), node("2.2.7", password("b"), address="10.0.0.8/24")
    assert settings(verdict(one, other)) == ["auth_pass", "advert_int", "virtual_ipaddress"]


def test_nothing_shows_a_password() -> None:
    found = verdict(node("2.2.7", password("seCretA")), node("2.2.7", password("seCretB")))
    assert "seCret" not in repr(found)
    assert "seCret" not in repr(node("2.2.7", password("seCretA")).password)
