"""Every command's options, as click sees them. The commands themselves are in `check` and `commands`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from io import StringIO
from typing import Any

import click

from kalint import __version__
from kalint.cli import close_output, commands
from kalint.cli.check import run as run_check
from kalint.cli.completion import complete_code, complete_keyword
from kalint.cli.overwriting import Command
from kalint.cli.values import codes, release, seconds, timeout
from kalint.pipeline.reading import Asked
from kalint.pipeline.request import CheckRequest
from kalint.report import RENDERERS
from kalint.version import NEWEST, Version

max_failover = click.option(
    "--max-failover",
    metavar="TIME",
    callback=seconds,
    help="Longest failover allowed: 3s, 500ms, 2.5 (default: from the settings, or no limit).",
)
"""How long the nodes of a cluster may take to have a new master."""


def reads(command: Callable[..., int]) -> Callable[..., int]:
    """The options of every command that reads a configuration."""
    for option in reversed(
        (
            click.option(
                "-i", "--config-id", metavar="ID", help="Config id, as keepalived's -i: selects the @ID lines."
            ),
            click.option(
                "--keepalived-version",
                metavar="RELEASE",
                callback=release,
                help=f"Release of keepalived, as 2.2.7 or debian-12 (default: from the settings, or {NEWEST}).",
            ),
            click.option(
                "--include-root",
                metavar="DIR",
                type=click.Path(file_okay=False),
                help="Refuse includes from outside this directory.",
            ),
            click.option(
                "--untrusted",
                is_flag=True,
                help="Read untrusted files: nothing outside the working tree (or --include-root), no environment.",
            ),
            click.option(
                "--timeout",
                metavar="TIME",
                expose_value=False,
                callback=timeout,
                help="Time limit: 60s, 500ms, 2m. Unfinished files are named, and the exit code is 2.",
            ),
            click.option(
                "--vars",
                "variables",
                metavar="[NODE=]FILE",
                multiple=True,
                help="Variables (YAML, JSON, TOML) to render Jinja templates with, for each node. Repeatable.",
            ),
            click.option(
                "--settings",
                metavar="FILE",
                type=click.Path(),
                help="Settings file (default: kalint.toml, searched upwards from each file, then /etc/kalint.toml).",
            ),
        )
    ):
        command = option(command)
    return command


spreads = click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    help="Number of processes at most (default: one for each core, but one for little work).",
)
"""The option of every command that may have thousands of files before it."""

keeps = click.option(
    "--cache",
    metavar="DIR",
    type=click.Path(file_okay=False),
    help="Directory for results; files are checked again only if they, an include or a setting changed.",
)
"""The option of the commands that need not work out again what nothing has changed."""

colors = click.option(
    "--color",
    type=click.Choice(("auto", "always", "never")),
    default="auto",
    help="Colours; auto: on a terminal, unless NO_COLOR is set.",
)
"""The option of every command that may print colours."""


def writes(command: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """The options of every command that prints, in the formats that `RENDERERS` has for it, the default first."""
    formats = tuple(RENDERERS[command])

    def decorate(function: Callable[..., int]) -> Callable[..., int]:
        @wraps(function)
        def gathered(format: str, output: str | None, color: str, **rest: Any) -> int:
            return function(writing=commands.Writing(format, output, color), **rest)

        for option in reversed(
            (
                click.option(
                    "--format",
                    type=click.Choice(formats),
                    default=formats[0],
                    show_default=True,
                    help="Output format.",
                ),
                click.option(
                    "-o",
                    "--output",
                    metavar="FILE",
                    type=click.Path(),
                    help="Output file (default: standard output).",
                ),
                colors,
            )
        ):
            gathered = option(gathered)
        return gathered

    return decorate


def asked_of(
    config_id: str | None,
    keepalived_version: Version | None,
    include_root: str | None,
    settings: str | None,
    untrusted: bool = False,
    variables: tuple[str, ...] = (),
) -> Asked:
    asked = Asked(config_id, keepalived_version, include_root, settings=settings, untrusted=untrusted)
    if not variables:
        return asked
    from kalint.pipeline.rendered import given

    return asked._replace(variables=given(variables))


class Commands(click.Group):
    """The commands below, and those with a module of their own, which is imported when its command is called."""

    command_class = Command

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted((*super().list_commands(ctx), *MODULES))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in MODULES:
            return super().get_command(ctx, cmd_name)
        command: click.Command = import_module(f"kalint.cli.{MODULES[cmd_name]}").command
        return command


MODULES: dict[str, str] = {
    "cluster": "cluster",
    "completion": "completion",
    "diff": "diff",
    "fleet": "fleet",
    "lsp": "lsp",
    "probe": "probe",
    "releases": "releases",
    "report": "report",
    "require": "require",
    "settings": "settings",
    "simulate": "simulate",
    "watch": "watch",
}
"""Each such command and its module, whose `command` it is."""


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kalint")
def app() -> None:
    """What a keepalived.conf really does, before the outage."""


@app.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
@reads
@writes("check")
@click.option(
    "--select",
    callback=codes,
    default="",
    metavar="CODE,...",
    help="Report only these rules: codes, beginnings of codes, or names.",
)
@click.option(
    "--ignore",
    callback=codes,
    default="",
    metavar="CODE,...",
    help="Do not report these rules: codes, beginnings of codes, or names.",
)
@click.option(
    "--fail-on",
    type=click.Choice(("error", "warning", "info", "never")),
    help="Lowest severity that makes the exit code 1 (default: from the settings, or warning).",
)
@click.option("--host", is_flag=True, help="Check against this machine's files, interfaces and users; run nothing.")
@click.option(
    "--stdin-filename", default="<stdin>", metavar="NAME", help="Name of standard input (PATH -) in findings."
)
@click.option(
    "--as",
    "as_name",
    metavar="NAME",
    help="Name under which PATH is checked: settings, includes and findings use it (for temporary files).",
)
@click.option("--skip-empty", is_flag=True, help="Skip YAML files without a configuration.")
@spreads
@keeps
@click.option("--statistics", is_flag=True, help="Number of findings of each rule, on standard error.")
@click.option("-q", "--quiet", is_flag=True, help="No summary.")
@click.option(
    "--cluster", is_flag=True, help="Also check the files as the nodes of one cluster (see 'kalint cluster')."
)
@click.option(
    "--baseline", metavar="FILE", type=click.Path(), help="Report only findings that this baseline does not list."
)
@click.option("--no-ignores", is_flag=True, help="Ignore suppressions in the files ('# kalint: ignore[CODE]').")
@click.option(
    "--write-baseline", metavar="FILE", type=click.Path(), help="Write all findings to this file, for --baseline."
)
@click.option("--fix", is_flag=True, help="Apply safe fixes to the files and report the other findings.")
@click.option("--diff", is_flag=True, help="Print the changes that --fix would make, without making them.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: include fixes that change the meaning.")
@max_failover
def check(
    paths: tuple[str, ...], select: tuple[str, ...], ignore: tuple[str, ...], writing: commands.Writing, **rest: Any
) -> int:
    """Check files for dead and dangerous configuration.

    PATH is a file, a directory (its *.conf, and the templates and YAML files with a block of keepalived), or - for
    standard input. With --cluster, NAME=FILE is a node and its name.
    """
    names = ("config_id", "keepalived_version", "include_root", "settings", "untrusted", "variables")
    reading = {name: rest.pop(name) for name in names}
    asked = asked_of(**reading)._replace(
        select=select,
        ignore=ignore,
        host=rest.pop("host"),
        max_failover=rest.pop("max_failover"),
        ignores=not rest.pop("no_ignores"),
        skip_empty=rest.pop("skip_empty"),
    )
    return run_check(CheckRequest(paths, asked, *writing, **rest))


@app.command()
@click.argument("file", type=click.Path())
@reads
@writes("show")
def show(file: str, writing: commands.Writing, **reading: Any) -> int:
    """Print the configuration as keepalived resolves it."""
    return commands.show(file, asked_of(**reading), writing)


@app.command()
@click.argument("file", type=click.Path())
@reads
@writes("priorities")
@click.option(
    "--state",
    "states",
    multiple=True,
    metavar="KIND:NAME=STATE",
    help="State of a tracker: script:chk=ko, interface:eth1=down, process:p=ok, bfd:b=up, file:f=3. Repeatable.",
)
@click.option(
    "--rest",
    type=click.Choice(("any", "good")),
    default="any",
    show_default=True,
    help="State of every tracker not given with --state.",
)
@click.option("--combinations", is_flag=True, help="List every combination of states (at most 65,536).")
@click.option("--times", is_flag=True, help="Show the parts of the time from each failure to its advert.")
def priorities(file: str, writing: commands.Writing, **rest: Any) -> int:
    """Show every effective priority that each instance can reach.

    Beside each priority stands the smallest set of failures that leads to it.
    """
    names = ("states", "rest", "combinations", "times")
    question = commands.Question(*(rest.pop(name) for name in names))
    return commands.priorities(file, asked_of(**rest), question, writing)


@app.command()
@click.argument("code", required=False, shell_complete=complete_code)
@click.option(
    "--keyword",
    metavar="NAME",
    shell_complete=complete_keyword,
    help="Explain a keyword of keepalived.conf instead of a rule.",
)
@colors
def explain(code: str | None, keyword: str | None, color: str) -> int:
    """Explain a rule, with a bad and a good example.

    CODE is a rule's code or name, the beginning of codes (KA2 lists a group), 'all', or 'bugs' for the known bugs of
    keepalived's releases.
    """
    if (code is None) == (keyword is None):
        raise click.UsageError("explain needs either a rule's CODE or --keyword NAME")
    return commands.explain(code, color) if code is not None else commands.explain_keyword(keyword or "")


@app.command()
@writes("rules")
def rules(writing: commands.Writing) -> int:
    """List the rules."""
    return commands.rules(writing)


def _tell(error: click.ClickException) -> None:
    """Print what is wrong with a command line; what it repeats of it is fit for a terminal."""
    from kalint.report.terminal import printable

    told = StringIO()
    error.show(told)
    print("\n".join(map(printable, told.getvalue().rstrip("\n").split("\n"))), file=sys.stderr)


def run_app(arguments: list[str]) -> int:
    """Run a command line; click's own usage errors end with 2, as all of ours."""
    output = sys.stdout
    try:
        status = app.main(args=arguments, prog_name="kalint", standalone_mode=False)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.Abort:
        return 130
    except click.ClickException as error:
        _tell(error)
        return error.exit_code
    except SystemExit:
        if sys.stdout is output:
            raise
        # Where the reader is gone, click puts something else in place of the output, and ends with 1. What has an exit
        # code of its own does not come here (see `kalint.cli.output`).
        close_output()
        return 0
    return status if isinstance(status, int) else 0
