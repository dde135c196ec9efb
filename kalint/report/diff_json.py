"""`kalint diff` as kalint/diff/1."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO

from kalint.analysis.difference import Comparison

if TYPE_CHECKING:
    from collections.abc import Sequence


def render(result: Comparison | Sequence[Comparison], stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 (a renderer's signature)
    """The two sides and every change, in order; of many, all of them in one document."""
    if isinstance(result, Comparison):
        document = document_of(result)
    else:
        document = {"schema": "kalint/diffs/1", "compared": [document_of(one) for one in result]}
    json.dump(document, stream, indent=2)
    stream.write("\n")


def document_of(result: Comparison) -> dict[str, Any]:
    """One comparison; of a cluster its name in place of the files."""
    sides = {
        name: {
            **({} if result.cluster else {"file": side.path}),
            "keepalived_version": None if side.version is None else str(side.version),
        }
        for name, side in (("old", result.old), ("new", result.new))
    }
    changes = [
        {
            "what": change.what,
            "subject": change.subject,
            **({"failure": change.detail} if change.detail else {}),
            "old": change.old or None,
            "new": change.new or None,
        }
        for change in result.changes
    ]
    named = {"cluster": result.cluster} if result.cluster else {}
    failed = {"error": result.error} if result.error else {}
    return {"schema": "kalint/diff/1", **named, **sides, "reload": result.reload, "changes": changes, **failed}
