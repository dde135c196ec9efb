"""Every command's options, as click sees them. The commands themselves are in `check` and `commands`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from kalint import __version__
from kalint.cli import commands
from kalint.cli.check import CheckRequest
from kalint.cli.check import run as run_check
from kalint.errors import KalintError
from kalint.pipeline import Request
from kalint.text import Options
from kalint.version import NEWEST, Version, parse_version

Command = TypeVar("Command", bound=Callable[..., Any])


class Release(click.ParamType):
    """A keepalived release such as 2.2.7."""

    name = "X.Y.Z"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Version:
        if isinstance(value, Version):
            return value
        try:
            return parse_version(str(value))
        except KalintError as error:
            self.fail(str(error), param, ctx)


class Codes(click.ParamType):
    """Prefixes of rule codes, separated by commas."""

    name = "CODE,..."

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        from kalint.rules import RULES

        prefixes = tuple(prefix.strip().upper() for prefix in str(value).split(",") if prefix.strip())
        for prefix in prefixes:
            if not any(row.code.startswith(prefix) for row in RULES):
                self.fail(f"no rule's code begins with '{prefix}'; 'kalint rules' lists them", param, ctx)
        return prefixes


def _reading(command: Command) -> Command:
    """The options of every command that reads a configuration."""
    for option in reversed(
        (
            click.option("-i", "--config-id", metavar="ID", help="keepalived's -i: which @ID lines count."),
            click.option(
                "--keepalived-version",
                type=Release(),
                default=NEWEST,
                show_default=str(NEWEST),
                help="The release whose reading counts.",
            ),
            click.option("--include-root", metavar="DIR", help="Refuse includes from outside this directory."),
        )
    ):
        command = option(command)
    return command


def _writing(*formats: str) -> Callable[[Command], Command]:
    """The options of every command that prints."""

    def decorate(command: Command) -> Command:
        for option in reversed(
            (
                click.option("--format", type=click.Choice(formats), default=formats[0], show_default=True),
                click.option("-o", "--output", metavar="FILE", help="Write there instead of to standard output."),
                click.option("--color", type=click.Choice(("auto", "always", "never")), default="auto"),
            )
        ):
            command = option(command)
        return command

    return decorate


def _request(config_id: str | None, keepalived_version: Version, include_root: str | None) -> Request:
    return Request(Options(config_id, include_root, os.environ), keepalived_version)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kalint")
def app() -> None:
    """What a keepalived.conf really does, before the outage."""


@app.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@_reading
@_writing("text", "json")
@click.option("--select", type=Codes(), default=(), help="Only rules whose code begins so.")
@click.option("--ignore", type=Codes(), default=(), help="Not the rules whose code begins so.")
@click.option(
    "--fail-on",
    type=click.Choice(("error", "warning", "info", "never")),
    default="warning",
    show_default=True,
    help="The least severity that makes the exit code 1.",
)
@click.option("--stdin-filename", default="<stdin>", metavar="NAME", help="What PATH - is called in findings.")
@click.option("--statistics", is_flag=True, help="Count the findings by rule, on standard error.")
@click.option("-q", "--quiet", is_flag=True, help="No summary.")
def check(
    paths: tuple[str, ...],
    config_id: str | None,
    keepalived_version: Version,
    include_root: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    **rest: Any,
) -> int:
    """Judge configurations: PATH is a file, a directory (its *.conf), or - for standard input."""
    request = _request(config_id, keepalived_version, include_root)._replace(select=select, ignore=ignore)
    return run_check(CheckRequest(paths=paths, request=request, **rest))


@app.command()
@click.argument("file")
@_reading
@_writing("text", "json")
def show(file: str, config_id: str | None, keepalived_version: Version, include_root: str | None, **rest: Any) -> int:
    """Print the configuration as keepalived resolves it."""
    return commands.show(file, _request(config_id, keepalived_version, include_root), **rest)


@app.command()
@click.argument("file")
@_reading
@_writing("text", "json", "csv")
@click.option(
    "--state",
    "states",
    multiple=True,
    metavar="KIND:NAME=STATE",
    help="Fix a thing's state: script:chk=ko, interface:eth1=down, process:p=ok, bfd:b=up, file:f=3. Repeatable.",
)
@click.option(
    "--rest",
    type=click.Choice(("any", "good")),
    default="any",
    show_default=True,
    help="What the things without --state are.",
)
@click.option("--combinations", is_flag=True, help="List every combination of states (at most 65,536).")
def priorities(
    file: str,
    config_id: str | None,
    keepalived_version: Version,
    include_root: str | None,
    states: tuple[str, ...],
    rest: str,
    combinations: bool,
    **writing: Any,
) -> int:
    """Every effective priority that can be reached, and the least that must be down for it."""
    request = _request(config_id, keepalived_version, include_root)
    return commands.priorities(file, request, commands.Question(states, rest, combinations), **writing)


@app.command()
@click.argument("code")
@click.option("--color", type=click.Choice(("auto", "always", "never")), default="auto")
def explain(code: str, color: str) -> int:
    """Explain a rule: what it finds, why that is bad, a bad and a good example. CODE may be 'all'."""
    return commands.explain(code, color)


@app.command()
@_writing("text", "json", "markdown")
def rules(**rest: Any) -> int:
    """List the rules."""
    return commands.rules(**rest)


def run_app(arguments: list[str]) -> int:
    """Run a command line; click's own usage errors end with 2, as all of ours."""
    try:
        status = app.main(args=arguments, prog_name="kalint", standalone_mode=False)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.Abort:
        return 130
    except click.ClickException as error:
        error.show(sys.stderr)
        return error.exit_code
    return status if isinstance(status, int) else 0
