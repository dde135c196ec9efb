"""kalint's own failure on one file is a finding of that file: the others are judged."""

from __future__ import annotations

import json
import pkgutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from kalint.report import RENDERERS

INSTANCE = "vrrp_instance V {\n interface eth0\n virtual_router_id 300\n virtual_ipaddress {\n 192.0.2.9/24\n }\n}\n"


@pytest.mark.parametrize("stage", ["texts.read", "outcome.resolved_text"])
@pytest.mark.parametrize("kind", RENDERERS["check"])
def test_one_file_spoils_no_other(
    stage: str, kind: str, run_kalint: Callable[..., SimpleNamespace], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """KA000 names the place in kalint and no value of the file; the exit code is 3."""
    for name in ("a.conf", "b.conf", "c.conf"):
        (tmp_path / name).write_text(INSTANCE)
    good = pkgutil.resolve_name(f"kalint.pipeline.{stage}")

    def failing(path: str, *rest: object) -> object:
        if path == "b.conf":
            raise ValueError("S3cret")
        return good(path, *rest)

    monkeypatch.setattr(f"kalint.pipeline.{stage}", failing)
    found = run_kalint("check", "a.conf", "b.conf", "c.conf", "--format", kind)
    assert found.status == 3
    assert "S3cret" not in found.out + found.err
    assert "Traceback" not in found.err
    if kind == "json":
        told = [each for each in json.loads(found.out)["diagnostics"] if each["severity"] == "error"]
        told.sort(key=lambda each: str(each["file"]))
        assert [(each["file"], each["code"]) for each in told] == [
            ("a.conf", "KA401"),
            ("b.conf", "KA000"),
            ("c.conf", "KA401"),
        ]
        assert told[1]["message"] == "kalint failed on this file (ValueError): the file was not checked"
        assert "ValueError at " in told[1]["help"]
        assert told[1]["url"].endswith("/KA000.md")


def test_any_command_says_where_it_failed(
    run_kalint: Callable[..., SimpleNamespace], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a traceback, and without the words of the error."""
    (tmp_path / "a.conf").write_text(INSTANCE)

    def failing(*_: object) -> None:
        raise ValueError("S3cret")

    monkeypatch.setattr("kalint.cli.commands.load_each", failing)
    found = run_kalint("show", "a.conf")
    assert (found.status, found.out) == (3, "")
    assert found.err.startswith("kalint: ValueError at ")
    assert "S3cret" not in found.err


CLUSTERS = """[clusters.y.nodes]
lb1 = { file = "c.conf" }
lb2 = { file = "d.conf" }
[clusters.x.nodes]
lb1 = { file = "a.conf" }
lb2 = { file = "b.conf" }
[networks.n]
clusters = ["x", "y"]
"""


@pytest.mark.parametrize(
    ("words", "failed", "judged"),
    [
        (("cluster", "--all"), "kalint: x: kalint failed here; ", "y  "),
        (("cluster", "--all", "--cache", "kept"), "kalint: x: kalint failed here; ", "y  "),
        (("fleet",), "kalint: x: b.conf: kalint failed here; ", "d.conf:"),
        (("diff", "--from", "2.2.7", "--to", "2.4.3"), "kalint: cluster x: kalint failed here; ", "none of 1 changes"),
        (
            ("diff", "--from", "2.2.7", "--to", "2.4.3", "a.conf", "b.conf"),
            "kalint: b.conf: kalint failed here; ",
            "none of 1 changes",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_one_cluster_spoils_no_other(
    words: tuple[str, ...],
    failed: str,
    judged: str,
    jobs: str,
    run_kalint: Callable[..., SimpleNamespace],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where many are asked for, kalint's own failure on a file leaves the others their answers; the exit code is 3."""
    for name in ("a.conf", "b.conf", "c.conf", "d.conf"):
        (tmp_path / name).write_text(INSTANCE.replace("300", "7"))
    (tmp_path / "kalint.toml").write_text(CLUSTERS)
    good = pkgutil.resolve_name("kalint.pipeline.texts.read")

    def failing(path: str, *rest: object) -> object:
        if path == "b.conf":
            raise ValueError("S3cret")
        return good(path, *rest)

    monkeypatch.setattr("kalint.pipeline.texts.read", failing)
    monkeypatch.setattr("kalint.pipeline.spreading.LEAST", 2)  # two processes even for so little
    found = run_kalint(*words, "--jobs", jobs)
    assert found.status == 3
    assert failed in found.err
    assert "ValueError at " in found.err
    assert judged in found.out
    assert "S3cret" not in found.out + found.err
