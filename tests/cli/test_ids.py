"""One file with `@id` lines for several nodes: every id is judged, and together they are a cluster."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from kalint.pipeline import texts
from kalint.text import Options
from kalint.text.stream import Stream

Run = Callable[..., SimpleNamespace]
BOTH = """vrrp_instance web {
    interface eth0
    virtual_router_id 17
    @lb1 priority 110
    @lb2 priority 300
    virtual_ipaddress {
        192.0.2.9/24
    }
}
"""
ONE_AND_THE_REST = BOTH.replace("@lb2 priority 300", "@^lb1 priority 300")


@pytest.fixture
def run(run_kalint: Run, tmp_path: Path) -> Run:
    """Kalint in a folder with both.conf and rest.conf."""
    (tmp_path / "both.conf").write_text(BOTH)
    (tmp_path / "rest.conf").write_text(ONE_AND_THE_REST)
    return run_kalint


def findings(run: Run, *arguments: str) -> dict[str, list[str] | None]:
    document = json.loads(run("check", "--format", "json", *arguments).out)
    return {f"{each['line']} {each['code']}": each.get("config_ids") for each in document["diagnostics"]}


def test_every_id_is_judged(run: Run) -> None:
    """A finding stands once, and says for which ids it holds where it is not all."""
    (Path("a.conf")).write_text(BOTH.replace("interface eth0", "interfase eth0"))
    assert findings(run, "both.conf", "--select", "KA2,KA021") == {"5 KA201": ["lb2"]}
    found = findings(run, "a.conf", "--select", "KA002,KA201")
    assert found == {"2 KA002": None, "5 KA201": ["lb2"]}
    assert "both.conf:5:19: holds for config id lb2 only" in run("check", "both.conf").out


def test_an_id_that_is_none_of_them_is_judged_too(run: Run) -> None:
    """Lines for all but one id are read by all others, which stand as one."""
    assert findings(run, "rest.conf", "--select", "KA2,KA021") == {"5 KA201": ["other"]}


def test_an_id_that_is_given_counts_alone(run: Run) -> None:
    """-i picks one; one that no line names is said."""
    assert findings(run, "-i", "lb1", "both.conf", "--select", "KA2,KA021") == {}
    assert findings(run, "-i", "lb2", "both.conf", "--select", "KA2,KA021") == {"5 KA201": None}
    assert findings(run, "-i", "lb3", "both.conf", "--select", "KA021") == {"4 KA021": None}


def test_ids_in_lines_for_ids_are_found(run: Run, tmp_path: Path) -> None:
    """A definition for one id may hold lines for another."""
    (tmp_path / "c.conf").write_text("@lb1 $LINE=@lb2 priority 300\n" + BOTH.replace("@lb2 priority 300", "$LINE"))
    document = json.loads(run("show", "c.conf", "--format", "json").out)
    assert list(document["config_ids"]) == ["lb1", "lb2"]


def test_the_ids_are_the_nodes_of_a_cluster(run: Run) -> None:
    """Cluster, check and report take them, without a=; a file without ids is still no cluster."""
    document = json.loads(run("cluster", "both.conf", "--format", "json").out)
    assert document["nodes"] == ["lb1", "lb2"]
    assert json.loads(run("cluster", "rest.conf", "--format", "json").out)["nodes"] == ["lb1", "other"]
    Path("tie.conf").write_text(BOTH.replace("300", "110"))
    assert "4 KA802" in findings(run, "tie.conf") or "5 KA802" in findings(run, "tie.conf")
    assert "lb1, lb2" in run("report", "both.conf").out
    Path("none.conf").write_text(BOTH.replace("@lb1 ", "").replace("    @lb2 priority 300\n", ""))
    refused = run("cluster", "none.conf")
    assert (refused.status, refused.err) == (2, "kalint: a cluster has two nodes or more: [NAME=]FILE [NAME=]FILE\n")


def test_many_ids_are_no_cluster_unless_somebody_says_so(run: Run) -> None:
    """They switch single lines. Each reading is judged, the cluster of all is not, and that is said."""
    for count, are in ((16, True), (17, False)):
        lines = "".join(f"    @on{number} garp_master_delay 1\n" for number in range(count - 2))
        Path("many.conf").write_text(BOTH.replace("300", "110")[:-2] + lines + "}\n")
        found = run("check", "many.conf", "--select", "KA802", "--format", "concise")
        assert ("KA802" in found.out) is are
        said = "passed over: many.conf (as a cluster of its config ids, which are more than 16)"
        assert (said in found.err) is not are
    assert len(json.loads(run("cluster", "many.conf", "--format", "json").out)["nodes"]) == 17


def test_priorities_and_show_answer_for_each_id(run: Run) -> None:
    """A heading each as text, a document each in JSON, a column in CSV."""
    shown = run("priorities", "both.conf").out
    assert [line for line in shown.splitlines() if line.startswith("config id")] == ["config id lb1:", "config id lb2:"]
    document = json.loads(run("priorities", "both.conf", "--format", "json").out)
    nominal = {key: each["instances"][0]["nominal"] for key, each in document["config_ids"].items()}
    assert (nominal, document["instances"][0]["nominal"]) == ({"lb1": 110, "lb2": 100}, 110)
    rows = list(csv.DictReader(run("priorities", "both.conf", "--format", "csv").out.splitlines()))
    assert [(row["config_id"], row["priority"]) for row in rows if row["witness"] == ""] == [
        ("lb1", "110"),
        ("lb2", "100"),
    ]


def test_one_place_is_told_once_for_all_ids(run: Run) -> None:
    """What differs between the ids only in numbers is one finding with the others behind it."""
    tracked = "    track_interface {\n        eth2 weight -20\n        eth3 weight -20 reverse\n    }\n}\n"
    Path("two.conf").write_text(BOTH.replace("300", "150")[:-2] + tracked)
    text = run("check", "two.conf", "--select", "KA206").out
    assert text.count("KA206") == 1
    assert "web has priority 110 with both working" in text
    assert "also eth2 going down and eth3 going down cancel each other: web has priority 150 with both working" in text
    assert "(holds for config id lb2 only)" in text


def test_state_master_on_all_nodes_is_one_finding(run: Run) -> None:
    """KA810 speaks of the nodes, so that KA304 does not speak of each."""
    Path("two.conf").write_text(
        BOTH.replace("300", "100").replace("interface eth0", "state MASTER\n    interface eth0")
    )
    assert findings(run, "two.conf", "--select", "KA304,KA810") == {"2 KA810": None}
    assert findings(run, "-i", "lb1", "two.conf", "--select", "KA304,KA810") == {"2 KA304": None}


def test_scripts_of_several_ids_are_one_finding(run: Run) -> None:
    """Each id has its own script without script security: one mistake."""
    lines = "".join(f"@{name} notify /bin/{name}\n" for name in ("lb1", "lb2"))
    Path("notify.conf").write_text(BOTH.replace("300", "100").replace("    @lb1", f"{lines}    @lb1"))
    text = run("check", "notify.conf", "--select", "KA601").out
    assert text.count("KA601") == 1
    assert "holds for config id lb1 only" in text
    assert "also here (holds for config id lb2 only)" in text


def test_the_rest_of_the_ids_is_no_id_called_other(run: Run) -> None:
    text = run("check", "rest.conf", "--select", "KA201").out
    assert "holds for config ids that the file does not name only" in text


def test_a_file_that_names_several_ids_is_for_no_other(run: Run) -> None:
    """A definition that each of its nodes has is missing on none: `@^lb1` are the other nodes that it names."""
    text = "@lb1 $PRIO=110\n@lb2 $PRIO=300\n" + BOTH.replace(
        "    @lb1 priority 110\n    @lb2 priority 300\n", "    priority $PRIO\n"
    )
    Path("others.conf").write_text(text.replace("interface eth0", "interface eth0\n    @^lb1 garp_master_delay 5", 1))
    assert findings(run, "others.conf", "--select", "KA014,KA201") == {"2 KA201": ["lb2"]}


def of_many(count: int) -> str:
    """A file with lines for so many ids, the last of which has a mistake."""
    lines = "".join(f"    @n{number} priority {number}\n" for number in range(1, count + 1))
    return BOTH.replace("    @lb1 priority 110\n    @lb2 priority 300\n", lines.replace(f" {count}\n", " 300\n"))


def test_ids_that_are_too_many_are_told(run: Run) -> None:
    """The first 64 are judged; how many are not stands beside the findings, in each format, and the status is 2."""
    Path("many.conf").write_text(of_many(100))
    told = "many.conf: 36 of its 100 config ids were not judged, only the first 64: choose one with -i"
    for kind in ("text", "json", "sarif", "github", "gitlab", "junit", "concise", "grouped", "rdjsonl"):
        result = run("check", "many.conf", "--format", kind)
        assert result.status == 2, kind
        assert f"kalint: {told}\n" in result.err
        assert (told in result.out) is (kind not in ("text", "gitlab", "concise", "grouped")), kind
    Path("enough.conf").write_text(of_many(64))
    assert "not judged" not in run("check", "enough.conf").err
    assert "64 KA201" not in findings(run, "many.conf", "-i", "n64", "--select", "KA201")
    assert findings(run, "many.conf", "-i", "n100", "--select", "KA201") == {"103 KA201": None}


@pytest.mark.parametrize("command", ["show", "priorities", "cluster"])
def test_other_commands_refuse_too_many_ids(run: Run, command: str) -> None:
    Path("many.conf").write_text(of_many(65))
    result = run(command, "many.conf")
    assert (result.status, result.out) == (2, "")
    assert result.err == "kalint: many.conf: has more than 64 config ids: choose one with -i\n"


def test_a_file_is_read_once_for_each_id(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """And once to learn the ids: its cluster is judged from the same texts, as long as they are not too large."""
    read = Stream.run
    ids: list[str | None] = []

    def counted(stream: Stream) -> None:
        ids.append(stream.options.config_id)
        read(stream)

    monkeypatch.setattr(Stream, "run", counted)
    assert "KA201" in run("check", "both.conf").out
    assert ids == [None, "lb1", "lb2"]
    ids.clear()
    run("cluster", "both.conf")
    assert ids == [None, "lb1", "lb2"]
    ids.clear()
    monkeypatch.setattr(texts, "MOST_LINES", 0)
    run("cluster", "both.conf")
    assert ids == [None, "lb1", "lb2", "lb1", "lb2"]


def test_a_text_is_read_again_where_it_is_read_otherwise(tmp_path: Path) -> None:
    """Other options, and bytes that stand for the file's."""
    path = tmp_path / "both.conf"
    path.write_text(BOTH)
    known = texts.Texts()
    first = known.read(str(path), None, Options(config_id="lb1"))
    assert known.read(str(path), None, Options(config_id="lb1")) is first
    other = Options(config_id="lb1", overlay={str(path): BOTH.replace("110", "120").encode()})
    assert "priority 120" in [line.text for line in known.read(str(path), None, other).lines]
    assert "priority 130" in [
        line.text for line in known.read(str(path), BOTH.replace("110", "130").encode(), other).lines
    ]
