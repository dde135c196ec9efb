"""`kalint priorities --format csv`: one row for each outcome of each instance, or for each combination."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from kalint.analysis.reach.reachable import counted
from kalint.report.cells import harmless
from kalint.report.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TextIO

    from kalint.analysis.given_states import Answer, Priorities


def render(result: Priorities, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - CSV has no colour
    """Write a table with a heading: things as `script:chk=ko`, with blanks between them; no priority is FAULT."""
    writer = csv.writer(stream, lineterminator="\n")
    listed = any(answer.combinations is not None for answer in result.answers)
    writer.writerow(
        ["instance", "virtual_router_id", "priority", *(["states"] if listed else ["witness", "combinations"])]
    )
    for answer in result.answers:
        instance = answer.reach.instance
        for row in _combinations(answer) if listed else _outcomes(answer):
            writer.writerow(harmless([printable(instance.name), instance.virtual_router_id.value, *row]))


def _outcomes(answer: Answer) -> Iterator[tuple[int | str, str, int | None]]:
    counts = counted(answer.reach)
    for reached in answer.reach.reachable:
        yield reached.priority or "FAULT", _things(reached.witness), counts[reached.priority]
    if answer.reach.fault is not None:
        yield "FAULT", _things(answer.reach.fault.witness), counts[None]


def _combinations(answer: Answer) -> Iterator[tuple[int | str, str]]:
    for one in answer.combinations or ():
        yield "FAULT" if one.priority is None else one.priority, _things(one.states)


def _things(states: Mapping[str, str]) -> str:
    return " ".join(f"{printable(key)}={state}" for key, state in states.items())
