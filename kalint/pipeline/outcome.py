"""One file judged, and what is kept of it: the findings, and what reports show of the files. The rest is dropped."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from kalint.errors import InputError, KalintError
from kalint.findings.diagnostic import Diagnostic, Refused
from kalint.findings.sources import Sources
from kalint.pipeline.confining import shown
from kalint.pipeline.diagnosing import Kept, diagnose, place_of, suppressing
from kalint.pipeline.ids import ids_left_out, merged, readings, standing_in
from kalint.pipeline.reading import Request, resolved_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from kalint.findings.suppressions import Suppressions
    from kalint.pipeline.ids import Reading
    from kalint.pipeline.watched import Facts
    from kalint.version import Version

_PLACEHOLDER = "KA015"
_STRICTNESS = ("never", "error", "warning", "info")


class Outcome(NamedTuple):
    """What is known of a path that was asked for.

    `version`: None where it could not be read. `files` are all that its readings took in, itself first. `sources` are
    those that may be shown, with the lines of what has findings. `fail_on` has what the settings say of the exit code,
    by file. `hidden` are secret words. `config_ids` are those that it was read for one by one. `suppressions` are there
    where a file has some. `complete`: kalint did not fail on it.

    A cluster has one too: then `files` are those of all nodes, and `answered` are codes of findings on single files
    that its analysis makes needless.
    """

    name: str
    version: Version | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    files: tuple[str, ...] = ()
    sources: Sources | None = None
    fail_on: Mapping[str, str] = {}
    hidden: frozenset[str] = frozenset()
    config_ids: tuple[str, ...] = ()
    suppressions: Suppressions | None = None
    refused: Refused | None = None
    complete: bool = True
    answered: tuple[str, ...] = ()


class Judged(NamedTuple):
    """An outcome, and what it rests on, so that it can be kept: `facts` are None where it must not be, or need not.

    `packed` is the outcome as JSON has it, if another process wrote it down.
    """

    outcome: Outcome
    facts: Facts | None = None
    packed: Sequence[Any] | None = None


def judge_file(name: str, content: bytes | None, request: Request, named: frozenset[str]) -> Outcome:
    """Read a file, for each config id that it names, and judge it.

    Args:
        name: the path as it was given.
        content: its bytes where no file has them.
        request: how it is read.
        named: all files that were asked for, by their real paths.

    Raises:
        OutOfTimeError: the time of --timeout ran out.
    """

    def do() -> Outcome:
        every = _texts(name, content, request)
        outcome = _judged(name, every, named)
        if not any(found.code == _PLACEHOLDER for found in outcome.diagnostics):
            return outcome
        return _with_certain(outcome, every, content, named)

    return _guarded(name, request.version, do)


def _with_certain(
    outcome: Outcome, every: tuple[Reading, ...], content: bytes | None, named: frozenset[str]
) -> Outcome:
    """An outcome with what holds in every rendering too, where a file is a template though its name is none of one."""
    if len(every) > 1 or every[0].text.template is not None or every[0].text.placed is not None:
        return outcome
    from kalint.rules.template_placeholder import marked

    request = every[0].request
    if not any(marked(found, every[0].text.files) for found in outcome.diagnostics):
        return outcome
    masked = request._replace(text=request.text._replace(template=True))
    more = _judged(outcome.name, _texts(outcome.name, content, masked), named)
    if outcome.suppressions is not None and more.suppressions is not None:
        outcome.suppressions.merge(more.suppressions)
        outcome.suppressions.doubt()
    known = {found.span[:2] for found in outcome.diagnostics}
    new = [found for found in more.diagnostics if found.span[:2] not in known]
    return outcome._replace(diagnostics=tuple(sorted((*outcome.diagnostics, *new), key=place_of)))


class _UnreadError(InputError):
    """A file of which not even the text is known."""


def _texts(name: str, content: bytes | None, request: Request) -> tuple[Reading, ...]:
    """As `kalint.pipeline.ids.readings`.

    Raises:
        _UnreadError: the file cannot be read.
    """
    try:
        return readings(name, content, request)
    except InputError as error:
        raise _UnreadError(str(error)) from error


def _guarded(name: str, version: Version, do: Callable[[], Outcome]) -> Outcome:
    """An outcome, also where a file cannot be judged or kalint fails on it.

    Raises:
        OutOfTimeError: the time of --timeout ran out.
    """
    try:
        return do()
    except InputError as error:
        return Outcome(name, None if isinstance(error, _UnreadError) else version, refused=Refused(name, str(error)))
    except KalintError:
        raise
    except Exception as error:
        from kalint.rules.internal_error import finding

        return Outcome(name, version, (finding(name, error),), complete=False)


def _judged(name: str, every: tuple[Reading, ...], named: frozenset[str]) -> Outcome:
    """What the rules find in all readings of a file."""
    kept = Kept(Sources(), set())
    remarks = any(reading.text.remarks for reading in every)
    suppressions = suppressing(every[0].request.most) if remarks else None
    by_part: dict[str, list[tuple[str | None, list[Diagnostic]]]] = {}
    for each in every:
        some = diagnose(resolved_text(name, *each[:2]), each.request, suppressions, kept, named)
        by_part.setdefault(each.part, []).append((each.config_id, some))
    if len(every) == 1:
        found = by_part[every[0].part][0][1]
    else:
        whole = [merged(by_id, standing_in(every, part)) for part, by_id in by_part.items()]
        found = sorted(chain(*whole), key=place_of)
        if every[-1].request.text.branch is not None:
            from kalint.pipeline.templates import without_echoes

            found = without_echoes(found)
    fail_on: dict[str, str] = {}
    for text, request, _, _ in every:
        kept.sources.name(shown(text, request.text, named))
        if request.fail_on or request.included:
            _note_fail_on(fail_on, text.files, request)
    if suppressions is not None:
        for remark in (remark for some in suppressions.remarks.values() for remark in some):
            remark.text = kept.sources.line(remark.file, remark.line) or "*" * len(remark.text)
    files = tuple(dict.fromkeys(file for reading in every for file in reading.text.files))
    ids = tuple(reading.config_id for reading in every if reading.config_id is not None)
    left_out = ids_left_out(every)
    return Outcome(
        name,
        every[-1].request.version,
        tuple(found),
        files,
        kept.sources,
        fail_on,
        frozenset(kept.hidden),
        ids,
        suppressions,
        Refused(name, f"{name}: {left_out}") if left_out else None,
    )


def _note_fail_on(known: dict[str, str], files: Iterable[str], request: Request) -> None:
    """What the settings say of the exit code for each file of a reading; the strictest, where several include it."""
    for index, file in enumerate(files):
        own = request.included(file) if index and request.included is not None else request
        if own.fail_on:
            note_level(known, file, own.fail_on)


def note_level(known: dict[str, str], file: str, level: str) -> None:
    """Let a file have this `--fail-on`, unless it has a stricter one."""
    if file not in known or _STRICTNESS.index(level) > _STRICTNESS.index(known[file]):
        known[file] = level
