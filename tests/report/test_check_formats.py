"""One configuration with more than twenty findings of all kinds, through every format and a consumer of it.

It has a password, strings, bytes that are no UTF-8, characters that take two UTF-16 units, a control character, a
name with what formats escape, two findings on one line, and findings in an included file and in a $definition.
"""

from __future__ import annotations

import io
import json
import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import jsonschema
import junitparser
import pytest

from kalint.cli import guarded
from kalint.cli.app import run_app
from kalint.findings.diagnostic import Diagnostic, Findings, Suppressed
from kalint.findings.fix import Edit, Fix
from kalint.findings.secrets import Secrets, masked, masked_sources
from kalint.report import renderer
from kalint.source import Span
from kalint.version import Version

HERE = Path(__file__).parent
FILE = "keepalived.conf"
INCLUDED = "conf.d/extra.conf"
FORMATS = ("text", "json", "sarif", "github", "gitlab", "junit", "concise", "grouped", "rdjsonl")
SECRETS = ("topsecret", "opsecret")


class Ran(NamedTuple):
    status: int
    out: str
    err: str


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Check the configuration, standing in its folder, whose name needs escapes in every format."""
    folder = tmp_path / "a, b: 100% <ü>"
    shutil.copytree(HERE / "twenty", folder / "twenty")
    monkeypatch.chdir(folder)

    def run(written: str, *arguments: str) -> Ran:
        status = guarded(lambda: run_app(["check", "--format", written, *(arguments or (f"twenty/{FILE}",))]))
        return Ran(status, *capsys.readouterr())

    return run


@pytest.fixture
def expected(check: Callable[..., Ran]) -> list[dict[str, Any]]:
    """The findings as kalint's own document has them."""
    found: list[dict[str, Any]] = json.loads(check("json").out)["diagnostics"]
    assert len(found) >= 20
    return found


def lines_of(name: str) -> list[str]:
    return (HERE / "twenty" / name).read_bytes().decode("utf-8", "surrogateescape").split("\n")


@pytest.mark.parametrize("written", FORMATS)
def test_no_format_tells_a_password_or_sends_controls(check: Callable[..., Ran], written: str) -> None:
    ran = check(written)
    assert ran.status == 1
    assert not [secret for secret in SECRETS if secret in ran.out + ran.err]
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e]", ran.out)


@pytest.mark.parametrize("written", FORMATS)
def test_findings_and_the_summary_go_different_ways(check: Callable[..., Ran], written: str) -> None:
    """The counts of --statistics and the summary are on standard error, whatever the format."""
    ran = check(written, f"twenty/{FILE}", "--statistics")
    assert "KA002  unknown-keyword" in ran.err
    assert "1 info in 1 file (keepalived " in ran.err
    assert "in 1 file" not in ran.out


# SARIF 2.1.0


def sarif(text: str) -> dict[str, Any]:
    """A log that the schema accepts; draft 4 is what it is written in."""
    log: dict[str, Any] = json.loads(text)
    schema = json.loads((HERE / "schemas" / "sarif-2.1.0-rtm.5.json").read_text())
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(log)
    return log


def test_sarif_is_valid_and_complete(check: Callable[..., Ran], expected: list[dict[str, Any]]) -> None:
    (run,) = sarif(check("sarif").out)["runs"]
    assert [result["ruleId"] for result in run["results"]] == [found["code"] for found in expected]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert [rule["id"] for rule in rules] == sorted({found["code"] for found in expected})
    assert all(rule["help"]["text"] and rule["help"]["markdown"] and rule["helpUri"] for rule in rules)


