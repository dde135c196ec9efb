"""`kalint probe` as a user meets it: what it reads, prints and ends with. What it concludes is in tests/probe."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parent.parent.parent
CAPTURES = ROOT / "tests" / "probe" / "captures"

Run = Callable[..., SimpleNamespace]


@pytest.fixture
def capture(tmp_path: Path) -> Callable[[str], list[str]]:
    """`capture("ev-split_2.2.7")`: the arguments for a capture with its nodes' files, which are written."""

    def arguments(name: str) -> list[str]:
        truth = json.loads((CAPTURES / f"{name}.json").read_text())
        found = ["--pcap", str(CAPTURES / f"{name}.pcap"), "--keepalived-version", truth["keepalived"][0]]
        for node, data in truth["nodes"].items():
            (tmp_path / f"{node}.conf").write_text(data["config"])
            found += ["--config", f"{node}={node}.conf"]
        return found

    return arguments


def test_the_exit_code_says_whether_all_was_predicted(run_kalint: Run, capture: Callable[[str], list[str]]) -> None:
    """0 for a priority that a script explains, 1 for two masters and for a crash, and the last line says so."""
    script = run_kalint("probe", *capture("ev-script_2.2.7"))
    crash = run_kalint("probe", *capture("ev-crash_2.2.7"))
    split = run_kalint("probe", *capture("ev-split_2.2.7"))
    assert (script.status, script.err, script.out.splitlines()[-1]) == (0, "", "everything seen was predicted")
    assert (crash.status, crash.out.splitlines()[-1]) == (1, "1 finding, which contradicts the files")
    assert "  n1: silent, and should be master (priority 150 is above 100)" in crash.out.splitlines()
    assert "  n2: master" in crash.out.splitlines()
    assert (split.status, split.err) == (1, "")
    assert split.out.splitlines()[-1] == "1 finding, which contradicts the files"


def test_json_has_the_fields_of_the_interface(run_kalint: Run, capture: Callable[[str], list[str]]) -> None:
    """The documented document, of a capture that was decoded by hand."""
    found = json.loads(run_kalint("probe", *capture("ev-script_2.2.7"), "--format", "json").out)
    assert (found["schema"], found["adverts"], found["malformed"]) == ("kalint/probe/1", 54, 0)
    first, _ = found["routers"]
    assert (first["virtual_router_id"], first["family"], first["verdict"]) == (51, "ipv4", "match")
    (source, _) = first["sources"]
    keys = ("address", "node", "vrrp_version", "adverts", "advert_interval", "auth", "addresses")
    assert [source[key] for key in keys] == ["198.51.100.11", "n1", 3, 17, 0.5, "none", ["198.51.100.100"]]
    priorities = source["priorities"]
    assert [(each["priority"], each["adverts"], each["predicted"]) for each in priorities] == [
        (120, 14, True), (100, 3, True),
    ]  # fmt: skip
    assert [each["explanations"] for each in priorities] == [[{}], [{"script:chk": "ko"}]]
    assert [(each["node"], each["ended"]) for each in first["masters"]] == [
        ("n1", "preempted"), ("n2", "preempted"), ("n1", "seen"),
    ]  # fmt: skip
    assert [(each["code"], each["file"], each["line"]) for each in found["diagnostics"]] == [
        ("KA911", "n1.conf", 29), ("KA911", "n1.conf", 43),
    ]  # fmt: skip


def test_a_finding_without_a_file_has_no_place(run_kalint: Run) -> None:
    found = json.loads(run_kalint("probe", "--pcap", str(CAPTURES / "ev-split_2.2.7.pcap"), "--format", "json").out)
    assert [(each["code"], each["file"], each["line"]) for each in found["diagnostics"]] == [("KA901", None, None)]
    assert found["routers"][0]["verdict"] == "unknown"


def test_a_state_narrows_the_explanation(run_kalint: Run, capture: Callable[[str], list[str]]) -> None:
    """If chk is known to be good, 100 is not predicted; of another node that says nothing of n1."""
    wrong = run_kalint("probe", *capture("ev-script_2.2.7"), "--state", "n1:script:chk=ok")
    assert wrong.status == 1
    assert "its file reaches this only with script chk ko, which contradicts the known states" in wrong.out
    assert "known of n1: script chk ok" in wrong.out
    odd = run_kalint("probe", *capture("ev-script_2.2.7"), "--state", "n2:script:chk=ok")
    assert (odd.status, odd.out) == (2, "")
    assert "the configuration has no script:chk" in odd.err


