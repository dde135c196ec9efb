"""Run kalint in an empty folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from kalint.cli import guarded
from kalint.cli.app import run_app


@pytest.fixture
def run_kalint(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., SimpleNamespace]:
    """`run_kalint("check", "a.conf")`: its `status`, and what it wrote (`out`, `err`)."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> SimpleNamespace:
        status = guarded(lambda: run_app(list(arguments)))
        captured = capsys.readouterr()
        return SimpleNamespace(status=status, out=captured.out, err=captured.err)

    return run
