"""The options of entries: what is found in a line, in which words, and by release."""

from __future__ import annotations

import pytest

from kalint.model.keywords.options import check_options
from kalint.source import Line, Word
from kalint.version import NEWEST, parse_version


def words(text: str) -> tuple[Word, ...]:
    line = Line(text, "k.conf", 1, 1)
    found, start = [], 0
    for word in text.split():
        start = text.index(word, start)
        found.append(Word(word, line, start, start + len(word)))
        start += len(word)
    return tuple(found)


def said(language: str, text: str, release: str = str(NEWEST)) -> list[tuple[str, str, str]]:
    found = check_options(language, words(text), parse_version(release))
    return [(problem.kind, problem.subject, problem.detail) for problem in found]


def test_one_finding_a_line() -> None:
    """The first odd word is named, with what was probably meant; what follows it may only follow from it."""
    assert said("address", "10.0.0.9 lable eth0:1 foo bar") == [
        ("value-invalid", "lable", "an option of an address; keepalived ignores the word")
    ]


def test_what_keepalived_gets_over_hides_nothing() -> None:
    """A range that it ignores, and then a word that it misses: 2.2.7 reports the one, and exits at the other."""
    assert [one[:2] for one in said("rule", "from 10.0.0.1 table 5 dport main preference")] == [
        ("value-invalid", "main"),
        ("argument-missing", "preference"),
    ]
    assert [one[:2] for one in said("route", "10.0.0.0/8 dev eth0 features x blackhole")] == [
        ("value-invalid", "x"),
        ("argument-missing", "blackhole"),
    ]


def test_a_missing_value() -> None:
    assert said("address", "10.0.0.9/24 label") == [
        ("argument-missing", "label", "a word; without it keepalived drops the address")
    ]


def test_the_whole_line_where_something_is_missing() -> None:
    """A route without a destination and a rule without an action have no single word that is wrong."""
    assert [(one[0], one[1]) for one in said("route", "via 10.0.0.1 dev eth0")] == [
        ("value-invalid", "via 10.0.0.1 dev eth0")
    ]
    assert [(one[0], one[1]) for one in said("rule", "from 10.0.0.0/8 preference 5")] == [
        ("value-invalid", "from 10.0.0.0/8 preference 5")
    ]


@pytest.mark.parametrize(
    ("language", "text", "before", "since"),
    [
        ("address", "10.0.0.9 preferred_lft 0", "2.0.19", "2.0.20"),
        ("address", "10.0.0.9 use_vmac", "2.1.5", "2.2.0"),
        ("route", "10.0.0.0/8 dev eth0 append", "2.2.4", "2.2.5"),
        ("rule", "from 10.0.0.0/8 l3mdev preference 5", "1.4.2", "1.4.3"),
        ("rule", "from 10.0.0.0/8 goto 5", "2.0.2", "2.0.1"),
    ],
)
def test_options_by_release(language: str, text: str, before: str, since: str) -> None:
    """The releases are those in whose sources the word first comes up."""
    assert said(language, text, before) != []
    assert said(language, text, since) == []


def test_releases_that_say_nothing() -> None:
    """Before 1.2.20 keepalived does not look at unknown words of an address, before 2.1.0 not at those of a peer."""
    assert said("address", "10.0.0.9 devv eth0", "1.2.19") == []
    assert said("peer", "10.0.0.2 minttl 3", "2.0.20") == []
    assert said("peer", "10.0.0.2 minttl 3", "2.1.0") != []


def test_undefined_names_are_left_alone() -> None:
    """A `$NAME` that nothing defines has a finding of its own."""
    assert said("route", "$NET via $GATEWAY") == []
    assert said("range", "$NET/40 80") == []


