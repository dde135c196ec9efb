"""`kalint cluster --suggest`: the files' changes that would mend the findings, as a patch."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

from kalint.findings.diagnostic import Findings
from kalint.fixing.trying import Judge, mend
from kalint.pipeline.clusters import clustered
from kalint.report.patch import patch
from kalint.report.terminal import printable
from kalint.version import NEWEST

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

    from kalint.findings.diagnostic import Diagnostic
    from kalint.fixing.trying import Contents, Mended
    from kalint.pipeline.reading import Asked
    from kalint.settings.model import ClusterSettings


def suggest(clusters: Sequence[ClusterSettings], asked: Asked, stream: BinaryIO) -> None:
    """Write the patch of each cluster; what it does, and what is left alone, goes to standard error.

    Each change is made on a copy in memory and the cluster judged again: only what ends its finding, and gives no new
    one, is suggested.
    """
    for cluster in clusters:

        def findings(contents: Contents, cluster: ClusterSettings = cluster) -> Findings:
            judged = clustered(cluster, asked._replace(overlay=contents))
            files = tuple(dict.fromkeys(node.file for node in cluster.nodes))
            found = tuple(map(_numberless, judged.diagnostics))
            return Findings(judged.version or NEWEST, files, found, judged.sources)

        mended = mend(Judge(findings, lambda _: {}), asked.overlay, lambda _: True)
        names = {os.path.realpath(file): file for file in findings({}).sources}
        _write(mended, names, stream)
        _say(mended)


def _numberless(found: Diagnostic) -> Diagnostic:
    """A finding without its numbers: with a new weight another one's numbers may be others, and it is no new one."""
    return found._replace(message=re.sub(r"\d+", "#", found.message))


def _write(mended: Mended, names: dict[str, str], stream: BinaryIO) -> None:
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
