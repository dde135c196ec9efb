"""The manual page: `python -m kalint.cli.manual > docs/kalint.1` writes it from the commands' own help."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from inspect import cleandoc

import click

from kalint import __version__
from kalint.cli.app import app

HEAD = """.SH NAME
kalint \\- what a keepalived.conf really does, before the outage
.SH SYNOPSIS
.B kalint
.I COMMAND
.RI [ OPTION ...]
.RI [ FILE ...]
.SH DESCRIPTION
kalint reads a keepalived.conf as keepalived does. It works out every effective priority that each VRRP instance can
reach, and which node of a cluster is master after each failure. It reports settings that are dead or dangerous, and
compares the files with the adverts on the network. It never runs a script of the configuration and never sends a
packet.
.SH COMMANDS
"""
TAIL = """.SH EXIT STATUS
.TP
.B 0
Nothing is reported at or above
.BR \\-\\-fail\\-on .
.TP
.B 1
A finding or a difference is reported.
.TP
.B 2
The command line or the settings are wrong, or something could not be read.
.TP
.B 3
A bug in kalint.
.SH ENVIRONMENT
.TP
.B NO_COLOR
If it is set and not empty, the output has no colours, except with
.BR \\-\\-color=always .
.TP
.B PAGER
The program that shows a page of
.BR "kalint explain" .
.SH FILES
.TP
.I kalint.toml
The settings of a project. They can also be the table tool.kalint of
.IR pyproject.toml .
kalint searches for them from the directory of each configuration upwards.
.TP
.I /etc/kalint.toml
The settings for files without a
.IR kalint.toml .
.SH SEE ALSO
.BR keepalived.conf (5),
.BR keepalived (8)
"""


def page() -> str:
    """The page in the man macros of groff and mandoc."""
    context = click.Context(app, info_name="kalint", **app.context_settings)
    commands = [(name, app.get_command(context, name)) for name in app.list_commands(context)]
    body = "\n".join(line for name, command in commands if command is not None for line in _section(name, command))
    return f'.TH KALINT 1 "" "kalint {__version__}" "User commands"\n{HEAD}{body}\n{TAIL}'


def _section(name: str, command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=name, **app.context_settings)
    yield f".SS {name}"
    yield f".B kalint {name}"
    yield " ".join(_escaped(piece) for piece in command.collect_usage_pieces(context))
    for paragraph in cleandoc(command.help or "").replace("\f", "\n\n").strip("\n").split("\n\n"):
        yield ".PP"
        lines = paragraph.split("\n")
        if lines[0] == "\b":  # click's mark for lines that stay as they are
            yield ".nf"
            yield from (_escaped(line) for line in lines[1:])
            yield ".fi"
        else:
            yield _escaped(" ".join(line.strip() for line in lines))
    for option in command.get_params(context):
        record = option.get_help_record(context) if isinstance(option, click.Option) else None
        if record is not None:
            yield ".TP"
            yield f".B {_escaped(record[0])}"
            yield _escaped(record[1])


def _escaped(text: str) -> str:
    """Text that troff takes as it is."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text.startswith((".", "'")) else text


if __name__ == "__main__":
    sys.stdout.write(page())
