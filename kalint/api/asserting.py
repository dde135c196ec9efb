"""`kalint.api.assert_requires`: the requirements of a cluster as one line of a test."""

from __future__ import annotations

from collections.abc import Sequence

from kalint.api.proofs import failure
from kalint.api.questions import require


def assert_requires(
    cluster: str | Sequence[str],
    *requirements: str,
    keepalived_version: str | None = None,
    settings: str | None = None,
) -> None:
    """Fail a test unless every requirement is proved; the message has the smallest counterexample of each.

    Args:
        cluster: the name of a cluster of the settings, or `[NAME=]FILE` for each node.
        requirements: texts, each of one requirement or of several lines; none: those of the settings.
        keepalived_version: see `check`.
        settings: see `check`.

    Raises:
        AssertionError: a requirement fails, is undecided, or tests nothing.
        InputError: a file cannot be read, or is no configuration of keepalived.
        RequirementError: a text is no requirement, or names what is not there.
        UsageError: no such cluster, fewer than two nodes, or no requirements.
        SettingsError: the settings are wrong.
    """
    __tracebackhide__ = True  # pytest shows the line of the test
    nodes = (cluster,) if isinstance(cluster, str) else tuple(cluster)
    found = require(*nodes, requirements=requirements or None, keepalived_version=keepalived_version, settings=settings)
    said = failure(found.verdicts)
    if said:
        raise AssertionError(said)
