"""Comparing what kalint works out with what real keepalived daemons were seen to do.

`python -m pytest tests/vectors` compares, and prints at its end how much it compared and how many differ.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from kalint.pipeline.reading import Request, load
from kalint.semantics.effect import file_value
from kalint.semantics.priority import outcome
from kalint.semantics.resolved import Instance, Resolved
from kalint.text import Options
from kalint.version import parse_version

SHARED = Path(__file__).parents[3] / "shared" / "vectors"
DATA = Path(__file__).parent / "data"

_compared: Counter[str] = Counter()


class Seen(NamedTuple):
    """One observation: what an instance did in a step of a scenario, and what kalint says it does (None: FAULT)."""

    scenario: str
    release: str
    step: int
    instance: Instance
    observed: int | None
    expected: int | None

    @property
    def differs(self) -> bool:
        return self.observed != self.expected

    def __str__(self) -> str:
        where = f"{self.scenario} step {self.step} on {self.release}, {self.instance.name}"
        return f"{where}: observed {self.observed or 'FAULT'}, worked out {self.expected or 'FAULT'}"


class Comparer:
    """Resolves each configuration once, and follows the values of files from step to step."""

    def __init__(self, room: Path) -> None:
        self.room = room
        self.resolved: dict[tuple[str, str, str | None, str], Resolved] = {}
        self.files: dict[tuple[str, str, str], int] = {}

    def compare(self, vector: dict, step: dict, observed: dict, fresh: bool = False) -> Iterator[Seen]:
        """Every observation of one step; a fresh start writes the files that `init_file` with `overwrite` names."""
        scenario, release = vector["scenario"], vector["keepalived_version"]
        resolved = self.resolve(vector)
        states = dict(step["states"])
        for key, state in states.items():
            if key.startswith("file:"):
                before = self.files.get((scenario, release, key), 0)
                states[key] = self.files[scenario, release, key] = file_value(state, resolved.profile, before)
        if fresh:
            trackers = (tracker for instance in resolved.instances for tracker in instance.trackers)
            states |= {tracker.key: tracker.initial for tracker in trackers if tracker.initial is not None}
        instances = {instance.name: instance for instance in resolved.instances}
        for name, seen in observed.items():
            instance = instances[name]
            expected = outcome(instance, states, resolved.profile)
            yield Seen(scenario, release, step["step"], instance, seen.get("priority"), expected)

    def resolve(self, vector: dict) -> Resolved:
        files = vector.get("files", {})
        key = (vector["keepalived_version"], vector["config"], vector.get("config_id"), json.dumps(files))
        if key not in self.resolved:
            folder = self.room / str(len(self.resolved))
            for name, content in {"vector.conf": key[1], **files}.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content, encoding="utf-8", errors="surrogateescape")
            request = Request(Options(config_id=key[2]), parse_version(key[0]))
            self.resolved[key] = load(str(folder / "vector.conf"), None, request).resolved
        return self.resolved[key]


class Vectors:
    """The recorded vectors: all of them where ../shared is there, else the few that kalint brings along."""

    def __init__(self, path: Path, room: Path) -> None:
        self.room = room
        with path.open(encoding="utf-8") as stream:
            self.vectors = [json.loads(line) for line in stream]

    def seen(self, release: str | None = None) -> Iterator[Seen]:
        """Every observation of the release that follows from the present states alone."""
        comparer = Comparer(self.room)
        for vector in self.vectors:
            if release is not None and vector["keepalived_version"] != release:
                continue
            for step in vector.get("steps", [vector]):
                fresh = not step["static"]
                observed = step.get("observed_fresh_start", {}) if fresh else step["observed"]
                yield from comparer.compare(vector, step, observed, fresh)


@pytest.fixture(scope="session")
def summary() -> Counter[str]:
    """What is printed at the end: the tests count here what they compared, and what differs."""
    return _compared


@pytest.fixture(scope="session", params=["shared", "data"])
def folder(request: pytest.FixtureRequest) -> Path:
    """Where vectors are: the whole recording beside the checkout, and the selection in it."""
    if request.param == "data":
        return DATA
    if not SHARED.is_dir():
        pytest.skip("the whole recording, ../shared/vectors, is not here")
    return SHARED


@pytest.fixture(scope="session")
def tracking(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Vectors:
    return Vectors(folder / "tracking.jsonl", tmp_path_factory.mktemp("tracking"))


@pytest.fixture(scope="session")
def random(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Vectors:
    return Vectors(folder / "random.jsonl", tmp_path_factory.mktemp("random"))


@pytest.fixture(scope="session")
def random2(tmp_path_factory: pytest.TempPathFactory) -> Vectors:
    """More observations, with included files and bfds; they are in ../shared only."""
    if not SHARED.is_dir():
        pytest.skip("the whole recording, ../shared/vectors, is not here")
    return Vectors(SHARED / "random2.jsonl", tmp_path_factory.mktemp("random2"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much was compared, and how many differ."""
    for name in ("tracking", "random", "random2", "captures", "corpus", "clusters", "elections", "simulated steps"):
        if _compared[name]:
            explained = _compared[f"{name} explained"]
            terminalreporter.write_line(
                f"vectors {name}: {_compared[name]} observations compared, {_compared[f'{name} different']} differ"
                + (f" ({explained} more hang on history, as listed)" if explained else "")
                + (f" ({_compared[f'{name} single']} had one outcome only)" if _compared[f"{name} single"] else "")
            )
