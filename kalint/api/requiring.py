"""`kalint.api.require`, and the assertion for tests that is built on it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from io import StringIO

from kalint.api.results import RequirementVerdict, RequireResult
from kalint.pipeline.reading import Asked
from kalint.report import renderer
from kalint.version import parse_version


def require(
    cluster: str | Sequence[str],
    *requirements: str,
    keepalived_version: str | None = None,
    settings: str | None = None,
) -> RequireResult:
    """Prove or refute what a cluster must do (docs/requirements.md).

    Args:
        cluster: the name of a cluster of the settings, or `[NAME=]FILE` for each node.
        requirements: one requirement a line, or several lines; none: those of the settings.
        keepalived_version: see `check`.
        settings: a kalint.toml; None: the one in the current directory or above it.

    Raises:
        InputError: a file cannot be read, or is no configuration of keepalived.
        UsageError: fewer than two nodes, no such cluster, or no requirement.
        SettingsError: the settings are wrong.
        KalintError: a requirement says nothing, or names what is not there.
    """
    from kalint.errors import UsageError
    from kalint.pipeline.nodes import asked_for
    from kalint.pipeline.requiring import required
    from kalint.rules.support.verdicts import story, summary
    from kalint.settings.model import Written, required_of

    version = None if keepalived_version is None else parse_version(keepalived_version)
    asked = Asked(None, version, None, settings=settings)
    chosen = asked_for([cluster] if isinstance(cluster, str) else list(cluster), asked)[0]
    written = tuple(Written(text, "") for text in requirements) or required_of(chosen)
    if not written:
        raise UsageError(f"there are no requirements of {chosen.name or 'these nodes'}: give one, or more")
    found = required(chosen, asked, written, verbose=True)
    document = json.loads(_written("json", [found]))
    rows = document["clusters"][0]["requirements"]
    verdicts = tuple(
        RequirementVerdict(
            name=row["name"] or "",
            text=row["text"],
            outcome=row["verdict"],
            situations=row["situations"],
            why=summary(verdict),
            story=tuple(story(verdict)),
            document=row,
        )
        for verdict, row in zip(found.verdicts, rows, strict=True)
    )
    return RequireResult(verdicts=verdicts, report=_written("text", [found]), document=document)


def assert_requires(
    cluster: str | Sequence[str],
    *requirements: str,
    keepalived_version: str | None = None,
    settings: str | None = None,
) -> None:
    """Fail a test unless every requirement is proved; the message has the counterexamples.

    The arguments and what is raised are as for `require`.

    Raises:
        AssertionError: a requirement fails, is undecided, or tests nothing.
    """
    __tracebackhide__ = True  # pytest shows the line of the test
    found = require(cluster, *requirements, keepalived_version=keepalived_version, settings=settings)
    if not found.holds:
        raise AssertionError(f"not every requirement holds\n{found.report}")


def _written(written: str, result: object) -> str:
    stream = StringIO()
    renderer("require", written)(result, stream)
    return stream.getvalue()
