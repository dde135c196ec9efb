"""`kalint check` against a baseline: which one counts, and what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalint.findings.baseline import apply, write
from kalint.rules import RULES
from kalint.rules.cluster import MODULES
from kalint.rules.rule import HOST

if TYPE_CHECKING:
    from kalint.findings.diagnostic import Findings
    from kalint.pipeline.request import CheckRequest


def compared(findings: Findings, wanted: CheckRequest, settled: tuple[str, ...]) -> tuple[Findings, tuple[str, ...]]:
    """The findings that are new, and what there is to say of the baseline; `settled` are those of the settings.

    Raises:
        InputError: a baseline cannot be read.
        UsageError: the new one cannot be written.
    """
    if wanted.write_baseline is not None:
        if findings.refused:
            return findings, (f"{wanted.write_baseline} was not written: not every path could be checked",)
        count = write(wanted.write_baseline, findings)
        known, _ = apply(wanted.write_baseline, findings)
        return known, (f"{_findings(count)} written to {wanted.write_baseline}",)
    said = []
    for path in (wanted.baseline,) if wanted.baseline is not None else settled:
        findings, gone = apply(path, findings, lambda code: _runs(code, wanted))
        if gone:
            verb = "occurs" if gone == 1 else "occur"
            said.append(f"{_findings(gone)} of the baseline {path} no longer {verb}: update it with --write-baseline")
    return findings, tuple(said)


def _runs(code: str, wanted: CheckRequest) -> bool:
    """Whether the command line lets a rule run, so that it would find again what it found before."""
    asked = wanted.asked
    if not code.startswith(asked.select or "") or code.startswith(asked.ignore):
        return False
    if not asked.host and any(row.code == code and row.on == (HOST,) for row in RULES):
        return False
    return wanted.cluster or all(code != each for each, _ in MODULES)


def _findings(count: int) -> str:
    return f"{count} finding{'s' * (count != 1)}"
