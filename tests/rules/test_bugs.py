"""The known bugs of keepalived's releases: the list, its page, and what `explain` and `diff` say of it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from kalint.pipeline.comparing import compare
from kalint.pipeline.reading import Request
from kalint.report.explain import render
from kalint.rules import codes
from kalint.rules.bugs_page import markdown
from kalint.rules.support.bugs import BUGS, OWN
from kalint.version import parse_version

HERE = Path(__file__).parent
PAGE = HERE.parent.parent / "docs" / "rules" / "bugs.md"


def test_the_page_is_fresh() -> None:
    """`python -m kalint.rules.page docs/rules` writes it."""
    assert PAGE.read_text() == markdown()


def test_every_bug_is_reported_by_a_rule() -> None:
    assert {bug.code for bug in BUGS} <= set(codes())
    assert len({bug.name for bug in BUGS}) == len(BUGS)
    assert all(bug.last is None or bug.first <= bug.last for bug in BUGS)


def test_explain_lists_the_bugs() -> None:
    stream = io.StringIO()
    render("bugs", stream)
    assert all(bug.name in stream.getvalue() for bug in BUGS)


def changes(path: Path, old: str, new: str) -> list[tuple[str, str, str]]:
    sides = [(str(path), Request(version=parse_version(release))) for release in (old, new)]
    return [
        (change.subject, change.old, change.new)
        for change in compare(sides[0], sides[1]).changes
        if change.what == "bug" or change.subject == OWN
    ]


def test_diff_says_which_bugs_a_release_gains_and_loses() -> None:
    """Once each: no finding says the same again."""
    weights = HERE / "release-bug" / "bad.conf"
    dynamic = "a MISC_CHECK with misc_dynamic and misc_timeout"
    assert changes(weights, "2.1.5", "2.4.3") == [
        ("misc-dynamic-timeout", "", f"{dynamic}: keepalived adds the old weight to the new one after each timeout")
    ]
    crash = HERE / "release-bug" / "bad-multicast-before-unicast.conf"
    reached = "unicast_peer below an instance without peers on the same interface"
    assert changes(crash, "2.1.5", "2.2.3") == [
        ("multicast-before-unicast", f"{reached}: keepalived crashes when it starts", "")
    ]
    assert changes(crash, "2.2.3", "2.4.3") == []


@pytest.mark.parametrize(
    ("release", "reached"), [("2.0.20", False), ("2.1.0", True), ("2.2.2", True), ("2.2.3", False)]
)
def test_a_bug_counts_in_its_releases_only(release: str, reached: bool) -> None:
    path = HERE / "release-bug" / "bad-multicast-before-unicast.conf"
    assert bool(changes(path, "1.4.5", release)) is reached
