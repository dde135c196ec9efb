"""Names of systems in place of releases, releases that never were, and small things of the command line."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from kalint.systems import SYSTEMS
from kalint.version import NEWEST, releases

Run = Callable[..., SimpleNamespace]
FILE = """\
vrrp_instance V {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.9/24
    }
}
"""


@pytest.fixture(autouse=True)
def _file(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_text(FILE)


@pytest.mark.parametrize(
    ("name", "release"),
    [
        ("debian-12", "2.2.7"),
        ("Debian-bookworm", "2.2.7"),
        ("ubuntu-22.04", "2.2.4"),
        ("ubuntu-jammy", "2.2.4"),
        ("rhel-8", "2.1.5"),
        ("rhel-8.10", "2.1.5"),
        ("rocky-9", "2.2.8"),
        ("alpine-3.15", "2.2.4"),
        ("alpine-3.19", "2.2.8"),
        ("2.2.7", "2.2.7"),
        ("v2.2", "2.2.0"),
    ],
)
def test_a_system_stands_for_a_release(name: str, release: str, run_kalint: Run) -> None:
    """On the command line and in the settings."""
    assert (
        json.loads(run_kalint("check", "a.conf", "--format", "json", "--keepalived-version", name).out)[
            "keepalived_version"
        ]
        == release
    )
    Path("kalint.toml").write_text(f'keepalived_version = "{name}"\n')
    assert json.loads(run_kalint("check", "a.conf", "--format", "json").out)["keepalived_version"] == release


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("2.0.21", "keepalived 2.0.21 was never released; the nearest releases are 2.0.20 and 2.1.0"),
        ("1.3.10", "keepalived 1.3.10 was never released; the nearest releases are 1.3.9 and 1.4.0"),
        ("1.2.7", "keepalived 1.2.7 is older than 1.2.13"),
        ("debian-99", "kalint does not know the release of 'debian-99'; the nearest is debian-13 ("),
        ("rocky-6.5", "kalint does not know the release of 'rocky-6.5'; the nearest is rocky-7 ("),
        (
            "Ubuntu-23.04",
            "kalint does not know the release of 'Ubuntu-23.04'; the nearest are ubuntu-22.04 and ubuntu-24.04 (",
        ),
        ("alpine-edge", "'alpine-edge' is not a system whose release kalint knows; did you mean 'alpine-3.24'?"),
        ("debain-12", "'debain-12' is not a keepalived release; did you mean 'debian-12'?"),
        ("rhel9", "'rhel9' is not a keepalived release; did you mean 'rhel-9'?"),
        ("jammy", "'jammy' is not a keepalived release; did you mean 'ubuntu-jammy'? ('kalint releases' lists them)"),
        (
            "openwrt",
            f"'openwrt' is not a keepalived release; write it as {NEWEST} or debian-12 ('kalint releases' lists them)",
        ),
    ],
)
def test_what_never_was_is_refused(name: str, message: str, run_kalint: Run) -> None:
    """With the nearest, in the settings with the place."""
    found = run_kalint("check", "a.conf", "--keepalived-version", name)
    assert found.status == 2
    assert message in found.err
    Path("kalint.toml").write_text(f'keepalived_version = "{name}"\n')
    found = run_kalint("check", "a.conf")
    assert found.status == 2
    assert message in found.err
    assert "kalint.toml:1:22" in found.err


def test_a_newer_release_is_read_as_the_newest(run_kalint: Run) -> None:
    """And kalint says so, also of the settings."""
    found = run_kalint("check", "a.conf", "--keepalived-version", "99.0.1")
    assert (
        f"keepalived 99.0.1 is newer than {NEWEST}, the newest release that kalint knows: read as {NEWEST}" in found.err
    )
    assert f"(keepalived {NEWEST})" in found.err
    Path("kalint.toml").write_text('keepalived_version = "99.0.1"\n')
    found = run_kalint("check", "a.conf")
    assert f"kalint.toml:1:1: keepalived 99.0.1 is newer than {NEWEST}" in found.err


def test_releases_are_listed(run_kalint: Run) -> None:
    """Each system has a release that there is, and an address as a source."""
    every = {str(version) for version in releases()}
    listed = {line.split()[0]: line for line in run_kalint("releases").out.splitlines() if line}
    for system in SYSTEMS:
        assert system.version in every
        assert re.match(r"([a-z]+\.)+(com|org|city)/?\b", system.source)
        assert listed[system.name].endswith(f"  {system.source}")
    document = json.loads(run_kalint("releases", "--format", "json").out)
    assert document["newest"] == str(NEWEST)
    assert "2.0.20" in document["releases"]
    assert "2.4.4" not in document["releases"]


def test_rules_are_selected_by_name(run_kalint: Run) -> None:
    """On the command line and in the settings; an unknown name is met with the one that is like it."""
    by_name = run_kalint("check", "a.conf", "--select", "vrid-default-51", "--format", "json")
    assert [each["code"] for each in json.loads(by_name.out)["diagnostics"]] == ["KA403"]
    Path("kalint.toml").write_text('ignore = ["vrid-default-51"]\n[severity]\n"unknown-keyword" = "info"\n')
    assert "KA403" not in run_kalint("check", "a.conf").out
    found = run_kalint("check", "a.conf", "--select", "vrid-default")
    assert found.status == 2
    assert "'vrid-default'; did you mean 'vrid-default-51'? ('kalint rules' lists them)" in found.err


def test_a_group_of_rules_is_listed(run_kalint: Run) -> None:
    """`explain KA2` has a line for each."""
    found = run_kalint("explain", "KA2")
    listed = found.out.splitlines()
    assert listed[0].startswith("KA201  priority-out-of-range: ")
    assert {line[:3] for line in listed} == {"KA2"}


def test_nodes_are_named_in_a_check(run_kalint: Run) -> None:
    """As in `kalint cluster`: one file for two nodes."""
    found = run_kalint("check", "--cluster", "x=a.conf", "y=a.conf")
    assert found.status == 1
    assert "KA802" in found.out  # both have the same priority
    assert "x and y" in found.out


def test_a_node_is_named_in_a_cluster_only(run_kalint: Run) -> None:
    """Without --cluster the refusal says what is missing, unless a file is really called so."""
    refused = run_kalint("check", "x=a.conf")
    assert refused.status == 2
    assert "x=a.conf: NAME=FILE names a node of a cluster: add --cluster, or pass a.conf" in refused.err
    Path("x=a.conf").write_text(FILE)
    assert run_kalint("check", "x=a.conf", "--fail-on", "error").status == 0


def test_a_file_that_cannot_be_compared_is_named_once(run_kalint: Run) -> None:
    """The others are compared."""
    Path("d").mkdir()
    Path("d/a.conf").write_text(FILE)
    Path("d/gone.conf").symlink_to("nowhere")
    found = run_kalint("diff", "--from", "2.0.20", "--to", "2.2.8", "d")
    assert (found.status, found.err) == (2, "kalint: d/gone.conf: No such file or directory\n")
    assert found.out == "none of 1 changes from keepalived 2.0.20 to 2.2.8; 1 could not be compared\n"


def test_a_closed_pipe_keeps_the_exit_code(tmp_path: Path) -> None:
    """`kalint check | head -1` has found what it has found."""
    (tmp_path / "b.conf").write_text("prioritty 1\n" + FILE + "oddity\n" * 5000)
    command = [sys.executable, "-m", "kalint", "check", "b.conf", "--jobs", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=tmp_path) as running:
        assert running.stdout is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.wait(60) == 1


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("check", "--cluster", "x=a.conf", "y=a.conf"), 1),
        (("check", "--diff", "semicolon.conf"), 1),
        (("cluster", "x=a.conf", "y=a.conf"), 1),
        (("diff", "a.conf", "semicolon.conf"), 1),
        (("report", "a.conf"), 0),
        (("explain", "KA2"), 0),
        (("completion", "bash"), 0),
        (("releases",), 0),
        (("fleet", "--help"), 0),
    ],
)
def test_a_reader_that_is_gone_changes_no_exit_code(arguments: tuple[str, ...], status: int, tmp_path: Path) -> None:
    """Nothing is said of it either."""
    (tmp_path / "semicolon.conf").write_text(FILE.replace("router_id 51", "router_id 52;"))
    command = [sys.executable, "-m", "kalint", *arguments]
    read, written = os.pipe()
    os.close(read)
    found = subprocess.run(command, stdout=written, stderr=subprocess.PIPE, text=True, cwd=tmp_path, check=False)
    os.close(written)
    assert found.returncode == status
    assert "pipe" not in found.stderr.lower()


@pytest.mark.parametrize("command", ["cluster", "fleet", "diff"])
def test_examples_stand_as_they_are_in_the_help(command: str, run_kalint: Run) -> None:
    """One a line, without the mark that says so."""
    said = run_kalint(command, "--help").out
    assert "\\b" not in said
    assert f"\n    kalint {command} " in said or f"\n  kalint {command} " in said


def test_only_what_keeps_results_takes_a_cache(run_kalint: Run) -> None:
    """`fleet` and `diff` keep none."""
    assert ["--cache" in run_kalint(command, "--help").out for command in ("check", "cluster", "fleet", "diff")] == [
        True,
        True,
        False,
        False,
    ]


def test_a_cluster_of_a_folders_name(run_kalint: Run) -> None:
    """`report web` is about the cluster, though there is a folder of that name."""
    Path("web").mkdir()
    Path("kalint.toml").write_text('[clusters.web.nodes]\na = { file = "a.conf" }\nb = { file = "a.conf" }\n')
    assert "<title>web" in run_kalint("report", "web").out
