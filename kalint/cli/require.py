"""`kalint require`: whether a cluster does what is required of it."""

from __future__ import annotations

from typing import Any

import click

from kalint.cli.app import asked_of, reads, writes
from kalint.cli.commands import Writing, write
from kalint.cli.completion import complete_cluster, complete_requirement
from kalint.cli.overwriting import Command
from kalint.errors import UsageError


@click.command("require", cls=Command)
@click.argument("nodes", nargs=-1, metavar="[CLUSTER | [NAME=]FILE...]", shell_complete=complete_cluster)
@reads
@writes("require")
@click.option(
    "-e",
    "--expression",
    "expressions",
    multiple=True,
    metavar="TEXT",
    shell_complete=complete_requirement,
    help="Requirement in place of those of the settings: 'lb2 is master when lb1 stops'. Repeatable.",
)
@click.option(
    "-r",
    "--file",
    "files",
    multiple=True,
    metavar="FILE",
    type=click.Path(),
    help="File of requirements, one a line, in place of those of the settings. Repeatable.",
)
@click.option("-v", "--verbose", is_flag=True, help="List the requirements that hold too.")
@click.option(
    "--write-scenario",
    "scenario",
    metavar="FILE.toml",
    type=click.Path(),
    help="Write a scenario that shows in 'kalint simulate' why the first requirement that fails does.",
)
@click.option(
    "--suggest", "suggested", is_flag=True, help="Print the smallest patch with which every requirement holds."
)
@click.option("--propose", is_flag=True, help="Print requirements that hold today, as a start.")
def command(
    nodes: tuple[str, ...],
    expressions: tuple[str, ...],
    files: tuple[str, ...],
    verbose: bool,
    scenario: str | None,
    suggested: bool,
    propose: bool,
    writing: Writing,
    **read: Any,
) -> int:
    """Prove or refute what a cluster must do.

    CLUSTER is a cluster of kalint.toml (default: all that have requirements); NAME is the name and the config id of a
    node. A requirement is a claim, when it must hold, and how soon: 'lb2 is master of web when script chk on lb1 fails,
    within 5 s'. The exit code is 1 where one fails.
    """
    from kalint.pipeline.nodes import asked_for
    from kalint.pipeline.reading import confine
    from kalint.pipeline.requiring import required
    from kalint.settings.model import Written, required_of, requirements_in

    asked = asked_of(**read)
    clusters = asked_for(nodes, asked)
    for file in files:
        confine(asked, file)
    given = [Written(text, "") for text in expressions] + [requirements_in(file) for file in files]
    if propose:
        if scenario is not None or suggested:
            raise UsageError("--propose prints requirements that hold: nothing is suggested or shown")
        return _propose(clusters, asked, writing)
    if not nodes and not given:
        clusters = tuple(each for each in clusters if required_of(each))
    missing = [each for each in clusters if not given and not required_of(each)]
    if missing or not clusters:
        where = f"cluster {missing[0].name} has" if missing and missing[0].name else "there are"
        raise UsageError(f"{where} no requirements: write -e 'lb2 is master when lb1 stops', or see --propose")
    results = [required(cluster, asked, tuple(given) or None, verbose or bool(expressions)) for cluster in clusters]
    if suggested:
        _suggest(clusters, asked, tuple(given) or None, results, writing)
    else:
        write("require", results, writing)
    if scenario is not None:
        _write_scenario(results, clusters, asked, scenario)
    return int(any(verdict.outcome in ("fails", "empty") for each in results for verdict in each.verdicts))


def _propose(clusters: Any, asked: Any, writing: Writing) -> int:
    from kalint.cli.output import opened
    from kalint.pipeline.requiring import proposed
    from kalint.report.terminal import printable

    if writing.format != "text":
        raise UsageError(f"--propose prints requirements, not {writing.format}")
    with opened(writing.output) as stream:
        for cluster in clusters:
            if len(clusters) > 1:
                print(f"# cluster {printable(cluster.name)}", file=stream)
            for line in proposed(cluster, asked):
                shown = printable(line)  # with an escape it is about another name: a comment
                print(line if shown == line else f"# {shown}", file=stream)
    return 0


def _write_scenario(results: Any, clusters: Any, asked: Any, path: str) -> None:
    """Write the scenario, and say on standard error of which requirement it is, or why there is none."""
    import sys

    from kalint.cli.output import opened
    from kalint.pipeline.requiring import scenario_of
    from kalint.report.terminal import printable
    from kalint.requirements.normal import normal

    found = scenario_of(results, clusters, asked, path)
    name = "the scenario" if path == "-" else path
    if found is not None:
        with opened(path, "toml") as stream:
            stream.write(found.text)
        more = f"; {found.others} more fail{'s' * (found.others == 1)}, -e asks for one" if found.others else ""
        text = f"{name} shows why this fails: {normal(found.verdict.requirement, with_name=True)}{more}"
    elif any(verdict.outcome == "fails" for each in results for verdict in each.verdicts):
        text = f"{name} is not written: no run was found that ends as the counterexample does, timing decides"
    else:
        text = f"{name} is not written: no requirement fails"
    print(f"kalint: {printable(text)}", file=sys.stderr)


def _suggest(clusters: Any, asked: Any, written: Any, results: Any, writing: Writing) -> None:
    """Write the patch, byte by byte."""
    from kalint.cli.suggestions import patching, satisfy

    with patching(writing) as stream:
        satisfy(clusters, asked, written, results, stream)
