"""Whatever a file holds, the model takes it: no crash, and every problem points into the file."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kalint.model.config import Config
from kalint.model.keywords import CONTEXTS, keywords

KEYWORDS = sorted({name for context in CONTEXTS for name in keywords(context)})
WORDS = st.one_of(
    st.sampled_from(KEYWORDS),
    st.sampled_from(["{", "}", "A", "eth0", "10.0.0.1/24", "weight", "10", "reverse", "dev", "label", "-1", '"', "é"]),
    st.text(alphabet="ab1.-/:'\\$@~!#", max_size=6),
)
LINES = st.lists(st.lists(WORDS, max_size=5).map(" ".join), max_size=40).map("\n".join)


@given(text=LINES, version=st.sampled_from(["1.2.13", "1.3.5", "2.2.7", "2.4.3"]))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_words_in_any_order_make_a_configuration(config: Callable[..., Config], text: str, version: str) -> None:
    """Keywords of every block, braces, values and junk."""
    built = config(text, version)
    lines = text.split("\n")
    for problem in built.problems:
        assert 1 <= problem.span.line <= len(lines)
        assert 1 <= problem.span.column <= len(lines[problem.span.line - 1]) + 1


def test_blocks_nested_ten_thousand_deep(config: Callable[..., Config]) -> None:
    """One unknown keyword, and what is in it is left alone."""
    built = config("nonsense {\n" * 10_000 + "}\n" * 10_000)
    assert [problem.kind for problem in built.problems] == ["keyword-unknown"]
