"""Files that are no keepalived configuration at all: a shell script, prose, YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.model.keywords import keywords

if TYPE_CHECKING:
    from kalint.problem import Problem
    from kalint.rules.rule import Context


def foreign(context: Context) -> Problem | None:
    """The first unknown word of such a file; None for a configuration, however many mistakes are in it.

    A configuration, or a piece of one to include, knows more words of keepalived's than it has others.
    """
    unknown = list(context.found("keyword-unknown"))
    if len(unknown) < _LEAST or not any(word.span.line for word in unknown):
        return None
    known = keywords("")
    if any(node.keyword in known or node.keyword.startswith("include") for node in context.resolved.config.nodes):
        return None
    misplaced = sum(1 for _ in context.found("keyword-misplaced", "keyword-release"))
    return unknown[0] if misplaced < len(unknown) / 2 else None


_LEAST = 2
"""Unknown words that it takes: one may be a misspelt block."""
