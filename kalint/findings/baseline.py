"""A baseline: the findings that a project had when it began to look, so that only new ones count.

A finding is recognised by its file (relative to the baseline's folder) and its print (see `fingerprints`), so that
moving lines changes nothing; equal ones are counted. Schema kalint/baseline/1.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from kalint.errors import InputError, UsageError
from kalint.findings.diagnostic import Suppressed
from kalint.findings.fingerprints import Print, Prints
from kalint.text.files import UnreadableError, load
from kalint.writing import replace

if TYPE_CHECKING:
    from kalint.findings.diagnostic import Diagnostic, Findings

SCHEMA = "kalint/baseline/1"
REASON = "in the baseline"
MAX_BYTES = 64 << 20
FIELDS = ("file", "code", "block", "text")


class Known(NamedTuple):
    """What a baseline recognises: a file, relative to its folder, and a print."""

    file: str
    print: Print


def write(path: str, findings: Findings) -> int:
    """Write the findings as a baseline, in order of file and place; returns how many there are.

    Raises:
        UsageError: it cannot be written.
    """
    counted = _counted(path, findings)
    rows = [
        {"file": known.file, **known.print._asdict(), **({"count": count} if count > 1 else {})}
        for known, count in counted.items()
    ]
    text = json.dumps({"schema": SCHEMA, "findings": rows}, indent=1) + "\n"
    try:
        replace(path, text.encode())
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error
    return counted.total()


def apply(path: str, findings: Findings, counts: Callable[[str], bool] = lambda _code: True) -> tuple[Findings, int]:
    """The findings without those of the baseline, which are suppressed instead; and how many of it are gone.

    Gone is only what could have been found: of a file that was read or that is there no more, by a rule that `counts`.

    Raises:
        InputError: the baseline cannot be read, or is none.
    """
    left = _read(path)
    prints = Prints(findings.sources)
    new: list[Diagnostic] = []
    suppressed = list(findings.suppressed)
    for diagnostic in findings.diagnostics:
        known = Known(_relative(path, diagnostic.span.file), prints.of(diagnostic))
        if left[known]:
            left[known] -= 1
            suppressed.append(Suppressed(diagnostic, REASON))
        else:
            new.append(diagnostic)
    seen = {_relative(path, file) for file in findings.sources}
    folder = os.path.dirname(path)
    gone = sum(
        count
        for known, count in left.items()
        if count
        and counts(known.print.code)
        and (known.file in seen or not os.path.exists(os.path.join(folder, known.file)))
    )
    return findings._replace(diagnostics=tuple(new), suppressed=tuple(suppressed)), gone


def _counted(path: str, findings: Findings) -> Counter[Known]:
    prints = Prints(findings.sources)
    return Counter(Known(_relative(path, each.span.file), prints.of(each)) for each in findings.diagnostics)


def _relative(path: str, file: str) -> str:
    """A file as a baseline names it."""
    return os.path.relpath(file, os.path.dirname(path) or ".")


def _read(path: str) -> Counter[Known]:
    try:
        document = json.loads(load(path, MAX_BYTES)[0])
    except UnreadableError as error:
        raise InputError(f"{path}: cannot read the baseline: {error}") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: is not a baseline of kalint: {error}") from error
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise InputError(f'{path}: is not a baseline of kalint: it has no "schema": "{SCHEMA}"')
    rows = document.get("findings")
    if not isinstance(rows, list):
        raise InputError(f'{path}: is not a baseline of kalint: "findings" is not a list')
    counted: Counter[Known] = Counter()
    for number, row in enumerate(rows, 1):
        count = row.get("count", 1) if isinstance(row, dict) else None
        values = [row.get(field) if isinstance(row, dict) else None for field in FIELDS]
        words = [value for value in values if isinstance(value, str)]
        if type(count) is not int or count < 1 or len(words) < len(FIELDS):
            wanted = ", ".join(FIELDS)
            raise InputError(
                f"{path}: is not a baseline of kalint: finding {number} needs the texts {wanted} and a count"
            )
        counted[Known(words[0], Print(*words[1:]))] += count
    return counted
