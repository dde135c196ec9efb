"""Paths with their links followed, a folder's only once."""

from __future__ import annotations

import os
from itertools import product
from pathlib import Path

import pytest

from kalint.text.files import RealPaths, within


def test_every_path_is_as_the_system_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Links to files and folders, loops, what is not there, and every way to write a path."""
    monkeypatch.chdir(tmp_path)
    Path("a/b").mkdir(parents=True)
    Path("a/b/f").write_text("")
    Path("link").symlink_to("a/b")
    Path("a/g").symlink_to("../link/f")
    Path("loop").symlink_to("loop")
    Path("gone").symlink_to("nowhere/at/all")
    steps = ("a", "b", "f", "g", "link", "loop", "gone", "..", ".", "", "none")
    paths = ["/".join(some) for length in (1, 2, 3) for some in product(steps, repeat=length)]
    paths = [path for path in paths if "loop/" not in path]  # nothing is behind a loop
    paths += [str(tmp_path / path) for path in paths if path]
    real = RealPaths()
    assert {path: real(path) for path in paths} == {path: os.path.realpath(path) for path in paths}


@pytest.mark.parametrize(
    ("path", "folder", "expected"),
    [
        ("/", "/", True),
        ("/etc", "/", True),
        ("/etcetera", "/etc", False),
        ("/etc/x", "/etc/", True),
        ("/etc", "/etc", True),
        ("/", "/etc", False),
        ("", ".", True),
    ],
)
def test_a_folder_has_what_is_below_it(path: str, folder: str, expected: bool) -> None:
    """A name that only begins as the folder's does is not in it."""
    assert within(path, folder) is expected
