"""`kalint cluster --suggest`: which changes of the files would mend a cluster's findings."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from kalint.findings.diagnostic import Findings
from kalint.findings.secrets import masked_sources
from kalint.fixing.trying import Judge, mend
from kalint.pipeline.clusters import clustered
from kalint.version import NEWEST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kalint.findings.diagnostic import Diagnostic
    from kalint.fixing.trying import Contents, FixResult
    from kalint.pipeline.reading import Asked
    from kalint.settings.model import ClusterSettings


class Suggestion(NamedTuple):
    """What would mend a cluster; `names` has the files' names as they were given, by their real paths."""

    mended: FixResult
    names: Mapping[str, str]


def suggestion(cluster: ClusterSettings, asked: Asked) -> Suggestion:
    """The changes that end findings of a cluster and give no new one.

    Each is made on a copy in memory, and the cluster is judged again.

    Raises:
        InputError: one of the files cannot be read, or is no configuration of keepalived.
        SettingsError: something that is said to fail together is not there.
    """

    def findings(contents: Contents) -> Findings:
        judged = clustered(cluster, asked._replace(overlay=contents))
        files = tuple(dict.fromkeys(node.file for node in cluster.nodes))
        found = tuple(map(numberless, judged.diagnostics))
        return Findings(judged.version or NEWEST, files, found, masked_sources(judged.sources, judged.hidden))

    mended = mend(Judge(findings, lambda _: {}), asked.overlay, lambda _: True)
    return Suggestion(mended, {os.path.realpath(file): file for file in findings({}).sources})


def numberless(found: Diagnostic) -> Diagnostic:
    """A finding without its numbers: with a new weight another one's numbers may be others, and it is no new one."""
    return found._replace(message=re.sub(r"\d+", "#", found.message))
