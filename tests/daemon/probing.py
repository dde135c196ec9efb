"""A running `kalint probe` in a namespace, and what it said."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

from harness import Namespace

ROOT = Path(__file__).parent.parent.parent


class Run(NamedTuple):
    """What a probe has said and ended with."""

    status: int
    report: dict[str, Any]
    error: str

    @property
    def codes(self) -> set[str]:
        return {found["code"] for found in self.report["diagnostics"]}

    def router(self, vrid: int, family: str = "ipv4") -> dict[str, Any]:
        """One router of the report."""
        return next(
            each for each in self.report["routers"] if (each["virtual_router_id"], each["family"]) == (vrid, family)
        )

    def messages(self, code: str) -> list[str]:
        return [found["message"] for found in self.report["diagnostics"] if found["code"] == code]


class Probe:
    """A running `kalint probe`."""

    def __init__(self, namespace: Namespace, *arguments: str) -> None:
        command = ["env", f"PYTHONPATH={ROOT}", sys.executable, "-m", "kalint", "probe", *arguments]
        self.process = subprocess.Popen(
            namespace.enter(*command, "--format", "json"),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def listening(self) -> Probe:
        """Wait until it listens: it catches SIGTERM just before."""
        for _ in range(2400):  # on a busy machine Python may take long to start
            caught = re.search(r"SigCgt:\s*(\w+)", Path(f"/proc/{self.process.pid}/status").read_text())
            if caught and int(caught[1], 16) & 1 << (signal.SIGTERM - 1):
                break
            time.sleep(0.05)
        time.sleep(0.8)
        return self

    def stop(self) -> Run:
        """End it by SIGTERM, with the report so far."""
        self.process.send_signal(signal.SIGTERM)
        return self.end()

    def end(self) -> Run:
        """Wait for the report."""
        try:
            out, error = self.process.communicate(timeout=60)
        finally:
            self.process.kill()
        assert out, error
        return Run(self.process.returncode, json.loads(out), error)
