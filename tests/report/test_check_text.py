"""What `kalint check` prints for people."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import kalint
from kalint.findings.diagnostic import Diagnostic, Findings, Related
from kalint.findings.secrets import masked_sources
from kalint.report.check_text import render
from kalint.source import Span
from kalint.version import Version


def printed(lines: list[str], span: Span, *, color: bool = False, **fields: object) -> list[str]:
    """One finding at a span of a file of these lines, as it is printed."""
    finding = Diagnostic("KA999", "some-rule", "error", "proven", "something is wrong", span)
    finding = finding._replace(**fields)  # type: ignore[arg-type]
    stream = io.StringIO()
    render(Findings(Version(2, 2, 7), ("a.conf",), (finding,), masked_sources({"a.conf": lines})), stream, color=color)
    return stream.getvalue().split("\n")


def test_a_finding_shows_its_place_message_and_characters() -> None:
    assert printed(["vrrp_instance VI_1 {", "    priority 300", "}"], Span("a.conf", 2, 14, 2, 17)) == [
        "a.conf:2:14: error: KA999 something is wrong [some-rule]",
        "  2 |     priority 300",
        "    |              ^^^",
        "",
        "",
    ]


def test_help_and_related_places_follow() -> None:
    related = (Related(Span("b.conf", 7, 3, 7, 9), "the first one"),)
    lines = printed(["state MASTER"], Span("a.conf", 1, 7, 1, 13), related=related, help="write BACKUP")
    assert lines[3:5] == ["    = help: write BACKUP", "    = b.conf:7:3: the first one"]


def test_many_related_places_are_counted() -> None:
    related = tuple(Related(Span("a.conf", 1, column, 1, column + 1), "and here") for column in range(1, 8))
    lines = printed(["1234567"], Span("a.conf", 1, 1, 1, 2), related=related)
    assert lines[-4:-2] == ["    = a.conf:1:4: and here", "    = and 3 more places"]


def test_characters_of_a_definition_name_the_place_that_uses_them() -> None:
    span = Span("a.conf", 1, 4, 1, 7, via=Span("a.conf", 9, 14, 9, 16))
    assert printed(["$P=300"], span)[3] == "    = used at a.conf:9:14"


def test_the_underline_stands_under_its_characters_behind_tabs() -> None:
    shown, underline = printed(["\tpriority\t300"], Span("a.conf", 1, 11, 1, 14))[1:3]
    assert shown[underline.index("^") : underline.rindex("^") + 1] == "300"
    assert "\t" not in shown


def test_wide_characters_take_two_columns() -> None:
    """On a terminal each of these takes two columns, so the underline begins four columns further right."""
    shown, underline = printed(["router 备注 x"], Span("a.conf", 1, 11, 1, 12))[1:3]
    assert underline.index("^") == shown.index("x") + 2
    assert printed(["备注 x"], Span("a.conf", 1, 1, 1, 3))[2].endswith("^^^^")


def test_combining_characters_take_none() -> None:
    shown, underline = printed(["e\u0301 x"], Span("a.conf", 1, 4, 1, 5))[1:3]
    assert underline.index("^") == shown.index("x") - 1


def test_nothing_that_a_terminal_obeys_is_printed() -> None:
    """An escape sequence, a bell, a right-to-left override and a byte that is no UTF-8 come out as text."""
    lines = printed(["\x1b[31m\x07\u202e\udcff 5"], Span("a.conf", 1, 10, 1, 11), message="odd \x1b]0;title\x07")
    text = "\n".join(lines)
    assert text.isascii()
    assert "\x1b" not in text
    assert "\x07" not in text
    assert lines[1] == "  1 | \\x1b[31m\\x07\\u202e\\xff 5"
    assert lines[2].index("^") == lines[1].index("5")


def test_a_file_name_is_made_safe_too() -> None:
    assert printed([], Span("a\x1b[2J.conf", 1, 1, 1, 2))[0].startswith("a\\x1b[2J.conf:1:1: error:")


def test_a_very_long_line_is_cut_around_the_finding() -> None:
    line = "x " * 5000 + "HERE" + " y" * 5000
    shown, underline = printed([line], Span("a.conf", 1, 10001, 1, 10005))[1:3]
    assert len(shown) < 200
    assert shown[underline.index("^") : underline.rindex("^") + 1] == "HERE"


def test_a_very_long_message_is_cut() -> None:
    assert len(printed(["x"], Span("a.conf", 1, 1, 1, 2), message="m" * 100_000)[0]) < 1000


def test_a_place_behind_the_end_of_the_line_is_marked() -> None:
    assert printed(["abc"], Span("a.conf", 1, 4, 1, 4))[1:3] == ["  1 | abc", "    |    ^"]


def test_a_place_behind_the_end_of_the_file_has_no_source() -> None:
    assert printed(["abc"], Span("a.conf", 5, 1, 5, 2)) == [
        "a.conf:5:1: error: KA999 something is wrong [some-rule]",
        "",
        "",
    ]


def test_a_password_is_masked() -> None:
    lines = printed(["        auth_pass s3cret # not this one"], Span("a.conf", 1, 19, 1, 25))
    assert "s3cret" not in "\n".join(lines)
    assert lines[1] == "  1 |         auth_pass ****** * *** **** ***"
    assert lines[2] == "    |                   ^^^^^^"


def test_a_password_on_a_line_with_others_is_masked() -> None:
    assert "s3cret" not in "".join(printed(["{ auth_type PASS auth_pass s3cret }"], Span("a.conf", 1, 3, 1, 12)))


def test_a_key_of_auth_hmac_is_masked() -> None:
    lines = printed(["    key 1 hex:00112233"], Span("a.conf", 1, 9, 1, 10))
    assert lines[1] == "  1 |     key 1 ************"


def test_a_definition_that_a_password_uses_is_masked() -> None:
    """The value stands in another place than the password, and over several lines."""
    files = ["$LATER=s3cret", "    auth_pass ${LATER}", "$MORE=\\", "s3cret", "    auth_pass $MORE"]
    for line in (1, 4):
        assert "s3cret" not in "".join(printed(files, Span("a.conf", line, 1, line, 2)))


def test_a_list_of_passwords_is_masked() -> None:
    assert "s3cret" not in "".join(printed(["~LST(p, s3cret, other) auth_pass $p"], Span("a.conf", 1, 1, 1, 2)))


def test_colours_are_there_only_when_asked_for() -> None:
    span = Span("a.conf", 1, 1, 1, 2)
    assert "\x1b" not in "".join(printed(["x"], span))
    assert "\x1b[1;31merror:\x1b[0m" in printed(["x"], span, color=True)[0]
    assert "\x1b[1;33mwarning:\x1b[0m" in printed(["x"], span, color=True, severity="warning")[0]


def test_a_terminal_without_utf8_gets_escapes(tmp_path: Path) -> None:
    """What the output's encoding has no room for is shown as an escape, not as a traceback."""
    (tmp_path / "a.conf").write_text("vrrp_instance VI_1 {\n    prioritat 备注\n}\n", encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "kalint", "check", "a.conf"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": str(Path(kalint.__file__).parent.parent)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 1
    assert "prioritat \\u5907\\u6ce8" in ran.stdout


def test_no_finding_prints_nothing() -> None:
    stream = io.StringIO()
    render(Findings(Version(2, 2, 7), ("a.conf",), (), masked_sources({"a.conf": ["x"]})), stream)
    assert stream.getvalue() == ""
