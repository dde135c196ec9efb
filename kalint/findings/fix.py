"""What would mend a finding: imported only where a rule has something to offer."""

from __future__ import annotations

from typing import NamedTuple

from kalint.source import Span


class Edit(NamedTuple):
    """Characters to replace: those of `span` by `text`; an empty `text` deletes them."""

    span: Span
    text: str


class Fix(NamedTuple):
    """What would mend a finding. A safe one changes nothing that keepalived does but what the finding is about.

    `alters`: what the finding is about is in what keepalived makes of the file (a statement that counts from now on).
    `shown`: a report may show it; none of its text is secret.
    """

    title: str
    edits: tuple[Edit, ...]
    safe: bool = True
    alters: bool = False
    shown: bool = True
