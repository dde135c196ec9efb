"""Which release the nodes run, where nobody has said it: this machine is asked if it is one of them, and no other."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kalint import host
from kalint.pipeline.installed import installed
from kalint.pipeline.predicting import predict
from kalint.pipeline.reading import Asked
from kalint.settings.model import ClusterSettings, NodeSettings
from kalint.version import NEWEST, parse_version

OURS, THEIRS = "192.0.2.1", "192.0.2.2"


def fake(folder: Path, script: str) -> None:
    """A keepalived of its own, first on the PATH."""
    program = folder / "keepalived"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


@pytest.fixture
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a fake keepalived is that says 2.1.5 and keeps what it was asked."""
    folder = tmp_path / "bin"
    folder.mkdir()
    fake(folder, f'echo "$0 $*" >> {tmp_path}/asked; echo "Keepalived v2.1.5 (07/13,2020)" >&2')
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return tmp_path


def releases(
    folder: Path, monkeypatch: pytest.MonkeyPatch, local: set[str], live: bool = True, **asked: object
) -> dict[str, tuple[str, str]]:
    """What two nodes are taken to run on a machine with these addresses."""
    monkeypatch.setattr(host, "addresses", lambda: frozenset(local))
    monkeypatch.setattr(host.Host, "process_here", lambda *_: False)
    monkeypatch.chdir(folder)
    nodes = []
    for name, source in (("a", OURS), ("b", THEIRS)):
        (folder / f"{name}.conf").write_text(
            f"vrrp_instance V {{\n interface eth0\n virtual_router_id 51\n mcast_src_ip {source}\n"
            " virtual_ipaddress {\n  192.0.2.9\n }\n}\n"
        )
        nodes.append(NodeSettings(name, str(folder / f"{name}.conf")))
    found = predict(ClusterSettings("", tuple(nodes)), Asked(**asked), (), (), live)  # type: ignore[arg-type]
    return {name: (str(release.version), release.known) for name, release in found.prediction.releases.items()}


def test_a_node_is_asked_for_its_release(daemon: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other node is taken to run the same, which is less sure."""
    found = releases(daemon, monkeypatch, {OURS})
    assert found == {"a": ("2.1.5", "installed"), "b": ("2.1.5", "taken from here")}
    assert (daemon / "asked").read_text() == f"{daemon}/bin/keepalived --version\n"


def test_a_given_release_is_not_asked_for(daemon: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = releases(daemon, monkeypatch, {OURS}, version=parse_version("2.0.20"))
    assert set(found.values()) == {("2.0.20", "given")}
    assert not (daemon / "asked").exists()


@pytest.mark.parametrize("case", ["another machine", "untrusted", "capture"])
def test_no_other_machine_is_asked(daemon: Path, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    """Nor is one for a stranger's files, or for a capture, which may be of any machine."""
    local = {"192.0.2.77"} if case == "another machine" else {OURS}
    found = releases(daemon, monkeypatch, local, case != "capture", untrusted=case == "untrusted")
    assert set(found.values()) == {(str(NEWEST), "newest")}
    assert not (daemon / "asked").exists()


def test_a_machine_is_a_node_by_its_name_or_by_a_daemon_and_its_interfaces(
    daemon: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no file says an address; by the daemon it is not clear which node."""
    monkeypatch.setattr(host, "addresses", lambda: frozenset({OURS}))
    file = daemon / "a.conf"
    text = "vrrp_instance V {\n interface LINK\n virtual_router_id 51\n virtual_ipaddress {\n  192.0.2.9\n }\n}\n"
    name = os.uname().nodename.split(".")[0]
    found = []
    away = "no-such-if"
    for link, running, node in (
        ("lo", False, "a"), ("lo", True, "a"), ("lo", False, name), (away, True, "a"), (away, False, name)
    ):  # fmt: skip
        monkeypatch.setattr(host.Host, "process_here", lambda *_, answer=running: answer)
        file.write_text(text.replace("LINK", link))
        predicted = predict(ClusterSettings("", (NodeSettings(node, str(file)),)), Asked(), (), (), live=True)
        found.append(predicted.prediction.releases[node].known)
    assert found == ["newest", "installed", "installed", "newest", "newest"]


def test_a_daemon_that_hangs_or_says_nothing_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not for its children either, which hold the pipe open."""
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    found = []
    for script in ("sleep 300 & sleep 300", "echo 2.2.7", "exit 3", "echo 'Keepalived v1.1.20 (2010)'"):
        fake(tmp_path, script)
        found.append(installed(0.3))
    (tmp_path / "keepalived").write_text("no program")
    assert (*found, installed(0.3)) == (None,) * 5


def test_a_folder_relative_to_here_is_not_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").mkdir()
    fake(tmp_path / "bin", "echo 'Keepalived v2.1.5 (07/13,2020)'")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("kalint.pipeline.installed._FOLDERS", ())
    monkeypatch.setenv("PATH", "bin")
    assert installed() is None
