"""What is read of a file that is larger than any configuration: so much, and that there was more is said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import kalint.text.stream
from kalint.text import Text, read
from kalint.text.files import MAX_LINE, UnreadableError, decode, load


def kinds(text: Text) -> list[str]:
    return [problem.kind for problem in text.problems]


def test_a_line_is_cut() -> None:
    """What is longer is neither kept nor read; a line that just fits is read whole, in parts of 1023 bytes."""
    text = read("a.conf", b"x" * MAX_LINE + b"\n" + b"y" * (MAX_LINE + 1) + b"\n" + b"z" * (40 << 20) + b"\nlast\n")
    assert [len(line) for line in text.files["a.conf"]] == [MAX_LINE, MAX_LINE + 1, MAX_LINE + 1, 4]
    assert [line.text[0] for line in text.lines] == ["x"] * 64 + ["y"] * 64 + ["z"] * 64 + ["l"]
    assert {len(line.text) for line in text.lines} == {1023, 4}
    assert [(each.subject, each.detail) for each in text.problems] == [
        (str(MAX_LINE), ""),
        ("65,472", "unread"),
        ("65,472", "unread"),
    ]


def test_the_line_end_of_windows_is_no_part_of_a_line() -> None:
    assert decode(b"x" * 10 + b"\r\n" + b"y" * 11 + b"\r\n", 10) == ["x" * 10, "y" * 11]
    assert decode(b"x" * 12 + b"\n", 10) == ["x" * 11]


@pytest.mark.parametrize(
    "content", [b"word\n" * 60, b"}\n" * 60, b"a {\n" * 60, b"}" * 60, b"~SEQ(A, 1, 60) word $A\n"]
)
def test_the_number_of_statements_is_bounded(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """Whatever makes them; the rest is not read, and that is said once."""
    monkeypatch.setattr(kalint.text.stream, "MAX_STATEMENTS", 50)
    text = read("a.conf", content + b"word\n" * 3)
    assert 50 <= len(text.lines) <= 100
    assert kinds(text) == ["expansion-too-large"]
    assert (text.problems[0].subject, text.problems[0].detail) == ("a.conf", "50 lines")
    assert kinds(read("a.conf", b"word\n" * 49)) == []


def test_comments_and_blank_lines_are_no_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kalint.text.stream, "MAX_STATEMENTS", 50)
    text = read("a.conf", b"# word\n\n" * 200 + b"word\n" * 49)
    assert (len(text.lines), kinds(text)) == (49, [])


def test_memory_is_taken_for_the_file_and_not_for_the_limit(tmp_path: Path) -> None:
    """A limit beyond any memory; in a browser, what is taken once is never given back."""
    (tmp_path / "a.conf").write_bytes(b"word\n")
    assert load(str(tmp_path / "a.conf"), 1 << 60)[0] == b"word\n"


def test_a_file_that_grows_while_it_is_read_is_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to the limit; its size is asked for before."""
    path = tmp_path / "a.conf"
    path.write_bytes(b"word\n")
    asked = os.fstat

    def growing(descriptor: int) -> os.stat_result:
        found = asked(descriptor)
        path.write_bytes(b"word\n" * 20)
        return found

    monkeypatch.setattr(os, "fstat", growing)
    assert load(str(path))[0] == b"word\n" * 20
    path.write_bytes(b"word\n")
    with pytest.raises(UnreadableError, match="larger than"):
        load(str(path), 50)
