"""`kalint watch`: metrics, hooks and events, of captures that are fed to it; live ones are in tests/daemon."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from kalint.errors import UsageError
from kalint.pipeline.following import Follower, Snapshot
from kalint.pipeline.hooks import Command
from kalint.pipeline.metrics import Metrics
from kalint.pipeline.predicting import predict
from kalint.pipeline.probing import Observation, Sources
from kalint.pipeline.reading import Asked
from kalint.report.probe_follow import moment, watch_document
from kalint.settings.model import ClusterSettings, NodeSettings

CAPTURES = Path(__file__).parent / "captures"
EXAMPLES = Path(__file__).parent.parent.parent / "examples" / "watch"
DOCS = Path(__file__).parent.parent.parent / "docs"


def measured(tmp_path: Path, name: str) -> tuple[Metrics, list[str]]:
    """The metrics after a recorded capture, and its events as JSON."""
    truth = json.loads((CAPTURES / f"{name}.json").read_text())
    nodes = []
    for node, data in truth["nodes"].items():
        (tmp_path / f"{node}.conf").write_text(data["config"])
        nodes.append(NodeSettings(node, str(tmp_path / f"{node}.conf"), None, None, {"eth0": data["ipv4"]}))
    metrics, said = Metrics("0"), []
    snapshots: list[Snapshot] = []

    def looked(snapshot: Snapshot) -> None:
        snapshots.append(snapshot)
        metrics.looked(snapshot._replace(interfaces=("eth0",)))

    follower = Follower(lambda change: (metrics.said(change), said.append(watch_document(change)))[0], looked)
    predicted = predict(ClusterSettings("", tuple(nodes)), Asked(), (), (), live=False)
    observation = Observation(Sources(pcap=str(CAPTURES / f"{name}.pcap")), predicted, follower.told)
    follower.observation = observation
    observation.run(lambda: False, follower.tick)
    follower.look()
    metrics.reloaded = (True, 1.0)
    metrics.dropped("exec")
    return metrics, said


def exposed(metrics: Metrics) -> str:
    from prometheus_client import generate_latest

    return generate_latest(metrics.registry).decode()


def samples(text: str) -> dict[str, float]:
    return {row.rpartition(" ")[0]: float(row.rpartition(" ")[2]) for row in text.splitlines() if row[0] != "#"}


ROUTER = 'family="ipv4",interface="",vrid="51"'


def test_metrics_of_a_crash(tmp_path: Path) -> None:
    """Who is master, changes, seconds without one, adverts by source: as they were decoded by hand."""
    found = samples(exposed(measured(tmp_path, "ev-crash_2.2.7")[0]))
    truth = json.loads((CAPTURES / "ev-crash_2.2.7.json").read_text())
    adverts = {key.split()[0]: [time for period in periods for time in period["times"]]
               for key, periods in truth["expected_adverts_per_source"].items()}  # fmt: skip
    first, second = sorted(adverts, key=lambda source: adverts[source][0])
    value = {
        re.sub(r"[{}]", "", name.partition("{")[0]): number for name, number in found.items() if ROUTER in _sorted(name)
    }
    assert (value["kalint_vrrp_masters"], value["kalint_vrrp_master_priority"]) == (1, 100)
    assert value["kalint_vrrp_master_changes_total"] == 1
    assert value["kalint_vrrp_without_master_seconds_total"] == pytest.approx(
        adverts[second][0] - adverts[first][-1], abs=0.002
    )
    assert value["kalint_vrrp_predicted"] == 0  # KA917
    for source in (first, second):
        name = next(each for each in found if each.startswith("kalint_vrrp_adverts_total") and source in each)
        assert found[name] == len(adverts[source])
    mastery = {source: found[each] for each in found for source in (first, second)
               if each.startswith("kalint_vrrp_source_is_master") and source in each}  # fmt: skip
    assert mastery == {first: 0, second: 1}
    assert any('code="KA917"' in each for each in found if each.startswith("kalint_findings{"))


def _sorted(name: str) -> str:
    return ",".join(sorted(name.partition("{")[2].rstrip("}").split(",")))


@pytest.mark.skipif(shutil.which("promtool") is None, reason="needs promtool (Debian's prometheus)")
@pytest.mark.parametrize("name", ["ev-crash_2.2.7", "ev-split_2.2.7"])
def test_promtool_has_nothing_against_the_metrics(tmp_path: Path, name: str) -> None:
    text = exposed(measured(tmp_path, name)[0])
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def names(tmp_path: Path) -> set[str]:
    """Every metric that there is."""
    text = exposed(measured(tmp_path, "ev-crash_2.2.7")[0])
    return {row.split()[2] for row in text.splitlines() if row.startswith("# TYPE")}


def test_every_metric_of_the_examples_and_the_page_exists(tmp_path: Path) -> None:
    """In alert rules, dashboard and docs/watch.md; and the page has them all."""
    known = names(tmp_path)
    for path in (EXAMPLES / "alerts.yml", EXAMPLES / "dashboard.json"):
        used = set(re.findall(r"\bkalint_[a-z_]+", path.read_text()))
        assert used
        assert used <= known, path
    assert set(re.findall(r"\bkalint_[a-z_]+", (DOCS / "watch.md").read_text())) == known


@pytest.mark.skipif(shutil.which("promtool") is None, reason="needs promtool (Debian's prometheus)")
def test_promtool_has_nothing_against_the_examples() -> None:
    for command in (("check", "rules", "alerts.yml"), ("check", "config", "prometheus.yml")):
        done = subprocess.run(["promtool", *command], cwd=EXAMPLES, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_dashboard_is_what_grafana_imports() -> None:
    """JSON with panels that have queries, each at a place of its own."""
    dashboard = json.loads((EXAMPLES / "dashboard.json").read_text())
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len({(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}) == len(panels)
    assert all(target["expr"] for panel in panels for target in panel["targets"])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_the_unit_has_few_rights() -> None:
    """`systemd-analyze security` under 2.0."""
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=19", "--no-pager", "./kalint-watch.service"],
        cwd=EXAMPLES, capture_output=True, text=True,
    )  # fmt: skip
    if "Unknown" in done.stderr or "unrecognized" in done.stderr:
        pytest.skip("this systemd-analyze cannot look at a file")
    assert done.returncode == 0, done.stdout[-400:] + done.stderr


def test_scrapes_are_answered_and_the_textfile_is_whole(tmp_path: Path) -> None:
    metrics, _ = measured(tmp_path, "ev-crash_2.2.7")
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    metrics.serve(f"127.0.0.1:{port}")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        assert "kalint_vrrp_masters" in answer.read().decode()
    with pytest.raises(UsageError, match="in use"):
        metrics.serve(f"127.0.0.1:{port}")
    for bad in ("9650", ":port", ":0", "127.0.0.1:99999"):
        with pytest.raises(UsageError, match="write it as"):
            metrics.serve(bad if ":" in bad else f"{bad}x")
    metrics.write(str(tmp_path))
    assert (tmp_path / "kalint.prom").read_text().startswith("# HELP")
    assert [path.name for path in tmp_path.glob("kalint.prom*")] == ["kalint.prom"]
    with pytest.raises(UsageError, match="--textfile"):
        metrics.write(str(tmp_path / "nowhere"))


def test_events_have_fields_not_prose(tmp_path: Path) -> None:
    _, said = measured(tmp_path, "ev-crash_2.2.7")
    documents = [json.loads(each) for each in said]
    fields = "schema time vrid family interface source node priority event code severity reason"
    assert {frozenset(each) for each in documents} == {frozenset(fields.split())}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", each["time"]) for each in documents)
    assert [each["time"] for each in documents] == sorted(each["time"] for each in documents)
    masters = [
        (each["node"], each["vrid"], each["family"], each["priority"])
        for each in documents
        if each["event"] == "master"
    ]
    assert masters == [("n1", 51, "ipv4", 150), ("n2", 51, "ipv4", 100)]


def waited(command: Command) -> None:
    for _ in range(500):
        command.tick()
        if command._running is None and not command._waiting:
            return
        time.sleep(0.01)


def test_a_command_gets_each_event_one_at_a_time_and_without_a_shell(tmp_path: Path) -> None:
    log, script = tmp_path / "log", tmp_path / "hook.py"
    script.write_text(
        "import sys, os\npath = sys.argv[1]\nassert not os.path.exists(path + '.lock')\nopen(path + '.lock', 'w')\n"
        "open(path, 'a').write(sys.stdin.read() + ' '.join(sys.argv[2:]) + chr(10))\nos.unlink(path + '.lock')\n"
    )
    command = Command(f"{sys.executable} {script} {log} '$HOME;' `id` '> x'", 10)
    for number in range(3):
        command.add(json.dumps({"number": number}))
    waited(command)
    assert log.read_text().split("\n") == [
        *[each for number in range(3) for each in (f'{{"number": {number}}}', "$HOME; `id` > x")], "",
    ]  # fmt: skip
    assert command.failures == []


def test_a_command_that_hangs_fails_or_is_missing() -> None:
    slow = Command("sleep 60", 0.2)
    slow.add("{}")
    waited(slow)
    assert slow.failures == ["sleep 60 took longer than 0.2 s and was ended"]
    for _ in range(150):
        slow.add("{}")
    assert slow.dropped > 0
    slow._waiting.clear()
    slow.close()
    bad = Command("false", 5)
    bad.add("{}")
    waited(bad)
    assert bad.failures == ["false ended with exit status 1"]
    with pytest.raises(UsageError, match="no such command: nowhere"):
        Command("nowhere --at-all", 5)
    with pytest.raises(UsageError, match="No closing quotation"):
        Command("'", 5)


def test_a_moment_is_rfc_3339() -> None:
    assert moment(0.25) == "1970-01-01T00:00:00.250Z"
