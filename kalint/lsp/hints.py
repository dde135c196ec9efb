"""Inlay hints: after a priority the effective one while nothing is down, and what it can become."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lsprotocol import types

from kalint.report.priorities_text import summary

if TYPE_CHECKING:
    from kalint.analysis.given_states import Answer
    from kalint.analysis.reach.reachable import Reach
    from kalint.lsp.project import Project
    from kalint.source import Span

FEW = 3
"""Priorities that are all named; of more, the first and the last."""


def answer(project: Project, params: types.InlayHintParams) -> list[types.InlayHint] | None:
    """The hints in a range of a document."""
    document = project.documents.get(params.text_document.uri)
    if document is None or not project.options.hints:
        return None
    found: dict[Span, dict[str, str]] = {}
    tips: dict[Span, str] = {}
    for root in project.roots(document):
        snapshot = project.snapshot(root)
        for view in snapshot.views if snapshot is not None else ():
            priorities = project.priorities(root, view)
            for each in priorities.answers if priorities is not None else ():
                span = _place(each)
                text = label(each)
                if text and os.path.realpath(span.file) == document.real and span.via is None:
                    who = view.config_id or (os.path.basename(root) if len(project.roots(document)) > 1 else "")
                    found.setdefault(span, {})[who] = text
                    tips[span] = summary(each)
    first, last = params.range.start.line, params.range.end.line
    hints = []
    for span, labels in found.items():
        position = project.location(span).range.end
        if first <= position.line <= last:
            one = len(set(labels.values())) == 1
            text = next(iter(labels.values())) if one else "; ".join(f"{who}: {each}" for who, each in labels.items())
            kind = types.InlayHintKind.Type
            tip = tips[span] if one else None
            hints.append(types.InlayHint(position, text, kind, tooltip=tip, padding_left=True))
    return hints


def label(found: Answer) -> str:
    """`effective 120, can be 90`; "" where nothing changes the priority that is written."""
    reach = found.reach
    if reach.instance.owner or (reach.nominal is None and not reach.reachable):
        return "" if reach.instance.owner else "always FAULT"
    others = [each.priority for each in reversed(reach.reachable) if each.priority != reach.nominal]
    named = [str(each) for each in others] if len(others) <= FEW else [f"{others[-1]} to {others[0]}"]
    can = [*named, *(["FAULT"] if reach.nominal is not None and _faults(reach) else [])]
    if not can and reach.nominal == reach.instance.base_priority.value:
        return ""
    effective = "FAULT" if reach.nominal is None else str(reach.nominal)
    return f"effective {effective}" + (f", can be {_either(can)}" if can else "")


def _faults(reach: Reach) -> bool:
    """Whether anything but its own interface, which faults every instance, can put it in FAULT."""
    own = f"interface:{reach.instance.interface.value}"
    return any(choice.fault for thing in reach.things if thing.key != own for choice in thing.choices)


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _place(found: Answer) -> Span:
    """After the priority, else after the instance's name."""
    instance = found.reach.instance
    if instance.base_priority.word is not None:
        return instance.base_priority.word.span
    return instance.written.node.span
