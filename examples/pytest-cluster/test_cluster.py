"""What this cluster is for. kalint proves each line from the files alone: nothing is started, no script runs."""

from kalint import api


def test_kalint_check_finds_nothing(findings: tuple[api.Finding, ...]) -> None:
    assert [str(found) for found in findings] == []


def test_lb1_is_master_while_nothing_is_down(cluster: api.ClusterResult) -> None:
    cluster.assert_always(master="lb1", of="web", while_="nothing is down")


def test_lb2_takes_over_when_chk_haproxy_fails_on_lb1(cluster: api.ClusterResult) -> None:
    cluster.assert_always(master="lb2", of="web", when="script chk_haproxy on lb1 fails", within=12)


def test_lb1_returns_when_chk_haproxy_recovers(cluster: api.ClusterResult) -> None:
    cluster.assert_always(master="lb1", of="web", after="script chk_haproxy on lb1 fails and recovers")


def test_someone_is_master_whatever_one_thing_fails(cluster: api.ClusterResult) -> None:
    cluster.assert_always("someone is master whatever one thing fails")


def test_never_two_masters(cluster: api.ClusterResult) -> None:
    cluster.assert_always("never two masters")


def test_a_failed_check_leaves_lb1_below_lb2(cluster: api.ClusterResult) -> None:
    """The numbers behind it: 150 - 60 = 90, less than the 100 of lb2."""
    failure = cluster.router(17).failure("lb1", "script:chk_haproxy")
    assert failure.priorities == {"lb1": 90, "lb2": 100}
