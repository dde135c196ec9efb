"""The formats with one line for each finding: concise, grouped, and reviewdog's rdjsonl."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from kalint.cli import guarded
from kalint.cli.app import run_app
from kalint.findings.diagnostic import Diagnostic, Findings, Refused
from kalint.findings.fix import Edit, Fix
from kalint.findings.secrets import masked_sources
from kalint.fixing.edits import edited
from kalint.report import renderer
from kalint.source import Span
from kalint.version import Version

HERE = Path(__file__).parent
Check = Callable[..., str]


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Check the configuration with findings of all kinds, standing beside its folder."""
    shutil.copytree(HERE / "twenty", tmp_path / "twenty")
    monkeypatch.chdir(tmp_path)

    def run(form: str, *arguments: str) -> str:
        guarded(lambda: run_app(["check", "--format", form, *(arguments or ("twenty/keepalived.conf",))]))
        return capsys.readouterr().out

    return run


def findings(*found: Diagnostic, lines: dict[str, list[str]] | None = None, **more: Any) -> Findings:
    return Findings(Version(2, 2, 7), ("a.conf",), found, masked_sources(lines or {"a.conf": []}), **more)


def rendered(form: str, result: Findings, **more: Any) -> str:
    stream = io.StringIO()
    renderer("check", form)(result, stream, **more)
    return stream.getvalue()


FOUND = Diagnostic("KA301", "nopreempt-with-state-MASTER", "error", "proven", "x", Span("a.conf", 2, 1, 2, 10))


def test_concise_has_a_line_for_each_finding(check: Check) -> None:
    """Place, code, severity and message, in this order and nothing else."""
    found = json.loads(check("json"))["diagnostics"]
    lines = check("concise").splitlines()
    assert len(lines) == len(found) > 20
    for line, each in zip(lines, found, strict=True):
        file, row, column, code, severity, message = re.fullmatch(
            r"(.+?):(\d+):(\d+): (KA\d{3}) (error|warning|info): (.+)", line
        ).groups()  # type: ignore[union-attr]
        assert (file, int(row), int(column)) == (each["file"], each["line"], each["column"])
        assert (code, severity) == (each["code"], each["severity"])
        assert message == each["message"].replace("\x1b", r"\x1b").replace("\udce9", r"\xe9")


def test_concise_to_the_letter() -> None:
    assert rendered("concise", findings(FOUND)) == "a.conf:2:1: KA301 error: x\n"


def test_grouped_has_a_heading_for_each_file() -> None:
    """Files in the order of their first findings, lines aligned at the colon, an empty line behind each file."""
    info = FOUND._replace(code="KA403", severity="info", message="y", span=Span("a.conf", 117, 23, 117, 25))
    other = FOUND._replace(code="KA002", severity="warning", message="z", span=Span("b.conf", 3, 5, 3, 6))
    assert rendered("grouped", findings(FOUND, other, info)) == (
        "a.conf\n    2:1   error  KA301 x\n  117:23  info   KA403 y\n\nb.conf\n  3:5  warning  KA002 z\n\n"
    )


def test_grouped_colours_what_a_terminal_may() -> None:
    text = rendered("grouped", findings(FOUND), color=True)
    assert text == "\x1b[1ma.conf\x1b[0m\n  2:1  \x1b[1;31merror\x1b[0m  KA301 x\n\n"


@pytest.mark.parametrize("form", ["concise", "grouped"])
@pytest.mark.parametrize("name", ["::error file=x::owned", "  ::stop-commands::x", "##[add-mask]e", "a\n::warning::x"])
def test_no_line_is_a_command_to_a_runner(form: str, name: str) -> None:
    """A file's name begins a line: what GitHub's or Azure's runner would obey there is only shown."""
    told = FOUND._replace(message="unknown keyword '##[add-mask]e'", span=FOUND.span._replace(file=name))
    text = rendered(form, findings(told))
    assert "KA301" in text
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]
    assert "##[" not in text


# reviewdog


def test_no_line_of_json_is_a_command_to_a_runner() -> None:
    """The text is the same to whoever reads the JSON."""
    text = rendered("rdjsonl", findings(FOUND._replace(message="unknown keyword '##[add-mask]e'")))
    assert "##[" not in text
    assert diagnostics(text)[0]["message"] == "unknown keyword '##[add-mask]e'"


def strict(schema: Any) -> Any:
    """The schema that reviewdog publishes, with no key but those that it names: it allows any."""
    if isinstance(schema, dict):
        return {key: False if key == "additionalProperties" else strict(each) for key, each in schema.items()}
    return [strict(each) for each in schema] if isinstance(schema, list) else schema


SCHEMA = strict(json.loads((HERE / "schemas" / "reviewdog-diagnostic.json").read_text()))


def diagnostics(text: str) -> list[dict[str, Any]]:
    """The lines that reviewdog reads, each valid by its schema."""
    found = [json.loads(line) for line in text.splitlines()]
    for each in found:
        jsonschema.Draft4Validator(SCHEMA).validate(each)
    return found


