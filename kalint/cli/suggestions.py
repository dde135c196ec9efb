"""`kalint cluster --suggest`: the patch, and what there is to say of it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from kalint.pipeline.suggesting import suggestion
from kalint.report.patch import patch
from kalint.report.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import BinaryIO

    from kalint.findings.diagnostic import Diagnostic
    from kalint.fixing.trying import Mended
    from kalint.pipeline.reading import Asked
    from kalint.settings.model import ClusterSettings


def suggest(clusters: Sequence[ClusterSettings], asked: Asked, stream: BinaryIO) -> None:
    """Write the patch of each cluster; what it does, and what is left alone, goes to standard error."""
    for cluster in clusters:
        found = suggestion(cluster, asked)
        _write(found.mended, found.names, stream)
        _say(found.mended)


def _write(mended: Mended, names: Mapping[str, str], stream: BinaryIO) -> None:
    for path in sorted(mended.contents, key=lambda path: names.get(path, path)):
        found = patch(names.get(path, path), mended.original[path], mended.contents[path])
        if found is None:
            print(f"{printable(names.get(path, path))}: no patch: a line that changes holds a secret", file=sys.stderr)
        else:
            stream.write(found)


def _say(mended: Mended) -> None:
    for found in mended.fixed:
        title = found.fix.title if found.fix is not None else ""
        print(f"{_place(found)}: {printable(title)}", file=sys.stderr)
    for found, why in mended.refused:
        print(f"{_place(found)}: left alone: {printable(why)}", file=sys.stderr)
    if not mended.fixed and not mended.refused:
        print("nothing to suggest", file=sys.stderr)


def _place(found: Diagnostic) -> str:
    return f"{printable(found.span.file)}:{found.span.line}: {found.code}"
