"""The clusters of kalint.toml: by name, all of them, and in every check of one of their files."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from kalint.cli.app import run_app
from kalint.errors import SettingsError, UsageError

NODE = """vrrp_script chk {{
    script "/usr/local/bin/check"
    weight {weight}
}}
vrrp_instance VI_1 {{
    interface eth0
    virtual_router_id 51
    priority {priority}
    track_script {{
        chk
    }}
    virtual_ipaddress {{
        10.0.0.9/24
    }}
}}
"""
NODES = """[clusters.web.nodes.a]
file = "a/keepalived.conf"
keepalived_version = "2.2.7"
[clusters.web.nodes.b]
file = "b/keepalived.conf"
"""
TOGETHER = '[clusters.web]\ntogether = { gateway = ["a:script:chk", "b:script:chk"] }\n'


def project(folder: Path, settings: str = NODES, weights: Sequence[int] = (-5, -5)) -> Path:
    for name, priority, weight in zip("ab", (110, 100), weights, strict=True):
        (folder / name).mkdir()
        (folder / name / "keepalived.conf").write_text(NODE.format(priority=priority, weight=weight))
    (folder / "kalint.toml").write_text(settings)
    return folder


def out(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["web"], ["--cluster-name", "web"]])
def test_a_cluster_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    """`kalint cluster`, from a folder below the settings too, with each node's own release."""
    project(tmp_path)
    monkeypatch.chdir(tmp_path / "a")
    assert run_app(["cluster", *words]) == 1
    printed = out(capsys)
    assert printed.startswith("cluster web\n\nrouter 51: a VI_1, b VI_1\n")
    assert "/b/keepalived.conf" in printed
    assert run_app(["cluster", *words, "--format", "json", "--fail-on", "never"]) == 0
    document = json.loads(out(capsys))
    assert document["name"] == "web"
    assert document["keepalived_version"] is None
    assert document["keepalived_versions"]["a"] == "2.2.7"


