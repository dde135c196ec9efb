"""The keyword table: its rows hang together, and what statements it takes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kalint.model.keywords import (
    CONTEXTS,
    Keyword,
    contexts_of,
    keywords,
    openers_of,
    present,
    release_range,
    source_of,
    suggest,
)
from kalint.model.keywords.arguments import check_arguments, check_entry
from kalint.model.keywords.forms import slots
from kalint.model.keywords.page import explain, page
from kalint.problem import Problem
from kalint.source import Word
from kalint.syntax import parse
from kalint.text import read
from kalint.version import COMING, NEWEST, OLDEST, parse_version

ROWS = [row for context in CONTEXTS for row in keywords(context).values()]
ROOT = Path(__file__).parents[2]


def name_of(row: Keyword) -> str:
    return f"{row.context or 'top'}:{row.name}"


def words(text: str) -> tuple[Word, ...]:
    """The words of one statement."""
    nodes, _ = parse(read("k.conf", f"{text}\n".encode()).lines)
    return nodes[0].words


def problems(context: str, text: str, version: str = "2.4.3") -> list[Problem]:
    """What is odd about the words of a statement of this context."""
    statement = words(text)
    return list(check_arguments(keywords(context)[statement[0].text], statement, parse_version(version)))


def odd(context: str, text: str, version: str = "2.4.3") -> list[tuple[str, str]]:
    """Kind and subject of each problem."""
    return [(problem.kind, problem.subject) for problem in problems(context, text, version)]


class TestRows:
    @pytest.mark.parametrize("row", ROWS, ids=name_of)
    def test_releases_are_in_order(self, row: Keyword) -> None:
        """A keyword comes before it goes, and what is said of a release is said of one that has it."""
        assert OLDEST <= row.first <= (row.last or max(NEWEST, row.first)) <= COMING
        earlier = [last for last, _ in row.earlier]
        assert earlier == sorted(earlier)
        assert all(row.first <= last < (row.last or NEWEST) for last in earlier)
        assert bool(row.deprecated) == bool(row.deprecated_from)
        assert row.deprecated_from is None or row.first <= row.deprecated_from <= NEWEST

    @pytest.mark.parametrize("row", ROWS, ids=name_of)
    def test_forms_can_be_read(self, row: Keyword) -> None:
        """Of the slots of a form, those that may be left out stand last, and only the last one takes several words."""
        for form in (row.arguments, row.entries, *(form for _, form in row.earlier)):
            fields = slots(form)
            assert [slot.optional for slot in fields] == sorted(slot.optional for slot in fields)
            assert not any(slot.many for slot in fields[:-1])
            assert all(slot.allowed for slot in fields)

    @pytest.mark.parametrize("row", [row for row in ROWS if row.block], ids=name_of)
    def test_a_block_opens_a_context(self, row: Keyword) -> None:
        """What a keyword's braces open has keywords; a block has keywords or entries, not both."""
        assert keywords(row.block)
        assert not row.entries

    @pytest.mark.parametrize("context", CONTEXTS)
    def test_a_context_can_be_reached(self, context: str) -> None:
        """Every context is opened by some keyword, and says where its facts are from."""
        assert openers_of(context)
        assert "parser.c" in source_of(context) or "check" in source_of(context)

    def test_a_context_that_there_is_not(self) -> None:
        """No keyword is known in it."""
        assert not keywords("vrrp")


