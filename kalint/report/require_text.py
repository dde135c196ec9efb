"""`kalint require` for people: what fails and why, and on request what holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.analysis.cluster.verdict import EMPTY, FAILS, HOLDS, UNDECIDED
from kalint.report.columns import named
from kalint.report.terminal import printable
from kalint.requirements.normal import normal
from kalint.rules.support.verdicts import SAID, story

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from kalint.analysis.checked_cluster import Required
    from kalint.analysis.cluster.verdict import Verdict

_COLORS = {FAILS: "\x1b[1;31m", EMPTY: "\x1b[1;33m", UNDECIDED: "\x1b[1;33m", HOLDS: "\x1b[32m"}
_PLAIN = "\x1b[0m"
_WIDTH = 15


def render(result: Sequence[Required], stream: TextIO, *, color: bool = False) -> None:
    """Each requirement with its verdict, and a summary, cluster by cluster."""
    for number, required in enumerate(result):
        if len(result) > 1:
            print(f"{chr(10) * (number > 0)}cluster {printable(required.judged.name)}", file=stream)
        _one(required, stream, color)


def _one(required: Required, stream: TextIO, color: bool) -> None:
    names = named(node.name for node in required.judged.cluster.nodes)
    shortened = False
    for verdict in required.verdicts:
        if verdict.outcome == HOLDS and not required.verbose:
            continue
        said = f"{SAID[verdict.outcome]:<{_WIDTH}}"
        if color:
            said = f"{_COLORS[verdict.outcome]}{said}{_PLAIN}"
        print(f"{said}{printable(normal(verdict.requirement, with_name=True))}", file=stream)
        for line in explanation(verdict, counted=True):
            short = names.short(line)
            shortened = shortened or short != line
            print(f"{'':<{_WIDTH}}{printable(short)}", file=stream)
    print(total(required.verdicts), file=stream)
    if shortened:
        print(printable(names.legend()), file=stream)


def explanation(verdict: Verdict, counted: bool = False) -> list[str]:
    """The lines of a counterexample, or why there is none; of one that holds only what was `counted`."""
    found = list(story(verdict))
    if verdict.outcome == HOLDS:
        if not counted:
            return found
        links = "; cut links not considered" if verdict.without_links else ""
        found.append(f"in {verdict.situations:,} situation{'s' * (verdict.situations != 1)}{links}")
    elif verdict.why:
        found.append(verdict.why)
    if verdict.hint:
        found.append(f"hint: {verdict.hint}")
    place = verdict.requirement.place
    if verdict.outcome != HOLDS and place.file:
        found.append(f"at {place.file}:{place.line}:{place.column}")
    return found


def total(verdicts: Sequence[Verdict]) -> str:
    """How many requirements there are, by what was found: `3 requirements: 2 hold, 1 fails`."""
    count = len(verdicts)
    if not count:
        return "no requirements"
    parts = []
    for outcome, one, many in (
        (HOLDS, "holds", "hold"),
        (FAILS, "fails", "fail"),
        (UNDECIDED, "is undecided", "are undecided"),
        (EMPTY, "tests nothing", "test nothing"),
    ):
        number = sum(verdict.outcome == outcome for verdict in verdicts)
        if number:
            parts.append(f"{number} {one if number == 1 else many}")
    return f"{count} requirement{'s' * (count != 1)}: {', '.join(parts)}"