def test_all_clusters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a name all are shown; one document is about one of them."""
    project(tmp_path, NODES + NODES.replace("web", "db"))
    monkeypatch.chdir(tmp_path)
    run_app(["cluster"])
    printed = out(capsys)
    assert "cluster web\n" in printed
    assert "cluster db\n" in printed
    with pytest.raises(UsageError, match="name one of web, db"):
        run_app(["cluster", "--format", "json"])
    assert run_app(["cluster", "db", "--format", "json", "--fail-on", "never"]) == 0


def test_what_is_not_there_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No such cluster, no settings at all, a name and files."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"no kalint\.toml"):
        run_app(["cluster"])
    with pytest.raises(UsageError, match=r"^gone\.conf: neither a file nor a cluster of a kalint\.toml, which is not"):
        run_app(["report", "gone.conf"])
    project(tmp_path)
    with pytest.raises(UsageError, match=r"^wbe: neither a file nor a cluster of .*toml; did you mean 'web'\?$"):
        run_app(["cluster", "wbe"])
    with pytest.raises(UsageError, match=r"^oddity: neither a file, a directory nor a cluster; the clusters are web"):
        run_app(["fleet", "oddity"])
    with pytest.raises(UsageError, match="not both"):
        run_app(["cluster", "a/keepalived.conf", "b/keepalived.conf", "--cluster-name", "web"])


def test_a_check_judges_the_cluster_of_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only b has changed, and what is wrong is in a: it is shown, once, under the names of the command line."""
    project(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert run_app(["check", "--select", "KA801", "b/keepalived.conf"]) == 1
    assert "a/keepalived.conf:10:9: error: KA801" in out(capsys)
    both = ["a/keepalived.conf", "./b/keepalived.conf"]
    for words in (both, ["--cluster", *both]):
        assert run_app(["check", "--select", "KA801", *words]) == 1
        assert out(capsys).count("KA801") == 1
    assert run_app(["check", "--ignore", "KA", "b/keepalived.conf"]) == 0


def test_a_file_that_a_node_includes_is_one_of_the_clusters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project(tmp_path)
    (tmp_path / "a" / "keepalived.conf").rename(tmp_path / "a" / "web.inc")
    (tmp_path / "a" / "keepalived.conf").write_text("include web.inc\n")
    monkeypatch.chdir(tmp_path)
    assert run_app(["check", "--select", "KA801", "a/web.inc"]) == 1
    assert "a/web.inc:10:9: error: KA801" in out(capsys)


def test_standard_input_stands_for_a_nodes_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An editor shows what the text that is not saved yet does to the cluster: here it mends it."""
    project(tmp_path)
    monkeypatch.chdir(tmp_path)
    words = ["check", "--select", "KA801", "--stdin-filename", "a/keepalived.conf", "-"]
    for weight, status in ((-5, 1), (-20, 0)):
        text = NODE.format(priority=110, weight=weight).encode()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
        assert run_app(words) == status
    assert "KA801" in out(capsys)


def test_a_file_outside_of_every_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path)
    (tmp_path / "other.conf").write_text(NODE.format(priority=100, weight=-5))
    monkeypatch.chdir(tmp_path)
    assert run_app(["check", "--select", "KA801", "other.conf"]) == 0


def test_a_node_that_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The other file is judged all the same, and the exit code is 2."""
    project(tmp_path)
    (tmp_path / "b" / "keepalived.conf").unlink()
    monkeypatch.chdir(tmp_path)
    assert run_app(["check", "--select", "KA801", "a/keepalived.conf"]) == 2
    assert "clusters.web: " in capsys.readouterr().err


def test_what_fails_together_is_one_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both nodes lose 20: nothing moves, though a's own failure alone would have moved the master."""
    project(tmp_path, TOGETHER + NODES, (-20, -20))
    monkeypatch.chdir(tmp_path)
    run_app(["cluster", "--fail-on", "never"])
    lines = [" ".join(line.split()) for line in out(capsys).splitlines()]
    assert "! gateway fails on a and b *90 80 a stays" in lines
    assert not any("script chk ko" in line for line in lines)
    assert "useless: gateway" in lines
    run_app(["cluster", "--fail-on", "never", "--format", "json"])
    (router,) = json.loads(out(capsys))["routers"]
    assert router["together"] == {"gateway": ["a:script:chk", "b:script:chk"]}
    assert router["single_failures"][0]["node"] is None
    assert router["single_failures"][0]["thing"] == "together:gateway"
    assert router["single_failures"][0]["witness"] == {"a": {"script:chk": "ko"}, "b": {"script:chk": "ko"}}


@pytest.mark.parametrize(("release", "outcomes"), [("2.4.3", ["b"]), ("2.2.7", ["b", "a"])])
def test_the_settings_say_what_decides_between_owners(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    release: str,
    outcomes: list[str],
) -> None:
    """Of two owners the higher source address wins; on 2.2.7 the one that hears the other first goes down."""
    nodes = f'keepalived_version = "{release}"\n[clusters.web.nodes.a]\nfile = "a/keepalived.conf"\n'
    nodes += 'addresses = { eth0 = "10.9.0.1" }\n[clusters.web.nodes.b]\nfile = "b/keepalived.conf"\n'
    nodes += 'addresses = { eth0 = "10.9.0.2" }\n'
    project(tmp_path, nodes)
    for name in "ab":
        path = tmp_path / name / "keepalived.conf"
        text = re.sub("priority 1.0", "priority 255\n    state MASTER", path.read_text())
        path.write_text(text)
    monkeypatch.chdir(tmp_path)
    run_app(["cluster", "--fail-on", "never", "--format", "json"])
    (router,) = json.loads(out(capsys))["routers"]
    assert [member["address"] for member in router["members"]] == ["10.9.0.1", "10.9.0.2"]
    assert router["master"]["outcomes"] == outcomes


def test_a_shared_fault_is_one_failure_that_leaves_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project(tmp_path, TOGETHER + NODES, (0, 0))
    monkeypatch.chdir(tmp_path)
    run_app(["cluster", "--fail-on", "never"])
    printed = out(capsys)
    assert "smallest set of failures that leaves no master: gateway fails" in printed
    assert "KA809 script chk of a is one of the things that fail together as gateway" in printed
    run_app(["cluster", "--fail-on", "never", "--format", "json"])
    (router,) = json.loads(out(capsys))["routers"]
    assert router["no_master"]["failures"] == 1


@pytest.mark.parametrize(
    ("thing", "said"),
    [
        ("b:script:chkk", "nothing on b depends on script:chkk; did you mean script:chk?"),
        ("b:interface:eth7", "nothing on b depends on interface:eth7; did you mean interface:eth0?"),
    ],
)
def test_things_that_are_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, thing: str, said: str) -> None:
    project(tmp_path, f'[clusters.web]\ntogether = {{ gw = ["a:script:chk", "{thing}"] }}\n' + NODES)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError) as raised:
        run_app(["cluster"])
    assert said in str(raised.value)
    assert "kalint.toml" in str(raised.value)