def test_rdjsonl_is_what_reviewdog_reads(check: Check) -> None:
    """Each finding with its place, severity, code and page; places behind a snake count bytes of UTF-8."""
    expected = json.loads(check("json"))["diagnostics"]
    told = diagnostics(check("rdjsonl"))
    assert len(told) == len(expected)
    severities = {"error": "ERROR", "warning": "WARNING", "info": "INFO"}
    for each, found in zip(told, expected, strict=True):
        assert each["code"] == {"value": found["code"], "url": found["url"]}
        assert each["severity"] == severities[found["severity"]]
        assert each["location"]["path"] == found["file"]
        content = Path(found["file"]).read_bytes().split(b"\n")
        place = each["location"]["range"]
        under = content[place["start"]["line"] - 1][place["start"]["column"] - 1 : place["end"]["column"] - 1]
        line = content[found["line"] - 1].decode("utf-8", "surrogateescape")
        assert under.decode("utf-8", "surrogateescape") == line[found["column"] - 1 : found["end_column"] - 1]


def test_the_schema_refuses_an_unknown_key(check: Check) -> None:
    """The check above can fail."""
    told = diagnostics(check("rdjsonl"))[0]
    with pytest.raises(jsonschema.ValidationError):
        diagnostics(json.dumps({**told, "line": 3}))


def suggested(content: bytes, suggestion: dict[str, Any]) -> bytes:
    """A file as reviewdog would have it: the range in bytes replaced by the text."""
    starts = [0]
    for line in content.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    (start, end) = (
        min(starts[place["line"] - 1] + place["column"] - 1, len(content))
        for place in (suggestion["range"]["start"], suggestion["range"]["end"])
    )
    return content[:start] + suggestion["text"].encode() + content[end:]


def test_a_suggestion_does_what_the_fix_does(check: Check) -> None:
    """Safe ones only, and byte for byte what the edits of the fix make of the file."""
    expected = json.loads(check("json"))["diagnostics"]
    told = diagnostics(check("rdjsonl"))
    some = 0
    for each, found in zip(told, expected, strict=True):
        if "suggestions" not in each:
            assert found["fix"] is None or not found["fix"]["safe"]
            continue
        content = Path(found["file"]).read_bytes()
        edits = [
            Edit(Span(edit["file"], edit["line"], edit["column"], edit["end_line"], edit["end_column"]), edit["text"])
            for edit in found["fix"]["edits"]
        ]
        (suggestion,) = each["suggestions"]
        assert suggested(content, suggestion) == edited(content, edits)
        some += 1
    assert some >= 4


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_edits_at_several_places_are_one_suggestion(newline: str) -> None:
    """It takes several suggestions for alternatives, so what stands between the edits is in the text too."""
    lines = ["früher 1", "a", "später 🐍 2", ""]
    content = newline.join(lines).encode()
    edits = (Edit(Span("a.conf", 3, 10, 3, 11), "zwei"), Edit(Span("a.conf", 1, 8, 1, 9), "eins\nund"))
    sources = {"a.conf": content.decode().split("\n")}
    found = FOUND._replace(fix=Fix("words", edits))
    (told,) = diagnostics(rendered("rdjsonl", findings(found, lines=sources)))
    (suggestion,) = told["suggestions"]
    assert suggested(content, suggestion) == newline.join(["früher eins", "und", "a", "später 🐍 zwei", ""]).encode()


def test_no_suggestion_repeats_a_password() -> None:
    """Where a line between the edits is masked, there is no suggestion: it would write stars, or tell the password."""
    lines = ["authentication {", "    auth_type PASS", "    auth_pass topsecret", "}", "x"]
    edits = (Edit(Span("a.conf", 2, 5, 2, 14), "auth_kind"), Edit(Span("a.conf", 5, 1, 5, 2), "y"))
    (told,) = diagnostics(rendered("rdjsonl", findings(FOUND._replace(fix=Fix("t", edits)), lines={"a.conf": lines})))
    assert "suggestions" not in told


@pytest.mark.parametrize(
    "fix",
    [
        Fix("unsafe", (Edit(FOUND.span, "y"),), safe=False),
        Fix("secret", (Edit(FOUND.span, "y"),), shown=False),
        Fix("elsewhere", (Edit(FOUND.span._replace(file="b.conf"), "y"),)),
        Fix("bytes", (Edit(FOUND.span, "y\udce9"),)),
    ],
    ids=lambda fix: fix.title,
)
def test_fixes_that_are_no_suggestion(fix: Fix) -> None:
    """Unsafe, secret, of another file, or not UTF-8."""
    (told,) = diagnostics(rendered("rdjsonl", findings(FOUND._replace(fix=fix), lines={"a.conf": ["", "x", "y"]})))
    assert "suggestions" not in told


def test_rdjsonl_says_what_could_not_be_read() -> None:
    """As an error without a line."""
    (told,) = diagnostics(rendered("rdjsonl", findings(refused=(Refused("no.conf", "no.conf: No such file"),))))
    assert (told["location"], told["severity"]) == ({"path": "no.conf"}, "ERROR")
    assert told["message"] == "no.conf: No such file"
