"""Findings of one kind in one file as one finding, with the other places after it.

This is for who reads them: suppressions, baselines and fixes know each place of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Related

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kalint.findings.diagnostic import Diagnostic

_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[^\s,;'\"]+")


def folded(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings, with the infos of one code and remedy in one file, and those of a rule that folds, as one.

    So are those of one place that hold for different config ids and differ in numbers only. The first keeps its place
    and its words; each of the others is a related place of it, after what the first one has itself. A fix is that of
    all of them, where all have one.
    """
    groups: dict[object, list[Diagnostic]] = {}
    for number, finding in enumerate(found):
        key: object = number
        if finding.folds:
            key = finding.code, finding.severity, finding.span.file
        elif finding.severity == "info":
            key = finding.code, finding.severity, finding.span.file, _remedy(finding)
        elif finding.config_ids:
            key = finding.code, finding.severity, finding.span, _NUMBER.sub("", finding.message)
            taken = {each for one in groups.get(key, ()) for each in one.config_ids}
            if not taken.isdisjoint(finding.config_ids):
                key = number
        groups.setdefault(key, []).append(finding)
    return tuple(_one(group) if len(group) > 1 else group[0] for group in groups.values())


def _one(group: list[Diagnostic]) -> Diagnostic:
    first, *others = group
    others.sort(key=lambda other: other.stands_for == 1)  # what stands for many more comes first, where it is seen
    also = [Related(other.span, _also(first, other)) for other in others]
    fix = first.fix
    if fix is not None:
        fixes = [finding.fix for finding in group if finding.fix is not None]
        edits = tuple(dict.fromkeys(edit for one in fixes for edit in one.edits))
        fix = fix._replace(edits=edits, safe=all(one.safe for one in fixes)) if len(fixes) == len(group) else None
    ids = dict.fromkeys(each for finding in group for each in finding.config_ids)
    common = () if any(not finding.config_ids for finding in group) else tuple(ids)
    return first._replace(related=(*first.related, *also), fix=fix, config_ids=common)


def _remedy(finding: Diagnostic) -> tuple[str, ...]:
    """The words of the help that say what to do: not names of the message, and nothing with a digit."""
    said = set(_WORD.findall(finding.message))
    return tuple(word for word in _WORD.findall(finding.help) if word not in said and not _NUMBER.search(word))


def _also(first: Diagnostic, other: Diagnostic) -> str:
    if other.stands_for > 1:
        return other.message
    text = "also here" if other.message == first.message else f"also {other.message}"
    if other.help and _remedy(other) != _remedy(first):
        text = f"{text}; {other.help}"
    if not other.config_ids or other.config_ids == first.config_ids:
        return text
    return f"{text} ({other.related[0].message})"
