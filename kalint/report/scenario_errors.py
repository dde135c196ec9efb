"""What is wrong with a scenario, each error with the line that it is about."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from kalint.report.terminal import printable

if TYPE_CHECKING:
    from typing import TextIO

    from kalint.simulation.scenario_file import ScenarioError

_PLACE = re.compile(r"(?P<file>.*?):(?P<line>\d+):(?P<column>\d+): (?P<message>.*)", re.DOTALL)
_LONGEST = 200


def render(error: ScenarioError, stream: TextIO) -> None:
    """Write the errors, which are in the order of their lines, as a check writes its findings."""
    places = [_PLACE.match(each) for each in error.errors]
    texts = _lines({(found["file"], int(found["line"])) for found in places if found is not None})
    for each, found in zip(error.errors, places, strict=True):
        if found is None:
            stream.write(f"kalint: {printable(each)}\n")
            continue
        place = f"{printable(found['file'])}:{found['line']}:{found['column']}"
        stream.write(f"{place}: error: {printable(found['message'])}\n")
        text = texts.get((found["file"], int(found["line"])))
        if text:
            before = text[: int(found["column"]) - 1]
            gap = "".join("\t" if character == "\t" else " " for character in before)
            stream.write(f"{found['line']:>4} | {printable(text.expandtabs())}\n     | {gap.expandtabs()}^\n")


def _lines(wanted: set[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """The texts of lines."""
    found = {}
    for file in {file for file, _ in wanted}:
        if not os.path.isfile(file):  # a pipe is read once
            continue
        with suppress(OSError), open(file, encoding="utf-8", errors="replace") as stream:
            for number, line in enumerate(stream, 1):
                if (file, number) in wanted:
                    found[file, number] = line.rstrip("\r\n")[:_LONGEST]
    return found
