"""The stages strung together: a path in, findings or reachable priorities out. One file; clusters are beside it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple, cast

from kalint.analysis.reach import reaching
from kalint.diagnostic import Diagnostic, Findings, Refused
from kalint.errors import InputError
from kalint.model.builder import build
from kalint.problem import Problem
from kalint.rules import codes, judge, speaking
from kalint.rules.rule import Context
from kalint.semantics.resolve import resolve
from kalint.settings import Settings, find
from kalint.syntax import parse
from kalint.text import Options, Text, read
from kalint.version import NEWEST, Version

if TYPE_CHECKING:
    from kalint.analysis.states import Priorities
    from kalint.diagnostic import Severity, Suppressed
    from kalint.host import Host
    from kalint.problem import Kind
    from kalint.semantics.resolved import Resolved
    from kalint.settings import ClusterSettings
    from kalint.suppress import Suppressions

STANDARD_INPUT = "-"
STRICTNESS = ("never", "error", "warning", "info")


class Request(NamedTuple):
    """How every command reads: the text options, and the release whose meaning counts.

    `select` and `ignore` are prefixes of rule codes; an empty `select` is all of them. `host` is the machine whose
    files, interfaces and users rules may look at. `severity` has rules' own severities where the settings change them,
    `fail_on` what they say of the exit code, and `included` the request for a file that the one of this request
    includes, where the settings speak of single files. `ignores`: files may suppress findings.
    """

    text: Options = Options()
    version: Version = NEWEST
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    host: Host | None = None
    severity: Mapping[str, str] = {}
    fail_on: str | None = None
    included: Callable[[str], Request] | None = None
    ignores: bool = True

    def counts(self, code: str) -> bool:
        """Whether a rule is selected, and not ignored."""
        return code.startswith(self.select or "") and not code.startswith(self.ignore)


class Asked(NamedTuple):
    """What a command line says of reading and of rules; None or empty where it leaves it to the settings."""

    config_id: str | None = None
    version: Version | None = None
    include_root: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    settings: str | None = None
    host: bool = False
    ignores: bool = True
    max_failover: float | None = None
    overlay: Mapping[str, bytes] = {}


class Settler:
    """Requests for many paths, each by its own settings: the command line first, then those asked for, or found above.

    What paths share is looked for, read and worked out once.
    """

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self._found: dict[str, str | None] = {}
        self._read: dict[str, Settings] = {}
        self._made: dict[tuple[str, tuple[int, ...]], tuple[Request, Settings]] = {}

    def __call__(self, path: str) -> tuple[Request, Settings]:
        """The request for a path, and the settings that apply to it.

        Raises:
            SettingsError: the settings cannot be read or are wrong.
        """
        found = self.asked.settings or find("." if path == STANDARD_INPUT else path, self._found)
        return self._by(found or "", path)

    @property
    def clusters(self) -> list[ClusterSettings]:
        """Those of all settings that have been asked for."""
        return [cluster for settings in self._read.values() for cluster in settings.clusters.values()]

    @property
    def baselines(self) -> tuple[str, ...]:
        """Those of all settings that have been asked for."""
        return tuple(dict.fromkeys(each.baseline for each in self._read.values() if each.baseline))

    def _by(self, found: str, path: str) -> tuple[Request, Settings]:
        """The request for a path by a settings file ("": without any)."""
        settings = Settings()
        globs: tuple[int, ...] = ()
        if found:
            from kalint.settings_file import laid_over, matching, read_settings

            if found not in self._read:
                self._read[found] = read_settings(found, codes())
            settings = self._read[found]
            globs = matching(settings, path)
            settings = laid_over(settings, globs)
        key = found, globs
        if key not in self._made:
            self._made[key] = self._request(found, settings), settings
        return self._made[key]

    def _request(self, found: str, settings: Settings) -> Request:
        asked = self.asked
        options = Options(
            asked.config_id or settings.config_id,
            asked.include_root or settings.include_root,
            os.environ,
            asked.overlay,
        )
        version = asked.version or settings.keepalived_version or NEWEST
        ignore = asked.ignore or tuple(code for code in settings.ignore if not _named(code, asked.select))
        severity: Mapping[str, str] = {}
        if settings.severity:
            from kalint.settings_file import OFF, levels

            severity = levels(settings, codes(), asked.select)
            ignore += tuple(code for code, level in severity.items() if level == OFF)
        host = None
        if asked.host:
            from kalint.host import Host

            host = Host()
        included = (lambda path: self._by(found, path)[0]) if settings.files else None
        select = asked.select or settings.select
        return Request(options, version, select, ignore, host, severity, settings.fail_on, included, asked.ignores)


def _named(prefix: str, selected: tuple[str, ...]) -> bool:
    """Whether the command line selects something as narrow as what a prefix stands for."""
    return any(code.startswith(prefix) for code in selected)


def settle(asked: Asked, path: str) -> tuple[Request, Settings]:
    """The request for a single path, and the settings that apply to it.

    Raises:
        SettingsError: the settings cannot be read or are wrong.
    """
    return Settler(asked)(path)


class Loaded(NamedTuple):
    """One configuration through all the layers that only state facts."""

    text: Text
    resolved: Resolved
    problems: tuple[Problem, ...]
    version: Version = NEWEST


def load(path: str, content: bytes | None, request: Request) -> Loaded:
    """Read a file and resolve it under the request's release.

    Raises:
        InputError: the file cannot be read, or is no configuration of keepalived.
    """
    text = read(path, content, request.text)
    return _resolved(path, text, request)


def _resolved(path: str, text: Text, request: Request) -> Loaded:
    nodes, problems = parse(text.lines)
    config = build(nodes, request.version)
    if not nodes and not text.problems:
        raise InputError(f"{path}: nothing to judge: the file has no statement")
    unknown = {problem.span for problem in config.problems if problem.kind == "keyword-unknown"}
    if nodes and all(node.words[0].span in unknown for node in nodes):
        first = nodes[0].words[0].text
        marked = "; a byte-order mark is in front of the first" if first.startswith("\ufeff") else ""
        wide = "; it looks like UTF-16" if first.startswith(("\udcff\udcfe", "\udcfe\udcff")) else ""
        why = "it knows none of the words that lines begin with"
        raise InputError(f"{path}: not a configuration of keepalived: {why}{marked}{wide}")
    resolved = resolve(config, request.version)
    found = (*text.problems, *problems, *config.problems, *resolved.problems)
    return Loaded(text, resolved, found, request.version)


def diagnose(loaded: Loaded, request: Request, suppressions: Suppressions | None = None) -> list[Diagnostic]:
    """The findings of the selected rules on one configuration, in order of place, without those that it suppresses.

    What there is to say of its suppressions is left to the caller who has `suppressions` for several configurations.
    """
    by_kind: dict[Kind, list[Problem]] = {}
    for problem in loaded.problems:
        by_kind.setdefault(problem.kind, []).append(problem)
    context = Context(loaded.resolved, by_kind, reaching(loaded.resolved.profile), loaded.text.files, request.host)
    found: Iterable[Diagnostic] = judge(context, request.select, request.ignore)
    path = next(iter(loaded.text.files))
    if request.severity or request.included:
        found = _as_settled(found, path, request)
    if loaded.text.remarks and request.ignores:
        known = suppressions or suppressing()
        asked = speaking(request.select, request.ignore, request.host is not None)
        known.read(loaded.text, context.statements(), asked, request)
        found = known.sift(found)
        if suppressions is None:
            found += unused(known)
    return sorted(found, key=place_of)


def suppressing() -> Suppressions:
    """What takes in the suppressions of several readings."""
    from kalint.suppress import Suppressions

    return Suppressions(codes())


def unused(suppressions: Suppressions, malformed: bool = True) -> list[Diagnostic]:
    """What there is to say of suppressions when all rules have spoken.

    Without `malformed` it is only what these rules tell: which ones suppress nothing.
    """
    from kalint.rules.unused_suppression import findings

    return suppressions.sift(as_settled_by(findings(suppressions, malformed), suppressions.readings))


def as_settled_by(found: Iterable[Diagnostic], readings: Iterable[tuple[Text, Request]]) -> Iterator[Diagnostic]:
    """Findings of several readings, each by the settings of the file that it is in; without a file: of the first."""
    owner = {file: (next(iter(text.files)), request) for text, request in readings for file in text.files}
    first = next(iter(owner.values()), ("", Request()))
    for diagnostic in found:
        path, request = owner.get(diagnostic.span.file, first)
        if request.counts(diagnostic.code):
            yield from _as_settled([diagnostic], path, request)


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


def check(
    paths: Iterable[str],
    asked: Asked,
    standard_input: Callable[[], tuple[str, bytes]] | None = None,
    settler: Settler | None = None,
) -> tuple[Findings, tuple[Refused, ...]]:
    """Judge files and directories, each file by its own settings.

    What can be read is judged even where something else cannot. A directory stands for every `*.conf` in and below it
    that no other of them includes. `-` stands for `standard_input()`: a name and the bytes. A `settler` of the
    caller's knows afterwards what settings there were.
    """
    refused: list[Refused] = []
    texts = _readings(paths, settler or Settler(asked), standard_input, refused)
    found: dict[str, list[Diagnostic]] = {}
    sources: dict[str, list[str]] = {}
    versions: dict[str, Version] = {}
    fail_on: dict[str, str] = {}
    suppressions = suppressing() if any(text.remarks for text, _ in texts.values()) else None
    for name, (text, request) in texts.items():
        try:
            found[name] = diagnose(_resolved(name, text, request), request, suppressions)
        except InputError as error:
            refused.append(Refused(name, str(error)))
            continue
        versions[name] = request.version
        sources.update(text.files)
        if request.fail_on or request.included:
            _note_fail_on(fail_on, text, request)
    suppressed: tuple[Suppressed, ...] = ()
    if suppressions is not None:
        for diagnostic in unused(suppressions):
            name = next(name for name in found if diagnostic.span.file in texts[name][0].files)
            found[name] = sorted((*found[name], diagnostic), key=place_of)
        suppressed = tuple(dict.fromkeys(suppressions.suppressed))
    every = once([diagnostic for one in found.values() for diagnostic in one])
    version = next(iter(versions.values()), asked.version or NEWEST)
    findings = Findings(version, tuple(versions), every, sources, suppressed, versions=versions, fail_on=fail_on)
    return findings, tuple(refused)


def resolutions(
    paths: Iterable[str], asked: Asked, standard_input: Callable[[], tuple[str, bytes]] | None = None
) -> dict[str, Resolved]:
    """What keepalived makes of each configuration that `check` judges, by name; what cannot be judged is left out."""
    found = {}
    for name, (text, request) in _readings(paths, Settler(asked), standard_input, []).items():
        with suppress(InputError):
            found[name] = _resolved(name, text, request).resolved
    return found


def _readings(
    paths: Iterable[str],
    settler: Settler,
    standard_input: Callable[[], tuple[str, bytes]] | None,
    refused: list[Refused],
) -> dict[str, tuple[Text, Request]]:
    """What is to be judged, by name; what cannot be read goes to `refused`."""
    texts: dict[str, tuple[Text, Request]] = {}
    included: set[str] = set()
    listed: set[str] = set()
    for path in paths:
        if path == STANDARD_INPUT and standard_input is not None:
            names: list[tuple[str, bytes | None]] = [standard_input()]
        elif os.path.isdir(path):
            names = [(name, None) for name in _configurations(path)]
            listed.update(name for name, _ in names)
            if not names:
                refused.append(Refused(path, f"{path}: a directory without any *.conf"))
        else:
            names = [(path, None)]
        for name, content in names:
            request, _ = settler(name)
            try:
                texts[name] = read(name, content, request.text), request
            except InputError as error:
                refused.append(Refused(name, str(error)))
                continue
            included.update(os.path.realpath(file) for file in texts[name][0].files if file != name)
    apart = (name for name in texts if name not in listed or os.path.realpath(name) not in included)
    return {name: texts[name] for name in apart}


def _note_fail_on(known: dict[str, str], text: Text, request: Request) -> None:
    """What the settings say of the exit code for each file of a reading; the strictest, where several include it."""
    for index, file in enumerate(text.files):
        own = request.included(file) if index and request.included is not None else request
        level = own.fail_on
        if level and (file not in known or STRICTNESS.index(level) > STRICTNESS.index(known[file])):
            known[file] = level


def priorities_of(
    loaded: Loaded, states: Sequence[str] = (), rest: str = "any", combinations: bool = False
) -> Priorities:
    """What every instance of a configuration can reach; see `kalint.analysis.states.priorities`.

    Raises:
        UsageError: a state of a thing that is not there, or too many combinations to list.
    """
    from kalint.analysis.states import priorities
    from kalint.report.cleaned import cleaned

    return priorities(cleaned(loaded.resolved), loaded.version, states, rest, combinations)


def once(diagnostics: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each finding once, though two files include the place where it is."""
    return tuple(dict.fromkeys(diagnostics))


def _configurations(directory: str) -> list[str]:
    names = []
    for folder, folders, files in os.walk(directory):
        folders.sort()
        names += [os.path.join(folder, file) for file in sorted(files) if file.endswith(".conf")]
    return names
