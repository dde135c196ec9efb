"""The stages strung together: a path in, findings or reachable priorities out."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kalint.analysis.reach import reaching
from kalint.diagnostic import Diagnostic, Findings, Refused
from kalint.errors import InputError
from kalint.model.builder import build
from kalint.problem import Problem
from kalint.rules import judge
from kalint.rules.rule import Context
from kalint.semantics.resolve import resolve
from kalint.settings import Settings, find
from kalint.syntax import parse
from kalint.text import Options, Text, read
from kalint.version import NEWEST, Version

if TYPE_CHECKING:
    from kalint.analysis.cluster import Judged
    from kalint.analysis.difference import Change, Comparison
    from kalint.analysis.states import Priorities
    from kalint.host import Host
    from kalint.problem import Kind
    from kalint.semantics.resolved import Resolved

STANDARD_INPUT = "-"


class Request(NamedTuple):
    """How every command reads: the text options, and the release whose meaning counts.

    `select` and `ignore` are prefixes of rule codes; an empty `select` is all of them.
    """

    text: Options = Options()
    version: Version = NEWEST
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    host: Host | None = None
    """The machine whose files, interfaces and users rules may look at."""


class Asked(NamedTuple):
    """What a command line says of reading and of rules; None or empty where it leaves it to the settings."""

    config_id: str | None = None
    version: Version | None = None
    include_root: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    settings: str | None = None
    host: bool = False


def settle(asked: Asked, path: str) -> tuple[Request, Settings]:
    """The request for a path: the command line first, then the settings (those asked for, or found above the path).

    Raises:
        SettingsError: the settings cannot be read or are wrong.
    """
    found = asked.settings or find("." if path == STANDARD_INPUT else path)
    settings = Settings()
    if found:
        from kalint.settings_file import read_settings

        settings = read_settings(found)
    options = Options(
        asked.config_id or settings.config_id,
        asked.include_root or settings.include_root,
        os.environ,
    )
    version = asked.version or settings.keepalived_version or NEWEST
    select, ignore = asked.select or settings.select, asked.ignore or settings.ignore
    host = None
    if asked.host:
        from kalint.host import Host

        host = Host()
    return Request(options, version, select, ignore, host), settings


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
        raise InputError(f"{path}: not a configuration of keepalived: it knows none of the words that lines begin with")
    resolved = resolve(config, request.version)
    found = (*text.problems, *problems, *config.problems, *resolved.problems)
    return Loaded(text, resolved, found, request.version)


def diagnose(loaded: Loaded, request: Request) -> list[Diagnostic]:
    """The findings of the selected rules on one configuration, in order of place."""
    by_kind: dict[Kind, list[Problem]] = {}
    for problem in loaded.problems:
        by_kind.setdefault(problem.kind, []).append(problem)
    context = Context(loaded.resolved, by_kind, reaching(loaded.resolved.profile), loaded.text.files, request.host)
    return sorted(judge(context, request.select, request.ignore), key=_place)


def _place(diagnostic: Diagnostic) -> tuple[str, int, int, str]:
    span = diagnostic.span
    return span.file, span.line, span.column, diagnostic.code


def check(
    paths: Iterable[str],
    request: Request,
    standard_input: Callable[[], tuple[str, bytes]] | None = None,
) -> tuple[Findings, tuple[Refused, ...]]:
    """Judge files and directories; what can be read is judged even where something else cannot.

    A directory stands for every `*.conf` in and below it that no other of them includes. `-` stands for
    `standard_input()`: a name and the bytes.
    """
    texts: dict[str, Text] = {}
    refused: list[Refused] = []
    found: list[Diagnostic] = []
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
            try:
                texts[name] = read(name, content, request.text)
            except InputError as error:
                refused.append(Refused(name, str(error)))
                continue
            included.update(os.path.realpath(file) for file in texts[name].files if file != name)
    sources: dict[str, list[str]] = {}
    judged: list[str] = []
    for name, text in texts.items():
        if name in listed and os.path.realpath(name) in included:
            continue
        try:
            found += diagnose(_resolved(name, text, request), request)
        except InputError as error:
            refused.append(Refused(name, str(error)))
            continue
        judged.append(name)
        sources.update(text.files)
    return Findings(request.version, tuple(judged), _once(found), sources), tuple(refused)


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


def clustered(named: Sequence[tuple[str, str]], asked: Asked) -> Judged:
    """Who is master of a cluster's routers when what fails.

    Args:
        named: each node's name and file; the name is its config id too, unless `asked` has one.
        asked: what the command line says; the release is the same for all nodes.

    Raises:
        InputError: one of the files cannot be read, or is no configuration of keepalived.
    """
    from kalint.analysis.cluster import Judged, Node, analyse
    from kalint.report.cleaned import cleaned
    from kalint.rules.cluster import judge as judge_cluster

    nodes = []
    texts = []
    for name, path in named:
        request, _ = settle(asked._replace(config_id=asked.config_id or name), path)
        loaded = load(path, None, request)
        nodes.append(Node(name, cleaned(loaded.resolved)))
        texts.append(loaded)
    cluster = analyse(nodes)
    found = list(judge_cluster(cluster, request.select, request.ignore))
    for loaded in texts:
        context = Context(loaded.resolved, {}, reaching(loaded.resolved.profile), loaded.text.files)
        if found and "_ENV" in context.text:
            from kalint.rules.environment import masked

            found = list(masked(found, context.statements()))
    sources = {file: lines for loaded in texts for file, lines in loaded.text.files.items()}
    return Judged(request.version, cluster, _once(found), sources)


def compare(old: tuple[str, Request], new: tuple[str, Request]) -> Comparison:
    """What changes from one file and release to another: instances first, then findings that came and went.

    Raises:
        InputError: one of the files cannot be read, or is no configuration of keepalived.
    """
    from kalint.analysis.difference import Comparison, Side, differences
    from kalint.report.cleaned import cleaned

    before, after = (load(path, None, request) for path, request in (old, new))
    reach_before, reach_after = (reaching(loaded.resolved.profile) for loaded in (before, after))
    changes = [*differences(cleaned(before.resolved), cleaned(after.resolved), reach_before, reach_after)]
    changes += _findings(diagnose(before, old[1]), diagnose(after, new[1]))
    return Comparison(Side(old[0], old[1].version), Side(new[0], new[1].version), tuple(changes))


def _findings(before: list[Diagnostic], after: list[Diagnostic]) -> Iterator[Change]:
    """Findings are the same where code and message are: lines move."""
    from kalint.analysis.difference import Change

    gone = Counter((found.code, found.message) for found in before)
    come = Counter((found.code, found.message) for found in after)
    for code, message in gone - come:
        yield Change("finding", code, message, "")
    for code, message in come - gone:
        yield Change("finding", code, "", message)


def _once(diagnostics: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each finding once, though two files include the place where it is."""
    return tuple(dict.fromkeys(diagnostics))


def _configurations(directory: str) -> list[str]:
    names = []
    for folder, folders, files in os.walk(directory):
        folders.sort()
        names += [os.path.join(folder, file) for file in sorted(files) if file.endswith(".conf")]
    return names
