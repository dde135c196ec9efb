"""`kalint cluster`: who is master of the nodes' virtual routers when what fails."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from kalint.cli.app import asked_of, max_failover, reads, writes
from kalint.cli.commands import Writing, write
from kalint.cli.completion import complete_cluster
from kalint.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kalint.analysis.judged import Judged
    from kalint.pipeline.reading import Asked
    from kalint.settings.model import ClusterSettings


@click.command("cluster")
@click.argument("nodes", nargs=-1, metavar="[NAME | [NAME=]FILE...]", shell_complete=complete_cluster)
@reads
@writes("cluster")
@click.option(
    "--cluster-name",
    "name",
    metavar="NAME",
    shell_complete=complete_cluster,
    help="A cluster of the settings (default: all of them).",
)
@click.option("--pairs", is_flag=True, help="Every two failures at once too.")
@click.option("--suggest", "suggested", is_flag=True, help="Print a patch of the files that mends what can be mended.")
@click.option(
    "--state",
    "states",
    multiple=True,
    metavar="NODE:KIND:NAME=STATE",
    help="Answer for this failure, and all others that are given so: lb1:script:chk=ko, lb2:daemon=stopped.",
)
@click.option("--times", is_flag=True, help="Show what the time to each new master adds up from.")
@max_failover
@click.option(
    "--fail-on",
    type=click.Choice(("error", "warning", "info", "never")),
    help="The least severity that makes the exit code 1 (default: the settings', or warning).",
)
def command(
    nodes: tuple[str, ...],
    name: str | None,
    pairs: bool,
    suggested: bool,
    states: tuple[str, ...],
    times: bool,
    max_failover: float | None,
    fail_on: str | None,
    writing: Writing,
    **read: Any,
) -> int:
    """Who is master of the nodes' virtual routers when what fails.

    NAME= is the node's name and its config id; without it, it is the file's name or that of its folder. One file may
    stand for several nodes: low=FILE high=FILE. Without files it is about the clusters of kalint.toml, or its one NAME.
    """
    from kalint.pipeline.checked_clusters import fails
    from kalint.pipeline.clusters import clustered
    from kalint.pipeline.nodes import asked_for

    asked = asked_of(**read)._replace(max_failover=max_failover)
    clusters = asked_for(nodes, asked, name)
    if len(clusters) > 1 and writing.format != "text":
        names = ", ".join(each.name for each in clusters)
        raise UsageError(f"one document is about one cluster: name one of {names} (--cluster-name)")
    results = [clustered(each, asked, pairs)._replace(times=times) for each in clusters]
    if states:
        results = [_in_situation(each, states) for each in results]
    if suggested:
        _suggest(clusters, asked, writing)
    else:
        write("cluster", results if writing.format == "text" else results[0], writing)
    return int(any(fails(each, cluster, asked, fail_on) for each, cluster in zip(results, clusters, strict=True)))


def _in_situation(judged: Judged, states: Sequence[str]) -> Judged:
    """With what these states come to."""
    from kalint.analysis.situation import Situations, parse_thrown

    return judged._replace(situation=Situations(judged.cluster).of(parse_thrown(states, judged.cluster)))


def _suggest(clusters: Sequence[ClusterSettings], asked: Asked, writing: Writing) -> None:
    """Write the patch, byte by byte."""
    from kalint.cli.suggestions import suggest

    if writing.format != "text":
        raise UsageError(f"--suggest prints a patch, not {writing.format}")
    if writing.output is None or writing.output == "-":
        suggest(clusters, asked, sys.stdout.buffer)
        sys.stdout.flush()
        return
    try:
        with open(writing.output, "wb") as stream:
            suggest(clusters, asked, stream)
    except OSError as error:
        raise UsageError(f"cannot write {writing.output}: {error.strerror}") from error
