"""The three questions of a fleet: clusters in one line each, collisions on a network, and what changes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

Run = Callable[..., SimpleNamespace]


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def edit(path: str, old: str, new: str) -> None:
    """Replace what must be there."""
    text = Path(path).read_text()
    assert old in text
    Path(path).write_text(text.replace(old, new))


@pytest.mark.usefixtures("fleet")
def test_each_cluster_is_one_line(run_kalint: Run) -> None:
    """The worst first: the check of c2 never moves its master, on both nodes; one node of c3 has a typing error."""
    found = run_kalint("cluster", "--all", "--format", "jsonl")
    assert found.status == 1
    documents = lines(found.out)
    assert [each["cluster"] for each in documents[:2]] == ["c2", "c3"]
    by_name = {each["cluster"]: each for each in documents}
    assert by_name["c0"]["routers"][0]["masters"] == ["c0a"]
    assert by_name["c0"]["nobody"] == 2  # one failure of each node
    assert by_name["c0"]["useless"] == 0
    # 150 - 5 is above 140, and b is below a whatever its check says.
    assert by_name["c2"]["routers"][0]["useless"] == [
        {"node": "c2a", "thing": "script:check"},
        {"node": "c2b", "thing": "script:check"},
    ]
    assert by_name["c3"]["findings"]["error"] > 0
    table = run_kalint("cluster", "--all").out.partition("--\n")[2].splitlines()
    assert [line.split()[0] for line in table[:4]] == [each["cluster"] for each in documents]


@pytest.mark.usefixtures("fleet")
def test_one_line_does_not_depend_on_processes_or_cache(run_kalint: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also after a change of a file that a node includes."""
    monkeypatch.setattr("kalint.pipeline.spreading.LEAST", 2)
    plain = run_kalint("cluster", "--all", "--format", "jsonl", "--jobs", "1")
    assert run_kalint("cluster", "--all", "--format", "jsonl", "--jobs", "2") == plain
    for _ in range(2):
        assert run_kalint("cluster", "--all", "--format", "jsonl", "--cache", "kept") == plain
    edit("c0/a/conf.d/check.conf", "weight -30", "weight -5")
    changed = run_kalint("cluster", "--all", "--format", "jsonl")
    assert changed.out != plain.out
    assert run_kalint("cluster", "--all", "--format", "jsonl", "--cache", "kept") == changed


@pytest.mark.usefixtures("fleet")
def test_a_cluster_that_cannot_be_read_is_said(run_kalint: Run) -> None:
    """The others have their lines; the exit code is 2."""
    Path("c1/a/keepalived.conf").unlink()
    found = run_kalint("cluster", "--all")
    assert found.status == 2
    assert found.err == "kalint: c1: c1/a/keepalived.conf: No such file or directory\n"
    assert "c0" in found.out
    documents = lines(run_kalint("cluster", "--all", "--format", "jsonl").out)
    assert documents[0]["error"] == "c1/a/keepalived.conf: No such file or directory"


@pytest.mark.usefixtures("fleet")
def test_clusters_are_named(run_kalint: Run) -> None:
    """Several names, and a refusal that does not list all of them."""
    named = lines(run_kalint("cluster", "c0", "c1", "--format", "jsonl").out)
    assert [each["cluster"] for each in named] == ["c1", "c0"]  # in c1 a suppression suppresses nothing
    assert "cluster c1" in run_kalint("cluster", "c0", "c1").out
    told = "".join(
        f'[clusters.x{number:03}.nodes.a]\nfile="a"\n[clusters.x{number:03}.nodes.b]\nfile="b"\n'
        for number in range(90)
    )
    Path("kalint.toml").write_text(told)
    for command in (("cluster", "zzz"), ("cluster", "--cluster-name", "zzz"), ("report",)):
        refused = run_kalint(*command)
        assert refused.status == 2
        assert "and 85 more" in refused.err
        assert "x050" not in refused.err


NETWORK = '[networks.dmz]\nclusters = ["c0", "c[12]"]\n'


