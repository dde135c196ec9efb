"""A bug of kalint prevented the check of a file.

## What it does
Replaces all findings of a file on which kalint itself failed. Other files are checked; the exit code is 3. This
finding cannot be ignored or suppressed.

## Why it is bad
The file was not checked: mistakes in it are not found.

## Source
None: keepalived is not involved. Please report what the help of the finding says (it contains no value of the file)
and, if you can, the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Diagnostic
from kalint.rules.rule import Context, Rule, RuleInfo
from kalint.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

INFO = RuleInfo("KA000", "internal-error", "error", "proven", "an internal error of kalint on a file")
MOST = 6
"""Places in kalint that a finding names, the innermost first."""


def finding(path: str, error: Exception, others: str = "the file was not checked") -> Diagnostic:
    """What is said of a file on which kalint failed: where in kalint, and no value of the file."""
    where = ", ".join(places(error.__traceback__))
    message = f"kalint failed on this file ({type(error).__name__}): {others}"
    advice = f"report this bug of kalint with the file, if you can, and this line: {type(error).__name__} at {where}"
    return INFO.at(Span(path, 1, 1, 1, 1), message, help=advice)


def places(trace: TracebackType | None) -> list[str]:
    """Where in kalint an error came from, the innermost place first."""
    found = []
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        found.append(f"{name[name.rfind('kalint') :]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return found[: -MOST - 1 : -1]


def check(_context: Context) -> Iterator[Diagnostic]:
    """Nothing: it is found where kalint fails."""
    yield from ()


RULE = Rule(INFO, check)
