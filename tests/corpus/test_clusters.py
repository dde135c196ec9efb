"""What is said of real clusters whose files were read by hand is what was found right there, and no more."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from kalint.pipeline.clusters import clustered
from kalint.pipeline.reading import Asked
from kalint.settings.model import ClusterSettings, NodeSettings

CLUSTERS = Path(__file__).parents[3] / "shared" / "corpus" / "clusters"
VERDICTS = Path(__file__).with_name("clusters.tsv")

pytestmark = pytest.mark.skipif(not CLUSTERS.is_dir(), reason="the real clusters, ../shared/corpus, are not here")

Row = tuple[str, str, str]


def recorded() -> dict[str, set[Row]]:
    """Code, file and line of each finding by cluster; one without findings has none."""
    found: dict[str, set[Row]] = {}
    for line in VERDICTS.read_text().splitlines()[1:]:
        cluster, code, file, number, verdict, seen = line.split("\t")
        assert verdict in ("right", "doubtful")
        assert seen
        found.setdefault(cluster, set()).update(() if code == "-" else {(code, file, number)})
    return found


@pytest.mark.parametrize("name", sorted(recorded()))
def test_findings_are_those_that_were_read(name: str) -> None:
    nodes = tuple(NodeSettings(path.stem, str(path)) for path in sorted((CLUSTERS / name).iterdir()))
    found = clustered(ClusterSettings("", nodes), Asked()).diagnostics
    assert {(each.code, Path(each.span.file).name, str(each.span.line)) for each in found} == recorded()[name]


def test_fifteen_clusters_were_read() -> None:
    """Most of what was found is right beyond doubt; every kind of finding that the corpus has was looked at."""
    verdicts = Counter(line.split("\t")[4] for line in VERDICTS.read_text().splitlines()[1:])
    assert len(recorded()) >= 15
    assert verdicts["right"] > 5 * verdicts["doubtful"]
