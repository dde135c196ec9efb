"""Bytes to logical lines: ends of lines, comments, quotes, braces, `@id`, and where every character stands."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from kalint.source import Span
from kalint.text import Text

Read = Callable[..., Text]

LINES = {
    "blanks around": ("  a b\t\n", ["a b"]),
    "CRLF": ("a\r\nb\r\r\n", ["a", "b"]),
    "empty": ("", []),
    "no end": ("a", ["a"]),
    "blank lines": ("\n \n\t\n\f\n", []),
    "a comment": ("# x\na # y\n! z\nb ! w\n", ["a", "b"]),
    "a comment in a word": ("a#b c\n", ["a"]),
    "a comment character in quotes": ('a "#!" b # c\n', ['a "#!" b']),
    "a comment that a second reading sees": ("a \\# b\n", ["a"]),
    "escapes in quotes": ('a "\\# \\" ! b" c\n', ['a "\\# \\" ! b" c']),
    "a backslash at the end": ("a \\\nb\\\n", ["a\\", "b\\"]),
    "a backslash at the end of a comment": ("a # b \\\n", ["a\\"]),
    "braces": ("a { b c }\n", ["a", "{", "b c", "}"]),
    "glued braces": ("a{b}c\n", ["a", "{", "b", "}", "c"]),
    "braces on their own": ("a\n{\n} }\n", ["a", "{", "}", "}"]),
    "braces in quotes": ('a "{" b }\n', ['a "{" b', "}"]),
    "a brace behind an open quote": ('a "{ b }\n', ['a "{ b }']),
    "markup": ("a {{ b }} c\n{% if d %}\n", ["a {{ b }} c", "{% if d %}"]),
    "@id": ("@me a\n@you b\n@^me c\n@^you d\n@me\n@me\te\n", ["a", "d", "e"]),
    "@id again": ("@me @you a\n@me @me b\n", ["@you a", "@me b"]),
    "a word that begins like include": ("includes a\nincludex b\ninclude\n", ["includes a", "includex b", "include"]),
}


@pytest.mark.parametrize("case", LINES)
def test_lines(read_text: Read, case: str) -> None:
    """Each of these texts is exactly these logical lines."""
    text, lines = LINES[case]
    assert [line.text for line in read_text(text).lines] == lines


def test_a_line_reads_the_same_if_it_is_long(read_text: Read) -> None:
    """Short lines with a comment, a brace or an @id are read in a quick way; those with 300 blanks in front are not."""
    for length in range(1, 5):
        for raw in map("".join, product('ab #!\\"{\0@^', repeat=length)):
            short, long = (read_text(blanks + raw + "\n", config_id="a") for blanks in ("", " " * 300))
            assert short.ids == long.ids, raw
            assert [(line.text, line.column + 300) for line in short.lines] == [
                (line.text, line.column) for line in long.lines
            ], raw
            assert [(each.kind, each.subject, each.span.column + 300) for each in short.problems] == [
                (each.kind, each.subject, each.span.column) for each in long.problems
            ], raw


def test_line_knows_its_place(read_text: Read) -> None:
    """Columns count characters, not bytes, from 1."""
    text = read_text("\n  é \u3000x {  b } # c\n")
    assert [(line.text, line.span()) for line in text.lines] == [
        ("é \u3000x", Span("k.conf", 2, 3, 2, 7)),
        ("{", Span("k.conf", 2, 8, 2, 9)),
        ("b", Span("k.conf", 2, 11, 2, 12)),
        ("}", Span("k.conf", 2, 13, 2, 14)),
    ]


def test_lines_without_substitution_have_no_pieces(read_text: Read) -> None:
    """The ordinary line stays cheap."""
    text = read_text('a {\n  b "c" # d\n}\n@me e\n')
    assert all(line.pieces == () for line in text.lines)


def test_invalid_utf8_is_one_character_a_byte(read_text: Read) -> None:
    """A Latin-1 file reads, and its columns count its bytes."""
    line = read_text(b"a \xe9\xe8 b\n").lines[0]
    assert line.text == "a \udce9\udce8 b"
    assert line.span(5, 6) == Span("k.conf", 1, 6, 1, 7)


def test_files_holds_the_lines_as_written(read_text: Read) -> None:
    """A caret needs the whole line, comments included, without its end."""
    assert read_text("a # b\r\n\nc").files == {"k.conf": ["a # b", "", "c"]}


def test_nul_ends_its_line(read_text: Read) -> None:
    """For keepalived, fgets reads on, its strlen does not."""
    text = read_text(b"a b\0c\nd\n")
    assert [line.text for line in text.lines] == ["a b", "d"]
    assert [(problem.kind, problem.span) for problem in text.problems] == [("nul", Span("k.conf", 1, 4, 1, 5))]


@pytest.mark.parametrize(("length", "parts"), [(1023, [1023]), (1024, [1023, 1]), (2050, [1023, 1023, 4])])
def test_long_line_is_read_in_parts(read_text: Read, length: int, parts: list[int]) -> None:
    """The buffer holds 1023 bytes; what follows is a line of its own."""
    text = read_text("x" * length + "\n")
    assert [len(line.text) for line in text.lines] == parts
    assert [problem.subject for problem in text.problems] == ([] if length < 1024 else [str(length)])


def test_long_line_counts_bytes(read_text: Read) -> None:
    """400 characters of three bytes do not fit, and none of them is split."""
    text = read_text("\u3000" * 400)
    assert [len(line.text) for line in text.lines] == [341, 59]
    assert [(problem.kind, problem.subject) for problem in text.problems] == [("line-too-long", "1200")]


@pytest.mark.parametrize(
    ("line", "left", "whole", "columns"),
    [
        ("auth_pass v!p$%", "v", "v!p$%", (12, 16)),
        ("priority 100#x y", "100", "100#x", (13, 15)),
        ("a b\\#c", "b", "b#c", (4, 7)),
    ],
)
def test_comment_that_cuts_a_word(read_text: Read, line: str, left: str, whole: str, columns: tuple[int, int]) -> None:
    """The span is what is lost."""
    (problem,) = read_text(line).problems
    assert (problem.kind, problem.subject, problem.detail) == ("comment-cuts-word", left, whole)
    assert (problem.span.column, problem.span.end_column) == columns


@pytest.mark.parametrize("line", ["a # b", "# a", "}#c", "a {# c", '"a"# b', "a\t! b", "!"])
def test_comment_that_cuts_nothing(read_text: Read, line: str) -> None:
    """A comment after a blank, a brace or a closing quote is an ordinary one."""
    assert read_text(line).problems == ()


def test_quote_that_only_comments_see_open(read_text: Read) -> None:
    """An escaped quote closes a string for words, but not for comments: the comment becomes words."""
    text = read_text('a "b\\" c # d\n')
    assert [line.text for line in text.lines] == ['a "b\\" c # d']
    assert [problem.kind for problem in text.problems] == ["unterminated-quote"]


def test_config_id_is_the_host_name_up_to_its_dot(monkeypatch: pytest.MonkeyPatch, read_text: Read) -> None:
    """Without -i."""

    class Uname:
        nodename = "one.example.org"

    monkeypatch.setattr("os.uname", Uname)
    assert [line.text for line in read_text("@one a\n@one.example.org b\n", config_id=None).lines] == ["a"]
