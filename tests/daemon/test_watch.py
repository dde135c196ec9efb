"""`kalint watch` beside real daemons: changes, metrics, hooks, a reload, readiness; and what ends it."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from cluster_lab import ClusterLab
from probing import ROOT

FAST = 0.3
PORT, SERVER = 9650, 9990
EXAMPLES = ROOT / "examples" / "watch"
ASK = "import sys, urllib.request as u; print(u.urlopen(sys.argv[1], timeout=10).read().decode())"
SCRAPE = f"import urllib.request as u; print(u.urlopen('http://127.0.0.1:{PORT}/metrics', timeout=10).read().decode())"


def config(priority: int, address: str = "10.9.1.51") -> str:
    return (
        "vrrp_instance V {\n interface eth0\n version 3\n virtual_router_id 51\n"
        f" priority {priority}\n advert_int {FAST}\n virtual_ipaddress {{\n  {address}\n }}\n}}\n"
    )


class Watch:
    """A running watch on the bridge."""

    def __init__(self, lab: ClusterLab, folder: Path, *arguments: str, files: bool = True) -> None:
        self.lab = lab
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(folder / "notify"))
        self.socket.settimeout(120)
        nodes = [f"--config={name}={folder / f'{name}.conf'}" for name in "ab" if files]
        command = ["env", f"PYTHONPATH={ROOT}", f"NOTIFY_SOCKET={folder / 'notify'}", sys.executable, "-m", "kalint"]
        self.process = subprocess.Popen(
            lab.bridge.enter(*command, "watch", "br0", "--keepalived-version", "2.2.7", *nodes, *arguments),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            self.told("READY=1")
        except BaseException:
            self.end()
            raise

    def told(self, wanted: str) -> None:
        """Wait until systemd would be told this."""
        while wanted not in self.socket.recv(4096).decode():
            pass

    def scrape(self) -> dict[str, float]:
        text = self.lab.bridge.run(sys.executable, "-c", SCRAPE)
        rows = [row.rpartition(" ") for row in text.splitlines() if row and row[0] != "#"]
        return {re.sub(r"\{.*?(source=\"[^\"]*\")?.*?\}", _source, name): float(value) for name, _, value in rows}

    def end(self) -> tuple[int, list[dict[str, Any]], str]:
        """End it; its exit code, what it told, and its errors."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            out, error = self.process.communicate(timeout=30)
        finally:
            self.process.kill()
            self.socket.close()
        lines = [re.sub(r"^<\d>", "", line) for line in out.splitlines()]
        return self.process.returncode, [json.loads(line) for line in lines if line.startswith("{")], error + out


def _source(match: re.Match[str]) -> str:
    found = re.search(r'source="([^"]*)"', match[0])
    return f" {found[1]}" if found else ""


@pytest.fixture(scope="module")
def lab() -> Iterator[ClusterLab]:
    with ClusterLab({"a": ["10.9.0.1/24"], "b": ["10.9.0.2/24"]}) as made:
        yield made


def started(lab: ClusterLab, folder: Path) -> None:
    """Both nodes run with their files, and a is master."""
    for name in list(lab.processes):
        lab.stop(name)
    for name, priority in (("a", 150), ("b", 100)):
        (folder / f"{name}.conf").write_text(config(priority))
        lab.start(name, config(priority))
    time.sleep(2.5)


