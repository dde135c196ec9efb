"""`kalint fleet --format json`: schema kalint/fleets/1, all networks in one document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TextIO, cast

from kalint.report.fleet_lines import document_of

if TYPE_CHECKING:
    from kalint.analysis.fleet import Fleet


def render(result: object, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - JSON has no colour
    """Write one document."""
    fleet = cast("Fleet", result)
    document = {
        "schema": "kalint/fleets/1",
        "networks": [document_of(one) for one in fleet.networks],
        "unplaced": list(fleet.unplaced),
        "unreadable": list(fleet.refused),
    }
    json.dump(document, stream, indent=2)
    stream.write("\n")
