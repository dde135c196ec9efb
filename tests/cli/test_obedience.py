"""No name that a stranger chose is a command: to a CI runner that reads the log, or to a spreadsheet that reads CSV."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from kalint.report import RENDERERS
from kalint.report.cells import harmless
from kalint.report.terminal import SafeStream, obeyed

Run = Callable[..., SimpleNamespace]
NAMES = ("::error::owned", "::stop-commands::x", "##[add-mask]e", "##vso[task.x]e", "=cmd", "@SUM(A1)", "+1+1", "-1+1")
CONF = """vrrp_script {name} {{
    script "{name}"
    interval 1
    fall 1
    weight 10
}}
vrrp_instance {name} {{
    interface {name}
    virtual_router_id 7
    priority 100
    {name}
    {name} 5
    track_script {{
        {name}
        gone{name}
    }}
    virtual_ipaddress {{
        192.0.2.9/24
        {name}
    }}
}}
"""
ANNOTATION = re.compile(r"::(error|warning|notice) (file|title)=[^\n]*")


@pytest.fixture(params=NAMES)
def files(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """Two nodes whose files and all that is in them have that name; a scenario, a settings file."""
    name = request.param
    for node, priority in (("a", "100"), ("b", "90")):
        (tmp_path / f"{name}.{node}.conf").write_text(CONF.format(name=name).replace("100", priority))
    (tmp_path / "s.toml").write_text(
        f'duration = 20\n[[event]]\ntime = 5\nnode = "a"\nthing = "script:{name}"\nstate = "ok"\n'
    )
    (tmp_path / f"{name}.toml").write_text(f'wrong = "{name}"\n')
    return f"{name}.a.conf", f"{name}.b.conf"


def commands(one: str, other: str) -> list[tuple[str, tuple[str, ...]]]:
    """Every command that judges files, with its formats and options."""
    pair = (f"a=./{one}", f"b=./{other}")
    return [
        ("check", ("check", "--", one, other, f"missing{one}", one.removesuffix(".a.conf"))),
        ("check", ("check", "--cluster", "--fix", "--unsafe-fixes", "--", one, other)),
        ("check", ("check", "--diff", "--unsafe-fixes", "--", one, other)),
        ("check", ("check", "--settings", f"{one.removesuffix('.a.conf')}.toml", "--", one)),
        ("show", ("show", "--", one)),
        ("priorities", ("priorities", "--", one)),
        ("cluster", ("cluster", "--", *pair)),
        ("cluster", ("cluster", "--", one, other)),
        ("require", ("require", "-e", one, "--", *pair)),
        ("require", ("require", "--propose", "--", *pair)),
        ("diff", ("diff", "--", one, other)),
        ("simulate", ("simulate", "--scenario", "s.toml", "--adverts", "--", *pair)),
        ("simulate", ("simulate", "--scenario", f"{one.removesuffix('.a.conf')}.toml", "--", *pair)),
        ("settings", ("settings", "--", one)),
        ("probe", ("probe", "--pcap", one, "--config", pair[0])),
    ]


def test_no_command_prints_what_a_runner_or_a_spreadsheet_obeys(
    run_kalint: Run, files: tuple[str, str], tmp_path: Path
) -> None:
    """All commands in all formats; standard error too. What programs read still says the name."""
    seen = set()
    for command, words in commands(*files):
        for form in RENDERERS[command]:
            before = {path: path.read_bytes() for path in tmp_path.iterdir()}
            ran = run_kalint(words[0], "--format", form, *words[1:])
            for path, content in before.items():
                path.write_bytes(content)
            seen.add((command, form, ran.status))
            assert ran.status in (0, 1, 2), ran.err
            for line in (*(() if form == "github" else ran.out.splitlines()), *ran.err.splitlines()):
                assert not line.lstrip().startswith("::"), (words, form, line)
                assert re.search(r"##\w*\[", line) is None, (words, form, line)
            if form == "json" and command == "settings":
                assert json.loads(ran.out)["file"] == words[-1]
            if form == "github":
                assert [line for line in ran.out.splitlines() if not ANNOTATION.fullmatch(line)] == []
            if form == "csv":
                cells = [cell for row in csv.reader(io.StringIO(ran.out)) for cell in row]
                assert [cell for cell in cells if cell[:1] in tuple("=+-@")] == []
    assert {command for command, _, status in seen if status < 2} >= {"check", "show", "priorities", "cluster", "diff"}


@pytest.mark.parametrize("name", ["\x1b[2J", "\u202eV", "\x9b2J", '"\u2028::error::V"', '"\x0b::error::V"', "V\x08"])
def test_a_name_that_cannot_be_printed_is_escaped(name: str, run_kalint: Run, tmp_path: Path) -> None:
    """Nothing that a terminal obeys, in any format; a requirement on such a name is proposed as a comment."""
    for node, priority in (("a", "100"), ("b", "90")):
        text = CONF.format(name="x").replace("vrrp_instance x", f"vrrp_instance {name}").replace("100", priority)
        (tmp_path / f"{node}.conf").write_text(text)
    (tmp_path / "s.toml").write_text("duration = 20\n")
    told = ""
    for command, words in commands("a.conf", "b.conf"):
        for form in RENDERERS[command]:
            ran = run_kalint(words[0], "--format", form, *words[1:])
            told = (ran.out + ran.err).replace("\r\n", "\n" if form == "csv" else "\r\n")
            assert [line for line in told.split("\n") if not line.replace("\t", " ").isprintable()] == [], (words, form)
    told = run_kalint("require", "--propose", "a=./a.conf", "b=./b.conf").out
    assert [line for line in told.splitlines() if not line.startswith("#")] == []


@pytest.mark.parametrize(
    ("line", "is_obeyed"),
    [
        ("::error::x", True),
        ("  ::stop-commands::t", True),
        ("\t::add-mask::x", True),
        ("::debug::x", True),
        ("x ##[error]x", True),
        ("x ##vso[task.setvariable]x", True),
        ("##teamcity[message]", True),
        ("## [x] is a heading", False),
        ("::1", False),
        ("    ::1/128 dev eth0", False),
        ("::ffff:192.0.2.1", False),
        ("::", False),
        ("a.conf::error::", False),
    ],
)
def test_commands_are_known_from_addresses(line: str, is_obeyed: bool) -> None:
    """What begins with two colons is a command, but for an IPv6 address."""
    assert obeyed(line) is is_obeyed


def test_a_line_may_be_written_in_pieces() -> None:
    """Blanks before the name count as nothing, whichever call writes them; other text before it does."""
    stream = io.StringIO()
    inert = SafeStream(stream)
    for piece in ("one\n", "  ", "::error::x", " ::warning::y\n::debug::z\nat ", "::1\n", "::1\n"):
        inert.write(piece)
    assert stream.getvalue() == "one\n  \\x3a:error::x ::warning::y\n\\x3a:debug::z\nat ::1\n::1\n"


@pytest.mark.parametrize("option", ["--select", "--keepalived-version", "--max-failover"])
def test_an_error_repeats_no_control_of_the_command_line(run_kalint: Run, tmp_path: Path, option: str) -> None:
    """Neither a terminal nor a runner obeys what is wrong with an option's value."""
    (tmp_path / "a.conf").write_text(CONF.format(name="a"))
    ran = run_kalint("check", option, "a\r::error::x\x1b]0;t\x07\u202e", "a.conf")
    assert ran.status == 2
    assert "\\x0d::error::x\\x1b]0;t\\x07\\u202e" in ran.err
    assert ran.err.replace("\n", "").isprintable()