@pytest.mark.usefixtures("fleet")
def test_what_collides_on_a_network(run_kalint: Run) -> None:
    """A VRID in one group, an address, a password; others are as they should be."""
    with Path("kalint.toml").open("a") as stream:
        stream.write(NETWORK)
    assert run_kalint("fleet").status == 0
    for node in ("a", "b"):
        edit(f"c1/{node}/keepalived.conf", "virtual_router_id 52", "virtual_router_id 51")
        edit(f"c2/{node}/keepalived.conf", "10.0.53.9/24", "10.0.51.9/24")
        edit(f"c2/{node}/keepalived.conf", "hush53x", "hush51x")
    found = run_kalint("fleet", "--format", "jsonl")
    assert found.status == 1
    dmz = lines(found.out)[0]
    assert (dmz["network"], dmz["clusters"], dmz["inferred"]) == ("dmz", ["c0", "c1", "c2"], False)
    assert [(each["kind"], each["severity"], each["subject"], each["clusters"]) for each in dmz["collisions"]] == [
        ("vrid", "error", "51", ["c0", "c1"]),
        ("address", "error", "10.0.51.9", ["c0", "c2"]),
        ("password", "info", None, ["c0", "c2"]),
    ]
    assert dmz["free"] == {"ipv4": [[1, 50], [52, 52], [54, 255]]}
    text = run_kalint("fleet").out
    assert "free VRIDs: 1-50, 52, 54-255" in text
    group = "error: VRID 51: c0 and c1 send adverts to one multicast group, 224.0.0.18"
    assert f"{group}: their nodes receive each other's adverts" in text
    assert "hush" not in text + found.out


@pytest.mark.usefixtures("fleet")
def test_what_would_not_collide(run_kalint: Run) -> None:
    """Another multicast group, unicast, another interface; but a virtual MAC address is one in any case."""
    with Path("kalint.toml").open("a") as stream:
        stream.write(NETWORK)
    for node in ("a", "b"):
        edit(f"c1/{node}/keepalived.conf", "virtual_router_id 52", "virtual_router_id 51")
    group = "global_defs {\n    vrrp_mcast_group4 224.0.0.99\n}\n"
    plain = {path: Path(path).read_text() for path in ("c1/a/keepalived.conf", "c1/b/keepalived.conf")}
    for path, text in plain.items():
        Path(path).write_text(group + text)
    assert run_kalint("fleet").status == 0
    for path, text in plain.items():
        Path(path).write_text(text.replace("    priority", "    unicast_peer {\n        10.9.9.9\n    }\n    priority"))
    assert run_kalint("fleet").status == 0
    for path in (*plain, "c0/a/keepalived.conf"):
        edit(path, "    priority", "    use_vmac\n    priority")
    assert "use one virtual MAC address" in run_kalint("fleet").out
    for path, text in plain.items():
        Path(path).write_text(text.replace("eth0", "eth1"))
    Path("kalint.toml").write_text(Path("kalint.toml").read_text() + 'interfaces = ["eth0"]\n')
    assert run_kalint("fleet", "--fail-on", "error").status == 0


@pytest.mark.usefixtures("fleet")
def test_subnets_are_inferred(run_kalint: Run) -> None:
    """Without networks, what would collide if clusters of one subnet met is worth knowing."""
    for node in ("a", "b"):
        edit(f"c1/{node}/keepalived.conf", "virtual_router_id 52", "virtual_router_id 51")
        edit(f"c1/{node}/keepalived.conf", "10.0.52.9/24", "10.0.51.8/24")
    found = run_kalint("fleet", "--format", "jsonl")
    assert found.status == 0
    subnets = {each["network"]: each for each in lines(found.out)}
    assert list(subnets) == ["10.0.51.0/24", "10.0.53.0/24", "10.0.54.0/24"]
    assert [(each["kind"], each["severity"]) for each in subnets["10.0.51.0/24"]["collisions"]] == [("vrid", "info")]
    assert run_kalint("fleet", "--fail-on", "info").status == 1
    Path("kalint.toml").unlink()
    alone = run_kalint("fleet", ".", "--format", "jsonl")
    assert [len(each["clusters"]) for each in lines(alone.out)] == [2, 1, 1]


@pytest.mark.usefixtures("fleet")
def test_wrong_networks_are_refused(run_kalint: Run) -> None:
    """With the place."""
    with Path("kalint.toml").open("a") as stream:
        stream.write('[networks.dmz]\nclusters = ["c9"]\n')
    found = run_kalint("fleet")
    assert found.status == 2
    assert "networks.dmz.clusters has no cluster 'c9' to name" in found.err
    assert "kalint.toml:18:13" in found.err


