"""All rules for programs: schema kalint/rules/1."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TextIO, cast

from kalint.report.check_json import rule_url
from kalint.rules.page import page_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kalint.rules.rule import Rule

SCHEMA = "kalint/rules/1"


def render(result: object, stream: TextIO, *, color: bool = False) -> None:  # noqa: ARG001 - JSON has no colour
    """Write the `Rule`s as one document, with their pages."""
    document = {"schema": SCHEMA, "rules": [_rule(rule) for rule in cast("Iterable[Rule]", result)]}
    json.dump(document, stream, indent=2)
    stream.write("\n")


def _rule(rule: Rule) -> dict[str, object]:
    info = rule.info
    return {
        "code": info.code,
        "name": info.name,
        "severity": info.severity,
        "confidence": info.confidence,
        "summary": info.summary,
        "url": rule_url(info.code),
        "page": page_of(rule).markdown(),
    }
