"""What a rule is, and what it may look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from kalint.diagnostic import Diagnostic, Related

if TYPE_CHECKING:
    from kalint.analysis.reach import Reach
    from kalint.diagnostic import Confidence, Severity
    from kalint.problem import Kind, Problem
    from kalint.semantics.resolved import Instance, Resolved
    from kalint.source import Span


class RuleInfo(NamedTuple):
    """A rule's identity. `summary` is one line, lower case, without a full stop."""

    code: str
    name: str
    severity: Severity
    confidence: Confidence
    summary: str

    def at(self, span: Span, message: str, *related: Related, help: str = "") -> Diagnostic:
        """A finding of this rule."""
        return Diagnostic(self.code, self.name, self.severity, self.confidence, message, span, related, help)


class Rule(NamedTuple):
    """A rule: `check` yields its findings, in the order of the file."""

    info: RuleInfo
    check: Callable[[Context], Iterator[Diagnostic]]


class Context:
    """All that is known of one configuration. Rules read it and change nothing.

    `problems` holds the facts of every layer, by kind; `files` each file's own lines; `reach` is worked out once an
    instance, when first asked.
    """

    __slots__ = ("_reach", "_reaches", "files", "problems", "resolved")

    def __init__(
        self,
        resolved: Resolved,
        problems: dict[Kind, list[Problem]],
        reach: Callable[[Instance], Reach],
        files: Mapping[str, list[str]] = {},
    ) -> None:
        self.resolved = resolved
        self.problems = problems
        self.files = files
        self._reach = reach
        self._reaches: dict[int, Reach] = {}

    def found(self, *kinds: Kind) -> Iterator[Problem]:
        """The problems of these kinds."""
        for kind in kinds:
            yield from self.problems.get(kind, ())

    def reach(self, instance: Instance) -> Reach:
        """Every effective priority that the instance can reach."""
        key = id(instance)
        if key not in self._reaches:
            self._reaches[key] = self._reach(instance)
        return self._reaches[key]
