"""`kalint diff` for people: what changes, grouped by instance."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from kalint.report.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kalint.analysis.difference import Change, Comparison

_HEADINGS = {"finding": "findings", "bug": "known bugs of the release", "requirement": "requirements"}
"""Changes that do not belong to an instance, and what stands above them."""


def render(result: Comparison, stream: TextIO, *, color: bool = False) -> None:
    """A heading, then for each instance or rule what was and what is."""
    bold, plain = ("\x1b[1m", "\x1b[0m") if color else ("", "")
    sides = [f"{printable(side.path)} (keepalived {side.version})" for side in (result.old, result.new)]
    print(f"{bold}{sides[0]}  ->  {sides[1]}{plain}", file=stream)
    if not result.changes and result.reload:
        print("\nnothing changes: every instance keeps its state and its priority", file=stream)
    elif not result.changes:
        print("\nnothing changes: the same priorities, faults, trackers and findings", file=stream)
    for line in blocks(result, color):
        print(line, file=stream)


def blocks(result: Comparison, color: bool) -> Iterator[str]:
    """The lines of all changes, a block for each instance, router or kind."""
    bold, plain = ("\x1b[1m", "\x1b[0m") if color else ("", "")
    subject = None
    for change in result.changes:
        heading = _HEADINGS.get(change.what, change.subject)
        if heading != subject:
            yield ""
            yield f"{bold}{printable(heading)}{plain}"
            subject = heading
        old, new = printable(change.old), printable(change.new)
        if change.what == "requirement":
            yield f"  {printable(change.subject)}: {old or 'not required'}  ->  {new or 'not required'}"
        elif change.what in _HEADINGS:
            yield f"  {change.subject}  {f'no longer: {old}' if old else f'new: {new}'}"
        else:
            yield f"  {printable(label(change))}: {old or '-'}  ->  {new or '-'}"


def label(change: Change) -> str:
    """What a change is of: a failure by what fails."""
    return change.detail or change.what
