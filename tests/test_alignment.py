"""Which lines two texts share: rebuilt from the answer, and in time that grows as the texts do."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kalint import alignment
from kalint.alignment import FEW, Alignment

LINES = st.lists(st.sampled_from("abcdefg}"), max_size=40)


@given(
    LINES, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 3), st.lists(st.sampled_from("ab}xy"), max_size=3)))
)
def test_pieces_of_two_texts_make_up_both(old: list[str], changes: list[tuple[int, int, list[str]]]) -> None:
    """What is said to be the same is the same, what is not differs, and nothing is left out."""
    new = list(old)
    for place, size, lines in changes:
        new[place : place + size] = lines
    few, alignment.FEW = alignment.FEW, 0
    try:
        codes = Alignment(old, new).get_opcodes()
    finally:
        alignment.FEW = few
    assert [line for _, _, _, start, end in codes for line in new[start:end]] == new
    assert [line for _, start, end, _, _ in codes for line in old[start:end]] == old
    assert all((tag == "equal") == (old[a:b] == new[c:d]) for tag, a, b, c, d in codes)
    assert all("equal" not in {one[0], other[0]} or one[0] != other[0] for one, other in pairwise(codes))


def test_a_long_text_is_compared_change_by_change() -> None:
    """A line that is replaced, one that is taken out and one that comes in, far from each other."""
    old = [f"line {number}" for number in range(FEW)]
    new = list(old)
    new[3000:3000] = ["more"]
    del new[2000]
    new[1000] = "other"
    changed = [code for code in Alignment(old, new).get_opcodes() if code[0] != "equal"]
    assert changed == [
        ("replace", 1000, 1001, 1000, 1001),
        ("delete", 2000, 2001, 2000, 2000),
        ("insert", 3000, 3000, 2999, 3000),
    ]


def test_twice_the_changes_take_twice_the_work(count_calls: Callable[[Callable[[], object]], int]) -> None:
    """Each block of twelve lines has a change; with difflib alone four times the blocks took sixteen times as long."""

    def calls(blocks: int) -> int:
        old = [f"    line {number}" if number % 12 == 5 else "}" for number in range(12 * blocks)]
        new = [line.replace("line", "other") for line in old]
        return count_calls(Alignment(old, new).get_opcodes)

    few, many = calls(500), calls(2000)
    assert many < 4.4 * few
