"""What is no ordinary file is refused with one message, wherever a file is named: nothing waits."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest

from kalint.cli import guarded
from kalint.cli.app import run_app

CONF = """vrrp_instance V {
    interface eth0
    virtual_router_id 7
    priority 100
    virtual_ipaddress {
        192.0.2.9/24
    }
}
"""
COMMAND = [sys.executable, "-m", "kalint"]
PATIENCE = 60
Run = Callable[..., "Ran"]


class Ran(NamedTuple):
    """How a command ended, and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two nodes and a scenario; a pipe, a directory, a huge file, and links to these and to a device."""
    (tmp_path / "a.conf").write_text(CONF)
    (tmp_path / "b.conf").write_text(CONF.replace("100", "90"))
    (tmp_path / "t.conf.j2").write_text(CONF.replace("100", "{{ p }}"))
    (tmp_path / "s.toml").write_text("duration = 5\n")
    (tmp_path / "kept").mkdir()
    os.mkfifo(tmp_path / "pipe")
    os.symlink("pipe", tmp_path / "to-pipe")
    os.symlink("/dev/zero", tmp_path / "to-zero")
    with open(tmp_path / "huge", "wb") as stream:
        stream.truncate(600 << 20)
    return tmp_path


@pytest.fixture
def run(folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run kalint in the folder, where nobody writes to pipes and nobody reads them; what waits for long fails."""
    monkeypatch.chdir(folder)

    def ring(*_: object) -> None:
        raise TimeoutError

    def ran(*words: str) -> Ran:
        signal.alarm(PATIENCE)
        status = guarded(lambda: run_app(list(words)))
        signal.alarm(0)
        return Ran(status, *capfd.readouterr())

    before = signal.signal(signal.SIGALRM, ring)
    yield ran
    signal.signal(signal.SIGALRM, before)


READERS = {
    "settings": ("check", "a.conf", "--settings"),
    "baseline": ("check", "a.conf", "--baseline"),
    "scenario": ("simulate", "a.conf", "b.conf", "--scenario"),
    "state-from": ("probe", "--pcap", "none.pcap", "--config", "a=a.conf", "--state-from"),
    "vars": ("check", "t.conf.j2", "--vars"),
    "requirements": ("require", "a.conf", "b.conf", "-r"),
    "configuration": ("check",),
    "node": ("cluster", "a.conf"),
}
WRITERS = {
    "check": ("check", "a.conf", "-o"),
    "check json": ("check", "a.conf", "--format", "json", "-o"),
    "baseline": ("check", "a.conf", "--write-baseline"),
    "priorities": ("priorities", "a.conf", "-o"),
    "cluster": ("cluster", "a.conf", "b.conf", "-o"),
    "suggest": ("cluster", "a.conf", "b.conf", "--suggest", "-o"),
    "simulate": ("simulate", "a.conf", "b.conf", "--scenario", "s.toml", "-o"),
    "simulate capture": ("simulate", "a.conf", "b.conf", "--scenario", "s.toml", "--write-pcap"),
    "report": ("report", "a.conf", "b.conf", "-o"),
    "propose": ("require", "a.conf", "b.conf", "--propose", "-o"),
}
ODD = {
    "pipe": "is not a regular file",
    "to-pipe": "is not a regular file",
    "to-zero": "is not a regular file",
    "/dev/zero": "is not a regular file",
    "kept": "is a directory",
    "huge": "larger than",
}


@pytest.mark.parametrize(
    ("reader", "odd"),
    [pair for pair in product(READERS, ODD) if pair != ("configuration", "kept")],  # a directory is checked
)
def test_what_is_read_is_an_ordinary_file(run: Run, reader: str, odd: str) -> None:
    """One line on standard error with the name and the reason, exit status 2, and nothing waits."""
    result = run(*READERS[reader], odd)
    assert (result.returncode, result.stdout) == (2, "")
    last = result.stderr.splitlines()[-1]
    assert odd in last
    assert ODD[odd] in last
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ("pipe", ("no program reads from this pipe", "not a regular file")),
        ("to-pipe", ("no program reads from this pipe", "not a regular file")),
        ("kept", ("Is a directory", "not a regular file")),
        ("/dev/mem", ("a device, which kalint does not write", "not a regular file", "Permission denied")),
        ("/proc/self/comm", ("a file of the kernel, which kalint does not write",)),
    ],
)
@pytest.mark.parametrize("writer", WRITERS)
def test_nothing_is_written_into_a_device_or_waits_for_a_reader(
    run: Run, writer: str, odd: str, said: tuple[str, ...]
) -> None:
    """One line on standard error with the name and the reason, and exit status 2."""
    if odd == "/dev/mem" and not os.path.exists(odd):
        pytest.skip("this machine has no /dev/mem")
    result = run(*WRITERS[writer], odd)
    assert result.returncode == 2, result.stderr
    last = result.stderr.splitlines()[-1]
    assert last.startswith(f"kalint: cannot write {odd}: ")
    assert last.endswith(said)


