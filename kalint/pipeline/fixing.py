"""`kalint check --fix` strung together: which fixes of a check's findings go together, and what is left then."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from kalint.fixing.trying import RUN, FixResult, Judge, mend
from kalint.pipeline.checking import resolutions
from kalint.pipeline.judging import judged
from kalint.pipeline.reading import STANDARD_INPUT
from kalint.report.show_json import document_of
from kalint.text.files import within

if TYPE_CHECKING:
    from kalint.findings.diagnostic import Diagnostic, Findings
    from kalint.findings.fix import Fix
    from kalint.fixing.trying import Block, Contents
    from kalint.pipeline.request import CheckRequest
    from kalint.semantics.resolved import Resolved

BLOCKS = ("instances", "scripts", "sync_groups")
ABOUT_PLACES = ("location", "dropped_trackers")


class Outcome(NamedTuple):
    """What was mended, and what is left to find; `wanted` is the request with the mended contents laid over."""

    mended: FixResult
    findings: Findings
    said: tuple[str, ...]
    wanted: CheckRequest


_ELSEWHERE = "the file is outside the folders of the named paths: pass its folder with --include-root"


def fixed(wanted: CheckRequest, given: Contents) -> Outcome:
    """Mend what can be mended, in memory.

    Args:
        wanted: the check.
        given: the bytes of standard input, by the real path of the name that it has.
    """
    mended = mend(_judge(wanted), given, lambda found: _chosen(found, wanted))
    wanted = wanted._replace(asked=wanted.asked._replace(overlay={**mended.original, **mended.contents}))
    findings, said = judged(wanted, lambda: standard_input(wanted))
    elsewhere = tuple([(found, _ELSEWHERE) for found in findings.diagnostics if _is_elsewhere(found, wanted)])
    return Outcome(mended._replace(refused=(*mended.refused, *elsewhere)), findings, said, wanted)


def fixable_alone(wanted: CheckRequest, given: Contents, found: Diagnostic) -> bool:
    """Whether the fix of one finding can be made by itself: `fixed` may refuse it, or make it with others only."""
    mended = mend(
        _judge(wanted), given, lambda each: (each.span, each.code, each.fix) == (found.span, found.code, found.fix)
    )
    return any(each.fix == found.fix for each in mended.fixed)


def _judge(wanted: CheckRequest) -> Judge:
    """Every finding counts as a new one, whatever --select says; what a block resolves to is looked at, too."""
    everything = wanted._replace(asked=wanted.asked._replace(select=(), ignore=()))

    def over(contents: Contents) -> CheckRequest:
        return everything._replace(asked=everything.asked._replace(overlay=contents))

    def findings(contents: Contents) -> Findings:
        request = over(contents)
        return judged(request, lambda: standard_input(request))[0]

    def resolved(contents: Contents) -> dict[Block, dict[str, object]]:
        request = over(contents)
        found: dict[Block, dict[str, object]] = {}
        standard_input = (wanted.stdin_filename, contents.get(os.path.realpath(wanted.stdin_filename), b""))
        for name, each in resolutions(wanted.paths, request.asked, lambda: standard_input).items():
            document = document_of(each)
            for kind in BLOCKS:
                for block in document[kind]:
                    bare = {key: value for key, value in block.items() if key not in ABOUT_PLACES}
                    found[name, kind, str(block["name"])] = bare
            found[name, RUN, ""] = _commands(each)
        return found

    return Judge(findings, resolved)


def _commands(resolved: Resolved) -> dict[str, object]:
    """What keepalived runs: the scripts that something tracks, checks and notify scripts, each kind with its texts."""
    from kalint.rules.support.commands import commands

    trackers = [each for instance in resolved.instances for each in instance.trackers]
    trackers += [each for group in resolved.sync_groups for each in group.trackers]
    tracked = {each.name for each in trackers if each.kind == "script"}
    found: dict[str, set[str]] = {}
    for script in resolved.scripts:
        if script.name in tracked:
            found.setdefault("a script", set()).add(script.name)
    for command in commands(resolved):
        if command.keyword != "script":
            found.setdefault(command.keyword, set()).add(command.text)
    return {kind: frozenset(texts) for kind, texts in found.items()}


def standard_input(wanted: CheckRequest) -> bytes:
    """What standard input holds, as it is laid over the files."""
    return wanted.asked.overlay[os.path.realpath(wanted.stdin_filename)]


def _chosen(found: Diagnostic, wanted: CheckRequest) -> bool:
    return found.fix is not None and _asked_for(found, wanted) and _is_ours(found.fix, wanted)


def _is_elsewhere(found: Diagnostic, wanted: CheckRequest) -> bool:
    """Whether only the folder of its file keeps a fix from being made."""
    return found.fix is not None and _asked_for(found, wanted) and not _is_ours(found.fix, wanted)


def _asked_for(found: Diagnostic, wanted: CheckRequest) -> bool:
    asked = wanted.asked
    counts = found.code.startswith(asked.select or "") and not found.code.startswith(asked.ignore)
    return counts and found.fix is not None and (found.fix.safe or wanted.unsafe_fixes)


def _is_ours(fix: Fix, wanted: CheckRequest) -> bool:
    """Whether a fix edits only files in the folders of the named paths, or in --include-root."""
    root = wanted.asked.include_root
    named = [wanted.stdin_filename if path == STANDARD_INPUT else path for path in wanted.paths]
    folders = [path if os.path.isdir(path) else os.path.dirname(path) or "." for path in named]
    folders += [root] if root is not None else []
    return all(any(within(edit.span.file, folder) for folder in folders) for edit in fix.edits)
