"""`kalint releases`: what --keepalived-version takes."""

from __future__ import annotations

import click

from kalint.cli.app import writes
from kalint.cli.commands import Writing, write
from kalint.cli.overwriting import Command


@click.command("releases", cls=Command)
@writes("releases")
def command(writing: Writing) -> int:
    """List known releases of keepalived, and systems that have them.

    A system stands for the release in its own repositories: debian-12 or debian-bookworm, ubuntu-22.04 or ubuntu-jammy,
    rhel-9 (also centos-9, rocky-9, almalinux-9), alpine-3.19. kalint.toml takes the same names.
    """
    from kalint.systems import SYSTEMS

    write("releases", SYSTEMS, writing)
    return 0
