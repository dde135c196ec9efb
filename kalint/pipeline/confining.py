"""Files that a configuration brings in from elsewhere, of which no lines and no words are shown.

A file may include what its reader may read and the author of the file may not (/etc/shadow, a key): what is outside the
folder of the file that was named, the current one and --include-root is judged, but not repeated.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from kalint.text.files import RealPaths

if TYPE_CHECKING:
    from kalint.findings.diagnostic import Diagnostic
    from kalint.text import Options, Text

_WORD = re.compile(r"[^\s{}]{4,}")


def outside(text: Text, options: Options, named: frozenset[str] = frozenset()) -> frozenset[str]:
    """The files of a reading that are outside; none of those that were `named` (real paths)."""
    return outside_of(tuple(text.files), options.include_root, named)


def outside_of(
    files: Sequence[str],
    include_root: str | None,
    named: Collection[str],
    real: Callable[[str], str] | None = None,
) -> frozenset[str]:
    """The files that are outside, of those of a reading, the one that was asked for first."""
    first, *rest = files
    if not rest:
        return frozenset()
    real = real or RealPaths()
    here = real(".")
    roots = [os.path.dirname(real(first)), *([here] if here != "/" else [])]
    if include_root is not None:
        roots.append(include_root)
    folders = tuple(f"{real(root).rstrip('/')}/" for root in roots)
    return frozenset(
        file for file in rest if not f"{(where := real(file or '.'))}/".startswith(folders) and where not in named
    )


def shown(text: Text, options: Options, named: frozenset[str] = frozenset()) -> Mapping[str, list[str]]:
    """The lines of the files that may be shown; of a template, or a file that carries a configuration, its own."""
    hidden = outside(text, options, named)
    files = text.files
    if text.placed is not None:
        from kalint.pipeline.carried import own_lines

        files = {**files, **own_lines(text, text.placed)}
    elif text.template is not None:
        files = {**files, text.template.path: text.template.lines}
    return {file: lines for file, lines in files.items() if file not in hidden} if hidden else files


def without_words(found: Iterable[Diagnostic], text: Text, files: frozenset[str]) -> Iterator[Diagnostic]:
    """The findings, those in these files without the words of their lines."""
    for finding in found:
        if finding.span.file in files:
            line = text.files[finding.span.file][finding.span.line - 1]
            words = sorted({word for word in _WORD.findall(line) if not word.isalpha() or not word.islower()}, key=len)
            told = re.compile("|".join(["'[^']*'", *(rf"(?<!\w){re.escape(word)}(?!\w)" for word in reversed(words))]))
            message, advice = (told.sub("'***'", said) for said in (finding.message, finding.help))
            yield finding._replace(message=message, help=advice)
        else:
            yield finding
