"""Tables with long names: rows of 100 columns, on every terminal and on a pipe, and nothing is cut."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kalint.cli.app import run_app

SCRIPT = "vrrp_script check-production-{name} {{\n    script /bin/true\n    interval 2\n    weight -{weight}\n}}\n"
SCRIPTS = (("gateway-reachable", 10), ("frontend-answers", 25), ("database-answers", 60))
NODE = """\
vrrp_instance external {{
    interface eth0
    virtual_router_id 17
    priority {priority}
    virtual_ipaddress {{
        10.0.17.9/24
    }}
    track_script {{
        {tracked}
    }}
}}
"""
NODES = ("edge-production-lb01.eu-west.example.net", "edge-production-lb02.eu-west.example.net")
COMMANDS = {
    "cluster": ("cluster", "web"),
    "clusters": ("cluster", "--all"),
    "fleet": ("fleet",),
    "priorities": ("priorities", f"{NODES[0]}.conf"),
    "simulate": ("simulate", "web", "--scenario", "s.toml"),
}


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What a command writes to a terminal of so many columns; 0: to a pipe."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    scripts = "".join(SCRIPT.format(name=name, weight=weight) for name, weight in SCRIPTS)
    tracked = "\n        ".join(f"check-production-{name}" for name, _ in SCRIPTS)
    settings = "[clusters.web.nodes]\n"
    for node, priority in zip(NODES, (150, 120), strict=True):
        Path(f"{node}.conf").write_text(scripts + NODE.format(priority=priority, tracked=tracked))
        settings += f'"{node}" = {{ file = "{node}.conf" }}\n'
    Path("kalint.toml").write_text(settings)
    event = f'[[event]]\ntime = 9.0\nnode = "{NODES[0]}"\nthing = "script:check-production-{SCRIPTS[2][0]}"\n'
    Path("s.toml").write_text(f'duration = 20.0\n{event}state = "ko"\n')

    def write(columns: int, *arguments: str) -> str:
        monkeypatch.setenv("COLUMNS", str(columns or 40))
        with monkeypatch.context() as patch:
            patch.setattr(sys.stdout, "isatty", lambda: columns > 0)
            run_app(list(arguments))
        return capsys.readouterr().out

    return write


@pytest.mark.parametrize("command", COMMANDS)
def test_a_table_is_the_same_on_every_terminal(written: Callable[..., str], command: str) -> None:
    """Rows of at most 100 columns, whether the terminal has fewer or more, and on a pipe: only colour may differ."""
    piped = written(0, *COMMANDS[command])
    assert max(map(len, piped.splitlines())) <= 100
    for columns in (60, 100, 200):
        assert written(columns, *COMMANDS[command]) == piped


def test_priorities_have_short_names_of_trackers(written: Callable[..., str]) -> None:
    """The last line says what is left out; JSON has the whole names."""
    told = written(0, "priorities", f"{NODES[0]}.conf")
    assert "script gateway-reachable ko, script frontend-answers ko" in told
    assert told.endswith("\n\ntracker names are shown without check-production-\n")
    assert "script:check-production-gateway-reachable" in written(
        0, "priorities", f"{NODES[0]}.conf", "--format", "json"
    )


def test_a_difference_has_short_names_of_nodes(written: Callable[..., str]) -> None:
    """In each cluster's block, with a line that says so."""
    for node in NODES:
        path = Path(f"{node}.conf")
        path.write_text(path.read_text().replace("    priority", "    down_timer_adverts 6\n    priority"))
    other = Path(f"{NODES[1]}.conf")
    other.write_text(other.read_text().replace("priority 120", "priority 120x"))
    told = written(0, "diff", "--from", "1.2.13", "--to", "2.2.8", "web")
    assert "\n  lb02 external\n    base priority: 120  ->  100\n" in told
    assert "\n  node names are shown without edge-production- and .eu-west.example.net\n" in told
    assert NODES[1] not in told


def test_the_page_has_short_names_of_nodes(written: Callable[..., str]) -> None:
    """In its tables; its head has the whole names, and says what the tables leave out."""
    page = written(0, "report", "web")
    assert '<th scope="col">lb01</th><th scope="col">lb02</th>' in page
    assert "<td>lb01: daemon stopped</td>" in page
    assert f"nodes {NODES[0]}, {NODES[1]}; in the tables node names are shown without edge-production- and" in page


def test_a_probe_has_short_names_of_nodes(written: Callable[..., str]) -> None:
    """Above the findings, which have the whole names."""
    written(0, "simulate", "web", "--scenario", "s.toml", "--write-pcap", "c.pcap")
    told = written(0, "probe", "--pcap", "c.pcap", "--cluster-name", "web")
    assert "\n  lb02: silent, as a backup must be\n" in told or "\n  lb02: master\n" in told
    assert "\n\nnode names are shown without edge-production- and .eu-west.example.net\n" in told
