"""Outcomes as texts: JSON, so that a text of somebody else's can do no harm but be wrong."""

from __future__ import annotations

import json
from sys import intern
from typing import TYPE_CHECKING, Any

from kalint.findings.diagnostic import Diagnostic, Refused, Related, Suppressed
from kalint.findings.fix import Edit, Fix
from kalint.findings.sources import Sources
from kalint.pipeline.outcome import Judged, Outcome
from kalint.source import Span
from kalint.version import Version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kalint.findings.suppressions import Suppressions


def pack(judged: Judged) -> str:
    """An outcome and what it rests on, as one line."""
    return json.dumps((packed(judged.outcome), judged.facts), separators=(",", ":"))


def unpack(text: str) -> Judged:
    """What `pack` made a text of.

    Raises:
        ValueError, KeyError, TypeError, IndexError: it is no such text.
    """
    found, facts = json.loads(text)
    return Judged(outcome_of(found), facts, found)


def without_secrets(packed: Sequence[Any]) -> list[Any]:
    """A packed outcome as it may be written down: without the secret words, by which reports know what to mask."""
    return [*packed[:-1], ()]


def packed(outcome: Outcome) -> list[Any]:
    """An outcome as JSON can have it."""
    sources = outcome.sources or Sources()
    names = tuple(sources)
    texts = [(file, sources.text(file), list(sources.masked(file).items())) for file in names if sources.text(file)]
    return [
        outcome.name,
        outcome.version,
        outcome.diagnostics,
        outcome.files,
        None if names == outcome.files else names,
        texts,
        outcome.fail_on,
        outcome.config_ids,
        None if outcome.suppressions is None else _packed_suppressions(outcome.suppressions),
        outcome.refused,
        outcome.complete,
        outcome.answered,
        sorted(outcome.hidden),
    ]


def outcome_of(packed: Sequence[Any]) -> Outcome:
    """An outcome as JSON has it."""
    name, version, found, files, names, texts, fail_on, ids, suppressions, refused, complete, answered, hidden = packed
    sources = Sources()
    sources.name(map(intern, files if names is None else names))
    for file, text, masked in texts:
        sources.put(intern(file), text, dict(masked))
    return Outcome(
        name,
        None if version is None else Version(*version),
        tuple(map(diagnostic_of, found)),
        tuple(files),
        sources,
        fail_on,
        frozenset(hidden),
        tuple(ids),
        None if suppressions is None else _suppressions_of(suppressions),
        None if refused is None else Refused(*refused),
        complete,
        tuple(answered),
    )


def diagnostic_of(packed: Sequence[Any]) -> Diagnostic:
    """A finding as JSON has it."""
    code, name, severity, confidence, message, span, related, advice, fix, folds, ids, stands_for = packed
    return Diagnostic(
        intern(code),
        intern(name),
        severity,
        confidence,
        message,
        _span(span),
        tuple([Related(_span(place), said) for place, said in related]) if related else (),
        intern(advice),
        None if fix is None else _fix(fix),
        folds,
        tuple(ids),
        stands_for,
    )


def _span(packed: Sequence[Any]) -> Span:
    file, line, column, end_line, end_column, via = packed
    return Span(intern(file), line, column, end_line, end_column, None if via is None else _span(via))


def _fix(packed: Sequence[Any]) -> Fix:
    title, edits, safe, alters, shown = packed
    return Fix(title, tuple(Edit(_span(span), text) for span, text in edits), safe, alters, shown)


def _packed_suppressions(suppressions: Suppressions) -> list[Any]:
    by_file = [
        (
            file,
            [remark.packed() for remark in remarks],
            list({remark.line: remark.text for remark in remarks}.items()),
            {code: sorted(lines) for code, lines in suppressions.covering[file].seen.items()},
            sorted(suppressions.doubtful[file]),
            file in suppressions.shared,
        )
        for file, remarks in suppressions.remarks.items()
    ]
    return [by_file, [files for files, _ in suppressions.readings], suppressions.every()]


def _suppressions_of(packed: Sequence[Any]) -> Suppressions:
    from kalint.findings.remarks import Remark
    from kalint.pipeline.diagnosing import suppressing

    by_file, readings, suppressed = packed
    found = suppressing()
    for file, remarks, texts, seen, doubtful, shared in by_file:
        text = dict(texts)
        found.add(file, [Remark.unpacked(file, each, text[each["line"]]) for each in remarks])
        found.covering[file].seen.update((code, set(lines)) for code, lines in seen.items())
        found.doubtful[file].update(doubtful)
        if shared:
            found.shared.add(file)
    found.readings += [(tuple(files), None) for files in readings]
    found.suppressed += [
        Suppressed(diagnostic_of(diagnostic), reason, None if span is None else _span(span))
        for diagnostic, reason, span in suppressed
    ]
    return found