@pytest.mark.parametrize("writer", ["check json", "priorities", "simulate capture"])
def test_streams_of_the_shell_take_output(run: Run, folder: Path, writer: str) -> None:
    """/dev/null, /dev/stdout and a pipe that somebody reads (`>(cat)`) are written as before."""
    words = " ".join([*COMMAND, *WRITERS[writer]])
    result = subprocess.run(
        ["bash", "-c", f"{{ {words} >(cat >&3) >/dev/null; }} 3>&1"],
        cwd=folder, capture_output=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert (result.returncode in (0, 1), bool(result.stdout)) == (True, True), result.stderr
    assert run(*WRITERS[writer], "/dev/null").returncode in (0, 1)
    assert run(*WRITERS[writer], "/dev/stdout").returncode in (0, 1)


def test_a_scenario_may_come_from_the_shell(folder: Path) -> None:
    """`--scenario <(...)` is a pipe that its writer ends, and so is standard input."""
    words = " ".join([*COMMAND, "simulate", "a.conf", "b.conf", "--scenario"])
    for line in (f"{words} <(cat s.toml)", f"cat s.toml | {words} -"):
        result = subprocess.run(
            ["bash", "-c", line], cwd=folder, timeout=PATIENCE, check=False, capture_output=True, text=True
        )
        assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("written", [b"", "header"])
def test_probe_of_a_pipe_ends_when_it_is_told_to(folder: Path, number: signal.Signals, written: bytes | str) -> None:
    """Before anybody writes there is nothing to report (2); afterwards the report is of what has come."""
    pipe = folder / f"capture-{number}-{len(written)}"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [*COMMAND, "probe", "--pcap", pipe.name], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    descriptor = None
    if written:
        while descriptor is None:
            time.sleep(0.05)
            with suppress(OSError):
                descriptor = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        os.write(descriptor, bytes.fromhex("d4c3b2a1020004000000000000000000000004000100 0000".replace(" ", "")))
    # The handler is there once the pipe is open for reading.
    while descriptor is None and not any(
        os.path.realpath(f"/proc/{process.pid}/fd/{name}") == str(pipe)
        for name in os.listdir(f"/proc/{process.pid}/fd")
    ):
        time.sleep(0.05)
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE)
    if descriptor is not None:
        os.close(descriptor)
        assert process.returncode == 0, err
        assert "Traceback" not in err
        assert "0 adverts" in out or "no advert" in out, out
    else:
        assert process.returncode == 2
        assert err == f"kalint: {pipe.name} brought no capture before kalint was stopped\n"


CASES = [
    ("check", "a.conf", "-o", "./a.conf"),
    ("check", ".", "-o", "a.conf"),
    ("check", "a.conf", "--fix", "-o", "a.conf"),
    ("check", "a.conf", "--write-baseline", "linked.conf"),
    ("check", "a.conf", "--settings", "kalint.toml", "-o", "kalint.toml"),
    ("show", "a.conf", "-o", "hard.conf"),
    ("report", "lb1=a.conf", "b.conf", "-o", "a.conf"),
    ("cluster", "a.conf", "b.conf", "--suggest", "-o", "b.conf"),
    ("diff", "a.conf", "b.conf", "-o", "b.conf"),
    ("simulate", "a.conf", "b.conf", "--scenario", "s.toml", "-o", "s.toml"),
    ("simulate", "a.conf", "b.conf", "--scenario", "s.toml", "--write-pcap", "s.toml"),
    ("require", "a.conf", "b.conf", "-r", "r.txt", "-o", "r.txt"),
    ("require", "a.conf", "b.conf", "-e", "b is master", "--write-scenario", "b.conf"),
    ("probe", "--pcap", "p.pcap", "--write-pcap", "./p.pcap"),
    ("probe", "--pcap", "p.pcap", "--config", "a=a.conf", "--state-from", "a=r.txt", "-o", "r.txt"),
]


@pytest.mark.parametrize("words", CASES, ids=" ".join)
def test_nothing_is_written_over_what_is_read(run: Run, folder: Path, words: tuple[str, ...]) -> None:
    """A slip must not cost a configuration: also by another name of the file, or as one of a directory."""
    (folder / "hard.conf").hardlink_to(folder / "a.conf")
    (folder / "linked.conf").symlink_to("a.conf")
    for name in ("r.txt", "kalint.toml", "p.pcap"):
        (folder / name).write_text("")
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.name != "huge"}
    result = run(*words)
    option = "--output" if words[-2] == "-o" else words[-2]
    last = result.stderr.splitlines()[-1]
    assert (result.returncode, last) == (2, f"kalint: {option} {words[-1]} is a file that is read")
    assert before == {each.name: each.read_bytes() for each in folder.iterdir() if each.name in before}


