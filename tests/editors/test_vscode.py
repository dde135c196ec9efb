"""The extension for VS Code: its settings are the server's, its colours the table's; it builds, tests and packs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

from kalint.lsp.options import options_of
from kalint.model.keywords import CONTEXTS, keywords
from kalint.model.keywords.colours import grammar

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "editors" / "vscode"
MANIFEST: dict[str, Any] = json.loads((FOLDER / "package.json").read_text())
SETTINGS = MANIFEST["contributes"]["configuration"]["properties"]
OWN = {"kalint.command"}
"""What the extension keeps for itself."""
BUILT = ("node_modules", "out", "*.vsix", "LICENSE")
NODE = 20


def test_the_grammar_is_the_tables() -> None:
    """It is what `python -m kalint.model.keywords.colours` writes."""
    text = (FOLDER / "syntaxes" / "keepalived.tmLanguage.json").read_text()
    assert text == json.dumps(grammar(), indent=2) + "\n"


def test_the_grammar_has_every_keyword() -> None:
    """Each of them, in the right kind: blocks apart from settings."""
    text = json.dumps(grammar())
    rows = [row for context in CONTEXTS for row in keywords(context).values()]
    missing = {row.name for row in rows if json.dumps(re.escape(row.name))[1:-1] not in text}
    assert missing == set()


@pytest.mark.parametrize("name", sorted(set(SETTINGS) - OWN))
def test_the_server_knows_each_setting(name: str) -> None:
    """What is wrong in it is said by its name, and docs/editors.md has it."""
    (sentence,) = options_of({name.removeprefix("kalint."): {"no": "such value"}}).wrong
    assert sentence.startswith(f"{name}: ")
    assert f"`{name.removeprefix('kalint.')}`" in (ROOT / "docs" / "editors.md").read_text()


def test_the_defaults_are_the_servers() -> None:
    """A user who sets nothing has what every other client has."""
    told = {name.removeprefix("kalint."): row["default"] for name, row in SETTINGS.items() if name not in OWN}
    assert options_of(told) == options_of({})
    assert SETTINGS["kalint.command"]["default"] == ["kalint", "lsp"]


@pytest.mark.packaging
def test_it_builds_tests_and_packs(
    program: Callable[[str], str], need: Callable[[str], NoReturn], tmp_path: Path
) -> None:
    """`npm ci`, `npm test` and `npm run package`, in a copy; the package has what it names, and no more."""
    npm = program("npm")
    version = subprocess.run([program("node"), "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.lstrip("v").split(".")[0]) < NODE:
        need(f"Node.js {NODE}")
    folder = tmp_path / "editors" / "vscode"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns(*BUILT))
    shutil.copy(ROOT / "LICENSE", tmp_path)
    environment = {**os.environ, "CI": "1", "npm_config_update_notifier": "false"}
    for words in (["ci", "--no-audit", "--no-fund"], ["test"], ["run", "package"]):
        ran = subprocess.run([npm, *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=600)
        assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-4000:]
    with zipfile.ZipFile(folder / "kalint.vsix") as package:
        names = {
            name.removeprefix("extension/").lower() for name in package.namelist() if name.startswith("extension/")
        }
        packed = json.loads(package.read("extension/package.json"))
        assert json.loads(package.read("extension/syntaxes/keepalived.tmLanguage.json")) == grammar()
    assert names == {
        "license.txt",
        "language-configuration.json",
        "out/extension.js",
        "package.json",
        "readme.md",
        "syntaxes/keepalived.tmlanguage.json",
    }
    assert packed["contributes"] == MANIFEST["contributes"]
