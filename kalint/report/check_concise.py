"""The findings of a check, one line each: what the error formats of editors and the matchers of CI systems read."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO, cast

from kalint.report.places import heading
from kalint.report.terminal import inert, printable

if TYPE_CHECKING:
    from kalint.findings.diagnostic import Findings


def render(result: object, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - a program reads it
    """Write a `Findings`, each as `path:line:column: CODE severity: message`; columns count characters from 1."""
    for found in cast("Findings", result).diagnostics:
        place = f"{heading(found.span.file)}:{found.span.line}:{found.span.column}"
        stream.write(f"{place}: {found.code} {found.severity}: {inert(printable(found.message))}\n")
