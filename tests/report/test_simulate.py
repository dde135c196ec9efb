"""The formats of `kalint simulate`, as somebody sees them who runs the command."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
STORY = ROOT / "examples" / "too-small-weight"
TIMELINES = ROOT / "examples" / "timelines"


def kalint(*arguments: str, folder: Path = STORY, status: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "kalint", "simulate", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == status, done.stderr
    return done.stdout if not status else done.stderr


def run(form: str, *more: str) -> str:
    return kalint("lb1.conf", "lb2.conf", "--scenario", "timeline.toml", "--format", form, *more)


def test_json_has_what_the_interface_promises() -> None:
    """The schema, the duration, every change of master, and events with time, node, instance, event, from and to."""
    document = json.loads(run("json"))
    assert document["schema"] == "kalint/simulate/1"
    assert document["duration"] == 70.0
    router = {"virtual_router_id": 17, "family": "ipv4"}
    assert document["masters"] == [
        {"time": 3.40625, **router, "nodes": ["lb1"]},
        {"time": 33.007812, **router, "nodes": ["lb2"]},
        {"time": 52.421874, **router, "nodes": ["lb1"]},
    ]
    assert {
        "time": 10.0,
        "node": "lb1",
        "instance": "web",
        "virtual_router_id": 17,
        "event": "priority",
        "from": 152,
        "to": 150,
    } in document["events"]
    assert document["outages"] == [{"start": 0.0, "end": 3.40625, "seconds": 3.40625, **router}]
    assert document["double_masters"] == []
    assert [event["time"] for event in document["events"]] == sorted(event["time"] for event in document["events"])


def test_adverts_are_told_where_they_are_asked_for() -> None:
    """All of them with --adverts, an advert interval apart; without it only those of priority 0."""
    sent = [event for event in json.loads(run("json", "--adverts"))["events"] if event["event"] == "advert"]
    first = [event["time"] for event in sent if event["node"] == "lb1"][:3]
    assert first == [3.40625, 4.40625, 5.40625]
    assert not [event for event in json.loads(run("json"))["events"] if event["event"] == "advert"]


def test_csv_has_a_row_for_everything() -> None:
    """Events, masters, answers and outages, in seconds."""
    rows = list(csv.DictReader(io.StringIO(run("csv"))))
    assert {row["event"] for row in rows} >= {"state", "priority", "masters", "answers", "outage", "world"}
    (moved,) = [row for row in rows if row["event"] == "masters" and row["to"] == "lb2"]
    assert (moved["time"], moved["virtual_router_id"]) == ("33.007812", "17")


class Picture(HTMLParser):
    """Reads the titles, and sees to it that every element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.titles: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element without content."""

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "title":
            self.titles.append(data)


def test_svg_is_one_picture_with_a_lane_for_each_node() -> None:
    """It is well-formed, and its pieces of lanes say what they are."""
    picture = Picture()
    picture.feed(run("svg"))
    picture.close()
    assert not picture.open
    titles = picture.titles
    assert "lb1: MASTER 152, 3.406 to 10.000" in titles
    assert "lb2: MASTER 102, 33.008 to 52.422" in titles
    assert "10.000 lb1: script:chk_haproxy ko" in titles


def test_text_fits_100_columns_and_names_the_weight_that_moves_nothing() -> None:
    text = run("text")
    assert max(map(len, text.splitlines())) <= 100
    assert "10.000 lb1 falls from 152 to 150 and stays master: lb2 has 102" in text


@pytest.mark.parametrize("nodes", [1, 3, 6])
def test_text_fits_with_fewer_and_more_nodes(tmp_path: Path, nodes: int) -> None:
    """One node alone may be simulated, and six still have a lane each."""
    (tmp_path / "s.toml").write_text('duration = 20\n[[event]]\ntime = 9\nnode = "node1"\ndaemon = "stop"\n')
    files = [f"node{number}={STORY / 'lb1.conf'}" for number in range(1, nodes + 1)]
    text = kalint(*files, "--scenario", "s.toml", folder=tmp_path)
    assert max(map(len, text.splitlines())) <= 100 or nodes > 5
    assert "node1: daemon stops" in text


@pytest.mark.parametrize(("daemon", "stay"), [("kill", True), ("crash", False)])
def test_addresses_stay_only_where_the_machine_does(tmp_path: Path, daemon: str, stay: bool) -> None:
    (tmp_path / "s.toml").write_text(f"duration = 20\n[[event]]\ntime = 9\nnode = 'lb1'\ndaemon = '{daemon}'\n")
    text = kalint("lb1.conf", "lb2.conf", "--scenario", str(tmp_path / "s.toml"))
    assert ("lb1 leaves its addresses behind" in text) is stay


def test_a_wrong_scenario_ends_with_2_and_shows_the_line(tmp_path: Path) -> None:
    """Each error as a check shows its findings: place, what is wrong, the line and a caret."""
    (tmp_path / "s.toml").write_text("duration = 20\n[[event]]\ntime = 5\nnode = 'lb3'\ndaemon = 'stop'\n")
    said = kalint(str(STORY / "lb1.conf"), str(STORY / "lb2.conf"), "--scenario", "s.toml", folder=tmp_path, status=2)
    assert said.splitlines() == [
        "s.toml:4:8: error: no node is named 'lb3'; did you mean 'lb2'?",
        "   4 | node = 'lb3'",
        "     |        ^",
    ]


def test_every_question_of_the_article_has_a_scenario() -> None:
    """Positive, negative and zero weight; 255; MASTER and BACKUP with a failing script; a weight too small."""
    names = {"positive", "negative", "zero", "owner", "master", "backup", "too-small"}
    assert {path.stem for path in TIMELINES.glob("*.toml")} >= names


def test_a_scenario_may_come_through_a_pipe() -> None:
    """`-` is standard input, which is read once, and comes to the same as the file."""
    with (STORY / "timeline.toml").open() as stream:
        done = subprocess.run(
            [sys.executable, "-m", "kalint", "simulate", "lb1.conf", "lb2.conf", "--scenario", "-"],
            cwd=STORY,
            env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
            input=stream.read(),
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
    assert done.stdout == run("text")


def test_a_reader_that_has_seen_enough_is_no_failure() -> None:
    """`| head -2` of many lines ends with 0, as of few."""
    command = [sys.executable, "-m", "kalint", "simulate", "lb1.conf", "lb2.conf", "--scenario", "timeline.toml"]
    writer = subprocess.Popen(
        [*command, "--format", "json", "--adverts"],
        cwd=STORY,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert writer.stdout is not None
    assert writer.stderr is not None
    writer.stdout.readline()
    writer.stdout.close()
    assert writer.stderr.read() == b""
    writer.stderr.close()
    assert writer.wait(30) == 0


def test_text_fits_with_long_names(tmp_path: Path) -> None:
    """Names of nodes are shortened by what they have in common, and long names go on in the next line."""
    (tmp_path / "s.toml").write_text("duration = 5\n")
    text = (STORY / "lb1.conf").read_text().replace("vrrp_instance web", f"vrrp_instance {'web-' * 20}")
    (tmp_path / "k.conf").write_text(text + text[text.index("vrrp_instance") :].replace("web-web", "two-web"))
    files = [f"{name}.a-very-long-domain.example.com=k.conf" for name in ("left", "right")]
    assert max(map(len, kalint(*files, "--scenario", "s.toml", folder=tmp_path).splitlines())) <= 100
