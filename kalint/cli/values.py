"""What the values of options mean: releases, times, rules. Each is a callback that refuses what means nothing."""

from __future__ import annotations

import click

from kalint.errors import KalintError
from kalint.version import COMING, Version, named_version, parse_version, too_new


def release(_context: click.Context, _parameter: click.Parameter, value: str | None) -> Version | None:
    """A keepalived release such as 2.2.7, or a system such as debian-12; one that is too new is said to be NEWEST."""
    if value is None:
        return None
    try:
        version = named_version(value)
        if version > COMING:
            click.echo(f"kalint: {too_new(version)}", err=True)
        return parse_version(value)
    except KalintError as error:
        raise click.BadParameter(str(error)) from error


def seconds(_context: click.Context, _parameter: click.Parameter, value: str | None) -> float | None:
    """A time such as 3s or 500ms, in seconds."""
    from kalint.settings.model import NO_DURATION, duration

    found = None if value is None else duration(value)
    if value is not None and found is None:
        raise click.BadParameter(f"{NO_DURATION}, not '{value}'")
    return found


def timeout(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    """Start the clock; it stops with the command."""
    from kalint.cli import budget

    limit = seconds(context, parameter, value)
    if limit is not None:
        budget.start(limit)
        context.call_on_close(budget.stop)


def codes(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[str, ...]:
    """Rules by their codes, beginnings of codes, or names, separated by commas."""
    from kalint import rules

    known, by_name = rules.codes(), rules.names()
    words = [word.strip() for word in value.split(",") if word.strip()]
    prefixes = tuple(by_name.get(word.lower(), word.upper()) for word in words)
    for word, prefix in zip(words, prefixes, strict=True):
        if not any(code.startswith(prefix) for code in known):
            from kalint.pipeline.nodes import close_to

            meant = close_to(word.lower(), by_name)
            raise click.BadParameter(f"no rule has the code or name '{word}'{meant} ('kalint rules' lists them)")
    return prefixes
