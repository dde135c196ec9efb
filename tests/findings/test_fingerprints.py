"""What a finding is recognised by when the file around it changes."""

from __future__ import annotations

import pytest

from kalint.findings.diagnostic import Diagnostic
from kalint.findings.fingerprints import Print, Prints
from kalint.findings.secrets import masked_sources
from kalint.source import Span


def print_of(text: str, piece: str) -> Print:
    """The print of a finding at the first place of `piece`."""
    lines = text.split("\n")
    number = next(number for number, line in enumerate(lines) if piece in line)
    column = lines[number].index(piece) + 1
    span = Span("a.conf", number + 1, column, number + 1, column + len(piece))
    return Prints(masked_sources({"a.conf": lines})).of(Diagnostic("KA001", "rule", "error", "proven", "message", span))


TEXT = """\
vrrp_instance VI_1 {
    track_script {
        chk weight 20
    }
    priority 300
}
"""


def test_the_blocks_and_the_statement() -> None:
    assert print_of(TEXT, "weight") == Print("KA001", "vrrp_instance VI_1 > track_script", "chk weight 20")
    assert print_of(TEXT, "300") == Print("KA001", "vrrp_instance VI_1", "priority 300")
    assert print_of(TEXT, "VI_1") == Print("KA001", "", "vrrp_instance VI_1")


@pytest.mark.parametrize(
    "changed",
    [
        "! new\n\n" + TEXT,
        TEXT.replace("    ", "\t"),
        TEXT.replace("priority 300", "priority   300  # { why }"),
        TEXT.replace("vrrp_instance VI_1 {", "vrrp_instance  VI_1\n{"),
        TEXT.replace("track_script {", "track_script { # one"),
        TEXT.replace("    track_script", '    notify "/bin/x { # no block"\n    track_script'),
        "vrrp_instance VI_0 {\n    track_script { chk }\n}\n" + TEXT,
    ],
)
def test_form_and_other_lines_do_not_count(changed: str) -> None:
    assert print_of(changed, "weight 20") == print_of(TEXT, "weight 20")
    assert print_of(changed, "300") == print_of(TEXT, "300")


def test_the_instance_counts() -> None:
    assert print_of(TEXT.replace("VI_1", "VI_2"), "300") != print_of(TEXT, "300")


def test_a_password_is_no_part_of_it() -> None:
    """Nor its length, nor that of a comment behind it."""
    short, long = (print_of(f"auth_pass {text}", "auth_pass") for text in ("abc", "abcdef12  # a b"))
    assert short == long == Print("KA001", "", "auth_pass ***")
    assert print_of("$PW = abc\nauth_pass $PW", "$PW").text == "$PW = ***"
    assert print_of("x {\nauth_pass hush {\npriority 1", "priority").block == "x"
    assert short.digest == long.digest
