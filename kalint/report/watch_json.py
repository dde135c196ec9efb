"""`kalint watch --format json`: one change a line; schema kalint/watch-event/1."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO, cast

from kalint.report.probe_follow import watch_document

if TYPE_CHECKING:
    from kalint.probe.changes import Change


def render(result: object, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 (JSON has no colour)
    """Write one change."""
    stream.write(f"{watch_document(cast('Change', result))}\n")
