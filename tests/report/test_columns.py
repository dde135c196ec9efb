"""Names that are long and alike, in every table: what all have in common is left out, and no word is cut."""

from __future__ import annotations

from pathlib import Path

import pytest

from kalint.cli.app import run_app
from kalint.report.columns import named

NODE = """vrrp_script chk {{
    script "/usr/local/bin/check"
    weight -60
}}
vrrp_instance web {{
    interface eth0
    virtual_router_id 17
    priority {priority}
    virtual_ipaddress {{
        192.0.2.100/24
    }}
    track_script {{
        chk
    }}
}}
"""
LONG = [f"production-frankfurt-datacenter-two-loadbalancer-0{number}" for number in (1, 2, 3)]
APART = ["node-a-with-a-name-of-forty-characters-xx", "another-name-of-some-forty-characters-yyy"]
SCENARIO = """duration = 20
[[event]]
time = 10
node = "{first}"
daemon = "stop"
"""


@pytest.mark.parametrize(
    ("names", "short", "common"),
    [
        (["lb1.prod.example.org", "lb2.prod.example.org"], ["lb1", "lb2"], ".prod.example.org"),
        (LONG[:2], ["loadbalancer-01", "loadbalancer-02"], "production-frankfurt-datacenter-two-"),
        (
            ["frankfurt-two-lb-01.example.org", "frankfurt-two-lb-02.example.org"],
            ["lb-01", "lb-02"],
            "frankfurt-two- and .example.org",
        ),
        (["site-a-lb.example.org", "site-b-lb.example.org"], ["site-a", "site-b"], "-lb.example.org"),
        (["lb1", "lb2"], ["lb1", "lb2"], ""),
        (APART, APART, ""),
        (
            ["averyverylongnodename1", "averyverylongnodename2"],
            ["averyverylongnodename1", "averyverylongnodename2"],
            "",
        ),
    ],
)
def test_what_names_have_in_common(names: list[str], short: list[str], common: str) -> None:
    """The end from a separator on, then the beginning up to one, so that what stays begins with a letter."""
    found = named(names)
    assert [found.short(name) for name in names] == short
    assert found.common == common
    assert found.legend() == (f"node names are shown without {common}" if common else "")


def nodes_in(folder: Path, names: list[str]) -> list[str]:
    """Arguments for nodes of these names, the first with the highest priority."""
    for number, name in enumerate(names):
        (folder / f"{name}.conf").write_text(NODE.format(priority=150 - number * 10))
    return [f"{name}={folder / name}.conf" for name in names]


@pytest.mark.parametrize(("names", "words"), [(LONG, "loadbalancer-"), (APART, "characters-")])
def test_tables_of_long_names(tmp_path: Path, capsys: pytest.CaptureFixture[str], names: list[str], words: str) -> None:
    """`cluster` and `simulate` keep to 100 cells, break names at hyphens only, and say what is left out."""
    given = nodes_in(tmp_path, names)
    (tmp_path / "s.toml").write_text(SCENARIO.format(first=names[0]))
    for command in (["cluster", "--fail-on", "never"], ["simulate", "--scenario", str(tmp_path / "s.toml")]):
        run_app([*command, *given])
        printed = capsys.readouterr().out
        table = printed.partition("\n\n")[2].partition("\n\n")[0]
        assert max(map(len, table.splitlines())) <= 100
        assert words in table
        pieces = {piece for name in names for piece in name.replace("-", "- ").split()}
        heads = table.partition("---")[0].replace("what fails", "").replace("what happens", "").split()
        assert {head for head in heads if "-" in head and head not in pieces} <= _joined(pieces)
        assert ("node names are shown without production-frankfurt-datacenter-two-" in printed) is (names is LONG)


def _joined(pieces: set[str]) -> set[str]:
    """Several whole pieces of one name beside each other."""
    return {
        "-".join(parts[first:last]) + ("-" if last < len(parts) else "")
        for name in (*LONG, *APART)
        for parts in [name.split("-")]
        for first in range(len(parts))
        for last in range(first + 1, len(parts) + 1)
    } | pieces


def test_a_requirement_keeps_its_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The requirement is shown as it was written, its counterexample with short names."""
    text = f"{LONG[2]} is master when {LONG[0]} fails"
    run_app(["require", *nodes_in(tmp_path, LONG), "-e", text])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{'fails':<15}{text}"
    assert lines[1].strip() == "all daemons start: loadbalancer-01 is master of web"
    assert lines[-1] == "node names are shown without production-frankfurt-datacenter-two-"


def test_clusters_of_a_fleet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table of clusters whose names are long keeps to 100 cells and leaves out what they have in common."""
    monkeypatch.chdir(tmp_path)
    settings = '[networks.dmz]\nclusters = ["*"]\n'
    for name in ("production-frankfurt-datacenter-two-web", "production-frankfurt-datacenter-two-mail"):
        for node in ("a", "b"):
            (tmp_path / f"{name}-{node}.conf").write_text(NODE.format(priority=100))
            settings += f'[clusters.{name}.nodes.{node}]\nfile = "{name}-{node}.conf"\n'
    (tmp_path / "kalint.toml").write_text(settings)
    run_app(["fleet", "--fail-on", "never"])
    printed = capsys.readouterr().out
    assert "    17  web and mail  192.0.2.100\n" in printed
    assert "virtual address 192.0.2.100 is in web and mail: their masters have it at the same time" in printed
    assert printed.splitlines()[-1] == "cluster names are shown without production-frankfurt-datacenter-two-"
