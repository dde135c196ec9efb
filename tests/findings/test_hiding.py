"""What must not be shown of a file, found without going through every line."""

from __future__ import annotations

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalint.findings.hiding import as_written, hidden
from kalint.findings.scanner import Scanner
from kalint.findings.secrets import Secrets

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
    assert as_written(lines, names) == one_by_one


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


ODD = (
    "# authentication {\n#  auth_type PASS\n#  foo SECRET\n# }",
    "! auth_hmac {\n!  foo SECRET\n! }",
    "#$PW=SECRET",
    "# $X=SECRET\nauth_pass $X",
    "$mypw=SECRET",
    "$PSK=SECRET",
    "@lb1 $A=SECRET\nauth_pass $A",
    "auth\\\n_pass SECRET",
    "passwo\\\nrd SECRET",
    "# auth_pass \\\nSECRET",
    'notify "/bin/x --pass\\\nword SECRET"',
    'notify "/bin/x --password \\\nSECRET"',
    'notify "/bin/x --password=\\\nSECRET"',
    'notify "/bin/x -p\\\nSECRET"',
    "auth_\0pass SECRET",
    "\x1b[31mauth_pass SECRET",
    "auth_\udcffpass SECRET",
    'notify "SSHPASS=SECRET sshpass -e ssh x"',
    'notify "/usr/bin/smbclient //h/s SECRET -U u"',
    'notify "/usr/bin/kinit u <<< SECRET"',
    '{% set pw = "SECRET" %}',
    '{% set x = "SECRET" %}\nauth_pass {{ x }}',
    "{%- set vrrp_password = 'SECRET' -%}",
    "{% set vrrp = {'auth': 'SECRET', 'prio': '100'} %}",
    "{% if x == 'SECRET' %}\nauth_pass {{ x }}\n{% endif %}",
    "<% pw = 'SECRET' %>",
    "<% x = 'SECRET' %>\nauthentication {\n auth_pass <%= x %>\n}",
    '{{- $pw := "SECRET" }}',
    '{{- $x := "SECRET" }}\n{{- $y := $x }}\nauth_pass {{ $y }}',
    'foo {{ .Values.password | default "SECRET" }}',
    'foo {{ default "SECRET" .Values.password }}',
)
"""SECRET stands where a person meant a secret, and keepalived would not read one."""


@pytest.mark.parametrize("place", ODD)
def test_what_is_meant_as_a_secret_is_hidden(place: str) -> None:
    """Commented out, written over two lines, with characters that nobody sees, in the markup of a template."""
    secret = f"Xq{secrets.token_hex(5)}"
    known = Secrets({"a": place.replace("SECRET", secret).split("\n")})
    assert [line for line in known.lines("a") if secret in line or secret[:6] in line] == []


@pytest.mark.parametrize(
    "text",
    [
        "$I=\\\nvrrp_instance V { \\\n virtual_ipaddress { \\\n 10.0.0.1 dev eth1 \\\n } \\\n}",
        "# the instances { and } of the pass\n# state MASTER\nstate BACKUP",
        '{% set interface = "eth0" %}\npriority {{ priority | default(100) }}\n{% if state == "MASTER" %}',
        '{{ .Values.interface | default "eth0" }} {{ $prio := 150 }}',
        "interface eth0 \\\npriority 100",
    ],
)
def test_what_is_no_secret_stays_readable(text: str) -> None:
    """Interfaces, addresses, priorities and states, near what hides others."""
    lines = text.split("\n")
    assert Secrets({"a": lines}).lines("a") == lines


def test_a_password_hides_its_own_line_of_a_definition_only() -> None:
    """A definition of several lines may be a whole instance."""
    lines = [
        "$I=\\",
        "vrrp_instance V { \\",
        " auth_pass k1 \\",
        " virtual_ipaddress { \\",
        " 10.0.0.1 \\",
        " } \\",
        "}",
    ]
    known = Secrets({"a": [*lines, 'auth_pass {{ x | default("k2") }}', 'state {{ y | default("BACKUP") }}']})
    assert known.lines("a") == [
        *lines[:2],
        " auth_pass ** *",
        *lines[3:],
        "auth_pass ** * * ************* **",
        'state {{ y | default("BACKUP") }}',
    ]


def test_braces_alone_hide_nothing() -> None:
    """A line of braces looks like markup that never ends; what stood in their place looked like `<<<` before a text."""
    assert hidden(["{" * 20, "{{{ a", "}}} b"], frozenset()) == {}


def test_a_line_is_masked_once_for_all_its_findings() -> None:
    """A line of 64,000 braces has a finding for each: masking it for each took minutes."""
    masked: list[int] = []

    class Counting(Secrets):
        def _line(self, file: str, number: int) -> str:
            masked.append(number)
            return super()._line(file, number)

    secrets = Counting({"a.conf": ["auth_pass k3yk3y", "state MASTER"]})
    assert [secrets.holds("a.conf", number) for number in (1, 1, 1, 2, 2)] == [True, True, True, False, False]
    assert masked == [1, 2]
