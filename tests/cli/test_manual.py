"""The manual page: it is the commands' own help, troff reads it without a warning, and it is installed with kalint."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import click
import pytest

from kalint.cli.app import app
from kalint.cli.manual import page

PAGE = Path(__file__).parents[2] / "docs" / "kalint.1"


def test_not_stale() -> None:
    """`python -m kalint.cli.manual > docs/kalint.1` writes it anew."""
    assert PAGE.read_text() == page()


def test_troff_reads_it_without_a_warning() -> None:
    """With all warnings groff says nothing, and it shows the options of every command."""
    if shutil.which("groff") is None:
        pytest.skip("needs groff")
    result = subprocess.run(
        ["groff", "-man", "-ww", "-Tascii", "-P-cbou", str(PAGE)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert result.stderr == ""
    assert "kalint priorities [OPTIONS] FILE" in result.stdout
    assert "--state KIND:NAME=STATE" in result.stdout


def test_example_lines_keep_their_line_ends() -> None:
    """The example lines of a help are not joined into one paragraph, and click's mark for them is not printed."""
    lines = page().splitlines()
    first = lines.index("With \\-\\-all or \\-\\-format jsonl, each cluster is one line. With jq:")
    assert lines[first - 1] == ".nf"
    assert lines[first + 1].startswith("  kalint cluster \\-\\-all \\-\\-format jsonl | jq \\-r 'select(.nobody == 1)")
    assert lines[first + 4] == ".fi"
    assert "kalint diff OLD NEW                    two files" in lines
    assert "\b" not in page()


def test_every_option_says_what_it_does() -> None:
    """No option of any command is without a help text."""
    context = click.Context(app)
    silent = [
        f"{name} {option.opts[0]}"
        for name in app.list_commands(context)
        for command in [app.get_command(context, name)]
        if command is not None
        for option in command.params
        if isinstance(option, click.Option) and not option.help
    ]
    assert silent == []


def test_every_command_fits_the_list() -> None:
    """`kalint --help` shows what each command is for in one line of 80 columns, and none is cut."""
    shown = app.get_help(click.Context(app, info_name="kalint", terminal_width=80))
    listed = shown.partition("Commands:\n")[2].splitlines()
    assert len(listed) == len(app.list_commands(click.Context(app)))
    assert [line for line in listed if line.endswith("...") or len(line) > 80] == []


def test_examples_in_helps_keep_their_lines() -> None:
    """The mark of click for lines that stay as they are is not printed."""
    context = click.Context(app)
    helps = {name: app.get_command(context, name) for name in app.list_commands(context)}
    assert [name for name, command in helps.items() if command is not None and "\\b" in (command.help or "")] == []