def test_a_failover_is_told_counted_and_handed_to_a_command(lab: ClusterLab, tmp_path: Path) -> None:
    """Kill -9 of the master: events with fields, metrics, the command's input, the textfile, and a reload."""
    started(lab, tmp_path)
    hook = tmp_path / "hook.py"
    hook.write_text(f"import sys; open({str(tmp_path / 'hooked')!r}, 'a').write(sys.stdin.read())")
    watch = Watch(
        lab, tmp_path, "--metrics", f"127.0.0.1:{PORT}", "--textfile", str(tmp_path), "--format", "json",
        "--log-prefix", "journal", "--exec", f"{sys.executable} {hook}",
    )  # fmt: skip
    time.sleep(1.5)
    before = watch.scrape()
    lab.kill("a")
    time.sleep(4)
    after = watch.scrape()
    (tmp_path / "a.conf").write_text(config(90))
    watch.process.send_signal(signal.SIGHUP)
    watch.told("RELOADING=1")
    time.sleep(2.5)
    (tmp_path / "b.conf").unlink()
    watch.process.send_signal(signal.SIGHUP)
    watch.told("RELOADING=1")
    time.sleep(1.5)
    failed = watch.scrape()
    status, events, said = watch.end()
    assert status == 0, said
    assert (before["kalint_vrrp_masters"], before["kalint_vrrp_predicted"]) == (1, 1)
    assert before["kalint_vrrp_source_is_master 10.9.0.1"] == 1
    assert (after["kalint_vrrp_masters"], after["kalint_vrrp_predicted"]) == (1, 0)
    assert (after["kalint_vrrp_source_is_master 10.9.0.1"], after["kalint_vrrp_source_is_master 10.9.0.2"]) == (0, 1)
    assert after["kalint_vrrp_master_changes_total"] == before["kalint_vrrp_master_changes_total"] + 1
    assert 2 * FAST < after["kalint_vrrp_without_master_seconds_total"] < 8 * FAST
    assert after["kalint_interface_up"] == 1
    assert failed["kalint_reload_success"] == 0
    names = [(each["event"], each["code"], each["node"]) for each in events]
    assert ("master", None, "b") in names
    assert ("finding", "KA917", None) in names
    assert ("cleared", "KA917", None) in names  # with 90, a is no longer better
    assert {"reloaded", "reload failed"} <= {event for event, _, _ in names}
    assert [each["time"] for each in events] == sorted(each["time"] for each in events)
    hooked = [json.loads(line) for line in (tmp_path / "hooked").read_text().splitlines()]
    assert hooked == events[: len(hooked)]
    assert len(hooked) >= len(events) - 2
    assert "kalint_vrrp_masters{" in (tmp_path / "kalint.prom").read_text()
    assert re.search(r"^<4>.*KA917", said, re.MULTILINE)


@pytest.mark.parametrize(("within", "slow"), [("500 ms", True), ("8 s", False)])
def test_a_slow_takeover_is_told(lab: ClusterLab, tmp_path: Path, within: str, slow: bool) -> None:
    """KA920 after kill -9: b waits three intervals of 0.3 s and its skew time; `whatever` speaks of a crash too."""
    started(lab, tmp_path)
    (tmp_path / "kalint.toml").write_text(
        f'[clusters.web]\nrequire = "soon: someone is master whatever one thing fails, within {within}"\n'
        '[clusters.web.nodes.a]\nfile = "a.conf"\n[clusters.web.nodes.b]\nfile = "b.conf"\n'
    )
    cluster = ("--settings", str(tmp_path / "kalint.toml"), "--cluster-name", "web")
    watch = Watch(lab, tmp_path, *cluster, "--metrics", f"127.0.0.1:{PORT}", "--format", "json", files=False)
    time.sleep(1.5)
    lab.kill("a")
    time.sleep(4)
    metrics = lab.bridge.run(sys.executable, "-c", SCRAPE)
    status, events, said = watch.end()
    assert status == 0, said
    assert ("master", "b") in [(each["event"], each["node"]) for each in events]
    told = [each for each in events if each["code"] == "KA920"]
    assert [(each["event"], each["severity"]) for each in told] == [("finding", "warning")] * slow
    assert all("b (10.9.0.2) took over" in each["reason"] and "500 ms are allowed" in each["reason"] for each in told)
    assert ('kalint_findings_raised_total{code="KA920"} 1.0' in metrics) == slow


def test_it_ends_at_the_first_error_where_it_is_asked_to(lab: ClusterLab, tmp_path: Path) -> None:
    """`--exit-on error` with two masters: exit code 1."""
    started(lab, tmp_path)
    watch = Watch(lab, tmp_path, "--exit-on", "error", "--format", "json")
    time.sleep(1)
    for name in lab.nodes:
        lab.isolate(name, True)
    try:
        watch.process.wait(20)
    finally:
        for name in lab.nodes:
            lab.isolate(name, False)
    status, events, _ = watch.end()
    assert status == 1
    assert (events[-1]["severity"], events[-1]["code"]) in {("error", "KA901"), ("info", "KA901"), ("info", None)}
    assert any(each["code"] == "KA901" and each["severity"] == "error" for each in events)


