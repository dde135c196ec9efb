"""What must not be shown of a file, found without going through every line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kalint.findings.hiding import Scanner, hidden

LINES = (
    *("", "}", "{", "  {", "state BACKUP", "# a remark", "priority 1 # password x", "a {", "b { c }"),
    *(
        "authentication",
        "authentication {",
        "auth_pass k1",
        "auth_pass",
        "AUTH_PASS",
        "  k2",
        "auth_hmac {",
        "key 1 k3",
    ),
    *(
        "$PASS = k4",
        "$PASS=\\",
        "x\\",
        "x",
        "~LST(PASS, k5)",
        "script 'a --token=k6'",
        "url http://u:k7@h",
        "\u017fecret k8",
    ),
    *("vrrp_instance V {", "\u0130 password k9", "mode enforce", "authentication { auth_pass k0 }", "a\tb", "a\rb"),
)


@given(st.lists(st.sampled_from(LINES), max_size=30), st.sampled_from([frozenset(), frozenset({"PASS"})]))
def test_lines_that_are_passed_over_change_nothing(lines: list[str], names: frozenset[str]) -> None:
    """The same is hidden as by going through the file line by line."""
    scanner = Scanner(names)
    one_by_one = {index: ranges for index, line in enumerate(lines) if (ranges := scanner.ranges(line))}
    assert hidden(lines, names) == one_by_one


def test_a_secret_is_hidden_wherever_it_stands() -> None:
    """Behind its keyword, on the next line, in a block whose brace stands below its head."""
    lines = ["state x", "authentication", "{", "k1", "}", "state x", "auth_pass", "k2", "state x", "auth_pass k3"]
    assert {index: [lines[index][start:end] for start, end in found] for index, found in _hidden(lines).items()} == {
        3: ["k1"],
        7: ["k2"],
        9: [" k3"],
    }


def _hidden(lines: list[str]) -> dict[int, list[tuple[int, int]]]:
    return hidden(lines, frozenset())
