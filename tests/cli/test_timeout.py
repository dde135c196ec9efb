"""`--timeout` ends a run: what is finished is told, what is not is named."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

import kalint.pipeline.outcome

INSTANCE = "vrrp_instance V {\n interface eth0\n virtual_router_id 300\n virtual_ipaddress {\n 192.0.2.9/24\n }\n}\n"


def test_what_is_not_finished_is_named(
    run_kalint: Callable[..., SimpleNamespace], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first file's findings are printed; the exit code is that of a file that could not be judged.

    The alarm rings while b.conf is judged, however fast the machine is.
    """
    for name in ("a.conf", "b.conf", "c.conf"):
        (tmp_path / name).write_text(INSTANCE)
    quick = kalint.pipeline.outcome.resolved_text

    def slow(path: str, *rest: object) -> object:
        if path == "b.conf":
            signal.raise_signal(signal.SIGALRM)
        return quick(path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(kalint.pipeline.outcome, "resolved_text", slow)
    found = run_kalint("check", "--timeout", "5m", "a.conf", "b.conf", "c.conf")
    assert found.status == 2
    assert "a.conf:3:20: error: KA401" in found.out
    assert "c.conf" not in found.out
    assert "kalint: b.conf: not finished in the 300 s of --timeout\n" in found.err
    assert "kalint: c.conf: not finished in the 300 s of --timeout\n" in found.err


def test_every_command_ends(
    run_kalint: Callable[..., SimpleNamespace], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line, and the exit code 2."""
    (tmp_path / "a.conf").write_text(INSTANCE)
    monkeypatch.setattr("kalint.cli.commands.load_each", lambda *_: time.sleep(10))
    found = run_kalint("show", "a.conf", "--timeout", "200ms")
    assert (found.status, found.out, found.err) == (2, "", "kalint: not finished in the 0.2 s of --timeout\n")
