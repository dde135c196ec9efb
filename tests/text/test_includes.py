"""`include` and its kin: which files are read, from where, and what is said of those that are not."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from kalint.errors import InputError
from kalint.source import Span
from kalint.text import Options, Text, read
from kalint.text.files import MAX_FILE

Folder = Callable[[dict[str, "str | bytes"]], Path]


def texts(text: Text) -> list[str]:
    return [line.text for line in text.lines]


def kinds(text: Text) -> list[tuple[str, str]]:
    return [(problem.kind, os.path.basename(problem.subject)) for problem in text.problems]


def test_include_is_relative_to_the_file_that_includes(folder: Folder) -> None:
    """Lines come in at the place of the include, and know their file; paths are as the user would write them."""
    where = folder({"k.conf": "a\ninclude d/b.conf\nc\n", "d/b.conf": "b\n include e.conf # x\nb2\n", "d/e.conf": "e"})
    text = read(str(where / "k.conf"))
    assert [(line.text, line.file, line.number) for line in text.lines] == [
        ("a", f"{where}/k.conf", 1),
        ("b", f"{where}/d/b.conf", 1),
        ("e", f"{where}/d/e.conf", 1),
        ("b2", f"{where}/d/b.conf", 3),
        ("c", f"{where}/k.conf", 3),
    ]
    assert list(text.files) == [f"{where}/k.conf", f"{where}/d/b.conf", f"{where}/d/e.conf"]
    assert text.problems == ()


def test_include_from_standard_input_is_relative_to_its_name(folder: Folder) -> None:
    """With --stdin-filename."""
    where = folder({"a.conf": "a"})
    assert texts(read(f"{where}/k.conf", b"include a.conf")) == ["a"]


def test_relative_main_file(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path without a directory is in the current one."""
    monkeypatch.chdir(folder({"k.conf": "include *.inc", "a.inc": "a"}))
    text = read("k.conf")
    assert [(line.text, line.file) for line in text.lines] == [("a", "a.inc")]


PATTERNS = {
    "*.c": ["a.c", "b.c"],
    "?.c": ["a.c", "b.c"],
    "[b-z].c": ["b.c"],
    "[^b].c": ["a.c"],
    "{b,a}.c": ["b.c", "a.c"],
    "{b,a,b}.c": ["b.c", "a.c", "b.c"],
    "{a,d/{x,y}}.c": ["a.c", "d/x.c", "d/y.c"],
    "d/*.c": ["d/x.c", "d/y.c"],
    "*/x.c": ["d/x.c"],
    "*/*.c": ["d/x.c", "d/y.c"],
    "d//x.c": ["d/x.c"],
    "./d/../a.c": ["a.c"],
    ".h*": [".h.c"],
    "*": ["a.c", "b.c", "xy"],
    "x{y}": ["xy"],
    "x{": [],
}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_pattern(folder: Folder, pattern: str) -> None:
    """As glibc's glob: sorted within an alternative, no hidden files, and a brace without its end is itself."""
    names = ["a.c", "b.c", ".h.c", "d/x.c", "d/y.c", "xy"]
    where = folder({name: name for name in names})
    text = read(f"{where}/z", f"include {pattern}\n".encode())
    assert texts(text) == PATTERNS[pattern]


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        ("include x.c", ["x.c"]),
        ("include *.x", []),
        ("includer *.x", []),
        ("includem *.x", []),
        ("includew *.x", ["*.x"]),
        ("includea *.x", ["*.x"]),
        ("include x/*.c", ["x/*.c"]),
        ("include {a,x}.c", ["x.c"]),
        ("include {x,y}.c", ["x.c", "y.c"]),
        ("include", None),
        ("includez x.c", None),
    ],
)
def test_missing_files(folder: Folder, line: str, missing: list[str] | None) -> None:
    """A name without wildcards is missing; a wildcard that matches nothing is only for the strict forms."""
    text = read(f"{folder({'a.c': ''})}/z", line.encode())
    assert [(problem.kind, problem.subject) for problem in text.problems] == [
        ("include-missing", name) for name in missing or []
    ]
    assert texts(text) == ([line] if missing is None else [])


def test_missing_file_is_pointed_at(folder: Folder) -> None:
    """The span is the name."""
    (problem,) = read(f"{folder({})}/z", b"a\n  include  x.c  # y\n").problems
    assert problem.span[1:5] == (2, 12, 2, 15)


@pytest.mark.parametrize(
    ("word", "lines"), [("include", ["a"]), ("includer", ["a"]), ("includeb", []), ("includea", [])]
)
def test_strict_braces_read_all_or_nothing(folder: Folder, word: str, lines: list[str]) -> None:
    """The daemon stops there for includeb and includea."""
    text = read(f"{folder({'a.c': 'a'})}/z", f"{word} {{a,x}}.c".encode())
    assert texts(text) == lines
    assert kinds(text) == [("include-missing", "x.c")]


def test_cycle(folder: Folder) -> None:
    """A file that includes itself, by whatever name, is read once; the rest is read on."""
    where = folder({"k.conf": "a\ninclude b.conf\nc\n", "b.conf": "b\ninclude link\n"})
    (where / "link").symlink_to("k.conf")
    text = read(str(where / "k.conf"))
    assert texts(text) == ["a", "b", "c"]
    assert [(problem.kind, problem.span) for problem in text.problems] == [
        ("include-cycle", Span(f"{where}/b.conf", 2, 9, 2, 13))
    ]


