"""The second reading of a file: what the daemon has, where a mistake makes that another thing than was meant.

`kalint.pipeline.reading` imports this only for files that may have such a mistake.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING

from kalint.model.builder import build
from kalint.model.losses import Losses, losses
from kalint.model.running import running
from kalint.problem import Problem
from kalint.semantics.resolve import resolve
from kalint.syntax.profile import syntax_profile_for
from kalint.text.profile import text_profile_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kalint.findings.diagnostic import Diagnostic
    from kalint.model.config import Config
    from kalint.semantics.resolved import Resolved
    from kalint.source import Span
    from kalint.text import Text
    from kalint.version import Version

_CONSEQUENCE = re.compile(r": |, so ")
"""What comes before the consequence in a message."""


def may_differ(text: Text, version: Version) -> bool:
    """Whether a release may have another configuration than was meant, though no brace is wrong for newer ones."""
    nested = bool(text.includes) and syntax_profile_for(version).includes_are_streams
    return nested or not text_profile_for(version).cuts_at_braces


def as_run(text: Text, problems: Sequence[Problem], meant: Config, version: Version) -> tuple[Resolved, Losses]:
    """What the daemon has, and what of what was meant it lacks; the problems come back with what each costs."""
    has = running(text.lines, [each[:2] for each in text.includes], version)
    found = losses(text.lines, text.includes, meant.nodes, has, problems, version)
    if syntax_profile_for(version).include_ends_skipping:
        inside = _inside(text)
        reported = tuple(Problem("include-reported", each.span) for each in text.includes if inside[each.first])
        found = found._replace(problems=(*found.problems, *reported))
    return resolve(build(has.nodes, version), version), found


def _inside(text: Text) -> list[bool]:
    """Whether each line, and what would follow the last one, stands inside a block."""
    steps = ((each.text == "{") - (each.text == "}") for each in text.lines)
    return [depth > 0 for depth in accumulate(steps, initial=0)]


def of_lost_lines(found: Iterable[Diagnostic], lost: Mapping[tuple[str, int], Span]) -> Iterator[Diagnostic]:
    """Findings, of which those on lines that the daemon does not read say what is wrong, and nothing of what it does.

    The rules on reading (KA0) speak of the text, and stay. What is only worth knowing (an info) is left for later.
    Only a fix on the line of a mistake that costs lines stays safe. The daemon reads others of their blocks otherwise
    than meant: with `state BACKUP` an instance that has lost its priority falls from 255 to 100.
    """
    causes = {cause[:2] for cause in lost.values()}
    for diagnostic in found:
        if diagnostic.fix is not None and diagnostic.span[:2] not in causes:
            diagnostic = diagnostic._replace(fix=diagnostic.fix._replace(safe=False))
        cause = lost.get((diagnostic.span.file, diagnostic.span.line))
        if cause is not None and not diagnostic.code.startswith("KA0"):
            if diagnostic.severity == "info":
                continue
            what = _CONSEQUENCE.split(diagnostic.message, 1)[0]
            message = f"{what} (keepalived does not read this line, because of line {cause.line})"
            diagnostic = diagnostic._replace(message=message)
        yield diagnostic
