"""Edits on bytes: what no edit names stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalint.findings.fix import Edit
from kalint.fixing.edits import edited, overlap
from kalint.source import Span


def edit(line: int, column: int, end_line: int, end_column: int, text: str = "") -> Edit:
    return Edit(Span("a.conf", line, column, end_line, end_column), text)


@pytest.mark.parametrize(
    ("content", "change", "expected"),
    [
        (b"one\ntwo\n", edit(2, 1, 2, 4, "2"), b"one\n2\n"),
        (b"one\ntwo\n", edit(1, 1, 2, 1), b"two\n"),
        (b"one\ntwo", edit(2, 1, 3, 1), b"one\n"),
        (b"one\r\ntwo\r\n", edit(2, 1, 2, 1, "new\n"), b"one\r\nnew\r\ntwo\r\n"),
        (b"one\r\ntwo\r\n", edit(1, 1, 2, 1), b"two\r\n"),
        (b"\xe9t\xe9 \xff\n\xf0\x9f\x90\x8d x\n", edit(2, 3, 2, 4, "y"), b"\xe9t\xe9 \xff\n\xf0\x9f\x90\x8d y\n"),
        (b"\xef\xbb\xbfone \x00\n", edit(1, 2, 1, 5, "1"), b"\xef\xbb\xbf1 \x00\n"),
        (b"", edit(1, 1, 1, 1, "x"), b"x"),
    ],
)
def test_an_edit(content: bytes, change: Edit, expected: bytes) -> None:
    """Characters are counted, bytes are kept: CR LF, a missing end of line, latin-1, NUL, a byte-order mark."""
    assert edited(content, [change]) == expected


def test_equal_edits_count_once() -> None:
    """Two findings may have the same fix, and one file two names."""
    change = edit(1, 1, 1, 4, "1")
    other = change._replace(span=change.span._replace(file="./a.conf"))
    assert edited(b"one two\n", [change, change, other]) == b"1 two\n"


def test_overlaps() -> None:
    word, line, point = (edit(*place).span for place in ((2, 3, 2, 6), (2, 1, 3, 1), (2, 3, 2, 3)))
    assert overlap(word, line)
    assert overlap(line, word)
    assert overlap(word, word)
    assert overlap(point, line)
    assert not overlap(word, edit(2, 6, 2, 8).span)
    assert not overlap(point, point)


@settings(deadline=None)
@given(st.binary(max_size=80), st.lists(st.tuples(st.integers(0, 79), st.integers(0, 5)), max_size=5), st.data())
def test_bytes_outside_are_kept(content: bytes, places: list[tuple[int, int]], data: st.DataObject) -> None:
    """For any edits of any bytes: the pieces between them are there, in their order, and nothing else is."""
    text = content.decode("utf-8", "surrogateescape")
    edits, kept, done = [], [], 0
    for start, length in sorted(places):
        if start < done or start + length > len(text) or (edits and start == done):
            continue
        new = data.draw(st.sampled_from(("", "x", "yy")))
        lines = [text.count("\n", 0, offset) + 1 for offset in (start, start + length)]
        columns = [offset - text.rfind("\n", 0, offset) for offset in (start, start + length)]
        edits.append(edit(lines[0], columns[0], lines[1], columns[1], new))
        kept += [text[done:start], new]
        done = start + length
    kept.append(text[done:])
    assert edited(content, edits) == "".join(kept).encode("utf-8", "surrogateescape")