@pytest.mark.usefixtures("fleet")
def test_two_states_of_clusters(run_kalint: Run) -> None:
    """Which answers of the matrix change, in text, JSON lines and Markdown."""
    shutil.copytree("c0", "old/c0")
    shutil.copytree("c1", "old/c1")
    Path("old/kalint.toml").write_text("".join(Path("kalint.toml").read_text().splitlines(keepends=True)[:8]))
    shutil.copytree("old", "new")
    same = run_kalint("diff", "--cluster", "old", "new")
    assert (same.status, same.out) == (0, "none of 2 changes\n")
    edit("new/c1/b/keepalived.conf", "priority 140", "priority 160")
    found = run_kalint("diff", "--cluster", "old", "new", "--format", "jsonl")
    assert found.status == 1
    first, second = lines(found.out)
    assert (first["cluster"], first["changes"]) == ("c0", [])
    assert {"what": "nothing is down", "subject": "router 52", "old": "c1a", "new": "c1b"} in second["changes"]
    text = run_kalint("diff", "--cluster", "old", "new").out
    assert "nothing is down: c1a  ->  c1b" in text
    assert text.endswith("1 of 2 changes\n")
    markdown = run_kalint("diff", "--cluster", "old", "new", "--format", "markdown").out
    assert markdown.startswith("### cluster c1\n")
    assert "| router 52 | nothing is down | c1a | c1b |" in markdown
    Path("new/c0/a/keepalived.conf").unlink()
    assert run_kalint("diff", "--cluster", "old", "new").status == 2
    assert run_kalint("diff", "--cluster", "old").status == 2


@pytest.mark.usefixtures("fleet")
def test_two_releases_of_many(run_kalint: Run) -> None:
    """Files, directories and clusters, each as both releases read it; masters and failures of clusters."""
    edit("c0/a/keepalived.conf", "priority 150", "priority 150x")  # 1.2.13 reads 150; today it is no number: 100
    found = run_kalint("diff", "--from", "1.2.13", "--to", "2.2.8", "c0", "c1/a/keepalived.conf", "--format", "jsonl")
    assert found.status == 1
    cluster, file = lines(found.out)
    assert cluster["cluster"] == "c0"
    assert {"what": "nothing is down", "subject": "router 51", "old": "c0a", "new": "c0b"} in cluster["changes"]
    assert {"what": "base priority", "subject": "c0a V", "old": "150", "new": "100"} in cluster["changes"]
    assert file["old"] == {"file": "c1/a/keepalived.conf", "keepalived_version": "1.2.13"}
    assert (
        run_kalint("diff", "--from", "2.2.7", "--to", "2.2.8", "c1/a/keepalived.conf", "c1/b/keepalived.conf").status
        == 0
    )
    everything = run_kalint("diff", "--from", "debian-12", "--to", "ubuntu-24.04")
    assert everything.out.endswith("of 4 changes from keepalived 2.2.7 to 2.2.8\n")
    assert run_kalint("diff", "--from", "2.2.7", "--to", "2.2.7", ".").status == 2
    assert run_kalint("diff", "--from", "2.2.7", "nowhere").status == 2


@pytest.mark.usefixtures("fleet")
def test_a_folder_is_its_clusters_and_files(run_kalint: Run) -> None:
    """What another file of it includes is no file of its own."""
    Path("c0/alone.conf").write_text("vrrp_script x {\n    script /bin/true\n}\n")
    found = run_kalint("diff", "--from", "2.2.7", "--to", "2.2.8", "c0", "--format", "jsonl")
    assert [each.get("cluster") for each in lines(found.out)] == ["c0"]
    Path("kalint.toml").unlink()
    found = run_kalint("diff", "--from", "2.2.7", "--to", "2.2.8", "c0", "--format", "jsonl")
    assert [each["old"]["file"] for each in lines(found.out)] == [
        "c0/alone.conf",
        "c0/a/keepalived.conf",
        "c0/b/keepalived.conf",
    ]


@pytest.mark.usefixtures("fleet")
def test_a_folder_has_no_files_of_its_clusters_twice(run_kalint: Run) -> None:
    """What a node of a cluster includes is part of the cluster; a cluster that cannot be read spoils no other."""
    shutil.rmtree("c1/b")
    found = run_kalint("diff", "--from", "2.2.7", "--to", "2.2.8", ".", "--format", "jsonl")
    assert found.status == 2
    assert [(each.get("cluster"), "error" in each) for each in lines(found.out)] == [
        ("c0", False),
        ("c1", True),
        ("c2", False),
        ("c3", False),
    ]
    assert found.err == "kalint: cluster c1: c1/b/keepalived.conf: No such file or directory\n"


