"""No mistake around a password brings it into a message, a help or the place that is shown."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest

from kalint.findings.diagnostic import Diagnostic, Findings
from kalint.findings.secrets import masked_sources
from kalint.pipeline.diagnosing import diagnose
from kalint.pipeline.reading import Request, load
from kalint.report.check_json import render as render_json
from kalint.report.check_text import render as render_text
from kalint.text import Options
from kalint.version import NEWEST

SECRET = "xyzzy"  # noqa: S105 - no one's
INSTANCE = """{definitions}
vrrp_instance VI_1 {{
    interface eth0
    virtual_router_id 51
    {settings}
    virtual_ipaddress {{
        10.0.0.9/24
    }}
}}
"""


def test_the_environment_is_in_no_output() -> None:
    """A value of the environment is wrong in every place where a rule repeats what it read."""
    environment = {"WORD": SECRET, "PART": "xy"}
    content = (
        INSTANCE.format(
            definitions="${_ENV WORD} 5\nvrrp_script c {\n weight ${_ENV WORD}\n}\n"
            "vrrp_sync_group G {\n group {\n ${_ENV WORD}2\n}\n}",
            settings="state ${_ENV WORD}\npriority ${_ENV WORD}\nadvert_int 1 ${_ENV WORD}\ninterface a${_ENV PART}zzy",
        )
        + "vrrp_instance ${_ENV WORD} {\n interface eth0\n virtual_router_id 300\n}\n"
    )
    request = Request(Options(config_id="node", environment=environment))
    found = diagnose(load("a.conf", content.encode(), request), request)
    assert {"KA002", "KA005", "KA104", "KA201", "KA305", "KA401"} <= {finding.code for finding in found}
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("definitions", "settings"),
    [
        ("", f"authentication {{ auth_type PASS auth_pass {SECRET} }}"),
        ("", f"authentication {{\n auth_type PASS\n auth_pass {SECRET} {SECRET}2\n }}"),
        ("", f"authentication {{\n auth_type PASS\n auth_pass a!{SECRET}\n }}"),
        ("", f"authentication {{\n auth_type PASS\n auth_pass {SECRET}#{SECRET}\n }}"),
        ("", f'authentication {{\n auth_type PASS\n auth_pass "{SECRET}\n }}'),
        ("", f"authentication {{\n auth_type PASS\n auth_pass \u201c{SECRET}\u201d\n }}"),
        ("", f"authentication {{\n auth_type PASS\n auth_pass __{SECRET}__\n }}"),
        ("", f"authentication {{\n auth_type PASS\n auth_pass <{SECRET}>\n }}"),
        ("", f"authentication {{\n auth_type PASS\n auth_pass {SECRET}{{{SECRET}}}\n }}"),
        ("", f"authentication {{\n auth_type PASS\n auth_pass {SECRET}{{w;eR\n }}"),
        ("", f"authentication {{\n auth_type PASS\n auth_pass a{{{SECRET}\n }}"),
        ("", f"authentication {{\n auth_type PASS\n auth_pass a}}{SECRET}\n }}"),
        ("", f"authentication {{\n auth_type PASS\n auth_pass Top${SECRET}7890\n }}"),
        ("", f"authentication {{\n auth_type PASS\n auth_pass ${SECRET}7890\n }}"),
        ("", f"authentication {{\n auth_type PASS\n auth_pass ${{{SECRET}}}\n }}"),
        ("", f"authentication {{\n auth_type PASS\n auth_pass ${{{SECRET}:-{SECRET}}}\n }}"),
        ("", f"authentication {{\n auth_type PASS\n auth_pass @{SECRET}@\n }}"),
        ("", f"authentication {{\n auth_type PASS\n auth_pass %{SECRET}%\n }}"),
        ("", f"authentication {{\n auth_type PASS\n auth_pass {SECRET};\n }}"),
        ("", f"authentication {{\n auth_type PASS\n auth_pass {SECRET} // {SECRET}\n }}"),
        (f"$WORD=$WORD{SECRET}", "authentication {\n auth_type PASS\n auth_pass $WORD\n }"),
        (f"$WORD=${SECRET}", "authentication {\n auth_type PASS\n auth_pass $WORD\n }"),
        (f"$WORD = {SECRET}", "authentication {\n auth_type PASS\n auth_pass $WORD\n }"),
        ("", f"auth_pass {SECRET}"),
        ("", f"authentication {{\n auth_type PASS\n auth_pass {SECRET}-{SECRET}\n auth_pass {SECRET}\n }}"),
        (f"$WORD={SECRET}-{SECRET}", "authentication {\n auth_type PASS\n auth_pass $WORD\n }"),
        (f"$WORD={SECRET} {SECRET}", "authentication {\n auth_type PASS\n auth_pass $WORD\n }"),
        (f"$WORD=\\\n{SECRET} {SECRET}", "authentication {\n auth_type PASS\n auth_pass $WORD\n }"),
        (f"~LST(p,{SECRET}-{SECRET}) auth_pass $p", ""),
        ("", f"version 3\n auth_hmac {{\n key 1 {SECRET}\n key 300 {SECRET} {SECRET}\n }}"),
        ("", f"version 3\n auth_hmac {{\n key {SECRET} 1\n key hex:{SECRET} 1\n active_key 1\n }}"),
        ("", f"version 3\n auth_hmac {{\n@node key 1 {SECRET}\n@node key {SECRET} 1\n active_key 2\n }}"),
        ("", f"version 3\n auth_hmac {{\n key 1 hex:{SECRET}\n key 1 hex:{SECRET}\n active_key 2\n }}"),
    ],
)
def test_a_password_is_in_no_output(definitions: str, settings: str, check: Callable[..., list[Diagnostic]]) -> None:
    content = INSTANCE.format(definitions=definitions, settings=settings)
    found = check("a.conf", content.encode())
    findings = Findings(NEWEST, ("a.conf",), tuple(found), masked_sources({"a.conf": content.split("\n")}))
    for render in (render_text, render_json):
        stream = io.StringIO()
        render(findings, stream)
        assert not re.findall(rf".*{SECRET}.*", stream.getvalue())


def test_a_dollar_in_a_password_hides_no_other_finding(check: Callable[..., list[Diagnostic]]) -> None:
    """Keepalived takes `$ecret` as it stands; that the password is too long is true all the same."""
    settings = "authentication {\n auth_type PASS\n auth_pass Top$ecret7890\n }"
    content = INSTANCE.format(definitions="", settings=settings)
    codes = {finding.code for finding in check("a.conf", content.encode())}
    assert "KA501" in codes
    assert "KA014" not in codes


@pytest.mark.parametrize("use", ["$PASSWORD", "${password}"])
def test_a_name_in_place_of_a_password_is_found(use: str, check: Callable[..., list[Diagnostic]]) -> None:
    settings = f"authentication {{\n auth_type PASS\n auth_pass {use}\n }}"
    content = INSTANCE.format(definitions="", settings=settings)
    assert "KA014" in {finding.code for finding in check("a.conf", content.encode())}


def test_a_brace_in_a_password_shows_no_part_of_it(check: Callable[..., list[Diagnostic]]) -> None:
    """Keepalived cuts the line there, so that a short part of the password is the name of a block to it."""
    content = INSTANCE.format(definitions="", settings="authentication {\n auth_type PASS\n auth_pass z9Q{w;e\n }")
    found = check("a.conf", content.encode())
    assert "KA001" in {finding.code for finding in found}
    assert not re.search(r"z9Q|w;e", repr([(finding.message, finding.help, finding.related) for finding in found]))
