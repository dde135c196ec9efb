"""A judgement: what a rule says of some characters, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from kalint.source import Span
from kalint.version import Version

if TYPE_CHECKING:
    from typing import Literal

    from kalint.findings.fix import Fix
    from kalint.findings.sources import Sources

    Severity = Literal["error", "warning", "info"]
    Confidence = Literal["proven", "heuristic"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
DEFAULT_FAIL_ON = "warning"


def serious(fail_on: str) -> tuple[Severity, ...]:
    """The severities that end a command with 1."""
    return () if fail_on == "never" else SEVERITIES[: SEVERITIES.index(fail_on) + 1]


class Related(NamedTuple):
    """Another place that the reader must see to believe the message."""

    span: Span
    message: str


class Diagnostic(NamedTuple):
    """One finding. `message` says the value, the consequence and the allowed set, in lower case.

    `folds`: several of one file are shown as one, as infos are anyway (`kalint.findings.folding`). `config_ids` are
    the ids for which it holds, where it does not hold for each id that the file names; its first related place says so.
    `stands_for` is the number of findings that it stands for (`kalint.findings.counting`).
    """

    code: str
    name: str
    severity: Severity
    confidence: Confidence
    message: str
    span: Span
    related: tuple[Related, ...] = ()
    help: str = ""
    fix: Fix | None = None
    folds: bool = False
    config_ids: tuple[str, ...] = ()
    stands_for: int = 1


class Suppressed(NamedTuple):
    """A finding that somebody has answered for: in the source (`span` of the comment), or in a baseline (no `span`)."""

    diagnostic: Diagnostic
    reason: str = ""
    span: Span | None = None


class Refused(NamedTuple):
    """A path of which nothing could be judged, and why, in one line; `late` where the time of --timeout ran out."""

    path: str
    reason: str
    late: bool = False


class Findings(NamedTuple):
    """The result of `kalint check`: what was judged, under which release, and every finding in order of place.

    `files` are the paths that were asked for, `versions` the release of each, `version` that of the first. `sources`
    has every file read, included ones too, with the lines of those that have findings, and `fail_on` what the settings
    say of the exit code, by file.
    `hidden` are the secret words that the lines alone do not tell (see `kalint.findings.secrets`). `config_ids` are the
    ids for which a file was read, where it has lines for single ids and none was asked for. `passed_over` are files of
    a directory that were not judged, or what a file was not judged as, each with the reason.
    """

    version: Version
    files: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
    sources: Sources
    suppressed: tuple[Suppressed, ...] = ()
    refused: tuple[Refused, ...] = ()
    versions: Mapping[str, Version] = {}
    fail_on: Mapping[str, str] = {}
    hidden: frozenset[str] = frozenset()
    config_ids: Mapping[str, tuple[str, ...]] = {}
    passed_over: tuple[tuple[str, str], ...] = ()

    def fails(self, diagnostic: Diagnostic) -> bool:
        """Whether a finding is serious enough for the exit code 1."""
        return diagnostic.severity in serious(self.fail_on.get(diagnostic.span.file, DEFAULT_FAIL_ON))

    def count(self, severity: Severity) -> int:
        """How many findings are of this severity."""
        return sum(diagnostic.stands_for for diagnostic in self.diagnostics if diagnostic.severity == severity)

    @property
    def answered(self) -> int:
        """How many findings are suppressed."""
        return sum(each.diagnostic.stands_for for each in self.suppressed)
