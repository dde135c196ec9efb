"""The clusters that a configuration belongs to, with the open documents in place of their files."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from kalint.errors import KalintError
from kalint.lsp.judging import over
from kalint.pipeline.clusters import clustered
from kalint.pipeline.nodes import of_ids
from kalint.pipeline.reading import settle

if TYPE_CHECKING:
    from kalint.analysis.checked_cluster import CheckedCluster
    from kalint.lsp.documents import Documents
    from kalint.pipeline.reading import Asked


def clusters_of(root: str, asked: Asked, documents: Documents) -> tuple[CheckedCluster, ...]:
    """Each cluster of the settings that has the file as a node, else that of the config ids that the file names."""
    asked = over(root, asked, documents)
    real = os.path.realpath(root)
    found = []
    with suppress(KalintError):
        for name, cluster in settle(asked, root)[1].clusters.items():
            if any(os.path.realpath(node.file) == real for node in cluster.nodes):
                with suppress(KalintError):
                    found.append(clustered(cluster, asked)._replace(name=name))
        if not found and asked.config_id is None and (ids := of_ids(root, asked)) is not None:
            found.append(clustered(ids, asked))
    return tuple(found)
