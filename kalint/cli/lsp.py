"""`kalint lsp`: the language server, for editors."""

from __future__ import annotations

import gc
import sys

import click

from kalint.errors import UsageError


@click.command("lsp")
@click.option("--stdio", is_flag=True, help="Use standard input and output (always on).")
def command(stdio: bool) -> int:  # noqa: ARG001 - many clients pass it to every server
    """Run the language server for editors.

    Editors start this command and talk to it by standard input and output (Language Server Protocol). docs/editors.md
    shows their settings.
    """
    try:
        from kalint.lsp.server import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise UsageError("the language server needs pygls: pip install 'kalint[lsp]'") from None
    if sys.stdin.isatty():
        click.echo("kalint lsp waits for an editor on standard input (see docs/editors.md); Ctrl-C ends it", err=True)
    gc.enable()  # other commands end soon
    return serve()
