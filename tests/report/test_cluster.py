"""What `kalint cluster` prints of two nodes, as text within 100 columns and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kalint.cli.app import run_app
from kalint.errors import UsageError

NODE = """vrrp_script chk {{
    script "/usr/local/bin/check"
    weight -5
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


@pytest.fixture
def nodes(tmp_path: Path) -> list[str]:
    """Two files: a has 110, b has 100."""
    paths = []
    for name, priority in (("a", 110), ("b", 100)):
        path = tmp_path / f"{name}.conf"
        path.write_text(NODE.format(priority=priority))
        paths.append(str(path))
    return paths


def test_the_matrix_shows_that_a_check_is_useless(nodes: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A column for each node, the master marked: with the check down a stays at 105, above b's 100."""
    run_app(["cluster", "--fail-on", "never", *nodes])
    lines = capsys.readouterr().out.splitlines()
    assert lines[:14] == [
        "router 51: a VI_1, b VI_1",
        "  nothing is down: a is master, by its priority",
        "  a can be 105 to 110 or FAULT, b can be 95 to 100 or FAULT",
        "  a stall of a of more than 2.61 s can move the master to b",
        "",
        "  what fails                   a       b  failover at most  master",
        "  ----------------------  ------  ------  ----------------  ------",
        "  nothing fails             *110     100                    a",
        "! a: script chk ko          *105     100                    a stays",
        "  a: interface eth0 down   FAULT    *100            3.61 s  b takes over",
        "  a: daemon stopped        FAULT    *100            3.61 s  b takes over",
        "! b: script chk ko          *110      95                    a",
        "  b: interface eth0 down    *110   FAULT                    a",
        "  b: daemon stopped         *110   FAULT                    a",
    ]
    assert "  useless: script chk on a and b" in lines


def test_json(nodes: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """The fields of docs/interface.md."""
    run_app(["cluster", "--format", "json", "--fail-on", "never", *nodes])
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "kalint/cluster/1"
    assert document["nodes"] == ["a", "b"]
    (router,) = document["routers"]
    assert (router["virtual_router_id"], router["family"]) == (51, "ipv4")
    assert [member["node"] for member in router["members"]] == ["a", "b"]
    assert router["master"] == {"node": "a", "priority": 110, "decided_by": "priority", "outcomes": ["a"]}
    assert router["single_failures"][0] == {
        "node": "a",
        "thing": "script:chk",
        "state": "ko",
        "priorities": {"a": 105, "b": 100},
        "master": "a",
        "outcomes": ["a"],
        "masters": ["a"],
        "possible_masters": [["a"]],
        "witness": {"a": {"script:chk": "ko"}},
        "failover": None,
    }
    assert router["no_master"] == {
        "witness": {"a": {"interface:eth0": "down"}, "b": {"interface:eth0": "down"}},
        "failures": 2,
        "certain": True,
    }
    assert router["never_change_master"] == [
        {"node": "a", "thing": "script:chk"},
        {"node": "b", "thing": "script:chk"},
    ]


@pytest.mark.parametrize("count", [2, 7])
def test_lines_fit_in_100_columns(tmp_path: Path, capsys: pytest.CaptureFixture[str], count: int) -> None:
    """Long names go on in the next line, none is cut: with many nodes too."""
    words = []
    for number in range(count):
        path = tmp_path / f"{number}.conf"
        text = NODE.format(priority=100 + number).replace("chk", "check_that_has_a_very_long_name_indeed" * 2)
        path.write_text(text)
        words.append(f"node{number}-of-the-datacentre-in-the-north={path}")
    run_app(["cluster", "--fail-on", "never", *words])
    printed = capsys.readouterr().out
    matrix = printed.split("\n\n")[1]
    assert max(map(len, matrix.splitlines())) <= 100
    heads = [line.split() for line in matrix.splitlines()[:3]]
    assert "node0" in {word for line in heads for word in line}
    assert "node names are shown without -of-the-datacentre-in-the-north" in printed
    assert matrix.replace("\n", "").replace(" ", "").count("check_that_has_a_very_long_name_indeed" * 2) == count


def test_names_that_are_as_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A wide character takes two cells, and a long name that has nothing in common with the others stays whole."""
    (tmp_path / "0.conf").write_text(NODE.format(priority=110))
    (tmp_path / "1.conf").write_text(NODE.format(priority=100))
    names = ("\u691c\u67fb", "the-second-load-balancer")
    run_app(["cluster", "--fail-on", "never", *(f"{name}={tmp_path}/{at}.conf" for at, name in enumerate(names))])
    printed = capsys.readouterr().out
    assert "node names are shown without" not in printed
    matrix = printed.split("\n\n")[1].replace("\u691c\u67fb", "\u691c\u67fb__").splitlines()
    rule = next(at for at, line in enumerate(matrix) if line.startswith("  ---"))
    head = [word for line in matrix[:rule] for word in line.split() if word in "the-second-load-balancer"]
    assert "".join(head) == "the-second-load-balancer"
    after_first = len(matrix[rule].split("  ")[1]) + 2
    assert {line[after_first : after_first + 2] for line in matrix} <= {"  ", ""}


def test_one_file_with_config_ids(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A node's name is its config id, so `@low` lines count for the node low."""
    path = tmp_path / "keepalived.conf"
    path.write_text(NODE.format(priority=100).replace("    track_script", "@low    priority 90\n    track_script"))
    assert run_app(["cluster", f"low={path}", f"high={path}", "--fail-on", "never"]) == 0
    assert "nothing fails 90 *100 high" in " ".join(capsys.readouterr().out.split())


def test_names_of_nodes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where all files have the same name, the folders' names tell the nodes apart."""
    for name, priority in (("left", 110), ("right", 100)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "keepalived.conf").write_text(NODE.format(priority=priority))
    run_app(
        ["cluster", "--fail-on", "never", *(str(tmp_path / name / "keepalived.conf") for name in ("left", "right"))]
    )
    assert capsys.readouterr().out.startswith("router 51: left VI_1, right VI_1\n")


def test_check_with_cluster(nodes: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """`check --cluster` finds in two files what neither shows alone, and ends with 1 for it."""
    assert run_app(["check", "--select", "KA8", *nodes]) == 0
    assert run_app(["check", "--select", "KA8", "--cluster", *nodes]) == 1
    printed = capsys.readouterr().out
    assert f"{nodes[0]}:10:9: error: KA801 a failure of chk takes VI_1 of a from 110 to 105" in printed
    assert run_app(["check", "--ignore", "KA801,KA601,KA403", "--cluster", *nodes]) == 0


def test_exit_codes(nodes: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """1 for a finding of a rule on clusters, 2 for one node only or two of one name."""
    assert run_app(["cluster", *nodes]) == 1
    with pytest.raises(UsageError, match="two nodes or more"):
        run_app(["cluster", nodes[0]])
    with pytest.raises(UsageError, match="two nodes are called a"):
        run_app(["cluster", f"a={nodes[0]}", f"a={nodes[1]}"])
    assert "KA801" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["text", "json"])
def test_no_secret_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Neither passwords that differ nor what the environment holds."""
    monkeypatch.setenv("KALINT_TEST_PASS", "xyzzy")
    words = []
    for name, secret in (("a", "swordfish"), ("b", "${_ENV KALINT_TEST_PASS}")):
        path = tmp_path / f"{name}.conf"
        lines = f"version 2\n    authentication {{\n        auth_type PASS\n        auth_pass {secret}\n    }}"
        path.write_text(NODE.format(priority=100).replace("    track_script", f"    {lines}\n    track_script"))
        words.append(str(path))
    assert run_app(["cluster", "--format", kind, *words]) == 1
    printed = capsys.readouterr().out
    assert "KA804" in printed
    assert "swordfis" not in printed
    assert "xyzzy" not in printed


def test_many_things_that_do_the_same_have_one_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of ten scripts with one weight the first stands for all; the eleventh has a weight and so a row of its own."""
    names = [f"chk{number}" for number in range(10)]
    written = "".join(f"vrrp_script {name} {{\n  script /bin/true\n  weight -30\n}}\n" for name in names)
    written += "vrrp_script other {\n  script /bin/true\n  weight -5\n}\n"
    tracked = "track_script {\n " + "\n ".join([*names, "other"]) + "\n }"
    files = []
    for name, priority in (("lb1", 110), ("lb2", 100)):
        path = tmp_path / f"{name}.conf"
        path.write_text(
            f"{written}vrrp_instance V {{\n interface eth0\n virtual_router_id 5\n priority {priority}\n {tracked}\n"
            " virtual_ipaddress {\n  192.0.2.5\n }\n}\n"
        )
        files.append(str(path))
    run_app(["cluster", *files])
    shown = capsys.readouterr().out
    assert [line[2:].split("  ")[0] for line in shown.splitlines() if ": script " in line[:15]] == [
        "lb1: script chk0 ko (+9 alike)",
        "lb1: script other ko",
        "lb2: script chk0 ko (+9 alike)",
        "lb2: script other ko",
    ]
    assert "+N alike: N other things of this kind on this node have the same row; --format json" in shown
    run_app(["cluster", "--format", "json", *files])
    rows = json.loads(capsys.readouterr().out)["routers"][0]["single_failures"]
    assert sum(row["thing"].startswith("script:") for row in rows) == 22