def test_passwords_are_never_shown(run_kalint: Run, capture: Callable[[str], list[str]]) -> None:
    """Neither those of the files nor those of the wire, in no format."""
    for extra in ((), ("--format", "json"), ("--follow",), ("--follow", "--format", "json")):
        found = run_kalint("probe", *capture("ev-auth-type_2.0.20"), *extra)
        assert found.status == 1
        assert "KA907" in found.out
        assert "secretA" not in found.out + found.err


def test_follow_writes_a_line_for_each_change(run_kalint: Run, capture: Callable[[str], list[str]]) -> None:
    lines = run_kalint("probe", *capture("ev-script-fault_2.2.7"), "--follow").out.split("\n\n")[0].splitlines()
    assert [line.split(": ", 1)[1] for line in lines] == [
        "n1 (198.51.100.11) is heard for the first time; it advertises priority 150: nothing is down",
        "n1 (198.51.100.11) is master",
        "n1 (198.51.100.11) advertises priority 0",
        "KA912 n1 (198.51.100.11) sent priority 0: stopped, or in FAULT",
        "n2 (198.51.100.12) is heard for the first time; it advertises priority 100: nothing is down",
        "n2 (198.51.100.12) is master, after n1 (198.51.100.11)",
        "n1 (198.51.100.11) advertises priority 150: nothing is down",
        "n1 (198.51.100.11) is master, after n2 (198.51.100.12)",
        "n2 (198.51.100.12) was preempted",
    ]
    assert all(line.startswith("2026-") and "Z VRID 51 IPv4: " in line for line in lines)


def test_follow_as_json_is_a_document_a_line(run_kalint: Run, capture: Callable[[str], list[str]]) -> None:
    out = run_kalint("probe", *capture("ev-split_2.2.7"), "--follow", "--format", "json").out
    *events, report = map(json.loads, out.splitlines())
    assert {event["schema"] for event in events} == {"kalint/probe-event/1"}
    assert [event["node"] for event in events if event["event"] == "two masters"] == ["n2"]
    assert (report["schema"], report["adverts"]) == ("kalint/probe/1", 30)


def test_a_written_capture_reads_as_the_first(run_kalint: Run, tmp_path: Path) -> None:
    """--write-pcap keeps what was seen, as pcap and as pcapng; the one that is read is refused."""
    source = str(CAPTURES / "ev-split_2.2.7.pcap")
    first = run_kalint("probe", "--pcap", source)
    for name in ("copy.pcap", "copy.pcapng"):
        run_kalint("probe", "--pcap", source, "--write-pcap", name)
        again = run_kalint("probe", "--pcap", name)
        assert again.out == first.out.replace(source, name)
    shutil.copy(source, tmp_path / "own.pcap")
    refused = run_kalint("probe", "--pcap", "own.pcap", "--write-pcap", "./own.pcap")
    assert (refused.status, (tmp_path / "own.pcap").stat().st_size) == (2, os.path.getsize(source))


def test_duration_and_count_end_a_capture_early(run_kalint: Run) -> None:
    source = str(CAPTURES / "ev-split_2.2.7.pcap")
    by_count = json.loads(run_kalint("probe", "--pcap", source, "--count", "4", "--format", "json").out)
    by_time = json.loads(run_kalint("probe", "--pcap", source, "--duration", "2s", "--format", "json").out)
    assert by_count["adverts"] == 4
    assert by_time["adverts"] < 10
    assert 2 <= by_time["seconds"] < 3


def test_nodes_of_the_settings(run_kalint: Run, capture: Callable[[str], list[str]], tmp_path: Path) -> None:
    """A cluster of kalint.toml has the files, releases and addresses; --config takes these from there by the name."""
    pcap = capture("ev-split_2.2.7")[:2]
    (tmp_path / "kalint.toml").write_text(
        "".join(
            f'[clusters.web.nodes.{name}]\nfile = "{name}.conf"\nkeepalived_version = "2.2.7"\n'
            f'addresses = {{ eth0 = "198.51.100.{last}" }}\n'
            for name, last in (("n1", 12), ("n2", 11))  # the other way round, so that it shows
        )
    )
    for arguments in (["--cluster-name", "web"], ["--config", "n1=n1.conf", "--config", "n2=n2.conf"]):
        found = json.loads(run_kalint("probe", *pcap, *arguments, "--format", "json").out)
        assert {each["address"]: each["node"] for each in found["routers"][0]["sources"]} == {
            "198.51.100.11": "n2", "198.51.100.12": "n1",
        }  # fmt: skip
        assert "KA903" in {each["code"] for each in found["diagnostics"]}