class TestReleases:
    @pytest.mark.parametrize(
        ("context", "name", "version", "known"),
        [
            ("vrrp_instance", "track_file", "1.4.5", False),
            ("vrrp_instance", "track_file", "2.0.0", True),
            ("", "track_file", "2.0.20", False),
            ("", "vrrp_track_file", "2.0.20", True),
            ("global_defs", "plugin_dir", "1.2.19", True),
            ("global_defs", "plugin_dir", "1.2.20", False),
            ("vrrp_instance", "auth_hmac", "2.3.4", False),
            ("vrrp_instance", "auth_hmac", "2.4.0", True),
        ],
    )
    def test_present(self, context: str, name: str, version: str, known: bool) -> None:
        """A keyword is there from its first release to its last, both included."""
        assert present(keywords(context)[name], parse_version(version)) is known

    @pytest.mark.parametrize(
        ("context", "name", "said"),
        [
            ("vrrp_instance", "priority", ""),
            ("vrrp_script", "user", "since 1.3.0"),
            ("virtual_server", "nat_mask", "until 1.2.19"),
        ],
    )
    def test_release_range(self, context: str, name: str, said: str) -> None:
        """What a person is told of the releases of a keyword."""
        assert release_range(keywords(context)[name]) == said

    @pytest.mark.parametrize(
        ("context", "text", "before", "since"),
        [
            ("vrrp_script", "interval 0.5", "2.3.1", "2.3.2"),
            ("vrrp_instance", "advert_int 0.5", "1.2.16", "1.2.17"),
            ("vrrp_script", "weight 5 reverse", "2.0.17", "2.0.18"),
            ("global_defs", "vrrp_strict yes", "2.2.8", "2.3.0"),
            ("virtual_server", "lb_algo twos", "2.2.4", "2.2.5"),
            ("virtual_server", "protocol tcp", "1.4.5", "2.0.0"),
        ],
    )
    def test_a_form_that_came_later(self, context: str, text: str, before: str, since: str) -> None:
        """A value is odd in the releases that do not take it yet."""
        assert problems(context, text, before)
        assert not problems(context, text, since)


class TestPlaces:
    @pytest.mark.parametrize(
        ("name", "places"),
        [
            ("virtual_router_id", ("vrrp_instance",)),
            ("auth_pass", ("authentication",)),
            ("init_file", ("track_file", "vrrp_track_file")),
            ("vrrp_script", ("",)),
            ("path", ("url",)),
            ("no_such_keyword", ()),
        ],
    )
    def test_contexts_of(self, name: str, places: tuple[str, ...]) -> None:
        """The blocks where a keyword belongs, by the words that open them."""
        assert contexts_of(name) == places

    @pytest.mark.parametrize(
        ("written", "context", "meant"),
        [
            ("prioriti", "vrrp_instance", "priority"),
            ("virtual_ip_address", "vrrp_instance", "virtual_ipaddress"),
            ("netify_backup", "vrrp_instance", "notify_backup"),
            ("Nopreempt", "vrrp_instance", "nopreempt"),
            ("state:", "vrrp_instance", "state"),
            ("rrp_script", "", "vrrp_script"),
            ("lvs_sync_daemon_inteface", "vrrp_instance", "lvs_sync_daemon_interface"),
            ("lvs_id", "global_defs", ""),
            ("}", "", ""),
            ("a" * 100_000, "vrrp_instance", ""),
        ],
    )
    def test_suggest(self, written: str, context: str, meant: str) -> None:
        """One keyword that a person probably meant, or none."""
        assert suggest(written, context) == meant