def test_a_comment_on_a_merge_request_calls_nobody(run_kalint: Run, tmp_path: Path) -> None:
    """A name is no mention, and no link, though it has no mark of Markdown."""
    for file, priority in (("a.conf", "100"), ("b.conf", "90")):
        (tmp_path / file).write_text(CONF.format(name="@everyone").replace("100", priority))
    (tmp_path / "http:").mkdir()
    (tmp_path / "http:" / "www.evil.example").write_text(CONF.format(name="b"))
    said = run_kalint("diff", "a.conf", "b.conf", "--format", "markdown").out
    said += run_kalint("diff", "a.conf", "http://www.evil.example", "--format", "markdown").out
    assert "everyone" in said
    assert "evil" in said
    assert not re.search(r"@\w|http://|www\.", said)


def test_cells_of_numbers_stay_numbers() -> None:
    """Only texts that a spreadsheet takes for a formula get the apostrophe."""
    row = [-10, "-10", "+1.5", "-", "=1", "+a", "-1+1", "@x", "\tx", "\rx", "::error::x", "::1", "", "a=b", "\uff1d1"]
    assert harmless(row) == [
        *(-10, "-10", "+1.5", "'-", "'=1", "'+a", "'-1+1", "'@x", "'\tx", "'\rx", "'::error::x", "::1", "", "a=b"),
        "'\uff1d1",
    ]
