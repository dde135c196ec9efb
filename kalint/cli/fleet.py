"""`kalint fleet`: what collides between clusters on one network."""

from __future__ import annotations

import sys
from typing import Any

import click

from kalint.cli.app import asked_of, reads, spreads, writes
from kalint.cli.commands import Writing, write
from kalint.cli.completion import complete_cluster
from kalint.cli.output import progressing
from kalint.cli.overwriting import Command
from kalint.errors import FailedError, InputError
from kalint.pipeline.reading import Memory
from kalint.pipeline.spreading import running_of


@click.command("fleet", cls=Command)
@click.argument("paths", nargs=-1, metavar="[CLUSTER | PATH]...", shell_complete=complete_cluster)
@reads
@writes("fleet")
@click.option(
    "--fail-on",
    type=click.Choice(("error", "warning", "info", "never")),
    default="warning",
    show_default=True,
    help="Lowest severity that makes the exit code 1.",
)
@spreads
def command(paths: tuple[str, ...], fail_on: str, jobs: int | None, writing: Writing, **read: Any) -> int:
    """Show collisions between clusters, and used and free VRIDs.

    A VRID in one multicast group, a virtual MAC address or a virtual address that two clusters share is an error; a
    password that they share is an info. Without CLUSTER or PATH, all clusters of kalint.toml are shown. Files that are
    in no cluster are one cluster if they share a VRID and a virtual address.

    \b
    kalint.toml says which clusters are on one network:
      [networks.dmz]
      clusters = ["web*", "mail1"]
      interfaces = ["eth0"]        # optional: only these are on it

    Instances on no network are shown by the subnets of their virtual addresses. What would collide there is an info.

    The exit code is 1 if a collision is at or above --fail-on, 2 if a file cannot be read. --format jsonl writes a line
    for each network, with "used", "free" and "collisions".

    \b
    The first free VRID of a network, and all collisions, with jq:
      kalint fleet --format jsonl | jq -r 'select(.network == "dmz") | .free.ipv4[0][0]'
      kalint fleet --format jsonl | jq -r '.collisions[].message'
    """  # noqa: D301 - click's mark is the character itself
    from kalint.pipeline.fleet import fails, fleet
    from kalint.report.terminal import printable

    with progressing() as progress:
        asked = asked_of(**read)._replace(memory=Memory())
        found = fleet(paths, asked, running_of(jobs, None)._replace(progress=progress))
    write("fleet", found, writing)
    for reason in found.refused:
        print(f"kalint: {printable(reason)}", file=sys.stderr)
    if found.refused:
        return (FailedError if found.failed else InputError).exit_code
    return int(fails(found, fail_on))
