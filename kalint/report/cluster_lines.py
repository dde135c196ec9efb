"""`kalint cluster --format jsonl`: schema kalint/cluster-summary/1, a document a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO, cast

if TYPE_CHECKING:
    from collections.abc import Sequence


def render(result: object, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - JSON has no colour
    """Write the documents of `kalint.report.cluster_summary`."""
    for document in cast("Sequence[dict[str, Any]]", result):
        stream.write(json.dumps(document) + "\n")
