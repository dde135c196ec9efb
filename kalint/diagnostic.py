"""A judgement: what a rule says of some characters, and how sure it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.source import Span

if TYPE_CHECKING:
    from typing import Literal

    Severity = Literal["error", "warning", "info"]
    Confidence = Literal["proven", "heuristic"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


class Related(NamedTuple):
    """Another place that the reader must see to believe the message."""

    span: Span
    message: str


class Diagnostic(NamedTuple):
    """One finding. `message` says the value, the consequence and the allowed set, in lower case."""

    code: str
    name: str
    severity: Severity
    confidence: Confidence
    message: str
    span: Span
    related: tuple[Related, ...] = ()
    help: str = ""
