"""`kalint settings`: what applies to a file, and who says so."""

from __future__ import annotations

from typing import Any

import click

from kalint.cli.app import asked_of, reads, writes
from kalint.cli.commands import Writing, write
from kalint.cli.overwriting import Command
from kalint.pipeline.settled import applying


@click.command("settings", cls=Command)
@click.argument("file", default=".", type=click.Path())
@reads
@writes("settings")
def command(file: str, writing: Writing, **read: Any) -> int:
    """Print the settings that apply to FILE, each with its place."""
    write("settings", applying(file, asked_of(**read)), writing)
    return 0