def test_sarif_points_at_the_characters(check: Callable[..., Ran], expected: list[dict[str, Any]]) -> None:
    """Columns count UTF-16 units, so a snake before them counts twice; URIs are relative and %-encoded."""
    (run,) = sarif(check("sarif").out)["runs"]
    assert run["columnKind"] == "utf16CodeUnits"
    for result, found in zip(run["results"], expected, strict=True):
        place = result["locations"][0]["physicalLocation"]
        assert unquote(place["artifactLocation"]["uri"]) == found["file"]
        assert place["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
        region = place["region"]
        line = lines_of(found["file"].removeprefix("twenty/"))[region["startLine"] - 1]
        units = line.encode("utf-16-le", "surrogatepass")
        pointed = units[2 * (region["startColumn"] - 1) : 2 * (region["endColumn"] - 1)]
        assert pointed.decode("utf-16-le", "surrogatepass") == line[found["column"] - 1 : found["end_column"] - 1]


def test_sarif_columns_differ_from_characters_behind_a_snake(check: Callable[..., Ran]) -> None:
    """`🐍🐍` begins at column 5 and ends before column 9: four units, two characters."""
    (run,) = sarif(check("sarif").out)["runs"]
    regions = [
        result["locations"][0]["physicalLocation"]["region"]
        for result in run["results"]
        if "🐍🐍" in result["message"]["text"]
    ]
    assert [(region["startColumn"], region["endColumn"]) for region in regions] == [(5, 9)]


def test_sarif_fingerprints_and_related_places(check: Callable[..., Ran], expected: list[dict[str, Any]]) -> None:
    (run,) = sarif(check("sarif").out)["runs"]
    for result, found in zip(run["results"], expected, strict=True):
        assert re.fullmatch("[0-9a-f]{32}", result["partialFingerprints"]["kalintFinding/v1"])
        assert len(result["relatedLocations"]) >= len(found["related"])
    used = [result for result in run["results"] if result["ruleId"] == "KA201"]
    assert [place["message"]["text"] for place in used[0]["relatedLocations"]] == ["used here"]


def test_sarif_of_a_folder_with_odd_characters(check: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("..")
    (run,) = sarif(check("sarif", f"a, b: 100% <ü>/twenty/{FILE}").out)["runs"]
    uris = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]}
    assert f"a,%20b%3A%20100%25%20%3C%C3%BC%3E/twenty/{FILE}" in uris


def test_paths_outside_the_folder_are_whole(
    check: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    path = Path.cwd() / "twenty" / FILE
    monkeypatch.chdir(tmp_path / "elsewhere")
    (run,) = sarif(check("sarif", str(path)).out)["runs"]
    places = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]}
    assert all(unquote(place).startswith(f"file://{tmp_path}/a, b: ") for place in places)


def test_absolute_paths_become_relative(check: Callable[..., Ran]) -> None:
    """What is annotated on a pull request must be named as the repository names it."""
    assert "file=twenty/" in check("github", str(Path.cwd() / "twenty" / FILE)).out
    assert "/../" not in check("gitlab", f"twenty/../twenty/{FILE}").out


# GitHub


def annotation(line: str) -> tuple[str, dict[str, str], str]:
    """A line of a job's log as the runner reads it.

    Source: "Workflow commands for GitHub Actions": `::command name=value,name=value::data`; %25, %0D and %0A stand for
    %, CR and LF, and in properties %3A and %2C for : and a comma. The runner replaces %25 last.
    """
    found = re.fullmatch(r"::(error|warning|notice) (.*?)::(.+)", line)
    assert found is not None, line
    properties = dict(each.split("=", 1) for each in found.group(2).split(","))

    def unescaped(text: str, *pairs: tuple[str, str]) -> str:
        for escape, character in (*pairs, ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
            text = text.replace(escape, character)
        return text

    values = {name: unescaped(value, ("%3A", ":"), ("%2C", ",")) for name, value in properties.items()}
    return found.group(1), values, unescaped(found.group(3))


def test_github_annotations(check: Callable[..., Ran], expected: list[dict[str, Any]]) -> None:
    levels = {"error": "error", "warning": "warning", "info": "notice"}
    read = [annotation(line) for line in check("github").out.splitlines()]
    for (level, properties, data), found in zip(read, expected, strict=True):
        assert level == levels[found["severity"]]
        assert properties == {
            "file": found["file"],
            "line": str(found["line"]),
            "col": str(found["column"]),
            "endLine": str(found["end_line"]),
            "endColumn": str(found["end_column"]),
            "title": f"{found['code']} {found['name']}",
        }
        message, *rest = data.split("\n")
        assert message == found["message"].replace("\x1b", r"\x1b").replace("\udce9", r"\xe9")
        assert rest[-1] == found["url"]


def test_github_says_what_could_not_be_read(check: Callable[..., Ran]) -> None:
    ran = check("github", "no,such:file")
    assert ran.status == 2
    assert annotation(ran.out.strip())[1:] == (
        {"file": "no,such:file", "title": "kalint"},
        "no,such:file: No such file or directory",
    )


# GitLab

# Source: "Code Quality report format", docs.gitlab.com/ci/testing/code_quality.
GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!\./|/)"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def test_gitlab_code_quality(check: Callable[..., Ran], expected: list[dict[str, Any]]) -> None:
    issues = json.loads(check("gitlab").out)
    jsonschema.validate(issues, GITLAB)
    severities = {"error": "critical", "warning": "major", "info": "info"}
    for issue, found in zip(issues, expected, strict=True):
        assert issue["check_name"] == found["name"]
        assert issue["severity"] == severities[found["severity"]]
        assert (issue["location"]["path"], issue["location"]["lines"]["begin"]) == (found["file"], found["line"])
    assert set(Counter(issue["fingerprint"] for issue in issues).values()) == {1}