@pytest.mark.usefixtures("fleet")
def test_an_included_file_has_one_name(run_kalint: Run) -> None:
    """Whoever includes it: its findings are told once, and not where a link leads elsewhere."""
    Path("common").mkdir()
    Path("common/more.conf").write_text("vrrp_script unused {\n    script /bin/true\n}\n")
    for node in ("c0/a", "c0/b", "c1/a", "c1/b"):
        edit(f"{node}/keepalived.conf", "include conf.d/*.conf", "include conf.d/*.conf\ninclude ../../common/*.conf")
    found = run_kalint("check", ".", "--select", "unused-script", "--format", "concise")
    assert [line.split(" ", 1)[0] for line in found.out.splitlines()] == ["./common/more.conf:1:13:"]
    found = run_kalint("check", "c0", "--select", "unused-script", "--format", "concise")
    assert [line.split(" ", 1)[0] for line in found.out.splitlines()] == ["common/more.conf:1:13:"]
    Path("c0").rename("elsewhere")
    Path("c0").mkdir()
    Path("c0/a").symlink_to("../elsewhere/a")
    Path("elsewhere/a/link").symlink_to("../../c1/a")  # link/.. is c1
    edit("elsewhere/a/keepalived.conf", "../../common/*.conf", "link/../more.conf")
    Path("c1/more.conf").write_text("vrrp_script idle {\n    script /bin/true\n}\n")
    found = run_kalint("check", "c0/a/keepalived.conf", "--select", "unused-script", "--format", "concise")
    assert found.out.startswith("c0/a/link/../more.conf:1:13: KA103 warning: nothing tracks vrrp_script idle")