def test_nothing_is_written_twice(run: Run, folder: Path) -> None:
    """The second of two results would be written into the first."""
    result = run("check", "a.conf", "-o", "new", "--write-baseline", "./new")
    assert (result.returncode, result.stderr) == (2, "kalint: --write-baseline ./new is the file of --output too\n")
    assert not (folder / "new").exists()
    simulate = ("simulate", "a.conf", "b.conf", "--scenario", "s.toml")
    assert run(*simulate, "-o", "/dev/null", "--write-pcap", "/dev/null").returncode == 0


UNNAMED = [
    ("require", "a.conf", "b.conf", "--file"),
    ("require", "a.conf", "b.conf", "-e", "a is master", "--write-scenario"),
    ("check", "a.conf", "--settings"),
    ("check", "a.conf", "--baseline"),
    ("check", "a.conf", "--write-baseline"),
    ("check", "t.conf.j2", "--vars"),
    ("check", "a.conf", "--output"),
    ("simulate", "a.conf", "b.conf", "--scenario"),
    ("simulate", "a.conf", "b.conf", "--scenario", "s.toml", "--write-pcap"),
    ("probe", "--pcap"),
    ("probe", "--pcap", "p.pcap", "--config"),
    ("probe", "--pcap", "p.pcap", "--config", "a=a.conf", "--state-from"),
]


@pytest.mark.parametrize("words", UNNAMED, ids=" ".join)
def test_an_empty_name_is_a_mistake(run: Run, words: tuple[str, ...]) -> None:
    """A variable of the shell is not set: the option is neither taken for one that is not there, nor is a file read."""
    result = run(*words, "")
    said = f"kalint: {words[-1]} needs the name of a file, and its value is empty\n"
    assert (result.returncode, result.stdout, result.stderr) == (2, "", said)


def test_an_empty_root_is_not_no_root(run: Run, folder: Path) -> None:
    """It would let a file include what lies anywhere."""
    (folder / "a.conf").write_text("include /etc/hostname\n")
    for option in ("--include-root", "--cache"):
        result = run("check", "a.conf", option, "")
        said = f"kalint: {option} needs the name of a directory, and its value is empty\n"
        assert (result.returncode, result.stdout, result.stderr) == (2, "", said)


def test_a_time_limit_may_be_any_number(run: Run) -> None:
    """Also one that is too large for a timer of the system."""
    assert run("show", "a.conf", "--timeout", "99999999999999999999s").returncode == 0


def test_notes_repeat_no_control(run: Run, folder: Path) -> None:
    """The note on what was written, and the command that is recommended: a config id is a stranger's word."""
    result = run("check", "a.conf", "--write-baseline", "new\nno findings\x1b[31m")
    assert result.stderr.splitlines()[-1] == "0 findings written to new\\x0ano findings\\x1b[31m"
    (folder / "b.conf").write_text(CONF.replace("    priority", "@lb\ufeff1 priority"))
    result = run("check", "a.conf", "b.conf")
    assert "kalint cluster a.conf " in result.stderr
    assert result.stderr.replace("\n", "").isprintable(), result.stderr


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("show", "a.conf"), 0),
        (("check", "a.conf"), 0),
        (("check", "a.conf", "--diff"), 0),
        (("check", "none.conf"), 2),
        (("show", "--what"), 2),
        (("diff", "a.conf", "b.conf"), 1),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
@pytest.mark.parametrize("end", ["/dev/full", "closed pipe"])
def test_a_standard_error_that_takes_nothing_changes_no_exit_code(
    folder: Path, words: tuple[str, ...], status: int, end: str
) -> None:
    """What cannot be said is not said; the results are written, and the exit code says how it went."""
    if end == "closed pipe":
        reading, writing = os.pipe()
        os.close(reading)
    else:
        writing = os.open(end, os.O_WRONLY)
    try:
        result = subprocess.run(
            [*COMMAND, *words], cwd=folder, stdout=subprocess.PIPE, stderr=writing, timeout=PATIENCE, check=False
        )
    finally:
        os.close(writing)
    assert result.returncode == status
    assert bool(result.stdout) == (words[0] in ("diff", "show") and status < 2)


def test_a_file_that_became_a_pipe_is_not_waited_for(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the check and the writing of fixes: it is not read again, and not written."""
    (folder / "a.conf").write_text(CONF.replace("priority", "priorty"))
    from kalint.fixing import trying

    write = trying.write

    def late(mended: trying.FixResult) -> None:
        (folder / "a.conf").unlink()
        os.mkfifo(folder / "a.conf")
        write(mended)

    monkeypatch.setattr("kalint.cli.fixing.write", late)
    result = run("check", "a.conf", "--fix")
    assert result.returncode == 2
    assert result.stderr == "kalint: a.conf: cannot be read again: is not a regular file\n"
