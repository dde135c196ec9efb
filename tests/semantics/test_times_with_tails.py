"""The keyword table and the semantics have one release from which a time with a tail counts in millionths."""

from __future__ import annotations

from kalint.model.keywords.arguments import SHIFTED
from kalint.semantics.profiles import PROFILES


def test_what_is_said_of_a_tail_is_what_is_computed() -> None:
    """KA008 says what `5s` becomes, and `show` has it: both change with the same release."""
    assert next(profile.since for profile in PROFILES if profile.time_with_tail_shrinks) == SHIFTED
    assert all(profile.time_with_tail_shrinks == (profile.since >= SHIFTED) for profile in PROFILES)
