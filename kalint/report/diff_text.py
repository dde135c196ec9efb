"""`kalint diff` for people: what changes, grouped by instance."""

from __future__ import annotations

from typing import TextIO

from kalint.analysis.difference import Comparison
from kalint.report.terminal import printable

_HEADINGS = {"finding": "findings", "bug": "known bugs of the release"}
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
    subject = None
    for change in result.changes:
        heading = _HEADINGS.get(change.what, change.subject)
        if heading != subject:
            print(f"\n{bold}{printable(heading)}{plain}", file=stream)
            subject = heading
        label = change.subject if change.what in _HEADINGS else change.what
        old, new = printable(change.old), printable(change.new)
        if change.what in _HEADINGS:
            print(f"  {label}  {f'no longer: {old}' if old else f'new: {new}'}", file=stream)
        else:
            print(f"  {label}: {old or '-'}  ->  {new or '-'}", file=stream)
