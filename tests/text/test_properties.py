"""What holds for any text at all: it is read, in time that grows with its length, and places are true."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalint.source import Line
from kalint.syntax import command_words, parse, words
from kalint.text import Options, Text, read

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "files"
OPTIONS = Options("me", include_root="/nonexistent", environment={"E": "value"})
FRAGMENTS = [
    "a", "b1", " ", "  ", "\t", "\n", "\n", "\r\n", "\\\n", "{", "}", '"', "'", "#", "!", "\\#", "\\", "$A=", "$B=",
    "$A", "${A}", "$B", "${B}", "$", "${", "${_HASH}", "${_ENV E}", "${_PWD}", "@me ", "@^me ", "@you ", "~SEQ(A,3) ",
    "~SEQx(B,9,11) ", "~LST(A,x,y) ", "~LST({A,B},{x,y},{z}) ", "~", "(", ")", ",", "include x\n", "include $A\n",
    "vrrp_instance", "é", "\u00a0", "\udce9", "\0", "\f", "x" * 600, "{{ x }}",
]  # fmt: skip
texts = st.lists(st.sampled_from(FRAGMENTS), max_size=60).map("".join)


def _read(text: str) -> Text:
    return read("k.conf", text.encode("utf-8", "surrogateescape"), OPTIONS)


@given(st.binary(max_size=3000))
def test_any_bytes_are_read(content: bytes) -> None:
    """Without an exception, and the words have places."""
    text = read("k.conf", content, OPTIONS)
    nodes, problems = parse(text.lines)
    assert all(node.words for node in nodes)
    for problem in (*text.problems, *problems):
        assert problem.span.line >= 1


@settings(max_examples=500, deadline=None)
@given(texts)
def test_places_spell_the_words(content: str) -> None:
    """A word whose characters all stand together in a file is spelt by the characters of its span."""
    text = _read(content)
    for line in text.lines:
        for word in words(line):
            _check_place(word.line, word.start, word.end, text.files)
        for word in command_words(line):
            _check_place(word.line, word.start, word.end, text.files)


def _check_place(line: Line, start: int, end: int, files: object) -> None:
    assert isinstance(files, dict)
    inside = [piece for piece in line.pieces if piece.start < end and piece.end > start]
    span = line.span(start, end)
    assert span[1:3] <= span[3:5]
    if len(inside) <= 1 and all(piece.literal for piece in inside):
        raw = files[span.file][span.line - 1]
        assert span.line == span.end_line
        assert raw[span.column - 1 : span.end_column - 1] == line.text[start:end]


@settings(max_examples=300, deadline=None)
@given(texts)
def test_every_span_is_within_its_file(content: str) -> None:
    """Problems and the uses that their places name, too."""
    text = _read(content)
    nodes, problems = parse(text.lines)
    spans = [problem.span for problem in (*text.problems, *problems)] + [node.span for node in nodes]
    for span in spans:
        at = span
        while at is not None:
            raw = text.files[at.file]
            assert 1 <= at.line <= at.end_line <= len(raw)
            assert 1 <= at.column <= len(raw[at.line - 1]) + 1
            assert 1 <= at.end_column <= len(raw[at.end_line - 1]) + 1
            at = at.via


@settings(max_examples=300, deadline=None)
@given(texts)
def test_pieces_cover_a_line(content: str) -> None:
    """Without gaps, in order."""
    for line in _read(content).lines:
        if line.pieces:
            ends = [0, *(piece.end for piece in line.pieces)]
            assert [piece.start for piece in line.pieces] == ends[:-1]
            assert ends[-1] == len(line.text)


@settings(max_examples=300, deadline=None)
@given(texts)
def test_environment_is_in_no_problem(content: str) -> None:
    """Whatever is done with it."""
    text = read("k.conf", content.encode("utf-8", "surrogateescape"), OPTIONS._replace(environment={"E": "hush\u2603"}))
    _, problems = parse(text.lines)
    assert "hush" not in repr((text.problems, problems, text.files))


@given(st.lists(st.sampled_from(["a", "b c", 'd "e f"', "g {", "}", "  h  # i", ""]), max_size=30))
def test_text_without_quirks_is_its_own_lines(raw: list[str]) -> None:
    """The fast way and the slow way agree: `@me ` before a statement sends it the slow way."""
    fast = [line.text for line in _read("\n".join(raw)).lines]
    slow = [line.text for line in _read("\n".join(f"@me {text}" if text.strip() else text for text in raw)).lines]
    assert fast == slow


@pytest.fixture
def no_collector() -> Iterator[None]:
    """The command line works without Python's collector of cycles, too (kalint/cli)."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.long
@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize(
    "text",
    ["a b c\n", "a {\nb\n}\n", '@me a "b" # c\n', "$A=b\na $A ${A}\n", "$A=b\\\nc\n$A\n", "~SEQ(i,2) a $i\n"],
)
def test_reading_is_linear(text: str) -> None:
    """Eight times the text takes about eight times as long, not 64 times."""
    small, large = (text * 1000).encode(), (text * 8000).encode()
    _timed(small)
    assert min(_timed(large) for _ in range(3)) < 24 * min(_timed(small) for _ in range(3))


def _timed(content: bytes) -> float:
    start = time.process_time()
    parse(read("k.conf", content, OPTIONS).lines)
    return time.process_time() - start


@pytest.mark.long
@pytest.mark.usefixtures("no_collector")
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
def test_corpus_is_read() -> None:
    """Every real file, each within 2 s of work, and every word has a place that its file has."""
    for path in sorted(CORPUS.rglob("*")):
        if not path.is_file():
            continue
        start = time.process_time()
        text = read(str(path))
        parse(text.lines)
        assert time.process_time() - start < 2, path
        for line in text.lines[:2000]:
            for word in words(line):
                _check_place(word.line, word.start, word.end, text.files)