class TestArguments:
    @pytest.mark.parametrize(
        ("context", "text"),
        [
            ("vrrp_instance", "priority 1"),
            ("vrrp_instance", "priority 255"),
            ("vrrp_instance", "nopreempt"),
            ("vrrp_instance", "advert_int .92"),
            ("vrrp_instance", "smtp_alert"),
            ("vrrp_instance", "smtp_alert off"),
            ("vrrp_instance", 'notify_master "/bin/run me" user group'),
            ("vrrp_instance", "notify_master '/bin/run me' user group"),
            ("vrrp_instance", "garp_extra_if all 100"),
            ("vrrp_instance", "interface $INTERFACE_OF_THIS_NODE"),
            ("vrrp_instance", "mcast_src_ip 10.0.0.1/24"),
            ("virtual_server", "lvs_method TUN type gue port 4000"),
            ("virtual_server", "real_server fe80::1 80"),
            ("virtual_server", "protocol udp"),
            ("", "virtual_server fwmark 7"),
            ("HTTP_GET url", "status_code 200-299 404"),
            ("vrrp_instance", "notify_master /bin/a www-data adm"),
            ("vrrp_instance", "interface br-lan.7@x"),
            ("global_defs", "include_check match +wildcard_match"),
            ("track_file", "init_file 5 overwrite"),
            ("UDP_CHECK", "require_reply 01 xX"),
        ],
    )
    def test_good(self, context: str, text: str) -> None:
        """Statements that keepalived takes as they are."""
        assert odd(context, text) == []

    @pytest.mark.parametrize(
        ("context", "text", "subject"),
        [
            ("vrrp_instance", "priority 0", "0"),
            ("vrrp_instance", "priority 256", "256"),
            ("vrrp_instance", "priority 120x", "120x"),
            ("vrrp_instance", "priority 1_0", "1_0"),
            ("vrrp_instance", "priority \u0664", "\u0664"),
            ("vrrp_instance", "advert_int -1", "-1"),
            ("vrrp_instance", "advert_int 1e2", "1e2"),
            ("vrrp_instance", "advert_int nan", "nan"),
            ("vrrp_instance", "state SLAVE", "SLAVE"),
            ("vrrp_instance", "smtp_alert True", "True"),
            ("vrrp_instance", "interface interface_with_a_long_name", "interface_with_a_long_name"),
            ("", "vrrp_instance VI 1", "1"),
            ("", "bfd_instance a_name_of_32_characters_for_a_bfd", "a_name_of_32_characters_for_a_bfd"),
            ("virtual_server", "persistence_engine a_name_of_16_char", "a_name_of_16_char"),
            ("vrrp_instance", "interface eth0;", "eth0;"),
            ("vrrp_instance", "interface 'eth0'", "'eth0'"),
            ("vrrp_instance", "interface eth0:1", "eth0:1"),
            ("vrrp_instance", "notify_master /bin/bash /etc/notify.sh", "/etc/notify.sh"),
            ("vrrp_instance", "notify_stop /etc/notify.sh STOP", "STOP"),
            ("vrrp_script", "user nobody:nogroup", "nobody:nogroup"),
            ("global_defs", "script_user 'root'", "'root'"),
            ("global_defs", "include_check readable", "readable"),
            ("global_defs", "vrrp_garp_master_refresh -0", "-0"),
            ("track_file", "init_file over", "over"),
            ("HTTP_GET url", "regex_options caseless multi", "multi"),
            ("UDP_CHECK", "payload 01 0g", "0g"),
            ("vrrp_instance", "mcast_dst_ip 10.0.0.1", "10.0.0.1"),
            ("vrrp_instance", "unicast_src_ip 300.0.0.1", "300.0.0.1"),
            ("global_defs", "vrrp_mcast_group4 ff02::12", "ff02::12"),
            ("virtual_server", "real_server localhost 80", "localhost"),
            ("virtual_server", "real_server 10.0.0.1 http", "http"),
            ("HTTP_GET url", "digest abc", "abc"),
            ("HTTP_GET url", "status_code 299-200", "299-200"),
        ],
    )
    def test_invalid(self, context: str, text: str, subject: str) -> None:
        """A value of another type, out of range, or not among the choices."""
        assert odd(context, text) == [("value-invalid", subject)]

    def test_invalid_says_what_is_allowed_and_what_happens(self) -> None:
        """The detail has the range, the unit, and what keepalived does."""
        (priority,) = problems("vrrp_instance", "priority 300")
        (interval,) = problems("vrrp_instance", "advert_int 300")

        assert priority.detail == "a whole number from 1 to 255; keepalived uses 100"
        assert interval.detail == "a number of seconds from 0.01 to 255; keepalived ignores the line"
        assert (interval.span.column, interval.span.end_column) == (12, 15)

    def test_zero(self) -> None:
        """A script's interval of 0 becomes 1 s; another bad one leaves the default (vrrp_vscript_interval_handler)."""
        details = [problems("vrrp_script", f"interval {text}", "2.2.7")[0].detail for text in ("0", "0.5")]

        allowed = "a whole number of seconds from 1 to 4294"
        assert details == [f"{allowed}; keepalived uses 1", f"{allowed}; keepalived ignores the line"]

    def test_templates(self) -> None:
        """Words of a template are a finding of their own."""
        assert odd("vrrp_instance", "priority {{ priority }}") == []

    def test_too_many_decimals(self) -> None:
        """Keepalived keeps six decimals, and reports more (lib/parser.c, read_decimal_unsigned_long_func)."""
        (problem,) = problems("garp_group", "garp_interval 3.14159265")

        assert problem.detail == "a number with at most 6 decimals; keepalived rounds it"
        assert odd("garp_group", "garp_interval 3.141592") == []

    @pytest.mark.parametrize(
        ("context", "text", "detail"),
        [
            (
                "vrrp_instance",
                "priority",
                "a whole number from 1 to 255; without it keepalived does not start",
            ),
            ("global_defs", "router_id", "a name; without it keepalived ignores the line"),
            ("vrrp_instance", "state", "MASTER or BACKUP; without it keepalived does not start"),
            ("authentication", "auth_pass", "a secret; without it keepalived does not start"),
        ],
    )
    def test_missing(self, context: str, text: str, detail: str) -> None:
        """A keyword without the word that it needs: what belongs there, and what keepalived does."""
        (problem,) = problems(context, text)

        assert (problem.kind, problem.subject, problem.detail) == ("argument-missing", text, detail)

    def test_extra(self) -> None:
        """Words after those that the keyword reads are ignored; the span is all of them."""
        (problem,) = problems("vrrp_instance", "virtual_router_id 51 or so")

        assert (problem.kind, problem.subject) == ("argument-extra", "or so")
        assert (problem.span.column, problem.span.end_column) == (22, 27)

    @pytest.mark.parametrize(
        ("context", "text", "lost"),
        [
            ("authentication", "auth_type PASS auth_pass secret", "auth_pass"),
            ("vrrp_instance", "nopreempt priority 100", "priority"),
            ("vrrp_instance", "smtp_alert nopreempt", "nopreempt"),
            ("vrrp_instance", "priority advert_int 1", "advert_int"),
            ("vrrp_instance", "notify_backup /bin/a notify_fault /bin/b", "notify_fault"),
            ("global_defs", "notify_fifo /run/a notify_fifo_script /bin/b", "notify_fifo_script"),
        ],
    )
    def test_two_statements_on_one_line(self, context: str, text: str, lost: str) -> None:
        """A second keyword on the line is lost with its values: one problem, at that keyword."""
        assert odd(context, text) == [("keywords-on-one-line", lost)]

    @pytest.mark.parametrize(
        ("context", "text"),
        [
            ("authentication", "auth_pass pass1234 word5678"),
            ("auth_hmac", "key 300 pass1234 word5678"),
            ("SSL", "password pass1234 word5678"),
        ],
    )
    def test_secrets_stay_secret(self, context: str, text: str) -> None:
        """No problem repeats a word of a statement that holds a secret."""
        found = problems(context, text)

        assert found
        assert not any(word in f"{one.subject} {one.detail}" for one in found for word in ("pass1234", "word5678"))

    def test_entries(self) -> None:
        """The lines of a block of values are held against its form too."""
        row = keywords("")["interface_up_down_delays"]

        assert not check_entry(row, words("eth0 1 2.5"), NEWEST)
        assert [(one.kind, one.subject) for one in check_entry(row, words("eth0 1 256"), NEWEST)] == [
            ("value-invalid", "256")
        ]
        assert [(one.kind, one.subject) for one in check_entry(row, words("eth0 1 2 3"), NEWEST)] == [
            ("argument-extra", "3")
        ]


class TestSpeed:
    def test_a_vrrp_file_does_not_import_the_rest(self) -> None:
        """The tables of virtual servers and checkers are not read for a file that has none."""
        code = (
            "import sys; from kalint.model.keywords import keywords;"
            "keywords(''), keywords('vrrp_instance'), keywords('vrrp_script'), keywords('global_defs');"
            "print([name for name in sys.modules if name.endswith(('servers', 'checkers', 'difflib', 'socket'))])"
        )

        assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_explain() -> None:
    """What a person asks of a keyword, in each place where it stands; nothing for what is no keyword."""
    text = explain("weight")

    assert "weight in vrrp_script\n  does:      Adds this to the priority while the script is ok" in text
    assert "0: ko means FAULT.\n  arguments: int(-253..253) [(reverse)]\n" in text
    assert "weight in track_file or vrrp_track_file\n" in text
    assert "note:      until 2.0.17: int(-253..253)\n" in text
    assert explain("no_such_keyword") == ""


def test_the_page_is_not_stale() -> None:
    """docs/keywords.md is what `python -m kalint.model.keywords.page` writes."""
    assert (ROOT / "docs" / "keywords.md").read_text() == page()
