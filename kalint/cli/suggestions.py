"""`--suggest` of `kalint cluster` and `kalint require`: the patch, and what there is to say of it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kalint.cli.output import until_closed
from kalint.errors import UsageError
from kalint.pipeline.suggesting import suggestion
from kalint.report.patch import patch
from kalint.report.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import BinaryIO

    from kalint.analysis.checked_cluster import Required
    from kalint.cli.commands import Writing
    from kalint.findings.diagnostic import Diagnostic
    from kalint.fixing.trying import FixResult
    from kalint.pipeline.reading import Asked
    from kalint.pipeline.satisfying import Satisfied
    from kalint.settings.model import ClusterSettings, Written


@contextmanager
def patching(writing: Writing) -> Iterator[BinaryIO]:
    """Where a patch goes: standard output as bytes, or the file of `-o`.

    Raises:
        UsageError: another format was asked for, or the file cannot be written.
    """
    if writing.format != "text":
        raise UsageError(f"--suggest prints a patch, not {writing.format}")
    if writing.output is None or writing.output == "-":
        with until_closed():
            yield sys.stdout.buffer
            sys.stdout.flush()
        return
    from kalint.writing import opened

    try:
        with opened(writing.output) as stream:
            yield stream
    except OSError as error:
        raise UsageError(f"cannot write {writing.output}: {error.strerror}") from error


def suggest(clusters: Sequence[ClusterSettings], asked: Asked, stream: BinaryIO) -> None:
    """Write the patch of each cluster; what it does, and what is left alone, goes to standard error."""
    for cluster in clusters:
        found = suggestion(cluster, asked)
        _write(found.mended, found.names, stream)
        _say(found.mended)


def satisfy(
    clusters: Sequence[ClusterSettings],
    asked: Asked,
    written: Sequence[Written] | None,
    results: Sequence[Required],
    stream: BinaryIO,
) -> None:
    """Write the patch with which every requirement of a cluster holds; what there is to say goes to standard error."""
    from kalint.pipeline.satisfying import satisfied

    for cluster, result in zip(clusters, results, strict=True):
        found = satisfied(cluster, asked, written, result.judged)
        _patches(found.original, found.contents, found.names, stream)
        print(f"kalint: {printable(_of(found, cluster.name))}", file=sys.stderr)


def _of(found: Satisfied, name: str) -> str:
    where = f"cluster {name}: " if name else ""
    if not found.failing:
        return f"{where}nothing to suggest: no requirement fails"
    if found.candidate is not None:
        return f"{where}{found.candidate.fix.title} no requirement fails"
    left = f"; {found.left} more were not tried" if found.left else ""
    return (
        f"{where}no single change of a priority, weight, interval, timeout, fall or nopreempt makes every requirement "
        f"hold without a new finding ({found.tried} were tried{left})"
    )


def _write(mended: FixResult, names: Mapping[str, str], stream: BinaryIO) -> None:
    _patches(mended.original, mended.contents, names, stream)


def _patches(
    original: Mapping[str, bytes], contents: Mapping[str, bytes], names: Mapping[str, str], stream: BinaryIO
) -> None:
    for path in sorted(contents, key=lambda path: names.get(path, path)):
        found = patch(names.get(path, path), original[path], contents[path])
        if found is None:
            print(f"{printable(names.get(path, path))}: no patch: a line that changes holds a secret", file=sys.stderr)
        else:
            stream.write(found)


def _say(mended: FixResult) -> None:
    for found in mended.fixed:
        title = found.fix.title if found.fix is not None else ""
        print(f"{_place(found)}: {printable(title)}", file=sys.stderr)
    for found, why in mended.refused:
        print(f"{_place(found)}: left alone: {printable(why)}", file=sys.stderr)
    if not mended.fixed and not mended.refused:
        print("nothing to suggest", file=sys.stderr)


def _place(found: Diagnostic) -> str:
    return f"{printable(found.span.file)}:{found.span.line}: {found.code}"