def test_gitlab_fingerprints_stay_when_lines_move(check: Callable[..., Ran]) -> None:
    """What is fixed and what is new in a merge request is told by the fingerprints alone."""
    before = {issue["fingerprint"] for issue in json.loads(check("gitlab").out)}
    path = Path("twenty") / FILE
    path.write_bytes(b"# a new comment\n\n" + path.read_bytes().replace(b"\n    ", b"\n\t"))
    assert {issue["fingerprint"] for issue in json.loads(check("gitlab").out)} == before


# JUnit


def test_junit_has_a_case_for_each_file(check: Callable[..., Ran], expected: list[dict[str, Any]]) -> None:
    suites = junitparser.JUnitXml.fromstring(check("junit").out.encode())
    (suite,) = suites
    cases = {case.name: case for case in suite}
    assert set(cases) == {f"twenty/{FILE}", f"twenty/{INCLUDED}"}
    assert (suite.tests, suite.failures, suite.errors) == (2, 2, 0)
    for name, case in cases.items():
        (failure,) = case.result
        failing = [each for each in expected if each["file"] == name and each["severity"] != "info"]
        assert isinstance(failure, junitparser.Failure)
        assert all(f" {each['code']} " in failure.text for each in failing)
    assert "KA403" in cases[f"twenty/{FILE}"].system_out
    assert "KA403" not in cases[f"twenty/{FILE}"].result[0].text


def test_junit_of_clean_and_unreadable_files(check: Callable[..., Ran]) -> None:
    """A file without findings is a case that passes, one that could not be read is an error."""
    good = "vrrp_instance VI_1 {\n interface eth0\n virtual_router_id 7\n virtual_ipaddress {\n 10.0.0.9/24\n }\n}\n"
    Path("clean.conf").write_text(good)
    ran = check("junit", "clean.conf", "no<such>\x07file")
    assert ran.status == 2
    (suite,) = junitparser.JUnitXml.fromstring(ran.out.encode())
    assert (suite.tests, suite.failures, suite.errors) == (2, 0, 1)
    clean, unreadable = suite
    assert clean.is_passed
    assert (unreadable.name, unreadable.result[0].message) == (
        r"no<such>\x07file",
        r"no<such>\x07file: No such file or directory",
    )


# What no rule finds in the file above


def rendered(written: str, findings: Findings) -> str:
    stream = io.StringIO()
    renderer("check", written)(findings, stream)
    return stream.getvalue()


LINES = ["state BACKUP", "nopreempt # kalint: ignore[KA301] we know", "nopreempt"]
FINDING = Diagnostic("KA301", "nopreempt-with-state-MASTER", "error", "proven", "x", Span("a.conf", 2, 1, 3, 10))


