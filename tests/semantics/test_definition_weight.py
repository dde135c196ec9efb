"""The weight of a definition: out of range, and given more than once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kalint.semantics.resolved import Tracker


@pytest.mark.parametrize(
    ("kind", "statements", "weight", "reverse"),
    [
        ("script", "weight 300 reverse", 300, True),
        ("script", "weight 10 reverse\n weight 20", 20, True),
        ("script", "weight 4294967297", 1, False),
        ("script", "weight 99999999999999999999", -1, False),
        ("file", "weight 300 reverse", 1, True),
        ("file", "weight 2\n weight 3 reverse", 2, False),
        ("file", "weight 300 reverse\n weight 4", 4, True),
        ("process", "weight -300 reverse", 0, False),
        ("process", "weight 5\n weight 6 reverse", 5, False),
        ("process", "weight 0 reverse\n weight 6", 6, True),
        ("bfd", "weight 254 reverse", 0, True),
        ("bfd", "weight 7\n weight -254\n weight 8", 8, False),
        ("bfd", "weight 7\n weight 300", 7, False),
    ],
)
def test_what_a_tracking_line_inherits(
    tracked: Callable[..., Tracker], kind: str, statements: str, weight: int, reverse: bool
) -> None:
    """As keepalived 2.2.7 reads it (vrrp_parser.c, track_file.c, bfd_parser.c), seen in its dump."""
    tracker = tracked(kind, "t", statements, "2.2.7")
    assert (tracker.weight.value, tracker.reverse) == (weight, reverse)
