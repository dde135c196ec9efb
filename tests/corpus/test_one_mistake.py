"""One mistake, one finding: over all real files no two rules speak of one place, but for what is listed."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from kalint.pipeline.checking import check
from kalint.pipeline.reading import Asked

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "files"

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus, ../shared/corpus, is not here"),
]

TWO_MATTERS = {
    frozenset({"KA601", "KA602"}),  # without script security, and without a shell
    frozenset({"KA601", "KA618"}),
    frozenset({"KA601", "KA619"}),
    frozenset({"KA601", "KA620"}),
    frozenset({"KA622", "KA623"}),  # what a state does, and what a reload forgets of it
    frozenset({"KA204", "KA623"}),
}


def test_no_two_rules_speak_of_one_place() -> None:
    """A place is where the characters to change begin."""
    found, _ = check([str(CORPUS)], Asked())
    places: dict[tuple[str, int, int], set[str]] = defaultdict(set)
    for finding in found.diagnostics:
        places[Path(finding.span.file).name, finding.span.line, finding.span.column].add(finding.code)
    twice = {place: codes for place, codes in places.items() if len(codes) > 1 and codes not in TWO_MATTERS}
    assert twice == {}


def test_no_rule_says_one_thing_twice() -> None:
    """The same words about the same place."""
    found, _ = check([str(CORPUS)], Asked())
    said = [(finding.code, finding.span, finding.message) for finding in found.diagnostics]
    assert len(said) == len(set(said))
