"""`kalint cluster`: who is master of the nodes' virtual routers when what fails."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from kalint.cli.app import asked_of, keeps, max_failover, reads, spreads, writes
from kalint.cli.commands import Writing, write, write_with
from kalint.cli.completion import complete_cluster
from kalint.cli.output import progressing
from kalint.cli.overwriting import Command
from kalint.errors import FailedError, InputError, UsageError
from kalint.pipeline.nodes import few
from kalint.pipeline.reading import Memory
from kalint.pipeline.spreading import Running, running_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kalint.analysis.checked_cluster import CheckedCluster
    from kalint.pipeline.reading import Asked
    from kalint.settings.model import ClusterSettings


@click.command("cluster", cls=Command)
@click.argument("nodes", nargs=-1, metavar="[NAME... | [NAME=]FILE...]", shell_complete=complete_cluster)
@reads
@writes("cluster")
@click.option(
    "--cluster-name",
    "name",
    metavar="NAME",
    shell_complete=complete_cluster,
    help="Cluster in the settings (default: all clusters).",
)
@click.option("--all", "overview", is_flag=True, help="One line for each cluster of the settings, the worst first.")
@spreads
@keeps
@click.option("--pairs", is_flag=True, help="Include every pair of failures.")
@click.option("--suggest", "suggested", is_flag=True, help="Print a patch that repairs the files where kalint can.")
@click.option(
    "--state",
    "states",
    multiple=True,
    metavar="NODE:KIND:NAME=STATE",
    help="Show the cluster with this failure: lb1:script:chk=ko, lb2:daemon=stopped. Repeatable.",
)
@click.option("--times", is_flag=True, help="Show the parts of the time to each new master.")
@max_failover
@click.option(
    "--fail-on",
    type=click.Choice(("error", "warning", "info", "never")),
    help="Lowest severity that makes the exit code 1 (default: from the settings, or warning).",
)
def command(
    nodes: tuple[str, ...],
    name: str | None,
    overview: bool,
    jobs: int | None,
    cache: str | None,
    pairs: bool,
    suggested: bool,
    states: tuple[str, ...],
    times: bool,
    max_failover: float | None,
    fail_on: str | None,
    writing: Writing,
    **read: Any,
) -> int:
    """Show which node is master after each failure.

    NAME is the name and the config id of a node (default: the name of the file or of its folder). One file may stand
    for several nodes: low=FILE high=FILE. Without files, the clusters of kalint.toml are shown, or only each NAME.

    \b
    With --all or --format jsonl, each cluster is one line. With jq:
      kalint cluster --all --format jsonl | jq -r 'select(.nobody == 1) | .cluster'
      kalint cluster --all --format jsonl | jq -r 'select(.worst_failover > 5) | .cluster'
      kalint cluster --all --format jsonl | jq -r 'select(.findings.error > 0) | .cluster'

    The exit code is 1 if a finding is at or above --fail-on, 2 if a cluster cannot be read; with --all the findings on
    each file count too.
    """  # noqa: D301 - click needs the character itself
    from kalint.pipeline.checked_clusters import fails
    from kalint.pipeline.clusters import clustered
    from kalint.pipeline.nodes import asked_for

    asked = asked_of(**read)._replace(max_failover=max_failover, memory=Memory())
    clusters = asked_for(nodes, asked, name)
    if overview or writing.format == "jsonl":
        if pairs or times or states or suggested or writing.format == "json":
            raise UsageError("--all prints one line for each cluster, as --format text or jsonl")
        return _overview(clusters, asked, fail_on, running_of(jobs, cache), writing)
    if len(clusters) > 1 and writing.format != "text":
        raise UsageError(
            f"--format json shows one cluster: name one of {few(each.name for each in clusters)}, or use --format jsonl"
        )
    results = [clustered(each, asked, pairs)._replace(times=times) for each in clusters]
    if states:
        results = [_in_situation(each, states) for each in results]
    if suggested:
        _suggest(clusters, asked, writing)
    else:
        write("cluster", results if writing.format == "text" else results[0], writing)
    return int(any(fails(each, cluster, asked, fail_on) for each, cluster in zip(results, clusters, strict=True)))


def _overview(
    clusters: Sequence[ClusterSettings], asked: Asked, fail_on: str | None, running: Running, writing: Writing
) -> int:
    """Write a line a cluster, and on standard error what could not be read."""
    from kalint.pipeline.cluster_fleet import summaries
    from kalint.report.terminal import printable

    with progressing() as progress:
        lines = summaries(clusters, asked, fail_on, running._replace(progress=progress))
    documents = [line.document for line in lines]
    if writing.format == "text":
        write_with("kalint.report.cluster_summary", documents, writing)
    else:
        write("cluster", documents, writing)
    refused = [document for document in documents if "error" in document]
    for document in refused if writing.format == "text" else ():
        print(f"kalint: {printable(document['cluster'])}: {printable(document['error'])}", file=sys.stderr)
    if refused:
        return (FailedError if any(line.failed for line in lines) else InputError).exit_code
    return int(any(line.fails for line in lines))


def _in_situation(judged: CheckedCluster, states: Sequence[str]) -> CheckedCluster:
    """With what these states come to."""
    from kalint.analysis.situation import Situations, parse_thrown

    return judged._replace(situation=Situations(judged.cluster).of(parse_thrown(states, judged.cluster)))


def _suggest(clusters: Sequence[ClusterSettings], asked: Asked, writing: Writing) -> None:
    """Write the patch, byte by byte."""
    from kalint.cli.suggestions import patching, suggest

    with patching(writing) as stream:
        suggest(clusters, asked, stream)