def test_pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither of two failures alone leaves nobody; both do. JSON has every pair."""
    project(tmp_path, weights=(-20, -20))
    monkeypatch.chdir(tmp_path)
    run_app(["cluster", "--pairs", "--fail-on", "never"])
    lines = [" ".join(line.split()) for line in out(capsys).splitlines()]
    assert "4 of 11 pairs of failures end with another master than either failure alone:" in lines
    assert "a: interface eth0 down + b: daemon stopped FAULT FAULT no master" in lines
    run_app(["cluster", "--pairs", "--fail-on", "never", "--format", "json"])
    (router,) = json.loads(out(capsys))["routers"]
    assert len(router["pairs"]) == 11
    assert router["pairs_left_out"] == 0


def test_a_check_of_both_nodes_guesses_nothing_of_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """KA208 asks for the other node's file: beside that, the cluster's answer stands alone."""
    for name, priority in (("a", 150), ("b", 102)):
        (tmp_path / f"{name}.conf").write_text(NODE.format(priority=priority, weight=2))
    monkeypatch.chdir(tmp_path)
    run_app(["check", "a.conf"])
    assert " KA208 " in out(capsys)
    assert run_app(["check", "--cluster", "a.conf", "b.conf"]) == 1
    both = out(capsys)
    assert " KA801 " in both
    assert " KA208 " not in both
    run_app(["report", "a.conf", "b.conf"])
    page = out(capsys)
    assert "KA801" in page
    assert "KA208" not in page


def test_a_guess_stays_where_not_all_is_matched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a router that the other file does not have, the cluster knows nothing."""
    (tmp_path / "a.conf").write_text(NODE.format(priority=150, weight=2))
    (tmp_path / "b.conf").write_text(NODE.format(priority=102, weight=2).replace("router_id 51", "router_id 52"))
    monkeypatch.chdir(tmp_path)
    run_app(["check", "--cluster", "a.conf", "b.conf"])
    assert " KA208 " in out(capsys)


def test_what_nopreempt_makes_useless_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`check` says it of each node's nopreempt (KA210), `cluster` of each weight (KA801): one of them, not both."""
    folder = project(tmp_path)
    for name in "ab":
        file = folder / name / "keepalived.conf"
        file.write_text(file.read_text().replace("    interface eth0\n", "    interface eth0\n    nopreempt\n"))
    monkeypatch.chdir(tmp_path)
    run_app(["check", "a", "b", "--format", "concise"])
    checked = re.findall("KA210|KA801", out(capsys))
    run_app(["cluster", "web"])
    assert (checked, "KA801" in out(capsys)) == (["KA210"] * 2, True)
