"""The cluster that the tests ask about: the files of both nodes, as keepalived 2.2.7 reads them."""

from pathlib import Path

import pytest

from kalint import api

HERE = Path(__file__).parent
RELEASE = "2.2.7"


@pytest.fixture(scope="session")
def findings() -> tuple[api.Finding, ...]:
    """All findings on the two files, and on both together."""
    return api.check(f"{HERE}/lb1.conf", f"{HERE}/lb2.conf", keepalived_version=RELEASE, as_cluster=True).findings


@pytest.fixture(scope="session")
def cluster() -> api.ClusterResult:
    """Both nodes together."""
    return api.cluster(f"lb1={HERE}/lb1.conf", f"lb2={HERE}/lb2.conf", keepalived_version=RELEASE)
