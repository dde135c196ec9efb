"""The recipes of editors/, each in its real editor."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).parent
EDITORS = HERE.parents[1] / "editors"
RECIPES = ("nvim/kalint.lua", "vim/kalint.vim", "emacs/kalint.el", "helix/languages.toml")


def run(command: list[str], environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    nothing = subprocess.DEVNULL
    return subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=400, check=False, stdin=nothing
    )


def test_neovim(program: Callable[[str], str], home: dict[str, str], config: Path, tmp_path: Path) -> None:
    """Findings with their columns, a hover, a quick fix, a rename: in a headless Neovim with the recipe alone."""
    result = tmp_path / "result.json"
    command = [program("nvim"), "--headless", "-n", "-u", str(EDITORS / "nvim" / "kalint.lua"), str(config)]
    ran = run([*command, "-c", f"luafile {HERE / 'neovim.lua'}"], {**home, "KALINT_RESULT": str(result)}, tmp_path)
    assert result.exists(), ran.stderr
    seen: dict[str, Any] = json.loads(result.read_text())
    assert seen["filetype"] == "keepalived"
    assert ["KA002", 5, 4, 13] in seen["found"]
    assert "**priority** in vrrp_instance" in seen["hover"]
    assert seen["mended"] == "    interface eth0  # 检😀"
    assert seen["left"] == ["KA601"]  # once: one server, though two patterns match the name
    assert seen["renamed"] == ["vrrp_script chk_web {", "        chk_web"]
    assert config.read_text().count("chk_web") == 0  # nothing was saved


def test_vim(program: Callable[[str], str], home: dict[str, str], config: Path, tmp_path: Path) -> None:
    """`:compiler kalint` and `:make` fill the quickfix list, from the editor's own folder."""
    compiler = Path(home["HOME"]) / ".vim" / "compiler"
    compiler.mkdir(parents=True)
    (compiler / "kalint.vim").write_text((EDITORS / "vim" / "kalint.vim").read_text())
    result = tmp_path / "result.json"
    expression = "map(getqflist(), {_, e -> [bufname(e.bufnr), e.lnum, e.col, e.type, e.text]})"
    commands = ["compiler kalint", "silent make!", f"call writefile([json_encode({expression})], '{result}')", "qall!"]
    flags = [part for each in commands for part in ("-c", each)]
    ran = run([program("vim"), "-N", "-u", "NONE", "-es", config.name, *flags], home, config.parent)
    assert result.exists(), ran.stdout + ran.stderr
    seen = json.loads(result.read_text())
    assert [config.name, 6, 5, "e", "KA002"] in [[*each[:4], each[4][:5]] for each in seen]
    assert all(each[1] > 0 for each in seen)


def test_one_line_of_vim_reads_the_concise_format(
    program: Callable[[str], str], home: dict[str, str], config: Path, tmp_path: Path
) -> None:
    """The errorformat of docs/formats.md takes place, number and kind of each line, and leaves none unread."""
    (said,) = re.findall(r"`set (errorformat=.+?)`", (EDITORS.parent / "docs" / "formats.md").read_text())
    result = tmp_path / "result.json"
    expression = "map(getqflist(), {_, e -> [bufname(e.bufnr), e.lnum, e.col, e.nr, e.type, e.valid, e.text]})"
    written = f"call writefile([json_encode({expression})], '{result}')"
    commands = [
        f"set {said}",
        "set makeprg=kalint\\ check\\ -q\\ --format\\ concise\\ %:S",
        "silent make!",
        written,
        "qall!",
    ]
    flags = [part for each in commands for part in ("-c", each)]
    ran = run([program("vim"), "-N", "-u", "NONE", "-es", config.name, *flags], home, config.parent)
    assert result.exists(), ran.stdout + ran.stderr
    seen = json.loads(result.read_text())
    assert [config.name, 6, 5, 2, "e", 1] in [each[:6] for each in seen]
    assert all(each[5] and each[6] for each in seen if each[6])


@pytest.mark.parametrize("way", ["flymake", "eglot"])
def test_emacs(
    way: str,
    program: Callable[[str], str],
    need: Callable[[str], NoReturn],
    home: dict[str, str],
    config: Path,
    tmp_path: Path,
) -> None:
    """The mode of the file, and the misspelt keyword at its place: by flymake alone, and by eglot."""
    emacs = program("emacs")
    prepared = ["-l", str(EDITORS / "emacs" / "kalint.el")]
    if way == "eglot":
        has = run([emacs, "--batch", "--eval", "(progn (package-initialize) (require 'eglot))"], home, tmp_path)
        if has.returncode:
            need("eglot (in Emacs 29, or Debian's elpa-eglot)")
        prepared = ["--eval", "(progn (package-initialize) (require 'eglot))", *prepared]
    environment = {**home, "KALINT_CONFIG": str(config), "KALINT_WAY": way}
    ran = run([emacs, "--batch", *prepared, "-l", str(HERE / "kalint-test.el")], environment, tmp_path)
    lines = ran.stdout.splitlines()
    assert "mode keepalived-mode" in lines, ran.stderr
    assert any(line.startswith("found 6:4 ") and "unknown keyword 'interfase'" in line for line in lines), ran.stdout


def test_helix() -> None:
    """Keys that Helix documents (languages.toml), and the server that kalint has."""
    table = tomllib.loads((EDITORS / "helix" / "languages.toml").read_text())
    assert table["language-server"] == {"kalint": {"command": "kalint", "args": ["lsp"]}}
    (language,) = table["language"]
    known = {"name", "scope", "file-types", "roots", "comment-token", "indent", "language-servers"}
    assert set(language) <= known
    assert language["language-servers"] == ["kalint"]
    assert all(set(each) == {"glob"} for each in language["file-types"])


@pytest.mark.parametrize("name", RECIPES)
def test_the_page_shows_the_recipes(name: str) -> None:
    """docs/editors.md has each file whole."""
    page = (EDITORS.parent / "docs" / "editors.md").read_text()
    assert f"\n{(EDITORS / name).read_text()}```\n" in page
