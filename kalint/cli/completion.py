"""`kalint completion`: what makes a shell complete kalint's commands and options."""

from __future__ import annotations

import os
import sys

import click
from click.shell_completion import CompletionItem, get_completion_class

SHELLS = ("bash", "zsh", "fish")


def complete_code(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Codes of rules, and `all`."""
    from kalint.rules import RULES
    from kalint.rules.cluster import MODULES
    from kalint.rules.live import MODULES as LIVE

    codes = ("all", *(row.code for row in RULES), *(code for code, _ in (*MODULES, *LIVE)))
    return [CompletionItem(code) for code in codes if code.lower().startswith(incomplete.lower())]


def complete_keyword(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Keywords of keepalived.conf."""
    from kalint.model.keywords import CONTEXTS, keywords

    names = sorted({name for context in CONTEXTS for name in keywords(context)})
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def complete_node(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Files, also after the `NAME=` of a node: there a shell completes no file of itself, so they are listed."""
    name, equals, path = incomplete.rpartition("=")
    folder, _, beginning = path.rpartition("/")
    prefix = name + equals + (f"{folder}/" if "/" in path else "")
    try:
        entries = sorted(os.scandir(folder or ("/" if path.startswith("/") else ".")), key=lambda entry: entry.name)
    except OSError:
        return []
    return [
        CompletionItem(f"{prefix}{entry.name}{'/' * entry.is_dir()}")
        for entry in entries
        if entry.name.startswith(beginning) and (beginning or not entry.name.startswith("."))
    ]


def complete_cluster(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Clusters of the settings, and files."""
    from kalint.pipeline.nodes import names_of_clusters

    names = [CompletionItem(name) for name in names_of_clusters() if name.startswith(incomplete)]
    return names if parameter.name == "name" else names + complete_node(context, parameter, incomplete)


def complete_requirement(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The last word of a requirement: the names of the nodes that the command line means, and keywords."""
    from kalint.errors import KalintError
    from kalint.pipeline.requiring import names_in
    from kalint.requirements.parser import keywords

    before, blank, word = incomplete.rpartition(" ")
    try:
        names = names_in(tuple(context.params.get("nodes") or ()))
    except (KalintError, OSError):
        names = ()
    every = dict.fromkeys((*names, *sorted(keywords())))
    return [CompletionItem(f"{before}{blank}{name}") for name in every if name.startswith(word)]


HOW = """Print the completion script of a shell.

\b
bash: kalint completion bash > ~/.local/share/bash-completion/completions/kalint
zsh:  kalint completion zsh > "${fpath[1]}/_kalint"
fish: kalint completion fish > ~/.config/fish/completions/kalint.fish
"""


@click.command("completion", help=HOW)
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> int:
    """Print the script that click has for a shell."""
    kind = get_completion_class(shell)
    if kind is None:  # pragma: no cover - click has had all three since 8.0
        raise click.UsageError(f"click has no completion for {shell}")
    app = click.get_current_context().find_root().command
    sys.stdout.write(kind(app, {}, "kalint", "_KALINT_COMPLETE").source())
    return 0
