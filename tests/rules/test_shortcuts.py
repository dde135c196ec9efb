"""What rules ask first, so that most lines of a large file are passed over quickly, loses nothing."""

from __future__ import annotations

import shlex

from hypothesis import given
from hypothesis import strategies as st

from kalint.rules.support.operators import operator_of, shell_syntax
from kalint.rules.support.shell import words_of
from kalint.rules.template_placeholder import IN_LINES, IN_WORDS, SIGN, SIGNS


@given(st.text("a/-# \t\n\r\v\f\u00a0\x1c'\"\\|$", max_size=16))
def test_words_without_quoting_are_those_with_it(command: str) -> None:
    """The quick way for most commands and the way for all commands are one."""
    try:
        expected = shlex.split(command)
    except ValueError:
        expected = []
    assert words_of(command) == expected


PIECES = (
    *"aX_1.-x:/ <>[]%{}$@=?+",
    "__",
    "HERE",
    "YOUR_",
    "192.168.x.x",
    "[virtual_ip]",
    "%VIP%",
    "{{",
    "${a:-",
    "@V@",
)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_every_placeholder_has_a_sign(line: str) -> None:
    """What has none of the signs is no placeholder."""
    assert SIGN.search(line) is not None or IN_WORDS.search(line) is None
    assert any(sign in line for sign in SIGNS) or IN_LINES.search(line) is None


@given(st.lists(st.sampled_from([*"a2 ;|&<>$`(/-=.~", "&&", "2>&1", "://", "wc"]), max_size=12).map("".join))
def test_a_command_without_signs_of_operators_has_none(command: str) -> None:
    """Such a command is not cut into words; one that has the signs is."""
    if not set(command) & set("|&;<>$`"):
        assert not any(map(operator_of, command.split()))
        assert shell_syntax(command) == ""