def test_file_that_is_included_twice_is_no_cycle(folder: Folder) -> None:
    """One after the other is allowed."""
    text = read(str(folder({"k.conf": "include {a,b}.c\ninclude a.c", "a.c": "a", "b.c": "include a.c"}) / "k.conf"))
    assert texts(text) == ["a", "a", "a"]
    assert text.problems == ()


def test_too_deep(folder: Folder) -> None:
    """A chain of 100 files is cut after 64 of them."""
    where = folder({f"{n}": f"a{n}\ninclude {n + 1}\n" for n in range(100)})
    text = read(str(where / "0"))
    assert len(text.lines) == 64
    assert kinds(text) == [("include-too-deep", "64")]


def test_fan_out_ends(folder: Folder) -> None:
    """Files that each include the next twice would be 2^40 files."""
    where = folder({f"{n}": f"include {n + 1}\ninclude {n + 1}\n" for n in range(40)} | {"40": "a"})
    text = read(str(where / "0"))
    assert {problem.kind for problem in text.problems} == {"expansion-too-large"}
    assert len(text.lines) <= 10_000


@pytest.mark.parametrize("pattern", ["{a,b}" * 60, "*/" * 40 + "*", "{" * 200, "[" * 200, "{,}" * 100])
def test_pattern_that_explodes_ends(folder: Folder, pattern: str) -> None:
    """However many files it could mean."""
    where = folder({})
    (where / "loop").symlink_to(".")
    text = read(f"{where}/z", f"include {pattern}\n".encode())
    assert texts(text) == []


def test_what_is_no_file_is_never_opened(folder: Folder) -> None:
    """A FIFO or a device would wait for ever, or never end."""
    where = folder({"d/x": ""})
    os.mkfifo(where / "fifo")
    (where / "null").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(where / "socket"))
        text = read(f"{where}/z", b"a\ninclude fifo\ninclude null\ninclude socket\ninclude d\nb\n")
    assert texts(text) == ["a", "b"]
    assert [(problem.kind, problem.detail) for problem in text.problems] == [
        ("include-unreadable", "is not a regular file"),
        ("include-unreadable", "is not a regular file"),
        ("include-unreadable", "is not a regular file"),
        ("include-unreadable", "is a directory"),
    ]


def test_executable_file_is_not_read(folder: Folder) -> None:
    """The daemon skips what has an execute bit."""
    where = folder({"a": "a"})
    (where / "a").chmod(0o755)
    text = read(f"{where}/z", b"include a")
    assert texts(text) == []
    assert kinds(text) == [("include-unreadable", "a")]


def test_unreadable_file(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's reason is the detail."""
    where = folder({"a": "a"})

    def refuse(path: str, _: int) -> int:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("os.open", refuse)
    assert [problem.detail for problem in read(f"{where}/z", b"include a").problems] == ["Permission denied"]


def test_file_that_is_too_large_is_not_read(folder: Folder) -> None:
    """A sparse file costs nothing to make."""
    where = folder({"a": "a"})
    os.truncate(where / "a", MAX_FILE + 1)
    assert [problem.detail for problem in read(f"{where}/z", b"include a").problems] == ["larger than 64 MiB"]
    with pytest.raises(InputError, match="larger than 64 MiB"):
        read(str(where / "a"))


@pytest.mark.parametrize("name", ["missing", "directory", "fifo", "/dev/zero", "nul\0name"])
def test_main_file_that_cannot_be_read(folder: Folder, name: str) -> None:
    """One line says which and why, and nothing waits."""
    where = folder({"directory/x": ""})
    os.mkfifo(where / "fifo")
    with pytest.raises(InputError, match=r"missing|directory|regular|NUL"):
        read(os.path.join(where, name))


ROOTED = {
    "inside": ("include a.c", ["a"], []),
    "outside": ("include ../out.c", [], ["include-outside-root"]),
    "absolute": ("include /etc/passwd", [], ["include-outside-root"]),
    "a pattern outside": ("include /etc/*.conf", [], ["include-outside-root"]),
    "a link to outside": ("include link.c", [], ["include-outside-root"]),
    "a directory that is a link": ("include links/out.c", [], ["include-outside-root"]),
    "back again": ("include ../root/a.c", ["a"], []),
    "nothing outside": ("include ../no.c", [], ["include-outside-root"]),
}


@pytest.mark.parametrize("case", ROOTED)
def test_include_root(folder: Folder, case: str) -> None:
    """Nothing outside the root is read, links followed; not even whether a file is there is told."""
    line, lines, expected = ROOTED[case]
    where = folder({"root/a.c": "a", "out.c": "secret"})
    (where / "root/link.c").symlink_to(where / "out.c")
    (where / "root/links").symlink_to(where)
    text = read(str(where / "root/k.conf"), line.encode(), Options(include_root=str(where / "root")))
    assert texts(text) == lines
    assert [problem.kind for problem in text.problems] == expected


def test_sequence_of_includes(folder: Folder) -> None:
    """The daemon opens each at once and reads the last first."""
    where = folder({"a1": "a1", "a2": "a2"})
    assert texts(read(f"{where}/z", b"~SEQ(i,1,2) include a$i\nb\n")) == ["a2", "a1", "b"]


def test_name_that_is_not_replaced_in_an_include(folder: Folder) -> None:
    """`$F.conf` is no use of F: that is said, and not that a file is missing."""
    assert kinds(read(f"{folder({})}/z", b"$F=a\ninclude $F.conf\n")) == [("definition-malformed", "$F")]
