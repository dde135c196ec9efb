"""Whatever a file holds, kalint ends with a finding or with one clear line: never with KA000, never with exit code 3.

A few seconds here; hours by hand: `KALINT_FUZZ_EXAMPLES=1000000 pytest tests/fuzz`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kalint.cli import guarded
from kalint.cli.app import run_app
from kalint.model.keywords import CONTEXTS, keywords

HERE = Path(__file__).parent
EXAMPLES = int(os.environ.get("KALINT_FUZZ_EXAMPLES", "60"))
quick = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="KALINT_FUZZ_EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
KEYWORDS = sorted({name for context in CONTEXTS for name in keywords(context)})
VALUES = (
    *("1", "0", "-1", "255", "256", "99999999999999999999", "1.5", ".", "1e9", "²", "٣", "1_0", "0x10", "9" * 400),
    *("10.0.0.1", "10.0.0.1/24", "10.0.0.1/²", "2001:db8::1", "2001:db8::\udce9", "::/\udcff", "fe80::1%eth0", "x\0y"),
    *("eth0", "MASTER", "BACKUP", "PASS", "yes", '"', "'", "$A", "${A}", "${_ENV X}", "~SEQ(a,1,3)", "@lb1", "\\"),
    *("weight", "reverse", "dev", "to", "via", "key", "=", "é", "\ufeff", "\u200b", "\x1b[31m", "{", "}", "#", "!"),
)
BLOCKS = ("vrrp_instance V", "vrrp_instance W", "vrrp_sync_group G", "vrrp_script s", "virtual_server 10.0.0.1 80")
words = st.one_of(st.sampled_from(KEYWORDS), st.sampled_from(VALUES), st.text(max_size=6))
statement = st.lists(words, min_size=1, max_size=5).map(" ".join)
block = st.tuples(st.one_of(st.sampled_from(BLOCKS), statement), st.lists(statement, max_size=6)).map(
    lambda made: "\n ".join((f"{made[0]} {{", *made[1], "}"))
)
GOOD = (
    "vrrp_instance V {\n interface eth0\n virtual_router_id 7\n priority 100\n %s\n virtual_ipaddress {\n  %s\n }\n}\n"
)
instance = st.tuples(st.lists(st.one_of(statement, block), max_size=5).map("\n ".join), statement).map(
    lambda made: GOOD % made
)
configuration = st.lists(st.one_of(statement, block, instance), min_size=1, max_size=6).map("\n".join)
COMMANDS = (
    ("check", "a.conf", "--format", "json"),
    ("check", "a.conf", "--keepalived-version", "1.2.13"),
    ("check", "a.conf", "--diff", "--unsafe-fixes"),
    ("check", "a.conf", "b.conf", "--cluster"),
    ("show", "a.conf"),
    ("priorities", "a.conf", "--times"),
    ("cluster", "a.conf", "b.conf"),
    ("simulate", "a.conf", "b.conf", "--scenario", "s.toml"),
)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., None]:
    """Run a command, which must not fail in kalint itself."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "b.conf").write_text(GOOD % ("", "10.0.0.9/24"))
    (tmp_path / "s.toml").write_text("duration = 5.0\n")

    def command(*arguments: str) -> None:
        status = guarded(lambda: run_app(list(arguments)))
        told = capsys.readouterr()
        assert status in (0, 1, 2), (arguments, told.err[-1000:], told.out[-1000:])
        assert "KA000" not in told.out

    return command


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "surrogateescape" if not _lone(text) else "surrogatepass"))


def _lone(text: str) -> bool:
    return any("\ud800" <= each <= "\udfff" and not "\udc80" <= each <= "\udcff" for each in text)


@pytest.mark.parametrize("path", sorted((HERE / "corpus").iterdir()), ids=lambda path: path.name)
def test_what_once_failed(path: Path, run: Callable[..., None], tmp_path: Path) -> None:
    """Small inputs that fuzzing found."""
    (tmp_path / "a.conf").write_bytes(path.read_bytes())
    for arguments in COMMANDS:
        run(*arguments)


