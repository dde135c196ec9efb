"""What is wrong with a scenario, each error with the line that it is about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kalint.findings.secrets import Secrets
from kalint.report.terminal import printable
from kalint.text.files import MAX_FILE, UnreadableError, decode, load

if TYPE_CHECKING:
    from typing import TextIO

    from kalint.simulation.scenario_file import ScenarioError

_PLACE = re.compile(r"(?P<file>.*?):(?P<line>\d+):(?P<column>\d+): (?P<message>.*)", re.DOTALL)
_LONGEST = 200
_TOML = re.compile(r"=|\A\s*\[{1,2}[\w.-]+\]")
"""What a line of a scenario has: any other may be one of any file that was named in place of a scenario."""


def render(error: ScenarioError, stream: TextIO) -> None:
    """Write the errors, which are in the order of their lines, as a check writes its findings."""
    places = [_PLACE.match(each) for each in error.errors]
    shown = {found["file"]: _masked(found["file"]) for found in places if found is not None}
    for each, found in zip(error.errors, places, strict=True):
        if found is None:
            stream.write(f"kalint: {printable(each)}\n")
            continue
        place = f"{printable(found['file'])}:{found['line']}:{found['column']}"
        stream.write(f"{place}: error: {printable(found['message'])}\n")
        text = (shown[found["file"]].shown(found["file"], int(found["line"])) or "")[:_LONGEST]
        if _TOML.search(text):
            before = text[: int(found["column"]) - 1]
            gap = "".join("\t" if character == "\t" else " " for character in before)
            stream.write(f"{found['line']:>4} | {printable(text.expandtabs())}\n     | {gap.expandtabs()}^\n")


def _masked(file: str) -> Secrets:
    """The lines of a file; none of what is no file, as a pipe that is read once."""
    try:
        return Secrets({file: decode(load(file, MAX_FILE)[0])})
    except UnreadableError:
        return Secrets({})
