"""`--cache DIR`: what it gives is what a run without it gives, whatever has changed in between."""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

import kalint.pipeline.cluster_outcome
import kalint.pipeline.outcome
import kalint.text.files
from kalint.pipeline.caching import Cache, Key
from kalint.report import RENDERERS

Run = Callable[..., SimpleNamespace]
RULES = Path(__file__).parent.parent / "rules"
CASES = sorted(RULES.glob("*/bad*.conf"))
MARKED = "vrrp_instance web {\n    interface ${IFACE:-eth0}\n    virtual_router_id 300\n    nopremt\n}\n"


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was judged, and not taken from the cache: files, and names of clusters."""
    calls: list[str] = []
    file, cluster = kalint.pipeline.outcome.resolved_text, kalint.pipeline.cluster_outcome.clustered

    def counted_file(path: str, *rest: object) -> object:
        calls.append(path)
        return file(path, *rest)  # type: ignore[arg-type]

    def counted_cluster(one: object, *rest: object, **named: object) -> object:
        calls.append(one.name)  # type: ignore[attr-defined]
        return cluster(one, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(kalint.pipeline.outcome, "resolved_text", counted_file)
    monkeypatch.setattr(kalint.pipeline.cluster_outcome, "clustered", counted_cluster)
    return calls


@pytest.mark.usefixtures("fleet")
@pytest.mark.parametrize("kind", RENDERERS["check"])
def test_a_second_run_judges_nothing_and_says_the_same(kind: str, run_kalint: Run, judged: list[str]) -> None:
    """In every format, and from another format's results."""
    Path("c0/a/conf.d/check.conf").write_text("# kalint: ignore[KA606] nothing of the kind\nx\n")
    plain = run_kalint("check", ".", "--format", kind)
    run_kalint("check", ".", "--cache", "kept")
    judged.clear()
    assert run_kalint("check", ".", "--format", kind, "--cache", "kept", "--jobs", "1") == plain
    assert judged == []
    assert run_kalint("check", ".", "--format", kind, "--cache", "kept", "--jobs", "2") == plain


