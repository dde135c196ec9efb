"""What is wrong with a scenario is said with its line and column, all of it at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalint.pipeline.reading import Asked
from kalint.pipeline.simulating import simulated
from kalint.settings.model import ClusterSettings, NodeSettings
from kalint.simulation.chunks import Chunk, PlainReader, chunks
from kalint.simulation.scenario import Change, DaemonEvent, LinkEvent
from kalint.simulation.scenario_file import ScenarioError
from kalint.simulation.timeline import Timeline

CONFIG = """\
vrrp_script chk {
    script /bin/chk
}
track_file load {
    file /run/load
}
vrrp_instance V1 {
    interface eth0
    virtual_router_id 1
    track_script {
        chk weight 10
    }
    track_file {
        load weight 1
    }
}
"""


def read(folder: Path, scenario: str) -> Timeline:
    (folder / "k.conf").write_text(CONFIG)
    file = folder / "s.toml"
    file.write_bytes(scenario.encode("utf-8", "surrogateescape"))
    nodes = tuple(NodeSettings(name, str(folder / "k.conf")) for name in ("left", "right"))
    return simulated(ClusterSettings("", nodes), Asked(), str(file))


def errors(folder: Path, scenario: str) -> list[str]:
    """The errors, without the name of the folder."""
    with pytest.raises(ScenarioError) as caught:
        read(folder, scenario)
    return [error.replace(f"{folder}/", "") for error in caught.value.errors]


def event(*lines: str) -> str:
    return "duration = 60\n[[event]]\n" + "\n".join(lines) + "\n"


THING = ("time = 1", 'node = "left"', 'thing = "script:chk"', 'state = "ko"')


def changed(index: int, line: str) -> str:
    return event(*THING[:index], line, *THING[index + 1 :])


@pytest.mark.parametrize(
    ("scenario", "error"),
    [
        ("", "s.toml:1:1: duration is missing: a scenario has an end, in seconds"),
        ("duration = 0", "s.toml:1:12: duration must be more than 0 seconds"),
        ("duration = inf", "s.toml:1:12: duration must be a number"),
        ('duration = "60"', "s.toml:1:12: duration must be a number"),
        ("duration = 60\nsede = 1", "s.toml:2:1: unknown key 'sede'; did you mean 'seed'?"),
        ("duration = 60\nseed = 1.5", "s.toml:2:8: seed must be an integer"),
        ("duration = 60\nadverts = 1", "s.toml:2:11: adverts must be true or false"),
        ("duration = 60\nevent = 1", "s.toml:2:9: event must be a list of tables: [[event]]"),
        ("duration = 60\n[[evnt]]\ntime = 1", "s.toml:2:3: unknown key 'evnt'; did you mean 'event'?"),
        ("duration = 60\n[nodes.lft]", "s.toml:2:8: no node is named 'lft'; did you mean 'left'?"),
        (
            '[nodes.left]\naddresses = { eth0 = "10.9.0" }\n[[event]]',
            "s.toml:2:22: nodes.left.addresses.eth0 must be an address such as 10.9.0.1, not '10.9.0'",
        ),
        (
            'duration = 60\n[nodes.left]\nkeepalived_version = "two"',
            "s.toml:3:22: nodes.left.keepalived_version is wrong",
        ),
        ("duration = 60\n[[event]]\ntime = = 1", "s.toml:3:8: not TOML: invalid value"),
        ("duration = 60\n[[event]]\ntime = 1\ntime = 2", "s.toml:4:9: not TOML: this key has been given before"),
        ("duration = 60\n# \udcff", "s.toml:2:3: not UTF-8, as TOML must be"),
        (event(), "s.toml:2:3: an event needs exactly one of thing, daemon and link, and this one names none"),
        (event(*THING[1:]), "s.toml:2:3: time is missing"),
        (event(*THING[:3]), "s.toml:2:3: state is missing"),
        (changed(0, "time = -1"), "s.toml:3:8: time must be a number of seconds from 0 on"),
        (changed(0, "time = true"), "s.toml:3:8: time must be a number of seconds from 0 on"),
        (changed(0, "time = 61"), "s.toml:3:8: time is after the end of the scenario, 60 s"),
        (changed(1, 'node = "lefd"'), "s.toml:4:8: no node is named 'lefd'; did you mean 'left'?"),
        (changed(1, "node = 3"), "s.toml:4:8: node must be the name of a node as a string"),
        (changed(2, 'thing = "script:chj"'), "s.toml:5:9: left has no script:chj; did you mean 'script:chk'?"),
        (changed(2, 'thing = "process:p"'), "s.toml:5:9: left has no process:p; it has no process at all"),
        (changed(2, 'thing = "skript:chk"'), "s.toml:5:9: no kind is named 'skript'; did you mean 'script'?"),
        (changed(2, 'thing = "chk"'), "s.toml:5:9: thing must be KIND:NAME as a string, such as script:chk"),
        (changed(2, 'thign = "script:chk"'), "s.toml:5:1: unknown key 'thign'; did you mean 'thing'?"),
        (
            changed(3, 'state = "down"'),
            "s.toml:6:9: the state of a script is ok, ko, an exit status, timeout or signal, not 'down'",
        ),
        (
            changed(3, "state = 256"),
            "s.toml:6:9: the state of a script is ok, ko, an exit status, timeout or signal, not 256",
        ),
        (
            event("time = 1", 'node = "left"', 'thing = "interface:eth0"', "state = 1"),
            "s.toml:6:9: the state of an interface is up or down, not 1",
        ),
        (
            event("time = 1", 'node = "left"', 'thing = "file:load"', "state = 1.5"),
            "s.toml:6:9: the state of a file is the integer in it, not 1.5",
        ),
        (event(*THING, 'link = ["left", "right"]'), "s.toml:7:1: an event needs exactly one of thing, daemon and link"),
        (
            event("time = 1", 'node = "left"', 'daemon = "kil"'),
            "s.toml:5:10: daemon cannot be 'kil'; did you mean 'kill'?",
        ),
        (
            event("time = 1", 'node = "left"', 'daemon = "stop"', 'file = "k.conf"'),
            "s.toml:6:1: a file does not belong to a stop",
        ),
        (
            event("time = 1", 'node = "left"', 'daemon = "reload"', 'file = "none.conf"'),
            "s.toml:6:8: file cannot be read: none.conf: No such file or directory",
        ),
        (event("time = 1", 'link = ["left"]', 'state = "cut"'), 's.toml:4:8: link must be two nodes: ["a", "b"]'),
        (event("time = 1", 'link = ["left", "left"]', 'state = "cut"'), "s.toml:4:8: link must be two nodes"),
        (event("time = 1", 'link = ["left", "up"]', 'state = "cut"'), "s.toml:4:8: no node is named 'up'"),
        (
            event("time = 1", 'link = ["left", "right"]', "state = 1.1"),
            "s.toml:5:9: the state of a link is cut, healed, or the share of adverts lost, 0 to 1, not 1.1",
        ),
    ],
)
def test_one_mistake(tmp_path: Path, scenario: str, error: str) -> None:
    """Each mistake is named with the place of what is wrong."""
    found = errors(tmp_path, scenario)
    assert any(each.startswith(error) for each in found), found


def test_times_that_go_back(tmp_path: Path) -> None:
    """An event before the one above it is an error; one at the same time is not."""
    rows = [f'[[event]]\ntime = {at}\nnode = "left"\nthing = "script:chk"\nstate = "ko"\n' for at in (5, 5, 4.5)]
    assert errors(tmp_path, "duration = 60\n" + "".join(rows)) == [
        "s.toml:13:8: time goes backwards from 5 to 4.5: write events in order of time"
    ]


def test_starts_of_what_runs_and_stops_of_what_does_not(tmp_path: Path) -> None:
    """A first start means that the daemon does not run before; a second one, or a stop after a stop, is an error."""
    rows = "".join(
        f'[[event]]\ntime = {at}\nnode = "left"\ndaemon = "{word}"\n'
        for at, word in enumerate(("start", "start", "stop", "stop", "start"))
    )
    assert errors(tmp_path, "duration = 60\n" + rows) == [
        "s.toml:9:10: the daemon of left already runs at this time",
        "s.toml:17:10: the daemon of left does not run at this time",
    ]


def test_several_mistakes_at_once(tmp_path: Path) -> None:
    """Head, nodes and events are all looked at, and the errors stand in the order of the file."""
    found = errors(
        tmp_path,
        'seed = "x"\n[nodes.up]\n[nodes.left]\nadresses = {}\n[[event]]\ntime = 1\nnode = "up"\ndaemon = "stop"\n'
        '[[event]]\ntime = "2"\nnode = "left"\ndaemon = "stop"\n',
    )
    assert [error.split(": ")[0] for error in found] == [
        "s.toml:1:8",
        "s.toml:2:8",
        "s.toml:4:1",
        "s.toml:7:8",
        "s.toml:10:8",
    ]


def test_events_in_every_notation(tmp_path: Path) -> None:
    """Plain lines, quoted keys, literal strings, inline tables and comments say the same."""
    timeline = read(
        tmp_path,
        "duration = 60 # seconds\n"
        '[[event]]\ntime = 1\nnode = "left"\nthing = "script:chk"\nstate = "ko" # no haproxy\n'
        "\n  [[ event ]] # again\n\"time\" = 2.0\nnode = 'right'\nthing = '''file:load'''\nstate = 1_0\n"
        '[nodes.right]\nconfig_id = "r"\n'
        '[[event]]\r\ntime = 3.000001\r\nlink = ["left",\r\n "right"]\r\nstate = 0.25\r\n'
        '[[event]]\ntime = 4\nnode = "left"\ndaemon = "crash"',
    )
    assert list(timeline.scenario.events) == [
        (1_000_000, Change("left", "script:chk", "ko")),
        (2_000_000, Change("right", "file:load", 10)),
        (3_000_001, LinkEvent(("left", "right"), 0.25)),
        (4_000_000, DaemonEvent("left", "crash")),
    ]
    assert list(timeline.scenario.events) == list(timeline.scenario.events)


def test_an_inline_list_of_events(tmp_path: Path) -> None:
    """`event = [{...}]` is the same to TOML."""
    timeline = read(tmp_path, 'duration = 9\nevent = [{ time = 1, node = "left", daemon = "stop" }]')
    assert list(timeline.scenario.events) == [(1_000_000, DaemonEvent("left", "stop"))]


KEYS = st.sampled_from(["time", "node", "state", "link"])
VALUES = st.one_of(
    st.integers(-1000, 10**12).map(str),
    st.floats(0, 1e6, allow_nan=False).map(lambda value: f"{value:.6f}"),
    st.text("aä€ #[]=,'-", max_size=8).map(lambda text: f'"{text}"'),
    st.just('["a", "b"]'),
)


@given(
    st.dictionaries(KEYS, VALUES, max_size=4), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", " # note", "\t"])
)
def test_plain_lines_are_read_as_toml_reads_them(pairs: dict[str, str], end: str, tail: str) -> None:
    """What needs no parser comes to the same as with one."""
    text = end.join(["[[event]]", *(f"{key} = {value}{tail}" for key, value in pairs.items()), ""])
    chunk = Chunk("s.toml", 1, text.encode())
    plain = PlainReader().event(chunk)
    assert plain == chunk.table().values["event"][0]


@given(st.lists(st.sampled_from(["[[event]]", "time = 1", "", "# x", " [[event]] # y"]), max_size=30))
def test_pieces_are_the_whole_file(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    """The pieces together are the file, and each knows its first line."""
    path = tmp_path_factory.mktemp("pieces") / "s.toml"
    text = "\n".join(lines)
    path.write_text(text)
    found = list(chunks(str(path)))
    assert b"".join(chunk.content for chunk in found) == text.encode()
    for chunk in found[1:]:
        assert lines[chunk.first - 1].strip().startswith("[[event]]")
