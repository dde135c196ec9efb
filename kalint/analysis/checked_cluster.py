"""A cluster with everything that is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kalint.analysis.cluster.members import Router
    from kalint.analysis.cluster.results import Cluster
    from kalint.analysis.cluster.verdict import Verdict
    from kalint.analysis.situation import Situation
    from kalint.findings.diagnostic import Diagnostic, Suppressed
    from kalint.version import Version


class CheckedCluster(NamedTuple):
    """What `kalint cluster` prints: the analysis and what the rules say of it.

    `version` is the release of all nodes, None where they differ; `sources` has the lines of every file that was read.
    `name` is what the settings call the cluster. `times` says that the terms of every time are wanted.
    `suppressed` are findings for which a file answers itself. `hidden` is as in `kalint.findings.diagnostic.Findings`.
    `situation` is what the states that were asked for come to, None where none were.
    """

    version: Version | None
    cluster: Cluster
    diagnostics: tuple[Diagnostic, ...] = ()
    sources: Mapping[str, list[str]] = {}
    name: str = ""
    times: bool = False
    suppressed: tuple[Suppressed, ...] = ()
    hidden: frozenset[str] = frozenset()
    situation: Situation | None = None

    def of(self, router: Router) -> Iterator[Diagnostic]:
        """The findings at one of a router's instances."""
        places = {
            (node.line.file, line)
            for node in (member.instance.written.node for member in router.members)
            for line in range(node.line.number, (node.closer or node.line).number + 1)
        }
        for found in self.diagnostics:
            spans = (found.span, *(related.span for related in found.related))
            if any((span.file, span.line) in places for span in spans):
                yield found


class Required(NamedTuple):
    """What `kalint require` prints of one cluster: its verdicts; `verbose`: those that hold are wanted too."""

    judged: CheckedCluster
    verdicts: tuple[Verdict, ...]
    verbose: bool = False
