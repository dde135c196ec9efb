"""The table has every keyword of all releases, in its blocks, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kalint.model.keywords import Keyword, keywords
from kalint.version import NEWEST

NAMES = Path(__file__).with_name("keyword_names.tsv")
"""What keyword_names.py found in the sources of the 72 releases from 1.2.13 to 2.4.3."""


def paths(context: str = "", above: tuple[Keyword, ...] = ()) -> Iterator[tuple[Keyword, ...]]:
    """Every keyword of the table below those that open its blocks."""
    for row in keywords(context).values():
        yield (*above, row)
        if row.block:
            yield from paths(row.block, (*above, row))


def test_names_and_releases() -> None:
    """Each keyword of the sources stands in the table below the same blocks, with the same first and last release.

    What a block holds cannot be older than the block: track_file and vrrp_track_file share a context.
    """
    expected = {tuple(row.split("\t")) for row in NAMES.read_text("utf-8").splitlines()[1:]}
    table = {
        (
            " ".join(row.name for row in path),
            str(max(row.first for row in path)),
            str(min((row.last for row in path if row.last), default="")),
        )
        for path in paths()
        if max(row.first for row in path) <= NEWEST  # what is coming is in no release
    }

    assert table - expected == set()
    assert expected - table == set()