def test_an_empty_capture_says_that_it_is_too_short(run_kalint: Run, capture: Callable[[str], list[str]]) -> None:
    """A capture without a frame: nothing where a master must be, exit code 1; without files nothing is wrong."""
    arguments = capture("ev-split_2.2.7")
    Path("empty.pcap").write_bytes((CAPTURES / "ev-split_2.2.7.pcap").read_bytes()[:24])
    found = run_kalint("probe", "--pcap", "empty.pcap", *arguments[2:])
    assert found.status == 1
    assert "too short to decide" in found.out
    alone = run_kalint("probe", "--pcap", "empty.pcap")
    assert (alone.status, alone.out.splitlines()[-1]) == (0, "no VRRP adverts seen")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name the interfaces to listen on"),
        (["eth0", "--pcap", "x.pcap"], "either interfaces or --pcap FILE, not both"),
        (["--pcap", "missing.pcap"], "missing.pcap"),
        (["--pcap", "odd.pcap"], "odd.pcap is not a capture file"),
        (["no-such-if"], "no-such-if"),
        (["lo", "--state", "script:chk=ko"], "add --config"),
        (["lo", "--duration", "soon"], "must be a time"),
        (["lo", "--config", "missing.conf"], "missing.conf"),
        (["lo", "--cluster-name", "web"], "no kalint.toml"),
        (["lo", "--cluster-name", "web", "--config", "odd.pcap"], "not both"),
    ],
)
def test_what_cannot_be_done_ends_with_2(run_kalint: Run, arguments: list[str], said: str) -> None:
    """One line on standard error, nothing on standard output."""
    Path("odd.pcap").write_text("odd")
    found = run_kalint("probe", *arguments)
    assert (found.status, found.out) == (2, "")
    assert said in found.err
    assert "Traceback" not in found.err


def test_names_of_files_cannot_command_the_terminal(run_kalint: Run) -> None:
    """A control sequence in a file's name is shown as an escape."""
    name = "odd\x1b[2Jname.pcap"
    shutil.copy(CAPTURES / "ev-split_2.2.7.pcap", name)
    found = run_kalint("probe", "--pcap", name)
    assert "\x1b" not in found.out
    assert "odd\\x1b[2Jname.pcap" in found.out


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to listen")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_the_report_so_far(number: signal.Signals) -> None:
    """The exit code is what was seen so far: here nothing, and nothing was asked for."""
    command = [sys.executable, "-m", "kalint", "probe", "lo", "--follow", "--format", "json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    _wait_for_handler(process.pid)
    time.sleep(0.7)
    process.send_signal(number)
    out, error = process.communicate(timeout=20)
    assert (process.returncode, error) == (0, "")
    report = json.loads(out.splitlines()[-1])
    assert report["seconds"] > 0.3
    assert report["routers"] == []


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to listen")
def test_a_terminal_shows_a_live_table_and_then_the_report() -> None:
    """It is drawn over itself until Ctrl-C; the last lines are the report's."""
    command = [sys.executable, "-m", "kalint", "probe", "lo", "--duration", "60"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "NO_COLOR": "1"}
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    shown = b""
    while shown.count(b"listening; Ctrl-C ends with the report") < 2:
        shown += os.read(ours, 4096)
    process.send_signal(signal.SIGINT)
    with contextlib.suppress(OSError):  # the other side is closed
        while part := os.read(ours, 4096):
            shown += part
    os.close(ours)
    assert process.wait(20) == 0
    *tables, report = shown.decode().split("\x1b[2A\x1b[J")
    assert len(tables) >= 2
    assert all("listening; Ctrl-C ends with the report" in table for table in tables)
    assert report.rstrip().endswith("no VRRP adverts seen")


def _wait_for_handler(pid: int) -> None:
    """Wait until a process catches SIGTERM, which it does when it is about to listen."""
    for _ in range(400):
        caught = re.search(r"SigCgt:\s*(\w+)", Path(f"/proc/{pid}/status").read_text())
        if caught and int(caught[1], 16) & 1 << (signal.SIGTERM - 1):
            return
        time.sleep(0.05)
    raise AssertionError("it never came to listen")
