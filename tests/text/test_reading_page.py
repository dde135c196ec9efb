"""docs/reading.md and what kalint reads of broken files are the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kalint.pipeline.broken import BEGIN, END, SAMPLES, generated, outcome, texts_of
from kalint.syntax import profile as syntax
from kalint.text import profile as text
from kalint.version import parse_version

PAGE = Path(__file__).parents[2] / "docs" / "reading.md"


def test_the_page_is_made_from_the_present_profiles() -> None:
    """`python -m kalint.pipeline.broken docs/reading.md` would change nothing."""
    content = PAGE.read_text(encoding="utf-8")
    assert content[content.index(BEGIN) : content.index(END) + len(END)] == generated()


def test_every_difference_has_a_name_a_meaning_and_a_source() -> None:
    """Each field of both profiles says what it means, and in which file of which release that is to be seen."""
    for module, kind in ((text, text.TextProfile), (syntax, syntax.SyntaxProfile)):
        found = texts_of(module)
        assert {"since", *found} == set(kind._fields)
        assert [name for name, meaning in found.items() if not re.search(r"Source: .*\d", meaning)] == []


@pytest.mark.parametrize(
    ("wrong", "release", "has"),
    [
        ("an unknown block in an instance", "2.2.7", "web (priority 100, no address)"),
        ("no `}` before the next vrrp_instance", "2.2.7", "web (priority 120, 192.0.2.9, 192.0.2.8)"),
        ("`track_interface { eth1 }` on one line", "1.3.5", "web (priority 100, no address)"),
        ("an include in virtual_ipaddress", "2.1.3", "web (priority 150, no address)"),
        ("an include in virtual_ipaddress", "2.1.4", "web (priority 150, 192.0.2.9)"),
    ],
)
def test_rows_that_daemons_showed(wrong: str, release: str, has: str) -> None:
    """What was seen on daemons of these releases."""
    sample = next(sample for sample in SAMPLES if sample.wrong == wrong)
    assert outcome(sample, parse_version(release)) == has
