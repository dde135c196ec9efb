"""`kalint check` strung together: paths in, findings out, each file judged by its own settings."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, cast

from kalint.analysis.reach.reachable import reaching
from kalint.errors import InputError, OutOfTimeError
from kalint.findings.diagnostic import Diagnostic, Findings, Refused
from kalint.pipeline.confining import outside, shown, without_words
from kalint.pipeline.ids import Reading, heading, ids_left_out, merged, readings, standing_in
from kalint.pipeline.reading import STANDARD_INPUT, Asked, Loaded, Request, Settler, resolved_text
from kalint.problem import Problem
from kalint.rules import codes, judge, speaking
from kalint.rules.rule import Context
from kalint.text import Text, is_carrier
from kalint.version import NEWEST, Version

if TYPE_CHECKING:
    from kalint.findings.diagnostic import Severity, Suppressed
    from kalint.findings.suppressions import Suppressions
    from kalint.problem import Kind
    from kalint.semantics.resolved import Resolved

STRICTNESS = ("never", "error", "warning", "info")


def diagnose(
    loaded: Loaded,
    request: Request,
    suppressions: Suppressions | None = None,
    hidden: set[str] | None = None,
    named: frozenset[str] = frozenset(),
) -> list[Diagnostic]:
    """The findings of the selected rules on one configuration, in order of place, without those that it suppresses.

    What there is to say of its suppressions is left to the caller who has `suppressions` for several configurations.
    `hidden` takes in the secret words that no report of the findings may show; `named` are the files that were asked
    for, by their real paths.
    """
    by_kind: dict[Kind, list[Problem]] = {}
    for problem in loaded.problems:
        by_kind.setdefault(problem.kind, []).append(problem)
    meant = loaded.meant
    context = Context(meant, by_kind, reaching(meant.profile), loaded.text.files, request.host)
    found: Iterable[Diagnostic] = list(judge(context, request.select, request.ignore))
    if found:
        elsewhere = outside(loaded.text, request.text, named)
        found = without_words(_without_secrets(found, loaded.text, hidden), loaded.text, elsewhere)
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
        known = suppressions or suppressing()
        asked = speaking(request.select, request.ignore, request.host is not None)
        known.read(loaded.text, context.statements(), asked, request)
        found = known.sift(found)
        if suppressions is None:
            found += unused(known)
    return sorted(found, key=place_of)


def _without_secrets(found: Iterable[Diagnostic], text: Text, hidden: set[str] | None) -> Iterator[Diagnostic]:
    """The findings without passwords and keys in what they say."""
    from kalint.findings.secrets import Secrets, masked, values_of

    values = values_of(text.lines)
    if text.template is not None:
        from kalint.text.templates import UNKNOWN

        values = frozenset(value for value in values if UNKNOWN not in value)
    if hidden is not None:
        hidden |= values
    return masked(found, Secrets(text.files, values))


def suppressing() -> Suppressions:
    """What takes in the suppressions of several readings."""
    from kalint.findings.suppressions import Suppressions

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
    found: dict[str, list[Diagnostic]] = {}
    passed: dict[str, str] = {}
    texts = _readings(paths, settler or Settler(asked), standard_input, refused, found, passed)
    hidden: set[str] = set()
    named = frozenset(map(os.path.realpath, texts))
    remarks = any(reading.text.remarks for every in texts.values() for reading in every)
    suppressions = suppressing() if remarks else None

    def diagnosed(name: str, each: Reading) -> list[Diagnostic]:
        return diagnose(resolved_text(name, *each[:2]), each.request, suppressions, hidden, named)

    _judge(texts, diagnosed, found, refused)
    suppressed: tuple[Suppressed, ...] = ()
    if suppressions is not None:
        _with_unused(found, texts, suppressions)
        suppressed = tuple(dict.fromkeys(suppressions.suppressed))
    findings = _facts({name: every for name, every in texts.items() if name in found}, named, asked)._replace(
        diagnostics=once([diagnostic for one in found.values() for diagnostic in one]),
        suppressed=suppressed,
        hidden=frozenset(hidden),
        passed_over=tuple(passed.items()),
    )
    return findings, tuple(refused)


def _judge(
    texts: Mapping[str, Sequence[Reading]],
    diagnosed: Callable[[str, Reading], list[Diagnostic]],
    found: dict[str, list[Diagnostic]],
    refused: list[Refused],
) -> None:
    """Put the findings of each file into `found`, and what cannot be judged into `refused`."""
    try:
        for name, every in texts.items():
            _judge_one(name, every, diagnosed, found, refused)
    except OutOfTimeError as error:
        refused += [Refused(each, f"{each}: {error}", True) for each in texts if each not in found]


def _judge_one(
    name: str,
    every: Sequence[Reading],
    diagnosed: Callable[[str, Reading], list[Diagnostic]],
    found: dict[str, list[Diagnostic]],
    refused: list[Refused],
) -> None:
    try:
        by_part: dict[str, list[tuple[str | None, list[Diagnostic]]]] = {}
        for each in every:
            by_part.setdefault(each.part, []).append((each.config_id, diagnosed(name, each)))
        if len(every) == 1:
            found[name] = by_part[every[0].part][0][1]
        else:
            whole = [merged(by_id, standing_in(every, part)) for part, by_id in by_part.items()]
            found[name] = sorted(chain(*whole), key=place_of)
            if every[-1].request.text.branch is not None:
                from kalint.pipeline.templates import without_echoes

                found[name] = without_echoes(found[name])
    except InputError as error:
        refused.append(Refused(name, str(error)))
    except OutOfTimeError:
        raise
    except Exception as error:
        found[name] = [_failed(name, error)]
    else:
        if left_out := ids_left_out(every):
            refused.append(Refused(name, f"{name}: {left_out}"))


def _with_unused(
    found: dict[str, list[Diagnostic]], texts: Mapping[str, Sequence[Reading]], suppressions: Suppressions
) -> None:
    """Add what there is to say of suppressions to the findings of the first file that reads them."""
    for diagnostic in unused(suppressions):
        file = diagnostic.span.file
        name = next(name for name in found if any(file in reading.text.files for reading in texts.get(name, ())))
        found[name] = sorted((*found[name], diagnostic), key=place_of)


def _facts(judged: Mapping[str, Sequence[Reading]], named: frozenset[str], asked: Asked) -> Findings:
    """What there is to know of the files that were judged, without any finding."""
    sources: dict[str, list[str]] = {}
    versions: dict[str, Version] = {}
    fail_on: dict[str, str] = {}
    config_ids: dict[str, tuple[str, ...]] = {}
    for name, every in judged.items():
        ids = tuple(each.config_id for each in every if each.config_id is not None)
        if ids:
            config_ids[name] = ids
        for text, request, _, _ in every:
            versions[name] = request.version
            sources.update(shown(text, request.text, named))
            if request.fail_on or request.included:
                _note_fail_on(fail_on, text, request)
    version = next(iter(versions.values()), asked.version or NEWEST)
    return Findings(version, tuple(versions), (), sources, versions=versions, fail_on=fail_on, config_ids=config_ids)


def resolutions(
    paths: Iterable[str], asked: Asked, standard_input: Callable[[], tuple[str, bytes]] | None = None
) -> dict[str, Resolved]:
    """What keepalived makes of each configuration that `check` judges; what cannot be judged is left out.

    The key is the file's name, with the config id behind it (`keepalived.conf@lb1`) where each of several is judged.
    """
    found = {}
    for name, every in _readings(paths, Settler(asked), standard_input, [], {}).items():
        for reading in every:
            with suppress(InputError):
                which = heading(reading)
                key = name if which is None else f"{name}@{which}"
                found[key] = resolved_text(name, *reading[:2]).resolved
    return found


def _readings(
    paths: Iterable[str],
    settler: Settler,
    standard_input: Callable[[], tuple[str, bytes]] | None,
    refused: list[Refused],
    failed: dict[str, list[Diagnostic]],
    passed: dict[str, str] | None = None,
) -> dict[str, tuple[Reading, ...]]:
    """What is to be judged, by name and config id; what cannot be read goes to `refused`, KA000 to `failed`.

    `passed` takes in the files of directories that are not to be judged, with the reasons.
    """
    texts: dict[str, tuple[Reading, ...]] = {}
    included: set[str] = set()
    listed: set[str] = set()
    late = ""
    for path in paths:
        if path == STANDARD_INPUT and standard_input is not None:
            names: list[tuple[str, bytes | None]] = [standard_input()]
        elif os.path.isdir(path):
            from kalint.pipeline.walking import walk

            walked = walk(path)
            passed = {} if passed is None else passed
            passed.update(walked.passed_over)
            names = [(name, None) for name in walked.names]
            listed.update(walked.names)
            if not names:
                refused.append(Refused(path, f"{path}: a directory without any *.conf, template or YAML of keepalived"))
        else:
            names = [(path, None)]
        for name, content in names:
            request, _ = settler(name)
            try:
                if late:
                    raise InputError(f"{name}: {late}")
                texts[name] = readings(name, content, request)
            except OutOfTimeError as error:
                late = str(error)
                refused.append(Refused(name, f"{name}: {late}", True))
                continue
            except InputError as error:
                if passed is not None and (name in listed or settler.asked.skip_empty) and is_carrier(name):
                    passed[name] = str(error).removeprefix(f"{name}: ")
                else:
                    refused.append(Refused(name, str(error)))
                continue
            except Exception as error:
                failed[name] = [_failed(name, error)]
                continue
            files = (file for reading in texts[name] for file in reading.text.files if file != name)
            included.update(map(os.path.realpath, files))
    apart = (name for name in texts if name not in listed or os.path.realpath(name) not in included)
    return {name: texts[name] for name in apart}


def _failed(name: str, error: Exception) -> Diagnostic:
    from kalint.rules.internal_error import finding

    return finding(name, error)


def _note_fail_on(known: dict[str, str], text: Text, request: Request) -> None:
    """What the settings say of the exit code for each file of a reading; the strictest, where several include it."""
    for index, file in enumerate(text.files):
        own = request.included(file) if index and request.included is not None else request
        level = own.fail_on
        if level and (file not in known or STRICTNESS.index(level) > STRICTNESS.index(known[file])):
            known[file] = level


def once(diagnostics: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each finding once, though two files include the place where it is."""
    return tuple(dict.fromkeys(diagnostics))
