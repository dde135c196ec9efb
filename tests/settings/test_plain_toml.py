"""The quick reading of settings: what it reads, it reads as the standard parser does; mistakes are left to that."""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path

import pytest

from kalint.settings.model import shown, shown_in
from kalint.settings.plain_toml import parsed

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LINES = (
    *("", "  ", "# [a] b = 1", "\t# x", "fail_on = 'error'  # c", 'a = "x#y"', 'a="b" ', "b = 1", "c = 0", "n = 007"),
    *(
        "t = true",
        "t = false",
        "t = True",
        'l = ["a", "b"]',
        "l = []",
        'l = ["a",]',
        "l = [1]",
        'l = [ "a" , "b" ] # x',
    ),
    *(
        'r = { x = "1", y-z = "#2" }',
        "r = {}",
        'r = { x = "1", x = "2" }',
        'r = { x.y = "1" }',
        "r = { x = \"a = 'b'\" }",
    ),
    *(
        's = "a\\tb"',
        's = "a\tb"',
        's = """',
        '"""',
        "s = ''''''",
        "s = '''x'''",
        's = ""',
        's = "é"',
        's = "\x7f"',
        "1 = '2'",
    ),
    *(
        "[a]",
        "[a.b]",
        "[ a ]",
        "[a.b.c] # d",
        "[[a]]",
        "[[rows]]",
        "[r]",
        "[r.x]",
        "[l]",
        "[t]",
        '["a b"]',
        "[a]x",
        "[-]",
        "[1.2]",
    ),
    *(
        'x.y = "1"',
        '"q" = "1"',
        "d = 2020-01-01",
        "f = 1.5",
        "i = -1",
        "i = 1_0",
        "= 1",
        "x =",
        "x",
        "a = 1 b = 2",
        "\x00",
        "#\x01",
    ),
)


@pytest.mark.parametrize("seed", range(40))
def test_it_reads_what_the_standard_parser_reads(seed: int) -> None:
    """The same values in the same order, or nothing at all; in 100 texts of each seed."""
    chance = random.Random(seed)
    read = 0
    for _ in range(100):
        few = chance.sample(LINES, 12)
        text = "\n".join(chance.choice(few) for _ in range(chance.randrange(8))) + chance.choice(("", "\n"))
        found = parsed(text)
        if found is not None:
            read += 1
            assert json.dumps(found) == json.dumps(tomllib.loads(text)), text
    assert read > 10


@pytest.mark.parametrize(
    "text",
    ["a = 1\na = 2", "[a]\n[a]", "r = { x = '1' }\n[r.y]", 'r = { x = "1" }\n[r]', "[a.b]\n[a]\nb = 1", "a = 1\n[a.b]"],
)
def test_nothing_is_said_twice(text: str) -> None:
    """A mistake is left to the standard parser, which says where it is."""
    assert parsed(text) is None
    with pytest.raises(ValueError, match=r"\(at (line|end)"):
        tomllib.loads(text)


def test_settings_of_a_fleet_are_read_quickly() -> None:
    """With node names, addresses and comments as docs/fleets.md has them."""
    text = (
        'fail_on = "error"  # ours\nignore = ["KA103", "KA2"]\n\n[clusters.web.nodes.web-a]\nfile = "web/a.conf"\n'
        'addresses = { eth0 = "10.0.0.1", "eth1" = "10.0.1.1" }\n'
    )
    assert parsed(text) is None  # a quoted key is left to the standard parser
    text = text.replace('"eth1"', "eth1")
    assert parsed(text) == tomllib.loads(text)


@pytest.mark.parametrize("folder", ["", ".", "..", "a", "a/b", "../x", "/", "/etc", "a/../b", "./a/", "..a"])
@pytest.mark.parametrize(
    "file", ["k.conf", "a/k", "../k", "./k", "/k", "a//k", "a/./k", "a/../k", "a/", "..a/k", ".k", "a/.k"]
)
def test_names_below_a_folder(folder: str, file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The quick way to name a file as people read it gives the name that the slow one gives, from below too."""
    (tmp_path / "x").mkdir()
    for here in (tmp_path, tmp_path / "x", Path("/")):
        monkeypatch.chdir(here)
        for whole in (folder, os.path.join(here, folder)):
            assert shown_in(whole)(file) == shown(os.path.join(whole, file))