def test_changes_shorter_than_a_scrape_are_counted(lab: ClusterLab, tmp_path: Path) -> None:
    """A leaves and is back at once: two changes of master, though each scrape sees a."""
    started(lab, tmp_path)
    watch = Watch(lab, tmp_path, "--metrics", f"127.0.0.1:{PORT}")
    time.sleep(1)
    before = watch.scrape()
    lab.stop("a")
    time.sleep(1)
    lab.start("a", config(150))
    time.sleep(3)
    after = watch.scrape()
    watch.end()
    assert before["kalint_vrrp_source_is_master 10.9.0.1"] == after["kalint_vrrp_source_is_master 10.9.0.1"] == 1
    assert after["kalint_vrrp_master_changes_total"] - before["kalint_vrrp_master_changes_total"] == 2
    assert after["kalint_vrrp_last_change_timestamp_seconds"] > before["kalint_vrrp_last_change_timestamp_seconds"]


@pytest.mark.skipif(shutil.which("prometheus") is None, reason="needs prometheus")
def test_a_prometheus_server_scrapes_it(lab: ClusterLab, tmp_path: Path) -> None:
    """With the configuration and the alert rules of examples/watch: one master, then two, by its own queries."""
    started(lab, tmp_path)
    text = (EXAMPLES / "prometheus.yml").read_text()
    text = re.sub(r"targets: .*", f'targets: ["127.0.0.1:{PORT}"]', text).replace("15s", "1s")
    (tmp_path / "prometheus.yml").write_text(text.replace("alerts.yml", str(EXAMPLES / "alerts.yml")))
    watch = Watch(lab, tmp_path, "--metrics", f"127.0.0.1:{PORT}")
    options = [
        f"--config.file={tmp_path / 'prometheus.yml'}", f"--storage.tsdb.path={tmp_path / 'data'}",
        f"--web.listen-address=127.0.0.1:{SERVER}",
    ]  # fmt: skip
    with (tmp_path / "prometheus.log").open("w") as log:
        server = subprocess.Popen(lab.bridge.enter("prometheus", *options), stdout=log, stderr=log)
    try:
        one = asked(lab, "kalint_vrrp_masters", "1")
        for name in lab.nodes:
            lab.isolate(name, True)
        two = asked(lab, "kalint_vrrp_masters", "2")
        up = asked(lab, 'up{job="kalint"}', "1")
        known = json.loads(lab.bridge.run(sys.executable, "-c", ASK, f"http://127.0.0.1:{SERVER}/api/v1/rules"))
    finally:
        for name in lab.nodes:
            lab.isolate(name, False)
        server.terminate()
        server.wait(30)
        watch.end()
    assert (one["vrid"], one["family"], one["interface"]) == ("51", "ipv4", "br0")
    assert (two["vrid"], up["job"]) == ("51", "kalint")
    rules = [rule for group in known["data"]["groups"] for rule in group["rules"]]
    assert rules
    assert all(rule["health"] != "err" for rule in rules)


def asked(lab: ClusterLab, query: str, value: str) -> dict[str, str]:
    """The labels of the one series that the server has for a query, as soon as it has this value."""
    url = f"http://127.0.0.1:{SERVER}/api/v1/query?" + urlencode({"query": query})
    seen = ""
    for _ in range(240):
        with contextlib.suppress(RuntimeError):  # it is not ready yet
            seen = lab.bridge.run(sys.executable, "-c", ASK, url)
            result = json.loads(seen)["data"]["result"]
            if [series["value"][1] for series in result] == [value]:
                labels: dict[str, str] = result[0]["metric"]
                return labels
        time.sleep(0.5)
    raise AssertionError(f"{query} never was {value}: {seen}")
