"""What the rules find in one configuration: without secrets, as the settings have it, less what it suppresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple, cast

from kalint.findings.counting import Tally, counted
from kalint.findings.diagnostic import SEVERITIES
from kalint.pipeline.confining import outside, shown, without_words
from kalint.pipeline.reading import Loaded, Request
from kalint.rules import codes, judge, speaking

if TYPE_CHECKING:
    from collections.abc import Callable

    from kalint.findings.diagnostic import Diagnostic, Severity
    from kalint.findings.secrets import Secrets
    from kalint.findings.sources import Sources
    from kalint.findings.suppressions import Suppressions
    from kalint.problem import Kind, Problem
    from kalint.text import Text


class Kept(NamedTuple):
    """What takes in what reports need of the files with findings: their lines, and the secret words."""

    sources: Sources
    hidden: set[str]

    def take(self, text: Text, files: Mapping[str, list[str]], secrets: Secrets) -> None:
        """Take in the files of a reading; of a template its own lines, not those that were judged."""
        if files is not text.files:
            from kalint.findings.secrets import Secrets

            secrets = Secrets(files, _certain(secrets.values, text))
        for file in files:
            self.sources.put(file, *secrets.masked(file))
        self.hidden.update(secrets.values)


def diagnose(
    loaded: Loaded,
    request: Request,
    suppressions: Suppressions | None = None,
    kept: Kept | None = None,
    named: frozenset[str] = frozenset(),
) -> list[Diagnostic]:
    """The findings of the selected rules on one configuration, in order of place, without those that it suppresses.

    What there is to say of its suppressions is left to the caller who has `suppressions` for several configurations.
    `kept` takes in what reports show of the files; `named` are the files that were asked for, by their real paths. Of
    findings of one kind there are as many as the request wants.
    """
    from kalint.analysis.reach.reachable import reaching
    from kalint.rules.rule import Context

    by_kind: dict[Kind, list[Problem]] = {}
    for problem in loaded.problems:
        by_kind.setdefault(problem.kind, []).append(problem)
    meant = loaded.meant
    context = Context(meant, by_kind, reaching(meant.profile), loaded.text.files, request.host)
    tally = None if request.most is None else Tally(request.most)
    if tally is not None:
        context.full = _full(loaded, request, tally, suppressions)
    judged = judge(context, request.select, request.ignore)
    some = list(islice(judged, 1))
    found: Iterable[Diagnostic] = chain(some, judged)
    if some or loaded.text.remarks:
        from kalint.findings.secrets import masked

        secrets = _secrets(loaded.text)
        if kept is not None:
            kept.take(loaded.text, shown(loaded.text, request.text, named), secrets)
        elsewhere = outside(loaded.text, request.text, named)
        found = without_words(masked(found, secrets), loaded.text, elsewhere)
    if loaded.text.placed is not None:
        from kalint.pipeline.carried import in_carrier

        found = in_carrier(found, loaded.text, loaded.text.placed)
    if loaded.text.template is not None:
        from kalint.pipeline.templates import certain

        found = certain(found, loaded, loaded.text.template)
    if loaded.lost:
        from kalint.pipeline.as_run import of_lost_lines

        found = of_lost_lines(found, loaded.lost)
    path = next(iter(loaded.text.files))
    if request.severity or request.included:
        found = _as_settled(found, path, request)
    if loaded.text.remarks and request.ignores:
        known = suppressions or suppressing(request.most)
        asked = speaking(request.select, request.ignore, request.host is not None)
        known.read(loaded.text, context.statements(), asked, request)
        found = known.sift(found)
        if suppressions is None:
            found = chain(list(found), unused(known, tally=tally))
    if tally is not None:
        found = counted(found, tally=tally)
    return sorted(found, key=place_of)


def _full(
    loaded: Loaded, request: Request, tally: Tally, suppressions: Suppressions | None
) -> Callable[[str, str, Severity], bool] | None:
    """Of which kinds of findings (file, code, the rule's severity) nothing more is shown but their number; None: never.

    What is said on a template tells whether it holds, and an included file may have settings of its own.
    """
    if loaded.text.template is not None or request.included is not None:
        return None
    answering = suppressions if loaded.text.remarks and request.ignores else None
    if loaded.text.remarks and request.ignores and (answering is None or answering.tally is None):
        return None

    known: set[tuple[str, str, Severity]] = set()

    def full(file: str, code: str, severity: Severity) -> bool:
        if (file, code, severity) in known:
            return True
        level = cast("Severity", request.severity.get(code, severity))
        answered = None if answering is None or not answering.name(code) else answering.tally
        if tally.full(file, code, level) and (answered is None or answered.full(file, code, level)):
            known.add((file, code, severity))
            return True
        return False

    return full


def _secrets(text: Text) -> Secrets:
    """The passwords and keys of a reading."""
    from kalint.findings.secrets import Secrets, values_of

    return Secrets(text.files, _certain(values_of(text.lines), text))


def _certain(values: frozenset[str], text: Text) -> frozenset[str]:
    """Secret words, of a template only those that no placeholder is part of."""
    if text.template is None:
        return values
    from kalint.text.templates import UNKNOWN

    return frozenset(value for value in values if UNKNOWN not in value)


def suppressing(most: int | None = None) -> Suppressions:
    """What takes in the suppressions of several readings, and lists `most` findings of a kind that they answer."""
    from kalint.findings.suppressions import Suppressions

    return Suppressions(codes(), most)


def unused(suppressions: Suppressions, malformed: bool = True, tally: Tally | None = None) -> Iterator[Diagnostic]:
    """What there is to say of suppressions when all rules have spoken.

    Without `malformed` it is only what these rules tell: which ones suppress nothing. `tally` counts them meanwhile.
    """
    from kalint.rules.unused_suppression import INFO, findings

    tallies = [tally]
    if suppressions.name(INFO.code):
        tallies.append(suppressions.tally)

    full: set[str] = set()

    def untold(file: str) -> bool:
        if file not in full and all(
            each is not None and any(each.full(file, INFO.code, level) for level in SEVERITIES) for each in tallies
        ):
            full.add(file)
        return file in full

    found = findings(suppressions, malformed, untold)
    return suppressions.sift(as_settled_by(found, suppressions.readings))


def as_settled_by(
    found: Iterable[Diagnostic], readings: Iterable[tuple[Iterable[str], Request]]
) -> Iterator[Diagnostic]:
    """Findings of several readings, each by the settings of the file that it is in; without a file: of the first.

    Each reading has its files, the one that was asked for first.
    """
    owner: dict[str, tuple[str, Request]] = {}
    for files, request in readings:
        first = next(iter(files))
        owner.update(dict.fromkeys(files, (first, request)))
    default = next(iter(owner.values()), ("", Request()))
    for diagnostic in found:
        path, request = owner.get(diagnostic.span.file, default)
        if not request.counts(diagnostic.code):
            continue
        if request.severity or request.included:
            yield from _as_settled([diagnostic], path, request)
        else:
            yield diagnostic


def _as_settled(found: Iterable[Diagnostic], path: str, request: Request) -> Iterator[Diagnostic]:
    """Findings with the severities of the settings, and without those that these ignore in the included file."""
    for diagnostic in found:
        own = request
        if request.included is not None and diagnostic.span.file != path:
            own = request.included(diagnostic.span.file)
        if own.counts(diagnostic.code):
            level = own.severity.get(diagnostic.code, diagnostic.severity)
            yield diagnostic if level == diagnostic.severity else diagnostic._replace(severity=cast("Severity", level))


def place_of(diagnostic: Diagnostic) -> tuple[str, int, int, str]:
    span = diagnostic.span
    return span.file, span.line, span.column, diagnostic.code


def once(diagnostics: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each finding once, though two files include the place where it is."""
    return tuple(dict.fromkeys(diagnostics))
