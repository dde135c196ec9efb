"""Comments that answer for findings: what they cover, what they do not, and which of them are of no use."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

Run = Callable[..., SimpleNamespace]

# Line 3: KA403, the VRID of every example; line 4: KA303, nopreempt with 255; line 5: KA202, where it is the owner.
CONF = """\
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    nopreempt
    priority 255
    virtual_ipaddress {
        192.0.2.1/24
    }
}
"""


def with_lines(changes: dict[int, str]) -> str:
    """CONF with other lines; line 0 stands before the first."""
    lines = ["", *CONF.splitlines()]
    for number, line in changes.items():
        lines[number] = line
    return "\n".join(lines[lines[0] == "" :]) + "\n"


def checked(run: Run, text: str, *options: str) -> dict[str, Any]:
    """What a check says of a file, as a program sees it."""
    Path("a.conf").write_text(text)
    document: dict[str, Any] = json.loads(run("check", "--format", "json", *options, "a.conf").out)
    return document


def found(document: dict[str, Any]) -> list[str]:
    return [f"{each['line']} {each['code']}" for each in document["diagnostics"]]


def test_without_any(run_kalint: Run) -> None:
    """What the other tests suppress."""
    assert found(checked(run_kalint, CONF)) == ["3 KA403", "4 KA303"]


@pytest.mark.parametrize(
    "changes",
    [
        {3: "    virtual_router_id 51 # kalint: ignore[KA403]"},
        {3: "    virtual_router_id 51 ! kalint: ignore[KA403] the lab has one router"},
        {3: "    virtual_router_id 51 #kalint:ignore[ka4]"},
        {3: "    virtual_router_id 51 # see the wiki # kalint: ignore [ KA403 , KA403 ]: twice"},
        {2: "    interface eth0\n\t! kalint: ignore[KA403]\n\n    # why"},
        {0: "# kalint: ignore[KA403]"},
        {0: "# kalint: ignore[KA403] # kalint: ignore[KA018]"},
        {0: "#! kalint: ignore-file[KA403]"},
        {9: "} # kalint: ignore-file[KA403]"},
        {9: "}\n# kalint: ignore-file[KA403]"},
        {1: "# kalint: ignore[KA4]\nvrrp_instance VI_1\n{"},
    ],
)
def test_finding_is_answered_for(run_kalint: Run, changes: dict[int, str]) -> None:
    """At the end of its line, before its statement or a block around it, or for the file; by code or prefix."""
    document = checked(run_kalint, with_lines(changes))
    assert [each["code"] for each in document["diagnostics"]] == ["KA303"]
    assert document["summary"]["suppressed"] == 1


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({1: "vrrp_instance VI_1 { # kalint: ignore[KA403]"}, ["KA018", "KA403", "KA303"]),  # this line only
        (
            {2: "    # kalint: ignore[KA403]\n    interface eth0"},
            ["KA018", "KA403", "KA303"],
        ),  # the next statement only
        ({4: "    # kalint: ignore[KA403]\n    nopreempt"}, ["KA403", "KA018", "KA303"]),  # not what was before
        ({3: "    virtual_router_id 51 # kalint: ignore[KA402]"}, ["KA403", "KA018", "KA303"]),  # another rule
        ({3: "    virtual_router_id 51 # ignore[KA403]"}, ["KA403", "KA303"]),  # nothing for kalint
        ({3: "    virtual_router_id 51 # kalint: ignore[KA403"}, ["KA403", "KA018", "KA303"]),
        ({3: "    virtual_router_id 51 # kalint: why not 51"}, ["KA403", "KA303"]),  # prose
    ],
)
def test_finding_is_not_answered_for(run_kalint: Run, changes: dict[int, str], codes: list[str]) -> None:
    """Elsewhere, for something else, or not written as it must be; and the useless suppression is said."""
    assert [each["code"] for each in checked(run_kalint, with_lines(changes))["diagnostics"]] == codes


def test_a_comment_in_quotes_is_none(run_kalint: Run) -> None:
    """As for keepalived."""
    text = CONF + 'vrrp_script c {\n    script "/bin/true # kalint: ignore[KA103, KA999]"\n}\n'
    assert "KA018" not in str(found(checked(run_kalint, text)))
    assert "10 KA103" in found(checked(run_kalint, text))


def test_a_definition_of_several_lines_is_one_statement(run_kalint: Run) -> None:
    """A finding in its last line is covered by the comment before its first; where it is used does as well."""
    definition = "$BODY= \\\n    interface eth0 \\\n    virtual_router_id 51\n"
    use = "vrrp_instance A {\n    $BODY\n    virtual_ipaddress {\n        192.0.2.1/24\n    }\n}\n"
    assert found(checked(run_kalint, definition + use)) == ["3 KA403"]
    assert found(checked(run_kalint, f"# kalint: ignore[KA403]\n{definition}{use}")) == []
    answered = use.replace("$BODY\n", "$BODY # kalint: ignore[KA403]\n")
    assert found(checked(run_kalint, definition + answered)) == []


def test_included_files(run_kalint: Run, tmp_path: Path) -> None:
    """A comment answers for findings in its own file; one that any of the including files needs is of use."""
    (tmp_path / "part.inc").write_text("virtual_router_id 51 # kalint: ignore[KA403]\n# kalint: ignore-file[KA303]\n")
    first = with_lines({3: "    include part.inc"})
    assert found(checked(run_kalint, first)) == ["4 KA303", "2 KA018"]
    (tmp_path / "b.conf").write_text("# kalint: ignore-file[KA403]\n" + first)
    document = json.loads(run_kalint("check", "--format", "json", "a.conf", "b.conf").out)
    assert sorted(f"{each['file']}:{each['line']} {each['code']}" for each in document["diagnostics"]) == [
        "a.conf:4 KA303",
        "b.conf:1 KA018",
        "b.conf:5 KA303",
        "part.inc:2 KA018",
    ]


def test_rules_that_were_not_asked_leave_a_suppression_alone(run_kalint: Run) -> None:
    """Only what every rule of its code was asked for can be called unused."""
    text = with_lines({0: "# kalint: ignore-file[KA402, KA802, KA615, KA2]", 4: ""})
    assert found(checked(run_kalint, text, "--ignore", "KA403")) == ["1 KA018"]
    assert found(checked(run_kalint, text, "--select", "KA018")) == []
    assert found(checked(run_kalint, text, "--select", "KA018,KA402")) == ["1 KA018"]
    assert found(checked(run_kalint, text, "--ignore", "KA018,KA403")) == []
    others = text.replace("    interface eth0", "    @left interface eth0\n    @^left interface eth1")
    assert found(checked(run_kalint, others, "--ignore", "KA403,KA807")) == []


def test_no_ignores(run_kalint: Run) -> None:
    """Who must not trust the file sees all findings, and nothing is said of the comments."""
    text = with_lines({0: "# kalint: ignore-file[KA403, KA303, KA402]"})
    assert found(checked(run_kalint, text)) == ["1 KA018"]
    document = checked(run_kalint, text, "--no-ignores")
    assert found(document) == ["4 KA403", "5 KA303"]
    assert document["summary"]["suppressed"] == 0


def test_suppressed_findings_do_not_fail_and_are_counted(run_kalint: Run, tmp_path: Path) -> None:
    """The exit code and the summary, on the quick way of a plain check too."""
    (tmp_path / "a.conf").write_text(with_lines({0: "# kalint: ignore-file[KA403, KA303]"}))
    ran = run_kalint("check", "a.conf")
    assert (ran.status, ran.out) == (0, "")
    assert re.fullmatch(r"no findings in 1 file \(keepalived [0-9.]+\); 2 suppressed\n", ran.err)
    (tmp_path / "a.conf").write_text(with_lines({0: "# kalint: ignore-file[KA403, KA303, KA401]"}))
    assert run_kalint("check", "a.conf").status == 1


def test_findings_of_a_cluster(run_kalint: Run, tmp_path: Path) -> None:
    """A comment at the place of the finding; one at a related place answers for nothing."""
    (tmp_path / "a.conf").write_text(CONF.replace("    nopreempt\n", "").replace("255", "100"))
    (tmp_path / "b.conf").write_text(CONF.replace("    nopreempt\n", "").replace("255", "100"))
    options = ("check", "--cluster", "--format", "json", "--ignore", "KA403", "a.conf", "b.conf")
    document = json.loads(run_kalint(*options).out)
    (tie,) = [each for each in document["diagnostics"] if each["code"] == "KA802"]
    for file in ("a.conf", "b.conf"):
        text = (tmp_path / file).read_text()
        lines = text.splitlines()
        lines[tie["line"] - 1] += " # kalint: ignore[KA802]"
        (tmp_path / file).write_text("\n".join(lines) + "\n")
        left = [(each["file"], each["code"]) for each in json.loads(run_kalint(*options).out)["diagnostics"]]
        if file == tie["file"]:
            assert ("a.conf", "KA802") not in left
            assert (file, "KA018") not in left
        else:
            assert (file, "KA018") in left
        (tmp_path / file).write_text(text)
