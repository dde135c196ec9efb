"""`kalint watch --format text`: one change a line, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO, cast

from kalint.report.probe_follow import line

if TYPE_CHECKING:
    from kalint.probe.changes import Change


def render(result: object, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 (a log has no colour)
    """Write one change."""
    stream.write(f"{line(cast('Change', result))}\n")
