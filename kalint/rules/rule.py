"""What a rule is, and what it may look at."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from kalint.findings.diagnostic import Diagnostic, Related
from kalint.rules.inside import Places
from kalint.rules.waking import ON

T = TypeVar("T")

if TYPE_CHECKING:
    from kalint.analysis.reach.reachable import Reach
    from kalint.findings.diagnostic import Confidence, Severity
    from kalint.findings.fix import Fix
    from kalint.findings.secrets import Secrets
    from kalint.findings.suppressions import Suppressions
    from kalint.host import Host
    from kalint.problem import Kind, Problem
    from kalint.semantics.resolved import Instance, Resolved
    from kalint.source import Span
    from kalint.syntax.tree import Node


class RuleInfo(NamedTuple):
    """A rule's identity. `summary` is one line, lower case, without a full stop.

    `folds`: its findings in one file are one matter to who reads them, as infos are anyway.
    """

    code: str
    name: str
    severity: Severity
    confidence: Confidence
    summary: str
    folds: bool = False

    def at(
        self,
        span: Span,
        message: str,
        *related: Related,
        help: str = "",  # noqa: A002 (the field's name)
        fix: Fix | None = None,
    ) -> Diagnostic:
        """A finding of this rule; what is related at the place of the finding itself says nothing new."""
        others = tuple(each for each in related if each.span != span)
        return Diagnostic(
            self.code, self.name, self.severity, self.confidence, message, span, others, help, fix, self.folds
        )

    def counted(self, span: Span, severity: Severity | None = None) -> Diagnostic:
        """A finding of which nobody reads more than where it is, and that there is one (`Context.untold`)."""
        return Diagnostic(self.code, self.name, severity or self.severity, self.confidence, "", span, folds=self.folds)


HOST = "a host"
"""What a rule listens to that looks at this machine: it runs with --host only."""
LISTENED = frozenset(chain.from_iterable(ON.values()))
"""All that some rule listens to."""
SUPPRESSION = "a suppression"
"""What a rule listens to that is about comments which suppress findings."""


class Rule(NamedTuple):
    """A rule: `check` yields its findings, in the order of the file.

    `on` is what wakes it: keywords that the file uses, kinds of problems, reasons for which a tracker is ignored
    (`Tracker.ignored`), HOST or SUPPRESSION. Without one of these in a file the rule is not run, nor even imported;
    an empty `on` always runs.
    """

    info: RuleInfo
    check: Callable[[Context], Iterator[Diagnostic]]
    on: tuple[str, ...] = ()


class Context:
    """All that is known of one configuration. Rules read it and change nothing.

    `problems` holds the facts of every layer, by kind; `files` each file's own lines; `reach` is worked out once an
    instance, when first asked. `host` is this machine where --host lets rules look at it. `suppressions` are there when
    all rules have spoken and something was suppressed, or was meant to be. `full` tells of which files, codes and
    severities nothing more is shown but how many findings there are; `placing`: nobody reads what a finding says now.
    """

    __slots__ = (
        "_facts",
        "_for_ids",
        "_known",
        "_miswritten",
        "_places",
        "_reach",
        "_reaches",
        "_secrets",
        "_statements",
        "_text",
        "files",
        "full",
        "host",
        "losses",
        "placing",
        "problems",
        "resolved",
        "suppressions",
    )

    def __init__(
        self,
        resolved: Resolved,
        problems: dict[Kind, list[Problem]],
        reach: Callable[[Instance], Reach],
        files: Mapping[str, list[str]] = {},
        host: Host | None = None,
    ) -> None:
        self.resolved = resolved
        self.problems = problems
        self.files = files
        self.host = host
        self.suppressions: Suppressions | None = None
        self.full: Callable[[str, str, Severity], bool] | None = None
        self.placing = False
        self._reach = reach
        self._reaches: dict[int, Reach] = {}
        self._known: dict[Callable[[Resolved], Any], Any] = {}
        self._facts: frozenset[str] | None = None
        self._text: str | None = None
        self._for_ids: dict[str, list[int]] = {}
        self._miswritten: dict[str, list[Problem]] | None = None
        self._places: dict[str, Places] = {}
        self._secrets: Secrets | None = None
        self._statements: list[Node] | None = None

    @property
    def facts(self) -> frozenset[str]:
        """What wakes rules: see `Rule.on`."""
        if self._facts is None:
            facts: set[str] = set(self.problems)
            for instance in self.resolved.instances:
                facts.update(tracker.ignored for tracker in instance.trackers if tracker.ignored)
            for group in self.resolved.sync_groups:
                facts.update(tracker.ignored for tracker in group.trackers if tracker.ignored)
            facts.update(name for node in self.statements() if (name := node.words[0].text) in LISTENED)
            if self.host is not None:
                facts.add(HOST)
            if self.suppressions is not None:
                facts.add(SUPPRESSION)
            self._facts = frozenset(facts)
        return self._facts

    def untold(self, info: RuleInfo, span: Span, severity: Severity | None = None) -> bool:
        """Whether only the place of a finding counts, so that a rule with very many need not write it out."""
        if self.placing:
            return True
        return self.full is not None and self.full(span.file, info.code, severity or info.severity)

    @property
    def text(self) -> str:
        """All files as they stand, comments too."""
        if self._text is None:
            self._text = "\n".join(chain.from_iterable(self.files.values()))
        return self._text

    def may_have(self, parts: Iterable[str]) -> bool:
        """Whether a statement may have one of these in it: as a file has, or by what makes words of its own."""
        text = self.text
        return any(part in text for part in (*parts, "$", "~", "\\"))

    def statements(self) -> Sequence[Node]:
        """Every statement and block, at any depth, in the order of the file."""
        if self._statements is None:
            found = []
            waiting = list(reversed(self.resolved.config.nodes))
            while waiting:
                node = waiting.pop()
                found.append(node)
                if node.items:
                    waiting.extend(reversed(node.items))
            self._statements = found
        return self._statements

    def entries(self, *keywords: str) -> Iterator[Node]:
        """The lines inside the blocks of these names, at the top level or in an instance."""
        for node in self.resolved.config.nodes:
            for block in (node, *(node.items or ())):
                if block.items and block.words[0].text in keywords:
                    yield from block.items

    def for_others(self, node: Node, keyword: str) -> bool:
        """Whether a block has the keyword for other config ids (`@low priority 50`): then this id is just not known.

        Without a keyword: whether it has anything for other config ids.
        """
        file = node.line.file
        lines = self.files.get(file, [])
        if file not in self._for_ids:
            self._for_ids[file] = [number for number, line in enumerate(lines, 1) if line.lstrip().startswith("@")]
        marked = self._for_ids[file]
        # Where the characters stand: in a block of a $definition, not where that is used.
        first = node.words[0].span.line
        last = len(lines) if node.closer is None else node.closer.number
        inside = marked[bisect_left(marked, first) : bisect_right(marked, last)]
        return any(not keyword or keyword in lines[number - 1].split() for number in inside)

    def miswritten(self, keyword: str) -> Sequence[Problem]:
        """The findings of other rules on what was meant as this keyword: misspelt, without its value, or glued on."""
        if self._miswritten is None:
            self._miswritten = {}
            for problem in self.found("keyword-misplaced"):  # as it stands after a brace that is missing
                self._miswritten.setdefault(problem.subject, []).append(problem)
            for problem in self.found("keyword-unknown", "keyword-misplaced"):
                for each in problem.detail.rpartition("; ")[2].split(" or "):
                    self._miswritten.setdefault(each, []).append(problem)
            for problem in self.found("argument-missing", "keywords-on-one-line"):
                self._miswritten.setdefault(problem.subject, []).append(problem)
        return self._miswritten.get(keyword, ())

    def misspelt_blocks(self, keyword: str) -> frozenset[str]:
        """The names of the blocks on the top level that were meant as those of a keyword, but are misspelt."""
        places = {problem.span for problem in self.miswritten(keyword)}
        if not places:
            return frozenset()
        nodes = self.resolved.config.nodes
        return frozenset(node.words[1].text for node in nodes if len(node.words) > 1 and node.words[0].span in places)

    def said_otherwise(self, node: Node, keyword: str) -> bool:
        """Whether a block has a keyword that does not count: for other config ids, or with a finding of its own."""
        if self.for_others(node, keyword):
            return True
        places = self._places.get(keyword)
        if places is None:
            places = self._places[keyword] = Places([problem.span for problem in self.miswritten(keyword)])
        return bool(places) and places.inside(node)

    def secret(self, span: Span) -> bool:
        """Whether a password or a key stands on the line, so that its words must not be repeated."""
        if self._secrets is None:
            from kalint.findings.secrets import Secrets

            self._secrets = Secrets(self.files)
        return any(self._secrets.holds(place.file, place.line) for place in ((span, span.via) if span.via else (span,)))

    def once(self, work: Callable[[Resolved], T]) -> T:
        """What a function makes of the configuration: done once, however many rules ask. Nobody changes the result."""
        if work not in self._known:
            self._known[work] = work(self.resolved)
        found: T = self._known[work]
        return found

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