@quick
@given(text=configuration)
def test_any_configuration(text: str, run: Callable[..., None], tmp_path: Path) -> None:
    """Every command takes every configuration."""
    _write(tmp_path / "a.conf", text)
    for arguments in COMMANDS:
        run(*arguments)


@quick
@given(content=st.binary(max_size=300))
def test_any_bytes(content: bytes, run: Callable[..., None], tmp_path: Path) -> None:
    """Also as a part of a good file."""
    (tmp_path / "a.conf").write_bytes((GOOD % ("@@", "10.0.0.9")).encode().replace(b"@@", content))
    run("check", "a.conf")
    run("show", "a.conf")


anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just(10**400)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)
NAMES = ("iname", "vrid", "ifp_ifname", "base_priority", "effective_priority", "state", "adver_int", "version")
data = st.dictionaries(st.sampled_from((*NAMES, "nopreempt", "track_ifp", "track_script")), anything)
dump = st.one_of(
    anything,
    st.fixed_dictionaries(
        {"vrrp": st.lists(st.fixed_dictionaries({"data": st.one_of(data, anything)}), max_size=3)},
        optional={"track_process": st.one_of(anything, st.lists(anything, max_size=2))},
    ),
)


@quick
@given(value=dump)
def test_any_dump(value: object, run: Callable[..., None], tmp_path: Path) -> None:
    """--state-from takes what keepalived wrote, and says so of anything else."""
    (tmp_path / "dump.json").write_text(json.dumps(value))
    (tmp_path / "x.pcap").write_bytes(bytes.fromhex("d4c3b2a1020004000000000000000000ffff000001000000"))
    run("probe", "--config", "b.conf", "--pcap", "x.pcap", "--state-from", "dump.json")


def test_a_dump_that_nests_deeply(run: Callable[..., None], tmp_path: Path) -> None:
    (tmp_path / "dump.json").write_text("[" * 100_000)
    (tmp_path / "x.pcap").write_bytes(bytes.fromhex("d4c3b2a1020004000000000000000000ffff000001000000"))
    run("probe", "--config", "b.conf", "--pcap", "x.pcap", "--state-from", "dump.json")


toml_value = st.one_of(
    st.sampled_from(("1", "-1", "0.5", "1e400", "inf", "nan", "true", '"ko"', '"a"', '"interface:eth0"', "[]", "{}")),
    st.sampled_from(("9" * 400, "9" * 5000, "1e300", "1979-05-27", '["a", "b"]', '["a", "a"]', "[[]]", '"\\u0000"')),
)
event = st.lists(
    st.tuples(st.sampled_from(("time", "node", "thing", "state", "daemon", "file", "link", "x")), toml_value),
    max_size=5,
).map(lambda rows: "\n".join(("[[event]]", *(f"{key} = {value}" for key, value in rows))))


@quick
@given(
    head=st.lists(st.tuples(st.sampled_from(("duration", "seed", "adverts", "x")), toml_value), max_size=3),
    events=st.lists(event, max_size=3),
)
def test_any_scenario(head: list[tuple[str, str]], events: list[str], run: Callable[..., None], tmp_path: Path) -> None:
    """A scenario is simulated, or its mistakes are told with their places."""
    text = "\n".join(("duration = 5.0", *(f"{key} = {value}" for key, value in head if key != "duration"), *events))
    (tmp_path / "s.toml").write_text(text)
    run("simulate", "a=b.conf", "b=b.conf", "--scenario", "s.toml")


@quick
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(
                (
                    "select",
                    "fail_on",
                    "keepalived_version",
                    "config_id",
                    "severity",
                    "include_root",
                    "baseline",
                    "clusters",
                    "files",
                    "max_failover",
                )
            ),
            toml_value,
        ),
        max_size=4,
    )
)
def test_any_settings(rows: list[tuple[str, str]], run: Callable[..., None], tmp_path: Path) -> None:
    """Settings are obeyed, or told to be wrong."""
    (tmp_path / "kalint.toml").write_text("\n".join(f"{key} = {value}" for key, value in rows))
    run("check", "b.conf")
    (tmp_path / "kalint.toml").unlink()
