"""`kalint diff` as kalint/diff/1."""

from __future__ import annotations

import json
from typing import TextIO

from kalint.analysis.difference import Comparison


def render(result: Comparison, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 (a renderer's signature)
    """The two sides and every change, in order."""
    sides = {
        name: {"file": side.path, "keepalived_version": str(side.version)}
        for name, side in (("old", result.old), ("new", result.new))
    }
    changes = [
        {"what": change.what, "subject": change.subject, "old": change.old or None, "new": change.new or None}
        for change in result.changes
    ]
    json.dump({"schema": "kalint/diff/1", **sides, "reload": result.reload, "changes": changes}, stream, indent=2)
    stream.write("\n")