def test_the_old_form_of_lvs_sync_daemon() -> None:
    """Its instance and number without a word before them."""
    assert said("sync", "eth0 VI_1") == []
    assert said("sync", "eth0 VI_1 17") == [("keyword-deprecated", "17", "id 17")]
    assert said("sync", "eth0 VI_1 300") == [
        ("value-invalid", "300", "a whole number from 0 to 255; keepalived uses the virtual_router_id")
    ]
    assert said("sync", "eth0 VI_1 17 ttl 0")[0][1] == "0"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("umask", "022"),
        ("umask", "0x3f"),
        ("umask", "IWGRP | IWOTH"),
        ("umask", "IWGRP|IWOTH |IXOTH"),
        ("email", "root"),
        ("email", "ops@example.com"),
        ("vmac", "vrrp.5"),
        ("vmac", "vrrp.5 02:00:00:00:00:01"),
        ("vmac", "02:11:22:33:44"),
        ("vmac", "name group group 5 netlink_notify_msg"),
        ("ipvlan", "bridge ipv0 10.0.0.2/24"),
        ("timeouts", "tcp 7200 tcpfin 120 udp 300"),
        ("server", "fwmark 7"),
        ("server", "group web"),
        ("server", "10.0.0.1 80"),
        ("range", "fwmark 7 inet6"),
        ("range", "10.0.0.1-9 80"),
        ("range", "fe80::/64 0"),
        ("peer", "10.0.0.2 min_ttl 3 max_ttl 3"),
        ("route", "2001:db8::/64 via inet6 fe80::1 src 2001:db8::1 dev eth0"),
        ("route", "default via 10.0.0.1 dev eth0"),
        ("tracked", "eth1 weight 5 reverse"),
        ("weighed", "chk weight 5 noreverse"),
        ("rule", "from 10.1.0.0/16 to 10.2.0.0/16 goto 9 preference 7"),
        ("rule", "fwmark 5 table 28 preference 9 inet6"),
        ("route", "default via inet 10.0.0.1 dev eth0 inet"),
        ("route", "blackhole 10.1.0.0/24 dev eth0"),
        ("route", "0 10.1.0.0/24 dev eth0"),
        ("route", "0x7 10.1.0.0/24 dev eth0"),
        ("route", "10.3.0.0/16 unicast 10.1.0.0/24 dev eth0"),
        ("route", "to 10.1.0.0/24 dev eth0"),
        ("route", "2001:db8::/64 dev eth0 expires 5 pref low"),
        ("rule", "from 10.1.0.0/24 preference 5 type goto 9"),
        ("rule", "from 10.1.0.0/24 preference 5 type blackhole"),
        ("rule", "from 10.1.0.0/24 l3mdev preference 255 realms 5"),
        ("rule", "from 10.1.0.0/24 l3mdev preference 255 sup_pl 5"),
        ("address", "10.0.0.9/24 brd 10.0.0.255"),
    ],
)
def test_words_that_keepalived_takes(language: str, text: str) -> None:
    """The daemon, or its source where it looks at them only when it uses them, finds nothing odd."""
    assert said(language, text) == []


