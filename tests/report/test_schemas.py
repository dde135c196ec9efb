"""docs/schemas: generated, strict, and what the commands print is as the schemas say."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from kalint.cli import guarded
from kalint.cli.app import run_app
from kalint.errors import KalintError
from kalint.report import probe_follow
from kalint.report.schemas.__main__ import DOCUMENTS, texts
from kalint.rules import codes, names
from kalint.settings.reader import read_settings

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
SCHEMAS = ROOT / "docs" / "schemas"
SHARED = ROOT.parent / "shared" / "cases"

Run = Callable[..., str]


def name_of(schema: dict[str, Any]) -> str:
    return str(schema["$id"]).rpartition("/")[2].removesuffix(".json")


VALIDATORS = {name_of(schema): jsonschema.Draft7Validator(schema) for schema in DOCUMENTS}
SETTINGS = VALIDATORS["kalint.toml"]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line in a folder, and return what it prints; it may find something, but not fail."""
    monkeypatch.setenv("HOME", str(tmp_path))

    def printed(folder: Path, line: str) -> str:
        monkeypatch.chdir(folder)
        status = guarded(lambda: run_app(shlex.split(line)))
        out, err = capsys.readouterr()
        assert status in (0, 1), f"{line}: {err}"
        return out

    return printed


def checked(text: str) -> dict[str, Any]:
    """A document that the schema of its own `schema` takes; a new field goes into kalint/report/schemas too."""
    document: dict[str, Any] = json.loads(text)
    validator = VALIDATORS[document["schema"].removeprefix("kalint/").replace("/", "-")]
    wrong = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]
    assert wrong == []
    return document


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    """Every schema in a schema."""
    if isinstance(schema, dict):
        yield schema
        for each in schema.values():
            yield from parts(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from parts(each)


def test_files_are_those_of_the_code() -> None:
    """If this fails: python -m kalint.report.schemas docs/schemas."""
    written = {path.name: path.read_text() for path in SCHEMAS.glob("*.json")}
    assert written == texts()


def test_the_page_names_every_schema() -> None:
    """And its entries for the Schema Store name the schema by its own address."""
    page = (SCHEMAS / "README.md").read_text()
    assert set(re.findall(r"^\| \[.+?\]\((.+?)\)", page, re.MULTILINE)) == set(texts())
    entry, table = map(json.loads, re.findall(r"^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL))
    address = SETTINGS.schema["$id"]
    assert (entry["url"], table["kalint"]["$ref"]) == (address, address)
    assert f"#:schema {address}\n" in page
    assert entry.keys() == {"name", "description", "fileMatch", "url"}


@pytest.mark.parametrize("schema", DOCUMENTS, ids=name_of)
def test_schemas_are_valid_and_closed(schema: dict[str, Any]) -> None:
    """Each is a schema of draft 7, and each object has either fields that are fixed or names that are data."""
    jsonschema.Draft7Validator.check_schema(schema)
    for part in parts(schema):
        if part.get("type") == "object":
            assert "additionalProperties" in part
            assert ("properties" in part) == (part["additionalProperties"] is False)
            assert set(part.get("required", ())) <= set(part.get("properties", ()))


PRINTED = [
    ("", "check --format json .", "check-1"),
    ("shared-gateway", "check --format json lb1/keepalived.conf lb2/keepalived.conf", "check-1"),
    ("upgrade", "check --format json keepalived.conf --keepalived-version 1.3.5", "check-1"),
    ("one-file-two-nodes", "show --format json keepalived.conf", "show-1"),
    ("one-file-two-nodes", "priorities --format json keepalived.conf --combinations", "priorities-1"),
    ("two-signs", "priorities --format json keepalived.conf --state script:chk_gateway=ko --rest good", "priorities-1"),
    ("saturated", "priorities --format json keepalived.conf --times", "priorities-1"),
    ("shared-gateway", "cluster --format json --pairs", "cluster-1"),
    ("shared-gateway", "cluster --format json --state lb1:daemon=stopped", "cluster-1"),
    ("timelines", "cluster --format json --keepalived-version 1.3.5 a=master.conf b=backup.conf", "cluster-1"),
    ("shared-gateway", "cluster --all --format jsonl", "cluster-summary-1"),
    ("ansible-role", "cluster --all --format jsonl", "cluster-summary-1"),
    ("shared-gateway", "require --format json -e 'someone is master whatever one thing fails'", "require-1"),
    ("shared-gateway", "require --format json -e 'lb2 is master when lb1 stops, within 1 s'", "require-1"),
    ("upgrade", "diff --format json keepalived.conf --from 1.3.5 --to 2.4.3", "diff-1"),
    ("too-small-weight", "diff --format json lb1.conf lb2.conf", "diff-1"),
    ("edited-not-reloaded", "diff --format json lb1.conf lb2.conf --reload", "diff-1"),
    ("", "diff --format json upgrade owner --from 1.3.5 --to 2.4.3", "diffs-1"),
    ("", "diff --format jsonl upgrade owner --from 1.3.5 --to 2.4.3", "diff-1"),
    ("", "diff --format jsonl --cluster shared-gateway shared-gateway", "diff-1"),
    ("shared-gateway", "fleet --format json", "fleets-1"),
    ("shared-gateway", "fleet --format jsonl", "fleet-1"),
    ("too-small-weight", "simulate --format json lb1.conf lb2.conf --scenario timeline.toml --adverts", "simulate-1"),
    ("edited-not-reloaded", "probe --format json --pcap wire.pcap --config lb1.conf --config lb2.conf", "probe-1"),
    ("two-masters", "probe --format json --pcap wire.pcap --config lb1.conf --config lb2.conf", "probe-1"),
    ("two-masters", "probe --format json --pcap wire.pcap", "probe-1"),
    (
        "two-masters",
        "probe --follow --format json --pcap wire.pcap --config lb1.conf --config lb2.conf",
        "probe-event-1 probe-1",
    ),
    ("shared-gateway", "settings --format json lb1/keepalived.conf -i lb1", "settings-1"),
    ("", "rules --format json", "rules-1"),
    ("", "releases --format json", "releases-1"),
]


@pytest.mark.parametrize(("folder", "line", "schemas"), PRINTED, ids=[f"{each[0]}: {each[1]}" for each in PRINTED])
def test_what_is_printed_is_valid(folder: str, line: str, schemas: str, run: Run) -> None:
    """The example's own answers; where each line is a document, every line."""
    text = run(EXAMPLES / folder, line)
    found = [checked(each) for each in (text.splitlines() if "jsonl" in line or "--follow" in line else [text])]
    printed = dict.fromkeys(each["schema"].removeprefix("kalint/").replace("/", "-") for each in found)
    assert " ".join(printed) == schemas


def test_every_schema_is_tried() -> None:
    """Of the documents that kalint writes, none is left out above or below."""
    printed = {each for _, _, schemas in PRINTED for each in schemas.split()}
    assert printed | {"baseline-1", "watch-event-1", "kalint.toml"} == set(VALIDATORS)


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.conf")), ids=lambda path: str(path.relative_to(EXAMPLES)))
def test_each_example_is_valid(path: Path, run: Run) -> None:
    checked(run(path.parent, f"show --format json {path.name}"))
    checked(run(path.parent, f"priorities --format json {path.name}"))


def test_a_file_with_findings_of_all_kinds(run: Run, tmp_path: Path) -> None:
    """With fixes, related places, config ids, findings that stand for others, and a path that cannot be read."""
    shutil.copytree(ROOT / "tests" / "report" / "twenty", tmp_path / "twenty")
    (tmp_path / "many.conf").write_text("global_defs {\n" + "".join(f" foo_{n}\n" for n in range(200)) + "}\n")
    (tmp_path / "ids.conf").write_text(
        "vrrp_instance a {\n interface eth0\n virtual_router_id 7\n @lb1 priority 300\n @lb2 priority 100\n}\n"
    )
    found = checked(run(tmp_path, "check --format json twenty/keepalived.conf many.conf ids.conf"))
    assert {"config_ids", "stands_for"} <= {key for each in found["diagnostics"] for key in each}
    assert any(each["fix"] for each in found["diagnostics"])
    assert guarded(lambda: run_app(["check", "--format", "json", "-o", "out.json", "missing.conf"])) == 2
    assert checked((tmp_path / "out.json").read_text())["unreadable"]


def test_baselines_are_valid(run: Run, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests" / "report" / "twenty", tmp_path / "twenty")
    run(tmp_path, "check -q --write-baseline known.json twenty")
    assert checked((tmp_path / "known.json").read_text())["findings"]


def test_lines_of_watch_are_valid(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A capture told as `kalint watch` tells it."""
    monkeypatch.setattr(probe_follow, "document", probe_follow.watch_document)
    line = "probe --follow --format json --pcap wire.pcap --config lb1.conf --config lb2.conf"
    *lines, _report = run(EXAMPLES / "two-masters", line).splitlines()
    found = [checked(each) for each in lines]
    assert {each["schema"] for each in found} == {"kalint/watch-event/1"}


def test_templates_are_valid(run: Run, tmp_path: Path) -> None:
    """What only a rendering knows is null or `?`."""
    text = "vrrp_instance {{ name }} {\n state {{ state }}\n interface eth0\n virtual_router_id {{ id }}\n}\n"
    (tmp_path / "k.conf.j2").write_text(text)
    assert checked(run(tmp_path, "show --format json k.conf.j2"))["instances"][0]["virtual_router_id"] is None


ROWS = {
    "check-1": "diagnostics",
    "show-1": "instances",
    "priorities-1": "instances",
    "cluster-1": "routers",
    "require-1": "clusters",
    "diff-1": "changes",
    "diffs-1": "compared",
    "fleets-1": "networks",
    "simulate-1": "events",
    "probe-1": "routers",
    "settings-1": "values",
    "rules-1": "rules",
    "releases-1": "systems",
}
OPTIONAL = {
    "check-1": {"keepalived_versions", "config_ids", "stands_for"},
    "show-1": {"config_ids"},
    "priorities-1": {"config_ids", "outcome", "all_combinations"},
    "cluster-1": {"situation", "pairs", "pairs_left_out"},
    "diff-1": {"cluster", "error", "failure"},
    "diffs-1": {"cluster", "error"},
    "simulate-1": {"instance", "virtual_router_id", "thing"},
}


@pytest.mark.parametrize("name", ROWS)
def test_a_field_more_or_less_is_refused(name: str, run: Run) -> None:
    """Of the document itself and of what it lists first."""
    folder, line = next((folder, line) for folder, line, schemas in PRINTED if schemas == name and "jsonl" not in line)
    document = json.loads(run(EXAMPLES / folder, line))
    first = document[ROWS[name]][0]
    taken = VALIDATORS[name].is_valid
    assert taken(document)
    assert not taken({**document, "surplus": 1})
    assert not taken({**document, ROWS[name]: [{**first, "surplus": 1}]})
    optional = OPTIONAL.get(name, set())
    for key in document.keys() - optional:
        assert not taken({known: each for known, each in document.items() if known != key}), key
    for key in first.keys() - optional:
        assert not taken({**document, ROWS[name]: [{known: each for known, each in first.items() if known != key}]})


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/cases")
def test_cases_of_the_project_are_valid(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever each case runs, as JSON."""
    for case in json.loads((SHARED / "cases.json").read_text("utf-8")):
        monkeypatch.chdir(SHARED / case["name"])
        for each in case["runs"]:
            command, *words = each["args"]
            if command not in ("check", "show", "priorities", "cluster", "diff", "require", "fleet"):
                continue
            guarded(lambda line=(command, "--format", "json", *words): run_app(list(line)))  # type: ignore[misc]
            text = capsys.readouterr().out
            if text.startswith("{"):
                checked(text)


# kalint.toml

NODES = '[clusters.w.nodes]\na = { file = "a.conf" }\nb = { file = "b.conf" }\n'
TAKEN = [
    "",
    'keepalived_version = "2.2.7"\nconfig_id = "left"\ninclude_root = "."\nbaseline = "b.json"\nfail_on = "never"',
    'keepalived_version = "debian-12"',
    'select = ["KA2", "ka301", "k", "weight-on-owner"]\nignore = []',
    '[severity]\nKA606 = "warning"\nKA7 = "off"\nweight-on-owner = "info"',
    '[files."legacy/*.conf"]\nignore = ["KA6"]\nseverity = { KA304 = "info" }\nfail_on = "error"',
    '[files."t/*.j2"]\ntemplate = "jinja"\nrender = { a = ["all.yml", "a.yml"], b = "b.yml" }',
    '[files."t/*.j2"]\ntemplate = "none"\nrender = "all.yml"',
    '[files."t/*.j2"]\nrender = ["all.yml"]',
    f'{NODES}[clusters.w.nodes.c]\nfile = "c"\naddresses = {{ eth0 = "10.0.0.1" }}',
    f'{NODES}[clusters.w.nodes.c]\nfile = "c"\nconfig_id = "x"\nkeepalived_version = "2.2.7"\nvars = "v.yml"',
    f'{NODES}[clusters.w.nodes.c]\nfile = "c"\nvars = ["v.yml", "c.yml"]',
    f'[clusters.w]\nrequire = ["a", "b"]\ntogether = {{ g = ["a:script:x", "b:daemon"] }}\n{NODES}',
    f'{NODES}[networks.n]\nclusters = ["w*"]\ninterfaces = ["eth0"]',
    f'[clusters.w]\nmax_failover = 2.5\nrequire = "a"\n{NODES}',
    f'[clusters.w]\nmax_failover = "500 ms"\n{NODES}',
    f'[clusters.w]\nmax_failover = "4s"\n{NODES}',
]
REFUSED = [
    'fail_no = "error"',
    'fail_on = "fatal"',
    "keepalived_version = 2.2",
    'config_id = ""',
    'select = "KA2"',
    'select = ["KA999"]',
    'ignore = ["weight-on-ownr"]',
    '[severity]\nKA606 = "fatal"',
    '[severity]\nKB1 = "off"',
    "severity = 3",
    '[files."a.conf"]\nbaseline = "b.json"',
    '[files."a.conf"]\ntemplate = "latex"',
    '[files."{a,b}.conf"]\nignore = []',
    '[files.""]\nignore = []',
    '[files."a.j2"]\nrender = []',
    '[files."a.j2"]\nrender = {}',
    '[files."a.j2"]\nrender = { "a b" = "x.yml" }',
    '[clusters.w.nodes]\na = { file = "a.conf" }',
    "[clusters.w]",
    '[clusters.w.nodes]\na = { file = "a.conf" }\nb = { config_id = "b" }',
    '[clusters.w.nodes]\na = { file = "a.conf" }\nb = { file = "b.conf", user = "x" }',
    '[clusters.w.nodes]\na = { file = "a.conf" }\n"b:c" = { file = "b.conf" }',
    *(
        f"[clusters.w]\n{each}\n{NODES}"
        for each in (
            'max_failover = "soon"',
            "max_failover = 0",
            'max_failover = "0.0s"',
            'max_failover = "1.2.3"',
            "max_failover = true",
            "require = 3",
            'together = { g = ["a:script:x"] }',
            'together = { g = ["a:script:x", "script:y"] }',
            "owner = 1",
        )
    ),
    "[networks.n]",
    '[networks.n]\nclusters = "w"',
    "[networks.n]\nclusters = []\nvlan = 3",
]


def parsed(text: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    return tomllib.loads(text)


def kalint_takes(path: Path) -> bool:
    try:
        read_settings(str(path), codes(), names())
    except KalintError:
        return False
    return True


@pytest.mark.parametrize("text", TAKEN)
def test_settings_that_both_take(text: str, tmp_path: Path) -> None:
    """What kalint reads, the schema takes."""
    (tmp_path / "kalint.toml").write_text(text)
    assert kalint_takes(tmp_path / "kalint.toml")
    assert [error.message for error in SETTINGS.iter_errors(parsed(text))] == []


@pytest.mark.parametrize("text", REFUSED)
def test_settings_that_both_refuse(text: str, tmp_path: Path) -> None:
    """What kalint refuses for a key, a kind of value or a code, the schema refuses."""
    (tmp_path / "kalint.toml").write_text(text)
    assert not kalint_takes(tmp_path / "kalint.toml")
    assert not SETTINGS.is_valid(parsed(text))


@pytest.mark.parametrize("path", sorted(ROOT.glob("examples/*/kalint.toml")), ids=lambda path: path.parent.name)
def test_settings_of_the_examples(path: Path) -> None:
    assert [error.message for error in SETTINGS.iter_errors(parsed(path.read_text()))] == []


def test_settings_of_the_page() -> None:
    """The file that docs/settings.md shows first."""
    page = (ROOT / "docs" / "settings.md").read_text().partition("In `pyproject.toml`")[0]
    text = "\n".join(line.removeprefix("    ") for line in page.splitlines() if line.startswith("    "))
    assert {"severity", "files", "clusters", "networks"} <= parsed(text).keys()
    assert [error.message for error in SETTINGS.iter_errors(parsed(text))] == []
