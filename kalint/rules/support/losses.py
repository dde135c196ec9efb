"""What a mistake of structure costs, as a message says it."""

from __future__ import annotations

from os.path import basename
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kalint.problem import Loss, Problem
    from kalint.source import Span

NAMED = 2
"""Lost statements that a message names; more are counted."""


def consequence(problem: Problem, otherwise: str) -> str:
    """The end of a sentence on a block that is none here: what its brace costs; `otherwise` where that is nothing."""
    loss = problem.loss
    if loss is None:
        return otherwise
    if loss.how == "takes":
        block = "it" if loss.block == problem.subject else loss.block
        return f"keepalived reads {listed(loss, problem.span)} as part of {block}"
    if loss.how == "unread":
        return f"keepalived does not read {listed(loss, problem.span)} after the '{{' on the same line"
    return f"its '}}' ends {loss.block}, so {not_read(loss, problem.span)}"


def not_read(loss: Loss, at: Span) -> str:
    """Which statements are lost: the end of a sentence."""
    return f"{listed(loss, at)} {'is' if len(loss.lost) == 1 else 'are'} not read"


def listed(loss: Loss, at: Span) -> str:
    """The lost statements with their lines; `at` is the place of the finding, the file of which is not named."""
    shown = [f"{name} ({_line(place, at)})" for name, place in loss.lost]
    if len(shown) > NAMED:
        return f"{shown[0]} and {len(shown) - 1} more"
    return " and ".join(shown)


def _line(place: Span, at: Span) -> str:
    return f"line {place.line}" if place.file == at.file else f"{basename(place.file)}:{place.line}"
