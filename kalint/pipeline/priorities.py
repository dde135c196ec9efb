"""`kalint priorities` strung together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kalint.analysis.given_states import Priorities
    from kalint.pipeline.reading import Loaded


def priorities_of(
    loaded: Loaded, states: Sequence[str] = (), rest: str = "any", combinations: bool = False
) -> Priorities:
    """What every instance of a configuration can reach; see `kalint.analysis.given_states.priorities`.

    Raises:
        UsageError: a state of a thing that is not there, or too many combinations to list.
    """
    from kalint.analysis.given_states import priorities
    from kalint.report.cleaned import cleaned

    return priorities(cleaned(loaded.resolved), loaded.version, states, rest, combinations)