@pytest.mark.usefixtures("fleet")
def test_settings_of_many_clusters_are_looked_through_once(run_kalint: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where a node's file is a template: the work grows as the clusters do, not as their square."""
    Path("web.j2").write_text(Path("c0/a/keepalived.conf").read_text().replace("priority 150", "priority {{ p }}"))
    Path("p.json").write_text('{"p": 150}')
    asked: list[str] = []
    real = os.path.realpath
    monkeypatch.setattr(os.path, "realpath", lambda path, **more: (asked.append(path), real(path, **more))[1])

    def cost(clusters: int) -> int:
        told = '[clusters.t.nodes]\na = { file = "web.j2", vars = ["p.json"] }\nb = { file = "c0/b/keepalived.conf" }\n'
        for number in range(clusters):
            told += f"[clusters.c{number}.nodes]\n"
            told += "".join(f'{node} = {{ file = "c0/{node}/keepalived.conf" }}\n' for node in "ab")
        Path("kalint.toml").write_text(told)
        asked.clear()
        assert run_kalint("cluster", "--all", "--jobs", "1").status == 1
        return len(asked)

    few = cost(10)
    assert cost(40) < 5 * few


@pytest.mark.usefixtures("fleet")
def test_a_template_is_rendered_once_for_each_node(run_kalint: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not again for the findings, nor for the other release: each takes the start of a process."""
    from kalint.rendering import parent

    template = Path("c0/a/keepalived.conf").read_text().replace("priority 150", "priority {{ p }}")
    Path("web.j2").write_text(template.removeprefix("include conf.d/*.conf\n"))
    told = "[clusters.t.nodes]\n"
    for node, priority in (("a", 150), ("b", 100)):
        Path(f"{node}.json").write_text(f'{{"p": {priority}}}')
        told += f'{node} = {{ file = "web.j2", vars = ["{node}.json"] }}\n'
    Path("kalint.toml").write_text(told)
    rendered: list[str] = []
    asked = parent._asked
    monkeypatch.setattr(
        parent, "_asked", lambda path, request: (rendered.append(request["node"]), asked(path, request))[1]
    )
    (one,) = lines(run_kalint("cluster", "--all", "--format", "jsonl").out)
    assert one["routers"][0]["masters"] == ["a"]
    assert sorted(rendered) == ["a", "b"]
    rendered.clear()
    assert run_kalint("diff", "--from", "2.2.7", "--to", "2.2.8", "t").status == 0
    assert sorted(rendered) == ["a", "b"]


@pytest.mark.usefixtures("fleet")
def test_several_masters_at_once_are_worse_than_one_of_two(run_kalint: Run) -> None:
    """A cluster with two masters stands above a tie, however many findings the tie has."""
    for node in ("a", "b"):
        edit(f"c1/{node}/keepalived.conf", "hush52x", f"{node}52")  # neither accepts the other's adverts: two masters
    edit("c0/a/keepalived.conf", "priority 150", "priority 140\n    oddity 1\n    strange 2")
    found = lines(run_kalint("cluster", "--all", "--format", "jsonl").out)
    by_name = {each["cluster"]: each for each in found}
    assert by_name["c1"]["routers"][0]["masters"] == ["c1a", "c1b"]
    assert by_name["c0"]["findings"]["error"] > by_name["c1"]["findings"]["error"]
    names = [each["cluster"] for each in found]
    assert names.index("c1") < names.index("c0") < names.index("c2")


@pytest.mark.usefixtures("fleet")
def test_what_an_interface_leaves_out_of_a_network_is_shown_by_its_subnet(run_kalint: Run) -> None:
    """An instance is on no network if its interface is on none, though its cluster is."""
    more = Path("c0/a/keepalived.conf").read_text().partition("\n")[2].replace("vrrp_instance V", "vrrp_instance W")
    for cluster in ("c0", "c1"):
        for node in ("a", "b"):
            with Path(f"{cluster}/{node}/keepalived.conf").open("a") as stream:
                own = more.replace("eth0", "eth1").replace("router_id 51", "router_id 99")
                stream.write(own.replace("10.0.51.9", f"10.9.0.{cluster[1]}"))
    with Path("kalint.toml").open("a") as stream:
        stream.write('[networks.dmz]\nclusters = ["c*"]\ninterfaces = ["eth0"]\n')
    found = run_kalint("fleet", "--format", "jsonl")
    assert found.status == 0
    networks = {each["network"]: each for each in lines(found.out)}
    assert [each["virtual_router_id"] for each in networks["dmz"]["used"]] == [51, 52, 53, 54]
    (collision, _) = networks["10.9.0.0/24"]["collisions"]  # the other one is their password
    assert (collision["kind"], collision["severity"], collision["subject"]) == ("vrid", "info", "99")


@pytest.mark.usefixtures("fleet")
def test_the_last_lines_say_where_collisions_are(run_kalint: Run) -> None:
    """The tables above them may be long. What cannot be read is named with its cluster."""
    with Path("kalint.toml").open("a") as stream:
        stream.write('[networks.dmz]\nclusters = ["c0", "c1"]\n[networks.lan]\nclusters = ["c2", "c3"]\n')
    edit("c1/a/keepalived.conf", "virtual_router_id 52", "virtual_router_id 51")
    Path("c1/b/keepalived.conf").unlink()
    found = run_kalint("fleet")
    assert found.status == 2
    assert found.out.endswith("\n1 error in 4 clusters\n  network dmz: 1 error\n")
    assert found.err == "kalint: c1: c1/b/keepalived.conf: No such file or directory\n"


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
@pytest.mark.usefixtures("fleet")
def test_the_examples_with_jq_work_as_they_are_written(run_kalint: Run) -> None:
    """In the helps and in docs/fleets.md, also where a cluster cannot be read."""
    Path("c1/b/keepalived.conf").unlink()
    with Path("kalint.toml").open("a") as stream:
        stream.write('[networks.dmz]\nclusters = ["c*"]\n')
    page = (Path(__file__).parents[2] / "docs" / "fleets.md").read_text()
    told = "".join((page, *(run_kalint(command, "--help").out for command in ("cluster", "fleet"))))
    examples = re.findall(r"^ +kalint (.*) \| (jq .*?)(?: +#.*)?$", told, re.MULTILINE)
    assert len(examples) > 8
    for command, filter_ in examples:
        given = run_kalint(*command.split()).out
        found = subprocess.run(["bash", "-c", filter_], input=given, capture_output=True, text=True, check=False)
        assert (found.returncode, found.stderr) == (0, ""), filter_
    assert {command for command, _ in examples} == {"cluster --all --format jsonl", "fleet --format jsonl"}


@pytest.mark.usefixtures("fleet")
def test_a_template_includes_what_lies_beside_it(run_kalint: Run) -> None:
    """By a relative path; an absolute one names a file of the machine, of which nothing is known here."""
    template = Path("c0/a/keepalived.conf").read_text().replace("priority 150", "priority {{ p }}")
    settings = "[clusters.t.nodes]\n"
    for node, priority in (("a", 150), ("b", 140)):
        Path(f"{node}.json").write_text(f'{{"p": {priority}}}')
        settings += f'{node} = {{ file = "c0/a/web.j2", vars = ["{node}.json"] }}\n'
    Path("kalint.toml").write_text(settings)

    def useless(include: str) -> list[dict[str, str]]:
        Path("c0/a/web.j2").write_text(template.replace("conf.d/*.conf", include))
        (one,) = lines(run_kalint("cluster", "--all", "--format", "jsonl").out)
        found: list[dict[str, str]] = one["routers"][0]["useless"]
        return found

    assert useless("conf.d/*.conf") == []  # the check is defined there: -30 moves the master
    assert useless("../b/conf.d/check.conf") == []
    assert [each["thing"] for each in useless(f"{Path.cwd()}/c0/a/conf.d/*.conf")] == ["script:check"] * 2
    assert [each["thing"] for each in useless("elsewhere/*.conf")] == ["script:check"] * 2