def test_sarif_suppressions() -> None:
    """What is suppressed in the source names its comment, what a baseline holds is suppressed from outside."""
    suppressed = (
        Suppressed(FINDING, "we know", Span("a.conf", 2, 11, 2, 42)),
        Suppressed(FINDING._replace(span=Span("a.conf", 3, 1, 3, 10))),
    )
    findings = Findings(Version(2, 2, 7), ("a.conf",), (), masked_sources({"a.conf": LINES}), suppressed)
    told = [result["suppressions"] for result in sarif(rendered("sarif", findings))["runs"][0]["results"]]
    assert told[0][0]["kind"] == "inSource"
    assert told[0][0]["justification"] == "we know"
    assert told[0][0]["location"]["physicalLocation"]["region"]["startColumn"] == 11
    assert told[1] == [{"kind": "external"}]


def test_what_is_suppressed_is_a_number_elsewhere() -> None:
    findings = Findings(Version(2, 2, 7), ("a.conf",), (), masked_sources({"a.conf": LINES}), (Suppressed(FINDING),))
    assert json.loads(rendered("json", findings))["summary"]["suppressed"] == 1
    assert rendered("github", findings) == ""
    assert json.loads(rendered("gitlab", findings)) == []
    assert 'failures="0"' in rendered("junit", findings)


def test_a_span_of_several_lines() -> None:
    """GitHub takes columns only of one line; the others have both ends."""
    findings = Findings(Version(2, 2, 7), ("a.conf",), (FINDING,), masked_sources({"a.conf": LINES}))
    assert annotation(rendered("github", findings).rstrip("\n"))[1] == {
        "file": "a.conf",
        "line": "2",
        "endLine": "3",
        "title": "KA301 nopreempt-with-state-MASTER",
    }
    assert json.loads(rendered("gitlab", findings))[0]["location"]["lines"] == {"begin": 2, "end": 3}
    (result,) = sarif(rendered("sarif", findings))["runs"][0]["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 2, "startColumn": 1, "endLine": 3, "endColumn": 10}


def test_safe_fixes_are_in_sarif_and_json(check: Callable[..., Ran], expected: list[dict[str, Any]]) -> None:
    """As edits of the characters; what is unsafe only JSON has."""
    (run,) = sarif(check("sarif").out)["runs"]
    fixes = [result["fixes"][0] for result in run["results"] if "fixes" in result]
    assert len(fixes) == sum(bool(found["fix"] and found["fix"]["safe"]) for found in expected)
    (change,) = next(fix for fix in fixes if "priority" in fix["description"]["text"])["artifactChanges"]
    (replacement,) = change["replacements"]
    assert replacement["insertedContent"] == {"text": "priority"}
    assert lines_of(FILE)[replacement["deletedRegion"]["startLine"] - 1] == "    prioritty 150"
    assert [found["fix"]["safe"] for found in expected if found["code"] == "KA019"] == [False]


def test_a_fix_that_would_tell_a_password_is_not_shown() -> None:
    fix = Fix("move it", (Edit(Span("a.conf", 1, 1, 1, 1), "authentication {\n    auth_pass hush\n}\n"),))
    found = tuple(masked((FINDING._replace(fix=fix),), Secrets({"a.conf": LINES})))
    findings = Findings(Version(2, 2, 7), ("a.conf",), found, masked_sources({"a.conf": LINES}))
    for written in ("json", "sarif"):
        assert "hush" not in rendered(written, findings)


def test_what_looks_like_an_escape_is_none() -> None:
    """The runner turns %0A into the end of a line, so the % of a file must not be there as it stands."""
    odd = FINDING._replace(message="script 50%0Aoff: %25, 100%")
    (line,) = rendered(
        "github", Findings(Version(2, 2, 7), ("a.conf",), (odd,), masked_sources({"a.conf": LINES}))
    ).splitlines()
    assert annotation(line)[2].split("\n")[0] == "script 50%0Aoff: %25, 100%"


def test_equal_findings_have_fingerprints_of_their_own() -> None:
    """GitLab keeps one finding of each fingerprint."""
    twice = (FINDING, FINDING._replace(span=Span("a.conf", 3, 1, 3, 10)), FINDING)
    sources = {"a.conf": ["x", "nopreempt", "nopreempt"]}
    issues = json.loads(rendered("gitlab", Findings(Version(2, 2, 7), ("a.conf",), twice, masked_sources(sources))))
    assert len({issue["fingerprint"] for issue in issues}) == 3