def test_every_case_of_the_rules_is_kept_as_it_is_found(
    tmp_path: Path, run_kalint: Run, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every finding of every rule is one that a cache can hold, those beside the markup of a template included."""
    monkeypatch.chdir(tmp_path)
    Path("marked.conf").write_text(MARKED)
    command = ("check", "marked.conf", *map(str, CASES), "--format", "json", "--jobs", "1")
    plain = run_kalint(*command)
    assert run_kalint(*command, "--cache", "kept") == plain
    judged.clear()
    assert run_kalint(*command, "--cache", "kept") == plain
    # Not kept: a finding that rests on more than was read, and the cluster that the config ids of one file are.
    assert judged == [str(RULES / "include-problem" / "bad.conf"), ""]


@pytest.mark.usefixtures("fleet")
def test_only_what_a_change_reaches_is_judged_again(run_kalint: Run, judged: list[str]) -> None:
    """A file, and the cluster that it is in."""
    run_kalint("check", ".", "--cache", "kept", "--jobs", "1")
    judged.clear()
    with Path("c2/a/conf.d/check.conf").open("a") as stream:
        stream.write("# more\n")
    run_kalint("check", ".", "--cache", "kept", "--jobs", "1")
    assert judged == ["./c2/a/keepalived.conf", "c2"]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were opened, settings and the cache's own left out."""
    calls: list[str] = []
    load = kalint.text.files.load

    def counted(path: str, *rest: object) -> object:
        calls.append(path)
        return load(path, *rest)  # type: ignore[arg-type]

    for module in ("text.files", "pipeline.machine", "pipeline.walking"):
        monkeypatch.setattr(f"kalint.{module}.load", counted)
    return calls


@pytest.mark.usefixtures("fleet")
@pytest.mark.parametrize("settings", ["", '[files."c1/**"]\nignore = ["KA606"]\n'], ids=["plain", "globs"])
def test_each_file_is_read_once(settings: str, run_kalint: Run, read: list[str], judged: list[str]) -> None:
    """For its name, for its own result and for that of its cluster; nothing is judged."""
    Path("kalint.toml").write_text(Path("kalint.toml").read_text() + settings)
    plain = run_kalint("check", ".")
    run_kalint("check", ".", "--cache", "kept", "--jobs", "1")
    read.clear()
    judged.clear()
    assert run_kalint("check", ".", "--cache", "kept", "--jobs", "1") == plain
    files = sorted(path for path in read if path.endswith(".conf"))
    assert files == sorted(f"./{path}" for path in Path().rglob("*.conf"))
    assert judged == []


@pytest.mark.usefixtures("fleet")
def test_times_do_not_tell(run_kalint: Run, judged: list[str]) -> None:
    """A file with other bytes counts as another one, though its size and its times are those that it had."""
    changed = Path("c1/a/conf.d/check.conf")
    before = changed.stat()
    run_kalint("check", ".", "--cache", "kept", "--jobs", "1")
    judged.clear()
    text = changed.read_text()
    assert "script" in text
    changed.write_text(text.replace("script", "scrijt"))
    os.utime(changed, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert changed.stat().st_size == before.st_size
    assert run_kalint("check", ".", "--cache", "kept", "--jobs", "1") == run_kalint("check", ".", "--jobs", "1")
    assert "./c1/a/keepalived.conf" in judged


@pytest.mark.usefixtures("fleet")
def test_results_lie_in_few_files(run_kalint: Run) -> None:
    """However many files and clusters there are: a number for each set of options, which files share."""
    run_kalint("check", ".", "--cache", "kept")
    first = sorted(os.listdir("kept"))
    for number in range(100):
        Path(f"more{number}.conf").write_text(f"vrrp_script s{number} {{\n  script /bin/true\n}}\n")
    run_kalint("check", ".", "--cache", "kept")
    assert len(os.listdir("kept")) <= 2 + 2 * 16
    assert set(first) <= set(os.listdir("kept"))


@pytest.mark.usefixtures("fleet")
@pytest.mark.parametrize(
    "change",
    [
        lambda: Path("c1/a/conf.d/more.conf").write_text("oddity\n"),
        lambda: Path("c1/a/conf.d/check.conf").unlink(),
        lambda: Path("c1/a/conf.d/check.conf").chmod(0o755),
        lambda: Path("c1/a/conf.d").rename("c1/a/elsewhere"),
        lambda: Path("kalint.toml").write_text('severity.KA601 = "error"\n' + Path("kalint.toml").read_text()),
        lambda: Path("c1/a/kalint.toml").write_text('ignore = ["KA601"]\n'),
        lambda: Path("kalint.toml").write_text(Path("kalint.toml").read_text().replace("c2a", "other")),
        lambda: Path("kalint.toml").write_text(
            '[files."c1/**"]\nseverity.KA601 = "off"\n' + Path("kalint.toml").read_text()
        ),
    ],
    ids=["a new match", "no match", "not read", "no folder", "severity", "nearer settings", "a node's name", "a glob"],
)
def test_what_was_not_there_counts_too(change: Callable[[], object], run_kalint: Run) -> None:
    """The answer is that of a run without a cache, before and after."""
    run_kalint("check", ".", "--cache", "kept")
    before = run_kalint("check", ".")
    change()
    after = run_kalint("check", ".")
    assert run_kalint("check", ".", "--cache", "kept") == after
    assert before != after


@pytest.mark.usefixtures("fleet")
@pytest.mark.parametrize(
    "options",
    [
        ("--keepalived-version", "2.0.10"),
        ("--select", "KA6"),
        ("--ignore", "KA6"),
        ("--no-ignores",),
        ("-i", "lb1"),
        ("--untrusted",),
        ("--include-root", "c1"),
        ("--max-failover", "1s"),
        ("c1/a/conf.d/check.conf",),
    ],
)
def test_options_are_part_of_the_question(options: tuple[str, ...], run_kalint: Run) -> None:
    """A result for one set of options is none for another."""
    run_kalint("check", ".", "--cache", "kept")
    assert run_kalint("check", ".", *options, "--cache", "kept") == run_kalint("check", ".", *options)


@pytest.mark.usefixtures("fleet")
def test_what_this_machine_tells_is_not_kept(run_kalint: Run, judged: list[str]) -> None:
    """With --host nothing is taken from the cache or put there, and kalint says why."""
    run_kalint("check", ".", "--cache", "kept", "--jobs", "1")
    kept = sorted(Path("kept").rglob("*"))
    judged.clear()
    plain = run_kalint("check", ".", "--host", "--jobs", "1")
    once = list(judged)
    again = run_kalint("check", ".", "--host", "--cache", "kept", "--jobs", "1")
    assert judged == once * 2
    assert (again.status, again.out) == (plain.status, plain.out)
    note = "--cache is not used with --host: this machine can change without a change of any file\n"
    assert again.err.replace(note, "") == plain.err
    assert note in again.err
    assert sorted(Path("kept").rglob("*")) == kept


def test_the_environment_is_never_kept(
    tmp_path: Path, run_kalint: Run, monkeypatch: pytest.MonkeyPatch, judged: list[str]
) -> None:
    """What a file takes from it may be another thing the next time, and nothing of it is written down."""
    monkeypatch.chdir(tmp_path)
    Path("a.conf").write_text("vrrp_instance V {\n  interface eth0\n  priority ${_ENV PRIORITY}\n}\n")
    monkeypatch.setenv("PRIORITY", "4242")
    first = run_kalint("check", "a.conf", "--cache", "kept")
    monkeypatch.setenv("PRIORITY", "100")
    assert run_kalint("check", "a.conf", "--cache", "kept") == run_kalint("check", "a.conf") != first
    assert len(judged) == 3
    assert all("4242" not in path.read_text() for path in Path("kept").rglob("*.json"))


@pytest.mark.usefixtures("fleet")
def test_no_secret_is_written_down(run_kalint: Run) -> None:
    """Neither passwords nor lines that hold them; only the owner may read what is kept."""
    Path("c1/a/keepalived.conf").write_text("auth_pass hush51x\nauthentication {\n")
    run_kalint("check", ".", "--cache", "kept")
    kept = list(Path("kept").rglob("*.json"))
    assert kept
    for path in kept:
        assert "hush" not in path.read_text()
        assert path.stat().st_mode & 0o077 == 0


def filled(content: str) -> Callable[[str], str]:
    """Puts something else in place of what a file of the cache has; NAME is that of one of its entries."""
    return lambda text: content.replace("NAME", next(iter(json.loads(text))))


def asking_more(text: str) -> str:
    """The entries of a file of the cache, which are right, with one more question each."""
    entries = json.loads(text)
    for _, facts, _ in entries.values():
        facts[4].append(["system", ["touch x"], 0])
    return json.dumps(entries)


@pytest.mark.usefixtures("fleet")
@pytest.mark.parametrize(
    "spoil",
    [
        *map(filled, ("", "{}", "[]", "[[],[]]", "[[[1]],[2]]", "\udcff", "1", "null", '{"a":', "[" * 100_000)),
        *(filled(f'{{"NAME":{entry}}}') for entry in ("1", "{}", "[1,2,3]", '["",[],[]]', '["",[1,[],[],null,[]],[]]')),
        asking_more,
    ],
)
def test_a_spoilt_entry_is_no_entry(spoil: Callable[[str], str], run_kalint: Run) -> None:
    """Whatever somebody put there, it is judged again, and only our own questions are asked."""
    plain = run_kalint("check", ".")
    run_kalint("check", ".", "--cache", "kept")
    for path in Path("kept").glob("*-*.json"):
        path.write_bytes(spoil(path.read_text()).encode("utf-8", "surrogateescape"))
    assert run_kalint("check", ".", "--cache", "kept") == plain
    assert not Path("x").exists()


@pytest.mark.usefixtures("fleet")
def test_a_file_of_the_cache_may_be_removed(run_kalint: Run) -> None:
    """Or all of them, while another run is about to write."""
    plain = run_kalint("check", ".")
    run_kalint("check", ".", "--cache", "kept")
    for path in sorted(Path("kept").rglob("*.json"))[::2]:
        path.unlink()
    assert run_kalint("check", ".", "--cache", "kept") == plain
    for path in Path("kept").iterdir():
        path.unlink()
    assert run_kalint("check", ".", "--cache", "kept") == plain


@pytest.mark.usefixtures("fleet")
def test_runs_at_the_same_time(run_kalint: Run) -> None:
    """Each says what a run alone says, and none spoils what another has kept."""
    plain = run_kalint("check", ".", "--jobs", "1")
    command = [sys.executable, "-m", "kalint", "check", "--cache", "kept", "--jobs", "1"]
    paths = (".", ".", "c0", "c1", "c2", "c3")
    runs = [subprocess.Popen([*command, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE) for path in paths]
    said = [run.communicate(timeout=120) for run in runs]
    assert [out.decode() for out, _ in said[:2]] == [plain.out] * 2
    assert all(json.loads(path.read_text()) for path in Path("kept").glob("*.json"))
    assert not [name for name in os.listdir("kept") if not name.endswith((".json", ".TAG"))]
    assert run_kalint("check", ".", "--cache", "kept", "--jobs", "1") == plain


@pytest.mark.usefixtures("fleet")
def test_a_part_and_the_whole_share_a_folder(run_kalint: Run, judged: list[str]) -> None:
    """Results of files that are named in another way do not drive one another out."""
    for _ in range(2):
        judged.clear()
        for path in (".", "c1", "c1/a/keepalived.conf"):
            run_kalint("check", path, "--cache", "kept", "--jobs", "1")
    assert judged == []


@pytest.mark.usefixtures("fleet")
def test_what_another_run_has_kept_meanwhile_stays() -> None:
    """A run writes what it has found besides what is there by then, not besides what was there when it began."""
    one, two = Cache("kept"), Cache("kept")
    question = one.question(["the same"])
    names = [str(number) for number in range(100)]
    for cache, some in ((one, names[::2]), (two, names[1::2])):
        for name in some:
            assert cache.known(Key(question, name), frozenset(), str) is None
            cache.keep(Key(question, name), [99, ["c0/a/keepalived.conf"], [["no", ""]], None, []], name)
    assert (one.save(), two.save()) == (None, None)
    for path in Path("kept").glob("*.json"):
        names = [name for name in names if name not in json.loads(path.read_text())]
    assert names == []


@pytest.mark.usefixtures("fleet")
def test_a_full_disk_costs_time_only(run_kalint: Run) -> None:
    """The findings are told, a note says why the next run will not be quicker, and nothing half written stays."""
    plain = run_kalint("check", ".")
    run_kalint("check", "c0", "--cache", "kept")
    before = sorted(os.listdir("kept"))
    done = subprocess.run(
        [sys.executable, "-m", "kalint", "check", ".", "--cache", "kept"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64)),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stdout) == (plain.status, plain.out)
    assert done.stderr == plain.err + "the cache kept was not written: File too large\n"
    assert sorted(os.listdir("kept")) == before


@pytest.mark.usefixtures("fleet")
def test_old_files_make_room(run_kalint: Run, judged: list[str]) -> None:
    """What no run has used for a month is removed, and nothing else is that lies there."""
    run_kalint("check", ".", "--keepalived-version", "2.0.10", "--cache", "kept")
    Path("kept/mine.json").write_text("")
    for path in Path("kept").iterdir():
        os.utime(path, (0, 0))
    run_kalint("check", ".", "--cache", "kept", "--jobs", "1")
    assert all(path.stat().st_mtime > 0 for path in Path("kept").glob("*-*.json"))
    assert Path("kept/mine.json").exists()
    for path in Path("kept").iterdir():
        os.utime(path, (0, 0))
    judged.clear()
    run_kalint("check", ".", "--cache", "kept", "--jobs", "1")
    assert judged == []
    assert all(path.stat().st_mtime > 0 for path in Path("kept").glob("*-*.json"))  # used, so they stay


@pytest.mark.usefixtures("fleet")
def test_a_baseline_is_compared_with_what_is_kept(run_kalint: Run) -> None:
    """The cache has all findings of a file; which of them are new is another question."""
    run_kalint("check", ".", "--cache", "kept", "--write-baseline", "known.json")
    broken = Path("c0/a/keepalived.conf")
    broken.write_text(broken.read_text().replace("priority", "prioraty"))
    for _ in range(2):
        plain = run_kalint("check", ".", "--baseline", "known.json")
        assert run_kalint("check", ".", "--baseline", "known.json", "--cache", "kept") == plain
        assert "prioraty" in plain.out
    assert run_kalint("check", ".", "--cache", "kept") == run_kalint("check", ".")


def test_the_ids_of_a_file_and_its_other_readers(
    tmp_path: Path, run_kalint: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file for several nodes, an include that two files share, and one that is not there yet."""
    monkeypatch.chdir(tmp_path)
    text = "include shared.conf\ninclude later.conf\nvrrp_instance V {\n interface eth0\n @lb1 priority 90\n}\n"
    Path("a.conf").write_text(text)
    Path("b.conf").write_text(text.replace("@lb1", "@lb2"))
    Path("shared.conf").write_text("vrrp_script s {\n script /bin/true\n weight 5\n}\n")
    changes: tuple[Callable[[], object], ...] = (
        lambda: None,
        lambda: Path("later.conf").write_text("oddity\n"),
        lambda: Path("shared.conf").write_text("oddity\n"),
        lambda: Path("a.conf").write_text(text.replace("@lb1", "@lb3")),
        lambda: Path("later.conf").unlink(),
        lambda: Path("later.conf").symlink_to("/proc/self/environ"),
    )
    seen = set()
    for change in changes:
        change()
        for options in ((), ("-i", "lb1"), ("-i", "lb2")):
            plain = run_kalint("check", ".", *options, "--format", "json")
            assert run_kalint("check", ".", *options, "--format", "json", "--cache", "kept") == plain
            assert run_kalint("check", ".", *options, "--format", "json", "--cache", "kept") == plain
            seen.add(plain.out)
    assert len(seen) > len(changes)


@pytest.mark.usefixtures("fleet")
def test_requirements_in_a_file_of_their_own_count(run_kalint: Run) -> None:
    """For the line of a cluster too."""
    words = ("cluster", "--all", "--format", "jsonl")
    run_kalint(*words, "--cache", "kept")
    before = run_kalint(*words)
    Path("c1.require").write_text("c1b is master always\n")
    after = run_kalint(*words)
    assert run_kalint(*words, "--cache", "kept") == after != before


@pytest.mark.usefixtures("fleet")
def test_a_result_of_another_kalint_is_none(
    run_kalint: Run, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its code is part of the key."""
    run_kalint("check", "c1", "--cache", "kept", "--jobs", "1")
    judged.clear()
    monkeypatch.setattr("kalint.pipeline.caching.__version__", "0.0.1")
    run_kalint("check", "c1", "--cache", "kept", "--jobs", "1")
    assert judged == ["c1/a/keepalived.conf", "c1/b/keepalived.conf", "c1"]


@pytest.mark.usefixtures("fleet")
def test_code_that_changes_makes_results_worthless(
    run_kalint: Run, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its digest is kept too: for files of the same sizes and times, and not while they are younger than a moment."""
    package = Path("package/kalint/pipeline")
    package.mkdir(parents=True)
    code = package / "some.py"
    code.write_text("one = 1\n")
    monkeypatch.setattr("kalint.pipeline.caching.__file__", str(package / "caching.py"))

    def again() -> bool:
        judged.clear()
        run_kalint("check", "c1", "--cache", "kept", "--jobs", "1")
        return bool(judged)

    assert (again(), again()) == (True, False)
    assert not Path("kept/code.json").exists()
    code.write_text("one = 2\n")
    assert (again(), again()) == (True, False)
    monkeypatch.setattr("kalint.pipeline.caching._RECENT", -1)
    assert not again()
    times, _ = json.loads(Path("kept/code.json").read_text())
    assert not again()
    code.write_text("one = 3\n")
    assert (again(), again()) == (True, False)
    assert json.loads(Path("kept/code.json").read_text())[0] != times
    Path("kept/code.json").write_text("spoilt")
    assert not again()


@pytest.mark.usefixtures("fleet")
def test_a_cache_that_cannot_be_written_is_said(run_kalint: Run) -> None:
    """Before anything is judged."""
    Path("taken").write_text("")
    found = run_kalint("check", ".", "--cache", "taken/kept")
    assert (found.status, found.out) == (2, "")
    assert found.err == "kalint: cannot write to the cache taken/kept: Not a directory\n"


PIECES = (
    "include conf.d/*.conf\n",
    "include ../shared/{a,b}.conf\n",
    "includem /nowhere/*.conf\n",
    "$PRIORITY=150\n",
    "vrrp_instance V {\n interface eth0\n priority $PRIORITY\n virtual_ipaddress {\n 10.0.0.9/24\n }\n}\n",
    "vrrp_script check {\n script /bin/true\n weight -20\n}\n",
    "@lb1 priority 90\n",
    "# kalint: ignore[KA103] kept for later\n",
    "authentication {\n auth_type PASS\n auth_pass hush51x\n}\n",
    "odd ${_PWD}\n",
    "}\n",
)
FILES = ("n/a.conf", "n/b.conf", "n/conf.d/x.conf", "n/conf.d/y.conf", "shared/a.conf", "shared/b.conf")
CLUSTER = '[clusters.c.nodes.a]\nfile = "n/a.conf"\n[clusters.c.nodes.b]\nfile = "n/b.conf"\n'
SETTINGS = (
    'ignore = ["KA103"]\n',
    'severity.KA002 = "warning"\n',
    'keepalived_version = "2.0.10"\n',
    'config_id = "lb1"\n',
)


def write(chance: random.Random, path: Path) -> None:
    """A file of random pieces; a node's file has an instance, and includes others."""
    fixed = (*PIECES[:2], PIECES[4]) if len(path.parts) == 2 and path.parts[0] == "n" else ()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text("".join((*fixed, *chance.choices(PIECES, k=chance.randrange(1, 4)))))


def step(chance: random.Random) -> None:
    """One change of a folder, of whatever may matter."""
    path = Path(chance.choices(FILES, (1, 1, 4, 4, 2, 2))[0])
    kind = chance.randrange(10)
    if kind < 4:
        write(chance, path)
    elif kind < 6 and path.parts[0] == "n" and len(path.parts) == 3:
        path.unlink(missing_ok=True)
    elif kind == 6 and path.exists():
        path.chmod(chance.choice((0o644, 0o755)))
    elif kind == 7 and not path.name.startswith("a"):
        path.unlink(missing_ok=True)
        path.symlink_to(os.path.relpath("shared/a.conf", path.parent))
    elif kind == 8:
        Path("kalint.toml").write_text(chance.choice(("", "", *SETTINGS)) + chance.choice(("", CLUSTER)))
    elif kind == 9:
        nearer = Path("n/kalint.toml")
        nearer.unlink(missing_ok=True)
        if chance.random() < 0.5:
            nearer.write_text(chance.choice(SETTINGS))


@pytest.mark.parametrize("seed", range(6))
def test_random_changes(seed: int, tmp_path: Path, run_kalint: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """After each of them, a run with the cache says what one without it says; some results come from the cache."""
    monkeypatch.chdir(tmp_path)
    chance = random.Random(seed)
    kept = 0
    for name in FILES:
        write(chance, Path(name))
    for _ in range(40):
        step(chance)
        paths = chance.choice(((".",), (".",), (".",), ("n/a.conf", "shared/a.conf")))
        options = chance.choice(((), (), (), ("--no-ignores",)))
        plain = run_kalint("check", *paths, *options, "--format", "json")
        before = {path: path.stat().st_mtime_ns for path in Path("kept").rglob("*.json")}
        assert run_kalint("check", *paths, *options, "--format", "json", "--cache", "kept") == plain
        after = {path: path.stat().st_mtime_ns for path in Path("kept").rglob("*.json")}
        if plain.out and json.loads(plain.out)["files"] and before == after:
            kept += 1
    assert kept


def test_a_rendering_is_never_kept(tmp_path: Path, run_kalint: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It depends on files of variables, which reading the text does not ask for."""
    monkeypatch.chdir(tmp_path)
    Path("a.conf.j2").write_text("vrrp_instance V {\n  interface eth0\n  priority {{ priority }}\n}\n")
    Path("vars.yml").write_text("priority: 4242\n")
    Path("kalint.toml").write_text('[files."*.j2"]\nrender = "vars.yml"\n')
    first = run_kalint("check", "a.conf.j2", "--cache", "kept")
    assert "4242" in first.out
    Path("vars.yml").write_text("priority: 100\n")
    assert run_kalint("check", "a.conf.j2", "--cache", "kept") == run_kalint("check", "a.conf.j2") != first
