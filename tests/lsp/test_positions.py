"""Places in a text: kalint's lines and characters against a client's lines and code units."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lsprotocol.types import Position, PositionEncodingKind, Range

from kalint.lsp.positions import Positions
from kalint.source import Span

TEXT = "检😀x\r\nb\u2028c\rd\n\nlast"


@pytest.mark.parametrize(
    ("encoding", "units"),
    [(PositionEncodingKind.Utf8, 7), (PositionEncodingKind.Utf16, 3), (PositionEncodingKind.Utf32, 2)],
)
def test_columns_count_the_units_of_the_encoding(encoding: PositionEncodingKind, units: int) -> None:
    """检 takes 3 bytes, 1 unit, 1 character; 😀 takes 4, 2 and 1."""
    positions = Positions(TEXT, encoding)
    assert positions.position(2) == Position(0, units)
    assert positions.offset(Position(0, units)) == 2
    assert positions.range(Span("a", 1, 3, 1, 4)) == Range(Position(0, units), Position(0, units + 1))


def test_lines_end_as_each_side_ends_them() -> None:
    """A lone CR ends a line for the client only, U+2028 ends none; kalint's third line is the client's fourth."""
    positions = Positions(TEXT)
    assert positions.position(TEXT.index("d")) == Position(2, 0)
    assert positions.place(TEXT.index("d")) == (2, 5)
    assert positions.at(4, 1) == TEXT.index("last")
    assert positions.position(positions.at(4, 1)) == Position(4, 0)
    assert [positions.line(number) for number in (1, 3, 4, 5)] == ["检😀x", "", "last", ""]


def test_places_beyond_the_text_are_its_ends() -> None:
    """A line that is too short, a document that is too short, and the middle of a pair of units."""
    positions = Positions(TEXT)
    assert positions.offset(Position(0, 99)) == 3
    assert positions.offset(Position(99, 0)) == len(TEXT)
    assert positions.offset(Position(0, 2)) == 1
    assert positions.at(1, 99) == 4
    assert positions.at(99, 1) == len(TEXT)


def test_every_character_is_found_again() -> None:
    """From a character to a position and back, but for the characters that end a line."""
    for encoding in (PositionEncodingKind.Utf8, PositionEncodingKind.Utf16, PositionEncodingKind.Utf32):
        positions = Positions(TEXT, encoding)
        ends = {TEXT.index("\n")}
        for offset in set(range(len(TEXT) + 1)) - ends:
            assert positions.offset(positions.position(offset)) == offset
            assert positions.at(*positions.place(offset)) == offset


def test_a_long_line_is_asked_for_word_by_word(count_calls: Callable[[Callable[[], object]], int]) -> None:
    """Twice the words of a line take twice the work: a line of 250,000 characters took a minute and a half."""

    def calls(words: int) -> int:
        positions = Positions("é😀 " * words)
        return count_calls(lambda: [positions.offset(positions.position(3 * word)) for word in range(words)])

    few, many = calls(500), calls(2000)
    assert many < 5.5 * few  # a search in a line that is four times as long has two steps more
