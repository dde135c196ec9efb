"""`kalint diff`: what changes between two files, two releases, or the clusters of two directories."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from kalint.cli.app import asked_of, reads, spreads, writes
from kalint.cli.commands import Writing, write, write_with
from kalint.cli.output import progressing
from kalint.cli.overwriting import Command
from kalint.cli.values import release
from kalint.errors import FailedError, InputError, UsageError
from kalint.pipeline.reading import Memory, settle
from kalint.pipeline.spreading import Running, running_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kalint.analysis.difference import Comparison
    from kalint.pipeline.reading import Asked
    from kalint.version import Version


@click.command("diff", cls=Command)
@click.argument("paths", nargs=-1, metavar="[OLD NEW | PATH...]", type=click.Path())
@reads
@writes("diff")
@click.option("--from", "before", callback=release, metavar="RELEASE", help="Old release; both read each PATH.")
@click.option("--to", "after", callback=release, metavar="RELEASE", help="New release (default: from the settings).")
@click.option("--cluster", is_flag=True, help="Compare the clusters of two directories: OLD and NEW.")
@click.option(
    "--reload",
    is_flag=True,
    help="Show what changes in a daemon with OLD when it reloads NEW, and what needs a restart.",
)
@spreads
def command(
    paths: tuple[str, ...],
    before: Version | None,
    after: Version | None,
    cluster: bool,
    reload: bool,
    jobs: int | None,
    writing: Writing,
    **read: Any,
) -> int:
    """Show what changes between two files, releases or directories.

    \b
    kalint diff OLD NEW                    two files
    kalint diff --from X --to Y [PATH...]  each PATH, as both releases read it:
                                           files, directories or clusters
                                           (default: all of kalint.toml)
    kalint diff --cluster OLD_DIR NEW_DIR  the clusters of two checkouts: which
                                           node is master after each failure

    The exit code is 1 if anything changes, 0 if nothing does, 2 if something cannot be read. --format markdown writes
    a comment for a merge request, jsonl a line for each file or cluster.
    """  # noqa: D301 - click needs the character itself
    asked = asked_of(**read)._replace(memory=Memory())
    running = running_of(jobs, None)
    released = before is not None or after is not None
    if cluster:
        if released or reload or len(paths) != 2:
            raise UsageError("--cluster compares two directories: kalint diff --cluster OLD_DIR NEW_DIR")
        return _many("folders", paths, (asked, asked), running, writing)
    if reload:
        return _reload(paths, _sides(paths[0] if paths else ".", asked, before, after), writing)
    if released:
        sides = _sides(paths[0] if paths else ".", asked, before, after)
        if sides[0].version == sides[1].version:
            raise UsageError("--from and --to are the same release: nothing can differ")
        if len(paths) == 1 and _is_file(paths[0]):
            return _two(paths[0], paths[0], sides, writing)
        return _many("under_releases", paths, sides, running, writing)
    if len(paths) == 2:
        return _two(paths[0], paths[1], (asked, asked), writing)
    raise UsageError("diff needs two files, or --from X.Y.Z --to X.Y.Z and any number of files and clusters")


def _is_file(path: str) -> bool:
    from os.path import isfile

    return isfile(path)


def _sides(path: str, asked: Asked, before: Version | None, after: Version | None) -> tuple[Asked, Asked]:
    """What each side is asked; a release that is not given is that of the settings."""
    usual = settle(asked, path)[0].version
    return asked._replace(version=before or usual), asked._replace(version=after or usual)


def _two(old: str, new: str, asked: tuple[Asked, Asked], writing: Writing) -> int:
    """1 where something changes."""
    from kalint.pipeline.comparing import compare
    from kalint.pipeline.comparing_requirements import with_requirements

    before, after = settle(asked[0], old)[0], settle(asked[1], new)[0]
    comparison = with_requirements(compare((old, before), (new, after)), asked)
    write("diff", comparison, writing)
    return int(bool(comparison.changes))


def _reload(paths: Sequence[str], asked: tuple[Asked, Asked], writing: Writing) -> int:
    """1 where something changes.

    Raises:
        UsageError: a reload does not change the release.
    """
    from kalint.pipeline.comparing import compare_reload

    if not 1 <= len(paths) <= 2:
        raise UsageError("--reload needs two files: OLD and NEW")
    old, new = paths[0], paths[-1]
    before, after = settle(asked[0], old)[0], settle(asked[1], new)[0]
    if before.version != after.version:
        raise UsageError("--reload compares files within one release: --from and --to must be the same")
    comparison = compare_reload((old, before), (new, after))
    write("diff", comparison, writing)
    return int(bool(comparison.changes))


def _many(what: str, paths: Sequence[str], asked: tuple[Asked, Asked], running: Running, writing: Writing) -> int:
    """2 where something cannot be read, 1 where something changes."""
    from kalint.pipeline import comparing_many
    from kalint.report.terminal import printable

    with progressing() as progress:
        running = running._replace(progress=progress)
        if what == "folders":
            found = comparing_many.folders(paths[0], paths[1], asked[0], running)
        else:
            found = comparing_many.under_releases(paths, asked, running)
    _write(found, writing)
    failed = [one for one in found if one.error]
    for one in failed:
        print(f"kalint: {printable(one.name)}: {printable(one.error)}", file=sys.stderr)
    if failed:
        return (FailedError if any(one.failed for one in failed) else InputError).exit_code
    return int(any(one.changes for one in found))


def _write(found: Sequence[Comparison], writing: Writing) -> None:
    if writing.format == "text":
        write_with("kalint.report.diff_many", found, writing)
    else:
        write("diff", found, writing)
