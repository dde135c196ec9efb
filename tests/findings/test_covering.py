"""Which suppression answers a finding, against looking at each of them; and without looking at each of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kalint.findings.remarks
import kalint.findings.suppressions
from kalint.findings.covering import Covering
from kalint.findings.remarks import Remark, remarks_of

CODES = ("KA210", "KA211", "KA501")
TEXTS = tuple(
    f"# kalint: {word}[{names}] why"
    for word in ("ignore", "ignore-file")
    for names in ("KA210", "KA2, KA501", "KA", "XY")
)


@settings(max_examples=300, deadline=None)
@given(
    rows=st.lists(st.tuples(st.sampled_from(TEXTS), st.integers(1, 6), st.integers(0, 6)), max_size=6),
    asked=st.lists(st.tuples(st.sampled_from(CODES), st.integers(1, 7)), max_size=6),
)
def test_it_answers_as_each_suppression_would(rows: list[tuple[str, int, int]], asked: list[tuple[str, int]]) -> None:
    """The first that covers a finding and names its code, else the first for the file; and which ones were used."""
    remarks = list(remarks_of("a.conf", [text for text, _, _ in rows]))
    for remark, (_, first, last) in zip(remarks, rows, strict=True):
        remark.first, remark.last = first, last
    covering = Covering(remarks)

    def covers(remark: Remark, line: int) -> bool:
        return remark.whole or remark.first <= line <= remark.last

    def names(remark: Remark, code: str) -> bool:
        return any(code.startswith(name) for name in remark.offered)

    for code, line in asked:
        good = [each for each in remarks if covers(each, line) and names(each, code)]
        good.sort(key=lambda remark: remark.whole)
        assert covering.answering(code, line) is (good[0] if good else None)
    for remark in remarks:
        seen = {code for code, line in asked if covers(remark, line)}
        assert set(covering.codes(remark)) == seen
        for name in remark.offered:
            assert covering.used(remark, name) == any(code.startswith(name) for code in seen)


def test_each_line_is_looked_at_a_few_times(
    monkeypatch: pytest.MonkeyPatch, run_check: Callable[[str], list[str]]
) -> None:
    """Whatever the number of suppressions on lines of their own in front of one statement."""
    looked = 0
    quick = kalint.findings.suppressions.comment_start

    def counted(text: str) -> int:
        nonlocal looked
        looked += 1
        return quick(text)

    for module in (kalint.findings.suppressions, kalint.findings.remarks):
        monkeypatch.setattr(module, "comment_start", counted)
    count = 1000
    comments = "    # kalint: ignore[KA210] x\n" * count
    text = "vrrp_instance V {\n interface eth0\n" + comments + " virtual_router_id 51\n}\n"
    assert run_check(text).count("KA018") == count
    assert looked <= 3 * (count + 5)


@pytest.fixture
def run_check() -> Callable[[str], list[str]]:
    """The codes that are found in a text."""
    from kalint.pipeline.diagnosing import diagnose
    from kalint.pipeline.reading import Request, load

    def codes(text: str) -> list[str]:
        return [found.code for found in diagnose(load("a.conf", text.encode(), Request()), Request())]

    return codes


def test_a_misspelt_word_is_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """As often as it may stand in a file; one that is far too long is not compared at all."""
    import difflib

    compared: list[str] = []
    quick = difflib.get_close_matches

    def counted(word: str, *rest: object) -> list[str]:
        compared.append(word)
        return quick(word, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(difflib, "get_close_matches", counted)
    lines = ["# kalint: ignroe KA210"] * 50 + ["# kalint: " + "x" * 1000]
    assert len(list(remarks_of("a.conf", lines))) == 50
    assert compared == ["ignroe"]
