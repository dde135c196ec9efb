"""Real clusters go through the whole analysis, every rule and both formats, whatever is in them."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from kalint.errors import InputError
from kalint.pipeline.clusters import clustered
from kalint.pipeline.reading import Asked
from kalint.report import renderer
from kalint.settings.model import ClusterSettings, NodeSettings

CLUSTERS = Path(__file__).parents[4] / "shared" / "corpus" / "clusters"


@pytest.mark.skipif(not CLUSTERS.is_dir(), reason="the real clusters, ../shared/corpus/clusters, are not here")
def test_real_clusters() -> None:
    """None crashes, lines of the answers fit in 100 columns, and every node of a router is in each row."""
    folders = sorted(CLUSTERS.iterdir())
    refused = []
    for folder in folders:
        nodes = tuple(NodeSettings(path.stem, str(path)) for path in sorted(folder.iterdir()))
        try:
            result = clustered(ClusterSettings("", nodes), Asked())
        except InputError:
            refused.append(folder.name)
            continue
        for answer in result.cluster.answers:
            names = {member.node.name for member in answer.router.members}
            assert all(set(failure.priorities) == names for failure in answer.failures)
            assert all(set(failure.masters) <= names | {None} for failure in answer.failures)
        text, document = io.StringIO(), io.StringIO()
        renderer("cluster", "text")([result._replace(diagnostics=())], text)
        renderer("cluster", "json")(result, document)
        assert json.loads(document.getvalue())["schema"] == "kalint/cluster/1"
        assert all(len(line) <= 100 or " " not in line.strip() for line in text.getvalue().splitlines())
    assert len(folders) >= 89
    assert refused == []
