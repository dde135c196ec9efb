"""What kalint says of a configuration in given states, for comparison with the daemon."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping

from harness import RELEASE

from kalint.analysis.given_states import priorities
from kalint.pipeline.reading import Request, load
from kalint.semantics.effect import file_value
from kalint.semantics.resolved import Resolved
from kalint.text import Options
from kalint.version import parse_version

Outcome = int | None
"""An effective priority, or None for FAULT."""

VERSION = parse_version(RELEASE)


def resolved(path: str, content: bytes | None, config_id: str | None) -> Resolved:
    """A configuration as the release of the daemon here reads it."""
    return load(path, content, Request(Options(config_id=config_id), VERSION)).resolved


def outcomes(config: Resolved, states: Mapping[str, str | int | None]) -> dict[str, Outcome]:
    """What each instance advertises when everything is in these states, as `kalint priorities --state` has it."""
    answers = priorities(config, VERSION, _options(config, states), rest="good").answers
    return {
        answer.reach.instance.name: None if answer.reach.fault else answer.reach.reachable[0].priority
        for answer in answers
    }


def command(path: str, config_id: str | None, config: Resolved, states: Mapping[str, str | int]) -> dict[str, Outcome]:
    """The same from the command line; RuntimeError with what it said when it failed."""
    line = [sys.executable, "-m", "kalint", "priorities", path, "--format", "json", "--keepalived-version", RELEASE]
    line += ["--config-id", config_id] if config_id is not None else []
    for option in _options(config, states):
        line += ["--state", option]
    done = subprocess.run(line, capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(line)}: {done.stderr}")
    return {one["name"]: one["outcome"].get("priority") for one in json.loads(done.stdout)["instances"]}


def _options(config: Resolved, states: Mapping[str, str | int | None]) -> list[str]:
    """The states of everything that the instances hang on, for --state; a file's text as the number it is."""
    known = {tracker.key for instance in config.instances for tracker in instance.trackers}
    return [
        f"{thing}={file_value(state, config.profile) if thing.startswith('file:') else state}"
        for thing, state in states.items()
        if thing in known
    ]
