"""`kalint diff --format jsonl`: a kalint/diff/1 document a line, for everything that was compared."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TextIO

from kalint.analysis.difference import Comparison
from kalint.report.diff_json import document_of

if TYPE_CHECKING:
    from collections.abc import Sequence


def render(result: Comparison | Sequence[Comparison], stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - JSON has no colour
    """Write a line for each comparison."""
    for one in (result,) if isinstance(result, Comparison) else result:
        stream.write(json.dumps(document_of(one)) + "\n")