@pytest.mark.parametrize(
    ("language", "text", "subject", "outcome"),
    [
        ("umask", "| IWOTH", "|", "ignores the line"),
        (
            "rule",
            "inet6 fwmark 5 table 28",
            "inet6",
            "ignores the word after it, 'fwmark', too (a bug), and drops the rule",
        ),
        ("rule", "inet6 not fwmark 5 table 28", "inet6", "ignores the word after it, 'not', too (a bug)"),
        (
            "route",
            "inet 10.2.0.0/24 dev eth0",
            "inet",
            "ignores the word after it, '10.2.0.0/24', too (a bug), and drops the route",
        ),
        (
            "route",
            "10.2.0.0/24 inet dev eth0",
            "inet",
            "ignores the word after it, 'dev', too (a bug), and drops the route",
        ),
        (
            "route",
            "inet6 default throw",
            "inet6",
            "ignores the word after it, 'default', too (a bug), and does not start",
        ),
        ("route", "10.1.0.0/24 dev eth0 blackhole", "blackhole", "does not start"),
        ("route", "10.1.0.0/24 dev eth0 to", "to", "does not start"),
        ("route", "blackhole", "blackhole", "does not start"),
        ("route", "10.1.0.0/24 blackhole dev eth0", "dev", "drops the route"),
        ("route", "to blackhole 10.1.0.0/24", "blackhole", "drops the route"),
        (
            "route",
            "10.1.0.0/24 dev eth0 no_track 0",
            "0",
            "misses a destination after this type and does not start",
        ),
        (
            "route",
            "10.1.0.0/24 dev eth0 0x1",
            "0x1",
            "misses a destination after this type and does not start",
        ),
        ("route", "10.1.0.0/24 dev eth0 300", "300", "drops the route"),
        ("route", "10.1.0.0/24 5 dev eth0", "5", "drops the route"),
        ("route", "10.1.0.0/24 dev eth0 expires 5", "expires", "drops the route"),
        ("route", "10.1.0.0/24 dev eth0 pref low", "pref", "drops the route"),
        ("route", "10.1.0.0/24 dev eth0 blackhole 2001:db8::/64", "2001:db8::/64", "drops the route"),
        ("route", "dev eth0 pref low 10.1.0.0/24", "10.1.0.0/24", "drops the route"),
        ("rule", "from 10.1.0.0/24 preference 5 type", "type", "does not start"),
        ("rule", "from 10.1.0.0/24 preference 5 type table 7", "table", "drops the rule"),
        ("rule", "from 10.1.0.0/24 goto 9", "from 10.1.0.0/24 goto 9", "drops it"),
        (
            "rule",
            "from 10.1.0.0/24 nop preference 255 suppress_prefixlength 5",
            "suppress_prefixlength",
            "drops the rule",
        ),
        ("rule", "from 10.1.0.0/24 blackhole preference 255 realms 5", "realms", "drops the rule"),
        ("rule", "from 10.1.0.0/24 goto 300 preference 5 sup_group 5", "sup_group", "drops the rule"),
        ("rule", "from 10.1.0.0/24 lookup main table main preference 5", "table", "drops the rule"),
        ("address", "10.0.0.9/24 brd 10.0.0.0/24", "10.0.0.0/24", "drops the address"),
        ("address", "10.0.0.9/24 broadcast fe80::1", "fe80::1", "drops the address"),
        ("umask", "IWGRP IWOTH", "IWOTH", "ignores the line"),
        ("umask", "iwgrp", "iwgrp", "ignores the line"),
        ("umask", "IWGRP |", "|", "ignores the line"),
        ("umask", "028", "028", "ignores the line"),
        ("umask", "01000", "01000", "ignores the line"),
        ("umask", "022 IWOTH", "IWOTH", "ignores the line"),
        ("email", "ops@example.com,", "ops@example.com,", "passes it unchanged to the mail server"),
        ("email", "ops@", "ops@", "passes it unchanged to the mail server"),
        ("vmac", "vrrp/5", "vrrp/5", "ignores it, or creates it unchanged"),
        ("vmac", "a_name_of_16_char", "a_name_of_16_char", "ignores it, or creates it unchanged"),
        ("vmac", "vrrp.5 vrrp.6", "vrrp.6", "ignores it"),
        ("vmac", "02:11:22:33", "02:11:22:33", "ignores it"),
        ("vmac", "02:11:22:33:44:gg", "02:11:22:33:44:gg", "ignores it"),
        ("vmac", "01:11:22:33:44:55", "01:11:22:33:44:55", "ignores it"),
        ("vmac", "00:00:5e:00:01:05", "00:00:5e:00:01:05", "ignores it"),
        ("vmac", "group", "group", "does not start"),
        ("ipvlan", "bridge vepa", "vepa", "ignores it"),
        ("timeouts", "tcp 7200 udp 9999999", "9999999", "ignores it"),
        ("timeouts", "tcp 7200 sctp 5", "sctp", "ignores the word"),
        ("server", "fwmark", "fwmark", "crashes"),
        ("server", "fwmark x", "x", "skips the whole block"),
        ("server", "10.0.0.1 http", "http", "skips the whole block"),
        ("range", "10.0.0.1 -53", "-53", "skips the line"),
        ("range", "fwmark", "fwmark", "does not start"),
        ("range", "fwmark 7 ipv4", "ipv4", "skips the line"),
        ("rule", "from 10.0.0.1 table 5 preference 99999999999", "99999999999", "drops the rule"),
        ("rule", "from 10.0.0.1 table 5 preference 09", "09", "drops the rule"),
        ("address", "10.0.0.9 dev eth0;", "eth0;", "drops the address"),
        ("peer", "10.0.0.2 min_ttl 9 max_ttl 3", "3", "discards all packets of the peer"),
        ("address", "10.0.0.9/24 dev eth0 dev eth1", "dev", "drops the address"),
        ("address", "10.0.0.9 peer 10.0.0.10 peer 10.0.0.11", "peer", "ignores the second"),
        ("address", "10.0.0.9 brd 10.0.0.255 peer 10.0.0.10", "brd", "ignores it"),
        ("tunnel", "TUN type gue", "gue", "ignores the line"),
        ("tunnel", "TUN type ipip csum", "csum", "ignores the line"),
        ("tunnel", "TUN type gre remcsum", "remcsum", "ignores the line"),
        ("route", "10.1.0.0/16 via fe80::1 dev eth0", "fe80::1", "drops the route"),
        ("route", "10.1.0.0/16 src 2001:db8::1 dev eth0", "2001:db8::1", "drops the route"),
        ("tracked", "eth1 weight 5 revers", "revers", "ignores it"),
        ("weighed", "chk weight 5 revers", "revers", "ignores it"),
        ("rule", "from 10.1.0.0/16 to fe80::/64 table 5 preference 7", "fe80::/64", "drops the rule"),
        ("rule", "from 10.1.0.0/16 goto 5 preference 7", "5", "drops the rule"),
        ("rule", "from 10.1.0.0/16 table 5 blackhole preference 7", "blackhole", "drops the rule"),
    ],
)
def test_words_that_keepalived_does_not_take(language: str, text: str, subject: str, outcome: str) -> None:
    """The word that is wrong, and what keepalived does (as 2.2.7 said, and as 2.4.3 reads for what is newer)."""
    (found,) = said(language, text)

    assert (found[1], found[2].endswith(f"keepalived {outcome}")) == (subject, True)


@pytest.mark.parametrize(
    ("language", "text", "before", "since"),
    [
        ("vmac", "vrrp.5 02:00:00:00:00:01", "2.2.4", "2.2.5"),
        ("vmac", "vrrp.5 group 7", "2.2.8", "2.3.0"),
        ("email", "<ops@example.com>", "2.2.8", "2.3.0"),
    ],
)
def test_sequences_by_release(language: str, text: str, before: str, since: str) -> None:
    """Odd in the one release, and not in the other: as the sources read them."""
    assert said(language, text, before) != []
    assert said(language, text, since) == []


def test_words_that_are_not_read() -> None:
    """What stands behind the words that keepalived looks at."""
    assert said("vmac", "vrrp.5 02:00:00:00:00:01 more", "2.2.7") == [("argument-extra", "more", "")]
    assert said("range", "10.0.0.1 80 90") == [("argument-extra", "90", "")]
    assert said("server", "10.0.0.1 80 90") == [("argument-extra", "90", "")]
