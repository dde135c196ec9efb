"""Mending files: the fixes of findings, as many as go together, tried before anything is written.

Fixes are made on copies in memory, which are judged again: what gives a new finding, does not end the one it is for, or
changes more of the resolved configuration than it is about is left out, and said.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kalint.errors import UsageError
from kalint.findings.fingerprints import Print, Prints
from kalint.fixing.edits import edited, overlap
from kalint.report.places import standing
from kalint.text.files import UnreadableError, load
from kalint.writing import replace

if TYPE_CHECKING:
    from kalint.findings.diagnostic import Diagnostic, Findings
    from kalint.findings.fix import Edit
    from kalint.source import Span

Contents = Mapping[str, bytes]
"""Bytes of files by their real paths, in place of what the files hold."""
Block = tuple[str, str, str]
"""A file that was asked for, a kind such as `instances`, and a name."""
RUN = "commands"
"""The kind of what is no block: the commands that a configuration makes keepalived run."""
MAX_ROUNDS = 100
FEW = 16
"""As many are tried one by one; of more, those that look guilty are not made, without a trial of their own."""
WORDS = r"[\s\"':>]+"


class Judge(NamedTuple):
    """How a set of contents is looked at: its findings, and what keepalived makes of it, block by block.

    The blocks are objects of `kalint show --format json`, without their places; and for each file, of the kind RUN, the
    commands that keepalived runs, as sets by keyword.
    """

    findings: Callable[[Contents], Findings]
    resolved: Callable[[Contents], dict[Block, dict[str, object]]]


class FixResult(NamedTuple):
    """What came of it: files' bytes before and after, the findings that are mended, those left alone and why.

    `hidden` are secret words of the files as they were.
    """

    original: Contents
    contents: Contents
    fixed: tuple[Diagnostic, ...] = ()
    refused: tuple[tuple[Diagnostic, str], ...] = ()
    hidden: frozenset[str] = frozenset()


def mend(judge: Judge, given: Contents, wanted: Callable[[Diagnostic], bool]) -> FixResult:
    """Make every fix that can be made and is `wanted`; `given` are bytes that are in no file (standard input)."""
    trial = _Trial(judge, dict(given), wanted)
    hidden = trial.findings.hidden
    for _ in range(MAX_ROUNDS):
        if not trial.round():
            break
    changed = {path: content for path, content in trial.contents.items() if content != trial.original[path]}
    return FixResult(trial.original, changed, tuple(trial.fixed), tuple(trial.refused.values()), hidden)


def write(mended: FixResult) -> None:
    """Write the new bytes; each file as a whole or not at all.

    Raises:
        UsageError: a file cannot be written, or has changed since it was read.
    """
    for path, content in mended.contents.items():
        _write(path, mended.original[path], content)


def _write(path: str, original: bytes, content: bytes) -> None:
    try:
        if _content(path) != original:
            raise UsageError(f"{standing(path)}: not written: the file has changed since it was read")
        replace(path, content)
    except OSError as error:
        raise UsageError(f"{standing(path)}: cannot write: {error.strerror or error}") from error


def _content(path: str) -> bytes:
    """The bytes of a file that was read before; something else may have taken its place meanwhile, such as a pipe."""
    try:
        return load(path)[0]
    except UnreadableError as error:
        raise UsageError(f"{standing(path)}: cannot be read again: {error}") from error


class _Trial:
    def __init__(self, judge: Judge, given: dict[str, bytes], wanted: Callable[[Diagnostic], bool]) -> None:
        self._judge = judge
        self._wanted = wanted
        self.contents = given
        self.original = dict(given)
        self.findings = judge.findings(given)
        self._resolved = judge.resolved(given)
        self.fixed: list[Diagnostic] = []
        self.refused: dict[tuple[Span, str], tuple[Diagnostic, str]] = {}

    def round(self) -> bool:
        """Make what goes together; whether anything was made. What changes nothing resolved comes first."""
        found = [each for each in self.findings.diagnostics if each.fix and _key(each) not in self.refused]
        found = [each for each in found if self._wanted(each)]
        for alters in (False, True):
            some = _together([each for each in found if each.fix is not None and each.fix.alters == alters])
            if some and self._make(some):
                return True
        return False

    def _make(self, batch: Sequence[Diagnostic]) -> bool:
        """Make all of them, or else each half of them; one alone that cannot be made is refused."""
        contents = self._with(batch)
        findings = self._judge.findings(contents)
        resolved = self._judge.resolved(contents)
        why = self._objection(batch, findings, resolved)
        if not why:
            self.contents, self.findings, self._resolved = contents, findings, resolved
            self.fixed += batch
            self.refused.clear()  # what was in the way may be mended now
            return True
        if len(batch) == 1:
            self.refused[_key(batch[0])] = batch[0], why
            return False
        suspects = self._suspects(batch, findings) if len(batch) > FEW else {}
        if suspects:
            self.refused.update({_key(each): (each, why) for each, why in suspects.items()})
            innocent = [each for each in batch if each not in suspects]
            return bool(innocent) and self._make(innocent)
        # The other half is for the next round: its places have moved.
        half = len(batch) // 2
        return self._make(batch[:half]) or self._make(batch[half:])

    def _suspects(self, batch: Iterable[Diagnostic], after: Findings) -> dict[Diagnostic, str]:
        """Those that must be why there are new findings, and what these are: each is the only one of its block."""
        come = self._come(after)
        prints = Prints(after.sources)
        new = {_outermost(prints.of(each)): each for each in after.diagnostics if (each.code, each.message) in come}
        prints = Prints(self.findings.sources)
        blocks: dict[str, list[Diagnostic]] = {}
        for each in batch:
            blocks.setdefault(_outermost(prints.of(each)), []).append(each)
        alone = ((block, some[0]) for block, some in blocks.items() if len(some) == 1 and block in new)
        return {each: _said(new[block].code, new[block].message) for block, each in alone}

    def _come(self, after: Findings) -> Counter[tuple[str, str]]:
        """New findings, by code and message: places move."""
        before = Counter((each.code, each.message) for each in self.findings.diagnostics)
        return Counter((each.code, each.message) for each in after.diagnostics) - before

    def _with(self, batch: Iterable[Diagnostic]) -> dict[str, bytes]:
        edits: dict[str, list[Edit]] = {}
        for diagnostic in batch:
            for edit in diagnostic.fix.edits if diagnostic.fix else ():
                edits.setdefault(os.path.realpath(edit.span.file), []).append(edit)
        contents = dict(self.contents)
        for path, some in edits.items():
            if path not in contents:
                contents[path] = self.original[path] = _content(path)
            contents[path] = edited(contents[path], some)
        return contents

    def _objection(self, batch: Sequence[Diagnostic], after: Findings, resolved: dict[Block, dict[str, object]]) -> str:
        """Why the fixes must not be made, or ""."""
        if len(after.refused) > len(self.findings.refused):
            return "the file could no longer be read"
        for code, message in self._come(after):
            return _said(code, message)
        before = Counter((each.code, each.message) for each in self.findings.diagnostics)
        now = Counter((each.code, each.message) for each in after.diagnostics)
        if any(now[each.code, each.message] >= before[each.code, each.message] for each in batch):
            return "the finding would remain"
        if all(each.fix and each.fix.safe for each in batch):
            for keyword, _ in sorted(_commands(resolved) - _commands(self._resolved)):
                return f"keepalived would run {keyword} that it does not run now"
            changed = _changed(self._resolved, resolved)
            changed -= _about(batch, self.findings, {**self._resolved, **resolved})
            for _, kind, name in sorted(changed):
                return f"the fix would also change {kind} {name}"
        return ""


def _said(code: str, message: str) -> str:
    return f"the fix would cause a new finding: {code} {message}"


def _outermost(found: Print) -> str:
    return found.block.split(" > ")[0] or found.text


def _key(diagnostic: Diagnostic) -> tuple[Span, str]:
    return diagnostic.span, diagnostic.code


def _together(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """As many of them, from the top, as do not touch one another; those with one fix are one."""
    chosen: list[Diagnostic] = []
    taken: dict[str, list[Edit]] = {}
    fixes = set()
    for diagnostic in found:
        fix = diagnostic.fix
        if fix is None or fix in fixes:
            continue
        places = [(taken.setdefault(os.path.realpath(edit.span.file), []), edit) for edit in fix.edits]
        if any(overlap(edit.span, other.span) for some, edit in places for other in some):
            continue
        for some, edit in places:
            some.append(edit)
        fixes.add(fix)
        chosen.append(diagnostic)
    return chosen


def _changed(before: Mapping[Block, object], after: Mapping[Block, object]) -> set[Block]:
    return {key for key in {**before, **after} if before.get(key) != after.get(key) and key[1] != RUN}


def _commands(blocks: Mapping[Block, Mapping[str, object]]) -> set[tuple[str, str]]:
    sets = [each for (_, kind, _), each in blocks.items() if kind == RUN]
    return {
        (keyword, text)
        for each in sets
        for keyword, texts in each.items()
        if isinstance(texts, frozenset)
        for text in texts
    }


def _about(batch: Iterable[Diagnostic], findings: Findings, blocks: Mapping[Block, Mapping[str, object]]) -> set[Block]:
    """The blocks that altering fixes are about: named where the finding is, or hanging on what is named there."""
    prints = Prints(findings.sources)
    said = ""
    for diagnostic in batch:
        if diagnostic.fix is not None and diagnostic.fix.alters:
            print_ = prints.of(diagnostic)
            if print_.block.startswith("global_defs"):
                return set(blocks)
            said += _plain(f"{print_.block} {print_.text} {diagnostic.message}")
    about: set[Block] = set()
    for _ in range(2):  # what shares a sync group with one of them hangs on it too
        for key, block in blocks.items():
            if key not in about and any(_plain(name) in said for name in (key[2], *_hangs_on(block))):
                about.add(key)
                said += _plain(str(block.get("sync_group") or ""))
    return about


def _plain(text: str) -> str:
    """Words with a blank before and after each, so that one name is not found in another."""
    return f" {' '.join(re.split(WORDS, text))} "


def _hangs_on(block: Mapping[str, object]) -> set[str]:
    trackers = block.get("trackers")
    names = {each["name"] for each in trackers if isinstance(each, dict)} if isinstance(trackers, list) else set()
    members = block.get("members")
    if isinstance(members, list):
        names.update(members)
    return names if block.get("sync_group") is None else names | {str(block["sync_group"])}
