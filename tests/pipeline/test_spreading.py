"""Work over several processes: the same output, the same errors, and no process that stays behind."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

import kalint.pipeline.checking
import kalint.pipeline.cluster_outcome
import kalint.pipeline.workers
import kalint.settings.toml
from kalint.pipeline import spreading
from kalint.pipeline.spreading import Running, worth
from kalint.pipeline.workers import WorkerError, spread
from kalint.report import RENDERERS

Run = Callable[..., SimpleNamespace]


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any work is worth a second process."""
    monkeypatch.setattr(spreading, "LEAST", 2)


def counting(monkeypatch: pytest.MonkeyPatch, module: object, name: str) -> list[object]:
    """The first argument of each call of a function."""
    calls: list[object] = []
    good = getattr(module, name)

    def counted(first: object, *rest: object, **named: object) -> object:
        calls.append(first)
        return good(first, *rest, **named)

    monkeypatch.setattr(module, name, counted)
    return calls


@pytest.mark.usefixtures("fleet", "always")
@pytest.mark.parametrize("kind", RENDERERS["check"])
def test_the_output_does_not_depend_on_the_processes(kind: str, run_kalint: Run) -> None:
    """In every format: findings, suppressions of a shared file, clusters, and what cannot be read."""
    Path("c1/b/conf.d/check.conf").unlink()
    Path("c1/b/conf.d/check.conf").symlink_to("../../../c1/a/conf.d/check.conf")
    Path("c0/a/conf.d/check.conf").write_text("# kalint: ignore[KA606] nothing of the kind\nx\n")
    one, two = (run_kalint("check", ".", "gone.conf", "--format", kind, "--jobs", jobs) for jobs in "12")
    assert one == two
    assert one.status == 2
    assert "KA018" in one.out
    assert "KA002" in one.out


@pytest.mark.usefixtures("fleet", "always")
def test_two_processes_do_work(run_kalint: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above would say nothing if nothing was ever spread: all but the first, for which rules are imported."""
    rounds = counting(monkeypatch, kalint.pipeline.workers, "_round")
    run_kalint("check", ".", "--jobs", "2")
    assert [len(numbers) for numbers in rounds] == [7, 3]  # type: ignore[arg-type]


def test_small_work_stays_in_one_process() -> None:
    """A second process costs more than it gains for a few small files."""
    assert worth([2000] * 8, Running(8)) == 1
    assert worth([2000] * 3000, Running(8)) == 8
    assert worth([9_000_000], Running(8)) == 1
    assert worth([900_000] * 2, Running(8)) == 2
    assert worth([2000] * 3000, Running(1)) == 1


@pytest.mark.usefixtures("fleet", "always")
def test_a_failure_in_a_worker_is_the_finding_of_its_file(run_kalint: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in one process, and without the words of the error."""
    good = kalint.pipeline.outcome.resolved_text

    def failing(path: str, *rest: object) -> object:
        if path == "./c1/a/keepalived.conf":
            raise ValueError("hush")
        return good(path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("kalint.pipeline.outcome.resolved_text", failing)
    one, two = (run_kalint("check", ".", "--jobs", jobs) for jobs in "12")
    assert one == two
    assert one.status == 3
    assert "KA000 kalint failed on this file (ValueError)" in one.out


def test_what_a_worker_raises_is_raised() -> None:
    """Even if it was the last piece of work."""

    def work(number: int) -> str:
        if number == 7:
            raise KeyError(number)
        return str(number)

    with pytest.raises(KeyError, match="7"):
        list(spread(8, work, 2))


def test_a_killed_worker_is_noticed() -> None:
    """And no other one is left behind."""

    def work(number: int) -> str:
        if number == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return str(number)

    with pytest.raises(WorkerError):
        list(spread(50, work, 2))
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_every_answer_comes_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long ones and odd characters too, in more than one round."""
    monkeypatch.setattr(kalint.pipeline.workers, "MOST", 7)
    texts = [f"{number}\udcff{'é' * (number * 9000)}" for number in range(30)]
    assert dict(spread(30, lambda number: texts[number], 3)) == dict(enumerate(texts))


@pytest.mark.usefixtures("fleet")
def test_settings_are_parsed_once(run_kalint: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many files and clusters there are."""
    parses = counting(monkeypatch, kalint.settings.toml, "_parsed")
    assert run_kalint("check", ".").status == 1
    assert len(parses) == 1


@pytest.mark.usefixtures("fleet")
def test_only_clusters_that_hold_a_file_are_built(run_kalint: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Directly, through a link, or by an include."""
    built = counting(monkeypatch, kalint.pipeline.cluster_outcome, "clustered")
    run_kalint("check", "c1/a/keepalived.conf")
    Path("link.conf").symlink_to("c2/b/keepalived.conf")
    run_kalint("check", "link.conf")
    run_kalint("check", "c3/a/conf.d/check.conf")
    assert [cluster.name for cluster in built] == ["c1", "c2", "c3"]  # type: ignore[attr-defined]


@pytest.mark.usefixtures("fleet", "always")
def test_time_that_runs_out_stops_all_processes(run_kalint: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not finished is named, and no process is left."""
    good = kalint.pipeline.outcome.resolved_text

    def slow(path: str, *rest: object) -> object:
        if path == "./c2/a/keepalived.conf":
            signal.pause()
        return good(path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("kalint.pipeline.outcome.resolved_text", slow)
    found = run_kalint("check", ".", "--jobs", "2", "--timeout", "2s")
    assert found.status == 2
    assert "c2/a/keepalived.conf: not finished in the 2 s of --timeout" in found.err
    assert "c0/a/keepalived.conf: not finished" not in found.err
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
