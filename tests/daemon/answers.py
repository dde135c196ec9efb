"""What kalint says of a configuration in given states, for comparison with the daemon."""

from __future__ import annotations

from collections.abc import Mapping

from harness import RELEASE

from kalint.model.builder import build
from kalint.semantics.effect import outcome
from kalint.semantics.resolve import resolve
from kalint.semantics.resolved import Resolved
from kalint.syntax import parse
from kalint.text import Options, read
from kalint.version import parse_version

Outcome = int | None
"""An effective priority, or None for FAULT."""


def resolved(path: str, content: bytes | None, config_id: str | None) -> Resolved:
    """A configuration as the release of the daemon here reads it."""
    version = parse_version(RELEASE)
    nodes, _ = parse(read(path, content, Options(config_id=config_id)).lines)
    return resolve(build(nodes, version), version)


def outcomes(config: Resolved, states: Mapping[str, str | int | None]) -> dict[str, Outcome]:
    """What each instance advertises when everything is in these states."""
    return {instance.name: outcome(instance, states, config.profile) for instance in config.instances}
