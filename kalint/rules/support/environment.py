"""Findings without values of the environment: `${_ENV NAME}` may hold a password that no output should have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kalint.findings.diagnostic import Diagnostic
    from kalint.syntax.tree import Node


def masked(findings: Iterable[Diagnostic], statements: Iterable[Node]) -> Iterator[Diagnostic]:
    """The findings with each word that the environment had a part in shown without that part."""
    shown: dict[str, str] = {}
    for node in statements:
        if any(piece.secret for piece in node.line.pieces):
            shown.update((word.text, word.shown) for word in node.words if word.text != word.shown)
            for piece in node.line.pieces:
                if piece.secret:
                    shown.setdefault(node.line.text[piece.start : piece.end], "${_ENV}")
    shown.pop("", None)
    if not shown:
        yield from findings
        return
    words = "|".join(re.escape(text) for text in sorted(shown, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)(?:{words})(?!\w)")

    def mask(text: str) -> str:
        return pattern.sub(lambda found: shown[found.group()], text)

    for finding in findings:
        places = tuple(related._replace(message=mask(related.message)) for related in finding.related)
        yield finding._replace(message=mask(finding.message), help=mask(finding.help), related=places)
