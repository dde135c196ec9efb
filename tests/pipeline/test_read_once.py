"""What asks for the files of a cluster more than once reads and resolves each of them once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from kalint.cli.app import run_app
from kalint.pipeline import texts
from kalint.semantics import resolve

INSTANCE = (
    "vrrp_instance V {\n    interface eth0\n    virtual_router_id 7\n    priority PRIORITY\n"
    "    virtual_ipaddress {\n        10.0.0.9/24\n    }\n}\n"
)
SETTINGS = '[clusters.web.nodes]\na = { file = "a.conf" }\nb = { file = "b.conf" }\n'


@pytest.fixture
def counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often files are read and resolved, in the folder of a cluster of two nodes."""
    found: Counter[str] = Counter()
    for module, name in ((texts, "read"), (resolve, "resolve")):
        plain = getattr(module, name)

        def counted(*arguments: object, plain: object = plain, name: str = name) -> object:
            found[name] += 1
            return plain(*arguments)  # type: ignore[operator]

        monkeypatch.setattr(module, name, counted)
    for node, priority in (("a", "100"), ("b", "90")):
        (tmp_path / f"{node}.conf").write_text(INSTANCE.replace("PRIORITY", priority))
    (tmp_path / "kalint.toml").write_text(SETTINGS)
    monkeypatch.chdir(tmp_path)
    return found


@pytest.mark.parametrize(
    ("command", "times"),
    [
        (["diff", "--from", "2.2.8", "--to", "2.4.3", "--jobs", "1"], 4),
        (["cluster", "--all", "--jobs", "1"], 2),
        (["report", "web", "-o", "page.html"], 2),
    ],
)
def test_each_file_once_a_release(command: list[str], times: int, counts: Counter[str]) -> None:
    """The answers of the cluster, the findings on its files and what changes in each of them rest on one reading."""
    run_app(command)
    assert counts["read"] == times
    assert counts["resolve"] <= 2 * times  # as it is meant, and, where the release differs from the newest, as it runs
