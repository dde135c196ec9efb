"""The second reading of a file: what the daemon has, where a mistake makes that another thing than was meant.

`kalint.pipeline.reading` imports this only for files that may have such a mistake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.model.builder import build
from kalint.model.losses import Losses, losses
from kalint.model.running import running
from kalint.semantics.resolve import resolve
from kalint.syntax.profile import syntax_profile_for
from kalint.text.profile import text_profile_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kalint.model.config import Config
    from kalint.problem import Problem
    from kalint.semantics.resolved import Resolved
    from kalint.text import Text
    from kalint.version import Version


def may_differ(text: Text, version: Version) -> bool:
    """Whether a release may have another configuration than was meant, though no brace is wrong for newer ones."""
    nested = bool(text.includes) and syntax_profile_for(version).includes_are_streams
    return nested or not text_profile_for(version).cuts_at_braces


def as_run(text: Text, problems: Sequence[Problem], meant: Config, version: Version) -> tuple[Resolved, Losses]:
    """What the daemon has, and what of what was meant it lacks."""
    has = running(text.lines, [each[:2] for each in text.includes], version)
    found = losses(text.lines, text.includes, meant.nodes, has, (*problems, *meant.problems), version)
    return resolve(build(has.nodes, version), version), found
