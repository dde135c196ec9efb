"""`kalint check` strung together: paths in, findings out, each file judged by its own settings."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from kalint.errors import InputError, OutOfTimeError
from kalint.findings.counting import Tally, counted
from kalint.findings.diagnostic import Findings, Refused
from kalint.findings.sources import Sources
from kalint.pipeline.diagnosing import once, place_of, suppressing, unused
from kalint.pipeline.ids import heading, readings
from kalint.pipeline.outcome import Judged, judge_file, note_level
from kalint.pipeline.reading import STANDARD_INPUT, Asked, SettingsResolver, resolved_text
from kalint.pipeline.spreading import ALONE, Running, each, worth
from kalint.text import NOTHING, is_carrier
from kalint.text.files import RealPaths, within
from kalint.version import NEWEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kalint.findings.diagnostic import Diagnostic
    from kalint.findings.suppressions import Suppressions
    from kalint.pipeline.caching import Cache
    from kalint.pipeline.machine import Machine
    from kalint.pipeline.outcome import Outcome
    from kalint.pipeline.spreading import Form
    from kalint.semantics.resolved import Resolved
    from kalint.version import Version


class FileToCheck(NamedTuple):
    """A file to judge; `listed`: it was found in a directory. `content` is that of standard input."""

    name: str
    listed: bool = False
    content: bytes | None = None


def check(
    paths: Iterable[str],
    asked: Asked,
    standard_input: Callable[[], tuple[str, bytes]] | None = None,
    settler: SettingsResolver | None = None,
    running: Running = ALONE,
) -> tuple[Findings, tuple[Refused, ...]]:
    """Judge files and directories, each file by its own settings.

    What can be read is judged even where something else cannot. A directory stands for every `*.conf` in and below it
    that no other of them includes. `-` stands for `standard_input()`: a name and the bytes. A `settler` of the
    caller's knows afterwards what settings there were.
    """
    settler = settler or SettingsResolver(asked)
    refused: list[Refused] = []
    passed: dict[str, str] = {}
    every = list(paths)
    machine = _machine(every, running.cache)
    files = wanted_files(every, standard_input, refused, passed, machine)
    if machine is not None:
        settler.settle((name for name, one in files.items() if one.listed), machine.bare)
    for name in list(files):
        text = settler(name)[0].text  # whatever is wrong with the settings is said before anything is judged
        root = text.include_root if files[name].listed and not text.untrusted else None
        if root is not None and not within(name, root):
            passed[name] = "a link to outside --include-root"
            del files[name]
    outcomes, late = _outcomes(files, settler, running, machine)
    for name, outcome in outcomes.items():
        if outcome.refused is not None and _needless(files[name], outcome, settler.asked):
            passed[name] = _why_needless(name, outcome.refused)
        elif outcome.refused is not None:
            refused.append(outcome.refused)
    refused += [Refused(name, f"{name}: {late}", True) for name in files if late and name not in outcomes]
    most = None if settler.baselines else asked.most
    suppressions = _suppressions(outcomes, settler, most)
    found = _by_file(outcomes, suppressions, most)
    findings = _findings(outcomes, found, suppressions, asked.version or NEWEST)
    return findings._replace(passed_over=tuple(passed.items())), tuple(refused)


def _suppressions(outcomes: Mapping[str, Outcome], settler: SettingsResolver, most: int | None) -> Suppressions | None:
    """Those of all files; None where no file has any."""
    having = [(name, one.suppressions) for name, one in outcomes.items() if one.suppressions is not None]
    if not having:
        return None
    every = suppressing(most)
    for name, some in having:
        # What comes of another process or a cache has lost how it was asked.
        some.readings[:] = [(reading, settler(name)[0]) for reading, _ in some.readings]
        every.merge(some)
    return every


def _by_file(
    outcomes: Mapping[str, Outcome], suppressions: Suppressions | None, most: int | None
) -> dict[str, list[Diagnostic]]:
    """The findings on each file that was asked for, those on its suppressions too, in order of place."""
    found = {name: list(one.diagnostics) for name, one in outcomes.items() if one.files or not one.complete}
    if suppressions is not None:
        owners = {file: name for name in reversed(found) for file in outcomes[name].files}
        tally = None if most is None else Tally(most)
        _add(unused(suppressions, tally=tally), found, owners, tally)
    return found


def _findings(
    outcomes: Mapping[str, Outcome],
    found: Mapping[str, Iterable[Diagnostic]],
    suppressions: Suppressions | None,
    default: Version,
) -> Findings:
    """What all files come to; `default` is the release where none could be read."""
    sources = Sources()
    fail_on: dict[str, str] = {}
    for outcome in outcomes.values():
        if outcome.sources is not None:
            sources.merge(outcome.sources)
        for file, level in outcome.fail_on.items():
            note_level(fail_on, file, level)
    versions = {name: one.version for name, one in outcomes.items() if one.files and one.version is not None}
    return Findings(
        version=next(iter(versions.values()), default),
        files=tuple(versions),
        diagnostics=once([diagnostic for some in found.values() for diagnostic in some]),
        sources=sources,
        suppressed=tuple(dict.fromkeys(suppressions.every())) if suppressions is not None else (),
        versions=versions,
        fail_on=fail_on,
        hidden=frozenset().union(*(one.hidden for one in outcomes.values())),
        config_ids={name: one.config_ids for name, one in outcomes.items() if one.config_ids},
    )


def _add(
    some: Iterable[Diagnostic], found: Mapping[str, list[Diagnostic]], owners: Mapping[str, str], tally: Tally | None
) -> None:
    """Put findings in their places among those of the files that were asked for; `owners` has these by file."""
    for diagnostic in some if tally is None else counted(some, tally=tally):
        found[owners[diagnostic.span.file]].append(diagnostic)
    for of_file in found.values():
        of_file.sort(key=place_of)


def _needless(wanted: FileToCheck, outcome: Outcome, asked: Asked) -> bool:
    """Whether nobody expects a file to be judged: it could carry a configuration, and does not."""
    return outcome.version is None and (wanted.listed or asked.skip_empty) and is_carrier(wanted.name)


def _why_needless(name: str, refused: Refused) -> str:
    from kalint.pipeline.walking import EMPTY

    why = refused.reason.removeprefix(f"{name}: ")
    return EMPTY if why.startswith(NOTHING) else why


def _machine(paths: Iterable[str], cache: Cache | None) -> Machine | None:
    """The machine as this run sees it, where it asks often: for a directory, or for what is kept of other runs."""
    if cache is not None:
        return cache.machine
    if not any(map(os.path.isdir, paths)):
        return None
    from kalint.pipeline.machine import Machine

    return Machine()


def _outcomes(
    files: dict[str, FileToCheck], settler: SettingsResolver, running: Running, machine: Machine | None
) -> tuple[dict[str, Outcome], str]:
    """The outcomes of all files that no file of a directory includes, in order, and why some are missing, or "".

    Of a directory, those are judged first that may include others, so that these need not be judged.
    """
    real = RealPaths() if machine is None else machine.real
    judging = _Judging(settler, frozenset(map(real, files)), running.cache)
    done: dict[str, Outcome] = {}
    included: set[str] = set()
    late = ""

    def take(one: FileToCheck, outcome: Outcome) -> None:
        done[one.name] = outcome
        included.update(real(file) for file in outcome.files if file != one.name)

    try:
        for one, known in judging.known(files.values()):
            take(one, known)
        for wave in _waves([one for one in files.values() if one.name not in done], machine):
            some = [one for one in wave if not one.listed or real(one.name) not in included]
            for one, found in each(some, judging, written, worth(_sizes(some, running), running), running, "files"):
                take(one, found.outcome)
                judging.keep(one, found)
    except OutOfTimeError as error:
        late = str(error)
    if late:  # what includes it may be among those that were not read
        return {name: done[name] for name in files if name in done}, late
    return {name: done[name] for name, one in files.items() if not one.listed or real(name) not in included}, late


class _Judging:
    """Judges files; with a cache, what that has is known, and what it shall have is kept."""

    def __init__(self, settler: SettingsResolver, named: frozenset[str], cache: Cache | None) -> None:
        self._settler = settler
        self._named = named
        self._kept = None
        if cache is not None:
            from kalint.pipeline.kept_outcomes import KeptOutcomes

            self._kept = KeptOutcomes(cache, settler, named)

    def __call__(self, wanted: FileToCheck) -> Judged:
        if self._kept is not None and wanted.content is None:
            return self._kept.judge_file(wanted.name)
        return Judged(judge_file(wanted.name, wanted.content, self._settler(wanted.name)[0], self._named))

    def known(self, files: Iterable[FileToCheck]) -> Iterator[tuple[FileToCheck, Outcome]]:
        """What earlier runs have left."""
        if self._kept is not None:
            for one in files:
                outcome = self._kept.of_file(one.name) if one.content is None else None
                if outcome is not None:
                    yield one, outcome

    def keep(self, wanted: FileToCheck, found: Judged) -> None:
        """Leave what was found to later runs."""
        if self._kept is not None and wanted.content is None:
            self._kept.keep_file(wanted.name, found)


def _waves(files: Iterable[FileToCheck], machine: Machine | None) -> tuple[list[FileToCheck], list[FileToCheck]]:
    """The files of a directory that include none come last, as others may include them; the order of judging only."""
    first: list[FileToCheck] = []
    then: list[FileToCheck] = []
    for one in files:
        (then if machine and one.listed and not _may_include(one.name, machine) else first).append(one)
    return first, then


def written() -> Form[Judged]:
    """How outcomes go from one process to another."""
    from kalint.pipeline.packing import pack, unpack

    return pack, unpack


def _sizes(files: Sequence[FileToCheck], running: Running) -> list[int]:
    """Their bytes; nobody asks where there is one process only."""
    return [_size(one.name) for one in files] if running.jobs > 1 else []


def _size(path: str) -> int:
    try:
        return os.path.getsize(path)
    except OSError:
        return 0


def _may_include(path: str, machine: Machine) -> bool:
    """Whether a file may be one that includes others."""
    file = machine.file(path)
    return not isinstance(file, list) and file.mentions


def resolutions(
    paths: Iterable[str], asked: Asked, standard_input: Callable[[], tuple[str, bytes]] | None = None
) -> dict[str, Resolved]:
    """What keepalived makes of each configuration that `check` judges; what cannot be judged is left out.

    The key is the file's name, with the config id after it (`keepalived.conf@lb1`) where each of several is judged.
    """
    settler = SettingsResolver(asked)
    files = wanted_files(paths, standard_input, [], {})
    every = {}
    included: set[str] = set()
    for name, one in files.items():
        with suppress(InputError):
            every[name] = readings(name, one.content, settler(name)[0])
            others = (file for reading in every[name] for file in reading.text.files if file != name)
            included.update(map(os.path.realpath, others))
    found = {}
    for name, some in every.items():
        if files[name].listed and os.path.realpath(name) in included:
            continue
        for reading in some:
            with suppress(InputError):
                which = heading(reading)
                key = name if which is None else f"{name}@{which}"
                found[key] = resolved_text(name, *reading[:2]).resolved
    return found


def main_files(folder: str, asked: Asked) -> list[str]:
    """The configurations of a directory that no other one of it includes, those that cannot be read among them."""
    from kalint.pipeline.machine import Machine

    settler = SettingsResolver(asked)
    machine = Machine()
    files = wanted_files((folder,), None, [], {}, machine)
    settler.settle(files, machine.bare)
    real = machine.real
    included: set[str] = set()
    for name in files:
        if not _may_include(name, machine):
            continue
        with suppress(InputError):  # whoever reads it next says so, and of this file only
            for reading in readings(name, None, settler(name)[0]):
                included.update(real(file) for file in reading.text.files if file != name)
    return [name for name in files if real(name) not in included]


def wanted_files(
    paths: Iterable[str],
    standard_input: Callable[[], tuple[str, bytes]] | None,
    refused: list[Refused],
    passed: dict[str, str],
    machine: Machine | None = None,
) -> dict[str, FileToCheck]:
    """The files that paths stand for, each once.

    A directory without any goes to `refused`, files in one that are not to be judged to `passed`, with the reasons.
    `machine` learns what is seen of directories.
    """
    files: dict[str, FileToCheck] = {}
    for path in paths:
        if path == STANDARD_INPUT and standard_input is not None:
            name, content = standard_input()
            files[name] = FileToCheck(name, content=content)
        elif os.path.isdir(path):
            from kalint.pipeline.walking import walk

            walked = walk(path, machine)
            passed.update(walked.passed_over)
            files.update((name, FileToCheck(name, True)) for name in walked.names)
            if not walked.names:
                refused.append(Refused(path, f"{path}: a directory without any *.conf, template or YAML of keepalived"))
        else:
            files[path] = FileToCheck(path)
    return files
